"""Broken captures: what is broken is told, nothing of it is called valid, and what is whole is still judged."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import convtool
from convtool.captures import judge
from convtool.errors import ConvtoolError
from tests.captures.stub import encoded
from tests.captures.support import RESPONSE, SAMPLES, entry, found, har, judgements_of, verdicts, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NO_VERDICT = ["request valid", "response no verdict"]
INVALID = ["request valid", "response invalid"]
UNASKED = ["request no verdict", "response valid"]
UNJUDGED = ["response no verdict"]
LOST = ["capture no verdict"]


def with_response(**content: Any) -> Callable[[], bytes]:
    """Give a HAR whose response's content is changed; None takes something away."""

    def made() -> bytes:
        one = entry()
        told = one["response"]["content"] | content
        one["response"]["content"] = {name: value for name, value in told.items() if value is not None}
        return har(one)

    return made


def with_request(**changes: Any) -> bytes:
    one = entry()
    one["request"] |= changes
    one["request"] = {name: value for name, value in one["request"].items() if value is not None}
    return har(one)


def http(fields: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{fields}\r\n\r\n".encode() + body


def cassette(body: str = "''", status: str = "{code: 200, message: OK}", more: str = "") -> bytes:
    return f"""interactions:
- request:
    {{method: POST, uri: 'http://x/api/ConsommationV2', headers: {{Content-Type: [application/json]}}, body: '{{}}'}}
  response:
    status: {status}
    headers: {{Content-Type: [application/json]}}
    body: {{string: {body}}}
{more}
version: 1
""".encode()


WHOLE = har(entry(), entry())
MANY = 65 << 20  # a little above the limit
BOMB = gzip.compress(bytes(MANY), 9)
# name → file's name, content, verdicts, codes of errors
BROKEN: dict[str, tuple[str, bytes, list[str], list[str]]] = {
    "base64 that is none": ("a.har", with_response(text="@@@")(), NO_VERDICT, ["capture.encoding"]),
    "base64 that is cut off": ("a.har", with_response(text="W3siUHJvZ")(), NO_VERDICT, ["capture.encoding"]),
    "base64 beyond ASCII": ("a.har", with_response(text="é==")(), NO_VERDICT, ["capture.encoding"]),
    "an encoding that nobody knows": ("a.har", with_response(encoding="rot13")(), NO_VERDICT, ["capture.encoding"]),
    "a text of replacements": (
        "a.har", with_response(encoding=None, text="\ufffd\ufffd[\0]\0", size=None)(), NO_VERDICT, ["capture.encoding"],
    ),
    "no text": ("a.har", with_response(text=None, encoding=None)(), NO_VERDICT, ["capture.missing"]),
    "no text and no size": (
        "a.har", with_response(text=None, encoding=None, size=None)(), NO_VERDICT, ["capture.missing"],
    ),
    "an empty text of some size": ("a.har", with_response(text="")(), NO_VERDICT, ["capture.missing"]),
    "no content": ("a.har", with_response(text=None, encoding=None, size=-1)(), NO_VERDICT, ["capture.missing"]),
    "a text that is cut off": (
        "a.har", with_response(text=RESPONSE.decode()[:40], encoding=None)(), NO_VERDICT, ["capture.truncated"],
    ),
    "half of the text": (
        "a.har", with_response(text="x" * 100, encoding=None, size=150)(), NO_VERDICT, ["capture.truncated"],
    ),
    "bytes that are cut off": ("a.har", with_response(size=9999)(), NO_VERDICT, ["capture.truncated"]),
    "a request without its body": (
        "a.har", with_request(postData=None), UNASKED, ["capture.missing"],
    ),
    "a request of unknown size": (
        "a.har", with_request(postData=None, bodySize=-1), UNASKED, ["capture.missing"],
    ),
    "a request that is cut off": (
        "a.har", with_request(bodySize=500, postData={"text": "{"}), UNASKED,
        ["capture.truncated"],
    ),
    "gzip that a HAR should not hold": (
        "a.har", with_response(text="H4sIAAAAAAACA4uOBQApu0wNAgAAAA==", size=None)(), INVALID,
        ["input.encoding"],
    ),
    "Latin-1 that is called UTF-8": (
        "a.har", har(entry(body=RESPONSE.decode().encode("latin-1"))), INVALID,
        ["input.encoding"],
    ),
    "UTF-8 that is called UTF-16": (
        "a.har", har(entry(content_type="text/json; charset=utf-16")), INVALID,
        ["capture.charset"],
    ),
    "a HAR that ends early": (
        "a.har", WHOLE[: len(WHOLE) - 300], ["request valid", "response valid", *LOST], ["capture.syntax"],
    ),
    "a HAR that ends in a string": ("a.har", WHOLE[:200], LOST, ["capture.syntax"]),
    "a HAR that is no JSON": ("a.har", b"<html>login first</html>", LOST, ["capture.syntax"]),
    "a HAR that is empty": ("a.har", b"", LOST, ["capture.syntax"]),
    "a HAR in UTF-16 that ends early": (
        "a.har", WHOLE.decode().encode("utf-16")[:-301], ["request valid", "response valid", *LOST], ["capture.syntax"],
    ),
    "a HAR without entries": ("a.har", b'{"log": {"version": "1.2"}}', LOST, ["capture.syntax"]),
    "entries that are no list": (
        "a.har", b'{"log": {"version": "1.2", "entries": {}}}', LOST, ["capture.syntax"],
    ),
    "entries that are no entries": (
        "a.har", b'{"log": {"entries": [1, "x", null, {}, {"request": {"method": 1}}, {"request": 5}]}}',
        LOST * 6, ["capture.syntax"] * 6,
    ),
    "an entry that is no JSON": (
        "a.har", WHOLE.replace(b'"method": "POST"', b'"method": POST', 1),
        ["capture no verdict", "request valid", "response valid"], ["capture.syntax"],
    ),
    "an entry with bytes that are no text": (
        "a.har", WHOLE.replace(b"POST", b"PO\xffT", 1), ["capture no verdict", "request valid", "response valid"],
        ["capture.syntax"],
    ),
    "brackets without end": (
        "a.har", b'{"log": {"entries": [' + b"[" * 100_000, LOST, ["capture.syntax"],
    ),
    "brackets without end, elsewhere": (
        "a.har", b'{"log": {"pages": ' + b'{"a":[' * 100_000, LOST, ["capture.syntax"],
    ),
    "brackets that do not match": (
        "a.har", b'{"log": {"entries": [{"request": {}}}}}]}}', LOST, ["capture.syntax"],
    ),
    "a compressed bomb": ("a.http", http("Content-Encoding: gzip", BOMB), UNJUDGED, ["capture.limit"]),
    "a bomb in a bomb": (
        "a.http", http("Content-Encoding: deflate, gzip", gzip.compress(zlib.compress(bytes(MANY), 9))),
        UNJUDGED, ["capture.limit"],
    ),
    "a bomb of brotli": (
        "a.http", http("Content-Encoding: br", encoded(bytes(MANY), "br")), UNJUDGED, ["capture.limit"],
    ),
    "a bomb of zstd": (
        "a.http", http("Content-Encoding: zstd", encoded(bytes(MANY), "zstd")), UNJUDGED,
        ["capture.limit"],
    ),
    "gzip that is damaged": (
        "a.http", http("Content-Encoding: gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\3\xff\xff\xff"), UNJUDGED,
        ["capture.coding"],
    ),
    "gzip that is cut off": (
        "a.http", http("Content-Encoding: gzip", gzip.compress(RESPONSE)[:-12]), UNJUDGED,
        ["capture.truncated"],
    ),
    "a coding that nobody knows": (
        "a.http", http("Content-Encoding: compress", b"\x1f\x9d\x90"), UNJUDGED, ["capture.coding"],
    ),
    "fewer bytes than Content-Length": (
        "a.http", http("Content-Length: 500", RESPONSE), UNJUDGED, ["capture.truncated"],
    ),
    "more bytes than Content-Length": ("a.http", http("Content-Length: 5", RESPONSE), ["response valid"], []),
    "chunks without the last": (
        "a.http", http("Transfer-Encoding: chunked", b"5\r\n[1,2,\r\n5\r\n3"), UNJUDGED,
        ["capture.truncated"],
    ),
    "chunks that are damaged": (
        "a.http", http("Transfer-Encoding: chunked", b"2\r\n[]\r\nzz\r\n"), UNJUDGED, ["capture.truncated"],
    ),
    "a head without end": ("a.http", b"HTTP/1.1 200 OK\r\nContent-Type: app", LOST, ["capture.syntax"]),
    "a head that is none": (
        "a.http", b"HTTP/1.1 200 OK\r\nno header here\r\n\r\n", LOST, ["capture.syntax"],
    ),
    "a file that only looks like HTTP": ("a.http", b"GET me some coffee", LOST, ["capture.syntax"]),
    "a Python object in a cassette": (
        "a.yaml", cassette("!!python/object/apply:os.system ['touch pwned']"), LOST, ["capture.unsafe"],
    ),
    "a Python name in a cassette": (
        "a.yaml", cassette("'[]'", more="x: !!python/name:os.system ''"), ["request valid", "response valid", *LOST],
        ["capture.unsafe"],
    ),
    "a tag of somebody": ("a.yaml", cassette("!mine x"), LOST, ["capture.unsafe"]),
    "a cassette that is no YAML": ("a.yaml", b"interactions: [\n  - {", LOST, ["capture.syntax"]),
    "a cassette of something else": ("a.yaml", b"- 1\n- 2\n", LOST * 2, ["capture.syntax"] * 2),
    "a cassette without end": ("a.yaml", b"interactions: " + b"[" * 100_000, LOST, ["capture.syntax"]),
    "an interaction that is none": (
        "a.yaml", b"interactions: [{request: {method: 5}}, {request: {uri: x}}, {}, x]", LOST * 4,
        ["capture.syntax"] * 4,
    ),
    "a date that does not exist": (
        "a.yaml", cassette("'[]'", more="at: 2026-02-30"), ["request valid", "response valid"], [],
    ),
    "keys that cannot be keys": (
        "a.yaml", cassette("'[]'", more="? {a: b}\n: c"), ["request valid", "response valid"], [],
    ),
    "a cassette in JSON that ends early": (
        "a.json", b'{"version": 1, "interactions": [{', LOST, ["capture.syntax"],
    ),
    "flows that are damaged": ("a.flows", b"2214:9:websocket;0:~", LOST, ["capture.syntax"]),
    "flows that are none": ("a.flows", b"hello", LOST, ["capture.syntax"]),
    "a WARC file that is none": ("a.warc", b"hello\r\n", LOST, ["capture.syntax"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.short(40)
def test_a_broken_capture(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file, content, expected, codes = BROKEN[name]
    judgements = judgements_of(written(tmp_path, content, file))
    assert (verdicts(judgements), found(judgements)) == (expected, codes)
    assert all(
        report.valid == (part.verdict == "valid")
        for one in judgements
        for part in one.parts
        for report in [part.report]
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [file]  # nothing that a capture says has been done


def test_a_longer_body_is_told(tmp_path: Path) -> None:
    judgements = judgements_of(written(tmp_path, BROKEN["more bytes than Content-Length"][1], "a.http"))
    assert "capture.size" in found(judgements, errors=False)


def test_places_in_a_broken_har(tmp_path: Path) -> None:
    content = json.dumps(json.loads(WHOLE), indent=2).encode()
    at = content.rindex(b'"POST"')
    content = content[:at] + b"  POST" + content[at + 6 :]  # the second entry is no JSON
    *_, broken = judgements_of(written(tmp_path, content))
    (finding,) = broken.reports[0]
    assert finding.location is not None
    line = content[: finding.location.offset].count(b"\n") + 1
    assert finding.location.line == line
    assert content[finding.location.offset :].startswith(b"{")


def test_aliases_of_a_cassette_are_followed_and_merges_are_not(tmp_path: Path) -> None:
    merges = "\n".join(f"m{i}: &m{i} {{<<: [*m{i - 1}, *m{i - 1}], a{i}: 1}}" for i in range(1, 40))
    more = f"m0: &m0 {{x: 1}}\n{merges}\nh: &h [a]\nagain: *h"
    judgements = judgements_of(written(tmp_path, cassette("'[]'", more=more), "a.yaml"))
    assert verdicts(judgements) == ["request valid", "response valid"]


def test_the_pure_loader_says_the_same(tmp_path: Path) -> None:
    """Where libyaml is missing, its twin in Python reads cassettes."""
    program = """
import sys, yaml
del yaml.CSafeLoader
import convtool
from convtool.captures import judge
print([(part.side, part.verdict) for one in judge(sys.argv[1], convtool.Catalog()) for part in one.parts])
"""
    told = [
        subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True).stdout
        for path in (SAMPLES / "vcrpy.yaml", written(tmp_path, BROKEN["a cassette without end"][1], "a.yaml"))
    ]
    expected = [(part.side, part.verdict) for one in judgements_of(SAMPLES / "vcrpy.yaml") for part in one.parts]
    assert told[0] == f"{expected}\n"
    assert told[1] == "[('capture', 'no verdict')]\n"


MEMORY = """
import resource, sys
import convtool
from convtool.captures import judge
catalog = convtool.Catalog()
list(judge(sys.argv[1], catalog))  # a small one first: what is loaded once does not count
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
valid = sum(part.verdict == "valid" for one in judge(sys.argv[2], catalog) for part in one.parts)
print(valid, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.long
def test_a_har_of_50_mb_in_constant_memory(tmp_path: Path) -> None:
    small, large = tmp_path / "small.har", tmp_path / "large.har"
    one = entry(body=b"[" + b",".join([RESPONSE[1:-1]] * 400) + b"]")
    small.write_bytes(har(*[one] * 8))
    part = json.dumps(one).encode()
    times = 50_000_000 // len(part)
    with large.open("wb") as file:
        file.write(b'{"log": {"version": "1.2", "entries": [')
        for at in range(times):
            file.write((b"," if at else b"") + part)
        file.write(b"]}}")
    assert large.stat().st_size > 49_000_000
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(small), str(large)], capture_output=True, text=True, check=True
    )
    valid, megabytes = map(int, done.stdout.split())
    assert valid == 2 * times
    assert megabytes < 10


def test_halves_of_surrogate_pairs_are_not_replaced(tmp_path: Path) -> None:
    body = RESPONSE.decode().replace("é", "\ud800")
    content = har(entry())
    one = json.loads(content)
    one["log"]["entries"][0]["response"]["content"] = {"mimeType": "application/json", "text": body}
    judgements = judgements_of(written(tmp_path, json.dumps(one).encode()))
    assert verdicts(judgements) == ["request valid", "response invalid"]
    assert found(judgements) == ["input.encoding"]


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_a_har_in_pieces_of_any_size(chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convtool.captures.items._CHUNK", chunk)
    nasty = {"comment": '\\"]}[{,é\\\\', "_list": [[{"a": "]"}], {}], "": None}
    path = written(tmp_path, json.dumps(json.loads(har(nasty | entry(), entry() | nasty)), indent=1).encode())
    assert [one.exchange is not None for one in judgements_of(path)] == [True, True]
    for name in ("a HAR that ends early", "an entry that is no JSON"):
        assert found(judgements_of(written(tmp_path, BROKEN[name][1]))) == ["capture.syntax"]


SEEDS = [("chromium.har", 0), ("vcrpy.yaml", 0), ("curl-raw.http", 0), ("mitmproxy.flows", 0), ("warcio.warc.gz", 0)]


@given(st.sampled_from(SEEDS), st.integers(0, 2**32), st.binary(max_size=6), st.booleans())
def test_any_damage_is_a_finding(seed: tuple[str, int], at: int, junk: bytes, cut: bool) -> None:
    """Whatever happens to a file, there is a judgement or an error of convtool's, and never a crash."""
    from io import BytesIO

    data = (SAMPLES / seed[0]).read_bytes()
    at %= len(data)
    damaged = data[:at] + junk + (b"" if cut else data[at + len(junk) :])
    file = BytesIO(damaged)
    file.name = seed[0]  # type: ignore[attr-defined]
    try:
        for judgement in judge(file, convtool.Catalog()):
            assert judgement.text()
    except ConvtoolError:
        pass


def test_the_tags_that_are_taken_are_yaml_s_own() -> None:
    for value in (1, 1.5, True, None, b"x", "x", [1], {"a": 1}):
        assert yaml.safe_load(yaml.safe_dump(value)) == value
