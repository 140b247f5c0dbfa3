"""Model → XSD text, as .NET's exporter writes it: one schema per namespace, types in the order in which they are met.

The form is that of the exporter's own files (recordings: ``contracts/xsd``): two spaces, ``tns`` and ``ser``, a
prefix ``q1``, ``q2``, … declared where a foreign type is used, an element for each type. Facets and assertions are
beyond the model.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from convtool.errors import ContractError
from convtool.model.contract import (
    SERIALIZATION,
    XSD,
    Anything,
    Array,
    Contract,
    Dictionary,
    Enumeration,
    Member,
    Record,
    Scalar,
    split_key,
)
from convtool.model.datatypes import BY_KEY, record_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from convtool.model.contract import Type

__all__ = ["UNION_NOTE", "file_name", "write_xsds"]

UNION_NOTE = (
    "A DateTime of .NET, which the API documents as a date: the server takes both, and the text is kept as it came."
)
_NOT_IN_NAMES = re.compile(r"[/:\\\x00-\x1f\x7f\ud800-\udfff]")
_LONGEST = 180  # bytes of a file's name, of which most systems take 255 in all
_PRIMITIVES = [
    "anyType",
    "anyURI",
    "base64Binary",
    "boolean",
    "byte",
    "dateTime",
    "decimal",
    "double",
    "float",
    "int",
    "long",
    "QName",
    "short",
    "string",
    "unsignedByte",
    "unsignedInt",
    "unsignedLong",
    "unsignedShort",
]
_OWN_TYPES = """\
  <xs:element name="char" nillable="true" type="tns:char" />
  <xs:simpleType name="char">
    <xs:restriction base="xs:int" />
  </xs:simpleType>
  <xs:element name="duration" nillable="true" type="tns:duration" />
  <xs:simpleType name="duration">
    <xs:restriction base="xs:duration">
      <xs:pattern value="\\-?P(\\d*D)?(T(\\d*H)?(\\d*M)?(\\d*(\\.\\d*)?S)?)?" />
      <xs:minInclusive value="-P10675199DT2H48M5.4775808S" />
      <xs:maxInclusive value="P10675199DT2H48M5.4775807S" />
    </xs:restriction>
  </xs:simpleType>
  <xs:element name="guid" nillable="true" type="tns:guid" />
  <xs:simpleType name="guid">
    <xs:restriction base="xs:string">
      <xs:pattern value="[\\da-fA-F]{8}-[\\da-fA-F]{4}-[\\da-fA-F]{4}-[\\da-fA-F]{4}-[\\da-fA-F]{12}" />
    </xs:restriction>
  </xs:simpleType>
  <xs:attribute name="FactoryType" type="xs:QName" />
  <xs:attribute name="Id" type="xs:ID" />
  <xs:attribute name="Ref" type="xs:IDREF" />
