"""The fast lane for JSON: what it takes, what it leaves, and that neither changes what is said."""

from __future__ import annotations

import pytest

from convtool.contract.model import Array, Enumeration, Type
from convtool.convert import Codec
from convtool.formats.json.fast import Miss
from tests.support import member, model, read, record

POINT = record("P", member("X", "urn:int"), member("Y", "urn:string", nillable=True))
PARTS = Array("{urn:t}L", member("P", "{urn:t}P", nillable=True))
ORDER = record(
    "R",
    member("A", "urn:int"),
    member("B", "urn:string", nillable=True),
    member("L", "{urn:t}L", nillable=True),
    member("Z", "urn:dateOrDateTime"),
)
CODEC = Codec(model("R", POINT, PARTS, ORDER))
LIST = Codec(model("L", POINT, PARTS))
FULL = '{"A":-12,"B":"é\\n\\"","L":[{"X":1,"Y":""},{},null],"Z":"2026-03-22T00:33:32.0494548+01:00"}'


def taken(data: str, codec: Codec = CODEC) -> bool:
    """Tell whether the fast lane takes a document; it must then say what the careful lane says."""
    fast = codec.formats["json"].fast
    assert fast is not None
    try:
        fast.read(data.encode(), fast.hits())
    except Miss:
        return False
    for profile in ("strict", "dotnet"):
        value, report = read(codec, "json", data.encode(), profile=profile)  # type: ignore[arg-type]
        careful, careful_report = read(codec, "json", data.encode(), careful=True, profile=profile)  # type: ignore[arg-type]
        assert value == careful
        assert report.to_dict() == careful_report.to_dict()
    return True


@pytest.mark.parametrize(
    "data",
    [
        "{}",
        FULL,
        "null",
        '{\n  "A": 1,\n  "B": null,\n  "L": [ {"X":1} ]\n}\n',
        '{"B":"\\u0085\\u2028\\u0001","L":[]}',
        '{"B":"\u2028"}',  # as it is: Json.NET would escape it
        '{"Z":"2026-03-22"}',
    ],
)
def test_the_wire_form_and_the_same_with_white_space_are_taken(data: str) -> None:
    assert taken(data)


@pytest.mark.parametrize("data", ["[]", "null", "[null]", '[{"X":1},null,{"Y":"y"}]', '[\n  {\n    "X": 1\n  }\n]'])
def test_lists_are_taken(data: str) -> None:
    assert taken(data, LIST)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        '{"A":1}x',
        '{"A":1,"A":1}',
        '{"B":"b","A":1}',
        '{"A":1.0}',
        '{"A":"1"}',
        '{"A":null}',
        '{"A":2147483648}',
        '{"a":1}',
        '{"C":1}',
        '{"B":"\\u00e9"}',
        '{"B":"\\/"}',
        '{"B":"\\ud800"}',
        '{"B":"a\tb"}',
        '{"Z":"2026-02-30T00:00:00"}',
        '{"Z":"2026-03-22T00:33:32.10"}',
        '{"Z":"x"}',
        "{'A':1}",
        '{"A":1,}',
        '{"A":-0}',
        "[]",
        "\ufeff{}",
    ],
)
def test_what_is_not_plainly_the_wire_form_is_left_to_the_careful_lane(data: str) -> None:
    assert not taken(data)


@pytest.mark.parametrize(
    "types",
    [
        (record("R", member("A", "urn:decimal")),),
        (record("R", member("E", "{urn:t}E")), Enumeration("{urn:t}E", (("A", 1),))),
        (record("R", member("A", "{urn:t}R", nillable=True)),),
    ],
    ids=["decimal", "enumeration", "recursion"],
)
def test_contracts_whose_values_are_no_json_have_no_fast_lane(types: tuple[Type, ...]) -> None:
    assert Codec(model("R", *types)).formats["json"].fast is None


def test_hazards_are_counted_where_they_are_first() -> None:
    data = '{"L":[{"X":1},{"Y":"y"},{}],"Z":"2026-03-22T00:00:00+01:00"}'
    _, report = read(CODEC, "json", data.encode(), profile="dotnet")
    nulled = next(one for one in report if one.code == "member.nulled" and one.path == "/L/0")
    assert nulled.count == 2
    assert nulled.location is not None
    assert data[nulled.location.offset :].startswith('{"X":1}')
    offset = next(one for one in report if one.code == "date.offset")
    assert offset.location is not None
    assert data[offset.location.offset :].startswith('"2026')
    assert offset.path == "/Z"


@pytest.mark.parametrize("data", ["[" * 100_000, '{"a":' * 100_000, "[" * 65 + "]" * 65])
def test_depth_is_for_the_careful_lane(data: str) -> None:
    assert not taken(data)
    _, report = read(LIST, "json", data.encode())
    assert "limit.depth" in [one.code for one in report]
