"""Are two documents of one format the same? Canonical texts tell, made without the contract's readers and writers.

XML: Canonical XML 2.0 with prefixes numbered anew; white space between the elements of records and lists, the
declaration and the encoding are no content. JSON: members sorted by name, numbers as decimals, texts without needless
escapes (RFC 8785 but for its doubles). Forms: pairs sorted by name. The parsers are expat through the standard library,
and the careful JSON syntax.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

from convtool.codes import CODES
from convtool.findings import Findings
from convtool.formats.json.syntax import Parser
from convtool.formats.leaf import shown
from convtool.formats.text import DEPTH, decode, from_str
from convtool.formats.xml.envelope import alone, looks_like
from convtool.formats.xml.syntax import Parser as XmlParser
from convtool.formats.xml.syntax import check_declaration
from convtool.limits import DEEPEST
from convtool.model.anything import built_in
from convtool.model.contract import XSI, Anything, Array, Contract, Dictionary, Record
from convtool.model.datatypes import record_of

if TYPE_CHECKING:
    from convtool.formats.json.syntax import Node
    from convtool.formats.text import Text
    from convtool.model.contract import Member, Type
    from convtool.sniff import Format

__all__ = ["canonical_form", "canonical_json", "canonical_xml", "mismatch"]

# References that .NET writes and XML 1.0 does not have are shielded; where they are only text, they stay.
_REFERENCE = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|&#(?:x([0-9A-Fa-f]+)|([0-9]+));", re.DOTALL)
_SHIELD = "\ue000"  # doubled where a document has it itself
_NOT_XML = frozenset({*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF})
_AROUND = 12  # characters that both have, shown before the first that differs


def mismatch(
    contract: Contract, source: bytes | str, back: bytes, format: Format, *, depth: int = DEPTH
) -> tuple[str, str] | None:
    """Give where two readable documents of a format begin to differ, as two excerpts; None where they are the same."""
    quiet = Findings()
    texts = [from_str(one, quiet) if isinstance(one, str) else decode(one, quiet) for one in (source, back)]
    assert texts[0] is not None
    assert texts[1] is not None
    if format == "xml":
        one, other = (canonical_xml(contract, text) for text in texts if text)
    elif format == "json":
        one, other = (canonical_json(text, depth=depth) for text in texts if text)
    else:
        one, other = (canonical_form(text) for text in texts if text)
    if one == other:
        return None
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, at - _AROUND)
    return shown(one[start:]), shown(other[start:])


def canonical_form(text: Text) -> str:
    """Give a form's canonical text: its names and values, sorted by name."""
    from urllib.parse import parse_qsl, urlencode

    pairs = parse_qsl(text.data.decode(), keep_blank_values=True)
    return urlencode(sorted(pairs, key=lambda pair: pair[0]))  # stable: values of one name keep their order


def canonical_json(text: Text, *, depth: int = DEPTH) -> str:
    """Give a JSON document's canonical text; comments and what follows the value are noted behind it."""
    found = Findings("dotnet")
    parts = _parts(Parser(text, found, depth=depth).document())
    return "".join([*parts, *(f" {one.code}: {one.message}" for one in found.found if CODES[one.code].loss)])


def _parts(node: Node) -> list[str]:
    import json

    if node.kind == "object":
        parts = ["{"]
        for name, _, child in sorted(node.value, key=lambda member: member[0]):  # stable: duplicates keep their order
            parts += ("," if len(parts) > 1 else "", json.dumps(name), ":", *_parts(child))
        return [*parts, "}"]
    if node.kind == "array":
        parts = ["["]
        for child in node.value:
            parts += ("," if len(parts) > 1 else "", *_parts(child))
        return [*parts, "]"]
    return [_number(node.value) if node.kind == "number" else json.dumps(node.value)]


def _number(token: str) -> str:
    """Give a number's significant digits and exponent, exactly; zero has no sign, as in RFC 8785."""
    try:
        sign, digits, exponent = Decimal(token).as_tuple()
    except InvalidOperation:  # an exponent of more than 18 digits
        return token
    text = "".join(map(str, digits)).lstrip("0")
    stripped = text.rstrip("0")
    assert isinstance(exponent, int)  # a JSON number is never NaN or an infinity
    return f"{'-' if sign else ''}{stripped}e{exponent + len(text) - len(stripped)}" if stripped else "0"


