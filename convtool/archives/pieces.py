"""Parts of files as files of their own."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from convtool.errors import SourceError

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["Piece", "read_exactly", "skip"]

_STEP = 1 << 16


class Piece(io.RawIOBase):
    """The next ``size`` bytes of a file. SourceError where the file ends before; closing it closes the file."""

    def __init__(self, raw: io.RawIOBase, size: int, name: str) -> None:
        self.name = name
        self._raw = raw
        self._left = size

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self._left)
        data = (self._raw.read(wanted) or b"") if wanted else b""
        if wanted and not data:
            raise SourceError(f"{self.name}: ends too early")
        view[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def close(self) -> None:
        """Close it, and the file that it is part of."""
        if not self.closed:
            self._raw.close()
        super().close()


def read_exactly(raw: io.RawIOBase, size: int, name: str) -> bytes:
    """Give the next bytes of a file, exactly so many; SourceError where there are fewer."""
    parts = []
    while size:
        part = raw.read(min(size, 1 << 20))
        if not part:
            raise SourceError(f"{name}: ends too early")
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def skip(raw: io.RawIOBase, size: int, name: str) -> None:
    """Go past the next bytes of a file; SourceError where it has not so many."""
    if size > _STEP and raw.seekable():
        raw.seek(size - 1, os.SEEK_CUR)
        size = 1
    while size:
        part = raw.read(min(size, _STEP))
        if not part:
            raise SourceError(f"{name}: ends too early")
        size -= len(part)
