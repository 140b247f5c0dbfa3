"""What a run came to, in numbers: by contract, by status, by diagnostic code with its first places."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.outcome import BAD, JUDGED, STATUSES

if TYPE_CHECKING:
    from convtool.outcome import Outcome

__all__ = ["Code", "Contract", "Summary"]

_PLACES = 3


class Contract(msgspec.Struct):
    """The files of one contract."""

    good: int = 0
    bad: int = 0
    records: int = 0
    bytes_in: int = 0
    bytes_out: int = 0


class Code(msgspec.Struct):
    """How often a code was found, in how many files, and in which first (by the plan's order)."""

    severity: str
    count: int = 0
    files: int = 0
    first: list[tuple[int, str]] = []


class Summary(msgspec.Struct):
    """Counts of a run. ``reused``: outcomes of an earlier run that was taken up.

    ``exchanges``: what came of the exchanges of its captures, as ``captures.Tally`` counts them.
    """

    files: int = 0
    records: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    reused: int = 0
    statuses: dict[str, int] = msgspec.field(default_factory=lambda: dict.fromkeys(STATUSES, 0))
    contracts: dict[str, Contract] = {}
    codes: dict[str, Code] = {}
    reasons: dict[str, Code] = {}
    left_out: dict[str, Code] = {}
    exchanges: dict[str, Any] = {}

    @property
    def bad(self) -> int:
        """In how many files something is wrong."""
        return sum(self.statuses[status] for status in BAD)

    @property
    def judged(self) -> int:
        """How many payloads have been judged: without any, nothing has been shown."""
        return sum(self.statuses[status] for status in JUDGED)

    def add(self, outcome: Outcome) -> None:
        """Count an outcome."""
        self.files += 1
        self.bytes_in += outcome.bytes_in
        self.bytes_out += outcome.bytes_out
        self.statuses[outcome.status] += 1
        if outcome.exchanges:
            from convtool.captures import Tally  # few files are captures

            Tally(self.exchanges).update(outcome.exchanges)
        if outcome.reason:
            severity, reason = (
                ("notice", _kind_of(outcome)) if outcome.status == "skipped" else ("error", outcome.status)
            )
            _count(self.reasons, reason, severity, 1, outcome.number, outcome.name)
        seen: set[str] = set()
        for one in outcome.payloads():
            self._add(one, outcome.number, seen)

    def merge(self, other: Summary) -> None:
        """Count all that another summary has counted."""
        for name in ("files", "records", "bytes_in", "bytes_out", "reused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for status, times in other.statuses.items():
            self.statuses[status] += times
        for contract, counted in other.contracts.items():
            of = self.contracts.setdefault(contract, Contract())
            for name in Contract.__struct_fields__:
                setattr(of, name, getattr(of, name) + getattr(counted, name))
        if other.exchanges:
            from convtool.captures import Tally

            Tally(self.exchanges).update(other.exchanges)
        for mine, theirs in (
            (self.codes, other.codes), (self.reasons, other.reasons), (self.left_out, other.left_out),
        ):  # fmt: skip
            for key, code in theirs.items():
                row = mine.setdefault(key, Code(code.severity, first=[]))
                row.count += code.count
                row.files += code.files
                row.first = sorted([*row.first, *code.first])[:_PLACES]

    def _add(self, outcome: Outcome, number: int, seen: set[str]) -> None:
        self.records += outcome.records
        if outcome.contract:
            of = self.contracts.setdefault(outcome.contract, Contract())
            of.good += outcome.good
            of.bad += outcome.bad
            of.records += outcome.records
            of.bytes_in += outcome.bytes_in
            of.bytes_out += outcome.bytes_out
        for found in outcome.diagnostics:
            place = ":".join(str(found[key]) for key in ("line", "column") if key in found)
            name = f"{outcome.name}:{place}" if place else outcome.name
            first = (number, name) if found["code"] not in seen else None
            seen.add(found["code"])
            _count(self.codes, found["code"], found["severity"], found.get("count", 1), *(first or (None, "")))
        for code, row in outcome.left_out.items():
            _count(self.left_out, code, row["severity"], row["count"], number, outcome.name)


def _kind_of(outcome: Outcome) -> str:
    """Give a reason for which files are skipped without what is only of one of them."""
    return outcome.reason.partition(":")[0].partition(",")[0]


def _count(table: dict[str, Code], key: str, severity: str, times: int, number: int | None, name: str) -> None:
    row = table.setdefault(key, Code(severity, first=[]))
    row.count += times
    if number is not None:
        row.files += 1
        insort(row.first, (number, name))
        del row.first[_PLACES:]
