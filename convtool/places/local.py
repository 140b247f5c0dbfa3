"""Files of this machine. They are opened without waiting: a pipe or a device in a file's place does not hang anyone."""

from __future__ import annotations

import errno
import glob
import os
import shutil
import stat as modes
import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from convtool.errors import SinkError, SourceError
from convtool.near import near_file
from convtool.places.members import Entry
from convtool.places.streams import Opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from convtool.places.writing import Group

__all__ = ["Local", "RawFile"]


# A file that has just been written may change again without a new time of change: its stamp would prove nothing.
_SETTLED = 2.0  # seconds; the coarsest clock of a common file system (FAT)
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_KEPT = 64  # open files
_KINDS = (
    (modes.S_ISDIR, "a folder"),
    (modes.S_ISFIFO, "a pipe"),
    (modes.S_ISCHR, "a device"),
    (modes.S_ISBLK, "a device"),
    (modes.S_ISSOCK, "a socket"),
)


def _what_is(mode: int) -> str:
    """Say what a file is that is not a regular one; empty for a regular file."""
    if modes.S_ISREG(mode):
        return ""
    return next((word for test, word in _KINDS if test(mode)), "a special file")


def _stamp(status: os.stat_result) -> str:
    """Give what tells an unchanged file: its size and time of change."""
    return f"{status.st_size}@{status.st_mtime_ns}"


def _settled(status: os.stat_result) -> str:
    """Give what will tell an unchanged file later on; only the size where its time of change proves nothing."""
    return _stamp(status) if status.st_mtime <= time.time() - _SETTLED else f"{status.st_size}"


class RawFile(Opened):
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
        kind = _what_is(self.status.st_mode)
        if kind:
            self.close()
            raise SourceError(f"{path}: is {kind}, not a file")

    @property
    def stamp(self) -> str:
        """Give what tells it unchanged since its Entry was made, whatever the clock has done."""
        return _stamp(self.status)

    def anew(self) -> bool:
        """Go back to its beginning; tell whether it is still what its name leads to."""
        self.status = os.fstat(self._descriptor)
        self.seek(0)
        try:
            there = os.stat(self.name)
        except OSError:
            return False
        return (there.st_dev, there.st_ino) == (self.status.st_dev, self.status.st_ino)

    def seekable(self) -> bool:
        """Tell that one can go to any place of it."""
        return True

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


