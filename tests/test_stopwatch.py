"""Seconds that are counted look by look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool import stopwatch
from convtool.stopwatch import Stopwatch

if TYPE_CHECKING:
    import pytest


def test_what_passes_between_two_looks_counts_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((100.0, 100.25, 100.75, 4000.0, 4000.25))
    monkeypatch.setattr(stopwatch.time, "monotonic", lambda: next(clock))
    watch = Stopwatch(1)
    assert [watch.look() for _ in range(4)] == [0.25, 0.75, 1.75, 2.0]
    assert watch.seconds == 2.0
