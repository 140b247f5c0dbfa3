"""Records in records, and records without members: both lanes, both formats, both ways."""

from __future__ import annotations

from typing import Any

import pytest

from convtool.convert import Codec
from convtool.model.contract import Array, Type
from tests.support import codes, document, errors, member, model, read, record

DAY = "2026-03-22T00:33:32"
INNER = record("Inner", member("When", "urn:dateTime"), member("Id", "urn:guid", nillable=True))
MIDDLE = record("Middle", member("Inner", "{urn:t}Inner", nillable=True), member("When", "urn:dateTime"))
OUTER = record("R", member("Middle", "{urn:t}Middle", nillable=True), member("When", "urn:dateTime"))
NESTED = Codec(model("R", OUTER, MIDDLE, INNER))
EMPTY = record("Empty")


@pytest.mark.parametrize("place", ["Inner", "Middle", "R"])
def test_garbage_is_found_at_every_depth(place: str) -> None:
    texts = {key: "garbage, not a date" if key == place else DAY for key in ("Inner", "Middle", "R")}
    data = (
        f'{{"Middle":{{"Inner":{{"When":"{texts["Inner"]}","Id":null}},"When":"{texts["Middle"]}"}},'
        f'"When":"{texts["R"]}"}}'
    )
    assert errors(read(NESTED, "json", data.encode())[1]) == ["value.lexical"]


def test_what_is_absent_is_counted_at_every_depth() -> None:
    data = b'{"Middle":{"Inner":{}}}'
    fast, careful = (read(NESTED, "json", data, careful=careful)[1] for careful in (False, True))
    assert codes(fast) == codes(careful)
    assert [found.path for found in fast] == [found.path for found in careful]


def deep(levels: int) -> Codec:
    """Give a contract of records in records: a date in each."""
    types: list[Type] = [record(f"R{levels}", member("D", "urn:dateTime"))]
    for level in range(levels):
        below = member("Below", f"{{urn:t}}R{level + 1}", nillable=True)
        types.append(record(f"R{level}", below, member("D", "urn:dateTime")))
    return Codec(model("R0", *types))


@pytest.mark.parametrize("levels", [1, 5, 14, 15, 16, 25])
def test_records_in_records_to_any_depth(levels: int) -> None:
    codec = deep(levels)
    json = f'{{"D":"{DAY}"}}'
    for _ in range(levels):
        json = f'{{"Below":{json},"D":"{DAY}"}}'
    # JSON's order is that of the members here.
    xml = codec.to_xml(json)
    assert codec.to_json(xml) == json.encode()
    assert codec.validate(json.replace(DAY, "never", 1)).diagnostics[0].code == "value.lexical"


def test_a_contract_whose_records_multiply_has_no_fast_lane_but_works() -> None:
    types: list[Type] = [record("R8", member("D", "urn:dateTime"))]
    for level in range(8):
        below = [member(f"B{n}", f"{{urn:t}}R{level + 1}", nillable=True) for n in range(4)]
        types.append(record(f"R{level}", *below))
    codec = Codec(model("R0", *types))
    assert codec.to_json(codec.to_xml('{"B0":{"B3":null}}')) == b'{"B0":{"B3":null}}'


@pytest.mark.parametrize(
    ("types", "json", "xml"),
    [
        ((record("R"),), "{}", document("")),
        ((record("R", member("E", "{urn:t}Empty", nillable=True)), EMPTY), '{"E":{}}', document("<E />")),
        (
            (record("R", member("E", "{urn:t}Empty", nillable=True), member("A", "urn:int")), EMPTY),
            '{"E":null,"A":1}',
            document('<E i:nil="true" /><A>1</A>'),
        ),
        (
            (
                record("R", member("L", "{urn:t}L", nillable=True)),
                Array("{urn:t}L", member("Empty", "{urn:t}Empty", nillable=True)),
                EMPTY,
            ),
            '{"L":[{},null,{}]}',
            document('<L><Empty /><Empty i:nil="true" /><Empty /></L>'),
        ),
    ],
)
def test_records_without_members(types: tuple[Type, ...], json: str, xml: bytes) -> None:
    codec = Codec(model("R", *types))
    if json == "{}":
        xml = xml.replace(b"></Root>", b" />")
    assert codec.to_xml(json) == xml
    assert codec.to_json(xml) == json.encode()


def derived(**more: Any) -> Codec:
    """Give a contract whose base record has no members, and whose derived one has one."""
    kinds = (
        record("R", member("E", "{urn:t}Empty", nillable=True)),
        EMPTY,
        record("Full", member("A", "urn:int"), base="{urn:t}Empty", **more),
    )
    return Codec(model("R", *kinds, derived={"{urn:t}Empty": ("{urn:t}Full",)}))


def test_a_base_without_members_and_what_is_derived_from_it() -> None:
    codec = derived()
    cls = codec.types
    for value, content in ((cls["Full"](1), '<E i:type="Full"><A>1</A></E>'), (cls["Empty"](), "<E />")):
        xml = codec.write_xml(cls["R"](value))
        assert xml == document(content)
        assert codec.read(xml) == cls["R"](value)


@pytest.mark.parametrize(
    "names", [("\u03ae", "\u1f75"), ("a-b", "a_b"), ("__init__", "__slots__"), ("a", "A"), ("_0", "m0_1")]
)
def test_members_keep_their_values_whatever_their_names(names: tuple[str, str]) -> None:
    codec = Codec(model("R", record("R", *(member(name, "urn:int") for name in names))))
    json = f'{{"{names[0]}":1,"{names[1]}":2}}'
    xml = codec.to_xml(json)
    assert xml == document(f"<{names[0]}>1</{names[0]}><{names[1]}>2</{names[1]}>")
    assert codec.to_json(xml) == json.encode()
    assert codec.compare(json, json.replace("2", "3"))[0].path == f"/{names[1]}"
