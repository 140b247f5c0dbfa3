"""Folders of schema files, sound and not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from convtool.authoring.check import Finding, check_folder
from convtool.codes import Severity
from convtool.errors import ContractError
from tests.recordings import CONTRACTS
from tests.support import LIST, PARAM, SCHEMAS, param

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled folder."""
    shutil.copytree(SCHEMAS, tmp_path / "schemas")
    return tmp_path / "schemas"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, [finding.text() for finding in findings]
    return findings[0]


def test_the_bundled_folder_is_sound() -> None:
    assert check_folder(SCHEMAS) == []


def test_halves_that_disagree_are_named_with_both_places(folder: Path) -> None:
    edit(folder / f"{PARAM}.schema.json", '"ProduitId"', '"ProduitID"')
    finding = only(check_folder(folder))
    assert finding.file == f"{PARAM}.schema.json"
    assert f"{PARAM}.xsd" in finding.message
    assert "ProduitId" in finding.message


def test_a_sample_that_is_invalid_is_reported_at_its_place(folder: Path) -> None:
    (folder / f"{PARAM}-1.json").write_text('{"Debut": "2026-03-22",\n "Fin": "soon"}')
    (folder / f"{LIST}.sample.xml").write_bytes(b"\n<Autre />")
    first, second = check_folder(folder)
    assert (first.file, first.line, first.column) == (f"{LIST}.sample.xml", 2, 1)
    assert (second.file, second.line, second.column) == (f"{PARAM}-1.json", 2, 9)
    assert "value.lexical" in second.message


def test_samples_that_are_valid_are_fine(folder: Path) -> None:
    (folder / f"{PARAM}.json").write_text('{"Debut": "2026-03-22", "Fin": "2026-03-31", "ProduitId": null}')
    (folder / f"{PARAM}.xml").write_bytes(param("<Debut>2026-03-22</Debut><Fin>2026-03-22</Fin>"))
    (folder / "Other.json").write_text("not ours")
    assert check_folder(folder) == []


def test_a_sample_in_another_order_is_a_warning(folder: Path) -> None:
    (folder / f"{PARAM}.json").write_text('{"Fin": "2026-03-31", "Debut": "2026-03-22"}')
    finding = only(check_folder(folder))
    assert finding.severity is Severity.WARNING
    assert "'Fin' is where" in finding.message


def broken_xsd(folder: Path) -> None:
    edit(folder / f"{PARAM}.xsd", "</xs:schema>", "")


def no_json_half(folder: Path) -> None:
    (folder / f"{PARAM}.schema.json").unlink()


def same_name_other_type(folder: Path) -> None:
    text = (folder / f"{PARAM}.xsd").read_text(encoding="utf-8")
    (folder / "more.xsd").write_text(text.replace("xs:int", "xs:long"), encoding="utf-8")


def element_twice(folder: Path) -> None:
    text = (folder / f"{PARAM}.xsd").read_text(encoding="utf-8")
    (folder / f"{PARAM}.xsd").rename(folder / "one.xsd")
    (folder / "two.xsd").write_text(text.replace("Facturation.Api.Models", "Other"), encoding="utf-8")


def wrong_operation(folder: Path) -> None:
    (folder / "operations.toml").write_text('["POST api/x"]\nrequest = "Perdu"\n')


def broken_operations(folder: Path) -> None:
    (folder / "operations.toml").write_text("[")


@pytest.mark.parametrize(
    ("damage", "wanted"),
    [
        (broken_xsd, f"{PARAM}.xsd: error: not a readable XSD"),
        (no_json_half, f"{PARAM}.xsd: warning: there is no {PARAM}.schema.json beside it"),
        (same_name_other_type, f"more.xsd:3: error: the type {PARAM} of "),
        (element_twice, f"one.xsd:22: error: the element {PARAM} is in two.xsd:22, too"),
        (
            wrong_operation,
            "operations.toml: error: POST api/x: the request is 'Perdu', of which there is no Perdu.schema.json",
        ),
        (broken_operations, "operations.toml: error: cannot be read"),
    ],
)
def test_what_is_wrong_is_found(folder: Path, damage: Callable[[Path], None], wanted: str) -> None:
    damage(folder)
    assert any(finding.text().startswith(wanted) for finding in check_folder(folder)), [
        finding.text() for finding in check_folder(folder)
    ]


def test_a_folder_of_xsds_only_says_what_to_do() -> None:
    finding = only(check_folder(CONTRACTS / "xsd"))
    assert finding.severity is Severity.WARNING
    assert "contracts derive" in finding.hint


def test_a_folder_without_schemas_or_none_at_all(tmp_path: Path) -> None:
    assert only(check_folder(tmp_path)).severity is Severity.ERROR
    with pytest.raises(ContractError, match="does not exist"):
        check_folder(tmp_path / "missing")
