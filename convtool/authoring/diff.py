"""Two versions of contracts → what changed, and whom each change breaks: readers or writers of XML or JSON.

A *reader* has the old contract and is given what is written by the new one; a *writer* has the old contract and sends
what the new one has to read. What breaks is what .NET's serializers refuse or skip in silence (``docs/dotnet.md``): XML
is read forward only, unknown members are skipped, absent ones take their default. Members are matched by their names in
XML, else by those in JSON; names of types do not count, since neither format has them but in roots, items and i:type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convtool.codes import Severity
from convtool.model.codings import coding_of
from convtool.model.contract import Anything, Array, Dictionary, Enumeration, Member, Record, Scalar, split_key
from convtool.model.datatypes import DATATYPES
from convtool.model.numbers import LexicalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convtool.model.contract import Contract, Type

__all__ = ["BOTH", "Breaks", "Change", "changes"]


@dataclass(frozen=True, slots=True)
class Breaks:
    """Whom a change breaks, by format: "reader", "writer", both with a space between, or nobody."""

    xml: str = ""
    json: str = ""

    def __bool__(self) -> bool:
        return bool(self.xml or self.json)

    def text(self) -> str:
        """Say it: ``readers and writers of XML, readers of JSON``."""
        said = {"XML": self.xml, "JSON": self.json} if self.xml != self.json else {"XML and JSON": self.xml}
        return ", ".join(
            f"{' and '.join(f'{who}s' for who in whom.split())} of {name}" for name, whom in said.items() if whom
        )


BOTH = "reader writer"
_EVERYBODY = Breaks(BOTH, BOTH)
_READERS = Breaks("reader", "reader")
_WRITERS = Breaks("writer", "writer")
_NOBODY = Breaks()


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its code, the path of members that leads to it, what it is in words, and whom it breaks."""

    code: str
    path: str
    message: str
    breaks: Breaks = _NOBODY

    @property
    def severity(self) -> Severity:
        """An error where it breaks somebody, a warning where something is dropped, else a notice."""
        if self.breaks:
            return Severity.ERROR
        return Severity.WARNING if self.code == "change.removed" else Severity.NOTICE


def changes(old: Contract, new: Contract) -> list[Change]:
    """Give what changed between two versions of a contract, in the order of the old one's members."""
    walk = _Walk(old, new)
    root = [part for part in ("name", "namespace") if getattr(old, part) != getattr(new, part)]
    for part in root:
        was, now = getattr(old, part), getattr(new, part)
        walk.add("change.renamed", "/", f"The root's {part} was {was!r} and is {now!r}", Breaks(xml=BOTH))
    walk.null("/", old.nillable, new.nillable, "The root")
    walk.visit(old.root, new.root, "")
    walk.derived()
    if old.extra != new.extra:
        walk.add("change.form", "/", "What the schema files say beyond types, such as facets, is not the same")
    return walk.found


