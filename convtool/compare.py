"""Are two payloads the same value? The contract's model walks both; what differs is listed by path, with both places.

Formats do not matter, nor what is no content: white space, prefixes, the order of JSON's members. Absent, null and
empty are three things. Numbers compare as numbers (1.0 is 1.00, NaN is NaN), dictionaries by key, lists item by item,
and dates as texts or as instants.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

import msgspec

from convtool import shown
from convtool.errors import UsageError
from convtool.findings import Findings
from convtool.formats.anything import as_json
from convtool.formats.json.keys import key_text
from convtool.formats.json.locate import places_of as json_places
from convtool.formats.markup import meaning
from convtool.formats.suggest import member as suggest_member
from convtool.formats.text import decode, from_str
from convtool.formats.xml.locate import places_of as xml_places
from convtool.model.anything import JsonText, Markup
from convtool.model.contract import Anything, Array, Contract, Dictionary, Record, Scalar
from convtool.model.datatypes import DATATYPES, LexicalError
from convtool.model.instance import field_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convtool.findings import Location
    from convtool.model.contract import Member, Type
    from convtool.model.datatypes import Datatype
    from convtool.model.instance import Instances
    from convtool.sniff import Format

__all__ = ["Dates", "Difference", "Side", "check_options", "compare"]

Dates = Literal["text", "instant"]
Kind = Literal["value", "null", "absent", "length", "key", "type"]
ABSENT = "absent"  # what stands for a value that is not there
_SHOWN = 60  # characters of a value that a line shows
_NO_POINTER = re.compile("~(?![01])")
_INDEX = re.compile(r"\*|0|[1-9][0-9]*")
_COMMON = 20  # of them, those that both values begin with


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two payloads differ: ``path`` is a JSON Pointer, whatever the formats; the values are texts.

    ``kind``: "value" (two values), "null" (one is null), "absent" (a member is in one only), "key" (so is a
    dictionary's key), "length" (two lists) or "type" (two records). A location is None where a side has nothing at the
    path.
    """

    path: str
    kind: Kind
    left: str
    right: str
    left_location: Location | None = None
    right_location: Location | None = None

    @property
    def words(self) -> str:
        """What differs, in words."""
        return _WORDS[self.kind]

    @property
    def values(self) -> tuple[str, str]:
        """Both values as parts of a line, from where they differ: so much of them that it is seen."""
        start = _first_difference(self.left, self.right)
        return shown.line(_cut(self.left, start)), shown.line(_cut(self.right, start))

    def text(self, left: str = "left", right: str = "right") -> str:
        """Give the lines that a person reads; ``left`` and ``right`` name the payloads."""
        sides = zip((left, right), self.values, (self.left_location, self.right_location), strict=True)
        lines = [f"{shown.line(self.path or '(root)')}: {self.words}"]
        for name, value, location in sides:
            place = f":{location.line}:{location.column}" if location else ""
            lines.append(f"  {shown.line(name)}{place}: {value}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form."""
        entry: dict[str, Any] = {"path": self.path, "kind": self.kind}
        for name, value, location in (
            ("left", self.left, self.left_location),
            ("right", self.right, self.right_location),
        ):
            entry[name] = {"text": value}
            if location is not None:
                entry[name] |= {"line": location.line, "column": location.column, "offset": location.offset}
        return entry


_WORDS: dict[Kind, str] = {
    "value": "the values differ",
    "null": "one is null",
    "absent": "the member is absent on one side",
    "key": "the key is absent on one side",
    "length": "the lists differ in length",
    "type": "the records are of different types",
}


@dataclass(frozen=True, slots=True)
class Side:
    """A payload that has been read: its value, and what it was read from, to find places in."""

    value: Any
    content: bytes | str
    format: Format


def compare(
    contract: Contract, instances: Instances, left: Side, right: Side, *,
    ignore: Iterable[str] = (), dates: Dates = "text",
) -> list[Difference]:  # fmt: skip
    """Give the differences of two payloads of a contract, in the order of its members; none where they are one value.

    ``ignore``: JSON Pointers of what does not count, with all that is below; ``*`` stands for any one step.
    UsageError where the contract has nothing at such a path.
    """
    formats = {side.format for side in (left, right)}
    walk = _Walk(contract, instances, check_options(contract, ignore, dates), dates, formats)
    walk.typed(contract.root, left.value, right.value, ())
    if not walk.found:
        return []
    paths = [[step.key for step in found.steps] for found in walk.found]
    places = zip(_places(contract, left, paths), _places(contract, right, paths), strict=True)
    return [found.located(*pair) for found, pair in zip(walk.found, places, strict=True)]


def check_options(contract: Contract, ignore: Iterable[str], dates: str) -> list[tuple[str, ...]]:
    """Give the steps of each pointer of ``ignore``; UsageError as ``compare`` has it."""
    if isinstance(ignore, str):
        raise UsageError(f"{ignore!r} is one text, and a list of pointers is meant", hint=f"write [{ignore!r}]")
    if dates not in get_args(Dates):
        raise UsageError(f"there is no way {dates!r} to compare dates", hint=f"there are: {', '.join(get_args(Dates))}")
    return [_pointer(contract, pointer) for pointer in ignore]


def _places(contract: Contract, side: Side, paths: list[list[Any]]) -> list[Location | None]:
    """Give where a side has the values that paths lead to."""
    quiet = Findings()
    text = from_str(side.content, quiet) if isinstance(side.content, str) else decode(side.content, quiet)
    assert text is not None  # it has been read before
    if side.format == "form":
        return [None] * len(paths)  # a form is one line of a few pairs
    return (xml_places if side.format == "xml" else json_places)(contract, text, paths)


class _Step(NamedTuple):
    """A step of a path: a member's name, an item's index or a dictionary's key; and as a JSON Pointer has it."""

    key: Any
    text: str


_Steps: TypeAlias = tuple[_Step, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    steps: _Steps
    kind: Kind
    left: str
    right: str

    def located(self, left: Location | None, right: Location | None) -> Difference:
        path = "".join(f"/{step.text}" for step in self.steps)
        return Difference(path, self.kind, self.left, self.right, left, right)


@dataclass(slots=True)
class _Walk:
    """Walks two values of one contract side by side."""

    contract: Contract
    instances: Instances
    ignored: list[tuple[str, ...]]
    dates: Dates
    formats: set[Format]  # of the two sides
    found: list[_Found] = field(default_factory=list)
    has_anything: bool = False

    def __post_init__(self) -> None:
        self.has_anything = any(isinstance(kind, Anything) for kind in self.contract.types.values())

    def add(self, steps: _Steps, kind: Kind, left: str, right: str) -> None:
        self.found.append(_Found(steps, kind, left, right))

    def ignores(self, steps: _Steps) -> bool:
        return any(
            len(pointer) == len(steps)
            and all(part in ("*", step.text) for part, step in zip(pointer, steps, strict=True))
            for pointer in self.ignored
        )

    def typed(self, key: str, left: Any, right: Any, steps: _Steps) -> None:
        """Compare two values of a type."""
        kind = self.contract.types[key]
        if (left == right and not self.is_unsure(kind, left, right)) or self.ignores(steps):
            return  # NaN is equal to nothing, and so walked to
        if left is None or right is None:
            self.add(steps, "null", self.told(kind, left), self.told(kind, right))
        elif isinstance(kind, Record):
            self.records(kind, left, right, steps)
        elif isinstance(kind, Array):
            self.items(kind, left, right, steps)
        elif isinstance(kind, Dictionary):
            self.entries(kind, left, right, steps)
        elif not self.same(key, left, right):
            self.add(steps, "value", self.told(kind, left), self.told(kind, right))

    def is_unsure(self, kind: Type, left: Any, right: Any) -> bool:
        """Tell whether values that are equal to Python may differ: in members of anyType True is 1 to it."""
        if isinstance(kind, Anything):
            return isinstance(left, bool) is not isinstance(right, bool)
        return self.has_anything and left is not right and isinstance(kind, (Record, Array, Dictionary))

    def meant(self, value: Any) -> Any:
        """Give what a value of anyType means, to be compared: that of XML as JSON has it, where it has."""
        if isinstance(value, Markup):
            text = as_json(value, self.contract)
            return meaning(value, self.contract.namespace) if text is None else _parsed(text)
        if isinstance(value, JsonText):
            return _parsed(value.text)
        is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        return _number(str(value)) if is_number else value

    def records(self, kind: Record, left: Any, right: Any, steps: _Steps) -> None:
        if type(left) is not type(right):
            self.add(steps, "type", self.told(kind, left), self.told(kind, right))
            return
        record = self.contract.types[self.instances.keys[type(left)]]
        assert isinstance(record, Record)
        for index in record.order:
            member = record.members[index]
            below = (*steps, _step(member.name, member.json_name))
            one, other = (getattr(side, field_name(index)) for side in (left, right))
            if not all(member.is_in(format) for format in self.formats) or self.is_unsaid(member, one, other):
                continue  # one side cannot say it
            if (one is msgspec.UNSET) is (other is msgspec.UNSET):
                self.typed(member.type, one, other, below)
            elif not self.ignores(below):
                of = self.contract.types[member.type]
                self.add(below, "absent", self.told(of, one), self.told(of, other))

    def is_unsaid(self, member: Member, one: Any, other: Any) -> bool:
        """Tell whether a side is JSON, which leaves null out, and so does not tell null from absent."""
        nothing = all(side is None or side is msgspec.UNSET for side in (one, other))
        return nothing and member.omits_null and "json" in self.formats

    def items(self, kind: Array, left: list[Any], right: list[Any], steps: _Steps) -> None:
        if len(left) != len(right):
            self.add(steps, "length", self.told(kind, left), self.told(kind, right))
        for index, (one, other) in enumerate(zip(left, right, strict=False)):
            self.typed(kind.item.type, one, other, (*steps, _step(index)))

    def entries(self, kind: Dictionary, left: dict[Any, Any], right: dict[Any, Any], steps: _Steps) -> None:
        of = self.contract.types[kind.value_member.type]
        for key in {**left, **right}:
            below = (*steps, _step(key, self.key_text(kind, key)))
            if key in left and key in right:
                self.typed(kind.value_member.type, left[key], right[key], below)
            elif not self.ignores(below):
                sides = (self.told(of, side[key]) if key in side else ABSENT for side in (left, right))
                self.add(below, "key", *sides)

    def key_text(self, kind: Dictionary, key: Any) -> str:
        """Give a dictionary's key as JSON has it."""
        return key_text(self.contract.types[kind.key_member.type], key)

    def same(self, key: str, left: Any, right: Any) -> bool:
        """Tell whether two simple values that are not equal to Python are the same to this comparison."""
        kind = self.contract.types[key]
        if isinstance(kind, Anything):
            return bool(self.meant(left) == self.meant(right))
        if isinstance(left, float) and isinstance(right, float):
            return math.isnan(left) and math.isnan(right)
        if self.dates == "text":
            return False
        instant = DATATYPES[kind.datatype].instant if isinstance(kind, Scalar) else None
        return instant is not None and instant(left) == instant(right)

    def told(self, kind: Type, value: Any) -> str:
        """Give a value's text: as JSON shows it where it is simple, else in a few words."""
        if value is msgspec.UNSET:
            return ABSENT
        if value is None:
            return "null"
        match kind:
            case Record():
                return f"a record ({type(value).__name__})"
            case Array():
                return f"a list of {shown.counted(len(value), 'item')}"
            case Dictionary():
                return f"a dictionary of {shown.counted(len(value), 'key')}"
            case Scalar(datatype=name) if not isinstance(value, str):
                return _text(DATATYPES[name], value)
            case _ if isinstance(value, (Markup, JsonText)):
                return value.content if isinstance(value, Markup) else value.text
            case _:
                return _quoted(value) if isinstance(value, (str, bool)) else repr(value)


def _number(text: str) -> tuple[str, Any]:
    """Give a number by its value; by its text what is none, to be equal to itself, or has an exponent of 19 digits."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "number", text
    return "number", number if number.is_finite() else text


def _parsed(text: str) -> Any:
    """Give what JSON says: objects without an order, but for those that have a name twice."""

    def of(pairs: list[tuple[str, Any]]) -> Any:
        found = dict(pairs)
        return found if len(found) == len(pairs) else pairs

    return json.loads(text, parse_int=_number, parse_float=_number, object_pairs_hook=of)


def _quoted(value: str | bool) -> str:
    return msgspec.json.encode(value).decode()


def _text(kind: Datatype, value: Any) -> str:
    try:
        text = kind.format(value)
    except LexicalError:  # parts that have no text together, as a local time beyond the years 1 to 9999
        return str(value)
    return _quoted(text) if kind.json_kind == "string" else text


def _step(key: Any, text: str | None = None) -> _Step:
    """Give a step of a path, with its text as RFC 6901 writes it."""
    return _Step(key, (str(key) if text is None else text).replace("~", "~0").replace("/", "~1"))


def _first_difference(left: str, right: str) -> int:
    """Give the offset from which two texts are shown, so that what differs is seen."""
    common = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    return 0 if common < _SHOWN - _COMMON else common - _COMMON


def _cut(text: str, start: int) -> str:
    shown = text[start : start + _SHOWN]
    return f"{'…' if start else ''}{shown}{'…' if start + _SHOWN < len(text) else ''}"


# --- what is ignored ------------------------------------------------------------------------------------------------


def _pointer(contract: Contract, pointer: str) -> tuple[str, ...]:
    """Split a JSON Pointer; UsageError where it is none, or leads to nothing that the contract has."""
    if pointer and not pointer.startswith("/"):
        raise UsageError(f"{pointer!r} is not a JSON Pointer: it should begin with / as in /{pointer}")
    if _NO_POINTER.search(pointer):
        raise UsageError(f"{pointer!r} is not a JSON Pointer: ~ is written as ~0 there, and / in a name as ~1")
    parts = tuple(pointer.split("/")[1:])
    kinds = [contract.types[contract.root]]
    for part in parts:
        kinds = _below(contract, kinds, part.replace("~1", "/").replace("~0", "~"), pointer)
    return parts


def _below(contract: Contract, kinds: Sequence[Type], part: str, pointer: str) -> list[Type]:
    """Give the types that a step of a pointer may lead to."""
    keys: set[str] = set()
    names: list[str] = []
    for kind in kinds:
        if isinstance(kind, Record):
            known = [contract.types[key] for key in (kind.key, *contract.derived.get(kind.key, ()))]
            members = [member for one in known if isinstance(one, Record) for member in one.members]
            names += [member.json_name for member in members]
            keys |= {member.type for member in members if part in ("*", member.json_name)}
        elif isinstance(kind, Array) and _INDEX.fullmatch(part):
            keys.add(kind.item.type)
        elif isinstance(kind, Dictionary):
            keys.add(kind.value_member.type)
    if not keys:
        if any(isinstance(kind, Anything) for kind in kinds):
            told = f"{pointer!r} leads into a value of any type, which counts as a whole"
            raise UsageError(told, hint="name the member that holds it")
        hint = suggest_member(part, tuple(names)) if names else ""
        if any(isinstance(kind, Array) for kind in kinds):
            hint = "The items of a list are 0, 1, … or *."
        raise UsageError(
            f"{pointer!r} leads to nothing that {contract.name} has: there is no {part!r}. {hint}".rstrip()
        )
    return [contract.types[key] for key in sorted(keys)]
