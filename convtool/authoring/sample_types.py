"""Payloads → types: what values at one place of a contract have in common, in XML and in JSON.

All that was seen of a place is held together: elements of XML, values of JSON. Records of one name are one type, and
what was seen of any of them counts for all. What the values leave open is decided for what .NET writes most often, and
is a guess, which is told.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from convtool.authoring.clr_names import ARRAYS, collection_namespace, encoded, generic_name
from convtool.authoring.help_page.guesses import Guesses
from convtool.authoring.order import settle
from convtool.authoring.type_set import LIST, TypeSet, Use
from convtool.errors import ContractError
from convtool.model.contract import XSI, Enumeration, Member, Record, split_key
from convtool.model.datatypes import DATATYPES
from convtool.model.numbers import LexicalError
from convtool.model.spelling import camel, pascal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element

__all__ = ["Root", "Seen", "infer"]

_ROUNDS = 8  # in which types that are within each other come to know what was seen of each
_SCALARS = {  # datatypes in the order in which they are tried, and what is said of the guess
    "boolean": "", "int": "whole numbers that fit are taken for an int", "long": "", "unsignedLong": "",
    "decimal": "numbers with a fraction are taken for a decimal; a double looks the same", "double": "",
    "float": "",
    "guid": "", "dateTime": "", "dateOrDateTime": "days without a time are taken for dates that may have one",
    "duration": "", "string": "",
}  # fmt: skip
_PARTS = {frozenset(name for name, _ in row.parts): row.name for row in DATATYPES.values() if row.parts}
_ENTRY = "KeyValueOf"
_IDENTIFIER = re.compile(r"[^\W\d][\w.-]*")
_NUMBER = re.compile(r"-?\d{1,9}")
_WORDS = re.compile(r"[^\W\d][\w.-]*(?: [^\W\d][\w.-]*)*")


@dataclass
class Seen:
    """What was seen of one place: elements and JSON values, None where JSON has null.

    ``pairs``: those of both that are one value, as samples in both formats show it.
    """

    xml: list[_Element] = field(default_factory=list)
    json: list[Any] = field(default_factory=list)
    pairs: list[tuple[_Element, Any]] = field(default_factory=list)

    def add(self, other: Seen) -> None:
        """Take what was seen elsewhere of the same, once."""
        known = {id(one) for one in (*self.xml, *self.json)}
        self.xml.extend(one for one in other.xml if id(one) not in known)
        self.json.extend(one for one in other.json if id(one) not in known)
        self.pairs.extend(pair for pair in other.pairs if id(pair[0]) not in known)

    @property
    def elements(self) -> list[_Element]:
        """The elements that are not nil."""
        return [one for one in self.xml if not _is_nil(one)]

    @property
    def values(self) -> list[Any]:
        """The JSON values that are not null."""
        return [one for one in self.json if one is not None]

    @property
    def has_null(self) -> bool:
        """Whether it was null somewhere."""
        return len(self.elements) < len(self.xml) or len(self.values) < len(self.json)


class _Inference(TypeSet):
    """Makes types of what was seen; ``records`` holds all that was seen of each record, by its key."""

    def __init__(self) -> None:
        super().__init__()
        self.namespace = ""  # of the root that is looked at
        self.records: dict[str, Seen] = {}
        self.numbers: dict[str, dict[str, int]] = {}  # of enumerations, by their keys: what pairs have told
        self.guesses = Guesses()
        self._made: set[str] = set()

    def start(self) -> None:
        """Begin another round, with what the last one has seen of records."""
        self.types, self._made = {}, set()

    def known(self) -> tuple[Any, ...]:
        """Give what changes as long as a round has shown something new."""
        records = {key: (len(one.xml), len(one.json)) for key, one in self.records.items()}
        return records, {key: dict(numbers) for key, numbers in self.numbers.items()}

    def use(self, seen: Seen, hint: str, where: str) -> Use:
        """Give the type of a place: ``hint`` names a record there, ``where`` says the place in guesses."""
        elements, values = seen.elements, seen.values
        if any(one.get(f"{{{XSI}}}type") is not None for one in elements):
            self.guesses.add("i:type tells types that samples say too little of: taken for content of any shape", where)
            return self.anything()
        shapes = {_shape(value) for value in values}
        if len(shapes) > 1:
            self.guesses.add("values of several shapes are taken for content of any shape", where)
            return self.anything()
        shape = next(iter(shapes), "") or self._shape_of(elements, where)
        children = frozenset(_local(child) for one in elements for child in one)
        if shapes <= {"text"} and children in _PARTS:
            return self.simple(_PARTS[children])
        if shape == "text" and children:
            self.guesses.add("a text in JSON that has elements in XML is taken for content of any shape", where)
            return self.anything()
        if shape == "list":
            return self._list(seen, hint, where)
        if shape == "object":
            return self._object(seen, hint, where)
        return self._scalar(seen, hint, where)

    def _shape_of(self, elements: list[_Element], where: str) -> str:
        """Tell the shape by XML alone: children of one name are a list where anything speaks for it."""
        names = {_local(child) for one in elements for child in one}
        if not names:
            return ""
        if len(names) > 1:
            return "object"
        name = next(iter(names))
        if any(_space(child) == ARRAYS for one in elements for child in one):
            return "object" if name.startswith(_ENTRY) else "list"
        owners = {_local(one) for one in elements}
        if any(len(one) > 1 for one in elements) or owners == {f"{LIST}{name}"}:
            return "list"
        plural = all(owner.lower().startswith(name.lower()) for owner in owners)
        self.guesses.add(
            f"one element {name} inside is taken for {'a list of them' if plural else 'its only member'}", where
        )
        return "list" if plural else "object"

    def _list(self, seen: Seen, hint: str, where: str) -> Use:
        pairs = [zip(one, value, strict=True) for one, value in seen.pairs if _are_alike(one, value, list)]
        items = Seen(
            [child for one in seen.elements for child in one],
            [item for value in seen.values for item in value],
            [pair for both in pairs for pair in both],
        )
        names = Counter(_local(child) for child in items.xml)
        if len(names) > 1:
            raise ContractError(f"{where}: a list in JSON has elements of several names in XML: {', '.join(names)}")
        name = next(iter(names), "")
        if not items.xml and not items.json:
            self.guesses.add("a list that is always empty is taken to be of texts", where)
        item = self.use(items, name or _item_name(hint), f"{where}/{name or 'item'}")
        if items.has_null and item.is_value:
            item = Use(item.key, is_value=True, nullable=True)
        spaces = {_space(child) for child in items.xml} - {collection_namespace(item.stable_name[0])}
        key = f"{{{spaces.pop()}}}{LIST}{name}" if spaces else ""  # .NET's own would have another
        return self.list_of(item, key, name if name != split_key(item.key)[1] else "")

    def _object(self, seen: Seen, hint: str, where: str) -> Use:
        entries = [child for one in seen.elements for child in one]
        if entries and all(_local(child).startswith(_ENTRY) for child in entries):
            return self._dictionary(seen, entries, where)
        names = {name for value in seen.values for name in value if name[:1] != "$"}
        if not entries and not all(map(_IDENTIFIER.fullmatch, names)):
            self.guesses.add("an object whose names are no identifiers is taken for a dictionary", where)
            found = [item for value in seen.values for item in value.values()]
            of = self.simple("int" if all(map(_NUMBER.fullmatch, names)) else "string")
            return self.dictionary_of(of, self.use(Seen([], found), "Value", f"{where}/Value"))
        key = f"{{{self._space_of(seen)}}}{encoded(hint)}"
        known = self.records.setdefault(key, Seen())
        known.add(seen)
        if key not in self._made:
            self._made.add(key)
            self.types[key] = Record(key, ())
            self.types[key] = self._record(key, known)
        return Use(key)

    def _space_of(self, seen: Seen) -> str:
        roots = [one for one in seen.elements if one.getparent() is None]
        spaces = Counter(_space(child) for one in seen.elements for child in one if not roots)
        spaces = spaces or Counter(_space(one) for one in seen.elements)
        return spaces.most_common(1)[0][0] if spaces else self.namespace

    def _dictionary(self, seen: Seen, entries: list[_Element], where: str) -> Use:
        parts = [child for entry in entries for child in entry]
        keys, values = ([part for part in parts if _local(part) == name] for name in ("Key", "Value"))
        of = self.use(Seen(keys), "Key", f"{where}/Key")
        entry = _local(entries[0])
        pairs = [
            (part, item)
            for one, value in seen.pairs if _are_alike(one, value, dict)
            for entry, item in zip(one, value.values(), strict=True)
            for part in entry if _local(part) == "Value"
        ]  # fmt: skip
        inside = Seen(values, [item for value in seen.values for item in value.values()], pairs)
        value = self.use(inside, _value_name(entry, of, self._space_of(inside)), f"{where}/Value")
        return self.dictionary_of(of, value, names=(entry, "", ""))

    def _record(self, key: str, seen: Seen) -> Record:
        namespace, name = split_key(key)
        # What grows while its members are looked at counts in the next round.
        seen = Seen(seen.elements, seen.values, [*seen.pairs])
        places: dict[str, Seen] = {}
        for one in seen.elements:
            for child in one:
                places.setdefault(_local(child), Seen()).xml.append(child)
        folded = {one.casefold(): one for one in places}
        names: dict[str, str] = {}  # of properties, as XML has them
        for value in seen.values:
            for property_, item in value.items():
                if property_.startswith("$"):
                    continue
                called = (
                    property_ if property_ in places else folded.setdefault(property_.casefold(), pascal(property_))
                )
                if called != property_ and not seen.elements:
                    self.guesses.add("names in camel case are taken to be those of XML with a capital letter", name)
                names[property_] = called
                places.setdefault(called, Seen()).json.append(item)
        for one, value in seen.pairs:
            children = {_local(child): child for child in one}
            for property_, item in value.items() if isinstance(value, dict) else ():
                if (called := names.get(property_, "")) in children:
                    places[called].pairs.append((children[called], item))
        members = [self._member(namespace, name, one, place) for one, place in places.items()]
        members.sort(key=lambda member: member.name.encode("utf-16-be"))
        sequences = [tuple(_local(child) for child in one) for one in seen.elements]
        if any(len(sequence) > 1 for sequence in sequences):
            order, notes = settle(Record(key, tuple(members)), list(dict.fromkeys(sequences)))
            members = [members[at] for at in order]
            for note in notes:
                self.guesses.add(f"{note} (XML)", name)
        elif len(members) > 1:
            self.guesses.add("no sample shows the order of XML: taken to be that of the names", name)
        return self._with_base(Record(key, tuple(members)))

    def _with_base(self, record: Record) -> Record:
        """Give the record with a base class for members of another namespace, which are never a class's own."""
        namespace, name = split_key(record.key)
        foreign = tuple(member for member in record.members if member.namespace != namespace)
        if not foreign:
            return record
        self.guesses.add("members of another namespace are taken for those of a base class with a made up name", name)
        base = f"{{{foreign[0].namespace}}}{name}Base"
        self.types[base] = Record(base, foreign)
        own = tuple(member for member in record.members if member.namespace == namespace)
        return Record(record.key, (*foreign, *own), base=base)

    def _member(self, namespace: str, owner: str, name: str, seen: Seen) -> Member:
        where = f"{owner}/{name}"
        use = self.use(seen, f"{name[:1].upper()}{name[1:]}", where)
        if use.is_value and not seen.has_null:
            self.guesses.add("never null in a sample, and taken never to be", where)
        spaces = Counter(_space(one) for one in seen.xml)
        return Member(
            name,
            spaces.most_common(1)[0][0] if spaces else namespace,
            use.key,
            nillable=seen.has_null or use.nillable,
        )

    # --- scalars ---

    def _scalar(self, seen: Seen, hint: str, where: str) -> Use:
        texts, values = [one.text or "" for one in seen.elements], seen.values
        pairs = [(one.text or "", value) for one, value in seen.pairs if value is not None and not _is_nil(one)]
        if not texts and not values:
            self.guesses.add("always null: taken for a text", where)
            return self.simple("string")
        whole = values and all(isinstance(value, int) and not isinstance(value, bool) for value in values)
        if whole and texts and all(_WORDS.fullmatch(text) for text in texts):
            return self._enumeration(texts, dict(pairs), hint, where)
        if _are_in_camel_case(texts, values, pairs):
            known = {camel(text) for text in texts}
            return self._enumeration([*texts, *(pascal(one) for one in values if one not in known)], {}, hint, where)
        if _are_characters(texts, values, pairs):
            return self.simple("char")
        name = next((name for name in _SCALARS if _fits(name, texts, values)), "")
        if not name:
            self.guesses.add("values of several kinds are taken for content of any shape", where)
            return self.anything()
        if _SCALARS[name]:
            self.guesses.add(_SCALARS[name], where)
        elif name == "string" and not any(texts) and not values:
            self.guesses.add("always empty: taken for a text", where)
        return self.simple(name, self.namespace)

    def _enumeration(self, texts: list[str], pairs: dict[str, int], hint: str, where: str) -> Use:
        """Give the enumeration of names in XML and numbers in JSON; pairs of samples tell which is which.

        What they have told of it counts wherever it is used.
        """
        flags = any(" " in text for text in texts)
        names = dict.fromkeys(word for text in texts for word in text.split())
        key = f"{{{self.namespace}}}{encoded(hint)}"
        told = self.numbers.setdefault(key, {})
        told.update({name: pairs[name] for name in names if name in pairs})
        known = self.types.get(key)
        numbers = {**dict(known.values if isinstance(known, Enumeration) else ()), **told}
        free = iter(number for number in _counting(flags) if number not in numbers.values())
        for name in names:
            if name not in told:
                self.guesses.add("numbers of names that no pair of samples shows are made up", where)
            if name not in numbers:
                numbers[name] = next(free)
        self.guesses.add("an enumeration has the names that were seen", where)
        ordered = tuple(sorted(numbers.items(), key=lambda pair: pair[1]))
        self.types[key] = Enumeration(key, ordered, flags=flags)
        return Use(key, is_value=True)


