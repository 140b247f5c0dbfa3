"""What ``curl -v`` says: heads that are sent (>) and come (<), with remarks (*), and bodies as far as they are printed.

Bodies of requests are never printed. Bodies of responses are between the lines on a terminal, and behind all of them in
a file, since they go another way; what stands behind several exchanges is cut by their lengths. A response of which
curl only says that it asks again, as after a redirect, has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convtool.captures.captured import Captured, Pair
from convtool.captures.failure import broken
from convtool.captures.heads import START, fields, url_of
from convtool.captures.http import RETRIED, messages
from convtool.captures.media import header
from convtool.captures.model import BODILESS, Note
from convtool.captures.text import Places, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.captures.failure import Broken
    from convtool.captures.kinds import Source

__all__ = ["read_transcript"]

_PROGRESS = re.compile(
    rb"^ +% Total[^\n]*\n?|^ +Dload +Upload[^\n]*\n?"
    rb"|(?<![\r ])[\r ]*+\b[0-9]{1,3} [^\r\n:]{20,60} "
    rb"(?:[-0-9]{1,3}:[-0-9]{2}:[-0-9]{2} +){3}[0-9.]+[kMGTP]?(?:\r?\n)?",
    re.MULTILINE,
)
_REMARK = re.compile(rb"\*[ \r\n]|[{}] \[[0-9]+ bytes data\]|(?:Note|Warning): ")
# The last line of a body has no end, so that one of these may stand behind it: what curl says when an exchange is over,
# and before the next one.
_GLUED = re.compile(
    rb"\* (?:Connection #[0-9]+ to host [^\r\n]{0,300} left intact|[Cc]losing connection(?: [#-]?[0-9]+)?"
    rb"|shutting down connection #[0-9]+|Found bundle for host[^\r\n]{0,300}"
    rb"|Re-?using existing (?:[a-z]{1,20}: )?connection [^\r\n]{0,300}"
    rb"|  Trying [^\s]{1,300}\.\.\.|Host [^\s]{1,300} was resolved\.|Hostname [^\r\n]{1,300} was found in DNS cache"
    rb"|TLSv1[.0-9]{0,3} \((?:IN|OUT)\), [^\r\n]{0,300})(?:\r?\n|\Z)"
)


@dataclass(slots=True)
class _Exchange:
    """The lines of a request's head, those of the last response's, and what was printed since.

    ``remarks`` are lines that stand between those of the body, with their places, and may be curl's own, or not.
    """

    at: int
    request: list[bytes]
    response: list[bytes] = field(default_factory=list)
    body: list[bytes] = field(default_factory=list)
    remarks: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The status of the last response; 0 where there is none."""
        match = START.match(self.response[0]) if self.response else None
        return int(match["status"]) if match else 0


def read_transcript(source: Source) -> Iterator[Pair | Broken]:
    """Yield the exchanges, each request with the final response to it."""
    text = Text(source.file)
    data = b"".join(iter(lambda: text.read(1 << 20), b"")).replace(b"\r\r\n", b"\r\n")
    exchanges = _exchanges(_PROGRESS.sub(b"", data))
    _share(exchanges)
    for number, one in enumerate(exchanges):
        pair = _pair(one, number < len(exchanges) - 1)
        if pair is not None:
            yield pair
    if not exchanges:
        yield broken(source.name, "There is no HTTP request in the transcript.", Places(text).at(b""))


def _exchanges(data: bytes) -> list[_Exchange]:
    found: list[_Exchange] = []
    head: list[bytes] | None = None
    waiting: list[tuple[int, bytes]] = []
    for line in data.splitlines(keepends=True):
        rest = line[2:] if line[:2] in (b"> ", b"< ") else None
        start = START.match(rest) if rest else None
        if start is not None and line[:1] == b">" and start["method"]:
            found.append(_Exchange(len(found), []))
            waiting = []
            head = found[-1].request
            head.append(line[2:])
        elif start is not None and line[:1] == b"<" and found and start["status"]:
            head = found[-1].response = [line[2:]]
        elif head is not None and (rest is not None or line.strip() in (b">", b"<")):
            head.append(rest or b"")
        elif _REMARK.match(line):
            if found and found[-1].body and not _GLUED.match(line) and line[:1] not in b"{}":
                waiting.append((len(found[-1].body), line))
        elif found:
            head = None
            found[-1].remarks += waiting
            waiting = []
            glued = _GLUED.search(line)  # its end is curl's, so that what follows in the body goes on there
            found[-1].body.append(line[: glued.start()] if glued else line)
    return found


def _share(exchanges: list[_Exchange]) -> None:
    """Give the bodies behind the last exchange to those that they are of, where their lengths say so."""
    waiting = [one for one in exchanges if one is exchanges[-1] or (not b"".join(one.body).strip() and _length(one))]
    whole = b"".join(waiting[-1].body) if waiting else b""
    if len(waiting) < 2 or sum(map(_length, waiting)) != len(whole):
        return
    at = 0
    for one in waiting:
        one.body, one.remarks = [whole[at : at + _length(one)]], []
        at += _length(one)


def _length(one: _Exchange) -> int:
    headers = fields(b"".join(one.response[1:])) or ()
    value = header(headers, "content-length")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0


def _pair(one: _Exchange, goes_on: bool) -> Pair | None:
    """Give the exchange; None for the opening of a tunnel."""
    start = START.match(one.request[0])
    assert start is not None
    method, status = start["method"].decode(), one.status
    if method == "CONNECT" and status < 300:
        return None
    request = Captured("request", fields(b"".join(one.request[1:])) or ())
    length = header(request.headers, "content-length")
    if length not in ("", "0") or header(request.headers, "transfer-encoding"):
        request.notes.append(Note("capture.missing", "curl -v does not print what it sends."))
    request.absent = not request.lost
    response = _response(one, status, goes_on) if status else None
    pair = Pair(method, url_of(start["target"].decode(), request.headers), status, request, response)
    pair.settle()
    return pair


def _response(one: _Exchange, status: int, goes_on: bool) -> Captured:
    captured = Captured("response", fields(b"".join(one.response[1:])) or (), retyped=True)
    body = b"".join(one.body)
    if one.remarks and len(body) != _length(one):
        body = _with_remarks(one)
        if len(body) != _length(one):
            told = "Lines in the response's body begin as curl's own remarks do: which of them are is not told."
            captured.notes.append(Note("capture.truncated", told))
    if START.match(body):  # -i prints the heads as well
        last = [pair for pair in messages(body, "", Places.none()) if isinstance(pair, Pair)]
        printed = last[-1].response if last else None
        body = printed.data or b"" if printed is not None else b""
    captured.data = body
    again = goes_on and (300 <= status < 400 or status in RETRIED)
    captured.absent = status < 200 or status in BODILESS or (not body and again)
    is_told = header(captured.headers, "content-type") or header(captured.headers, "transfer-encoding")
    if not body and is_told and not captured.absent and header(captured.headers, "content-length") != "0":
        captured.notes.append(Note("capture.missing", "The transcript does not hold the response's body."))
    return captured


def _with_remarks(one: _Exchange) -> bytes:
    """Give the body with what may be remarks of curl's in its place."""
    lines, before = [], 0
    for at, line in one.remarks:
        lines += [*one.body[before:at], line]
        before = at
    return b"".join([*lines, *one.body[before:]])
