"""Namespaces are anybody's text: they become names of files, and libxml2 takes some of them for no URIs."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from convtool.authoring.derived_files import derived_files
from convtool.authoring.dialect import DEFAULT
from convtool.authoring.xsd_writer import file_name
from convtool.errors import ContractError
from tests.support import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

CSHARP = """using System.Runtime.Serialization;
[DataContract(Namespace = "%s")] public class Commande { [DataMember] public int Numero { get; set; } }
"""
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:t" targetNamespace="urn:t"
  elementFormDefault="qualified"><xs:complexType name="B"><xs:sequence/></xs:complexType>
  <xs:complexType name="D"><xs:complexContent mixed="false"><xs:extension base="tns:B"><xs:sequence>
    <xs:element maxOccurs="unbounded" minOccurs="0" name="Max" type="xs:int"/>
  </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name="R"><xs:sequence><xs:element minOccurs="0" name="A" nillable="true" type="tns:B"/></xs:sequence>
  </xs:complexType><xs:element name="R" nillable="true" type="tns:R"/></xs:schema>"""


def files(folder: Path, name: str) -> dict[str, str]:
    """Give the schema files that one file gives."""
    made = derived_files([folder / name], folder / "out", roots=(), order_from=(), dialect=DEFAULT)
    return {path.name: text for path, text in made.files.items()}


@pytest.mark.parametrize("namespace", ["urn:" + "x" * 5_000, "http://exemple.fr/" + "é" * 500])
def test_a_long_namespace_is_a_file(tmp_path: Path, namespace: str) -> None:
    (tmp_path / "a.cs").write_text(CSHARP % namespace, "utf-8")
    made = files(tmp_path, "a.cs")
    assert [name for name in made if name.endswith(".xsd")] == [file_name(namespace)]
    assert all(len(name.encode()) < 255 for name in made)
    assert file_name(namespace) != file_name(namespace + "y")


def test_a_namespace_with_what_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.cs").write_text(CSHARP % "urn:a\\u0000b", "utf-8")
    with pytest.raises(ContractError):
        files(tmp_path, "a.cs")
    assert file_name("urn:..\\..\\a\0b\n\ud800") == "urn_.._.._a_b__.xsd"


@pytest.mark.parametrize("host", ["méicrosoft", "mic\ufeffrosoft", "mic rosoft"])
def test_a_namespace_that_is_an_iri(tmp_path: Path, host: str) -> None:
    text = (SAMPLES / "orders" / "service.wsdl").read_text("utf-8")
    (tmp_path / "a.wsdl").write_text(text.replace("schemas.microsoft.com", f"schemas.{host}.com"), "utf-8")
    with contextlib.suppress(ContractError):  # another error is none of ours
        assert files(tmp_path, "a.wsdl")


def test_a_list_that_extends_a_record(tmp_path: Path) -> None:
    (tmp_path / "a.xsd").write_text(XSD, "utf-8")
    with pytest.raises(ContractError, match="a list extends a record"):
        files(tmp_path, "a.xsd")
