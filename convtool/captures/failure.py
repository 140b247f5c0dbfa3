"""A part of a capture that cannot be read: reported as any other finding, with its place in the capture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convtool.codes import CODES, Severity
from convtool.findings import Diagnostic, Report

if TYPE_CHECKING:
    from convtool.findings import Location

__all__ = ["Broken", "broken"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A part of a capture that holds no exchange, and why."""

    report: Report


def broken(source: str, message: str, location: Location | None = None, code: str = "capture.syntax") -> Broken:
    """Give the report on a capture called ``source``."""
    diagnostic = Diagnostic(code, Severity.ERROR, message, CODES[code].remedy, location=location)
    return Broken(Report((diagnostic,), source=source))
