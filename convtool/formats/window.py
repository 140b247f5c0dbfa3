"""A payload read piece by piece: a window over its text that grows where a record needs it and forgets what is done.

The window grows by doubling: a record larger than it is scanned again a bounded number of times, so time stays
proportional to the document, and memory to its largest record. Positions are always those of the whole payload.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, AnyStr, NamedTuple

from convtool.findings import Findings, Location
from convtool.formats.filler import TOO_LONG, blank, endless_tag, is_all_prolog, unending
from convtool.formats.text import AROUND, Fatal, Text, detect_encoding
from convtool.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CHUNK", "SOUND", "Broken", "Window", "held"]

_MARK = 4  # bytes of the longest byte order mark: the encoding is known from them

CHUNK = 1 << 17  # bytes read at a time: large enough to pass over quickly, small enough for a processor to keep at hand


class Broken(NamedTuple):
    """What is wrong with the bytes behind those in hand, which come first."""

    code: str
    message: str


SOUND = Broken("", "")


def held(data: AnyStr) -> tuple[AnyStr, Broken]:
    """Give what of the text in hand is to be kept, and why no more: white space or a comment goes on for too long."""
    if (end := blank(data)) >= 0:
        return data[:end], Broken(
            "limit.space", f"There are more than {LIMITS.space:,} characters of white space in a row."
        )
    if data[:CHUNK].lstrip()[:1] in ("<", b"<"):
        if (end := unending(data)) >= 0:
            return data[:end], Broken(
                "limit.comment", f"The comment or processing instruction has more than {LIMITS.comment:,} characters."
            )
        if (end := endless_tag(data)) >= 0:
            return data[:end], Broken("limit.attributes", TOO_LONG)
    return data, SOUND


class Window:
    """The part of a payload in hand: ``text``, the offset ``at`` of what is next, and where the text begins.

    ``read`` gives at most as many bytes as it is asked for, and none at the end.
    """

    few = False  # one record is wanted: behind it another goes on

    def __init__(self, read: Callable[[int], bytes], findings: Findings, chunk: int = CHUNK) -> None:
        self.findings = findings
        self.text = ""
        self.at = 0
        self.ended = False
        self._before = ""  # the last of what has been forgotten, for excerpts
        self._broken = SOUND
        self._read = read
        self._chunk = chunk
        self.came_as_text = False
        head = self._pull(max(chunk, _MARK))
        self.encoding, mark = detect_encoding(head, findings)
        self.start = Location(1, 1, mark)
        self._known = (0, self.start)  # an offset of the text and its place: the last that was asked for
        self._decoder = codecs.getincrementaldecoder(self.encoding)()
        self._append(head[mark:])

    @classmethod
    def of(cls, text: Text, findings: Findings) -> Window:
        """Give a window that holds a whole payload, decoded already."""
        window = cls(lambda _size: b"", findings)
        window.text = text.string if text.string is not None else text.data.decode()
        window.encoding, window.start, window.came_as_text = text.encoding, text.start, text.came_as_text
        window._known = (0, text.start)
        return window

    def _pull(self, size: int) -> bytes:
        """Read ``size`` bytes; a pipe gives them in pieces."""
        parts: list[bytes] = []
        while size > 0:
            data = self._read(size)
            if not data:
                self.ended = True
                break
            parts.append(data)
            size -= len(data)
        return b"".join(parts)

    def _append(self, data: bytes) -> None:
        try:
            self.text += self._decoder.decode(data, self.ended)
        except UnicodeDecodeError as error:
            # What is good before the bad bytes stays; the place of the error is right behind it.
            body, bad = error.object, error.object[error.start : error.end]
            self.text += body[: error.start].decode(self.encoding)
            seen = bad.hex(" ").upper()
            message = f"The bytes {seen} are not {self.encoding.upper()}: {error.reason}."
            self._broken = Broken("input.encoding", message)
        if self._broken is SOUND:
            self.text, self._broken = held(self.text)
            self.ended = self.ended or (self.start.offset <= _MARK and is_all_prolog(self.text))

    @property
    def broken(self) -> bool:
        """Whether bytes that are not to be read stand behind the text in hand."""
        return self._broken is not SOUND

    @property
    def over(self) -> bool:
        """Whether nothing comes behind the text in hand, not even bytes that are not to be read."""
        return self.ended and self._broken is SOUND

    def more(self) -> bool:
        """Forget what is done and read on, at least doubling what is in hand; False, and no change, at the end."""
        if self._broken is not SOUND:
            self.findings.places = self.places(len(self.text))
            self.findings.add(*self._broken, (0, 0))
            raise Fatal
        if self.ended:
            return False
        self.forget()
        self._append(self._pull(max(self._chunk, len(self.text))))
        return True

    def forget(self) -> None:
        """Drop the text before ``at``."""
        if self.at:
            self.start = self.place(self.at)
            self._before = (self._before + self.text[max(0, self.at - AROUND) : self.at])[-AROUND:]
            self.text, self.at = self.text[self.at :], 0
            self._known = (0, self.start)

    def place(self, at: int) -> Location:
        """Give the place in the payload of an offset of the text; fastest in ascending order."""
        begin, start = self._known if self._known[0] <= at else (0, self.start)
        done = self.text[begin:at]
        newlines = done.count("\n")
        column = len(done) - done.rfind("\n") if newlines else start.column + len(done)
        size = len(done) if self.encoding == "utf-8" and done.isascii() else len(done.encode(self.encoding))
        found = Location(start.line + newlines, column, start.offset + size)
        self._known = (at, found)
        return found

    def places(self, at: int, end: int | None = None) -> Text:
        """Give the text from ``at`` (to ``end``) as a Text that knows where it stands."""
        part = self.text[at:end]
        head = (self._before + self.text[max(0, at - AROUND) : at])[-AROUND:]
        tail = self.text[end : end + AROUND] if end is not None else ""
        return Text(part.encode(), self.encoding, self.place(at), part, self.came_as_text, head=head, tail=tail)