@dataclass(frozen=True, slots=True)
class Root:
    """What was seen of a contract's root, its name and namespace."""

    name: str
    namespace: str
    seen: Seen


def infer(roots: Sequence[Root]) -> tuple[TypeSet, list[tuple[str, list[str]]]]:
    """Give the types of payloads; for each root the key of its type, and what was guessed, a line for each reason.

    What several roots have of one name is one type.
    """
    inference = _Inference()
    found: list[tuple[str, list[str]]] = []
    for _ in range(_ROUNDS):
        before = inference.known()
        inference.start()
        found = []
        for root in roots:
            inference.guesses = Guesses()
            inference.namespace = root.namespace
            use = inference.use(root.seen, root.name, root.name)
            found.append((use.key, inference.guesses.texts()))
        if before == inference.known():
            break
    return inference, found


def _value_name(entry: str, of: Use, namespace: str) -> str:
    """Give the name of a dictionary's values by that of its entries, whose hash proves it; else a made up one."""
    for end in range(len(entry), 0, -1):
        name = entry[:end].removeprefix(_ENTRY).removeprefix(of.stable_name[1])
        if name and generic_name("KeyValue", [2], [of.stable_name, (namespace, name)]) == entry:
            return name
    return "Value"


def _fits(name: str, texts: Iterable[str], values: Iterable[Any]) -> bool:
    """Tell whether all texts of XML and all values of JSON are of a datatype, as .NET would write them."""
    row = DATATYPES[name]
    kinds = {"boolean": bool, "integer": int, "number": (int, Decimal), "string": str}
    for text in texts:
        try:
            if row.format(row.parse(text)) != text:
                return False
        except (LexicalError, ValueError):
            return False
    for value in values:
        if value in row.json_words:
            continue
        if not isinstance(value, kinds[row.json_kind]) or (isinstance(value, bool) and name != "boolean"):  # type: ignore[arg-type]
            return False
        try:
            if name == "decimal" and "E" in str(value):
                return False
            row.read_json(("true" if value else "false") if name == "boolean" else str(value))
        except (LexicalError, ValueError):
            return False
    return True


