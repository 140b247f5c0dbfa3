"""The words of a batch: an Item is one file, a Task some Items, a Result what came of a task.

All are plain data, so that a task can be carried out anywhere; a result is a value, never an exception. The outcomes of
a result are lines already, as the journal has them: whoever only notes them needs not read them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from convtool.outcome import Outcome
from convtool.places import Found
from convtool.reports.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["ASIDE", "OUTCOMES", "Account", "Item", "Result", "Row", "Task"]

ASIDE = ".bad.ndjson"  # behind the name of an output, for the records that had to be put aside
#: Made before there are threads: msgspec may crash where two of them look at a type for the first time together.
OUTCOMES = msgspec.json.Decoder(Outcome)
_LINES = msgspec.json.Encoder()


class Item(msgspec.Struct, frozen=True, gc=False):
    """One file of a batch: its number in the plan, where it is, and its output's name below the sink.

    ``free``: the output may have the suffix of another format where the bytes want that, which nobody knows before.
    ``aside``: what its bad records are called where that is neither its output's name nor its own.
    """

    number: int
    found: Found
    target: str = ""
    named: bool = False  # somebody has named it himself: what it is not is its fault
    data: bytes | None = None  # its bytes as they are stored, where a worker could not go to their place
    aside: str = ""
    source: str = ""  # what it is called, where that is not its path
    free: bool = False

    @property
    def other(self) -> str:
        """The other name that its output may have; empty where there is none."""
        stem, _, suffix = self.target.rpartition(".")
        return f"{stem}.{'xml' if suffix == 'json' else 'json'}" if self.free else ""

    def called(self, format: str) -> str:
        """Give the name of its output in a format; empty where it cannot have that."""
        return next((name for name in (self.target, self.other) if name.endswith(f".{format}")), "")

    def bad(self) -> str:
        """Give what its bad records are called, below their folder."""
        return f"{self.target or self.aside or self.found.name}{ASIDE}"

    def __reduce__(self) -> tuple[object, ...]:
        """Travel as texts and numbers alone, which takes a third of the time."""
        rest = self.target, self.named, self.data, self.aside, self.source, self.free
        return _item, (self.number, msgspec.structs.astuple(self.found), *rest)


def _item(number: int, found: tuple[object, ...], *more: object) -> Item:
    return Item(number, Found(*found), *more)  # type: ignore[arg-type]  # as they came


class Task(msgspec.Struct, frozen=True):
    """Some files that are done together."""

    number: int
    items: tuple[Item, ...]


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a run has to know of one outcome beside its line: whether something is wrong, whether it holds several."""

    number: int
    size: int  # of the line, with its end
    bad: bool = False
    nested: bool = False


class Result(msgspec.Struct, frozen=True):
    """What came of a task: a line for each file, or why the whole run cannot go on (the disk is full …)."""

    task: int
    lines: bytes = b""
    rows: tuple[Row, ...] = ()
    summary: Summary = msgspec.field(default_factory=Summary)
    parts: tuple[str, ...] = ()  # that outputs are in
    failure: str = ""
    deaths: int = 0  # of workers, which may have left files behind

    def outcomes(self) -> list[Outcome]:
        """Give the outcomes, each read from its line."""
        return OUTCOMES.decode_lines(self.lines)

    @classmethod
    def joined(cls, task: int, pieces: Sequence[Result], deaths: int) -> Result:
        """Give what came of a task that was done in pieces."""
        summary = Summary()
        for piece in pieces:
            summary.merge(piece.summary)
        return cls(
            task, b"".join(piece.lines for piece in pieces), tuple(chain.from_iterable(p.rows for p in pieces)),
            summary, tuple(chain.from_iterable(piece.parts for piece in pieces)), deaths=deaths,
        )  # fmt: skip


class Account:
    """Outcomes as they come, made a Result in the end."""

    def __init__(self, outcomes: Iterable[Outcome] = ()) -> None:
        self._lines: list[bytes] = []
        self._rows: list[Row] = []
        self._parts: dict[str, None] = {}
        self._summary = Summary()
        for outcome in outcomes:
            self.add(outcome)

    def add(self, outcome: Outcome) -> None:
        """Take an outcome."""
        line = _LINES.encode(outcome) + b"\n"
        self._lines.append(line)
        self._rows.append(Row(outcome.number, len(line), outcome.bad, bool(outcome.judged)))
        if outcome.part:
            self._parts[outcome.part] = None
        self._summary.add(outcome)

    def result(self, task: int) -> Result:
        """Give all of it as what came of a task."""
        return Result(task, b"".join(self._lines), tuple(self._rows), self._summary, tuple(self._parts))
