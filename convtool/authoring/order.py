"""The JSON declaration order of a contract's records, which no XSD says: from sample payloads or C# declarations.

Json.NET writes members in declaration order, which no XSD holds. ``Shown`` gathers what sources show of a contract:
for each record the sequences in which its members were seen, and whether enumerations are names or numbers.
``with_order`` settles one order for each record; what no source tells keeps XML order, and a note says so. A source
that does not fit the contract is a ContractError that names the place.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.authoring.clr_names import clr_namespace
from convtool.authoring.csharp import Declaration, ancestry
from convtool.errors import ContractError
from convtool.model.codings import shown_by
from convtool.model.contract import Array, Contract, Dictionary, Enumeration, Record, split_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Shown", "fit", "from_declarations", "from_sample", "load_sample", "with_order"]

_METADATA = ("$id", "$ref", "$type", "$values")  # Json.NET's own names: not members


@dataclass
class Shown:
    """What ``sources`` show: ``sequences`` by record key, ``named`` by enumeration key (True: names in JSON)."""

    sequences: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    codings: dict[str, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)

    def add(self, key: str, names: Iterable[str]) -> None:
        """Take a sequence of a record's members, once."""
        sequence = tuple(names)
        known = self.sequences.setdefault(key, [])
        if sequence not in known:
            known.append(sequence)

    def merge(self, other: Shown) -> None:
        """Take what another source shows as well; where the two differ on an enumeration, the first counts."""
        for key, sequences in other.sequences.items():
            for sequence in sequences:
                self.add(key, sequence)
        self.codings = {**other.codings, **self.codings}
        self.sources.extend(name for name in other.sources if name not in self.sources)


# --- sample payloads ------------------------------------------------------------------------------------------------


def load_sample(path: Path) -> Any:
    """Give the content of a sample JSON file; objects keep the order of their names."""
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ContractError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ContractError(f"{path}: not a JSON payload: {error}") from None


def from_sample(contract: Contract, value: Any, source: str) -> Shown:
    """Give what a sample payload shows of a contract; ContractError where it is not of the contract's shape."""
    shown = Shown(sources=[source])
    _Sample(contract, source, shown).visit(contract.root, value, "")
    return shown


def fit(contract: Contract, value: Any) -> int:
    """Tell how well a sample fits a contract: how many members of it the sample shows; -1 where it does not fit."""
    try:
        shown = from_sample(contract, value, "")
    except ContractError:
        return -1
    return sum(len(max(sequences, key=len)) for sequences in shown.sequences.values())


class _Sample:
    """Walks a sample along the types."""

    def __init__(self, contract: Contract, source: str, shown: Shown) -> None:
        self.contract = contract
        self.source = source
        self.shown = shown

    def fail(self, pointer: str, found: str, wanted: str) -> ContractError:
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
                    if name not in _METADATA:
                        self.visit(member.type, one, f"{pointer}/{name}")
            case Enumeration() as kind:
                self.shown.codings.setdefault(key, shown_by(kind, value))

    def _expect(self, value: Any, kind: type, wanted: str, pointer: str) -> Any:
        if not isinstance(value, kind):
            raise self.fail(pointer, f"a {type(value).__name__} in the sample", wanted)
        return value

    def _record(self, declared: str, value: dict[str, Any], pointer: str) -> None:
        key = self._actual(declared, value)
        record = self.contract.types[key]
        assert isinstance(record, Record)
        members = {member.name: member for member in record.members}
        names = [name for name in value if name not in _METADATA]
        for name in names:
            if name not in members:
                raise self.fail(f"{pointer}/{name}", f"a member {name!r} in the sample", f"only {', '.join(members)}")
            self.visit(members[name].type, value[name], f"{pointer}/{name}")
        if "$ref" not in value:  # a reference shows nothing of the record
            self.shown.add(key, names)

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
        members = {member.name for member in record.members} if isinstance(record, Record) else set()
        names = set(value) - set(_METADATA)
        return len(names - members), len(members - names)


# --- C# declarations ------------------------------------------------------------------------------------------------


