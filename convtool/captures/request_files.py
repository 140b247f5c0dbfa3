"""Files of requests that editors send (Visual Studio, REST Client, JetBrains): requests between lines of ###.

Before a request may be comments (# and //), and variables of the file (@name = value), which stand for {{name}} in what
follows. What an editor alone knows, such as {{$guid}} and the variables of an environment, is not there: a body with
one of these is not in the file. ``< ./name`` is a body beside it. Scripts and references to responses are passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convtool.captures import media
from convtool.captures.beside import Folder, beside
from convtool.captures.captured import Captured, Pair
from convtool.captures.failure import broken
from convtool.captures.heads import START, fields, url_of
from convtool.captures.model import Note
from convtool.signatures import CAPTURES, HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.captures.failure import Broken
    from convtool.captures.kinds import Source
    from convtool.captures.text import Places

__all__ = ["is_requests", "read_requests"]

_SEPARATOR = re.compile(rb"^###[^\r\n]*(?:\r?\n|\Z)", re.MULTILINE)
_ANSWER = re.compile(rb"^HTTP/[0-9](?:\.[0-9])? [1-9][0-9]{2}(?:[ \r\n]|\Z)", re.MULTILINE)
_ASKED = re.compile(rb"(?:(?P<method>[A-Za-z]{1,20})[ \t]+)?(?P<url>(?:https?://|\{\{|/)[^\r\n]*|/)\s*")
_VERSION = re.compile(rb"HTTP/[0-9.]+")
_VARIABLE = re.compile(rb"^@([A-Za-z_][\w.-]*)[ \t]*=([^\r\n]*)", re.MULTILINE)
_USED = re.compile(rb"\{\{[ \t]{0,9}([^{}\r\n]{1,200}?)[ \t]{0,9}\}\}")
_AFTER = re.compile(rb"^(?:>[ \t]+(?:\{%|\S[^\r\n]*\.js[ \t]*\r?$)|>>!?[ \t]|<>[ \t])", re.MULTILINE)
_INCLUDED = re.compile(rb"<@?[\w-]*[ \t]++(?P<name>[^\r\n<>]++)")
_NEXT = re.compile(rb"\n(?:%s)" % START.pattern)
_LENGTH = re.compile(rb"^Content-Length[ \t]*:", re.MULTILINE | re.IGNORECASE)  # which an editor counts itself
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_DEEP, _LONG = 5, 1 << 16  # times that variables are filled into variables, bytes that may come of it each time


def is_requests(data: bytes) -> bool:
    """Tell whether a text is a file of requests, and not what went over the wire.

    One request with its version may be either: what only editors know, such as {{name}}, tells it.
    """
    if not CAPTURES["HTTP requests"](data[:HEAD]) or _ANSWER.search(data):
        return False
    text = data.lstrip(b"\r\n")
    if START.match(text) is None or _SEPARATOR.search(data) is not None:
        return True
    head, *body = _HEAD_END.split(text, maxsplit=1)
    if _LENGTH.search(head) or _NEXT.search(text):  # or another one without a separator
        return False
    return bool(_USED.search(data) or (body and (_AFTER.search(body[0]) or _INCLUDED.fullmatch(body[0].strip()))))


def read_requests(data: bytes, source: Source, places: Places) -> Iterator[Pair | Broken]:
    """Yield the requests, each as an exchange without a response; ``places`` are those of the text's beginning."""
    variables = {match[1]: match[2].strip() for match in _VARIABLE.finditer(data)}
    where = Folder(source.folder) if source.folder is not None else None
    begin = done = 0
    for match in [*_SEPARATOR.finditer(data), None]:
        segment = data[begin : match.start() if match else len(data)]
        found = _request(segment, variables, where)
        if isinstance(found, str):
            places.skip(data[done:begin])
            done = begin
            yield broken(source.name, found, places.at(b""))
        elif found is not None:
            yield found
        begin = match.end() if match else begin


def _request(segment: bytes, variables: dict[bytes, bytes], where: Folder | None) -> Pair | str | None:
    """Give the request between two separators, None where there are only comments, or what is wrong with it."""
    lines = segment.splitlines(keepends=True)
    at, script = 0, False
    while at < len(lines) and (script or _is_aside(lines[at])):
        script = (script or lines[at].lstrip().startswith(b"< {%")) and b"%}" not in lines[at]
        at += 1
    if at == len(lines):
        return None
    asked = _ASKED.fullmatch(lines[at])
    if asked is None:
        return "There is no request here: a method and a URL."
    at += 1
    url = asked["url"].rstrip()
    before, _, last = url.rpartition(b" ")
    url = before.rstrip() if _VERSION.fullmatch(last) else url
    while at < len(lines) and lines[at][:1] in b" \t" and lines[at].strip():  # a long query goes on in lines of its own
        url += lines[at].strip()
        at += 1
    head = at
    while at < len(lines) and lines[at].strip():
        at += 1
    headers = fields(_filled(b"".join(line for line in lines[head:at] if not _is_comment(line)), variables))
    if headers is None:
        return "The head of the request is none: its lines are no names and values."
    method = (asked["method"] or b"GET").decode().upper()
    captured = Captured("request", headers, retyped=True)
    _body(captured, b"".join(lines[at:]), variables, where)
    captured.absent = captured.data == b"" and method in _WITHOUT_BODY
    return Pair(method, url_of(_filled(url, variables).decode("utf-8", "replace"), headers), 0, captured, None)


def _is_comment(line: bytes) -> bool:
    return line.lstrip().startswith((b"#", b"//"))


def _is_aside(line: bytes) -> bool:
    return not line.strip() or _is_comment(line) or line.startswith((b"@", b"< {%"))


def _filled(text: bytes, variables: dict[bytes, bytes]) -> bytes:
    """Give a text with the variables of the file in their places; others stay."""
    for _ in range(_DEEP):
        more = sum(len(variables.get(match[1], match[0])) - len(match[0]) for match in _USED.finditer(text))
        filled = _USED.sub(lambda match: variables.get(match[1], match[0]), text) if more <= _LONG else text
        if filled == text:
            break
        text = filled
    return text


def _joined(form: bytes) -> bytes:
    """Give a form as editors send it: it may be written over several lines, with space around its names and values."""
    return b"&".join(b"=".join(part.strip() for part in field.split(b"=", 1)) for field in form.split(b"&"))


def _body(captured: Captured, data: bytes, variables: dict[bytes, bytes], where: Folder | None) -> None:
    after = _AFTER.search(data)
    body = data[: after.start() if after else None].strip(b"\r\n")
    included = _INCLUDED.fullmatch(body.strip())
    if included is not None:
        name = _filled(included["name"].strip(), variables).decode("utf-8", "replace")
        captured.data, notes = beside(where, name.removeprefix("./"))
        captured.notes += notes
        return
    if media.parse(media.header(captured.headers, "content-type"))[0] == "application/x-www-form-urlencoded":
        body = _joined(body)
    body = _filled(body, variables)
    left = _USED.search(body)
    if left is None:
        captured.data = body
        return
    name = left[1].decode("utf-8", "replace")[:60]
    captured.notes.append(Note("capture.missing", f"The body has {{{{{name}}}}} in it, which the editor fills in."))
