"""XML is parsed with care: what is refused, what is told apart, and that places survive pieces of any size."""

from __future__ import annotations

import itertools

import pytest

from convtool.findings import Findings
from convtool.formats.text import Fatal, Text
from convtool.formats.xml.syntax import Element, Parser, check_declaration, end_of


def parsed(data: bytes, *, depth: int = 64) -> Element:
    text, findings = Text(data), Findings()
    findings.places = text
    parser = Parser(text, findings, depth=depth)
    parser.feed(data, final=True)
    assert parser.root is not None
    return parser.root


def refused(data: bytes, *, depth: int = 64) -> tuple[str, int]:
    """Give the code and the offset of the error."""
    text, findings = Text(data), Findings()
    findings.places = text
    parser = Parser(text, findings, depth=depth)
    with pytest.raises(Fatal):
        parser.feed(data, final=True)
    (found,) = findings.found
    assert found.location is not None
    return found.code, found.location.offset


# --- what is read ---------------------------------------------------------------------------------------------------


def test_an_element_knows_where_it_stands() -> None:
    data = "<é a='1'> <b>x</b><c/></é>".encode()
    root = parsed(data)
    b, c = root.children
    assert (root.local, root.attributes, root.start, root.close) == ("é", ["a", "1"], 0, data.index(b"</\xc3"))
    assert (b.start, b.inner, b.close, b.text) == (data.index(b"<b>"), data.index(b"x"), data.index(b"</b>"), "x")
    assert (c.start, c.inner, c.close, c.text) == (data.index(b"<c/>"), -1, data.index(b"</\xc3"), "")
    assert [end_of(element, Text(data)) for element in (root, b, c)] == [
        len(data), data.index(b"<c/>"), data.index(b"</\xc3"),
    ]  # fmt: skip


def test_names_are_expanded() -> None:
    root = parsed(b'<p:r xmlns:p="urn:p" xmlns="urn:d" p:a="1" b="2"><c/><d xmlns=""/></p:r>')
    assert (root.name, root.namespace, root.local) == ("urn:p r", "urn:p", "r")
    assert root.attributes == ["urn:p a", "1", "b", "2"]
    assert [child.name for child in root.children] == ["urn:d c", "d"]
    assert root.scope == {"p": "urn:p", "": "urn:d"}
    assert root.children[1].scope == {"p": "urn:p", "": ""}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a&amp;b&lt;&#65;&#x42;", "a&b<AB"),
        (b"<![CDATA[<&#x1;]]>", "<&#x1;"),
        (b"a<!-- &#x1; -->b", "ab"),
        (b"a<?p &#x1; ?>b", "ab"),
        (b"a\r\nb\rc", "a\nb\nc"),
        (b"a&#xD;b&#13;", "a\rb\r"),
        (b"&#x1;&#0;&#x1f;&#31;&#xFFFE;&#65535;&#x0000B;", "\x01\0\x1f\x1f\ufffe\uffff\x0b"),
        (b"&#x1;<![CDATA[&#x1;]]>&#x1;", "\x01&#x1;\x01"),
        (b"<!--]]>--><![CDATA[<!--]]>&#x2;", "<!--\x02"),
        (b"&#9;&#10;&#x20;", "\t\n "),
    ],
)
def test_texts(content: bytes, text: str) -> None:
    assert parsed(b"<r>" + content + b"</r>").text == text


