"""The careful lane for JSON: nodes → typed values, with a finding for everything that is not the contract's JSON.

It builds the value that Json.NET would build with its default settings (recordings: ``read-json.jsonl``): names match
without regard to case, the last duplicate counts (lists grow, records merge), unknown members are ignored, quoted
numbers and the like are coerced. What each of these means in a profile is the table's business.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.findings import Severity
from convtool.formats import suggest
from convtool.formats.enumerations import (
    enumeration_number,
    flags_from_number,
    json_names,
    key_from_text,
    key_names,
    name_from_number,
    name_from_text,
    names_from_json,
    sum_of,
)
from convtool.formats.leaf import BAD, Place, cut, lexical, pointer, read_scalar, refuse, shown, uri_value
from convtool.formats.markup import fault
from convtool.formats.objects import Objects
from convtool.formats.text import Text
from convtool.model.anything import XML_MEMBER, JsonText, Markup
from convtool.model.codings import coding_of
from convtool.model.contract import (
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
from convtool.model.datatypes import DATATYPES, LexicalError, is_plain
from convtool.model.defaults import left_out, unsaid

if TYPE_CHECKING:
    from convtool.findings import Findings
    from convtool.formats.json.syntax import Node
    from convtool.model.datatype import Datatype
    from convtool.model.instance import Instances

__all__ = ["Reader"]

_KINDS = {"object": "an object", "array": "an array", "string": "a text", "number": "a number", "boolean": "a boolean"}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NAME = re.compile(rb""""(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'""", re.DOTALL)
_LONE = re.compile("[\ud800-\udfff]")
_UNSET = msgspec.UNSET
# Texts in JSON that Json.NET converts to a struct, and makes null of "" where they may be (CoerceEmptyStringToNull).
_NULL_WHEN_EMPTY = frozenset({"guid", "duration", "char"})


@dataclass(slots=True)
class Meta:
    """What Json.NET's own members say of an object: its record, its identity, what it refers to; ``skip`` counts."""

    record: Record
    id: str = ""
    ref: str = ""
    skip: int = 0


def _is_readable(kind: Datatype, text: str) -> bool:
    """Tell whether a text is a form that a datatype has in JSON, and no odd one that .NET reads as well."""
    try:
        kind.read_json(text)
    except LexicalError:
        return False
    return True


