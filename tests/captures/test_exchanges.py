"""Each media type and charset that Web API negotiates, each coding, each kind of file: what is read, what is said."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

import convtool
from convtool.captures import is_capture, judge, read
from convtool.captures.kinds import kind_of
from convtool.errors import ContractError, PayloadError, SourceError, UsageError
from tests.captures.stub import encoded
from tests.captures.support import (
    REQUEST,
    REQUEST_XML,
    RESPONSE,
    RESPONSE_XML,
    SAMPLES,
    entry,
    exchanges_of,
    found,
    har,
    judgements_of,
    verdicts,
    written,
)
from tests.support import LIST, PARAM

if TYPE_CHECKING:
    from pathlib import Path

FORM = b"Debut=2026-03-22T00%3A00%3A00&Fin=2026-03-31T00%3A00%3A00&ProduitId=1"
BODIES = {"json": (REQUEST, RESPONSE), "xml": (REQUEST_XML, RESPONSE_XML)}
TYPES = ["application/json", "text/json", "application/xml", "text/xml"]
CHARSETS = {
    "": "utf-8",
    "; charset=utf-8": "utf-8",
    ';charset="UTF-8"': "utf-8-sig",
    "; charset=utf-16": "utf-16",
    "; q=1; charset=utf-16LE": "utf-16",
}


@pytest.mark.parametrize("media_type", TYPES)
@pytest.mark.parametrize("charset", CHARSETS)
def test_each_media_type_and_charset(media_type: str, charset: str, tmp_path: Path) -> None:
    bodies = BODIES["json" if "json" in media_type else "xml"]
    request, response = (body.decode().encode(CHARSETS[charset]) for body in bodies)
    one = entry(request=request, request_type=media_type + charset, body=response, content_type=media_type + charset)
    path = written(tmp_path, har(one))
    judgements = judgements_of(path)
    assert verdicts(judgements) == ["request valid", "response valid"]
    assert found(judgements) == []
    (exchange,) = exchanges_of(path)
    assert exchange.operation is not None
    assert exchange.request is not None
    assert exchange.response is not None
    assert (exchange.operation.name, exchange.status) == ("POST api/ConsommationV2", 200)
    assert (exchange.request.contract, exchange.response.contract) == (PARAM, LIST)
    assert (exchange.request.body, exchange.response.body) == (request, response)
    assert exchange.response.media_type == media_type


def test_utf_16_big_endian_is_taken_with_its_mark(tmp_path: Path) -> None:
    body = codecs.BOM_UTF16_BE + RESPONSE.decode().encode("utf-16-be")
    judgements = judgements_of(written(tmp_path, har(entry(body=body, content_type="text/json; charset=utf-16"))))
    assert verdicts(judgements)[1] == "response valid"


@pytest.mark.parametrize(("status", "expected"), [(401, "no body"), (407, "no body"), (200, "invalid")])
def test_an_empty_request_has_no_body_where_it_is_challenged(status: int, expected: str, tmp_path: Path) -> None:
    """NTLM and Negotiate send the payload only when they have agreed."""
    one = entry(request=b"", status=status, fields={"WWW-Authenticate": "NTLM"})
    assert verdicts(judgements_of(written(tmp_path, har(one))))[0] == f"request {expected}"


def test_forms(tmp_path: Path) -> None:
    one = entry(request=FORM, request_type="application/x-www-form-urlencoded; charset=UTF-8")
    judgements = judgements_of(written(tmp_path, har(one)))
    assert verdicts(judgements)[0] == "request valid"
    assert judgements[0].parts[0].report.format == "form"
    one["request"]["postData"] = {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "Debut", "value": "2026-03-22"}, {"name": "Fin", "value": "2026-03-31"}, {"name": "Autre"}],
    }
    judgements = judgements_of(written(tmp_path, har(one)))
    assert found(judgements) == ["member.unknown"]


@pytest.mark.parametrize(
    ("content_type", "body", "verdict", "codes"),
    [
        ("application/xml", RESPONSE, "invalid", ["capture.media-type"]),
        ("application/json", RESPONSE_XML, "invalid", ["capture.media-type"]),
        ("application/x-www-form-urlencoded", RESPONSE, "invalid", ["capture.media-type"]),
        ("text/html", RESPONSE, "invalid", ["capture.media-type"]),
        ("application/json", FORM, "invalid", ["capture.media-type"] * 2),
        ("application/json; charset=utf-16", RESPONSE, "invalid", ["capture.charset"]),
        ("application/json; charset=utf-8", RESPONSE.decode().encode("utf-16"), "invalid", ["capture.charset"]),
        ("application/json; charset=iso-8859-1", RESPONSE, "invalid", ["capture.charset"]),
        ("application/json; charset=us-ascii", RESPONSE, "invalid", ["capture.charset"]),
        ("application/json", RESPONSE.decode().encode("latin-1"), "invalid", ["input.encoding"]),
        (
            "application/json; charset=utf-16",
            RESPONSE.decode().encode("utf-16-le"),
            "invalid",
            ["capture.charset", "input.encoding"],
        ),
        ("application/problem+json", RESPONSE, "valid", []),
        ("", RESPONSE, "valid", []),
    ],
)
def test_bodies_that_contradict_their_headers(
    content_type: str, body: bytes, verdict: str, codes: list[str], tmp_path: Path
) -> None:
    judgements = judgements_of(written(tmp_path, har(entry(body=body, content_type=content_type))))
    assert verdicts(judgements)[1] == f"response {verdict}"
    assert found(judgements) == codes
    if "capture.media-type" in codes and body is not FORM:  # and yet it was judged as what it is
        assert judgements[0].parts[1].body is not None
        assert judgements[0].parts[1].body.valid
    if not content_type:
        assert "capture.untyped" in found(judgements, errors=False)


def test_the_dotnet_profile_takes_another_charset(tmp_path: Path) -> None:
    path = written(tmp_path, har(entry(content_type="application/json; charset=utf-16")))
    assert verdicts(judgements_of(path, profile="dotnet"))[1] == "response valid"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity"])
def test_codings(coding: str, tmp_path: Path) -> None:
    body = encoded(RESPONSE, coding)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: {coding}\r\n"
    plain = head + f"Content-Length: {len(body)}\r\n\r\n"
    half = len(body) // 2
    chunked = head + "Transfer-Encoding: chunked\r\n\r\n"
    chunks = b"%x\r\n%s\r\n%x;x=y\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (half, body[:half], len(body) - half, body[half:])
    for data in (plain.encode() + body, chunked.encode() + chunks):
        path = written(tmp_path, data, "response.http")
        (exchange,) = exchanges_of(path)
        assert exchange.response is not None
        assert exchange.response.body == RESPONSE
        assert verdicts(judgements_of(path)) == ["response valid"]
    # A HAR holds bodies without codings; some recorders leave them in.
    for kept in (RESPONSE, body):
        one = entry(body=kept, fields={"Content-Encoding": coding}, size=None)
        assert verdicts(judgements_of(written(tmp_path, har(one))))[1] == "response valid"


def test_a_raw_conversation(tmp_path: Path) -> None:
    asked = b"POST /api/consommationv2?x=1 HTTP/1.1\r\nHost: api.example\r\nContent-Type: application/json\r\n"
    data = (
        b"GET /health HTTP/1.1\nHost: api.example\n\n"
        b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok\n"
        + asked + b"Content-Length: %d\r\n\r\n%s" % (len(REQUEST), REQUEST)
        + b"HTTP/1.1 100 Continue\r\n\r\n"
        + b"HTTP/2 200 \r\ncontent-type: application/json\r\n\r\n" + RESPONSE + b"\r\n"
        + asked + b"Content-Length: 0\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
        + asked + b"Content-Length: %d\r\n\r\n%s" % (len(REQUEST), REQUEST)
    )  # fmt: skip
    path = written(tmp_path, data, "conversation.txt")
    judgements = judgements_of(path)
    called = [(one.exchange.method, one.exchange.status, one.ours) for one in judgements if one.exchange]
    assert called == [("GET", 200, False), ("POST", 200, True), ("POST", 204, True), ("POST", 0, True)]
    assert verdicts(judgements) == [
        "request valid", "response valid", "request invalid", "response no body", "request valid",
    ]  # fmt: skip
    assert found(judgements) == ["input.empty"]
    assert "/api/consommationv2 200" in judgements[1].line()
    assert "x=1" not in judgements[1].line()  # a query may hold what should not be shown


def test_bare_bodies(tmp_path: Path) -> None:
    for name, body in (("a.json", RESPONSE), ("a.xml", RESPONSE_XML), ("a", REQUEST)):
        path = written(tmp_path, body, name)
        assert not is_capture(path)
        (exchange,) = exchanges_of(path)
        assert exchange.response is not None
        assert exchange.response.body == body
        assert verdicts(judgements_of(path)) == ["response valid"]
    form = written(tmp_path, FORM, "a.form")
    assert verdicts(judgements_of(form, contract=PARAM)) == ["response valid"]


def test_open_files_are_read_from_their_beginning(tmp_path: Path) -> None:
    file = io.BytesIO(har(entry()))
    file.read()
    assert is_capture(file)
    assert len(list(read(file))) == 1
    assert verdicts(list(judge(file, convtool.Catalog()))) == ["request valid", "response valid"]


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b'\xef\xbb\xbf {"log": {"version": "1.2"', "x", "HAR"),
        (b"", "x.HAR", "HAR"),
        (b"interactions:\n- request:", "x", "vcrpy cassette"),
        (b"# recorded\ninteractions:\n", "x", "vcrpy cassette"),
        (b'{"version": 1, "interactions": [', "x.json", "vcrpy cassette"),
        (b"2214:9:websocket;0:~", "x", "mitmproxy flows"),
        (b"WARC/1.1\r\n", "x", "WARC"),
        (gzip.compress(b"WARC/1.0\r\n", mtime=0), "x", "WARC"),
        (b"HTTP/1.1 200 OK\r\n", "x", "HTTP messages"),
        (b"HTTP/2 404 \n", "x", "HTTP messages"),
        (b"POST /api HTTP/1.1\r\n", "x", "HTTP messages"),
        (b'{"log": 1}', "x.json", ""),
        # Payloads with members of these names: what a HAR and a cassette must have is not there.
        (b'{"log": {"version": "3", "level": 1}}', "x.json", ""),
        (b'{"log": {"entries": 3, "comment": "x"}, "a": [{"entries": []}]}', "x.json", ""),
        (b'{"interactions": [{"What": "call", "By": {"request": 1}}], "Id": 3}', "x.json", ""),
        (b'{"interactions": ["call"], "Id": 3}', "x.json", ""),
        (b'{"interactions": [], "Id": 3}', "x.json", ""),
        (b'{"Id": 3, "http_interactions": [{}, {"request": {}}]}', "x.json", ""),
        (b'{"log": {"creator": {"name": "x"}}}', "x.json", "HAR"),
        (b'{"log": {"_recordingName": "a", "entries": [{"request": {}', "x.json", "HAR"),
        (b'{"interactions": [1, 2], "version": 1}', "x.json", "vcrpy cassette"),
        (b'{"http_interactions": [{"recorded_at": "", "response": {"a": [{}]}}], "x": 1}', "x", "vcrpy cassette"),
        (b'{"Debut": "2026-03-22"}', "x.json", ""),
        (gzip.compress(b"<a/>", mtime=0), "x.gz", ""),
        (b"<a/>", "x.xml", ""),
        (b"", "x", ""),
    ],
)
def test_kinds(head: bytes, name: str, kind: str) -> None:
    seen = kind_of(head, name)
    assert (seen.title if seen else "") == kind


def test_an_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, extra, module in (
        ("mitmproxy.flows", "mitmproxy", "mitmproxy.io"),
        ("warcio.warc.gz", "warc", "warcio.archiveiterator"),
    ):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(SourceError, match=rf"{name}: .*pip install 'convtool-datacontract\[{extra}\]'"):
            list(read(SAMPLES / name))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: br\r\n\r\n"
    data = head + encoded(RESPONSE, "br")
    monkeypatch.setitem(sys.modules, "brotli", None)
    judgements = judgements_of(written(tmp_path, data, "x.http"))
    assert verdicts(judgements) == ["response no verdict"]
    (finding,) = judgements[0].reports[0]
    assert finding.code == "capture.coding"
    assert "convtool-datacontract[brotli]" in finding.hint


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.har", tmp_path / "nul\0.har"):
        assert not is_capture(path)
        with pytest.raises(SourceError):
            list(read(path))
    with pytest.raises(UsageError):
        list(read(3))  # type: ignore[arg-type]


def test_operations_that_are_wrong_are_told(tmp_path: Path) -> None:
    (tmp_path / "operations.toml").write_text('["POST api/A"]\nrequest = "A"\n')
    with pytest.raises(ContractError, match=r"operations\.toml"):
        list(read(written(tmp_path, har(entry())), catalog=convtool.Catalog(tmp_path)))


def test_error_responses_are_shown_and_never_broken(tmp_path: Path) -> None:
    state = b'{"Message":"The request is invalid.","ModelState":{"param.Fin":["Too late."]}}'
    page = b"<html><title>502 Bad Gateway</title></html>"
    told = [
        (entry(status=400, body=state), "said: The request is invalid."),
        (entry(status=500, body=b"<Error><Message>Oh.</Message></Error>", content_type="text/xml"), "said: Oh."),
        (entry(status=502, body=page, content_type="text/html"), "502 Bad Gateway"),
        (entry(status=200, body=b'{"Message":"An error has occurred."}'), "said: An error has occurred."),
    ]
    judgements = judgements_of(written(tmp_path, har(*(one for one, _ in told))))
    assert [judgement.parts[1].verdict for judgement in judgements[:2]] == ["error response"] * 2
    for judgement, (_, text) in zip(judgements, told, strict=True):
        assert judgement.parts[1].verdict == "error response"
        assert judgement.parts[1].report.valid or judgement is judgements[2]
        assert text in judgement.text()
    assert "/Fin" in [d.path for d in judgements[0].parts[1].report]


def test_redirects_and_answers_to_head_have_no_body_to_judge(tmp_path: Path) -> None:
    moved = entry(status=302, body=b"<html>", content_type="text/html")
    asked = entry(body=None)
    asked["request"] |= {"method": "HEAD"}
    judgements = judgements_of(written(tmp_path, har(moved, asked)))
    assert judgements[0].parts[1].verdict == "no body"
    assert not judgements[1].ours


def test_read_stops_at_what_is_broken(tmp_path: Path) -> None:
    data = har(entry(), entry())
    path = written(tmp_path, data[: len(data) - 40])
    reading = read(path)
    assert next(reading).number == 1
    with pytest.raises(PayloadError, match=r"capture\.syntax"):
        list(reading)


def test_text_bodies_of_a_har_become_the_bytes_of_their_charset(tmp_path: Path) -> None:
    for charset, encoding in (("utf-8", "utf-8"), ("utf-16", "utf-16")):
        content_type = f"application/json; charset={charset}"
        one = entry(content_type=content_type, text=RESPONSE.decode(), encoding=None)
        one["response"]["content"].pop("encoding", None)
        (exchange,) = exchanges_of(written(tmp_path, har(one)))
        assert exchange.response is not None
        assert exchange.response.body == RESPONSE.decode().encode(encoding)
    declared = '<?xml version="1.0" encoding="utf-16"?>' + RESPONSE_XML.decode()
    one = entry(content_type="application/xml", text=declared, encoding=None, size=2 * len(declared) + 2)
    judgements = judgements_of(written(tmp_path, har(one)))
    assert verdicts(judgements)[1] == "response valid"


def test_cassettes_in_both_serializations(tmp_path: Path) -> None:
    yaml = (SAMPLES / "vcrpy.yaml").read_bytes()
    assert b"!!binary" in yaml
    interactions = {
        "version": 1,
        "interactions": [
            {
                "request": {"method": "POST", "uri": "http://x/api/ConsommationV2", "body": REQUEST.decode(),
                            "headers": {"Content-Type": ["application/json"]}},
                "response": {"status": {"code": 200, "message": "OK"}, "headers": {"content-type": "application/json"},
                             "body": {"string": RESPONSE.decode()}},
            },
        ],
    }  # fmt: skip
    path = written(tmp_path, json.dumps(interactions).encode(), "cassette.json")
    assert verdicts(judgements_of(path)) == ["request valid", "response valid"]
