"""Cassettes of every recorder and version: one shape by many names, and tags that cost no more than an interaction."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from tests.captures.support import REQUEST, RESPONSE, found, judgements_of, verdicts, written
from tests.captures.test_cases import told

if TYPE_CHECKING:
    from pathlib import Path

BOTH, NONE, LOST = ["request valid", "response valid"], ["response no verdict"], ["capture no verdict"]
URI = "https://api.example/api/ConsommationV2"
ASK, ANSWER = REQUEST.decode(), RESPONSE.decode()
B64 = {"ask": b64encode(REQUEST).decode(), "answer": b64encode(RESPONSE).decode()}
GZ = b64encode(gzip.compress(RESPONSE, mtime=0)).decode()
TYPE = "{Content-Type: [application/json]}"


def cassette(request: str = "", response: str = "", top: str = "interactions", more: str = "") -> bytes:
    """Give a cassette of one interaction; what is given takes the place of the usual body, or of the usual answer."""
    asked = request or f"body: '{ASK}'"
    answered = response or f"{{status: {{code: 200}}, headers: {TYPE}, body: {{string: '{ANSWER}'}}}}"
    return f"""{top}:
- request:
    method: POST
    uri: {URI}
    headers: {TYPE}
    {asked}
  response: {answered}
{more}""".encode()


def answer(fields: str) -> bytes:
    return cassette(response="{" + f"status: {{code: 200}}, headers: {TYPE}, {fields}" + "}")


def two(bad: str) -> bytes:
    """Give a cassette of a good interaction, one with something bad, and a good one."""
    good = cassette().partition(b"\n")[2]
    return b"interactions:\n" + good + cassette(bad).partition(b"\n")[2] + good


def aliases(levels: int) -> str:
    lines = ["&a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"&a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "[" + ", ".join(lines) + "]"


OLD = f"""- request: !!python/object:vcr.request.Request
    body: '{ASK}'
    headers: !!python/object/apply:__builtin__.frozenset
    - - !!python/tuple [Content-Type, application/json]
      - !!python/tuple [Accept, '*/*']
    host: api.example
    method: POST
    path: /api/ConsommationV2
    port: 80
    protocol: http
  response:
    body: {{string: !!python/unicode '{ANSWER}'}}
    headers: ["Content-Type: application/json\\r\\n"]
    status: {{code: 200, message: OK}}
"""
STRUCTS = f"""---
- !ruby/struct:VCR::HTTPInteraction
  request: !ruby/struct:VCR::Request
    method: :post
    uri: {URI}
    body: '{ASK}'
    headers:
      content-type: [application/json]
  response: !ruby/struct:VCR::Response
    status: !ruby/struct:VCR::ResponseStatus
      code: 200
      message: OK
    headers: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
      content-type: [application/json]
    body: !ruby/string:String '{ANSWER}'
"""
SCHEMATHESIS = f"""command: 'st run --cassette-path=cassette.yaml'
recorded_with: 'Schemathesis 3.19.0'
http_interactions:
- id: '0'
  status: 'SUCCESS'
  seed: '1'
  elapsed: '0.5'
  recorded_at: '2026-03-01T10:00:00'
  checks:
    - name: 'not_a_server_error'
      status: 'SUCCESS'
      message: null
  request:
    uri: '{URI}'
    method: 'POST'
    headers:
      Content-Type:
      - 'application/json'
    body:
      encoding: 'utf-8'
      base64_string: '{B64["ask"]}'
  response:
    status:
      code: '200'
      message: 'OK'
    headers:
      Content-Type:
      - 'application/json'
    body:
      encoding: 'utf-8'
      base64_string: '{B64["answer"]}'
    http_version: '1.1'
- id: '1'
  request:
    uri: '{URI}'
    method: 'POST'
    headers: {{Content-Type: ['application/json']}}
    body:
      encoding: 'utf-8'
      string: '{ASK}'
  response: null
"""
GO = f"""---
version: 1
interactions:
- request:
    body: '{ASK}'
    form: {{}}
    headers: {TYPE}
    url: {URI}
    method: POST
  response:
    body: '{ANSWER}'
    headers: {TYPE}
    status: 200 OK
    code: 200
    duration: 1.5ms
