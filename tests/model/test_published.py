"""Schema sets as services publish them: each is a kind of what .NET's exporter writes, or of what people do to it."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from convtool.authoring.check import check_folder
from convtool.authoring.derive import derive, write
from convtool.catalog import Catalog
from convtool.errors import ContractError, PayloadError
from convtool.model.contract import Anything, Record
from convtool.model.files import in_utf8
from convtool.sample import sample
from convtool.testing.generate import Generator
from tests.model.schemas import write as write_schemas
from tests.model.schemas import xsd
from tests.recordings import DATA
from tests.support import XSI, errors

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.convert import Codec

CASES = DATA / "cases" / "schemas"
I = f'xmlns:i="{XSI}"'  # noqa: E741 - the prefix
CLR = "http://schemas.datacontract.org/2004/07/"
DIFFGRAM = (
    '<xs:schema id="Set" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:m="urn:schemas-microsoft-com:xml-msdata"><xs:element name="Set" m:IsDataSet="true"/></xs:schema>'
    '<d:diffgram xmlns:d="urn:schemas-microsoft-com:xml-diffgram-v1">'
    '<Set xmlns=""><Row d:id="Row1"><Total>1</Total></Row></Set></d:diffgram>'
)


def case(name: str, schemas: str = "schemas") -> tuple[Path, Catalog]:
    """Give a case's folder, and the catalog of one of its folders of schemas."""
    return CASES / name, Catalog(CASES / name / schemas)


def derived(tmp_path: Path, folder: Path, *roots: str) -> Catalog:
    """Give the catalog of a folder of XSDs, whose JSON halves are made anew."""
    shutil.copytree(folder, tmp_path / "s")
    for old in (tmp_path / "s").glob("*.schema.json"):
        old.unlink()
    write(derive([tmp_path / "s"], roots=roots), tmp_path / "s")
    return Catalog(tmp_path / "s")


def both(of: Codec, xml: str, json: str) -> None:
    """Convert both ways without a loss; the XML is as .NET writes it."""
    assert of.convert(xml.encode(), "json", lossless=True, verify=True).data == json.encode()
    assert of.convert(json.encode(), "xml", lossless=True, verify=True).data == xml.encode()
    assert of.compare(xml.encode(), json.encode()) == []


# --- records --------------------------------------------------------------------------------------------------------


def test_a_record_within_a_record_is_read_from_its_own_members() -> None:
    path, catalog = case("01-json-fast-lane-crash")
    content = "<Tool><Number>1</Number><Label>saw</Label></Tool><Until>2026-01-01T00:00:00</Until>"
    xml = f'<Loan {I} xmlns="{CLR}Acme.Lending">{content}</Loan>'
    both(catalog.contract("Loan"), xml, (path / "loan.json").read_text().strip())


def test_random_samples_of_records_that_hold_each_other_are_bounded() -> None:
    _, catalog = case("07-sample-seed-explodes")
    of = catalog.contract("Part0")
    assert len(of.write_json(Generator(of, seed=1).value())) < 10_000_000


@pytest.mark.parametrize("schemas", ["schemas", "plain"])
def test_a_record_without_members_is_an_empty_element_and_an_empty_object(schemas: str) -> None:
    path, catalog = case("17-empty-base-record", schemas)
    of = catalog.contract("Holder")
    both(of, f'<Holder {I} xmlns="{CLR}Acme.Rules"><Rule /></Holder>', (path / "h.json").read_text().strip())
    assert of.to_json(path / "h.xml") == b'{"Rule":{}}'


# --- enumerations ---------------------------------------------------------------------------------------------------


def test_flags_may_have_a_negative_number(tmp_path: Path) -> None:
    path, catalog = case("15-negative-flags")
    for of in (catalog.contract("Thing"), derived(tmp_path, path / "schemas").contract("Thing")):
        both(of, f'<Thing {I} xmlns="{CLR}Acme.Flags"><R>All</R></Thing>', '{"R":-1}')
        assert of.to_json(path / "t.xml") == b'{"R":-1}'


