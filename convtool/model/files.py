"""Schema files, read once for each state that they are in: recognising, compiling and hashing see the same bytes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["content_of"]

_KEPT = 4096  # files: far more than a folder of one service has


def content_of(path: Path) -> bytes:
    """Give a file's bytes; it is read again when its size or its time of change are others. OSError where it fails."""
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=_KEPT)
def _read(path: Path, _changed: int, _size: int) -> bytes:
    return path.read_bytes()
