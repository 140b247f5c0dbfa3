"""Markup of any shape: what is read and written again is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from convtool.model.anything import Markup
from tests.csharp import codec_of

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
[DataContract(Namespace = "urn:c")] public class C { [DataMember] public object Any; }
[DataContract(Namespace = "urn:k")] public class K : C { [DataMember] public int B; }
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
