"""Help pages as services publish them, and as people save them: a kind of page each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from convtool.authoring.help_page.prove import prove
from convtool.authoring.help_page.write import FromHelp, from_help, write
from convtool.catalog import Catalog
from convtool.errors import ContractError, PayloadError
from convtool.model.contract import Dictionary, Enumeration, Record
from tests.recordings import DATA
from tests.support import XSI, errors

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.convert import Codec

CASES = DATA / "cases" / "help"
MODELS = "http://schemas.datacontract.org/2004/07/Demo.Models"
HEAD = f'xmlns:i="{XSI}" xmlns="{MODELS}"'


def made(tmp_path: Path, name: str, *files: str) -> tuple[FromHelp, Catalog]:
    """Make a folder of a case's pages; what was made has to read the pages' samples."""
    result = from_help([CASES / name / file for file in files or ("page.html",)])
    write(result, tmp_path)
    assert prove(tmp_path, result.samples) == []
    return result, Catalog(tmp_path)


def both(of: Codec, xml: str, json: str) -> None:
    assert of.convert(xml.encode(), "json", verify=True).data.decode() == json
    assert of.convert(json.encode(), "xml", verify=True).data.decode() == xml


# --- types and namespaces -------------------------------------------------------------------------------------------


def test_members_of_a_base_class_in_another_namespace(tmp_path: Path) -> None:
    result, catalog = made(tmp_path, "all-members-inherited-crash")
    base = "http://schemas.datacontract.org/2004/07/Demo.Base"
    both(
        catalog.contract("QueryParts"),
        f'<QueryParts {HEAD}><Skip xmlns="{base}">1</Skip></QueryParts>',
        '{"Skip":1}',
    )
    assert any("what its base class is called" in guess for guess in result.guesses)


def test_a_base_class_in_another_namespace_comes_first(tmp_path: Path) -> None:
    page = (CASES / "all-members-inherited-crash" / "page.html").read_text(encoding="utf-8")
    page = page.replace('{"Skip": 1}', '{"Name": "sample string 1", "Skip": 2}')
    page = page.replace("&gt;1&lt;/Skip&gt;", "&gt;2&lt;/Skip&gt;&lt;Name&gt;sample string 1&lt;/Name&gt;")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    result = from_help([tmp_path / "page.html"])
    write(result, tmp_path / "s")
    assert prove(tmp_path / "s", result.samples) == []
    root = Catalog(tmp_path / "s").contract("QueryParts").model.root_type
    assert isinstance(root, Record)
    assert [member.name for member in root.members] == ["Skip", "Name"]


def test_a_date_time_offset_is_told_by_its_elements(tmp_path: Path) -> None:
    _, catalog = made(tmp_path, "datetimeoffset-wrong")
    json = '{"Id":1,"At":"2026-01-07T11:31:30.8497318+01:00"}'
    xml = catalog.contract("Stamp").to_xml(json).decode()
    assert "DateTime>2026-01-07T10:31:30.8497318Z<" in xml
    assert "OffsetMinutes>60<" in xml
    assert catalog.contract("Stamp").to_json(xml) == json.encode()


def test_a_record_without_members(tmp_path: Path) -> None:
    _, catalog = made(tmp_path, "empty-record-crash", "page.txt")
    xml = f"<Ping {HEAD}><Id>1</Id><Options /><Ratio>2.1</Ratio></Ping>"
    both(catalog.contract("Ping"), xml, '{"Id":1,"Options":{},"Ratio":2.1}')


def test_records_within_records_are_read_with_care(tmp_path: Path) -> None:
    _, catalog = made(tmp_path / "a", "json-nested-record-crash")
    xml = f"<Holder {HEAD}><Part><Code>1</Code><Name>sample string 2</Name></Part></Holder>"
    both(catalog.contract("Holder"), xml, '{"Part":{"Code":1,"Name":"sample string 2"}}')
    _, catalog = made(tmp_path / "b", "json-nested-record-accepts-garbage")
    bad = (CASES / "json-nested-record-accepts-garbage" / "bad.json").read_bytes()
    with pytest.raises(PayloadError) as caught:
        catalog.contract("Outer").to_xml(bad)
    assert errors(caught.value.report) == ["value.lexical"]
    assert [one.path for one in caught.value.report] == ["/Child/Z"]


def test_json_alone_has_dotnets_own_namespace_and_dictionaries(tmp_path: Path) -> None:
    result, catalog = made(tmp_path, "json-only-dictionary-refused")
    types = catalog.contract("Message").model.types
    assert [type(kind) for kind in types.values() if isinstance(kind, Dictionary)] == [Dictionary]
    assert any("no XML sample shows the namespace" in guess for guess in result.guesses)
    assert catalog.contract("Message").model.namespace == "http://schemas.datacontract.org/2004/07/"


def test_what_no_page_shows_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="nothing shows the members of Part: save the page that the type's link"):
        from_help([CASES / "json-only-needs-namespace" / "page.html"])
    (tmp_path / "part.txt").write_text(
        "Part\n\nNameDescriptionTypeAdditional information\nCode\n\ninteger\n\nNone.\n\n© 2026 - My Application\n"
    )
    result = from_help([CASES / "json-only-needs-namespace" / "page.html", tmp_path / "part.txt"])
    write(result, tmp_path / "s")
    of = Catalog(tmp_path / "s").contract("Plain")
    assert of.validate(b'{"Id":1,"Name":"a","Code":"b","Part":{"Code":1}}').valid


def test_a_contract_without_a_namespace(tmp_path: Path) -> None:
    _, catalog = made(tmp_path, "no-namespace-crash")
    assert "targetNamespace" not in (tmp_path / "Plain.xsd").read_text(encoding="utf-8")
    xml = f'<Plain xmlns:i="{XSI}"><Id>1</Id><Name>sample string 2</Name></Plain>'
    both(catalog.contract("Plain"), xml, '{"Id":1,"Name":"sample string 2"}')
    assert catalog.detect(xml) == ("Plain", "xml")


@pytest.mark.parametrize("engine", ["on", "off"])
def test_objects_with_identities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    if engine == "off":
        monkeypatch.setattr("convtool.formats.lane.library", lambda: None)
    _, catalog = made(tmp_path, "references-refused")
    of = catalog.contract("ArrayOfNode")
    json = '[{"$id":"1","Id":1,"Name":"a"},{"$id":"2","Id":2,"Name":"b"}]'
    xml = of.to_xml(json, lossless=True)
    assert b'z:Id="i2"' in xml
    assert of.to_json(xml, lossless=True) == json.encode()


def test_a_list_of_one_item_in_xml_alone(tmp_path: Path) -> None:
    _, catalog = made(tmp_path, "xml-only-single-item-list")
    assert catalog.contract("Club").to_json(tmp_path / "Club.sample.xml") == b'{"Owners":["String"]}'


def test_the_xml_of_another_serializer_is_told_apart(tmp_path: Path) -> None:
    result, catalog = made(tmp_path, "xmlserializer-crash")
    assert any("the XML sample is XmlSerializer's" in guess for guess in result.guesses)
    assert not (tmp_path / "Plain.sample.xml").exists()
    assert catalog.contract("Plain").validate((tmp_path / "Plain.sample.json").read_bytes()).valid


def test_dates_on_pages_are_the_generators_and_other_forms_are_findings(tmp_path: Path) -> None:
    _, catalog = made(tmp_path, "custom-date-format")
    codes = [
        [one.code for one in catalog.contract("Plain").validate(CASES / "custom-date-format" / f"{name}.json")]
        for name in ("custom", "microsoft")
    ]
    assert codes == [["date.relaxed"], ["date.relaxed"]]


# --- bodies that are no contract ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "note"),
    [
        ("actionresult", "IHttpActionResult is whatever the action answers"),
        ("responsemessage", "HttpResponseMessage is whatever the action answers"),
        ("scalar", "the body is a plain value"),
    ],
)
def test_a_response_without_a_contract_costs_a_note(tmp_path: Path, page: str, note: str) -> None:
    result, catalog = made(tmp_path, "response-without-contract", f"{page}.html")
    assert catalog.contracts() == ["Order"]
    assert result.operations == {"POST api/orders": {"request": "Order"}}
    assert [note in one for one in result.notes] == [True]


# --- pages saved as text --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["page.html", "page.txt"])
def test_annotations_of_peoples_own_do_not_swallow_rows(tmp_path: Path, file: str) -> None:
    result, catalog = made(tmp_path, "text-custom-annotation-wrong", file)
    root = catalog.contract("Plain").model.root_type
    assert isinstance(root, Record)
    assert [(one.name, one.description) for one in root.members] == [
        ("Amount", "The amount"),
        ("Id", "The number"),
        ("Name", "The name"),
    ]
    assert any("'Read-only' is the server's to check" in guess for guess in result.guesses)


def test_a_description_that_is_a_number_is_no_value(tmp_path: Path) -> None:
    _, catalog = made(tmp_path, "text-enum-numeric-description", "op.txt", "enum.txt")
    found = [kind for kind in catalog.contract("Item").model.types.values() if isinstance(kind, Enumeration)]
    assert [kind.values for kind in found] == [(("Open", 0), ("Closed", 1), ("Waiting", 5), ("Gone", -1))]


@pytest.mark.parametrize("name", ["text-extra-sections", "text-heading-with-description-refused"])
def test_sections_behind_tables_and_texts_behind_headings_are_no_members(tmp_path: Path, name: str) -> None:
    result, catalog = made(tmp_path, name, "page.txt")
    root = catalog.contract("Plain").model.root_type
    assert isinstance(root, Record)
    assert {member.name for member in root.members} <= {"Id", "Name"}
    described = result.operations["POST api/plain"].get("description")
    assert described == ("Adds one." if "heading" in name else None)


def test_tables_in_markdown(tmp_path: Path) -> None:
    result, catalog = made(tmp_path, "text-markdown-tables", "page.txt")
    root = catalog.contract("Part").model.root_type
    assert isinstance(root, Record)
    assert [(one.name, one.description) for one in root.members] == [("Id", "The number"), ("Name", "")]
    assert any("'Required' is the server's to check" in guess for guess in result.guesses)


def test_the_frame_around_a_page_is_no_type(tmp_path: Path) -> None:
    page = (CASES / "text-extra-sections" / "page.txt").read_text(encoding="utf-8")
    (tmp_path / "page.txt").write_text(f"{page}\n© 2026 - My ASP.NET Application\nContact\n", encoding="utf-8")
    result = from_help([tmp_path / "page.txt"])
    assert result.operations == {"POST api/plain": {"request": "Plain"}}


# --- ServiceStack ---------------------------------------------------------------------------------------------------


def test_the_metadata_pages_of_servicestack(tmp_path: Path) -> None:
    result, catalog = made(tmp_path, "servicestack", "xml.html", "json.txt")
    assert catalog.contracts() == ["FindParts", "FindPartsResponse"]
    assert result.operations == {
        path: {"request": "FindParts", "response": "FindPartsResponse"}
        for path in ("POST xml/reply/FindParts", "POST json/reply/FindParts")
    }
    xml = f"<FindParts {HEAD}><Name>String</Name><Skip>0</Skip></FindParts>"
    both(catalog.contract("FindParts"), xml, '{"Skip":0,"Name":"String"}')
    answer = catalog.contract("FindPartsResponse")
    assert answer.to_json(tmp_path / "FindPartsResponse.sample.xml") == b'{"Total":0,"Names":["String"]}'


@pytest.mark.parametrize("file", ["xml.html", "json.txt"])
def test_one_page_of_servicestack_is_enough(tmp_path: Path, file: str) -> None:
    _, catalog = made(tmp_path, "servicestack", file)
    assert catalog.contracts() == ["FindParts", "FindPartsResponse"]


# --- the proof ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("&lt;Id&gt;1", "&lt;Id&gt;2", ["the samples differ at /Id for this contract: 2 in XML, 1 in JSON"]),
        ("&lt;Id&gt;1", "&lt;Id&gt;one", ["the XML sample: 'one' is not an integer"]),
        ("&quot;Id&quot;: 1", "&quot;Id&quot;: &quot;1&quot;", ["the JSON sample: '1' is a text; Json.NET reads it"]),
    ],
)
def test_samples_that_are_not_what_was_made_of_them_are_told(
    tmp_path: Path, old: str, new: str, says: list[str]
) -> None:
    page = (CASES / "text-custom-annotation-wrong" / "page.html").read_text(encoding="utf-8")
    assert old in page
    (tmp_path / "page.html").write_text(page.replace(old, new), encoding="utf-8")
    result = from_help([tmp_path / "page.html"])
    write(result, tmp_path / "s")
    found = prove(tmp_path / "s", result.samples)
    assert len(found) == len(says)
    assert all(line.startswith(f"Plain: {start}") for line, start in zip(found, says, strict=True))


# --- members with two names, or in one format -----------------------------------------------------------------------


def test_json_in_camel_case(tmp_path: Path) -> None:
    _, catalog = made(tmp_path, "camelcase-refused")
    xml = f"<Order {HEAD}><CustomerName>sample string 2</CustomerName><Id>1</Id></Order>"
    both(catalog.contract("Order"), xml, '{"id":1,"customerName":"sample string 2"}')


def test_a_member_that_json_calls_otherwise(tmp_path: Path) -> None:
    _, catalog = made(tmp_path, "jsonproperty-wrong")
    xml = f"<Order {HEAD}><Name>sample string 2</Name><OrderId>1</OrderId></Order>"
    both(catalog.contract("Order"), xml, '{"order_id":1,"Name":"sample string 2"}')


def test_members_of_other_names_are_told_by_what_they_hold(tmp_path: Path) -> None:
    page = (CASES / "jsonproperty-wrong" / "page.html").read_text(encoding="utf-8").replace("OrderId", "Number")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    result = from_help([tmp_path / "page.html"])
    write(result, tmp_path / "s")
    assert prove(tmp_path / "s", result.samples) == []
    xml = f"<Order {HEAD}><Name>a</Name><Number>7</Number></Order>"
    both(Catalog(tmp_path / "s").contract("Order"), xml, '{"order_id":7,"Name":"a"}')


def test_nulls_that_json_leaves_out(tmp_path: Path) -> None:
    result, catalog = made(tmp_path, "nulls-omitted")
    xml = f'<Plain {HEAD}><Id>1</Id><Name>sample string 2</Name><Parent i:nil="true" /></Plain>'
    both(catalog.contract("Plain"), xml, '{"Id":1,"Name":"sample string 2"}')
    assert any("nulls are taken to be left out of JSON" in guess for guess in result.guesses)


def test_a_property_without_a_setter_is_of_json_alone(tmp_path: Path) -> None:
    result, catalog = made(tmp_path, "readonly-property-wrong")
    of = catalog.contract("Order")
    xml = f"<Order {HEAD}><Id>1</Id><Name>sample string 2</Name></Order>".encode()
    assert of.to_json(xml) == b'{"Id":1,"Name":"sample string 2"}'
    conversion = of.convert((tmp_path / "Order.sample.json").read_bytes(), "xml")
    assert conversion.data == xml
    assert [one.code for one in conversion.report] == ["loss.member"]
    assert any("taken as one that XML never has" in guess for guess in result.guesses)


def test_a_member_that_json_never_has(tmp_path: Path) -> None:
    page = (CASES / "readonly-property-wrong" / "page.html").read_text(encoding="utf-8")
    page = page.replace("&lt;/Order&gt;", "&lt;Secret&gt;x&lt;/Secret&gt;&lt;/Order&gt;")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    result = from_help([tmp_path / "page.html"])
    write(result, tmp_path / "s")
    assert prove(tmp_path / "s", result.samples) == []
    xml = f"<Order {HEAD}><Id>1</Id><Name>a</Name><Secret>x</Secret></Order>"
    conversion = Catalog(tmp_path / "s").contract("Order").convert(xml.encode(), "json")
    assert conversion.data == b'{"Id":1,"Name":"a"}'
    assert [one.code for one in conversion.report] == ["loss.member"]


def test_fields_of_properties_have_the_names_that_the_compiler_gives(tmp_path: Path) -> None:
    page = (CASES / "camelcase-refused" / "page.html").read_text(encoding="utf-8")
    page = page.replace("Id&gt;", "_x003C_Id_x003E_k__BackingField&gt;").replace("customerName", "CustomerName")
    page = page.replace("&quot;id&quot;", "&quot;&lt;Id&gt;k__BackingField&quot;")
    (tmp_path / "page.html").write_text(page.replace(">Id<", ">&lt;Id&gt;k__BackingField<"), encoding="utf-8")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    (tmp_path / "page.html").write_text(
        re.sub(r"\n\s*Id\s*\n", "\n&lt;Id&gt;k__BackingField\n", page), encoding="utf-8"
    )
    result = from_help([tmp_path / "page.html"])
    write(result, tmp_path / "s")
    assert prove(tmp_path / "s", result.samples) == []
    of = Catalog(tmp_path / "s").contract("Order")
    assert of.to_xml('{"<Id>k__BackingField":7}').count(b"_x003C_Id_x003E_k__BackingField>7<") == 1