def from_declarations(contract: Contract, declarations: list[Declaration], source: str) -> Shown:
    """Give what C# source declares of a contract's records; ContractError where it declares none of them."""
    found = _by_key(declarations)
    spaces = {split_key(key)[0] for key in contract.types}
    shown = Shown(sources=[source])
    for key, kind in contract.types.items():
        if isinstance(kind, Record):
            known = {member.name for member in kind.members}
            candidates = found.get(key) or _generic(key, found)
            orders = [(_json_order(one, declarations), clr_namespace(one.namespace) in spaces) for one in candidates]
            # Two CLR namespaces may share a contract's name: the nearer one counts, of those that have the members.
            best = max(orders, key=lambda pair: (known <= set(pair[0]), pair[1]), default=None)
            if best is not None:
                shown.add(key, (name for name in best[0] if name in known))
        elif isinstance(kind, Enumeration) and key in found:
            shown.codings[key] = "names" if found[key][0].as_text else "numbers"
    if not shown.sequences:
        declared = ", ".join(sorted(one.name for one in declarations)) or "nothing"
        raise ContractError(f"{source}: declares {declared}; {contract.name} has none of it")
    return shown


def _by_key(declarations: Iterable[Declaration]) -> dict[str, list[Declaration]]:
    found: dict[str, list[Declaration]] = {}
    for one in declarations:
        namespace = clr_namespace(one.namespace) if one.contract_namespace is None else one.contract_namespace
        found.setdefault(f"{{{namespace}}}{one.local_name}", []).append(one)
    return found


def _generic(key: str, found: dict[str, list[Declaration]]) -> list[Declaration]:
    """Give the generic types that a key may be of: its name has those of its arguments, as in ``PaireOfstringint``."""
    candidates = []
    for pattern, declarations in found.items():
        if declarations[0].parameters:
            text = re.sub(r"\\\{\d+\\\}", ".+", re.escape(pattern)).replace(r"\{\#\}", ".*")
            if re.fullmatch(text, key):
                candidates.append((len(pattern), declarations))
    return max(candidates, key=lambda pair: pair[0], default=(0, []))[1]


def _json_order(declaration: Declaration, declarations: list[Declaration]) -> list[str]:
    """Give names in Json.NET's order: fields before properties, a class's own before its base's, then by ``Order``.

    Source: Newtonsoft.Json, DefaultContractResolver: GetSerializableMembers (reflection's order) and CreateProperties
    (``OrderBy(p => p.Order ?? -1)``, which keeps the order of equals); JsonTypeReflector.GetDataContractAttribute (a
    base class's counts, too); recordings: ``contracts/Arbre``, ``contracts/random``.
    """
    chain = list(ancestry(declaration, declarations))
    opts_in = [any(one.opts_in for one in chain[at:]) for at in range(len(chain))]
    members = [
        (opted, member)
        for fields in (True, False)
        for opted, one in zip(opts_in, chain, strict=True)
        for member in one.members
        if member.is_field == fields and member.counts(opted)
    ]
    ordered = sorted(members, key=lambda pair: pair[1].json_order(pair[0]))
    return list(dict.fromkeys(member.contract_name(opted) for opted, member in ordered))


# --- settling -------------------------------------------------------------------------------------------------------


def with_order(contract: Contract, shown: Shown, *, enum_names: bool = False) -> tuple[Contract, list[str]]:
    """Give the contract with a JSON order for each record, and notes on what had to be guessed.

    ``enum_names``: enumerations of which the sources show nothing are names in JSON, instead of numbers.
    """
    unshown = "names" if enum_names else "numbers"
    types = dict(contract.types)
    notes: list[str] = []
    for key, kind in contract.types.items():
        if isinstance(kind, Enumeration):
            types[key] = msgspec.structs.replace(kind, coding=shown.codings.get(key, unshown))
        elif isinstance(kind, Record):
            order, guesses = _settle(kind, list(_sequences(contract, kind, shown)))
            types[key] = msgspec.structs.replace(kind, json_order=order)
            notes.extend(f"{split_key(key)[1]}: {guess}" for guess in guesses)
    return msgspec.structs.replace(contract, types=types), notes


def _sequences(contract: Contract, record: Record, shown: Shown) -> Iterator[tuple[str, ...]]:
    """Give what was seen of a record, and of its bases and derived types as far as they share its members."""
    own = {member.name for member in record.members}
    for key, sequences in sorted(shown.sequences.items(), key=lambda pair: pair[0] != record.key):
        if key == record.key or _related(contract, key, record.key):
            yield from (tuple(name for name in names if name in own) for names in sequences)


def _related(contract: Contract, one: str, other: str) -> bool:
    return one in contract.derived.get(other, ()) or other in contract.derived.get(one, ())


def _settle(record: Record, sequences: list[tuple[str, ...]]) -> tuple[tuple[int, ...], list[str]]:
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
