"""Copies on this machine of what a store has and is read from its beginning more than once: compressed tars.

They are files in the folder for temporary ones; ``forget`` removes them, and so does the end of the process.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import io

__all__ = ["copied", "forget"]

_SHARE = 2  # of what is free there, a copy may take one part
_PIECE = 4 << 20  # bytes
_copies: list[str] = []


def copied(raw: io.RawIOBase) -> str:
    """Give the path of a copy of a file, which is read to its end; nothing where there is no room for it.

    What reads the file says what is wrong with it; where the copy cannot be written, there is none.
    """
    room = shutil.disk_usage(tempfile.gettempdir()).free // _SHARE
    if not _copies:
        atexit.register(forget)
    with suppress(OSError), tempfile.NamedTemporaryFile(prefix="convtool-", delete=False) as file:
        _copies.append(file.name)
        while room >= 0:
            data = raw.read(_PIECE)
            if not data:
                return file.name
            file.write(data)
            room -= len(data)
        file.truncate(0)
    return ""


def forget() -> None:
    """Remove all copies."""
    while _copies:
        with suppress(OSError):
            os.unlink(_copies.pop())
