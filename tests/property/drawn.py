"""Contracts at random: a strategy that draws one, as .NET's exporter could have written it, and shows it as a table.

A drawn contract holds every type that its schema files declare. What of them its root reaches is ``reached``: base
classes are types of their own to the files, and to a contract only where something is of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import reject
from hypothesis import strategies as st

from convtool.model.contract import (
    SERIALIZATION,
    XSD,
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
from convtool.model.datatypes import DATATYPES, record_of
from convtool.model.spelling import camel
from tests.property.names import members as member_names
from tests.property.names import names

if TYPE_CHECKING:
    from convtool.model.contract import Type

__all__ = ["Drawn", "contracts", "reached"]

_SPACES = (
    "http://schemas.datacontract.org/2004/07/Rnd.N1", "http://schemas.datacontract.org/2004/07/Rnd.N2", "urn:rnd:T1",
    "http://example.org/a/x", "http://example.org/b/x",  # the same last part, which definitions are told apart by
    "http://example.org/?a=1&b=2",
)  # fmt: skip
_ANY = f"{{{XSD}}}anyType"
OFFSET = DATATYPES["dateTimeOffset"].key
_CLASSES = ("string", "anyURI", "QName", "base64Binary")  # can be null without being Nullable<T>
_SIMPLE = ("scalar", "scalar", "scalar", "enumeration", "offset", "known")
_DEEP = ("scalar", "known", "record", "record", "struct", "array", "array", "dictionary", "enumeration")
_PLAIN = ("scalar", "record", "struct", "array")  # contracts of these and of the most usual datatypes alone
_USUAL = ("int", "string", "dateTime", "guid", "boolean", "date", "dateOrDateTime")
_SERVED = ("string", "long", "int", "boolean", "double")  # what a member that JSON alone has may be
_RARE = 12  # contracts with members of any shape, which need a process of the reference libraries, are one in so many
_TEXTS = ("", "", "", "", "Un texte.", 'a < b & "c" ]]> --', "é\u2028x", "{0} %s \\n")


@dataclass(frozen=True)
class Drawn:
    """A drawn contract, with every type that its files declare, and how the files are written.

    ``shuffled``, ``located``: components in another order than the exporter's, imports with a location.
    """

    contract: Contract
    shuffled: int = 0
    located: bool = False

    def __repr__(self) -> str:
        """Show the contract as a table, a line for each type: failures are read by people."""
        return f"\n{table(self.contract)}\n"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Show the same in Hypothesis's reports."""
        printer.text(repr(self))

    @property
    def is_told(self) -> bool:
        """Whether JSON tells every type: each derived one has a name for $type."""
        types = self.contract.types
        known = [types[key] for keys in self.contract.derived.values() for key in keys]
        return all(isinstance(kind, Record) and kind.type_name for kind in known)


def reached(drawn: Drawn) -> Contract:
    """Give the contract as a catalog should load it: without the types that its root does not reach."""
    whole = drawn.contract
    keys = _closed(whole, whole.types)
    types, spoken = {key: whole.types[key] for key in keys}, _spoken(whole, keys)
    uses = [member.type for key in spoken for member in _valued(types[key]) if member.in_json]
    for key, kind in types.items():
        if isinstance(kind, Enumeration) and key not in uses:  # JSON Schema does not speak of keys: names, always
            types[key] = msgspec.structs.replace(kind, coding="numbers")
        if isinstance(kind, Record) and key not in spoken:  # it is in XML alone, and as the XSD says
            members = tuple(_in_xml(member) for member in kind.members if member.in_xml)
            types[key] = msgspec.structs.replace(kind, members=members, json_order=(), type_name="")
    keys = _closed(whole, types)
    derived = {key: found for key, found in whole.derived.items() if key in keys}
    return msgspec.structs.replace(whole, types={key: types[key] for key in keys}, derived=derived)


def _closed(whole: Contract, types: dict[str, Type]) -> list[str]:
    """Give the types that the root leads to."""
    keys = [whole.root]
    for key in keys:
        below = [*_below(types[key]), *whole.derived.get(key, ())]
        keys += [one for one in dict.fromkeys(below) if one not in keys]
    return keys


def _spoken(whole: Contract, reached: list[str]) -> list[str]:
    """Give the types that JSON has: what the root leads to there, and what derived types do."""
    keys = [whole.root, *(key for base, found in whole.derived.items() if base in reached for key in found)]
    for key in keys:
        below = [member.type for member in _valued(whole.types[key]) if member.in_json]
        below += whole.derived.get(key, ())
        keys += [one for one in dict.fromkeys(below) if one not in keys]
    return keys


def _in_xml(member: Member) -> Member:
    """Give a member as the XSD alone has it."""
    return msgspec.structs.replace(member, json_name=member.name, in_json=True, omits_null=False)


