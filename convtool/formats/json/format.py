"""JSON, both ways, for one contract: the engine first, the careful lane for whatever it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.formats.json.writer import Writer, indent
from convtool.formats.leaf import BAD
from convtool.formats.losses import Losses
from convtool.formats.taken import taken
from convtool.formats.text import DEPTH, Fatal, checked
from convtool.formats.units import gather
from convtool.formats.window import Window

if TYPE_CHECKING:
    from convtool.findings import Findings
    from convtool.formats.json.stream import JsonStream
    from convtool.formats.lane import Lane, Reading
    from convtool.formats.losses import SpansOf
    from convtool.formats.text import Text
    from convtool.model.contract import Contract
    from convtool.model.instance import Instances

__all__ = ["JsonFormat"]


class JsonFormat:
    """Reads and writes the JSON documents of one contract."""

    name = "json"

    def __init__(self, contract: Contract, instances: Instances, lane: Lane | None = None) -> None:
        self.contract = contract
        self.instances = instances
        self.writer = Writer(contract, instances)
        self.losses = Losses(contract, instances, "json")
        self.lane = lane

    def write(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give the document of a value."""
        data = self.writer.write(value)
        return indent(data) if pretty else data

    def report_losses(self, value: Any, text: Text, findings: Findings, spans_of: SpansOf | None = None) -> None:
        """Report what of a value that came as ``text``, in another format, JSON cannot hold, when anybody asks."""

        def report(findings: Findings) -> None:
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
        """Give the value of a document, or BAD; findings say all there is to say.

        The engine reads, and the careful lane what it leaves, where what msgspec makes of its JSON is the value.
        """
        if self.instances.readable and self.lane is not None:
            found = taken(self.lane, self, text, findings, to="values", depth=depth)
            if found is not None:
                return BAD if found.bad or findings.errors else found.value(self.instances)
        sure = checked(text, findings)
        return BAD if sure is None else self.read_carefully(sure, findings, depth=depth)

    def careful(self, window: Window, findings: Findings, reading: Reading) -> JsonStream:
        """Give the stream that reads records which the engine has left."""
        from convtool.formats.json.stream import JsonStream

        return JsonStream(self, window, findings, lines=reading.lines[0], depth=reading.depth, count=reading.count)

    def comment(self, at: int, path: str, findings: Findings) -> None:
        """Report a comment: JSON has none, so that the engine leaves them to the careful lane."""
        raise AssertionError((at, path, findings))

    def content(self, text: Text, at: int) -> str:
        """Give a value's text: what JSON loses in XML is for the careful lane."""
        raise AssertionError((text, at))

    @staticmethod
    def is_whole(_data: bytes) -> bool:
        """Tell that any list's records stream."""
        return False

    @staticmethod
    def is_for_care(_data: bytes, *, begins: bool) -> bool:  # noqa: ARG004 - it takes nothing with comments
        """Tell that the engine may be given anything."""
        return False

    @staticmethod
    def document(text: Text, depth: int) -> tuple[Text, int]:
        """Give the document that the engine reads: the payload itself."""
        return text, depth

    def read_carefully(self, text: Text, findings: Findings, *, depth: int = DEPTH) -> Any:
        """Read with the careful lane alone."""
        from convtool.formats.json.reader import Reader
        from convtool.formats.json.stream import JsonStream
        from convtool.formats.json.syntax import Parser

        if self.contract.item is not None:
            return gather(JsonStream(self, Window.of(text, findings), findings, depth=depth), findings)
        findings.places = text
        try:
            node = Parser(text, findings, depth=depth).document()
        except Fatal:
            return BAD
        return Reader(self.contract, self.instances, findings).root(node)
