"""XML, both ways, for one contract: the engine first, the careful lane for whatever it leaves."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.formats.filler import has_long_notes, has_long_prolog
from convtool.formats.lane import Lane
from convtool.formats.leaf import BAD
from convtool.formats.losses import Losses
from convtool.formats.taken import rewritten, taken
from convtool.formats.text import DEPTH, Fatal, checked
from convtool.formats.units import gather
from convtool.formats.window import Window
from convtool.formats.xml.envelope import looks_like
from convtool.formats.xml.inside import LEVELS, inside
from convtool.formats.xml.writer import Writer

if TYPE_CHECKING:
    from convtool.findings import Findings
    from convtool.formats.lane import Reading
    from convtool.formats.text import Text
    from convtool.formats.xml.layout import Tags
    from convtool.formats.xml.stream import XmlStream
    from convtool.model.contract import Contract
    from convtool.model.instance import Instances

__all__ = ["XmlFormat"]


class XmlFormat:
    """Reads and writes the XML documents of one contract."""

    name = "xml"

    def __init__(self, contract: Contract, instances: Instances, lane: Lane | None = None) -> None:
        self.contract = contract
        self.instances = instances
        self.writer = Writer(contract, instances)
        self.losses = Losses(contract, instances, "xml")
        self.layout = self.writer.layout
        self.lane = lane if lane is not None else Lane(contract, self.layout)

    @cached_property
    def _root(self) -> Tags:
        """The root's tags."""
        return self.layout.root()

    _encode = staticmethod(msgspec.json.Encoder().encode)

    def write(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give the document of a value."""
        if not pretty and self.instances.exact and (written := rewritten(self.lane, self._encode(value))) is not None:
            tags = self._root
            return written if self.contract.item is None else f"{tags.open}".encode() + written + tags.close.encode()
        return self.writer.write(value, pretty=pretty).encode()

    def report_losses(self, value: Any, text: Text, findings: Findings) -> None:
        """Report what of a value that came as ``text``, in another format, XML cannot hold, when anybody asks."""

        def report(findings: Findings) -> None:
            findings.places, findings.record = text, None
            self.losses.report(self.contract.root, value, findings)

        if self.losses.any:
            findings.defer(report)

    def items(self, values: list[Any], *, pretty: bool = False) -> bytes:
        """Give items of a list contract as they stand in the document, with what stands between them."""
        if not pretty and self.instances.exact and (written := rewritten(self.lane, self._encode(values))) is not None:
            return written
        return "".join(self.writer.item(value, pretty=pretty) for value in values).encode()

    def separators(self, *, pretty: bool = False) -> tuple[bytes, bytes]:
        """Give what stands before the first item, and between two calls of ``items``."""
        del pretty  # an item begins its own line
        return self._root.open.encode(), b""

    def ending(self, *, pretty: bool = False) -> bytes:
        """Give what stands behind the last item."""
        return (("\n" if pretty else "") + self._root.close).encode()

    def read(self, text: Text, findings: Findings, *, depth: int = DEPTH) -> Any:
        """Give the value of a document, or BAD; findings say all there is to say.

        The engine reads, and the careful lane what it leaves, where what msgspec makes of its JSON is the value.
        """
        if self.instances.readable:
            found = taken(self.lane, self, text, findings, to="values", depth=depth)
            if found is not None:
                return BAD if found.bad or findings.errors else found.value(self.instances)
        sure = checked(text, findings)
        return BAD if sure is None else self.read_carefully(sure, findings, depth=depth)

    @staticmethod
    def is_whole(data: bytes) -> bool:
        """Tell whether a document is read whole, even where its records could stream: it is in an envelope."""
        return looks_like(data)

    @staticmethod
    def is_for_care(data: bytes, *, begins: bool) -> bool:
        """Tell whether what is in hand may have a comment, or a prolog where it ``begins``, that is too long."""
        return has_long_notes(data) or (begins and has_long_prolog(data))

    def document(self, text: Text, depth: int) -> tuple[Text, int] | None:
        """Give the document that the engine reads, and its depth: the body of an envelope; None: it reads none."""
        if self.is_for_care(text.data, begins=True):
            return None
        if not looks_like(text.data):
            return text, depth
        found = inside(self.contract, text) if depth > LEVELS else None
        return None if found is None else (found, depth - LEVELS)

    def careful(self, window: Window, findings: Findings, reading: Reading) -> XmlStream:
        """Give the stream that reads records which the engine has left."""
        from convtool.formats.xml.stream import XmlStream

        return XmlStream(
            self, window, findings, depth=reading.depth, count=reading.count, opening=reading.opening,
            objects=reading.objects,
        )  # fmt: skip

    def comment(self, at: int, path: str, findings: Findings) -> None:
        """Report a comment that the engine has seen."""
        from convtool.formats.xml.notes import report

        report([("loss.comment", at)], path, findings)

    def content(self, text: Text, at: int) -> str:
        """Give the text of the simple value whose content is at an offset."""
        from convtool.formats.xml.locate import content_at

        return content_at(text.data, at)

    def read_carefully(self, text: Text, findings: Findings, *, depth: int = DEPTH) -> Any:
        """Read with the careful lane alone."""
        from convtool.formats.xml.envelope import payload_of
        from convtool.formats.xml.notes import outside
        from convtool.formats.xml.reader import Reader
        from convtool.formats.xml.stream import XmlStream
        from convtool.formats.xml.syntax import Parser, check_declaration

        if self.contract.item is not None and not self.is_whole(text.data):
            return gather(XmlStream(self, Window.of(text, findings), findings, depth=depth), findings)
        findings.places = text
        try:
            start = check_declaration(text, findings)
            parser = Parser(text, findings, depth=depth)
            parser.base = start
            parser.feed(text.data[start:], final=True)
        except Fatal:
            return BAD
        assert parser.root is not None
        outside(parser, findings)
        found = payload_of(self.contract, parser.root, findings)
        return BAD if found is None else Reader(self.contract, self.instances, findings).root(found[0], named=found[1])
