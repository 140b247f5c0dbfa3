"""HARs as browsers, libraries and proxies write them: what is read, what is missing, and what a fault costs."""

from __future__ import annotations

import gzip
import json
import zipfile
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from convtool.captures import count, summary
from convtool.captures.kinds import kind_of
from tests.captures.stub import encoded
from tests.captures.support import (
    REQUEST,
    RESPONSE,
    URL,
    entry,
    exchanges_of,
    found,
    har,
    judgements_of,
    verdicts,
    written,
)  # fmt: skip
from tests.captures.test_cases import told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOTH, NO_VERDICT = ["request valid", "response valid"], ["request valid", "response no verdict"]
NOTHING, UNASKED = ["request valid"], ["request no verdict", "response valid"]
MOJIBAKE = RESPONSE.decode("latin-1")
HAR = json.loads(har(entry()))["log"]


def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
    """Give a HAR of one entry after a change of it."""
    one = entry()
    change(one)
    return har(one)


def put(path: str, value: Any) -> bytes:
    """Give a HAR of one entry in which a field is another; ... takes it away."""
    *names, last = path.split(".")

    def change(one: dict[str, Any]) -> None:
        for name in names:
            one = one[name]
        if value is ...:
            del one[last]
        else:
            one[last] = value

    return changed(change)


def content(**fields: Any) -> bytes:
    return changed(lambda one: one["response"].update(content={"mimeType": "application/json", **fields}))


def length(side: str, size: int, **fields: Any) -> Callable[[dict[str, Any]], None]:
    """Change an entry: its headers name a length, and other fields of the side are these."""

    def change(one: dict[str, Any]) -> None:
        one[side]["headers"].append({"name": "content-length", "value": str(size)})
        one[side].update(fields)
        if fields.get("postData") is None and side == "request":
            one[side].pop("postData")

    return change


def raw(old: str, new: str) -> bytes:
    """Give a HAR in which a text is another, whether that is JSON or not."""
    data = har(entry(), entry()).decode()
    assert old in data
    return data.replace(old, new, 1).encode()


def log(**members: Any) -> bytes:
    return json.dumps({"log": members | {"entries": HAR["entries"]}}).encode()


