"""Files of anybody's: whatever they raise, and however few bytes they take at a time."""

from __future__ import annotations

import gzip
import io
import lzma
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.errors import SourceError, UsageError
from tests.support import LIST, PARAM

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDS = b"[" + b",".join([b'{"ProduitId":1}'] * 5000) + b"]"
VERBS: dict[str, Callable[[Any], Any]] = {
    "validate": lambda file: convtool.contract(PARAM).validate(file),
    "read": lambda file: convtool.contract(PARAM).read(file),
    "convert": lambda file: convtool.contract(PARAM).to_xml(file),
    "stream": lambda file: convtool.contract(PARAM).convert_stream(file, io.BytesIO(), "xml"),
    "detect": convtool.detect,
}


class Strange(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        raise LookupError("no such block")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(b'{"ProduitId":1}' * 100)[:-20])), "end-of-stream"),
        (lambda: lzma.LZMAFile(io.BytesIO(b"x" * 100)), "LZMAError"),  # noqa: SIM115 - it holds nothing open
        (Strange, "LookupError: no such block"),
        (lambda: Path("a" * 5000), "name too long"),
    ],
)
def test_a_source_that_cannot_be_read_is_a_source_error(verb: str, make: Callable[[], Any], says: str) -> None:
    with pytest.raises(SourceError, match=f"(?i){says}"):
        VERBS[verb](make())


class Slow(io.RawIOBase):
    """Takes a few bytes at a time, as a socket does."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += bytes(data[:4096])
        return min(len(data), 4096)


class Silent:
    """Does not say what it has taken."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data


@pytest.mark.parametrize("kind", [Slow, Silent])
def test_a_sink_gets_all_of_it(kind: type) -> None:
    sink = kind()
    convtool.contract(LIST).convert_stream(RECORDS, sink, "xml")
    assert sink.data == convtool.contract(LIST).to_xml(RECORDS)


@pytest.mark.skipif(not hasattr(os, "set_blocking"), reason="needs pipes that do not block")
def test_a_sink_that_takes_no_more_is_told() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with os.fdopen(writing, "wb", 0) as sink, pytest.raises(SourceError, match="takes no more bytes"):
        convtool.contract(LIST).convert_stream(RECORDS, sink, "xml")
    os.close(reading)


def test_a_sink_that_is_none_is_told() -> None:
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(SourceError, match="closed file"):
        convtool.contract(LIST).convert_stream(RECORDS, closed, "xml")
    with pytest.raises(UsageError, match="text mode"):
        convtool.contract(LIST).convert_stream(RECORDS, io.StringIO(), "xml")  # type: ignore[arg-type]


def test_a_format_that_there_is_not_is_an_error_of_use() -> None:
    with pytest.raises(UsageError, match="there is no format 'yaml'"):
        convtool.contract(PARAM).validate(io.BytesIO(b"{}"), format="yaml")  # type: ignore[arg-type]


def test_to_skip_and_to_lose_nothing_do_not_go_together() -> None:
    with pytest.raises(UsageError, match="not put aside"):
        convtool.contract(LIST).convert_stream(RECORDS, io.BytesIO(), "xml", lossless=True, on_error="skip")
