"""A list contract's JSON, record by record, in the memory of the largest one: an array in any layout, or one record a line.

As many records as stand whole in the window are cut off at a separator and decoded at once; that the piece decodes proves
that the cut was between two records. Where a piece does not, its records are told apart by their brackets and read one by
one: by the fast lane, then by the careful one, which says what is wrong.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convtool.contract.model import Member
from convtool.formats import hazards
from convtool.formats.json.fast import Miss
from convtool.formats.json.reader import Reader
from convtool.formats.json.syntax import Parser
from convtool.formats.leaf import BAD
from convtool.formats.text import DEPTH, Fatal, Text
from convtool.formats.units import Bad, Batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.diagnostics import Findings
    from convtool.formats.json.format import JsonFormat
    from convtool.formats.window import Window

__all__ = ["JsonStream"]

_SPACE = re.compile(r"(?:[ \t\n\r]++|/\*.*?\*/|//[^\n\r]*+)*+", re.DOTALL)
_LAYOUT = re.compile(r"[ \t\n\r]*+")
_TOKEN = re.compile(r""""(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|/\*.*?\*/|//[^\n\r]*+|[\[\]{},"'/]""", re.DOTALL)
_TRIES = 4  # separators tried from the window's end before its records are told apart by their brackets


class JsonStream:
    """Reads the records of one document from a window. Iterate once: Batch and Bad units, in order."""

    def __init__(
        self, of: JsonFormat, window: Window, findings: Findings, *,
        lines: bool = False, depth: int = DEPTH, fast: bool = True,
    ) -> None:  # fmt: skip
        self.of = of
        self.contract = of.contract
        self.window = window
        self.findings = findings
        self.lines = lines
        self.depth = depth
        self.lane = of.fast if fast and depth >= DEPTH else None
        self.count = 0  # records so far
        item = of.contract.item
        assert item is not None  # noqa: S101 - callers stream list contracts only
        self.item: Member = item
        self.reader = Reader(of.contract, of.instances, findings)
        self.label = f"{of.contract.root.rpartition('}')[2]}.{item.name}"
        self._broken = False  # a record was no JSON at all
        self.layout = ""  # the white space between a record's comma and the next record

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
        match = _LAYOUT.match(window.text, window.at)
        self.layout = match[0] if match else ""
        while True:
            cut = self._cut() if self.lane is not None else -1
            if cut >= 0:
                batch = self._batch(cut)
                if batch is not None:
                    yield batch
                    continue
            ended = yield from self._some()
            if ended:
                break
        yield from self._trailing()

    def _space(self) -> None:
        """Go over white space and comments, reading on where they reach the window's end."""
        window = self.window
        while True:
            match = _SPACE.match(window.text, window.at)
            at = match.end() if match else window.at
            if at < len(window.text) - 1 or not window.more():
                break
        if window.text[window.at : at].strip(" \t\n\r"):
            self._parser(window.places(window.at, at)).space()  # comments are for the syntax to report
        window.at = at

    def _parser(self, text: Text) -> Parser:
        self.findings.places = text
        return Parser(text, self.findings, depth=self.depth)

    def _cut(self) -> int:
        """Give the offset of the comma behind the last whole record of the window; -1 where none is found."""
        window = self.window
        separator = f"}},{self.layout}{{"
        end = len(window.text)
        for _ in range(_TRIES):
            cut = window.text.rfind(separator, window.at, end)
            if cut < 0:
                return -1
            if self.layout or window.text.startswith(self._first, cut + len(separator)):
                return cut + 1
            end = cut + 1
        return -1

    @property
    def _first(self) -> str:
        """How a record begins in compact JSON: with its first member, whose name records within it rarely share."""
        record = self.contract.types[self.item.type]
        order = getattr(record, "json_order", ())
        return f'"{record.members[order[0]].name}"' if order else ""  # type: ignore[union-attr]

    def _batch(self, cut: int) -> Batch | None:
        """Decode the records up to a comma; None where the piece is not all records in wire form."""
        fast, window = self.lane, self.window
        assert fast is not None  # noqa: S101 - the caller has looked
        data = f"[{window.text[window.at : cut]}]".encode()
        hits = fast.hits()
        try:
            values = fast.read_items(data, hits)
        except Miss:
            return None
        if any(hits.counts):
            # The bracket put before the piece is not the payload's: offsets count it, places do not.
            self.findings.places = replace(window.places(window.at, cut), data=data[1:], origin=1)
            self.of.report(values, data, hits, self.findings, self.count)
        window.at = cut + 1
        first, self.count = self.count, self.count + len(values)
        return Batch(first, values)

    def _some(self) -> Iterator[Batch | Bad]:
        """Read one record by its brackets; give whether the array has ended."""
        window = self.window
        self._space()
        if window.text.startswith("]", window.at):
            window.at += 1
            return True
        end, ended = self._record_end()
        yield from self._one(window.places(window.at, end))
        window.at = end
        if window.text.startswith(",", end):
            window.at += 1
            self._space()
            if window.text.startswith("]", window.at):
                self.findings.places = window.places(window.at, window.at + 1)
                self.findings.add("json.relaxed", "There is a comma before the closing bracket.", (0, 1))
            return False
        if ended and self._broken:
            return True  # a string that does not end takes the rest with it: that has been said
        if ended:
            self.findings.places = window.places(end)
            self.findings.add("json.syntax", "The JSON ends where a comma or ] should be.", (0, 0))
            raise Fatal
        window.at += 1
        return True

    def _record_end(self) -> tuple[int, bool]:
        """Give the offset behind the record at hand, at a comma or the array's end; and whether the text ended before."""
        window = self.window
        while True:
            level = 0
            for match in _TOKEN.finditer(window.text, window.at):
                token = match[0]
                if token in "\"'/":
                    break  # a string or a comment that the window's end cuts off
                if token in "{[":
                    level += 1
                elif token in "}]":
                    if level == 0:
                        return match.start(), False
                    level -= 1
                elif token == "," and level == 0:
                    return match.start(), False
            if not window.more():
                return len(window.text), True

    def _one(self, text: Text) -> Iterator[Batch | Bad]:
        """Read one record: by the fast lane, else by the careful one."""
        findings = self.findings
        value = self._quick(text)
        if value is BAD:
            findings.record = self.count
            try:
                value = self._careful(text)
            except Fatal:
                value, self._broken = BAD, True
            findings.record = None
        if findings.errors:
            yield Bad(self.count, text.data.decode("utf-8", "replace"), findings.take())
        else:
            yield Batch(self.count, [value])
        self.count += 1

    def _quick(self, text: Text) -> Any:
        fast = self.lane
        if fast is None:
            return BAD
        data = b"[" + text.data.strip(b" \t\n\r") + b"]"
        hits = fast.hits()
        try:
            values = fast.read_items(data, hits)
        except Miss:
            return BAD
        return BAD if any(hits.counts) or len(values) != 1 else values[0]

    def _careful(self, text: Text) -> Any:
        parser = self._parser(text)
        parser.space()
        if parser.at >= len(text.data):
            self.findings.add("json.syntax", "There is nothing where a record should be.", (0, 0))
            raise Fatal
        node = parser.value(2)
        parser.space()
        if parser.at < len(text.data):
            self.findings.add("json.syntax", "There is more than one value where a record should be.", (parser.at, parser.at + 1))
            raise Fatal
        return self.reader.member(self.item, node, f"/{self.count}", self.label)

    def _trailing(self) -> Iterator[Batch | Bad]:
        self._space()
        window = self.window
        if window.at < len(window.text):
            self.findings.places = window.places(window.at)
            self.findings.add("json.trailing", "Something follows the value; Json.NET never reads it.", (0, 40))
            if self.findings.errors:
                yield Bad(self.count, window.text[window.at :], self.findings.take(), last=True)

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

    def _lines(self) -> Iterator[Batch | Bad]:
        window = self.window
        while True:
            end = window.text.find("\n", window.at)
            if end < 0 and window.more():
                continue
            stop = end if end >= 0 else len(window.text)
            if window.text[window.at : stop].strip(" \t\r"):
                yield from self._one(window.places(window.at, stop))
            if end < 0:
                break
            window.at = end + 1

