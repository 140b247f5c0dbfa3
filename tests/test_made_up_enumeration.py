"""A kind of enumeration that nobody has: one row more in the table of codings, and everything works."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import convtool
from convtool.authoring.derive import derive, write
from convtool.cli.tree import contract_tree
from convtool.errors import ConvtoolError
from convtool.model.codings import CODINGS, Coding, add
from convtool.model.folder import Folder
from convtool.operations import Operation
from convtool.sample import sample
from convtool.testing.generate import Generator
from convtool.testing.strategies import invalid_payloads, values
from convtool.testing.stub.help import help_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = """<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:acces" targetNamespace="urn:acces"
    elementFormDefault="qualified">
  <xs:simpleType name="Etat"><xs:restriction base="xs:string">
    <xs:enumeration value="Neuf" /><xs:enumeration value="Use" />
  </xs:restriction></xs:simpleType>
  <xs:simpleType name="Droits"><xs:list><xs:simpleType><xs:restriction base="xs:string">
    <xs:enumeration value="Lire" /><xs:enumeration value="Ecrire" />
  </xs:restriction></xs:simpleType></xs:list></xs:simpleType>
  <xs:complexType name="Acces"><xs:sequence>
    <xs:element minOccurs="0" name="Droits" type="t:Droits" />
    <xs:element minOccurs="0" name="Etat" type="t:Etat" />
    <xs:element minOccurs="0" name="Ancien" nillable="true" type="t:Etat" />
  </xs:sequence></xs:complexType>
  <xs:element name="Acces" nillable="true" type="t:Acces" />
</xs:schema>
"""
HEAD = '<Acces xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="urn:acces">'
XML = f'{HEAD}<Droits>Lire Ecrire</Droits><Etat>Use</Etat><Ancien i:nil="true" /></Acces>'
JSON = '{"Droits":"#LIRE|#ECRIRE","Etat":"#USE","Ancien":null}'


@pytest.fixture(autouse=True)
def shouted() -> Iterator[None]:
    """Add the row for a test: this is all that it takes."""
    add(Coding(
        name="shouted", shown="names in capitals in JSON", spell=lambda name: f"#{name.upper()}", separator="|",
        flags_schema={"pattern": "^#"},
    ))  # fmt: skip
    yield
    del CODINGS["shouted"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of schemas, whose JSON half is derived from a sample in the coding."""
    (tmp_path / "acces.xsd").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "shown.json").write_text(JSON, encoding="utf-8")
    write(derive([tmp_path / "acces.xsd"], roots=["Acces"], order_from=[tmp_path / "shown.json"]), tmp_path)
    (tmp_path / "shown.json").unlink()
    return tmp_path


@pytest.fixture
def codec(folder: Path) -> convtool.Codec:
    """Give the codec of a record with enumerations in the coding."""
    return convtool.Catalog(folder).contract("Acces")


def codes(report: convtool.Report) -> list[str]:
    return [one.code for one in report if one.severity == "error"]


def test_it_is_read_and_written_in_both_formats(codec: convtool.Codec) -> None:
    assert codec.to_json(XML).decode() == JSON
    assert codec.to_xml(JSON).decode() == XML
    assert not codec.compare(XML, JSON)
    assert len(codec.compare(XML, JSON.replace("USE", "NEUF"))) == 1
    for text in ('"Use"', "1", '"#use"'):
        other = JSON.replace('"#USE"', text)
        assert codes(codec.validate(other)) == ["value.coerced"]
        assert codec.to_xml(other, profile="dotnet").decode() == XML
    assert codes(codec.validate(JSON.replace("#USE", "#VIEUX"))) == ["value.enumeration"]
    assert codes(codec.validate(XML.replace("Use", "#USE"))) == ["value.enumeration"]
    turned = JSON.replace("#LIRE|#ECRIRE", "#ECRIRE|#LIRE")
    assert [one.code for one in codec.convert(turned, "xml").report] == ["loss.lexical"]


def test_a_schema_says_it(folder: Path, codec: convtool.Codec) -> None:
    schema = json.loads((folder / "Acces.schema.json").read_text(encoding="utf-8"))
    told = json.dumps(schema)
    assert '"enum": ["#NEUF", "#USE"]' in told
    assert {kind.coding for kind in Folder(folder).compile("Acces").types.values() if hasattr(kind, "coding")} >= {
        "shouted"
    }
    assert "names in capitals in JSON" in str(contract_tree(codec.model).children[1].label)


def test_it_has_a_form_a_sample_and_drawn_values(folder: Path) -> None:
    catalog = convtool.Catalog(folder)
    codec = catalog.contract("Acces")
    made = sample(codec.model, codec.instances)
    assert json.loads(codec.write_json(made)) == {"Droits": "#LIRE", "Etat": "#NEUF", "Ancien": "#NEUF"}
    assert codec.write_form(made) == b"Droits=Lire&Etat=Neuf&Ancien=Neuf"
    assert not codes(codec.validate(codec.write_json(Generator(codec, 3).value())))
    page = help_page(catalog, [Operation("POST", "v1/acces", request="Acces", response="Acces")])
    assert "#NEUF" in page


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_the_strategies_draw_it_and_break_it(codec: convtool.Codec, data: st.DataObject) -> None:
    value = data.draw(values(codec))
    assert codec.to_xml(codec.write_json(value)) == codec.write_xml(value)
    assert codec.to_json(codec.write_xml(value)) == codec.write_json(value)
    for format_ in ("json", "xml"):
        broken = data.draw(invalid_payloads(codec, format=format_, codes=["value.enumeration"]))  # type: ignore[arg-type]
        assert codes(codec.validate(broken.payload)) == ["value.enumeration"]


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ConvtoolError, match="there is a coding 'shouted' already"):
        add(CODINGS["shouted"])
