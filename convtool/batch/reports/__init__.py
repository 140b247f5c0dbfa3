"""Reports of a run, by the suffix of their file: .json, .ndjson, .sarif, .xml (JUnit), .html.

Each is written from the outcomes in the plan's order as they are read from the journal, so that a report of millions of
files takes no more memory than one of ten. None holds a time: the same outcomes give the same report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from convtool.batch.reports import html, junit, plain, sarif
from convtool.batch.reports.about import About
from convtool.batch.reports.github import annotated, annotation
from convtool.errors import UsageError
from convtool.places import atomic_writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.batch.model import Outcome
    from convtool.batch.runner import Run

__all__ = ["FORMATS", "About", "annotated", "annotation", "check_report", "write_report"]


class Form(Protocol):
    """Writes a report, piece by piece."""

    def __call__(self, about: About, outcomes: Iterable[Outcome], /) -> Iterator[str]:
        """Yield the report's text."""
        ...


FORMATS: dict[str, Form] = {
    ".json": plain.document,
    ".ndjson": plain.lines,
    ".sarif": sarif.document,
    ".xml": junit.document,
    ".html": html.document,
}


def check_report(path: str) -> str:
    """Give the suffix that says what form a report has; UsageError where it says nothing."""
    suffix = next((suffix for suffix in FORMATS if path.lower().endswith(suffix)), "")
    if not suffix:
        raise UsageError(f"{path}: a report's form is told by its suffix: {', '.join(FORMATS)}")
    return suffix


def write_report(path: str, run: Run) -> None:
    """Write a report of a run that has ended; SourceError where it cannot be written."""
    form = FORMATS[check_report(path)]
    about = About(run.job.verb, run.summary, run.interrupted)
    with atomic_writer(path) as file:
        for piece in form(about, run.outcomes()):
            file.write(piece.encode("utf-8", "backslashreplace"))
