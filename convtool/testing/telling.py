"""How a failure reads: the errors with place and caret, what the server said, the differences by path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool.codes import Severity
from convtool.findings import Findings
from convtool.http_error import recognise, report_error
from convtool.shown import line

if TYPE_CHECKING:
    from convtool.compare import Difference
    from convtool.convert import Codec
    from convtool.findings import Report
    from convtool.testing.received import Received

__all__ = ["tell_differences", "tell_problem", "tell_report"]

_MOST = 20  # findings or differences that a failure shows: what is beyond is mostly more of the same
_BODY = 200  # characters of a body that is no payload which a failure shows


def tell_problem(problem: str, came: Received, codec: Codec | None) -> str:
    """Give the message of a payload that is invalid as it came: why, and what the server said, or how it begins."""
    shown = _server_said(came) or [f"    {_beginning(came)}"]
    return "\n".join([came.about or _headline(came, codec), f"{line(problem)}:", *shown])


def tell_report(report: Report, came: Received, codec: Codec | None, what: str = "") -> str:
    """Give the message of a payload that is invalid: a line that says so, then each error."""
    said = _server_said(came)
    if said:
        return "\n".join([came.about or _headline(came, codec, what), *said])
    errors = [found for found in report if found.severity is Severity.ERROR]
    lines = [came.about] if came.about else []
    lines.append(f"{_headline(came, codec, what)}: {_counted(len(errors), 'error')}")
    lines += [found.text(came.name or "payload") for found in errors[:_MOST]]
    if len(errors) + report.dropped > _MOST:
        lines.append(f"and {len(errors) + report.dropped - _MOST} more")
    if codec is None:
        lines.append("hint: where the contract cannot be recognised, name it: contract=…")
    return "\n".join(lines)


def _headline(came: Received, codec: Codec | None, what: str = "") -> str:
    name = line(came.name or "the payload")
    return f"{name}: {what}" if what else f"{name} is not a valid {codec.name if codec else 'payload'}"


def _server_said(came: Received) -> list[str]:
    """Give what an error response of Web API says, instead of what is wrong with it as a payload."""
    data = came.content.encode("utf-8", "replace") if isinstance(came.content, str) else came.content
    error = recognise(data, failed=came.status >= 400)
    if error is None:
        return []
    findings = Findings()
    report_error(error, findings, came.status)
    return [found.text(came.name or "the response") for found in findings.settled()]


def _beginning(came: Received) -> str:
    text = came.content if isinstance(came.content, str) else came.content[: 4 * _BODY].decode("utf-8", "replace")
    cut = " ".join(text[:_BODY].split())
    return f"{line(cut)}{'…' if len(text) > _BODY else ''}" or "(an empty body)"


def tell_differences(found: list[Difference], left: str, right: str) -> str:
    """Give the message of two payloads that are not the same: each difference by its path."""
    lines = [f"the payloads differ: {_counted(len(found), 'difference')}"]
    lines += [one.text(left, right) for one in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(f"and {len(found) - _MOST} more")
    return "\n".join(lines)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
