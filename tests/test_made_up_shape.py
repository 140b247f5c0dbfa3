"""A shape that nobody has: a record in XML and one text in JSON. It is one row more in the table, as DateTimeOffset."""

from __future__ import annotations

import json
import pickle
from copy import deepcopy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import convtool
from convtool.authoring.derive import derive, write
from convtool.authoring.pyi import stubs
from convtool.authoring.xsd_writer import write_xsds
from convtool.cli.tree import contract_tree
from convtool.model.datatype import Datatype
from convtool.model.datatypes import BY_KEY, DATATYPES, LexicalError, add
from convtool.model.instance import instances
from convtool.model.numbers import format_decimal, parse_decimal
from convtool.model.parts import Parts
from convtool.model.xsd import compile_xsd
from convtool.operations import Operation
from convtool.sample import sample
from convtool.testing.generate import Generator
from convtool.testing.strategies import invalid_payloads, values
from convtool.testing.stub.help import help_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "{urn:argent}Money"
SCHEMA = """<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:argent" targetNamespace="urn:argent"
    elementFormDefault="qualified">
  <xs:complexType name="Money"><xs:sequence>
    <xs:element name="Amount" type="xs:decimal" />
    <xs:element name="Currency" type="xs:string" />
  </xs:sequence></xs:complexType>
  <xs:complexType name="Vente"><xs:sequence>
    <xs:element minOccurs="0" name="Prix" type="t:Money" />
    <xs:element minOccurs="0" name="Remise" nillable="true" type="t:Money" />
  </xs:sequence></xs:complexType>
  <xs:element name="Vente" nillable="true" type="t:Vente" />
  <xs:complexType name="ArrayOfVente"><xs:sequence>
    <xs:element minOccurs="0" maxOccurs="unbounded" name="Vente" nillable="true" type="t:Vente" />
  </xs:sequence></xs:complexType>
  <xs:element name="ArrayOfVente" nillable="true" type="t:ArrayOfVente" />
</xs:schema>
"""


class Money(Parts):
    """An amount of a currency."""

    Amount: Decimal
    Currency: str


def parse(text: str) -> Money:
    amount, _, currency = text.partition(" ")
    if len(currency) != 3 or not currency.isalpha() or not currency.isascii():
        raise LexicalError("lexical", "an amount as 5.00 EUR")
    return Money(parse_decimal(amount), currency.upper())


