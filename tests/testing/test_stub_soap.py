"""The stub as a SOAP service: operations by their action, answers in envelopes, Faults for what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from convtool.authoring.derive import derive, write_files
from convtool.authoring.wsdl import published
from convtool.captures import judge
from convtool.catalog import Catalog
from convtool.formats.xml.envelope import VERSIONS, around
from convtool.http_error import recognise
from convtool.testing import ContractServer
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASKED = b'{"number":5,"tags":["a"]}'
ACTION = "http://tempuri.org/IOrders/Find"
HEADERS = {
    "1.1": {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{ACTION}"'},
    "1.2": {"Content-Type": f'application/soap+xml; charset=utf-8; action="{ACTION}"'},
}
PATHS = {"1.1": "/Orders.svc", "1.2": "/Orders.svc/modern"}


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("orders")
    with published([ROOT / "samples" / "orders" / "service.wsdl"]) as service:
        derived = derive(service.sources, roots=service.roots)
    write_files(service.files(derived, folder))
    return Catalog(folder)


@pytest.fixture(scope="module")
def server(orders: Catalog) -> Iterator[ContractServer]:
    with ContractServer(orders, seed=1) as running:
        yield running


def message(orders: Catalog, version: str, text: bytes = ASKED, name: str = "Find") -> bytes:
    before, behind = around(version)
    return before + orders.contract(name).to_xml(text) + behind


def post(server: ContractServer, body: bytes, version: str = "1.1", **headers: str) -> Any:
    return requests.post(server.url_for(PATHS[version]), data=body, headers={**HEADERS[version], **headers}, timeout=9)


def said(response: Any) -> list[str]:
    error = recognise(response.content, failed=True)
    assert error is not None
    assert error.fault
    return error.summary()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_message_is_answered_in_an_envelope(orders: Catalog, server: ContractServer, version: str) -> None:
    answer = post(server, message(orders, version), version)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(HEADERS[version]["Content-Type"].partition(";")[0])
    assert answer.content.startswith(around(version)[0] + b"<FindResponse")
    assert orders.contract("FindResponse").validate(answer.content)
    assert server.requests[-1].operation == f"POST {PATHS[version][1:]}#Find"


def test_the_action_tells_the_operation(orders: Catalog, server: ContractServer) -> None:
    other = {"SOAPAction": '"http://tempuri.org/IOrders/Order"'}
    answer = post(server, message(orders, "1.1", b'{"order":null}', "tempuri.org.Order"), **other)
    assert b"<OrderResponse" in answer.content
    refused = post(server, message(orders, "1.1"), SOAPAction='"urn:other"')
    assert refused.status_code == 500
    assert said(refused)[0] == "a:ActionNotSupported"


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_refused_is_a_fault(orders: Catalog, server: ContractServer, version: str) -> None:
    wrong = post(server, message(orders, version).replace(b">5<", b">x<"), version)
    assert wrong.status_code == 500
    assert said(wrong)[0] == "a:DeserializationFailed"
    assert "'x' is not an integer of 32 bits. Line 1, position" in said(wrong)[1]
    bare = post(server, orders.contract("Find").to_xml(ASKED), version)
    assert said(bare)[1] == "The message is in no SOAP envelope."
    assert post(server, message(orders, version), version, **{"Content-Type": "application/json"}).status_code in (
        415,
        500,
    )


def test_a_rule_answers_with_a_payload_or_a_fault(orders: Catalog, server: ContractServer) -> None:
    server.respond("POST Orders.svc#Find", payload=b'{"FindResult":null}')
    answer = post(server, message(orders, "1.1"))
    assert orders.contract("FindResponse").to_json(answer.content) == b'{"FindResult":null}'
    server.respond("POST Orders.svc#Find", status=503, message="Later.")
    answer = post(server, message(orders, "1.1"))
    assert (answer.status_code, said(answer)) == (503, ["a:InternalServiceFault", "Later."])
    server.respond("order", status=501)  # by its word
    call = message(orders, "1.1", b'{"order":null}', "tempuri.org.Order")
    assert post(server, call, SOAPAction='"http://tempuri.org/IOrders/Order"').status_code == 501
    server.reset()


@pytest.mark.parametrize("version", VERSIONS)
def test_an_invalid_message_is_invalid_within_its_envelope(
    orders: Catalog, server: ContractServer, version: str
) -> None:
    codec = orders.contract("FindResponse")
    value = codec.to_xml(b'{"FindResult":null}').decode()
    given = f'<x:Envelope xmlns:x="{VERSIONS[version]}"><x:Body>{value}</x:Body></x:Envelope>'
    declared = f'<?xml version="1.0"?>\n<!-- <as> it came -->\n{given}'
    for rule in (
        {}, {"payload": b'{"FindResult":null}'}, {"payload": b"{}"}, {"payload": given, "content_type": "text/xml"},
        {"payload": declared, "content_type": "text/xml"},
    ):  # fmt: skip
        server.respond(broken="invalid", **rule)
        answer = post(server, message(orders, version), version)
        report = codec.validate(answer.content)
        assert [found.code for found in report if found.severity == "error"] == ["member.unknown"], rule
        assert b"<Unknown>1</Unknown>" in answer.content
    server.respond(status=500, message="Later.", broken="invalid")
    assert b"Fault><Unknown>1</Unknown>" in post(server, message(orders, version), version).content
    server.reset()


def test_a_capture_of_a_service_is_judged_by_its_operations(orders: Catalog, tmp_path: Path) -> None:
    def exchange(body: bytes, action: str, status: str, answer: bytes) -> bytes:
        asked = f'POST /Orders.svc HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nSOAPAction: "{action}"\r\n'
        told = f"HTTP/1.1 {status}\r\nContent-Type: text/xml\r\nContent-Length: {len(answer)}\r\n\r\n".encode()
        return f"{asked}Content-Length: {len(body)}\r\n\r\n".encode() + body + told + answer

    before, behind = around("1.1")
    fault = before + b"<s:Fault><faultcode>a</faultcode><faultstring>No.</faultstring></s:Fault>" + behind
    good = message(orders, "1.1", b'{"FindResult":null}', "FindResponse")
    capture = tmp_path / "service.http"
    capture.write_bytes(
        exchange(message(orders, "1.1"), ACTION, "200 OK", good)
        + exchange(message(orders, "1.1").replace(b">5<", b">x<"), ACTION, "500 Error", fault)
        + exchange(message(orders, "1.1"), "urn:other", "200 OK", good)
    )
    found = list(judge(capture, orders))
    assert [[(part.verdict, part.contract) for part in one.parts] for one in found] == [
        [("valid", "Find"), ("valid", "FindResponse")], [("invalid", "Find"), ("error response", "")], [],
    ]  # fmt: skip
