"""One simple value, in either format: its text → its value, and everything worth saying about it.

Shared by the careful readers of both formats, so that a date or an enumeration means the same in XML and in JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.findings import Severity
from convtool.limits import LIMITS
from convtool.model import dates
from convtool.model.datatypes import DATATYPES, Datatype, LexicalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.findings import Findings

__all__ = [
    "BAD",
    "Place",
    "Unwritable",
    "cut",
    "date_value",
    "lexical",
    "pointer",
    "read_scalar",
    "refuse",
    "relaxed",
    "report_offset",
    "report_settled",
    "shown",
]

BAD: Any = object()  # the value of a text that has none; an error has been reported for it


class Unwritable(Exception):
    """A value that the format asked for cannot hold; ``str`` says why."""


_SHOWN = 40  # characters of a wrong value that a message shows


class Place(msgspec.Struct):
    """Where a value stands, for findings: its span, its path, and its member as ``Record.Member``."""

    span: tuple[int, int]
    path: str
    member: str


def shown(text: str, *, quoted: bool = True) -> str:
    """Give a value as a message shows it: quoted unless it is a number of JSON, escaped, and not too long."""
    cut_off = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return repr(cut_off) if quoted else cut_off


def read_scalar(name: str, text: str, place: Place, findings: Findings, *, json: bool = False) -> Any:
    """Give the value of a text of datatype ``name``, or BAD; ``text`` has had its white space collapsed.

    In JSON the text is a lexeme of the datatype's own kind. What only .NET reads is reported as such.
    """
    kind = DATATYPES[name]
    if kind.is_date:
        return date_value(kind, text, place, findings, dates.settle_json if json else dates.settle)
    try:
        value = kind.read_json(text) if json else kind.parse(text)
        return value if kind.written is None else uri_value(kind, value, place, findings, json=json)
    except LexicalError as error:
        lenient = kind.lenient_json.get(kind.json_node) if json else kind.lenient_xml
        return relaxed(kind, text, error, lenient, place, findings, json=json)


def relaxed(
    kind: Datatype,
    text: str,
    refusal: LexicalError,
    lenient: Callable[[str], Any] | None,
    place: Place,
    findings: Findings,
    *,
    json: bool = False,
) -> Any:
    """Give what .NET makes of a text that the strict form refuses, and report what the server sees; else BAD."""
    quoted = not (json and kind.json_node == "number")
    if lenient is None:
        return refuse(text, refusal, place, findings, quoted=quoted)
    try:
        value = lenient(text)
    except LexicalError as error:
        return refuse(text, error if error.kind == "unknown" else refusal, place, findings, quoted=quoted)
    written = kind.write_json(value) if json else kind.format(value)
    message = f"{shown(text, quoted=quoted)} is not {refusal.wanted}; .NET reads it as {written}."
    level = findings.add(kind.relaxed, message, place.span, place.path)
    return BAD if level is Severity.ERROR else value


def uri_value(kind: Datatype, text: str, place: Place, findings: Findings, *, json: bool) -> Any:
    """Give a URI, BAD where .NET refuses it, or None where .NET reads null; report how .NET would write it to XML."""
    assert kind.written is not None
    if json and not text:
        level = findings.add("value.rewritten", "An empty URI is null to Json.NET.", place.span, place.path)
        return text if level is None else BAD if level is Severity.ERROR else None
    try:
        written = kind.written(text, json)
    except LexicalError as error:
        level = findings.add("value.refused", f"{shown(text)} is not {error.wanted}.", place.span, place.path)
        return BAD if level is Severity.ERROR else text
    if json and written != text:
        message = f"{shown(text)} is a URI that .NET writes to XML as {shown(written)}."
        findings.add("value.rewritten", message, place.span, place.path)
    return text


_CODES = {"range": "value.range", "unknown": "value.unknown"}


def refuse(text: str, error: LexicalError, place: Place, findings: Findings, *, quoted: bool = True) -> Any:
    """Report a text that has no value, and give BAD; not ``quoted``: it is a number of JSON."""
    code = _CODES.get(error.kind, "value.lexical")
    findings.add(code, f"{shown(text, quoted=quoted)} is not {error.wanted}.", place.span, place.path)
    return BAD


def date_value(kind: Datatype, text: str, place: Place, findings: Findings, settle: Callable[[str], str]) -> Any:
    """Give a date's text, or BAD; report what XML Schema and .NET disagree on, and what .NET would change."""
    settled = None
    try:
        settled = settle(text)
    except LexicalError as error:
        refusal = error
    try:
        kind.parse(text)
    except LexicalError as error:
        if settled is None:
            if refusal.kind == "unknown":
                return refuse(text, refusal, place, findings)
            code = "date.refused" if error.kind == "refused" else "value.lexical"
            findings.add(code, f"{shown(text)} is not {error.wanted}.", place.span, place.path)
            return BAD
        message = f"{shown(text)} is not {error.wanted}; .NET reads it as {settled}."
        level = findings.add("date.relaxed", message, place.span, place.path)
        return BAD if level is Severity.ERROR else _keep(text, settled, place, findings)
    if settled is None:
        findings.add("date.refused", f".NET refuses {shown(text)}: it is not {refusal.wanted}.", place.span, place.path)
        return BAD
    return _keep(text, settled, place, findings)


def _keep(text: str, settled: str, place: Place, findings: Findings) -> str:
    """Report what .NET would change of a date that it takes, and give the value: the text itself.

    Only of a text that XML takes and Json.NET refuses, a year alone, it is what .NET writes: else what is written to
    JSON could not be read again.
    """
    if dates.has_offset(text):
        report_offset(place, findings)
    if settled == text:
        return text
    report_settled(text, settled, place, findings)
    try:
        dates.settle_json(text)
    except LexicalError:
        return settled
    return text


def report_offset(place: Place, findings: Findings) -> None:
    """Report that .NET re-expresses a date."""
    message = f"`{place.member}` has an offset: .NET keeps the instant and writes it in the server's time zone."
    findings.hazard("date.offset", place.member, message, place.span, place.path)


def report_settled(text: str, settled: str, place: Place, findings: Findings) -> None:
    """Report that .NET writes a date back in another form than it came in."""
    digits = text.partition(".")[2].rstrip("Zz")
    if len(digits.partition("+")[0].partition("-")[0]) > 7:
        message = f"`{place.member}` has more than seven digits of a second: .NET rounds, so the server sees {settled}."
        findings.hazard("date.fraction", place.member, message, place.span, place.path)
    else:
        message = f"`{place.member}` is written back by .NET as {settled}."
        findings.hazard("date.rewritten", place.member, message, place.span, place.path)
    message = f"{shown(text)} is written as {settled}."
    findings.hazard("loss.date", place.member, message, place.span, place.path)


def lexical(text: str, written: str, place: Place, findings: Findings) -> None:
    """Report a text that is not the wire form of its value."""
    if text != written:
        findings.add("loss.lexical", f"{shown(text)} is written as {shown(written)}.", place.span, place.path)


def pointer(name: str) -> str:
    """Escape a name for a JSON Pointer (RFC 6901); of a long one, which findings repeat, the start."""
    return cut(name).replace("~", "~0").replace("/", "~1")


def cut(name: str) -> str:
    """Give a name as findings show it: of a long one the start."""
    return name if len(name) <= LIMITS.name else f"{name[: LIMITS.name]}…"
