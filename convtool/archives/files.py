"""Regular files, opened without waiting: a pipe or a device that stands where a file was does not hang anyone."""

from __future__ import annotations

import errno
import io
import os
import stat as modes
import time
from typing import TYPE_CHECKING

from convtool.errors import SourceError
from convtool.remote import RemoteFile, is_url

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["RawFile", "open_raw", "stamp", "what_is"]

# A file that has just been written may change again without a new time of change: its stamp would prove nothing.
_SETTLED = 2.0  # seconds; the coarsest clock of a common file system (FAT)
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_KINDS = (
    (modes.S_ISDIR, "a folder"),
    (modes.S_ISFIFO, "a pipe"),
    (modes.S_ISCHR, "a device"),
    (modes.S_ISBLK, "a device"),
    (modes.S_ISSOCK, "a socket"),
)


def what_is(mode: int) -> str:
    """Say what a file is that is not a regular one; empty for a regular file."""
    if modes.S_ISREG(mode):
        return ""
    return next((word for test, word in _KINDS if test(mode)), "a special file")


def stamp(status: os.stat_result) -> str:
    """Give what tells an unchanged file: its size and time of change; only the size where that time proves nothing."""
    settled = status.st_mtime <= time.time() - _SETTLED
    return f"{status.st_size}@{status.st_mtime_ns}" if settled else f"{status.st_size}"


class RawFile(io.RawIOBase):
    """A regular file open for reading. SourceError where it is none, or cannot be read."""

    def __init__(self, path: str) -> None:
        self.name = path
        self._descriptor = -1
        try:
            self._descriptor = os.open(path, _FLAGS)
            self.status = os.fstat(self._descriptor)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            self.close()
            raise _source_error(path, error) from None
        kind = what_is(self.status.st_mode)
        if kind:
            self.close()
            raise SourceError(f"{path}: is {kind}, not a file")

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that one can go to any place of it."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        """Give the next bytes, all that are left where no size is given."""
        if size is None or size < 0:
            return self.readall()
        try:
            return os.read(self._descriptor, size)
        except OSError as error:
            raise _source_error(self.name, error) from None

    def readall(self) -> bytes:
        """Give all bytes that are left."""
        parts = []
        size = self.status.st_size + 1  # one more, so that the usual file needs one read and one that finds the end
        while part := self.read(size):
            parts.append(part)
            size = max(size - len(part), 1 << 16)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; OSError where that is too far back from the end, as with any file: zipfile tries that."""
        try:
            return os.lseek(self._descriptor, offset, whence)
        except OSError as error:
            if error.errno == errno.EINVAL and whence == os.SEEK_END:
                raise
            raise _source_error(self.name, error) from None

    def close(self) -> None:
        """Close it; a second time does nothing."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)
        super().close()


def open_raw(path: str, size: int = -1) -> RawFile | RemoteFile:
    """Open a file of this machine or of a store. ``size``: how many bytes of it will be read, where that is known."""
    if is_url(path):
        return RemoteFile(path, size + 1) if size >= 0 else RemoteFile(path)
    return RawFile(path)


def _source_error(path: str, error: OSError | ValueError) -> SourceError:
    return SourceError(f"{path}: {getattr(error, 'strerror', None) or error}")
