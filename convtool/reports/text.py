"""Outcomes as people read them: the findings with their places, then one line of verdict."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from convtool.codes import PROFILES, Severity
from convtool.findings import folded, left_out_text
from convtool.shown import counted, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.findings import Diagnostic, Report
    from convtool.outcome import Outcome
    from convtool.reports.about import About

__all__ = ["document", "in_short", "side_by_side", "summed_up", "text"]

_UNREPORTED = "-"


def document(about: About, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield a text for each payload; where payloads have not been named one by one, only for those that are bad."""
    for outcome in outcomes:
        if about.every or outcome.bad:
            yield "".join(f"{part}\n" for part in (text(outcome, fold=not about.unfolded), summed_up(outcome)) if part)


def text(outcome: Outcome, *, fold: bool = False) -> str:
    """Give one payload's text; ``fold``: of each kind of finding the first only, with a count."""
    if outcome.format == "capture":
        return _capture(outcome, fold=fold)
    if outcome.judged:
        return side_by_side(outcome.name, {one.profile: one.report() for one in outcome.judged}, fold=fold)
    if outcome.reason:
        return "\n".join(
            [*_findings(outcome, fold=fold), f"{line(outcome.name)}: {outcome.status}: {line(outcome.reason)}"]
        )
    if outcome.status in ("valid", "invalid") and not outcome.target:
        return outcome.report().text(fold=fold)
    what = " ".join(part for part in (outcome.contract, outcome.format) if part)
    what = "; ".join(filter(None, (what, left_out_text(outcome.left_out))))
    verdict = f"{line(outcome.name)}: {outcome.status}{f' ({what})' if what else ''}"
    return "\n".join([*_findings(outcome, fold=fold), verdict])


def in_short(outcome: Outcome) -> str:
    """Give in a line what is wrong with a payload: the reason, or the first of its errors and how many more there are.

    Of one that was converted without its bad records: how many these are, and where.
    """
    name = line(outcome.name)
    if outcome.skipped:
        return f"{name}: {counted(outcome.skipped, 'record')} with errors put aside in {line(outcome.aside)}"
    errors = [one for one in outcome.report().diagnostics if one.severity is Severity.ERROR]
    if outcome.reason or not errors:
        return f"{name}: {outcome.status}{f': {line(outcome.reason)}' if outcome.reason else ''}"
    more = sum(one.count for one in errors[1:])
    first = errors[0].text(outcome.name).partition("\n")[0]
    return f"{first} and {counted(more, 'more error')}" if more else first


def _findings(outcome: Outcome, *, fold: bool) -> list[str]:
    found = outcome.report().diagnostics
    return [one.text(outcome.name) for one in (folded(found) if fold else found)]


def _capture(outcome: Outcome, *, fold: bool) -> str:
    lines = []
    if any(one.profile for one in outcome.judged):
        for name, bodies in groupby((one for one in outcome.judged if one.status != "skipped"), lambda one: one.name):
            lines.append(side_by_side(name, {one.profile: one.report() for one in bodies}, fold=fold))
    else:
        for one in outcome.judged:
            lines += [one.heading] if one.heading else []
            lines += _findings(one, fold=fold)
            lines += [f"{line(one.name)}: {told}"] if (told := left_out_text(one.left_out)) else []
    return "\n".join(lines)


def summed_up(outcome: Outcome) -> str:
    """Give the last line about a capture: how many exchanges there are, and how many bodies of each verdict."""
    if outcome.format != "capture":
        return ""
    return f"{line(outcome.name)}: {outcome.heading}{f': {line(outcome.reason)}' if outcome.reason else ''}"


def side_by_side(name: str, reports: dict[str, Report], *, fold: bool = False) -> str:
    """Give what both profiles say of a payload: a row for each finding, its message and hint below; both verdicts."""
    rows = [(*(str(level) for level in PROFILES), "code", "place", "path")]
    notes: list[list[str]] = [[]]
    for finding, levels in _joined(reports, fold=fold):
        place = f"{finding.location.line}:{finding.location.column}" if finding.location else ""
        said = (levels.get(profile, _UNREPORTED) for profile in PROFILES)
        rows.append((*said, finding.code, place, line(finding.path)))
        times = f" ({finding.count} times; this is the first)" if finding.count > 1 else ""
        notes.append([f"{line(finding.message)}{times}", *([f"hint: {line(finding.hint)}"] if finding.hint else [])])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    name = line(name)
    lines = [f"{name}:"] if len(rows) > 1 else []
    for row, below in zip(rows, notes, strict=True) if len(rows) > 1 else ():
        lines.append("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
        lines += [f"      {note}" for note in below]
    return "\n".join([*lines, *(f"{name}: {profile}: {_verdict(report)}" for profile, report in reports.items())])


def _verdict(report: Report) -> str:
    """Give the last line of a report, without the payload's name."""
    return report.text().rpartition("\n")[2].removeprefix(f"{line(report.source or 'payload')}: ")


def _joined(reports: dict[str, Report], *, fold: bool) -> list[tuple[Diagnostic, dict[str, str]]]:
    """Give every finding of either report once, in the order of places, with what each profile says of it."""
    found: dict[tuple[Any, ...], tuple[Diagnostic, dict[str, str]]] = {}
    for profile, report in reports.items():
        again = Counter[tuple[Any, ...]]()
        for finding in folded(report) if fold else report:
            key = finding.code, finding.path, finding.location
            again[key] += 1
            one = found.setdefault((*key, again[key]), (finding, {}))
            one[1][profile] = str(finding.severity)
    last = 1 << 63  # what has no place comes at the end
    return sorted(found.values(), key=lambda pair: pair[0].location.offset if pair[0].location else last)
