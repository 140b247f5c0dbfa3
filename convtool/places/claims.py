"""Folders that a run is at work in: each is locked for as long as the run lasts, however it ends."""

from __future__ import annotations

import os
import time

__all__ = ["claim", "is_claimed"]

_LOOKS = 3  # whoever only looks whether a folder is claimed holds it for some microseconds
_PAUSE = 0.02  # seconds between two looks


def claim(folder: str, looks: int = _LOOKS) -> int:
    """Lock a folder, and give the descriptor that holds it: closing it, or the end of the process, gives it back.

    -1 where there are no such locks: then two runs at once are the user's to avoid. BlockingIOError where another run
    has it, another OSError where it is no folder to open.
    """
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except (ImportError, PermissionError):  # a folder may be one to write to, and not to read
        return -1
    while True:
        looks -= 1
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not looks:
                os.close(descriptor)
                raise
            time.sleep(_PAUSE)
        except OSError:
            os.close(descriptor)
            return -1
        else:
            return descriptor


def is_claimed(folder: str) -> bool:
    """Tell whether a run is at work in a folder, as far as can be seen."""
    try:
        descriptor = claim(folder, looks=1)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    if descriptor >= 0:
        os.close(descriptor)
    return False
