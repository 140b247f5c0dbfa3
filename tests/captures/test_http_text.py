"""HTTP text as curl, shells, proxies, editors and Fiddler write it: what is a response, and what has a body."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

import convtool
from convtool.captures import judge
from tests.captures import support
from tests.captures.support import REQUEST, RESPONSE, exchanges_of, found, judgements_of, verdicts, written
from tests.captures.test_cases import told

if TYPE_CHECKING:
    from pathlib import Path

HOST = b"Host: api.example\r\n"
ASK = b"POST /api/ConsommationV2 HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
ASKED = ASK + b"Content-Length: %d\r\n\r\n" % len(REQUEST) + REQUEST
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + RESPONSE
LONG = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(RESPONSE) + RESPONSE
TYPED = b"Content-Type: text/json\r\n\r\n"
TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"
VALID, ALONE = ["request valid", "response valid"], ["response valid"]
NO = "response no body"
FIDDLER = b"\r\n\r\n------------------------------------------------------------------\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LEG = ASK + b"Authorization: NTLM x\r\nContent-Length: 0\r\n\r\n"
WAITED = ASK + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(REQUEST)
HELLO = (
    b"A SSLv3-compatible ClientHello handshake was found. Fiddler extracted the parameters below.\n\n"
    b"Version: 3.3 (TLS/1.2)\nExtensions: \n\tserver_name\tapi.example\n\n"
)
ENCRYPTED = b"Encrypted HTTPS traffic flows through this CONNECT tunnel.\n\nSecure Protocol: Tls12\n"
PRETTY = b'[\n{"ProduitId": 1,\n"NomProduit": "x",\n"ConsommationsSomme": []}\n]'


def sized(body: bytes, size: int, status: str = "200 OK", line: bytes = b"\r\n") -> bytes:
    head = f"HTTP/1.1 {status}\nContent-Type: application/json\nContent-Length: {size}\n\n".encode()
    return head.replace(b"\n", line) + body


def shell(data: bytes, page: str = "utf-8", encoding: str = "utf-16") -> bytes:
    """Give what PowerShell makes of a program's output: text of the console's code page, lines of its own."""
    return data.decode(page).replace("\r\n", "\n").replace("\n", "\r\n").encode(encoding)


# name → content, verdicts, codes but for hazards of payloads
VARIANTS: dict[str, tuple[bytes, list[str], list[str]]] = {
    "a tunnel by another name": (b"HTTP/1.0 200 OK\r\nProxy-Agent: x\r\n\r\n" + LONG, ALONE, []),
    "a tunnel with a length": (
        b"HTTP/1.1 200 Connection Established\r\nContent-Length: 0\r\n\r\nHTTP/2 200 \r\n" + TYPED + b"[]", ALONE, [],
    ),
    "a proxy that asks first": (
        b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 3000\r\n\r\n"
        + TUNNEL + LONG, [NO, *ALONE], [],
    ),
    "a tunnel, a challenge, an interim response and a redirect": (
        TUNNEL + b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 99\r\nContent-Type: text/html\r\n\r\n"
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 307 Temporary Redirect\r\nTransfer-Encoding: chunked\r\n\r\n" + LONG,
        [NO, NO, *ALONE], [],
    ),
    "a body that waited for an interim response": (WAITED + CONTINUE + REQUEST + LONG, VALID, []),
    "a body that waited for two": (
        WAITED + b"HTTP/1.1 102 Processing\r\nDate: x\r\n\r\n" + CONTINUE + REQUEST + b"\r\n" + LONG, VALID, [],
    ),
    "a body in chunks that waited": (
        ASK + b"Expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n\r\n" + CONTINUE
        + b"%x\r\n" % len(REQUEST) + REQUEST + b"\r\n0\r\n\r\n" + LONG, VALID, [],
    ),
    "a body that waited, LF": ((WAITED + CONTINUE + REQUEST + LONG).replace(b"\r\n", b"\n"), VALID, []),
    "a body that did not wait": (WAITED + REQUEST + CONTINUE + LONG, VALID, []),
    "a body that waited in vain": (
        WAITED + b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n" + ASKED + LONG,
        ["request no verdict", NO, *VALID], ["capture.missing"],
    ),
    "an interim response that is broken off": (
        WAITED + CONTINUE[:-2], ["request no verdict", "capture no verdict"], ["capture.missing", "capture.syntax"],
    ),
    "early hints": (
        b"HTTP/2 103 \r\nlink: </a>; rel=preload\r\n\r\nHTTP/2 200\r\n" + TYPED + b"[]", ALONE, [],
    ),
    "an upgrade to HTTP/2": (
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
        b"HTTP/2 200 \r\ncontent-type: application/json\r\n\r\n" + RESPONSE, ALONE, [],
    ),
    "HTTP/3": (b"HTTP/3 200\r\ncontent-type: application/json\r\n\r\n" + RESPONSE, ALONE, []),
    "heads with HTTP/2's own fields": (
        b"POST /api/ConsommationV2 HTTP/2\r\n:authority: api.example\r\ncontent-type: text/json\r\n\r\n" + REQUEST
        + b"\r\n" + OK, VALID, [],
    ),
    "a redirect whose body is there": (
        b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 6\r\n\r\n<html>" + LONG, [NO, *ALONE], [],
    ),
    "a challenge whose body is the last": (
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 25\r\n" + TYPED + b'{"Message":"No access."}\n',
        ["response error response"], ["http.error"],
    ),
    "a head alone, as curl -I prints it": (
        sized(b"", 106), ["response no verdict"], ["capture.missing"],
    ),
    "Content-Length that is not kept": (sized(RESPONSE[:50], 106), ["response no verdict"], ["capture.truncated"]),
    "two responses": (LONG + LONG, ALONE * 2, []),
    "responses without a length, one behind the other": (OK * 3, ALONE * 3, []),
    "responses of HTTP/2, one behind the other": (
        (b"HTTP/2 200 \r\ncontent-type: application/json\r\n\r\n" + RESPONSE) * 2, ALONE * 2, [],
    ),
    "responses in XML and a text, one behind the other": (
        (OK.replace(RESPONSE, support.RESPONSE_XML).replace(b"/json", b"/xml") + OK.replace(RESPONSE, b'"no"')) * 2,
        ["response valid", "response invalid"] * 2, ["root.name"] * 2,
    ),
    "a response in a text": (
        OK.replace(RESPONSE, b'["HTTP/1.1 200 OK\r\n", "}HTTP/1.1 200 OK"]'), ["response invalid"], ["root.name"],
    ),
    "no content, and a response": (b"HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n" + OK, [NO, *ALONE], []),
    "what is accepted, and an error": (
        b"HTTP/1.1 202 Accepted\r\nDate: x\r\n\r\n" + sized(b'{"Message":"No."}', 17, "500 Internal Server Error"),
        ["response invalid", "response error response"], ["input.empty", "http.error"],
    ),
    "a mark before UTF-8": (b"\xef\xbb\xbf" + ASKED + b"\r\n" + LONG, VALID, []),
    "UTF-16 of the other order": (b"\xfe\xff" + LONG.decode().encode("utf-16-be"), ALONE, []),
    "PowerShell in a console of UTF-8": (shell(LONG), ALONE, []),
    "PowerShell in a console of code page 850": (shell(LONG, "cp850"), ALONE, ["capture.mojibake"]),
    "PowerShell in a console of code page 437": (shell(OK, "cp437"), ALONE, ["capture.mojibake"]),
    "PowerShell 7, which writes UTF-8": (shell(OK, encoding="utf-8"), ALONE, []),
    "PowerShell and lines of a body": (shell(sized(PRETTY, len(PRETTY))), ALONE, []),
    "an editor that has made LF of CRLF": (
        sized(PRETTY, len(PRETTY.replace(b"\n", b"\r\n")), line=b"\n") + b"\n", ALONE, [],
    ),
    "a conversation through a tunnel": (
        b"CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n" + TUNNEL + ASKED + LONG, VALID, [],
    ),
    "a tunnel that is refused": (
        b"CONNECT api.example:443 HTTP/1.1\r\nHost: api.example\r\n\r\n"
        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno" + ASKED + LONG, VALID, [],
    ),
    "what Fiddler tells of a tunnel": (
        b"CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n" + HELLO + TUNNEL + ENCRYPTED + FIDDLER
        + ASKED + b"\r\n" + LONG + FIDDLER, VALID, [],
    ),
    "what Fiddler tells of a tunnel that is refused": (
        b"CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n" + HELLO
        + b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno" + FIDDLER + ASKED + LONG, VALID, [],
    ),
    "a request, a challenge, a tunnel and a redirect": (
        ASKED + TUNNEL + b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\n\r\n"
        b"HTTP/1.1 308 Permanent Redirect\r\nContent-Length: 9\r\n\r\n" + LONG, [NO, NO, *VALID], [],
    ),
    "a first leg without a body": (
        LEG + b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM x\r\nContent-Length: 0\r\n\r\n" + ASKED + LONG,
        ["request no body", NO, *VALID], [],
    ),
    "a first leg whose body is not there": (
        LEG.replace(b"h: 0", b"h: 9") + b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
        + ASKED + LONG, ["request no verdict", NO, *VALID], ["capture.missing"],
    ),
    "an empty request that is answered": (LEG + LONG, ["request invalid", *ALONE], ["input.empty"]),
    "a websocket between two exchanges": (
        ASKED + LONG + b"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n" + HOST + b"\r\n"
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello\x81\x00\r\n" + ASKED + LONG,
        VALID * 2, [],
    ),
    "a head that is none between two that are": (
        LONG + b"\r\nHTTP/1.1 200 OK\r\nno field\r\n\r\n" + LONG,
        ["response valid", "capture no verdict", "response valid"], ["capture.syntax"],
    ),
    "chunked twice over": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n" + TYPED + b"2\r\n[]\r\n0\r\n\r\n", ALONE, [],
    ),
    "lengths that contradict each other": (
        OK.replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 1), ALONE, [],
    ),
    "fields that go on": (OK.replace(b": app", b":\r\n app"), ALONE, []),
    "Fiddler's text of one session": (ASKED + b"\r\n" + LONG + FIDDLER, VALID, []),
    "Fiddler's text, lengths that are wrong": (
        (ASK + b"Content-Length: 7\r\n\r\n" + REQUEST + b"\r\n" + OK + FIDDLER) * 2, VALID * 2,
        ["capture.size"] * 2,
    ),
    "Fiddler's text, heads alone": (
        (ASK + b"Content-Length: 73\r\n\r\n\r\n" + sized(b"", 106) + FIDDLER) * 2,
        ["request no verdict", "response no verdict"] * 2, ["capture.missing"] * 4,
    ),
    "Fiddler's text, LF": (
        ((ASKED + b"\r\n" + LONG + FIDDLER) * 2).replace(b"\r\n", b"\n"), VALID * 2, [],
    ),
    "dashes in a body": (sized(b'["a",\n"--------------------------"]', 35), ["response invalid"], ["root.name"]),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant(name: str, tmp_path: Path) -> None:
    content, expected, codes = VARIANTS[name]
    judgements = judgements_of(written(tmp_path, content, "capture.txt"))
    assert (verdicts(judgements), told(found(judgements, errors=False))) == (expected, codes)


EDITED = b"POST https://api.example/api/ConsommationV2\nContent-Type: application/json\n\n"
WHOLE = EDITED + REQUEST
ASKS = ["request valid"]
VERSION = EDITED.replace(b"V2\n", b"V2 HTTP/1.1\n", 1)
FORMED = EDITED.replace(b"json", b"x-www-form-urlencoded; charset=utf-8", 1)
FILES: dict[str, tuple[bytes, list[str], list[str]]] = {
    "no version, no separator": (EDITED + REQUEST, ASKS, []),
    "comments and names": (
        b"# first\n// second\n# @name a\n" + WHOLE + b"\n\n\n### next\n# more\n\n" + WHOLE + b"\n###\n", ASKS * 2, [],
    ),
    "variables of the file": (
        b"@host = https://api.example\n@path = {{host}}/api/ConsommationV2\n@id = 1\n\nPOST {{path}} HTTP/1.1\n"
        b"Content-Type: {{type}}\n\n" + REQUEST.replace(b":1}", b":{{id}}}") + b"\n\n###\n@type = application/json\n",
        ASKS, [],
    ),
    "what the editor fills in": (
        EDITED + REQUEST.replace(b":1}", b":{{$randomInt}}}"), ["request no verdict"], ["capture.missing"],
    ),
    "a host that the editor fills in": (EDITED.replace(b"https://api.example", b"{{host}}") + REQUEST, ASKS, []),
    "a body beside it": (EDITED + b"< ./body.json\n", ASKS, []),
    "a body that is not beside it": (EDITED + b"< ../body.json\n", ["request no verdict"], ["capture.missing"]),
    "scripts and responses": (
        b"### one\n< {%\n  request.variables.set('a', 1)\n%}\n" + EDITED + REQUEST + b"\n\n> {%\n client.test() %}\n\n"
        b"<> 2026-03-01.200.json\n\n### two\n" + EDITED + REQUEST + b"\n>> out.json\n", ASKS * 2, [],
    ),
    "a query in lines of its own": (
        b"### q\n" + WHOLE.replace(b"V2\n", b"V2\n    ?a=1\n    &b=2\n", 1), ASKS, [],
    ),
    "a method in small letters": (WHOLE.replace(b"POST", b"post"), ASKS, []),
    "only a URL": (b"### get\nhttps://api.example/health\n\n###\n" + EDITED + REQUEST, ASKS, []),
    "comments among the fields": (
        b"### c\n" + WHOLE.replace(b"V2\n", b"V2\n# Accept: text/xml\n", 1), ASKS, [],
    ),
    "CRLF and a mark": (
        b"\xef\xbb\xbf" + (b"### a\n" + WHOLE + b"\n### b\n" + WHOLE + b"\n").replace(b"\n", b"\r\n"), ASKS * 2, [],
    ),
    "something else between separators": (
        b"### a\nhello there\n### b\n" + EDITED + REQUEST, ["capture no verdict", *ASKS], ["capture.syntax"],
    ),
    "a version, and a body beside it": (b"\n" + VERSION + b"< ./body.json\n", ASKS, []),
    "a version, and a script": (VERSION + REQUEST + b"\n\n> {% client.test('a', () => {}) %}\n", ASKS, []),
    "a version, and a host that the editor fills in": (
        VERSION.replace(b"https://api.example", b"{{host}}") + REQUEST, ASKS, [],
    ),
    "a version, and a body that the editor fills in": (
        VERSION + REQUEST.replace(b":1}", b":{{id}}}"), ["request no verdict"], ["capture.missing"],
    ),
    "a version, and nothing that editors alone know": (VERSION + REQUEST, ASKS, []),
    "a version and a length, and braces in a body": (
        ASKED.replace(b"2026-03-22T00:00:00", b"{{2026-03-22T00:0}}").replace(b" /api", b" https://api.example/api"),
        ["request invalid"], ["value.lexical"],
    ),
    "versions without a separator, and braces in a body": (
        (ASK + b"\r\n" + REQUEST[:-1] + b"{{a}}}" + b"\r\n") * 2, ["request invalid"] * 2, ["json.syntax"] * 2,
    ),
    "a form in lines that begin with &": (
        FORMED + b"Debut=2026-03-22T00:00:00\n&Fin=2026-03-31T00:00:00\n&ProduitId=1\n", ASKS, [],
    ),
    "a form in lines that end with &": (
        b"@id=1\n" + FORMED + b"Debut = 2026-03-22T00:00:00 &\r\n"
        b"  Fin = 2026-03-31T00:00:00 &\r\n  ProduitId = {{id}}\r\n",
        ASKS, [],
    ),
    "a body that is no payload": (EDITED + b"{{{{", ["request invalid"], ["json.syntax"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_requests(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for folder in (tmp_path, tmp_path / "in"):
        written(folder, REQUEST, "body.json")
    content, expected, codes = FILES[name]
    judgements = judgements_of(written(tmp_path / "in", content, "requests.http"))
    assert (verdicts(judgements), told(found(judgements, errors=False))) == (expected, codes)


def test_places_of_what_is_none(tmp_path: Path) -> None:
    """A place is that of the file, in whatever encoding it is."""
    for data in (LONG + b"\n\n" + b"HTTP/1.1 200 OK\nno\n\n", b"### a\n" + EDITED + REQUEST + b"\n###\nhello\n"):
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            content = data.decode().encode(encoding)
            *_, broken = judgements_of(written(tmp_path, content, "capture.http"))
            (finding,) = broken.reports[0]
            assert finding.location is not None
            width = "utf-16-le" if encoding == "utf-16" else "utf-8"
            rest = content[finding.location.offset :].decode(width)
            assert rest.startswith(("HTTP/1.1 200 OK\nno", "hello"))
            assert data.decode().count("\n", 0, len(data.decode()) - len(rest)) + 1 == finding.location.line


def test_an_endless_head_is_cut(tmp_path: Path) -> None:
    data = b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 100_000
    (judgement,) = judgements_of(written(tmp_path, data, "capture.http"))
    assert "endless head" in judgement.text()


def test_parts_that_are_none_are_bounded(tmp_path: Path) -> None:
    judgements = judgements_of(written(tmp_path, b"GET / HTTP/1.1\r\nx\r\n\r\n" * 5000, "capture.http"))
    assert len(judgements) == 1001
    assert found(judgements)[-2:] == ["capture.syntax", "capture.limit"]


def test_a_tunnel_is_no_exchange(tmp_path: Path) -> None:
    data = VARIANTS["a conversation through a tunnel"][0]
    assert [one.method for one in exchanges_of(written(tmp_path, data, "a.http"))] == ["POST"]
    data = VARIANTS["a tunnel that is refused"][0]
    assert [one.method for one in exchanges_of(written(tmp_path, data, "a.http"))] == ["CONNECT", "POST"]
    data = VARIANTS["a websocket between two exchanges"][0]
    assert [one.kind for one in exchanges_of(written(tmp_path, data, "a.http"))] == ["", "websocket", ""]


BATCH = b"--x\r\nContent-Type: application/http; msgtype=response\r\n\r\n" + OK + b"\r\n--x--\r\n"
CHUNKED = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
# the sizes of chunks before the last one, and what is behind it
CUTS = {"one": ([], b""), "many": ([7] * 9, b""), "within a head": ([80, 40], b""), "trailers": ([], b"Expires: 0\r\n")}


@pytest.mark.parametrize("cut", CUTS)
def test_chunks_may_hold_messages(cut: str, tmp_path: Path) -> None:
    """The answers of Web API's batches have responses in them."""
    body, data = BATCH, CHUNKED
    for size in [*CUTS[cut][0], len(BATCH)]:
        part, body = body[:size], body[size:]
        data += b"%x;ext=1\r\n" % len(part) + part + b"\r\n" if part else b""
    data += b"0\r\n" + CUTS[cut][1] + b"\r\n"
    found = exchanges_of(written(tmp_path, ASKED + data + data + b"\r\n" + ASKED + LONG, "a.http"))
    assert [one.response.body for one in found if one.response is not None] == [BATCH, BATCH, RESPONSE]


