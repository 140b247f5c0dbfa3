"""Payloads: a head that can be looked at, bytes that can be read again, and one source that is read through once."""

from __future__ import annotations

import hashlib
import io
import random

import pytest

from convtool.errors import SourceError, UsageError
from convtool.payload import Payload


class Pipe(io.RawIOBase):
    """Gives its bytes once, a few at a time."""

    def __init__(self, data: bytes, step: int = 3) -> None:
        self._inner = io.BytesIO(data)
        self._step = step
        self.given = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        data = self._inner.read(min(size, self._step))
        self.given += len(data)
        return data


DATA = random.Random(1).randbytes(5000)


def of(data: bytes, kind: str, **more: bool) -> Payload:
    return Payload(Pipe(data) if kind == "pipe" else io.BytesIO(data), "p", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["pipe", "file"])
def test_a_head_is_looked_at_and_read_again(kind: str) -> None:
    payload = of(DATA, kind)
    assert payload.head(10) == DATA[:10]
    assert payload.head(4000) == DATA[:4000]
    assert payload.head(10) == DATA[:10]
    assert payload.head(9000) == DATA
    assert payload.read() == DATA
    assert payload.read(1) == b""
    payload.seek(0)
    assert payload.read(7) + payload.read() == DATA


@pytest.mark.parametrize("kind", ["pipe", "file"])
@pytest.mark.parametrize("head", [0, 1, 4999, 5000, 6000])
def test_it_is_read_as_often_as_is_wanted_up_to_the_last_time(kind: str, head: int) -> None:
    payload = of(DATA, kind)
    payload.head(head)
    for _ in range(3):
        assert b"".join(iter(lambda: payload.read(999), b"")) == DATA
        payload.seek(0)
    payload.settle()
    assert b"".join(iter(lambda: payload.read(999), b"")) == DATA
    with pytest.raises(io.UnsupportedOperation):
        payload.seek(0)


@pytest.mark.parametrize("kind", ["pipe", "file"])
def test_what_is_small_is_given_whole(kind: str) -> None:
    assert of(DATA, kind).whole(5000) == DATA
    payload = of(DATA, kind)
    assert payload.whole(4999) is None
    assert payload.read() == DATA


def test_what_has_been_read_is_whole_only_where_all_of_it_is_kept() -> None:
    payload = of(DATA, "file")
    payload.head(10)
    assert payload.read() == DATA  # to the end, of which the head alone is kept
    payload.seek(0)
    assert payload.whole(4999) is None
    assert payload.whole(5000) == DATA
    assert payload.head(9000) == DATA


def test_what_is_settled_is_not_kept() -> None:
    payload = of(DATA, "pipe")
    payload.head(100)
    payload.settle()
    payload.read(200)
    payload.read(200)
    assert not payload._kept


@pytest.mark.parametrize("kind", ["pipe", "file"])
@pytest.mark.parametrize("times", [1, 3])
def test_the_hash_is_that_of_all_bytes_however_often_they_are_read(kind: str, times: int) -> None:
    payload = of(DATA, kind, counted=True)
    payload.head(10)
    for _ in range(times):
        payload.read(500)
        payload.seek(0)
    payload.drain()
    assert (payload.counted, payload.hexdigest()) == (len(DATA), hashlib.sha256(DATA).hexdigest())


def test_the_source_is_read_through_once() -> None:
    pipe = Pipe(DATA)
    payload = Payload(pipe, "p")
    payload.head(2000)
    payload.read()
    payload.seek(0)
    payload.read()
    assert pipe.given == len(DATA)


def test_what_cannot_be_read_is_told() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(SourceError, match="p: Input/output error"):
        Payload(Broken(), "p").head()
    with pytest.raises(UsageError, match="text mode"):
        Payload(io.StringIO("x"), "p").head()  # type: ignore[arg-type]


def test_any_place_is_gone_to_where_the_source_can() -> None:
    payload = of(DATA, "file", counted=True)
    payload.head(100)
    assert payload.seek(-10, 2) == 4990
    assert payload.read() == DATA[-10:]
    payload.seek(50)
    assert payload.read(100) == DATA[50:150]
    payload.seek(2000)
    assert payload.read(10) == DATA[2000:2010]
    assert payload.tell() == 2010
    payload.drain()
    assert (payload.counted, payload.hexdigest()) == (len(DATA), hashlib.sha256(DATA).hexdigest())
    with pytest.raises(OSError, match="before the beginning"):
        payload.seek(-1)
    with pytest.raises(io.UnsupportedOperation):
        of(DATA, "pipe").seek(0, 2)
