"""HTTP messages as they go over the wire, one after the other: requests, responses, and what ``curl -i`` prints.

curl prints HTTP/2 responses with the same head, interim responses, answers to CONNECT, redirects and challenges before
the last response, and of these only the heads; it undoes chunks. Editors and shells change the ends of lines, write
byte order marks and UTF-16 (PowerShell). Fiddler writes dashes between sessions, editors' requests stand between ###.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convtool.captures.captured import Captured, Pair
from convtool.captures.chunked import chunks_end, last_chunk
from convtool.captures.failure import broken
from convtool.captures.heads import START, fields, url_of
from convtool.captures.media import header
from convtool.captures.model import BODILESS, CHALLENGES, Note
from convtool.captures.request_files import is_requests, read_requests
from convtool.captures.text import Places, Text
from convtool.limits import CAPTURES as LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.captures.failure import Broken
    from convtool.captures.kinds import Source

__all__ = ["RETRIED", "messages", "read_http"]

# A body from curl has no end of its own: the head of the next response may stand behind it, and a field follows.
_GLUED = rb"(?<=[\]}>\"])(?=HTTP/[0-9.]{1,3} [1-9][0-9]{2}[^\r\n]{0,100}\r?\n[\w-]{1,100}:)"
_LINE = re.compile(rb"(?:^|%s)(?:%s)" % (_GLUED, START.pattern), re.MULTILINE)
# Fiddler's line between sessions, where a message or the end of the file follows it.
_DASHES = rb"-{20,}[ \t]*(?:[\r\n]+(?=\Z|%s)|\Z)" % START.pattern
_NEXT = re.compile(rb"[\r\n]*(?:\Z|(?=%s)|%s)" % (START.pattern, _DASHES.replace(b"?P<", b"?P<x_")))
_BREAK = re.compile(rb"^%s" % _DASHES, re.MULTILINE)
_GAP = re.compile(rb"(?>(?:[\r\n]|^-{20,}[ \t]*(?=\r?\n|\Z))*)", re.MULTILINE)
_END = re.compile(rb"\s*+\Z")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_TUNNEL = re.compile(rb"connection established|tunnel", re.IGNORECASE)
_BOUNDARY = re.compile(r"multipart/.*?;[ \t]*boundary=\"?([^\";\s]{1,70})", re.IGNORECASE)
_PART = re.compile(rb"[ \t]*+\r?\n(?>(?:[^\r\n]++\r?\n)*)\r?\n")  # the head of a part, behind the boundary
_INTERIM = (b"100", b"102", b"103")
RETRIED = CHALLENGES | {417}  # after which curl asks again, and prints heads alone


class _StopError(Exception):
    """A message cannot be read; ``str`` says why."""


@dataclass(slots=True)
class _Message:
    """A message: of a request its method and URL, of a response its status, and what it holds.

    ``again``: the request was sent once more, and another response follows.
    """

    method: str
    url: str
    status: int
    captured: Captured
    again: bool = False


def read_http(source: Source) -> Iterator[Pair | Broken]:
    """Yield the exchanges: a request goes with the final response that follows it."""
    text = Text(source.file)
    data = b"".join(iter(lambda: text.read(1 << 20), b""))
    if is_requests(data):
        return read_requests(data, source, Places(text))
    return messages(data, source.name, Places(text), utf16=text.utf16)


def messages(data: bytes, name: str, places: Places, *, utf16: bool = False) -> Iterator[Pair | Broken]:
    """Yield the exchanges of a text; ``places`` are those of its beginning."""
    reading = _Messages(data, utf16=utf16)
    request: _Message | None = None
    done = 0
    while True:
        failure: Broken | None = None
        try:
            found = reading.next(request.method if request else "")
        except _StopError as error:
            places.skip(data[done : reading.at])
            done = reading.at
            found, failure = None, broken(name, str(error), places.at(b""))
            reading.recover()
        if found is None or found.captured.side == "request":
            if request is not None:
                yield Pair(request.method, request.url, 0, request.captured, None)
            request = found
        elif found.status:
            of = request or _Message("", "", 0, found.captured)
            if of.method != "CONNECT" or found.status >= 300:  # else a tunnel: what goes through it follows
                asked = request.captured if request is not None and not found.again else None
                pair = Pair(of.method, of.url, found.status, asked, found.captured)
                pair.settle()
                yield pair
            request = request if found.again else None
        if failure is not None:
            yield failure
        elif found is None:
            return


class _Messages:
    """The messages of a text, read one by one; ``at`` is where the next begins."""

    def __init__(self, data: bytes, *, utf16: bool) -> None:
        self.data = data
        self.utf16 = utf16
        self.at = 0
        self.walked = 0  # up to where chunks were sought, so that nothing is gone over again and again

    def recover(self, behind: int = 1) -> None:
        """Go to what looks like a message, or to the end; ``behind`` so many bytes of what cannot be read."""
        following = _LINE.search(self.data, self.at + behind)
        self.at = following.start() if following else len(self.data)

    def next(self, method: str) -> _Message | None:
        """Give the next message, or None at the end; ``method`` is that of the request before it.

        The status of a response that only says that another one follows is 0.
        """
        gap = _GAP.match(self.data, self.at)
        self.at = gap.end() if gap else self.at
        if _END.match(self.data, self.at):
            self.at = len(self.data)
            return None
        start = START.match(self.data, self.at)
        if start is None:
            raise _StopError("There is no HTTP request and no HTTP response here.")
        end = _HEAD_END.search(self.data, start.end() - 1, start.end() + LIMITS.head)
        if end is None:
            cut = len(self.data) <= start.end() + LIMITS.head
            raise _StopError(f"The HTTP message {'is broken off in its' if cut else 'has an endless'} head.")
        headers = fields(self.data[start.end() : end.start() + 1])
        if headers is None:
            raise _StopError("The head is no HTTP head: its lines are no names and values.")
        self.at = end.end()
        if start["status"] is not None:
            found = self._response(int(start["status"]), start["reason"] or b"", headers, method)
        else:
            asked = start["method"].decode()
            found = _Message(asked, url_of(start["target"].decode(), headers), 0, Captured("request", headers))
            found.captured.absent = asked == "CONNECT"
        found.captured.retyped = True
        if not found.captured.absent:
            self._body(found.captured)
        elif "CONNECT" in (found.method, method):  # where a body would be, Fiddler tells what it saw of the tunnel
            self.recover(0)
        return found

    def _response(self, status: int, reason: bytes, headers: tuple[tuple[str, str], ...], method: str) -> _Message:
        captured = Captured("response", headers)
        gap = _GAP.match(self.data, self.at)
        following = START.match(self.data, gap.end() if gap else self.at)
        goes_on = following is not None and following["status"] is not None
        told = header(headers, "content-type") or header(headers, "content-length")
        opened = status == 200 and goes_on and (_TUNNEL.search(reason) or not (told or method))
        again = goes_on and (300 <= status < 400 or status in RETRIED)
        if status < 200:
            captured.absent = True
            if status == 101 and not goes_on:  # what follows is no HTTP any more
                self.recover(0)
                return _Message("", "", status, captured)
            return _Message("", "", 0, captured)
        bodiless = status in BODILESS or method == "HEAD" or (method == "CONNECT" and status < 300)
        captured.absent = bool(opened) or again or bodiless
        return _Message("", "", 0 if opened else status, captured, again)

    def _continue(self) -> None:
        """Pass over the interim responses between the head of a request and the body that waited for them."""
        while (start := START.match(self.data, self.at)) is not None and start["status"] in _INTERIM:
            end = _HEAD_END.search(self.data, start.end() - 1, start.end() + LIMITS.head)
            if end is None:
                return
            self.at = end.end()

    def _following(self, captured: Captured) -> re.Match[bytes] | None:
        """Find the next message; what stands behind the head of a part of a multipart body is none."""
        named = _BOUNDARY.match(header(captured.headers, "content-type"))
        boundary = b"--" + named[1].encode("latin-1") if named else b""
        at = self.at
        while (following := _LINE.search(self.data, at)) is not None and boundary:
            part = self.data.rfind(boundary, at, following.start())
            head = _PART.match(self.data, part + len(boundary), following.start()) if part >= 0 else None
            if head is None or head.end() < following.start():
                break
            at = following.end()
        return following

    def _behind_chunks(self, end: int) -> int:
        """Give where the next message begins, or the end, if the chunks here are whole: in them none begins.

        Else it is what looks like one, at ``end``: chunks are broken off, or curl has undone them.
        """
        if self.at < self.walked:
            return end
        self.walked, is_whole = last_chunk(self.data, self.at)
        if not is_whole:
            return end
        following = _LINE.search(self.data, self.walked)
        return following.start() if following else len(self.data)

    def _body(self, captured: Captured) -> None:
        """Give the message its body: of its chunks, of its length, or all up to the next message or the end."""
        if captured.side == "request" and header(captured.headers, "expect").lower() == "100-continue":
            self._continue()
        following = self._following(captured)
        end = following.start() if following else len(self.data)
        if following and following["status"] and not self.data[self.at : end].strip():
            captured.data, self.at = b"", end  # only the heads are there
            return
        if "chunked" in header(captured.headers, "transfer-encoding").lower():
            behind = self._behind_chunks(end)
            body, trailing = chunks_end(self.data[self.at : behind])
            if body is not None and trailing is not None:
                captured.data, self.at = body, behind - len(trailing)
                return
            if trailing is not None:
                captured.notes.append(Note("capture.truncated", "The body ends before its last chunk."))
        length = header(captured.headers, "content-length")
        known = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else len(self.data)
        if self.at + known <= len(self.data) and _NEXT.match(self.data, self.at + known):
            end = self.at + known
        elif (dashes := _BREAK.search(self.data, self.at, end)) is not None:
            end = dashes.start()
        # Else there is no length, or one that is wrong, which is for others to say.
        captured.data = self.data[self.at : end]
        if not captured.data.strip(b"\r\n"):
            captured.data = b""
        self.at = end
        if self.utf16:  # what a shell took for text, and wrote anew
            captured.text, captured.data = captured.data.decode("utf-8", "surrogatepass"), None
