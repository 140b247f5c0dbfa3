"""HTTP/1.1 messages as they go over the wire, one after the other: requests, responses, and what ``curl -i`` prints.

Heads are read by h11. curl prints HTTP/2 responses with the same head, interim responses and redirects before the last
one, and bodies without their chunks; editors make LF of CRLF and end the last line: all of that is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import h11

from convtool.captures.captured import Captured, Pair
from convtool.captures.chunked import chunks_end
from convtool.captures.failure import broken
from convtool.captures.media import header
from convtool.captures.model import BODILESS, Note
from convtool.diagnostics import Location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from convtool.captures.failure import Broken

__all__ = ["START", "read_http"]

_RESPONSE = rb"HTTP/[0-9](?:\.[0-9])? (?P<status>[1-9][0-9]{2})(?: [^\r\n]*)?\r?\n"
_REQUEST = rb"(?P<method>[A-Z]{1,20}) (?P<target>[!-~]+) HTTP/[0-9](?:\.[0-9])?\r?\n"
START = re.compile(rb"%s|%s" % (_RESPONSE, _REQUEST))
_LINE = re.compile(rb"^(?:%s)" % START.pattern, re.MULTILINE)
_NEXT = re.compile(rb"[\r\n]*(?:\Z|(?=%s))" % START.pattern)
_GAP, _END = re.compile(rb"[\r\n]*+"), re.compile(rb"\s*+\Z")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


class _StopError(Exception):
    """The messages cannot be read on; ``str`` says why."""


@dataclass(slots=True)
class _Found:
    """A message: of a request its method and URL, of a response its status, and what it holds."""

    method: str
    url: str
    status: int
    captured: Captured


def read_http(file: BinaryIO, name: str) -> Iterator[Pair | Broken]:
    """Yield the exchanges: a request goes with the final response that follows it."""
    messages = _Messages(file.read())
    request: _Found | None = None
    while True:
        failure: Broken | None = None
        try:
            found = messages.next(request.method if request else "")
        except _StopError as error:
            found, failure = None, broken(name, str(error), messages.place())
        if found is None or found.captured.side == "request":
            if request is not None:
                yield Pair(request.method, request.url, 0, request.captured, None)
            request = found
        elif found.status >= 200:  # what comes before is interim: 100 Continue
            of = request or _Found("", "", 0, found.captured)
            pair = Pair(of.method, of.url, found.status, request.captured if request else None, found.captured)
            pair.settle()
            yield pair
            request = None
        if failure is not None:
            yield failure
        if found is None:
            return


class _Messages:
    """The messages of a text, read one by one; ``at`` is where the next begins."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def place(self) -> Location:
        """Give the place of what cannot be read."""
        done = self.data[: self.at]
        last = done[done.rfind(b"\n") + 1 :].decode("utf-8", "replace")
        return Location(done.count(b"\n") + 1, len(last) + 1, self.at)

    def next(self, method: str) -> _Found | None:
        """Give the next message, or None at the end; ``method`` is that of the request before it."""
        gap = _GAP.match(self.data, self.at)
        self.at = gap.end() if gap else self.at
        if _END.match(self.data, self.at):
            return None
        start = START.match(self.data, self.at)
        if start is None:
            raise _StopError("There is no HTTP request and no HTTP response here.")
        end = _HEAD_END.search(self.data, start.end() - 1)
        if end is None:
            raise _StopError("The HTTP message is broken off in its head.")
        headers = _headers(self.data[start.end() : end.start() + 1])
        self.at = end.end()
        if start["status"] is not None:
            captured = Captured("response", headers)
            status = int(start["status"])
            captured.absent = status < 200 or status in BODILESS or method == "HEAD"
            found = _Found("", "", status, captured)
        else:
            captured = Captured("request", headers)
            found = _Found(start["method"].decode(), _url(start["target"].decode(), headers), 0, captured)
        if not captured.absent:
            self._body(captured)
        return found

    def _body(self, captured: Captured) -> None:
        """Give the message its body: of its chunks, of its length, or all up to the next message or the end."""
        following = _LINE.search(self.data, self.at)
        end = following.start() if following else len(self.data)
        if "chunked" in header(captured.headers, "transfer-encoding").lower():
            body, trailing = chunks_end(self.data[self.at : end])
            if body is not None and trailing is not None:
                captured.data, self.at = body, end - len(trailing)
                return
            if trailing is not None:
                captured.notes.append(Note("capture.truncated", "The body ends before its last chunk."))
        length = header(captured.headers, "content-length")
        known = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else len(self.data)
        if self.at + known <= len(self.data) and _NEXT.match(self.data, self.at + known):
            end = self.at + known
        # Else there is no length, or one that is wrong, which is for others to say.
        captured.data = self.data[self.at : end]
        self.at = end


def _headers(lines: bytes) -> tuple[tuple[str, str], ...]:
    """Give the headers of a head, as h11 reads them."""
    head = b"\r\n".join(line.rstrip(b"\r") for line in lines.rstrip(b"\r\n").split(b"\n"))
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=len(head) + 100)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.receive_data(b"HTTP/1.1 200 OK\r\n" + (head and head + b"\r\n") + b"\r\n")
    try:
        event = connection.next_event()
    except h11.RemoteProtocolError as error:
        raise _StopError(f"The head is no HTTP head: {error}.") from None
    if not isinstance(event, h11.Response):
        raise _StopError("The head is no HTTP head.")
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items())


def _url(target: str, headers: tuple[tuple[str, str], ...]) -> str:
    """Give the URL of a request's target: its host is in a header."""
    return target if "://" in target else f"http://{header(headers, 'host') or 'unknown'}{target}"
