"""Gives the loosely typed dicts of xmltodict and xmlschema their types back, and the way there again.

This is the code that a user of those libraries has to write: what is a list, what a number, what nil means. The four
states of a member stay apart as far as the library has kept them apart.
"""

from __future__ import annotations

from typing import Any

from benchmarks.shape import CONTRACT, NAMESPACE, RECORD, SHAPE, XSI, xml_order

__all__ = ["LISTS", "document_to_loose", "loose_to_value"]

LISTS = tuple(SHAPE)
_NIL = {"@i:nil": "true"}
EMPTY = None
_ORDER = {record: xml_order(record) for record in SHAPE}


def loose_to_value(root: dict[str, Any] | None) -> list[Any]:
    """Give the list of records of a document's root element."""
    return _items((root or {}).get(RECORD), RECORD)


def _items(items: list[Any] | None, record: str) -> list[Any]:
    return [_record(item, record) for item in items or ()]


def _record(loose: dict[str, Any] | None, record: str) -> dict[str, Any] | None:
    if loose is None:
        return {}
    if loose == _NIL:
        return None
    return {name: _member(loose[name], kind) for name, kind in SHAPE[record].items() if name in loose}


def _member(loose: Any, kind: str) -> Any:
    if loose == _NIL:
        return None
    if kind == "int":
        return int(loose)
    if kind == "text":
        return loose or ""
    return _items(loose.get(kind), kind) if isinstance(loose, dict) else []


def document_to_loose(value: list[Any]) -> dict[str, Any]:
    """Give the root element's dict: attributes marked with ``@``, members in the order XML wants."""
    return {"@xmlns:i": XSI, "@xmlns": NAMESPACE, RECORD: _loose_items(value, RECORD)}


def _loose_items(value: list[Any], record: str) -> list[Any]:
    return [_NIL if item is None else _loose_record(item, record) for item in value]


def _loose_record(value: dict[str, Any], record: str) -> dict[str, Any]:
    shape = SHAPE[record]
    return {name: _loose_member(value[name], shape[name]) for name in _ORDER[record] if name in value}


def _loose_member(value: Any, kind: str) -> Any:
    if value is None:
        return _NIL
    if kind not in SHAPE:
        return value
    return {kind: _loose_items(value, kind)} if value else EMPTY


#: What xmltodict calls a whole document: its root element by name.
ROOT = CONTRACT
