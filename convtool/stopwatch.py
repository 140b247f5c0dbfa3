"""Seconds that are counted look by look, so that nothing is held against what could not run.

Ctrl-Z, a debugger or a machine that sleeps stop a run as a whole. What is in hand has not taken longer for that, and
the same file must have the same verdict: so what passes between two looks counts up to a bound.
"""

from __future__ import annotations

import time

__all__ = ["Stopwatch"]


class Stopwatch:
    """The seconds since it was made; between two looks no more than ``most``."""

    def __init__(self, most: float) -> None:
        self.seconds = 0.0
        self._most = most
        self._looked = time.monotonic()

    def look(self) -> float:
        """Give the seconds by now."""
        now = time.monotonic()
        self.seconds += min(now - self._looked, self._most)
        self._looked = now
        return self.seconds
