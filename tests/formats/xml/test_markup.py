"""Markup of any shape: what is read and written again is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from convtool import PayloadError
from convtool.model.anything import Markup
from tests.csharp import codec_of
from tests.support import errors

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
[DataContract(Namespace = "urn:c")] public class C { [DataMember] public object Any; }
[DataContract(Namespace = "urn:k")] public class K : C { [DataMember] public int B; }
[DataContract(Namespace = "urn:k")] public class M : C { [DataMember] public Dictionary<string, object> D; }
"""


def test_the_prefix_of_an_elements_own_name_is_none_of_its_content(tmp_path: Path) -> None:
    of = codec_of(SOURCE, "K", tmp_path)
    value = of.types["K"].of({"Any": Markup('<a xmlns=""/>', ' xmlns:q1="urn:c"'), "B": 4})
    written = of.write_xml(value)
    assert of.read(written) == value
    assert of.convert(written, "xml").data == written


@pytest.mark.parametrize(
    ("content", "spoken"),
    [("<a>s:b</a>", True), ("<a b='q s'/>", True), ("<s:a/>", True), ("<a>&#115;:b</a>", True), ("s", True),
     ('<a xmlns="">less</a>', False), ("<as>s-b</as>", False), ("<a>bs.</a>", False)],
)  # fmt: skip
@pytest.mark.short(1)
def test_a_prefix_around_counts_where_it_stands_as_a_word(content: str, spoken: bool, tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    head = '<C xmlns="urn:c" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="urn:s">'
    value = of.read(f"{head}<Any>{content}</Any></C>".encode())
    assert value.Any == Markup(content, ' xmlns:s="urn:s"' if spoken else "")


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        (' z="1"  xmlns="urn:z"', ' xmlns="urn:z" z="1"'),
        ("\n\tz = '1'\n\txmlns = 'urn:z'\n", " xmlns=\"urn:z\"\n\tz = '1'"),
        (""" z=' xmlns="urn:z"'""", """ z=' xmlns="urn:z"'"""),  # a value that looks like an attribute
        (""" z=" xmlns:i='http://www.w3.org/2001/XMLSchema-instance'" """,) * 2,
        (""" z=" xmlns:s = 's:b'" """, """ z=" xmlns:s = 's:b'" xmlns:s="urn:s\""""),
    ],
)
@pytest.mark.short(1)
def test_attributes_are_the_same_after_a_second_round(attributes: str, kept: str, tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    head = '<C xmlns="urn:c" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="urn:s" xmlns:c="urn:c">'
    document = f"{head}<c:Any{attributes}><b/></c:Any></C>".encode()
    json = of.convert(document, "json", profile="dotnet").data
    xml = of.convert(json, "xml", profile="dotnet").data
    again = of.read(xml, profile="dotnet")
    assert again.Any == Markup("<b/>", kept.rstrip())
    assert of.convert(of.convert(xml, "json", profile="dotnet").data, "xml", profile="dotnet").data == xml
    assert of.compare(document, xml, profile="dotnet") == []


INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXED = f'<c:C xmlns:c="urn:c" xmlns:i="{INSTANCE}"><c:Any>%s</c:Any></c:C>'


@pytest.mark.parametrize(
    ("content", "attributes"),
    [("<b/>", ' xmlns=""'), ("<c:b/>", ' xmlns:c="urn:c"'), ("<c:b><d/></c:b>", ' xmlns="" xmlns:c="urn:c"')],
)
@pytest.mark.short(1)
def test_what_is_in_no_namespace_stays_in_none(content: str, attributes: str, tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    document = PREFIXED % content
    assert of.read(document).Any == Markup(content, attributes)
    json = of.convert(document, "json", lossless=True, verify=True)
    assert json.verified
    xml = of.convert(json.data, "xml", lossless=True, verify=True)
    assert xml.verified
    assert of.compare(document, xml.data) == []
    assert (
        of.compare(document, (PREFIXED % content).replace("<c:Any>", '<c:Any xmlns="urn:c">')) != [] or ":" in content
    )


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        (Markup("x", "><B>injected</B"), "no attribute"),
        (Markup("x", " a"), "no attribute"),
        (Markup("</Any><Any>"), "mismatched tag"),
        (Markup("<p:a/>"), "unbound prefix"),
        (Markup("<a>"), "mismatched tag"),
        (Markup("&#xD800;"), "reference to invalid character"),
        (Markup("", " i:nil='true'"), "null is null"),
    ],
)
def test_markup_that_is_none_is_refused_at_both_doors(markup: Markup, why: str, tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    json = msgspec.json.encode({"Any": {"#xml": markup.content, "#attributes": markup.attributes}})
    report = of.validate(json)
    assert errors(report) == ["value.kind"]
    assert why in report.text()
    with pytest.raises(PayloadError, match=why):
        of.write_xml(of.types["C"].of({"Any": markup}))


def test_characters_that_xml_has_not_may_be_in_markup(tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    document = (PREFIXED % "<c:b>&#x0;&#xFFFF;</c:b>").encode()
    assert of.convert(of.convert(document, "json").data, "xml").data == of.convert(document, "xml").data


@pytest.mark.parametrize("value", [[1], {"a": 1}, b"x", object(), "\ud800", Markup("\udfff")])
def test_a_value_that_no_format_has_is_refused(value: object, tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    for write in (of.write_xml, of.write_json):
        with pytest.raises(PayloadError):
            write(of.types["C"].of({"Any": value}))


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', "[99999999999999999999999]"])
def test_what_xml_has_not_is_refused(text: str, tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    with pytest.raises(PayloadError, match="no XML form"):
        of.write_xml(of.read(f'{{"Any":{text}}}'))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('["\\u2028","\\u00e9"]', ""), ("[1.0]", ""), ('{"b":1,"a":"1"}', ""),
        ("[1e2]", "loss.lexical"), ("[-0]", "loss.lexical"), ('["\\u0001"]', "loss.lexical"),
    ],
)  # fmt: skip
@pytest.mark.short(1)
def test_escapes_of_json_are_no_loss_and_what_comes_back_otherwise_is(text: str, code: str, tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    report = of.convert(f'{{"Any":{text}}}', "xml").report
    assert [found.code for found in report if found.path.startswith("/Any")] == ([code] if code else [])


@pytest.mark.parametrize(("number", "code"), [("INF", "loss.type"), ("NaN", "loss.type"), ("1.5", "")])
@pytest.mark.short(1)
def test_a_double_that_json_has_as_a_text_is_a_loss(number: str, code: str, tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    document = (PREFIXED % number).replace(
        "<c:Any>", '<c:Any i:type="x:double" xmlns:x="http://www.w3.org/2001/XMLSchema">'
    )
    report = of.convert(document, "json").report
    assert [found.code for found in report] == ([code] if code else [])


def test_a_comment_is_dropped_where_it_is_not_kept(tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    assert of.convert(PREFIXED % "<!-- a --><c:b/>", "json").data == (
        b'{"Any":{"#xml":"<!-- a --><c:b/>","#attributes":" xmlns:c=\\"urn:c\\""}}'
    )
    assert of.convert(PREFIXED % "<!-- a --><c:b/>", "json", lossless=True)
    typed = PREFIXED.replace("<c:Any>", '<c:Any i:type="x:int" xmlns:x="http://www.w3.org/2001/XMLSchema">')
    assert [found.code for found in of.convert(typed % "1<!-- a -->", "json").report] == ["loss.comment"]


TYPED = """
[DataContract(Namespace = "urn:c")] public class C { [DataMember] public object Any; [DataMember] public Item One; }
[DataContract(Namespace = "urn:c")] public class Item { [DataMember] public int N; [DataMember] public string T; }
"""


@pytest.mark.parametrize("inside", ["\n<c:N>3</c:N>\n<c:T> </c:T>\n", "<c:N>3</c:N><c:T>a</c:T>"])
def test_white_space_of_a_typed_record_is_nothing_to_verify(inside: str, tmp_path: Path) -> None:
    of = codec_of(TYPED, "C", tmp_path)
    document = PREFIXED.replace("<c:Any>", '<c:Any i:type="c:Item">') % inside
    result = of.convert(document, "json", verify=True)
    assert b'"N":3' in result.data
    assert result.verified or [found.code for found in result.report] == ["loss.type"]


def test_a_prefix_that_a_document_binds_otherwise_than_all_do(tmp_path: Path) -> None:
    of = codec_of(SOURCE, "C", tmp_path)
    document = b'<C xmlns="urn:c" xmlns:i="urn:o"><Any i:nil="true">3</Any></C>'
    json = of.convert(document, "json").data
    assert of.read(json) == of.read(document)
    assert of.convert(json, "xml").data == of.convert(document, "xml").data
    again = of.read(of.convert(json, "xml").data)
    assert again.Any == Markup("3", ' i:nil="true" xmlns:i="urn:o"')


def test_markup_that_declares_the_prefix_of_its_elements_name(tmp_path: Path) -> None:
    of = codec_of(SOURCE, "M", tmp_path)
    value = of.types["M"].of({"D": {"k": Markup("<b/>", ' xmlns:d2p1="urn:o" z="d2p1:z"')}})
    written = of.write_xml(value)
    assert b"<q1:Value xmlns:q1=" in written
    assert of.read(written) == value
    assert of.convert(of.write_json(value), "xml").data == written
