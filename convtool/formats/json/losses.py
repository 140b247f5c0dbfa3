"""What JSON cannot hold of a value: the scale of a whole decimal, which Json.NET writes with ``.0``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.contract.model import (
    Array,
    Contract,
    Dictionary,
    Member,
    Record,
    Scalar,
    split_key,
)
from convtool.contract.numbers import decimal_to_json, format_decimal

if TYPE_CHECKING:
    from convtool.contract.instance import Instances
    from convtool.diagnostics import Findings

__all__ = ["Losses"]


class Losses:
    """Looks through values of one contract for what JSON cannot hold."""

    def __init__(self, contract: Contract, instances: Instances) -> None:
        self.types = contract.types
        self.keys = {cls: key for key, cls in instances.classes.items()}
        # Where no type is a decimal, there is nothing to look for.
        self.any = any(isinstance(kind, Scalar) and kind.datatype == "decimal" for kind in contract.types.values())

    def report(self, key: str, value: Any, findings: Findings, path: str = "") -> None:
        """Report what a value of the type ``key`` would lose; ``path`` is its JSON Pointer."""
        if self.any:
            self._typed(Member("", "", key, nillable=True), value, split_key(key)[1], path, findings)

    def _typed(self, member: Member, value: Any, label: str, path: str, findings: Findings) -> None:
        if value is None or value is msgspec.UNSET:
            return
        kind = self.types[member.type]
        if isinstance(kind, Scalar):
            if kind.datatype == "decimal" and value.as_tuple().exponent >= 0:
                message = f"`{label}` is {format_decimal(value)}, which JSON has as {decimal_to_json(value)}."
                findings.hazard("loss.scale", label, message, None, path)
        elif isinstance(kind, Record):
            self._record(value, path, findings)
        elif isinstance(kind, Array):
            label = f"{split_key(kind.key)[1]}.{kind.item.name}"
            for index, one in enumerate(value):
                self._typed(kind.item, one, label, f"{path}/{index}", findings)
        elif isinstance(kind, Dictionary):
            label = f"{split_key(kind.key)[1]}.{kind.value_member.name}"
            for key, one in value.items():
                self._typed(kind.value_member, one, label, f"{path}/{key}", findings)

    def _record(self, value: Any, path: str, findings: Findings) -> None:
        key = self.keys[type(value)]
        record = self.types[key]
        assert isinstance(record, Record)
        order = record.json_order or range(len(record.members))
        for index, one in zip(order, msgspec.structs.astuple(value), strict=True):
            member = record.members[index]
            self._typed(member, one, f"{split_key(key)[1]}.{member.name}", f"{path}/{member.name}", findings)
