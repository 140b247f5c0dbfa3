"""Typing stubs: mypy takes them, knows the members, and they say what the values' classes say."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from convtool.authoring.pyi import stubs
from convtool.catalog import Catalog
from convtool.model.contract import Contract, Member, Record, Scalar
from convtool.model.instance import attributes, field_name
from convtool.model.xsd import compile_xsd
from tests.recordings import CONTRACTS
from tests.support import LIST, PARAM, SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

INT, STRING = (f"{{http://www.w3.org/2001/XMLSchema}}{name}" for name in ("int", "string"))


def awkward() -> Contract:
    """Members that are named as their types, as types of Python, as nothing may be named in Python."""
    address = Record("{urn:x}Address", (Member("Street", "urn:x", STRING, nillable=True),))
    members = (
        Member("Address", "urn:x", address.key, nillable=True, description='Where "we" \\ live'),
        Member("str", "urn:x", STRING, nillable=True),
        Member("class", "urn:x", INT, nillable=False),
        Member("Value", "urn:x", "{urn:x}Value", nillable=True),
        Member("a-b", "urn:x", STRING, nillable=True),
    )
    root, value = Record("{urn:x}R", members), Record("{urn:x}Value", ())
    types = {one.key: one for one in (root, address, value)} | {
        INT: Scalar(INT, "int"),
        STRING: Scalar(STRING, "string"),
    }
    return Contract("R", "urn:x", root.key, types)  # type: ignore[arg-type]


CONTRACTS_BY_NAME = {
    "awkward": awkward,
    "Facture": lambda: compile_xsd(CONTRACTS / "xsd/schemas.datacontract.org_2004_07_Boutique.Models.xsd", "Facture"),
    "ArrayOfMesure": lambda: compile_xsd(
        CONTRACTS / "xsd/schemas.datacontract.org_2004_07_Atelier.Capteurs.xsd", "ArrayOfMesure"
    ),
    "Arbre": lambda: compile_xsd(CONTRACTS / "xsd/urn_foret_2024.xsd", "Arbre"),
    LIST: lambda: Catalog(SCHEMAS).contract(LIST).model,
    PARAM: lambda: Catalog(SCHEMAS).contract(PARAM).model,
}


@pytest.mark.long
def test_mypy_takes_the_stubs_and_knows_the_members(tmp_path: Path) -> None:
    for name, make in CONTRACTS_BY_NAME.items():
        (tmp_path / f"{name}_types.pyi").write_text(stubs(make()), encoding="utf-8")
    use = [
        "from ParamModel_types import ParamModel, Value",
        "def use(value: Value, made: ParamModel) -> None:",
        "    reveal_type(made.ProduitId)",
        "    made.Perdu",
    ]
    (tmp_path / "use.py").write_text("\n".join(use) + "\n", encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--no-error-summary", "."],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.stdout.replace("msgspec._core.", "msgspec.").splitlines() == [
        'use.py:3: note: Revealed type is "int | None | msgspec.UnsetType"',
        'use.py:4: error: "ParamModel" has no attribute "Perdu"  [attr-defined]',
    ], found.stderr


@pytest.mark.parametrize("name", CONTRACTS_BY_NAME)
def test_the_members_are_those_of_the_values_in_their_order(name: str) -> None:
    model = CONTRACTS_BY_NAME[name]()
    text = stubs(model)
    for key, kind in model.types.items():
        if not isinstance(kind, Record):
            continue
        block = text.split(f"class {key.rpartition('}')[2]}(msgspec.Struct):\n")[1].split("\n\n")[0]
        listed = [
            line.split(":")[0].strip() for line in block.splitlines() if "UnsetType" in line and "def" not in line
        ]
        plain = attributes(kind)
        names = [(field_name(index), kind.members[index].name) for index in kind.order]
        assert listed == [name if name in plain else number for number, name in names]


def test_descriptions_are_docstrings() -> None:
    assert '"""Where \\"we\\" \\\\ live"""' in stubs(awkward())
    assert '"""Identifiant du produit"""' in stubs(CONTRACTS_BY_NAME[LIST]())
