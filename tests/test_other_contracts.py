"""Contracts of other shapes than the API's: what convtool makes of them, without a line of code that names them.

``tests/data/inventaire`` has two: Inventaire (enumerations by name, flags, ``i:type``, ``$type``, anyType, XmlElement,
dictionaries with keys of several types, INF and NaN) and Reseau (``z:Id`` and ``z:Ref``). The forms are those of .NET's
documentation: DataContractSerializer's "Data Contract Known Types" and "Interoperable Object References", and
Newtonsoft's JsonSerializerInternalWriter for keys, ``$type`` and ``$id``.
"""

from __future__ import annotations

import io
import math
from pathlib import Path

import pytest

import convtool

DATA = Path(__file__).parent / "data" / "inventaire"
XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
Z = 'xmlns:z="http://schemas.microsoft.com/2003/10/Serialization/"'


@pytest.fixture(scope="module")
def inventaire() -> convtool.Codec:
    return convtool.Catalog(DATA).contract("Inventaire")


@pytest.fixture(scope="module")
def reseau() -> convtool.Codec:
    return convtool.Catalog(DATA).contract("Reseau")


def document(members: str) -> str:
    return f'<Inventaire {XSI} xmlns="http://schemas.datacontract.org/2004/07/Musee.Models">{members}</Inventaire>'


PAIRS = {
    "enumeration by name": ("<Etat>Use</Etat>", '{"Etat":"Use"}'),
    "flags": ("<Salles>Nord Est</Salles>", '{"Salles":"Nord, Est"}'),
    "infinities": (
        (
            f'<Mesures xmlns:d2p1="{ARRAYS}"><d2p1:double>INF</d2p1:double><d2p1:double>NaN</d2p1:double>'
            "<d2p1:double>-INF</d2p1:double><d2p1:double>3</d2p1:double></Mesures>"
        ),
        '{"Mesures":["Infinity","NaN","-Infinity",3.0]}',
    ),
    "derived type of the same namespace": (
        '<Piece i:type="Tableau"><Nom>b</Nom><Hauteur>1.5</Hauteur></Piece>',
        '{"Piece":{"$type":"Musee.Models.Tableau, Musee","Nom":"b","Hauteur":1.5}}',
    ),
    "derived type of another namespace": (
        (
            '<Objets><Objet i:type="d3p1:Pret" xmlns:d3p1="urn:musee:prets"><Nom>c</Nom>'
            "<d3p1:Jusque>2026-03-22T00:00:00</d3p1:Jusque></Objet><Objet><Nom>a</Nom></Objet></Objets>"
        ),
        '{"Objets":[{"$type":"Musee.Prets.Pret, Musee","Nom":"c","Jusque":"2026-03-22T00:00:00"},{"Nom":"a"}]}',
    ),
    "key of a boolean": (
        (
            f'<ParVerite xmlns:d2p1="{ARRAYS}"><d2p1:KeyValueOfbooleandouble><d2p1:Key>true</d2p1:Key>'
            "<d2p1:Value>-INF</d2p1:Value></d2p1:KeyValueOfbooleandouble></ParVerite>"
        ),
        '{"ParVerite":{"True":"-Infinity"}}',
    ),
    "key of a date": (
        (
            f'<ParDate xmlns:d2p1="{ARRAYS}"><d2p1:KeyValueOfdateTimestring><d2p1:Key>2026-03-22T00:00:00</d2p1:Key>'
            '<d2p1:Value i:nil="true" /></d2p1:KeyValueOfdateTimestring></ParDate>'
        ),
        '{"ParDate":{"2026-03-22T00:00:00":null}}',
    ),
    "key of a GUID": (
        (
            f'<ParGuid xmlns:d2p1="{ARRAYS}"><d2p1:KeyValueOfguidint>'
            "<d2p1:Key>77449d30-0eaf-72d2-8c0e-e754e933388c</d2p1:Key>"
            "<d2p1:Value>3</d2p1:Value></d2p1:KeyValueOfguidint></ParGuid>"
        ),
        '{"ParGuid":{"77449d30-0eaf-72d2-8c0e-e754e933388c":3}}',
    ),
    "anyType with an integer": (
        '<Annexe i:type="d2p1:int" xmlns:d2p1="http://www.w3.org/2001/XMLSchema">5</Annexe>',
        '{"Annexe":5}',
    ),
    "anyType with a text": (
        '<Annexe i:type="d2p1:string" xmlns:d2p1="http://www.w3.org/2001/XMLSchema">a &amp; b</Annexe>',
        '{"Annexe":"a & b"}',
    ),
    "XmlElement, verbatim": (
        '<Notes><a xmlns="">x &amp; <b c="d"/><!-- kept --></a></Notes>',
        '{"Notes":{"#xml":"<a xmlns=\\"\\">x &amp; <b c=\\"d\\"/><!-- kept --></a>"}}',
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_both_ways(inventaire: convtool.Codec, name: str) -> None:
    members, json = PAIRS[name]
    xml = document(members)
    assert inventaire.to_json(xml).decode() == json
    assert inventaire.to_xml(json).decode() == xml
    assert inventaire.to_xml(xml).decode() == xml
    assert inventaire.to_json(json).decode() == json


def test_values_are_typed(inventaire: convtool.Codec) -> None:
    value = inventaire.read(document(PAIRS["infinities"][0]))
    assert value.Mesures[0] == math.inf
    assert math.isnan(value.Mesures[1])
    piece = inventaire.read('{"Piece":{"$type":"Musee.Models.Tableau, Musee","Hauteur":2.0}}').Piece
    assert type(piece).__name__ == "Tableau"
    assert piece.Hauteur == 2.0


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ('{"Etat":"Casse"}', "value.enumeration"),
        ('{"Salles":"Nord, Ouest"}', "value.enumeration"),
        ('{"Piece":{"$type":"System.IO.FileInfo, mscorlib"}}', "type.unknown"),
        ('{"ParVerite":{"oui":1.0}}', "value.lexical"),
        (document('<Piece i:type="Inconnu" />'), "type.unknown"),
        (document(PAIRS["key of a boolean"][0].replace("true", "vrai")), "value.lexical"),
        (
            document(
                f'<ParGuid xmlns:a="{ARRAYS}">'
                + "<a:KeyValueOfguidint><a:Key>77449d30-0eaf-72d2-8c0e-e754e933388c</a:Key><a:Value>3</a:Value>"
                "</a:KeyValueOfguidint>" * 2 + "</ParGuid>"
            ),
            "value.key",
        ),
    ],
)
def test_what_is_wrong_is_said(inventaire: convtool.Codec, payload: str, code: str) -> None:
    assert code in {d.code for d in inventaire.validate(payload)}


