"""The stub as a public server would be: heads that lie, bodies that break off, pages of other origins, floods."""

from __future__ import annotations

import gc
import json
import socket
import threading
import time
import tracemalloc
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.limits import StubLimits
from convtool.testing import ContractServer
from tests.testing import soak
from tests.testing.raw import PATH, announced, chunked, exchange, request, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES, REQUESTS = "/_convtool/rules", "/_convtool/requests"
MOST = 1_000_000
XML = "Accept: application/xml\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def small() -> Iterator[ContractServer]:
    with ContractServer(limits=StubLimits(body=MOST, recorded=4 * MOST, requests=100, rules=5, seconds=1)) as server:
        yield server


@pytest.fixture
def server(small: ContractServer, capfd: pytest.CaptureFixture[str]) -> Iterator[ContractServer]:
    """A server that answers as before after each test, and has complained about nothing."""
    small.reset()
    yield small
    small.reset()
    assert status_of(exchange(small.port, request())) == 200
    assert status_of(exchange(small.port, request(b"", REQUESTS, "GET"))) == 200
    assert capfd.readouterr() == ("", "")


# --- what a head announces ------------------------------------------------------------------------------------------

CHUNKS = {
    "beyond memory": (b"F" * 16 + b'\r\n{"ProduitId":7}', 413),
    "beyond what comes": (b'FFFFF\r\n{"ProduitId":7}', 413),
    "a little more than comes": (b'10\r\n{"ProduitId":7}', 400),
    "less than comes": (b'4\r\n{"ProduitId":7}\r\n0\r\n\r\n', 400),
    "too many digits": (b"F" * 17 + b"\r\n{}", 400),
    "negative": (b"-1\r\n{}", 400),
    "prefixed": (b"0x2\r\n{}\r\n0\r\n\r\n", 400),
    "underscored": (b"1_0\r\n" + b"x" * 16 + b"\r\n0\r\n\r\n", 400),
    "no number": (b"zz\r\n{}", 400),
    "none": (b"", 400),
    "a line without end": (b"2" + b";" * 100_000, 400),
    "a second one that lies": (b"2\r\n{}\r\nFFFFFFF\r\n{}", 413),
    "many that are too much": (b"4000\r\n" + b" " * 0x4000 + b"\r\n", 400),
    "no last one": (b"2\r\n{}\r\n", 400),
    "no end of the trailers": (b"2\r\n{}\r\n0\r\nA: b\r\n", 400),
    "trailers for ever": (b"2\r\n{}\r\n0\r\n" + b"A: b\r\n" * 1000 + b"\r\n", 400),
}
HEADS = {
    "too long": (f"Content-Length: {MOST + 1}", 413),
    "beyond reason": ("Content-Length: 99999999999999999999", 413),
    "thousands of digits": ("Content-Length: " + "9" * 5000, 413),
    "negative": ("Content-Length: -1", 400),
    "signed": ("Content-Length: +2", 400),
    "no number": ("Content-Length: two", 400),
    "other digits": ("Content-Length: \xb2", 400),
    "empty": ("Content-Length: ", 400),
    "two of them": ("Content-Length: 2\r\nContent-Length: 3", 400),
    "two ways": ("Content-Length: 2\r\nTransfer-Encoding: chunked", 400),
    "broken off": ("Content-Length: 3", 400),
    "broken off early": (f"Content-Length: {MOST}", 400),
    "another coding": ("Transfer-Encoding: gzip, chunked", 501),
    "no coding": ("Transfer-Encoding: identity", 501),
}


@pytest.mark.parametrize(("body", "status"), CHUNKS.values(), ids=CHUNKS)
def test_sizes_of_chunks_are_held_against_what_comes(server: ContractServer, body: bytes, status: int) -> None:
    answer = exchange(server.port, chunked(body))
    assert status_of(answer) == status
    assert b'{"Message":"The request cannot be read: ' in answer
    [seen] = server.requests
    assert seen.status == status
    assert seen.content in body  # nothing that never came


@pytest.mark.parametrize(("head", "status"), HEADS.values(), ids=HEADS)
def test_lengths_are_held_against_what_comes(server: ContractServer, head: str, status: int) -> None:
    assert status_of(exchange(server.port, announced(head))) == status
    assert [(one.status, one.content in (b"", b"{}")) for one in server.requests] == [(status, True)]


