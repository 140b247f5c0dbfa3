"""Files and folders by path or by URL: what a run asks of the place that it writes to, whichever that is."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import IO, TYPE_CHECKING, cast

from convtool import remote
from convtool.remote import is_url

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "drop_folder",
    "exists",
    "identity",
    "is_folder",
    "names",
    "open_for_reading",
    "remove",
    "size",
    "size_below",
]


def exists(path: str) -> bool:
    """Tell whether something is there, be it a link to nothing."""
    return remote.exists(path) if is_url(path) else os.path.lexists(path)


def is_folder(path: str) -> bool:
    """Tell whether a path is a folder."""
    return remote.is_folder(path) if is_url(path) else os.path.isdir(path)


def size(path: str) -> int:
    """Give the size of a file, -1 where there is none."""
    if is_url(path):
        return remote.size(path)
    try:
        return os.stat(path).st_size
    except OSError:
        return -1


def size_below(folder: str) -> Callable[[str], int]:
    """Give a function that has the size of each file below a folder (-1: none). A store is asked once, not for each."""
    if is_url(folder):
        known = remote.sizes(folder)
        return lambda name: known.get(name, -1)
    return lambda name: size(os.path.join(folder, name))


def identity(path: str) -> tuple[int, int] | str | None:
    """Give what is the same for two names of one place; None where nothing is there."""
    if is_url(path):
        return path.rstrip("/")
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def names(folder: str) -> list[str]:
    """Give the names in a folder; none where it cannot be read."""
    if is_url(folder):
        return remote.names(folder)
    try:
        return os.listdir(folder)
    except OSError:
        return []


def remove(path: str) -> None:
    """Remove a file, if it is there."""
    if is_url(path):
        remote.remove(path)
        return
    with suppress(OSError):
        os.unlink(path)


def drop_folder(path: str) -> None:
    """Remove a folder with all that is in it, if it is there. OSError or SinkError where that fails."""
    if is_url(path):
        remote.remove(path, tree=True)
        return
    with suppress(FileNotFoundError):
        shutil.rmtree(path)


def open_for_reading(path: str) -> IO[bytes]:
    """Open a file; OSError or SourceError where that fails."""
    return cast("IO[bytes]", remote.RemoteFile(path)) if is_url(path) else open(path, "rb")
