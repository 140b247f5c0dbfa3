"""Workflow commands of GitHub Actions: findings as annotations of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.batch.model import Outcome

__all__ = ["annotated", "annotation"]

_LEVELS = {"error": "error", "warning": "warning", "notice": "notice"}


def annotated(outcome: Outcome) -> Iterator[str]:
    """Yield a line for each finding of a file, and one where it was refused, failed or skipped."""
    for found in outcome.diagnostics:
        yield annotation(outcome.name, found)
    if outcome.reason:
        level = "notice" if outcome.status == "skipped" else "error"
        yield f"::{level} file={_property(outcome.name)},title={outcome.status}::{_text(outcome.reason)}"


def annotation(source: str, found: dict[str, Any]) -> str:
    """Give the line for one finding, which is a dictionary as ``Diagnostic.to_dict`` gives it."""
    place = f",line={found['line']},col={found['column']}" if "line" in found else ""
    message = found["message"] + (f"\nhint: {found['hint']}" if found.get("hint") else "")
    title = _property(found["code"])
    return f"::{_LEVELS[found['severity']]} file={_property(source)}{place},title={title}::{_text(message)}"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
