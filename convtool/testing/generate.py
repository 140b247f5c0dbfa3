"""Realistic, varied values of any contract from a seed: the same seed gives the same values, on every machine.

What a member's values look like (words, codes, counts, identifiers, midnights, time stamps) is settled by its name, so
a member looks the same throughout a payload, as in real data. Everything .NET would write is written: no member is
absent but those that are left out at their default. For corners, rather than likeness, there are the strategies.
"""

from __future__ import annotations

import random
import zlib
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.errors import SourceError, UsageError
from convtool.model.contract import Anything, Array, Dictionary, Enumeration, Member, Record, Scalar
from convtool.model.datatypes import DATATYPES, Datatype
from convtool.model.json_schema import is_within_itself
from convtool.testing.choices import accepts, default_value, flag_values, spoken_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Protocol

    from convtool.convert import Codec, Format

    class Sink(Protocol):
        """A binary file that is written to."""

        def write(self, data: bytes, /) -> object:
            """Take bytes."""


__all__ = ["Generator", "write"]

_NULLS = 0.08  # the share of null among values that can be null: seen on every page, and still the exception
_SIZES = (0, 1, 1, 2, 2, 2, 3, 3, 4, 6)  # how many items a list has
_NESTED = 3  # how often a record may be within itself
_RECORDS = 500  # in one value: those that refer to each other freely would be of any number
_ATTEMPTS = 500  # values that are made where the schemas may refuse most
_BATCH = 256  # records written at a time: enough for the writers' speed, little memory


class Generator:
    """Gives values of one contract, one after the other. ``seed`` is any integer."""

    def __init__(self, codec: Codec, seed: int = 0) -> None:
        self.codec = codec
        self.contract = codec.model
        self.types = codec.model.types
        self.classes = codec.instances.classes
        self.random = random.Random(seed)  # noqa: S311 - test data, which must repeat
        self.open: dict[str, int] = {}  # how often a record's type is open around the value in hand
        self.left = _RECORDS  # how many records the value in hand may still have that could nest
        self._makers: dict[tuple[str, str], Callable[[], Any]] = {}

    def value(self, records: int | None = None) -> Any:
        """Give a value of the contract; ``records`` is how many items a list contract's has."""
        if self.contract.item is None:
            return next(self.records(1))
        return list(self.records(self.random.choice(_SIZES) if records is None else records))

    def records(self, count: int) -> Iterator[Any]:
        """Yield items of a list contract, or values of another."""
        item = self.contract.item
        make = (
            self._maker(self.contract.name, self.contract.root) if item is None else self._maker(item.name, item.type)
        )
        for _ in range(count):
            self.left = _RECORDS
            yield make() if self.codec.referee is None else self._accepted(make)

    def _accepted(self, make: Callable[[], Any]) -> Any:
        """Make a value until the schema files accept it, where they say more than the model."""
        for _ in range(_ATTEMPTS):
            value = make()
            if accepts(self.codec, value if self.contract.item is None else [value]):
                return value
        said = ", ".join(self.contract.extra)
        raise UsageError(
            f"{self.contract.name}: no value was found that meets what the schemas say beyond types: {said}"
        )

    def _member(self, member: Member) -> Callable[[], Any]:
        make = self._maker(member.name, member.type)
        if member.emit_default and not member.nillable:
            return make
        rand = self.random.random
        if member.emit_default:
            return lambda: None if rand() < _NULLS else make()
        default = default_value(self.types[member.type])

        def make_unless_default() -> Any:
            value = msgspec.UNSET if rand() < _NULLS else make()
            return msgspec.UNSET if value is None or value == default else value

        return make_unless_default

    def _maker(self, name: str, key: str) -> Callable[[], Any]:
        """Give the function that makes values of a type for a member called ``name``."""
        found = self._makers.get((name, key))
        if found is None:
            # Types may be within themselves: until this one is made, its place looks it up.
            def later() -> Any:
                return self._makers[name, key]()

            self._makers[name, key] = later
            found = self._makers[name, key] = self._make(name, key)
        return found

    def _make(self, name: str, key: str) -> Callable[[], Any]:
        match self.types[key]:
            case Scalar(datatype=datatype):
                return self._scalar(name, DATATYPES[datatype])
            case Enumeration() as kind:
                values = flag_values(kind)
                return lambda: self.random.choice(values)
            case Record():
                makers = [self._record(one) for one in spoken_of(self.contract, key)]
                return makers[0] if len(makers) == 1 else self._any(makers)
            case Array(item=item):
                return self._within(key, self._list(item), list)
            case Dictionary() as kind:
                return self._within(key, self._dictionary(kind), dict)
            case Anything():
                return self._scalar(name, DATATYPES["string"])

    def _scalar(self, name: str, kind: Datatype) -> Callable[[], Any]:
        """Give the function that makes values of a datatype; a member's name chooses among the type's styles."""
        style = kind.realistic[zlib.crc32(name.encode()) % len(kind.realistic)]
        return lambda: style(self.random)

    def _any(self, makers: list[Callable[[], Any]]) -> Callable[[], Any]:
        def make_any() -> Any:
            return self.random.choice(makers)()

        return make_any

    def _record(self, record: Record) -> Callable[[], Any]:
        members = [record.members[index] for index in record.order]
        makers = [self._member(member) for member in members]
        nested = [self._nests(member) for member in members]
        key, cls, opened = record.key, self.classes[record.key], self.open
        if not any(nested):
            return lambda: cls(*[make() for make in makers])

        def make_nested() -> Any:
            depth = opened[key] = opened.get(key, 0) + 1
            self.left -= 1
            values = [
                self._stop(member) if deep and (depth >= _NESTED or self.left <= 0) and not member.is_needed else make()
                for member, make, deep in zip(members, makers, nested, strict=True)
            ]
            opened[key] = depth - 1
            return cls(*values)

        return make_nested

    def _nests(self, member: Member) -> bool:
        """Tell whether a member's type leads back to a record that has it."""
        seen: set[str] = set()
        waiting = [member.type]
        while waiting:
            key = waiting.pop()
            kind = self.types[key]
            if isinstance(kind, Record) and any(member is one for one in kind.members):
                return True
            if key not in seen:
                seen.add(key)
                waiting += [*_below(kind), *self.contract.derived.get(key, ())]
        return False

    def _stop(self, member: Member) -> Any:
        """Give the value of a member that would nest too deeply."""
        kind = self.types[member.type]
        if isinstance(kind, (Array, Dictionary)):
            return [] if isinstance(kind, Array) else {}
        return None if member.nillable else msgspec.UNSET

    def _within(self, key: str, make: Callable[[], Any], empty: Callable[[], Any]) -> Callable[[], Any]:
        """Bound what a list or dictionary makes that is within itself, without a record that would be counted."""
        if not is_within_itself(self.contract, key):
            return make
        opened = self.open

        def make_within() -> Any:
            depth = opened[key] = opened.get(key, 0) + 1
            value = make() if depth <= _NESTED else empty()
            opened[key] = depth - 1
            return value

        return make_within

    def _list(self, item: Member) -> Callable[[], Any]:
        make = self._maker(item.name, item.type)  # items are null only where something is wrong
        choice = self.random.choice
        return lambda: [make() for _ in range(choice(_SIZES))]

    def _dictionary(self, kind: Dictionary) -> Callable[[], Any]:
        make_key, make_value = self._maker(kind.key_member.name, kind.key_member.type), self._member(kind.value_member)
        choice = self.random.choice
        return lambda: {make_key(): make_value() for _ in range(choice(_SIZES))}


