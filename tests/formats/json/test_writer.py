"""The wire form of JSON, for contracts of every shape."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from convtool.convert import Codec
from convtool.model.contract import Array, Dictionary, Enumeration, Type
from tests.support import member, model, one_member, record


def codec_of(*members: Any, types: tuple[Type, ...] = ()) -> Codec:
    return Codec(model("R", record("R", *members), *types))


@pytest.mark.parametrize(
    ("text", "as_written"),
    [
        ("", '""'),
        ('"\\/', '"\\"\\\\/"'),
        ("\b\t\n\f\r", '"\\b\\t\\n\\f\\r"'),
        ("\0\x01\x1f", '"\\u0000\\u0001\\u001f"'),
        ("\x7f", '"\x7f"'),
        ("\u0085\u2028\u2029", '"\\u0085\\u2028\\u2029"'),
        ("\u0084\u0086\u2027\u202a", '"\u0084\u0086\u2027\u202a"'),
        ("é日本😀\ufffe\ufeff", '"é日本😀\ufffe\ufeff"'),
        ("</script>&'", '"</script>&\'"'),
    ],
)
def test_texts_are_escaped_as_json_net_escapes_them(text: str, as_written: str) -> None:
    codec = one_member("string")
    value = codec.types["R"](text)
    assert codec.write_json(value) == f'{{"A":{as_written}}}'.encode()
    assert codec.read(codec.write_json(value)) == value


def test_members_are_in_the_order_of_json_and_absent_ones_are_left_out() -> None:
    kind = record("R", member("A", "urn:int"), member("B", "urn:string", nillable=True), order=(1, 0))
    codec = Codec(model("R", kind))
    cls = codec.types["R"]
    assert codec.write_json(cls.of(B=None, A=1)) == b'{"B":null,"A":1}'
    assert codec.write_json(cls.of(A=1)) == b'{"A":1}'
    assert codec.write_json(cls()) == b"{}"
    assert codec.write_json(None) == b"null"


@pytest.mark.parametrize(
    ("datatype", "value", "text"),
    [
        ("boolean", True, "true"),
        ("decimal", Decimal("3"), "3.0"),
        ("decimal", Decimal("1.50"), "1.50"),
        ("double", 3.0, "3.0"),
        ("double", float("nan"), '"NaN"'),
        ("float", 0.5, "0.5"),
        ("dateTime", "2026-03-22T00:33:32", '"2026-03-22T00:33:32"'),
        ("duration", "P1DT1S", '"1.00:00:01"'),
        ("char", '"', '"\\""'),
        ("char", "\u2028", '"\\u2028"'),
        ("base64Binary", b"@@", '"QEA="'),
        ("base64Binary", b"", '""'),
        ("unsignedLong", 2**64 - 1, "18446744073709551615"),
    ],
)
def test_simple_values(datatype: str, value: Any, text: str) -> None:
    codec = one_member(datatype)
    assert codec.write_json(codec.types["R"](value)) == f'{{"A":{text}}}'.encode()


def test_lists_enumerations_and_dictionaries() -> None:
    codec = codec_of(
        member("L", "{urn:t}L", nillable=True),
        member("E", "{urn:t}E"),
        member("N", "{urn:t}N"),
        member("F", "{urn:t}F"),
        member("D", "{urn:t}D"),
        types=(
            Array("{urn:t}L", member("decimal", "urn:decimal")),
            Enumeration("{urn:t}E", (("A", 0), ("B", 5))),
            Enumeration("{urn:t}N", (("A", 0), ("B", 5)), coding="names"),
            Enumeration("{urn:t}F", (("None", 0), ("X", 1), ("Y", 2)), flags=True),
            Dictionary("{urn:t}D", "E", "urn:t", member("K", "urn:int"), member("V", "urn:string", nillable=True)),
        ),
    )
    cls = codec.types["R"]
    value = cls([Decimal(1), Decimal("0.5")], "B", "B", "X Y", {7: None, -1: "x"})
    assert codec.write_json(value) == b'{"L":[1.0,0.5],"E":5,"N":"B","F":3,"D":{"7":null,"-1":"x"}}'
    assert codec.read(codec.write_json(value)) == value
    assert codec.write_json(cls.of(L=[], D={})) == b'{"L":[],"D":{}}'


def test_the_pretty_form_has_two_spaces() -> None:
    codec = one_member("string")
    assert codec.write_json(codec.types["R"]("{ }\u2028"), pretty=True) == b'{\n  "A": "{ }\\u2028"\n}'


@pytest.mark.parametrize("item", ["urn:int", "urn:decimal"])
@pytest.mark.parametrize("pretty", [False, True])
def test_items_stand_alone_as_they_stand_in_the_document(item: str, pretty: bool) -> None:
    of = Array("{urn:t}L", member("R", "{urn:t}R", nillable=True))
    codec = Codec(model("L", of, record("R", member("A", item))))
    json, cls = codec.formats["json"], codec.types["R"]
    one = 1 if item == "urn:int" else Decimal(1)
    values = [cls(one), None, cls()]
    before, between = json.separators(pretty=pretty)
    parts = [json.items(values[:2], pretty=pretty), json.items(values[2:], pretty=pretty)]
    assert before + between.join(parts) + json.ending(pretty=pretty) == json.write(values, pretty=pretty)
