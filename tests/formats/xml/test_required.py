"""Members that .NET requires: absent, or skipped since they come too late, it refuses the record."""

from __future__ import annotations

from typing import Any

import pytest

from convtool import PayloadError
from convtool.convert import Codec
from convtool.model.contract import Dictionary
from tests.support import document, errors, member, model, record

RECORD = Codec(model("R", record("R", member("A", "urn:int", required=True), member("B", "urn:int"))))
KIND = Dictionary("{urn:t}D", "Entry", "urn:t", member("Key", "urn:string"), member("Value", "urn:int", nillable=True))
DICTIONARY = Codec(model("R", record("R", member("A", KIND.key)), KIND))


@pytest.mark.parametrize("profile", ["strict", "dotnet"])
@pytest.mark.parametrize("content", ["<B>1</B>", "", "<B>1</B><A>1</A>"])
def test_a_required_member_is_there_in_time(content: str, profile: Any) -> None:
    assert "member.required" in errors(RECORD.validate(document(content), profile=profile))


def test_the_message_says_what_becomes_of_the_record() -> None:
    found = next(d for d in RECORD.validate(document("<B>1</B><A>1</A>")) if d.code == "member.order")
    assert found.message.endswith("will skip it, and then refuse the record.")


@pytest.mark.parametrize("profile", ["strict", "dotnet"])
@pytest.mark.parametrize(
    "entry",
    [
        "<Entry />",
        '<Entry i:nil="true" />',
        "<Entry><Key>a</Key></Entry>",
        "<Entry><Value>1</Value></Entry>",
        "<Entry><Value>1</Value><Key>a</Key></Entry>",
    ],
)
def test_an_entry_has_a_key_and_then_a_value(entry: str, profile: Any) -> None:
    for codec_document in (
        document(f"<A>{entry}</A>"),
        document(f"<A><Entry><Key>z</Key><Value>1</Value></Entry>{entry}</A>"),
    ):
        with pytest.raises(PayloadError) as caught:
            DICTIONARY.convert(codec_document, "json", profile=profile)
        assert "member.required" in errors(caught.value.report)


def test_a_null_value_is_a_value() -> None:
    data = document('<A><Entry><Key>a</Key><Value i:nil="true" /></Entry></A>')
    assert DICTIONARY.to_json(data, lossless=True) == b'{"A":{"a":null}}'