COLUMNS: dict[str, Any] = {
    "name": "price", "key": KEY, "python": Money, "parts": (("Amount", "decimal"), ("Currency", "string")),
    "what": "an amount of money", "default": Money(Decimal(0), "EUR"),
    "parse": parse, "format": lambda value: f"{format_decimal(value.Amount)} {value.Currency}", "pattern": "",
    "json_kind": "string", "json_schema": {"pattern": "^[-+.0-9]+ [A-Za-z]{3}$(?!\\n)"},
    "lenient_json": {"number": lambda token: parse(f"{token} EUR"), "string": lambda text: parse(f"{text} EUR")},
    "sample": lambda index, _moment: f"{index} EUR", "word": "amount of money",
    "realistic": (lambda random: Money(Decimal(random.randrange(1, 100)), "USD"),),
    "plain": (Money(Decimal(7), "EUR"),), "corners": (Money(Decimal("0.00"), "EUR"), Money(Decimal(-1), "JPY")),
    "wrong": ("EUR", "5 EURO", "x EUR"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def money() -> Iterator[None]:
    """Add the row for a test: this is all that it takes."""
    add(Datatype(**COLUMNS))
    yield
    del DATATYPES["price"], BY_KEY[KEY]


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


PRICE = "<Prix><Amount>5.00</Amount><Currency>EUR</Currency></Prix>"
XML = (
    '<ArrayOfVente xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="urn:argent"><Vente>'
    f'{PRICE}<Remise i:nil="true" /></Vente></ArrayOfVente>'
)
JSON = '[{"Prix":"5.00 EUR","Remise":null}]'


def errors(report: convtool.Report) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in report if one.severity == "error"]


def test_it_is_read_and_written_in_both_formats(codec: convtool.Codec) -> None:
    assert codec.to_json(XML).decode() == JSON
    assert codec.to_xml(JSON).decode() == XML
    value = codec.types["Vente"].of(Prix=Money(Decimal("5.00"), "EUR"), Remise=None)
    assert codec.read(XML) == codec.read(JSON) == [value]
    assert codec.types["Money"] is Money
    assert codec.to_xml(XML.replace("EUR", "eur")).decode() == XML
    assert [one.code for one in codec.convert(XML.replace("EUR", "eur"), "json").report] == ["loss.lexical"]


def test_what_is_wrong_is_told_at_its_place(codec: convtool.Codec) -> None:
    assert errors(codec.validate(JSON.replace("EUR", "EURO"))) == [("value.lexical", "/0/Prix")]
    assert errors(codec.validate(JSON.replace('"5.00 EUR"', "{}"))) == [("value.kind", "/0/Prix")]
    at = "/ArrayOfVente/Vente[1]/Prix"
    assert errors(codec.validate(XML.replace("5.00", "x"))) == [("value.lexical", f"{at}/Amount")]
    assert errors(codec.validate(XML.replace("EUR", "EURO"))) == [("value.lexical", at)]
    assert errors(codec.validate(XML.replace("<Amount>5.00</Amount>", ""))) == [("member.required", at)]
    unknown = XML.replace("<Amount>", "<Autre /><Amount>")
    assert errors(codec.validate(unknown)) == [("member.unknown", f"{at}/Autre")]
    assert codec.to_json(unknown, profile="dotnet").decode() == JSON
    value = codec.read(XML)
    value[0].Prix.Currency = "EURO"
    with pytest.raises(convtool.PayloadError, match=r"'Amount 5\.00 with Currency EURO' is not an amount"):
        codec.write_json(value)


def test_what_dotnet_makes_of_it(codec: convtool.Codec) -> None:
    assert errors(codec.validate(JSON.replace('"5.00 EUR"', "5"))) == [("value.coerced", "/0/Prix")]
    short = JSON.replace('"5.00 EUR"', '"5.00"')
    assert errors(codec.validate(short)) == [("value.relaxed", "/0/Prix")]
    assert codec.to_json(codec.to_xml(short, profile="dotnet")).decode() == JSON
    absent = codec.to_xml("[{}]", profile="dotnet").decode()
    assert "<Prix><Amount>0</Amount><Currency>EUR</Currency></Prix>" in absent
    one, other = codec.read(codec.to_xml("[{},{}]", profile="dotnet"))
    one.Prix.Amount = Decimal(1)
    assert other.Prix.Amount == 0


def test_it_has_a_form_a_sample_and_drawn_values(folder: Path) -> None:
    catalog = convtool.Catalog(folder)
    one = catalog.contract("Vente")
    assert one.convert(b"Prix=5.00+EUR&Remise=", "json", format="form").data == JSON[1:-1].encode()
    made = sample(one.model, one.instances)
    assert one.write_json(made) == b'{"Prix":"1 EUR","Remise":"1 EUR"}'
    assert one.write_form(made) == b"Prix=1+EUR&Remise=1+EUR"
    assert one.validate(one.write_xml(Generator(one, 3).value()))
    page = help_page(catalog, [Operation("POST", "v1/ventes", request="Vente", response="Vente")])
    assert "amount of money" in page
    assert "price" in str(contract_tree(one.model).children[0].label)
    text = stubs(one.model)
    assert "Prix: Money" in text
    assert f"from {Money.__module__} import Money" in text


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_the_strategies_draw_it_and_break_it(codec: convtool.Codec, data: st.DataObject) -> None:
    value = data.draw(values(codec))
    assert codec.to_xml(codec.write_json(value)) == codec.write_xml(value)
    assert codec.to_json(codec.write_xml(value)) == codec.write_json(value)
    for format_ in ("json", "xml"):
        broken = data.draw(invalid_payloads(codec, format=format_, codes=["value.lexical"]))  # type: ignore[arg-type]
        found = codec.validate(broken.payload)
        assert "value.lexical" in [one.code for one in found if one.severity == "error"]


def test_it_has_schemas_and_is_compared(folder: Path, codec: convtool.Codec) -> None:
    schema = json.loads(next(folder.glob("*Vente*.json")).read_text(encoding="utf-8"))
    assert "[A-Za-z]{3}" in json.dumps(schema)
    assert not codec.compare(XML, JSON)
    (found,) = codec.compare(XML, JSON.replace("5.00", "6.00"))
    assert (found.path, found.left, found.right) == ("/0/Prix", '"5.00 EUR"', '"6.00 EUR"')
    written = write_xsds([codec.model])["urn:argent"]
    (folder / "again").mkdir()
    (folder / "again" / "argent.xsd").write_text(written, encoding="utf-8")
    again = compile_xsd(folder / "again" / "argent.xsd", "ArrayOfVente")
    assert again.types[KEY] == codec.model.types[KEY]


def test_a_schema_with_other_members_is_refused(folder: Path) -> None:
    (folder / "argent.xsd").write_text(SCHEMA.replace('"xs:decimal"', '"xs:int"'), encoding="utf-8")
    with pytest.raises(convtool.ContractError, match=r"other members than .NET's, which are Amount \(xs:decimal\)"):
        compile_xsd(folder / "argent.xsd", "Vente")


def test_a_value_is_reached_by_names_and_copied(codec: convtool.Codec) -> None:
    value = Money.of({"Amount": Decimal(5)}, Currency="EUR")
    value["Currency"] = "USD"
    assert dict(value) == {"Amount": 5, "Currency": "USD"}
    assert value["Amount"] == 5
    assert pickle.loads(pickle.dumps(value)) == deepcopy(value) == value
    with pytest.raises(convtool.UsageError, match="Money is made of Amount, Currency"):
        Money.of(Amount=5)
    with pytest.raises(KeyError, match="no part 'x'"):
        value["x"]
    with pytest.raises(KeyError, match="no part 'x'"):
        value["x"] = 1
    assert instances(codec.model).parts == {"Money": Money}