class Local:
    """The files of this machine, as a Store. Paths are what the system takes for one."""

    is_local = True

    def __init__(self) -> None:
        self._kept: dict[str, RawFile] = {}
        self._process = os.getpid()

    # --- what is there -----------------------------------------------------------------------------------------------

    def exists(self, path: str) -> bool:
        """Tell whether something is there, be it a link to nothing."""
        return os.path.lexists(path)

    def is_folder(self, path: str) -> bool:
        """Tell whether a path is a folder."""
        return os.path.isdir(path)

    def is_file(self, path: str) -> bool:
        """Tell whether a path is a regular file."""
        return os.path.isfile(path)

    def size(self, path: str) -> int:
        """Give the size of a file, -1 where there is none."""
        try:
            return os.stat(path).st_size
        except OSError:
            return -1

    def sizes(self, folder: str) -> Callable[[str], int]:
        """Give a function that has the size of each file below a folder (-1: none)."""
        return lambda name: self.size(os.path.join(folder, name))

    def occupied(self, folder: str) -> Callable[[str], str]:
        """Give a function that says what is below a folder by a name: ``file``, ``folder``, or nothing."""

        def what(name: str) -> str:
            path = os.path.join(folder, name)
            return "" if not os.path.lexists(path) else "folder" if os.path.isdir(path) else "file"

        return what

    def identity(self, path: str) -> tuple[int, int] | None:
        """Give what is the same for two names of one place: device and inode. None where nothing is there."""
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            return None
        return status.st_dev, status.st_ino

    def names(self, folder: str) -> list[str]:
        """Give the names in a folder; none where it cannot be read."""
        try:
            return os.listdir(folder)
        except OSError:
            return []

    def glob(self, pattern: str) -> list[str]:
        """Give the paths that match a pattern, sorted; ``**`` stands for folders."""
        return sorted(glob.glob(pattern, recursive=True))

    def folder(self, path: str) -> Iterator[Entry]:
        """Yield what is in a folder, by name. SourceError, with the reason alone, where it cannot be read.

        Links to files are followed, links to folders are not: they would lead in circles.
        """
        try:
            with os.scandir(path) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            raise SourceError(f"{error.strerror or error}") from None
        return map(self._listed, listed)

    def _listed(self, found: os.DirEntry[str]) -> Entry:
        if not found.is_dir(follow_symlinks=False):
            return _entry(found.path, found.name)
        status = found.stat(follow_symlinks=False)
        return Entry(found.path, found.name, is_folder=True, identity=(status.st_dev, status.st_ino))

    def entry(self, path: str) -> Entry:
        """Give what is at a path; what is no regular file has a verdict."""
        return _entry(path, os.path.basename(path))

    def problem(self, name: str) -> str:  # noqa: ARG002 - a name that this machine has can be that of an output
        """Say why a file of this name is refused; here none is."""
        return ""

    # --- reading -----------------------------------------------------------------------------------------------------

    def open(self, path: str, size: int = -1) -> RawFile:
        """Open a file; the one that was kept, where there is one."""
        del size
        if self._kept and self._process == os.getpid():
            file = self._kept.pop(path, None)
            if file is not None and file.anew():
                return file
        return RawFile(path)

    def keep(self, path: str, file: Opened) -> None:
        """Keep a file open that was opened to see what it is: who opens it next gets it. Only a few are kept."""
        if len(self._kept) < _KEPT and isinstance(file, RawFile) and self._process == os.getpid():
            self._kept[path] = file
        else:
            file.close()

    def kept(self, path: str) -> bool:
        """Tell whether a file has been kept."""
        return path in self._kept and self._process == os.getpid()

    def forget(self) -> None:
        """Close the files that have been kept."""
        while self._kept:
            self._kept.popitem()[1].close()

    def window(self, path: str, start: int, size: int) -> RawFile:  # noqa: ARG002
        """Open a file of which only ``size`` bytes from ``start`` on will be read."""
        return RawFile(path)

    # --- writing -----------------------------------------------------------------------------------------------------

    def writer(self, path: str, mark: str = "") -> AbstractContextManager[IO[bytes]]:
        """Give a file that becomes ``path`` when the block ends well: see ``store.atomic_writer``."""
        from convtool.places.writing import whole  # not everybody writes

        return whole(path, mark)

    def group(self, *, lasting: bool = True, mark: str = "") -> Group:
        """Give files that get their names together; without ``lasting`` a crash of the system may lose them."""
        from convtool.places.writing import Group

        return Group(lasting=lasting, mark=mark)

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        with suppress(OSError):
            os.unlink(path)

    def make_folder(self, path: str) -> bool:
        """Make a folder, and tell whether that was needed. OSError where it fails."""
        if os.path.isdir(path):
            return False
        os.makedirs(path)
        return True

    def drop_folder(self, path: str) -> None:
        """Remove a folder with all that is in it, if it is there. SinkError where that fails."""
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise SinkError(f"{path}: cannot be removed: {error.strerror or error}") from None

    def sweep(self, folder: str, *, deep: bool = True, mark: str = "") -> None:
        """Remove what killed runs left in a folder: see ``store.Store``."""
        from convtool.places.writing import sweep

        sweep(folder, deep=deep, mark=mark)


def _entry(path: str, name: str) -> Entry:
    try:
        status = os.stat(path)
        linked = status.st_mode if not modes.S_ISDIR(status.st_mode) else os.lstat(path).st_mode
    except (OSError, ValueError) as error:
        return Entry(path, name, verdict="failed", reason=getattr(error, "strerror", None) or str(error))
    same = (status.st_dev, status.st_ino)
    if modes.S_ISLNK(linked):
        reason = "is a link to a folder, which is not followed"
        return Entry(path, name, identity=same, verdict="skipped", reason=reason)
    what = _what_is(status.st_mode)
    if what:
        return Entry(path, name, identity=same, verdict="skipped", reason=f"is {what}, not a file")
    return Entry(path, name, size=status.st_size, stamp=_settled(status), identity=same)


def _source_error(path: str, error: OSError | ValueError) -> SourceError:
    return SourceError(f"{path}: {getattr(error, 'strerror', None) or error}", hint=near_file(path))
