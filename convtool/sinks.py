"""Where results go: a file is written whole or not at all, alone or with others."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from convtool.errors import SinkError, SourceError
from convtool.remote.urls import is_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import ThreadPoolExecutor

    from typing_extensions import Buffer

__all__ = ["LEFTOVER", "Group", "SinkError", "Writing", "atomic_writer", "sweep"]


LEFTOVER = ".convtool-batch-"  # how the names begin that files of a Group have while they are written
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_SYNCS = 16  # at a time: a journalling file system does them in one go


@contextmanager
def atomic_writer(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Give a binary file that becomes ``path`` when the block ends well; otherwise ``path`` stays as it was.

    The bytes are on disk before the name points to them. A file that is replaced keeps its permissions, a link its
    target; devices and pipes are written in place, since they cannot be replaced.
    SourceError where ``path`` cannot be written.
    """
    if is_url(os.fspath(path)):
        from convtool.remote import remote_writer

        with remote_writer(os.fspath(path)) as file:
            yield file
        return
    target = Path(path)
    try:
        target = Path(os.path.realpath(target))
        mode = target.stat().st_mode if target.exists() else None
        if mode is not None and stat.S_ISDIR(mode):
            raise SourceError(f"{path}: is a folder; name a file to write to")
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

    Each is written beside its target, all are put on disk at once, which for many small files is ten times faster than
    one by one, and then each gets its name. SinkError where any of that fails; then ``discard`` leaves nothing.
    """

    def __init__(self) -> None:
        self._written: list[tuple[str, str, int]] = []  # the name beside, the name wanted, the open descriptor
        self._made: set[str] = set()
        self._prefix = f"{LEFTOVER}{os.urandom(8).hex()}"
        self._count = 0

    def put(self, target: str, data: bytes) -> None:
        """Write a file whole."""
        with self.writer(target) as file:
            file.write(data)

    @contextmanager
    def writer(self, target: str) -> Iterator[Writing]:
        """Give a file to write to; what is written in a block that fails is dropped."""
        with _told(target):
            folder = os.path.dirname(target)
            if folder not in self._made:
                os.makedirs(folder or ".", exist_ok=True)
                self._made.add(folder)
            self._count += 1
            beside = os.path.join(folder, f"{self._prefix}-{self._count}.tmp")
            descriptor = os.open(beside, _NEW, 0o666)
            one = (beside, target, descriptor)
            self._written.append(one)
        try:
            yield Writing(descriptor, target)
        except BaseException:
            if one in self._written:  # otherwise all has been dropped already
                self._written.remove(one)
                _drop(*one)
            raise

    def commit(self) -> None:
        """Put all files on disk and give them their names; SinkError says which of them could not be written."""
        if len(self._written) > 1:
            list(_threads().map(_sync, self._written))
        else:
            for one in self._written:
                _sync(one)
        while self._written:
            beside, target, descriptor = self._written[0]
            with _told(target):
                os.close(descriptor)
                self._written[0] = (beside, target, -1)
                os.replace(beside, target)
            del self._written[0]

    def discard(self) -> None:
        """Drop what has no name yet."""
        while self._written:
            _drop(*self._written.pop())


class Writing(io.RawIOBase):
    """A file of a Group while it is written: ``size`` is what it has, ``hexdigest`` the SHA-256 since ``restart``."""

    def __init__(self, descriptor: int, name: str) -> None:
        self.name = name
        self.size = 0
        self._digest = hashlib.sha256()
        self._descriptor = descriptor

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: Buffer) -> int:
        """Write all of the bytes; SinkError where that fails."""
        view = memoryview(data).cast("B")
        left = view
        with _told(self.name):
            while left:
                left = left[os.write(self._descriptor, left) :]
        self._digest.update(view)
        self.size += len(view)
        return len(view)

    def hexdigest(self) -> str:
        """Give the SHA-256 of what has been written since ``restart``."""
        return self._digest.hexdigest()

    def restart(self) -> None:
        """Begin a new digest."""
        self._digest = hashlib.sha256()

    def rewind(self, size: int) -> None:
        """Drop what comes after the first ``size`` bytes."""
        with _told(self.name):
            os.ftruncate(self._descriptor, size)
            os.lseek(self._descriptor, size, os.SEEK_SET)
        self.size = size


def sweep(folder: str) -> int:
    """Remove what killed runs left below a folder, and give how much that was; not while another run writes there."""
    swept = 0
    waiting = [folder]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.name.startswith(LEFTOVER):
                    with suppress(OSError):
                        os.unlink(entry.path)
                        swept += 1
    return swept


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


def _sync(written: tuple[str, str, int]) -> None:
    with _told(written[1]):
        os.fsync(written[2])


def _drop(beside: str, _: str, descriptor: int) -> None:
    with suppress(OSError):
        if descriptor >= 0:
            os.close(descriptor)
    with suppress(OSError):
        os.unlink(beside)
