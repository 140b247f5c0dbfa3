"""Markup of any shape: what is read and written again is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool import Catalog
from convtool.authoring.derive import write_files
from convtool.authoring.from_csharp import from_csharp
from convtool.model.anything import Markup

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
[DataContract(Namespace = "urn:c")] public class C { [DataMember] public object Any; }
[DataContract(Namespace = "urn:k")] public class K : C { [DataMember] public int B; }
"""


def test_the_prefix_of_an_elements_own_name_is_none_of_its_content(tmp_path: Path) -> None:
    (tmp_path / "K.cs").write_text(SOURCE, encoding="utf-8")
    write_files({tmp_path / name: text for name, text in from_csharp([tmp_path / "K.cs"], roots=["K"]).files.items()})
    of = Catalog(tmp_path).contract("K")
    value = of.types["K"].of({"Any": Markup('<a xmlns=""/>', ' xmlns:q1="urn:c"'), "B": 4})
    written = of.write_xml(value)
    assert of.read(written) == value
    assert of.convert(written, "xml").data == written
