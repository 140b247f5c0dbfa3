"""What a test injects: which answers are slow, refused, given, broken. Rules are asked in order, the newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convtool.errors import UsageError
from convtool.formats.xml.envelope import looks_like
from convtool.testing.stub.incoming import TOKEN

if TYPE_CHECKING:
    from convtool.sniff import Format

__all__ = ["BROKEN", "WITH_BODY", "Rule", "broken_bytes", "broken_text", "rule_from"]

_HTML = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n"
_VALUE = re.compile(r"[\t -~\x80-\xff]*")  # of a header, as it can be sent: RFC 9110, section 5.5
_BODY = re.compile(rb"<(?:[^\s<>:/]+:)?Body\b[^<>]*>")  # of an envelope
_TAG = re.compile(rb"<([^\s<>/!?]+)[^<>]*>")  # of a root: no comment, and no declaration


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

    @property
    def answers_all(self) -> bool:
        """Whether it answers what the stub refuses as well: with an error, or late; a payload is for those it takes."""
        return self.status >= 400 or (self.delay > 0 and self.payload is None and not self.broken)


def _unknown_member(data: bytes, format: Format) -> bytes:
    """Put a member, or a record, that no contract knows at the beginning of a document in the wire form, or alone.

    Of a SOAP envelope that is the beginning of its message: a reader passes over what else an envelope holds.
    """
    if format == "xml":
        body = _BODY.search(data) if looks_like(data) else None
        begin = body.end() if body is not None else 0
        root = _TAG.search(data, begin)
        if root is None:
            return data[:begin] + b"<Unknown>1</Unknown>" + data[begin:]
        at = root.end()
        if data[at - 2 : at] == b"/>":  # an empty one
            return data[: at - 2].rstrip() + b"><Unknown>1</Unknown></" + root[1] + b">" + data[at:]
        return data[:at] + b"<Unknown>1</Unknown>" + data[at:]
    inner = data[1:-1]
    separator = b"," if inner else b""
    if data.startswith(b"["):
        return b'[{"Unknown":1}' + separator + inner + b"]"
    return b'{"Unknown":1' + separator + inner + b"}" if data.startswith(b"{") else b'{"Unknown":1}'


# What can be wrong with an answer. "connection" promises the whole body, sends half of it and hangs up.
BROKEN = ("connection", "truncated", "invalid", "empty", "html")
WITH_BODY = ("connection", "invalid", "html")  # those for which there has to be a body, if only a promised one


def broken_text(rule: Rule | None, data: bytes, format: Format) -> tuple[bytes, str]:
    """Give a document in UTF-8 as a rule breaks it, and its media type where that changes."""
    if rule is not None and rule.broken == "html":
        return _HTML, "text/html; charset=utf-8"
    return _unknown_member(data, format) if rule is not None and rule.broken == "invalid" else data, ""


def broken_bytes(rule: Rule | None, encoded: bytes) -> bytes:
    """Give what of a body in its charset a rule leaves."""
    if rule is None or rule.broken not in ("connection", "truncated", "empty"):
        return encoded
    return b"" if rule.broken == "empty" else encoded[: len(encoded) // 2]


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
