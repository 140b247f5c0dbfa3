"""The items of one list in a JSON file, each as its bytes, in the memory of the largest one.

The file is cut at the items by its brackets, and each is decoded by itself: so one that is no JSON costs nothing but
itself. (Streaming JSON parsers were tried: yajl, under ijson, replaces halves of surrogate pairs without a word, and
paths of deeply nested values cost memory with the square of their depth.)
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.captures.model import LIMIT
from convtool.captures.text import Places, Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from convtool.findings import Location

__all__ = ["Items", "StopError", "members", "parsed"]

_CHUNK = 1 << 18
_LARGEST = 4 * LIMIT  # bytes of an item: two bodies in base64, and what is said about them
_DEPTH = 100  # levels of brackets: captures need a dozen
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{},:]', re.DOTALL)


class StopError(Exception):
    """The file cannot be read on; ``str`` says why."""


def parsed(data: bytes) -> Any:
    """Give the value of a JSON text; ValueError where it is none, or deeper than Python's own parser goes."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, ValueError):
        pass  # half surrogates, which browsers write for bytes that are no text, are beyond msgspec; NaN, and tabs, too
    try:
        return json.JSONDecoder(strict=False).decode(data.decode("utf-8", "surrogatepass"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the members of a JSON object by its brackets alone: each name, and the bytes of its value."""
    if not data.lstrip().startswith(b"{"):
        return
    level, name, begin = 0, b"", 0
    for match in _TOKEN.finditer(data):
        token = match[0]
        if level == 1 and token in (b",", b"}") and begin:
            with suppress(ValueError):  # what has no name is not asked for
                yield json.loads(name), data[begin : match.start()]
            begin = 0
        elif level == 1 and token == b":" and not begin:
            begin = match.end()
        elif level == 1 and not begin:
            name = token
        level += (token in b"{[") - (token in b"}]")
        if level > _DEPTH:
            return


class Items:
    """Goes over the tokens of a JSON text, and gives the items of a list as they stand in it.

    ``at`` is what is next in ``text``, ``begin`` the beginning of the item in hand, if there is one.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = Text(file)
        self.places = Places(self.file)
        self.text = self.file.read(_CHUNK)
        self.at = 0
        self.begin: int | None = None
        self.ended = False
        self._around = 0  # brackets that are open around the list

    def place(self) -> Location:
        """Give the place in the file of the item in hand, or else of what is next."""
        return self.places.at(self.text[: self.at if self.begin is None else self.begin])

    def end(self) -> Location:
        """Give the place in the file of what is next."""
        return self.places.at(self.text[: self.at])

    def _more(self) -> bool:
        """Forget what is done and read on, at least doubling what is in hand."""
        keep = self.at if self.begin is None else self.begin
        if len(self.text) - keep > _LARGEST:
            raise StopError(f"An item of the list has more than {_LARGEST} bytes, which is the limit.")
        data = self.file.read(max(_CHUNK, len(self.text) - keep))
        if not data:
            return False
        self.places.skip(self.text[:keep])
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
                raise StopError(f"The file ends {'inside a string' if match else 'before all brackets are closed'}.")

    def to(self, *paths: tuple[str, ...]) -> None:
        """Go behind the bracket that opens the first list at one of these paths of names; StopError where none is."""
        if not self.text[self.at :].lstrip(b" \t\r\n").startswith(b"{"):
            raise StopError("The file is no JSON object.")
        wanted = [[b"", *(json.dumps(name).encode() for name in path)] for path in paths]
        path: list[bytes] = []  # the names that the open brackets are the values of
        name = b""
        while True:
            token = self._next()
            if token in b"{[":
                path.append(name)
                if len(path) > _DEPTH:
                    raise StopError(f"The brackets are nested deeper than {_DEPTH}.")
                if token == b"[" and path in wanted:
                    self._around = len(path) - 1
                    return
                name = b""
            elif token in b"}]":
                path.pop()
                if not path:
                    raise StopError(f"There is no list {' or '.join('.'.join(one) for one in paths)} in the file.")
            elif token == b",":
                name = b""
            elif token != b":":
                name = token

    def next(self) -> bytes | None:
        """Give the next item, or None at the list's end."""
        if self.ended:
            return None
        self.begin, level = self.at, 0
        while (token := self._next()) not in b",]" or level > 0:
            level += (token in b"{[") - (token in b"}]")
            if level > _DEPTH:
                raise StopError(f"The brackets are nested deeper than {_DEPTH}.")
            if level < 0:
                raise StopError("A bracket is closed that is not open.")
        self.ended = token == b"]"
        item = self.text[self.begin : self.at - 1]
        self.begin += len(item) - len(item.lstrip())
        return item if item.strip() or not self.ended else None

    def close(self) -> None:
        """Go from the list's end to that of the file; StopError where it goes on behind the object, or breaks off."""
        self.begin, level = None, self._around
        while level > 0:
            token = self._next()
            level += (token in b"{[") - (token in b"}]")
        while not self.text[self.at :].strip(b" \t\r\n"):
            self.at = len(self.text)
            if not self._more():
                return
        raise StopError("Something follows the end of the JSON object: one file is read as one capture.")
