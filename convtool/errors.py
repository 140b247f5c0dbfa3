"""The errors that leave the library: all of them below ConvtoolError, so that one except clause is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convtool.findings import Report

__all__ = ["ContractError", "ConvtoolError", "PayloadError", "SinkError", "SourceError", "UsageError"]


class ConvtoolError(Exception):
    """Base of every error that convtool raises on purpose: ``message`` says what is wrong, ``hint`` what to do."""

    def __init__(self, message: object = "", *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def message(self) -> str:
        """What is wrong, without the hint."""
        return str(self.args[0])

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class ContractError(ConvtoolError):
    """The schema files are missing, unreadable, or disagree; the message names the places."""


class SourceError(ConvtoolError):
    """A source cannot be read or a sink cannot be written: missing, a folder, no permission, disk full."""


class SinkError(SourceError):
    """A sink cannot be written: no room, no permission, a broken disk. Whatever was to be written is not to blame."""


class UsageError(ConvtoolError):
    """A call that cannot mean anything: an unknown profile, format or option value."""


class PayloadError(ConvtoolError):
    """A payload that has errors: ``report`` holds every finding, ``str()`` shows them with their places."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return self.report.text()
