"""What came of one payload, for everybody: library, commands, batches, captures, reports.

An outcome is plain data: it travels from worker to journal to report, and is never an exception. What holds several
payloads (a capture) or is judged twice (by both profiles) has an outcome for each in ``judged``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from convtool.choice import EVERYTHING, Choice
from convtool.codes import Severity
from convtool.findings import Diagnostic, Excerpt, Location, Report
from convtool.places.urls import shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.codes import Profile

__all__ = [
    "BAD", "GOOD", "JUDGED", "KEPT", "STATUSES", "Outcome", "Status", "diagnostic", "findings", "shown", "source_name",
]  # fmt: skip

Status = Literal["converted", "valid", "invalid", "error response", "no verdict", "skipped", "refused", "failed"]
STATUSES: dict[str, str] = {
    "converted": "converted; what could not be kept is among the diagnostics",
    "valid": "valid",
    "invalid": "a payload with errors, or something that claims to be one",
    "error response": "what the server says went wrong: no payload, and no fault of one",
    "no verdict": "a body that its capture does not hold whole",
    "skipped": "no payload",
    "refused": "breaks a rule of archives, or a limit",
    "failed": "could not be read or done",
}
GOOD = ("converted", "valid")
BAD = ("invalid", "no verdict", "refused", "failed")
JUDGED = (*GOOD, "error response", "invalid", "no verdict")  # a run without any of these has shown nothing
_SEVERITIES = [str(severity) for severity in Severity]  # the worst first
_LAST = 1 << 62  # what has no place comes at the end
KEPT = 100  # findings of one file: enough to see what is wrong; a run has many files


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of one payload: ``outcome.schema.json`` describes the fields."""

    number: int
    source: str
    status: Status
    member: str = ""
    contract: str = ""
    format: str = ""
    profile: str = ""
    records: int = 0
    skipped: int = 0  # bad records that were put aside
    bytes_in: int = 0
    bytes_out: int = 0
    sha256_in: str = ""
    sha256_out: str = ""
    target: str = ""
    aside: str = ""  # where bad records were put
    reason: str = ""
    diagnostics: tuple[dict[str, Any], ...] = ()
    dropped: int = 0  # diagnostics beyond those that are kept
    left_out: dict[str, dict[str, Any]] = {}  # by code the severity and the count of what was not to be shown
    stamp: str = ""
    part: str = ""
    offset: int = 0
    heading: str = ""  # of a capture how many exchanges it has, of a body the line about its exchange
    exchanges: dict[str, Any] = {}  # of a capture what came of its exchanges, as captures.Tally counts them
    exchange: dict[str, Any] = {}  # of a captured body: its method, URL, status and operation
    verified: bool | None = None  # whether converting back has been proven to give the same document; None: not tried
    judged: tuple[Outcome, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the payload is valid, or has been converted."""
        return self.status in GOOD

    @property
    def bad(self) -> bool:
        """Whether something is wrong with it: it is neither good, nor skipped, nor an error response."""
        return self.status in BAD

    @property
    def name(self) -> str:
        """The payload as people know it: an archive and its member have a slash between them."""
        return f"{self.source}/{self.member}" if self.member else self.source

    def each(self) -> Iterator[Outcome]:
        """Yield the outcomes of the payloads that this one holds; itself, where it is one."""
        yield from self.judged or (self,)

    def payloads(self) -> Iterator[Outcome]:
        """Yield the outcomes as ``each`` does, but one alone of a payload that both profiles have judged."""
        if not self.judged:
            yield self
        elif self.profile == "both":
            yield _of_both(self, self.judged)
        elif self.judged[0].profile:  # a capture has the two of a body one after the other
            for pair in zip(self.judged[::2], self.judged[1::2], strict=True):
                yield _of_both(next((one for one in pair if not one.good), pair[0]), pair)
        else:
            yield from self.judged

    def numbered(self, number: int) -> Outcome:
        """Give it, and what it holds, with the file's place in a plan."""
        if not self.judged and self.number == number:
            return self
        judged = tuple(one.numbered(number) for one in self.judged)
        return msgspec.structs.replace(self, number=number, judged=judged)

    def report(self) -> Report:
        """Give the findings as a report."""
        profile: Profile = "dotnet" if self.profile == "dotnet" else "strict"
        found = tuple(map(diagnostic, self.diagnostics))
        about = (self.contract, self.format, profile, self.name)
        return Report(found, *about, dropped=self.dropped, records=self.records, left_out=self.left_out)


def shown(text: str) -> str:
    """Give a text that every encoding can hold: bytes that are no text, and half characters, become escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def source_name(path: str) -> str:
    """Give a source's name for outcomes: of a URL without what may be secret in it."""
    return shown(shown_url(path))


def _of_both(whole: Outcome, each: tuple[Outcome, ...]) -> Outcome:
    """Give an outcome with the findings of two: what both profiles say of one place is one, as the stricter has it."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    left_out: dict[str, dict[str, Any]] = {}
    for one in each:
        again: Counter[tuple[Any, ...]] = Counter()
        for entry in one.diagnostics:
            key = (entry["code"], entry.get("path"), entry.get("offset"))
            again[key] += 1
            _keep(found, (*key, again[key]), entry)
        for code, row in one.left_out.items():
            _keep(left_out, code, row)
    told = tuple(sorted(found.values(), key=lambda entry: entry.get("offset", _LAST)))
    dropped = max(one.dropped for one in each)
    return msgspec.structs.replace(
        whole, profile="both", diagnostics=told, left_out=left_out, dropped=dropped, judged=()
    )


def _keep(rows: dict[Any, dict[str, Any]], key: Any, row: dict[str, Any]) -> None:
    """Put a row where none is yet; of two the one of the worse severity stays, with the greater count."""
    known = rows.setdefault(key, row)
    if known is not row:
        worse = min(known, row, key=lambda one: _SEVERITIES.index(one["severity"]))
        most = max(known.get("count", 1), row.get("count", 1))
        rows[key] = {**worse, "count": most} if most > 1 else worse


def findings(report: Report, *, kept: int = KEPT, choice: Choice = EVERYTHING) -> dict[str, Any]:
    """Give a report's findings as fields of an outcome, errors first where not all are kept.

    Where they are many (``kept`` is KEPT), only errors have their hint and their excerpt. What ``choice`` does not show
    is counted.
    """
    found, counted = _chosen(report.diagnostics, choice)
    if not found:
        return {"dropped": report.dropped, **counted} if report.dropped else counted
    brief = kept <= KEPT
    if brief and not report:
        found = tuple(sorted(found, key=lambda one: one.severity is not Severity.ERROR))
    told = tuple([_told(one, brief=brief and one.severity is not Severity.ERROR) for one in found[:kept]])
    return {"diagnostics": told, "dropped": report.dropped + max(0, len(found) - kept), **counted}


def _chosen(found: tuple[Diagnostic, ...], choice: Choice) -> tuple[tuple[Diagnostic, ...], dict[str, Any]]:
    """Give what is to be shown, and what is not as a field of an outcome."""
    if not choice:
        return found, {}
    left_out: dict[str, dict[str, Any]] = {}
    for one in found:
        if not choice.shows(one.code, one.severity):
            row = left_out.setdefault(one.code, {"severity": str(one.severity), "count": 0})
            row["count"] += one.count
    shown_ones = tuple(one for one in found if choice.shows(one.code, one.severity))
    return shown_ones, {"left_out": left_out} if left_out else {}


def diagnostic(entry: dict[str, Any]) -> Diagnostic:
    """Give a finding back from the form that an outcome has."""
    location = Location(entry["line"], entry["column"], entry["offset"]) if "line" in entry else None
    excerpt = Excerpt(**entry["excerpt"]) if "excerpt" in entry else None
    return Diagnostic(
        entry["code"], Severity(entry["severity"]), entry["message"], entry.get("hint", ""), entry.get("path", ""),
        location, excerpt, entry.get("record"), entry.get("count", 1),
    )  # fmt: skip


def _told(one: Diagnostic, *, brief: bool) -> dict[str, Any]:
    """Give a finding's JSON form, which any file can hold: a payload may have halves of characters."""
    entry = one.to_dict(brief=brief)
    return entry if brief and one.message.isascii() and one.path.isascii() else _clean(entry)


def _clean(entry: dict[str, Any]) -> dict[str, Any]:
    """Give a finding whose texts any file can hold: a payload may have halves of characters."""
    return {
        key: shown(value) if isinstance(value, str) else _clean(value) if isinstance(value, dict) else value
        for key, value in entry.items()
    }
