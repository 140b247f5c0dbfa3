"""Typed values → DataContract XML, byte for byte as DataContractSerializer writes it (recordings: ``wire.jsonl``).

- Members stand in XML order. Null is ``<X i:nil="true" />``, an empty text ``<X></X>``, an empty list ``<X />``.
- An element in another namespace than its parent's redeclares the default namespace; an element whose *type* is of another
  namespace declares a prefix for its content, ``d`` with the element's depth and ``p1``.
- ``&``, ``<`` and ``>`` are escaped by name; controls, CR, U+FFFE and U+FFFF as ``&#x1;``; all else stands as it is.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.contract.datatypes import DATATYPES
from convtool.contract.instance import attribute
from convtool.contract.model import (
    XSI,
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

if TYPE_CHECKING:
    from convtool.contract.instance import Instances

__all__ = ["ESCAPED", "Writer", "escape"]

# A CR would be turned into LF by any XML reader; the reference survives.
ESCAPED = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]")
_ESCAPES = {code: f"&#x{code:X};" for code in (*range(9), 11, 12, *range(13, 32), 0xFFFE, 0xFFFF)}
_ESCAPES |= {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_UNSET = msgspec.UNSET


def escape(text: str) -> str:
    """Give a text as it stands in an element."""
    return text.translate(_ESCAPES) if ESCAPED.search(text) else text


class _Scope:
    """The namespaces in force: the default one, and a prefix for each of the others that has one."""

    __slots__ = ("default", "prefixes")

    def __init__(self, default: str, prefixes: dict[str, str]) -> None:
        self.default = default
        self.prefixes = prefixes


class Writer:
    """Writes values of one contract, whatever its types and namespaces."""

    def __init__(self, contract: Contract, instances: Instances) -> None:
        self.contract = contract
        self.types = contract.types
        self._keys = {cls: key for key, cls in instances.classes.items()}
        self._getters = {
            key: attrgetter(*(attribute(m.name) for m in kind.members), "__class__")
            for key, kind in contract.types.items()
            if isinstance(kind, Record)
        }

    def write(self, value: Any, *, pretty: bool = False) -> str:
        """Give the document of a value (None: nil)."""
        name, namespace = self.contract.name, self.contract.namespace
        declared = f'xmlns:i="{XSI}" xmlns="{escape(namespace)}"'
        if value is None:
            return f'<{name} i:nil="true" {declared} />'
        out: list[str] = []
        content = _Content(self, out, pretty)
        content.typed(self.contract.root, value, name, f"{name} {declared}", 1, _Scope(namespace, {}))
        return "".join(out)

    def item(self, value: Any, *, pretty: bool = False) -> str:
        """Give one item of a list contract, as it stands in the document."""
        member = self.contract.item
        assert member is not None  # noqa: S101 - callers stream list contracts only
        out: list[str] = []
        _Content(self, out, pretty).member(member, value, 2, _Scope(self.contract.namespace, {}), self.contract.root)
        return "".join(out)


class _Content:
    """One document being written: ``out`` takes its parts."""

    def __init__(self, writer: Writer, out: list[str], pretty: bool) -> None:
        self.writer = writer
        self.types = writer.types
        self.out = out
        self.pretty = pretty

    def line(self, depth: int) -> None:
        if self.pretty and (self.out or depth > 1):
            self.out.append("\n" + "  " * (depth - 1))

    def member(self, member: Member, value: Any, depth: int, scope: _Scope, owner: str) -> None:
        """Write a member's element; ``owner`` is the key of the type that has the member."""
        if value is _UNSET:
            return
        self.line(depth)
        prefix = "" if member.namespace == scope.default else scope.prefixes.get(member.namespace, None)
        late = ""
        if prefix is None:
            # The writer declares the default namespace when the start tag ends, after the other attributes.
            prefix, late = "", f' xmlns="{escape(member.namespace)}"'
            scope = _Scope(member.namespace, scope.prefixes)
        name = f"{prefix}:{member.name}" if prefix else member.name
        declared = ""
        namespace = self.child_namespace(member.type)
        if namespace and namespace != split_key(owner)[0] and namespace not in (scope.default, *scope.prefixes):
            declared = f' xmlns:d{depth}p1="{escape(namespace)}"'
            scope = _Scope(scope.default, {**scope.prefixes, namespace: f"d{depth}p1"})
        if value is None:
            self.out.append(f'<{name}{declared} i:nil="true"{late} />')
        else:
            self.typed(member.type, value, name, f"{name}{declared}{late}", depth, scope)

    def child_namespace(self, key: str) -> str:
        """Give the namespace that a type's content needs: none for simple types and enumerations."""
        return split_key(key)[0] if isinstance(self.types[key], (Record, Array, Dictionary)) else ""

    def typed(self, key: str, value: Any, name: str, tag: str, depth: int, scope: _Scope) -> None:
        """Write an element with its content; ``tag`` is its name with its declarations."""
        match self.types[key]:
            case Scalar(datatype=datatype):
                text = escape(DATATYPES[datatype].format(value))
                self.out.append(f"<{tag}>{text}</{name}>")
            case Enumeration():
                self.out.append(f"<{tag}>{escape(value)}</{name}>")
            case Record() as record:
                self.record(record, value, name, tag, depth, scope)
            case Array(item=item):
                self.container(((item, one) for one in value), key, name, tag, depth, scope)
            case Dictionary() as dictionary:
                self.dictionary(dictionary, value, name, tag, depth, scope)
            case Anything():
                raise NotImplementedError

    def record(self, record: Record, value: Any, name: str, tag: str, depth: int, scope: _Scope) -> None:
        values = self.writer._getters[record.key](value)  # noqa: SLF001 - one document is the writer's own
        owner = record.key
        self.container(zip(record.members, values[:-1], strict=True), owner, name, tag, depth, scope)

    def container(self, parts: Any, owner: str, name: str, tag: str, depth: int, scope: _Scope) -> None:
        out = self.out
        mark = len(out)
        out.append(f"<{tag}>")
        for member, value in parts:
            self.member(member, value, depth + 1, scope, owner)
        if len(out) == mark + 1:
            out[mark] = f"<{tag} />"
            return
        self.line(depth)
        out.append(f"</{name}>")

    def dictionary(self, kind: Dictionary, value: Any, name: str, tag: str, depth: int, scope: _Scope) -> None:
        out = self.out
        if not value:
            out.append(f"<{tag} />")
            return
        out.append(f"<{tag}>")
        prefix = "" if kind.namespace == scope.default else scope.prefixes.get(kind.namespace, "")
        entry = f"{prefix}:{kind.entry}" if prefix else kind.entry
        for key, one in value.items():
            self.line(depth + 1)
            pair = ((kind.key_member, key), (kind.value_member, one))
            self.container(pair, kind.key, entry, entry, depth + 1, scope)
        self.line(depth)
        out.append(f"</{name}>")
