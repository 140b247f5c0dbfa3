"""Contracts whose schemas say more than the model: what the dotnet profile takes is judged as the schemas spell it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from convtool import Catalog
from convtool.authoring.derive import derive, schema_text

if TYPE_CHECKING:
    from pathlib import Path

    from convtool import ContractCodec

XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t"
 elementFormDefault="qualified">
<xs:simpleType name="Recent">
 <xs:restriction base="xs:date"><xs:minInclusive value="2020-01-01"/></xs:restriction>
</xs:simpleType>
<xs:complexType name="Fiche"><xs:sequence>
<xs:element name="Jour" type="xs:date" minOccurs="0"/>
<xs:element name="Apres" type="Recent" minOccurs="0"/>
<xs:element name="Quand" type="xs:dateTime" minOccurs="0"/>
</xs:sequence></xs:complexType>
<xs:element name="Fiche" type="Fiche" nillable="true"/>
</xs:schema>"""


def of_xsd(xsd: str, name: str, folder: Path) -> ContractCodec:
    """Give the codec of an XSD, with the JSON Schema that is derived from it."""
    (folder / f"{name}.xsd").write_text(xsd, "utf-8")
    [derived] = derive([folder / f"{name}.xsd"])
    (folder / derived.file).write_text(schema_text(derived.schema), "utf-8")
    return Catalog(folder).contract(name)


@pytest.fixture(scope="module")
def fiche(tmp_path_factory: pytest.TempPathFactory) -> ContractCodec:
    return of_xsd(XSD, "Fiche", tmp_path_factory.mktemp("fiche"))


@pytest.mark.parametrize(
    ("payload", "written"),
    [
        (b'<Fiche xmlns="urn:t"><Jour>2024-01-05T00:00:00</Jour></Fiche>', b'"Jour":"2024-01-05T00:00:00"'),
        (b'<Fiche xmlns="urn:t"><Apres>2024-01-05T10:00:00Z</Apres></Fiche>', b'"Apres":"2024-01-05T10:00:00Z"'),
        (b'{"Jour":"2024-01-05T00:00:00"}', b'"Jour":"2024-01-05T00:00:00"'),
        (b'{"Quand":"\\/Date(1700000000000)\\/"}', b'"Quand":"2023-11-14T22:13:20Z"'),
        (b'{"Quand":"2024-01-05"}', b'"Quand":"2024-01-05T00:00:00"'),
    ],
)
def test_dates_that_dotnet_reads_are_no_fault_of_the_schemas(
    fiche: ContractCodec, payload: bytes, written: bytes
) -> None:
    assert fiche.validate(payload, profile="dotnet").valid
    assert written in fiche.convert(payload, "json", profile="dotnet").data
    assert not fiche.validate(payload).valid


def test_a_day_with_a_time_is_held_against_the_bounds_of_days(fiche: ContractCodec) -> None:
    report = fiche.validate(b'<Fiche xmlns="urn:t"><Apres>2019-01-05T10:00:00</Apres></Fiche>', profile="dotnet")
    assert {one.code for one in report if one.severity == "error"} == {"value.schema"}


def test_comments_in_markup_are_nothing_to_the_schemas(tmp_path: Path) -> None:
    any_type = '<xs:element name="Z" type="xs:anyType"/></xs:sequence>'
    of = of_xsd(XSD.replace("</xs:sequence>", any_type), "Fiche", tmp_path)
    x = 'xmlns="urn:t" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
    for inside in ("1<!--c-->", "<!--c-->1<?p?>"):
        document = f'<Fiche {x}><Z i:type="x:int" xmlns:x="http://www.w3.org/2001/XMLSchema" a="b">{inside}</Z></Fiche>'
        assert "simple content" not in of.validate(document).text()


# --- records of a list ------------------------------------------------------------------------------------------------

LISTED = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t"
 elementFormDefault="qualified">
<xs:simpleType name="Code"><xs:restriction base="xs:string"><xs:pattern value="A.*"/></xs:restriction></xs:simpleType>
<xs:complexType name="Piece"><xs:sequence>
<xs:element name="Code" type="Code" minOccurs="0" nillable="true"/></xs:sequence></xs:complexType>
<xs:complexType name="Pieces"><xs:sequence>
<xs:element name="Piece" type="Piece" minOccurs="0" maxOccurs="unbounded" nillable="true"/>
</xs:sequence></xs:complexType>
<xs:element name="Pieces" type="Pieces" nillable="true"/>
</xs:schema>"""


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> ContractCodec:
    return of_xsd(LISTED, "Pieces", tmp_path_factory.mktemp("pieces"))


JSON = b'[{"Code":"A"},\n {"Code":"b"},\n {"Code":"c"}]'
PIECE = b"<Piece><Code>%s</Code></Piece>"
XML = b'<Pieces xmlns="urn:t">' + b"\n ".join(PIECE % code for code in (b"A", b"b", b"c")) + b"</Pieces>"


@pytest.mark.parametrize("payload", [JSON, XML], ids=["json", "xml"])
def test_a_finding_is_of_its_record(pieces: ContractCodec, payload: bytes) -> None:
    for source in (payload, io.BytesIO(payload)):
        found = {(one.path, one.record) for one in pieces.validate(source)}
        assert {("/Pieces/Piece[2]/Code", 1), ("/Pieces/Piece[3]/Code", 2)} <= found
        assert {record for _, record in found} == {1, 2}


@pytest.mark.parametrize(("payload", "text"), [(JSON, '{"Code":"b"}'), (XML, "<Piece><Code>b</Code></Piece>")])
def test_a_bad_record_is_put_aside_alone(pieces: ContractCodec, payload: bytes, text: str) -> None:
    bad: list[tuple[str, set[str]]] = []
    target = io.BytesIO()
    result = pieces.convert_stream(
        io.BytesIO(payload), target, "json", on_error="skip",
        on_bad=lambda one, report: bad.append((one.text, {found.path for found in report})),
    )  # fmt: skip
    assert (result.skipped, target.getvalue()) == (2, b'[{"Code":"A"}]')
    assert bad[0][0] == text
    assert "/Pieces/Piece[2]/Code" in bad[0][1]