@pytest.mark.parametrize("text", ["&_x1;", "&amp;#x1;", "\ue001", "\ufffd"])
def test_no_character_is_mistaken_for_a_control(text: str) -> None:
    """Controls are shielded within the parser: nothing that a payload can hold reads as one."""
    if text == "&_x1;":
        assert refused(f"<r>{text}</r>".encode()) == ("xml.character", 3)
    else:
        assert "\x01" not in parsed(f"<r>{text}</r>".encode()).text


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (b"a & b", "An `&` begins a reference, but none follows it.", "Write the character itself as &amp;."),
        (b"a &", "An `&` begins a reference, but none follows it.", "Write the character itself as &amp;."),
        (b"\x1f", "The character U+001F cannot stand in XML as it is.", "Write it as &#x1F;, which .NET reads."),
        (b"\x00", "The character U+0000 cannot stand in XML as it is.", "Write it as &#x0;, which .NET reads."),
        (
            "\uffff".encode(),
            "The character U+FFFF cannot stand in XML as it is.",
            "Write it as &#xFFFF;, which .NET reads.",
        ),
    ],
)
def test_a_character_that_cannot_stand_is_named_with_its_remedy(content: bytes, message: str, hint: str) -> None:
    text, findings = Text(b"<r>" + content + b"</r>"), Findings()
    findings.places = text
    with pytest.raises(Fatal):
        Parser(text, findings).feed(text.data, final=True)
    (found,) = findings.found
    assert (found.message, found.hint) == (message, hint)


@pytest.mark.parametrize("reference", [b"&#1;", b"&#x1;", b"&#0;", b"&#xFFFE;"])
@pytest.mark.parametrize(
    "tag", [b'<r a="R"/>', b"<r a='>' b='R'/>", b'<r a=">" b="R">x</r>', b'<r xmlns="urn:R"/>', b'<r xmlns:a=">R"/>']
)
@pytest.mark.parametrize("size", [1000, 8])
def test_controls_in_tags_are_refused(tag: bytes, reference: bytes, size: int) -> None:
    """Also where an attribute's value holds a ``>``, which ends no tag, and a piece may end behind it."""
    data = tag.replace(b"R", reference)
    text, findings = Text(data), Findings()
    findings.places = text
    parser = Parser(text, findings)
    ends = [at + 1 for at in range(len(data)) if data[at : at + 1] == b">"] if size < 1000 else [len(data)]
    pieces = list(itertools.pairwise([0, *ends]))
    with pytest.raises(Fatal):
        [parser.feed(data[begin:end], final=end == len(data)) for begin, end in pieces]
    place = data.index(reference)
    (found,) = findings.found
    assert found.location is not None
    assert (found.code, found.location.offset) == ("xml.character", place)


def test_stray_text_and_notes_have_their_places() -> None:
    root = parsed(b"<r> <!-- c --> x<?pi?></r>")
    assert root.notes == [("loss.comment", 4), ("loss.processing-instruction", 16)]
    assert root.stray == 15


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code", "offset"),
    [
        (b"", "xml.syntax", 0),
        (b"<", "xml.syntax", 0),
        (b"<r>", "xml.syntax", 3),
        (b"<r></s>", "xml.syntax", 5),
        (b"<r/><r/>", "xml.syntax", 4),
        (b"<r/>x", "xml.syntax", 4),
        (b"x<r/>", "xml.syntax", 0),
        (b"<r a='1' a='2'/>", "xml.syntax", 9),
        (b"<r>\x01</r>", "xml.syntax", 3),
        (b"<r>\x00</r>", "xml.syntax", 3),
        ("<r>\ufffe</r>".encode(), "xml.syntax", 3),
        (b"<r>]]></r>", "xml.syntax", 5),
        (b"<r>&</r>", "xml.syntax", 3),
        (b"<p:r/>", "xml.syntax", 0),
        (b"<r xmlns:p=''/>", "xml.syntax", 0),
        (b"<!DOCTYPE r><r/>", "xml.doctype", 0),
        (b"<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><r>&e;</r>", "xml.doctype", 0),
        (b"<!-- --><!DOCTYPE r SYSTEM 'http://example.invalid/'><r/>", "xml.doctype", 8),
        (b"<r>&nbsp;</r>", "xml.character", 3),
        (b"<r>&#xD800;</r>", "xml.character", 3),
        (b"<r>&#x110000;</r>", "xml.character", 3),
        (b"<r a='x&nbsp;'/>", "xml.character", 7),
        (b"<r><s b='1' xmlns:x='u&e;'/></r>", "xml.character", 22),
    ],
)
def test_what_is_refused(data: bytes, code: str, offset: int) -> None:
    found = refused(data)
    assert found[0] == code
    assert abs(found[1] - offset) <= 1  # expat points at the token, or behind it


