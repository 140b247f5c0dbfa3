"""What a test injects: which answers are slow, refused, given, broken. Rules are asked in order, the newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convtool.errors import UsageError
from convtool.testing.stub.incoming import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.sniff import Format

__all__ = ["BROKEN", "WITH_BODY", "Rule", "breaks_of", "rule_from"]

_HTML = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n"
_VALUE = re.compile(r"[\t -~\x80-\xff]*")  # of a header, as it can be sent: RFC 9110, section 5.5


@dataclass(slots=True)
class Rule:
    """One injected answer; see ``ContractServer.respond`` for its parts. ``left``: how often it still holds."""

    operation: str = ""
    payload: bytes | None = None
    content_type: str = ""
    status: int = 200
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    broken: str = ""
    left: int | None = None


def _half(data: bytes, _format: Format) -> bytes:
    return data[: len(data) // 2]


def _unknown_member(data: bytes, format: Format) -> bytes:
    """Put a member, or a record, that no contract knows at the beginning of a document in the wire form, or alone."""
    if format == "xml":
        if b">" not in data:  # there is no root
            return b"<Unknown>1</Unknown>" + data
        at = data.index(b">")
        if data[at - 1 : at] == b"/":  # an empty root
            name = data[1:].split(b" ", 1)[0]
            return data[: at - 1].rstrip() + b"><Unknown>1</Unknown></" + name + b">"
        return data[: at + 1] + b"<Unknown>1</Unknown>" + data[at + 1 :]
    inner = data[1:-1]
    separator = b"," if inner else b""
    if data.startswith(b"["):
        return b'[{"Unknown":1}' + separator + inner + b"]"
    return b'{"Unknown":1' + separator + inner + b"}" if data.startswith(b"{") else b'{"Unknown":1}'


# What can be wrong with an answer: its name → what becomes of the body, and the media type where that changes too.
# "connection" promises the whole body, sends half of it and hangs up.
BROKEN: dict[str, tuple[Callable[[bytes, Format], bytes], str]] = {
    "connection": (lambda data, _format: data, ""),
    "truncated": (_half, ""),
    "invalid": (_unknown_member, ""),
    "empty": (lambda _data, _format: b"", ""),
    "html": (lambda _data, _format: _HTML, "text/html; charset=utf-8"),
}

WITH_BODY = ("connection", "invalid", "html")  # those for which there has to be a body, if only a promised one


def breaks_of(rule: Rule | None, data: bytes, format: Format) -> tuple[bytes, str]:
    """Give a body as a rule breaks it, and its media type where that changes."""
    if rule is None or not rule.broken:
        return data, ""
    change, content_type = BROKEN[rule.broken]
    return change(data, format), content_type


def rule_from(parts: Any) -> Rule:
    """Give a rule of named parts; UsageError where one of them cannot be meant."""
    if not isinstance(parts, dict):
        raise UsageError("a rule is an object of named parts")
    known = {"operation", "payload", "content_type", "status", "message", "headers", "delay", "broken", "times"}
    unknown = sorted(set(parts) - known)
    if unknown:
        raise UsageError(f"a rule has no {', '.join(unknown)}", hint=f"it has: {', '.join(sorted(known))}")
    status, delay, broken, times = (
        parts.get("status", 200), parts.get("delay", 0), parts.get("broken") or "", parts.get("times"),
    )  # fmt: skip
    if not _is_number(status) or not 200 <= status <= 599:
        raise UsageError(f"status={status!r}: a status is a number from 200 to 599")
    if isinstance(delay, bool) or not isinstance(delay, (int, float)) or not 0 <= delay <= 3600:
        raise UsageError(f"delay={delay!r}: a delay is a number of seconds, at most an hour")
    if broken and broken not in BROKEN:
        raise UsageError(f"broken={broken!r}: there are {', '.join(BROKEN)}")
    if times is not None and (not _is_number(times) or times < 1):
        raise UsageError(f"times={times!r}: a rule holds once or more often, or (without times) always")
    payload = parts.get("payload")
    if isinstance(payload, str):
        payload = payload.encode("utf-8", "replace")  # half characters are none
    headers = parts.get("headers") or {}
    content_type = str(parts.get("content_type") or "")
    if payload is not None and not isinstance(payload, bytes):
        raise UsageError(f"payload={payload!r}: a payload is bytes or a text")
    if not isinstance(headers, dict):
        raise UsageError(f"headers={headers!r}: headers are names and texts")
    sent = {str(name): str(text) for name, text in headers.items()}
    for name, text in (*sent.items(), ("Content-Type", content_type)):
        if not TOKEN.fullmatch(name) or not _VALUE.fullmatch(text):
            raise UsageError(f"the header {name!r}: {text!r} cannot be sent")
    return Rule(
        str(parts.get("operation") or ""), payload, content_type, status, str(parts.get("message") or ""), sent,
        float(delay), broken, times,
    )  # fmt: skip


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
