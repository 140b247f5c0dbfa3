"""The verdicts of both profiles on one payload, side by side: what the schemas say, and what .NET makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool.codes import PROFILES
from convtool.shown import line

if TYPE_CHECKING:
    from convtool.codes import Profile
    from convtool.diagnostics import Diagnostic, Location, Report

__all__ = ["table"]

_UNREPORTED = "-"


def table(reports: dict[Profile, Report]) -> str:
    """Give a table with a row for each finding, its message and hint below it; then a line with both verdicts."""
    rows = [(*(str(level) for level in PROFILES), "code", "place", "path")]
    notes: list[list[str]] = [[]]
    for finding, levels in _side_by_side(reports):
        place = f"{finding.location.line}:{finding.location.column}" if finding.location else ""
        rows.append(
            (*(levels.get(profile, _UNREPORTED) for profile in PROFILES), finding.code, place, line(finding.path))
        )
        times = f" ({finding.count} times; this is the first)" if finding.count > 1 else ""
        notes.append([f"{line(finding.message)}{times}", *([f"hint: {line(finding.hint)}"] if finding.hint else [])])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row, below in zip(rows, notes, strict=True):
        lines.append("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
        lines += [f"      {note}" for note in below]
    source = line(next(iter(reports.values())).source or "payload")
    lines = [f"{source}:", *lines] if len(rows) > 1 else []
    return "\n".join([*lines, *(f"{source}: {profile}: {_verdict(report)}" for profile, report in reports.items())])


def _verdict(report: Report) -> str:
    """Give the last line of a report, without the payload's name."""
    last = report.text().rpartition("\n")[2]
    return last.removeprefix(f"{line(report.source or 'payload')}: ")


def _side_by_side(reports: dict[Profile, Report]) -> list[tuple[Diagnostic, dict[Profile, str]]]:
    """Give every finding of either report once, in the order of places, with what each profile says of it."""
    found: dict[tuple[str, str, Location | None], tuple[Diagnostic, dict[Profile, str]]] = {}
    for profile, report in reports.items():
        for finding in report:
            one = found.setdefault((finding.code, finding.path, finding.location), (finding, {}))
            one[1][profile] = str(finding.severity)
    last = 1 << 63  # what has no place comes at the end
    return sorted(found.values(), key=lambda pair: pair[0].location.offset if pair[0].location else last)
