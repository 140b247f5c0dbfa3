"""Contracts from OpenAPI documents: one by hand, and two in the shape of Swashbuckle's and NSwag's."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.authoring.openapi import FromOpenAPI, from_openapi
from convtool.authoring.schema_files import write_made
from convtool.errors import ContractError, SourceError
from convtool.model.contract import Array, Contract, Dictionary, Enumeration, Member, Record
from convtool.operations import load_operations
from tests.conformance.test_contracts import differing, rows
from tests.recordings import CONTRACTS, DATA
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = DATA / "openapi"
BOUTIQUE = "http://schemas.datacontract.org/2004/07/Boutique.Models"


def catalog(result: FromOpenAPI, folder: Path) -> convtool.Catalog:
    write_made(result.made.values(), folder, operations=result.operations)
    return convtool.Catalog(folder)


def made(document: dict[str, Any], tmp_path: Path, namespace: str = "urn:t") -> FromOpenAPI:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document), "utf-8")
    return from_openapi(path, namespace=namespace)


def schemas(found: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"openapi": "3.0.1", "info": {}, "components": {"schemas": found}, **more}


def thing(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return schemas({"Thing": {"type": "object", "properties": properties, **more}})


def member(contract: Contract, name: str) -> Member:
    root = contract.root_type
    assert isinstance(root, Record)
    return next(one for one in root.members if one.name == name)


def test_a_document_by_hand_converts_as_the_api_writes(tmp_path: Path) -> None:
    result = from_openapi(DOCUMENTS / "facturation.yaml")
    assert result.notes == []
    folder = catalog(result, tmp_path)
    recorded = rows(ROOT / "tests" / "vectors" / "wire.jsonl")
    assert {row["contract"] for row in recorded} == set(folder.contracts())
    for name in folder.contracts():
        assert differing(folder.contract(name), [row for row in recorded if row["contract"] == name]) == {}
    [operation] = load_operations(tmp_path, folder.contracts()).all
    assert (operation.name, operation.request, operation.response) == (
        "POST api/ConsommationV2", "ParamModel", "ArrayOfReponseV2Model",
    )  # fmt: skip


def test_swashbuckles_document_converts_as_dotnet_wrote(tmp_path: Path) -> None:
    folder = catalog(from_openapi(DOCUMENTS / "swashbuckle.json", namespace=BOUTIQUE), tmp_path)
    found = [
        row for row in rows(CONTRACTS / "dialects" / "Facture.names.jsonl")
        if ", " not in json.loads(row["json"])["Droits"] and not json.loads(row["json"])["TauxParAnnee"]
    ]  # fmt: skip  # the document tells neither flags nor the keys of dictionaries
    codec = folder.contract("Facture")
    assert len(found) > 5
    for row in found:
        assert codec.validate(row["json"].encode())
        assert json.loads(codec.to_json(row["xml"].encode())) == json.loads(row["json"])
    assert {one.name: (one.request, one.response) for one in load_operations(tmp_path, folder.contracts()).all} == {
        "GET api/Factures": ("", "ArrayOfFacture"), "POST api/Factures": ("Facture", "Facture"),
        "DELETE api/Factures/{id}": ("", ""), "GET api/Factures/{id}/total": ("", ""),
    }  # fmt: skip


def test_nswags_document_converts_as_dotnet_wrote(tmp_path: Path) -> None:
    result = from_openapi(DOCUMENTS / "nswag.json", namespace=BOUTIQUE)
    folder = catalog(result, tmp_path)
    assert differing(folder.contract("Facture"), rows(CONTRACTS / "Facture" / "wire.jsonl")) == {}
    assert folder.contracts() == ["ArrayOfMesure", "Facture", "Forme", "Formes_PostRequest"]
    xml = (
        f'<Forme i:type="Cercle" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="{BOUTIQUE}">'
        "<Nom>x</Nom><Rayon>1.5</Rayon></Forme>"
    )
    assert folder.contract("Forme").to_json(xml.encode()) == b'{"$type":"Cercle","Rayon":1.5,"Nom":"x"}'


def test_what_is_guessed_is_told_in_both_halves(tmp_path: Path) -> None:
    result = made(thing({"A": {"type": "number"}, "B": {"type": "string", "maxLength": 3}}), tmp_path, "")
    write_made(result.made.values(), tmp_path)
    comment = json.loads((tmp_path / "Thing.schema.json").read_text("utf-8"))["$comment"]
    xsd = (tmp_path / "schemas.datacontract.org_2004_07.xsd").read_text("utf-8")
    for guess in (
        "Thing/A: a number without a format is taken for a double", "Thing/B: limits such as maxLength are not taken",
        "the document says no XML namespace", "the document marks nothing as nullable",
    ):  # fmt: skip
        assert guess in comment
        assert guess in xsd
        assert any(guess in one for one in result.guesses)


@pytest.mark.parametrize(
    ("version", "schema", "nillable"),
    [
        ("3.0.1", {"type": "string", "nullable": True}, True),
        ("3.0.1", {"type": "string"}, False),
        ("3.1.0", {"type": ["integer", "null"], "format": "int64"}, True),
        ("3.1.0", {"type": "integer"}, False),
        ("3.1.0", {"oneOf": [{"$ref": "#/components/schemas/Other"}, {"type": "null"}]}, True),
        ("3.0.1", {"allOf": [{"$ref": "#/components/schemas/Other"}], "nullable": True}, True),
        ("3.0.1", {"oneOf": [{"$ref": "#/components/schemas/Other"}], "nullable": True}, True),
        ("3.0.1", {"enum": ["A", None], "type": "string", "nullable": True}, True),
    ],
)
def test_null_is_where_the_document_says_it(
    version: str, schema: dict[str, Any], nillable: bool, tmp_path: Path
) -> None:
    document = thing({"A": schema, "Z": {"type": "string", "nullable": True}})
    document["openapi"] = version
    document["components"]["schemas"]["Other"] = {"type": "object", "properties": {"X": {"type": "integer"}}}
    contract = made(document, tmp_path).made["Thing"].contract
    assert member(contract, "A").nillable == nillable


def test_a_document_of_2_0_has_bodies_in_parameters_and_x_nullable(tmp_path: Path) -> None:
    order = {
        "type": "object", "required": ["Id"],
        "properties": {"Id": {"type": "integer", "format": "int64"}, "Paid": {"type": "boolean", "x-nullable": True},
                       "Lines": {"type": "array", "items": {"$ref": "#/definitions/Line"}}},
    }  # fmt: skip
    document = {
        "swagger": "2.0", "basePath": "/v1", "definitions": {"Order": order, "Line": {"type": "object"}},
        "parameters": {"Body": {"in": "body", "name": "b", "schema": {"$ref": "#/definitions/Order"}}},
        "paths": {"/orders/{id}": {"put": {
            "parameters": [{"in": "path", "name": "id"}, {"$ref": "#/parameters/Body"}],
            "responses": {"200": {"schema": {"type": "array", "items": {"$ref": "#/definitions/Order"}}}},
        }}},
    }  # fmt: skip
    result = made(document, tmp_path)
    assert result.operations == {"PUT orders/{id}": {"request": "Order", "response": "ArrayOfOrder"}}
    contract = result.made["Order"].contract
    assert (member(contract, "Id").required, member(contract, "Paid").nillable) == (True, True)


def test_names_of_xml_lists_and_dictionaries(tmp_path: Path) -> None:
    document = thing({
        "codes": {"type": "array", "items": {"type": "integer", "xml": {"name": "Code"}}, "xml": {"name": "Codes"}},
        "by": {"type": "object", "x-dictionaryKey": {"type": "integer"}, "additionalProperties": {"type": "string"}},
    }, xml={"name": "Chose", "namespace": "urn:c"})  # fmt: skip
    contract = made(document, tmp_path).made["Chose"].contract
    codes, by = (contract.types[member(contract, name).type] for name in ("Codes", "By"))
    assert (contract.namespace, contract.root) == ("urn:c", "{urn:c}Chose")
    assert isinstance(codes, Array)
    assert codes.item.name == "Code"
    assert isinstance(by, Dictionary)
    assert by.key_member.type.endswith("}int")


def test_full_names_give_the_clr_namespace_and_two_of_one_name_are_told(tmp_path: Path) -> None:
    one = {"type": "object", "properties": {"A": {"type": "string"}}}
    result = made(schemas({"Shop.Models.Order": one, "Shop.Old.Order": one}), tmp_path, "")
    contract = result.made["Order"].contract
    assert contract.namespace == "http://schemas.datacontract.org/2004/07/Shop.Models"
    before = "http://schemas.datacontract.org/2004/07/Shop"
    assert result.left_out == [f"Order of {before}.Old: there is one of {before}.Models already"]


def test_enumerations_have_names_where_the_document_has_them(tmp_path: Path) -> None:
    document = thing({
        "A": {"type": "integer", "enum": [1, 4], "x-enumNames": ["One", "Four"], "x-enumFlags": True},
        "B": {"type": "string", "enum": ["X", "Y"]},
        "C": {"type": "integer", "enum": [0, 1]},
    })  # fmt: skip
    result = made(document, tmp_path)
    contract = result.made["Thing"].contract
    kinds = [contract.types[member(contract, name).type] for name in "ABC"]
    assert isinstance(kinds[0], Enumeration)
    assert (kinds[0].values, kinds[0].flags, kinds[0].coding) == ((("One", 1), ("Four", 4)), True, "numbers")
    assert isinstance(kinds[1], Enumeration)
    assert (kinds[1].values, kinds[1].coding) == ((("X", 0), ("Y", 1)), "names")
    assert kinds[2].key.endswith("}int")
    assert any("an enumeration without names is taken for its numbers" in one for one in result.guesses)


def test_recursion_and_inheritance(tmp_path: Path) -> None:
    ref = {"$ref": "#/components/schemas/Node"}
    document = schemas({
        "Leaf": {"allOf": [ref, {"type": "object", "properties": {"Weight": {"type": "integer"}}}]},
        "Node": {"type": "object", "properties": {"Next": ref, "All": {"type": "array", "items": ref}}},
    })  # fmt: skip
    contract = made(document, tmp_path).made["Node"].contract
    leaf = contract.types["{urn:t}Leaf"]
    assert isinstance(leaf, Record)
    assert (leaf.base, [one.name for one in leaf.members]) == ("{urn:t}Node", ["All", "Next", "Weight"])
    assert [leaf.members[at].name for at in leaf.order] == ["Weight", "Next", "All"]
    assert contract.derived == {"{urn:t}Node": ("{urn:t}Leaf",)}


def test_references_lead_to_files_beside_the_document(tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text("{type: object, properties: {On: {type: string, enum: [yes, no]}}}", "utf-8")
    contract = made(thing({"Line": {"$ref": "line.yaml"}}), tmp_path).made["Thing"].contract
    line = contract.types["{urn:t}line"]
    assert isinstance(line, Record)
    kind = contract.types[line.members[0].type]
    assert isinstance(kind, Enumeration)
    assert [name for name, _ in kind.values] == ["yes", "no"]


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("https://example.com/a.json", "is on another machine, and nothing is fetched"),
        ("../a.json", "leads out of the document's folder"),
        ("a%00.json", "names no file"),
        ("#/components/schemas/Missing", "leads to nothing"),
        ("#/openapi", "leads to what is no object"),
        ("#/components/schemas/Loop", "leads back"),
    ],
)
def test_references_that_lead_nowhere_are_refused_with_their_place(reference: str, why: str, tmp_path: Path) -> None:
    document = thing({"A": {"$ref": reference}})
    document["components"]["schemas"]["Loop"] = {"$ref": "#/components/schemas/Loop"}
    with pytest.raises(ContractError, match=why):
        made(document, tmp_path)


def test_what_cannot_be_had_is_named_and_stops_no_other(tmp_path: Path) -> None:
    document = schemas({
        "Bad": {"type": "object", "properties": {"A": {"type": "string", "xml": {"attribute": True}}}},
        "Uses": {"type": "object", "properties": {"Bad": {"$ref": "#/components/schemas/Bad"}}},
        "Empty": {"type": "object", "properties": {"": {"type": "string", "xml": {"name": "A"}}}},
        "Good": {"type": "object", "properties": {"A": {"type": "string"}}},
    })  # fmt: skip
    result = made(document, tmp_path)
    assert list(result.made) == ["Good"]
    assert len(result.left_out) == 3
    assert "is an attribute in XML" in result.left_out[0]
    assert "is a property without a name" in result.left_out[1]
    assert result.left_out[2] == "Uses uses Bad, which is left out"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds no object"),
        ("{", "neither JSON nor YAML"),
        ("a: &b [1]\nc: *b", "it has aliases"),
        ("a: 1", "neither `swagger: 2.0` nor `openapi: 3"),
        ("openapi: 3.0.0\ninfo: {}", "describes no object"),
        ("openapi: 3.0.0\ncomponents: {schemas: {A: 1}}", "should be an object"),
    ],
)
def test_what_is_no_document_is_refused(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "document.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises((SourceError, ContractError), match=why):
        from_openapi(path)


def test_names_of_yaml_are_texts_as_those_of_json_are(tmp_path: Path) -> None:
    path = tmp_path / "document.yaml"
    path.write_text(
        """
