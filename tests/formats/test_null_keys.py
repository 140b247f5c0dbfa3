"""A dictionary's key that is null: XML may say so, and no .NET dictionary holds it."""

from __future__ import annotations

import pytest

import convtool
from convtool.convert import Codec
from convtool.model.contract import Dictionary
from tests.engine.support import disagreement
from tests.support import document, member, model


@pytest.mark.parametrize("profile", ["strict", "dotnet"])
@pytest.mark.parametrize("key", ["string", "base64Binary", "int"])
@pytest.mark.parametrize("content", ['<K i:nil="true" />', '<K i:nil="true">Fw==</K>'])
def test_a_null_key_is_refused(key: str, content: str, profile: str) -> None:
    kind = Dictionary("{urn:t}D", "E", "urn:t", member("K", f"urn:{key}", nillable=True), member("V", "urn:int"))
    codec = Codec(model("D", kind))
    data = document(f"<E><K /><V>1</V></E><E>{content}<V>2</V></E>")
    report = codec.validate(data, profile=profile)  # type: ignore[arg-type]
    assert "value.key" in {one.code for one in report}
    with pytest.raises(convtool.PayloadError):
        codec.to_json(data, profile=profile)  # type: ignore[arg-type]
    assert disagreement(codec, "xml", data, profile, size=7) == ""
