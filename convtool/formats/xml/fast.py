"""The fast lane for XML: the wire form, and the same with white space between elements, read by regular expressions.

The wire form of a contract is a small regular language. What matches it completely is well-formed and valid by
construction, since the expressions say every tag, every lexical form and every range; so nothing is checked twice, and
no tree is built. Whatever does not match is left to the careful lane (``Miss``), which defines the meaning. Readers
are generated for each contract, one function for each record: a run of simple members is one expression.

Contracts with dictionaries, derived or recursive types, flags or anyType have no fast lane.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from convtool.contract.model import Array, Contract
from convtool.formats.hazards import Hits, hazards
from convtool.formats.xml.fast_source import SPACE, Generator, Miss, Unsupported

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.contract.instance import Instances
    from convtool.formats.xml.layout import Layout

__all__ = ["FastReader", "Miss", "build"]

_HEAD = re.compile(r"(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'][Uu][Tt][Ff]-8[\"'])?\?>)?[ \t\r\n]*+")


def build(contract: Contract, instances: Instances, layout: Layout) -> FastReader | None:
    """Give the fast lane of a contract, or None where it has none."""
    try:
        return FastReader(contract, instances, layout)
    except Unsupported:
        return None


class FastReader:
    """Reads documents in wire form. ``compact`` and ``spaced`` are the two readers: without and with white space."""

    def __init__(self, contract: Contract, instances: Instances, layout: Layout) -> None:
        self.contract = contract
        self.instances = instances
        self.layout = layout
        self.hazards = hazards(contract)
        self.known = [hazard for _, hazard in self.hazards.values()]
        self.tags = layout.root()
        self._readers: dict[str, Callable[..., Any]] = {}
        self._items: dict[str, Callable[..., tuple[list[Any], int]]] = {}
        self.reader("")  # whether the contract has a fast lane shows when it is generated

    def hits(self) -> Hits:
        """Give an empty count."""
        return Hits([0] * len(self.known))

    def reader(self, space: str) -> Callable[..., Any]:
        """Give the function that reads the root's content; ``space`` is the expression between elements."""
        found = self._readers.get(space)
        if found is None:
            generator = Generator(self, space)
            name = generator.type(self.contract.root, self.tags, 1)
            found = self._readers[space] = generator.compile(name)
            if self.contract.item is not None:
                self._items[space] = generator.scope["read_items"]
        return found

    def items(self, space: str) -> Callable[..., tuple[list[Any], int]]:
        """Give the function that reads as many items as stand whole at an offset.

        (text, at, counts, first) → items, offset.
        """
        self.reader(space)
        return self._items[space]

    def head(self, text: str) -> int:
        """Give the offset of the root element, behind a declaration and white space."""
        match = _HEAD.match(text)
        assert match is not None
        return match.end()

    def spaced(self, text: str, at: int) -> str:
        """Give the expression for white space that a document needs; ``at`` is behind its root's start tag."""
        return "" if text[at : at + 1] == "<" else SPACE

    def read(self, text: str, hits: Hits) -> Any:
        """Give the value of a whole document, or raise Miss."""
        at = self.head(text)
        if text.startswith(self.tags.open, at):
            read = self.reader(self.spaced(text, at + len(self.tags.open)))
            value, at = read(text, at, hits.counts, hits.first)
        else:
            empty = text.startswith(self.tags.empty, at)
            if not empty and not (self.contract.nillable and text.startswith(self.tags.nil, at)):
                raise Miss
            if empty and not isinstance(self.contract.root_type, Array):
                raise Miss
            value, at = ([], at + len(self.tags.empty)) if empty else (None, at + len(self.tags.nil))
        if text[at:].strip(" \t\r\n"):
            raise Miss
        return value
