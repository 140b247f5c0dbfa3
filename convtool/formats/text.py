"""Bytes → the text that a format parses: always UTF-8, with a way back to the payload's own lines and bytes.

Allowed are UTF-8 (with or without a byte order mark) and UTF-16 with one. Everything else is refused, UTF-7 and UTF-32
by name, since parsers that take them let markup pass that a filter has not seen.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from convtool.findings import Excerpt, Findings, Location
from convtool.limits import LIMITS

__all__ = ["AROUND", "DEPTH", "Fatal", "Text", "checked", "decode", "detect_encoding", "from_str", "undecoded"]

DEPTH = LIMITS.depth

AROUND = 40  # characters of the line shown on both sides of a span
_SPAN = 80  # longest span shown
_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32", ""),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "UTF-32", ""),
    (codecs.BOM_UTF8, "UTF-8", "utf-8"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16-be"),
)
_PLAIN = (b"<", b"[", b"{")
_PACKED = ((b"\x1f\x8b", "gzip"), (b"BZh91AY&SY", "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"(\xb5/\xfd", "Zstandard"))


class Fatal(Exception):
    """The payload cannot be read on; why has been reported."""


@dataclass(slots=True)
class Text:
    """UTF-8 in ``data``, and where it stands: ``start`` is the place of its first byte in the payload.

    ``encoding`` is the payload's: offsets are given in its bytes. Places are found fastest in ascending order.
    ``string`` is the same text, where it was decoded anyway; ``came_as_text``: a declaration's encoding means nothing.
    ``origin`` is the offset by which findings call the first byte of ``data``, where a document is read in pieces.
    ``head`` and ``tail`` are what stands around ``data``, to be shown with it.
    """

    data: bytes
    encoding: str = "utf-8"
    start: Location = field(default_factory=lambda: Location(1, 1, 0))
    string: str | None = None
    came_as_text: bool = False
    origin: int = 0
    head: str = ""
    tail: str = ""
    _at: int = 0
    _here: Location | None = None

    def know(self, offset: int, place: Location) -> None:
        """Take the place of a byte of ``data`` from one who knows it: those behind are found from there."""
        self._at, self._here = offset, place

    def locate(self, offset: int) -> Location:
        """Give the line, column (in characters) and byte, in the payload, of a byte of ``data``."""
        offset = max(0, offset - self.origin)
        here = self._here if self._here is not None and self._at <= offset else None
        at, place = (self._at, here) if here else (0, self.start)
        chunk = self.data[at:offset]
        newlines = chunk.count(b"\n")
        column = 1 if newlines else place.column
        column += len(chunk[chunk.rfind(b"\n") + 1 :].decode("utf-8", "replace"))
        size = len(chunk) if self.encoding == "utf-8" else len(chunk.decode("utf-8", "replace").encode(self.encoding))
        self._at, self._here = offset, Location(place.line + newlines, column, place.offset + size)
        return self._here

    def excerpt(self, start: int, end: int) -> Excerpt:
        """Give the span between two bytes of ``data`` and what stands around it on its lines."""
        start, end = max(0, start - self.origin), max(0, end - self.origin)
        near = self.data[start - AROUND : end + AROUND + 1] if start >= AROUND and end - start <= _SPAN else b""
        if len(near) == end - start + 2 * AROUND + 1 and near.isascii() and b"\r" not in near:  # most are like this
            return _excerpt(near.decode(), end - start)
        before = self.data[max(0, start - 4 * AROUND) : start].decode("utf-8", "replace")
        if start < 4 * AROUND:
            before = self.head + before
        span = self.data[start : min(end, start + 4 * _SPAN)].decode("utf-8", "replace")
        after = self.data[end : end + 4 * AROUND].decode("utf-8", "replace")
        if end + 4 * AROUND > len(self.data):
            after += self.tail
        cut = span.split("\n", 1)[0][:_SPAN]
        rest = "" if cut != span else after.split("\n", 1)[0].rstrip("\r")[:AROUND]
        return Excerpt(before.rsplit("\n", 1)[-1][-AROUND:], cut, rest)


def _excerpt(near: str, size: int) -> Excerpt:
    """Give a span of a text that has ``AROUND`` characters before it, and more behind it."""
    before, span, after = near[:AROUND], near[AROUND : AROUND + size], near[AROUND + size : -1]
    cut = span.split("\n", 1)[0]
    return Excerpt(before.rsplit("\n", 1)[-1], cut, "" if cut != span else after.split("\n", 1)[0])


def detect_encoding(data: bytes, findings: Findings) -> tuple[str, int]:
    """Give the encoding of a payload's first bytes and the length of its mark; Fatal where it is not taken."""
    if data[:1] in _PLAIN and 0 not in data[:4]:  # no mark, and no packing, begins like this
        return "utf-8", 0
    name, encoding, mark = "UTF-8", "utf-8", b""
    for bom, bom_name, bom_encoding in _BOMS:
        if data.startswith(bom):
            name, encoding, mark = bom_name, bom_encoding, bom
            break
    packed = next((what for magic, what in _PACKED if data.startswith(magic)), "")
    if packed:
        findings.places = Text(data[:AROUND])
        said = f"The payload is compressed ({packed}): only UTF-8, and UTF-16 with a byte order mark, are taken."
        findings.add(
            "input.encoding", said, (0, 4), hint="Unpack it; convtool does so itself where it is given the file."
        )
        raise Fatal
    if not encoding or data[:4].count(0) > (2 if encoding != "utf-8" else 0):
        findings.places = Text(data[:AROUND])
        seen = f"The payload is {name}" if not encoding else "The payload has NUL bytes at its start"
        findings.add("input.encoding", f"{seen}: only UTF-8, and UTF-16 with a byte order mark, are taken.", (0, 4))
        raise Fatal
    return encoding, len(mark)


