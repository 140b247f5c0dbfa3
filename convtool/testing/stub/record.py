"""Requests as the stub saw them, the newest of them: how many, and how many bytes, is bounded."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convtool.captures import media
from convtool.testing.received import Received, unknown_type

if TYPE_CHECKING:
    from convtool.findings import Report
    from convtool.limits import StubLimits

__all__ = ["Recorded", "RecordedRequest", "as_read"]

_FINDING = 1_000  # bytes that a finding takes, about
_REQUEST = 1_000  # and a request without its texts
_UTF16 = {"utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}  # Web API's UTF-16 is little-endian
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


@dataclass(slots=True)
class RecordedRequest:
    """One request: what came, what it was found to be, and the status of the answer.

    ``headers`` and ``content`` make it a payload: ``assert_valid(server.requests[0])``. ``operation`` is empty where
    the request is of none, ``report`` None where there was no body to judge. ``error``: why the stub had no answer.
    """

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    operation: str = ""
    contract: str = ""
    report: Report | None = None
    status: int = 0
    error: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form; a body that is not UTF-8 has its bytes replaced."""
        report = self.report.to_dict() if self.report is not None else None
        return {
            "method": self.method, "url": self.url, "headers": self.headers, "operation": self.operation,
            "contract": self.contract, "status": self.status, "body": self.content.decode("utf-8", "replace"),
            "report": report, "error": self.error,
        }  # fmt: skip

    @property
    def size(self) -> int:
        """About how many bytes it keeps; what was deferred of its report is made, since it holds the whole body."""
        texts = sum(len(name) + len(text) for name, text in (*self.headers.items(), (self.url, self.error)))
        return _REQUEST + len(self.content) + texts + _FINDING * len(self.report or ())


def as_read(request: RecordedRequest) -> Received:
    """Give a request's body as Web API reads it: by its media type, without undoing codings, as UTF-8 or UTF-16.

    A body that is called UTF-16 and has no mark is read so; one that is called something else again is UTF-8.
    """
    media_type, charset = media.parse(media.header(tuple(request.headers.items()), "content-type"))
    content: bytes | str = request.content
    if charset in _UTF16 and not request.content.startswith(_MARKS):
        with suppress(UnicodeDecodeError):  # the reader says where
            content = request.content.decode(_UTF16[charset])
    format_ = media.format_of(media_type)
    unread = (unknown_type(media_type),) if media_type and format_ is None else ()
    return Received(content, request.url, format_, notes=unread)


class Recorded:
    """The newest requests, and how many there were of each operation: threads add to it, tests look at it."""

    def __init__(self, limits: StubLimits) -> None:
        self.requests: list[RecordedRequest] = []
        self.forgotten = 0  # requests that made way for newer ones
        self.turn = 0  # how often all of them were forgotten: a request is of the turn in which it began
        self._limits = limits
        self._sizes: list[int] = []
        self._kept = 0  # bytes
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, request: RecordedRequest, turn: int) -> None:
        """Take a request that began in a turn, unless that is over; forget the oldest where there are too many."""
        size = request.size
        with self._lock:
            if turn != self.turn:
                return
            self.requests.append(request)
            self._sizes.append(size)
            self._kept += size
            self._counts[request.operation] += 1
            gone = 0
            while gone < len(self._sizes) - 1 and (
                len(self._sizes) - gone > self._limits.requests or self._kept > self._limits.recorded
            ):
                self._kept -= self._sizes[gone]
                gone += 1
            del self.requests[:gone], self._sizes[:gone]
            self.forgotten += gone

    def count(self, operation: str | None = None) -> int:
        """Tell how often an operation was requested, forgotten requests too; None: how many requests there were."""
        with self._lock:
            return self._counts.total() if operation is None else self._counts[operation]

    def listed(self) -> list[RecordedRequest]:
        """Give the requests that are there now."""
        with self._lock:
            return list(self.requests)

    def clear(self) -> None:
        """Forget all of them, and those to come that have begun."""
        with self._lock:
            self.turn += 1
            self.requests.clear()
            self._sizes.clear()
            self._counts.clear()
            self._kept = self.forgotten = 0
