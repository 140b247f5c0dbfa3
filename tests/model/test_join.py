"""The two halves of a contract: each kind of disagreement is a ContractError that names both places."""

import copy
from pathlib import Path
from typing import Any

import pytest

from convtool.errors import ContractError
from convtool.model.contract import Contract, Enumeration, Record
from convtool.model.folder import Folder
from tests.model.schemas import JSON, XSD, write


def compiled(tmp_path: Path, schema: Any = JSON, content: str = XSD) -> Contract:
    return Folder(write(tmp_path / "s", schema=schema, content=content)).compile("Order")


def changed(*steps: str, to: Any) -> dict[str, Any]:
    """Give the JSON Schema with one place changed; None removes it."""
    schema = copy.deepcopy(JSON)
    place: Any = schema
    for step in steps[:-1]:
        place = place[step]
    if to is None:
        del place[steps[-1]]
    else:
        place[steps[-1]] = to
    return schema


ORDER = ("$defs", "Order", "properties")


# --- what is taken from the JSON half -------------------------------------------------------------------------------


def test_the_order_of_json_is_taken(tmp_path: Path) -> None:
    order = compiled(tmp_path).root_type
    assert isinstance(order, Record)
    assert [order.members[index].name for index in order.json_order] == ["Title", "Amount", "State", "Lines"]


@pytest.mark.parametrize(("values", "names"), [(["Open", "Shut"], True), ([0, 1], False)])
def test_enumerations_are_names_or_numbers(tmp_path: Path, values: list[Any], names: bool) -> None:
    kind = compiled(tmp_path, changed(*ORDER, "State", to={"enum": values})).types["{urn:t}State"]
    assert isinstance(kind, Enumeration)
    assert kind.coding == ("names" if names else "numbers")


@pytest.mark.parametrize(
    ("steps", "to", "note"),
    [
        (("Title",), {"type": ["string", "null"], "maxLength": 3}, "Order/properties/Title: maxLength"),
        (("Amount",), {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}, "Order/properties/Amount: minimum"),
        (("Lines", "minItems"), 1, "Order/properties/Lines: minItems"),
    ],
)
def test_what_json_schema_says_more_is_noted(tmp_path: Path, steps: tuple[str, ...], to: Any, note: str) -> None:
    contract = compiled(tmp_path, changed(*ORDER, *steps, to=to))
    assert [extra for extra in contract.extra if note in extra], contract.extra
    assert compiled(tmp_path).extra == ()


def test_annotations_say_nothing(tmp_path: Path) -> None:
    told = {
        "type": ["string", "null"],
        "title": "x",
        "description": "y",
        "examples": [1],
        "deprecated": True,
        "$comment": "z",
    }
    assert compiled(tmp_path, changed(*ORDER, "Title", to=told)).extra == ()