"""
BETAMAX = {
    "http_interactions": [{
        "request": {"method": "POST", "uri": URI, "headers": {"Content-Type": ["application/json"]},
                    "body": {"encoding": "utf-8", "base64_string": B64["ask"]}},
        "response": {"status": {"code": 200, "message": "OK"}, "url": URI,
                     "headers": {"Content-Type": "application/json", "Content-Encoding": ["gzip"]},
                     "body": {"encoding": "utf-8", "base64_string": GZ, "string": ""}},
        "recorded_at": "2026-03-01T10:00:00",
    }],
    "recorded_with": "betamax/0.9.0",
}  # fmt: skip


def decoded(charset: str, text: str, size: int, content_type: str = "application/json") -> bytes:
    """Give a cassette of betamax whose answer is a text that it has decoded, with the size that it had."""
    fields = {"Content-Type": [content_type], "Content-Length": [str(size)]}
    response = {"status": {"code": 200}, "headers": fields, "body": {"encoding": charset, "string": text}}
    request = BETAMAX["http_interactions"][0]["request"]  # type: ignore[index]
    return json.dumps({"http_interactions": [{"request": request, "response": response}]}).encode()


UTF16 = len(ANSWER.encode("utf-16"))
# name → content, verdicts, codes but for hazards of payloads
VARIANTS: dict[str, tuple[bytes, list[str], list[str]]] = {
    "vcrpy before 1.0": (OLD.encode(), BOTH, []),
    "VCR before 2.0": (STRUCTS.encode(), BOTH, []),
    "Schemathesis": (SCHEMATHESIS.encode(), [*BOTH, "request valid"], []),
    "go-vcr": (GO.encode(), BOTH, []),
    "betamax, compressed": (json.dumps(BETAMAX).encode(), BOTH, []),
    "bytes that Latin-1 was read into": (
        decoded("ISO-8859-1", RESPONSE.decode("latin-1"), len(RESPONSE), "text/json"), BOTH, [],
    ),
    "UTF-16 that was decoded": (decoded("utf-16", ANSWER, UTF16, "text/json; charset=utf-16"), BOTH, []),
    "an encoding that does not have the text": (decoded("us-ascii", ANSWER, len(RESPONSE)), BOTH, []),
    "an encoding that nobody knows": (decoded("iso-8859-99", ANSWER, len(RESPONSE)), BOTH, []),
    "an encoding that is no charset": (decoded("punycode", ANSWER, len(RESPONSE)), BOTH, []),
    "an encoding that is no text": (answer(f"body: {{encoding: 7, string: '{ANSWER}'}}"), BOTH, []),
    "bytes that Ruby has no encoding of": (answer(f"body: {{encoding: ASCII-8BIT, string: '{ANSWER}'}}"), BOTH, []),
    "JSON in UTF-16": (json.dumps(BETAMAX).encode("utf-16"), BOTH, []),
    "YAML in UTF-16": (cassette().decode().encode("utf-16"), BOTH, []),
    "a mark, a comment and a directive": (b"\xef\xbb\xbf# x\n%YAML 1.1\n---\n" + cassette(), BOTH, []),
    "version first": (b"version: 1\n" + cassette(), BOTH, []),
    "bytes": (answer(f"body: {{string: !!binary {B64['answer']}}}"), BOTH, []),
    "Ruby's bytes": (answer(f"body: {{encoding: ASCII-8BIT, string: !binary '{B64['answer']}'}}"), BOTH, []),
    "bytes that are no base64": (answer("body: {string: !!binary '@'}"), LOST, ["capture.encoding"]),
    "httpx's content as bytes": (answer(f"content: !!binary {B64['answer']}"), BOTH, []),
    "httpx's status alone": (
        cassette(response=f"{{status_code: 200, headers: {TYPE}, content: '{ANSWER}'}}"), BOTH, [],
    ),
    "a status that is a number": (
        cassette(response=f"{{status: 200, headers: {TYPE}, body: {{string: '{ANSWER}'}}}}"), BOTH, [],
    ),
    "a status that is none": (
        cassette(response=f"{{status: OK, headers: {TYPE}, body: {{string: '{ANSWER}'}}}}"), BOTH, ["capture.field"],
    ),
    "Python 2's texts": (cassette(f"body: !!python/unicode '{ASK}'"), BOTH, []),
    "Python 2's strings": (cassette(f"body: !!python/str '{ASK}'"), BOTH, []),
    "Python's bytes": (cassette(f"body: !!python/bytes {B64['ask']}"), BOTH, []),
    "a file in memory": (
        cassette(f"body: !!python/object/new:io.BytesIO {{state: !!python/tuple [!!binary {B64['ask']}]}}"), BOTH, [],
    ),
    "a text file in memory": (
        cassette(f"body: !!python/object/new:_io.StringIO {{state: !!python/tuple ['{ASK}', 0, null]}}"), BOTH, [],
    ),
    "a file in memory by its argument": (
        cassette(f"body: !!python/object/apply:io.BytesIO [!!binary {B64['ask']}]"), BOTH, [],
    ),
    "tuples and names of bytes": (
        answer(f"body: {{string: '{ANSWER}'}}").replace(
            b"headers: " + TYPE.encode(), b"headers: {? !!binary Q29udGVudC1UeXBl : !!python/tuple [application/json]}"
        ), BOTH, [],
    ),
    "an object that runs code": (
        two("body: !!python/object/apply:os.system [id]"), [*BOTH, *LOST, *BOTH], ["capture.unsafe"],
    ),
    "a name": (two("body: !!python/name:os.system ''"), [*BOTH, *LOST, *BOTH], ["capture.unsafe"]),
    "an object of Ruby": (two("body: !ruby/object:Gem::Installer {i: x}"), [*BOTH, *LOST, *BOTH], ["capture.unsafe"]),
    "a holder of an object": (
        two("body: !!python/object/new:_io.BytesIO {state: [!!python/object/apply:os.system [id]]}"),
        [*BOTH, *LOST, *BOTH], ["capture.unsafe"],
    ),
    "an alias of what is refused": (
        two("body: &x !mine x").replace(b"interactions:", b"interactions:") + cassette("body: *x").partition(b"\n")[2],
        [*BOTH, *LOST, *BOTH, *LOST], ["capture.unsafe"] * 2,
    ),
    "an alias of nothing": (two("body: *nothing"), [*BOTH, *LOST, *BOTH], ["capture.syntax"]),
    "an alias of itself": (two("body: &a {string: [*a]}"), [*BOTH, *LOST, *BOTH], ["capture.syntax"]),
    "aliases of headers": (
        cassette(f"body: '{ASK}'\n    x: &h {TYPE}") + cassette().partition(b"\n")[2].replace(TYPE.encode(), b"*h"),
        BOTH * 2, [],
    ),
    "aliases without end": (two(f"x: {aliases(9)}"), [*BOTH, *LOST, *BOTH], ["capture.limit"]),
    "aliases without end, elsewhere": (cassette(more=f"x: {aliases(9)}\n"), BOTH, []),
    "a few aliases": (two(f"body: '{ASK}'\n    x: {aliases(3)}"), BOTH * 3, []),
    "headers that are lists of lists": (
        two(f"body: '{ASK}'\n    headers: {{X: {aliases(3)}}}"), BOTH * 3, ["capture.field", "capture.untyped"],
    ),
    "what comes before a fault": (cassette() + b"- {a: [}\n", [*BOTH, *LOST], ["capture.syntax"]),
    "a document that ends in an interaction": (cassette()[:-150], LOST, ["capture.syntax"]),
    "no response": (cassette(response="null"), ["request valid"], []),
    "no body of the response": (answer("http_version: null"), ["request valid", *NONE], ["capture.missing"]),
    "JSON, one interaction that is none": (
        json.dumps({"interactions": [1, BETAMAX["http_interactions"][0], {"request": {"method": "GET"}}]}).encode(),
        [*LOST, *BOTH, *LOST], ["capture.syntax"] * 2,
    ),
    "JSON that ends early": (
        json.dumps({"interactions": BETAMAX["http_interactions"] * 2}).encode()[:-20], [*BOTH, *LOST],
        ["capture.syntax"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant(name: str, tmp_path: Path) -> None:
    data, expected, codes = VARIANTS[name]
    judgements = judgements_of(written(tmp_path, data, "cassette"))
    assert (verdicts(judgements), told(found(judgements, errors=False))) == (expected, codes)


def test_what_is_refused_has_its_place(tmp_path: Path) -> None:
    judgements = judgements_of(written(tmp_path, VARIANTS["an object that runs code"][0], "a.yaml"))
    (finding,) = judgements[1].reports[0]
    assert finding.message.startswith("Interaction 2 asks for '!!python/object/apply:os.system'")
    assert finding.location is not None
    assert (finding.location.line, finding.location.column) == (12, 11)


@pytest.mark.parametrize("count", [10_000])
def test_interactions_that_are_none_are_bounded(count: int, tmp_path: Path) -> None:
    for name, data in (
        ("a.yaml", b"interactions:\n" + b"- 1\n" * count),
        ("a.json", b'{"interactions": [' + b"1," * count + b"1]}"),
        ("a.har", b'{"log": {"entries": [' + b"1," * count + b"1]}}"),
    ):
        judgements = judgements_of(written(tmp_path, data, name))
        assert len(judgements) == 1001
        assert found(judgements)[-1] == "capture.limit"


def test_each_document_of_a_cassette_is_read(tmp_path: Path) -> None:
    one = b"---\n" + cassette()
    assert verdicts(judgements_of(written(tmp_path, one + one, "two.yaml"))) == BOTH * 2
    assert verdicts(judgements_of(written(tmp_path, one + b"\n---\n", "end.yaml"))) == BOTH
    other = one.replace(b"interactions:", b"interactions: &a0") + b"\n---\n- *a0\n"
    assert verdicts(judgements_of(written(tmp_path, other, "anchor.yaml")))[-1:] == LOST
    assert verdicts(judgements_of(written(tmp_path, one + b"\n---\nx: 1\n", "none.yaml"))) == BOTH + LOST


@pytest.mark.parametrize("name", ["a.har", "a.json"])
def test_what_follows_a_json_capture_is_not_passed_over(name: str, tmp_path: Path) -> None:
    asked = {"method": "POST", "url": URI, "uri": URI, "headers": [], "body": "", "postData": {"text": ASK}}
    entry = {"request": asked, "response": {"status": 204, "headers": [], "content": {}, "body": {"string": ""}}}
    whole = {"log": {"entries": [entry], "more": [1]}} if name == "a.har" else {"interactions": [entry], "more": {}}
    data = json.dumps(whole).encode()
    sound = verdicts(judgements_of(written(tmp_path, data + b"\r\n \n", name)))
    assert sound
    assert LOST[0] not in sound
    for more in (data, b"}", b"x", b"\n" + data):
        assert verdicts(judgements_of(written(tmp_path, data + more, name))) == sound + LOST
    assert verdicts(judgements_of(written(tmp_path, data[:-1], name))) == sound + LOST
