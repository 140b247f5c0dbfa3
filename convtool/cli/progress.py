"""How far a batch is: a line that moves on a terminal, a plain one now and then where there is none."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from convtool.cli.output import say
from convtool.cli.summary import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from convtool.batch import Run

__all__ = ["progress"]

_OFTEN = 0.1  # seconds between looks on a terminal
_NOW_AND_THEN = 15.0  # and in a log


@contextmanager
def progress(run: Run, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Give a function to be called after each file."""
    if quiet or sys.stderr is None:
        yield lambda: None
    elif sys.stderr.isatty():
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
            say(_line(run, now - started))

    return tick


def _line(run: Run, seconds: float) -> str:
    """Give files, records, speed, bad files, time left."""
    summary, total = run.summary, len(run.plan.items)
    done = summary.files - summary.reused
    left = (total - summary.files) * seconds / done if done else 0.0
    speed = f"{size_text(summary.bytes_in / seconds if seconds else 0)}/s"
    return f"{summary.files}/{total} files, {summary.records} records, {speed}, {summary.bad} bad, {_clock(left)} left"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def _moving(run: Run) -> Iterator[Callable[[], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    started = time.monotonic()
    last = 0.0
    console = Console(stderr=True)
    columns = (BarColumn(bar_width=24), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=max(1, len(run.plan.items)))

        def tick() -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _OFTEN:
                last = now
                bar.update(task, completed=run.summary.files, description=_line(run, now - started))
                bar.refresh()

        yield tick
