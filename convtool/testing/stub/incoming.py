"""A request as it comes in: what its head promises is held against what comes, in bounded time and memory.

Werkzeug's own reader of chunks counts bytes that never came. Here a body is the bytes that came, or it is refused: 400
where it breaks off or its framing contradicts itself, 408 where it takes too long, 413 where it is too long, 503 where
too much is being read at once. Sources: RFC 9110, section 5.6.2 (tokens); RFC 9112, sections 3.2 (Host), 6 (framing)
and 7.1 (chunks).
"""

from __future__ import annotations

import io
import re
import threading
import time
from contextlib import contextmanager
from email.errors import (
    FirstHeaderLineIsContinuationDefect,
    MisplacedEnvelopeHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from email.message import Message

__all__ = ["TOKEN", "Budget", "Incoming", "Reader", "Refused", "fault_of", "read_body"]

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HOST = re.compile(r"[A-Za-z0-9._~%!$&'()*+,;=-]*(:\d*)?|\[[0-9A-Fa-f:.]+\](:\d*)?")
# A line without a colon, or one that goes on where nothing has begun; others are about bodies, which it has not seen.
_DEFECTS = (MissingHeaderBodySeparatorDefect, FirstHeaderLineIsContinuationDefect, MisplacedEnvelopeHeaderDefect)
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(;[^\r\n]*)?\r?\n")
_LINE = 4096  # bytes of a chunk's head or of a trailer
_TRAILERS = 100
_PIECE = 1 << 16  # bytes read at once


class Refused(Exception):
    """A request that is answered before it is looked at: the status, why, and what had come of its body."""

    def __init__(self, status: int, message: str, content: bytes = b"") -> None:
        super().__init__(message)
        self.status = status
        self.content = content


class Incoming(io.RawIOBase):
    """The bytes of a connection, for so many seconds in all, however slowly they come; then TimeoutError."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._until = time.monotonic() + seconds

    def readable(self) -> bool:
        """It is all that it is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read what has come, and wait for it where nothing has."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request did not come in time")
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class Reader(io.BufferedReader):
    """Incoming bytes as a file; it never makes room for more than has come."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Give what there is of so many bytes: Werkzeug asks for 10 MB, to see whether anything is left unread."""
        return self.read1(_PIECE if size is None or size < 0 else min(size, _PIECE))


class Budget:
    """Bytes that all threads together may hold at a time."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._lock = threading.Lock()

    def take(self, number: int) -> bool:
        """Take some; False where there are not so many left."""
        with self._lock:
            enough = number <= self._left
            self._left -= number if enough else 0
        return enough

    def give(self, number: int) -> None:
        """Give some back."""
        with self._lock:
            self._left += number


def fault_of(method: str, target: str, version: str, headers: Message) -> str:
    """Say what of a request's head no server takes; nothing where it can be read."""
    hosts = headers.get_all("Host", [])
    try:
        urlsplit(target)
    except ValueError as error:
        return f"the target is no URL: {error}"
    try:
        [urlsplit(f"//{host}/").port for host in hosts]
    except ValueError:
        return "the Host is none"
    if not TOKEN.fullmatch(method):
        return "the method is no token"
    if any(not TOKEN.fullmatch(name) for name in headers):
        return "the name of a header is no token"
    if any(isinstance(defect, _DEFECTS) for defect in headers.defects):
        return "a line of the head is no header"
    if len(hosts) > 1 or (version >= "HTTP/1.1" and not hosts) or not all(map(_HOST.fullmatch, hosts)):
        return "there is not one Host that can be one"
    return ""


def read_body(stream: io.BufferedReader, headers: Message, most: int, budget: Budget) -> bytes:
    """Give the body that a head announces; Refused where it does not come as announced.

    What it takes of ``budget`` is its caller's to give back: as many bytes as the body, or as ``Refused.content``, has.
    """
    body = bytearray()

    def read(number: int) -> None:
        if len(body) + number > most:
            raise Refused(413, f"a body has at most {most} bytes here")
        end = len(body) + number
        while len(body) < end:
            piece = stream.read1(min(_PIECE, end - len(body)))
            if not piece:
                raise Refused(400, f"the body breaks off after {len(body)} bytes")
            if not budget.take(len(piece)):
                raise Refused(503, "too much is being read at once")
            body.extend(piece)

    with _held(body):
        length = _length(headers)
        if length is not None:
            read(length)
        else:
            for size in _chunks(stream):
                read(size)
    return bytes(body)


@contextmanager
def _held(body: bytearray) -> Iterator[None]:
    """Let whatever ends the reading be a Refused with what had come."""
    try:
        yield
    except Refused as refused:
        refused.content = bytes(body)
        raise
    except TimeoutError:
        raise Refused(408, "the request did not come in time", bytes(body)) from None
    except OSError:
        raise Refused(400, "the connection broke", bytes(body)) from None


def _length(headers: Message) -> int | None:
    """Give how long a body is; None where it comes in chunks. Refused where the head says several things."""
    lengths, codings = headers.get_all("Content-Length", []), headers.get_all("Transfer-Encoding", [])
    if codings:
        if lengths:
            raise Refused(400, "there is Content-Length beside Transfer-Encoding")
        if [coding.strip().lower() for coding in codings] != ["chunked"]:
            raise Refused(501, "the only transfer coding here is chunked")
        return None
    if len(set(lengths)) > 1 or not all(one.isascii() and one.isdigit() for one in lengths):
        raise Refused(400, "Content-Length is not one number")
    if lengths and len(lengths[0]) > 20:
        raise Refused(413, "Content-Length is beyond all that is sent")
    return int(lengths[0]) if lengths else 0


def _chunks(stream: io.BufferedReader) -> Iterator[int]:
    """Yield how long each chunk is, to be read by whoever asks; then take the trailers."""
    while True:
        head = _SIZE.fullmatch(stream.readline(_LINE))
        if head is None:
            raise Refused(400, "a chunk does not begin with its size")
        size = int(head[1], 16)
        if not size:
            break
        yield size
        if stream.readline(2) not in (b"\r\n", b"\n"):
            raise Refused(400, "a chunk does not end where its size says")
    for _ in range(_TRAILERS):
        line = stream.readline(_LINE)
        if line in (b"\r\n", b"\n"):
            return
        if not line.endswith(b"\n"):
            break
    raise Refused(400, "the trailers do not end")
