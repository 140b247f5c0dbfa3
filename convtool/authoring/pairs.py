"""A pair of samples, XML and JSON of one value: what is called otherwise in JSON, and what one of the two never has.

A member whose name JSON does not have is the one that has its value there. What then is left over in XML, and is not
null, JSON never has; what is left over in JSON, XML never has.
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.authoring.order import METADATA, Sample, named
from convtool.authoring.shown import Shown
from convtool.convert import Codec
from convtool.errors import ContractError, PayloadError
from convtool.findings import Findings
from convtool.formats.text import Fatal, decode
from convtool.formats.xml.syntax import Parser, check_declaration
from convtool.model.codings import CODINGS
from convtool.model.contract import Array, Contract, Dictionary, Enumeration, Member, Record, Scalar, Type, split_key
from convtool.model.datatypes import DATATYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convtool.model.codings import Coding

__all__ = ["from_pair", "root_of", "rooted"]

_EMPTY: tuple[Any, ...] = (None, msgspec.UNSET, "", [], {})


def rooted(contract: Contract, key: str) -> Contract:
    """Give a contract of one of a contract's types, as .NET exports an element for each."""
    namespace, name = split_key(key)
    return msgspec.structs.replace(contract, name=name, namespace=namespace, root=key, nillable=True)


def root_of(xml: bytes, source: str) -> str:
    """Give the key of an XML sample's root element; ContractError where there is none."""
    findings = Findings("dotnet")
    text, name = decode(xml, findings), ""
    with suppress(Fatal):
        if text is not None:
            parser = Parser(text, findings)
            start = parser.base = check_declaration(text, findings)
            parser.feed(text.data[start:], final=True)
            name = parser.root.name if parser.root is not None else ""
    if not name:
        raise ContractError(f"{source}: not XML: {findings.report().text()}")
    namespace, _, local = name.rpartition(" ")
    return f"{{{namespace}}}{local}"


def from_pair(contract: Contract, xml: bytes, json: Any, source: str) -> Shown:
    """Give what a pair shows; ContractError where the XML is none of the contract's, or the JSON not of its shape."""
    codec = Codec(contract)
    try:  # as it is; what .NET alone reads has .NET's defaults for absent members
        value = codec.read(xml, format="xml", profile="strict" if codec.validate(xml, format="xml") else "dotnet")
    except PayloadError as error:
        raise ContractError(f"{source}: the XML is no {contract.name}: {error}") from None
    shown = Shown(sources=[source])
    pair = _Pair(contract, codec.instances.keys, Sample(contract, source, shown))
    pair.visit(contract.root, value, json, "")
    pair.sample.settle()
    return shown


