"""Types in types in types: a contract, or an error that says so, from a folder and where contracts are derived."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING

import pytest

from convtool.authoring.derive import derive
from convtool.errors import ContractError
from convtool.model.folder import Folder
from convtool.model.xsd import compile_xsd
from tests.model.schemas import JSON, write, xsd

if TYPE_CHECKING:
    from pathlib import Path

DEEP = "nested too deeply in each other"


def chain(types: int) -> str:
    """Give records that each have a member of the next one's type."""
    linked = [
        f'<xs:complexType name="C{at}"><xs:sequence>'
        f'<xs:element name="N" type="t:C{at + 1}" minOccurs="0" nillable="true"/></xs:sequence></xs:complexType>'
        for at in range(types)
    ]
    end = f'<xs:complexType name="C{types}"><xs:sequence/></xs:complexType>'
    return f'{"".join(linked)}{end}<xs:element name="Order" type="t:C0" nillable="true"/>'


def sequences(levels: int) -> str:
    """Give a record whose one member is in a sequence of a sequence, and so on."""
    inner = '<xs:element name="A" type="xs:int"/>'
    for _ in range(levels):
        inner = f"<xs:sequence>{inner}</xs:sequence>"
    record = f'<xs:complexType name="Order">{inner}</xs:complexType>'
    return f'{record}<xs:element name="Order" type="t:Order" nillable="true"/>'


@pytest.mark.parametrize("content", [chain(1000), sequences(17)], ids=["records", "sequences"])
def test_of_an_xsd(tmp_path: Path, content: str) -> None:
    folder = write(tmp_path / "s", content=content)
    with pytest.raises(ContractError, match=DEEP):
        Folder(folder).compile("Order")
    with pytest.raises(ContractError, match=DEEP):
        derive([folder], roots=["Order"])


def test_as_many_as_apis_have(tmp_path: Path) -> None:
    path = tmp_path / "Order.xsd"
    path.write_text(xsd(chain(50)), encoding="utf-8")
    assert len(compile_xsd(path, "Order").types) == 51


def test_a_model_that_xmlschema_does_not_look_through_warns_nobody(tmp_path: Path) -> None:
    folder = write(tmp_path / "s", content=sequences(15))
    with pytest.raises(ContractError, match="Order"):  # the other half is of another record
        Folder(folder).compile("Order")


@pytest.mark.parametrize("word", ["anyOf", "allOf", "items"])
def test_of_a_json_schema(tmp_path: Path, word: str) -> None:
    inner = '{"type":"integer"}'
    for _ in range(150):
        part = {"anyOf": f'[{inner},{{"type":"null"}}]', "allOf": f"[{inner}]", "items": inner}[word]
        inner = f'{{"{word}":{part}}}'
    schema = copy.deepcopy(JSON)
    schema["$defs"]["Order"]["properties"]["Lines"] = json.loads(inner)
    with pytest.raises(ContractError, match=DEEP):
        Folder(write(tmp_path / "s", schema=schema)).compile("Order")
