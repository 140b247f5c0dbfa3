"""Places in JSON: only looked for where somebody has a word about them.

``first_places`` gives the first place of each hazard that a fast lane has counted and not yet reported: the value is
walked in the order of the careful reader, along with the text, token by token, up to the last place wanted.
``places_of`` goes from steps (a member's name, an item's index, a dictionary's key) to places, in any document that can
be read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.contract.datatypes import DATATYPES, LexicalError
from convtool.contract.instance import field_name
from convtool.contract.model import Array, Contract, Dictionary, Enumeration, Record, Scalar
from convtool.diagnostics import Findings
from convtool.formats.enumerations import key_from_text
from convtool.formats.json.syntax import Parser
from convtool.formats.leaf import Place
from convtool.formats.text import DEPTH, Fatal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from convtool.contract.model import Type
    from convtool.diagnostics import Location
    from convtool.formats.hazards import Hazard
    from convtool.formats.json.syntax import Node
    from convtool.formats.text import Text

__all__ = ["Found", "first_places", "place_of", "places_of"]

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]++')


class Found:
    """Where a hazard is: its text (for dates), its span in the data, its path, and its record's index."""

    __slots__ = ("path", "record", "span", "text")

    def __init__(self, text: str, span: tuple[int, int], path: str, record: int | None) -> None:
        self.text = text
        self.span = span
        self.path = path
        self.record = record


def first_places(
    contract: Contract, hazards: dict[tuple[str, int, str], tuple[int, Hazard]], value: Any, data: bytes,
    wanted: set[int],     first: int = 0,
) -> dict[int, Found]:  # fmt: skip
    """Give the first place of each wanted hazard (by its index) in a value that ``data`` is the wire form of."""
    walk = _Walk(contract, hazards, data, set(wanted))
    walk.offset = first
    walk.type(contract.root, value, "")
    return walk.found


class _Walk:
    def __init__(
        self, contract: Contract, hazards: dict[tuple[str, int, str], tuple[int, Hazard]], data: bytes, wanted: set[int]
    ) -> None:
        self.contract = contract
        self.hazards = hazards
        self.wanted = wanted
        self.found: dict[int, Found] = {}
        self.tokens: Iterator[re.Match[bytes]] = _TOKEN.finditer(data)
        self.record: int | None = None
        self.offset = 0

    def next(self) -> re.Match[bytes]:
        return next(self.tokens)

    def type(self, key: str, value: Any, path: str) -> None:
        """Walk a value and its tokens; stop as soon as nothing is wanted any more."""
        if not self.wanted:
            return
        token = self.next()
        kind = self.contract.types[key]
        if value is None or isinstance(kind, Scalar):
            return
        if isinstance(kind, Array):
            self.items(kind, value, path)
        elif isinstance(kind, Record):
            self.members(key, kind, value, path, token.start())

    def items(self, array: Array, value: list[Any], path: str) -> None:
        top = not path
        for index, item in enumerate(value):
            if index:
                self.next()
            if top:
                self.record = index + self.offset
            self.type(array.item.type, item, f"{path}/{index + self.offset if top else index}")
            if not self.wanted:
                return
        if top:
            self.record = None
        self.next()

    def members(self, key: str, record: Record, value: Any, path: str, start: int) -> None:
        written = False
        absent = []
        for index in record.order:
            member = record.members[index]
            one = getattr(value, field_name(index))
            if one is msgspec.UNSET:
                absent.append(index)
                continue
            if written:
                self.next()
            written = True
            self.next()
            self.next()
            below = f"{path}/{member.name.replace('~', '~0').replace('/', '~1')}"
            kind = self.contract.types[member.type]
            if isinstance(kind, Scalar) and DATATYPES[kind.datatype].is_date and one is not None:
                self.date(key, index, one, below)
            else:
                self.type(member.type, one, below)
            if not self.wanted:
                return
        self.next()
        for index in absent:
            self.hit(key, index, "absent", "", (start, start + 1), path)

    def date(self, key: str, index: int, text: str, path: str) -> None:
        span = self.next().span()
        if text[-3] == ":" and text[-6] in "+-":
            self.hit(key, index, "offset", text, span, path)
        if len(text) == 10:
            self.hit(key, index, "day", text, span, path)

    def hit(self, key: str, index: int, kind: str, text: str, span: tuple[int, int], path: str) -> None:
        known = self.hazards.get((key, index, kind))
        if known is not None and known[0] in self.wanted:
            self.wanted.discard(known[0])
            self.found[known[0]] = Found(text, span, path, self.record)


# --- from steps to places -------------------------------------------------------------------------------------------


def place_of(contract: Contract, text: Text, steps: Sequence[Any]) -> Location | None:
    """Give the place of the value that ``steps`` lead to, or None where the document has none there."""
    return places_of(contract, text, [steps])[0]


def places_of(
    contract: Contract, text: Text, paths: Sequence[Sequence[Any]], *, depth: int = DEPTH
) -> list[Location | None]:
    """Give the places of the values that several paths lead to; the document is parsed once.

    The values that count are those that Json.NET keeps: of a member given twice the last, of lists all items.
    """
    try:
        root = Parser(text, Findings(), depth=depth).document()
    except Fatal:
        return [None] * len(paths)
    offsets = [_offset(contract, root, steps) for steps in paths]
    # In ascending order, in which places are found fastest.
    known = {offset: text.locate(offset) for offset in sorted({offset for offset in offsets if offset is not None})}
    return [None if offset is None else known[offset] for offset in offsets]


def _offset(contract: Contract, node: Node, steps: Sequence[Any]) -> int | None:
    found, key = [node], contract.root
    for step in steps:
        found, key = _below(contract, found, key, step)
    return found[-1].start if found else None


def _below(contract: Contract, nodes: list[Node], key: str, step: Any) -> tuple[list[Node], str]:
    """Give the nodes that a step leads to, all of which make up one value, and the key of its declared type."""
    kind = contract.types.get(key)
    if isinstance(kind, Array):
        items = [item for node in nodes if node.kind == "array" for item in node.value]
        return (items[step : step + 1] if isinstance(step, int) else []), kind.item.type
    if isinstance(kind, Dictionary):
        of = contract.types[kind.key_member.type]
        return [child for name, child in _named(nodes) if _key(of, name) == step][-1:], kind.value_member.type
    # A record may be of a derived type; their members' names are told apart by the contract, not by the place.
    records = [contract.types[one] for one in (key, *contract.derived.get(key, ()))] if kind else []
    members = {member.name: member for one in reversed(records) if isinstance(one, Record) for member in one.members}
    if step not in members:
        return [], ""
    return _member(nodes, step, set(members)), members[step].type


def _named(nodes: list[Node]) -> Iterator[tuple[str, Node]]:
    for node in nodes:
        if node.kind == "object":
            yield from ((name, child) for name, _, child in node.value)


def _member(nodes: list[Node], wanted: str, known: set[str]) -> list[Node]:
    """Give a member's nodes: lists and records that are given again add to what was there, others replace it."""
    found: list[Node] = []
    for name, child in _named(nodes):
        if name == wanted or (name not in known and name.lower() == wanted.lower()):
            again = found and found[-1].kind == child.kind and child.kind in ("object", "array")
            found = [*found, child] if again else [child]
    return found


def _key(of: Type, name: str) -> Any:
    if isinstance(of, Enumeration):
        return key_from_text(of, name, Place((0, 0), "", ""), Findings())
    if not isinstance(of, Scalar) or DATATYPES[of.datatype].is_text:
        return name
    try:
        return DATATYPES[of.datatype].read_key(name)
    except LexicalError:
        return None
