"""Texts as the page shows them: lines of pieces, with the places of findings marked, and as much as a page can show.

What is not seen in a text (controls, what turns the order of reading around) is shown as an escape; see ``shown``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from convtool.findings import Findings
from convtool.formats.text import Fatal, detect_encoding
from convtool.shown import runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convtool.limits import TrialLimits

__all__ = ["Place", "Shown", "bytes_of", "encoding_of", "shown_text"]

_WIDEST = 4  # bytes of a character at most


class Place(NamedTuple):
    """What is marked in a text: from a line and a column, both from 1, so many characters; ``number`` says why."""

    line: int
    column: int
    length: int
    number: int


class Piece(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of a line: ``marks`` are the numbers of its places; ``unseen``: the text is an escape."""

    text: str
    marks: tuple[int, ...] = ()
    unseen: bool = False


class Shown(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text, or its beginning: ``cut`` tells whether there is more; ``size``: the bytes of all of it."""

    lines: tuple[tuple[Piece, ...], ...] = ()
    size: int = 0
    cut: bool = False

    @property
    def marked(self) -> set[int]:
        """The numbers of the places that are seen in it."""
        return {number for line in self.lines for piece in line for number in piece.marks}


def bytes_of(limits: TrialLimits) -> int:
    """Give how many bytes of a payload are enough to show its beginning."""
    return _WIDEST * (limits.text + 1)


def shown_text(data: bytes, size: int, places: Iterable[Place], limits: TrialLimits) -> Shown:
    """Give the beginning of a payload's bytes as a text. ``size``: of all of it; ``data`` may be less."""
    encoding, mark = encoding_of(data)
    text = data[mark : bytes_of(limits)].decode(encoding, "replace")[: limits.text]
    whole = len(text.encode(encoding, "replace")) + mark >= size
    lines = text.split("\n")
    of: dict[int, list[Place]] = {}
    for place in places:
        of.setdefault(place.line, []).append(place)
    if not lines[-1] and len(lines) > 1 and len(lines) not in of:
        lines.pop()  # nothing is said of what is behind the last line's end
    cut = not whole or len(lines) > limits.lines
    rows = (_pieces(line, of.get(number, ())) for number, line in enumerate(lines[: limits.lines], 1))
    return Shown(tuple(rows), size, cut)


def encoding_of(data: bytes) -> tuple[str, int]:
    """Give the encoding of a payload's first bytes, and how many of them are its mark."""
    try:
        encoding, mark = detect_encoding(data[:256], Findings())
    except Fatal:
        return "utf-8", 0  # of what is no text at all something is seen
    return encoding, mark


def _pieces(line: str, places: Sequence[Place]) -> tuple[Piece, ...]:
    """Cut a line where a mark begins or ends; an empty mark is a piece without text."""
    line = line.removesuffix("\r")
    spans = [_span(place, line) for place in places]
    points = sorted({0, len(line), *(at for start, end, _ in spans for at in (start, end))})
    pieces: list[Piece] = []
    for start, end in zip(points, [*points[1:], len(line)], strict=True):
        empty = tuple(number for first, last, number in spans if first == last == start)
        pieces += [Piece("", empty)] if empty else []
        marks = tuple(number for first, last, number in spans if first <= start < end <= last)
        pieces += [Piece(text, marks, unseen) for text, unseen in runs(line[start:end])]
    return tuple(pieces)


def _span(place: Place, line: str) -> tuple[int, int, int]:
    start = min(place.column - 1, len(line))
    return start, min(start + max(1, place.length), len(line)), place.number
