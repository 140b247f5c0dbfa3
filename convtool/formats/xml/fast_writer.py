"""Typed values → wire-form XML at full speed: one generated function for each type in its place, its tags constants.

It gives exactly what ``writer`` gives, for contracts whose tags do not depend on the value: no dictionaries, no
derived types, no anyType, no prefixes that change with the depth of a recursion. Other contracts have the general
writer alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.contract.datatypes import DATATYPES
from convtool.contract.defaults import has_kept
from convtool.contract.instance import field_name
from convtool.contract.model import Array, Contract, Enumeration, Member, Record, Scalar
from convtool.formats.xml.writer import ESCAPED, escape

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.formats.xml.layout import Layout, Tags

__all__ = ["build"]

_MAX_TYPES = 200  # functions a contract may need before it is left to the general writer


class _Unsupported(Exception):
    pass


def build(contract: Contract, layout: Layout) -> tuple[Callable[..., None], Callable[..., None] | None] | None:
    """Give two functions that append text to a list: for the root's value, and for an item of a list; or None."""
    try:
        return None if has_kept(contract) else _Generator(contract, layout).compile()
    except _Unsupported:
        return None


class _Generator:
    def __init__(self, contract: Contract, layout: Layout) -> None:
        self.contract = contract
        self.layout = layout
        self.types = contract.types
        self.lines: list[str] = []
        self.names: dict[tuple[str, Tags, int], str] = {}
        self.scope: dict[str, Any] = {"UNSET": msgspec.UNSET, "special": ESCAPED.search, "escape": escape}

    def compile(self) -> tuple[Callable[..., None], Callable[..., None] | None]:
        """Compile the functions."""
        tags = self.layout.root()
        root, item = self.type(self.contract.root, tags, 1), ""
        if self.contract.item is not None:
            item = "write_item"
            inner = self.layout.tags(self.contract.item, 2, tags.scope)
            body = self.one(self.contract.item, "value", inner, 2)
            self.lines += ["def write_item(value, add):", *(f"    {line}" for line in body)]
        source = "\n".join(self.lines)
        exec(compile(source, f"<writer of {self.contract.name}>", "exec"), self.scope)
        return self.scope[root], self.scope[item] if item else None

    def bind(self, value: Any) -> str:
        """Give a name in the generated code for an object."""
        name = f"c{len(self.scope)}"
        self.scope[name] = value
        return name

    def type(self, key: str, tags: Tags, depth: int) -> str:
        """Write the function for a record or a list, and give its name."""
        place = (key, tags, 0 if self.layout.plain else depth)
        found = self.names.get(place)
        if found is not None:
            return found
        if len(self.names) >= _MAX_TYPES:
            raise _Unsupported
        name = self.names[place] = f"write{len(self.names)}"
        kind = self.types[key]
        if isinstance(kind, Record) and key not in self.contract.derived and not kind.is_reference:
            body = self.record(kind, tags, depth)
        elif isinstance(kind, Array):
            body = self.array(kind, tags, depth)
        else:
            raise _Unsupported
        self.lines += [f"def {name}(value, add):", *(f"    {line}" for line in body)]
        return name

    def is_simple(self, key: str) -> bool:
        return isinstance(self.types[key], (Scalar, Enumeration))

    def text(self, member: Member, variable: str, tags: Tags) -> str:
        """Give the expression for a simple member's element: nothing where it is absent."""
        kind = self.types[member.type]
        open_, close, nil = self.bind(tags.open), self.bind(tags.close), self.bind(tags.nil)
        otherwise = f'({nil} if {variable} is None else "")' if member.nillable else '""'
        if isinstance(kind, Enumeration) or (
            isinstance(kind, Scalar) and DATATYPES[kind.datatype].is_kept and DATATYPES[kind.datatype].escaped
        ):
            filled = f"{variable}.__class__ is str"
            if isinstance(kind, Enumeration) and kind.flags:
                empty = self.bind(tags.empty)  # none of the flags
                otherwise, filled = f"({empty} if {variable} == '' else {otherwise})", f"{filled} and {variable}"
            inner = f"({variable} if special({variable}) is None else escape({variable}))"
            return f"f'{{{open_}}}{{{inner}}}{{{close}}}' if {filled} else {otherwise}"
        assert isinstance(kind, Scalar)
        datatype = DATATYPES[kind.datatype]
        if datatype.bare:
            raise _Unsupported  # no bytes are no content: the general writer knows
        if datatype.bounds is not None or (datatype.is_kept and not datatype.escaped):
            inner = variable
        else:
            inner = f"{self.bind(datatype.format)}({variable})"
            inner = f"escape({inner})" if datatype.escaped else inner
        there = f"{variable} is not None and {variable} is not UNSET" if member.nillable else f"{variable} is not UNSET"
        return f"f'{{{open_}}}{{{inner}}}{{{close}}}' if {there} else {otherwise}"

    def record(self, record: Record, tags: Tags, depth: int) -> list[str]:
        if all(self.is_simple(member.type) for member in record.members):
            return self.flat(record, "value", tags, depth)
        lines = [f"add({self.bind(tags.open)})"]
        if not any(member.required for member in record.members):
            absent = (f"value.{field_name(index)} is UNSET" for index in range(len(record.members)))
            lines = [f"if {' and '.join(absent)}:", f"    add({self.bind(tags.empty)})", "    return", *lines]
        for index, member in enumerate(record.members):
            inner = self.layout.tags(member, depth + 1, tags.scope)
            lines.append(f"v = value.{field_name(index)}")
            if self.is_simple(member.type):
                lines.append(f"add({self.text(member, 'v', inner)})")
            else:
                lines += self.one(member, "v", inner, depth + 1)
        return [*lines, f"add({self.bind(tags.close)})"]

    def flat(self, record: Record, variable: str, tags: Tags, depth: int) -> list[str]:
        """Write a record of simple members as one text."""
        lines = []
        for index, member in enumerate(record.members):
            inner = self.layout.tags(member, depth + 1, tags.scope)
            lines += [f"v = {variable}.{field_name(index)}", f"s{index} = {self.text(member, 'v', inner)}"]
        body = "".join(f"{{s{index}}}" for index in range(len(record.members)))
        open_, close, empty = self.bind(tags.open), self.bind(tags.close), self.bind(tags.empty)
        written = f"f'{{{open_}}}{body}{{{close}}}'"
        nothing = " or ".join(f"s{index}" for index in range(len(record.members))) or "False"
        return [*lines, f"add({written} if {nothing} else {empty})"]

    def one(self, member: Member, variable: str, tags: Tags, depth: int) -> list[str]:
        """Write a member or item that may be null or absent."""
        nil = [f"if {variable} is None: add({self.bind(tags.nil)})"]
        if self.is_simple(member.type):
            return [f"add({self.text(member, variable, tags)})"]
        write = self.type(member.type, tags, depth)
        return [*nil, f"elif {variable} is not UNSET: {write}({variable}, add)"]

    def array(self, array: Array, tags: Tags, depth: int) -> list[str]:
        inner = self.layout.tags(array.item, depth + 1, tags.scope)
        kind = self.types[array.item.type]
        plain = isinstance(kind, Record) and not kind.is_reference and array.item.type not in self.contract.derived
        if isinstance(kind, Record) and plain and all(self.is_simple(m.type) for m in kind.members):
            flat = self.flat(kind, "item", inner, depth + 1)
            each = [f"if item is None: add({self.bind(inner.nil)})", "else:", *(f"    {line}" for line in flat)]
        else:
            each = self.one(array.item, "item", inner, depth + 1)
        return [
            "if not value:", f"    add({self.bind(tags.empty)})", "    return", f"add({self.bind(tags.open)})",
            "for item in value:", *(f"    {line}" for line in each), f"add({self.bind(tags.close)})",
        ]  # fmt: skip