@pytest.mark.parametrize("engine", ["on", "off"])
@pytest.mark.parametrize(
    ("xml", "json"),
    [("Low High", 2**63 + 1), ("All", 2**64 - 1), ("None", 0), ("High", 2**63)],
)
def test_flags_go_up_to_the_largest_number_of_64_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, xml: str, json: int
) -> None:
    if engine == "off":
        monkeypatch.setattr("convtool.formats.lane.library", lambda: None)
    numbers = {"None": 0, "Low": 1, "High": 2**63, "All": 2**64 - 1}
    tell = '<EnumerationValue xmlns="http://schemas.microsoft.com/2003/10/Serialization/">{}</EnumerationValue>'
    values = "".join(
        f'<xs:enumeration value="{name}"><xs:annotation><xs:appinfo>{tell.format(number)}</xs:appinfo></xs:annotation>'
        "</xs:enumeration>"
        for name, number in numbers.items()
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.xsd").write_text(
        xsd(
            '<xs:element name="T" nillable="true" type="t:T"/><xs:complexType name="T"><xs:sequence>'
            '<xs:element minOccurs="0" name="F" type="t:F"/></xs:sequence></xs:complexType><xs:simpleType name="F">'
            f'<xs:list><xs:simpleType><xs:restriction base="xs:string">{values}</xs:restriction></xs:simpleType>'
            "</xs:list></xs:simpleType>"
        )
    )
    both(
        derived(tmp_path, tmp_path / "a").contract("T"),
        f'<T {I} xmlns="urn:t"><F>{xml}</F></T>',
        f'{{"F":{json}}}',
    )


# --- content that is its type's own ---------------------------------------------------------------------------------


def test_a_data_table_is_opaque_and_its_neighbours_are_members(tmp_path: Path) -> None:
    catalog = derived(tmp_path, CASES / "09-datatable" / "schemas")
    of = catalog.contract("Report")
    root = of.model.root_type
    assert isinstance(root, Record)
    assert [type(of.model.types[one.type]).__name__ for one in root.members] == ["Anything", "Scalar"]
    assert check_folder(catalog.folder.path) == []
    xml = f'<Report {I} xmlns="{CLR}Acme.Report"><Rows>{DIFFGRAM}</Rows><Title>x</Title></Report>'
    json = of.convert(xml.encode(), "json", lossless=True, verify=True).data
    assert of.to_xml(json) == xml.encode()
    with pytest.raises(PayloadError):
        of.to_json(xml.replace("<Title>", "<Titel>").replace("</Title>", "</Titel>").encode())


@pytest.mark.parametrize(
    "content",
    [
        '<xs:element ref="xs:schema"/><xs:any/>',  # DataSet, as svcutil writes it
        '<xs:any minOccurs="0" processContents="lax"/>',  # XElement, XmlElement
        '<xs:any minOccurs="0" maxOccurs="unbounded" namespace="##local" processContents="skip"/>',  # ISerializable
    ],
)
@pytest.mark.short(2)
def test_whatever_writes_its_own_xml_is_opaque(tmp_path: Path, content: str) -> None:
    (tmp_path / "a").mkdir()
    record = '<xs:element minOccurs="0" name="A" nillable="true" type="t:O"/>'
    (tmp_path / "a" / "a.xsd").write_text(
        xsd(
            '<xs:element name="T" nillable="true" type="t:T"/><xs:complexType name="T"><xs:sequence>'
            f'{record}<xs:element minOccurs="0" name="B" type="xs:int"/></xs:sequence></xs:complexType>'
            f'<xs:complexType name="O"><xs:sequence>{content}</xs:sequence></xs:complexType>'
        )
    )
    of = derived(tmp_path, tmp_path / "a", "T").contract("T")
    assert isinstance(of.model.types["{urn:t}O"], Anything)
    inner = DIFFGRAM if "schema" in content else '<Row xmlns=""><C>1</C></Row>'
    xml = f'<T {I} xmlns="urn:t"><A>{inner}</A><B>1</B></T>'.encode()
    assert of.to_xml(of.convert(xml, "json", lossless=True, verify=True).data) == xml