@pytest.mark.parametrize("head", ["HTTP/2 200 \r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"])
@pytest.mark.parametrize("line", [b"\r\n", b"\n"])
def test_parts_may_hold_messages(head: str, line: bytes, tmp_path: Path) -> None:
    """curl undoes chunks, and HTTP/2 has none: the head of a part says that a batch goes on."""
    batch = BATCH[:-9] + b"\r\n--x\r\nContent-Type: application/http\r\n\r\n" + LONG + b"\r\n--x--\r\n"
    data = head.encode() + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + batch
    data = (data + OK + data).replace(b"\r\n", line)
    found = exchanges_of(written(tmp_path, data, "a.http"))
    batch = batch.replace(b"\r\n", line)
    assert [one.response.body for one in found if one.response is not None] == [batch, RESPONSE, batch]


def test_chunks_that_are_broken_off_end_where_a_message_begins(tmp_path: Path) -> None:
    data = CHUNKED + b"%x\r\n" % (len(BATCH) + 500) + BATCH[:40] + b"\r\n" + CHUNKED + b"2\r\n[]\r\n0\r\n\r\n" + LONG
    lost, *found = exchanges_of(written(tmp_path, data, "a.http"))
    assert lost.response is not None
    assert [note.code for note in lost.response.notes] == ["capture.truncated"]
    assert [one.response.body for one in found if one.response is not None] == [b"[]", RESPONSE]


