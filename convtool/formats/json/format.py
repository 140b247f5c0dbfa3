"""JSON, both ways, for one contract: the fast lane first, the careful lane for whatever it leaves."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from convtool.formats import hazards
from convtool.formats.json.writer import Writer, indent
from convtool.formats.leaf import BAD
from convtool.formats.losses import Losses
from convtool.formats.text import DEPTH, Fatal
from convtool.formats.units import gather
from convtool.formats.window import Window
from convtool.limits import LIMITS

if TYPE_CHECKING:
    from convtool.contract.instance import Instances
    from convtool.contract.model import Contract
    from convtool.diagnostics import Findings
    from convtool.formats.hazards import Hazard, Hits
    from convtool.formats.json.fast import FastReader
    from convtool.formats.losses import SpansOf
    from convtool.formats.text import Text

__all__ = ["JsonFormat"]


class JsonFormat:
    """Reads and writes the JSON documents of one contract."""

    name = "json"

    def __init__(self, contract: Contract, instances: Instances) -> None:
        self.contract = contract
        self.instances = instances
        self.writer = Writer(contract, instances)
        self.losses = Losses(contract, instances, "json")

    @cached_property
    def fast(self) -> FastReader | None:
        """The fast lane of reading, where the contract has one; made when it is used, as a writer needs none."""
        from convtool.formats.json.fast import build

        return build(self.contract, self.instances)

    def write(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give the document of a value."""
        data = self.writer.write(value)
        return indent(data) if pretty else data

    def report_losses(self, value: Any, text: Text, findings: Findings, spans_of: SpansOf | None = None) -> None:
        """Report what of a value that came as ``text``, in another format, JSON cannot hold, when anybody asks."""

        def report() -> None:
            findings.places, findings.record = text, None
            self.losses.report(self.contract.root, value, findings, spans_of=spans_of)

        if self.losses.any:
            findings.defer(report)

    def items(self, values: list[Any], *, pretty: bool = False) -> bytes:
        """Give items of a list contract as they stand in the document, with what stands between them."""
        data = self.writer.items(values)
        return indent(b"[" + data + b"]")[2:-2] if pretty else data

    def separators(self, *, pretty: bool = False) -> tuple[bytes, bytes]:
        """Give what stands before the first item, and between two calls of ``items``."""
        return (b"[\n", b",\n") if pretty else (b"[", b",")

    def ending(self, *, pretty: bool = False) -> bytes:
        """Give what stands behind the last item."""
        return b"\n]" if pretty else b"]"

    def read(self, text: Text, findings: Findings, *, depth: int = DEPTH) -> Any:
        """Give the value of a document, or BAD; findings say all there is to say."""
        if self.fast is not None and depth >= DEPTH and self._is_told(text):
            from convtool.formats.json.fast import Miss

            hits = self.fast.hits()
            try:
                value = self.fast.read(text.data, hits)
            except Miss:
                pass
            else:
                if any(hits.counts):
                    findings.places = text
                    findings.defer(lambda: self.report(value, text.data, hits, findings))
                return value
        return self.read_carefully(text, findings, depth=depth, records_fast=True)

    def _is_told(self, text: Text) -> bool:
        """Tell whether nothing needs counting: it is a list, of which the limits are by the record, or has little."""
        return self.contract.item is not None or LIMITS.hold(text.data, (b",", b"[", b"{"))

    def report(self, value: Any, data: bytes, hits: Hits, findings: Findings, first: int = 0) -> None:
        """Add the hazards that the fast lane has counted; ``first`` is the index of the first record."""
        from convtool.formats.json.locate import first_places

        assert self.fast is not None
        counted = [index for index, count in enumerate(hits.counts) if count]
        unknown = {i for i in counted if not hazards.is_known(self.fast.known[i], findings)}
        found = first_places(self.contract, self.fast.hazards, value, data, unknown, first) if unknown else {}
        places = list(found.items())  # in the order of the careful reader
        hits.first = dict.fromkeys(counted, -1) | {index: n for n, (index, _) in enumerate(places)}

        def place(_hazard: Hazard, at: int) -> tuple[str, tuple[int, int], str, int | None]:
            one = places[at][1]
            return one.text, one.span, one.path, one.record

        hazards.report(self.contract, self.fast.known, hits, findings, place, json=True)

    def read_carefully(self, text: Text, findings: Findings, *, depth: int = DEPTH, records_fast: bool = False) -> Any:
        """Read with the careful lane; with ``records_fast`` only the records of a list that need it."""
        from convtool.formats.json.reader import Reader
        from convtool.formats.json.stream import JsonStream
        from convtool.formats.json.syntax import Parser

        if self.contract.item is not None:
            window = Window.of(text, findings)
            return gather(JsonStream(self, window, findings, depth=depth, fast=records_fast), findings)
        findings.places = text
        try:
            node = Parser(text, findings, depth=depth).document()
        except Fatal:
            return BAD
        return Reader(self.contract, self.instances, findings).root(node)
