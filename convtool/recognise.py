"""What bytes are: one table of signatures, asked once for each payload, whatever road it comes by.

A file is what its bytes say. Its name counts only where they cannot: an empty file, lines of one line, a packing whose
magic number is missing because the file is broken. Which contract a payload is of is told by ``detection``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import msgspec

from convtool._lazy import pattern
from convtool.outcome import STATUSES
from convtool.payload import HEAD, Payload

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.convert import Format
    from convtool.places import Limits

__all__ = ["Kind", "claims", "named", "other_format", "passed_over", "recognise", "unpacked"]

Group = Literal["payload", "packing", "archive", "capture", "ours", "other"]


class Kind(msgspec.Struct, frozen=True):
    """What something is. ``title`` is how a message goes on: "is …"; ``name`` is a format, a packing, a capture."""

    group: Group
    name: str
    title: str


_MARK = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BLANKS = b" \t\r\n"
_TAR_AT = 257
_HTML = pattern(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
# What begins a JSON text, and what Json.NET takes beside it; a word of prose is none.
_JSON = pattern(rb"""[\[{"'/+.\-0-9]|(?:null|true|false|NaN|Infinity|undefined)\b""")
# What convtool writes, as it begins: so much of it that no payload is mistaken for it, whatever its members are called.
_TEXT = rb'"(?:[^"\\\n]|\\.)*"'
_JOURNAL = pattern(rb'\{"journal":[0-9]+,"convtool":%s,"settings":\{"verb":' % _TEXT)
_REPORT = pattern(
    rb'\{\s*"version": ?[0-9]+,\s*"convtool": ?%(text)s,\s*"verb": ?"(?:convert|validate)",\s*"interrupted":'  # a run's
    rb'|\{"number":[0-9]+,"source":%(text)s,"status":"(?:%(statuses)s)"'  # its outcomes, line by line
    rb'|\{\s*"version": ?1,\s*"source": ?%(text)s,\s*"contract": ?%(text)s,\s*"format": ?%(text)s,\s*"profile":'
    rb'|<\?xml [^>]*>\s*<testsuites name="convtool'  # JUnit
    rb'|\{\s*"\$schema": ?%(text)s,\s*"version": ?%(text)s,\s*"runs": ?\[\{\s*"tool": ?'
    rb'\{"driver": ?\{"name": ?"convtool"'  # SARIF
    rb"|<!DOCTYPE html>(?s:.{0,400}?)<title>convtool " % {b"text": _TEXT, b"statuses": "|".join(STATUSES).encode()}
)
_LINES = pattern(rb"\{[^\n]*\}[ \t]*\r?\n\s*\{")
# How most payloads begin, and nothing else that there is a row for, but a tar whose first member is called so.
_USUAL = pattern(rb"<[A-Za-z_]|\[")
_SHOWN = 24  # bytes of something unknown that a message shows


def _xml(start: bytes) -> bool:
    # UTF-16 without a mark has a NUL in its first character; the reader says what is wrong with it.
    return start.startswith(b"<") or b"\0<" in start[:4] or b"<\0" in start[:4]


def _tar(head: bytes) -> bool:
    return head[_TAR_AT : _TAR_AT + 5] == b"ustar"


_ROWS: tuple[tuple[Kind, Callable[[bytes], bool]], ...] = (
    (Kind("archive", "zip", "a zip"), lambda head: head.startswith((b"PK\3\4", b"PK\5\6"))),
    (Kind("archive", "tar", "a tar"), _tar),
    (Kind("archive", "other", "an archive of a kind that is not read"),
     lambda head: head.startswith((b"Rar!\x1a", b"7z\xbc\xaf", b"MSCF", b"\x1f\x9d", b"\x04\x22\x4d\x18"))),
    (Kind("packing", "gz", "compressed (gzip)"), lambda head: head.startswith(b"\x1f\x8b")),
    (Kind("packing", "bz2", "compressed (bzip2)"), lambda head: head.startswith(b"BZh") and head[3:4].isdigit()),
    (Kind("packing", "xz", "compressed (xz)"), lambda head: head.startswith(b"\xfd7zXZ\0")),
    (Kind("packing", "zst", "compressed (Zstandard)"), lambda head: head.startswith(b"\x28\xb5\x2f\xfd")),
    (Kind("ours", "journal", "a journal of convtool"), lambda head: _JOURNAL.match(head) is not None),
    (Kind("ours", "report", "a report of convtool"), lambda head: _REPORT.match(head) is not None),
)  # fmt: skip
_PACKING_NAMES = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zst": "zst"}
_PAYLOAD_NAMES = {".xml": "xml", ".json": "json", ".ndjson": "lines", ".jsonl": "lines", ".form": "form"}
_CAPTURE_NAMES = (".har", ".http", ".warc", ".mitm", ".flows", ".saz")
_FORMATS = {
    "xml": Kind("payload", "xml", "XML"),
    "json": Kind("payload", "json", "JSON"),
    "lines": Kind("payload", "lines", "lines of JSON"),
    "form": Kind("payload", "form", "a form"),
}
_EMPTY = Kind("other", "empty", "empty")
_HTML_PAGE = Kind("other", "html", "an HTML page")
_OF_CAPTURES = ("gz", "zip")  # which WARC files and some tools' archives are


def recognise(head: bytes, name: str = "", *, whole: bool = False) -> Kind:
    """Give what a payload's first bytes are; ``name`` counts where they do not tell. ``whole``: these are all bytes."""
    if _USUAL.match(head) and not _tar(head):
        return _markup(head) if head.startswith(b"<") else _FORMATS["json"]
    for kind, looks in _ROWS:
        if looks(head) and (kind.name not in _OF_CAPTURES or _capture(head, name) is None):
            return kind
    found = _capture(head, "")
    if found is not None:
        return found
    return _text(_start(head), head, name, whole=whole)


def _text(start: bytes, head: bytes, name: str, *, whole: bool) -> Kind:
    """Give what a text is by its first bytes, which are neither a capture's nor ours; ``head``: as they came."""
    if not start:
        return _capture(b"", name) or _FORMATS.get(named(name), _EMPTY)
    if _xml(start):
        return _markup(start)
    if start.startswith(b"{") and (_LINES.match(start) or (named(name) == "lines" and _one_line(start, whole=whole))):
        return _FORMATS["lines"]
    if _JSON.match(start):
        return _FORMATS["lines" if named(name) == "lines" and not start.startswith(b"[") else "json"]
    if named(name) == "form":
        return _FORMATS["form"]
    claimed = _capture(head, name) if _bare(name).endswith(_CAPTURE_NAMES) else None
    return claimed or Kind("other", "unknown", f"neither XML nor JSON: it begins with {_seen(head)}")


def passed_over(kind: Kind, name: str, *, named: bool) -> str:
    """Give why a conversion passes a file over; nothing where it does not. ``named``: somebody has named it himself."""
    if kind.group == "capture":
        return f"is {kind.title}, not a payload: `convtool extract` takes the payloads out of it"
    if kind.group == "ours" or (kind.group == "other" and not (named or claims(name))):
        return f"is {kind.title}"
    return ""


def unpacked(payload: Payload, limits: Limits) -> tuple[Payload, Kind]:
    """Give a payload without the packing that its bytes begin with, if any, and what it is; itself where there is none.

    What comes out is bounded: RefusedError, from reading it, where it is too much, SourceError where it is broken.
    """
    kind = _kind(payload)
    if kind.group != "packing":
        return payload, kind
    from convtool.places.packings import Unpacked
    from convtool.places.streams import Bounded

    payload.settle()
    raw = Bounded(Unpacked(payload, kind.name, payload.name, limits), payload.name, limits)
    inner = Payload(raw, payload.name, counted=payload.is_counted)
    return inner, _kind(inner)


def _kind(payload: Payload) -> Kind:
    head = payload.head()
    return recognise(head, payload.name, whole=len(head) < HEAD)


def claims(name: str) -> bool:
    """Tell whether a file's name says that it is a payload or a capture, be it compressed."""
    bare = _bare(name)
    return bare.endswith((*_PAYLOAD_NAMES, *_CAPTURE_NAMES))


def other_format(name: str) -> Format:
    """Give the format that what is in a format (json, lines, xml, form) is converted to, where none is asked for."""
    return "xml" if name in ("json", "lines") else "json"


def _markup(start: bytes) -> Kind:
    return _HTML_PAGE if _HTML.match(start) else _FORMATS["xml"]


def _start(head: bytes) -> bytes:
    """Give the first bytes of the text, as UTF-8, without a byte order mark and white space."""
    if head.startswith(_UTF16):
        even = head[: len(head) // 2 * 2]
        return even.decode("utf-16", "ignore").lstrip(" \t\r\n").encode("utf-8", "ignore")
    return head.removeprefix(_MARK).lstrip(_BLANKS)


def _one_line(start: bytes, *, whole: bool) -> bool:
    """Tell whether a record is all on the first line, or is as far as can be seen."""
    line, _, _ = start.partition(b"\n")
    return line.rstrip().endswith(b"}") or (line == start and not whole)


def _capture(head: bytes, name: str) -> Kind | None:
    from convtool.captures.kinds import kind_of  # the floor below, whose table has a row for each kind

    found = kind_of(head, name)
    return Kind("capture", found.title, f"a capture ({found.title})") if found is not None else None


def _bare(name: str) -> str:
    lower = name.lower()
    for suffix in _PACKING_NAMES:
        lower = lower.removesuffix(suffix)
    return lower


def named(name: str) -> str:
    """Give the format that a file's name says, be it compressed; empty where that says none."""
    bare = _bare(name)
    return next((kind for suffix, kind in _PAYLOAD_NAMES.items() if bare.endswith(suffix)), "")


def _seen(head: bytes) -> str:
    start = head.removeprefix(_MARK).lstrip(_BLANKS)[:_SHOWN]
    try:
        return repr(start.decode())
    except UnicodeDecodeError:
        return repr(start).removeprefix("b")
