"""The contract as dataclasses for xsdata, and their way to and from plain values.

The classes are what xsdata's generator writes for the XSD, with dates as text, because the seventh digit must survive.
xsdata reads nil for a nillable list element only, and writes nil for every empty one that is nillable; so reading and
writing take two sets of classes, and where nil is written, an attribute of the class says it.
"""

from __future__ import annotations

from dataclasses import field, make_dataclass
from typing import Any

from benchmarks.shape import CONTRACT, NAMESPACE, RECORD, SHAPE, XSI, xml_order

__all__ = ["Models"]


def _element(name: str, *, nillable: bool) -> Any:
    return field(default=None, metadata=_metadata(name, nillable=nillable))


def _metadata(name: str, *, nillable: bool) -> dict[str, Any]:
    return {"name": name, "type": "Element", "namespace": NAMESPACE, "nillable": nillable}


class Models:
    """One set of classes; ``nillable`` says whether its list elements are declared so."""

    def __init__(self, *, nillable: bool) -> None:
        self._nillable = nillable
        self._records: dict[str, type] = {}
        self._arrays: dict[str, type] = {}
        for record in reversed(SHAPE):  # a record stands in SHAPE before those that it holds
            self._records[record] = self._record_class(record)
            self._arrays[record] = self._array_class(record)
        self.root = self._arrays[RECORD]
        self._names = {cls: tuple(SHAPE[record]) for record, cls in self._records.items()}

    def _record_class(self, record: str) -> type:
        def member(name: str, kind: str) -> tuple[str, Any, Any]:
            if kind in SHAPE:
                return name, self._arrays[kind] | None, _element(name, nillable=self._nillable)
            return name, {"int": int, "text": str}[kind] | None, _element(name, nillable=kind == "text")

        fields = [member(name, SHAPE[record][name]) for name in xml_order(record)]
        return make_dataclass(record, fields, slots=True)

    def _array_class(self, record: str) -> type:
        items = field(default_factory=list, metadata=_metadata(record, nillable=True))
        nil = field(default=None, metadata={"name": "nil", "type": "Attribute", "namespace": XSI})
        fields = [("items", list[self._records[record]], items), ("nil", bool | None, nil)]
        meta = type("Meta", (), {"name": CONTRACT, "namespace": NAMESPACE})
        namespace = {"Meta": meta} if record == RECORD else {}
        return make_dataclass(f"ArrayOf{record}", fields, namespace=namespace)

    def to_value(self, node: Any) -> Any:
        """Give dicts and lists as json takes them."""
        names = self._names.get(type(node))
        if names is not None:
            return {name: self.to_value(getattr(node, name)) for name in names}
        if type(node) in self._arrays.values():
            return None if node.nil else [self.to_value(item) for item in node.items]
        return node

    def from_value(self, value: list[Any] | None, record: str = RECORD) -> Any:
        """Give the list element's dataclass for a list of records."""
        array = self._arrays[record]
        return array(nil=True) if value is None else array([self._from_record(item, record) for item in value])

    def _from_record(self, value: dict[str, Any], record: str) -> Any:
        shape = SHAPE[record]
        members = {name: self._from_member(member, shape[name]) for name, member in value.items()}
        return self._records[record](**members)

    def _from_member(self, value: Any, kind: str) -> Any:
        return self.from_value(value, kind) if kind in SHAPE else value
