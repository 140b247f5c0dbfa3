from pathlib import Path

import pytest

from convtool.errors import ContractError
from convtool.model.contract import Array, Contract, Dictionary, Enumeration, Record, Scalar
from convtool.model.xsd import _built, compile_xsd, root_elements
from tests.model.schemas import XSD, xsd
from tests.support import ROOT

EXPORTED = ROOT / "tests" / "data" / "contracts" / "xsd"


def compiled(tmp_path: Path, content: str = XSD, name: str = "Order") -> Contract:
    path = tmp_path / "a.xsd"
    path.write_text(xsd(content), encoding="utf-8")
    return compile_xsd(path, name)


def record(content: str) -> str:
    """Give an Order whose members are ``content``."""
    return (
        '<xs:element name="Order" nillable="true" type="t:Order"/>'
        f'<xs:complexType name="Order"><xs:sequence>{content}</xs:sequence></xs:complexType>'
    )


# --- what becomes of it ---------------------------------------------------------------------------------------------


def test_a_record_has_its_members_in_the_order_of_xml(tmp_path: Path) -> None:
    contract = compiled(tmp_path)
    assert (contract.name, contract.namespace, contract.root, contract.nillable) == (
        "Order",
        "urn:t",
        "{urn:t}Order",
        True,
    )
    order = contract.root_type
    assert isinstance(order, Record)
    assert [(m.name, m.namespace, m.nillable, m.required) for m in order.members] == [
        ("Amount", "urn:t", False, False),
        ("Lines", "urn:t", True, False),
        ("State", "urn:t", False, False),
        ("Title", "urn:t", True, True),
    ]


def test_lists_enumerations_and_simple_types(tmp_path: Path) -> None:
    types = compiled(tmp_path).types
    lines = types["{urn:t}ArrayOfLine"]
    assert isinstance(lines, Array)
    assert (lines.item.name, lines.item.nillable, lines.item.required) == ("Line", True, False)
    assert types["{urn:t}State"] == Enumeration("{urn:t}State", (("Open", 0), ("Shut", 1)))
    assert types["{http://www.w3.org/2001/XMLSchema}int"] == Scalar("{http://www.w3.org/2001/XMLSchema}int", "int")


def _numbered(number: str) -> str:
    mark = f'<EnumerationValue xmlns="http://schemas.microsoft.com/2003/10/Serialization/">{number}</EnumerationValue>'
    value = f'<xs:enumeration value="A"><xs:annotation><xs:appinfo>{mark}</xs:appinfo></xs:annotation></xs:enumeration>'
    kind = f'<xs:simpleType name="E"><xs:restriction base="xs:string">{value}</xs:restriction></xs:simpleType>'
    return record('<xs:element name="A" type="t:E"/>') + kind


@pytest.mark.parametrize("number", [-(2**63), -1, 2**63, 2**64 - 1])
def test_an_enumerations_number_is_a_long_or_an_ulong(tmp_path: Path, number: int) -> None:
    assert compiled(tmp_path, _numbered(str(number))).types["{urn:t}E"] == Enumeration("{urn:t}E", (("A", number),))


@pytest.mark.parametrize("number", [str(2**64), str(-(2**63) - 1), "--1", "1.0", "", "\u0661"])
def test_a_number_that_no_enumeration_has_is_refused(tmp_path: Path, number: str) -> None:
    with pytest.raises(ContractError, match="the number of 'A' is"):
        compiled(tmp_path, _numbered(number))


def test_everything_that_dotnets_exporter_writes() -> None:
    facture = compile_xsd(EXPORTED / "schemas.datacontract.org_2004_07_Boutique.Models.xsd", "Facture")
    kinds = {key.rpartition("}")[2]: kind for key, kind in facture.types.items()}
    canal, droits = kinds["Canal"], kinds["Droits"]
    assert isinstance(canal, Enumeration)
    assert canal.values == (("Web", 1), ("Telephone", 2), ("Magasin", 4))  # ser:EnumerationValue
    assert isinstance(droits, Enumeration)
    assert droits.flags
    assert any(isinstance(kind, Dictionary) for kind in kinds.values())
    arbre = compile_xsd(EXPORTED / "urn_foret_2024.xsd", "Arbre")
    root = arbre.root_type
    assert isinstance(root, Record)
    assert [m.name for m in root.members][:1] == ["Nom"]  # the base class first
    assert {m.name: (m.required, m.emit_default) for m in root.members}["Espece"] == (True, True)
    assert {m.name: (m.required, m.emit_default) for m in root.members}["Hauteur"] == (False, False)
    assert {m.name: m.namespace for m in root.members}["Nom"] == "urn:foret:2020"


def test_a_date_or_a_datetime(tmp_path: Path) -> None:
    union = '<xs:simpleType name="D"><xs:union memberTypes="xs:dateTime xs:date"/></xs:simpleType>'
    contract = compiled(tmp_path, record('<xs:element name="A" type="t:D"/>') + union)
    assert contract.types["{urn:t}D"] == Scalar("{urn:t}D", "dateOrDateTime")


def test_what_the_model_cannot_hold_is_noted(tmp_path: Path) -> None:
    facet = '<xs:restriction base="xs:string"><xs:maxLength value="3"/></xs:restriction>'
    facets = f'<xs:simpleType name="S">{facet}</xs:simpleType>'
    contract = compiled(
        tmp_path, record('<xs:element name="A" type="t:S"/><xs:element name="B" type="xs:int" default="3"/>') + facets
    )
    assert contract.types["{urn:t}S"] == Scalar("{urn:t}S", "string")
    assert [note.partition(": ")[2] for note in contract.extra] == [
        "Order/A: facets of {urn:t}S: maxLength",
        "Order/B: a default or fixed value",
    ]


