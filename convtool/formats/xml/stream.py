"""A list contract's XML, record by record, in the memory of the largest one.

A document is read from beginning to end; or records alone that an engine has left: expat sees the root's start tag and
then the record, so that it reads in the root's namespaces.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import structs

from convtool.engine import State
from convtool.formats.filler import HUGE, SECTIONS
from convtool.formats.leaf import BAD
from convtool.formats.text import DEPTH, Fatal, Text
from convtool.formats.units import Bad, Batch
from convtool.formats.window import CHUNK
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
_MANY = CHUNK  # characters between two records, from which on they are not held for the one behind
_REFERENCE = 1 << 12  # characters of a reference; what is longer is none
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
                enough, start = 0 if window.few else len(window.text) // 2, window.start
                while True:
                    yield from self._one(enough)
                    if self._ended or window.at > enough or window.start is not start:
                        break
                    match = _SPACE.match(window.text, window.at)
                    if window.text.startswith("</", match.end() if match else 0):
                        break
                return self._ended
        except Fatal:
            yield Bad(self.count, window.text[window.at :], self.findings.take(), last=True)
        return True

    def _one(self, enough: int) -> Iterator[Batch | Bad]:
        """Read until the parser is between two records again, behind those up to an offset, or at the root's end."""
        parser = self._within()
        yield from self._along(parser, len(self.opening), enough)
        if parser.level == 0:
            self._ended = True
            if not self.window.over or self.window.at < len(self.window.text):
                yield from self._tail()  # an item may be called as its list is: the piece ended there
            elif self.findings.errors:
                yield Bad(self.count, "", self.findings.take(), last=True)

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

    def _within(self, ending: bytes = b"") -> Parser:
        """Give a parser that has seen the root's start tag."""
        text = self.findings.places = self.window.places(self.window.at, self.window.at)
        parser = Parser(text, self.findings, unit_depth=1, depth=self.depth)
        parser.feed(self.opening + ending, final=False)
        parser.units.clear()
        return parser

    def _along(self, parser: Parser, begun: int, enough: int | None = None) -> Iterator[Batch | Bad]:
        """Read from the window's place on, and forget what has been read: to the document's end, or as ``_one`` does.

        ``begun``: bytes that the parser has been given, or that stand before the window's place.
        """
        window, findings, opened = self.window, self.findings, parser.root is not None
        done, fed = window.at, begun  # what the parser has been given: characters of the window, bytes
        while True:
            end = self._piece(parser, done, enough)
            final = window.over and end == len(window.text)
            if final or end > done:
                piece = window.text[done:end].encode()
                text = parser.text = findings.places = window.places(window.at, end)
                text.origin = begun
                yield from self._feed(parser, piece, text, final=final, head=not opened)
                if self._refused:
                    return
                done, fed, opened = end, fed + len(piece), parser.root is not None
                if parser.level == 0 and opened:
                    self._between(None, parser, text)
                outside(parser, findings)
                between = parser.level <= 1 and not parser.within and parser.told and not self._owing(parser)
                if final or (enough is not None and between):
                    break
                if opened and parser.level == 1 and not self._nil and fed - parser.unfinished(fed) > _MANY:
                    self._settle(parser, text, fed)
                # What has been read is forgotten, up to the record that has begun.
                keep = max(begun, parser.unfinished(fed)) if opened else begun
                window.at, begun = window.at + len(text.data[: keep - begun].decode()), keep
            else:
                done -= window.at
                window.more()
                done += window.at
        if parser.level == 1:
            self._settle(parser, text, fed)
        parser.close()
        window.at = done

    def _piece(self, parser: Parser, done: int, enough: int | None) -> int:
        """Give where the piece ends that the parser is given next: at ``done`` where more of the document is wanted."""
        window, text = self.window, self.window.text
        if enough is not None:
            # One record, or all that are in reach; where they do not end there, pieces double.
            end = self._end(done, max(2 * done - window.at, enough))
            end = self._end(done) if end < 0 else end
            if end >= 0:
                return end
        # Pieces are no larger than a window, so that what is made of them is not either; those of a record double.
        stop = done + max(CHUNK, done - window.at)
        if (window.over or window.broken) and len(text) <= stop:
            return len(text)  # what stands before bytes that are no text is read before these are reported
        if enough is not None and len(text) - done <= _MANY:
            return done
        end = text.rfind(">", done, stop) + 1 or text.find(">", stop) + 1
        if end:
            return end
        if window.over or window.broken:
            return len(text)
        begin = done if parser.in_tag else text.find("<", done)
        if begin >= 0 or parser.within or parser.root is None:
            section = parser.within or text.startswith(SECTIONS, begin)
            # A tag that is too long is none that is waited for, whatever comes.
            return len(text) if begin >= 0 and not section and len(text) - begin > HUGE else done
        reference = text.rfind("&", max(done, len(text) - _REFERENCE))  # text may end anywhere but within one
        return reference if reference >= 0 and text.find(";", reference) < 0 else len(text)

    @staticmethod
    def _owing(parser: Parser) -> bool:
        """Tell whether there is text that is to be told with the record behind it."""
        return parser.level == 1 and parser.root is not None and (parser.root.stray >= 0 or parser.passing)

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
        if content is None:  # what was told as of a record before it had come is of none
            told = self.findings.found
            told[:] = [structs.replace(one, record=None) if one.record == self.count else one for one in told]
        rest = root.take_content()
        root.notes, root.texts, root.stray = content or rest
        self.reader.notes(root, path)
        self.reader.stray(root, path)
        root.notes, root.texts, root.stray = rest if content else ([], [], -1)

    def _settle(self, parser: Parser, text: Text, fed: int) -> None:
        """Report what stands before a record before that has come, where there is much: it is held no longer."""
        root = parser.root
        assert root is not None
        self.findings.places, self.findings.record = text, self.count
        path = f"/{self.contract.tag}"
        self.reader.notes(root, path)
        root.notes = []
        if 0 <= root.stray < fed - _MANY:
            self.reader.stray(root, path)
            root.take_content()
            parser.passing = True
        self.findings.record = None

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
        yield from self._along(self._within(ending), len(self.opening) + len(ending))
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
        yield from self._along(Parser(text, findings, unit_depth=1, depth=self.depth), 0)
        if findings.errors and not self._refused:
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
