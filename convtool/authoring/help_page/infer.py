"""What a page says of a body → a contract: types from the tables and from what the samples give away.

A member is seen from three sides at once: its row in a table (where there is one), its value in the JSON sample, its
element in the XML sample. JSON order is the JSON sample's, or the table's; XML order and namespaces are the XML
sample's. What none of them shows is guessed and noted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.authoring.help_page.counting import Slot, nullable
from convtool.authoring.help_page.naming import Named, is_camel, is_nil, named
from convtool.authoring.help_page.seen import NAME, Seen, check_name, local, namespace_of, value_of
from convtool.authoring.help_page.words import ABSENT, COLLECTION, DICTIONARY, from_sample, from_word, printed_number
from convtool.errors import ContractError
from convtool.model.codings import shown_by
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
    Type,
    split_key,
)
from convtool.model.datatypes import DATATYPES
from convtool.model.spelling import camel

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from convtool.authoring.help_page.guesses import Guesses
    from convtool.authoring.help_page.page import Table
    from convtool.model.datatypes import Datatype

__all__ = ["NoContract", "infer"]

_ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
_GUID = re.compile(r"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}")
_ANY = f"{{{XSD}}}anyType"


def infer(name: str, seen: Seen, tables: dict[str, Table], guesses: Guesses) -> Contract:
    """Give the contract of a body whose root element is ``name``; ``tables`` are the types that pages show, by name.

    ContractError where the page says too little: a type that no table and no sample shows.
    """
    check_name(name, name)
    inference = _Inference(seen, tables, guesses)
    root = inference.type_of(seen)
    missing = sorted(split_key(key)[1] for key in inference.unknown - set(inference.types))
    if missing:
        raise ContractError(
            f"{name}: nothing shows the members of {', '.join(missing)}: "
            "save the page that the type's link leads to, and give it as well"
        )
    if not isinstance(inference.types[root], (Record, Array, Dictionary)):
        raise NoContract(f"{name}: the body is a plain value, not a record or a list: that is no contract of its own")
    return Contract(name, seen.namespace, root, inference.settled())


class NoContract(ContractError):
    """What a body is, which is no contract: a plain value, or whatever the action answers at run time."""


class _Inference:
    """Resolves types by name; a type is settled the first time that something shows what is in it."""

    def __init__(self, root: Seen, tables: dict[str, Table], guesses: Guesses) -> None:
        self.root = root
        self.tables = tables
        self.guesses = guesses
        self.types: dict[str, Type] = {}
        self.unknown: set[str] = set()
        self.unshown: set[str] = set()  # records that no JSON sample shows
        self.camel = False  # JSON has names in camel case
        self.omits = False  # JSON leaves nulls out

    def type_of(self, seen: Seen) -> str:
        """Resolve a value's type and give its key."""
        bytes_ = next(kind for kind in DATATYPES.values() if kind.python is bytes)
        if seen.type == bytes_.word and isinstance(seen.json, str):
            return self._scalar(bytes_.name, seen)
        if seen.type.startswith(COLLECTION) or (not seen.type and self._is_list(seen)):
            return self._list(seen)
        if self._is_dictionary(seen):
            return self._dictionary(seen)
        # The page has one word for DateTime and DateTimeOffset: the elements in it tell which.
        parts = {local(child) for child in seen.children}
        for kind in DATATYPES.values():
            if kind.parts and (seen.type == split_key(kind.key)[1] or parts == {name for name, _ in kind.parts}):
                return self._of_parts(kind)
        word = from_word(seen.type, seen.description, seen.json, seen.where, self.guesses)
        if word:
            return self._scalar(word, seen)
        if seen.type == "Object":
            return self._add(Anything(_ANY))
        if self._is_enumeration(seen):
            return self._enumeration(seen)
        if seen.type or isinstance(seen.json, dict) or seen.children:
            return self._record(seen)
        text = seen.xml.text if seen.xml is not None else None
        return self._scalar(from_sample(value_of(seen), text, seen.where, self.guesses), seen)

    def _add(self, kind: Type) -> str:
        self.types.setdefault(kind.key, kind)
        return kind.key

    def _scalar(self, datatype: str, seen: Seen) -> str:
        key = DATATYPES[datatype].key or f"{{{seen.namespace}}}{datatype[:1].upper()}{datatype[1:]}"
        return self._add(Scalar(key, datatype))

    def _of_parts(self, kind: Datatype) -> str:
        for _, of in kind.parts:
            self._add(Scalar(DATATYPES[of].key, of))
        return self._add(Scalar(kind.key, kind.name))

    # --- lists and dictionaries ---

    def _is_list(self, seen: Seen) -> bool:
        if seen.json is not ABSENT and seen.json is not None:
            return isinstance(seen.json, list)
        names = {local(child) for child in seen.children}
        if len(names) != 1 or self._is_dictionary(seen):
            return False
        # .NET names its lists so, and has lists alone in the namespace of arrays.
        return (
            len(seen.children) > 1 or seen.name == f"ArrayOf{min(names)}" or namespace_of(seen.children[0]) == _ARRAYS
        )

    def _is_dictionary(self, seen: Seen) -> bool:
        if DICTIONARY.fullmatch(seen.type) or any(local(child).startswith("KeyValueOf") for child in seen.children):
            return True
        # Keys that no member is called: the generator's texts, numbers and GUIDs.
        keys = [] if seen.type or seen.children else list(seen.members)
        return bool(keys) and not any(NAME.fullmatch(key) and not _GUID.fullmatch(key) for key in keys)

    def _list(self, seen: Seen) -> str:
        child = next(iter(seen.children), None)
        items = seen.json if isinstance(seen.json, list) else []
        inner = Seen(
            type=seen.type.removeprefix(COLLECTION),
            name=local(child) if child is not None else seen.type.removeprefix(COLLECTION) or f"{seen.name}Item",
            namespace=namespace_of(child) or seen.namespace,
            where=seen.where,
            json=items[0] if items else ABSENT,
            xml=child,
        )
        key = self.type_of(inner)
        namespace, name = self._item_name(key, child)
        item = Member(name, namespace, key, nillable=not self._is_value(key))
        return self._add(Array(f"{{{namespace}}}ArrayOf{name}", item))

    def _item_name(self, key: str, child: _Element | None) -> tuple[str, str]:
        """Give an item element's namespace and name: as the sample shows them, or as .NET makes them."""
        if child is not None:
            return namespace_of(child), local(child)
        namespace, name = split_key(key)
        primitive = key == _ANY or any(key == row.key and not row.parts for row in DATATYPES.values())
        return _ARRAYS if primitive else namespace, name

    def _dictionary(self, seen: Seen) -> str:
        words = DICTIONARY.fullmatch(seen.type)
        entry = next(iter(seen.children), None)
        parts = [child for child in entry if isinstance(child.tag, str)] if entry is not None else []
        pairs = list(seen.members.items())
        namespace = namespace_of(entry) or _ARRAYS
        members = []
        for at, (name, word) in enumerate(zip(("Key", "Value"), words.groups() if words else ("", ""), strict=True)):
            xml = parts[at] if len(parts) > at else None
            sample = pairs[0][at] if pairs else ABSENT
            text = xml.text if xml is not None else sample
            if at == 0 and isinstance(text, str) and text.isdecimal():
                sample = int(text)  # a key is a text in JSON, whatever its type
            inner = Seen(word, f"{seen.name}{name}", seen.namespace, f"{seen.where} ({name.lower()})", sample, xml)
            key = self.type_of(inner)
            members.append(Member(name, namespace, key, nillable=not self._is_value(key), required=True))
        locals_ = [split_key(member.type)[1] for member in members]
        name = local(entry) if entry is not None else f"KeyValueOf{''.join(locals_)}"
        return self._add(Dictionary(f"{{{namespace}}}ArrayOf{name}", name, namespace, members[0], members[1]))

    # --- enumerations ---

    def _is_enumeration(self, seen: Seen) -> bool:
        table = self.tables.get(seen.type)
        if table is not None:
            return bool(table.values)
        text = (seen.xml.text or "") if seen.xml is not None and not seen.children else ""
        numbered = isinstance(seen.json, int) and not isinstance(seen.json, bool) and text[:1].isalpha()
        return numbered or bool(seen.type and isinstance(seen.json, str))

    def _enumeration(self, seen: Seen) -> str:
        check_name(seen.type or seen.name, seen.where)
        key = f"{{{seen.namespace}}}{seen.type or seen.name}"
        table = self.tables.get(seen.type)
        values = tuple(table.values) if table is not None else ()
        if not values:
            text = (seen.xml.text or "") if seen.xml is not None else str(seen.json)
            values = ((text, seen.json if isinstance(seen.json, int) else 0),)
            self.guesses.add("an enumeration of which the page shows one value only: add the others", seen.where)
        self.guesses.add("the page does not show the namespace of an enumeration: taken as its record's", seen.where)
        kind = Enumeration(key, values)
        return self._add(
            msgspec.structs.replace(kind, coding=shown_by(kind, [seen.json if isinstance(seen.json, str) else 0]))
        )

    # --- records ---

    def _record(self, seen: Seen) -> str:
        namespace, base = self._namespaces(seen)
        name = seen.name or seen.type
        check_name(name, seen.where)
        key = f"{{{namespace}}}{name}"
        table = self.tables.get(seen.type)
        if key in self.types:
            return key
        if table is None and (not isinstance(seen.json, dict) or "$ref" in seen.json) and not seen.children:
            self.unknown.add(key)
            return key
        self.types[key] = Record(key, ())  # ends recursion
        found = named(table.rows if table is not None else (), seen.members, seen.children)
        if not seen.members:
            self.guesses.add("no JSON sample: JSON order is the table's, or XML's", seen.where)
        camels = is_camel(found)
        self.unshown |= {key} if not seen.members else set()
        self.camel = self.camel or camels
        members = [self._member(seen, namespace, name, one, camels=camels) for one in found]
        members = self._nullability(seen, name, members)
        ordered = sorted(members, key=self._xml_order(seen, name, base))
        description = table.description if table is not None else ""
        order = tuple(ordered.index(member) for member in members)
        of = ""
        if base is not None:
            of = f"{{{base}}}{name}Base"
            self.guesses.add(f"the page does not show what its base class is called: taken as {name}Base", name)
        self.types[key] = Record(
            key, tuple(ordered), order, base=of, description=description, is_reference=seen.is_reference
        )
        return key

    def _namespaces(self, seen: Seen) -> tuple[str, str | None]:
        """Give the namespace of a record, and that of its base class where it is another one, in which members are.

        DataContractSerializer writes members in the namespace of the class that declares them, the base's first.
        """
        namespaces = list(dict.fromkeys(namespace_of(child) for child in seen.children))
        own = seen.namespace if seen is self.root or not namespaces else namespaces[-1]
        others = [one for one in namespaces if one != own]
        if len(others) > 1:
            raise ContractError(
                f"{seen.where}: members in three namespaces ({', '.join(sorted(namespaces))}): derive it from XSDs"
            )
        return own, others[0] if others else None

    def _member(self, seen: Seen, namespace: str, record: str, one: Named, *, camels: bool) -> Member:
        where = f"{record}.{one.name}"
        check_name(one.name, where)
        row = one.row
        word = row.type if row is not None else ""
        description = row.description if row is not None else ""
        json = seen.members.get(one.json, ABSENT)
        inner = Seen(word, word or one.name, namespace, where, json, one.element, description)
        for annotation in row.annotations if row is not None else ():
            self.guesses.add(f"'{annotation}' is the server's to check: it is not in the schemas", where)
        key = self.type_of(inner)
        if isinstance(self.types.get(key), Record) and not word:
            self.guesses.add("the samples do not show what the type is called: it has its member's name", where)
        own = namespace_of(one.element) if one.element is not None else namespace
        called = one.json or (camel(one.name) if camels else "")
        member = Member(one.name, own, key, nillable=not self._is_value(key), description=description, json_name=called)
        return self._in_formats(seen, one, member, where)

    def _in_formats(self, seen: Seen, one: Named, member: Member, where: str) -> Member:
        """Give a member as both formats have it, where both are shown."""
        if not (seen.members and seen.children):
            return member
        if one.json and not one.xml:
            self.guesses.add("not in the XML sample: taken as one that XML never has, as without a setter", where)
            return msgspec.structs.replace(member, in_xml=False)
        if one.xml and not one.json:
            if is_nil(one.element):
                self.omits = True
                self.guesses.add(
                    "null in XML and not in the JSON sample: nulls are taken to be left out of JSON", where
                )
                return member
            self.guesses.add("not in the JSON sample: taken as one that JSON never has", where)
            return msgspec.structs.replace(member, in_json=False)
        return member

    def settled(self) -> dict[str, Type]:
        """Give the types as the server's settings of JSON have them: camel case and omitted nulls hold for all."""
        for key, kind in self.types.items():
            if not isinstance(kind, Record):
                continue
            members = [
                msgspec.structs.replace(
                    member,
                    json_name=camel(member.name) if self.camel and key in self.unshown else member.json_name,
                    omits_null=self.omits and member.nillable,
                )
                for member in kind.members
            ]
            self.types[key] = msgspec.structs.replace(kind, members=tuple(members))
        return self.types

    def _is_value(self, key: str) -> bool:
        """Whether a type of .NET's is a value type, which is null only as Nullable<T>."""
        kind = self.types.get(key)
        if isinstance(kind, Scalar):
            return not DATATYPES[kind.datatype].is_class
        return isinstance(kind, Enumeration)

    def _nullability(self, seen: Seen, record: str, members: list[Member]) -> list[Member]:
        samples = seen.members
        slots = [self._slot(member, samples.get(member.json_name, ABSENT)) for member in members]
        read = nullable(slots) if samples else None
        settled = []
        for at, member in enumerate(members):
            if not slots[at].value:
                settled.append(member)
                continue
            null, certain = read[at] if read is not None else (slots[at].null, slots[at].null)
            if not certain:
                says = "nullable" if null else "not nullable"
                self.guesses.add(f"the samples do not tell for certain: taken as {says}", f"{record}.{member.name}")
            settled.append(msgspec.structs.replace(member, nillable=null))
        return settled

    def _slot(self, member: Member, sample: Any) -> Slot:
        kind = self.types.get(member.type)
        value = self._is_value(member.type)
        if isinstance(kind, Scalar):
            counts = DATATYPES[kind.datatype].counted and sample is not ABSENT
            return Slot(counts, value, printed_number(kind.datatype, sample), sample is None)
        return Slot(isinstance(kind, Anything), value, None, sample is None)

    def _xml_order(self, seen: Seen, record: str, base: str | None) -> Callable[[Member], tuple[bool, bool, int, str]]:
        shown = [local(child) for child in seen.children]
        if not shown and seen.members:
            self.guesses.add("no XML sample: XML order is by name", record)
        known = {name: at for at, name in enumerate(shown)}
        own = [local(child) for child in seen.children if namespace_of(child) != base]
        by_name = own == sorted(own)
        # Where the sample is by name throughout, so is what it does not show; otherwise that comes at the end.
        return lambda member: (
            not member.in_xml,
            member.namespace != base,
            0 if by_name and member.namespace != base else known.get(member.name, len(known)),
            member.name,
        )