def test_json_objects_of_any_type_are_dictionaries_in_xml(inventaire: convtool.Codec) -> None:
    assert inventaire.to_json('{"Annexe": {"a": [1, 2]}}') == b'{"Annexe":{"a":[1,2]}}'
    xml = inventaire.to_xml('{"Annexe": {"a": [1, 2]}}')
    assert b"ArrayOfKeyValueOfstringanyType" in xml
    assert inventaire.to_json(xml) == b'{"Annexe":{"a":[1,2]}}'
    with pytest.raises(convtool.PayloadError, match="no XML form"):
        inventaire.to_xml('{"Annexe": {"a": [1, 2], "a": 1}}')


GRAPH = (
    f'<Reseau {XSI} xmlns="urn:reseau"><Entree z:Id="i1" {Z}><Nom>A</Nom><Suivante z:Id="i2"><Nom>B</Nom>'
    '<Suivante i:nil="true" /></Suivante></Entree></Reseau>'
)


def test_objects_with_identities_go_both_ways(reseau: convtool.Codec) -> None:
    json = '{"Entree":{"$id":"1","Nom":"A","Suivante":{"$id":"2","Nom":"B","Suivante":null}}}'
    assert reseau.to_json(GRAPH).decode() == json
    assert reseau.to_xml(json).decode() == GRAPH


def test_references_are_resolved_and_said(reseau: convtool.Codec) -> None:
    shared = GRAPH.replace("</Entree>", f'</Entree><Stations><Station z:Ref="i2" i:nil="true" {Z} /></Stations>')
    conversion = reseau.convert(shared, "json")
    assert b'"Stations":[{"$id":"3","Nom":"B","Suivante":null}]' in conversion.data
    assert [d.code for d in conversion.report] == ["graph.reference"]
    with pytest.raises(convtool.PayloadError):
        reseau.to_json(shared, lossless=True)


@pytest.mark.parametrize("name", ["i1", "i9"])
def test_circles_and_loose_ends_are_refused(reseau: convtool.Codec, name: str) -> None:
    report = reseau.validate(GRAPH.replace('<Suivante i:nil="true" />', f'<Suivante z:Ref="{name}" />'))
    assert [d.code for d in report] == ["graph.cycle"]
    report = reseau.validate(f'{{"Entree":{{"$id":"1","Suivante":{{"$ref":"{name[1:]}"}}}}}}')
    assert [d.code for d in report] == ["graph.cycle"]


def test_what_a_stream_cannot_write_is_an_error_of_the_record(inventaire: convtool.Codec) -> None:
    with pytest.raises(convtool.PayloadError) as caught:
        inventaire.convert_stream(io.BytesIO(b'{"Notes":{}}'), io.BytesIO(), "xml")
    assert [d.code for d in caught.value.report if d.severity == "error"] == ["value.kind"]


