"""Where files are: one protocol for this machine and for object stores, and the table of which paths are in which."""

from __future__ import annotations

import os
from functools import cache
from typing import IO, TYPE_CHECKING, Protocol

from convtool.places.urls import is_url

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from convtool.places.members import Entry
    from convtool.places.streams import Opened, Writing

__all__ = ["Group", "Store", "atomic_writer", "store_of"]


class Group(Protocol):
    """Files that are written one after the other and get their names together: a crash leaves each whole or absent."""

    def put(self, target: str, data: bytes) -> None:
        """Write a file whole; SinkError where that fails."""

    def writer(self, target: str) -> AbstractContextManager[Writing]:
        """Give a file to write to; what is written in a block that fails is dropped."""

    def commit(self) -> None:
        """Give all files their names; SinkError says which of them could not be written."""

    def discard(self) -> None:
        """Drop what has no name yet."""


class Store(Protocol):
    """The files of one kind of place. Each method takes whole paths, or URLs; SourceError where one cannot be asked."""

    @property
    def is_local(self) -> bool:
        """Tell whether its files are this machine's: cheap to ask for one by one, and maybe not there for others."""

    def exists(self, path: str) -> bool:
        """Tell whether something is there, be it a link to nothing."""

    def is_folder(self, path: str) -> bool:
        """Tell whether a path is a folder."""

    def is_file(self, path: str) -> bool:
        """Tell whether a path may be a file that can be read."""

    def size(self, path: str) -> int:
        """Give the size of a file, -1 where there is none."""

    def sizes(self, folder: str) -> Callable[[str], int]:
        """Give a function that has the size of each file below a folder (-1: none)."""

    def occupied(self, folder: str) -> Callable[[str], str]:
        """Give a function that says what is below a folder by a name: ``file``, ``folder``, or nothing."""

    def identity(self, path: str) -> tuple[int, int] | str | None:
        """Give what is the same for two names of one place; None where nothing is there."""

    def names(self, folder: str) -> list[str]:
        """Give the names in a folder; none where there is none."""

    def glob(self, pattern: str) -> list[str]:
        """Give the paths that match a pattern, sorted."""

    def folder(self, path: str) -> Iterator[Entry]:
        """Yield what is in a folder, by name; SourceError at once where it cannot be read."""

    def entry(self, path: str) -> Entry:
        """Give what is at a path; what cannot be read has a verdict."""

    def problem(self, name: str) -> str:
        """Say why a file of this name, below the folder that was asked for, is refused; empty where it is not."""

    def open(self, path: str, size: int = -1) -> Opened:
        """Open a file. ``size``: how many bytes of it will be read, where that is known."""

    def keep(self, path: str, file: Opened) -> None:
        """Take a file back that was opened to see what it is: it may be kept for who opens it next."""

    def kept(self, path: str) -> bool:
        """Tell whether a file is kept open."""

    def forget(self) -> None:
        """Close the files that are kept."""

    def window(self, path: str, start: int, size: int) -> io.RawIOBase:
        """Open a file of which only ``size`` bytes from ``start`` on will be read, at the places that they have."""

    def writer(self, path: str, mark: str = "") -> AbstractContextManager[IO[bytes]]:
        """Give a file that becomes ``path`` when the block ends well; otherwise ``path`` stays as it was.

        ``mark``: what is half written is known by it to ``sweep``.
        """

    def group(self, *, lasting: bool = True, mark: str = "") -> Group:
        """Give files that get their names together; without ``lasting`` a crash of the system may lose them."""

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""

    def make_folder(self, path: str) -> bool:
        """Make a folder where there are such things, and tell whether that was needed. OSError where it fails."""

    def drop_folder(self, path: str) -> None:
        """Remove a folder with all that is in it, if it is there. SinkError where that fails."""

    def sweep(self, folder: str, *, deep: bool = True, mark: str = "") -> None:
        """Remove what killed runs left in a folder and, with ``deep``, below it; with ``mark`` what has that alone.

        Without one not while another run writes there.
        """


@cache
def _local() -> Store:
    from convtool.places.local import Local  # each is loaded when it is used

    return Local()


@cache
def _objects() -> Store:
    from convtool.places.objects import Objects

    return Objects()


_STORES = {False: _local, True: _objects}  # by whether a path is a URL


def store_of(path: str) -> Store:
    """Give the Store that a path or a URL is in."""
    return _STORES[is_url(path)]()


def atomic_writer(path: str | os.PathLike[str], mark: str = "") -> AbstractContextManager[IO[bytes]]:
    """Give a binary file that becomes ``path`` when the block ends well; otherwise ``path`` stays as it was.

    The bytes are on disk before the name points to them. A file that is replaced keeps its permissions, a link its
    target; devices and pipes are written in place, since they cannot be replaced.
    ``mark``: what is half written when the process is killed is known by it to the Store's ``sweep``.
    SourceError where ``path`` cannot be written.
    """
    return store_of(os.fspath(path)).writer(os.fspath(path), mark)
