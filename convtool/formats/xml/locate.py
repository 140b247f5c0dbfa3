"""From steps to places and spans, in any document that can be read.

A step is a member's name, an item's index or a dictionary's key. Only run for the few places that somebody has a word
about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from convtool.findings import Findings
from convtool.formats.text import DEPTH, Fatal, Text
from convtool.formats.xml.envelope import payload_of
from convtool.formats.xml.syntax import Parser, check_declaration
from convtool.model.contract import XSI, Array, Contract, Dictionary, Enumeration, Member, Record, Scalar
from convtool.model.datatypes import DATATYPES, LexicalError, collapse, is_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convtool.findings import Location
    from convtool.formats.xml.syntax import Element
    from convtool.model.contract import Type

__all__ = ["content_at", "place_of", "places_of", "spans_of"]

_TOKEN_END = re.compile(rb"[<>\s]")


def place_of(contract: Contract, text: Text, steps: Sequence[Any]) -> Location | None:
    """Give the place of the value that ``steps`` lead to, or None where the document has none there."""
    return places_of(contract, text, [steps])[0]


def places_of(
    contract: Contract, text: Text, paths: Sequence[Sequence[Any]], *, depth: int = DEPTH
) -> list[Location | None]:
    """Give the places of the values that several paths lead to; the document is parsed once."""
    offsets = _offsets(contract, text, paths, depth)
    # In ascending order, in which places are found fastest.
    known = {offset: text.locate(offset) for offset in sorted({offset for offset in offsets if offset is not None})}
    return [None if offset is None else known[offset] for offset in offsets]


def spans_of(
    contract: Contract, text: Text, paths: Sequence[Sequence[Any]], *, depth: int = DEPTH
) -> list[tuple[int, int] | None]:
    """Give the spans of the text with the values that several paths lead to: of a record the beginning of its tag."""
    found: list[tuple[int, int] | None] = []
    for offset in _offsets(contract, text, paths, depth):
        end = _TOKEN_END.search(text.data, offset + 1) if offset is not None else None
        found.append(None if offset is None else (offset, end.start() if end else offset + 1))
    return found


def content_at(data: bytes, at: int) -> str:
    """Give the text of an element of a simple type, whose content is at an offset of a document that is well-formed."""
    end = data.find(b"</", at)
    while True:
        raw = data[at:end]
        if not any(mark in raw for mark in (b"&", b"<", b"\r")):
            return raw.decode()
        text, quiet = Text(b"<x>" + raw + b"</x>"), Findings()
        parser = Parser(text, quiet)
        try:
            parser.feed(text.data, final=True)
        except Fatal:
            end = data.find(b"</", end + 2)  # that was no end tag, but in a CDATA section or a comment
            if end < 0:
                raise
            continue
        assert parser.root is not None
        return parser.root.text


def _offsets(contract: Contract, text: Text, paths: Sequence[Sequence[Any]], depth: int) -> list[int | None]:
    """Give the offsets of values.

    The elements that count are those that .NET reads: of a member given twice the first, and none that comes too late.
    """
    quiet = Findings()
    try:
        parser = Parser(text, quiet, depth=depth)
        at = parser.base = check_declaration(text, quiet)
        parser.feed(text.data[at:], final=True)
    except Fatal:
        return [None] * len(paths)
    assert parser.root is not None
    found = payload_of(contract, parser.root)
    return [_offset(contract, found[0], steps) if found is not None else None for steps in paths]


def _offset(contract: Contract, element: Element, steps: Sequence[Any]) -> int | None:
    """Give the offset of a value: of its text where it is a simple one, else of its start tag."""
    found: Element | None = element
    key = contract.root
    for step in steps:
        if found is None:
            return None
        key = _actual(contract, found, key)
        found, key = _below(contract, found, contract.types[key], step)
    if found is None:
        return None
    simple = (is_plain(kind := contract.types[key]) or isinstance(kind, Enumeration)) and found.inner >= 0
    return found.inner if simple else found.start


def _below(contract: Contract, element: Element, kind: Type, step: Any) -> tuple[Element | None, str]:
    """Give the element that a step leads to, if there is one, and the key of its declared type."""
    if isinstance(kind, Record):
        member = next((member for member in kind.members if member.name == step and member.in_xml), None)
        return (_member(kind.members, element, member), member.type) if member else (None, "")
    if isinstance(kind, Array):
        items = [child for child in element.children if child.name == _expanded(kind.item)]
        return (items[step] if isinstance(step, int) and step < len(items) else None), kind.item.type
    if isinstance(kind, Dictionary):
        return _entry(contract, kind, element, step), kind.value_member.type
    return None, ""


def _member(members: tuple[Member, ...], element: Element, wanted: Member) -> Element | None:
    """Give a member's element: members are read in order and only forward."""
    order = {_expanded(member): index for index, member in enumerate(members) if member.in_xml}
    last, stop = -1, members.index(wanted)
    for child in element.children:
        index = order.get(child.name, -1)
        if index == stop and last < stop:
            return child
        last = max(last, index)
    return None


def _entry(contract: Contract, kind: Dictionary, element: Element, key: Any) -> Element | None:
    """Give the element of a key's value in a dictionary."""
    of, parts = contract.types[kind.key_member.type], (kind.key_member, kind.value_member)
    for child in element.children:
        named = _member(parts, child, kind.key_member)
        if named is not None and _key(of, named.text) == key:
            return _member(parts, child, kind.value_member)
    return None


def _key(of: Type, text: str) -> Any:
    if not isinstance(of, Scalar):
        return collapse(text)
    datatype = DATATYPES[of.datatype]
    try:
        return datatype.parse(collapse(text) if datatype.collapses else text)
    except LexicalError:
        return None


def _actual(contract: Contract, element: Element, declared: str) -> str:
    """Give the key of an element's type: the declared one, or the known one derived from it that ``i:type`` names."""
    pairs = dict(zip(element.attributes[::2], element.attributes[1::2], strict=True))
    prefix, _, local = collapse(pairs.get(f"{XSI} type", "")).rpartition(":")
    key = f"{{{element.scope.get(prefix, '')}}}{local}"
    return key if key in contract.derived.get(declared, ()) else declared


def _expanded(member: Member) -> str:
    """Give a member's name as expat expands it."""
    return f"{member.namespace} {member.name}" if member.namespace else member.name
