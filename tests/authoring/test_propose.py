"""Operations proposed from captures."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.authoring.propose import propose
from convtool.operations import load_operations
from tests.support import ROOT, SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

CAPTURES = ROOT / "samples" / "captures"
LIST = '<ArrayOfReponseV2Model xmlns="http://schemas.datacontract.org/2004/07/Facturation.Api.Models" />'
PARAM = '{"Debut":"2026-03-22T00:00:00","Fin":"2026-03-22T00:00:00","ProduitId":1}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The bundled contracts, without their operations."""
    for path in SCHEMAS.iterdir():
        if path.suffix != ".toml":
            shutil.copy(path, tmp_path)
    return tmp_path


def har(folder: Path, *calls: tuple[str, str, int, str, str]) -> Path:
    """Write a HAR of method, URL, status, request and response."""
    entries: list[dict[str, Any]] = [
        {
            "request": {"method": method, "url": url, "headers": [], "postData": {"mimeType": "", "text": request}},
            "response": {"status": status, "headers": [], "content": {"mimeType": "", "text": response}},
        }
        for method, url, status, request, response in calls
    ]
    path = folder / "session.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}), "utf-8")
    return path


@pytest.mark.parametrize("name", ["chromium.har", "vcrpy.yaml", "warcio.warc.gz", "conversation.http"])
def test_the_apis_own_captures_give_its_operation(name: str, folder: Path) -> None:
    found = propose([CAPTURES / name], convtool.Catalog(folder))
    (folder / "operations.toml").write_text(found.text(), "utf-8")
    [made] = load_operations(folder, convtool.Catalog(folder).contracts()).all
    assert (made.name, made.request, made.response) == (
        "POST api/ConsommationV2",
        "ParamModel",
        "ArrayOfReponseV2Model",
    )


def test_what_is_known_is_left_out(folder: Path) -> None:
    shutil.copy(SCHEMAS / "operations.toml", folder)
    found = propose([CAPTURES / "conversation.http"], convtool.Catalog(folder))
    assert (found.operations, found.known, found.exchanges) == ({}, 3, 3)


def test_segments_that_name_one_of_many_are_any_segment(folder: Path) -> None:
    path = har(
        folder,
        ("PUT", "https://h/app/API/Periodes/12/lignes/309d6b79-0000-0000-0000-000000000001?x=1", 204, PARAM, ""),
        ("PUT", "https://h/app/API/Periodes/13/lignes/309D6B79-0000-0000-0000-000000000002", 200, PARAM, ""),
        ("POST", "https://h/p%C3%A9riodes/2026-03-22", 200, PARAM, ""),
        ("POST", "https://h/a%20b", 200, PARAM, ""),
        ("GET", "https://h/", 200, "", "[]"),
        ("GET", "https://h/erreur", 500, "", PARAM),
    )
    found = propose([path], convtool.Catalog(folder))
    assert {name: dict(roles["request"]) for name, roles in found.operations.items()} == {
        "PUT API/Periodes/{id}/lignes/{id2}": {"ParamModel": 2}, "POST périodes/{id}": {"ParamModel": 1},
        "POST a%20b": {"ParamModel": 1},
    }  # fmt: skip
    (folder / "operations.toml").write_text(found.text(), "utf-8")
    operations = load_operations(folder, convtool.Catalog(folder).contracts())
    assert operations.find("PUT", "https://other/api/periodes/7/lignes/x") is not None


def test_what_cannot_be_told_is_said(folder: Path) -> None:
    path = har(
        folder,
        ("POST", "https://h/api/x", 200, '{"Autre":1}', ""),
        ("POST", "https://h/api/y", 200, PARAM, ""),
        ("POST", "https://h/api/y", 200, LIST, ""),
    )
    found = propose([path], convtool.Catalog(folder))
    assert list(found.operations) == ["POST api/y"]
    assert len(found.notes) == 2
    assert found.notes[0].startswith("POST api/x: the contract of a request is not told: ")
    assert (
        "POST api/y: the request is of several contracts: ParamModel (1), ArrayOfReponseV2Model (1)" in found.notes[1]
    )
