"""Fiddler's archives: sessions by their numbers, however the zip is made and whatever is wrong with a part of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

import convtool
from convtool.captures import is_capture, judge, read
from tests.captures.support import found, judgements_of, verdicts, written
from tests.captures.test_cases import told
from tests.captures.test_har import zipped
from tests.captures.test_http_text import ASKED, ENCRYPTED, HELLO, LONG, OK, sized

if TYPE_CHECKING:
    from pathlib import Path

BOTH = ["request valid", "response valid"]
TYPES = {"[Content_Types].xml": b"<Types/>"}
INDEX = {"_index.htm": b"<html>" * 3000}
SESSION = {"raw/1_c.txt": ASKED, "raw/1_m.xml": b"<Session/>", "raw/1_s.txt": LONG}
TUNNEL = {
    "raw/1_c.txt": b"CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n",
    "raw/1_s.txt": b"HTTP/1.1 200 Connection Established\r\nStartTime: 10:00\r\n\r\nEncrypted.",
    "raw/2_c.txt": ASKED,
    "raw/2_s.txt": LONG,
}
SOCKET = {
    "raw/3_c.txt": b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
    "raw/3_s.txt": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
    "raw/3_w.txt": b"Request-Length: 5\r\n\r\nhello",
}
HEAD = {"raw/1_c.txt": b"HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n", "raw/1_s.txt": sized(b"", 106)}
# name → members, verdicts, codes but for hazards of payloads
VARIANTS: dict[str, tuple[dict[str, bytes], list[str], list[str]]] = {
    "types last": (SESSION | TYPES, BOTH, []),
    "an index first": (INDEX | SESSION | TYPES, BOTH, []),
    "backslashes": ({name.replace("/", "\\"): data for name, data in (TYPES | SESSION).items()}, BOTH, []),
    "numbers with zeros, in whatever order": (
        {"raw/010_s.txt": OK, "raw/009_s.txt": LONG, "raw/010_c.txt": ASKED, "raw/009_c.txt": ASKED},
        BOTH * 2,
        [],
    ),
    "a request without a response": ({"raw/1_c.txt": ASKED}, BOTH[:1], []),
    "a response without a request": (TYPES | {"raw/1_s.txt": LONG}, BOTH[1:], []),
    "a tunnel": (TYPES | TUNNEL, BOTH, []),
    "what Fiddler tells of a tunnel": (
        TYPES
        | TUNNEL
        | {"raw/1_c.txt": TUNNEL["raw/1_c.txt"] + HELLO}
        | {"raw/1_s.txt": TUNNEL["raw/1_s.txt"].replace(b"Encrypted.", ENCRYPTED)},
        BOTH,
        [],
    ),
    "a websocket": (TYPES | SESSION | SOCKET, BOTH, []),
    "HEAD": (HEAD, [], []),
    "a session that is none": (
        TYPES | {"raw/1_c.txt": b"hello", "raw/2_c.txt": ASKED, "raw/2_s.txt": LONG},
        ["capture no verdict", *BOTH],
        ["capture.syntax"],
    ),
    "a bomb": (
        TYPES | {"raw/1_c.txt": ASKED + bytes(20 << 20), "raw/2_c.txt": ASKED},
        ["capture no verdict", *BOTH[:1]],
        ["capture.syntax"],
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant(name: str, tmp_path: Path) -> None:
    members, expected, codes = VARIANTS[name]
    path = zipped(tmp_path, members, "sessions.zip")
    assert is_capture(path)
    judgements = judgements_of(path)
    assert (verdicts(judgements), told(found(judgements, errors=False))) == (expected, codes)


def test_kinds_of_sessions(tmp_path: Path) -> None:
    path = zipped(tmp_path, TYPES | TUNNEL | SOCKET)
    assert [(one.method, one.kind) for one in read(path)] == [("POST", ""), ("GET", "websocket")]
    assert [(one.method, one.status) for one in read(zipped(tmp_path, HEAD))] == [("HEAD", 200)]


def test_archives_that_are_damaged(tmp_path: Path) -> None:
    whole = zipped(tmp_path, TYPES | SESSION).read_bytes()
    cut = written(tmp_path, whole[:-30], "a.saz")
    assert found(judgements_of(cut)) == ["capture.syntax"]
    assert b"zip's directory cannot be read" in judgements_of(cut)[0].text().encode()
    wrong = bytearray(whole)
    at = whole.index(b"raw/1_s.txt") + 40
    wrong[at : at + 4] = b"\xff" * 4
    assert verdicts(judgements_of(written(tmp_path, bytes(wrong), "a.saz"))) == [
        "request valid",
        "capture no verdict",
    ] or (verdicts(judgements_of(written(tmp_path, bytes(wrong), "a.saz"))) == ["capture no verdict", "request valid"])


def test_members_that_are_encrypted_are_said(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path, TYPES | SESSION).read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(magic, place + 1)) >= 0:
            data[place + at] |= 1
    judgements = judgements_of(written(tmp_path, bytes(data), "a.saz"))
    assert found(judgements) == ["capture.syntax"] * 2
    assert all("is encrypted" in one.text() for one in judgements)


def test_other_zips_are_no_captures(tmp_path: Path) -> None:
    for members in (TYPES, TYPES | {"word/document.xml": b"<a/>"}, {"raw/notes.txt": b""}, {"a/raw/1_c.txt": ASKED}):
        assert not is_capture(zipped(tmp_path, members))


def test_a_pipe_that_cannot_go_back_has_the_same_sessions(tmp_path: Path) -> None:
    data = zipped(tmp_path, TYPES | SESSION).read_bytes()

    class Pipe(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            if offset or whence:
                raise io.UnsupportedOperation("a pipe is read from its beginning")
            return super().seek(0)

    assert verdicts(list(judge(Pipe(data), convtool.Catalog()))) == BOTH