"""


def file_name(namespace: str) -> str:
    """Give the file that a namespace's schema is in: the namespace without its scheme, ``/`` and ``:`` replaced.

    So is what no name of a file has; one that is too long ends in a part of its hash.
    """
    plain = namespace.removeprefix("http://").removeprefix("https://").rstrip("/")
    name = _NOT_IN_NAMES.sub("_", plain) or "none"
    data = name.encode()
    if len(data) > _LONGEST:
        name = f"{data[:_LONGEST].decode('utf-8', 'ignore')}-{sha256(data).hexdigest()[:8]}"
    return f"{name}.xsd"


def write_xsds(contracts: Iterable[Contract], comments: Sequence[str] = ()) -> dict[str, str]:
    """Give the text of each namespace's schema that contracts need; ``comments`` head those of their roots.

    ContractError where a type says more than the model holds: its facets would be lost.
    """
    plan = _Plan()
    roots = list(contracts)
    for contract in roots:
        plan.add(contract, contract.root)
    own = {contract.namespace for contract in roots}
    texts = {namespace: _Schema(namespace, plan).text(comments if namespace in own else ()) for namespace in plan.order}
    if any(f'import namespace="{SERIALIZATION}"' in text for text in texts.values()):
        texts[SERIALIZATION] = _serialization()
    return texts


def in_xml(record: Record) -> tuple[Member, ...]:
    """Give the members of a record that XML has."""
    return tuple(member for member in record.members if member.in_xml)


class _Plan:
    """The types by namespace, in the order of .NET's DataContractSet: a type, its base, then its members' types."""

    def __init__(self) -> None:
        self.types: dict[str, Type] = {}
        self.order: dict[str, list[str]] = {}

    def add(self, contract: Contract, key: str) -> None:
        kind = contract.types[key]
        kind = record_of(kind) or kind
        if key in self.types or (key in BY_KEY and isinstance(kind, Scalar)) or key == f"{{{XSD}}}anyType":
            return
        self.types[key] = kind
        self.order.setdefault(split_key(key)[0], []).append(key)
        match kind:
            case Record():
                self._base(contract, kind)
                for member in in_xml(kind):
                    if not member.name:
                        raise ContractError(f"{contract.name}: a member of {key} has no name")
                    self.add(contract, member.type)
            case Array(item=item):
                self.add(contract, item.type)
            case Dictionary(key_member=of, value_member=value):
                self.add(contract, of.type)
                self.add(contract, value.type)
            case Scalar(datatype=name) if name != "dateOrDateTime":
                raise ContractError(
                    f"{contract.name}: {key} restricts xs:{name} by facets, which the model does not hold"
                )
        for derived in contract.derived.get(key, ()):
            self.add(contract, derived)

    def _base(self, contract: Contract, record: Record) -> None:
        if not record.base or record.base in self.types:
            return
        if record.base in contract.types:
            self.add(contract, record.base)
            return
        # The base is no type of its own to the contract: its members are those of its namespace, which come first.
        namespace = split_key(record.base)[0]
        members = tuple(member for member in in_xml(record) if member.namespace == namespace)
        if namespace != split_key(record.key)[0]:
            self.types[record.base] = Record(record.base, members)
            self.order.setdefault(namespace, []).append(record.base)

    def own_members(self, record: Record) -> tuple[str, tuple[Member, ...]]:
        """Give a record's base, where it is written, and the members that are not the base's."""
        base = self.types.get(record.base)
        if not isinstance(base, Record):
            return "", in_xml(record)
        return record.base, in_xml(record)[len(in_xml(base)) :]


class _Schema:
    """Writes the schema of one namespace."""

    def __init__(self, namespace: str, plan: _Plan) -> None:
        self.namespace = namespace
        self.plan = plan
        self.imports: dict[str, None] = {}
        self.serialization = False  # whether the prefix ser is used
        self.prefixes = 0

    def text(self, comments: Sequence[str]) -> str:
        keys = self.plan.order[self.namespace]
        self._collect_imports(keys)
        body = [line for key in keys for line in self._type(key)]
        named = (f"namespace={quoteattr(namespace)} " if namespace else "" for namespace in self.imports)
        imports = [f"  <xs:import {name}/>" for name in named]
        notes = [f"  <!-- {comment.replace('--', '- -')} -->" for comment in comments]
        ser = f'xmlns:ser="{SERIALIZATION}" ' if self.serialization else ""
        own = quoteattr(self.namespace)
        tns, target = (f"xmlns:tns={own} ", f"targetNamespace={own} ") if self.namespace else ("", "")
        head = f'<xs:schema {ser}{tns}elementFormDefault="qualified" {target}xmlns:xs="{XSD}">'
        lines = ['<?xml version="1.0" encoding="utf-8"?>', head, *notes, *imports, *body, "</xs:schema>"]
        return "\n".join(lines) + "\n"

    def _collect_imports(self, keys: list[str]) -> None:
        """Imports stand in the order of the exporter's work: members' types, then the base, type by type."""
        for key in keys:
            kind = self.plan.types[key]
            if isinstance(kind, Record):
                base, members = self.plan.own_members(kind)
                used = [*(member.type for member in members), base or key]
                marked = kind.value_type or kind.is_reference
            else:
                used = [member.type for member in _parts(kind)]
                marked = isinstance(kind, Dictionary) or any(
                    "EnumerationValue" in line for line in self._enumeration(kind)
                )
            namespaces = [split_key(one)[0] for one in used] + [SERIALIZATION] * marked
            self.imports |= dict.fromkeys(ns for ns in namespaces if ns not in (XSD, self.namespace))

    def _type(self, key: str) -> Iterator[str]:
        kind, name = self.plan.types[key], split_key(key)[1]
        if isinstance(kind, (Enumeration, Scalar)):
            yield f"  <xs:simpleType name={quoteattr(name)}>"
            yield from self._enumeration(kind) if isinstance(kind, Enumeration) else self._union()
            yield "  </xs:simpleType>"
            if isinstance(kind, Scalar):
                return  # not a type of .NET's: no element
        else:
            yield f"  <xs:complexType name={quoteattr(name)}>"
            yield from self._content(kind)
            yield "  </xs:complexType>"
        yield f'  <xs:element name={quoteattr(name)} nillable="true" {self._reference("type", key)} />'

    def _content(self, kind: Type) -> Iterator[str]:
        match kind:
            case Record():
                yield from _annotation(4, kind.description, "IsValueType" if kind.value_type else "")
                base, members = self.plan.own_members(kind)
                if base:
                    yield '    <xs:complexContent mixed="false">'
                    yield f"      <xs:extension {self._reference('base', base)}>"
                    yield from self._sequence(8, members)
                    yield from self._identity(6, kind)
                    yield "      </xs:extension>"
                    yield "    </xs:complexContent>"
                else:
                    yield from self._sequence(4, members)
                    yield from self._identity(4, kind)
            case Array(item=item):
                yield from self._sequence(4, (item,), many=True)
            case Dictionary():
                yield from _annotation(4, "", "IsDictionary")
                yield "    <xs:sequence>"
                yield f'      <xs:element minOccurs="0" maxOccurs="unbounded" name={quoteattr(kind.entry)}>'
                yield "        <xs:complexType>"
                yield from self._sequence(10, (kind.key_member, kind.value_member))
                yield "        </xs:complexType>"
                yield "      </xs:element>"
                yield "    </xs:sequence>"
            case Anything():
                yield "    <xs:sequence>"
                yield '      <xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax" />'
                yield "    </xs:sequence>"

    def _sequence(self, indent: int, members: Sequence[Member], *, many: bool = False) -> Iterator[str]:
        pad = " " * indent
        if not members:
            yield f"{pad}<xs:sequence />"
            return
        yield f"{pad}<xs:sequence>"
        for member in members:
            yield from self._element(indent + 2, member, many=many)
        yield f"{pad}</xs:sequence>"

    def _identity(self, indent: int, record: Record) -> Iterator[str]:
        """Give the attributes of a record whose objects have an identity (IsReference)."""
        if record.is_reference:
            self.serialization = True
            yield from (f'{" " * indent}<xs:attribute ref="ser:{name}" />' for name in ("Id", "Ref"))

    def _element(self, indent: int, member: Member, *, many: bool) -> Iterator[str]:
        occurs = "" if member.required else 'minOccurs="0" '
        occurs += 'maxOccurs="unbounded" ' if many else ""
        nillable = 'nillable="true" ' if member.nillable else ""
        attributes = f"{occurs}name={quoteattr(member.name)} {nillable}{self._reference('type', member.type)}"
        start = f"{' ' * indent}<xs:element {attributes}"
        notes = list(_annotation(indent + 2, member.description, "" if member.emit_default else "DefaultValue"))
        if not notes:
            yield f"{start} />"
            return
        yield f"{start}>"
        yield from notes
        yield f"{' ' * indent}</xs:element>"

    def _reference(self, attribute: str, key: str) -> str:
        """Give an attribute that names a type, with the declaration of its prefix where it needs one."""
        namespace, name = split_key(key)
        if not namespace:
            return f"{attribute}={quoteattr(name)}"
        prefix = {XSD: "xs", self.namespace: "tns", SERIALIZATION: "ser"}.get(namespace)
        self.serialization |= prefix == "ser"
        if prefix is not None:
            return f"{attribute}={quoteattr(f'{prefix}:{name}')}"
        self.prefixes += 1
        prefix = f"q{self.prefixes}"
        return f"xmlns:{prefix}={quoteattr(namespace)} {attribute}={quoteattr(f'{prefix}:{name}')}"

    def _union(self) -> Iterator[str]:
        yield from _annotation(4, UNION_NOTE, "")
        yield '    <xs:union memberTypes="xs:dateTime xs:date" />'

    def _enumeration(self, kind: Type) -> Iterator[str]:
        if not isinstance(kind, Enumeration):
            return
        pad = "        " if kind.flags else "    "
        if kind.flags:
            yield "    <xs:list>"
            yield "      <xs:simpleType>"
        yield f'{pad}<xs:restriction base="xs:string">'
        for index, (name, number) in enumerate(kind.values):
            if number == (1 << index if kind.flags else index):  # the number that its position gives
                yield f"{pad}  <xs:enumeration value={quoteattr(name)} />"
                continue
            yield f"{pad}  <xs:enumeration value={quoteattr(name)}>"
            yield from _annotation(len(pad) + 4, "", "EnumerationValue", str(number))
            yield f"{pad}  </xs:enumeration>"
        yield f"{pad}</xs:restriction>"
        if kind.flags:
            yield "      </xs:simpleType>"
            yield "    </xs:list>"


def _parts(kind: Type) -> tuple[Member, ...]:
    match kind:
        case Array(item=item):
            return (item,)
        case Dictionary(key_member=of, value_member=value):
            return of, value
    return ()


def _annotation(indent: int, description: str, mark: str, value: str = "true") -> Iterator[str]:
    """Give an annotation: a description for people, a mark of the serializer's for its importer."""
    if not description and not mark:
        return
    pad = " " * indent
    yield f"{pad}<xs:annotation>"
    if mark == "DefaultValue":
        yield f"{pad}  <xs:appinfo>"
        yield f'{pad}    <DefaultValue EmitDefaultValue="false" xmlns="{SERIALIZATION}" />'
        yield f"{pad}  </xs:appinfo>"
    elif mark:
        yield f"{pad}  <xs:appinfo>"
        yield f'{pad}    <{mark} xmlns="{SERIALIZATION}">{value}</{mark}>'
        yield f"{pad}  </xs:appinfo>"
    if description:
        yield f"{pad}  <xs:documentation>{escape(description)}</xs:documentation>"
    yield f"{pad}</xs:annotation>"


def _serialization() -> str:
    """Give the schema of .NET's own simple types, which is always the same."""
    lines = [f'  <xs:element name="{name}" nillable="true" type="xs:{name}" />' for name in _PRIMITIVES]
    head = f'<xs:schema xmlns:tns="{SERIALIZATION}" attributeFormDefault="qualified" elementFormDefault="qualified" '
    head += f'targetNamespace="{SERIALIZATION}" xmlns:xs="{XSD}">'
    body = "\n".join(lines)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}\n{body}\n{_OWN_TYPES}</xs:schema>\n'
