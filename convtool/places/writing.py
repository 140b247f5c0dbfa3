"""Files of this machine, written whole or not at all, alone or with others."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING

from convtool.errors import SinkError, SourceError
from convtool.places.claims import is_claimed
from convtool.places.disks import Disks, check_folder, is_memory_bounded
from convtool.places.streams import Writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

    from convtool.places.disks import Disk

__all__ = ["LEFTOVER", "Group", "sweep", "whole"]

LEFTOVER = ".convtool-batch-"  # how the names begin that files of a Group have while they are written
_UNFINISHED = ".convtool-"  # the same of a file that is written alone
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_GATHERED = 1 << 18  # bytes of a file that are written at a time
_TOGETHER = 256  # files that are put on disk together: some tens of milliseconds' work


@contextmanager
def whole(path: str, mark: str = "") -> Iterator[IO[bytes]]:
    """Give a binary file that becomes ``path`` when the block ends well; otherwise ``path`` stays as it was.

    The bytes are on disk before the name points to them. A file that is replaced keeps its permissions, a link its
    target; devices and pipes are written in place, since they cannot be replaced.
    SourceError where ``path`` cannot be written.
    """
    target = Path(path)
    try:
        mode = target.stat().st_mode if target.exists() else None
        if mode is None or stat.S_ISREG(mode):  # a pipe's link, as /dev/stdout is one, leads to no name
            target = Path(os.path.realpath(target))
        if mode is not None and stat.S_ISDIR(mode):
            raise SourceError(f"{path}: is a folder", hint="name a file to write to")
        special = mode is not None and not stat.S_ISREG(mode)
        with _in_place(target) if special else _replacing(target, mode, mark) as file:
            yield file
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise SourceError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


@contextmanager
def _in_place(target: Path) -> Iterator[IO[bytes]]:
    with target.open("wb") as file:
        yield file


@contextmanager
def _replacing(target: Path, mode: int | None, mark: str) -> Iterator[IO[bytes]]:
    # In the same folder, so that replacing is one step of one file system; the name is short, whatever the target's.
    beside = target.with_name(f"{_UNFINISHED}{mark}{os.urandom(8).hex()}.tmp")
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
    """Files that are written one after the other and get their names by and by: a crash leaves each whole or absent.

    Each is written beside its target. As many as may be open are put on disk together, in a thread of its own while
    the next are written, and then each gets its name: so no name ever points to bytes that are not on disk. ``commit``
    does it with the last of them. SinkError where any of that fails; then ``discard`` drops what has no name.
    Without ``lasting`` they are not put on disk: for files that are read again and held against a hash.
    """

    def __init__(self, *, lasting: bool = True, mark: str = "") -> None:
        self._lasting = lasting
        self._written: dict[_Beside, None] = {}  # that have no name yet, in their order
        self._whole: list[_Beside] = []  # those of them that are not on disk yet
        self._disks = Disks(lasting=lasting)
        self._going: Thread | None = None
        self._failed: BaseException | None = None
        self._prefix = f"{LEFTOVER}{mark}{os.urandom(8).hex()}"
        self._count = 0

    def put(self, target: str, data: bytes) -> None:
        """Write a file whole."""
        one = self._begin(target)
        try:
            with _told(target):
                _write(one.descriptor, data)
        except BaseException:
            self._drop(one)
            raise
        self._whole.append(one)

    @contextmanager
    def writer(self, target: str) -> Iterator[Writing]:
        """Give a file to write to; what is written in a block that fails is dropped."""
        one = self._begin(target)
        try:
            file = _Fresh(one.descriptor, target)
            yield file
            file.end()
        except BaseException:
            self._drop(one)
            raise
        self._whole.append(one)

    def _begin(self, target: str) -> _Beside:
        if len(self._whole) >= min(_TOGETHER, _room()):
            self._turn()
        with _told(target):
            folder = os.path.dirname(target)
            disk = self._disks.of(folder or ".")
            self._count += 1
            one = _Beside(os.path.join(folder, f"{self._prefix}-{self._count}.tmp"), target, disk)
        self._written[one] = None
        return one

    def _drop(self, one: _Beside) -> None:
        if self._written.pop(one, one) is None:  # otherwise all has been dropped already
            one.drop()

    def commit(self) -> None:
        """Put all files on disk and give them their names; SinkError says which of them could not be written."""
        self._wait()
        self._name(self._taken())
        self._disks.close()

    def discard(self) -> None:
        """Drop what has no name yet."""
        with suppress(SinkError):
            self._wait()
        while self._written:
            self._written.popitem()[0].drop()
        self._whole.clear()
        self._disks.close()

    def _taken(self) -> list[_Beside]:
        whole, self._whole = self._whole, []
        return whole

    def _turn(self) -> None:
        """Let the files so far be put on disk, and named, while others are written."""
        self._wait()
        whole = self._taken()
        if is_memory_bounded():
            self._name(whole)
            return
        going = Thread(target=self._name_aside, args=(whole,), name="convtool sync", daemon=True)
        try:
            going.start()
        except RuntimeError:  # no more threads may be started
            self._name(whole)
        else:
            self._going = going

    def _wait(self) -> None:
        """Wait for the thread; SinkError where it has failed."""
        if self._going is not None:
            self._going.join()
            self._going = None
        failed, self._failed = self._failed, None
        if failed is not None:
            raise failed

    def _name_aside(self, whole: list[_Beside]) -> None:
        try:
            self._name(whole)
        except BaseException as error:  # told to whoever waits, in the thread that it concerns
            self._failed = error

    def _name(self, whole: list[_Beside]) -> None:
        """Put files on disk, and give each its name."""
        try:
            if self._lasting:
                _put_on_disk(whole)
        finally:
            for one in whole:
                one.close()
        for folder in {os.path.dirname(one.target) or "." for one in whole}:
            with _told(folder):
                check_folder(folder)
        for one in whole:
            with _told(one.target):
                os.replace(one.beside, one.target)
            del self._written[one]


def _put_on_disk(whole: list[_Beside]) -> None:
    disks: dict[Disk, list[_Beside]] = {}
    for one in whole:
        disks.setdefault(one.disk, []).append(one)
    for disk, files in disks.items():
        with _told(files[0].target):
            done = disk.sync([one.descriptor for one in files])
        for one, failure in zip(files, done, strict=True):
            if failure is not None:
                with _told(one.target):
                    raise failure


class _Beside:
    """A file of a Group: the name that it has while it is written, and the one that it is to have."""

    __slots__ = ("beside", "descriptor", "disk", "target")

    def __init__(self, beside: str, target: str, disk: Disk) -> None:
        self.beside = beside
        self.target = target
        self.disk = disk
        self.descriptor = os.open(beside, _NEW, 0o666)

    def drop(self) -> None:
        """Remove it."""
        self.close()
        with suppress(OSError):
            os.unlink(self.beside)

    def close(self) -> None:
        """Close it: what that could tell, syncing has told."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            with suppress(OSError):
                os.close(descriptor)


