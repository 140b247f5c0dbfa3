"""Types as .NET's exporter names them, made one by one: scalars, lists and dictionaries of others, and contracts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convtool.authoring.clr_names import ARRAYS, clr_namespace, collection_namespace, generic_name
from convtool.model.contract import (
    XSD,
    Anything,
    Array,
    Contract,
    Dictionary,
    Member,
    Record,
    Scalar,
    Type,
    split_key,
)
from convtool.model.datatypes import DATATYPES, record_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LIST", "TypeSet", "Use", "used_by"]

LIST = "ArrayOf"  # what the name of a list begins with
_ANYTHING = f"{{{XSD}}}anyType"


@dataclass(frozen=True, slots=True)
class Use:
    """A type where it is used: its key; whether it is a struct, and then whether it is Nullable<T>."""

    key: str
    is_value: bool = False
    nullable: bool = False

    @property
    def nillable(self) -> bool:
        """Whether it can be null."""
        return self.nullable or not self.is_value

    @property
    def stable_name(self) -> tuple[str, str]:
        """The namespace and name by which lists and generic types are named after it."""
        if not (self.nullable and self.is_value):
            return split_key(self.key)
        return clr_namespace("System"), generic_name("Nullable", [1], [split_key(self.key)])


class TypeSet:
    """Types by key; ``types`` grows as they are asked for."""

    def __init__(self) -> None:
        self.types: dict[str, Type] = {}

    def simple(self, name: str, namespace: str = "") -> Use:
        """Give a datatype by the name of its row; one that is no type of .NET's is a type of ``namespace``."""
        row = DATATYPES[name]
        key = row.key or f"{{{namespace}}}{name[:1].upper()}{name[1:]}"
        self.types.setdefault(key, Scalar(key, name))
        for _, part in row.parts:
            self.simple(part)
        return Use(key, not row.is_class)

    def anything(self) -> Use:
        """Give the type of content of any shape."""
        self.types.setdefault(_ANYTHING, Anything(_ANYTHING))
        return Use(_ANYTHING)

    def list_of(self, item: Use, key: str = "", item_name: str = "") -> Use:
        """Give a list, by default as .NET names it: ``ArrayOfint``."""
        namespace, name = item.stable_name
        key = key or f"{{{collection_namespace(namespace)}}}{LIST}{name}"
        if key not in self.types:
            own = item_name or split_key(item.key)[1]
            self.types[key] = Array(key, Member(own, split_key(key)[0], item.key, item.nillable))
        return Use(key)

    def dictionary_of(self, of: Use, value: Use, key: str = "", names: Sequence[str] = ("", "", "")) -> Use:
        """Give a dictionary; ``names``: of an entry, a key and a value, where they are not .NET's."""
        entry = generic_name("KeyValue", [2], [of.stable_name, value.stable_name])
        key = key or f"{{{ARRAYS}}}{LIST}{entry}"
        if key not in self.types:
            namespace = split_key(key)[0]
            members = (
                Member(given or default, namespace, one.key, one.nillable, required=True)
                for given, default, one in zip(names[1:], ("Key", "Value"), (of, value), strict=True)
            )
            self.types[key] = Dictionary(key, names[0] or entry, namespace, *members)
        return Use(key)

    def derived(self) -> dict[str, tuple[str, ...]]:
        """Give the keys of the types derived from each record."""
        found: dict[str, list[str]] = {}
        for key, kind in self.types.items():
            base = kind.base if isinstance(kind, Record) else ""
            while base:
                found.setdefault(base, []).append(key)
                above = self.types.get(base)
                base = above.base if isinstance(above, Record) else ""
        return {key: tuple(keys) for key, keys in sorted(found.items())}

    def contract(self, key: str, *, nillable: bool = True) -> Contract:
        """Give the contract whose root is of a type, with what that can reach, derived types included."""
        derived = self.derived()
        reached: dict[str, Type] = {}
        waiting = [key]
        while waiting:
            one = waiting.pop()
            if one not in reached:
                reached[one] = self.types[one]
                waiting.extend([*used_by(self.types[one]), *derived.get(one, ())])
        namespace, name = split_key(key)
        known = {base: keys for base, keys in derived.items() if base in reached}
        return Contract(name, namespace, key, reached, nillable=nillable, derived=known)


def used_by(kind: Type) -> list[str]:
    """Give the keys of the types that a type is made of."""
    kind = record_of(kind) or kind
    match kind:
        case Record(members=members, base=base):
            return [*(member.type for member in members), *([base] if base else [])]
        case Array(item=item):
            return [item.type]
        case Dictionary(key_member=of, value_member=value):
            return [of.type, value.type]
    return []