class _Walk:
    """Walks both trees of types side by side; a pair of types is compared where it is met first."""

    def __init__(self, old: Contract, new: Contract) -> None:
        self.old, self.new = old, new
        self.found: list[Change] = []
        self.seen: dict[tuple[str, str], str] = {}

    def add(self, code: str, path: str, message: str, breaks: Breaks = _NOBODY) -> None:
        """Note a change."""
        told = f": breaks {breaks.text()}" if breaks else ""
        self.found.append(Change(code, path or "/", f"{message}{told}.", breaks))

    def null(self, path: str, was: bool, now: bool, what: str) -> None:
        """Compare whether something can be null."""
        if was != now:
            said = f"{what} could {'' if was else 'not '}be null and {'can' if now else 'cannot'}"
            self.add("change.null", path, said, _READERS if now else _WRITERS)

    def visit(self, was: str, now: str, path: str) -> None:
        """Compare two types."""
        if (was, now) in self.seen:
            return
        self.seen[was, now] = path
        match self.old.types[was], self.new.types[now]:
            case Record() as old, Record() as new:
                self._records(old, new, path)
            case Array(item=old_item), Array(item=new_item):
                self._named(old_item, new_item, f"{path}/*", "An item")
                self._part(old_item, new_item, f"{path}/*", "An item")
            case Dictionary() as old, Dictionary() as new:
                self._dictionaries(old, new, path)
            case Enumeration() as old, Enumeration() as new:
                self._enumerations(old, new, path)
            case Scalar() as old, Scalar() as new:
                self._scalars(old, new, path)
            case Anything(), Anything():
                pass
            case old, new:
                self._kinds(old, new, path)

    def _kinds(self, old: Type, new: Type, path: str) -> None:
        """Types of two kinds: content of any shape takes all that the other has."""
        breaks = _READERS if isinstance(new, Anything) else _WRITERS if isinstance(old, Anything) else _EVERYBODY
        self.add("change.type", path, f"It was {_called(old)} and is {_called(new)}", breaks)

    def _scalars(self, old: Scalar, new: Scalar, path: str) -> None:
        if old.datatype == new.datatype:
            return
        whom = [
            " ".join(
                who for who, (of, by) in (("reader", (new, old)), ("writer", (old, new))) if not _takes(of, by, format)
            )
            for format in ("xml", "json")
        ]
        self.add("change.type", path, f"It was {_called(old)} and is {_called(new)}", Breaks(*whom))

    # --- records ---

    def _records(self, old: Record, new: Record, path: str) -> None:
        pairs, removed, added = _matched(old.members, new.members)
        for was in removed:
            breaks = _only(_READERS, was) if was.required else _NOBODY
            readers = "readers take its default, and what writers send of it is dropped"
            self.add("change.removed", f"{path}/{was.name}", f"{was.name!r} is no longer there: {readers}", breaks)
        self._order([pair for pair in pairs if pair[0].in_xml and pair[1].in_xml], new, path)
        for was, now in pairs:
            self._member(was, now, f"{path}/{was.name}")
        for now in added:
            breaks = _only(_WRITERS, now) if now.required else _NOBODY
            what = "and is required" if now.required else "and may be absent"
            self.add("change.added", f"{path}/{now.name}", f"{now.name!r} is new, {what}", breaks)
        if old.is_reference != new.is_reference:
            self.add("change.form", path, "Objects have identities in one of the two only", _EVERYBODY)
        if old.type_name != new.type_name:
            told = f"$type was {old.type_name!r} and is {new.type_name!r}"
            self.add("change.form", path, told, Breaks(json=BOTH))
        common = [[one.json_name for one in _in_order(record)] for record in (old, new)]
        shared = [[name for name in names if all(name in other for other in common)] for names in common]
        if shared[0] != shared[1]:
            self.add("change.order", path, "JSON has its members in another order, which no reader minds")

    def _order(self, pairs: Sequence[tuple[Member, Member]], new: Record, path: str) -> None:
        """Compare the order in XML, where a member that comes too late is skipped in silence."""
        was = [now.name for _, now in pairs]
        now = [one.name for one in new.members if one.name in was]
        if was != now:
            at = next(at for at, (one, other) in enumerate(zip(was, now, strict=True)) if one != other)
            told = f"In XML {now[at]!r} comes before {was[at]!r}, and came after it"
            self.add("change.order", f"{path}/{now[at]}", told, Breaks(xml=BOTH))

    def _member(self, was: Member, now: Member, path: str) -> None:
        self._named(was, now, path, f"{was.name!r}")
        if was.json_name != now.json_name and was.in_json and now.in_json:
            same = was.json_name.casefold() == now.json_name.casefold()
            told = f"In JSON {was.json_name!r} is {now.json_name!r}" + (", which .NET reads as well" if same else "")
            self.add("change.renamed", path, told, _NOBODY if same else Breaks(json=BOTH))
        for format, before, after in (("XML", was.in_xml, now.in_xml), ("JSON", was.in_json, now.in_json)):
            if before != after:
                code = "change.added" if after else "change.removed"
                self.add(code, path, f"{was.name!r} is {'new in' if after else 'no longer in'} {format}")
        if was.required != now.required:
            told = f"{was.name!r} {'is now required' if now.required else 'was required, and need not be there'}"
            self.add("change.required", path, told, _only(_WRITERS if now.required else _READERS, now))
        if (was.emit_default, was.omits_null) != (now.emit_default, now.omits_null):
            left_out = not now.emit_default or now.omits_null
            told = f"{was.name!r} is {'left out' if left_out else 'written'} where it is null or its type's default"
            self.add("change.form", path, told)
        self._part(was, now, path, f"{was.name!r}")

    def _named(self, was: Member, now: Member, path: str, what: str) -> None:
        """Compare the names that XML has for a member or an item."""
        if was.in_xml and now.in_xml and (was.name, was.namespace) != (now.name, now.namespace):
            told = (
                f"In XML it was {was.name!r} and is {now.name!r}"
                if was.name != now.name
                else f"{what} was in the namespace {was.namespace!r} and is in {now.namespace!r}"
            )
            self.add("change.renamed", path, told, Breaks(xml=BOTH))

    def _part(self, was: Member, now: Member, path: str, what: str) -> None:
        self.null(path, was.nillable, now.nillable, what)
        self.visit(was.type, now.type, path)

    def _dictionaries(self, old: Dictionary, new: Dictionary, path: str) -> None:
        if (old.entry, old.namespace) != (new.entry, new.namespace):
            told = f"In XML an entry was {old.entry!r} and is {new.entry!r}"
            self.add("change.renamed", path, told, Breaks(xml=BOTH))
        for name in ("key_member", "value_member"):
            was, now = getattr(old, name), getattr(new, name)
            what = "A key" if name == "key_member" else "A value"
            self._named(was, now, f"{path}/*", what)
            self._part(was, now, f"{path}/{'{key}' if name == 'key_member' else '*'}", what)

    # --- enumerations ---

    def _enumerations(self, old: Enumeration, new: Enumeration, path: str) -> None:
        was, now = dict(old.values), dict(new.values)
        by_number = coding_of(old).spell is None and coding_of(new).spell is None
        for name, number in was.items():
            if name not in now:
                json = "" if by_number and number in now.values() else "writer"
                self.add("change.values", path, f"The value {name!r} is no longer there", Breaks("writer", json))
            elif now[name] != number:
                told = f"The value {name!r} was {number} and is {now[name]}"
                self.add("change.values", path, told, Breaks(json=BOTH) if by_number else _NOBODY)
        for name, number in now.items():
            if name not in was:
                json = "" if by_number and number in was.values() else "reader"
                self.add("change.values", path, f"The value {name!r} is new", Breaks("reader", json))
        if old.coding != new.coding:
            told = f"It was {coding_of(old).shown} and is {coding_of(new).shown}"
            self.add("change.form", path, told, Breaks(json=BOTH))
        if old.flags != new.flags:
            told = f"It {'is' if new.flags else 'is no longer'} a set of flags, of which one value may have several"
            self.add("change.type", path, told, _READERS if new.flags else _WRITERS)

    def derived(self) -> None:
        """Compare the types that i:type and $type may name, where a record is met in both."""
        for (was, now), path in list(self.seen.items()):
            names = [
                {split_key(key)[1] for key in contract.derived.get(of, ())}
                for contract, of in ((self.old, was), (self.new, now))
            ]
            for name in sorted(names[0] - names[1]):
                self.add("change.removed", path, f"The derived type {name!r} is no longer known", Breaks(xml="writer"))
            for name in sorted(names[1] - names[0]):
                self.add("change.added", path, f"The derived type {name!r} is new", Breaks(xml="reader"))


