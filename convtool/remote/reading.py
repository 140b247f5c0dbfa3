"""Objects of a store, read as files: in blocks, ahead of what is asked for; never whole."""

from __future__ import annotations

import errno
import io
import os
from typing import TYPE_CHECKING

from convtool.errors import SourceError
from convtool.remote.stores import stamp_of, store, told
from convtool.remote.urls import shown_url

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["RemoteFile", "Window", "whole"]

_BLOCK = 4 << 20  # bytes that are asked for at a time
_SMALLEST = 1 << 16


class RemoteFile(io.RawIOBase):
    """An object open for reading; ``stamp`` tells whether it is the one that was listed. SourceError where it is none.

    ``block``: bytes that are asked for at a time, where less than usual will be read.
    """

    def __init__(self, url: str, block: int = _BLOCK) -> None:
        self.name = url
        found, path = store(url)
        with told(url):
            block = min(max(block, _SMALLEST), _BLOCK)
            self._file = found.open(path, "rb", block_size=block, cache_type="readahead")
            details = getattr(self._file, "details", None) or {}
            self.stamp = stamp_of(details) if isinstance(details, dict) else ""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell whether one can go to any place of it: not where a server does not say how long it is."""
        return bool(self._file.seekable())

    def readinto(self, buffer: Buffer) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        """Give the next bytes, all that are left where no size is given."""
        with told(self.name):
            return bytes(self._file.read(-1 if size is None else size))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; OSError where that is too far back from the end, as with any file: zipfile tries that."""
        with told(self.name):
            try:
                return int(self._file.seek(offset, whence))
            except ValueError as error:
                if whence != os.SEEK_END:
                    raise
                before = error
        raise OSError(errno.EINVAL, str(before))

    def tell(self) -> int:
        """Give the place where it is."""
        with told(self.name):
            return int(self._file.tell())

    def close(self) -> None:
        """Close it; a second time does nothing."""
        if not self.closed and hasattr(self, "_file"):
            with told(self.name):
                self._file.close()
        super().close()


class Window(io.BytesIO):
    """Some bytes of an object, fetched at once, at the places that they have in it."""

    def __init__(self, url: str, start: int, size: int) -> None:
        found, path = store(url)
        with told(url):
            super().__init__(bytes(found.cat_file(path, start=start, end=start + size)))
        self._start = start

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place of the object that is among these bytes."""
        return super().seek(offset - self._start if whence == os.SEEK_SET else offset, whence) + self._start


def whole(url: str, size: int, start: int | None = None) -> bytes:
    """Give a small object, or ``size`` bytes of one from ``start`` on, with a single request.

    SourceError where it is not as long as it was.
    """
    found, path = store(url)
    with told(url):
        data = bytes(found.cat_file(path) if start is None else found.cat_file(path, start=start, end=start + size))
    if len(data) != size:
        raise SourceError(f"{shown_url(url)}: has changed since the run began")
    return data
