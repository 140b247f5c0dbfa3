"""The careful lane for XML: what each departure from the contract is called, and the value that is read."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from convtool.convert import Codec
from convtool.formats.leaf import BAD
from convtool.model.contract import Array, Dictionary, Enumeration, Record
from tests.support import codes, document, errors, member, model, one_member, read, record

POINT = record("P", member("X", "urn:int"), member("Y", "urn:string", nillable=True))
PARTS = Array("{urn:t}L", member("P", "{urn:t}P", nillable=True))
ORDER = record(
    "R",
    member("A", "urn:int"),
    member("B", "urn:string", nillable=True),
    member("L", "{urn:t}L", nillable=True),
    member("Z", "urn:dateTime"),
)
CODEC = Codec(model("R", ORDER, PARTS, POINT))
R, P = CODEC.types["R"], CODEC.types["P"]
DAY = "2026-03-22T00:33:32"
NOISE = ("member.defaulted", "member.nulled", "loss.absent")


def strict(content: str, codec: Codec = CODEC) -> tuple[Any, list[str]]:
    """Give the value, BAD where the document is invalid, and what was found."""
    value, report = read(codec, "xml", document(content), careful=True)
    return value if report else BAD, sorted(code for code in codes(report) if code not in NOISE)


def dotnet(content: str, codec: Codec = CODEC) -> tuple[Any, list[str]]:
    value, report = read(codec, "xml", document(content), careful=True, profile="dotnet")
    return value if report else BAD, sorted(code for code in codes(report) if code not in NOISE)


# --- what is read ---------------------------------------------------------------------------------------------------


def test_absent_nil_empty_and_full() -> None:
    assert strict("") == (R(), [])
    assert strict('<B i:nil="true"/><L i:nil="true"></L>') == (R.of(B=None, L=None), [])
    assert strict("<B/><L/>") == (R.of(B="", L=[]), [])
    content = f"<A>1</A><B> b </B><L><P><X>2</X></P><P i:nil='true'/></L><Z>{DAY}</Z>"
    assert strict(content) == (R(1, " b ", [P(2), None], DAY), [])


@pytest.mark.parametrize(
    "content",
    [
        "\n  <A>1</A>\t<B>b</B>\r\n",
        '<p:A xmlns:p="urn:t">1</p:A><B xmlns="urn:t">b</B>',
        "<A>1</A><B><![CDATA[b]]></B>",
        "<A >1</A ><B>&#98;</B>",
    ],
)
def test_what_means_the_same(content: str) -> None:
    assert strict(content) == (R.of(A=1, B="b"), [])


def test_white_space_around_values_is_no_part_of_them_but_for_texts() -> None:
    assert strict("<A> 1\n</A><B> b\n</B>") == (R.of(A=1, B=" b\n"), ["loss.lexical"])


# --- members --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "value"),
    [
        ("<A>1</A><C>x</C>", "member.unknown", R.of(A=1)),
        ("<a>1</a>", "member.unknown", R()),
        ("<L><Q/><P><X>2</X></P></L>", "member.unknown", R.of(L=[P(2)])),
        ('<A xmlns="">1</A>', "member.namespace", R()),
        ('<L><P xmlns="urn:other"/></L>', "member.namespace", R.of(L=[])),
        ("<B>b</B><A>1</A>", "member.order", R.of(B="b")),
        (f"<Z>{DAY}</Z><A>1</A><B>b</B>", "member.order", R.of(Z=DAY)),
        ("<A>1</A><A>2</A>", "member.duplicate", R.of(A=1)),
        ("<L><P><X>1</X></P></L><L/>", "member.duplicate", R.of(L=[P(1)])),
        ('<B i:nil="true">x</B>', "nil.content", R.of(B=None)),
    ],
)
def test_what_dotnet_skips_is_an_error_to_the_contract(content: str, code: str, value: Any) -> None:
    found, seen = strict(content)
    assert (found, set(seen)) == (BAD, {code})
    found, seen = dotnet(content)
    assert (found, set(seen)) == (value, {code})


def test_a_member_that_comes_late_says_what_the_server_sees() -> None:
    _, report = read(CODEC, "xml", document("<B>b</B><A>1</A>"), careful=True)
    (found,) = (one for one in report if one.code == "member.order")
    assert found.path == "/Root/A"
    assert "0" in found.message + found.hint
    assert "`B`" in found.message


def test_a_near_name_is_suggested() -> None:
    _, report = read(CODEC, "xml", document("<a>1</a>"), careful=True)
    (found,) = (one for one in report if one.code == "member.unknown")
    assert "`A`" in found.hint


def test_absent_members_are_reported_once_for_each_member_with_their_count() -> None:
    _, report = read(CODEC, "xml", document("<L><P/><P><X>1</X></P><P/></L>"), careful=True, profile="dotnet")
    counted = {(one.code, one.message.split("`")[1]): one.count for one in report if one.code.startswith("member.")}
    assert counted == {
        ("member.defaulted", "A"): 1,
        ("member.nulled", "B"): 1,
        ("member.defaulted", "Z"): 1,
        ("member.defaulted", "X"): 2,
        ("member.nulled", "Y"): 3,
    }


def test_required_members_and_those_whose_absence_means_their_default() -> None:
    kind = record("R", member("A", "urn:int", required=True), member("B", "urn:int", emit_default=False))
    codec = Codec(model("R", kind))
    assert strict("<A>1</A>", codec) == (codec.types["R"](1), [])
    _, report = read(codec, "xml", document(""), careful=True)
    assert codes(report) == ["member.required"]


# --- content --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "path"),
    [
        ("x<A>1</A>", "member.text", "/Root"),
        ("<L>x<P/></L>", "member.text", "/Root/L"),
        ("<B>a<b/></B>", "member.child", "/Root/B"),
        ("<A><b/></A>", "member.child", "/Root/A"),
        ('<A i:nil="true"/>', "nil.forbidden", "/Root/A"),
        ('<B i:nil="TRUE"/>', "nil.lexical", "/Root/B"),
        ("<A>3.0</A>", "value.lexical", "/Root/A"),
        ("<A></A>", "value.lexical", "/Root/A"),
        ("<A>2147483648</A>", "value.range", "/Root/A"),
        ("<L><P/><P><X>x</X></P></L>", "value.lexical", "/Root/L/P[2]/X"),
        ("<Z>2026-02-30T00:00:00</Z>", "value.lexical", "/Root/Z"),
        ("<Z>2026-03-22T24:00:00</Z>", "date.refused", "/Root/Z"),
    ],
)
def test_what_is_an_error_in_both_profiles(content: str, code: str, path: str) -> None:
    for profile in ("strict", "dotnet"):
        _, report = read(CODEC, "xml", document(content), careful=True, profile=profile)  # type: ignore[arg-type]
        assert [(one.code, one.path) for one in report if one.severity == "error"] == [(code, path)]


def test_attributes_are_errors_to_the_contract_and_losses_to_dotnet() -> None:
    assert strict('<A foo="1">1</A>') == (BAD, ["attribute.unknown"])
    assert dotnet('<A foo="1">1</A>') == (R.of(A=1), ["loss.attribute"])
    assert strict('<A i:nil="false">1</A>')[1] == ["attribute.unknown", "loss.lexical"]
    assert strict('<B i:nil="0">1</B>') == (R.of(B="1"), ["loss.lexical"])


XSD_TYPE = 'xmlns:x="http://www.w3.org/2001/XMLSchema"'


@pytest.mark.parametrize("attribute", ['i:schemaLocation="urn:t t.xsd"', 'i:noNamespaceSchemaLocation="t.xsd"'])
@pytest.mark.parametrize(
    "place", ["<A {}>1</A>", "<A>1</A><B {} />", "<L {}><P /></L>", "<L><P {} /></L>", '<B {} i:nil="true"/>']
)
def test_where_schemas_lie_may_be_said_everywhere(attribute: str, place: str) -> None:
    assert strict(place.format(attribute))[1] == ["loss.attribute"]


def test_where_schemas_lie_may_be_said_at_the_root() -> None:
    for codec in (CODEC, Codec(model("L", PARTS, POINT))):
        data = document("").replace(b"<Root ", b'<Root i:schemaLocation="urn:t t.xsd" ')
        assert not errors(read(codec, "xml", data)[1])


def test_a_type_may_be_said_where_it_is_the_declared_one() -> None:
    codec = one_member("int")
    declared = codec.model.types["urn:int"]
    types = {**codec.model.types, "{http://www.w3.org/2001/XMLSchema}int": declared}
    named = record("R", member("A", "{http://www.w3.org/2001/XMLSchema}int"))
    codec = Codec(msgspec.structs.replace(codec.model, types={**types, named.key: named}))
    assert strict(f'<A i:type="x:int" {XSD_TYPE}>1</A>', codec)[1] == ["loss.lexical"]
    assert strict(f'<A i:type="x:string" {XSD_TYPE}>1</A>', codec)[1] == ["attribute.unknown"]
    assert dotnet(f'<A i:type="x:string" {XSD_TYPE}>1</A>', codec)[1] == ["loss.attribute"]


@pytest.mark.parametrize("form", ["1", " true ", "\ttrue"])
def test_nil_is_a_boolean_of_xml_schema(form: str) -> None:
    assert strict(f'<B i:nil="{form}"/>') == (R.of(B=None), ["loss.lexical"])


def test_all_errors_are_found_in_one_run_each_in_its_place() -> None:
    data = document('<A>x</A><B i:nil="maybe"/><L><P><X>y</X></P><Q/></L><Z>never</Z>')
    _, report = read(CODEC, "xml", data, careful=True)
    found = [one for one in report if one.severity == "error"]
    assert [one.code for one in found] == [
        "value.lexical", "nil.lexical", "value.lexical", "member.unknown", "value.lexical",
    ]  # fmt: skip
    for one, seen in zip(found, (b"x", b"<B", b"y", b"<Q", b"never"), strict=True):
        assert one.location is not None
        assert data[one.location.offset :].startswith(seen)


def test_comments_and_instructions() -> None:
    content = "<!-- a --><A><!-- b -->1<?c?></A><L><?d?></L>"
    assert strict(content) == (R.of(A=1, L=[]), [*["loss.comment"] * 2, *["loss.processing-instruction"] * 2])
    _, report = read(CODEC, "xml", document(content), careful=True, profile="dotnet")
    assert errors(report) == ["loss.processing-instruction"] * 2


# --- the root -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<Other xmlns='urn:t'/>", "root.name"),
        (b"<Root/>", "root.name"),
        (b"<Root xmlns='urn:other'/>", "root.name"),
        (b"<root xmlns='urn:t'/>", "root.name"),
    ],
)
def test_roots_of_other_documents(data: bytes, code: str) -> None:
    for profile in ("strict", "dotnet"):
        value, report = read(CODEC, "xml", data, careful=True, profile=profile)  # type: ignore[arg-type]
        assert (value, codes(report)) == (BAD, [code])


def test_a_nil_root() -> None:
    data = document("").replace(b"<Root", b'<Root i:nil="true"')
    assert read(CODEC, "xml", data, careful=True)[0] is None


# --- other types ----------------------------------------------------------------------------------------------------

NAMES = Enumeration("{urn:t}E", (("Aucun", 0), ("Deux", 2)))
FLAGS = Enumeration("{urn:t}F", (("Rien", 0), ("Un", 1), ("Deux", 2), ("Tout", 3)), flags=True)


@pytest.mark.parametrize(
    ("key", "text", "value", "seen"),
    [
        ("{urn:t}E", "Deux", "Deux", []),
        ("{urn:t}E", "2", BAD, ["value.enumeration"]),
        ("{urn:t}E", " Deux", BAD, ["value.enumeration"]),
        ("{urn:t}E", "", BAD, ["value.enumeration"]),
        ("{urn:t}F", "Un", "Un", []),
        ("{urn:t}F", "Un Deux", "Tout", ["loss.lexical"]),
        ("{urn:t}F", "", "Rien", ["loss.lexical"]),
        ("{urn:t}F", "Un Quatre", BAD, ["value.enumeration"]),
    ],
)
def test_enumerations_are_names(key: str, text: str, value: Any, seen: list[str]) -> None:
    codec = Codec(model("R", record("R", member("A", key)), NAMES, FLAGS))
    expected = value if value is BAD else codec.types["R"](value)
    assert strict(f"<A>{text}</A>", codec) == (expected, seen)


@pytest.mark.parametrize(
    ("entries", "value", "code"),
    [
        ("", {}, ""),
        ("<E><Key>a</Key><Value>1</Value></E>", {"a": 1}, ""),
        ("<E><Key>a</Key><Value>1</Value></E><E><Key>a</Key><Value>2</Value></E>", BAD, "value.key"),
        ("<F><Key>a</Key><Value>1</Value></F>", BAD, "member.unknown"),
        ("<E><Key>a</Key><Value>x</Value></E>", BAD, "value.lexical"),
    ],
)
def test_dictionaries(entries: str, value: Any, code: str) -> None:
    kind = Dictionary("{urn:t}D", "E", "urn:t", member("Key", "urn:string"), member("Value", "urn:int"))
    codec = Codec(model("R", record("R", member("D", "{urn:t}D")), kind))
    found, seen = strict(f"<D>{entries}</D>", codec)
    assert found == (value if value is BAD else codec.types["R"](value))
    assert seen == [code] * bool(code)


@pytest.mark.parametrize(
    ("type_name", "value", "code"),
    [
        ("", "Base", ""),
        ("Base", "Base", "loss.lexical"),
        ("Derived", "Derived", ""),  # whether JSON can tell it is for the conversion to say
        ("Other", BAD, "type.unknown"),
        ("z:Derived", BAD, "type.unknown"),
    ],
)
def test_i_type_names_a_known_type(type_name: str, value: Any, code: str) -> None:
    base = record("Base", member("X", "urn:int"))
    derived = Record("{urn:t}Derived", (*base.members, member("Y", "urn:int")), (0, 1), base="{urn:t}Base")
    kinds = record("R", member("A", "{urn:t}Base", nillable=True)), base, derived, record("Other")
    codec = Codec(model("R", *kinds, derived={"{urn:t}Base": ("{urn:t}Derived",)}))
    attribute = f' i:type="{type_name}"' if type_name else ""
    found, seen = strict(f"<A{attribute}><X>1</X></A>", codec)
    assert seen[:1] == [code] * bool(code)
    if value is not BAD:
        assert isinstance(found.A, codec.types[value])


@pytest.mark.parametrize(("text", "seen"), [("+7", ["loss.lexical"]), ("007", ["loss.lexical"]), ("7", [])])
def test_another_form_of_a_value_is_a_loss_of_its_text(text: str, seen: list[str]) -> None:
    codec = one_member("int")
    assert strict(f"<A>{text}</A>", codec) == (codec.types["R"](7), seen)


@pytest.mark.parametrize("datatype", ["string", "anyURI"])
def test_texts_of_every_kind_of_character(datatype: str) -> None:
    codec = one_member(datatype)
    text = "&amp;&#x1;&#xFFFE;é\u0085\u2028😀e\u0301"
    assert strict(f"<A>{text}</A>", codec)[0].A == "&\x01\ufffeé\u0085\u2028😀e\u0301"


def test_nothing_is_unset_that_was_there() -> None:
    value, _ = strict("<A>0</A><B></B><L></L>")
    assert UNSET not in (value.A, value.B, value.L)


@pytest.mark.parametrize(
    "content",
    ["<Été>1</Été><Été>2</Été>", "<Été><B/></Été>", "<Étés/>", '<Été xmlns="urn:other">1</Été>', ""],
    ids=["twice", "a child", "unknown", "another namespace", "absent"],
)
def test_names_beyond_ascii_are_shown_whole(content: str) -> None:
    codec = Codec(model("R", record("R", member("Été", "urn:int"))))
    _, report = read(codec, "xml", document(content), careful=True)
    assert {found.excerpt.span for found in report if found.excerpt} <= {"<Été", "<Étés", "<Root", "<B"}