# --- disagreement ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "xsd", "json"),
    [
        (changed(*ORDER, "Amount", to=None), "has member 'Amount'", "has no property 'Amount'"),
        (changed(*ORDER, "Extra", to={"type": "string"}), "has no member 'Extra'", "has property 'Extra'"),
        (changed(*ORDER, "", to={"type": "string", "readOnly": True}), "members have names", "a property without one"),
        (changed(*ORDER, "", to={"type": "string", "xml": {"name": "Title"}}), "members have names", "without one"),
        (changed(*ORDER, "Title", to={"type": "string"}), "nillable", "null is not allowed"),
        (changed(*ORDER, "Amount", "type", to=["integer", "null"]), "not nillable", "null is allowed"),
        (changed(*ORDER, "Amount", to={"type": "string"}), "a value of .*int", "type 'string', not 'integer'"),
        (changed(*ORDER, "Amount", "minimum", to=-(2**31) - 1), "minimum -2147483648", "minimum -2147483649"),
        (changed(*ORDER, "Amount", "maximum", to=2**31), "maximum 2147483647", "maximum 2147483648"),
        (
            changed(*ORDER, "State", to={"enum": ["Open", "Closed"]}),
            r"\['Open', 'Shut'\]",
            r"enum \['Open', 'Closed'\]",
        ),
        (changed(*ORDER, "State", to={"type": "boolean"}), "an enumeration", "neither names nor integers"),
        *(
            (changed(*ORDER, "State", to={"enum": [one]}), "an enumeration", "enum ")
            for one in ({}, ["Open"], True, 0.5)
        ),
        (changed(*ORDER, "State", to={"enum": [False, True]}), "an enumeration", "enum "),
        (changed(*ORDER, "Lines", to={"type": ["object", "null"]}), "a list", "no array with items"),
        (changed(*ORDER, "Lines", "items", to={"$ref": "#/$defs/Line"}), "nillable", "null is not allowed"),
        (changed("$defs", "Order", "required", to=None), r"required: \['Title'\]", r"required: \[\]"),
        (changed("$defs", "Order", "required", to=["Title", "Amount"]), r"required: \['Title'\]", "Amount"),
        (changed("$defs", "Line", to={"type": "string"}), "a record", "no object with properties"),
        (changed("anyOf", to=[{"$ref": "#/$defs/Order"}]), "nillable", "null"),
    ],
)
def test_a_disagreement_names_both_places(tmp_path: Path, schema: dict[str, Any], xsd: str, json: str) -> None:
    with pytest.raises(ContractError, match=rf"Order\.xsd: .*{xsd}.*; Order\.schema\.json#.*: .*{json}"):
        compiled(tmp_path, schema)


def test_two_uses_of_a_record_must_have_one_order(tmp_path: Path) -> None:
    content = """<xs:element name="Order" nillable="true" type="t:Order"/>
      <xs:complexType name="Order"><xs:sequence>
        <xs:element minOccurs="0" name="A" type="t:P" nillable="true"/>
        <xs:element minOccurs="0" name="B" type="t:P" nillable="true"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="P"><xs:sequence>
        <xs:element minOccurs="0" name="X" type="xs:string" nillable="true"/>
        <xs:element minOccurs="0" name="Y" type="xs:string" nillable="true"/>
      </xs:sequence></xs:complexType>"""

    def point(*names: str) -> dict[str, Any]:
        text = {"type": ["string", "null"]}
        return {"type": "object", "properties": dict.fromkeys(names, text), "additionalProperties": False}

    null = {"type": "null"}
    members = {"A": {"anyOf": [point("X", "Y"), null]}, "B": {"anyOf": [point("Y", "X"), null]}}
    schema = {"anyOf": [{"type": "object", "properties": members, "additionalProperties": False}, null]}
    with pytest.raises(ContractError, match="its order differs"):
        compiled(tmp_path, schema, content)


# --- files that cannot be read --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ([], "a JSON Schema file holds an object"),
        ({"$ref": "#/$defs/Missing"}, "'#/\\$defs/Missing' is not in the file, and nothing is fetched"),
        ({"$ref": "https://example.invalid/x"}, "nothing is fetched"),
        ({"$ref": "#"}, "leads back to itself"),
        ({"anyOf": [{"$ref": "#"}, {"type": "null"}]}, "leads back to itself"),
        ({"type": "objet"}, "objet"),
        (changed("$defs", "Line", to=False), "a schema is an object"),
    ],
)
def test_json_schemas_that_say_nothing(tmp_path: Path, schema: Any, says: str) -> None:
    with pytest.raises(ContractError, match=says) as error:
        compiled(tmp_path, schema)
    assert "Order.schema.json" in str(error.value)


@pytest.mark.parametrize("text", ["", "{", "\xff", "{'a': 1}", "[" * 5000])
def test_files_that_are_no_json(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path / "s")
    (folder / "Order.schema.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ContractError, match=r"Order\.schema\.json: not JSON"):
        Folder(folder).compile("Order")
