"""Captures that are text: in UTF-8 whatever they came in, with places that are those of the file."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING

from convtool.findings import Location

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["Places", "Text"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Text:
    """A file's text in UTF-8, without a byte order mark: PowerShell writes UTF-16, editors write marks.

    ``utf16``: it was UTF-16. Halves of characters are kept (as bytes that are no UTF-8), so that they are told.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        start = b""
        while len(start) < 3 and (data := file.read(3 - len(start))):  # a pipe gives what it has
            start += data
        self.utf16 = start.startswith(_UTF16)
        self.mark = 2 if self.utf16 else 3 if start == codecs.BOM_UTF8 else 0
        self._start = start if self.utf16 else start[self.mark :]
        self._decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass") if self.utf16 else None

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, about as many as are asked for, at least one; nothing at the end."""
        while True:
            data = self._start + self._file.read(size)
            self._start = b""
            if self._decoder is None:
                return data
            try:
                text = self._decoder.decode(data, final=not data)
            except UnicodeDecodeError:  # an odd byte at the end, or half a character
                self._decoder.reset()
                text = "\ufffd"
            if text or not data:
                return text.encode("utf-8", "surrogatepass")


class Places:
    """Where in a file one is that is read from its front: ``skip`` goes on, ``at`` looks ahead."""

    def __init__(self, text: Text) -> None:
        self._utf16 = text.utf16
        self._now = Location(1, 1, text.mark)

    @classmethod
    def none(cls) -> Places:
        """Give the places of a text that is no file of its own."""
        return cls(Text(io.BytesIO()))

    def skip(self, done: bytes) -> None:
        """Go on behind these bytes."""
        self._now = self.at(done)

    def at(self, done: bytes) -> Location:
        """Give the place behind these bytes."""
        newlines = done.count(b"\n")
        last = done[done.rfind(b"\n") + 1 :].decode("utf-8", "replace")
        column = len(last) + (1 if newlines else self._now.column)
        size = len(done.decode("utf-8", "replace").encode("utf-16-le")) if self._utf16 else len(done)
        return Location(self._now.line + newlines, column, self._now.offset + size)