def test_any_beside_members_is_no_data_contract_and_says_so(tmp_path: Path) -> None:
    folder = write_schemas(tmp_path / "s")
    text = (folder / "Order.xsd").read_text()
    day = '<xs:element minOccurs="0" name="Day" type="xs:dateTime"/>'
    assert day in text
    (folder / "Order.xsd").write_text(text.replace(day, f'{day}<xs:any minOccurs="0"/>'))
    with pytest.raises(ContractError, match="Line has xs:any beside the member Day"):
        Catalog(folder).contract("Order")


def test_a_type_derived_from_an_iserializable_one_is_opaque_too(tmp_path: Path) -> None:
    path, catalog = case("12-derived-of-iserializable")
    for of in (one.contract("Trouble") for one in (catalog, derived(tmp_path, path / "schemas", "Trouble"))):
        xml = (path / "trouble.xml").read_text().strip()
        json = of.convert(xml.encode(), "json", lossless=True, verify=True).data
        assert of.compare(of.to_xml(json), xml.encode()) == []
        assert b'<Code xmlns="" i:type="x:int"' in of.to_xml(json)
    assert check_folder(path / "schemas") == []
    big = catalog.contract("BigTrouble")
    assert big.to_xml(big.to_json(f'<BigTrouble {I} xmlns="{CLR}Acme.Err"><A xmlns=""/></BigTrouble>'.encode()))


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ('<A><p:a xmlns:p="urn:u"/></A>', '<A xmlns:q="urn:u"><q:a/></A>', True),
        ('<A><a xmlns="urn:u">1</a></A>', '<A><p:a xmlns:p="urn:u">1</p:a></A>', True),
        ('<A><a xmlns="urn:u" b="1" c="2"/></A>', "<A>\n <a xmlns='urn:u' c='2' b='1'/>\n</A>", True),
        ('<A><a i:type="p:T" xmlns:p="urn:u"/></A>', '<A><a i:type="q:T" xmlns:q="urn:u"/></A>', True),
        ('<A><a i:type="p:T" xmlns:p="urn:u"/></A>', '<A><a i:type="p:T" xmlns:p="urn:v"/></A>', False),
        ('<A><a xmlns="urn:u">1</a></A>', '<A><a xmlns="urn:v">1</a></A>', False),
        ('<A><a xmlns="urn:u">1</a></A>', '<A><a xmlns="urn:u"> 1</a></A>', False),
    ],
)
@pytest.mark.short(2)
def test_prefixes_of_opaque_content_are_no_difference(tmp_path: Path, left: str, right: str, same: bool) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.xsd").write_text(
        xsd(
            '<xs:element name="T" nillable="true" type="t:T"/><xs:complexType name="T"><xs:sequence>'
            '<xs:element minOccurs="0" name="A" nillable="true"><xs:complexType><xs:sequence>'
            '<xs:any processContents="skip"/></xs:sequence></xs:complexType></xs:element>'
            "</xs:sequence></xs:complexType>"
        )
    )
    of = derived(tmp_path, tmp_path / "a").contract("T")
    documents = [f'<T {I} xmlns="urn:t">{one}</T>'.encode() for one in (left, right)]
    assert (of.compare(*documents) == []) is same


# --- members of anyType -----------------------------------------------------------------------------------------------

BOX = f'<Box {I} xmlns="{CLR}Acme.Box">{{}}</Box>'
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"


def typed(name: str, depth: int = 2) -> str:
    return f'i:type="d{depth}p1:{name}" xmlns:d{depth}p1="http://www.w3.org/2001/XMLSchema"'


def test_what_json_net_writes_of_values_whose_type_xml_says() -> None:
    path, catalog = case("05-anytype")
    of = catalog.contract("Box")
    conversion = of.convert((path / "box.xml").read_bytes(), "json")
    assert conversion.data == b'{"A":2,"B":{"N":3}}'
    assert [(one.code, one.path) for one in conversion.report] == [("loss.type", "/A")]  # a long, which JSON has as 2
    plain = (path / "plain.json").read_bytes().strip()
    xml = BOX.format(f'<A {typed("int")}>2</A><B i:type="Item"><N>3</N></B>').encode()
    assert of.convert(plain, "xml", lossless=True, verify=True).data == xml
    assert of.to_json(xml, lossless=True) == plain
    assert of.to_json((path / "box.json").read_bytes()) == (path / "plain.json").read_bytes().strip()


