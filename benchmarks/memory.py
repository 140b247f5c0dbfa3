"""The memory of the process that asks, in bytes: now, and at its peak."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["peak", "resident"]

_STATUS = Path("/proc/self/status")


def peak() -> int:
    """Give the peak resident size.

    Linux's VmHWM comes before ru_maxrss, which a child takes over from the process that started it.
    """
    return _status("VmHWM") or _max_rss()


def resident() -> int:
    """Give the resident size now; where the system does not say, the peak so far."""
    return _status("VmRSS") or _max_rss()


def _status(name: str) -> int:
    if not _STATUS.exists():
        return 0
    found = [line.split() for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:")]
    return int(found[0][1]) * 1024 if found else 0


def _max_rss() -> int:
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
