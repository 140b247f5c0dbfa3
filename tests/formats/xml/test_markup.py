"""Markup of any shape: what is read and written again is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
