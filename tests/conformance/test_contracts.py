"""Contracts of every shape, drawn and by hand: what .NET wrote of them converts both ways, from its own XSDs and C#.

``tests/data/contracts/README.md`` says what is recorded. A failing test lists the rows that differ, by their id.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.authoring.derive import derive, write
from convtool.authoring.dialect import Dialect
from tests.recordings import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from convtool.codes import Profile

SOURCE = CONTRACTS / "contracts.cs"
RANDOM = CONTRACTS / "random"
DRAWN = CONTRACTS / "drawn"
BY_HAND = {"Facture": CONTRACTS, "ArrayOfMesure": CONTRACTS, "Arbre": CONTRACTS,
           "Chantier": CONTRACTS / "nested", "ArrayOfOuvrier": CONTRACTS / "nested"}  # fmt: skip


DIALECTS = CONTRACTS / "dialects"
SETTINGS: dict[str, dict[str, Any]] = {
    "camel": {"json_names": "camel"}, "nonull": {"omit_nulls": True}, "names": {"enum_names": "names"},
    "camelnames": {"enum_names": "camel"},
}  # fmt: skip


def rows(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").split("\n")  # splitlines would cut at U+2028
    return [json.loads(line) for line in lines if line]


def catalog(xsds: Path, roots: Sequence[str], source: Path, folder: Path) -> convtool.Catalog:
    """Give the catalog of a folder of .NET's XSDs, completed by what C# source says of JSON's order."""
    shutil.copytree(xsds, folder, dirs_exist_ok=True)
    derived = derive([folder], roots=roots, order_from=[source])
    assert [one.notes for one in derived] == [()] * len(roots), "the source tells the order of every record"
    write(derived, folder)
    return convtool.Catalog(folder)


def differing(
    codec: convtool.Codec, of: list[dict[str, Any]], profile: Profile = "strict"
) -> dict[str, tuple[str, str]]:
    """Give what came out otherwise than .NET wrote it, by the row and the way: what was wanted, and what came."""
    found = {}
    for row in of:
        back = row.get("back", row["xml"])  # None: .NET itself cannot read its JSON
        for to, payload, wanted in (("json", row["xml"], row["json"]), ("xml", row["json"], back)):
            if wanted is None:
                continue
            try:
                got = codec.convert(payload.encode(), to, profile=profile).data.decode()
            except convtool.PayloadError as error:
                got = str(error)
            if got != wanted:
                found[f"{row['id']} to {to}"] = (wanted, got)
    return found


@pytest.mark.parametrize("name", BY_HAND)
def test_contracts_by_hand_convert_as_dotnet_wrote_them(name: str, tmp_path: Path) -> None:
    folder = BY_HAND[name]
    codec = catalog(folder / "xsd", [name], SOURCE, tmp_path / "schemas").contract(name)
    assert differing(codec, rows(folder / name / "wire.jsonl")) == {}


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.name) for base in (RANDOM, DRAWN) for path in sorted(base.glob("*/"))]
)
@pytest.mark.short(16)
def test_contracts_at_random_convert_as_dotnet_wrote_them(path: Path, tmp_path: Path) -> None:
    source = next(path.glob("*.cs"), RANDOM / "Random.cs")
    codec = catalog(path / "xsd", [path.name], source, tmp_path / "schemas").contract(path.name)
    assert differing(codec, rows(path / "wire.jsonl")) == {}


@pytest.mark.parametrize("path", sorted(DIALECTS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_servers_with_other_settings(path: Path, tmp_path: Path) -> None:
    name, _, settings = path.stem.partition(".")
    found, folder = rows(path), tmp_path / "schemas"
    shutil.copytree(DIALECTS / "xsd", folder)
    said = {word: value for one in settings.split("+") for word, value in SETTINGS.get(one, {}).items()}
    sample = tmp_path / "sample.json"  # what the source does not declare, the longest payload shows
    sample.write_text(max((row["json"] for row in found), key=len), encoding="utf-8")
    source = SOURCE if name in SOURCE.read_text(encoding="utf-8") else sample
    write(derive([folder], roots=[name], order_from=[source], dialect=Dialect(**said)), folder)
    codec = convtool.Catalog(folder).contract(name)
    assert differing(codec, found, "dotnet") == {}
