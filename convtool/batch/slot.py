"""Which item a worker is at, and since when: a few bytes that the worker and the run both see.

They are in a file without a name, so that nothing is left of it, however its processes end.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
import tempfile
import time

__all__ = ["NOTHING", "Slot", "Told"]

NOTHING = -1  # no item is in hand
_FORM = struct.Struct("<qd")  # the item's number, and the monotonic time when it was begun


class Slot:
    """The run's side. ``handle`` is what the worker opens it by; ``passed`` are descriptors for it to inherit."""

    def __init__(self) -> None:
        if hasattr(os, "memfd_create"):
            self._descriptor = os.memfd_create("convtool-slot")
        else:
            self._file = tempfile.TemporaryFile(prefix="convtool-")  # noqa: SIM115 - lives as long as this
            self._descriptor = self._file.fileno()
        inherits = sys.platform != "win32"
        # Windows lets nothing be inherited by number; its file has a name, and goes with the last who has it open.
        self.handle: int | str = self._descriptor if inherits else str(self._file.name)
        self.passed: tuple[int, ...] = (self._descriptor,) if inherits else ()
        self.clear()

    def clear(self) -> None:
        """Say that nothing is in hand."""
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, _FORM.pack(NOTHING, 0.0))

    def read(self) -> tuple[int, float]:
        """Give the number of the item in hand, or NOTHING, and the monotonic time when it was begun."""
        number, since = _FORM.unpack(os.pread(self._descriptor, _FORM.size, 0))
        return number, since

    def close(self) -> None:
        """Let go of it."""
        if hasattr(self, "_file"):
            self._file.close()
        else:
            os.close(self._descriptor)


class Told:
    """The worker's side."""

    def __init__(self, handle: int | str) -> None:
        if isinstance(handle, str):
            handle = os.open(handle, os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_TEMPORARY", 0))
        self._shared = mmap.mmap(handle, _FORM.size)
        os.close(handle)

    def begins(self, number: int) -> None:
        """Say which item is in hand from now on."""
        _FORM.pack_into(self._shared, 0, number, time.monotonic())

    def clear(self) -> None:
        """Say that nothing is in hand."""
        _FORM.pack_into(self._shared, 0, NOTHING, 0.0)
