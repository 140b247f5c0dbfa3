"""The words of a batch: an Item is one file, a Task some Items, a Result what came of a task.

All are frozen and picklable, so that a task can be carried out anywhere; a result is a value, never an exception.
"""

from __future__ import annotations

import msgspec

from convtool.outcome import Outcome  # noqa: TC001 - the same
from convtool.places import Found  # noqa: TC001 - a field's type, which msgspec looks up

__all__ = ["Item", "Result", "Task"]


class Item(msgspec.Struct, frozen=True, gc=False):
    """One file of a batch: its number in the plan, where it is, and its output's name below the sink."""

    number: int
    found: Found
    target: str = ""
    named: bool = False  # somebody has named it himself: what it is not is its fault
    data: bytes | None = None  # its bytes as they are stored, where a worker could not go to their place


class Task(msgspec.Struct, frozen=True):
    """Some files that are done together."""

    number: int
    items: tuple[Item, ...]


class Result(msgspec.Struct, frozen=True):
    """What came of a task: an outcome for each file, or why the whole run cannot go on (the disk is full …)."""

    task: int
    outcomes: tuple[Outcome, ...] = ()
    failure: str = ""
    deaths: int = 0  # of workers, which may have left files behind