@pytest.mark.parametrize(("depth", "nested"), [(1, 1), (3, 3), (64, 64)])
def test_depth_is_bounded(depth: int, nested: int) -> None:
    parsed(b"<r>" * nested + b"</r>" * nested, depth=depth)
    assert refused(b"<r>" * (nested + 1) + b"</r>" * (nested + 1), depth=depth) == ("limit.depth", 3 * nested)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<?xml version="1.0"?><r/>', ""),
        (b"<?xml version='1.0' encoding='UTF-8' standalone='no' ?><r/>", ""),
        (b"<?xml-stylesheet href='x'?><r/>", ""),
        (b'<?xml version="1.1"?><r/>', "xml.syntax"),
        (b'<?xml encoding="utf-8"?><r/>', "xml.syntax"),
        (b'<?xml version="1.0" standalone="maybe"?><r/>', "xml.syntax"),
        (b'<?xml version="1.0"', "xml.syntax"),
        (b'<?xml version="1.0"?><?xml version="1.0"?><r/>', "xml.syntax"),
        (b'<?xml version="1.0"?>\xef\xbb\xbf<r/>', "xml.syntax"),
        (b"\xef\xbb\xbf<r/>", "xml.syntax"),  # the first mark is not in the text any more
        (b'<?xml version="1.0" encoding="latin1"?><r/>', "input.encoding"),
        (b'<?xml version="1.0" encoding="utf-16"?><r/>', "input.encoding"),
        (b'<?xml version="1.0" encoding="utf"?><r/>', "input.encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?><r/>', "input.encoding"),
    ],
)
def test_declarations(data: bytes, code: str) -> None:
    findings = Findings()
    if not code:
        at = check_declaration(Text(data), findings)
        assert data[at:].startswith((b"<r", b"<?xml-"))
        return
    with pytest.raises(Fatal):
        check_declaration(Text(data), findings)
    assert [found.code for found in findings.found] == [code]


def test_a_declaration_means_nothing_for_what_came_as_text() -> None:
    text = Text(b'<?xml version="1.0" encoding="utf-16"?><r/>', came_as_text=True)
    assert check_declaration(text, Findings()) == 39


# --- in pieces ------------------------------------------------------------------------------------------------------

# A piece ends behind any ">": also behind those in comments, attributes and sections.
PIECES = b"<r>\n<!-- <s> --><s a='>'><t>1&#x1;</t><![CDATA[<s>&#x1;]]></s>x<s/><?p <s>?></r>"


@pytest.mark.parametrize("cut", [at for at in range(1, len(PIECES)) if PIECES[at - 1 : at] == b">"])
def test_units_come_as_they_end(cut: int) -> None:
    text, findings = Text(PIECES), Findings()
    parser = Parser(text, findings, unit_depth=1)
    units = []
    for piece in (PIECES[:cut], PIECES[cut:]):
        parser.feed(piece, final=piece == PIECES[cut:])
        units += parser.units
        parser.units = []
    first, second = units
    start, close = PIECES.index(b"<s a"), PIECES.index(b"</s>")
    assert (first.start, first.close, first.text, first.children[0].text) == (start, close, "<s>&#x1;", "1\x01")
    assert second.start == PIECES.index(b"<s/>")
    assert first.before is not None
    assert second.before is not None
    assert first.before[0] == [("loss.comment", PIECES.index(b"<!--"))]
    assert ("".join(second.before[1]), second.before[2]) == ("x", PIECES.index(b"x<s/>"))
    assert parser.root is not None
    assert not parser.root.children
    assert parser.root.notes == [("loss.processing-instruction", PIECES.index(b"<?"))]


def test_what_is_not_finished_is_kept() -> None:
    parser = Parser(Text(b""), Findings(), unit_depth=1)
    parser.feed(b"<r><s/>", final=False)
    assert parser.unfinished(7) == 7
    parser.feed(b"<!-- -->", final=False)
    assert parser.unfinished(15) == 7
    parser.feed(b"<s><t>", final=False)
    assert (parser.unfinished(21), parser.level) == (7, 3)
