"""The JSON Schema of a contract: names under $defs, and types that are within themselves."""

from __future__ import annotations

import pytest

from convtool.model.contract import Array, Dictionary, Record
from convtool.model.json_schema import definition_names, emit
from tests.support import member, model


def test_definitions_are_told_apart_by_the_namespace_and_then_by_a_number() -> None:
    keys = ["{http://a/x}T", "{http://b/x}T", "{http://b/y}T", "{urn:t}x.T", "{urn:t}U"]
    names = definition_names(model("U", *(Record(key, ()) for key in keys)))
    assert names == {
        "{http://a/x}T": "x.T:2", "{http://b/x}T": "x.T:3", "{http://b/y}T": "y.T", "{urn:t}x.T": "x.T", "{urn:t}U": "U"
    }  # fmt: skip


@pytest.mark.parametrize("through", ["list", "dictionary"])
def test_a_list_within_itself_is_a_definition(through: str) -> None:
    outer = Array("{urn:t}L", member("I", "{urn:t}L" if through == "list" else "{urn:t}D", nillable=True))
    parts = (member("Key", "urn:int"), member("Value", "{urn:t}L", nillable=True))
    schema = emit(model("L", outer, Dictionary("{urn:t}D", "E", "urn:t", *parts)))
    assert schema["anyOf"] == [{"$ref": "#/$defs/L"}, {"type": "null"}]
    inner = {"anyOf": [{"$ref": f"#/$defs/{'L' if through == 'list' else 'D'}"}, {"type": "null"}]}
    assert schema["$defs"]["L"] == {"type": "array", "items": inner}
