"""Members that JSON alone has: properties that only the server sets, of which the XSD has no element.

Their types come from the JSON Schema: a type of the XSD where one says the same, a list or dictionary of such types, a
simple type, or else content of any shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool.model.codings import CODINGS
from convtool.model.contract import XSD, Anything, Array, Dictionary, Enumeration, Member, Scalar
from convtool.model.datatypes import DATATYPES
from convtool.model.json_schema import scalar_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convtool.model.contract import Type
    from convtool.model.json_schema import Node

__all__ = ["type_of"]

_BY_KIND = {"string": "string", "integer": "long", "number": "double", "boolean": "boolean"}


def type_of(node: Node, key: str, namespace: str, types: dict[str, Type], records: Mapping[str, str]) -> str:
    """Give the key of the type that a place of the JSON Schema has; ``types`` takes it where it is new.

    ``key`` is what a list or dictionary is called, and ``namespace`` that of its parts; ``records`` gives records by
    the pointers of their definitions.
    """
    if node.alternatives()[0].pointer in records:
        return records[node.alternatives()[0].pointer]
    rest = (f"{key}#", namespace, types, records)
    if node.constraints.get("type") == "array" and isinstance(node.constraints.get("items"), dict):
        item = node.child("items")
        types[key] = Array(key, Member("item", namespace, type_of(item, *rest), item.nullable))
        return key
    values = node.constraints.get("additionalProperties")
    if node.constraints.get("type") == "object" and isinstance(values, dict) and "properties" not in node.constraints:
        value = node.child("additionalProperties")
        text = types.setdefault(DATATYPES["string"].key, Scalar(DATATYPES["string"].key, "string")).key
        types[key] = Dictionary(
            key, "entry", namespace, Member("Key", namespace, text, nillable=False, required=True),
            Member("Value", namespace, type_of(value, *rest), value.nullable, required=True),
        )  # fmt: skip
        return key
    return _simple(node, types)


def _simple(node: Node, types: dict[str, Type]) -> str:
    """Give the key of a simple type: the one that says just this, or of its kind; else of content of any shape."""
    listed = [(key, kind) for key, kind in types.items() if isinstance(kind, Enumeration) and not kind.flags]
    for key, kind in listed:
        if any(row.schema(kind) == node.constraints for row in CODINGS.values()):
            return key
    rows = [row for row in DATATYPES.values() if row.key and not row.parts]
    kind = node.constraints.get("type", "")
    usual = [DATATYPES[_BY_KIND[kind]]] if isinstance(kind, str) and kind in _BY_KIND else []
    found = [row for row in [*usual, *rows] if scalar_schema(row.name) == node.constraints] or usual
    if found:
        return types.setdefault(found[0].key, Scalar(found[0].key, found[0].name)).key
    return types.setdefault(f"{{{XSD}}}anyType", Anything(f"{{{XSD}}}anyType")).key
