"""Operations: routes as Web API matches them, and what a folder's ``operations.toml`` may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from convtool.errors import ContractError, UsageError
from convtool.operations import Operation, Operations, action_of, load_operations
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
    with pytest.raises(UsageError, match="there is no operation 'POST other'"):
        operations.named("POST other")


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


# --- SOAP -----------------------------------------------------------------------------------------------------------

CALLS = [
    Operation("POST", "Orders.svc#Find", "Find", soap="1.1", action="urn:Find"),
    Operation("POST", "Orders.svc#Order", "Order", soap="1.1", action="urn:Order"),
    Operation("POST", "Orders.svc/alone#Find", "Find", soap="1.2", action="urn:Find"),
    Operation("POST", "Orders", "Order"),
]


@pytest.mark.parametrize(
    ("url", "action", "found"),
    [
        ("/x/orders.svc", "urn:Order", "Orders.svc#Order"),
        ("/x/orders.svc?a=b", "urn:Find", "Orders.svc#Find"),
        ("/orders.svc", "urn:Other", ""),
        ("/orders.svc", None, ""),  # there are two
        ("/orders.svc/alone", None, "Orders.svc/alone#Find"),
        ("/orders", "urn:Find", "Orders"),
    ],
)
def test_an_action_tells_operations_of_one_address_apart(url: str, action: str | None, found: str) -> None:
    operation = Operations(CALLS).find("POST", url, action)
    assert (operation.path if operation else "") == found


def test_a_soap_operation_goes_by_its_word_where_one_has_it() -> None:
    operations = Operations(CALLS)
    assert operations.named("order") is CALLS[1]
    with pytest.raises(UsageError, match="there are several operations 'Find'"):
        operations.named("Find")
    assert operations.named("POST Orders.svc/alone#Find") is CALLS[2]


@pytest.mark.parametrize(
    ("header", "content_type", "action"),
    [
        ('"urn:a"', "text/xml", "urn:a"),
        ("", "text/xml", ""),
        (None, 'application/soap+xml; charset=utf-8; action="urn:a"', "urn:a"),
        (None, "application/soap+xml;action=urn:a", "urn:a"),
        (None, "text/xml", None),
    ],
)
def test_where_a_request_names_its_action(header: str | None, content_type: str, action: str | None) -> None:
    assert action_of(header, content_type) == action


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('["POST a#b"]\nsoap = "2"', "`soap` of 'POST a#b' is '2'; there are: 1.1, 1.2"),
        ('["POST a#b"]\nsoap = 1.1', "`soap` of 'POST a#b' should be a version in quotes"),
        ('["POST #b"]', "is not an operation"),
        (
            '["POST a#b"]\nsoap = "1.1"\naction = "x"\n["POST a#c"]\nsoap = "1.1"\naction = "x"',
            "the same URLs and action",
        ),
    ],
)
def test_what_soap_operations_may_not_say(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "operations.toml").write_text(text)
    with pytest.raises(ContractError, match=message):
        load_operations(tmp_path, ["A"])
