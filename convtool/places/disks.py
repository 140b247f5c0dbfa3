"""How what has been written comes to be on a disk: many files in one go, on every system.

Where the file system is one whose ``syncfs`` reaches the disk and says what failed, one call does it for all files; it
waits for what other programs have written there as well. Elsewhere threads sync file by file, which a journalling file
system does in one go too, at more cost. Nobody syncs folders: a name that is lost with the power is a file that is done
again, and the old one is there.

A folder stays the one that it was: where somebody has put another in its place, or a link, nothing is written there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
import time
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

__all__ = ["Disk", "Disks", "begin", "check_folder", "is_memory_bounded", "sync_folder"]

_AT_A_TIME = 16  # syncs of single files: a journalling file system does them in one go
_MANY = 8  # files from which on all of a file system is synced rather than each
_NOT_THERE = (errno.EINVAL, errno.ENOTSUP)  # some file systems sync no folders
_TOLD = (5, 8)  # Linux, from which on syncfs says that something could not be written
#: File systems by their numbers in linux/magic.h: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs. Others pass on what they are
#: asked for to a server, or to a file system below, which may hear nothing of it.
_KNOWN = {0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x01021994}


_began = [float("inf")]  # when the run began to write in this process
_seen: dict[str, tuple[int, int]] = {}  # folders that this process has written to: device and inode
_MOST = 100_000  # of them


def begin() -> None:
    """Begin a run: folders may be others than those of the run before it in this process."""
    _seen.clear()
    _began[0] = time.time()


def check_folder(folder: str) -> None:
    """OSError where a folder is not the one that it was when the run first wrote there from this process.

    A link that leads to it, or to one above it, must have been there before the run.
    """
    status = os.stat(folder)
    known = _seen.get(folder)
    if known is None:
        _check_links(os.path.abspath(folder))
        if len(_seen) >= _MOST:
            _seen.clear()
        _seen[folder] = status.st_dev, status.st_ino
    elif known != (status.st_dev, status.st_ino):
        raise OSError(errno.ESTALE, f"{folder} is another folder than it was")


def _check_links(path: str) -> None:
    above = ""
    while path != above:
        found = os.lstat(path)
        if stat.S_ISLNK(found.st_mode) and found.st_ctime > _began[0]:
            raise OSError(errno.ELOOP, f"{path} has become a link while the run went on")
        above, path = path, os.path.dirname(path)


class Disk:
    """The file system that a folder is on. It is opened before anything is written: then it tells what failed since."""

    def __init__(self, folder: str, *, whole: bool = True) -> None:
        self._descriptor = -1
        if whole and _syncs_whole(folder):
            self._descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))

    def sync(self, descriptors: list[int]) -> list[OSError | None]:
        """Put files on disk; give for each what went wrong. OSError where it cannot be said which are concerned."""
        if self._descriptor >= 0 and len(descriptors) >= _MANY:
            if not _library().syncfs(self._descriptor):
                return [None] * len(descriptors)
            number = ctypes.get_errno()
            if number not in (errno.ENOSYS, errno.EPERM):  # which a sandbox says: then one by one
                raise OSError(number, os.strerror(number))
        return _each(descriptors)

    def close(self) -> None:
        """Let go of it."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


class Disks:
    """The file systems that a run of files is written to; folders are made as they are named.

    Without ``lasting`` nothing is to be put on disk.
    """

    def __init__(self, *, lasting: bool = True) -> None:
        self._lasting = lasting
        self._folders: dict[str, Disk] = {}
        self._disks: dict[int, Disk] = {}

    def of(self, folder: str) -> Disk:
        """Give the file system of a folder, which is made where it is not there. OSError where that fails."""
        disk = self._folders.get(folder)
        if disk is None:
            os.makedirs(folder, exist_ok=True)
            check_folder(folder)
            number = os.stat(folder).st_dev
            if number not in self._disks:
                self._disks[number] = Disk(folder, whole=self._lasting)
            disk = self._folders[folder] = self._disks[number]
        return disk

    def close(self) -> None:
        """Let go of all."""
        for disk in self._disks.values():
            disk.close()
        self._folders.clear()
        self._disks.clear()


def sync_folder(folder: str) -> None:
    """Put the names in a folder on disk, where the system lets one: others keep them in their own way."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_THERE:
            raise
    finally:
        os.close(descriptor)


def _each(descriptors: list[int]) -> list[OSError | None]:
    """Sync files one by one, many at a time; each once, since a failure is told once: a second time would go well."""
    going: list[Future[OSError | None]] = []
    if len(descriptors) > 1 and not is_memory_bounded():
        try:
            for descriptor in descriptors:
                going.append(_threads().submit(_sync, descriptor))  # noqa: PERF401 - kept where one fails
        except RuntimeError:  # no more threads may be started
            _threads().shutdown()
            _threads.cache_clear()
    return [*(one.result() for one in going), *map(_sync, descriptors[len(going) :])]


def _sync(descriptor: int) -> OSError | None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        return error
    return None


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.syncfs.argtypes = [ctypes.c_int]
    library.statfs.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    return library


@cache
def _has_syncfs() -> bool:
    """Tell whether this system's syncfs can be trusted."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        version = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
        _library()
    except (ValueError, OSError, AttributeError):
        return False
    return version >= _TOLD


def _syncs_whole(folder: str) -> bool:
    """Tell whether a folder's file system is put on disk by syncfs."""
    if not _has_syncfs():
        return False
    status = (ctypes.c_long * 32)()  # struct statfs, of 120 bytes, which begins with the kind
    return not _library().statfs(os.fsencode(folder), status) and status[0] & 0xFFFFFFFF in _KNOWN


@cache
def _threads() -> ThreadPoolExecutor:
    """Give the threads that wait for the disk; they are kept, since to start them takes as long as what they do."""
    from concurrent.futures import ThreadPoolExecutor  # not for who writes one file

    return ThreadPoolExecutor(_AT_A_TIME, "convtool sync")


if hasattr(os, "register_at_fork"):  # a copy of the process has no threads
    os.register_at_fork(after_in_child=_threads.cache_clear)


def is_memory_bounded() -> bool:
    """Tell whether threads would take what this process may have for files: each needs some, whatever it does."""
    try:
        import resource
    except ImportError:  # Windows has no such bounds
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