def decode(data: bytes, findings: Findings) -> Text | None:
    """Give the payload's text, or report why the bytes have none."""
    text = undecoded(data, findings)
    return None if text is None else checked(text, findings)


def undecoded(data: bytes, findings: Findings) -> Text | None:
    """Give the payload's text without having looked whether all of it is UTF-8, which ``checked`` does."""
    try:
        encoding, mark = detect_encoding(data, findings)
    except Fatal:
        return None
    body, start = data[mark:] if mark else data, Location(1, 1, mark)
    if encoding == "utf-8":
        return Text(body, encoding, start)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        _report_bad_bytes(body, mark, error, encoding, findings)
        return None
    return Text(text.encode(), encoding, start, text)


def checked(text: Text, findings: Findings) -> Text | None:
    """Give a text that is proven to be one, or report why it is none."""
    if text.string is None:
        try:
            text.string = text.data.decode()
        except UnicodeDecodeError as error:
            _report_bad_bytes(text.data, text.start.offset, error, text.encoding, findings)
            return None
    return text


def _report_bad_bytes(body: bytes, mark: int, error: UnicodeDecodeError, encoding: str, findings: Findings) -> None:
    seen = body[error.start : error.end].hex(" ").upper()
    findings.places = Text(body, start=Location(1, 1, mark))
    hint = "The byte looks like Latin-1 or Windows-1252: convert the file to UTF-8." if encoding == "utf-8" else ""
    span = (error.start, error.end)
    findings.add("input.encoding", f"The bytes {seen} are not {encoding.upper()}: {error.reason}.", span, hint=hint)


def from_str(payload: str, findings: Findings) -> Text | None:
    """Give a payload that came as text; half surrogates are no text."""
    try:
        payload = payload.removeprefix("\ufeff")
        return Text(payload.encode(), string=payload, came_as_text=True)
    except UnicodeEncodeError as error:
        findings.places = Text(payload.encode("utf-8", "replace"))
        findings.add("input.encoding", f"Character {error.start} of the text is half of a surrogate pair.", (0, 0))
        return None