def _below(kind: object) -> list[str]:
    """Give the keys of the types that a type is made of."""
    match kind:
        case Record(members=members):
            return [member.type for member in members]
        case Array(item=item):
            return [item.type]
        case Dictionary(value_member=value):
            return [value.type]
    return []


def write(codec: Codec, sink: Sink, to: Format, *, seed: int, count: int | None, pretty: bool = False) -> None:
    """Write generated payloads into a binary file, in constant memory.

    A list contract's document has ``count`` records; of another contract ``count`` documents are written, one a line in
    the wire form. SourceError where the file cannot be written, UsageError where ``count`` is negative.
    """
    if count is not None and count < 0:
        raise UsageError(f"the count is {count}; it cannot be negative")
    generator = Generator(codec, seed)
    is_list = codec.model.item is not None
    parts = (
        _document(codec, generator, to, len(_SIZES) if count is None else count, pretty=pretty)
        if is_list
        else _lines(codec, generator, to, 1 if count is None else count, pretty=pretty)
    )
    try:
        for part in parts:
            sink.write(part)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SourceError(f"{getattr(sink, 'name', 'the output')}: {error.strerror or error}") from None


def _lines(codec: Codec, generator: Generator, to: Format, count: int, *, pretty: bool) -> Iterator[bytes]:
    for value in generator.records(count):
        yield codec.formats[to].write(value, pretty=pretty) + (b"\n" if pretty or count != 1 else b"")


def _document(codec: Codec, generator: Generator, to: Format, count: int, *, pretty: bool) -> Iterator[bytes]:
    form = codec.formats[to]
    if count == 0:
        yield form.write([], pretty=pretty)
    else:
        before, between = form.separators(pretty=pretty)
        records = generator.records(count)
        for first in range(0, count, _BATCH):
            values = [next(records) for _ in range(min(_BATCH, count - first))]
            yield (between if first else before) + form.items(values, pretty=pretty)
        yield form.ending(pretty=pretty)
    if pretty:
        yield b"\n"