openapi: 3.0.1
paths:
  1:
    get:
      responses:
        200: {content: {true: {}, 5: {}, application/json: {schema: {$ref: "#/components/schemas/1"}}}}
components:
  schemas:
    1: {type: object, properties: {2: {type: string}}}
""",
        "utf-8",
    )
    result = from_openapi(path)
    assert list(result.operations) == ["GET 1"]
    assert result.made


def test_names_in_camel_case_are_those_of_json(tmp_path: Path) -> None:
    document = thing({"orderId": {"type": "integer"}, "a1": {"type": "string", "xml": {"name": "b"}}, "_x": {}})
    result = made(document, tmp_path)
    contract = result.made["Thing"].contract
    root = contract.root_type
    assert isinstance(root, Record)
    assert [(one.name, one.json_name) for one in root.members] == [("OrderId", "orderId"), ("_x", "_x"), ("b", "a1")]
    xml = (
        '<Thing xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="urn:t"><OrderId>1</OrderId><b>x</b></Thing>'
    )
    assert catalog(result, tmp_path).contract("Thing").to_json(xml.encode()) == b'{"orderId":1,"a1":"x"}'
    assert any("Thing/orderId: names in camel case are taken to be those of XML" in one for one in result.guesses)


def test_a_base_may_lead_to_what_is_derived_from_it_but_not_be_its_own(tmp_path: Path) -> None:
    def refer(name: str) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/{name}"}

    document = schemas({
        "Base": {"type": "object", "properties": {"Best": refer("Special")}},
        "Special": {"allOf": [refer("Base"), {"type": "object", "properties": {"A": {"type": "integer"}}}]},
        "Egg": {"allOf": [refer("Hen"), {"properties": {"A": {}}}]},
        "Hen": {"allOf": [refer("Egg"), {"properties": {}}]},
    })  # fmt: skip
    result = made(document, tmp_path)
    assert set(result.made) == {"Base", "Special"}
    special = result.made["Base"].contract.types["{urn:t}Special"]
    assert isinstance(special, Record)
    assert [one.name for one in special.members] == ["Best", "A"]
    assert len(result.left_out) == 2


ANYTHING = (
    None, True, 0, 1.5, "", "x", [], {}, ["a"], [None], {"$ref": 5}, {"$ref": "#/components/schemas/Facture"},
    {"enum": [1, None]},
)  # fmt: skip
WORDS = ("allOf", "oneOf", "enum", "xml", "$ref", "type", "items", "properties", "additionalProperties", "required")


@pytest.mark.parametrize("name", ["swashbuckle.json", "nswag.json"])
def test_documents_with_anything_anywhere_end_in_errors_of_convtools_own(name: str, tmp_path: Path) -> None:
    whole = (DOCUMENTS / name).read_text("utf-8")
    random = Random(name)
    outcomes = set()
    for _ in range(60):
        document: Any = json.loads(whole)
        at = document
        while isinstance(at, (dict, list)) and at:  # somewhere, at any depth
            step = random.choice(list(at) if isinstance(at, dict) else range(len(at)))
            if random.random() < 0.2 or not isinstance(at[step], (dict, list)):
                at[step] = random.choice(ANYTHING)
                break
            at = at[step]
            if isinstance(at, dict) and random.random() < 0.1:
                at[random.choice(WORDS)] = random.choice(ANYTHING)
        try:
            made(document, tmp_path)
            outcomes.add("made")
        except (ContractError, SourceError):
            outcomes.add("refused")
    assert outcomes == {"made", "refused"}
