"""Where results go: a file is written whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from convtool.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["atomic_writer"]


@contextmanager
def atomic_writer(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
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
    beside = target.with_name(f".convtool-{secrets.token_hex(8)}.tmp")
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
