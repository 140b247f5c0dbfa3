"""Typed values → JSON, byte for byte as Json.NET writes it (recordings: ``wire.jsonl``).

Compact, members in declaration order, absent members left out. Non-ASCII stands as it is but for U+0085, U+2028 and
U+2029; decimals and doubles always carry a fraction. msgspec encodes where every datatype is its own JSON form;
elsewhere this writer does, type by type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.formats.anything import as_json, simple
from convtool.formats.enumerations import json_names, number
from convtool.formats.json.keys import key_text
from convtool.model.anything import ANYTHING, XML_MEMBER, JsonText, Markup, datatype_of
from convtool.model.codings import coding_of
from convtool.model.contract import Anything, Array, Contract, Dictionary, Enumeration, Record, Scalar
from convtool.model.defaults import left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.model.instance import Instances

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
        self.exact = instances.exact
        self.keys = instances.keys
        self.said = instances.said
        # Names (none where JSON never has a member), types, and what is left out as null or as EmitDefaultValue=false
        # says; in the order of a value's fields.
        self.records: dict[str, list[tuple[str, str, Any]]] = {}
        for key, kind in contract.types.items():
            if isinstance(kind, Record):
                members = [kind.members[i] for i in kind.order]
                names = [_quote(m.json_name) + ":" if m.in_json else "" for m in members]
                silent = [left_out(contract.types, instances.classes, m) for m in members]
                self.records[key] = list(zip(names, [m.type for m in members], silent, strict=True))

    def write(self, value: Any) -> bytes:
        """Give the document of a value."""
        if self.exact:
            return escape_separators(_ENCODER.encode(value))
        return escape_separators("".join(_Content(self).parts(self.contract.root, value)).encode())

    def items(self, values: list[Any]) -> bytes:
        """Give items of a list contract with commas between them."""
        if self.exact:
            return escape_separators(_ENCODER.encode(values))[1:-1]
        item = self.contract.item
        assert item is not None
        content = _Content(self)
        texts = ("".join(content.parts(item.type, value)) for value in values)
        return escape_separators(",".join(texts).encode())


class _Content:
    """One document being written, type by type."""

    def __init__(self, writer: Writer) -> None:
        self.contract = writer.contract
        self.types = writer.contract.types
        self.keys = writer.keys
        self.said = writer.said
        self.records = writer.records
        self.objects = 0  # objects with an identity so far: $id is their number

    def parts(self, key: str, value: Any) -> Iterator[str]:
        """Give the text of a value, piece by piece."""
        if value is None:
            yield "null"
            return
        match self.types[key]:
            case Scalar(datatype=name):
                yield simple(name, value)
            case Enumeration() as kind:
                names = json_names(kind, value) if coding_of(kind).spell else ""
                yield _quote(names) if names else str(number(kind, value))
            case Record():
                yield from self.record(key, self.keys.get(type(value), key), value)
            case Array(item=item):
                separator = "["
                for one in value:
                    yield separator
                    separator = ","
                    yield from self.parts(item.type, one)
                yield "]" if separator == "," else "[]"
            case Dictionary() as kind:
                yield from self.dictionary(kind, value)
            case Anything():
                yield _anything(key, value, self.contract)

    def record(self, declared: str, key: str, value: Any) -> Iterator[str]:
        """Give an object: Json.NET's own members first, then the record's."""
        record = self.types[key]
        assert isinstance(record, Record)
        separator = "{"
        if record.is_reference:
            self.objects += 1
            yield f'{separator}"$id":"{self.objects}"'
            separator = ","
        if record.type_name and key != declared:
            yield f'{separator}"$type":{_quote(record.type_name)}'
            separator = ","
        fields = zip(self.records[key], msgspec.structs.astuple(value), strict=True)
        for (name, type_key, silent), one in fields:
            if name and one is not msgspec.UNSET and not self.is_left_out(one, silent):
                yield separator + name
                separator = ","
                yield from self.parts(type_key, one)
        yield "}" if separator == "," else "{}"

    def is_left_out(self, one: Any, silent: Any) -> bool:
        """Tell whether a value is the one that JSON leaves out."""
        return bool(one == silent or (type(silent) in self.keys and self.said(one) == silent))

    def dictionary(self, kind: Dictionary, value: Any) -> Iterator[str]:
        """Give a dictionary as an object; keys of every type are texts."""
        separator = "{"
        of = self.types[kind.key_member.type]
        for key, one in value.items():
            yield separator + _quote(key_text(of, key)) + ":"
            separator = ","
            yield from self.parts(kind.value_member.type, one)
        yield "}" if separator == "," else "{}"


def _anything(key: str, value: Any, contract: Contract) -> str:
    """Give a value of a member that may hold anything; see ``formats.anything``."""
    if isinstance(value, JsonText):
        return value.text
    if isinstance(value, Markup):
        if key == ANYTHING and (text := as_json(value, contract)) is not None:
            return text
        attributes = f',"#attributes":{_quote(value.attributes)}' if value.attributes else ""
        return f'{{"{XML_MEMBER}":{_quote(value.content)}{attributes}}}'
    name = datatype_of(value)
    assert name is not None  # readers and checks give nothing else
    return simple(name, value)


def _quote(text: str) -> str:
    return _ENCODER.encode(text).decode()