def test_chunks_that_are_right_are_read(server: ContractServer) -> None:
    pieces = b'5\r\n{"Pro\r\nA;name=value\r\nduitId":7}\r\n000\r\nTrailer: of no interest\r\n\r\n'
    assert status_of(exchange(server.port, chunked(pieces), ended=False)) == 200
    assert server.requests[-1].content == b'{"ProduitId":7}'
    many = b"".join(b"1\r\n%c\r\n" % byte for byte in b'{"ProduitId":7}') + b"0\r\n\r\n"
    assert status_of(exchange(server.port, chunked(many), ended=False)) == 200
    assert server.requests[-1].report
    whole = b" " * (MOST - 15) + b'{"ProduitId":7}'
    assert status_of(exchange(server.port, request(whole))) == 200
    assert status_of(exchange(server.port, request(b" " + whole))) == 413


def test_a_client_that_waits_to_be_asked_is_asked_once(server: ContractServer) -> None:
    asked = exchange(
        server.port, request(head="Content-Type: application/json\r\nExpect: 100-continue\r\n"), ended=False
    )
    assert asked.count(b"100 Continue") == 1
    assert b"HTTP/1.1 200" in asked


def test_lies_take_no_memory(server: ContractServer) -> None:
    gc.collect()
    tracemalloc.start()
    for body, _ in CHUNKS.values():
        exchange(server.port, chunked(body))
    for head, _ in HEADS.values():
        exchange(server.port, announced(head))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2 * MOST


FAULTS = {
    "no URL": request(path="http://[bad/x"),
    "a method that is none": request(method="P\x1bST"),
    "two hosts": request(head="Host: y\r\n"),
    "a host that is none": request(host="a\x1b[2J"),
    "no host": b"GET /Help HTTP/1.1\r\n\r\n",
    "a header that is none": request(head="X\x1b: y\r\n"),
    "a line that is none": request(head="Something\r\n"),
    "a line that goes on": request(head=" X: y\r\n"),
}


@pytest.mark.parametrize("data", FAULTS.values(), ids=FAULTS)
def test_heads_that_no_server_takes(server: ContractServer, data: bytes) -> None:
    assert status_of(exchange(server.port, data)) == 400
    assert server.requests == []


ODD = {
    "a path of controls": (request(path="/%00%1b%ff\x80", head=XML), 404),
    "an absolute target": (request(path=f"http://a.example{PATH}"), 200),
    "two slashes": (request(path="//evil.example/x"), 404),
    "an asterisk": (request(path="*", method="OPTIONS"), 404),
    "an unknown method": (request(method="BREW", head=XML), 405),
    "a media type of controls": (request(head="Content-Type: \x1b[31m; charset=\x1b\r\n"), 415),
    "a charset that is none": (request(b"\xff", head="Content-Type: application/json; charset=utf-16\r\n"), 400),
    "qualities that are none": (request(head="Accept: \xff;q=nan, */*;q=inf,;,/\r\nContent-Type: text/json\r\n"), 200),
    "half a character": (request(b'{"\\ud800":1}'), 400),
    "half a character, in XML": (request(b'{"\\ud800":1}', head=XML), 400),
    "half a character as text": (request(b'{"ProduitId":"\\udfff\\ud800"}', head=XML), 400),
    "controls as a name, in XML": (request(b'{"\\u0000\\u001b\\ufffe":1}', head=XML), 400),
    "a path that names half of one": (request(path="/%ed%a0%80", head=XML), 404),
}


@pytest.mark.parametrize(("data", "status"), ODD.values(), ids=ODD)
def test_what_is_odd_is_answered_and_listed(server: ContractServer, data: bytes, status: int) -> None:
    assert status_of(exchange(server.port, data)) == status
    answer = exchange(server.port, request(b"", REQUESTS, "GET"))
    assert status_of(answer) == 200
    [listed] = json.loads(answer.partition(b"\r\n\r\n")[2].decode("utf-8", "strict"))
    assert listed["status"] == status
    json.dumps(listed, ensure_ascii=False).encode()  # no half characters, which other languages' readers refuse


