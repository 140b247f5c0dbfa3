"""Values of members of anyType, from one format to the other: as DataContractSerializer and Json.NET write them.

XML says what a value is (``i:type``): a simple type, or a type that the schemas declare; a new ``object()`` is an empty
element. JSON has the value alone, as Json.NET writes it without ``$type``. What comes from JSON is an object with the
members of one declared record in their order, and else a dictionary or a list of anything, which is the same JSON when
.NET writes it again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from convtool.formats.enumerations import json_names, number
from convtool.formats.leaf import Unwritable
from convtool.formats.markup import element_of, escape, is_alike, is_nil
from convtool.model.anything import ARRAYS, LIST, MAP, built_in, datatype_of
from convtool.model.codings import coding_of
from convtool.model.components import read_tree
from convtool.model.contract import (
    XSD,
    XSI,
    Anything,
    Array,
    Contract,
    Dictionary,
    Enumeration,
    Member,
    Record,
    Scalar,
    Type,
    split_key,
)
from convtool.model.datatypes import DATATYPES, LexicalError, collapse
from convtool.model.escapes import in_attribute

if TYPE_CHECKING:
    from lxml.etree import _Element

    from convtool.model.anything import JsonText, Markup

__all__ = ["as_json", "as_xml", "forgets", "respells", "simple"]

_NO_FORM = "A JSON object or array in a member of anyType has no XML form where"


class _Unknown(Exception):
    """A value whose type is not known, or which is none of its type."""


# --- XML → JSON -----------------------------------------------------------------------------------------------------


def as_json(value: Markup, contract: Contract) -> str | None:
    """Give what Json.NET writes of an element whose type is known; None where it is not."""
    try:
        return _Shown(contract).anything(element_of(value, contract.namespace))
    except (_Unknown, LexicalError, ValueError):
        return None


class _Shown:
    """Writes elements as JSON, by their types."""

    def __init__(self, contract: Contract) -> None:
        self.types = {**contract.known, **contract.types}

    def anything(self, element: _Element) -> str:
        named = element.get(f"{{{XSI}}}type")
        if is_nil(element):
            return "null"
        if named is None:
            if element.attrib or len(element) or element.text:
                raise _Unknown
            return "{}"
        return self.typed(self.kind(self.resolved(element, named)), element)

    def resolved(self, element: _Element, named: str) -> str:
        prefix, _, local = collapse(named).rpartition(":")
        return f"{{{element.nsmap.get(prefix or None, '')}}}{local}"

    def kind(self, key: str) -> Type:
        kind = self.types.get(key) or built_in(key)
        if kind is None:
            raise _Unknown
        return kind

    def member(self, member: Member, element: _Element) -> str:
        if is_nil(element):
            return "null"
        declared = self.kind(member.type)
        if isinstance(declared, Anything):
            return self.anything(element)
        named = element.get(f"{{{XSI}}}type")
        return self.typed(declared if named is None else self.kind(self.resolved(element, named)), element)

    def typed(self, kind: Type, element: _Element) -> str:
        if any(name != f"{{{XSI}}}type" for name in element.attrib):
            raise _Unknown
        match kind:
            case Scalar(datatype=name) if not DATATYPES[name].parts:
                return simple(name, self.value(name, element))
            case Enumeration():
                names = " ".join(self.text(element).split())
                if not set(names.split()) <= {name for name, _ in kind.values} or not (names or kind.flags):
                    raise _Unknown
                text = json_names(kind, names) if coding_of(kind).spell else ""
                return _quote(text) if text else str(number(kind, names))
            case Array(item=item):
                return f"[{','.join(self.member(item, child) for child in self.children(element, item))}]"
            case Dictionary():
                return f"{{{','.join(self.pairs(kind, element))}}}"
            case Record():
                return self.record(kind, element)
        raise _Unknown

    def text(self, element: _Element) -> str:
        if len(element):
            raise _Unknown
        return element.text or ""

    def value(self, name: str, element: _Element) -> Any:
        text = self.text(element)
        return DATATYPES[name].parse(collapse(text) if DATATYPES[name].collapses else text)

    def children(self, element: _Element, *members: Member) -> list[_Element]:
        """Give an element's children, which have to be members; text between them is none of any type."""
        names = {f"{{{member.namespace}}}{member.name}" if member.namespace else member.name for member in members}
        texts = (element.text, *(child.tail for child in element))
        if any(child.tag not in names for child in element) or any(text and text.strip() for text in texts):
            raise _Unknown
        return list(element)

    def pairs(self, kind: Dictionary, element: _Element) -> list[str]:
        entry = Member(kind.entry, kind.namespace, kind.key, nillable=False)
        found = []
        for child in self.children(element, entry):
            key, value = self.children(child, kind.key_member, kind.value_member)
            of = self.kind(kind.key_member.type)
            if not isinstance(of, Scalar):
                raise _Unknown
            name = _quote(DATATYPES[of.datatype].write_key(self.value(of.datatype, key)))
            found.append(f"{name}:{self.member(kind.value_member, value)}")
        return found

    def record(self, kind: Record, element: _Element) -> str:
        elements = [member for member in kind.members if member.in_xml]
        there = {child.tag: child for child in self.children(element, *elements)}
        if len(there) < len(element):
            raise _Unknown
        parts = []
        for member in (kind.members[index] for index in kind.order):
            child = there.get(f"{{{member.namespace}}}{member.name}" if member.namespace else member.name)
            if child is not None and member.in_json:
                parts.append(f"{_quote(member.json_name)}:{self.member(member, child)}")
        return f"{{{','.join(parts)}}}"