def _valued(kind: Type) -> tuple[Member, ...]:
    match kind:
        case Record(members=members):
            return members
        case Array(item=member) | Dictionary(value_member=member):
            return (member,)
    return ()


def _below(kind: Type) -> list[str]:
    keys = [kind.key_member.type] if isinstance(kind, Dictionary) else []
    record = record_of(kind)  # a value of several parts is one in XML
    return [*keys, *(member.type for member in (record.members if record else _valued(kind)))]


# --- drawing --------------------------------------------------------------------------------------------------------


@st.composite
def contracts(draw: st.DrawFn) -> Drawn:
    """Give contracts; they shrink to a record without members."""
    return _Drawing(draw).contract()


class _Drawing:
    """Draws the types of one contract; ``types`` fills as it goes, records when their members are known."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.types: dict[str, Type] = {}
        self.derived: dict[str, list[str]] = {}
        self.open: list[str] = []  # types that are being drawn, which may refer to themselves
        self.left = draw(st.integers(1, 9))  # records that may still be drawn
        self.spaces = draw(st.lists(st.sampled_from(_SPACES), min_size=1, max_size=3, unique=True))
        self.told = draw(st.booleans())
        self.plain = draw(st.integers(0, 2)) == 0
        self.anything = self.chance(_RARE)
        # The server's way with JSON: names, nulls, and members of one format alone.
        self.json_names = draw(st.sampled_from(("", "", "camel", "other")))
        self.omits, self.alone = self.chance(3), self.chance(3)
        self.taken: set[str] = set()

    def chance(self, times: int) -> bool:
        """Tell whether something rare happens: once in so many times, and not at all where it can be left out."""
        return self.draw(st.integers(0, times - 1)) == times - 1

    def contract(self) -> Drawn:
        """Draw the root, and with it everything else."""
        how = self.draw(st.sampled_from(["record", "record", "record", "array", "array", "dictionary"]))
        root = self.record(4) if how == "record" else self.array(4) if how == "array" else self.dictionary(4)
        namespace, name = split_key(root)
        if sum(split_key(key)[1] == name for key in self.taken) > 1:
            reject()  # a folder's contract is found by its local name alone
        derived = {key: tuple(sorted(found)) for key, found in self.derived.items()}
        shuffled = self.draw(st.integers(0, 3))
        return Drawn(Contract(name, namespace, root, self.types, derived=derived), shuffled, self.draw(st.booleans()))

    def key(self) -> str:
        """Give the key of a new type."""
        namespace, name = self.draw(st.sampled_from(self.spaces)), self.draw(names())
        key = f"{{{namespace}}}{name}"
        while key in self.taken:
            key += "1"
        self.taken.add(key)
        return key

    def add(self, kind: Type) -> str:
        self.types[kind.key] = kind
        return kind.key

    def use(self, depth: int, kinds: tuple[str, ...] = ()) -> tuple[str, bool]:
        """Draw a type, or one that is there, and whether null is allowed where it is used."""
        if not kinds and self.anything and self.chance(6):
            return self.add(Anything(_ANY)), True
        deep = depth > 0 and self.left > 0
        usual = (_PLAIN if deep else ("scalar",)) if self.plain else _DEEP if deep else _SIMPLE
        kind = self.draw(st.sampled_from(kinds or usual))
        if kind == "known":
            known = [*self.open, *(key for key in self.types if key != _ANY and "#" not in key)]
            key = self.draw(st.sampled_from(known)) if known else self.scalar()
        else:
            key = (
                self.record(depth, struct=True) if kind == "struct" else getattr(self, kind)(*self._depth(kind, depth))
            )
        return key, self.draw(st.booleans()) if self.is_value(key) else True

    def _depth(self, kind: str, depth: int) -> tuple[int, ...]:
        return (depth,) if kind in ("record", "array", "dictionary") else ()

    def is_value(self, key: str) -> bool:
        """Tell whether values of a type can only be null where the member says so, as .NET's value types."""
        kind = self.types.get(key)
        match kind:
            case Scalar(datatype=name):
                return name not in _CLASSES
            case Record(value_type=value_type):
                return value_type
            case Enumeration():
                return True
        return False

    def scalar(self) -> str:
        rows = [row.name for row in DATATYPES.values() if not row.parts]
        name = self.draw(st.sampled_from(_USUAL if self.plain else rows))
        return self.add(Scalar(DATATYPES[name].key or self.key(), name))

    def offset(self) -> str:
        row = DATATYPES["dateTimeOffset"]
        for _, name in row.parts:
            self.add(Scalar(DATATYPES[name].key, name))
        return self.add(Scalar(row.key, row.name))

    def enumeration(self) -> str:
        flags = self.draw(st.booleans())
        called = self.draw(st.lists(names(), min_size=1, max_size=6, unique=True))
        if self.draw(st.booleans()):
            numbers = [1 << at if flags else at for at in range(len(called))]
        else:
            low, high = self.draw(st.sampled_from(((-(2**31), 2**31 - 1), (-(2**63), 2**63 - 1), (0, 2**64 - 1))))
            size = {"min_size": len(called), "max_size": len(called)}
            numbers = self.draw(st.lists(_numbers(low, high), unique=True, **size))
        values = tuple(zip(called, numbers, strict=True))
        return self.add(Enumeration(self.key(), values, flags, self.coding(values, flags)))

    def coding(self, values: tuple[tuple[str, int], ...], flags: bool) -> str:
        """Draw a coding; none in which two names would be one, or which the schema does not tell from another."""
        coding = self.draw(st.sampled_from(("numbers", "names", "camel")))
        spelled = [camel(name) for name, _ in values]
        unclear = len({*spelled}) < len(values) or (not flags and spelled == [name for name, _ in values])
        return "names" if coding == "camel" and unclear else coding

    def array(self, depth: int) -> str:
        self.left -= 1
        key = self.key()
        self.open.append(key)  # class Liste : List<Liste>
        item, nillable = self.use(depth - 1)
        self.open.remove(key)
        return self.add(Array(key, Member(self.draw(names()), split_key(key)[0], item, nillable)))

    def dictionary(self, depth: int) -> str:
        self.left -= 1
        key = self.key()
        of, _ = self.use(0, ("scalar", "scalar", "enumeration"))
        self.open.append(key)
        value, nillable = self.use(depth - 1)
        self.open.remove(key)
        namespace = split_key(key)[0]
        called = self.draw(st.sampled_from([("Key", "Value"), ("Key", "Value"), ("a", "b"), ("value", "key")]))
        members = [
            Member(name, namespace, one, null, required=True)
            for name, one, null in zip(called, (of, value), (not self.is_value(of), nillable), strict=True)
        ]
        return self.add(Dictionary(key, self.draw(names()), namespace, *members))

    def record(self, depth: int, *, struct: bool = False, base: str = "") -> str:
        self.left -= 1
        if not (struct or base or self.plain) and depth > 1 and self.left > 0 and self.chance(4):
            base = self.record(depth - 1)
        key = self.key()
        if not struct:
            self.open.append(key)
        inherited = self.types[base].members if base else ()
        own = self.members(key, depth, inherited)
        in_xml = [member for member in (*inherited, *own) if member.in_xml]
        alone = [self.own(key, member) for member in (*inherited, *own) if not member.in_xml]
        members = (*in_xml, *alone)
        if not struct:
            self.open.remove(key)
        type_name = f"Rnd.{split_key(key)[1]}, Rnd" if base and self.told else ""
        drawn = self.draw(st.permutations(range(len(members))))
        # Those that JSON alone has are in its order, and those that it has not at its end.
        later = iter(range(len(in_xml), len(members)))
        placed = [index if index < len(in_xml) else next(later) for index in drawn]
        order = tuple(sorted(placed, key=lambda index: not members[index].in_json))
        description = self.draw(st.sampled_from(_TEXTS))
        self.add(Record(key, members, order, base, description, struct, type_name=type_name))
        if base:
            self.derive(key, base)
        if not (struct or self.plain) and depth > 0 and self.left > 0 and self.chance(3):
            self.record(depth - 1, base=key)
        return key

    def derive(self, key: str, base: str) -> None:
        """Note a derived type with all of its ancestors."""
        while base:
            self.derived.setdefault(base, []).append(key)
            above = self.types[base]
            assert isinstance(above, Record)
            base = above.base

    def members(self, key: str, depth: int, inherited: tuple[Member, ...]) -> list[Member]:
        """Draw a record's own members, in XML, and behind them those that JSON alone has."""
        taken = {name for member in inherited for name in (member.name, member.json_name)}
        found = [self.member(name, split_key(key)[0], depth) for name in self.draw(member_names()) if name not in taken]
        taken |= {member.name for member in found}
        members = []
        for member in found:
            spoken = self.spoken(member, taken)
            taken.add(spoken.json_name)
            members.append(spoken)
        if self.alone and (name := self.draw(names())) not in taken:
            members.append(self.json_only(key, name))
        return members

    def spoken(self, member: Member, taken: set[str]) -> Member:
        """Draw how JSON has a member: by which name, and whether at all."""
        kind = self.types.get(member.type)
        plain = isinstance(kind, (Scalar, Enumeration)) or (isinstance(kind, Record) and kind.value_type)
        if self.alone and self.chance(4) and (plain or not member.is_needed):
            return msgspec.structs.replace(member, in_json=False)
        other = camel(member.name)
        if self.json_names == "other" and self.draw(st.booleans()):
            other = self.draw(st.one_of(names(), st.sampled_from(("@id", "created_at", "a b", "$ref2", 'a"b'))))
        name = other if self.json_names and other not in taken else member.name
        omits = self.omits and member.nillable and self.draw(st.booleans())
        return msgspec.structs.replace(member, json_name=name, omits_null=omits)

    def json_only(self, key: str, name: str) -> Member:
        """Draw a member that only the server sets: a simple value, or a list or dictionary of such."""
        of = self.add(Scalar(*self.draw(st.sampled_from([(DATATYPES[one].key, one) for one in _SERVED]))))
        nillable = self.draw(st.booleans())
        how, namespace = self.draw(st.sampled_from(["value", "array", "dictionary"])), split_key(key)[0]
        if how == "array":
            of = self.add(Array(f"{key}#{name}", Member("item", namespace, of, nillable)))
        elif how == "dictionary":
            text = self.add(Scalar(DATATYPES["string"].key, "string"))
            pair = [
                Member(part, namespace, one, null, required=True)
                for part, one, null in (("Key", text, False), ("Value", of, nillable))
            ]
            of = self.add(Dictionary(f"{key}#{name}", "entry", namespace, *pair))
        return Member(name, namespace, of, self.draw(st.booleans()), in_xml=False)

    def own(self, key: str, member: Member) -> Member:
        """Give a member that JSON alone has, perhaps from a base, with a type that is called by the record."""
        kind, namespace = self.types[member.type], split_key(key)[0]
        if "#" not in member.type:
            return msgspec.structs.replace(member, namespace=namespace)
        called = f"{key}#{member.name}"
        if isinstance(kind, Array):
            self.add(Array(called, msgspec.structs.replace(kind.item, namespace=namespace)))
        elif isinstance(kind, Dictionary):
            parts = (msgspec.structs.replace(one, namespace=namespace) for one in (kind.key_member, kind.value_member))
            self.add(Dictionary(called, kind.entry, namespace, *parts))
        return msgspec.structs.replace(member, namespace=namespace, type=called)

    def member(self, name: str, namespace: str, depth: int) -> Member:
        key, nillable = self.use(depth - 1)
        how = self.draw(st.sampled_from(["", "", "", "", "required", "no default"]))
        described = self.draw(st.sampled_from(_TEXTS))
        return Member(name, namespace, key, nillable, how == "required", how != "no default", described)