TEXT = {"text": RESPONSE.decode(), "size": len(RESPONSE)}
# name → content, verdicts, codes but for hazards of payloads
VARIANTS: dict[str, tuple[bytes, list[str], list[str]]] = {
    "pages first": (log(pages=[{"title": "]}[\""}]), BOTH, []),
    "a name of its own first": (log(_source="x", browser={}), BOTH, []),
    "something before the log": (json.dumps({"_v": {"log": [1]}, "log": HAR}).encode(), BOTH, []),
    "UTF-16 of the other order": (b"\xfe\xff" + har(entry()).decode().encode("utf-16-be"), BOTH, []),
    "a status that is a text": (put("response.status", "200"), BOTH, ["capture.field"]),
    "a status that is a word": (put("response.status", "OK"), BOTH, ["capture.field"]),
    "no status": (put("response.status", ...), BOTH, ["capture.field"]),
    "a status of 0": (put("response.status", 0), NOTHING, []),
    "a status of -1": (put("response.status", -1), NOTHING, []),
    "no response": (put("response", ...), NOTHING, []),
    "a response that is null": (put("response", None), NOTHING, []),
    "headers that are an object": (
        put("response.headers", {"Content-Type": "application/json", "X": 1}), BOTH, ["capture.field"] * 2,
    ),
    "headers that are a text": (put("response.headers", "x"), BOTH, ["capture.field"]),
    "a header without a name": (put("request.headers", [{"value": "x"}, 1]), BOTH, ["capture.field"]),
    "sizes that are texts": (put("response.content.size", f"{len(RESPONSE)}"), BOTH, ["capture.field"]),
    "a URL that is a number": (put("request.url", 7), [], []),
    "a method that is none": (put("request.method", None), ["capture no verdict"], ["capture.syntax"]),
    "a text that is the body's JSON": (content(text=json.loads(RESPONSE)), BOTH, ["capture.field"]),
    "a request's text that is its JSON": (
        put("request.postData", {"mimeType": "application/json", "text": json.loads(REQUEST)}), BOTH, ["capture.field"],
    ),
    "timings that are no JSON": (raw('"request": {', '"time": NaN, "timings": {"send": undefined}, "request": {'),
                                BOTH * 2, ["capture.field"]),
    "a comma more": (raw('"headers": [{"n', '"cookies": [1,], "headers": [{"n'), BOTH * 2, ["capture.field"]),
    "a text with a raw tab": (content(**{**TEXT, "comment": "x"}).replace(b'"x"', b'"\t\n"'), BOTH, []),
    "a Blob": (changed(length("request", 73, bodySize=0)), UNASKED, ["capture.missing"]),
    "a Blob, an empty text": (
        changed(length("request", 73, bodySize=0, postData={"mimeType": "text/json", "text": ""})), UNASKED,
        ["capture.missing"],
    ),
    "a request of no length": (
        changed(length("request", 0, bodySize=0)), ["request invalid", "response valid"], ["input.empty"],
    ),
    "a response that was not recorded": (
        changed(length("response", 106, content={"size": 0, "mimeType": "application/json"})), NO_VERDICT,
        ["capture.missing"],
    ),
    "a response that was not recorded, an empty text": (
        changed(length("response", 106, content={"size": 0, "mimeType": "application/json", "text": ""})), NO_VERDICT,
        ["capture.missing"],
    ),
    "a response of some bytes on the wire": (
        changed(lambda one: one["response"].update(content={"size": 0}, bodySize=88)), NO_VERDICT, ["capture.missing"],
    ),
    "a response that is empty": (
        changed(length("response", 0, content={"size": 0, "mimeType": "application/json", "text": ""})),
        ["request valid", "response invalid"], ["input.empty"],
    ),
    "a redirect without its body": (
        changed(length("response", 154, status=302, content={"size": 0})), ["request valid", "response no body"], [],
    ),
    "multipart": (
        changed(lambda one: one["request"].update(
            headers=[], postData={"mimeType": "multipart/form-data; boundary=x", "text": '--x\r\n\r\n{"a":1}--x--'})),
        ["request invalid", "response valid"], ["capture.media-type"],
    ),
    "multipart of parameters": (
        changed(lambda one: one["request"].update(
            headers=[], postData={"mimeType": "multipart/form-data", "params": [{"name": "a", "value": "b"}]})),
        ["request invalid", "response valid"], ["capture.media-type"],
    ),
    "UTF-8 read as Latin-1": (content(text=MOJIBAKE, size=len(RESPONSE)), BOTH, ["capture.mojibake"]),
    "UTF-8 read as Windows-1252": (
        content(text=RESPONSE.replace("é".encode(), "€é".encode()).decode("cp1252")), BOTH, ["capture.mojibake"],
    ),
    "a mark read as Latin-1": (content(text="ï»¿" + RESPONSE.decode().replace("é", "e")), BOTH, ["capture.mojibake"]),
    "UTF-16 read as Latin-1": (
        put("response", {"status": 200, "headers": [], "content": {
            "mimeType": "text/json; charset=utf-16", "text": RESPONSE.decode().encode("utf-16").decode("latin-1")}}),
        BOTH, ["capture.mojibake"],
    ),
    "gzip read as Latin-1": (
        put("response", {"status": 200, "headers": [{"name": "Content-Encoding", "value": "gzip"}], "content": {
            "mimeType": "text/json", "text": gzip.compress(RESPONSE).decode("latin-1")}}), BOTH, ["capture.mojibake"],
    ),
    "brotli read as Latin-1": (
        put("response", {"status": 200, "headers": [{"name": "Content-Encoding", "value": "br"}], "content": {
            "mimeType": "text/json", "text": encoded(RESPONSE, "br").decode("latin-1")}}), BOTH, ["capture.mojibake"],
    ),
    "the size of the compressed bytes": (
        put("response", {"status": 200, "headers": [{"name": "Content-Encoding", "value": "gzip"}], "content": {
            "mimeType": "application/json", "text": RESPONSE.decode(), "size": 50}}), BOTH, [],
    ),
    "an encoding that is a charset": (content(**TEXT, encoding="utf-8"), BOTH, ["capture.field"]),
    "a text that only looks so": (content(text=RESPONSE.decode().replace("é", "é Ã©")), BOTH, []),
    "a websocket": (
        har(entry(), {"request": {"method": "GET", "url": "wss://api.example/ws", "headers": []},
                      "response": {"status": 101, "headers": [], "content": {"size": 0}}, "_webSocketMessages": []}),
        BOTH, [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant(name: str, tmp_path: Path) -> None:
    data, expected, codes = VARIANTS[name]
    judgements = judgements_of(written(tmp_path, data, "capture.json"))
    assert (verdicts(judgements), told(found(judgements, errors=False))) == (expected, codes)


def test_websockets_are_counted(tmp_path: Path) -> None:
    from collections import Counter

    counts: Counter[str] = Counter()
    for judgement in judgements_of(written(tmp_path, VARIANTS["a websocket"][0])):
        count(judgement, counts)
    assert summary(counts) == "1 exchange (1 more not ours: 1 websocket): 2 valid"


def test_a_body_that_was_what_it_was(tmp_path: Path) -> None:
    for name in ("UTF-8 read as Latin-1", "UTF-8 read as Windows-1252"):
        (exchange,) = exchanges_of(written(tmp_path, VARIANTS[name][0]))
        assert exchange.response is not None
        assert exchange.response.body is not None
        assert "é" in exchange.response.body.decode()


# --- bodies beside a HAR, and in a zip with it ---

HASHED = "0123456789abcdef0123456789abcdef01234567.json"


def named(name: Any, side: str = "response") -> bytes:
    def change(one: dict[str, Any]) -> None:
        if side == "response":
            one["response"]["content"] = {"mimeType": "application/json", "size": len(RESPONSE), "_file": name}
        else:
            one["request"]["postData"] = {"mimeType": "application/json", "text": "", "params": [], "_file": name}
            one["request"]["bodySize"] = len(REQUEST)

    return changed(change)


def zipped(folder: Path, members: dict[str, bytes], name: str = "session.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("body.json", BOTH),
        ("sub/body.json", BOTH),
        ("./body.json", BOTH),
        ("missing.json", NO_VERDICT),
        ("../body.json", NO_VERDICT),
        ("sub/../../body.json", NO_VERDICT),
        ("..\\body.json", NO_VERDICT),
        ("/etc/hostname", NO_VERDICT),
        ("C:\\body.json", NO_VERDICT),
        ("link.json", NO_VERDICT),
        ("sub", NO_VERDICT),
        ("", NO_VERDICT),
        ("a\0b", NO_VERDICT),
        (7, NO_VERDICT),
    ],
)
def test_bodies_beside_a_har(name: Any, expected: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for path in (tmp_path / "body.json", folder / "body.json", folder / "sub" / "body.json"):
        path.write_bytes(RESPONSE)
    (folder / "link.json").symlink_to(tmp_path / "body.json")
    judgements = judgements_of(written(folder, named(name)))
    assert verdicts(judgements) == expected
    if expected is NO_VERDICT:
        assert found(judgements) == ["capture.missing"]


def test_a_request_beside_a_har(tmp_path: Path) -> None:
    written(tmp_path, REQUEST, "body.json")
    assert verdicts(judgements_of(written(tmp_path, named("body.json", "request")))) == BOTH


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"har.har": named(HASHED), HASHED: RESPONSE}, BOTH),
        ({HASHED: RESPONSE, "har.har": named(HASHED)}, BOTH),
        ({"session.har": har(entry())}, BOTH),
        ({"har.har": named(HASHED, "request"), HASHED: REQUEST}, BOTH),
        ({"har.har": named(HASHED)}, NO_VERDICT),
        ({"har.har": named("../" + HASHED), HASHED: RESPONSE}, NO_VERDICT),
        ({"har.har": named(HASHED), HASHED: bytes(20 << 20)}, NO_VERDICT),  # a bomb
        ({"har.har": har(entry()).decode().encode("utf-16")}, BOTH),
        ({"har.har": b"<html>"}, ["capture no verdict"]),
        ({"har.har": har(entry())[:-100]}, ["capture no verdict"]),
    ],
)
def test_zipped_hars(members: dict[str, bytes], expected: list[str], tmp_path: Path) -> None:
    judgements = judgements_of(zipped(tmp_path, members))
    assert verdicts(judgements) == expected


def test_a_zipped_har_that_is_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"har.har": har(*[entry()] * 200)})
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    assert "capture.syntax" in found(judgements_of(path))


def test_a_zip_of_other_things_is_none(tmp_path: Path) -> None:
    for members in ({"a.har": b"{}", "b.har": b"{}"}, {"a.har": b"{}", "notes.txt": b""}, {"x/har.har": b"{}"}):
        path = zipped(tmp_path, members)
        assert kind_of(path.read_bytes()) is None


def test_an_entry_beyond_all_bounds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convtool.captures.items._LARGEST", 1 << 20)
    text = b64encode(bytes(4 << 20)).decode()
    judgements = judgements_of(written(tmp_path, har(entry(), entry(text=text, size=None), entry())))
    assert verdicts(judgements) == [*BOTH, "capture no verdict"]


def test_the_url_is_not_needed(tmp_path: Path) -> None:
    (exchange,) = exchanges_of(written(tmp_path, put("request.url", ...)))
    assert (exchange.url, exchange.operation) == ("", None)
    assert URL.endswith("ConsommationV2")