# --- time -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "begun",
    [b"", b"POST ", request()[:-5], chunked(b"5\r\n{"), chunked(b"2\r\n{}\r\n")],
    ids=["nothing", "a line", "a body", "a chunk", "chunks"],
)
def test_what_does_not_come_is_not_waited_for(server: ContractServer, begun: bytes) -> None:
    started = time.monotonic()
    answer = exchange(server.port, begun, ended=False)
    assert 0.5 < time.monotonic() - started < 10
    assert status_of(answer) == (408 if b"\r\n\r\n" in begun else 0)


def test_drops_now_and_then_do_not_keep_a_connection(server: ContractServer) -> None:
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=0.1) as connection:
        connection.sendall(announced("Content-Length: 5000"))
        answer = b""
        while not answer and time.monotonic() - started < 15:
            connection.sendall(b" ")
            with suppress(TimeoutError):
                answer = connection.recv(100)
    assert status_of(answer) == 408
    assert time.monotonic() - started < 10


def test_connections_beyond_the_bound_wait(capfd: pytest.CaptureFixture[str]) -> None:
    with ContractServer(limits=StubLimits(connections=2, seconds=2)) as server, ExitStack() as idle:
        before, most, deadline = {*threading.enumerate()}, 0, time.monotonic() + 1
        for _ in range(5):
            idle.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        while time.monotonic() < deadline:
            most = max(most, len({*threading.enumerate()} - before))
            time.sleep(0.02)
        assert most == 2
        assert status_of(exchange(server.port, request())) == 200  # as soon as the idle ones are given up
    assert capfd.readouterr() == ("", "")


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_the_oldest_requests_are_forgotten_and_counted(server: ContractServer) -> None:
    for number in range(120):
        exchange(server.port, request(b'{"ProduitId":%d}' % number))
    assert [one.content for one in server.requests] == [b'{"ProduitId":%d}' % number for number in range(20, 120)]
    server.assert_requested(times=120)
    with pytest.raises(
        AssertionError, match=r"120 times, not once; requests:\n  \(20 more, forgotten since\)\n  200 POST"
    ):
        server.assert_requested("POST api/ConsommationV2", times=1)
    for _ in range(8):
        exchange(server.port, request(b" " * (MOST - 100)))
    assert len(server.requests) == 3
    exchange(server.port, request(b'{"a":' + b'{"a":1},"b":' * 10_000 + b"1}"))
    assert sum(one.size for one in server.requests) <= 4 * MOST
    server.reset()
    with pytest.raises(AssertionError, match="never"):
        server.assert_requested()


def test_bodies_in_hand_are_bounded_for_all_together() -> None:
    with ContractServer(limits=StubLimits(body=MOST, recorded=MOST, seconds=5)) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as first:
            first.sendall(announced(f"Content-Length: {MOST}", b" " * (MOST - 1)))
            time.sleep(0.5)
            assert status_of(exchange(server.port, request())) == 503
        deadline = time.monotonic() + 10
        while status_of(exchange(server.port, request())) != 200:  # the first has gone: there is room again
            assert time.monotonic() < deadline
            time.sleep(0.05)


# --- rules ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        {"headers": {"X": "a\r\nSet-Cookie: p=1"}},
        {"headers": {"X": "a\nb"}},
        {"headers": {"X": "\0"}},
        {"headers": {"X": "€"}},
        {"headers": {"X": "\ud800"}},
        {"headers": {"X y": "a"}},
        {"headers": {"X\r\nY": "a"}},
        {"headers": {"": "a"}},
        {"content_type": "text/html\r\nX: y", "payload": "x"},
        {"operation": "\ud800"},
        {"times": True},
        {"status": True},
        {"delay": float("nan")},
    ],
    ids=ascii,
)
def test_rules_that_cannot_be_sent_are_refused(server: ContractServer, rule: dict[str, Any]) -> None:
    with pytest.raises(convtool.UsageError):
        server.respond(**rule)
    assert status_of(exchange(server.port, request(json.dumps(rule).encode(), RULES))) == 400
    assert status_of(exchange(server.port, request())) == 200


