"""The client against a stub of the API, in both formats: what it sends, what it reads, what it makes of trouble."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import httpx
import pytest
from consommation import BrokenError, Consommations, RefusedError, UnavailableError, total
from hypothesis import given, settings
from hypothesis import strategies as st

from convtool.testing import assert_matches_sample, payloads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.testing import ContractServer

OPERATION = "POST api/ConsommationV2"
MARCH = date(2026, 3, 1), date(2026, 3, 31)
ANSWER = """[{"ProduitId": 7, "NomProduit": "Électricité", "Identifiant": "A-1",
  "ConsommationsSomme": [{"Sequence": 1, "Libelle": "Heures <creuses>", "Quantite": 120},
                         {"Sequence": 2, "Libelle": "Heures pleines", "Quantite": 80}],
  "ConsommationsDetails": [{"Dossier": "D-1", "DateDossier": "2026-03-22T00:33:32.2894565+01:00",
                            "Identifiant": null, "Compteur": []}]},
 {"ProduitId": 8, "NomProduit": null, "Identifiant": "", "ConsommationsSomme": null, "ConsommationsDetails": []}]"""


@pytest.fixture(params=["json", "xml"])
def api(contract_server: ContractServer, request: pytest.FixtureRequest) -> Iterator[Consommations]:
    """The client of the stub: each test runs in both formats."""
    with Consommations(contract_server.url, format=request.param, timeout=5) as client:
        yield client


# --- the round trip -------------------------------------------------------------------------------------------------


def test_what_is_sent_is_what_the_contract_says(api: Consommations, contract_server: ContractServer) -> None:
    api.between(*MARCH, produit=7)
    sent = contract_server.assert_requested(
        OPERATION, times=1, payload='{"Debut": "2026-03-01", "Fin": "2026-03-31", "ProduitId": 7}'
    )
    assert sent.headers["Accept"] == f"application/{api.format}"
    assert_matches_sample(sent, "march", form="wire")


def test_no_product_means_every_product(api: Consommations, contract_server: ContractServer) -> None:
    api.between(*MARCH)
    contract_server.assert_requested(payload='{"Debut": "2026-03-01", "Fin": "2026-03-31", "ProduitId": null}')


def test_the_answer_is_read_whatever_its_format(api: Consommations, contract_server: ContractServer) -> None:
    contract_server.respond(payload=ANSWER)
    first, second = api.between(*MARCH)
    assert (first.ProduitId, first.NomProduit) == (7, "Électricité")
    assert first.ConsommationsSomme[0].Libelle == "Heures <creuses>"
    assert first.ConsommationsDetails[0].DateDossier == "2026-03-22T00:33:32.2894565+01:00"  # all seven digits
    assert (second.NomProduit, second.Identifiant, second.ConsommationsSomme) == (None, "", None)
    assert total([first, second]) == 200


@pytest.mark.parametrize("format", ["json", "xml"])
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_whatever_the_api_may_write_is_read(format: str, data: st.DataObject) -> None:
    """Lists that are null, records without members, seven digits, every character: the contract allows them all."""
    payload = data.draw(payloads("ArrayOfReponseV2Model", format=format))
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=payload))
    with Consommations("http://api", format=format, transport=transport) as api:
        assert isinstance(total(api.between(*MARCH)), int)


# --- trouble --------------------------------------------------------------------------------------------------------


def test_an_error_of_the_server_says_what_the_server_said(api: Consommations, contract_server: ContractServer) -> None:
    contract_server.respond(OPERATION, status=503, message="La base est en maintenance.", times=1)
    with pytest.raises(RefusedError, match="503: La base est en maintenance") as caught:
        api.between(*MARCH)
    assert caught.value.status == 503
    assert api.between(*MARCH)  # once only: now it answers again


def test_a_request_that_is_refused_names_the_members(api: Consommations, contract_server: ContractServer) -> None:
    state = '{"Message": "The request is invalid.", "ModelState": {"model.Fin": ["Fin est avant Debut."]}}'
    contract_server.respond(status=400, payload=state)
    with pytest.raises(RefusedError) as caught:
        api.between(MARCH[1], MARCH[0])
    assert caught.value.members == {"model.Fin": ["Fin est avant Debut."]}


@pytest.mark.parametrize(
    ("broken", "codes"),
    [
        ("truncated", {"json.syntax", "xml.syntax"}),
        ("invalid", {"member.unknown"}),
        ("empty", {"input.empty"}),
        ("html", {"json.syntax", "xml.doctype"}),
    ],
)
def test_a_broken_answer_is_an_error_with_its_place(
    api: Consommations, contract_server: ContractServer, broken: str, codes: set[str]
) -> None:
    contract_server.respond(payload=ANSWER, broken=broken)
    with pytest.raises(BrokenError) as caught:
        api.between(*MARCH)
    errors = [one for one in caught.value.report if one.severity == "error"]
    assert {one.code for one in errors} <= codes
    assert all(one.location for one in errors)


def test_a_connection_that_breaks_off_is_no_answer(api: Consommations, contract_server: ContractServer) -> None:
    contract_server.respond(broken="connection")
    with pytest.raises(UnavailableError):
        api.between(*MARCH)


def test_an_answer_that_takes_too_long_is_none(contract_server: ContractServer) -> None:
    contract_server.respond(delay=60)
    with Consommations(contract_server.url, timeout=0.2) as api, pytest.raises(UnavailableError):
        api.between(*MARCH)
