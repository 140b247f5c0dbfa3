"""Files of this machine, written whole or not at all, alone or with others."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from convtool.errors import SinkError, SourceError
from convtool.places.streams import Writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future, ThreadPoolExecutor

    from typing_extensions import Buffer

__all__ = ["LEFTOVER", "Group", "sweep", "whole"]

LEFTOVER = ".convtool-batch-"  # how the names begin that files of a Group have while they are written
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_SYNCS = 16  # at a time: a journalling file system does them in one go
_OPEN = 128  # files of a group that are open: half of what a process may have open on some systems


@contextmanager
def whole(path: str) -> Iterator[IO[bytes]]:
    """Give a binary file that becomes ``path`` when the block ends well; otherwise ``path`` stays as it was.

    The bytes are on disk before the name points to them. A file that is replaced keeps its permissions, a link its
    target; devices and pipes are written in place, since they cannot be replaced.
    SourceError where ``path`` cannot be written.
    """
    target = Path(path)
    try:
        target = Path(os.path.realpath(target))
        mode = target.stat().st_mode if target.exists() else None
        if mode is not None and stat.S_ISDIR(mode):
            raise SourceError(f"{path}: is a folder", hint="name a file to write to")
        with _in_place(target) if mode is not None and not stat.S_ISREG(mode) else _replacing(target, mode) as file:
            yield file
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise SourceError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


@contextmanager
def _in_place(target: Path) -> Iterator[IO[bytes]]:
    with target.open("wb") as file:
        yield file


@contextmanager
def _replacing(target: Path, mode: int | None) -> Iterator[IO[bytes]]:
    # In the same folder, so that replacing is one step of one file system; the name is short, whatever the target's.
    beside = target.with_name(f".convtool-{os.urandom(8).hex()}.tmp")
    # open() with these flags, not mkstemp: a new file gets the permissions that the user's umask gives.
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                beside.chmod(stat.S_IMODE(mode))
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:  # Ctrl-C too leaves nothing behind
        with suppress(OSError):
            beside.unlink()
        raise


class Group:
    """Files that are written one after the other and get their names together: a crash leaves each whole or absent.

    Each is written beside its target; many at once are put on disk, which for small files is ten times faster than one
    by one; at the end each gets its name. SinkError where any of that fails; then ``discard`` leaves nothing.
    """

    def __init__(self) -> None:
        self._written: list[_Beside] = []
        self._whole: list[_Beside] = []  # those of them that are not on disk yet
        self._made: set[str] = set()
        self._prefix = f"{LEFTOVER}{os.urandom(8).hex()}"
        self._count = 0

    def put(self, target: str, data: bytes) -> None:
        """Write a file whole."""
        one = self._begin(target)
        try:
            with _told(target):
                _write(one.descriptor, data)
        except BaseException:
            self._written.remove(one)
            one.drop()
            raise
        self._whole.append(one)

    @contextmanager
    def writer(self, target: str) -> Iterator[Writing]:
        """Give a file to write to; what is written in a block that fails is dropped."""
        one = self._begin(target)
        try:
            yield _Fresh(one.descriptor, target)
        except BaseException:
            if one in self._written:  # otherwise all has been dropped already
                self._written.remove(one)
                one.drop()
            raise
        self._whole.append(one)

    def _begin(self, target: str) -> _Beside:
        if len(self._whole) == _OPEN:
            self._sync()
        with _told(target):
            folder = os.path.dirname(target)
            if folder not in self._made:
                os.makedirs(folder or ".", exist_ok=True)
                self._made.add(folder)
            self._count += 1
            one = _Beside(os.path.join(folder, f"{self._prefix}-{self._count}.tmp"), target)
        self._written.append(one)
        return one

    def commit(self) -> None:
        """Put all files on disk and give them their names; SinkError says which of them could not be written."""
        self._sync()
        while self._written:
            self._written[0].rename()
            del self._written[0]

    def _sync(self) -> None:
        """Put on disk what is not there yet, and close it."""
        whole, self._whole = self._whole, []
        going: list[Future[None]] = []
        if len(whole) > 1 and not _is_memory_bounded():
            try:
                for first in range(min(_SYNCS, len(whole))):
                    going.append(_threads().submit(_sync, whole[first::_SYNCS]))  # noqa: PERF401 - kept where one fails
            except RuntimeError:  # no more threads may be started
                _threads().shutdown()
                _threads.cache_clear()
        for failure in [one.exception() for one in going]:  # after the last of them: none is closed while it is synced
            if failure is not None:
                raise failure
        _sync([one for one in whole if one.descriptor >= 0])

    def discard(self) -> None:
        """Drop what has no name yet."""
        while self._written:
            self._written.pop().drop()


class _Beside:
    """A file of a Group: the name that it has while it is written, and the one that it is to have."""

    __slots__ = ("beside", "descriptor", "is_on_disk", "target")

    def __init__(self, beside: str, target: str) -> None:
        self.beside = beside
        self.target = target
        self.descriptor = os.open(beside, _NEW, 0o666)
        self.is_on_disk = False

    def sync(self) -> None:
        """Put it on disk, and close it."""
        with _told(self.target):
            try:
                os.fsync(self.descriptor)
            finally:
                self._close()  # a failure is told once: to sync it again would go well
        self.is_on_disk = True

    def rename(self) -> None:
        """Give it its name."""
        if not self.is_on_disk:
            raise SinkError(f"{self.target}: cannot be written: it could not be put on disk")
        with _told(self.target):
            os.replace(self.beside, self.target)

    def drop(self) -> None:
        """Remove it."""
        with suppress(OSError):
            self._close()
        with suppress(OSError):
            os.unlink(self.beside)

    def _close(self) -> None:
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


class _Fresh(Writing):
    """A file of a Group while it is written."""

    def __init__(self, descriptor: int, name: str) -> None:
        super().__init__(name)
        self._descriptor = descriptor

    def write(self, data: Buffer) -> int:
        """Write all of the bytes; SinkError where that fails."""
        view = memoryview(data).cast("B")
        with _told(self.name):
            _write(self._descriptor, view)
        self._digest.update(view)
        self.size += len(view)
        return len(view)

    def rewind(self, size: int) -> None:
        """Drop what comes after the first ``size`` bytes."""
        with _told(self.name):
            os.ftruncate(self._descriptor, size)
            os.lseek(self._descriptor, size, os.SEEK_SET)
        self.size = size


def _write(descriptor: int, data: bytes | memoryview) -> None:
    """Write all of the bytes."""
    while data:
        data = data[os.write(descriptor, data) :]


def sweep(folder: str, *, deep: bool = True) -> None:
    """Remove what killed runs left in a folder and, with ``deep``, below it; not while another run writes there."""
    waiting = [folder]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    if entry.name.startswith(LEFTOVER):
                        with suppress(OSError):
                            os.unlink(entry.path)
                elif deep:
                    waiting.append(entry.path)


@contextmanager
def _told(target: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise SinkError(f"{target}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


@cache
def _threads() -> ThreadPoolExecutor:
    """Give the threads that wait for the disk; they are kept, since to start them takes as long as what they do."""
    from concurrent.futures import ThreadPoolExecutor  # not for who writes one file

    return ThreadPoolExecutor(_SYNCS, "convtool sync")


if hasattr(os, "register_at_fork"):  # a copy of the process has no threads
    os.register_at_fork(after_in_child=_threads.cache_clear)


def _is_memory_bounded() -> bool:
    """Tell whether threads would take what this process may have for files: each needs some, whatever it does."""
    try:
        import resource
    except ImportError:  # Windows has no such bounds
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def _sync(files: list[_Beside]) -> None:
    for one in files:
        one.sync()
