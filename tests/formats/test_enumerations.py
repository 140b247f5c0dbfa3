"""Enumerations in both formats: bits that names share, negative numbers, 64 bits with and without a sign, keys.

The rules are .NET's: EnumDataContract.WriteEnumValue for XML, Enum.InternalFlagsFormat for names in JSON.
"""

from __future__ import annotations

from typing import Any

import pytest

from convtool.convert import Codec
from convtool.model.contract import Dictionary, Enumeration
from convtool.model.json_schema import emit
from tests.support import codes, document, errors, member, model, record


def codec(*values: tuple[str, int], by_name: bool = False) -> Codec:
    kind = Enumeration("{urn:t}E", values, flags=True, coding="names" if by_name else "numbers")
    return Codec(model("R", record("R", member("A", "{urn:t}E")), kind))


SHARED = (("R", 1), ("W", 2), ("RW", 3), ("X", 4))
NEGATIVE = (("None", 0), ("A", 1), ("Min", -(2**31)), ("All", -1))
LARGE = (("A", 1), ("B", 2**63), ("C", 2**62))


@pytest.mark.parametrize(
    ("values", "names", "number", "by_name"),
    [
        (SHARED, "RW", 3, "RW"),
        (SHARED, "R W X", 7, "RW, X"),
        (SHARED, "R X", 5, "R, X"),
        (NEGATIVE, "All", -1, "All"),
        (NEGATIVE, "A Min", -(2**31) + 1, "A, Min"),
        (NEGATIVE, "None", 0, "None"),
        (LARGE, "A B C", 2**63 + 2**62 + 1, "A, C, B"),
    ],
)
def test_a_set_in_both_formats(values: Any, names: str, number: int, by_name: str) -> None:
    xml = document(f"<A>{names}</A>")
    for of, text in ((codec(*values), f"{number}"), (codec(*values, by_name=True), f'"{by_name}"')):
        json = f'{{"A":{text}}}'.encode()
        assert of.to_json(xml) == json
        assert of.to_xml(json) == xml
        assert codes(of.convert(json, "json").report) == []


def test_a_sum_for_which_dotnet_has_no_list_is_refused() -> None:
    of = codec(("A", 3), ("B", 6))
    report = of.validate(document("<A>A B</A>"))
    assert errors(report) == ["value.enumeration"]
    assert "is 7, for which .NET has no list" in report.text()


def test_names_that_are_given_twice_are_a_loss() -> None:
    assert "loss.lexical" in codes(codec(*SHARED).convert(document("<A>R R</A>"), "json").report)


def test_the_schema_allows_every_sum() -> None:
    schemas = [emit(codec(*values).model)["$defs"]["R"]["properties"]["A"] for values in (NEGATIVE, LARGE)]
    assert [(one["minimum"], one["maximum"]) for one in schemas] == [(-(2**31), 1), (0, 2**63 + 2**62 + 1)]


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize(("names", "text"), [("R", "R"), ("R W X", "RW, X"), ("", "0")])
def test_a_key_is_names_in_json_whatever_values_are(names: str, text: str, by_name: bool) -> None:
    kind = Enumeration("{urn:t}E", SHARED, flags=True, coding="names" if by_name else "numbers")
    parts = (member("Key", "{urn:t}E", required=True), member("Value", "urn:int", required=True))
    of = Codec(model("D", Dictionary("{urn:t}D", "KeyValue", "urn:t", *parts), kind))
    written = f"<Key>{names}</Key>" if names else "<Key />"  # as recorded of members
    xml = document(f"<KeyValue>{written}<Value>1</Value></KeyValue>")
    json = f'{{"{text}":1}}'.encode()
    assert of.to_json(xml) == json
    assert of.to_xml(json) == xml
    assert codes(of.convert(json, "json").report) == []
    assert errors(of.validate(b'{"R, Y":1}')) == ["value.enumeration"]


@pytest.mark.parametrize("number", [-1, 2**60])
def test_keys_of_any_bits_are_read_by_whatever_reads_the_rest(number: int) -> None:
    kind = Enumeration("{urn:t}E", (("A", 1), ("B", number)), flags=True)
    parts = (member("Key", "{urn:t}E", required=True), member("Value", "urn:int", required=True))
    of = Codec(model("D", Dictionary("{urn:t}D", "KeyValue", "urn:t", *parts), kind))
    assert of.to_xml(b'{"B":1}') == document("<KeyValue><Key>B</Key><Value>1</Value></KeyValue>")
