"""What ``convtool validate`` does with a capture: a line for each exchange, its findings below, one report per body."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from convtool.cli.output import say, show, show_text
from convtool.cli.verdicts import table

if TYPE_CHECKING:
    from convtool.catalog import Catalog
    from convtool.cli.inputs import Source
    from convtool.codes import Profile
    from convtool.diagnostics import Report

__all__ = ["validate_capture"]


def validate_capture(
    source: Source, catalog: Catalog, contract: str | None, profiles: list[Profile], *, text: bool
) -> list[dict[Profile, Report]]:
    """Give the reports on the bodies of a capture, by profile; with ``text`` they are shown as they come."""
    from convtool.captures import count, judge, summary  # only captures need it

    counts: Counter[str] = Counter()
    found: list[dict[Profile, Report]] = []
    first, *others = profiles
    for judgement in judge(source, catalog, profile=first, contract=contract):
        count(judgement, counts)
        found += [{first: report} for report in judgement.reports]
        if text and judgement.ours and not others:
            show_text(judgement.text())
    for profile in others:
        every = (report for one in judge(source, catalog, profile=profile, contract=contract) for report in one.reports)
        for reports, report in zip(found, every, strict=True):
            reports[profile] = report
    if text and others:
        show("\n".join(table(reports) for reports in found))
    say(f"{source_name(source)}: {summary(counts)}")
    return found


def source_name(source: Source) -> str:
    """Give a source's name as reports have it."""
    return str(getattr(source, "name", "")) if hasattr(source, "read") else str(source)
