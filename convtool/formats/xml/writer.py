"""Typed values → DataContract XML, byte for byte as DataContractSerializer writes it (recordings: ``wire.jsonl``).

- Members stand in XML order. Null is ``<X i:nil="true" />``, an empty text ``<X></X>``, an empty list ``<X />``.
- ``&``, ``<`` and ``>`` are escaped by name; controls, CR, U+FFFE and U+FFFF as ``&#x1;``; all else stands as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.formats.anything import as_xml
from convtool.formats.leaf import Unwritable
from convtool.formats.markup import ESCAPED, escape, opaque
from convtool.formats.xml.layout import Layout, Scope, Tags
from convtool.model.anything import ANYTHING, JsonText, Markup, datatype_of
from convtool.model.contract import (
    XSD,
    Anything,
    Array,
    Contract,
    Dictionary,
    Enumeration,
    Member,
    Record,
    Scalar,
)
from convtool.model.datatypes import DATATYPES, record_of
from convtool.model.instance import xml_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.model.instance import Instances

__all__ = ["ESCAPED", "Writer", "escape"]

_UNSET = msgspec.UNSET


class Writer:
    """Writes values of one contract, whatever its types and namespaces."""

    def __init__(self, contract: Contract, instances: Instances) -> None:
        self.contract = contract
        self.layout = Layout(contract)
        self.keys = instances.keys
        self.parts = {key: record_of(kind) for key, kind in contract.types.items() if isinstance(kind, Scalar)}
        self.places = {key: xml_order(kind) for key, kind in contract.types.items() if isinstance(kind, Record)}

    def write(self, value: Any, *, pretty: bool = False) -> str:
        """Give the document of a value (None: nil)."""
        key = self.keys.get(
            type(value), self.contract.root
        )  # a record's own type, which may be derived from the root's
        tags = self.layout.root(key)
        if value is None:
            return tags.nil
        out: list[str] = []
        _Content(self, out, pretty).typed(key, value, tags, 1)
        return "".join(out)

    def item(self, value: Any, *, pretty: bool = False) -> str:
        """Give one item of a list contract, as it stands in the document."""
        member = self.contract.item
        assert member is not None
        out: list[str] = []
        _Content(self, out, pretty).member(member, value, 2, self.layout.root().scope)
        return "".join(out)


class _Content:
    """One document being written: ``out`` takes its parts."""

    def __init__(self, writer: Writer, out: list[str], pretty: bool) -> None:
        self.places = writer.places
        self.keys = writer.keys
        self.parts = writer.parts
        self.tags = writer.layout.tags
        self.types = writer.contract.types
        self.contract = writer.contract
        self.out = out
        self.pretty = pretty
        self.objects = 0  # objects with an identity so far: z:Id is their number

    def line(self, depth: int) -> None:
        """Begin a line, where lines are wanted."""
        if self.pretty and (self.out or depth > 1):
            self.out.append("\n" + "  " * (depth - 1))

    def member(self, member: Member, value: Any, depth: int, scope: Scope) -> None:
        """Write a member's element."""
        if value is _UNSET or not member.in_xml:
            return
        self.line(depth)
        key = self.keys.get(type(value), member.type)  # a record's own type, which may be derived from the member's
        tags = self.tags(member, depth, scope, key)
        if value is None:
            self.out.append(tags.nil)
        else:
            self.typed(key, value, tags, depth)

    def typed(self, key: str, value: Any, tags: Tags, depth: int) -> None:
        """Write an element with its content, of the type ``key``."""
        match self.types[key]:
            case Scalar(datatype=datatype) if not value and DATATYPES[datatype].bare:
                self.out.append(tags.empty)  # no bytes, no content, as .NET writes it
            case Scalar() if (record := self.parts[key]) is not None:
                self.content(zip(record.members, msgspec.structs.astuple(value), strict=True), tags, depth)
            case Scalar(datatype=datatype):
                self.out += (tags.open, escape(DATATYPES[datatype].format(value)), tags.close)
            case Enumeration():
                self.out += (tags.open, escape(value), tags.close) if value else (tags.empty,)  # flags, none of them
            case Record() as record:
                if record.is_reference:
                    self.objects += 1
                    tags = tags.numbered(self.objects)
                fields = msgspec.structs.astuple(value)
                values = (fields[place] for place in self.places[key])
                self.content(zip(record.members, values, strict=True), tags, depth)
            case Array(item=item):
                self.content(((item, one) for one in value), tags, depth)
            case Dictionary() as dictionary:
                self.dictionary(dictionary, value, tags, depth)
            case Anything():
                self.anything(key, value, tags, depth)

    def anything(self, key: str, value: Any, tags: Tags, depth: int) -> None:
        """Write a value of anyType: markup as it came, or a simple value with its ``i:type``."""
        if isinstance(value, Markup):
            self.out.append(opaque(value, tags.open, tags.close, tags.scope.namespaces(), self.contract.namespace))
            return
        if isinstance(value, JsonText) and key == ANYTHING:
            self.out.append(as_xml(value, self.contract, tags.open, tags.close, tags.scope.default, depth))
            return
        head = tags.open[:-1]
        name = datatype_of(value)
        if name is None:
            raise Unwritable("A JSON object or array in a member of anyType has no XML form.")
        prefix = f"d{depth}p1"
        text = escape(DATATYPES[name].format(value))
        self.out.append(f'{head} i:type="{prefix}:{name}" xmlns:{prefix}="{XSD}">{text}{tags.close}')

    def content(self, parts: Iterable[tuple[Member, Any]], tags: Tags, depth: int) -> None:
        """Write an element that holds members."""
        out, mark = self.out, len(self.out)
        out.append(tags.open)
        for member, value in parts:
            self.member(member, value, depth + 1, tags.scope)
        if len(out) == mark + 1:
            out[mark] = tags.empty
        else:
            self.line(depth)
            out.append(tags.close)

    def dictionary(self, kind: Dictionary, value: Any, tags: Tags, depth: int) -> None:
        """Write a dictionary: an entry element for each key."""
        if not value:
            self.out.append(tags.empty)
            return
        self.out.append(tags.open)
        entry = Member(kind.entry, kind.namespace, kind.key, nillable=False)
        inner = self.tags(entry, depth + 1, tags.scope)
        for key, one in value.items():
            self.line(depth + 1)
            self.content(((kind.key_member, key), (kind.value_member, one)), inner, depth + 1)
        self.line(depth)
        self.out.append(tags.close)