def _matched(
    old: Sequence[Member], new: Sequence[Member]
) -> tuple[list[tuple[Member, Member]], list[Member], list[Member]]:
    """Give the members that are in both, by their names in XML, or else in JSON; and those that are in one only."""
    left = {member.name: member for member in new}
    found: dict[str, Member] = {}
    for name in ("name", "json_name"):
        for was in old:
            now = next((one for one in left.values() if getattr(one, name) == getattr(was, name)), None)
            if was.name not in found and now is not None:
                found[was.name] = left.pop(now.name)
    pairs = [(was, found[was.name]) for was in old if was.name in found]
    return pairs, [was for was in old if was.name not in found], list(left.values())


def _in_order(record: Record) -> Iterable[Member]:
    return (one for one in (record.members[at] for at in record.order) if one.in_json)


def _only(breaks: Breaks, member: Member) -> Breaks:
    """Give what breaks in the formats that have a member."""
    return Breaks(breaks.xml if member.in_xml else "", breaks.json if member.in_json else "")


def _called(kind: Type) -> str:
    match kind:
        case Scalar(datatype=name):
            return DATATYPES[name].shown or name
        case Record(key=key):
            return f"the record {split_key(key)[1]}"
        case Array():
            return "a list"
        case Dictionary():
            return "a dictionary"
        case Enumeration(key=key):
            return f"the enumeration {split_key(key)[1]}"
    return "content of any shape"


def _takes(of: Scalar, by: Scalar, format: str) -> bool:
    """Tell whether a reader of a datatype takes what is written of another: tried with the values at its ends."""
    row, reader = DATATYPES[of.datatype], DATATYPES[by.datatype]
    if format == "json" and (row.json_node != reader.json_node or (row.json_words and not reader.json_words)):
        return False
    if format == "xml" and bool(row.parts) != bool(reader.parts):
        return False
    return all(_reads(reader, row, value, format) for value in (*row.corners, *row.plain))


def _reads(reader: Any, row: Any, value: Any, format: str) -> bool:
    try:
        text = row.write_json(value) if format == "json" else row.format(value)
        if format == "json" and text in row.json_words:
            return text in reader.json_words
        _ = reader.read_json(text) if format == "json" else reader.parse(text)
    except (LexicalError, ValueError):
        return False
    return True