def test_an_integer_of_json_is_a_long_to_dotnet() -> None:
    path, catalog = case("05-anytype")
    expected = BOX.format(f'<A {typed("long")}>2</A><B i:nil="true" />').encode()
    assert catalog.contract("Box").to_xml((path / "p2.json").read_bytes(), profile="dotnet") == expected
    kept = BOX.format(f"<A {typed('int')}>2</A>").encode()
    assert b'p1:int"' in catalog.contract("Box").to_xml(kept, profile="dotnet")  # XML has said what it is


@pytest.mark.parametrize(
    ("json", "xml"),
    [
        ("{}", "<A />"),  # new object()
        (
            '["x",null]',
            (
                f'<A i:type="d2p1:ArrayOfanyType" xmlns:d2p1="{ARRAYS}">'
                f'<d2p1:anyType {typed("string", 3)}>x</d2p1:anyType><d2p1:anyType i:nil="true" /></A>'
            ),
        ),
        ("[]", f'<A i:type="d2p1:ArrayOfanyType" xmlns:d2p1="{ARRAYS}" />'),
        (
            '{"a b":true}',
            (
                f'<A i:type="d2p1:ArrayOfKeyValueOfstringanyType" xmlns:d2p1="{ARRAYS}"><d2p1:KeyValueOfstringanyType>'
                f"<d2p1:Key>a b</d2p1:Key><d2p1:Value {typed('boolean', 4)}>true</d2p1:Value>"
                "</d2p1:KeyValueOfstringanyType></A>"
            ),
        ),
        ('{"N":3}', '<A i:type="Item"><N>3</N></A>'),  # the one record that has these members
        ('{"N":3,"M":1}', None),
        ('{"N":"x"}', None),  # which is none of its type
    ],
)
@pytest.mark.short(2)
def test_json_of_any_shape_in_xml_and_back(json: str, xml: str | None) -> None:
    of = case("05-anytype")[1].contract("Box")
    payload = f'{{"A":{json}}}'.encode()
    written = of.convert(payload, "xml", lossless=True, verify=True).data
    assert xml is None or written == BOX.format(xml).encode()
    assert of.to_json(written, lossless=True) == payload


@pytest.mark.parametrize(
    ("xml", "json"),
    [
        ('<A i:type="x:ArrayOfint" xmlns:x="{arrays}"><x:int>1</x:int><x:int>2</x:int></A>', "[1,2]"),
        ('<A i:type="x:guid" xmlns:x="{ser}">77449d30-0eaf-72d2-8c0e-e754e933388c</A>',
         '"77449d30-0eaf-72d2-8c0e-e754e933388c"'),
        ('<A i:type="x:unsignedByte" xmlns:x="{xsd}">7</A>', "7"),
        ('<A i:type="x:decimal" xmlns:x="{xsd}">7</A>', "7.0"),
    ],
)  # fmt: skip
@pytest.mark.short(2)
def test_values_of_the_types_that_dotnet_always_knows(xml: str, json: str) -> None:
    of = case("05-anytype")[1].contract("Box")
    names = {"arrays": ARRAYS, "ser": ARRAYS.removesuffix("Arrays"), "xsd": "http://www.w3.org/2001/XMLSchema"}
    conversion = of.convert(BOX.format(xml.format(**names)).encode(), "json")
    assert conversion.data == f'{{"A":{json}}}'.encode()
    assert {one.code for one in conversion.report} <= {"loss.type", "loss.scale"}
    assert conversion.report.diagnostics


@pytest.mark.parametrize(
    "xml",
    [
        '<A i:type="Lost"><N>3</N></A>',  # no file declares it
        '<A i:type="Item"><N>x</N></A>',
        '<A i:type="Item"><M>3</M></A>',
        "<A><N>3</N></A>",  # an XmlElement, perhaps
    ],
)
@pytest.mark.short(2)
def test_what_is_of_no_known_type_is_kept_as_it_came(xml: str) -> None:
    of = case("05-anytype")[1].contract("Box")
    document = BOX.format(xml).encode()
    json = of.to_json(document, profile="dotnet") if "Lost" not in xml and "Item" not in xml else None
    if json is None:
        assert errors(of.validate(document)) == ["value.schema"]  # the XSD knows better
    else:
        assert b"#xml" in json
        assert of.to_xml(json).startswith(document[: document.index(b"</Box>")])