class _Fresh(Writing):
    """A file of a Group while it is written: small pieces are gathered, since many files may be in one."""

    def __init__(self, descriptor: int, name: str) -> None:
        super().__init__(name)
        self._descriptor = descriptor
        self._waiting = bytearray()

    def write(self, data: Buffer) -> int:
        """Write all of the bytes, at the latest with ``end``; SinkError where that fails."""
        view = memoryview(data).cast("B")
        self._waiting += view
        if len(self._waiting) >= _GATHERED:
            self.end()
        self._digest.update(view)
        self.size += len(view)
        return len(view)

    def end(self) -> None:
        """Write what has been gathered."""
        waiting, self._waiting = self._waiting, bytearray()
        with _told(self.name):
            _write(self._descriptor, memoryview(waiting))

    def rewind(self, size: int) -> None:
        """Drop what comes after the first ``size`` bytes."""
        written = self.size - len(self._waiting)
        if size >= written:
            del self._waiting[size - written :]
        else:
            self._waiting.clear()
            with _told(self.name):
                os.ftruncate(self._descriptor, size)
                os.lseek(self._descriptor, size, os.SEEK_SET)
        self.size = size


@cache
def _room() -> int:
    """Give how many files may be put on disk together: twice as many are open, half of what this process may have."""
    try:
        import resource
    except ImportError:  # Windows lets a process have thousands
        return _TOGETHER
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(1, most // 4) if most != resource.RLIM_INFINITY else _TOGETHER


def _write(descriptor: int, data: bytes | memoryview) -> None:
    """Write all of the bytes."""
    while data:
        data = data[os.write(descriptor, data) :]


def sweep(folder: str, *, deep: bool = True, mark: str = "") -> None:
    """Remove what killed runs left in a folder and, with ``deep``, below it; not where another run is at work.

    With a ``mark`` only that goes which was written under it. Whoever calls has claimed the folder itself.
    """
    if not mark and any(is_claimed(str(above)) for above in Path(os.path.realpath(folder)).parents):
        return  # a run that writes to a folder above may be writing here
    waiting, names = [folder], (f"{LEFTOVER}{mark}", *((f"{_UNFINISHED}{mark}",) if mark else ()))
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    if entry.name.startswith(names):
                        with suppress(OSError):
                            os.unlink(entry.path)
                elif deep and not entry.name.startswith(_UNFINISHED) and (mark or not is_claimed(entry.path)):
                    waiting.append(entry.path)


@contextmanager
def _told(target: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise SinkError(f"{target}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