def _are_characters(texts: list[str], values: list[Any], pairs: list[tuple[str, Any]]) -> bool:
    """Tell whether XML has the codes of JSON's characters: by pairs where there are some, else by all."""
    singles = bool(values) and all(isinstance(value, str) and len(value) == 1 for value in values)
    if not singles or not texts:
        return False
    if pairs:
        return _fits("char", texts, values) and all(str(ord(value)) == text for text, value in pairs)
    return {str(ord(value)) for value in values} == set(texts)


def _are_in_camel_case(texts: list[str], values: list[Any], pairs: list[tuple[str, Any]]) -> bool:
    """Tell whether JSON has XML's words in camel case, as it has names of enumerations: by pairs, else by all."""
    words = bool(values) and all(isinstance(value, str) for value in values) and all(map(_WORDS.fullmatch, texts))
    if not words:
        return False
    if pairs:
        named = all(_IDENTIFIER.fullmatch(value) and camel(pascal(value)) == value for value in values)
        other = any(text != value for text, value in pairs)
        return named and other and all(camel(text) == value for text, value in pairs)
    return set(texts) != set(values) and {camel(text) for text in texts} == set(values)


def _counting(flags: bool) -> Iterable[int]:
    return (1 << at for at in range(63)) if flags else range(1 << 20)


def _shape(value: Any) -> str:
    return "list" if isinstance(value, list) else "object" if isinstance(value, dict) else "text"


def _item_name(name: str) -> str:
    """Give a name for the items of a list: ``ArrayOfOrder`` and ``Orders`` are of ``Order``."""
    if name.startswith(LIST) and name != LIST:
        return name.removeprefix(LIST)
    return name.removesuffix("s") if len(name) > 1 else name


def _are_alike(element: _Element, value: Any, kind: type[list[Any] | dict[str, Any]]) -> bool:
    """Tell whether JSON has as many items or entries as XML: only then each is known to be the other's."""
    return isinstance(value, kind) and len(element) == len(value)


def _is_nil(element: _Element) -> bool:
    return (element.get(f"{{{XSI}}}nil") or "").strip() in ("true", "1")


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _space(element: _Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")