def test_many_small_gzip_streams_are_read_and_bounded(tmp_path: Path) -> None:
    for count, expected in ((9_000, ALONE), (160_000, ["response no verdict"])):
        body = gzip.compress(b"") * count + gzip.compress(RESPONSE)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/json\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
        assert verdicts(judgements_of(written(tmp_path, head % len(body) + body, "a.http"))) == expected


MANY = 300_000  # characters: with the square of them, nothing would come back
SHORT = b"> GET /x HTTP/1.1\r\n> \r\n< HTTP/1.1 200 OK\r\n< Content-Length: 1\r\n< \r\n"
HOSTILE = {
    "spaces of a meter": b"* Trying 1:2...\n> GET /x HTTP/1.1\r\n> \r\n" + b" " * MANY,
    "remarks in one line": b"> GET /x HTTP/1.1\r\n> \r\n" + b"* Connection #1 to host " * (MANY // 20),
    "remarks of a host in one line": b"> GET /x HTTP/1.1\r\n> \r\n" + b"* Hostname x* Host x" * (MANY // 20),
    "spaces of a request": b"### a\nGET https://x/" + b" " * MANY + b"y\n",
    "spaces of a variable": b"@a = " + b" " * MANY + b"b\nPOST https://x/api/ConsommationV2\n\n{{a}}",
    "spaces of a placeholder": b"POST https://x/api/ConsommationV2\n\n" + b"{{" + b" " * MANY,
    "spaces of a script": b"POST https://x/api/ConsommationV2\n\n{}\n>" + b" " * MANY,
    "spaces of an include": b"POST https://x/api/ConsommationV2\n\n< a" + b" " * MANY + b"b",
    "spaces of an include that is none": b"POST https://x/api/ConsommationV2 HTTP/1.1\n\n<" + b" " * MANY + b"<",
    "spaces of a form": FORMED + b" " * MANY + b"=" + b" \n" * MANY + b"&" * MANY,
    "variables within variables": b"@a = {{b}}{{b}}\n@b = {{a}}{{a}}\nPOST https://x/api/ConsommationV2\n\n"
    + b"{{a}}" * 20_000,
    "long variables": b"@a = " + b"x" * MANY + b"\nPOST https://x/api/ConsommationV2\n\n" + b"{{a}}" * 20_000,
    "dashes": b"HTTP/1.1 200 OK\r\n\r\n" + (b"-" * 30 + b"\r\n") * (MANY // 30),
    "lines between dashes": b"HTTP/1.1 200 OK\r\n\r\n" + b"-" * 30 + b"\r\n" * MANY + b"x",
    "responses": b"HTTP/1.1 200 OK\r\n\r\n" * (MANY // 20),
    "responses in a line": b"HTTP/1.1 200 OK\r\n\r\n" + b"}HTTP/1.1 200 " * (MANY // 14),
    "responses behind each other": OK * (MANY // 200),
    "challenges": b"HTTP/1.1 401 x\r\n\r\n" * (MANY // 20),
    "requests": b"GET /x HTTP/1.1\r\n\r\n" * (MANY // 20),
    "chunks across messages": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" * (MANY // 50),
    "chunks across messages that have no last one": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n33\r\n12345\r\n33\r\n" * (MANY // 65)
    ),
    "parts": b"HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * (MANY // 70),
    "parts with a head that is long": (
        b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x; boundary=x\r\n\r\n--x\r\n" + b"--x\r\n" * (MANY // 5) + b"\r\n"
    ),
    "parts that hold parts": (
        b"HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n" * (MANY // 70)
    ),
    "a boundary that is none": b"HTTP/1.1 200 OK\r\nContent-Type: multipart/" + b"; boundary=" * 900 + b"\r\n\r\n",
    "interim responses": (WAITED + CONTINUE * 10) * (MANY // 500),
    "separators": b"### a\nGET https://x/y\n" + b"###\n" * (MANY // 4),
    "exchanges of a transcript": SHORT * 5000 + b"x" * 5000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.short(5)
def test_time_does_not_grow_with_the_square(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, HOSTILE[name], "capture.http")
    assert sum(1 for _ in judge(path, convtool.Catalog()))
