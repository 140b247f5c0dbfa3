"""XML, both ways, for one contract: the fast lane first, the careful lane for whatever it leaves."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from convtool.formats import hazards
from convtool.formats.leaf import BAD
from convtool.formats.losses import Losses
from convtool.formats.text import DEPTH, Fatal
from convtool.formats.units import gather
from convtool.formats.window import Window
from convtool.formats.xml.writer import Writer
from convtool.limits import LIMITS

if TYPE_CHECKING:
    from convtool.contract.instance import Instances
    from convtool.contract.model import Contract
    from convtool.diagnostics import Findings
    from convtool.formats.hazards import Hazard, Hits
    from convtool.formats.text import Text
    from convtool.formats.xml.fast import FastReader

__all__ = ["XmlFormat"]


class XmlFormat:
    """Reads and writes the XML documents of one contract."""

    name = "xml"

    def __init__(self, contract: Contract, instances: Instances) -> None:
        self.contract = contract
        self.instances = instances
        self.writer = Writer(contract, instances)
        self.losses = Losses(contract, instances, "xml")
        self.layout = self.writer.layout

    @cached_property
    def fast(self) -> FastReader | None:
        """The fast lane of reading, where the contract has one; made when it is used, as a writer needs none."""
        from convtool.formats.xml.fast import build

        return build(self.contract, self.instances, self.layout)

    @cached_property
    def fast_writer(self) -> Any:
        """The fast lane of writing: what writes a document's value, and what writes an item."""
        from convtool.formats.xml.fast_writer import build

        return build(self.contract, self.layout)

    def write(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give the document of a value."""
        if value is None or pretty or self.fast_writer is None:
            return self.writer.write(value, pretty=pretty).encode()
        out: list[str] = []
        self.fast_writer[0](value, out.append)
        return "".join(out).encode()

    def report_losses(self, value: Any, text: Text, findings: Findings) -> None:
        """Report what of a value that came as ``text``, in another format, XML cannot hold, when anybody asks."""

        def report() -> None:
            findings.places, findings.record = text, None
            self.losses.report(self.contract.root, value, findings)

        if self.losses.any:
            findings.defer(report)

    def items(self, values: list[Any], *, pretty: bool = False) -> bytes:
        """Give items of a list contract as they stand in the document, with what stands between them."""
        if pretty or self.fast_writer is None or self.fast_writer[1] is None:
            return "".join(self.writer.item(value, pretty=pretty) for value in values).encode()
        out: list[str] = []
        write = self.fast_writer[1]
        for value in values:
            write(value, out.append)
        return "".join(out).encode()

    def separators(self, *, pretty: bool = False) -> tuple[bytes, bytes]:
        """Give what stands before the first item, and between two calls of ``items``."""
        del pretty  # an item begins its own line
        return self.layout.root().open.encode(), b""

    def ending(self, *, pretty: bool = False) -> bytes:
        """Give what stands behind the last item."""
        return (("\n" if pretty else "") + self.layout.root().close).encode()

    def read(self, text: Text, findings: Findings, *, depth: int = DEPTH) -> Any:
        """Give the value of a document, or BAD; findings say all there is to say."""
        fast = self.fast is not None and text.encoding == "utf-8" and depth >= DEPTH and self._is_told(text)
        if fast and self.fast is not None and text.string is not None:
            from convtool.formats.xml.fast import Miss

            hits = self.fast.hits()
            try:
                value = self.fast.read(text.string, hits)
            except Miss:
                pass
            else:
                if hits.first:
                    string, start = text.string, self.fast.head(text.string)
                    findings.places = text
                    findings.defer(lambda: self.report(string, start, hits, findings))
                return value
        return self.read_carefully(text, findings, depth=depth, records_fast=True)

    def _is_told(self, text: Text) -> bool:
        """Tell whether nothing needs counting: it is a list, of which the limits are by the record, or has little."""
        return self.contract.item is not None or LIMITS.hold(text.data, (b"<",))

    @cached_property
    def _mark(self) -> str:
        from convtool.formats.xml.locate import mark_of

        return mark_of(self.contract)

    def report(self, string: str, start: int, hits: Hits, findings: Findings, first: int | None = None) -> None:
        """Add the hazards that the fast lane has counted in ``string``; see ``path_at`` for ``start`` and ``first``."""
        from convtool.formats.xml.locate import path_at

        assert self.fast is not None

        def place(hazard: Hazard, at: int) -> tuple[str, tuple[int, int], str, int | None]:
            begin = at if hazard.kind == "absent" else at - 1
            path, record = path_at(self.contract, string, start, begin, first, mark=self._mark)
            text = "" if hazard.kind == "absent" else string[at : string.index("<", at)]
            offset = len(string[:at].encode())
            width = len(path.rpartition("/")[2].partition("[")[0].encode()) + 1 if not text else len(text)
            return text, (offset, offset + width), path, record

        hazards.report(self.contract, self.fast.known, hits, findings, place)

    def read_carefully(self, text: Text, findings: Findings, *, depth: int = DEPTH, records_fast: bool = False) -> Any:
        """Read with the careful lane; with ``records_fast`` only the records of a list that need it."""
        from convtool.formats.xml.notes import outside
        from convtool.formats.xml.reader import Reader
        from convtool.formats.xml.stream import XmlStream
        from convtool.formats.xml.syntax import Parser, check_declaration

        if self.contract.item is not None:
            window = Window.of(text, findings)
            return gather(XmlStream(self, window, findings, depth=depth, fast=records_fast), findings)
        findings.places = text
        try:
            start = check_declaration(text, findings)
            parser = Parser(text, findings, depth=depth)
            parser.base = start
            parser.feed(text.data[start:], final=True)
        except Fatal:
            return BAD
        root = parser.root
        assert root is not None
        outside(parser, findings)
        return Reader(self.contract, self.instances, findings).root(root)
