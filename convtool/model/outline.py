"""What tells a contract from others, without compiling it: its root's name and namespace, and the names in its JSON.

An outline is read from the two schema files as they are; where these say it in another way than usual, the contract is
compiled and outlined instead, which gives the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from convtool.model.contract import Array, Contract, Dictionary, Enumeration, Record, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Outline", "Shape", "named_root", "of_contract", "read_outline"]

_DEEPEST = 20  # lists within lists, and references to references, that are followed
_LOCAL = "#/$defs/"


class Shape(msgspec.Struct, frozen=True):
    """What JSON a contract is: an object of ``names`` (in lower case), a list of ``item``, a dictionary, a value."""

    kind: Literal["record", "list", "dictionary", "simple", "other"]
    names: frozenset[str] = frozenset()
    item: Shape | None = None


class Outline(msgspec.Struct, frozen=True):
    """A contract's name, its root's namespace, the shape of its JSON; the root's name where it is another.

    ``broken`` says why the contract cannot be had, where it cannot.
    """

    name: str
    namespace: str
    shape: Shape
    element: str = ""
    broken: str = ""

    @property
    def root(self) -> tuple[str, str]:
        """The root element's namespace and name."""
        return self.namespace, self.element or self.name


def of_contract(contract: Contract) -> Outline:
    """Give the outline of a compiled contract."""
    return Outline(contract.name, contract.namespace, _shape(contract, contract.root, 0), contract.element)


def _shape(contract: Contract, key: str, level: int) -> Shape:
    match contract.types[key]:
        case Record(members=members):
            return Shape("record", frozenset(member.json_name.lower() for member in members if member.in_json))
        case Array(item=item) if level < _DEEPEST:
            return Shape("list", item=_shape(contract, item.type, level + 1))
        case Dictionary():
            return Shape("dictionary")
        case Scalar() | Enumeration():
            return Shape("simple")
        case _:
            return Shape("other")


def read_outline(name: str, schema: bytes, namespaces: Mapping[str, list[str]]) -> Outline | None:
    """Give the outline of a contract by its JSON Schema, and by the namespaces that have a global element of a name.

    None where one of them says it in another way than convtool and .NET's exporter write it.
    """
    try:
        content = msgspec.json.decode(schema)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    element, namespace = named_root(content)
    found = [one for one in namespaces.get(element or name, []) if namespace in (None, one)]
    if len(found) != 1:
        return None
    shape = _read(content, content, 0) if isinstance(content, dict) else None
    return Outline(name, found[0], shape, element) if shape is not None else None


def named_root(content: Any) -> tuple[str, str | None]:
    """Give the root element's name and namespace that a JSON Schema names; empty and None: it is as the contract."""
    named = content.get("xml") if isinstance(content, dict) else None
    if not isinstance(named, dict) or not isinstance(named.get("name"), str):
        return "", None
    namespace = named.get("namespace")
    return named["name"], namespace if isinstance(namespace, str) else None


def _read(document: dict[str, Any], node: Any, level: int) -> Shape | None:
    """Give the shape at a place of a schema; None where it is said in another way."""
    if not isinstance(node, dict) or level > _DEEPEST:
        return None
    reference = node.get("$ref")
    if isinstance(reference, str):
        target = document.get("$defs", {}).get(reference.removeprefix(_LOCAL))
        return _read(document, target, level + 1) if reference.startswith(_LOCAL) else None
    if "anyOf" in node:
        # Null, and types derived from the first, are further choices.
        first = node["anyOf"][0] if isinstance(node["anyOf"], list) and node["anyOf"] else None
        return _read(document, first, level + 1)
    kinds = node.get("type")
    kind = next((one for one in kinds if one != "null"), "") if isinstance(kinds, list) else kinds
    if kind == "array":
        item = _read(document, node.get("items"), level + 1)
        return Shape("list", item=item) if item is not None else None
    if kind == "object" and isinstance(node.get("properties"), dict):
        named = (name for name, schema in node["properties"].items() if name[:1] != "$" and schema is not False)
        return Shape("record", frozenset(name.lower() for name in named))
    if kind == "object" and isinstance(node.get("additionalProperties"), dict):
        return Shape("dictionary")
    return Shape("simple") if isinstance(kind, str) and kind not in ("", "object") else None
