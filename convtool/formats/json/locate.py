"""The first place of a hazard in JSON: only run for the few hazards that a fast lane has counted and not yet reported.

The value is walked in the order of the careful reader, along with the text, token by token, up to the last place
wanted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.contract.instance import attribute
from convtool.contract.model import Array, Contract, Record, Scalar
from convtool.formats.leaf import DATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.formats.hazards import Hazard

__all__ = ["Found", "first_places"]

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]++')


class Found:
    """Where a hazard is: its text (for dates), its span in the data, its path, and its record's index."""

    __slots__ = ("path", "record", "span", "text")

    def __init__(self, text: str, span: tuple[int, int], path: str, record: int | None) -> None:
        self.text = text
        self.span = span
        self.path = path
        self.record = record


def first_places(
    contract: Contract, hazards: dict[tuple[str, int, str], tuple[int, Hazard]], value: Any, data: bytes,
    wanted: set[int],     first: int = 0,
) -> dict[int, Found]:  # fmt: skip
    """Give the first place of each wanted hazard (by its index) in a value that ``data`` is the wire form of."""
    walk = _Walk(contract, hazards, data, set(wanted))
    walk.offset = first
    walk.type(contract.root, value, "")
    return walk.found


class _Walk:
    def __init__(
        self, contract: Contract, hazards: dict[tuple[str, int, str], tuple[int, Hazard]], data: bytes, wanted: set[int]
    ) -> None:
        self.contract = contract
        self.hazards = hazards
        self.wanted = wanted
        self.found: dict[int, Found] = {}
        self.tokens: Iterator[re.Match[bytes]] = _TOKEN.finditer(data)
        self.record: int | None = None
        self.offset = 0

    def next(self) -> re.Match[bytes]:
        return next(self.tokens)

    def type(self, key: str, value: Any, path: str) -> None:
        """Walk a value and its tokens; stop as soon as nothing is wanted any more."""
        if not self.wanted:
            return
        token = self.next()
        kind = self.contract.types[key]
        if value is None or isinstance(kind, Scalar):
            return
        if isinstance(kind, Array):
            self.items(kind, value, path)
        elif isinstance(kind, Record):
            self.members(key, kind, value, path, token.start())

    def items(self, array: Array, value: list[Any], path: str) -> None:
        top = not path
        for index, item in enumerate(value):
            if index:
                self.next()
            if top:
                self.record = index + self.offset
            self.type(array.item.type, item, f"{path}/{index + self.offset if top else index}")
            if not self.wanted:
                return
        if top:
            self.record = None
        self.next()

    def members(self, key: str, record: Record, value: Any, path: str, start: int) -> None:
        written = False
        absent = []
        for index in record.json_order or range(len(record.members)):
            member = record.members[index]
            one = getattr(value, attribute(member.name))
            if one is msgspec.UNSET:
                absent.append(index)
                continue
            if written:
                self.next()
            written = True
            self.next()
            self.next()
            below = f"{path}/{member.name.replace('~', '~0').replace('/', '~1')}"
            kind = self.contract.types[member.type]
            if isinstance(kind, Scalar) and kind.datatype in DATES and one is not None:
                self.date(key, index, one, below)
            else:
                self.type(member.type, one, below)
            if not self.wanted:
                return
        self.next()
        for index in absent:
            self.hit(key, index, "absent", "", (start, start + 1), path)

    def date(self, key: str, index: int, text: str, path: str) -> None:
        span = self.next().span()
        if text[-3] == ":" and text[-6] in "+-":
            self.hit(key, index, "offset", text, span, path)
        if len(text) == 10:
            self.hit(key, index, "day", text, span, path)

    def hit(self, key: str, index: int, kind: str, text: str, span: tuple[int, int], path: str) -> None:
        known = self.hazards.get((key, index, kind))
        if known is not None and known[0] in self.wanted:
            self.wanted.discard(known[0])
            self.found[known[0]] = Found(text, span, path, self.record)
