"""The fast lane for XML: what it takes, what it leaves, and that neither changes what is said."""

from __future__ import annotations

import pytest

from convtool.contract.model import Array, Dictionary, Enumeration, Type
from convtool.convert import Codec
from convtool.formats.xml.fast import Miss
from tests.support import codes, document, member, model, read, record

POINT = record("P", member("X", "urn:int"), member("Y", "urn:string", nillable=True))
PARTS = Array("{urn:t}L", member("P", "{urn:t}P", nillable=True))
ORDER = record(
    "R",
    member("A", "urn:int"),
    member("B", "urn:string", nillable=True),
    member("L", "{urn:t}L", nillable=True),
    member("N", "urn:decimal", nillable=True),
    member("Z", "urn:dateOrDateTime"),
)
CODEC = Codec(model("R", ORDER, PARTS, POINT))


def taken(data: bytes, codec: Codec = CODEC) -> bool:
    """Tell whether the fast lane takes a document; it must then say what the careful lane says."""
    fast = codec.formats["xml"].fast
    assert fast is not None
    try:
        fast.read(data.decode(), fast.hits())
    except Miss:
        return False
    for profile in ("strict", "dotnet"):
        value, report = read(codec, "xml", data, profile=profile)  # type: ignore[arg-type]
        careful, careful_report = read(codec, "xml", data, careful=True, profile=profile)  # type: ignore[arg-type]
        assert value == careful
        assert report.to_dict() == careful_report.to_dict()
    return True


FULL = (
    '<A>-12</A><B>é &amp; &#x1;</B><L><P><X>1</X><Y></Y></P><P /><P i:nil="true" /></L>'
    "<N>1.50</N><Z>2026-03-22T00:33:32.0494548+01:00</Z>"
)


@pytest.mark.parametrize(
    "content",
    [
        "",
        FULL,
        "\n  " + FULL.replace("><", ">\n  <"),
        '<B i:nil="true" /><L i:nil="true" />',
        '<B i:nil="true"/><L/>',
        "<L />",
        "<L></L>",
        "<B></B>",
        "<Z>2026-03-22</Z>",
        "<B>\t\n &quot;&apos;'\"</B>",
        "<L><P></P></L>",
    ],
)
def test_the_wire_form_and_the_same_with_white_space_are_taken(content: str) -> None:
    assert taken(document(content))
    assert taken(b'<?xml version="1.0" encoding="utf-8"?>\r\n' + document(content) + b"\n")


def test_empty_and_nil_roots_are_taken() -> None:
    empty = document("").replace(b"></Root>", b" />")
    assert taken(empty.replace(b"<Root", b'<Root i:nil="true"'))
    listed = Codec(model("L", PARTS, POINT))
    assert taken(empty, listed)
    assert taken(document("<P /><P><X>1</X></P>"), listed)


@pytest.mark.parametrize(
    "content",
    [
        "<B>b</B><A>1</A>",
        "<A>1</A><A>1</A>",
        "<A>+1</A>",
        "<A> 1</A>",
        "<A>2147483648</A>",
        "<A></A>",
        "<C/>",
        "<N>1.</N>",
        "<N>79228162514264337593543950336</N>",
        "<Z>2026-02-30T00:00:00</Z>",
        "<Z>2026-03-22T00:33:32.10</Z>",
        "<B>a\rb</B>",
        "<B>\x01</B>",
        "<B>&#13;</B>",
        "<B>&nbsp;</B>",
        "<B>a<!-- -->b</B>",
        "<B><![CDATA[b]]></B>",
        "<B>]]></B>",
        "<B>a > b</B>",
        '<A i:nil="true" />',
        '<B i:nil="true"></B>',
        '<B foo="1">b</B>',
        '<p:B xmlns:p="urn:t">b</p:B>',
        "x",
        "<L>x</L>",
        "<L><P/>x</L>",
    ],
)
def test_what_is_not_plainly_valid_is_left_to_the_careful_lane(content: str) -> None:
    assert not taken(document(content))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: data + b"<!-- -->",
        lambda data: b"<!-- -->" + data,
        lambda data: data.replace(b"urn:t", b"urn:o"),
        lambda data: data.replace(b'"urn:t"', b"'urn:t'"),
        lambda data: data.replace(b"</Root>", b"</Roots>"),
        lambda data: data.replace(b"<Root", b"<Root x='1'"),
        lambda data: b"",
    ],
)
def test_documents_in_another_form_are_left(change: object) -> None:
    assert not taken(change(document(FULL)))  # type: ignore[operator]


@pytest.mark.parametrize(
    "types",
    [
        (
            record("R", member("D", "D")),
            Dictionary("D", "E", "urn:t", member("K", "urn:string"), member("V", "urn:int")),
        ),
        (record("R", member("E", "E")), Enumeration("E", (("A", 1),), flags=True)),
        (record("R", member("A", "{urn:t}R", nillable=True)),),
    ],
    ids=["dictionary", "flags", "recursion"],
)
def test_contracts_of_other_shapes_have_no_fast_lane(types: tuple[Type, ...]) -> None:
    assert Codec(model("R", *types)).formats["xml"].fast is None


def test_enumerations_and_required_members() -> None:
    kind = record("R", member("A", "{urn:t}E"), member("B", "urn:int", required=True))
    codec = Codec(model("R", kind, Enumeration("{urn:t}E", (("A.B", 0), ("C", 1)))))
    assert taken(document("<A>A.B</A><B>1</B>"), codec)
    assert not taken(document("<A>AxB</A><B>1</B>"), codec)
    assert not taken(document("<A>C</A>"), codec)


def test_hazards_are_counted_where_they_are_first() -> None:
    content = "<L><P><X>1</X></P><P><Y>y</Y></P><P /></L><Z>2026-03-22T00:00:00+01:00</Z>"
    data = document(content)
    _, report = read(CODEC, "xml", data, profile="dotnet")
    nulled = next(one for one in report if one.code == "member.nulled" and one.path.endswith("/P[1]"))
    assert nulled.count == 2
    assert nulled.location is not None
    assert data[nulled.location.offset :].startswith(b"<P><X>")
    offset = next(one for one in report if one.code == "date.offset")
    assert offset.location is not None
    assert data[offset.location.offset :].startswith(b"2026")
    assert offset.path == "/Root/Z"


def test_a_depth_below_the_default_is_for_the_careful_lane() -> None:
    _, report = read(CODEC, "xml", document(FULL), depth=2)
    assert codes(report)[-1] == "limit.depth"
