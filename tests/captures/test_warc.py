"""WARC files as crawlers and recorders write them: which halves belong together, and what records say of themselves."""

from __future__ import annotations

import gzip
from collections import Counter
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from convtool.captures import count, summary
from tests.captures.support import REQUEST, RESPONSE, exchanges_of, found, judgements_of, verdicts, written
from tests.captures.test_cases import told

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("warcio")

URI = "https://api.example/api/ConsommationV2"
BOTH = ["request valid", "response valid"]


def record(kind: str, name: str = "", block: bytes = b"", uri: str = URI, **fields: str | list[str]) -> bytes:
    """Give a record; ``fields`` are of its head, with _ for -; ``name`` is its identifier."""
    told = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{name}>", "WARC-Date": "2026-03-01T10:00:00Z",
            "WARC-Target-URI": uri, "Content-Type": "application/http; msgtype=" + kind}  # fmt: skip
    told |= {key.replace("_", "-"): value for key, value in fields.items()}  # type: ignore[dict-item]
    lines = [(key, one) for key, value in told.items() for one in (value if isinstance(value, list) else [value])]
    head = "".join(f"{key}: {value}\r\n" for key, value in lines if value)
    size = fields.get("Content_Length") or str(len(block))
    head += "" if "Content_Length" in fields else f"Content-Length: {size}\r\n"
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def request(name: str = "", number: int = 1, *names: str, **fields: str) -> bytes:
    body = REQUEST.replace(b":1}", b":%d}" % number)
    block = (
        b"POST /api/ConsommationV2 HTTP/1.1\r\nHost: api.example\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body) + body
    )
    return record("request", name, block, WARC_Concurrent_To=[f"<urn:uuid:{one}>" for one in names], **fields)


def response(name: str = "", number: int = 1, *names: str, kind: str = "response", **fields: str) -> bytes:
    body = RESPONSE.replace(b'"ProduitId":1', b'"ProduitId":%d' % number) if kind == "response" else b""
    length = f"Content-Length: {len(body)}\r\n" if kind == "response" else ""
    block = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{length}\r\n".encode() + body
    return record(kind, name, block, WARC_Concurrent_To=[f"<urn:uuid:{one}>" for one in names], **fields)


def paired(path: Path) -> list[tuple[int, int]]:
    """Give the numbers in the two bodies of each exchange; 0 where there is none."""
    seen = []
    for one in exchanges_of(path):
        bodies = [part.body.decode() if part is not None and part.body else "" for part in (one.request, one.response)]
        digits = [body.partition('ProduitId":')[2].partition("}")[0].partition(",")[0] for body in bodies]
        seen.append((int(digits[0] or 0), int(digits[1] or 0)))
    return sorted(seen)


RIGHT = [(1, 1), (2, 2), (3, 3)]
ASKS, ANSWERS = [1, 2, 3], [1, 2, 3]


@pytest.mark.parametrize("named", ["by the response", "by the request", "by both", "by a third record", "by some"])
def test_identifiers_decide_in_whatever_order_records_stand(named: str, tmp_path: Path) -> None:
    records = []
    for n in ASKS:
        asks = {"by the request": [f"r{n}"], "by both": [f"r{n}"], "by a third record": [f"m{n}"]}.get(named, [])
        answers = {"by the response": [f"q{n}"], "by both": [f"q{n}"], "by a third record": [f"m{n}"]}.get(named, [])
        if named == "by some" and n > 1:
            answers = [f"q{n}"]
        records += [request(f"q{n}", n, *asks), response(f"r{n}", n, *answers)]
    for order in list(permutations(records))[::37]:
        path = written(tmp_path, b"".join(order), "a.warc")
        assert paired(path) == RIGHT


def test_by_uri_in_the_order_in_which_they_stand(tmp_path: Path) -> None:
    asks, answers = ([one(f"{n}", n) for n in ASKS] for one in (request, response))
    for order in (asks + answers, [one for both in zip(asks, answers, strict=True) for one in both], answers + asks):
        assert paired(written(tmp_path, b"".join(order), "a.warc")) == RIGHT


def test_a_record_that_names_another_is_not_paired_by_uri(tmp_path: Path) -> None:
    data = request("q1", 1) + response("r9", 9, "elsewhere") + request("q2", 2, "r2") + response("r1", 1)
    assert paired(written(tmp_path, data, "a.warc")) == [(0, 9), (1, 1), (2, 0)]


def test_other_uris_are_not_paired(tmp_path: Path) -> None:
    data = request("q", 1) + response("r", 1, WARC_Target_URI="https://api.example/other")
    assert paired(written(tmp_path, data, "a.warc")) == [(0, 1), (1, 0)]


def test_many_records_are_paired_within_bounds(tmp_path: Path) -> None:
    asks, answers = ([one(f"{n}", n) for n in range(1, 201)] for one in (request, response))
    near = [one for at in range(0, 200, 20) for one in asks[at : at + 20] + answers[at : at + 20]]
    assert paired(written(tmp_path, b"".join(near), "a.warc")) == [(n, n) for n in range(1, 201)]
    far = paired(written(tmp_path, b"".join(asks + answers), "a.warc"))  # each is still there, alone or not
    assert (sorted(one for one, _ in far if one), sorted(two for _, two in far if two)) == ([*range(1, 201)],) * 2


