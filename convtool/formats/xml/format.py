"""XML, both ways, for one contract: the fast lane first, the careful lane for whatever it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.formats.leaf import BAD
from convtool.formats.text import DEPTH, Fatal
from convtool.formats.xml.reader import Reader
from convtool.formats.xml.syntax import Parser, check_declaration
from convtool.formats.xml.writer import Writer

if TYPE_CHECKING:
    from convtool.contract.instance import Instances
    from convtool.contract.model import Contract
    from convtool.diagnostics import Findings
    from convtool.formats.text import Text

__all__ = ["XmlFormat"]

_OUTSIDE = {"loss.comment": ("A comment is dropped.", 4), "loss.processing-instruction": ("A processing instruction.", 2)}


class XmlFormat:
    """Reads and writes the XML documents of one contract."""

    name = "xml"

    def __init__(self, contract: Contract, instances: Instances) -> None:
        self.contract = contract
        self.instances = instances
        self.writer = Writer(contract, instances)

    def write(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give the document of a value."""
        return self.writer.write(value, pretty=pretty).encode()

    def read(self, text: Text, findings: Findings, *, depth: int = DEPTH) -> Any:
        """Give the value of a document, or BAD; findings say all there is to say."""
        return self.read_carefully(text, findings, depth=depth)

    def read_carefully(self, text: Text, findings: Findings, *, depth: int = DEPTH) -> Any:
        """Read with the careful lane alone."""
        findings.places = text
        try:
            start = check_declaration(text, findings)
            parser = Parser(text, findings, depth=depth)
            parser.base = start
            parser.feed(text.data[start:], final=True)
        except Fatal:
            return BAD
        root = parser.root
        assert root is not None  # noqa: S101 - expat has accepted the document
        outside(parser, findings, before=root.start)
        value = Reader(self.contract, self.instances, findings).root(root)
        outside(parser, findings, after=root.start)
        return value


def outside(parser: Parser, findings: Findings, *, before: int | None = None, after: int | None = None) -> None:
    """Report the comments and instructions before or after the root."""
    for code, at in parser.outside:
        if (before is not None and at < before) or (after is not None and at > after):
            message, width = _OUTSIDE[code]
            findings.add(code, message, (at, at + width), "/")
