"""HAR 1.2, entry by entry, in the memory of the largest one.

The file is cut at the entries of ``log.entries`` by its brackets, and each entry is decoded by itself: so an entry that
is no JSON costs nothing but itself. (Streaming JSON parsers were tried: yajl, under ijson, replaces halves of surrogate
pairs without a word, and paths of deeply nested values cost memory with the square of their depth.)
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from convtool.captures.captured import Captured, Pair
from convtool.captures.failure import broken
from convtool.captures.media import header
from convtool.diagnostics import Location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from convtool.captures.failure import Broken

__all__ = ["read_har"]

_CHUNK = 1 << 18
_DEPTH = 100  # levels of brackets: HAR needs a dozen
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{},:]', re.DOTALL)
_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_BOM = b"\xef\xbb\xbf"


class _Header(msgspec.Struct):
    name: str = ""
    value: str | None = ""


class _Parameter(msgspec.Struct):
    name: str = ""
    value: str | None = None


class _PostData(msgspec.Struct, rename="camel"):
    mime_type: str | None = ""
    text: str | None = None
    encoding: str | None = None
    params: list[_Parameter] | None = None


class _Request(msgspec.Struct, rename="camel"):
    method: str = ""
    url: str = ""
    headers: list[_Header] | None = None
    post_data: _PostData | None = None
    body_size: float | None = None


class _Content(msgspec.Struct, rename="camel"):
    size: float | None = None
    mime_type: str | None = ""
    text: str | None = None
    encoding: str | None = None


class _Response(msgspec.Struct, rename="camel"):
    status: int = 0
    headers: list[_Header] | None = None
    content: _Content | None = None
    body_size: float | None = None


class _Entry(msgspec.Struct):
    request: _Request
    response: _Response | None = None


_decode = msgspec.json.Decoder(_Entry, strict=False).decode


def read_har(file: BinaryIO, name: str) -> Iterator[Pair | Broken]:
    """Yield what the entries hold; what is broken, in an entry or in the file, in its place."""
    scanner = _Scanner(file)
    try:
        scanner.to_entries()
        while (item := scanner.item()) is not None:
            entry = _entry(item)
            if isinstance(entry, _Entry):
                yield _pair(entry)
            else:
                yield broken(name, f"This is no HAR entry: {entry}.", scanner.place(scanner.begin or 0))
    except _StopError as error:
        yield broken(name, str(error), scanner.place(scanner.at))


def _entry(item: bytes) -> _Entry | str:
    """Give an entry, or what is wrong with it."""
    try:
        return _decode(item)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        pass  # half surrogates, which browsers write for bytes that are no text, are beyond msgspec
    try:
        return msgspec.convert(json.loads(item), _Entry, strict=False)
    except msgspec.ValidationError as error:
        return str(error)
    except (ValueError, RecursionError) as error:
        return str(error).partition("\n")[0]


def _pair(entry: _Entry) -> Pair:
    response = entry.response if entry.response is not None and entry.response.status else None
    pair = Pair(
        entry.request.method, entry.request.url, response.status if response else 0,
        _request(entry.request), _response(response) if response else None,
    )  # fmt: skip
    pair.settle()
    return pair


def _headers(found: list[_Header] | None) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.value or "") for one in found or ())


def _size(value: float | None) -> int | None:
    return int(value) if value is not None and math.isfinite(value) and value >= 0 else None


def _request(request: _Request) -> Captured:
    headers = _headers(request.headers)
    size = _size(request.body_size)
    length = header(headers, "content-length")
    captured = Captured("request", headers, undone=True)
    post = request.post_data
    if post is None:
        if size == 0 or length == "0":
            captured.data = b""
        elif not size and not length and request.method.upper() in _WITHOUT_BODY:
            captured.absent = True
        return captured
    captured.text, captured.encoding, captured.mime = post.text, post.encoding or "", post.mime_type or ""
    if not captured.text and post.params:
        captured.text = urlencode([(one.name, one.value or "") for one in post.params])
    elif size and not header(headers, "content-encoding"):
        captured.size = size
    return captured


def _response(response: _Response) -> Captured:
    content = response.content or _Content()
    captured = Captured("response", _headers(response.headers), undone=True)
    captured.text, captured.encoding = content.text, content.encoding or ""
    captured.mime, captured.size = content.mime_type or "", _size(content.size)
    if captured.text is None and captured.size == 0:
        captured.data = b""
    return captured


class _StopError(Exception):
    """The file cannot be read on; ``str`` says why."""


class _Scanner:
    """Goes over the tokens of a JSON text, and gives the entries as they stand in it.

    ``at`` is what is next in ``text``, ``begin`` the beginning of the entry in hand, if there is one.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.text = file.read(_CHUNK)
        self.at = len(_BOM) if self.text.startswith(_BOM) else 0
        self.begin: int | None = None
        self.start = Location(1, 1, 0)
        self.ended = False

    def place(self, at: int) -> Location:
        """Give the place in the file of an offset of ``text``."""
        done = self.text[:at]
        newlines = done.count(b"\n")
        last = done[done.rfind(b"\n") + 1 :].decode("utf-8", "replace")
        column = len(last) + (1 if newlines else self.start.column)
        return Location(self.start.line + newlines, column, self.start.offset + len(done))

    def _more(self) -> bool:
        """Forget what is done and read on, at least doubling what is in hand."""
        keep = self.at if self.begin is None else self.begin
        data = self.file.read(max(_CHUNK, len(self.text) - keep))
        if not data:
            return False
        self.start = self.place(keep)
        self.text = self.text[keep:] + data
        self.at -= keep
        self.begin = None if self.begin is None else 0
        return True

    def _next(self) -> bytes:
        """Give the next token: a bracket, a comma, a colon, or a whole string."""
        while True:
            match = _TOKEN.search(self.text, self.at)
            if match is not None and match[0] != b'"':
                self.at = match.end()
                return match[0]
            self.at = match.start() if match else len(self.text)
            if not self._more():
                raise _StopError(f"The file ends {'inside a string' if match else 'before all brackets are closed'}.")

    def to_entries(self) -> None:
        """Go behind the bracket that opens ``log.entries``."""
        if not self.text[self.at :].lstrip(b" \t\r\n").startswith(b"{"):
            raise _StopError("The file is no JSON object, as a HAR is.")
        path: list[bytes] = []  # the names that the open brackets are the values of
        name = b""
        while True:
            token = self._next()
            if token in b"{[":
                path.append(name)
                if len(path) > _DEPTH:
                    raise _StopError(f"The brackets are nested deeper than {_DEPTH}.")
                if token == b"[" and path == [b"", b'"log"', b'"entries"']:
                    return
                name = b""
            elif token in b"}]":
                path.pop()
                if not path:
                    raise _StopError("There is no list log.entries in the file.")
            elif token == b",":
                name = b""
            elif token != b":":
                name = token

    def item(self) -> bytes | None:
        """Give the next entry, or None at the list's end."""
        if self.ended:
            return None
        self.begin, level = self.at, 0
        while (token := self._next()) not in b",]" or level > 0:
            level += (token in b"{[") - (token in b"}]")
            if level > _DEPTH:
                raise _StopError(f"The brackets are nested deeper than {_DEPTH}.")
            if level < 0:
                raise _StopError("A bracket is closed that is not open.")
        self.ended = token == b"]"
        item = self.text[self.begin : self.at - 1]
        self.begin += len(item) - len(item.lstrip())
        return item if item.strip() or not self.ended else None
