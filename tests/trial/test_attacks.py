"""The page's routes as a public server would meet them: other pages, other users, floods, lies about what is sent."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from convtool.catalog import default_catalog
from convtool.job import Job
from convtool.limits import StubLimits, TrialLimits
from convtool.operations import load_operations
from convtool.testing.stub.app import Stub
from convtool.testing.stub.listening import Listening
from convtool.trial import Opened, Trial
from tests.support import SAMPLES
from tests.testing.raw import exchange, request, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CATALOG = default_catalog()
OCTETS = "Content-Type: application/octet-stream\r\n"
LOOK = "/_convtool/look?name=a.json"
MOST = 100_000
SECRET = b'{"ProduitId": 4711}'


@pytest.fixture(scope="module")
def server() -> Iterator[Listening]:
    operations = load_operations(CATALOG.folder.path, CATALOG.contracts())
    trial = Trial(CATALOG, Job(), (Opened("a.json", SECRET),), TrialLimits(body=MOST, together=1))
    limits = StubLimits(body=2 * MOST, seconds=1)
    with Listening(Stub(CATALOG, operations, host="127.0.0.1", trial=trial, limits=limits)) as found:
        yield found


def asked(
    server: Listening, body: bytes = b"{}", path: str = LOOK, head: str = OCTETS, method: str = "POST", host: str = ""
) -> bytes:
    return exchange(server.port, request(body, path, method, head, host or f"127.0.0.1:{server.port}"))


def content(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


def test_what_the_page_sends_is_answered(server: Listening) -> None:
    answer = asked(server, SECRET)
    assert status_of(answer) == 200
    assert json.loads(content(answer))["look"]["verdicts"][0]["status"] == "valid"
    origin = f"Origin: http://127.0.0.1:{server.port}\r\nSec-Fetch-Site: same-origin\r\n"
    assert status_of(asked(server, head=OCTETS + origin)) == 200


FOREIGN = {
    "another origin": ("Origin: http://evil.example\r\n", ""),
    "no origin": ("Origin: null\r\n", ""),
    "another port of this machine": ("Origin: http://127.0.0.1:1\r\n", ""),
    "what the browser says": ("Sec-Fetch-Site: cross-site\r\n", ""),
    "beside it": ("Sec-Fetch-Site: same-site\r\n", ""),
    "a name that was pointed here": ("", "evil.example"),
    "and says so": ("Origin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n", "evil.example"),
}


@pytest.mark.parametrize(
    "path", [LOOK, "/_convtool/save", "/_convtool/differ?first=0", "/_convtool/about", "/_convtool/opened/"]
)
@pytest.mark.parametrize(("head", "host"), FOREIGN.values(), ids=FOREIGN)
def test_pages_of_others_have_no_say(server: Listening, path: str, head: str, host: str) -> None:
    path = path + server.stub.trial.token if path.endswith("opened/") else path
    method = "GET" if "about" in path or "opened" in path else "POST"
    answer = asked(server, b"" if method == "GET" else b"{}", path, OCTETS + head, method, host)
    assert status_of(answer) == 403
    assert b"4711" not in answer


@pytest.mark.parametrize(
    "media",
    ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json", ""],
)
def test_what_a_form_can_send_is_refused(server: Listening, media: str) -> None:
    assert status_of(asked(server, head=f"Content-Type: {media}\r\n" if media else "")) == 415


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "GET"])
def test_other_methods_are_not_there(server: Listening, method: str) -> None:
    answer = asked(server, b"", method=method)
    assert status_of(answer) == 404
    assert b"Access-Control" not in answer


def test_what_the_command_opened_is_for_who_knows_the_token(server: Listening) -> None:
    token = server.stub.trial.token
    assert len(token) > 20
    for wrong in ("", "x", token[:-1], token + "x", token.swapcase(), "%00", "é"):
        for path in (f"/_convtool/opened/{wrong}", f"/_convtool/opened/{wrong}/0"):
            answer = asked(server, b"", path, "", "GET")
            assert status_of(answer) in (400, 404)
            assert b"4711" not in answer
    assert content(asked(server, b"", f"/_convtool/opened/{token}/0", "", "GET")) == SECRET
    for number in ("1", "-1", "x", "00x", "9" * 50, "..%2f0"):
        assert status_of(asked(server, b"", f"/_convtool/opened/{token}/{number}", "", "GET")) == 404


def test_no_file_but_the_pages_own_is_given(server: Listening) -> None:
    for name in ("routes.py", "../trial/routes.py", "..%2froutes.py", "/etc/passwd", "page.html", "__init__.py"):
        assert status_of(asked(server, b"", f"/_convtool/{name}", "", "GET")) == 404
    for name in ("", "page.css", "page.js", "shown.js", "icon.svg"):
        assert status_of(asked(server, b"", f"/_convtool/{name}", "", "GET")) == 200


def test_the_page_says_what_it_may_do(server: Listening) -> None:
    head = asked(server, b"", "/", "Accept: text/html\r\n", "GET").partition(b"\r\n\r\n")[0].decode()
    for word in (
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "trusted-types 'none'",
        "nosniff",
        "no-referrer",
    ):
        assert word in head
    assert "unsafe" not in head


def test_a_client_finds_at_the_root_what_the_api_has_there(server: Listening) -> None:
    for accept in ("", "Accept: application/json\r\n", "Accept: */*\r\n"):
        assert status_of(asked(server, b"", "/", accept, "GET")) == 404
    assert status_of(asked(server, b"{}", "/", "Accept: text/html\r\nContent-Type: application/json\r\n")) == 404


QUERIES = {
    "a format that is none": "look?format=csv",
    "a number that is none": "look?number=x&side=request",
    "a number beyond reason": f"look?number={'9' * 99}&side=request",
    "other digits": "look?number=%C2%B2&side=request",
    "no such exchange": "look?number=9&side=request",
    "no second payload": "differ?first=x",
    "a profile that is none": "differ?first=1&profile=x",
    "dates that are none": "differ?first=1&dates=x",
    "a path that leads nowhere": "differ?first=2&contract=ParamModel&without=x",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_what_cannot_be_asked_is_said(server: Listening, query: str) -> None:
    answer = asked(server, b"{}{}", f"/_convtool/{query}")
    assert status_of(answer) == 400
    assert json.loads(content(answer))["error"]


@pytest.mark.parametrize(
    "name", ["Nothing", "%3Cimg%20src=x%20onerror=alert(1)%3E", "%ED%A0%80", "..%2FParamModel", "%00"]
)
def test_a_contract_that_is_none_is_said(server: Listening, name: str) -> None:
    answer = asked(server, SECRET, f"/_convtool/look?contract={name}")
    [told, _] = json.loads(content(answer))["look"]["verdicts"]
    assert told["status"] == "failed"
    assert "no contract" in told["reason"]


NAMES = [
    "%00",
    "..%2F..%2Fetc%2Fpasswd",
    "%ED%A0%80",
    "a" * 5000,
    "http%3A%2F%2Fuser%3Asecret%40host%2Fa.json",
    "%F0%9F%92%A9",
    "-",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_a_name_and_nothing_is_read_of_it(server: Listening, name: str) -> None:
    answer = asked(server, SECRET, f"/_convtool/look?name={name}")
    assert status_of(answer) == 200
    told = json.loads(content(answer))["look"]
    assert told["verdicts"][0]["status"] == "valid"
    assert len(told["name"]) < 4100
    assert "secret" not in told["name"]


def test_a_capture_has_nothing_beside_it_whatever_it_is_called(server: Listening, tmp_path: Path) -> None:
    (tmp_path / "body.json").write_bytes(SECRET)
    har = (SAMPLES / "captures" / "chromium.har").read_text("utf-8")
    document = json.loads(har)
    content_of = document["log"]["entries"][1]["response"]["content"]
    content_of.pop("text", None)
    content_of["_file"] = "body.json"
    for name in (tmp_path / "a.har", tmp_path / "body.json" / ".." / "a.har"):
        path = f"/_convtool/look?name={quote(str(name))}"
        answer = asked(server, json.dumps(document).encode(), path)
        assert status_of(answer) == 200
        answer += asked(server, json.dumps(document).encode(), f"{path}&number=2&side=response")
        assert b"no verdict" in answer
        assert b"4711" not in answer


def test_too_much_is_refused(server: Listening) -> None:
    assert status_of(asked(server, b" " * (MOST + 1))) == 413
    assert status_of(asked(server, b" " * (3 * MOST))) == 413
    assert status_of(asked(server, b" " * MOST)) == 200


def test_a_body_that_is_slow_in_coming_is_not_waited_for(server: Listening) -> None:
    started = time.monotonic()
    head = f"POST {LOOK} HTTP/1.1\r\nHost: 127.0.0.1\r\n{OCTETS}Content-Length: 50\r\n\r\n".encode()
    answer = exchange(server.port, head + b"{", ended=False)
    assert status_of(answer) in (404, 408)
    assert time.monotonic() - started < 20


def test_many_at_a_time_have_their_turns(server: Listening) -> None:
    data = (SAMPLES / "captures" / "chromium.har").read_bytes()
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(status_of(asked(server, data)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [200] * 8


@pytest.mark.parametrize(
    "data",
    [b"[" * 90_000, b"<a>" * 30_000, b"{" + b'"a":{' * 15_000, b"\0" * 90_000, b'"' * 90_000, b"\xff\xfe" * 40_000,
     b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"[1," * 30_000, b"\n" * 90_000],
    ids=range(9),
)  # fmt: skip
def test_hostile_payloads_have_their_findings(server: Listening, data: bytes) -> None:
    answer = asked(server, data)
    assert status_of(answer) == 200
    told = json.loads(content(answer))["look"]
    assert {one["status"] for one in told["verdicts"]} == {"invalid"}
    assert told["found"]
    assert len(answer) < 3_000_000
