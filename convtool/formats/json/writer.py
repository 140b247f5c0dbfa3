"""Typed values → JSON, byte for byte as Json.NET writes it (recordings: ``wire.jsonl``).

Compact, members in declaration order, absent members left out. Non-ASCII stands as it is but for U+0085, U+2028 and
U+2029; decimals and doubles always carry a fraction. msgspec encodes where every datatype is its own JSON form;
elsewhere this writer does, type by type.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.contract.datatypes import DATATYPES
from convtool.contract.dates import offset_to_text
from convtool.contract.instance import attribute
from convtool.contract.json_schema import DATE_TIME_OFFSET
from convtool.contract.model import Anything, Array, Contract, Dictionary, Enumeration, Record, Scalar
from convtool.formats.enumerations import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.contract.instance import Instances

__all__ = ["Writer", "escape_separators", "indent"]

_ENCODER = msgspec.json.Encoder()
_SEPARATORS = ((b"\xc2\x85", b"\\u0085"), (b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029"))


def escape_separators(data: bytes) -> bytes:
    """Escape the three line separators that Json.NET escapes and msgspec leaves; outside strings they do not occur."""
    for raw, escaped in _SEPARATORS:
        if raw in data:
            data = data.replace(raw, escaped)
    return data


def indent(data: bytes) -> bytes:
    """Give wire JSON with two spaces of indentation, as the help page shows it."""
    return msgspec.json.format(data, indent=2)


class Writer:
    """Writes values of one contract."""

    def __init__(self, contract: Contract, instances: Instances) -> None:
        self.contract = contract
        self.types = contract.types
        self.exact = instances.exact
        self._records: dict[str, tuple[list[tuple[str, str, bool]], Any]] = {}
        for key, kind in contract.types.items():
            if isinstance(kind, Record):
                members = [kind.members[i] for i in kind.json_order or range(len(kind.members))]
                names = [(_quote(m.name) + ":", m.type, False) for m in members]
                self._records[key] = names, attrgetter(*(attribute(m.name) for m in members), "__class__")

    def write(self, value: Any) -> bytes:
        """Give the document of a value."""
        return self._encode(self.contract.root, value)

    def items(self, values: list[Any]) -> bytes:
        """Give items of a list contract with commas between them."""
        if self.exact:
            return escape_separators(_ENCODER.encode(values))[1:-1]
        item = self.contract.item
        assert item is not None
        return b",".join(self._encode(item.type, value) for value in values)

    def _encode(self, key: str, value: Any) -> bytes:
        if self.exact:
            return escape_separators(_ENCODER.encode(value))
        return escape_separators("".join(self._parts(key, value)).encode())

    def _parts(self, key: str, value: Any) -> Iterator[str]:
        if value is None:
            yield "null"
            return
        match self.types[key]:
            case Scalar(datatype=name):
                yield self._scalar(name, value)
            case Enumeration() as kind:
                yield _quote(value.replace(" ", ", ")) if kind.names_in_json else str(number(kind, value))
            case Record() if key == DATE_TIME_OFFSET:
                yield _quote(offset_to_text(value.DateTime, value.OffsetMinutes))
            case Record():
                yield from self._record(key, value)
            case Array(item=item):
                separator = "["
                for one in value:
                    yield separator
                    separator = ","
                    yield from self._parts(item.type, one)
                yield "]" if separator == "," else "[]"
            case Dictionary() as kind:
                yield from self._dictionary(kind, value)
            case Anything():
                raise NotImplementedError

    def _scalar(self, name: str, value: Any) -> str:
        kind = DATATYPES[name]
        text = kind.write_json(value)
        return _quote(text) if kind.json_kind == "string" else text

    def _record(self, key: str, value: Any) -> Iterator[str]:
        names, getter = self._records[key]
        separator = "{"
        for (name, type_key, _), one in zip(names, getter(value)[:-1], strict=True):
            if one is not msgspec.UNSET:
                yield separator + name
                separator = ","
                yield from self._parts(type_key, one)
        yield "}" if separator == "," else "{}"

    def _dictionary(self, kind: Dictionary, value: Any) -> Iterator[str]:
        separator = "{"
        of = self.types[kind.key_member.type]
        for key, one in value.items():
            text = DATATYPES[of.datatype].write_json(key) if isinstance(of, Scalar) else str(key)
            yield (
                separator
                + _quote(text.strip('"') if isinstance(of, Scalar) and of.datatype != "string" else text)
                + ":"
            )
            separator = ","
            yield from self._parts(kind.value_member.type, one)
        yield "}" if separator == "," else "{}"


def _quote(text: str) -> str:
    return _ENCODER.encode(text).decode()
