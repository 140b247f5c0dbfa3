"""A list contract's XML, record by record, in the memory of the largest one.

A document is read from beginning to end; or records alone that an engine has left: expat sees the root's start tag and
then the record, so that it reads in the root's namespaces.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from convtool.engine import State
from convtool.formats.leaf import BAD
from convtool.formats.text import AROUND, DEPTH, Fatal, Text
from convtool.formats.units import Bad, Batch
from convtool.formats.xml.notes import outside
from convtool.formats.xml.notes import report as report_notes
from convtool.formats.xml.reader import Reader
from convtool.formats.xml.syntax import Element, Parser, check_declaration, end_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from convtool.findings import Findings, Places
    from convtool.formats.objects import Objects
    from convtool.formats.window import Window
    from convtool.formats.xml.format import XmlFormat
    from convtool.model.contract import Member

__all__ = ["XmlStream"]

_SPACE = re.compile(r"[ \t\r\n]*+")
_NOTES = re.compile(r"(?>(?:[ \t\r\n]++|<!--.*?-->|<\?.*?\?>)*)", re.DOTALL)  # as far as they surely end
_MANY = 1 << 18  # characters of comments that stand before a record, from which on they are not held for it
_DECLARATION = "<?xml"
_BEHIND = len("?>" + "<?xml ")
_HEAD = 1 << 12  # characters within which an XML declaration ends


class XmlStream:
    """Reads the records of one document from a window. Iterate once: Batch and Bad units, in order."""

    phase = State.BEFORE  # where an engine goes on behind ``some``

    def __init__(
        self, of: XmlFormat, window: Window, findings: Findings, *, depth: int = DEPTH, count: int = 0,
        opening: bytes = b"", objects: Objects | None = None,
    ) -> None:  # fmt: skip
        self.of = of
        self.contract = of.contract
        self.window = window
        self.findings = findings
        self.depth = depth
        self.opening = opening  # the root's start tag, where records are read apart from it
        self.count = count  # records so far
        item = of.contract.item
        assert item is not None
        self.item: Member = item
        self._wanted = f"{item.namespace} {item.name}" if item.namespace else item.name
        self._label = f"{of.contract.root.rpartition('}')[2]}.{item.name}"
        self.reader = Reader(of.contract, of.instances, findings)
        self.reader.objects = objects or self.reader.objects  # the document's, of which this reads a part
        self._ended = False  # the root's end tag has been read
        self._refused = False  # the root is not the contract's
        self._nil = self._said = False  # the list is null; that it has content has been reported
        self._top: Places | None = None  # the text that the root begins in

    def __iter__(self) -> Iterator[Batch | Bad]:
        try:
            yield from self._careful()
        except Fatal:
            window = self.window
            yield Bad(self.count, window.text[window.at :], self.findings.take(), last=True)

    # --- records that the engine leaves ---

    def some(self, phase: int) -> Generator[Batch | Bad, None, bool]:
        """Read records from where an engine has left off; give whether the document has been read to its end."""
        window = self.window
        try:
            if phase == State.TAIL:
                yield from self._tail()
            elif phase != State.BEFORE:
                yield from self._careful()
            else:
                enough = 0 if window.few else len(window.text) // 2
                while True:
                    yield from self._one(enough)
                    match = _SPACE.match(window.text, window.at)
                    if self._ended or window.at > enough or window.text.startswith("</", match.end() if match else 0):
                        break
                return self._ended
        except Fatal:
            yield Bad(self.count, window.text[window.at :], self.findings.take(), last=True)
        return True

    def _one(self, enough: int) -> Iterator[Batch | Bad]:
        """Read until the parser is between two records again, behind those up to an offset, or at the root's end."""
        window = self.window
        parser, text = self._within(window.at)
        done = window.at  # of the window's text, what the parser has been given
        while True:
            ahead = done - window.at
            # The first piece is one record, or all that are in reach; where they do not end there, pieces double.
            end = self._end(done, max(done + ahead, enough))
            end = self._end(done) if end < 0 else end
            if end < 0 and done == window.at and (notes := self._many_notes()):
                if self._pass(parser, text, notes):
                    return
                done = notes
                continue
            # What stands before bytes that are no text is read before these are reported.
            if end < 0 and (not window.broken or done == len(window.text)) and window.more():
                done = window.at + ahead
                continue
            end = end if end >= 0 else len(window.text)
            final = end == len(window.text) and window.over
            piece, done = window.text[done:end].encode(), end
            # The parser's text is the record alone: a window may hold thousands.
            text.data, text.tail = text.data + piece, window.text[end : end + AROUND]
            yield from self._feed(parser, piece, text, final=final)
            if final or (parser.level <= 1 and not parser.within and parser.told):
                break
        window.at = done
        if parser.level == 0:
            self._ended = True
            self._between(None, parser, text)
            outside(parser, self.findings)
            if not final:
                yield from self._tail()  # an item may be called as its list is: the piece ended there
            elif self.findings.errors:
                yield Bad(self.count, "", self.findings.take(), last=True)

    def _many_notes(self) -> int:
        """Give the offset behind the comments and instructions of the root that are next, if they are many; else 0."""
        match = _NOTES.match(self.window.text, self.window.at)
        return match.end() if match is not None and match.end() - self.window.at > _MANY else 0

    def _pass(self, parser: Parser, text: Text, end: int, *, final: bool = False) -> bool:
        """Read what is between records, up to an offset of the window, before the record behind it has come.

        Tell whether that has been done: expat may wait for more.
        """
        piece = self.window.text[self.window.at : end].encode()
        text.data, text.tail = piece, self.window.text[end : end + AROUND]
        for _ in self._feed(parser, piece, text, final=final):
            pass  # there is no record in it
        if not (final or parser.told):
            return False
        if parser.level:
            self._noted(parser, text)
        parser.close()
        self.window.at = end
        return True

    def _end(self, start: int, stop: int | None = None) -> int:
        """Give the offset behind the first end tag of a record's name, or behind the last up to ``stop``; or -1."""
        text, last = self.window.text, -1
        for match in self._close.finditer(text, start, len(text) if stop is None else stop):
            last = match.end()
            if stop is None:
                break
        return last

    @cached_property
    def _close(self) -> re.Pattern[str]:
        return re.compile(rf"</(?:[^\s:/<>]+:)?{re.escape(self.item.name)}[ \t\r\n]*>")

    def _within(self, at: int, end: int | None = None, ending: bytes = b"") -> tuple[Parser, Text]:
        """Give a parser that has seen the root's start tag, and a text from an offset of the window."""
        text = self.window.places(at, at if end is None else end)
        text.origin = len(self.opening) + len(ending)
        self.findings.places = text
        parser = Parser(text, self.findings, unit_depth=1, depth=self.depth)
        parser.feed(self.opening + ending, final=False)
        parser.units.clear()
        return parser, text

    def _feed(
        self, parser: Parser, piece: bytes, text: Text, *, final: bool, head: bool = False
    ) -> Iterator[Batch | Bad]:
        """Parse a piece and read what it finishes; where it is not XML, what came before is still read.

        With ``head`` the root's start tag is looked at first, as soon as it is there.
        """
        findings, later = self.findings, None
        errors, known = findings.errors, len(findings.found)
        try:
            parser.feed(piece, final=final)
        except Fatal:
            later = findings.part(errors, known)
        if head and parser.root is not None:
            unit = self._root_start(parser)
            if unit is not None:
                yield unit
                if isinstance(unit, Bad):
                    return
        yield from self._units(parser, text)
        if later is not None:
            if parser.level == 0:  # what is wrong stands behind the root, whose last notes are told first
                self._between(None, parser, text)
            outside(parser, findings)
            findings.rejoin(later)
            raise Fatal

    def _units(self, parser: Parser, text: Text) -> Iterator[Batch | Bad]:
        """Read the records that the parser has finished; what stands between records is reported with the next one."""
        units, parser.units = parser.units, []
        if self._nil:
            self._ignored(parser, units)
            return
        for element in units:
            self.findings.places = text
            self.findings.record = self.count
            value, counts = self._unit(element)
            self._between(element.before, parser, text)
            self.findings.record = None
            if self.findings.errors:
                raw = text.data[element.start - text.origin : end_of(element, text) - text.origin]
                yield Bad(self.count, raw.decode("utf-8", "replace"), self.findings.take())
            elif counts:
                yield Batch(self.count, [value])
            self.count += counts

    def _unit(self, element: Element) -> tuple[Any, bool]:
        """Give the value of an element among the root's, and whether it is a record; .NET skips what is none."""
        path, item = f"/{self.contract.tag}", self.item
        if element.name != self._wanted:
            self.reader.unknown((item,), element, path)
            return BAD, False
        return self.reader.member(item, element, f"{path}/{item.name}[{self.count + 1}]", self._label), True

    def _between(
        self, content: tuple[list[tuple[str, int]], list[str], int] | None, parser: Parser, text: Text
    ) -> None:
        """Report comments and text of the root: before a record, or (None) behind the last one."""
        root = parser.root
        if root is None:
            return
        self.findings.places = text
        path = f"/{self.contract.tag}"
        rest = root.take_content()
        root.notes, root.texts, root.stray = content or rest
        self.reader.notes(root, path)
        self.reader.stray(root, path)
        root.notes, root.texts, root.stray = rest if content else ([], [], -1)

    def _noted(self, parser: Parser, text: Text) -> None:
        """Report the comments of the root before the record that they stand before has come: there are many."""
        root = parser.root
        assert root is not None
        self.findings.places, self.findings.record = text, self.count
        self.reader.notes(root, f"/{self.contract.tag}")
        self.findings.record = None
        root.notes = []

    def _ignored(self, parser: Parser, units: list[Element]) -> None:
        """Report once that a list that is null has content."""
        root = parser.root
        assert root is not None
        notes, texts, _ = root.take_content()
        root.notes = [*(note for unit in units if unit.before for note in unit.before[0]), *notes]
        if (units or texts) and not self._said:
            self._said = True
            message = f"<{root.local}> is nil and has content: .NET ignores the content, so the server sees null."
            here, self.findings.places = self.findings.places, self._top
            self.findings.add("nil.content", message, (root.start, root.start + 1), f"/{self.contract.tag}")
            self.findings.places = here

    # --- the end ---

    def _tail(self) -> Iterator[Batch | Bad]:
        """Read what follows the root's end tag: white space, perhaps comments."""
        window = self.window
        name = re.match(rb"<([^\s/>]+)", self.opening)
        assert name is not None
        ending = b"" if self.opening.endswith(b"/>") else b"</" + name[1] + b">"
        while window.more():
            if notes := self._many_notes():
                parser, text = self._within(window.at, notes, ending)
                if self._pass(parser, text, notes):
                    outside(parser, self.findings)
        parser, text = self._within(window.at, len(window.text), ending)
        self._pass(parser, text, len(window.text), final=True)
        outside(parser, self.findings)
        if self.findings.errors:
            yield Bad(self.count, window.text, self.findings.take(), last=True)

    # --- the careful lane, from beginning to end ---

    def _careful(self) -> Iterator[Batch | Bad]:
        window, findings = self.window, self.findings
        while _DECLARATION.startswith(window.text[: len(_DECLARATION)]) and "?>" not in window.text[:_HEAD]:
            if len(window.text) > _HEAD or not window.more():
                break
        while (end := window.text.find("?>")) >= 0 and len(window.text) < end + _BEHIND and window.more():
            pass  # what begins behind a declaration is seen with it: another one
        text = findings.places = window.places(0)
        window.at = len(text.data[: check_declaration(text, findings)].decode())
        window.forget()
        parser = Parser(text, findings, unit_depth=1, depth=self.depth)
        done = fed = begun = (
            0  # characters of the window, and bytes of the document, given to the parser; bytes forgotten
        )
        opened = False
        while True:
            text = parser.text = findings.places = window.places(0)
            text.origin = begun
            end = len(window.text) if window.over else max(window.text.rfind(">") + 1, done)
            if end == done and opened and not parser.within and not window.text[done:].strip(" \t\r\n"):
                end = len(window.text)  # white space may end anywhere
            piece = window.text[done:end].encode()
            yield from self._feed(parser, piece, text, final=window.over, head=not opened)
            if self._refused:
                return
            done, fed, opened = end, fed + len(piece), parser.root is not None
            outside(parser, findings)
            if window.over:
                break
            # What has been read is forgotten, up to the record that has begun.
            if opened and parser.level == 1 and not self._nil and fed - parser.unfinished(fed) > _MANY:
                self._noted(parser, text)
            keep = max(begun, parser.unfinished(fed)) if opened else begun
            window.at = len(text.data[: keep - begun].decode())
            done, begun = done - window.at, keep
            window.more()
        self._between(None, parser, text)
        if findings.errors:
            yield Bad(self.count, "", findings.take(), last=True)

    def _root_start(self, parser: Parser) -> Batch | Bad | None:
        """Check the root's name and attributes; give a unit where the list is null, or is of another contract."""
        root = parser.root
        assert root is not None
        path = f"/{self.contract.tag}"
        self._top = self.findings.places
        before = sum(at < root.start for _, at in parser.outside)
        report_notes(parser.outside[:before], "/", self.findings)
        del parser.outside[:before]
        errors = self.findings.errors
        self._nil = self.reader.root_name(root) and self.reader.attributes(root, path, self.contract.top).nil
        if self.findings.errors > errors:
            self._refused = True
            return Bad(0, "", self.findings.take(), last=True)
        return Batch(0, [], nil=True) if self._nil else None
