"""A datatype that nobody has: one row more in the table, and everything works; a row without a column says which."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import convtool
from convtool.authoring.derive import derive, write
from convtool.authoring.help_page.guesses import Guesses
from convtool.authoring.help_page.words import from_sample, from_word
from convtool.authoring.pyi import stubs
from convtool.cli.tree import contract_tree
from convtool.errors import ConvtoolError
from convtool.model.datatype import Datatype, same
from convtool.model.datatypes import BY_KEY, DATATYPES, LexicalError, add
from convtool.operations import Operation
from convtool.sample import sample
from convtool.testing.generate import Generator
from convtool.testing.strategies import invalid_payloads, values
from convtool.testing.stub.help import help_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "{urn:argent}money"
FORM = re.compile("(?:0|[1-9][0-9]*)&[A-Z]{3}")
SCHEMA = """<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:argent" targetNamespace="urn:argent"
    elementFormDefault="qualified">
  <xs:simpleType name="money"><xs:restriction base="xs:token">
    <xs:pattern value="[0-9]+&amp;[A-Za-z]{3}" />
  </xs:restriction></xs:simpleType>
  <xs:complexType name="Vente"><xs:sequence>
    <xs:element minOccurs="0" name="Prix" type="t:money" />
    <xs:element minOccurs="0" name="Remise" nillable="true" type="t:money" />
  </xs:sequence></xs:complexType>
  <xs:element name="Vente" nillable="true" type="t:Vente" />
  <xs:complexType name="ArrayOfVente"><xs:sequence>
    <xs:element minOccurs="0" maxOccurs="unbounded" name="Vente" nillable="true" type="t:Vente" />
  </xs:sequence></xs:complexType>
  <xs:element name="ArrayOfVente" nillable="true" type="t:ArrayOfVente" />
</xs:schema>
"""


def parse(text: str) -> str:
    if not re.fullmatch("[0-9]+&[A-Za-z]{3}", text):
        raise LexicalError("lexical", "an amount as 5&EUR")
    number, _, currency = text.partition("&")
    return f"{int(number)}&{currency.upper()}"


def lenient(text: str) -> str:
    return parse(f"{text}&EUR")


COLUMNS: dict[str, Any] = {
    "name": "money", "key": KEY, "python": str, "what": "an amount of money", "default": "0&EUR",
    "parse": parse, "format": same, "pattern": FORM.pattern,
    "json_kind": "string", "json_schema": {"pattern": "^[0-9]+&[A-Za-z]{3}$(?!\\n)"},
    "lenient_json": {"number": lenient, "string": lenient}, "lenient_xml": lenient,
    "sample": lambda index, _moment: f"{index}&EUR", "word": "amount of money", "read_word": True,
    "sample_form": FORM, "realistic": (lambda random: f"{random.randrange(1, 100)}&USD",),
    "plain": ("7&EUR",), "corners": ("0&EUR", "99999999999999999999&JPY"), "wrong": ("EUR", "5 EUR", "5&"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def money() -> Iterator[None]:
    """Add the row for a test: this is all that it takes."""
    add(Datatype(**COLUMNS))
    yield
    del DATATYPES["money"], BY_KEY[KEY]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of schemas that use the type, their JSON half derived."""
    (tmp_path / "argent.xsd").write_text(SCHEMA, encoding="utf-8")
    write(derive([tmp_path], roots=["ArrayOfVente", "Vente"]), tmp_path)
    return tmp_path


@pytest.fixture
def codec(folder: Path) -> convtool.Codec:
    """Give the codec of a list of records with the type."""
    return convtool.Catalog(folder).contract("ArrayOfVente")


XML = (
    '<ArrayOfVente xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="urn:argent"><Vente><Prix>5&amp;EUR</Prix>'
    '<Remise i:nil="true" /></Vente></ArrayOfVente>'
)
JSON = '[{"Prix":"5&EUR","Remise":null}]'


def test_it_is_read_and_written_in_both_formats(codec: convtool.Codec) -> None:
    assert codec.to_json(XML).decode() == JSON
    assert codec.to_xml(JSON).decode() == XML
    assert codec.to_xml(XML.replace("&amp;EUR", "&amp;eur")).decode() == XML
    assert [d.code for d in codec.validate(JSON.replace("5&EUR", "5")) if d.severity == "error"] == ["value.relaxed"]
    assert codec.to_xml(JSON.replace('"5&EUR"', "5"), profile="dotnet").decode() == XML
    assert codec.to_json(XML.replace("&amp;EUR", ""), profile="dotnet").decode() == JSON
    assert "0&amp;EUR" in codec.to_xml("[{}]", profile="dotnet").decode()


def test_it_has_a_form_a_sample_and_drawn_values(folder: Path) -> None:
    catalog = convtool.Catalog(folder)
    one = catalog.contract("Vente")
    assert one.convert(b"Prix=5%26EUR&Remise=", "json", format="form").data == b'{"Prix":"5&EUR","Remise":null}'
    made = sample(one.model, one.instances)
    assert one.write_json(made) == b'{"Prix":"1&EUR","Remise":"1&EUR"}'
    assert one.write_form(made) == b"Prix=1%26EUR&Remise=1%26EUR"
    assert one.validate(one.write_xml(Generator(one, 3).value()))
    page = help_page(catalog, [Operation("POST", "v1/ventes", request="Vente", response="Vente")])
    assert "amount of money" in page
    assert "money" in str(contract_tree(one.model).children[0].label)
    assert "Prix: str" in stubs(one.model)


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_the_strategies_draw_it_and_break_it(codec: convtool.Codec, data: st.DataObject) -> None:
    value = data.draw(values(codec))
    assert codec.to_xml(codec.write_json(value)) == codec.write_xml(value)
    assert codec.to_json(codec.write_xml(value)) == codec.write_json(value)
    for format_ in ("json", "xml"):
        broken = data.draw(invalid_payloads(codec, format=format_, codes=["value.lexical"]))  # type: ignore[arg-type]
        found = codec.validate(broken.payload)
        assert "value.lexical" in [d.code for d in found if d.severity == "error"]


def test_it_has_a_json_schema_and_is_compared(folder: Path, codec: convtool.Codec) -> None:
    schema = json.loads(next(folder.glob("*Vente*.json")).read_text(encoding="utf-8"))
    assert "[A-Za-z]{3}" in json.dumps(schema)
    assert not codec.compare(XML, JSON)
    assert codec.compare(XML, JSON.replace("5&EUR", "6&EUR"))


def test_a_help_page_says_it() -> None:
    assert from_word("amount of money", "", "7&EUR", "Vente.Prix", Guesses()) == "money"
    assert from_sample("7&EUR", None, "Vente.Prix", Guesses()) == "money"


@pytest.mark.parametrize(
    "column", ["parse", "pattern", "sample", "word", "realistic", "plain", "corners", "wrong", "what"]
)
def test_a_row_without_a_column_says_which(column: str) -> None:
    with pytest.raises(TypeError, match=f"argument '{column}'"):
        Datatype(**{name: value for name, value in COLUMNS.items() if name != column})


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ConvtoolError, match="there is a datatype 'money'"):
        add(Datatype(**COLUMNS))
