"""JSON, both ways, for one contract: the fast lane first, the careful lane for whatever it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.formats.json.reader import Reader
from convtool.formats.json.syntax import Parser
from convtool.formats.json.writer import Writer, indent
from convtool.formats.leaf import BAD
from convtool.formats.text import DEPTH, Fatal

if TYPE_CHECKING:
    from convtool.contract.instance import Instances
    from convtool.contract.model import Contract
    from convtool.diagnostics import Findings
    from convtool.formats.text import Text

__all__ = ["JsonFormat"]


class JsonFormat:
    """Reads and writes the JSON documents of one contract."""

    name = "json"

    def __init__(self, contract: Contract, instances: Instances) -> None:
        self.contract = contract
        self.instances = instances
        self.writer = Writer(contract, instances)

    def write(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give the document of a value."""
        data = self.writer.write(value)
        return indent(data) if pretty else data

    def read(self, text: Text, findings: Findings, *, depth: int = DEPTH) -> Any:
        """Give the value of a document, or BAD; findings say all there is to say."""
        return self.read_carefully(text, findings, depth=depth)

    def read_carefully(self, text: Text, findings: Findings, *, depth: int = DEPTH) -> Any:
        """Read with the careful lane alone."""
        findings.places = text
        try:
            node = Parser(text, findings, depth=depth).document()
        except Fatal:
            return BAD
        return Reader(self.contract, self.instances, findings).root(node)
