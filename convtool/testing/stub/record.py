"""Requests as the stub saw them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convtool.diagnostics import Report

__all__ = ["RecordedRequest"]


@dataclass(slots=True)
class RecordedRequest:
    """One request: what came, what it was found to be, and the status of the answer.

    ``headers`` and ``content`` make it a payload: ``assert_valid(server.requests[0])``. ``operation`` is empty where
    the request is of none, ``report`` None where there was no body to judge.
    """

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    operation: str = ""
    contract: str = ""
    report: Report | None = None
    status: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form; a body that is not UTF-8 has its bytes replaced."""
        report = self.report.to_dict() if self.report is not None else None
        return {
            "method": self.method, "url": self.url, "headers": self.headers, "operation": self.operation,
            "contract": self.contract, "status": self.status, "body": self.content.decode("utf-8", "replace"),
            "report": report,
        }  # fmt: skip
