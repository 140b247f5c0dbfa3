"""The JSON of a contract, of which an XSD has no order and no names: sample payloads show them, C# declares them.

``from_sample`` gives what a sample shows. ``with_order`` settles one order for each record, by all that is shown of it;
what no source tells keeps XML order, and a note says so. A source that does not fit the contract is a ContractError
that names the place.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.authoring.dialect import ANYTHING, DEFAULT, dressed, related, seen
from convtool.authoring.shown import Shown
from convtool.errors import ContractError
from convtool.model.codings import shown_by
from convtool.model.contract import Array, Contract, Dictionary, Enumeration, Member, Record, split_key
from convtool.model.spelling import camel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from convtool.authoring.dialect import Dialect

__all__ = ["METADATA", "Sample", "fit", "from_sample", "load_sample", "named", "settle", "with_order"]

METADATA = ("$id", "$ref", "$type", "$values")  # Json.NET's own names: not members


# --- sample payloads ------------------------------------------------------------------------------------------------


def load_sample(path: Path) -> Any:
    """Give the content of a sample JSON file; objects keep the order of their names."""
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ContractError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ContractError(f"{path}: not a JSON payload: {error}") from None


def from_sample(contract: Contract, value: Any, source: str, key: str = "") -> Shown:
    """Give what a sample payload shows of a contract; ContractError where it is not of the contract's shape.

    ``key`` is the type that the sample is of, where that is another than the root's.
    """
    shown = Shown(sources=[source])
    sample = Sample(contract, source, shown)
    sample.visit(key or contract.root, value, "")
    sample.settle()
    return shown


def fit(contract: Contract, value: Any, key: str = "") -> int:
    """Tell how well a sample fits a contract: how many members of it the sample shows; -1 where it does not fit."""
    try:
        shown = from_sample(contract, value, "", key)
    except ContractError:
        return -1
    return sum(len(max(sequences, key=len)) for sequences in shown.sequences.values())


class Sample:
    """Walks a sample along the types."""

    def __init__(self, contract: Contract, source: str, shown: Shown) -> None:
        self.contract = contract
        self.source = source
        self.shown = shown
        self._values: dict[str, list[Any]] = {}  # of enumerations

    def settle(self) -> None:
        """Note how enumerations stand in JSON, by all values of each."""
        for key, values in self._values.items():
            kind = self.contract.types[key]
            assert isinstance(kind, Enumeration)
            self.shown.codings[key] = shown_by(kind, values)

    def fail(self, pointer: str, found: str, wanted: str) -> ContractError:
        """Give the error of a sample that is not of the contract's shape."""
        return ContractError(f"{self.source}#{pointer}: {found}; {self.contract.name} has {wanted} there")

    def visit(self, key: str, value: Any, pointer: str) -> None:
        """Visit a value of a type; null shows nothing."""
        if value is None:
            return
        match self.contract.types[key]:
            case Record():
                self._record(key, self._expect(value, dict, "an object", pointer), pointer)
            case Array(item=item):
                if isinstance(value, dict) and "$values" in value:
                    value = value["$values"]
                for index, one in enumerate(self._expect(value, list, "a list", pointer)):
                    self.visit(item.type, one, f"{pointer}/{index}")
            case Dictionary(value_member=member):
                for name, one in self._expect(value, dict, "an object", pointer).items():
                    if name not in METADATA:
                        self.visit(member.type, one, f"{pointer}/{name}")
            case Enumeration():
                self._values.setdefault(key, []).append(value)

    def _expect(self, value: Any, kind: type, wanted: str, pointer: str) -> Any:
        if not isinstance(value, kind):
            raise self.fail(pointer, f"a {type(value).__name__} in the sample", wanted)
        return value

    def _record(self, declared: str, value: dict[str, Any], pointer: str) -> None:
        key = self._actual(declared, value)
        record = self.contract.types[key]
        assert isinstance(record, Record)
        names = [name for name in value if name not in METADATA]
        members = named(record, names)
        for name in names:
            if name not in members:
                known = ", ".join(member.json_name for member in record.members if member.in_json)
                raise self.fail(f"{pointer}/{name}", f"a member {name!r} in the sample", f"only {known}")
            self.visit(members[name].type, value[name], f"{pointer}/{name}")
        if "$ref" not in value:  # a reference shows nothing of the record
            self.note(key, value, members)

    def note(self, key: str, value: dict[str, Any], members: Mapping[str, Member]) -> None:
        """Note what an object shows of a record: ``members`` by the object's names."""
        record, shown = self.contract.types[key], self.shown
        assert isinstance(record, Record)
        shown.add(key, (members[name].name for name in value if name in members))
        shown.names.setdefault(key, {}).update(
            {member.name: name for name, member in members.items() if name != member.name}
        )
        for name, member in members.items():
            shown.spelled.add((key, member.name))
            if value[name] is None:
                shown.nulls.add((key, member.name))
        there = {member.name for member in members.values()}
        shown.absent |= {
            (key, member.name)
            for member in record.members
            if member.nillable and member.in_json and member.emit_default and member.name not in there
        }

    def _actual(self, declared: str, value: dict[str, Any]) -> str:
        """Give the declared type or the known derived one: by $type, or else by the names."""
        choices = (declared, *self.contract.derived.get(declared, ()))
        named = str(value.get("$type", "")).partition(",")[0].replace("+", ".").rpartition(".")[2]
        for key in choices:
            if named and split_key(key)[1] == named:
                return key
        return min(choices, key=lambda key: self._distance(key, value))

    def _distance(self, key: str, value: dict[str, Any]) -> tuple[int, int]:
        record = self.contract.types[key]
        assert isinstance(record, Record)
        names = [name for name in value if name not in METADATA]
        found = len(named(record, names))
        return len(names) - found, len(record.members) - found