@pytest.mark.parametrize("profile", ["strict", "dotnet"])
def test_an_identity_is_of_one_object(reseau: convtool.Codec, profile: convtool.Profile) -> None:
    twice = GRAPH.replace('z:Id="i2"', 'z:Id="i1"')
    assert [d.code for d in reseau.validate(twice, profile=profile) if d.severity == "error"] == ["graph.duplicate"]
    twice = '{"Entree":{"$id":"1","Nom":"A","Suivante":{"$id":"1"}}}'
    assert [d.code for d in reseau.validate(twice, profile=profile) if d.severity == "error"] == ["graph.duplicate"]


@pytest.mark.parametrize("name", ["1", "a b", "", "a:b", "-a", " i1 "])
def test_an_identity_is_a_name_to_xml_schema_and_any_text_to_dotnet(reseau: convtool.Codec, name: str) -> None:
    given = GRAPH.replace('z:Id="i2"', f'z:Id="{name}"')
    assert [d.code for d in reseau.validate(given) if d.severity == "error"] == ["graph.identity"]
    assert reseau.validate(given, profile="dotnet")


def test_an_object_without_a_name_gets_one_and_that_is_said(reseau: convtool.Codec) -> None:
    for payload in (GRAPH.replace(' z:Id="i2"', ""), '{"Entree":{"$id":"1","Nom":"A","Suivante":{"Nom":"B"}}}'):
        conversion = reseau.convert(payload, "json")
        assert [d.code for d in conversion.report] == ["loss.lexical"]
        assert b'"Suivante":{"$id":"2"' in conversion.data


ENUMERATIONS = {  # as Newtonsoft's EnumUtils.ParseEnum reads them
    '{"Salles":"Nord, Est"}': ("", "", "Nord Est"),
    '{"Salles":"Est,Nord"}': ("", "loss.lexical", "Nord Est"),
    '{"Salles":"\\tNord"}': ("", "loss.lexical", "Nord"),
    '{"Salles":"nord"}': ("value.coerced", "value.coerced", "Nord"),
    '{"Salles":"Nord Est"}': ("value.enumeration", "", ""),
    '{"Salles":"Nord,"}': ("value.enumeration", "", ""),
    '{"Salles":" "}': ("value.enumeration", "", ""),
    '{"Etat":"Neuf"}': ("", "", "Neuf"),
    '{"Etat":" neuf"}': ("value.coerced", "value.coerced", "Neuf"),
    '{"Etat":"Neuf,Use"}': ("value.coerced", "value.coerced", "Use"),
}


@pytest.mark.parametrize("payload", ENUMERATIONS)
def test_names_of_enumerations_in_json(inventaire: convtool.Codec, payload: str) -> None:
    strict, said, value = ENUMERATIONS[payload]
    assert [d.code for d in inventaire.validate(payload) if d.severity == "error"] == ([strict] if strict else [])
    if not value:
        assert not inventaire.validate(payload, profile="dotnet")
        return
    conversion = inventaire.convert(payload, "xml", profile="dotnet")
    name = payload[2:].partition('"')[0]
    assert f"<{name}>{value}</{name}>".encode() in conversion.data
    assert {d.code for d in conversion.report if d.path == f"/{name}"} == ({said} if said else set())


@pytest.mark.parametrize("wrong", ['i:type=">d2p1:string"', 'xmlns:q=">http://x"'])
def test_content_of_any_shape_that_the_libraries_stumble_over_is_a_finding(
    inventaire: convtool.Codec, wrong: str
) -> None:
    report = inventaire.validate(document(f'<Annexe {wrong} xmlns:d2p1="http://www.w3.org/2001/XMLSchema"></Annexe>'))
    assert not report
    assert report.counts()["error"]


def test_white_space_around_a_guid_is_taken_by_dotnet_alone(inventaire: convtool.Codec) -> None:
    payload = (DATA.parents[2] / "samples" / "other" / "Inventaire-value.relaxed.xml").read_bytes()
    assert [d.code for d in inventaire.validate(payload) if d.severity == "error"] == ["value.relaxed"]
    conversion = inventaire.convert(payload, "json", profile="dotnet")
    assert b'"e3e70682-c209-4cac-629f-6fbed82c07cd":1' in conversion.data
    assert {d.code for d in conversion.report} >= {"value.relaxed", "loss.lexical"}


@pytest.mark.parametrize("content", ['"\\ud800"', '{"#xml":"\\ud800"}', '["\\ud800"]'])
@pytest.mark.parametrize("profile", ["strict", "dotnet"])
def test_half_a_character_in_content_of_any_shape(
    inventaire: convtool.Codec, content: str, profile: convtool.Profile
) -> None:
    assert not inventaire.validate(f'{{"Annexe":{content}}}', profile=profile)


