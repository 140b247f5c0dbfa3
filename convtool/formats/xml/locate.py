"""Between places in XML and paths: only run for the few places that somebody has a word about.

``path_at`` goes from a place in the wire form to its path; ``places_of`` from steps (a member's name, an item's index,
a dictionary's key) to places and spans, in any document that can be read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from convtool.contract.datatypes import DATATYPES, LexicalError, collapse
from convtool.contract.model import XSI, Anything, Array, Contract, Dictionary, Enumeration, Member, Record, Scalar
from convtool.diagnostics import Findings
from convtool.formats.text import DEPTH, Fatal
from convtool.formats.xml.syntax import Parser, check_declaration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convtool.contract.model import Type
    from convtool.diagnostics import Location
    from convtool.formats.text import Text
    from convtool.formats.xml.syntax import Element

__all__ = ["mark_of", "path_at", "place_of", "places_of", "spans_of"]

_TOKEN_END = re.compile(rb"[<>\s]")
# The end of an element, or its start tag, together with all of an element that has no other inside.
_TAG = re.compile(r"<(?:/[^<>]*>|(?:[^\s/>:]+:)?([^\s/>]+)[^<>]*?(?:(/)>|>(?:[^<>]*(</[^<>]*>))?))")


def mark_of(contract: Contract) -> str:
    """Give the name of a list's records where nothing else has it, so that each ``<name`` begins one; or nothing."""
    if contract.item is None:
        return ""
    names = [contract.name]
    for kind in contract.types.values():
        if isinstance(kind, Anything):  # which may have elements of any name
            return ""
        if isinstance(kind, Array):
            names.append(kind.item.name)
        elif isinstance(kind, Record):
            names += [member.name for member in kind.members]
        elif isinstance(kind, Dictionary):
            names += [kind.entry, kind.key_member.name, kind.value_member.name]
    return contract.item.name if names.count(contract.item.name) == 1 else ""


def path_at(
    contract: Contract, text: str, start: int, at: int, first: int | None = None, *, mark: str = ""
) -> tuple[str, int | None]:
    """Give the XPath of the element that begins at ``at``, or holds the text there; and its record's index.

    ``start`` is the offset of the root's start tag, or, where ``first`` is given, behind it: then the text begins with
    records, and ``first`` is the index of the first of them. ``mark`` is what ``mark_of`` gives: with it, records are
    counted, not read.
    """
    steps: list[str] = []
    kinds: list[Type | None] = []
    counts: list[int] = []  # of the items so far in each open element
    types = contract.types
    if first is not None:
        steps, kinds, counts = [f"/{contract.name}"], [types[contract.root]], [first]
    if mark:
        tags = [f"<{mark}{behind}" for behind in "> /"]
        before = sum(text.count(tag, start, at + len(tag)) for tag in tags)
        if before:
            start = max(text.rfind(tag, start, at + len(tag)) for tag in tags)
            steps, kinds, counts = [f"/{contract.name}"], [types[contract.root]], [(first or 0) + before - 1]
    for match in _TAG.finditer(text, start):
        begin = match.start()
        if begin > at:
            break
        name, empty, closed = match.groups()
        if name is None:
            steps.pop()
            kinds.pop()
            counts.pop()
            continue
        if counts:
            counts[-1] += 1
        if (empty or closed) and match.end() <= at:
            continue
        kind: Type | None = types[contract.root]
        step = f"/{name}"
        if kinds:
            parent, kind = kinds[-1], None
            if isinstance(parent, Array):
                kind, step = types[parent.item.type], f"/{name}[{counts[-1]}]"
            elif isinstance(parent, Record):
                member = next((member for member in parent.members if member.name == name), None)
                kind = types[member.type] if member else None
        steps.append(step)
        kinds.append(kind)
        counts.append(0)
        if begin == at or empty or closed:
            break
    listed = len(steps) > 1 and isinstance(contract.root_type, Array)
    return "".join(steps), counts[0] - 1 if listed else None


# --- from steps to places -------------------------------------------------------------------------------------------


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
    root = parser.root
    assert root is not None
    return [_offset(contract, root, steps) for steps in paths]


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
    simple = isinstance(contract.types[key], (Scalar, Enumeration)) and found.inner >= 0
    return found.inner if simple else found.start


def _below(contract: Contract, element: Element, kind: Type, step: Any) -> tuple[Element | None, str]:
    """Give the element that a step leads to, if there is one, and the key of its declared type."""
    if isinstance(kind, Record):
        member = next((member for member in kind.members if member.name == step), None)
        return (_member(kind.members, element, member), member.type) if member else (None, "")
    if isinstance(kind, Array):
        items = [child for child in element.children if child.name == _expanded(kind.item)]
        return (items[step] if isinstance(step, int) and step < len(items) else None), kind.item.type
    if isinstance(kind, Dictionary):
        return _entry(contract, kind, element, step), kind.value_member.type
    return None, ""


def _member(members: tuple[Member, ...], element: Element, wanted: Member) -> Element | None:
    """Give a member's element: members are read in order and only forward."""
    order = {_expanded(member): index for index, member in enumerate(members)}
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
