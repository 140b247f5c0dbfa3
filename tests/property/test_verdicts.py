"""Against the reference libraries, on the shipped schema files (``verdicts`` lists where convtool may differ)."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.contracts import CONTRACTS, UNTOLD, codec, examples, schema_folder
from tests.property.mutations import mutated
from tests.property.verdicts import References, assert_json_verdict, assert_xml_verdict


@cache
def references(name: str) -> References:
    return References(schema_folder(name), name)


@pytest.mark.parametrize("name", CONTRACTS)
@examples(100)
@given(st.data())
@pytest.mark.short(2)
def test_xml_is_valid_only_where_xmlschema_says_so(name: str, data: st.DataObject) -> None:
    assert_xml_verdict(codec(name), references(name), data.draw(mutated(codec(name), "xml")))


@pytest.mark.parametrize("name", CONTRACTS)
@examples(100)
@given(st.data())
@pytest.mark.short(2)
def test_json_is_valid_only_where_jsonschema_says_so(name: str, data: st.DataObject) -> None:
    payload = data.draw(mutated(codec(name), "json"))
    assert_json_verdict(codec(name), references(name), payload, told=name not in UNTOLD)