def named(record: Record, names: Iterable[str]) -> dict[str, Member]:
    """Give the members that JSON's names are of: as the record has them, in camel case, or in any case."""
    found: dict[str, Member] = {}
    left = {member.name: member for member in record.members if member.in_json}
    for spell, fold in ((str, str), (camel, str), (str.lower, str.lower)):
        for name in names:
            of = next((one for one in left.values() if spell(one.json_name) == fold(name)), None)
            if name not in found and of is not None:
                found[name] = left.pop(of.name)
    return found


# --- settling -------------------------------------------------------------------------------------------------------


def with_order(contract: Contract, shown: Shown, dialect: Dialect = DEFAULT) -> tuple[Contract, list[str]]:
    """Give the contract with its members as JSON has them and in its order; and notes on what had to be guessed."""
    types = dict(contract.types)
    dialect, notes = seen(shown, dialect)
    for key, kind in contract.types.items():
        if isinstance(kind, Enumeration):
            types[key] = msgspec.structs.replace(kind, coding=shown.codings.get(key, dialect.enum_names))
        elif isinstance(kind, Record):
            record = dressed(contract, kind, shown, dialect)
            order, guesses = settle(record, list(_sequences(contract, record, shown)))
            order = tuple(sorted(order, key=lambda index: not record.members[index].in_json))
            types[key] = msgspec.structs.replace(record, json_order=order)
            if any(not member.in_xml for member in record.members):
                types.setdefault(ANYTHING.key, ANYTHING)
            notes.extend(f"{split_key(key)[1]}: {guess}" for guess in guesses)
    return msgspec.structs.replace(contract, types=types), notes


def _sequences(contract: Contract, record: Record, shown: Shown) -> Iterator[tuple[str, ...]]:
    """Give what was seen of a record, and of its bases and derived types as far as they share its members."""
    own = {member.name for member in record.members}
    for key, sequences in sorted(shown.sequences.items(), key=lambda pair: pair[0] != record.key):
        if key == record.key or related(contract, key, record.key):
            yield from (tuple(name for name in names if name in own) for names in sequences)


def settle(record: Record, sequences: list[tuple[str, ...]]) -> tuple[tuple[int, ...], list[str]]:
    """Give the order that agrees with every sequence, and notes where they leave a choice or contradict each other."""
    here = {member.name: index for index, member in enumerate(record.members)}
    if len(here) < 2:  # nothing to order
        return tuple(here.values()), []
    seen = dict.fromkeys(name for sequence in sequences for name in sequence)
    if not seen:
        return tuple(here.values()), ["not shown by any source: its JSON order is taken to be the XML order"]
    later: dict[str, set[str]] = {name: set() for name in seen}  # name → what comes after it
    notes: list[str] = []
    for sequence in sequences:
        for before, after in pairwise(sequence):
            if _reaches(later, after, before):
                notes.append(f"{before} is shown before {after}, and elsewhere after it; the first counts")
            else:
                later[before].add(after)
    order, loose = _topological(later, here)
    notes.extend(f"no source shows {' and '.join(names)} together: they are in XML order" for names in loose)
    unseen = [name for name in here if name not in seen]
    if unseen:
        notes.append(f"no source shows {', '.join(unseen)}: put at the end")
    return tuple(here[name] for name in [*order, *unseen]), notes


def _reaches(later: dict[str, set[str]], start: str, goal: str) -> bool:
    waiting, seen = [start], set()
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(later[name])
    return False


def _topological(later: dict[str, set[str]], here: dict[str, int]) -> tuple[list[str], list[list[str]]]:
    """Sort so that what comes later does; XML order decides among several that could be next, and those are given."""
    order: list[str] = []
    loose: list[list[str]] = []
    left = set(later)
    while left:
        ready = sorted((n for n in left if not any(n in later[other] for other in left)), key=here.__getitem__)
        if len(ready) > 1 and not any(set(ready) <= set(names) for names in loose):
            loose.append(ready)
        order.append(ready[0])
        left.discard(ready[0])
    return order, loose
