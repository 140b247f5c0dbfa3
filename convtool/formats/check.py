"""Is a typed value one of the contract? For values that a program has built, before they are written.

The same rules as the readers': types, ranges, lexical forms, nillability, required members, characters that exist.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.formats.leaf import shown
from convtool.formats.markup import fault
from convtool.model.anything import JsonText, Markup
from convtool.model.contract import Anything, Array, Contract, Dictionary, Enumeration, Member, Record, Scalar
from convtool.model.datatypes import DATATYPES, LexicalError

if TYPE_CHECKING:
    from convtool.findings import Findings
    from convtool.model.instance import Instances

__all__ = ["check"]

_LONE = re.compile("[\ud800-\udfff]")


def check(contract: Contract, instances: Instances, value: Any, findings: Findings) -> None:
    """Report whatever is wrong with a value; paths are JSON Pointers."""
    root = Member(contract.name, "", contract.root, contract.nillable)
    _Checker(contract, instances, findings).member(root, value, "")


class _Checker:
    def __init__(self, contract: Contract, instances: Instances, findings: Findings) -> None:
        self.contract = contract
        self.keys = instances.keys
        self.findings = findings

    def member(self, member: Member, value: Any, path: str) -> None:
        if value is None:
            if not member.nillable:
                self.findings.add("nil.forbidden", f"`{member.name}` is None, but cannot be null.", None, path)
            return
        match self.contract.types[member.type]:
            case Scalar(datatype=name):
                self._scalar(name, value, path)
            case Enumeration() as enumeration:
                self._enumeration(enumeration, value, path)
            case Record():
                self._record(member.type, value, path)
            case Array(item=item):
                if self._is(value, list, "a list", path):
                    for index, one in enumerate(value):
                        self.member(item, one, f"{path}/{index}")
            case Dictionary(key_member=key, value_member=of):
                if self._is(value, dict, "a dict", path):
                    for name, one in value.items():
                        if name is None:  # .NET's dictionaries have no null among their keys, whatever their type
                            self.findings.add("value.key", "A key is None, but a key cannot be null.", None, path)
                            continue
                        self.member(key, name, f"{path}/{name}")
                        self.member(of, one, f"{path}/{name}")
            case Anything():
                self._anything(value, path)

    def _anything(self, value: Any, path: str) -> None:
        if not isinstance(value, (str, bool, int, float, Decimal, Markup, JsonText)):
            what = f"{shown(str(value))} is a {type(value).__name__}, not a text, a number, Markup or JsonText."
            self.findings.add("value.kind", what, None, path)
        texts = msgspec.structs.astuple(value) if isinstance(value, (Markup, JsonText)) else (value,)
        if any(isinstance(text, str) and _LONE.search(text) for text in texts):
            self.findings.add("value.surrogate", "The text holds half of a surrogate pair.", None, path)
        elif isinstance(value, Markup) and (wrong := fault(value, self.contract.namespace)):
            self.findings.add("value.kind", f"Markup is what an element holds: {wrong}.", None, path)

    def _is(self, value: Any, kind: type, wanted: str, path: str) -> bool:
        # bool is an int to Python; to a contract it is not.
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            return True
        self.findings.add("value.kind", f"{shown(str(value))} is a {type(value).__name__}, not {wanted}.", None, path)
        return False

    def _scalar(self, name: str, value: Any, path: str) -> None:
        kind = DATATYPES[name]
        if kind.python is float and isinstance(value, int):
            value = float(value)
        if not self._is(value, kind.python, f"{kind.what} ({kind.python.__name__})", path):
            return
        if isinstance(value, str) and _LONE.search(value):
            self.findings.add("value.surrogate", "The text holds half of a surrogate pair.", None, path)
            return
        if not all([self._part(name, getattr(value, name), of, path) for name, of in kind.parts]):  # noqa: C419 - each
            return
        try:
            kind.parse(kind.format(value))
        except (LexicalError, TypeError, ValueError) as error:
            wanted = error.wanted if isinstance(error, LexicalError) else kind.what
            code = "value.range" if isinstance(error, LexicalError) and error.kind == "range" else "value.lexical"
            self.findings.add(code, f"{shown(str(value))} is not {wanted}.", None, path)

    def _part(self, name: str, value: Any, datatype: str, path: str) -> bool:
        """Check a part of a value, and tell whether it is one."""
        before = self.findings.errors
        self._scalar(datatype, value, f"{path}/{name}")
        return self.findings.errors == before

    def _enumeration(self, kind: Enumeration, value: Any, path: str) -> None:
        if not self._is(value, str, "a name of the enumeration", path):
            return
        known = {name for name, _ in kind.values}
        names = value.split(" ") if kind.flags and value else [value] if value or not kind.flags else []
        for name in names:
            if name not in known:
                self.findings.add(
                    "value.enumeration", f"{shown(name)} is none of {', '.join(sorted(known))}.", None, path
                )

    def _record(self, declared: str, value: Any, path: str) -> None:
        key = self.keys.get(type(value))
        if key is None or (key != declared and key not in self.contract.derived.get(declared, ())):
            wanted = declared.rpartition("}")[2]
            self.findings.add("value.kind", f"{type(value).__name__} is not a {wanted} of this contract.", None, path)
            return
        record = self.contract.types[key]
        assert isinstance(record, Record)
        order = record.order
        for index, one in zip(order, msgspec.structs.astuple(value), strict=True):
            member = record.members[index]
            if one is not msgspec.UNSET:
                self.member(member, one, f"{path}/{member.name}")
            elif member.required:
                self.findings.add("member.required", f"The required member `{member.name}` is absent.", None, path)
