"""A list contract's JSON, record by record, in the memory of the largest one.

An array in any layout, or one record a line. Records are told apart by their brackets and read one by one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from convtool.engine import State
from convtool.findings import LIMIT
from convtool.formats.json.reader import Reader
from convtool.formats.json.syntax import Parser, Unending
from convtool.formats.leaf import BAD
from convtool.formats.text import DEPTH, Fatal, Text
from convtool.formats.units import Bad, Batch
from convtool.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from convtool.findings import Findings
    from convtool.formats.json.format import JsonFormat
    from convtool.formats.window import Window
    from convtool.model.contract import Member

__all__ = ["TOKEN", "JsonStream", "goes_on"]

_SPACE = re.compile(r"(?>(?:[ \t\n\r]++|/\*.*?\*/|//[^\n\r]*+)*)", re.DOTALL)
_WHOLE = re.compile(r"(?>(?:[ \t\n\r]++|/\*.*?\*/|//[^\n\r]*+(?=[\n\r]))*)", re.DOTALL)  # as far as it surely ends
_BLANK = re.compile(r"(?>(?:[ \t\r]*+\n)*)")  # lines of white space
_WORD = re.compile(r"[^\s\[\]{},\"'/]++")  # a number, or what is no JSON
# A quote or a slash alone is a string or a comment that the window's end cuts off.
TOKEN = re.compile(r""""(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|/\*.*?\*/|//[^\n\r]*+(?=[\n\r])|[\[\]{},"'/]""", re.DOTALL)


def goes_on(text: str, start: int, first: int, stop: int) -> bool:
    """Tell whether a record goes on for longer than comments may, where it is none for certain: it has had an end.

    ``start``, ``stop``: where it begins, and where ends what is in hand of it. ``first``: where its value has ended, or
    is too deep; negative where no bracket and no quote has ended one.
    """
    if stop - start <= LIMITS.comment:
        return False
    if first < 0:
        word = _WORD.match(text, _over(text, start, stop), stop)
        if word is None:
            return False  # a text, which has not ended
        first = word.start() if word.end() - word.start() > LIMITS.comment else word.end()
    return stop - _over(text, first, stop) > LIMITS.comment


def _over(text: str, at: int, stop: int) -> int:
    """Give the offset behind white space and comments."""
    match = _SPACE.match(text, at, stop)
    return match.end() if match else at


