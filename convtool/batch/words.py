"""Texts of outcomes: names that any file can hold, and findings in the form that the journal has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.codes import Severity
from convtool.diagnostics import Diagnostic, Excerpt, Location
from convtool.places import shown_url

if TYPE_CHECKING:
    from convtool.diagnostics import Report

__all__ = ["diagnostic", "findings", "shown", "source_name"]

_KEPT = 100  # findings of one file: enough to see what is wrong; a run has many files


def shown(text: str) -> str:
    """Give a text that every encoding can hold: bytes that are no text, and half characters, become escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def source_name(path: str) -> str:
    """Give a source's name for outcomes: of a URL without what may be secret in it."""
    return shown(shown_url(path))


def findings(report: Report) -> dict[str, Any]:
    """Give a report's findings as fields of an outcome. Only errors keep their hint and their excerpt."""
    found = report.diagnostics
    if not found:
        return {"dropped": report.dropped} if report.dropped else {}
    if not report:
        found = tuple(sorted(found, key=lambda one: one.severity is not Severity.ERROR))
    kept = tuple(_clean(one.to_dict(brief=one.severity is not Severity.ERROR)) for one in found[:_KEPT])
    return {"diagnostics": kept, "dropped": report.dropped + max(0, len(found) - _KEPT)}


def diagnostic(entry: dict[str, Any]) -> Diagnostic:
    """Give a finding back from the form that the journal has."""
    location = Location(entry["line"], entry["column"], entry["offset"]) if "line" in entry else None
    excerpt = Excerpt(**entry["excerpt"]) if "excerpt" in entry else None
    return Diagnostic(
        entry["code"], Severity(entry["severity"]), entry["message"], entry.get("hint", ""), entry.get("path", ""),
        location, excerpt, entry.get("record"), entry.get("count", 1),
    )  # fmt: skip


def _clean(entry: dict[str, Any]) -> dict[str, Any]:
    """Give a finding whose texts any file can hold: a payload may have halves of characters."""
    return {
        key: shown(value) if isinstance(value, str) else _clean(value) if isinstance(value, dict) else value
        for key, value in entry.items()
    }
