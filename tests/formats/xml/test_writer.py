"""The wire form of XML, for contracts of every shape: the general writer, the generated one, and the pretty form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from convtool.convert import Codec
from convtool.formats.xml.writer import escape
from convtool.model.contract import Array, Dictionary, Enumeration, Type
from tests.support import document, member, model, record


def written(codec: Codec, value: Any, *, pretty: bool = False) -> str:
    """Give what the general writer gives; the generated one must agree where there is one."""
    of = codec.formats["xml"]
    text = of.writer.write(value, pretty=pretty)
    assert of.write(value, pretty=pretty) == text.encode()
    return text


def codec_of(*members: Any, types: tuple[Type, ...] = (), **more: Any) -> Codec:
    return Codec(model("R", record("R", *members), *types, **more))


@pytest.mark.parametrize(
    ("text", "as_written"),
    [
        ("", ""),
        ("a&b<c>d", "a&amp;b&lt;c&gt;d"),
        ("\"'/", "\"'/"),
        ("\t\n", "\t\n"),
        ("\r\n", "&#xD;\n"),
        ("\0\x01\x1f\x7f", "&#x0;&#x1;&#x1F;\x7f"),
        ("\ufffe\uffff\ufffd", "&#xFFFE;&#xFFFF;\ufffd"),
        ("é\u0085\u2028😀", "é\u0085\u2028😀"),
        ("&#x1;", "&amp;#x1;"),
    ],
)
def test_texts_are_escaped_as_dotnet_escapes_them(text: str, as_written: str) -> None:
    assert escape(text) == as_written
    codec = codec_of(member("A", "urn:string"))
    value = codec.types["R"](text)
    assert written(codec, value) == document(f"<A>{as_written}</A>").decode()
    assert codec.read(written(codec, value)) == value


def test_null_empty_and_absent_are_four_things() -> None:
    of = Array("{urn:t}L", member("int", "urn:int"))
    codec = codec_of(member("A", "urn:string", nillable=True), member("L", "{urn:t}L", nillable=True), types=(of,))
    cls = codec.types["R"]
    root = document("").decode()
    assert written(codec, cls()) == root.replace("></Root>", " />")
    assert written(codec, cls(None, None)) == document('<A i:nil="true" /><L i:nil="true" />').decode()
    assert written(codec, cls("", [])) == document("<A></A><L />").decode()
    assert written(codec, None) == root.replace("<Root", '<Root i:nil="true"').replace("></Root>", " />")


def test_members_are_in_the_order_of_xml() -> None:
    kind = record("R", member("A", "urn:int"), member("B", "urn:int"), order=(1, 0))
    codec = Codec(model("R", kind))
    assert written(codec, codec.types["R"].of(B=2, A=1)) == document("<A>1</A><B>2</B>").decode()


@pytest.mark.parametrize(
    ("datatype", "value", "text"),
    [
        ("boolean", True, "true"),
        ("decimal", Decimal("1.50"), "1.50"),
        ("double", 3.0, "3"),
        ("double", float("inf"), "INF"),
        ("float", 0.1, "0.1"),
        ("dateTime", "2026-03-22T00:33:32.1000000", "2026-03-22T00:33:32.1000000"),
        ("char", "\0", "0"),
        ("duration", "PT1M", "PT1M"),
        ("base64Binary", b"@@", "QEA="),
        ("unsignedLong", 2**64 - 1, "18446744073709551615"),
    ],
)
def test_simple_values(datatype: str, value: Any, text: str) -> None:
    codec = codec_of(member("A", f"urn:{datatype}"))
    assert written(codec, codec.types["R"](value)) == document(f"<A>{text}</A>").decode()


def test_no_bytes_are_no_content() -> None:
    codec = codec_of(member("A", "urn:base64Binary"))
    assert written(codec, codec.types["R"](b"")) == document("<A />").decode()


def test_lists_of_records_values_and_lists() -> None:
    codec = codec_of(
        member("G", "{urn:t}G"),
        member("I", "{urn:t}I"),
        types=(
            Array("{urn:t}G", member("Row", "{urn:t}I", nillable=True)),
            Array("{urn:t}I", member("Item", "{urn:t}P", nillable=True)),
            record("P", member("X", "urn:int")),
        ),
    )
    cls, point = codec.types["R"], codec.types["P"]
    value = cls([[point(1)], None, []], [None, point()])
    rows = '<Row><Item><X>1</X></Item></Row><Row i:nil="true" /><Row />'
    assert written(codec, value) == document(f'<G>{rows}</G><I><Item i:nil="true" /><Item /></I>').decode()
    assert codec.read(written(codec, value)) == value


def test_enumerations_and_flags_are_names() -> None:
    codec = codec_of(
        member("E", "{urn:t}E"),
        member("F", "{urn:t}F"),
        types=(
            Enumeration("{urn:t}E", (("A", 0), ("B", 5))),
            Enumeration("{urn:t}F", (("None", 0), ("X", 1), ("Y", 2)), flags=True),
        ),
    )
    cls = codec.types["R"]
    assert written(codec, cls("B", "X Y")) == document("<E>B</E><F>X Y</F>").decode()


def test_dictionaries_are_lists_of_entries() -> None:
    kind = Dictionary(
        "{urn:t}D", "Entry", "urn:t", member("Key", "urn:int"), member("Value", "urn:string", nillable=True)
    )
    codec = codec_of(member("D", "{urn:t}D"), types=(kind,))
    cls = codec.types["R"]
    text = written(codec, cls({1: "a", 2: None}))
    assert "<Key>1</Key><Value>a</Value></Entry><Entry><Key>2</Key>" in text.replace("d2p1:", "")
    assert codec.read(text) == cls({1: "a", 2: None})


def test_the_pretty_form_indents_elements_and_leaves_values_alone() -> None:
    of = Array("{urn:t}L", member("string", "urn:string", nillable=True))
    codec = codec_of(member("A", "urn:string", nillable=True), member("L", "{urn:t}L", nillable=True), types=(of,))
    cls = codec.types["R"]
    expected = document('\n  <A> a\n</A>\n  <L>\n    <string></string>\n    <string i:nil="true" />\n  </L>\n').decode()
    assert written(codec, cls(" a\n", ["", None]), pretty=True) == expected
    assert written(codec, cls(None, []), pretty=True) == document('\n  <A i:nil="true" />\n  <L />\n').decode()


def test_items_stand_alone_as_they_stand_in_the_document() -> None:
    of = Array("{urn:t}L", member("R", "{urn:t}R", nillable=True))
    codec = Codec(model("L", of, record("R", member("A", "urn:int"))))
    xml, cls = codec.formats["xml"], codec.types["R"]
    values = [cls(1), None, cls()]
    for pretty in (False, True):
        before, between = xml.separators(pretty=pretty)
        parts = [xml.items(values[:2], pretty=pretty), xml.items(values[2:], pretty=pretty)]
        assert before + between.join(parts) + xml.ending(pretty=pretty) == xml.write(values, pretty=pretty)
