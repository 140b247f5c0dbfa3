"""What ``convtool validate`` does with captures: a line for each exchange, its findings below, one report per body."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from convtool.captures.kinds import is_capture
from convtool.cli.output import say, show, show_text
from convtool.cli.verdicts import table
from convtool.shown import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convtool.batch.model import Status
    from convtool.catalog import Catalog
    from convtool.cli.inputs import Source
    from convtool.codes import Profile
    from convtool.diagnostics import Report

__all__ = ["are_captures", "validate_capture", "write_reports"]


def are_captures(sources: Sequence[str], options: dict[str, Any]) -> bool:
    """Tell whether all sources are capture files; UsageError where some are, and batches are asked for."""
    captures = [source for source in sources if source != "-" and is_capture(source)]
    if not captures:
        return False
    others = [name for name, value in options.items() if value and name not in ("reports", "quiet")]
    if others:
        raise click.UsageError(f"--{others[0].replace('_', '-')} means nothing for captures.")
    if len(captures) < len(sources) and options.get("reports"):
        raise click.UsageError("A report is of captures or of other files: validate them one after the other.")
    return len(captures) == len(sources)


def validate_capture(
    source: Source, catalog: Catalog, contract: str | None, profiles: list[Profile], *,
    depth: int, text: bool, quiet: bool = False,
) -> list[dict[Profile, Report]]:  # fmt: skip
    """Give the reports on the bodies of a capture, by profile; with ``text`` they are shown as they come."""
    from convtool.captures import count, judge, summary  # only captures need it

    counts: Counter[str] = Counter()
    found: list[dict[Profile, Report]] = []
    first, *others = profiles
    for judgement in judge(source, catalog, profile=first, contract=contract, depth=depth):
        count(judgement, counts)
        found += [{first: report} for report in judgement.reports]
        if text and judgement.ours and not others:
            show_text(judgement.text())
    for profile in others:
        again = judge(source, catalog, profile=profile, contract=contract, depth=depth)
        every = (report for one in again for report in one.reports)
        for reports, report in zip(found, every, strict=True):
            reports[profile] = report
    if text and others:
        show("\n".join(table(reports) for reports in found))
    if not quiet:
        name = getattr(source, "name", "") if hasattr(source, "read") else source
        say(f"{line(str(name))}: {summary(counts)}")
    return found


def write_reports(paths: Sequence[str], found: Sequence[Report]) -> None:
    """Write reports on the bodies of captures, in the forms that batches have; a body without a verdict has failed."""
    from convtool.batch import Outcome
    from convtool.batch.reports import FORMATS, About, check_report
    from convtool.batch.summary import Summary
    from convtool.batch.words import findings
    from convtool.captures.model import BLOCKING, UNREADABLE
    from convtool.places import atomic_writer

    about = About("validate", Summary())
    outcomes = []
    for number, report in enumerate(found):
        lost = next((one for one in report if one.code in BLOCKING | UNREADABLE), None)
        status: Status = "failed" if lost is not None else "valid" if report else "invalid"
        outcome = Outcome(
            number, report.source, status, contract=report.contract, format=report.format, records=report.records,
            reason=f"no verdict: {lost.message}" if lost is not None else "", **findings(report),
        )  # fmt: skip
        about.summary.add(outcome)
        outcomes.append(outcome)
    for path in paths:
        form = FORMATS[check_report(path)]
        with atomic_writer(path) as file:
            for piece in form(about, outcomes):
                file.write(piece.encode("utf-8", "backslashreplace"))
