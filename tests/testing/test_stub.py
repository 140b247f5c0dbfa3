"""The stub on a real port: it negotiates, validates, answers, records, and fails on demand."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import requests

import convtool
from convtool.authoring.help_page.page import read_page
from convtool.http_error import recognise
from convtool.sample import sample
from convtool.testing import ContractServer, approx_payload, assert_same, assert_valid
from convtool.testing.stub.rules import BROKEN
from tests.browser import dom, shown
from tests.support import LIST, PARAM
from tests.testing.raw import request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from convtool.catalog import Catalog

OPERATION = "POST api/ConsommationV2"
PATH = "/api/ConsommationV2"
JSON = b'{"Debut":"2026-03-22","Fin":"2026-03-31","ProduitId":7}'
XML = convtool.contract(PARAM).to_xml(JSON)
FORM = b"Debut=2026-03-22&Fin=2026-03-31&ProduitId=7"
AS_JSON, AS_XML = {"Content-Type": "application/json"}, {"Content-Type": "application/xml"}


def post(server: ContractServer, body: bytes = JSON, headers: dict[str, str] | None = None, path: str = PATH) -> Any:
    return requests.post(server.url_for(path), data=body, headers=AS_JSON | (headers or {}), timeout=20)


def waiting_for(happens: Callable[[], bool]) -> None:
    """Wait until something is so; fail where it takes too long."""
    ends = time.monotonic() + 20
    while not happens():
        assert time.monotonic() < ends
        time.sleep(0.01)


def message_of(response: Any) -> str:
    error = recognise(response.content, failed=True)
    assert error is not None
    return error.texts("Message")


# --- requests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (JSON, "application/json"),
        (JSON, "text/json; charset=utf-8"),
        (XML, "application/xml"),
        (XML, "text/xml; charset=UTF-8"),
        (FORM, "application/x-www-form-urlencoded"),
        (JSON.decode().encode("utf-16"), "application/json; charset=utf-16"),
        (XML.decode().encode("utf-16-le"), "application/xml; charset=utf-16"),
    ],
)
def test_requests_are_read_by_their_media_type(contract_server: ContractServer, body: bytes, content_type: str) -> None:
    response = post(contract_server, body, {"Content-Type": content_type})
    assert response.status_code == 200
    assert_valid(response, LIST)
    assert contract_server.assert_requested(OPERATION, times=1, payload=JSON).report


@pytest.mark.parametrize(
    ("body", "content_type", "status", "said"),
    [
        (JSON, "text/plain", 415, "media type 'text/plain' is not supported"),
        (JSON, "", 415, "no Content-Type header. The inferred media type 'application/octet-stream'"),
        (JSON, "application/xml", 400, "The request is invalid."),
        (b"", "application/json", 400, "The request is invalid."),
        (XML[:-5], "application/xml", 400, "The request is invalid."),
    ],
)
def test_requests_that_are_refused(
    contract_server: ContractServer, body: bytes, content_type: str, status: int, said: str
) -> None:
    response = httpx.post(
        contract_server.url_for(PATH), content=body, headers={"Content-Type": content_type}, timeout=20
    )
    assert response.status_code == status
    assert said in message_of(response)
    assert contract_server.requests[-1].status == status


@pytest.mark.parametrize("headers", [{}, {"Accept": "text/xml"}])
def test_model_state_names_the_members(contract_server: ContractServer, headers: dict[str, str]) -> None:
    response = post(contract_server, b'{"Debut":"x","ProduitId":2147483648,"Autre":1}', headers)
    assert response.status_code == 400
    error = recognise(response.content, failed=True)
    assert error is not None
    state = {key: messages for key, messages, _ in error.model_state}
    assert list(state) == ["model.Debut", "model.ProduitId", "model.Autre"]
    assert "[value.range]" in state["model.ProduitId"][0]
    assert "Line 1, position " in state["model.ProduitId"][0]


def test_the_dotnet_profile_reads_as_net_would(contract_server: ContractServer) -> None:
    loose = b"{'debut':'2026-03-22','ProduitId':'5','Autre':1}"
    assert post(contract_server, loose).status_code == 400
    with ContractServer(profile="dotnet") as server:
        assert post(server, loose).status_code == 200
        assert post(server, b"").status_code == 200
        assert post(server, b'{"Debut":"yesterday"}').status_code == 400


def test_what_is_not_there(contract_server: ContractServer) -> None:
    missing = requests.get(contract_server.url_for("/api/Nope?x=1"), headers={"Accept": "application/xml"}, timeout=9)
    assert missing.status_code == 404
    assert message_of(missing).startswith("No HTTP resource was found that matches the request URI 'http://127.0.0.1:")
    refused = requests.get(contract_server.url_for(PATH), timeout=9)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST")
    assert message_of(refused) == "The requested resource does not support http method 'GET'."
    assert post(contract_server, path="/any/prefix/API/consommationv2").status_code == 200


# --- responses ------------------------------------------------------------------------------------------------------


def test_responses_are_negotiated(contract_server: ContractServer) -> None:
    codec = convtool.contract(LIST)
    wire = codec.write_xml(sample(codec.model, codec.instances))
    for headers, content_type in (
        ({"Accept": "application/xml"}, "application/xml; charset=utf-8"),
        ({"Accept": "text/json"}, "text/json; charset=utf-8"),
        ({"Accept": "image/png"}, "application/json; charset=utf-8"),
        ({"Accept": "text/xml", "Accept-Charset": "utf-16"}, "text/xml; charset=utf-16"),
    ):
        response = post(contract_server, headers=headers)
        assert response.headers["Content-Type"] == content_type
        assert response == approx_payload(wire)
    assert post(contract_server, headers={"Accept": "text/xml"}).content == wire


@pytest.mark.parametrize("name", ["ConsommationV2.JSON", "ConsommationV2.Json"])
def test_a_suffix_may_be_written_in_capitals(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b'[{"ProduitId":42}]')
    with ContractServer(responses=tmp_path) as server:
        assert post(server).json() == [{"ProduitId": 42}]


def test_given_payloads_are_answered_in_either_format(tmp_path: Path) -> None:
    given = b'[{"ProduitId":42}]'
    for name in (f"{LIST}.xml", "consommationv2.json", "api/ConsommationV2.json"):
        path = tmp_path / name.replace("/", "-") / name
        path.parent.mkdir(parents=True)
        path.write_bytes(convtool.contract(LIST).to_xml(given) if name.endswith("xml") else given)
        with ContractServer(responses=tmp_path / name.replace("/", "-")) as server:
            assert post(server, headers={"Accept": "text/xml"}) == approx_payload(given)
            assert post(server).content == given


def test_given_payloads_that_answer_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(convtool.SourceError, match="not a folder"):
        ContractServer(responses=tmp_path / "nowhere")
    (tmp_path / "Other.json").write_bytes(b"[]")
    with pytest.raises(convtool.SourceError, match=r"answers no operation; .*: api/ConsommationV2"):
        ContractServer(responses=tmp_path)
    (tmp_path / "Other.json").rename(tmp_path / f"{LIST}.json")
    (tmp_path / f"{LIST}.json").write_bytes(b'[{"Nope":1}]')
    with pytest.raises(convtool.PayloadError, match=r"ArrayOfReponseV2Model\.json:1:3: error"):
        ContractServer(responses=tmp_path)


def test_generated_responses_vary_and_repeat() -> None:
    seen = []
    for _ in range(2):
        with ContractServer(seed=3) as server:
            seen.append([post(server).content for _ in range(3)])
            assert all(convtool.contract(LIST).validate(one) for one in seen[-1])
    assert seen[0] == seen[1]
    assert len(set(seen[0])) > 1


def test_what_the_stub_has_read_is_what_is_asserted_on(contract_server: ContractServer) -> None:
    texts = JSON.replace(b'"ProduitId":7', b'"ProduitId":8')
    for body, headers, status in (
        (texts, {"Content-Type": "application/json; charset=iso-8859-1"}, 200),  # which Web API reads as UTF-8
        (texts, {"Content-Type": "application/json, application/json"}, 200),
        (texts, {"Content-Type": "application/json; charset*0=a; charset*b"}, 200),
        (gzip.compress(texts), {"Content-Encoding": "gzip"}, 400),  # which Web API does not undo
        (texts, {"Content-Type": "json"}, 415),
    ):
        assert post(contract_server, body, headers).status_code == status
        if status == 200:
            contract_server.assert_requested(payload=texts)
        else:
            with pytest.raises(AssertionError):
                contract_server.assert_requested(payload=texts)


# --- what the schemas say --------------------------------------------------------------------------------------------


def api_of(folder: Path, pattern: str) -> convtool.Catalog:
    """An API whose text has to meet a pattern, as both halves say; beside it one of a plain text."""
    folder.mkdir()
    for name, facet in (("X", pattern), ("Y", "")):
        restriction = f'<xs:pattern value="{facet}"/>' if facet else ""
        (folder / f"{name}.xsd").write_text(
            f'''<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:{name}" xmlns="urn:{name}"
            elementFormDefault="qualified"><xs:complexType name="{name}"><xs:sequence><xs:element name="Code">
            <xs:simpleType><xs:restriction base="xs:string">{restriction}</xs:restriction></xs:simpleType>
            </xs:element></xs:sequence></xs:complexType>
            <xs:element name="{name}" nillable="true" type="{name}"/></xs:schema>'''
        )
        text = {"type": "string", **({"pattern": f"^{facet}$"} if facet else {})}
        half = {"title": name, "type": ["object", "null"], "properties": {"Code": text}, "required": ["Code"]}
        (folder / f"{name}.schema.json").write_text(json.dumps(half))
    tables = [f'["GET api/{name}"]\nresponse = "{name}"\n["POST api/{name}"]\nrequest = "{name}"' for name in "XY"]
    (folder / "operations.toml").write_text("\n".join(tables))
    return convtool.Catalog(folder)


def test_an_answer_is_one_that_the_schemas_take(tmp_path: Path) -> None:
    catalog = api_of(tmp_path / "api", "[^0-9]*")  # the sample has a digit
    with ContractServer(catalog) as server:
        answers = {requests.get(server.url_for("api/X"), timeout=9).content for _ in range(3)}
        assert len(answers) == 1
        assert catalog.contract("X").validate(answers.pop())


def test_an_operation_without_an_answer_says_why(tmp_path: Path) -> None:
    with ContractServer(api_of(tmp_path / "api", "[A-Z]{12}-[0-9]{9}")) as server:
        told: list[str] = []
        server.stub.on_request = lambda one: told.append(one.error)
        refused = requests.get(server.url_for("api/X"), timeout=20)
        assert refused.status_code == 500
        assert message_of(refused) == "An error has occurred."
        assert "GET api/X has no answer: X: no value was found that meets" in refused.json()["ExceptionMessage"]
        assert "respond(payload=…)" in refused.json()["ExceptionMessage"]
        [record] = server.requests
        assert (record.status, [record.error]) == (500, told)
        assert record.to_dict()["error"] == refused.json()["ExceptionMessage"]
        server.respond("GET api/X", payload='{"Code":"ABCDEFGHIJKL-123456789"}')
        assert requests.get(server.url_for("api/X"), timeout=9).json() == {"Code": "ABCDEFGHIJKL-123456789"}
        page = requests.get(server.url_for("Help"), timeout=9)
        assert page.status_code == 200
        assert page.text.count("Sample not available.") == 5  # X: twice as a response, three times as a request
        assert "sample string 1" in page.text


def test_a_contract_that_cannot_be_had_is_said_at_once(tmp_path: Path) -> None:
    catalog = api_of(tmp_path / "api", "")
    half = tmp_path / "api" / "Y.schema.json"
    half.write_text(half.read_text().replace("string", "integer"))
    with pytest.raises(convtool.ContractError, match="Code"):
        ContractServer(catalog)


# --- on demand ------------------------------------------------------------------------------------------------------


def test_errors_on_demand(contract_server: ContractServer) -> None:
    contract_server.respond(OPERATION, status=503, message="Back soon.", headers={"Retry-After": "1"}, times=1)
    response = post(contract_server, headers={"Accept": "application/xml"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert response.content == b"<Error><Message>Back soon.</Message></Error>"
    assert post(contract_server).status_code == 200


def test_payloads_on_demand(contract_server: ContractServer, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(b'[{"ProduitId":1}]')
    contract_server.respond(payload=path, status=201)
    response = post(contract_server, headers={"Accept": "text/xml"})
    assert response.status_code == 201
    assert_same(response, path)
    contract_server.respond(payload="[{'Nope':1}]")  # the last call counts; what is wrong is sent as it is
    assert post(contract_server, headers={"Accept": "text/xml"}).text == "[{'Nope':1}]"
    contract_server.respond(payload=b"\x00", content_type="application/octet-stream")
    assert post(contract_server).headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "rule", [{"payload": "[]"}, {"payload": "x", "content_type": "text/plain"}, {"status": 201}, {"broken": "html"}]
)
@pytest.mark.parametrize(("content_type", "status"), [("application/json", 400), ("text/plain", 415)])
def test_what_is_refused_is_refused_whatever_is_given(
    contract_server: ContractServer, content_type: str, status: int, rule: dict[str, Any]
) -> None:
    contract_server.respond(**rule)
    assert post(contract_server, b"garbage", {"Content-Type": content_type}).status_code == status
    assert contract_server.assert_requested(OPERATION).status == status
    contract_server.respond(**rule | {"status": 503})
    assert post(contract_server, b"garbage", {"Content-Type": content_type}).status_code == 503


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        ({"payload": "[]"}, False), ({"status": 201}, False), ({"broken": "html"}, False),
        ({"headers": {"A": "b"}}, False), ({"payload": "[]", "delay": 0.01}, False), ({"delay": 0.01}, True),
        ({"status": 503}, True), ({"status": 503, "payload": "[]"}, True),
    ],
)  # fmt: skip
def test_what_is_refused_counts_where_it_is_answered_in_another_way(
    contract_server: ContractServer, rule: dict[str, Any], counts: bool
) -> None:
    contract_server.respond(**rule, times=1)
    post(contract_server, b"garbage")
    assert bool(contract_server.stub.rules) is not counts
    post(contract_server)
    assert not contract_server.stub.rules


def test_broken_answers_on_demand(contract_server: ContractServer) -> None:
    whole = post(contract_server).content
    contract_server.respond(broken="truncated", times=1)
    assert post(contract_server).content == whole[: len(whole) // 2]
    contract_server.respond(broken="empty", times=1)
    assert post(contract_server).content == b""
    contract_server.respond(broken="html", times=1)
    assert post(contract_server).headers["Content-Type"].startswith("text/html")
    contract_server.respond(broken="connection", times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        post(contract_server)
    contract_server.respond(broken="connection", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(contract_server.url_for(PATH), content=JSON, headers=AS_JSON, timeout=20)


@pytest.mark.parametrize("accept", ["text/xml", "text/json"])
def test_answers_in_utf_16_break_as_others_do(contract_server: ContractServer, accept: str) -> None:
    headers = {"Accept": accept, "Accept-Charset": "utf-16"}
    for name in ("NomProduit", "É"):  # halves between two characters, and within one
        contract_server.respond(payload=f'[{{"ProduitId":1,"NomProduit":"{name}"}}]')
        whole = post(contract_server, headers=headers).content
        assert whole.startswith(b"\xff\xfe")
        contract_server.respond(payload=whole, broken="truncated")
        assert post(contract_server, headers=headers).content == whole[: len(whole) // 2]
    contract_server.respond(broken="empty")
    assert post(contract_server, headers=headers).content == b""
    contract_server.respond(broken="invalid")
    with pytest.raises(AssertionError, match=r"member\.unknown"):
        assert_valid(post(contract_server, headers=headers), LIST)
    assert [one.status for one in contract_server.requests] == [200] * 6


@pytest.mark.parametrize("payload", [b"<", b"<a/", b"\xff", b"", b"{", b"<!-- > --><a/>"])
@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_wrong_by_itself_can_be_broken(contract_server: ContractServer, payload: bytes, broken: str) -> None:
    contract_server.respond(payload=payload, broken=broken)
    try:
        assert post(contract_server).status_code == 200
    except requests.exceptions.ChunkedEncodingError:
        assert broken == "connection"
    assert contract_server.assert_requested(times=1).status == 200


@pytest.mark.parametrize("payload", ["[]", '[{"ProduitId":1}]'])
@pytest.mark.parametrize("accept", ["text/xml", "text/json"])
def test_an_invalid_answer_breaks_one_rule(contract_server: ContractServer, accept: str, payload: str) -> None:
    contract_server.respond(payload=payload, broken="invalid")
    report = convtool.contract(LIST).validate(post(contract_server, headers={"Accept": accept}).content)
    assert [found.code for found in report if found.severity == "error"] == ["member.unknown"]


def test_delays_on_demand_and_a_quick_end() -> None:
    with ContractServer() as server:
        server.respond(delay=0.3, times=1)
        begun = time.monotonic()
        assert post(server).status_code == 200
        assert time.monotonic() - begun >= 0.3
        server.respond(delay=60)
        with pytest.raises(requests.Timeout):
            requests.post(server.url_for(PATH), data=JSON, headers=AS_JSON, timeout=0.2)
        begun = time.monotonic()
    assert time.monotonic() - begun < 5


def test_a_request_whose_answer_nobody_waits_for_has_been_made(contract_server: ContractServer) -> None:
    contract_server.respond(delay=60)
    with pytest.raises(requests.Timeout):
        requests.post(contract_server.url_for(PATH), data=JSON, headers=AS_JSON, timeout=0.5)
    assert contract_server.assert_requested(times=1, payload=JSON).status == 200
    with pytest.raises(AssertionError, match="was requested once, not never"):
        contract_server.assert_requested(times=0)


def test_what_the_server_has_read_is_compared_as_it_was_read() -> None:
    with ContractServer(profile="dotnet") as server:
        loose = JSON.replace(b":7", b':"7"')
        answered = requests.post(server.url_for(PATH), data=loose, headers=AS_JSON, timeout=9)
        assert (answered.status_code, loose == JSON) == (200, False)
        server.assert_requested(payload=JSON)
        with pytest.raises(AssertionError):
            server.assert_requested(payload=JSON.replace(b":7", b":8"))


def test_a_reset_ends_delays_and_what_they_hold_back_is_of_no_later_test(contract_server: ContractServer) -> None:
    contract_server.respond(delay=60, times=1)
    with ThreadPoolExecutor() as threads:
        late = threads.submit(post, contract_server)
        waiting_for(lambda: not contract_server.stub.rules)  # the request has taken the rule
        contract_server.reset()
        assert late.result(timeout=20).status_code == 200
    assert contract_server.requests == []
    post(contract_server)
    contract_server.assert_requested(times=1)


def test_rules_and_requests_are_forgotten_each_by_itself(contract_server: ContractServer) -> None:
    for what, recorded in (("rules", 1), ("requests", 0)):
        contract_server.respond(delay=60 if what == "rules" else 1, times=1)
        with ThreadPoolExecutor() as threads:
            late = threads.submit(post, contract_server)
            waiting_for(lambda: not contract_server.stub.rules)
            requests.delete(contract_server.url_for(f"/_convtool/{what}"), timeout=9)
            assert late.result(timeout=20).status_code == 200
        assert len(contract_server.requests) == recorded
        contract_server.reset()


def test_a_request_is_of_the_test_in_which_it_began(contract_server: ContractServer) -> None:
    whole = request()
    with socket.create_connection(("127.0.0.1", contract_server.port), timeout=20) as connection:
        connection.sendall(whole[:-1])
        waiting_for(lambda: contract_server.stub.in_hand._left < contract_server.stub.limits.recorded)
        contract_server.reset()
        connection.sendall(whole[-1:])
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
    assert contract_server.requests == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"status": 99}, "a number from 200 to 599"),
        ({"delay": -1}, "at most an hour"),
        ({"broken": "very"}, "there are connection, truncated"),
        ({"times": 0}, "once or more often"),
        ({"operation": "GET nothing"}, "there is no operation 'GET nothing'; there are: POST api/ConsommationV2"),
    ],
)
def test_rules_that_cannot_be_meant(contract_server: ContractServer, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(convtool.UsageError, match=said):
        contract_server.respond(**wrong)


# --- what was requested ---------------------------------------------------------------------------------------------


def test_requests_can_be_asserted_on(contract_server: ContractServer) -> None:
    with pytest.raises(AssertionError, match="POST api/ConsommationV2 was requested never, not at least once"):
        contract_server.assert_requested(OPERATION)
    post(contract_server, XML, AS_XML)
    post(contract_server)
    last = contract_server.assert_requested("post API/consommationv2", times=2, payload=XML)
    assert (last.method, last.contract, last.status) == ("POST", PARAM, 200)
    assert assert_valid(last).ProduitId == 7
    with pytest.raises(AssertionError, match="was requested twice, not once; requests:\n  200 POST http"):
        contract_server.assert_requested(times=1)
    with pytest.raises(AssertionError, match="/ProduitId: the values differ"):
        contract_server.assert_requested(payload=JSON.replace(b"7", b"8"))
    contract_server.assert_requested(payload=JSON.replace(b"7", b"8"), ignore=["/ProduitId"])
    with pytest.raises(convtool.UsageError, match="no operation"):
        contract_server.assert_requested("GET nothing")


def test_it_can_be_asserted_that_nothing_was_requested(contract_server: ContractServer) -> None:
    contract_server.assert_requested(times=0)
    contract_server.assert_requested(OPERATION, times=0)
    post(contract_server)
    for operation in ("", OPERATION):
        with pytest.raises(AssertionError, match="was requested once, not never; requests:\n  200 POST http"):
            contract_server.assert_requested(operation, times=0)
    for wrong in ({"times": 0, "payload": JSON}, {"times": -1}):
        with pytest.raises(convtool.UsageError, match=f"times={wrong['times']}"):
            contract_server.assert_requested(**wrong)  # type: ignore[call-overload]


def test_each_test_begins_anew(contract_server: ContractServer) -> None:
    assert contract_server.requests == []
    assert post(contract_server).status_code == 200


def test_other_languages_inject_and_ask_by_http(contract_server: ContractServer) -> None:
    control = contract_server.url_for("/_convtool/rules")
    added = requests.post(control, json={"status": 500, "times": 1}, timeout=9)
    assert (added.status_code, added.content) == (204, b"")
    assert post(contract_server).status_code == 500
    for body in (b"[", b"[]", b'{"status":1}', b'{"nope":1}', b"[" * 100_000, b"\xff"):
        refused = requests.post(control, data=body, timeout=9)
        assert refused.status_code == 400
        assert refused.json()["error"]
    listed = requests.get(contract_server.url_for("/_convtool/requests"), timeout=9).json()
    assert [(one["operation"], one["status"], one["body"]) for one in listed] == [(OPERATION, 500, JSON.decode())]
    assert requests.delete(contract_server.url_for("/_convtool/requests"), timeout=9).status_code == 204
    assert requests.delete(control, timeout=9).status_code == 204
    assert contract_server.requests == []
    assert requests.get(contract_server.url_for("/_convtool/nope"), timeout=9).status_code == 404


def test_an_address_of_version_6() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("there is no IPv6 here")
    with ContractServer(host="::1") as server:
        assert server.url == f"http://[::1]:{server.port}"
        assert post(server).status_code == 200
        rules = server.url_for("/_convtool/rules")
        assert requests.post(rules, json={"status": 500}, timeout=9).status_code == 204
        with pytest.raises(convtool.SourceError, match=rf"\[::1\]:{server.port}: cannot be listened on"):
            ContractServer(host="::1", port=server.port).start()


def test_the_requests_are_those_so_far(contract_server: ContractServer) -> None:
    before = contract_server.requests
    post(contract_server)
    before.append(contract_server.requests[0])
    assert len(contract_server.requests) == 1


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(convtool.SourceError, match=f"127.0.0.1:{port}: cannot be listened on"):
            ContractServer(port=port).start()
    with pytest.raises(convtool.UsageError, match="no profile 'loose'"):
        ContractServer(profile="loose")  # type: ignore[arg-type]


# --- the help page --------------------------------------------------------------------------------------------------


def test_the_help_page_says_what_the_apis_own_says(contract_server: ContractServer, tmp_path: Path) -> None:
    page = requests.get(contract_server.url_for("/Help"), timeout=9)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    saved = tmp_path / "page.html"
    saved.write_bytes(page.content)
    read = read_page(saved)  # convtool reads it as it reads the API's
    assert (read.method, read.path) == ("POST", "api/ConsommationV2")
    assert read.description == "Permet d'obtenir les consommations par identifiant API."
    assert read.request.type == PARAM
    assert [row.name for row in read.request.table.rows] == ["Debut", "Fin", "ProduitId"]  # type: ignore[union-attr]
    assert read.response.type == "Collection of ReponseV2Model"
    assert read.response.table is not None
    assert read.response.table.rows[3].description == "Consommations totales par compteur sur la période"
    assert_same(read.response.json, read.response.xml, contract=LIST)
    assert "<script" not in page.text


def test_the_help_page_of_one_operation(contract_server: ContractServer) -> None:
    one = requests.get(contract_server.url_for("/help/api/POST-api-ConsommationV2"), timeout=9)
    assert one.status_code == 200
    assert requests.get(contract_server.url_for("/Help/Api/GET-nothing"), timeout=9).status_code == 404


def test_curl_gets_what_it_asks_for(contract_server: ContractServer) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    command = [curl, "-sS", "-i", "-m", "20", "-H", "Accept: text/xml", "-H", "Content-Type: application/json"]
    done = subprocess.run(
        [*command, "--data-binary", JSON.decode(), contract_server.url_for(PATH)],
        capture_output=True,
        check=True,
        timeout=60,
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"Content-Type: text/xml; charset=utf-8" in head
    assert convtool.contract(LIST).validate(body)


def test_a_browser_shows_the_help_page(contract_server: ContractServer, tmp_path: Path) -> None:
    text = shown(dom(contract_server.url_for("/Help"), tmp_path))
    for part in (
        "POST api/ConsommationV2 Permet d'obtenir les consommations par identifiant API.",
        "Debut Date de début de période (AAAA-MM-JJ) date None.",
        "ConsommationsSomme Consommations totales par compteur sur la période Collection of CompteurModel",
        'application/json, text/json Sample: { "Debut": "2026-03-22T00:33:32.0494548+01:00"',
        "application/xml, text/xml Sample: <ArrayOfReponseV2Model xmlns:i=",
        "Response Formats",
    ):
        assert part in text


# --- a second API ---------------------------------------------------------------------------------------------------


@pytest.fixture
def second_server(second: Catalog) -> Iterator[ContractServer]:
    with ContractServer(second, seed=1) as server:
        yield server


def test_a_second_api_is_served(second: Catalog, second_server: ContractServer) -> None:
    got = requests.get(second_server.url_for("v1/factures/12?x=y"), headers={"Accept": "text/xml"}, timeout=9)
    facture = assert_valid(got, second.contract("Facture"))
    put = requests.put(
        second_server.url_for("v1/factures/12"), data=second.contract("Facture").to_json(got.content), headers=AS_JSON,
        timeout=9,
    )  # fmt: skip
    assert (put.status_code, put.content) == (204, b"")
    assert_valid(second_server.assert_requested("PUT v1/factures/{numero}"), second.contract("Facture"))
    assert facture.Numero
    tree = b'{"Nom":"a","Espece":"b","Enfants":[{"Rang":"x","Espece":"c"}]}'
    refused = requests.post(second_server.url_for("v1/arbres"), data=tree, headers=AS_JSON, timeout=9)
    assert list(refused.json()["ModelState"]) == ["model.Enfants[0].Rang"]
    page = requests.get(second_server.url_for("Help"), timeout=9).text
    for part in ("v1/factures/{numero}", "Dictionary of string [key] and string [value]", "Brouillon", "site"):
        assert part in page
    assert page.count("Donne une facture &amp; ses lignes.") == 2  # in the table of operations and above its own


@pytest.mark.parametrize("headers", [AS_JSON, AS_XML | {"Accept": "text/xml"}])
def test_an_operation_without_a_response_answers_as_it_is_told(
    second: Catalog, second_server: ContractServer, headers: dict[str, str]
) -> None:
    codec = second.contract("Facture")
    xml = "Accept" in headers
    write = codec.write_xml if xml else codec.write_json
    body = write(sample(codec.model, codec.instances))

    def put(**rule: Any) -> Any:
        second_server.respond(**rule)
        return requests.put(second_server.url_for("v1/factures/12"), data=body, headers=headers, timeout=9)

    for rule, status in (({}, 204), ({"status": 201}, 201), ({"broken": "truncated"}, 204), ({"broken": "empty"}, 204)):
        response = put(headers={"ETag": "1"}, **rule)
        assert (response.status_code, response.headers["ETag"], response.content) == (status, "1", b"")
    page = put(broken="html", status=204)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.text.startswith("<!DOCTYPE html>")
    assert put(broken="html", status=502).status_code == 502
    unknown = put(broken="invalid", headers={"ETag": "1"})
    assert (unknown.status_code, unknown.headers["ETag"]) == (200, "1")
    assert unknown.text == ("<Unknown>1</Unknown>" if xml else '{"Unknown":1}')
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        put(broken="connection")
    assert [one.status for one in second_server.requests] == [204, 201, 204, 204, 200, 502, 200, 200]


def test_each_link_of_the_help_page_leads_to_one_place(second_server: ContractServer) -> None:
    page = requests.get(second_server.url_for("Help"), timeout=9).text
    places, links = (re.findall(rf'{name}="#?([^"]+)"', page) for name in (" id", " href"))
    assert len(set(places)) == len(places)
    assert set(links) <= set(places)
    assert len(links) > 10


def test_xml_model_state_counts_items_from_zero(second: Catalog, second_server: ContractServer) -> None:
    codec = second.contract("ArrayOfMesure")
    body = codec.write_xml(sample(codec.model, codec.instances))
    wrong = re.sub(rb"(<Octet>)\d+(</Octet>(?!.*<Octet>))", rb"\g<1>256\2", body, flags=re.DOTALL)
    refused = requests.post(second_server.url_for("v1/mesures?site=1"), data=wrong, headers=AS_XML, timeout=9)
    assert list(refused.json()["ModelState"]) == ["model[1].Octet"]
    assert json.loads(refused.content)["Message"] == "The request is invalid."


def test_a_folder_without_operations_says_what_is_needed(second_folder: Path, tmp_path: Path) -> None:
    for path in second_folder.iterdir():
        if path.suffix != ".toml":
            shutil.copy(path, tmp_path)
    with pytest.raises(convtool.UsageError, match=r"operations\.toml lists them"):
        ContractServer(convtool.Catalog(tmp_path))