class _Pair:
    """Walks both values along the types."""

    def __init__(self, contract: Contract, keys: Mapping[type, str], sample: Sample) -> None:
        self.types = contract.types
        self.keys = keys
        self.sample = sample
        self.shown = sample.shown

    def visit(self, key: str, value: Any, json: Any, pointer: str) -> None:
        """Visit a value in both forms."""
        kind = self.types[key]
        if isinstance(kind, Record) and isinstance(json, dict) and value is not None:
            self._record(self.keys[type(value)], value, json, pointer)
        elif isinstance(kind, Array) and isinstance(json, list) and value is not None and len(json) == len(value):
            for index, (one, other) in enumerate(zip(value, json, strict=True)):
                self.visit(kind.item.type, one, other, f"{pointer}/{index}")
        elif isinstance(kind, Dictionary) and isinstance(json, dict) and value is not None and len(json) == len(value):
            for name, one, other in zip(json, value.values(), json.values(), strict=True):
                self.visit(kind.value_member.type, one, other, f"{pointer}/{name}")
        else:
            self.sample.visit(key, json, pointer)

    def _record(self, key: str, value: Any, json: dict[str, Any], pointer: str) -> None:
        record = self.types[key]
        assert isinstance(record, Record)
        members = self._matched(record, value, {name: one for name, one in json.items() if name not in METADATA})
        alone = [name for name in json if name not in METADATA and name not in members]
        for name in alone:
            self.shown.json_only.setdefault(key, {})[name] = _schema(json[name])
            self.shown.spelled.add((key, name))
        there = {member.name for member in members.values()}
        for member in record.members:
            if member.name not in there and value[member.name] is None:
                self.shown.omitted.add((key, member.name))
            elif member.name not in there and value[member.name] is not msgspec.UNSET and member.emit_default:
                self.shown.xml_only.setdefault(key, set()).add(member.name)
        self.sample.note(key, json, members)
        self.shown.add(key, [members[name].name if name in members else name for name in json if name not in METADATA])
        for name, member in members.items():
            one = value[member.name]
            self.visit(member.type, None if one is msgspec.UNSET else one, json[name], f"{pointer}/{name}")

    def _matched(self, record: Record, value: Any, json: dict[str, Any]) -> dict[str, Member]:
        """Give the members that JSON's names are of: by name, and the rest by what they hold."""
        members = named(record, json)
        there = {member.name for member in members.values()}
        left = [member for member in record.members if member.name not in there]
        alike = {
            name: [
                one for one in left if value[one.name] not in _EMPTY and self._agree(one.type, value[one.name], held)
            ]
            for name, held in json.items()
            if name not in members
        }
        for name, found in alike.items():
            rivals = [other for other, ones in alike.items() if other != name and found and found[0] in ones]
            if len(found) == 1 and not rivals:
                members[name] = found[0]
        return members

    def _agree(self, key: str, value: Any, json: Any) -> bool:
        """Tell whether a value is the same in both forms."""
        kind: Type = self.types[key]
        if value is None or json is None:
            return value is json
        match kind:
            case Scalar(datatype=name):
                return _same(DATATYPES[name].write_json(value), json)
            case Enumeration():
                named_ = [
                    dict(zip((name for name, _ in kind.values), row.values(kind), strict=True))
                    for row in CODINGS.values()
                ]
                return any(row.get(value) == json for row in named_)
            case Record():
                return isinstance(json, dict) and self._records_agree(value, json)
            case Array(item=item):
                same = isinstance(json, list) and len(json) == len(value)
                return same and all(self._agree(item.type, *pair) for pair in zip(value, json, strict=True))
            case Dictionary(value_member=of):
                same = isinstance(json, dict) and len(json) == len(value)
                return same and all(
                    self._agree(of.type, *pair) for pair in zip(value.values(), json.values(), strict=True)
                )
        return False

    def _records_agree(self, value: Any, json: dict[str, Any]) -> bool:
        """Tell whether what two forms of a record have by the same names is the same, and there is any."""
        record = self.types[self.keys[type(value)]]
        assert isinstance(record, Record)
        members = named(record, json)
        return bool(members) and all(
            value[member.name] is msgspec.UNSET or self._agree(member.type, value[member.name], json[name])
            for name, member in members.items()
        )


def _means(kind: Enumeration, coding: Coding, json: Any, value: str) -> bool:
    """Tell whether a JSON value is an enumeration's value in a coding; sets of flags are not told apart."""
    names = dict(zip(coding.values(kind), (name for name, _ in kind.values), strict=True))
    return kind.flags or names.get(json) == value


def _same(text: str, json: Any) -> bool:
    if isinstance(json, str):
        return text == json
    if isinstance(json, bool):
        return text == str(json).lower()
    try:
        return isinstance(json, (int, float)) and Decimal(text) == Decimal(str(json))
    except InvalidOperation:
        return False


def _schema(value: Any) -> dict[str, Any]:
    """Give the JSON Schema of a member of which a sample is all that is known."""
    match value:
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer", "minimum": -(1 << 63), "maximum": (1 << 63) - 1}
        case float():
            return {"type": "number"}
        case str():
            return {"type": ["string", "null"]}
        case list():
            return {"type": ["array", "null"], "items": _schema(value[0]) if value else {}}
    return {}