def _numbers(low: int, high: int) -> st.SearchStrategy[int]:
    wide = [one for one in (-1, -2, low, high, 2**31 - 1, 2**31, 2**62, 2**63) if low <= one <= high]
    return st.one_of(st.sampled_from((0, 1, 2, 3, 4, 8)), st.sampled_from(wide), st.integers(low, high))


# --- showing --------------------------------------------------------------------------------------------------------


def table(contract: Contract) -> str:
    """Give a contract as a table: a line for each type, members in XML order."""
    lines = [f"{contract.name} is {_short(contract.root)}"]
    for key, kind in contract.types.items():
        told = _told(contract, kind)
        if told:
            lines.append(f"  {_short(key)} = {told}")
    return "\n".join(lines)


def _told(contract: Contract, kind: Type) -> str:
    match kind:
        case Record():
            named = ["struct" if kind.value_type else "record"]
            named += [f"of {_short(kind.base)}"] if kind.base else []
            named += [f"$type {kind.type_name!r}"] if kind.type_name else []
            members = "; ".join(_member(member) for member in kind.members)
            order = "" if list(kind.json_order) == sorted(kind.json_order) else f" JSON order {kind.json_order}"
            return f"{' '.join(named)} {{{members}}}{order}"
        case Enumeration():
            values = ", ".join(f"{name}={number}" for name, number in kind.values)
            coding = "" if kind.coding == "numbers" else f" by {kind.coding}"
            return f"{'flags' if kind.flags else 'one'} of {values}{coding}"
        case Array(item=item):
            return f"list of {_member(item)}"
        case Dictionary(key_member=key, value_member=value):
            return f"dictionary {kind.entry} of {_member(key)} to {_member(value)}"
        case Scalar(datatype=name) if not kind.key.startswith((f"{{{XSD}}}", f"{{{SERIALIZATION}}}", OFFSET)):
            return name
    return ""


def _member(member: Member) -> str:
    marks = "?" * member.nillable + "!" * member.required + "~" * (not member.emit_default)
    marks += "-" * member.omits_null
    alone = "" if member.in_xml and member.in_json else f" in {'XML' if member.in_xml else 'JSON'} alone"
    called = member.name if member.json_name == member.name else f"{member.name} ({member.json_name!r})"
    return f"{called}: {_short(member.type)}{marks}{alone}"


def _short(key: str) -> str:
    namespace, name = split_key(key)
    if namespace in (XSD, SERIALIZATION) or key == OFFSET:
        return name
    return f"{namespace.rstrip('/')[-4:]}:{name}"
