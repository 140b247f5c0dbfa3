"""Findings as data: Diagnostic, Location, Report, and the collector that readers report to.

Positions: ``line`` and ``column`` count from 1, columns in characters; ``offset`` is the byte's index in the payload
as it came. A path is a JSON Pointer for JSON and an XPath with indexes for XML.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from convtool import shown
from convtool._lazy import pattern
from convtool.codes import CODES, Code, Profile, Severity, levels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = [
    "Diagnostic",
    "Excerpt",
    "Findings",
    "Location",
    "Places",
    "Report",
    "Severity",
    "folded",
    "left_out_text",
    "without_indexes",
]

LIMIT = 10_000  # findings kept of one payload: enough to see what is wrong, and a bound on memory
REPORT_VERSION = 1  # of the JSON form; raised when a reader of the old form would misunderstand the new one


class Location(msgspec.Struct, frozen=True, gc=False):
    """A place in the payload: line and column from 1 (in characters), offset from 0 (in bytes)."""

    line: int
    column: int
    offset: int


class Excerpt(msgspec.Struct, frozen=True, gc=False):
    """The span a diagnostic speaks of, with a little of its line on both sides."""

    before: str
    span: str
    after: str

    def text(self, indent: str = "  ") -> str:
        """Give two lines: the source, and carets under the span."""
        before, span, after = shown.parts(self.before, self.span, self.after)
        carets = " " * len(before) + "^" * max(1, len(span))
        return f"{indent}{before}{span}{after}\n{indent}{carets}"


class Diagnostic(msgspec.Struct, frozen=True, gc=False):
    """One finding: what (code, severity, message), where (path, location, excerpt, record) and what to do (hint).

    ``record`` is the index of the record in a list contract. ``count`` is above 1 where a hazard is reported once for a
    member that has it many times; the place is the first one's.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    path: str = ""
    location: Location | None = None
    excerpt: Excerpt | None = None
    record: int | None = None
    count: int = 1

    def again(self, times: int) -> Diagnostic:
        """Give it as found so many times more."""
        return Diagnostic(
            self.code, self.severity, self.message, self.hint, self.path, self.location, self.excerpt, self.record,
            self.count + times,
        )  # fmt: skip

    def to_dict(self, *, brief: bool = False) -> dict[str, Any]:
        """Give the JSON form, as the report's JSON Schema describes it; ``brief``: without hint and excerpt."""
        entry: dict[str, Any] = {"code": self.code, "severity": str(self.severity), "message": self.message}
        if self.hint and not brief:
            entry["hint"] = self.hint
        entry["path"] = self.path
        if self.location is not None:
            place = self.location
            entry["line"], entry["column"], entry["offset"] = place.line, place.column, place.offset
        if self.excerpt is not None and not brief:
            entry["excerpt"] = {"before": self.excerpt.before, "span": self.excerpt.span, "after": self.excerpt.after}
        if self.record is not None:
            entry["record"] = self.record
        if self.count != 1:
            entry["count"] = self.count
        return entry

    def text(self, source: str = "") -> str:
        """Give the lines that a person reads: place, severity, code, message; the span with carets; the hint."""
        place = shown.line(source or "payload")
        if self.location is not None:
            place += f":{self.location.line}:{self.location.column}"
        times = f" ({self.count} times; this is the first)" if self.count > 1 else ""
        lines = [f"{place}: {self.severity}: {shown.line(self.message)}{times} [{self.code}]"]
        if self.path:
            lines.append(f"  at {shown.line(self.path)}" + (f" (byte {self.location.offset})" if self.location else ""))
        if self.excerpt is not None:
            lines.append(self.excerpt.text("    "))
        if self.hint:
            lines.append(f"  hint: {shown.line(self.hint)}")
        return "\n".join(lines)