class JsonStream:
    """Reads the records of one document from a window. Iterate once: Batch and Bad units, in order."""

    phase = State.BEFORE  # where an engine goes on behind ``some``

    def __init__(
        self, of: JsonFormat, window: Window, findings: Findings, *, lines: bool = False, depth: int = DEPTH,
        count: int = 0,
    ) -> None:  # fmt: skip
        self.of = of
        self.contract = of.contract
        self.window = window
        self.findings = findings
        self.lines = lines
        self.depth = depth
        self.count = count  # records so far
        item = of.contract.item
        assert item is not None
        self.item: Member = item
        self.reader = Reader(of.contract, of.instances, findings)
        self.label = f"{of.contract.root.rpartition('}')[2]}.{item.name}"
        self._broken = False  # a record was no JSON at all
        self._endless = False  # the record in hand is none, and where it ends is not looked for further
        self._nothings = 0  # in a row, where records should be

    def __iter__(self) -> Iterator[Batch | Bad]:
        try:
            yield from self._lines() if self.lines else self._array()
        except Fatal:
            window = self.window
            yield Bad(self.count, window.text[window.at :], self.findings.take(), last=True)

    # --- an array ---

    def _array(self) -> Iterator[Batch | Bad]:
        window = self.window
        self._space()
        if not window.text.startswith("[", window.at):
            yield from self._other()
            return
        window.at += 1
        while not (yield from self._some()):
            pass
        yield from self._trailing()

    def some(self, phase: int) -> Generator[Batch | Bad, None, bool]:
        """Read records from where an engine has left off; give whether the document has been read to its end."""
        try:
            if self.lines:
                return (yield from self._lines(0 if self.window.few else len(self.window.text) // 2))
            if phase == State.COMMA:
                self._space()
                self._closing(self.window.places(self.window.at, self.window.at + 1))
            elif phase not in (State.BEFORE, State.BEHIND):
                yield from self._trailing() if phase == State.TAIL else self._array()
                return True
            if phase == State.BEHIND:
                ended = self._behind(closed=True)
            else:
                ended = yield from self._some()
            while not ended and self.findings.errors:  # a comment is an error of the record behind it
                ended = yield from self._some()
            if ended:
                yield from self._trailing()
        except Fatal:
            window = self.window
            yield Bad(self.count, window.text[window.at :], self.findings.take(), last=True)
            return True
        return ended

    def _space(self) -> None:
        """Go over white space and comments, which are forgotten piece by piece where they reach the window's end."""
        window, notes = self.window, 0
        while True:
            notes = self._pass(_WHOLE, notes)
            rest = window.text[window.at : window.at + 1]
            if rest == "/" and len(window.text) - window.at > LIMITS.comment - notes:
                self._parser(window.places(window.at)).space(notes)
            if rest not in ("", "/") or not window.more():
                break
        self._pass(_SPACE, notes)

    def _in_a_row(self, comment: re.Match[str], at: int, before: int) -> int:
        """Give the bytes of comments in a row, the last of which may be cut off; ``at``: the end of what is before."""
        text, start = self.window.text, comment.start()
        if not text.startswith(("/*", "//"), start):
            return 0
        size = len(comment[0]) if len(comment[0]) > 1 else len(text) - start
        return size if text[at:start].strip() else size + before

    def _pass(self, what: re.Pattern[str], notes: int) -> int:
        window = self.window
        match = what.match(window.text, window.at)
        at = match.end() if match else window.at
        if window.text[window.at : at].strip(" \t\n\r"):
            notes = self._parser(window.places(window.at, at)).space(notes)  # comments are for the syntax to report
        window.at = at
        return notes

    def _parser(self, text: Text) -> Parser:
        self.findings.places = text
        return Parser(text, self.findings, depth=self.depth)

    def _some(self) -> Generator[Batch | Bad, None, bool]:
        """Read the records that stand whole in the window, told apart by their brackets.

        Give whether the array has ended.
        """
        window = self.window
        self._space()
        if window.text.startswith("]", window.at):
            window.at += 1
            return True
        ends, closed = self._ends()
        if window.few and len(ends) > 1:
            ends, closed = ends[:1], False
        for end in ends:
            for unit in self._one(end):
                if isinstance(unit, Bad) and not closed and end == len(window.text):
                    unit.last = True  # the payload ends within it
                yield unit
            window.at = end
            if end != ends[-1]:
                window.at += 1
        return self._behind(closed)

    def _behind(self, closed: bool) -> bool:
        """Go over what follows a record: a comma, or the array's end; give whether it has ended."""
        window, at = self.window, self.window.at
        if window.text.startswith(",", at):
            where = window.places(at, at + 1)
            window.at += 1
            self._space()
            self._closing(where)
            return False
        if window.text.startswith("]", at):
            window.at += 1
            return True
        if not (closed or self._broken):  # a string that does not end takes the rest with it: that has been said
            self.findings.places = window.places(at)
            self.findings.add("json.syntax", "The JSON ends where a comma or ] should be.", (0, 0))
            raise Fatal
        window.at = min(len(window.text), at + 1)
        return True

    def _closing(self, where: Text) -> None:
        """Report a bracket behind a comma; the comma's place is not known any more where much stands between them."""
        if self.window.text.startswith("]", self.window.at):
            self.findings.places = where
            self.findings.add("json.relaxed", "There is a comma before the closing bracket.", (0, 1))

    def _ends(self) -> tuple[list[int], bool]:
        """Give the offsets behind the records in the window, each at a comma or the array's end; and whether it ends.

        The window grows until there is one. Each token is looked at once, however often it grows.
        """
        window = self.window
        level, at, ends, notes, first = 0, window.at, list[int](), 0, -1
        while True:
            for match in TOKEN.finditer(window.text, at):
                token = match[0]
                row = self._in_a_row(match, at, notes) if token[0] == "/" else 0
                if row > LIMITS.comment and not ends:
                    return [len(window.text) if token == "/" else match.end()], False  # the parser says so
                if token in "\"'/":
                    break  # a string or a comment that the window's end cuts off
                at, notes = match.end(), row
                if token in "{[":
                    level += 1
                elif level == 0 and token in ",]}":
                    if goes_on(window.text, ends[-1] + 1 if ends else window.at, first, match.start()):
                        self._endless = not ends
                        return ends or [match.start()], False
                    if token == ",":
                        ends.append(match.start())
                        first = -1
                    else:
                        # Between a last comma and the bracket there is no record.
                        between = window.text[ends[-1] + 1 : match.start()] if ends else "x"
                        return (ends if _SPACE.fullmatch(between) else [*ends, match.start()]), True
                elif token in "}]":
                    level -= 1
                if first < 0 and (level > self.depth or (level == 0 and token[0] in "}]\"'")):
                    first = at
            if ends:
                return ends, False
            if (level == 0 or first >= 0) and goes_on(window.text, window.at, first, len(window.text)):
                self._endless = True
                return [len(window.text)], False
            done = window.at
            if not window.more():
                return [len(window.text)], False
            at, first = at - done, first - done if first >= 0 else first  # what is before the record is forgotten

    def _one(self, end: int) -> Iterator[Batch | Bad]:
        """Read one record, which ends at an offset."""
        findings, window = self.findings, self.window
        text, self._broken = window.places(window.at, end), False
        try:
            value = self._careful(text)
        except Fatal as error:
            if self._endless or isinstance(error, Unending):
                raise
            value, self._broken = BAD, True
        findings.record = None
        if findings.errors:
            yield Bad(self.count, text.data.decode("utf-8", "replace"), findings.take())
        else:
            yield Batch(self.count, [value])
        self.count += 1

    def _careful(self, text: Text) -> Any:
        parser = self._parser(text)
        parser.space()
        if parser.at >= len(text.data):
            # At what follows: of the white space before it a window may have let go.
            behind = len(text.data)
            self.findings.add("json.syntax", "There is nothing where a record should be.", (behind, behind))
            self._nothings += 1
            self._endless = self._nothings == LIMIT
            raise Fatal
        self._nothings = 0
        self.findings.record = self.count  # not of the comments before it, which the window may have passed already
        node = parser.value(2)
        parser.space()
        if parser.at < len(text.data):
            self.findings.add(
                "json.syntax", "There is more than one value where a record should be.", (parser.at, parser.at + 1)
            )
            raise Fatal
        return self.reader.member(self.item, node, f"/{self.count}", self.label)

    def _trailing(self) -> Iterator[Batch | Bad]:
        self._space()
        window = self.window
        rest = window.text[window.at :]
        if rest:
            self.findings.places = window.places(window.at)
            self.findings.add("json.trailing", "Something follows the value; Json.NET never reads it.", (0, 40))
            window.at = len(window.text)
            while window.more():  # a payload is text to its end, whoever reads it
                window.at = len(window.text)
        if self.findings.errors:  # also what was found between the records
            yield Bad(self.count, rest, self.findings.take(), last=True)

    def _other(self) -> Iterator[Batch | Bad]:
        """Read a document that is no array: null, or something that is wrong."""
        window = self.window
        while window.more():
            pass
        text = self.findings.places = window.places(window.at)
        value = self.reader.root(Parser(text, self.findings, depth=self.depth).document())
        if self.findings.errors or value is BAD:
            yield Bad(0, window.text[window.at :], self.findings.take(), last=True)
        else:
            yield Batch(0, value or [], nil=value is None)

    # --- one record a line ---

    def _lines(self, enough: int | None = None) -> Generator[Batch | Bad, None, bool]:
        """Read lines, up to an offset of the window where there is one; give whether that was all."""
        window = self.window
        while enough is None or window.at <= enough:
            if (blank := _BLANK.match(window.text, window.at)) is not None:
                window.at = blank.end()
            end = window.text.find("\n", window.at)
            if end < 0 and window.more():
                continue
            stop = end if end >= 0 else len(window.text)
            if window.text[window.at : stop].strip(" \t\r"):
                yield from self._one(stop)
            window.at = end + 1 if end >= 0 else stop
            if end < 0:
                return True
        return False
