"""The fast lane for JSON: msgspec decodes into the contract's classes, and encoding the value again proves the rest.

msgspec refuses unknown members, wrong kinds and numbers out of range. What it lets pass (a duplicate member, another
order, an escape that Json.NET would not write) shows when the value's wire form is not the text that came, white space
aside. Dates and other texts with a form of their own are matched one by one, by a function generated for the contract,
which also counts hazards. Whatever is out of the ordinary is left to the careful lane (``Miss``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.contract.datatypes import DATATYPES
from convtool.contract.instance import field_name
from convtool.contract.model import Array, Contract, Member, Record, Scalar
from convtool.formats.hazards import Hits, hazards
from convtool.formats.json.writer import escape_separators

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.contract.instance import Instances

__all__ = ["FastReader", "Miss", "build"]

_MAX_BLOCKS = 15  # Python nests at most 20 blocks; deeper lists and records are left to the careful lane
_MAX_NAMES = 2_000  # variables a function may need before the contract is left to the careful lane: uses multiply
_ENCODE = msgspec.json.Encoder().encode


class Miss(Exception):
    """The text is not in wire form."""


class _Unsupported(Exception):
    """The contract has no fast lane."""


def build(contract: Contract, instances: Instances) -> FastReader | None:
    """Give the fast lane of a contract, or None where JSON and values differ in form."""
    try:
        return FastReader(contract, instances) if instances.exact else None
    except _Unsupported:
        return None


class FastReader:
    """Reads documents in wire form, with or without white space."""

    def __init__(self, contract: Contract, instances: Instances) -> None:
        self.contract = contract
        self.hazards = hazards(contract)
        self.known = [hazard for _, hazard in self.hazards.values()]
        self.decoder = msgspec.json.Decoder(instances.root)
        self.count = _Generator(self).compile()
        # Items are decoded as a list, whether or not the root may be null.
        self.items_decoder = msgspec.json.Decoder(list[instances.item]) if instances.item is not None else None  # type: ignore[name-defined]

    def hits(self) -> Hits:
        """Give an empty count."""
        return Hits([0] * len(self.known))

    def read(self, data: bytes, hits: Hits) -> Any:
        """Give the value of a document, or raise Miss."""
        value = self.decode(self.decoder, data)
        if value is not None:
            self.count(value, hits.counts)
        return value

    def read_items(self, data: bytes, hits: Hits) -> list[Any]:
        """Give the values of an array of a list contract's items, or raise Miss."""
        assert self.items_decoder is not None
        values: list[Any] = self.decode(self.items_decoder, data)
        self.count(values, hits.counts)
        return values

    def decode(self, decoder: msgspec.json.Decoder[Any], data: bytes) -> Any:
        """Give a decoded value that is proven to be all of the text, or raise Miss."""
        try:
            value = decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Miss from None
        written = _ENCODE(value)
        if written != data:
            written = escape_separators(written)
            if written not in (data, msgspec.json.format(data, indent=-1)):
                raise Miss
        return value


class _Generator:
    """Writes the function that walks a value: matches texts that have a form, counts hazards.

    All of it is one function, a block within a block for each list and record: contracts with a fast lane are not
    recursive. ``value`` and ``depth`` below are the name of the variable that holds a value, and how deep the blocks
    are. Every value has a variable of its own.
    """

    def __init__(self, fast: FastReader) -> None:
        self.fast = fast
        self.types = fast.contract.types
        self.scope: dict[str, Any] = {"UNSET": msgspec.UNSET, "Miss": Miss}
        self.names = 0

    def name(self) -> str:
        """Give the name of one more variable."""
        self.names += 1
        if self.names > _MAX_NAMES:
            raise _Unsupported
        return f"v{self.names}"

    def compile(self) -> Callable[[Any, list[int]], None]:
        """Give the function for the root's type."""
        body = self.type(self.fast.contract.root, "value", 0) or ["pass"]
        source = "\n".join(["def walk(value, counts):", *(f"    {line}" for line in body)])
        exec(compile(source, f"<fast lane of {self.fast.contract.name}>", "exec"), self.scope)
        function: Callable[[Any, list[int]], None] = self.scope["walk"]
        return function

    def type(self, key: str, value: str, depth: int) -> list[str]:
        """Write the walk over a value that is not null; nothing where there is nothing to look at."""
        kind = self.types[key]
        if depth > _MAX_BLOCKS:
            return ["raise Miss"]
        if isinstance(kind, Record):
            found = (self.member(key, i, member, value, depth) for i, member in enumerate(kind.members))
            return [line for lines in found for line in lines]
        return self.items(kind, value, depth) if isinstance(kind, Array) else []

    def member(self, key: str, index: int, member: Member, value: str, depth: int) -> list[str]:
        one = self.name()
        absent = ["raise Miss"] if member.required else self.count(key, index, "absent")
        present = self.present(key, index, member, one, depth)
        if not absent and not present:
            return []
        lines = [f"{one} = {value}.{field_name(index)}"]
        lines += [f"if {one} is UNSET:", *(f"    {line}" for line in absent or ["pass"])]
        return [*lines, f"elif {one} is not None:", *(f"    {line}" for line in present)] if present else lines

    def present(self, key: str, index: int, member: Member, one: str, depth: int) -> list[str]:
        kind = self.types[member.type]
        if not isinstance(kind, Scalar):
            return self.type(member.type, one, depth + 1)
        lines = self.form(kind, one)
        offset, day = self.count(key, index, "offset"), self.count(key, index, "day")
        if offset:
            lines += [f'if {one}[-3] == ":" and {one}[-6] in "+-":', *(f"    {line}" for line in offset)]
        if day:
            lines += [f"if len({one}) == 10:", *(f"    {line}" for line in day)]
        return lines

    def form(self, kind: Scalar, one: str) -> list[str]:
        """Write the match of a text that has a form of its own."""
        datatype = DATATYPES[kind.datatype]
        if datatype.python is not str or not datatype.pattern:
            return []
        name = f"form{len(self.scope)}"
        self.scope[name] = re.compile(datatype.pattern).fullmatch
        return [f"if {name}({one}) is None: raise Miss"]

    def items(self, array: Array, value: str, depth: int) -> list[str]:
        kind, one = self.types[array.item.type], self.name()
        if isinstance(kind, Scalar) and DATATYPES[kind.datatype].is_date:
            return [f"if {value}: raise Miss"]  # hazards are counted by a record's member; dates in lists are rare
        body = self.form(kind, one) if isinstance(kind, Scalar) else self.type(array.item.type, one, depth + 1)
        if not body:
            return []
        return [f"for {one} in {value}:", f"    if {one} is not None:", *(f"        {line}" for line in body)]

    def count(self, key: str, index: int, kind: str) -> list[str]:
        found = self.fast.hazards.get((key, index, kind))
        return [f"counts[{found[0]}] += 1"] if found is not None else []