def test_a_number_that_xml_writes_another_way_is_told() -> None:
    conversion = case("05-anytype")[1].contract("Box").convert(b'{"A":[1e2]}', "xml")
    assert [one.code for one in conversion.report] == ["loss.lexical"]


# --- encodings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16", "shift_jis"])
def test_an_xsd_is_read_in_the_encoding_that_it_says(tmp_path: Path, encoding: str) -> None:
    of = derived(tmp_path, CASES / "13-xsd-encodings" / encoding).contract("Enc")
    root = of.model.root_type
    assert isinstance(root, Record)
    assert [len(one.name) for one in root.members]
    assert of.validate(of.write_xml(sample(of.model, of.instances))).valid


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("utf-16-declared-utf-8", 'it says encoding="utf-16", but its bytes are not UTF-16'),
        ("doctype", "External references are forbidden"),
    ],
)
def test_an_xsd_that_is_not_read_says_why(tmp_path: Path, folder: str, says: str) -> None:
    with pytest.raises(ContractError, match=says):
        derived(tmp_path, CASES / "13-xsd-encodings" / folder)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "its encoding is 'klingon', which is not known here"),
        (b'<?xml version="1.0" encoding="shift_jis"?><a>\x81</a>', "its bytes are not 'shift_jis', as it says"),
    ],
)
def test_an_encoding_that_is_none(content: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        in_utf8(content)


# --- one that cannot be had -----------------------------------------------------------------------------------------

BAD = (
    '<xs:element name="Bad" nillable="true" type="t:Bad"/>'
    '<xs:complexType name="Bad"><xs:attribute name="x"/></xs:complexType>'
)


def test_one_contract_that_cannot_be_had_leaves_the_others(tmp_path: Path) -> None:
    folder = write_schemas(tmp_path / "s")
    (folder / "Order.schema.json").unlink()
    (folder / "Bad.xsd").write_text(xsd(BAD).replace("urn:t", "urn:bad"))
    (folder / "torn.xsd").write_text("<xs:schema")
    left_out: dict[str, str] = {}
    found = derive([folder], left_out=left_out)
    assert [one.name for one in found] == ["Order"]
    assert list(left_out) == ["torn.xsd", "Bad"]
    assert "not a readable XSD" in left_out["torn.xsd"]
    assert "Bad has the attribute x" in left_out["Bad"]
    with pytest.raises(ContractError, match=r"torn\.xsd: not a readable XSD"):
        derive([folder])


def test_a_broken_contract_of_a_folder_is_said_where_it_is_meant(tmp_path: Path) -> None:
    folder = write_schemas(tmp_path / "s")
    (folder / "Bad.xsd").write_text(xsd(BAD).replace("urn:t", "urn:bad"))
    (folder / "torn.xsd").write_text("<xs:schema")
    (folder / "Lost.schema.json").write_text('{"type":"object","properties":{"Title":{}}}')
    catalog = Catalog(folder)
    order: Any = '<Order xmlns="urn:t"><Title>a</Title></Order>'
    assert catalog.detect(order) == ("Order", "xml")
    assert catalog.detect('{"Title":"a"}') == ("Order", "json")
    assert catalog.detect('<Lost xmlns="urn:l"/>') == ("Lost", "xml")
    with pytest.raises(ContractError, match=r"torn\.xsd: not a readable XSD"):
        catalog.contract("Lost")
    with pytest.raises(PayloadError) as caught:
        catalog.detect('{"other":1}')
    assert errors(caught.value.report) == ["root.name"]
    assert "Lost cannot be had" in str(caught.value)


# --- objects that are numbered --------------------------------------------------------------------------------------

Z = 'xmlns:z="http://schemas.microsoft.com/2003/10/Serialization/"'
TEAM = f'<Team {I} {Z} xmlns="{CLR}Acme.Org">{{}}</Team>'


@pytest.mark.parametrize("engine", ["on", "off"])
def test_numbers_of_preserved_references_are_read_by_the_dotnet_profile(
    monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    if engine == "off":
        monkeypatch.setattr("convtool.formats.lane.library", lambda: None)
    path, catalog = case("03-preserve-object-references")
    conversion = catalog.contract("Team").convert((path / "team.xml").read_bytes(), "json", profile="dotnet")
    assert conversion.data == b'{"Lead":{"Name":"Ada"},"Members":[{"Name":"Ada"}]}'
    assert {one.code for one in conversion.report} == {"loss.attribute", "graph.reference"}
    with pytest.raises(PayloadError) as caught:
        catalog.contract("Team").to_json((path / "team.xml").read_bytes())
    assert set(errors(caught.value.report)) == {"attribute.unknown"}


def test_numbers_of_types_that_have_identities(tmp_path: Path) -> None:
    path, catalog = case("03-preserve-object-references", "isref")
    conversion = catalog.contract("Team").convert((path / "team-isref.xml").read_bytes(), "json", profile="dotnet")
    assert conversion.data.endswith(b'"Members":[{"$id":"2","Name":"Ada"}]}')
    assert errors(conversion.report) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('<Lead z:Ref="9" i:nil="true" />', "graph.cycle"),  # never given
        ('<Lead z:Id="1"><Name z:Id="2">Ada</Name></Lead><Members><Worker z:Ref="2" /></Members>', "value.kind"),
        ('<Lead z:Id="1"><Name z:Id="1">Ada</Name></Lead>', "graph.duplicate"),
        ('<Lead z:Id="1"><Name>Ada</Name></Lead><Members z:Id="2"><Worker z:Ref="2" /></Members>', "graph.cycle"),
    ],
)
def test_references_that_lead_nowhere_are_errors(content: str, code: str) -> None:
    _, catalog = case("03-preserve-object-references")
    report = catalog.contract("Team").validate(TEAM.format(content).encode(), profile="dotnet")
    assert errors(report) == [code]


