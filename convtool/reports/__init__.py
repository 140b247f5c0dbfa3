"""Reports of a run: one table of reporters, by name and by the suffix of a report's file.

Each is written from the outcomes in the plan's order as they are read from the journal, so that a report of millions of
files takes no more memory than one of ten. None holds a time: the same outcomes give the same report.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from convtool._lazy import lazily
from convtool.errors import UsageError
from convtool.places import atomic_writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.outcome import Outcome
    from convtool.reports.about import About

__all__ = ["REPORTERS", "About", "Reporter", "reporter_of", "write_report"]


__getattr__ = lazily(__name__, {"about": "About"})


class Reporter(NamedTuple):
    """One form of a report. ``live``: it needs no counts first, and can be written while the run goes on."""

    module: str
    function: str
    suffix: str
    live: bool = False

    def pieces(self, about: About, outcomes: Iterable[Outcome]) -> Iterator[str]:
        """Yield the report's text, piece by piece; its module is imported now."""
        write = getattr(import_module(f"convtool.reports.{self.module}"), self.function)
        found: Iterator[str] = write(about, outcomes)
        return found


REPORTERS = {
    "text": Reporter("text", "document", ".txt", live=True),
    "json": Reporter("plain", "document", ".json"),
    "ndjson": Reporter("plain", "lines", ".ndjson", live=True),
    "github": Reporter("github", "document", "", live=True),
    "sarif": Reporter("sarif", "document", ".sarif"),
    "junit": Reporter("junit", "document", ".xml"),
    "html": Reporter("html", "document", ".html"),
}


def reporter_of(path: str) -> Reporter:
    """Give the reporter that a report's suffix names; UsageError where it names none."""
    lower = path.lower()
    found = next((one for one in REPORTERS.values() if one.suffix and lower.endswith(one.suffix)), None)
    if found is None:
        suffixes = ", ".join(one.suffix for one in REPORTERS.values() if one.suffix)
        raise UsageError(f"{path}: a report's form is told by its suffix: {suffixes}")
    return found


def write_report(path: str, about: About, outcomes: Iterable[Outcome]) -> None:
    """Write a report in the form that its suffix names; SourceError where it cannot be written."""
    with atomic_writer(path) as file:
        for piece in reporter_of(path).pieces(about, outcomes):
            file.write(piece.encode("utf-8", "backslashreplace"))
