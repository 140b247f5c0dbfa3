"""Model → typed values: one msgspec Struct class for each record of a contract.

A value's attribute holds the member's value; an absent member is ``msgspec.UNSET``, null is None, a list is a list of
values, a dictionary a dict. Attributes are in JSON order, named as the members are (``voisin-proche`` becomes
``voisin_proche``). Values compare by content and show what they hold.
"""

from __future__ import annotations

import keyword
import re
from typing import Annotated, Any

import msgspec

from convtool.contract.datatypes import DATATYPES
from convtool.contract.json_schema import DATE_TIME_OFFSET
from convtool.contract.model import Anything, Array, Contract, Dictionary, Enumeration, Member, Record, Scalar

__all__ = ["Instances", "attribute", "instances"]


def attribute(name: str) -> str:
    """Give the Python attribute of a member: its name, with what Python does not allow replaced by ``_``."""
    clean = re.sub(r"\W", "_", name)
    return f"_{clean}" if clean[:1].isdigit() else f"{clean}_" if keyword.iskeyword(clean) else clean


class Instances:
    """The Struct classes of a contract by record key, and the Python type of its root's value.

    ``exact``: what msgspec decodes from JSON into these classes *is* the value, and what it encodes is the wire form:
    every datatype is an integer, a boolean, or a text that is the same in JSON. Recursive records are out of its
    reach.
    """

    def __init__(self, contract: Contract) -> None:
        self.classes: dict[str, type[msgspec.Struct]] = {}
        self.exact = not contract.derived
        self._contract = contract
        self._open: set[str] = set()
        namespace: dict[str, Any] = {}
        self._namespace = namespace
        for key, kind in contract.types.items():
            if isinstance(kind, Record):
                self._define(key, kind)
        self.root = self._annotation(contract.root, contract.nillable)
        self.item = self._annotation(contract.item.type, contract.item.nillable) if contract.item else None

    def _define(self, key: str, record: Record) -> None:
        # Forward references by name let records refer to themselves and to each other.
        name = self._name(key)
        order = record.json_order or range(len(record.members))
        members = [record.members[index] for index in order]
        fields = [(attribute(m.name), self._field(m), msgspec.UNSET) for m in members]
        rename = {attribute(m.name): m.name for m in members if attribute(m.name) != m.name}
        cls = msgspec.defstruct(
            name, fields, rename=rename or None, kw_only=False, forbid_unknown_fields=True, module=__name__,
            gc=False,  # values are trees: nothing to collect
            omit_defaults=False,
            namespace={"__doc__": record.description or f"A value of {key}."},
        )  # fmt: skip
        self.classes[key] = cls
        self._namespace[name] = cls

    def _name(self, key: str) -> str:
        name = attribute(key.rpartition("}")[2])
        others = [k for k in self.classes if k != key and attribute(k.rpartition("}")[2]) == name]
        return f"{name}_{len(others) + 1}" if others else name

    def _field(self, member: Member) -> Any:
        return self._annotation(member.type, member.nillable) | msgspec.UnsetType

    def _annotation(self, key: str, nillable: bool) -> Any:
        kind = self._contract.types[key]
        annotation: Any = Any
        if key in self._open:  # a list within itself
            self.exact = False
            return Any
        self._open.add(key)
        match kind:
            case Scalar(datatype=name):
                annotation = self._scalar(name)
            case Enumeration():
                self.exact = False
                annotation = str
            case Record():
                self.exact = self.exact and key != DATE_TIME_OFFSET and key in self.classes
                annotation = self.classes.get(key, Any)  # a record within itself is not defined yet
            case Array(item=item):
                annotation = list[self._annotation(item.type, item.nillable)]  # type: ignore[misc]
            case Dictionary(value_member=value, key_member=of):
                self.exact = False
                annotation = dict[self._annotation(of.type, False), self._annotation(value.type, value.nillable)]  # type: ignore[misc]
            case Anything():
                self.exact = False
        self._open.discard(key)
        return annotation | None if nillable and annotation is not Any else annotation

    def _scalar(self, name: str) -> Any:
        kind = DATATYPES[name]
        if kind.bounds is not None:
            return Annotated[int, msgspec.Meta(ge=kind.bounds[0], le=kind.bounds[1])] if _fits(kind.bounds) else int
        self.exact = self.exact and kind.from_json is None and kind.python in (str, bool)
        return kind.python


def _fits(bounds: tuple[int, int]) -> bool:
    """Msgspec holds bounds of constraints in 64 signed bits."""
    return bounds[0] >= -(2**63) and bounds[1] < 2**63


def instances(contract: Contract) -> Instances:
    """Give the classes of a contract."""
    return Instances(contract)
