"""From steps (a member's name, an item's index, a dictionary's key) to places, in any document that can be read.

Only run for the few places that somebody has a word about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.findings import Findings
from convtool.formats.enumerations import key_from_text
from convtool.formats.json.syntax import Parser
from convtool.formats.leaf import Place
from convtool.formats.text import DEPTH, Fatal
from convtool.model.contract import Array, Contract, Dictionary, Enumeration, Record, Scalar
from convtool.model.datatypes import DATATYPES, LexicalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from convtool.findings import Location
    from convtool.formats.json.syntax import Node
    from convtool.formats.text import Text
    from convtool.model.contract import Type

__all__ = ["place_of", "places_of"]


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
    members = {
        member.name: member
        for one in reversed(records)
        if isinstance(one, Record)
        for member in one.members
        if member.in_json
    }
    if step not in members:
        return [], ""
    named = {member.json_name for member in members.values()}
    return _member(nodes, members[step].json_name, named), members[step].type


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
