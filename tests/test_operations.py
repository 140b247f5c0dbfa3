"""Operations: routes as Web API matches them, and what a folder's ``operations.toml`` may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from convtool.errors import ContractError
from convtool.operations import Operation, Operations, load_operations
from tests.support import LIST, PARAM, SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

NAME = "POST api/ConsommationV2"


def test_the_bundled_operation() -> None:
    operations = load_operations(SCHEMAS, [PARAM, LIST])
    assert [(one.name, one.request, one.response) for one in operations.all] == [(NAME, PARAM, LIST)]
    assert operations.all[0].description == "Permet d'obtenir les consommations par identifiant API."


@pytest.mark.parametrize(
    ("method", "url", "matches"),
    [
        ("POST", "https://api.example/api/ConsommationV2", True),
        ("post", "https://api.example:8443/v1/prefix/API/consommationv2/", True),
        ("POST", "/api/ConsommationV2?x=1#top", True),
        ("POST", "api/Consommation%56%32", True),
        ("GET", "https://api.example/api/ConsommationV2", False),
        ("POST", "https://api.example/api/ConsommationV2/1", False),
        ("POST", "https://api.example/ConsommationV2", False),
        ("POST", "https://api.example/xapi/ConsommationV2", False),
        ("POST", "http://[broken/api/ConsommationV2", False),
        ("POST", "", False),
    ],
)
def test_bundled_paths(method: str, url: str, matches: bool) -> None:
    operation = load_operations(SCHEMAS, [PARAM, LIST]).find(method, url)
    assert (operation is not None and operation.name == NAME) == matches


def test_parameters_and_queries() -> None:
    paths = [
        "api/Orders",
        "api/Orders/{id}",
        "api/Orders/last",
        "api/Orders/{id}/Lines",
        "api/Orders?from={from}&to={to}",
    ]
    operations = Operations(Operation("GET", path) for path in paths)

    def found(url: str) -> str:
        operation = operations.find("GET", url)
        return operation.path if operation else ""

    assert found("http://x/api/orders") == "api/Orders"
    assert found("http://x/api/orders/12") == "api/Orders/{id}"
    assert found("http://x/api/orders/LAST") == "api/Orders/last"
    assert found("http://x/api/orders/12/lines") == "api/Orders/{id}/Lines"
    assert found("http://x/api/orders?To=&FROM=1&more=2") == "api/Orders?from={from}&to={to}"
    assert found("http://x/api/orders?from=1") == "api/Orders"


def test_by_name() -> None:
    operations = load_operations(SCHEMAS, [PARAM, LIST])
    assert operations.named("post  API/consommationV2") is operations.all[0]
    assert operations.named("POST other") is None


def test_a_folder_without_the_file(tmp_path: Path) -> None:
    assert len(load_operations(tmp_path, [])) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "Invalid|Unexpected|Expected"),
        ('["api/Orders"]', "is not an operation"),
        ('["POST /"]', "is not an operation"),
        ('["POST api/A"]\nrequest = 1', "in quotes"),
        ('["POST api/A"]\nbody = "A"', "nothing else"),
        ('["POST api/A"]\ndescription = 1', "`description` of 'POST api/A' should be a text in quotes"),
        ('"POST api/A" = "A"', "nothing else"),
        ('["POST api/A"]\nrequest = "B"', "the contracts here are: A"),
        ('["POST api/A/{x}"]\n["POST API/a/{y}"]', "match the same URLs"),
    ],
)
def test_what_the_file_may_not_say(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "operations.toml").write_text(text)
    with pytest.raises(ContractError, match=message) as error:
        load_operations(tmp_path, ["A"])
    assert str(tmp_path / "operations.toml") in str(error.value)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "operations.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ContractError):
        load_operations(tmp_path, [])