def test_another_spelling_of_nil_is_said(inventaire: convtool.Codec) -> None:
    report = inventaire.convert(document('<Annexe i:nil="1" />'), "json").report
    assert "loss.lexical" in {d.code for d in report}


@pytest.mark.parametrize(
    ("number", "code"),
    [("1e400", "value.range"), (f"{2**63}", "value.range"), ("0.10000000000000000000001", "loss.lexical"), ("1.5", "")],
)
def test_numbers_of_any_shape_are_doubles_or_64_bits(inventaire: convtool.Codec, number: str, code: str) -> None:
    payload = f'{{"Annexe":{number},"Etat":"Neuf","Salles":"Nord"}}'
    try:
        report = inventaire.convert(payload, "json").report
    except convtool.PayloadError as error:
        report = error.report
    assert [d.code for d in report if d.path == "/Annexe" and d.code != "loss.absent"] == ([code] if code else [])


def test_stray_text_is_placed_where_it_begins(inventaire: convtool.Codec) -> None:
    payload = document('<Etat>Use</Etat>\n  x<Piece i:nil="true" />')
    found = next(d for d in inventaire.validate(payload) if d.code == "member.text")
    assert found.location is not None
    assert found.location.offset == payload.index("x<Piece")


LISTED = (
    '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": ["array", "null"], "items": {"type": '
    '["object", "null"], "properties": {"Autre": {}}}}'
)


def test_of_a_list_only_the_record_that_cannot_be_written_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "Choses.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:choses" '
        'elementFormDefault="qualified" xmlns:t="urn:choses"><xs:complexType name="Chose"><xs:sequence>'
        '<xs:element minOccurs="0" name="Autre" nillable="true" type="xs:anyType"/></xs:sequence></xs:complexType>'
        '<xs:complexType name="ArrayOfChose"><xs:sequence><xs:element minOccurs="0" maxOccurs="unbounded" name="Chose" '
        'nillable="true" type="t:Chose"/></xs:sequence></xs:complexType>'
        '<xs:element name="ArrayOfChose" nillable="true" type="t:ArrayOfChose"/></xs:schema>'
    )
    (tmp_path / "ArrayOfChose.schema.json").write_text(LISTED)
    codec = convtool.Catalog(tmp_path).contract("ArrayOfChose")
    skipped: list[tuple[int, str]] = []
    sink = io.BytesIO()
    result = codec.convert_stream(
        io.BytesIO(b'[{"Autre":"a"},{"Autre":{"a":1,"a":2}},{"Autre":"b"}]'), sink, "xml", on_error="skip",
        on_bad=lambda bad, _: skipped.append((bad.record, bad.text)),
    )  # fmt: skip
    assert (result.records, result.skipped, skipped) == (2, 1, [(1, '{"Autre":{"a":1,"a":2}}')])
    assert codec.validate(sink.getvalue()).records == 2
    with pytest.raises(convtool.PayloadError) as caught:
        codec.convert_stream(io.BytesIO(b'[{"Autre":"a"},{"Autre":{"a":1,"a":2}}]'), io.BytesIO(), "xml")
    assert [(d.code, d.record) for d in caught.value.report if d.severity == "error"] == [("value.kind", 1)]


def test_what_the_schemas_refuse_is_the_same_from_a_file(inventaire: convtool.Codec) -> None:
    refused = document('<Notes><a xmlns="" i:nil="true">x</a></Notes>').encode()
    report = inventaire.validate(refused)
    assert [d.code for d in report if d.severity == "error"] == ["value.schema"]
    assert inventaire.validate(io.BytesIO(refused)) == report


def test_minus_zero_of_an_enumeration_or_a_form_is_a_loss(second: convtool.Catalog) -> None:
    facture = second.contract("Facture")
    for member, token, lost in (("Statut", "-0", True), ("Droits", "-0", True), ("Statut", "0", False)):
        conversion = facture.convert(f'{{"Canal":1,"{member}":{token}}}', "json")
        assert ("loss.lexical" in [d.code for d in conversion.report]) == lost
    camion = convtool.Catalog(DATA.parent / "parc").contract("Camion")
    conversion = camion.convert(b"Plaque=a&Charge=-0", "json", format="form")
    assert [d.code for d in conversion.report] == ["loss.lexical"]


@pytest.mark.parametrize("white", ["\\u000b", "\\f", "\xa0", "\u2028"])
def test_base64_has_no_white_space_but_xmls(second: convtool.Catalog, white: str) -> None:
    mesures = second.contract("ArrayOfMesure")
    assert not [d for d in mesures.validate('[{"Trame":" AQ\\r\\n\\tID "}]') if d.severity == "error"]
    assert "value.lexical" in [d.code for d in mesures.validate(f'[{{"Trame":"AQ{white}ID"}}]')]
