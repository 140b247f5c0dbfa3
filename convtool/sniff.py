"""Which format a payload is in: by its first character, or by its file's name where nothing of it has been read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from convtool.signatures import plain

if TYPE_CHECKING:
    from convtool.findings import Findings
    from convtool.formats.text import Text
    from convtool.formats.window import Window

__all__ = ["Format", "first_line", "is_lines", "seen_format", "sniff", "sniff_text"]

Format = Literal["xml", "json", "form"]  # a form is never seen: it has to be named
_JSON_STARTS = b"[{\"'-+.0123456789tfnNI/"  # ' and / only Json.NET takes; the careful reader says so
_LINES = (".ndjson", ".jsonl")
_PACKED = (".gz", ".bz2", ".xz", ".zst")
_SHOWN = 24  # bytes of a payload that is neither format that a message shows


def sniff(text: Text, findings: Findings, given: Format | None = None) -> Format | None:
    """Give the format of a text by its first character, or report that it has none."""
    findings.places = text
    start = text.data.lstrip(b" \t\r\n")
    if not start:
        findings.add("input.empty", "The payload is empty.", (0, 0))
        return None
    if given is not None:
        return given
    if start.startswith(b"<"):
        return "xml"
    if start[0] in _JSON_STARTS:
        return "json"
    at = len(text.data) - len(start)
    seen = start[:_SHOWN].decode("utf-8", "replace")
    findings.add("input.format", f"The payload is neither XML nor JSON: it begins with {seen!r}.", (at, at + 1))
    return None


def seen_format(data: bytes) -> Literal["xml", "json"] | None:
    """Give the format that a payload is plainly in; None where that takes a closer look, or a word about it."""
    start = data[:1] if data[:1] in (b"<", b"[", b"{") else data.lstrip(b" \t\r\n")[:1]
    return "xml" if start == b"<" else "json" if start in (b"[", b"{") else None


def sniff_text(window: Window, findings: Findings, given: str | None) -> str | None:
    """Give the format of a payload read in pieces, as far as that takes."""
    while len(window.text.lstrip(" \t\r\n")) < _SHOWN and window.more():
        pass  # more() also says what is wrong with the bytes
    before = len(window.text) - len(window.text.lstrip(" \t\r\n"))
    found = sniff(window.places(0, before + (1 << 16)), findings, "json" if given in ("json", "ndjson") else given)  # type: ignore[arg-type]
    return given if found is not None and given is not None else found


def is_lines(name: str) -> bool:
    """Tell whether a file has a record in each line, by its suffix."""
    return _bare(name).endswith(_LINES)


def first_line(head: bytes) -> bytes:
    """Give a list of the first record of lines, which tells the contract of all."""
    start = plain(head).lstrip()
    return b"[" + start.partition(b"\n")[0] + b"]" if start.startswith(b"{") else head


def _bare(name: str) -> str:
    lower = name.lower()
    for suffix in _PACKED:
        lower = lower.removesuffix(suffix)
    return lower