class Report:
    """Every finding of one payload. True when the payload is valid, that is when no finding is an error.

    ``diagnostics`` are in the order of their places. Where only hazards were found, they are located when first asked
    for: most callers only want the verdict.
    """

    __slots__ = (
        "_diagnostics",
        "_pending",
        "contract",
        "dropped",
        "format",
        "left_out",
        "profile",
        "records",
        "source",
    )

    def __init__(
        self,
        diagnostics: tuple[Diagnostic, ...] = (),
        contract: str = "",
        format: str = "",
        profile: Profile = "strict",
        source: str = "",
        *,
        pending: Callable[[], tuple[Diagnostic, ...]] | None = None,
        dropped: int = 0,
        records: int = 0,
        left_out: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._diagnostics = diagnostics
        self._pending = pending  # gives the diagnostics; none of them is an error
        self.contract = contract
        self.format = format
        self.profile = profile
        self.source = source
        self.dropped = dropped  # findings beyond the limit of what is kept
        self.records = records  # that could be read: those of a list, or 1
        self.left_out = left_out or {}  # by code the severity and the count of findings that were not to be shown

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings, in the order of their places."""
        if self._pending is not None:
            self._diagnostics, self._pending = self._pending(), None
        return self._diagnostics

    def __bool__(self) -> bool:
        if self._pending is not None:
            return True
        hidden = any(row["severity"] == Severity.ERROR for row in self.left_out.values())
        return not hidden and not any(d.severity is Severity.ERROR for d in self._diagnostics)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]  # compared by content, which is too much to hash

    def __repr__(self) -> str:
        counted = ", ".join(f"{n} {level}{'s' * (n != 1)}" for level, n in self.counts().items() if n)
        what = shown.line(" ".join(part for part in (self.source, self.contract, self.format) if part))
        return f"<Report of {what or 'a payload'}: {'valid' if self else 'invalid'}{', ' if counted else ''}{counted}>"

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.diagnostics)

    def __len__(self) -> int:
        return len(self.diagnostics)

    @property
    def valid(self) -> bool:
        """Whether no finding is an error; the same as the report's truth."""
        return bool(self)

    def counts(self) -> dict[str, int]:
        """Give how many findings there are of each severity."""
        found = Counter(d.severity for d in self.diagnostics)
        return {str(level): found[level] for level in Severity}

    def without_losses(self) -> Report:
        """Leave out the notices about what a conversion would lose, which a verdict has no use for."""
        if self._pending is None and not self._diagnostics:
            return self

        def kept() -> tuple[Diagnostic, ...]:
            found = self.diagnostics
            return tuple(d for d in found if d.severity is not Severity.NOTICE or not d.code.startswith("loss."))

        about = (self.contract, self.format, self.profile, self.source)
        if self._pending is not None:
            return Report((), *about, pending=kept, records=self.records)
        return Report(kept(), *about, dropped=self.dropped, records=self.records)

    def named(self, source: str) -> Report:
        """Give the report with another name for its source."""
        about = (self.contract, self.format, self.profile, source)
        if self._pending is not None:
            return Report((), *about, pending=lambda: self.diagnostics, records=self.records)
        return Report(self._diagnostics, *about, dropped=self.dropped, records=self.records)

    def under(self, profile: Profile) -> Report:
        """Give the report as one of another profile, where the findings do not depend on it."""
        return Report(self.diagnostics, self.contract, self.format, profile, self.source, dropped=self.dropped)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form: ``convtool/report.schema.json`` describes it."""
        return {
            "version": REPORT_VERSION,
            "source": self.source,
            "contract": self.contract,
            "format": self.format,
            "profile": self.profile,
            "valid": bool(self),
            "counts": self.counts(),
            "dropped": self.dropped,
            "diagnostics": [d.to_dict() for d in self.diagnostics],
        }

    def text(self, *, fold: bool = False) -> str:
        """Give the report as a person reads it: the findings in order, then one line of verdict.

        ``fold``: of each kind of finding the first only, with a count.
        """
        verdict = "valid" if self else "invalid"
        what = shown.line(" ".join(part for part in (self.contract, self.format) if part) or "payload")
        name = shown.line(self.source or "payload")
        counted = ", ".join(f"{n} {level}{'s' * (n != 1)}" for level, n in self.counts().items() if n)
        lines = [d.text(self.source) for d in (folded(self.diagnostics) if fold else self.diagnostics)]
        if self.dropped:
            lines.append(f"{name}: and {self.dropped} more findings, which were counted only")
        told = "; ".join(filter(None, (what, counted, left_out_text(self.left_out))))
        lines.append(f"{name}: {verdict} ({told})")
        return "\n".join(lines)


_INDEX = pattern(r"\[[0-9]+\]|/[0-9]+(?=/|$)")  # of an item, in an XPath or a JSON Pointer


def without_indexes(path: str) -> str:
    """Give a path as it is for all items of a list: findings of one code there are of one kind."""
    return _INDEX.sub("", path)


# Codes with the path of what something is absent from, or stands at: which that is, the message alone says.
_TOLD = frozenset(
    {"attribute.unknown", "http.model-state", "loss.attribute", "member.defaulted", "member.nulled", "member.required"}
)


def kind_of(code: str, path: str, message: str) -> str:
    """Give what is the same for findings of one kind, that is of a code at a member, in whatever item of a list."""
    return " ".join(map(without_indexes, (code, path, message) if code in _TOLD else (code, path)))


def folded(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Give the first finding of each kind, with how often there is one of it."""
    kinds: dict[tuple[str, str], list[Diagnostic]] = {}
    for one in found:
        kinds.setdefault((one.severity, kind_of(one.code, one.path, one.message)), []).append(one)
    return [of[0].again(sum(one.count for one in of[1:])) for of in kinds.values()]


def left_out_text(left_out: Mapping[str, Mapping[str, Any]]) -> str:
    """Say how many findings were not to be shown, and of which codes; nothing where there are none."""
    counts = Counter[str]()
    for row in left_out.values():
        counts[row["severity"]] += row["count"]
    said = ", ".join(f"{counts[level]} {level}{'s' * (counts[level] != 1)}" for level in Severity if counts[level])
    return f"left out: {said} ({', '.join(sorted(left_out))})" if said else ""


class Places(Protocol):
    """What can tell where a byte of the parsed text stands in the payload as it came."""

    def locate(self, offset: int) -> Location:
        """Give the place of the byte at ``offset`` of the parsed text."""

    def excerpt(self, start: int, end: int) -> Excerpt:
        """Give the span between two offsets of the parsed text, with its surroundings."""


class Findings(msgspec.Struct):
    """Collects what a reader detects; decides by the table what each finding means in the profile.

    ``places`` is set by the reader to the text in hand, ``record`` to the index of the record it reads. Of findings
    beyond ``limit`` only the number is kept: they cost no place, no excerpt and no hint. The first error is kept in any
    case, since the verdict rests on it.
    """

    profile: Profile = "strict"
    lossless: bool = False
    places: Places | None = None
    record: int | None = None
    limit: int = LIMIT
    found: list[Diagnostic] = []
    kept: list[Diagnostic] = []  # of those that ``take`` has given, what counts to the limit
    errors: int = 0
    dropped: int = 0  # findings beyond the limit: counted, not kept
    deferred: list[Callable[[Findings], None]] = []
    hazards: dict[tuple[str, str], Diagnostic] = {}  # by code and member: the first of each
    said: dict[tuple[str, str, bool], tuple[str, ...]] = {}  # hazards of members that are absent
    _again: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)  # occurrences behind the first
    _sure: bool = False  # an error is among what is kept
    _levels: dict[str, Severity | None] = {}

    def __post_init__(self) -> None:
        self._levels = levels(self.profile, self.lossless)

    @property
    def room(self) -> int:
        """How many more findings are kept."""
        return max(0, self.limit - len(self.found) - len(self.kept))

    def spent(self, code: str) -> bool:
        """Tell whether a finding of ``code`` is beyond the limit: ``count`` is enough, no words are wanted."""
        if len(self.found) + len(self.kept) < self.limit:
            return False
        return self.errors > 0 or self._sure or self._levels[code] is not Severity.ERROR

    def count(self, code: str) -> Severity | None:
        """Count a finding whose code is ``spent``, and give what it means, if anything."""
        level = self._levels[code]
        if level is not None:
            self.dropped += 1
            if level is Severity.ERROR:
                self.errors += 1
        return level

    def add(
        self, code: str, message: str, span: tuple[int, int] | None = None, path: str = "", hint: str = ""
    ) -> Severity | None:
        """Report a finding at ``span`` (start and end offsets of the parsed text); give what it means, if anything."""
        level = self._levels[code]
        if level is None:
            return None
        error = level is Severity.ERROR
        if len(self.found) + len(self.kept) < self.limit or (error and not self.errors and not self._sure):
            self.found.append(self._diagnostic(CODES[code], level, message, span, path, hint))
        else:
            self.dropped += 1
        self.errors += error
        return level

    def hazard(
        self, code: str, member: str, message: str, span: tuple[int, int] | None = None, path: str = "", hint: str = ""
    ) -> None:
        """Report a hazard of ``member``: the first with its place, further ones by raising its count."""
        if (code, member) in self.hazards:
            self._again[code, member] += 1
            return
        level = self._levels[code]
        if level is None:
            return
        self.errors += level is Severity.ERROR
        self.hazards[(code, member)] = self._diagnostic(CODES[code], level, message, span, path, hint)

    def knows(self, code: str, member: str) -> bool:
        """Tell whether a hazard of ``member`` has been reported, so that ``again`` is enough for the next ones."""
        return (code, member) in self.hazards

    def again(self, code: str, member: str, times: int = 1) -> None:
        """Count further occurrences of a hazard that ``knows`` knows."""
        self._again[code, member] += times

    def take(self) -> list[Diagnostic]:
        """Give the findings since the last call, hazards apart, and forget them: a stream reports record by record."""
        taken, self.found = self.found, []
        self.errors = 0
        return taken

    def keep(self, taken: list[Diagnostic]) -> None:
        """Make findings that ``take`` has given a part of the report: what comes later has so much less room."""
        room = max(0, self.limit - len(self.kept))
        rest = taken[room:]
        if not self._sure:
            errors = [at for at, one in enumerate(taken) if one.severity is Severity.ERROR]
            self._sure = bool(errors)
            if errors and errors[0] >= room:
                rest = rest[:]
                self.kept.append(rest.pop(errors[0] - room))
        self.kept += taken[:room]
        self.dropped += len(rest)

    def part(self, errors: int, found: int) -> tuple[list[Diagnostic], int]:
        """Take back what was found since there were so many errors and findings: they are to come later."""
        later, self.found[found:] = self.found[found:], []
        late, self.errors = self.errors - errors, errors
        return later, late

    def rejoin(self, later: tuple[list[Diagnostic], int]) -> None:
        """Add what ``part`` has given, in front."""
        self.found[:0] = later[0]
        self.errors += later[1]

    def restore(self) -> None:
        """Put back what has been kept, before what has been found since: the records make up one value again."""
        self.errors += sum(d.severity is Severity.ERROR for d in self.kept)
        self.found[:0] = self.kept
        self.kept = []

    def _diagnostic(
        self, row: Code, level: Severity, message: str, span: tuple[int, int] | None, path: str, hint: str
    ) -> Diagnostic:
        location = excerpt = None
        if span is not None and self.places is not None:
            location, excerpt = self.places.locate(span[0]), self.places.excerpt(*span)
        return Diagnostic(row.name, level, message, hint or row.remedy, path, location, excerpt, self.record)

    def report(self, contract: str = "", format: str = "", source: str = "") -> Report:
        """Give the findings so far as a report, in the order of their places."""
        about = (contract, format, self.profile, source)
        if self.deferred and not self.errors:
            return Report((), *about, pending=self.settled)
        return Report(self.settled(), *about, dropped=self.dropped)

    def defer(self, locate: Callable[[Findings], None]) -> None:
        """Take a function that adds hazards to these findings, to be run when they are wanted.

        Now, where they may be errors. It is given the findings, so that it need not hold on to them: who drops a report
        unasked drops the payload with it.
        """
        if self.lossless:
            locate(self)
        else:
            self.deferred.append(locate)

    def settled(self) -> tuple[Diagnostic, ...]:
        """Give every finding in the order of places, after running what was deferred."""
        waiting, self.deferred = self.deferred, []
        for locate in waiting:
            locate(self)
        last = 1 << 63  # what has no place comes at the end
        found = [*self.kept, *self.found, *self._counted()]
        return tuple(sorted(found, key=lambda d: d.location.offset if d.location else last))

    def _counted(self) -> Iterator[Diagnostic]:
        for key, first in self.hazards.items():
            times = self._again.get(key, 0)
            yield first.again(times) if times else first