class Reader:
    """Reads nodes of one contract; ``findings`` collects what is to be said."""

    def __init__(self, contract: Contract, classes: Instances, findings: Findings) -> None:
        self.contract = contract
        self.types = contract.types
        self.classes = classes.classes
        self.instances = classes
        self.findings = findings
        self.objects = Objects()
        self._tables: dict[str, tuple[dict[str, int], dict[str, int], list[str], list[str]]] = {}
        self._top: Node | None = None  # the root: its items are the records of a list contract

    def root(self, node: Node) -> Any:
        """Give the value of a whole document."""
        member = Member(self.contract.name, "", self.contract.root, self.contract.nillable)
        self._top = node
        return self.member(member, node, "", self.contract.name)

    def member(self, member: Member, node: Node, path: str, label: str, old: Any = _UNSET) -> Any:
        """Give the value of a node that stands for ``member``; ``old`` is what an earlier duplicate of it gave."""
        if node.kind == "null":
            return self._nothing(member, node, path) if member.nillable else self._null(member, node, path)
        kind = self.types[member.type]
        if isinstance(kind, (Record, Array, Dictionary)):
            return self._container(kind, member, node, Place(node.span, path, label), old)
        match kind:
            case Scalar(datatype=name):
                return self._scalar(name, member, node, Place(node.span, path, label))
            case Enumeration() as enumeration:
                return self._enumeration(enumeration, member, node, Place(node.span, path, label))
            case _:
                return self._anything(node, path)

    def _container(self, kind: Type, member: Member, node: Node, place: Place, old: Any) -> Any:
        """Give the value of a record, a list or a dictionary; an empty text is null to Json.NET."""
        if node.kind == "string" and not node.value:
            return self._empty(member, node, place)
        if _refers(node):
            child = node.value[0][2]
            if child.kind not in ("string", "null"):
                return self._kind(child, "the name of an object", f"{place.path}/$ref")
            if child.kind == "string" and not self.contract.has_references:
                return self._unresolved(member, node, place)
        if isinstance(kind, Record):
            return self._record(kind, node, place.path, old)
        if isinstance(kind, Array):
            return self._array(kind, node, place.path, old)
        assert isinstance(kind, Dictionary)
        return self._dictionary(kind, node, place.path, old)

    def _nothing(self, member: Member, node: Node, path: str) -> Any:
        """Give null, which the contract's JSON may leave out."""
        if member.omits_null:
            message = f"`{member.json_name}` is null, which is left out in this contract's JSON."
            if self.findings.add("nil.written", message, node.span, path) is Severity.ERROR:
                return BAD
        return None

    def _null(self, member: Member, node: Node, path: str) -> Any:
        message = f"`{member.json_name}` is null, but its type cannot be null."
        self.findings.add("nil.forbidden", message, node.span, path)
        return BAD

    def _kind(self, node: Node, wanted: str, path: str) -> Any:
        if self.findings.spent("value.kind"):
            self.findings.count("value.kind")
            return BAD
        message = f"There is {_KINDS[node.kind]} where {wanted} is wanted."
        self.findings.add("value.kind", message, node.span, path)
        return BAD

    # --- containers ---

    def _record(self, record: Record, node: Node, path: str, old: Any) -> Any:
        if node.kind != "object":
            return self._kind(node, f"an object ({split_key(record.key)[1]})", path)
        meta = self._meta(record, node, path)
        if meta.ref:
            family = (record.key, *self.contract.derived.get(record.key, ()))
            return self.objects.resolve(meta.ref, family, node.span, path, self.findings)
        if not meta.id:
            if record.is_reference:
                self.objects.number("", "", node.span, path, self.findings)
            return self._members(meta, node, path, old)
        self.objects.number(meta.id, "", node.span, path, self.findings)
        with self.objects.opened(meta.id, node.end - node.start):
            value = self._members(meta, node, path, old)
        self.objects.known[meta.id] = meta.record.key, value
        return value

    def _meta(self, record: Record, node: Node, path: str) -> Meta:
        """Read Json.NET's own members, which stand first: $id, $ref and $type, where the contract has them."""
        meta = Meta(record)
        family = [self.types[key] for key in (record.key, *self.contract.derived.get(record.key, ()))]
        named = {kind.type_name: kind for kind in family if isinstance(kind, Record) and kind.type_name}
        for name, at, child in node.value:
            if name not in ("$id", "$ref", "$type") or child.kind != "string":
                break
            if name == "$type" and named:
                known = {type_name.partition(",")[0]: kind for type_name, kind in named.items()}
                found = known.get(child.value.partition(",")[0].strip())
                if found is None:
                    listed = ", ".join(sorted(named))
                    message = f"$type names {shown(child.value)}; known here: {listed}."
                    self.findings.add("type.unknown", message, child.span, f"{path}/$type")
                else:
                    meta.record = found
                    if found is record or child.value != found.type_name:
                        self.findings.add("loss.lexical", "$type is not written that way.", (at, child.end), path)
            elif name in ("$id", "$ref") and any(isinstance(kind, Record) and kind.is_reference for kind in family):
                setattr(meta, name[1:], child.value)
            else:
                break
            meta.skip += 1
        return meta

    def _members(self, meta: Meta, node: Node, path: str, old: Any) -> Any:
        record = self._populated(meta.record, old)
        members = record.members
        exact, folded, labels, steps = self._table(record)
        values = self._merged(record, old)
        seen: set[int] = set()
        bad = False
        for key, at, child in node.value[meta.skip :]:
            index = exact.get(key, -1)
            if index >= 0:
                below = path + steps[index]
            else:
                index = folded.get(key.lower(), -1)
                level = self._misnamed(record, key, index, at, path)
                bad = bad or level is Severity.ERROR
                if index < 0:
                    continue
                below = f"{path}/{pointer(key)}"
            if index in seen:
                bad = self._twice(members[index], key, at, below) is Severity.ERROR or bad
            seen.add(index)
            value = self.member(members[index], child, below, labels[index], values[index])
            values[index] = value
            bad = bad or value is BAD
            if value is not None and not members[index].emit_default:
                self._at_default(members[index], value, child, below)
        if len(seen) < len(members):
            for index in record.order:
                if values[index] is _UNSET:
                    values[index] = self._unsaid(members[index], labels[index], node, path)
        if bad:
            return BAD
        return self.classes[record.key](*[values[i] for i in record.order])

    def _at_default(self, member: Member, value: Any, node: Node, path: str) -> None:
        """Report a value that the wire form leaves out."""
        default = left_out(self.types, self.classes, member)
        if default is None or default is _UNSET or value is BAD:
            return
        sides = [self.instances.said(value), default]
        if self.findings.profile == "dotnet":  # a day is at its default with a time as well
            from convtool.model.dotnet import as_dotnet

            sides = [as_dotnet(self.contract, self.instances, side, key=member.type)[0] for side in sides]
        if sides[0] == sides[1]:
            message = f"`{member.json_name}` is at its default, which JSON leaves out."
            self.findings.add("loss.lexical", message, node.span, path)

    def _unsaid(self, member: Member, label: str, node: Node, path: str) -> Any:
        """Give what a member has that is not there, which is reported where it says nothing."""
        if member.in_xml and not member.is_unsaid:  # what only the server sets is nothing that a payload should have
            suggest.report_absent(self.types, member, label, (node.start, node.start + 1), path, self.findings, "json")
        return unsaid(self.types, self.classes, member)

    def _twice(self, member: Member, key: str, at: int, path: str) -> Severity | None:
        """Report a member that is given again."""
        if self.findings.spent("member.duplicate"):
            return self.findings.count("member.duplicate")
        message = f"`{member.json_name}` is given twice: Json.NET keeps the last, and adds to lists."
        return self.findings.add("member.duplicate", message, self._name_span(key, at), path)

    def _anything(self, node: Node, path: str) -> Any:
        """Read a member of anyType: a simple value, markup, or JSON as it came."""
        if node.kind == "string":
            return self._text(node.value, Place(node.span, path, ""))
        if node.kind == "boolean":
            return node.value
        if node.kind == "number":
            return self._any_number(node, path)
        if node.kind == "object":
            texts = {name: child.value for name, _, child in node.value if child.kind == "string"}
            if XML_MEMBER in texts and texts.keys() <= {XML_MEMBER, "#attributes"} and len(texts) == len(node.value):
                found = [self._text(text, Place(node.span, path, "")) for text in texts.values()]
                return BAD if BAD in found else self._markup(texts, node, path)
        places = self.findings.places
        assert isinstance(places, Text)
        raw = places.data[node.start - places.origin : node.end - places.origin]
        try:
            return JsonText(msgspec.json.format(raw, indent=-1).decode())
        except msgspec.DecodeError as error:
            message = f"In a member of anyType only strict JSON is kept as it came: {error}."
            self.findings.add("value.kind", message, node.span, path)
            return BAD

    def _markup(self, texts: dict[str, str], node: Node, path: str) -> Any:
        value = Markup(texts[XML_MEMBER], texts.get("#attributes", ""))
        wrong = fault(value, self.contract.namespace)
        if not wrong:
            return value
        self.findings.add(
            "value.kind", f"Markup in a member of anyType is what an element holds: {wrong}.", node.span, path
        )
        return BAD

    def _any_number(self, node: Node, path: str) -> Any:
        """Give a number of a member of anyType: to Json.NET an integer of 64 bits, or a double."""
        if _INTEGER.fullmatch(node.value):
            value: int | float = int(node.value)
            held = -(1 << 63) <= value < 1 << 63
        else:
            value = float(node.value)
            held = not math.isinf(value)
            if held and not _is_exactly(node.value, value):
                message = f"{node.value[:40]} is read as a double: {value!r}."
                self.findings.add("loss.lexical", message, node.span, path)
        if held:
            return value
        message = f"{node.value[:40]} is neither an integer of 64 bits nor a double."
        self.findings.add("value.range", message, node.span, path)
        return BAD

    def _table(self, record: Record) -> tuple[dict[str, int], dict[str, int], list[str], list[str]]:
        """Give the members' indexes by name, and by name in lower case; what findings call each; its step in a path."""
        table = self._tables.get(record.key)
        if table is None:
            exact = {m.json_name: i for i, m in enumerate(record.members) if m.in_json}
            folded: dict[str, int] = {}
            for index in record.order:
                if record.members[index].in_json:
                    folded.setdefault(record.members[index].json_name.lower(), index)
            labels = [f"{split_key(record.key)[1]}.{m.json_name}" for m in record.members]
            steps = [f"/{pointer(m.json_name)}" for m in record.members]
            table = self._tables[record.key] = (exact, folded, labels, steps)
        return table

    def _populated(self, record: Record, old: Any) -> Record:
        """Give the record that an object is read as: the type of what a duplicate gave first, if that is derived."""
        for key in self.contract.derived.get(record.key, ()):
            derived = self.types[key]
            if type(old) is self.classes[key] and isinstance(derived, Record):
                return derived
        return record

    def _merged(self, record: Record, old: Any) -> list[Any]:
        """Give the members' values so far, in XML order: Json.NET populates the record that a duplicate gave first."""
        values: list[Any] = [_UNSET] * len(record.members)
        if type(old) is self.classes[record.key]:
            order = record.order
            for index, value in zip(order, msgspec.structs.astuple(old), strict=True):
                values[index] = value
        return values

    def _name_span(self, name: str, at: int) -> tuple[int, int]:
        """Give the span of a member's name in quotes, which begins at an offset."""
        text, end = self.findings.places, at + len(name.encode("utf-8", "replace")) + 2
        assert isinstance(text, Text)
        start = at - text.origin
        if b"\\" in text.data[start : end - text.origin] and (found := _NAME.match(text.data, start)):
            end = found.end() + text.origin  # with escapes it is longer than what it says
        return at, end

    def _misnamed(self, record: Record, key: str, index: int, at: int, path: str) -> Severity | None:
        code = "member.case" if index >= 0 else "member.unknown"
        if self.findings.spent(code):
            return self.findings.count(code)
        span, below = self._name_span(key, at), f"{path}/{pointer(key)}"
        if index >= 0:
            meant = record.members[index].json_name
            message = f"`{key}` is written in another case than `{meant}`, as which Json.NET reads it."
            return self.findings.add(code, message, span, below)
        if key == "$type" and self.contract.derived.get(record.key):
            hint = "Write it in front of the members: Json.NET reads it nowhere else."
        else:
            key = cut(key)
            hint = suggest.member(key, tuple(self._table(record)[0]))
        message = f"`{key}` is not a member here: .NET skips it, so the server never sees its value."
        return self.findings.add(code, message, span, below, hint)

    def _unresolved(self, member: Member, node: Node, place: Place) -> Any:
        """Read an object that refers to another: Json.NET looks for it in vain and takes null."""
        if len(node.value) > 1:
            return self._kind(node, "a reference alone", place.path)
        if not member.nillable:
            return self._null(member, node, place.path)
        message = f"$ref names {shown(node.value[0][2].value)}, an object that .NET does not know: it reads null."
        level = self.findings.add("value.coerced", message, place.span, place.path)
        return BAD if level is Severity.ERROR else None

    def _own_names(self, node: Node, path: str) -> int:
        """Report the members that Json.NET takes for its own, $id and $type in front, and give how many they are."""
        count = 0
        for name, at, child in node.value:
            if name not in ("$id", "$type") and (name, child.kind) != ("$ref", "null"):
                break
            self.findings.add("member.unknown", f"`{name}` is Json.NET's own: it skips it.", (at, child.end), path)
            count += 1
        return count

    def _values(self, node: Node, path: str) -> Node:
        """Give the array that an object with $values stands for, else the node itself."""
        if node.kind != "object" or not node.value:
            return node
        name, _, child = node.value[-1]
        wrapped = name == "$values" and child.kind == "array"
        if not wrapped or any(name not in ("$id", "$type") for name, _, _ in node.value[:-1]):
            return node
        message = "The list is within an object, as $values; Json.NET reads it as the list."
        level = self.findings.add("value.coerced", message, node.span, path)
        return node if level is Severity.ERROR else child

    def _array(self, array: Array, node: Node, path: str, old: Any) -> Any:
        node = self._values(node, path)
        if node.kind != "array":
            return self._kind(node, f"an array of {array.item.name}", path)
        label = f"{split_key(array.key)[1]}.{array.item.name}"
        items: list[Any] = [*old] if isinstance(old, list) else []
        bad = False
        for index, child in enumerate(node.value):
            if node is self._top:
                self.findings.record = index
            value = self.member(array.item, child, f"{path}/{index}", label)
            bad = bad or value is BAD
            items.append(value)
        if node is self._top:
            self.findings.record = None
        return BAD if bad else items

    def _dictionary(self, dictionary: Dictionary, node: Node, path: str, old: Any) -> Any:
        if node.kind != "object":
            return self._kind(node, "an object (a dictionary)", path)
        result: dict[Any, Any] = {**old} if isinstance(old, dict) else {}
        key_member, value_member = dictionary.key_member, dictionary.value_member
        label = f"{split_key(dictionary.key)[1]}.{value_member.name}"
        bad = False
        for name, at, child in node.value[self._own_names(node, path) :]:
            below, span = f"{path}/{pointer(name)}", self._name_span(name, at)
            key = self._key(key_member, name, Place(span, below, f"{split_key(dictionary.key)[1]}.Key"))
            value = self.member(value_member, child, below, label)
            if key is BAD or value is BAD:
                bad = True
                continue
            if key in result:
                message = f"The key {shown(name)} is given twice: Json.NET keeps the last."
                bad = self.findings.add("member.duplicate", message, span, below) is Severity.ERROR or bad
            result[key] = value
        return BAD if bad else result

    def _key(self, member: Member, name: str, place: Place) -> Any:
        kind = self.types[member.type]
        if isinstance(kind, Enumeration):
            named = key_from_text(kind, name, place, self.findings)
            if named is not BAD:
                lexical(name, key_names(kind, named), place, self.findings)
            return named
        if not isinstance(kind, Scalar) or not is_plain(kind):
            self.findings.add("value.kind", "A key of this type cannot be written in JSON.", place.span, place.path)
            return BAD
        text = self._text(name, place)
        if text and text is not BAD and DATATYPES[kind.datatype].written is not None:
            return uri_value(DATATYPES[kind.datatype], text, place, self.findings, json=True)
        if text is BAD or DATATYPES[kind.datatype].is_text:
            return text
        if DATATYPES[kind.datatype].is_date:
            return self._from_text(kind.datatype, text, place)
        try:
            value = DATATYPES[kind.datatype].read_key(text)
        except LexicalError as error:
            self.findings.add("value.lexical", f"{shown(text)} is not {error.wanted}.", place.span, place.path)
            return BAD
        lexical(text, DATATYPES[kind.datatype].write_key(value), place, self.findings)
        return value

    # --- values ---

    def _text(self, text: str, place: Place) -> Any:
        if _LONE.search(text):
            self.findings.add("value.surrogate", "The text holds half of a surrogate pair.", place.span, place.path)
            return BAD
        return text

    def _from_text(self, name: str, text: str, place: Place) -> Any:
        value = read_scalar(name, text, place, self.findings, json=True)
        kind = DATATYPES[name]
        told = not kind.silent or (bool(kind.parts) and not _is_readable(kind, text))
        if value is not BAD and value is not None and told:
            written = kind.write_json(value)
            if kind.json_words:
                written = written.strip('"')  # NaN and the infinities are words in quotes
            lexical(text, written, place, self.findings)
        return value

    def _scalar(self, name: str, member: Member, node: Node, place: Place) -> Any:
        kind = DATATYPES[name]
        if node.kind == "string":
            text = self._text(node.value, place)
            if text is BAD:
                return BAD
            if not text and (
                kind.json_node != "string" or kind.empty_is_null or (member.nillable and name in _NULL_WHEN_EMPTY)
            ):
                return self._empty(member, node, place)
            if kind.json_node == "string" or text in kind.json_words:
                return text if kind.is_text else self._from_text(name, text, place)
        elif node.kind == kind.json_node:
            if member.nillable and kind.nullable_json is not None:
                try:
                    kind.nullable_json(node.value)
                except LexicalError as error:
                    return refuse(node.value, error, place, self.findings, quoted=False)
            return node.value if node.kind == "boolean" else self._from_text(name, node.value, place)
        lexeme = _lexeme(node)
        if node.kind not in kind.lenient_json or lexeme is None:
            return self._kind(node, kind.what, place.path)
        try:
            value = kind.lenient_json[node.kind](lexeme)
        except LexicalError as error:
            return refuse(lexeme, error, place, self.findings, quoted=node.kind == "string")
        return self._coerced(node, shown(value) if kind.is_text else kind.write_json(value), value, place)

    def _empty(self, member: Member, node: Node, place: Place) -> Any:
        if not member.nillable:
            return self._null(member, node, place.path)
        return self._coerced(node, "null", None, place)

    def _coerced(self, node: Node, written: str, value: Any, place: Place) -> Any:
        lexeme = _lexeme(node) or ""
        seen = {"string": shown(lexeme), "array": "This"}.get(node.kind, lexeme)
        message = f"{seen} is {_KINDS[node.kind]}; Json.NET reads it as {written}."
        level = self.findings.add("value.coerced", message, place.span, place.path)
        return BAD if level is Severity.ERROR else value

    def _enumeration(self, kind: Enumeration, member: Member, node: Node, place: Place) -> Any:
        if node.kind not in ("number", "string", "boolean"):
            return self._kind(node, "a value of the enumeration", place.path)
        if node.kind == "string" and not node.value:
            return self._empty(member, node, place)
        number = enumeration_number(node.kind, node.value)
        if number is not None:
            return self._numbered(kind, number, node, place)
        if node.kind != "string":
            self.findings.add("value.lexical", f"{str(node.value)[:40]} is not an integer.", place.span, place.path)
            return BAD
        names = names_from_json(kind, node.value)
        unknown = next((name for name in names if name not in dict(kind.values)), None)
        if unknown is not None:
            return name_from_text(kind, unknown, place, self.findings)
        if kind.flags:
            value = flags_from_number(kind, sum_of(kind, names), place, self.findings)
        elif len(names) == 1:
            value = names[0]
        else:  # Enum.Parse adds up names, of any enumeration
            value = name_from_number(kind, sum_of(kind, names), place, self.findings)
        if value is BAD:
            return BAD
        coding, written = coding_of(kind), json_names(kind, value)
        spelled = [part.strip() for part in node.value.split(coding.separator.strip() or None)]
        exact = coding.spell is not None and spelled == [coding.spell(name) for name in names]
        if not exact or not (kind.flags or written == node.value):
            return self._coerced(node, value, value, place)
        if node.value != written:
            self.findings.add("loss.lexical", f"In the wire form it is {shown(written)}.", place.span, place.path)
        return value

    def _numbered(self, kind: Enumeration, number: int, node: Node, place: Place) -> Any:
        """Give the name of an enumeration's number, which may come as a text or a boolean as well."""
        value = (flags_from_number if kind.flags else name_from_number)(kind, number, place, self.findings)
        # A set of flags that is empty has no name to be written by, where the enumeration has none for 0.
        named = coding_of(kind).spell is not None and value is not BAD and json_names(kind, value)
        if value is BAD or (node.kind == "number" and not named):
            if value is not BAD:
                lexical(node.value, str(number), place, self.findings)
            return value
        return self._coerced(node, shown(value), value, place)


def _refers(node: Node) -> bool:
    return node.kind == "object" and bool(node.value) and node.value[0][0] == "$ref"


def _is_exactly(token: str, value: float) -> bool:
    """Tell whether a double is the number of a text; of one whose exponent no decimal has it is not."""
    try:
        return Decimal(token) == Decimal(repr(value))
    except InvalidOperation:
        return False


def _lexeme(node: Node) -> str | None:
    """Give the text of a simple value, or of a list of numbers with commas between them."""
    if node.kind in ("string", "number"):
        return str(node.value)
    if node.kind == "boolean":
        return str(node.value).lower()
    if node.kind == "array" and all(child.kind == "number" for child in node.value):
        return ",".join(child.value for child in node.value)
    return None