@pytest.mark.parametrize("accept", ["application/json", "application/xml"])
@pytest.mark.parametrize(
    "rule", [{"status": 500, "message": "\0\ud800\x1b]0;x\x07"}, {"status": 418, "payload": "\ud800"}]
)
def test_texts_of_rules_are_sent_whatever_they_hold(server: ContractServer, rule: dict[str, Any], accept: str) -> None:
    assert status_of(exchange(server.port, request(json.dumps(rule).encode(), RULES))) == 204
    answer = exchange(server.port, request(head=f"Accept: {accept}\r\nContent-Type: application/json\r\n"))
    assert status_of(answer) == rule["status"]
    answer.decode()


def test_rules_are_bounded(server: ContractServer) -> None:
    for _ in range(4):
        server.respond(payload=b"x" * (MOST - 1))
    with pytest.raises(convtool.UsageError, match="at most 4000000 bytes"):
        server.respond(payload=b"x" * 1000)
    server.respond(times=1)
    with pytest.raises(convtool.UsageError, match="there are 5 rules"):
        server.respond()


# --- who may ask ----------------------------------------------------------------------------------------------------

FOREIGN = {
    "another origin": ("Origin: http://evil.example\r\n", "127.0.0.1"),
    "no origin": ("Origin: null\r\n", "127.0.0.1"),
    "an origin that is none": ("Origin: http://[\r\n", "127.0.0.1"),
    "another port": ("Origin: http://localhost:1\r\n", "localhost:2"),
    "another scheme": ("Origin: https://localhost\r\n", "localhost"),
    "a name that was pointed here": ("", "evil.example:80"),
    "and says so": ("Origin: http://evil.example\r\n", "evil.example"),
    "a name that looks like one of ours": ("", "localhost.evil.example"),
    "an address within a name": ("", "127.0.0.1.evil.example"),
    "a dot at its end": ("", "evil."),
    "across sites": ("Sec-Fetch-Site: cross-site\r\n", "localhost"),
    "of the same site": ("Sec-Fetch-Site: same-site\r\n", "localhost"),
}


@pytest.mark.parametrize(("head", "host"), FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", RULES), ("DELETE", RULES), ("GET", REQUESTS), ("DELETE", REQUESTS)]
)
def test_pages_of_others_have_no_say(server: ContractServer, head: str, host: str, method: str, path: str) -> None:
    server.respond(status=503)
    answer = exchange(server.port, request(b'{"status":201}', path, method, head, host))
    assert status_of(answer) == 403
    assert status_of(exchange(server.port, request())) == 503
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", ["text/plain", "text/plain; charset=utf-8", "multipart/form-data; boundary=x"])
def test_what_a_form_can_send_is_no_rule(server: ContractServer, kind: str) -> None:
    assert status_of(exchange(server.port, request(b'{"status":503}', RULES, head=f"Content-Type: {kind}\r\n"))) == 415


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "localhost", "LOCALHOST:1", "stub", "a.localhost"]
)
def test_programs_nearby_have(server: ContractServer, host: str) -> None:
    for head in ("", f"Origin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n"):
        assert (
            status_of(exchange(server.port, request(b'{"status":503,"times":1}', RULES, head=head, host=host))) == 204
        )
        assert status_of(exchange(server.port, request())) == 503


# --- for long -------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_memory_stays_flat() -> None:
    grown = soak.soak(2_000)
    assert grown.failures == []
    assert grown.megabytes < 12, grown


@pytest.mark.parametrize("host", ["[:::]", "[::1::2]", "[.]", "x:99999"])
def test_a_host_that_is_none_is_refused(server: ContractServer, host: str) -> None:
    assert status_of(exchange(server.port, request(host=host))) == 400


def test_what_was_requested_is_shown_in_an_error(server: ContractServer) -> None:
    exchange(server.port, request(path="/%E2%80%AEx%1b"))
    with pytest.raises(AssertionError, match="was requested never") as error:
        server.assert_requested("POST api/ConsommationV2")
    assert not {"\x1b", "\u202e"} & set(str(error.value))


def test_a_server_that_runs_is_not_started_twice() -> None:
    with ContractServer() as one:
        count = threading.active_count()
        one.start()
        assert threading.active_count() == count