HTTP = response()
NO = "response no verdict"
# name → content, verdicts, codes but for hazards of payloads
VARIANTS: dict[str, tuple[bytes, list[str], list[str]]] = {
    "angle brackets around the URI": (request("q", WARC_Target_URI=f"<{URI}>") + response("r"), BOTH, []),
    "gzip record by record": (gzip.compress(request("q")) + gzip.compress(response("r")), BOTH, []),
    "gzip as a whole": (gzip.compress(request("q") + response("r")), BOTH, []),
    "gzip of two parts": (
        gzip.compress(request("q") + request("p")) + gzip.compress(response("r")), [*BOTH, BOTH[0]], [],
    ),
    "gzip that is cut off": (
        gzip.compress(request("q") + response("r"))[:-60], [BOTH[0], NO, "capture no verdict"],
        ["capture.truncated", "capture.syntax"],
    ),
    "a revisit": (
        request("q") + response("v", 1, "q", kind="revisit", WARC_Refers_To="<urn:uuid:r>"), [BOTH[0], NO],
        ["capture.missing"],
    ),
    "a revisit alone": (response("v", kind="revisit"), [NO], ["capture.missing"]),
    "only a request": (request("q"), [BOTH[0]], []),
    "only a response": (response("r"), [BOTH[1]], []),
    "a resource of the web": (
        record("resource", "x", RESPONSE, Content_Type="application/json; charset=utf-8"), [BOTH[1]], [],
    ),
    "a page as a resource": (
        record("resource", "x", b"<html>", Content_Type="text/html") + request("q"), [BOTH[0]], [],
    ),
    "a log as a resource": (
        record("resource", "x", b"{}", "metadata://x/log", Content_Type="text/json") + request("q"), [BOTH[0]], [],
    ),
    "records about records": (
        record("warcinfo", "i", b"software: x\r\n", "", Content_Type="application/warc-fields")
        + request("q") + record("metadata", "m", b"a: b\r\n", WARC_Concurrent_To="<urn:uuid:q>") + response("r")
        + record("conversion", "c", b"x", WARC_Refers_To="<urn:uuid:r>"), BOTH, [],
    ),
    "a name's address": (
        record("response", "d", b"20260301 x 127.0.0.1", "dns:x", Content_Type="text/x") + request("q"), [BOTH[0]], [],
    ),
    "a record that says it is cut off": (response("r", WARC_Truncated="length"), [NO], ["capture.truncated"]),
    "the first of several segments": (response("r", WARC_Segment_Number="1"), [NO], ["capture.truncated"]),
    "a file that ends in a record": (request("q") + response("r")[:-60], [BOTH[0], NO], ["capture.truncated"]),
    "a length that is too small": (
        request("q").replace(b"Content-Length: 181", b"Content-Length: 178", 1) + response("r"),
        ["capture no verdict", "request no verdict", BOTH[1]], ["capture.syntax", "capture.truncated"],
    ),
    "a length that is too small, at the end": (
        request("q").replace(b"Content-Length: 181", b"Content-Length: 178", 1),
        ["request no verdict", "capture no verdict"], ["capture.truncated", "capture.syntax"],
    ),
    "HTTP/2": (request("q").replace(b"HTTP/1.1", b"HTTP/2.0") + HTTP.replace(b"HTTP/1.1 ", b"HTTP/2.0 "), BOTH, []),
    "something that is no record": (request("q") + response("r") + b"hello\r\n", [*BOTH, "capture no verdict"],
                                   ["capture.syntax"]),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant(name: str, tmp_path: Path) -> None:
    data, expected, codes = VARIANTS[name]
    judgements = judgements_of(written(tmp_path, data, "records"))
    assert (verdicts(judgements), told(found(judgements, errors=False))) == (expected, codes)


def test_resources_are_counted(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    for judgement in judgements_of(written(tmp_path, VARIANTS["a page as a resource"][0])):
        count(judgement, counts)
    assert summary(counts) == "1 exchange (1 more not ours: 1 resource): 1 valid"


def test_what_is_damaged_is_said_in_words_of_our_own(tmp_path: Path) -> None:
    for data in (
        b"WARC/1.0\r\nhello\r\n", VARIANTS["something that is no record"][0], gzip.compress(request())[:-9],
        gzip.compress(request()) + b"\x1f\x8b\x08\0\0\0\0\0\0\3\xff\xff\xff", b"WARC/1.0\r\nContent-Length: x\r\n\r\n",
    ):  # fmt: skip
        judgements = judgements_of(written(tmp_path, data, "a.warc"))
        text = judgements[-1].text()
        assert "cannot be read on: " in text or "cannot be read on: its gzip" in text
        assert not any(word in text for word in ("warcio", "ERROR", "Exception", "Unknown"))


def test_nothing_is_said_past_the_report(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for data in (
        request("q", WARC_Target_URI="https://api.example/a b\x1b[31m"), VARIANTS["a length that is too small"][0],
        gzip.compress(gzip.compress(request("q"))[:-9]), VARIANTS["gzip that is cut off"][0],
    ):  # fmt: skip
        judgements_of(written(tmp_path, data, "a.warc"))
    assert capfd.readouterr() == ("", "")
