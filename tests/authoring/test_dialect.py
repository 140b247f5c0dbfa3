"""A server's own JSON: names, nulls and members of one format, from options, C#, samples and pairs of samples."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.authoring.derive import derive, write
from convtool.authoring.dialect import Dialect
from convtool.errors import ContractError
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SHOP = ROOT / "tests" / "data" / "boutique"
SPACE = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.datacontract.org/2004/07/Boutique"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(SHOP / "Client.xsd", tmp_path)
    return tmp_path


def xml(content: str) -> bytes:
    return f"<Client {SPACE}>{content}</Client>".encode()


def properties(folder: Path, *sources: Path, **dialect: Any) -> dict[str, Any]:
    """Derive the JSON half, write it, and give the properties of its record."""
    [one] = derive([folder], roots=["Client"], order_from=sources, dialect=Dialect(**dialect))
    write([one], folder, force=True)
    convtool.Catalog(folder).contract("Client")
    found: dict[str, Any] = one.schema["$defs"]["Client"]["properties"]
    return found


def put(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_the_bundled_schema_is_what_its_source_and_options_say(folder: Path) -> None:
    properties(folder, SHOP / "Client.cs", json_names="camel", omit_nulls=True, enum_names="camel")
    assert (folder / "Client.schema.json").read_text("utf-8") == (SHOP / "Client.schema.json").read_text("utf-8")


def test_attributes_of_json_net_say_names_and_what_is_not_there(folder: Path) -> None:
    source = put(folder, "Client.cs", b"""
        namespace Boutique { [JsonObject(MemberSerialization.OptIn)] public class Client {
            [JsonProperty("ref")] public int Id { get; set; }
            [JsonProperty(PropertyName = "name", NullValueHandling = NullValueHandling.Ignore)] public string Nom;
            public string Secret { get; set; }
            [JsonProperty, JsonConverter(typeof(StringEnumConverter), true)] public Statut Statut { get; set; }
            [JsonProperty] internal List<Statut?> Passes { get { return null; } }
            [JsonIgnore] public string Ailleurs => "";
        } public enum Statut { Actif, EnPause } }""")  # fmt: skip
    found = properties(folder, source)
    assert list(found) == ["name", "ref", "Statut", "Passes", "Secret"]
    assert found["ref"]["xml"] == {"name": "Id"}
    assert found["name"] == {"xml": {"name": "Nom"}, "type": "string"}
    assert found["Statut"] == {"enum": ["actif", "enPause"]}
    assert found["Passes"]["readOnly"] is True
    assert found["Passes"]["items"]["enum"][-1] is None
    assert found["Secret"] is False


def test_a_sample_shows_names_in_camel_case_and_enumerations(folder: Path) -> None:
    sample = put(folder, "a.json", {"id": 1, "nom": None, "secret": "x", "statut": "enPause"})
    found = properties(folder, sample)
    assert {name: schema["xml"]["name"] for name, schema in found.items()} == {
        "id": "Id", "nom": "Nom", "secret": "Secret", "statut": "Statut",
    }  # fmt: skip
    assert found["statut"]["enum"] == ["actif", "enPause"]
    assert found["nom"]["type"] == ["string", "null"]


def test_members_that_are_there_or_absent_and_never_null_show_that_nulls_are_left_out(folder: Path) -> None:
    samples = [put(folder, "a.json", {"Id": 1, "Nom": "x"}), put(folder, "b.json", {"Id": 1, "Secret": "x"})]
    assert properties(folder, *samples)["Nom"] == {"type": "string"}
    assert properties(folder, put(folder, "c.json", {"Id": 1}))["Nom"] == {"type": ["string", "null"]}
    with_null = put(folder, "d.json", {"Nom": None})
    assert properties(folder, *samples, with_null)["Nom"] == {"type": ["string", "null"]}


def test_a_pair_shows_other_names_and_members_of_one_format(folder: Path) -> None:
    one = xml("<Id>7</Id><Nom>Zo\u00e9</Nom><Secret>x</Secret><Statut>EnPause</Statut>")
    pair = [put(folder, "a.xml", one), put(folder, "a.json", {"ref": 7, "name": "Zo\u00e9", "Statut": 1, "total": 1.5})]
    found = properties(folder, *pair)
    assert list(found) == ["ref", "name", "Statut", "total", "Secret"]
    assert (found["ref"]["xml"], found["name"]["xml"]) == ({"name": "Id"}, {"name": "Nom"})
    assert found["total"] == {"readOnly": True, "type": "number"}
    assert found["Secret"] is False


def test_a_pair_shows_that_nulls_are_left_out(folder: Path) -> None:
    one = xml('<Id>7</Id><Nom i:nil="true" /><Secret>x</Secret><Statut>Actif</Statut>')
    pair = [put(folder, "a.xml", one), put(folder, "a.json", {"Id": 7, "Secret": "x", "Statut": 0})]
    assert properties(folder, *pair)["Nom"] == {"type": "string"}


@pytest.mark.parametrize("content", [b"<Autre />", b"<", b"\xff\xfe"])
def test_xml_that_is_of_no_contract_is_refused(folder: Path, content: bytes) -> None:
    pair = [put(folder, "a.xml", content), put(folder, "a.json", {"Id": 7})]
    with pytest.raises(ContractError, match=r"a\.xml: "):
        properties(folder, *pair)


def test_a_sample_of_a_type_settles_it_for_every_contract() -> None:
    xsds = ROOT / "tests" / "data" / "contracts" / "xsd"
    whole = derive([xsds], roots=["Facture"])[0].schema["$defs"]["Ligne"]["properties"]
    sample = ROOT / "tests" / "data" / "boutique" / "ligne.json"
    found = derive([xsds], roots=["Facture"], order_from=[sample])[0].schema["$defs"]["Ligne"]["properties"]
    assert list(found) == ["Remise", "PrixUnitaire", "Nombre", "Article"] == sorted(whole, reverse=True)


def test_two_members_of_one_name_in_json_are_refused(folder: Path) -> None:
    source = put(
        folder,
        "Client.cs",
        b"""
        namespace Boutique { public class Client { [JsonProperty("Nom")] public int Id; public string Nom; } }""",
    )
    with pytest.raises(ContractError, match="'Id' and 'Nom' are both 'Nom' in JSON"):
        properties(folder, source)


@pytest.mark.parametrize("said", ['""', 'PropertyName = ""', 'PropertyName = "", Order = 1'])
def test_an_empty_name_in_json_is_refused(folder: Path, said: str) -> None:
    source = put(
        folder, "Client.cs", b"namespace Boutique { public class Client { [JsonProperty(%s)] public int Id; } }"
        % said.encode(),
    )  # fmt: skip
    with pytest.raises(ContractError, match="gives Id an empty name in JSON"):
        properties(folder, source)


# --- what a contract with names of its own reads and writes -----------------------------------------------------------


@pytest.fixture(scope="module")
def client() -> convtool.Codec:
    return convtool.Catalog(SHOP).contract("Client")


def test_nil_in_xml_is_absence_in_json(client: convtool.Codec) -> None:
    nil = xml('<Id>7</Id><Nom i:nil="true" /><Secret i:nil="true" /><Statut>EnPause</Statut>')
    assert client.to_json(nil, lossless=True) == b'{"id":7,"statut":"enPause"}'
    assert client.to_xml(b'{"id":7,"statut":"enPause"}', lossless=True) == nil
    assert client.read(b'{"id":7,"statut":"enPause"}')["Nom"] is None


def test_what_is_dropped_is_said(client: convtool.Codec) -> None:
    codes = [found.code for found in client.convert(xml("<Secret>x</Secret>"), "json").report]
    assert "loss.member" in codes
    assert "loss.null" in codes
    assert [one.code for one in client.convert(b'{"resume":"x"}', "xml").report if "loss" in one.code] == [
        "loss.member"
    ]


def test_a_null_that_is_written_is_read_by_the_dotnet_profile_alone(client: convtool.Codec) -> None:
    assert [found.code for found in client.validate(b'{"id":1,"nom":null,"statut":"actif"}')] == ["nil.written"]
    assert client.validate(b'{"id":1,"nom":null,"statut":"actif"}', profile="dotnet")


def test_findings_speak_the_names_of_the_payload(client: convtool.Codec) -> None:
    [in_json] = [found for found in client.validate(b'{"id":"x","statut":"actif"}') if found.severity == "error"]
    [in_xml] = [found for found in client.validate(xml("<Id>x</Id>")) if found.severity == "error"]
    assert (in_json.path, in_xml.path) == ("/id", "/Client/Id")


def test_compare_passes_over_what_a_format_cannot_say(client: convtool.Codec) -> None:
    one, other = xml("<Id>7</Id><Secret>x</Secret><Statut>Actif</Statut>"), b'{"id":7,"statut":"actif","resume":"7"}'
    assert client.compare(one, other) == []
    assert [found.path for found in client.compare(one, other.replace(b"7,", b"8,"))] == ["/id"]
    assert client.compare(one, other.replace(b"7,", b"8,"), ignore=["/id"]) == []