def simple(name: str, value: Any) -> str:
    """Give a value of a datatype as JSON has it."""
    kind = DATATYPES[name]
    text = kind.write_json(value)
    return _quote(text) if kind.json_kind == "string" else text


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# --- JSON → XML -----------------------------------------------------------------------------------------------------


class _Number(str):
    """A number as it stands in JSON."""


def as_xml(value: JsonText, contract: Contract, head: str, close: str, default: str, depth: int) -> str:
    """Give the element of an object or a list of JSON; ``head`` and ``close`` are its tags, at a depth.

    ``default`` is the namespace in force within. Unwritable where there is none: a name is given twice, or a number is
    too large.
    """
    return _Made(contract, default).element(head[:-1], close, _read(value.text), depth)


def _read(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_Number, parse_float=_Number, object_pairs_hook=_once)
    except RecursionError:
        raise Unwritable(f"{_NO_FORM} it is nested that deep.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unwritable(f"{_NO_FORM} a name is given twice.")
    return found


class _Made:
    """Writes JSON as elements of anyType."""

    def __init__(self, contract: Contract, default: str) -> None:
        self.types = {**contract.known, **contract.types}
        #: Those that an object can be told by: their members are in both formats.
        self.records = [kind for kind in self.types.values() if isinstance(kind, Record) and kind.members
                        and all(member.in_xml and member.in_json for member in kind.members)]  # fmt: skip
        self.default = default

    def element(self, head: str, close: str, value: Any, depth: int) -> str:
        """Give an element of a value; ``head`` is its start tag up to what the value needs."""
        if value is None:
            return f'{head} i:nil="true" />'
        if value == {}:
            return f"{head} />"
        prefix = f"d{depth}p1"
        if isinstance(value, dict) and (typed := self.record(head, close, value, depth)):
            return typed
        if isinstance(value, (dict, list)):
            kind = MAP if isinstance(value, dict) else LIST
            parts = self.entries(value, prefix, depth) if isinstance(value, dict) else self.items(value, prefix, depth)
            start = f'{head} i:type="{prefix}:{split_key(kind)[1]}" xmlns:{prefix}="{ARRAYS}"'
            return f"{start}>{''.join(parts)}{close}" if parts else f"{start} />"
        plain = _plain(value)
        name = datatype_of(plain)
        assert name is not None
        text = escape(DATATYPES[name].format(plain))
        return f'{head} i:type="{prefix}:{name}" xmlns:{prefix}="{XSD}">{text}{close}'

    def items(self, values: list[Any], prefix: str, depth: int) -> list[str]:
        name = f"{prefix}:anyType"
        return [self.element(f"<{name}", f"</{name}>", value, depth + 1) for value in values]

    def entries(self, values: dict[str, Any], prefix: str, depth: int) -> list[str]:
        name = f"{prefix}:Value"
        return [
            f"<{prefix}:{_ENTRY}><{prefix}:Key>{escape(key)}</{prefix}:Key>"
            f"{self.element(f'<{name}', f'</{name}>', value, depth + 2)}</{prefix}:{_ENTRY}>"
            for key, value in values.items()
        ]

    def record(self, head: str, close: str, value: dict[str, Any], depth: int) -> str:
        """Give an object as the one record that has its members, in their order; empty where none or several do."""
        found = []
        for kind in self.records:
            names = [kind.members[index].json_name for index in kind.order]
            namespaces = {member.namespace for member in kind.members}
            if names != list(value) or namespaces != {split_key(kind.key)[0]}:
                continue
            try:
                found.append(self.typed_record(kind, head, close, value, depth))
            except (_Unknown, LexicalError):
                continue
        return found[0] if len(found) == 1 else ""

    def typed_record(self, kind: Record, head: str, close: str, value: dict[str, Any], depth: int) -> str:
        namespace, name = split_key(kind.key)
        prefix = "" if namespace == self.default else f"d{depth}p1:"
        declared = f' xmlns:{prefix[:-1]}="{in_attribute(namespace)}"' if prefix else ""
        inner = "".join(
            self.member(f"{prefix}{member.name}", member, value[member.json_name], depth + 1) for member in kind.members
        )
        return f'{head} i:type="{prefix}{name}"{declared}>{inner}{close}'

    def member(self, name: str, member: Member, value: Any, depth: int) -> str:
        kind = self.types[member.type]
        if isinstance(kind, Anything):
            return self.element(f"<{name}", f"</{name}>", value, depth)
        if value is None and member.nillable:
            return f'<{name} i:nil="true" />'
        if not isinstance(kind, Scalar) or DATATYPES[kind.datatype].parts or isinstance(value, (dict, list)):
            raise _Unknown
        row = DATATYPES[kind.datatype]
        node = "number" if isinstance(value, _Number) else "boolean" if isinstance(value, bool) else "string"
        if value is None or node != row.json_node:
            raise _Unknown
        read = row.read_json(str(value).lower() if isinstance(value, bool) else str(value))
        return f"<{name}>{escape(row.format(read))}</{name}>"


_ENTRY = "KeyValueOfstringanyType"


def _plain(value: Any) -> Any:
    """Give a number as Json.NET reads it: an integer of 64 bits, or a double."""
    if not isinstance(value, _Number):
        return value
    if value.lstrip("-").isdecimal():
        if not -(1 << 63) <= int(value) < 1 << 63:
            raise Unwritable(f"{_NO_FORM} a number has more than 64 bits.")
        return int(value)
    return float(value)


# --- what is lost ---------------------------------------------------------------------------------------------------


def forgets(value: Markup, contract: Contract) -> bool:
    """Tell whether JSON has an element's value and not its type, so that it does not come back as it was."""
    text = as_json(value, contract)
    if text is None:
        return False
    try:
        return not is_alike(_document(text, contract), value, contract.namespace)
    except Unwritable:
        return True


def respells(value: JsonText, contract: Contract) -> bool:
    """Tell whether XML has an object or a list of JSON otherwise than it stands there: ``1e2`` is 100.0."""
    try:
        document = _document(value.text, contract)
    except Unwritable:
        return False  # it has no XML form, which whoever writes it says
    try:
        again = _Shown(contract).anything(read_tree(document.encode()))
    except ValueError:
        return True  # a character that no other reader of XML takes: it is read as markup again
    return bool(_spelt(again) != _spelt(value.text))


def _spelt(text: str) -> Any:
    """Give what JSON says as it is spelt, but for escapes: numbers as their texts, objects as pairs."""
    number: Any = lambda token: ("number", token)  # noqa: E731 - a tuple is nothing that JSON has
    return json.loads(text, parse_int=number, parse_float=number, object_pairs_hook=lambda pairs: ("object", pairs))


def _document(text: str, contract: Contract) -> str:
    """Give the text of an element that holds JSON."""
    head = f'<x xmlns:i="{XSI}" xmlns="{in_attribute(contract.namespace)}"'
    return _Made(contract, contract.namespace).element(head, "</x>", _read(text), 1)