@pytest.mark.parametrize("engine", ["on", "off"])
def test_references_lead_from_record_to_record_of_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    if engine == "off":
        monkeypatch.setattr("convtool.formats.lane.library", lambda: None)
    shutil.copytree(CASES / "03-preserve-object-references" / "schemas", tmp_path / "a")
    file = tmp_path / "a" / "Acme.Org.xsd"
    root = '<xs:element name="ArrayOfWorker" nillable="true" type="tns:ArrayOfWorker"/></xs:schema>'
    file.write_text(file.read_text().replace("</xs:schema>", root))
    of = derived(tmp_path, tmp_path / "a", "ArrayOfWorker")
    workers = '<Worker z:Id="2"><Name>Ada</Name></Worker><Worker><Name>Bo</Name></Worker>'
    workers += '<Worker z:Ref="2" i:nil="true"/>'
    document = TEAM.replace("Team", "ArrayOfWorker").format(workers).encode()
    expected = b'[{"Name":"Ada"},{"Name":"Bo"},{"Name":"Ada"}]'
    assert of.contract("ArrayOfWorker").to_json(document, profile="dotnet") == expected
    sink = io.BytesIO()
    of.contract("ArrayOfWorker").convert_stream(io.BytesIO(document), sink, "json", profile="dotnet")
    assert sink.getvalue() == expected


# --- names that XML escapes -----------------------------------------------------------------------------------------


def test_names_that_xml_escapes_are_json_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.xsd").write_text(
        xsd(
            '<xs:element name="T" nillable="true" type="t:T"/><xs:complexType name="T"><xs:sequence>'
            '<xs:element name="_x003C_Id_x003E_k__BackingField" type="xs:int"/>'
            '<xs:element name="a_x0020_b" type="xs:int"/><xs:element name="m_Item1" type="xs:int"/>'
            "</xs:sequence></xs:complexType>"
        )
    )
    of = derived(tmp_path, tmp_path / "a").contract("T")
    content = "<_x003C_Id_x003E_k__BackingField>1</_x003C_Id_x003E_k__BackingField><a_x0020_b>2</a_x0020_b>"
    both(
        of,
        f'<T {I} xmlns="urn:t">{content}<m_Item1>3</m_Item1></T>',
        '{"<Id>k__BackingField":1,"a b":2,"m_Item1":3}',
    )