def test_descriptions_are_kept(tmp_path: Path) -> None:
    told = "<xs:annotation><xs:documentation> Combien ? </xs:documentation></xs:annotation>"
    contract = compiled(tmp_path, record(f'<xs:element name="A" type="xs:int">{told}</xs:element>'))
    assert contract.root_type.members[0].description == "Combien ?"  # type: ignore[union-attr]


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            record('<xs:element name="A" type="xs:gYear"/>'),
            "Order/A: the type .*gYear is none that data contracts have",
        ),
        (record('<xs:element name="A" type="xs:int" maxOccurs="3"/>'), "repeats A"),
        (
            record('<xs:element name="A" type="xs:int"/><xs:element name="B" type="xs:int" maxOccurs="unbounded"/>'),
            "repeats B",
        ),
        (
            record('<xs:choice><xs:element name="A" type="xs:int"/><xs:element name="B" type="xs:int"/></xs:choice>'),
            "not a sequence",
        ),
        (
            record('<xs:element name="A" type="t:M"/>')
            + '<xs:complexType name="M" mixed="true"><xs:sequence/></xs:complexType>',
            "mixed content",
        ),
        (
            record('<xs:element name="A" type="t:M"/>')
            + '<xs:complexType name="M"><xs:attribute name="x"/></xs:complexType>',
            "has the attribute x",
        ),
        (
            record('<xs:element name="A" type="t:U"/>')
            + '<xs:simpleType name="U"><xs:union memberTypes="xs:int xs:date"/></xs:simpleType>',
            "a union of",
        ),
        (
            record('<xs:element name="A" type="t:F"/>')
            + '<xs:simpleType name="F"><xs:list><xs:simpleType><xs:restriction base="xs:string"/></xs:simpleType>'
            "</xs:list></xs:simpleType>",
            "without names",
        ),
        (
            record('<xs:element name="A" type="t:F"/>')
            + '<xs:simpleType name="F"><xs:list itemType="xs:int"/></xs:simpleType>',
            "without names",
        ),
        (
            record(
                '<xs:element name="A" type="xs:int"><xs:annotation><xs:appinfo><x xmlns="a&#13;b"/></xs:appinfo>'
                "</xs:annotation></xs:element>"
            ),
            "xmlschema refuses the schema",
        ),
        *(
            (
                record('<xs:element name="A" type="t:D"/>')
                + '<xs:simpleType name="D"><xs:restriction base="xs:duration">'
                f'<xs:minInclusive value="-P{days}D"/><xs:maxInclusive value="P{days}D"/>'
                "</xs:restriction></xs:simpleType>",
                "xmlschema refuses the schema",
            )
            for days in (1_067_519_199, 1_067_510_675_199)
        ),
        (
            record('<xs:element name="A" type="t:E"/>')
            + '<xs:simpleType name="E"><xs:restriction><xs:enumeration value="a"/></xs:restriction></xs:simpleType>',
            "xmlschema refuses the schema: it is not understood",
        ),
        (record('<xs:element name="A" type="t:Missing"/>'), "xmlschema refuses the schema"),
        ("<xs:element/>", "xmlschema refuses the schema"),
        ("", "there is no global element 'Order'"),
    ],
)
def test_what_no_data_contract_has_is_an_error_with_its_place(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(ContractError, match=says) as error:
        compiled(tmp_path, content)
    assert "a.xsd" in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<",
        "<a/>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">&e;</xs:schema>',
    ],
)
def test_files_that_are_no_schemas(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.xsd"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"a\.xsd"):
        compile_xsd(path, "Order")


@pytest.mark.parametrize("location", ["http://example.invalid/x.xsd", "file:///etc/passwd", "../outside.xsd"])
def test_nothing_outside_of_the_folder_is_read(tmp_path: Path, location: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "outside.xsd").write_text(xsd("").replace("urn:t", "urn:o"), encoding="utf-8")
    path = inside / "a.xsd"
    text = xsd(
        f'<xs:import namespace="urn:o" schemaLocation="{location}"/>' + record('<xs:element name="A" type="xs:int"/>')
    )
    path.write_text(text, encoding="utf-8")
    try:
        contract = compile_xsd(path, "Order")
    except ContractError as error:
        assert "a.xsd" in str(error)  # noqa: PT017 - refusing is as good as not reading
    else:
        assert set(contract.types) == {"{urn:t}Order", "{http://www.w3.org/2001/XMLSchema}int"}


def test_the_roots_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xsd"
    path.write_text(xsd(), encoding="utf-8")
    assert root_elements(path) == ("urn:t", {"Order": True})


def test_a_folder_that_is_refused_is_built_once_for_all_its_contracts(tmp_path: Path) -> None:
    text = "".join(f'<xs:element name="E{index}" type="{{}}" />' for index in range(5))
    schema = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{text.replace("{}", "xs:nothing")}</xs:schema>'
    (tmp_path / "a.xsd").write_text(schema, "utf-8")
    _built.cache_clear()
    for index in range(5):
        with pytest.raises(ContractError, match="xmlschema refuses the schema"):
            compile_xsd(tmp_path / "a.xsd", f"E{index}")
    assert _built.cache_info().misses == 1


def test_an_encoding_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xsd"
    path.write_bytes('\ufeff<?xml version="1.0" encoding="uttf-16"?><a/>'.encode("utf-16-le"))
    with pytest.raises(ContractError, match="not a readable XSD: unknown encoding"):
        root_elements(path)
