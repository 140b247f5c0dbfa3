"""Typing stubs for the values of a contract: what editors and mypy need to know its members.

A value's classes are made when the schema is read, so no checker can see them; the ``.pyi`` text says the same: one
``msgspec.Struct`` for each record, with its members in JSON order. An absent member is ``msgspec.UNSET``, null is None.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from convtool.contract.datatypes import DATATYPES
from convtool.contract.instance import Instances, attribute
from convtool.contract.model import Anything, Array, Dictionary, Enumeration, Record, Scalar

if TYPE_CHECKING:
    from convtool.contract.model import Contract, Member

__all__ = ["stubs"]


def stubs(contract: Contract) -> str:
    """Give the text of a stub file for a contract's values; ``Value`` is the type of the root's."""
    return _Stubs(contract).text()


class _Stubs:
    """Writes one contract's stubs; ``names`` are the class names that the values have."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.names = {key: cls.__name__ for key, cls in Instances(contract).classes.items()}

    def text(self) -> str:
        classes = [self._class(key) for key in sorted(self.names, key=lambda key: self.names[key])]
        value = self._nullable(self._type(self.contract.root), self.contract.nillable)
        body = "\n\n".join([*classes, f"{self._alias()}: TypeAlias = {value}"])
        imports = [
            "from typing import Any, TypeAlias" if "Any" in body else "from typing import TypeAlias",
            "",
            "import msgspec",
        ]
        if "Decimal" in body:
            imports.insert(0, "from decimal import Decimal")
        if "Literal[" in body:
            imports = [line.replace("import Any, ", "import Any, Literal, ").replace("import TypeAlias", "import Literal, TypeAlias")
                       for line in imports]  # fmt: skip
        head = f"# Values of contract {self.contract.name}, as `convtool contracts stubs {self.contract.name}` writes them.\n"
        return head + "\n" + "\n".join(imports) + "\n\n" + body + "\n"

    def _alias(self) -> str:
        """Give the name of the root's type, which no class may have."""
        name = "Value"
        while name in self.names.values():
            name += "_"
        return name

    def _class(self, key: str) -> str:
        record = self.contract.types[key]
        assert isinstance(record, Record)
        lines = [f"class {self.names[key]}(msgspec.Struct):"]
        if record.description:
            lines.append(f"    {_docstring(record.description)}")
        for index in record.json_order or range(len(record.members)):
            member = record.members[index]
            lines.append(f"    {attribute(member.name)}: {self._member(member)} | msgspec.UnsetType = ...")
            if member.description:
                lines.append(f"    {_docstring(member.description)}")
        if len(lines) == 1:
            lines.append("    ...")
        return "\n".join(lines)

    def _member(self, member: Member) -> str:
        return self._nullable(self._type(member.type), member.nillable)

    def _nullable(self, annotation: str, nillable: bool) -> str:
        return f"{annotation} | None" if nillable and annotation != "Any" else annotation

    def _type(self, key: str) -> str:
        kind = self.contract.types[key]
        match kind:
            case Scalar(datatype=name):
                return DATATYPES[name].python.__name__
            case Enumeration():
                return self._enumeration(kind)
            case Record():
                choices = [self.names[one] for one in (key, *self.contract.derived.get(key, ()))]
                return " | ".join(choices)
            case Array(item=item):
                return f"list[{self._member(item)}]"
            case Dictionary(key_member=of, value_member=value):
                return f"dict[{self._type(of.type)}, {self._member(value)}]"
            case Anything():
                return "Any"

    def _enumeration(self, kind: Enumeration) -> str:
        """A single value is one of the names; a set of flags is names with spaces between them."""
        if kind.flags or not kind.values:
            return "str"
        return f"Literal[{', '.join(json.dumps(name, ensure_ascii=False) for name, _ in kind.values)}]"


def _docstring(text: str) -> str:
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"""{escaped}"""'
