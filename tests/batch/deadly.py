"""Files whose names say what opening them does to a worker; how often is noted in the folder DEADLY."""

from __future__ import annotations

import io
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convtool.batch import perform
from convtool.places import open_found as opened

if TYPE_CHECKING:
    from convtool.places import Found, Limits


class _Half(io.RawIOBase):
    """A file that hangs, or ends the process, half-way."""

    def __init__(self, raw: io.RawIOBase, left: int, *, kills: bool) -> None:
        self._raw = raw
        self._left = left
        self._kills = kills

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._left <= 0:
            if self._kills:
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(100)
        count = self._raw.readinto(buffer)
        self._left -= count or 0
        return count


def open_found(found: Found, limits: Limits, data: bytes | None = None) -> io.RawIOBase:
    """Open a file, or do what its name says."""
    name = Path(found.name).stem
    what = name.partition("-")[0]
    if what in ("kill", "exit", "once", "hang", "slow", "stop"):
        noted = Path(os.environ["DEADLY"]) / name
        with noted.open("ab") as file:
            file.write(b"x")
        if what == "kill" or (what == "once" and noted.stat().st_size == 1):
            os.kill(os.getpid(), signal.SIGKILL)
        elif what == "stop" and noted.stat().st_size <= int(name.partition("-")[2]):
            os.kill(os.getpid(), signal.SIGSTOP)
        elif what == "exit":
            os._exit(int(name.partition("-")[2]))
        elif what in ("hang", "slow"):
            time.sleep(100 if what == "hang" else int(name.partition("-")[2]) / 10)
    raw = opened(found, limits, data)
    if what in ("half", "halfkill"):
        return _Half(raw, found.size // 2, kills=what == "halfkill")
    return raw


def arm() -> None:
    """Let this process's files do that."""
    perform.open_found = open_found
