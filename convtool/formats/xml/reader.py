"""The careful lane for XML: elements → typed values, with a finding for everything that is not the wire form.

It builds the value that .NET's DataContractSerializer would build (recordings: ``read-xml.jsonl``): members are read
in order and only forward, unknown elements and attributes are skipped, content under nil is ignored. What each of
these means in a profile is the table's business, not the reader's. Where a finding is an error, what is below is still
read for more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.findings import Severity
from convtool.formats import suggest
from convtool.formats.anything import as_json
from convtool.formats.enumerations import flags_from_names, name_from_text
from convtool.formats.leaf import BAD, Place, lexical, read_scalar, shown
from convtool.formats.objects import Objects
from convtool.formats.text import Text
from convtool.formats.xml.envelope import is_fault
from convtool.formats.xml.markup import markup
from convtool.formats.xml.notes import report as report_notes
from convtool.model.anything import Markup, from_typed_text, typed
from convtool.model.contract import (
    SERIALIZATION,
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
from convtool.model.datatypes import DATATYPES, LexicalError, collapse, is_plain, record_of

if TYPE_CHECKING:
    from convtool.findings import Findings
    from convtool.formats.xml.syntax import Element
    from convtool.model.datatypes import Datatype
    from convtool.model.instance import Instances

__all__ = ["Reader"]

_NIL = f"{XSI} nil"
_TYPE = f"{XSI} type"
_HINTS = (f"{XSI} schemaLocation", f"{XSI} noNamespaceSchemaLocation")  # XML Schema allows them on every element
_ID, _REF = f"{SERIALIZATION} Id", f"{SERIALIZATION} Ref"


@dataclass(slots=True)
class Attributes:
    """What an element's attributes say: its type's key, whether it is nil, its identity, or what it refers to."""

    type: str
    nil: bool = False
    id: str = ""
    ref: str = ""


class Reader:
    """Reads elements of one contract; ``findings`` collects what is to be said."""

    def __init__(self, contract: Contract, classes: Instances, findings: Findings) -> None:
        self.contract = contract
        self.types = contract.types
        self.classes = classes.classes
        self.parts = {key: record_of(kind) for key, kind in contract.types.items() if isinstance(kind, Scalar)}
        self.findings = findings
        self.objects = Objects()
        self._tables: dict[str, tuple[dict[str, int], list[str], list[str]]] = {}
        self._top: Element | None = None  # the root: its items are the records of a list contract

    def root(self, element: Element, *, named: bool = True) -> Any:
        """Give the value of a whole document; ``named``: its element has to be called as the contract's root."""
        if named and not self.root_name(element):
            return BAD
        self._top = element
        return self.member(self.contract.top, element, f"/{element.local}", self.contract.name)

    def root_name(self, element: Element) -> bool:
        """Check the root's name and namespace."""
        wanted = _expanded(self.contract.namespace, self.contract.tag)
        if element.name == wanted:
            return True
        seen, span = f"<{element.local}>", element.head
        if element.local == self.contract.tag:
            message = f"The root {seen} is in namespace {element.namespace!r}, not {self.contract.namespace!r}."
        elif is_fault(element):
            message = f"The body holds a SOAP Fault, not <{self.contract.tag}>: it is what the server says went wrong."
        else:
            message = f"The root is {seen}, not <{self.contract.tag}>: the payload is not of this contract."
        self.findings.add("root.name", message, span, f"/{element.local}")
        return False

    def member(self, member: Member, element: Element, path: str, label: str) -> Any:
        """Give the value of an element that stands for ``member``: None where nil, BAD where there is none."""
        if isinstance(self.types[member.type], Anything):
            return self._anything(member, element, path)
        self.notes(element, path)
        found = self.attributes(element, path, member)
        if found.ref:
            family = (member.type, *self.contract.derived.get(member.type, ()))
            return self.objects.resolve(found.ref, family, element.head, path, self.findings)
        if found.nil:
            return self._nil(member, element, path)
        if not found.id:
            if self._is_reference(found.type):
                self.objects.number("", "i", element.head, path, self.findings)
            return self.content(found.type, element, path, label)
        with self.objects.opened(found.id, element.close - element.start):
            value = self.content(found.type, element, path, label)
        self.objects.known[found.id] = found.type, value
        return value

    def content(self, key: str, element: Element, path: str, label: str) -> Any:
        """Give the value of an element's content, of the type ``key``."""
        match self.types[key]:
            case Record() as record:
                return self._record(record, element, path)
            case Array() as array:
                return self._array(array, element, path)
            case Scalar(datatype=name) if (parts := self.parts[key]) is not None:
                return self._of_parts(DATATYPES[name], parts, element, path)
            case Scalar(datatype=name):
                return self._scalar(name, element, path, label)
            case Enumeration() as enumeration:
                return self._enumeration(enumeration, element, path, label)
            case Dictionary() as dictionary:
                return self._dictionary(dictionary, element, path)
            case Anything():
                raise AssertionError("members of anyType are read as they stand, not by content")

    # --- what every element has ---

    def notes(self, element: Element, path: str) -> None:
        """Report comments and processing instructions."""
        if element.notes:
            report_notes(element.notes, path, self.findings)

    def attributes(self, element: Element, path: str, member: Member) -> Attributes:
        """Read i:nil, i:type, z:Id and z:Ref, and report the other attributes."""
        found = Attributes(member.type)
        pairs = element.attributes
        if not pairs:
            return found
        for name, value in zip(pairs[::2], pairs[1::2], strict=True):
            if name == _NIL:
                found.nil = self._boolean(value, element.head, path)
                if not found.nil and not member.nillable:  # XML Schema wants no xsi:nil where null cannot be
                    message = f"<{element.local}> cannot be null: it has no i:nil."
                    self.findings.add("attribute.unknown", message, element.head, path)
            elif name == _TYPE and (key := self._type_named(value, element, member.type)):
                found.type = self._typed(key, value, element, path, member.type)
            elif name in (_ID, _REF):
                if self._is_reference(member.type):
                    self.objects.check(value, element.head, path, self.findings, names=name == _ID)
                elif self._other(name, element, path, kept=name == _REF) is Severity.ERROR:
                    continue
                found.id, found.ref = (value, found.ref) if name == _ID else (found.id, value)
            else:
                self._other(name, element, path)
        if found.id:
            prefix = "i" if self._is_reference(member.type) else None
            self.objects.number(found.id, prefix, element.head, path, self.findings)
        return found

    def _is_reference(self, key: str) -> bool:
        kind = self.types[key]
        return isinstance(kind, Record) and kind.is_reference

    def _boolean(self, value: str, span: tuple[int, int], path: str) -> bool:
        text = collapse(value)
        if text not in ("true", "1", "false", "0"):
            self.findings.add("nil.lexical", f"i:nil is {shown(value)}, which is not a boolean.", span, path)
            return False
        if value != "true":
            self.findings.add("loss.lexical", f'i:nil="{value}" is not written that way.', span, path)
        return text in ("true", "1")

    def _other(self, name: str, element: Element, path: str, *, kept: bool = False) -> Severity | None:
        """Report an attribute that means nothing: an error where the profile says so, else something dropped.

        ``kept``: what it says is not dropped. Give what the attribute is.
        """
        findings = self.findings
        if findings.spent("attribute.unknown") and findings.spent("loss.attribute"):
            level = None if name in _HINTS else findings.count("attribute.unknown")
            if level is not Severity.ERROR and not kept:
                findings.count("loss.attribute")
            return level
        level, local = None, name.rpartition(" ")[2]
        if name not in _HINTS:
            message = f"The attribute {local!r} of <{element.local}> is not part of any data contract."
            level = self.findings.add("attribute.unknown", message, element.head, path)
        if level is not Severity.ERROR and not kept:
            self.findings.add("loss.attribute", f"The attribute {local!r} is dropped.", element.head, path)
        return level

    def _type_named(self, value: str, element: Element, declared: str) -> str:
        """Give the key of the type that an i:type names; of a simple value only the declared one counts.

        .NET does not look at the i:type of a simple value, and so another type is an attribute like any other.
        """
        prefix, _, local = collapse(value).rpartition(":")
        key = f"{{{element.scope.get(prefix, '')}}}{local}"
        return key if key == declared or not is_plain(self.types[declared]) else ""

    def _typed(self, key: str, value: str, element: Element, path: str, declared: str) -> str:
        span = element.head
        if key == declared:
            self.findings.add("loss.lexical", "i:type repeats the declared type, and is not written.", span, path)
            return key
        if key in self.contract.derived.get(declared, ()):
            return key
        known = ", ".join(split_key(k)[1] for k in (declared, *self.contract.derived.get(declared, ())))
        self.findings.add("type.unknown", f"i:type names {shown(value)}; known here: {known}.", span, path)
        return declared

    def _nil(self, member: Member, element: Element, path: str) -> Any:
        if not member.nillable:
            message = f"<{element.local}> is nil, but its type cannot be null."
            self.findings.add("nil.forbidden", message, (element.start, element.close), path)
            return BAD
        if element.children or element.texts:
            message = f"<{element.local}> is nil and has content: .NET ignores the content, so the server sees null."
            self.findings.add("nil.content", message, (element.start, element.close), path)
        return None

    def _anything(self, member: Member, element: Element, path: str) -> Any:
        """Read a member of anyType; comments are in markup, which keeps them where JSON has no value for it."""
        value = self._any_value(member, element, path)
        if element.notes and not (isinstance(value, Markup) and as_json(value, self.contract) is None):
            self.notes(element, path)
        return value

    def _any_value(self, member: Member, element: Element, path: str) -> Any:
        """Give a simple value where ``i:type`` says so, else markup as it came."""
        pairs = element.attributes
        names = dict(zip(pairs[::2], pairs[1::2], strict=True))
        if names.get(_NIL, "").strip() in ("true", "1"):
            if set(names) == {_NIL}:
                self._boolean(names[_NIL], element.head, path)
            else:
                self.attributes(element, path, member)
            return self._nil(member, element, path)
        name = typed(element.scope, names[_TYPE]) if set(names) == {_TYPE} and not element.children else None
        if name is not None:
            try:
                return from_typed_text(name, element.text)
            except LexicalError:
                pass  # kept as it came, then
        places = self.findings.places
        assert isinstance(places, Text)
        return markup(element, places, self.contract.namespace)

    # --- content, by type ---

    def stray(self, element: Element, path: str) -> None:
        """Report text that stands between the elements of a record or a list."""
        if element.stray >= 0:
            text = collapse(element.text)
            span = (element.stray, element.stray + len(text.encode()[:40]))
            message = f"There is text between the elements of <{element.local}>: {shown(text)}."
            self.findings.add("member.text", message, span, path)

    def table(self, key: str, members: tuple[Member, ...]) -> tuple[dict[str, int], list[str], list[str]]:
        """Give the members' indexes by expanded name; the step of each in a path; and what findings call it."""
        table = self._tables.get(key)
        if table is None:
            name = split_key(key)[1]
            table = self._tables[key] = (
                {_expanded(m.namespace, m.name): i for i, m in enumerate(members) if m.in_xml},
                [f"/{m.name}" for m in members],
                [f"{name}.{m.name}" for m in members],
            )
        return table

    def _record(self, record: Record, element: Element, path: str) -> Any:
        values = self.members(record.key, record.members, element, path)
        if values is BAD:
            return BAD
        order = record.order
        return self.classes[record.key](*[values[i] for i in order])

    def _of_parts(self, kind: Datatype, record: Record, element: Element, path: str) -> Any:
        """Give a value of several parts as .NET writes it; together they have to be one."""
        values = self.members(record.key, record.members, element, path)
        if values is BAD or msgspec.UNSET in values:
            return BAD  # all are required: that one is absent has been reported
        value, span = kind.python(*values), (element.start, element.start + 1)
        try:
            settled = kind.parse(kind.format(value))
        except LexicalError as error:
            code = "value.range" if error.kind == "range" else "value.lexical"
            self.findings.add(code, f"{value} is not {error.wanted}.", span, path)
            return BAD
        for one, other in zip(values, msgspec.structs.astuple(settled), strict=True):
            if one != other:
                self.findings.add("loss.lexical", f"{shown(str(one))} is written as {shown(str(other))}.", span, path)
                break
        return settled

    def members(self, key: str, members: tuple[Member, ...], element: Element, path: str) -> Any:
        """Give the members' values in XML order, UNSET where absent; BAD if any has none."""
        if element.stray >= 0:
            self.stray(element, path)
        table, below, labels = self.table(key, members)
        values: list[Any] = [msgspec.UNSET] * len(members)
        last, bad, late = -1, False, set()
        for child in element.children:
            index = table.get(child.name, -1)
            if index > last:
                last = index
                value = self.member(members[index], child, path + below[index], labels[index])
                values[index] = value
                bad = bad or value is BAD
                continue
            level = self._misplaced(index, last, members, values, child, path)
            late.add(index)
            if level is Severity.ERROR:
                bad = True
                if index >= 0:  # a misplaced member's content may have errors of its own
                    self.member(members[index], child, path + below[index], labels[index])
        for index, member in enumerate(members):
            # A required member that comes too late is absent to .NET, which then refuses the record.
            if values[index] is msgspec.UNSET and member.in_xml and (index not in late or member.required):
                suggest.report_absent(self.types, member, labels[index], element.head, path, self.findings)
        return BAD if bad else values

    def _misplaced(
        self, index: int, last: int, members: tuple[Member, ...], values: list[Any], child: Element, path: str
    ) -> Severity | None:
        """Report an element that .NET would skip: unknown, repeated, or out of order; ``path`` is its parent's."""
        if index < 0:
            return self.unknown(members, child, path)
        twice = values[index] is not msgspec.UNSET
        code = "member.duplicate" if twice else "member.order"
        if self.findings.spent(code):
            return self.findings.count(code)
        span, below = child.head, f"{path}/{child.local}"
        if twice:
            message = f"`{child.local}` is given twice: .NET reads the first and skips this one."
            return self.findings.add(code, message, span, below)
        sees = suggest.default_text(self.types, members[index])
        effect = "and then refuse the record" if members[index].required else f"so the server sees {sees}"
        message = f"`{child.local}` comes after `{members[last].name}`: .NET reads members in order and will skip it, "
        message += f"{effect}."
        hint = f"Put `{child.local}` before `{members[last].name}`, as the contract has them."
        return self.findings.add(code, message, span, below, hint)

    def unknown(
        self, members: tuple[Member, ...], child: Element, path: str, number: int | None = None
    ) -> Severity | None:
        """Report an element that is none of ``members``; ``path`` is its parent's, ``number`` its own among others."""
        findings = self.findings
        if findings.spent("member.unknown") and findings.spent("member.namespace"):
            same = any(m.name == child.local and m.in_xml for m in members)
            return findings.count("member.namespace" if same else "member.unknown")
        span, local = child.head, child.local
        below = f"{path}/{local}" if number is None else f"{path}/{local}[{number}]"
        other = next((m for m in members if m.name == local and m.in_xml), None)
        if other is not None:
            message = f"`{local}` is in namespace {child.namespace!r}, not {other.namespace!r}: "
            message += ".NET skips it, so the server never sees its value."
            return findings.add("member.namespace", message, span, below)
        message = f"`{local}` is not a member here: .NET skips it, so the server never sees its value."
        hint = suggest.member(local, tuple(m.name for m in members if m.in_xml))
        return findings.add("member.unknown", message, span, below, hint)

    def _array(self, array: Array, element: Element, path: str) -> Any:
        self.stray(element, path)
        wanted = _expanded(array.item.namespace, array.item.name)
        label = f"{split_key(array.key)[1]}.{array.item.name}"
        items: list[Any] = []
        bad, count = False, 0
        for child in element.children:
            if element is self._top:
                self.findings.record = count
            if child.name != wanted:
                bad = self.unknown((array.item,), child, path) is Severity.ERROR or bad
                continue
            count += 1
            value = self.member(array.item, child, f"{path}/{child.local}[{count}]", label)
            bad = bad or value is BAD
            items.append(value)
        if element is self._top:
            self.findings.record = None
        return BAD if bad else items

    def _dictionary(self, dictionary: Dictionary, element: Element, path: str) -> Any:
        entry = Member(dictionary.entry, dictionary.namespace, dictionary.key, nillable=False)
        # .NET's KeyValue requires both, whatever the schema says.
        both = (dictionary.key_member, dictionary.value_member)
        parts = tuple(msgspec.structs.replace(part, required=True) for part in both)
        result: dict[Any, Any] = {}
        bad, count = False, 0
        self.stray(element, path)
        for child in element.children:
            count += 1
            below, span = f"{path}/{child.local}[{count}]", child.head
            if child.name != _expanded(entry.namespace, entry.name):
                bad = self.unknown((entry,), child, path, count) is Severity.ERROR or bad
                continue
            self.notes(child, below)
            if self.attributes(child, below, entry).nil:  # and it lacks a key, or has content that is not to be
                bad = self._nil(entry, child, below) is BAD or bad
            pair = self.members(f"{dictionary.key}/{entry.name}", parts, child, below)
            if pair is BAD or msgspec.UNSET in pair:
                bad = True
            elif pair[0] is None:
                self.findings.add("value.key", "The key is null: .NET refuses the dictionary.", span, below)
                bad = True
            elif not _hashable(pair[0]):
                self.findings.add("value.kind", "A key of this type cannot be written in JSON.", span, below)
                bad = True
            elif pair[0] in result:
                message = f"The key {shown(str(pair[0]))} is given twice: .NET refuses the dictionary."
                self.findings.add("value.key", message, span, below)
                bad = True
            else:
                result[pair[0]] = pair[1]
        return BAD if bad else result

    def _text(self, element: Element, path: str) -> Any:
        """Give the text of a value's element, or BAD where it holds elements."""
        if element.children:
            child = element.children[0]
            message = f"<{element.local}> holds the element <{child.local}>; it should hold text only."
            self.findings.add("member.child", message, child.head, path)
            return BAD
        return element.text

    def _place(self, element: Element, path: str, label: str) -> Place:
        start = element.inner if element.inner >= 0 else element.start
        return Place((start, max(element.close, start)), path, label)

    def _scalar(self, name: str, element: Element, path: str, label: str) -> Any:
        text = self._text(element, path)
        if text is BAD or DATATYPES[name].is_text:
            return text
        kind, place = DATATYPES[name], self._place(element, path, label)
        collapsed = collapse(text) if kind.collapses else text
        value = read_scalar(name, collapsed, place, self.findings)
        if value is not BAD:
            lexical(text, kind.format(value), place, self.findings)
        return value

    def _enumeration(self, kind: Enumeration, element: Element, path: str, label: str) -> Any:
        text = self._text(element, path)
        if text is BAD:
            return BAD
        place = self._place(element, path, label)
        if kind.flags and re.search("[\t\n\r]", text):
            message = f"{shown(text)} has other white space than spaces, at which .NET does not part names."
            if self.findings.add("value.refused", message, place.span, place.path) is Severity.ERROR:
                return BAD
        # A list of names collapses white space; one name is a text, of which .NET too removes nothing.
        value = (
            flags_from_names(kind, collapse(text), place, self.findings)
            if kind.flags
            else name_from_text(kind, text, place, self.findings)
        )
        if value is not BAD:
            lexical(text, value, place, self.findings)
        return value


def _expanded(namespace: str, name: str) -> str:
    """Give a name as expat expands it."""
    return f"{namespace} {name}" if namespace else name


def _hashable(value: Any) -> bool:
    return not isinstance(value, (list, dict, msgspec.Struct))