def canonical_xml(contract: Contract, text: Text) -> str:
    """Give an XML document's canonical text."""
    from xml.etree.ElementTree import XMLParser

    target = _Target(contract)
    parser = XMLParser(target=target)  # noqa: S314 - a readable payload: it has no DOCTYPE
    body = _payload(contract, text).decode()
    parser.feed(_REFERENCE.sub(_shielded, body.replace(_SHIELD, _SHIELD * 2)))
    parser.close()
    return "".join(target.out)


def _payload(contract: Contract, text: Text) -> bytes:
    """Give a document without its declaration; of an envelope the payload alone, which is what is converted."""
    at = check_declaration(text, Findings())
    if not looks_like(text.data[at:]):
        return text.data[at:]
    parser = XmlParser(text, Findings(), depth=DEEPEST)
    parser.base = at
    parser.feed(text.data[at:], final=True)
    assert parser.root is not None
    return alone(contract, parser.root, text)


def _shielded(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2]) if match[2] else -1
    return f"{_SHIELD}{code:04X}" if code in _NOT_XML else match[0]


#: What an element holds: a type, the parts of a dictionary's entry, or None: not known.
_Kind: TypeAlias = "Type | tuple[Member, ...] | None"


class _Target:
    """Takes expat's events, leaves out white space where the contract wants elements, and writes Canonical XML."""

    def __init__(self, contract: Contract) -> None:
        from xml.etree.ElementTree import C14NWriterTarget

        self.out: list[str] = []
        self.contract = contract
        self.types = {**contract.known, **contract.types}
        self.c14n: Any = C14NWriterTarget(self.out.append, with_comments=True, rewrite_prefixes=True)
        self.kinds: list[_Kind] = []  # what the open elements hold
        self.scope: list[tuple[str, str]] = []  # prefixes in force and their namespaces
        self.pending: list[str] = []

    def start_ns(self, prefix: str, uri: str) -> None:
        self.scope.append((prefix, uri))
        self.c14n.start_ns(prefix, uri)

    def end_ns(self, _prefix: str) -> None:
        self.scope.pop()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._flush()
        self.kinds.append(self._below(self.kinds[-1], tag) if self.kinds else self.contract.root_type)
        named = f"{{{XSI}}}type"
        if named in attributes:
            prefix, _, local = attributes[named].strip().rpartition(":")
            namespace = next((uri for known, uri in reversed(self.scope) if known == prefix), prefix)
            attributes = {**attributes, named: f"{{{namespace}}}{local}"}
            if isinstance(self.kinds[-1], Anything):  # which says itself what it is
                key = attributes[named]
                self.kinds[-1] = _plain(self.types.get(key) or built_in(key))
        self.c14n.start(tag, attributes)

    def end(self, tag: str) -> None:
        self._flush()
        self.kinds.pop()
        self.c14n.end(tag)

    def data(self, data: str) -> None:
        self.pending.append(data)

    def comment(self, text: str) -> None:
        self._flush()
        self.c14n.comment(text)

    def pi(self, target: str, data: str | None = None) -> None:
        self._flush()
        self.c14n.pi(target, data)

    def _flush(self) -> None:
        text, self.pending = "".join(self.pending), []
        holds_elements = bool(self.kinds) and isinstance(self.kinds[-1], (Record, Array, Dictionary, tuple))
        if text and self.kinds and not (holds_elements and not text.strip(" \t\r\n")):
            self.c14n.data(text)

    def _below(self, kind: _Kind, tag: str) -> _Kind:
        """Give what an element in one of ``kind`` holds."""
        if isinstance(kind, Dictionary):
            return kind.key_member, kind.value_member
        members = kind if isinstance(kind, tuple) else (kind.item,) if isinstance(kind, Array) else ()
        if isinstance(kind, Record):
            family = [self.types[key] for key in (kind.key, *self.contract.derived.get(kind.key, ()))]
            members = tuple(
                member for one in family if isinstance(one, Record) for member in one.members if member.in_xml
            )
        found = next((m for m in members if tag == (f"{{{m.namespace}}}{m.name}" if m.namespace else m.name)), None)
        return _plain(self.types[found.type] if found else None)


def _plain(kind: Type | None) -> Type | None:
    return kind and (record_of(kind) or kind)
