"""JSON Schemas from XSDs, and contracts made of them against what .NET recorded."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from convtool.authoring.derive import derive, folder_of, write
from convtool.authoring.dialect import Dialect
from convtool.catalog import Catalog
from convtool.errors import ContractError
from tests.recordings import CONTRACTS, recorded
from tests.support import LIST, PARAM, SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["Arbre", "ArrayOfMesure", "Facture"]
XSDS = CONTRACTS / "xsd"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A folder of exporter XSDs whose JSON halves come from one recorded payload of each contract."""
    folder = tmp_path_factory.mktemp("contracts")
    for path in XSDS.glob("*.xsd"):
        shutil.copy(path, folder)
    samples = []
    for name in NAMES:
        texts = [row["json"] for row in recorded(name)]
        shown = max(texts, key=lambda text: (len(members(json.loads(text))), -len(text)))
        samples.append(folder / f"sample-of-{name}.json")
        samples[-1].write_text(shown, encoding="utf-8")
    derived = derive([folder], order_from=samples)
    assert [one.notes for one in derived] == [(), (), ()]
    write(derived, folder)
    return Catalog(folder)


def members(value: Any) -> set[str]:
    """Give every name of a member anywhere in a value."""
    if isinstance(value, list):
        return {name for one in value for name in members(one)}
    if isinstance(value, dict):
        return set(value) | {name for one in value.values() for name in members(one)}
    return set()


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_row_converts_like_dotnet(catalog: Catalog, name: str) -> None:
    codec = catalog.contract(name)
    wrong = []
    for row in recorded(name):
        if codec.to_json(row["xml"].encode()).decode() != row["json"]:
            wrong.append(f"{row['id']}: XML to JSON")
        if codec.to_xml(row["json"].encode()).decode() != row.get("back", row["xml"]):
            wrong.append(f"{row['id']}: JSON to XML")
    assert wrong == []


def test_without_a_source_of_order_the_file_says_that_it_was_guessed() -> None:
    facture = next(one for one in derive([XSDS]) if one.name == "Facture")
    assert "Facture: not shown by any source" in facture.schema["$comment"]
    assert list(facture.schema["$defs"]["Ligne"]["properties"]) == ["Article", "Nombre", "PrixUnitaire", "Remise"]


def test_bundled_schemas_are_what_derive_makes_of_their_xsds_and_a_sample(tmp_path: Path) -> None:
    samples = {
        LIST: [
            {"ProduitId": 1, "NomProduit": "", "Identifiant": "", "ConsommationsSomme": [], "ConsommationsDetails": []}
        ]
    }
    samples[LIST][0]["ConsommationsSomme"] = [{"Sequence": 1, "Libelle": "", "Quantite": 3}]
    samples[LIST][0]["ConsommationsDetails"] = [{"Dossier": "", "DateDossier": "", "Identifiant": "", "Compteur": []}]
    samples |= {PARAM: {"Debut": "", "Fin": "", "ProduitId": 1}}  # type: ignore[dict-item]
    for name, sample in samples.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(sample), encoding="utf-8")
    for one in derive([SCHEMAS], order_from=tmp_path.glob("*.json")):
        assert one.text() == (SCHEMAS / one.file).read_text(encoding="utf-8")


def test_enumerations_are_names_where_that_is_asked_for() -> None:
    numbers, names = (
        derive([XSDS], roots=["Facture"], dialect=Dialect(enum_names=option))[0] for option in ("numbers", "names")
    )
    at = lambda one: one.schema["$defs"]["Facture"]["properties"]["Statut"]  # noqa: E731
    assert at(numbers) == {"enum": [0, 1, 2]}
    assert at(names) == {"enum": ["Brouillon", "Envoyee", "Payee"]}


def test_other_roots_can_be_asked_for() -> None:
    assert [one.name for one in derive([XSDS], roots=["Ligne", "Noeud"])] == ["Ligne", "Noeud"]


def test_a_root_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ContractError, match="'Perdu' is in none of the XSD files"):
        derive([XSDS], roots=["Perdu"])


def test_a_sample_of_no_contract_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"Perdu": 1}')
    with pytest.raises(ContractError, match="none of the contracts ArrayOfMesure, Facture, Arbre"):
        derive([XSDS], order_from=[tmp_path / "s.json"])
    with pytest.raises(ContractError, match=r"s\.json#/Perdu"):
        derive([XSDS], roots=["Facture"], order_from=[tmp_path / "s.json"])


def test_files_that_people_may_have_edited_are_not_replaced(tmp_path: Path) -> None:
    derived = derive([SCHEMAS])
    write(derived, tmp_path)
    write(derived, tmp_path)  # the same content is no loss
    edited = tmp_path / f"{PARAM}.schema.json"
    edited.write_text("{}")
    (tmp_path / f"{LIST}.schema.json").unlink()
    with pytest.raises(ContractError, match="--overwrite"):
        write(derived, tmp_path)
    assert not (tmp_path / f"{LIST}.schema.json").exists()
    write(derived, tmp_path, force=True)
    assert edited.read_text(encoding="utf-8") != "{}"


def test_the_schemas_belong_beside_the_xsds() -> None:
    assert folder_of([XSDS]) == folder_of(sorted(XSDS.glob("*.xsd"))) == XSDS
    with pytest.raises(ContractError, match="2 folders"):
        folder_of([XSDS, SCHEMAS])


@pytest.mark.parametrize("source", ["missing", "empty"])
def test_a_source_without_schemas_is_an_error(tmp_path: Path, source: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ContractError, match=source):
        derive([tmp_path / source])


def test_what_nothing_shows_is_as_in_the_catalog_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [known] = derive([SCHEMAS], roots=[LIST])
    bundled = json.loads((SCHEMAS / f"{LIST}.schema.json").read_text(encoding="utf-8"))
    for name, kind in bundled["$defs"].items():
        if "properties" in kind:
            assert list(known.schema["$defs"][name]["properties"]) == list(kind["properties"])
    assert any("catalog in force" in note for note in known.notes)
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("CONVTOOL_SCHEMAS", str(tmp_path / "empty"))
    [unknown] = derive([SCHEMAS], roots=[LIST])
    assert any("taken to be the XML order" in note for note in unknown.notes)
