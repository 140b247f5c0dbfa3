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
