"""Captures at random: whatever one holds, there are judgements that can be shown, or an error of convtool's."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

import convtool
from convtool.captures import judge
from convtool.errors import ConvtoolError

__all__ = ["changed", "check", "made", "one", "seeds"]

ROOT = Path(__file__).parents[2]
FOLDERS = (
    ROOT / "tests" / "captures" / "cases",
    ROOT / "samples" / "captures",
    ROOT / "samples" / "captures" / "broken",
)
LARGEST = 60_000  # bytes of a seed: larger ones only take longer
WORDS = (
    b"\r\n\r\n", b"\n\n", b"HTTP/1.1 200 OK\r\n", b"POST /api/ConsommationV2 HTTP/1.1\r\n", b"CONNECT x:1 HTTP/1.1\r\n",
    b"HTTP/1.1 200 Connection established\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 101 x\r\n\r\n",
    b"Content-Length: 999999999999999\r\n", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n",
    b"Content-Encoding: gzip\r\n", b"Content-Encoding: br, zstd\r\n", b"###\n", b"@a = {{a}}{{a}}\n", b"{{a}}",
    b"< ./x\n", b"-" * 30 + b"\r\n", b"> ", b"< ", b"* ", b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b'"', b"[", b"{", b"]",
    b"}", b",", b":", b'"log":', b'"entries":', b'"_file":"x",', b'"encoding":"base64",', b'"status":0,', b"\\ud800",
    b"- ", b"- request:\n", b"interactions:\n", b"http_interactions:\n", b"&a ", b"*a", b"[*a,*a,*a,*a]", b"!!binary ",
    b"!!python/object/new:_io.BytesIO ", b"!x ", b"? ", b"<<: ", b"\t", b"WARC/1.0\r\n", b"WARC-Type: revisit\r\n",
    b"WARC-Concurrent-To: <urn:uuid:a1>\r\n", b"\x1f\x8b\x08\0\0\0\0\0\0\3", b"PK\3\4", b"raw/1_c.txt",
    b"\xf0\x9f\x98\x80", b"\xc3\x83\xc2\xa9", b"1e999", b"-1",
)  # fmt: skip


@cache
def seeds() -> list[bytes]:
    """Give the captures of the tests and the samples."""
    files = [path for folder in FOLDERS for path in sorted(folder.iterdir()) if path.is_file()]
    whole = [path.read_bytes() for path in files if ".report." not in path.name]
    return [data for data in whole if len(data) <= LARGEST]


@cache
def catalog() -> convtool.Catalog:
    """Give the bundled contracts."""
    return convtool.Catalog()


def made(number: int) -> bytes:
    """Give input ``number``: a capture with a few changes."""
    random = Random(number)
    return changed(random, random.choice(seeds()))


def changed(random: Random, capture: bytes) -> bytes:
    """Give a capture with a few changes."""
    data = bytearray(capture)
    for _ in range(random.randint(1, 6)):
        at, kind = random.randrange(len(data) + 1), random.random()
        if kind < 0.2:
            data[at : at + 1] = bytes([random.randrange(256)])
        elif kind < 0.4:
            data[at : at + random.randint(0, 20)] = b""
        elif kind < 0.7:
            data[at:at] = random.choice(WORDS)
        elif kind < 0.82:
            other = random.choice(seeds())
            begin = random.randrange(len(other) + 1)
            data[at:at] = other[begin : begin + random.randint(1, 400)]
        elif kind < 0.9:
            del data[at:]
        else:
            begin = random.randrange(len(data) + 1)
            data[at:at] = data[begin : begin + random.randint(1, 300)]
    return bytes(data)


def check(data: bytes) -> int:
    """Judge a capture; give how many judgements there are. Whatever escapes is a finding."""
    judgements = 0
    try:
        for judgement in judge(BytesIO(data), catalog()):
            judgement.text()
            judgements += 1
    except ConvtoolError:
        pass
    return judgements


def one(number: int) -> str:
    """Try capture ``number``; give what came of it."""
    return "with exchanges" if check(made(number)) else "without"
