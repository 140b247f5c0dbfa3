"""Workflow commands of GitHub Actions: findings as annotations of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool import shown
from convtool.findings import left_out_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.outcome import Outcome
    from convtool.reports.about import About

__all__ = ["annotated", "document"]

_LEVELS = {"error": "error", "warning": "warning", "notice": "notice"}


def document(_: About, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the lines of all files."""
    for outcome in outcomes:
        for line in annotated(outcome):
            yield f"{line}\n"


def annotated(outcome: Outcome) -> Iterator[str]:
    """Yield a line for each finding of a file, and one where it was refused, failed or skipped."""
    for one in outcome.payloads():
        for found in one.diagnostics:
            yield annotation(one.name, found)
        if one.bad and one.left_out:  # or nothing would say why the run is red
            yield f"::notice file={_property(one.name)},title={one.status}::{_text(left_out_text(one.left_out))}"
    if outcome.reason:
        level = "notice" if outcome.status == "skipped" else "error"
        yield f"::{level} file={_property(outcome.name)},title={outcome.status}::{_text(outcome.reason)}"


def annotation(source: str, found: dict[str, Any]) -> str:
    """Give the line for one finding, which is a dictionary as ``Diagnostic.to_dict`` gives it."""
    place = f",line={found['line']},col={found['column']}" if "line" in found else ""
    message = "%0Ahint: ".join(_text(found[part]) for part in ("message", "hint") if found.get(part))
    title = _property(found["code"])
    return f"::{_LEVELS[found['severity']]} file={_property(source)}{place},title={title}::{message}"


def _text(text: str) -> str:
    return shown.line(text).replace("%", "%25")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
