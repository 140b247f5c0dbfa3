"""Breaks of XML documents, each of one rule: the table, and the document as a tree with the spots of its contract."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis import strategies as st
from lxml import etree

from convtool.model.contract import XSI, Anything, Array, Contract, Dictionary, Member, Record
from convtool.model.datatypes import record_of
from convtool.testing.breaks import (
    Break,
    Spot,
    beyond,
    beyond_dotnet,
    datatype,
    is_date,
    is_enumeration,
    is_scalar,
    loose_date,
    wrong_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import DrawFn

__all__ = ["BREAKS", "read"]

Element: TypeAlias = "etree._Element"  # noqa: SLF001 - lxml's stubs have no public name for it
Place: TypeAlias = "Spot[Element]"
_NIL, _TYPE = f"{{{XSI}}}nil", f"{{{XSI}}}type"


class _Document:
    def __init__(self, contract: Contract, root: Element) -> None:
        self.root = root
        member = Member(contract.name, contract.namespace, contract.root, contract.nillable)
        self.spots: list[Place] = list(_spots(contract, member, root, top=True))

    def text(self) -> bytes:
        """Give the document as it is now."""
        return etree.tostring(self.root, encoding="utf-8")


def read(contract: Contract, data: bytes) -> _Document:
    """Give a document in the wire form as one that can be broken."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return _Document(contract, etree.fromstring(data, parser))


def _spots(contract: Contract, member: Member, element: Element, *, top: bool = False) -> Iterator[Place]:
    """Yield the spots of an element and what is in it; what a derived type adds is left alone."""
    kind = contract.types[member.type]
    kind = record_of(kind) or kind
    if isinstance(kind, Anything):
        return  # nothing in it can be wrong
    yield Spot(element, member, kind, contract, top)
    if _TYPE in element.attrib:
        return
    below: dict[str, Member] = {}
    if isinstance(kind, Record):
        below = {f"{{{one.namespace}}}{one.name}": one for one in kind.members if one.in_xml}
    elif isinstance(kind, Array):
        below = {f"{{{kind.item.namespace}}}{kind.item.name}": kind.item}
    elif isinstance(kind, Dictionary):
        value = kind.value_member
        for entry in element:
            yield from _spots(contract, value, entry[1])
    for child in element:
        if str(child.tag) in below:
            yield from _spots(contract, below[str(child.tag)], child)


# --- where ----------------------------------------------------------------------------------------------------------


def _record(spot: Place) -> bool:
    return isinstance(spot.kind, Record) and _TYPE not in spot.node.attrib


def _members(spot: Place) -> list[Element]:
    """Give the elements of a record's members that may be missing without breaking another rule."""
    assert isinstance(spot.kind, Record)
    required = {one.name for one in spot.kind.members if one.required}
    return [child for child in spot.node if etree.QName(child).localname not in required]


def _required(spot: Place) -> list[Element]:
    optional = _members(spot)
    return [child for child in spot.node if child not in optional]


def _movable(spot: Place) -> list[int]:
    """Give the positions of the members that may come later; a required one would then be missing as well."""
    if not _record(spot):
        return []
    optional = _members(spot)
    return [at for at, child in enumerate(list(spot.node)[:-1]) if child in optional]


def _simple(spot: Place) -> bool:
    return is_scalar(spot) or is_enumeration(spot)


# --- how ------------------------------------------------------------------------------------------------------------


def _one(draw: DrawFn, elements: list[Element]) -> Element:
    return draw(st.sampled_from(elements))


def _insert(draw: DrawFn, spot: Place) -> None:
    """Put an element that the contract does not know among a record's members."""
    name = f"{{{etree.QName(spot.node[0]).namespace}}}Unknown" if len(spot.node) else "Unknown"
    spot.node.insert(draw(st.integers(0, len(spot.node))), etree.Element(name))


def _other_namespace(draw: DrawFn, spot: Place) -> None:
    child = _one(draw, _members(spot))
    child.tag = f"{{urn:other}}{etree.QName(child).localname}"


def _swap(draw: DrawFn, spot: Place) -> None:
    at = draw(st.sampled_from(_movable(spot)))
    spot.node.insert(at, spot.node[at + 1])


def _twice(draw: DrawFn, spot: Place) -> None:
    child = _one(draw, list(spot.node))
    child.addnext(deepcopy(child))


def _remove(draw: DrawFn, spot: Place) -> None:
    spot.node.remove(_one(draw, _required(spot)))


def _make_nil(_draw: DrawFn, spot: Place) -> None:
    _emptied(spot.node)
    spot.node.set(_NIL, "true")


def _emptied(element: Element) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None


def _put_element(_draw: DrawFn, spot: Place) -> None:
    etree.SubElement(spot.node, "b")


def _set(name: str, value: str) -> Callable[[DrawFn, Place], None]:
    return lambda _draw, spot: spot.node.set(name, value)


def _text(make: Callable[[DrawFn, Place], str]) -> Callable[[DrawFn, Place], None]:
    def change(draw: DrawFn, spot: Place) -> None:
        spot.node.text = make(draw, spot)

    return change


def _wrong(draw: DrawFn, spot: Place) -> str:
    return draw(st.sampled_from(wrong_text(spot)))


def _rename_root(draw: DrawFn, spot: Place) -> None:
    name = etree.QName(spot.node)
    spot.node.tag = draw(st.sampled_from([f"{{{name.namespace}}}Other", f"{{urn:other}}{name.localname}"]))


def _repeat_entry(_draw: DrawFn, spot: Place) -> None:
    spot.node.append(deepcopy(spot.node[0]))


BREAKS: tuple[Break[Any], ...] = (
    Break("root.name", lambda spot: spot.root, _rename_root),
    Break("member.unknown", lambda spot: _record(spot) and len(spot.node) > 0, _insert),
    Break("member.namespace", lambda spot: _record(spot) and bool(_members(spot)), _other_namespace),
    Break("member.order", lambda spot: bool(_movable(spot)), _swap),
    Break("member.duplicate", lambda spot: _record(spot) and len(spot.node) > 0, _twice),
    Break("member.required", lambda spot: _record(spot) and bool(_required(spot)), _remove),
    Break("member.text", lambda spot: _record(spot) and len(spot.node) > 0, _text(lambda _draw, _spot: "text")),
    Break("member.child", _simple, _put_element),
    Break("nil.forbidden", lambda spot: not spot.member.nillable and not spot.root, _make_nil),
    Break("nil.content", lambda spot: spot.member.nillable and not spot.root and bool(spot.node.text or len(spot.node)),
          _set(_NIL, "true")),
    Break("nil.lexical", lambda spot: spot.member.nillable and not spot.root, _set(_NIL, "TRUE")),
    Break("attribute.unknown", lambda _spot: True, _set("unknown", "1")),
    Break("type.unknown", lambda spot: _record(spot) and not spot.root, _set(_TYPE, "Unknown")),
    Break("value.lexical", lambda spot: bool(wrong_text(spot)), _text(_wrong)),
    Break("value.range", lambda spot: is_scalar(spot) and datatype(spot).bounds is not None, _text(beyond)),
    Break("value.enumeration", is_enumeration, _text(lambda _draw, _spot: "Unknown")),
    Break("value.key", lambda spot: isinstance(spot.kind, Dictionary) and len(spot.node) > 0, _repeat_entry),
    Break("date.refused", is_date, _text(beyond_dotnet)),
    Break("date.relaxed", is_date, _text(loose_date)),
)  # fmt: skip
