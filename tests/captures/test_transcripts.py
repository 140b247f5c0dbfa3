"""What ``curl -v`` says, on a terminal and in a file, alone and of several requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from convtool.captures.kinds import kind_of
from tests.captures.support import RESPONSE, exchanges_of, found, judgements_of, verdicts, written
from tests.captures.test_cases import told

if TYPE_CHECKING:
    from pathlib import Path

CONNECT = "* Connected to api.example (127.0.0.1) port 80 (#0)\n"
LEFT = "* Connection #0 to host api.example left intact"
BODY = RESPONSE.decode()
METER = """  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0"""
DONE = "\r100  2533  100  2460  100    73   246k   7499 --:--:--  0:00:01 --:--:--  274k\n"


def ask(method: str = "POST", path: str = "/api/ConsommationV2", length: int | None = 73, version: str = "1.1") -> str:
    lines = [f"> {method} {path} HTTP/{version}", "> Host: api.example", "> Content-Type: application/json"]
    lines += [f"> Content-Length: {length}"] if length is not None else []
    return "\r\n".join([*lines, "> "]) + "\r\n"


def came(status: str = "200 OK", length: int | None = None, version: str = "1.1", line: str = "\r\n") -> str:
    lines = [f"< HTTP/{version} {status}", "< Content-Type: application/json; charset=utf-8"]
    lines += [f"< Content-Length: {length}"] if length is not None else []
    return line.join([*lines, "< "]) + line


SIZE = len(RESPONSE)
NO, MISSING, VALID = "request no verdict", "response no verdict", "response valid"
SENT = ["capture.missing"]
TRYING = "*   Trying 127.0.0.1:80...\n"
# What curl says before it asks again, and when all is done: of 7.88 and of 8.
BEFORE = [
    "Found bundle for host: 0x5618d9b031e0 [serially]",
    "Re-using existing connection #0 with host 127.0.0.1",
    "Reusing existing http: connection with host api.example",
    "  Trying 127.0.0.1:80...",
    "  Trying [::1]:80...",
    "Host api.example:80 was resolved.",
    "Hostname api.example was found in DNS cache",
]
AFTER = [
    "Closing connection 0",
    "Closing connection",
    "closing connection #0",
    "shutting down connection #0",
    "TLSv1.2 (IN), TLS header, Supplemental data (23):",
    "TLSv1.3 (IN), TLS alert, close notify (256):",
]
# name → text, verdicts, codes but for hazards of payloads
VARIANTS: dict[str, tuple[str, list[str], list[str]]] = {
    "in a file": (
        TRYING
        + CONNECT
        + ask()
        + "} [73 bytes data]\n"
        + came(length=SIZE)
        + "{ [9 bytes data]\n"
        + LEFT
        + "\n"
        + BODY,
        [NO, VALID],
        SENT,
    ),
    "with a meter": (
        METER + TRYING + CONNECT + ask() + came(length=SIZE) + DONE + LEFT + "\n" + BODY,
        [NO, VALID],
        SENT,
    ),
    "on a terminal": (TRYING + ask() + came(length=SIZE) + BODY + LEFT + "\n", [NO, VALID], SENT),
    "on a terminal, in lines": (
        TRYING + ask() + came() + json.dumps(json.loads(BODY), indent=2)[:-1] + LEFT + "\n]\n",
        [NO, VALID],
        SENT,
    ),
    "a terminal's own ends of lines": (
        (TRYING + ask() + came() + BODY + LEFT + "\n").replace("\n", "\r\n"),
        [NO, VALID],
        SENT,
    ),
    "an editor's ends of lines": ((TRYING + ask() + came() + BODY + "\n").replace("\r\n", "\n"), [NO, VALID], SENT),
    "without the first lines": (ask() + came() + BODY, [NO, VALID], SENT),
    "HTTP/2": (
        "* using HTTP/2\n* [HTTP/2] [1] OPENED stream\n" + ask(version="2") + came("200", version="2") + BODY,
        [NO, VALID],
        SENT,
    ),
    "a note before all": (
        "Note: Unnecessary use of -X or --request, POST is already inferred.\n" + TRYING + ask() + came() + BODY,
        [NO, VALID],
        SENT,
    ),
    "heads as well (-i)": (
        TRYING
        + ask()
        + came(length=SIZE)
        + LEFT
        + "\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
        + BODY,
        [NO, VALID],
        SENT,
    ),
    "no body, since it went to a file": (TRYING + ask() + came(length=SIZE), [NO, MISSING], SENT * 2),
    "a request without a body": (TRYING + ask(length=0) + came() + BODY, ["request no body", VALID], []),
    "interim": (TRYING + ask() + "< HTTP/1.1 100 Continue\r\n< \r\n" + came() + BODY, [NO, VALID], SENT),
    "a redirect": (
        TRYING + ask() + came("307 Temporary Redirect", 99) + "* Ignoring the response-body\n" + LEFT + "\n"
        "* Issue another request to this URL: 'http://api.example/x/api/ConsommationV2'\n"
        + ask()
        + came(length=SIZE)
        + BODY,
        [NO, "response no body", NO, VALID],
        SENT * 2,
    ),
    "a challenge": (
        TRYING
        + ask(length=0)
        + came("401 Unauthorized", 1293)
        + "* Ignoring the response-body\n"
        + ask()
        + came()
        + BODY,
        ["request no body", "response no body", NO, VALID],
        SENT,
    ),
    "a tunnel": (
        TRYING + "* A tunnel\n> CONNECT api.example:443 HTTP/1.1\r\n> Host: api.example\r\n> \r\n"
        "< HTTP/1.1 200 Connection established\r\n< \r\n* CONNECT phase completed\n" + ask() + came() + BODY,
        [NO, VALID],
        SENT,
    ),
    "two, each with its body": ((ask() + came(length=SIZE) + BODY + "\n" + LEFT + "\n") * 2, [NO, VALID] * 2, SENT * 2),
    "two, their bodies at the end": (
        (ask() + came(length=SIZE) + LEFT + "\n") * 2 + BODY * 2,
        [NO, VALID] * 2,
        SENT * 2,
    ),
    "two on a terminal, the next request right behind the remark": (
        (ask() + came() + BODY + LEFT + "\n") * 2,
        [NO, VALID] * 2,
        SENT * 2,
    ),
    "two on a terminal, the next connection behind the remark": (
        (TRYING + CONNECT + ask() + came() + BODY + LEFT + "\n") * 2,
        [NO, VALID] * 2,
        SENT * 2,
    ),
    **{
        f"two in a file, and {remark!r} behind a body": (
            TRYING
            + ask()
            + came(length=SIZE)
            + LEFT
            + f"\n{BODY}* {remark}\n"
            + CONNECT
            + ask()
            + came(length=SIZE)
            + LEFT
            + "\n"
            + BODY,
            [NO, VALID] * 2,
            SENT * 2,
        )
        for remark in BEFORE
    },
    **{
        f"{remark!r} behind the last body": (TRYING + ask() + came() + f"{BODY}* {remark}\n", [NO, VALID], SENT)
        for remark in AFTER
    },
    "what looks like a remark in a text": (
        ask() + came() + BODY.replace("\u00e9", "* Host x * closing connection to it *   Trying") + LEFT + "\n",
        [NO, VALID],
        SENT,
    ),
    "an error response": (
        TRYING + ask() + came("400 Bad Request") + '{"Message":"No."}',
        [NO, "response error response"],
        [*SENT, "http.error"],
    ),
    "no response": (TRYING + ask() + "* Empty reply from server\n" + "* Closing connection 0\n", [NO], SENT),
}


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_variant(name: str, encoding: str, tmp_path: Path) -> None:
    text, expected, codes = VARIANTS[name]
    data = text.encode(encoding)
    kind = kind_of(data)
    assert kind is not None
    assert kind.title == "curl transcript"
    judgements = judgements_of(written(tmp_path, data, "curl.log"))
    assert (verdicts(judgements), told(found(judgements, errors=False))) == (expected, codes)


def test_a_tunnel_is_no_exchange(tmp_path: Path) -> None:
    path = written(tmp_path, VARIANTS["a tunnel"][0].encode(), "curl.log")
    assert [(one.method, one.status) for one in exchanges_of(path)] == [("POST", 200)]


def test_payloads_and_other_texts_are_no_transcripts() -> None:
    for text in (
        "* a list\n* of things",
        "> quoted\n> text",
        "{ [1]",
        "<a/>",
        "[1]",
        '{"a": "> POST /x HTTP/1.1"}',
        "* \n",
    ):
        assert kind_of(text.encode()) is None


@pytest.mark.parametrize("told", ["length", "none", "less"])
def test_lines_of_a_body_that_look_like_remarks_of_curl(told: str, tmp_path: Path) -> None:
    body = "\n".join(["<A>", "* b", "Note: c", "</A>"])
    length = {"length": len(body), "none": None, "less": len(body) - len("* b\nNote: c\n")}[told]
    data = f"{CONNECT}{ask()}{came(length=length, line=chr(10))}{body}{LEFT}\n"
    (one,) = exchanges_of(written(tmp_path, data.encode(), "a.txt"))
    assert one.response is not None
    kept = one.response.body
    codes = [note.code for note in one.response.notes]
    if told == "length":
        assert (kept, codes) == (body.encode(), [])
    elif told == "less":
        assert (kept, codes) == (b"<A>\n</A>", [])
    else:
        assert codes == ["capture.truncated"]
