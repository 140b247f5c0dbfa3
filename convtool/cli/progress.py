"""How far a batch is: a line that moves on a terminal, a plain one now and then where there is none."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from convtool.cli.output import moving_line, say
from convtool.cli.summary import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from convtool.batch import Run

__all__ = ["progress"]

_OFTEN = 0.1  # seconds between looks on a terminal
_NOW_AND_THEN = 15.0  # and in a log
_BAR = 24  # characters of the bar, where there is room for one


@contextmanager
def progress(run: Run, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Give a function to be called after each file."""
    if quiet or sys.stderr is None:
        yield lambda: None
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with _moving(run) as tick:
            yield tick
    else:
        yield _plain(run)


def _plain(run: Run) -> Callable[[], None]:
    started = last = time.monotonic()

    def tick() -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _NOW_AND_THEN:
            last = now
            say(_lines(run, now - started)[1])

    return tick


@contextmanager
def _moving(run: Run) -> Iterator[Callable[[], None]]:
    started = time.monotonic()
    last = 0.0
    with moving_line() as line:

        def tick() -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _OFTEN:
                last = now
                line.show(_shown(_lines(run, now - started), _columns()))

        yield tick


def _columns() -> int:
    """Give how wide the terminal is that standard error writes to; people may say so themselves."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    with suppress(OSError, ValueError):
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    return 80


def _lines(run: Run, seconds: float) -> list[str]:
    """Give how far a run is, from the longest line to the shortest: what is bad, and the time left, go last."""
    summary, total = run.summary, len(run.plan.items)
    done = summary.files - summary.reused
    left = _clock((total - summary.files) * seconds / done if done else 0.0)
    speed = f"{size_text(summary.bytes_in / seconds if seconds else 0)}/s"
    ahead = f"{summary.files}/{total}"
    behind = f"{summary.bad} bad, {left} left"
    whole = f"{ahead} files, {summary.records} records, {speed}, {behind}"
    bar = "=" * (_BAR * summary.files // max(1, total))
    shorter = (f"{ahead} files, {speed}, {behind}", f"{ahead} files, {behind}", f"{ahead}, {behind}", behind)
    return [f"[{bar:<{_BAR}}] {whole}", whole, *shorter]


def _shown(lines: list[str], columns: int) -> str:
    """Give the longest line that leaves the last column free, behind which some terminals begin the next line."""
    return next((text for text in lines if len(text) < columns), lines[-1][: max(0, columns - 1)])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
