"""Model → program: the table that the native engine reads and writes a contract's payloads by.

A program is made of the contract model alone; its layout is that of the structs in ``engine/engine.c``. There is a row
for each type in each place that tells in its tags: depth and namespaces in force. So all that is known about prefixes
stays in the layout of XML, which is given in, and the engine has none of it. Recursive types have rows down to a depth;
what is deeper is left to the careful lane, and ``Program.cut`` says that a deeper program would do more.

What the engine has no rules for becomes a row of kind NONE, at which it gives up: content of any shape, objects with
identities, flags that are no sums.
"""

from __future__ import annotations

import struct
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from convtool.model.codings import coding_of
from convtool.model.contract import XSI, Array, Dictionary, Enumeration, Member, Record, Scalar, split_key
from convtool.model.datatypes import DATATYPES, is_plain, record_of
from convtool.model.defaults import default_of, is_char, is_kept, is_meant
from convtool.model.escapes import in_attribute, in_content

if TYPE_CHECKING:
    from convtool.model.contract import Contract, Type

__all__ = ["ABI", "KINDS", "Program", "Site", "TagsOf", "program"]

ABI = 3
MAGIC = 0x76636E65
_HEAD, _TYPE, _MEMBER, _VARIANT = (
    struct.Struct("=14I"),
    struct.Struct("=6IqQ"),
    struct.Struct("=26I"),
    struct.Struct("=14I"),
)
_NAME, _NAMESPACE = struct.Struct("=4IQ"), struct.Struct("=4I")
_NONE, _SCALAR, _RECORD, _ARRAY, _DICTIONARY = range(5)
_CUT = 1  # flag of a row of kind NONE in whose place a deeper program has rules
#: The kinds of events, by their numbers.
KINDS = ("absent", "offset", "rewritten", "fraction", "scale", "type", "member", "lexical", "comment")
_ENUMERATION, _FLAGS = 11, 12  # as datatypes, whose other numbers are in their table
_NILLABLE, _REQUIRED, _SILENT, _NO_DEFAULT, _KEY, _KEPT, _CHAR = 1, 2, 4, 8, 16, 32, 64
_MEANT, _OMITS, _XML_ONLY, _JSON_ONLY = 128, 256, 512, 1024
_UNKNOWN = 0xFFFF  # a namespace that no document can name
_WIDEST = 4096  # members of a record
_MOST = 60_000  # members of all rows, a second's work: where types recur in many members each level has more
_MOST_DEEPER = 15_000  # the same of a deeper program, which one document may want
_DEEP = 8  # levels that recursive types have rows for at first


class TagsOf(Protocol):
    """What gives the tags of elements in their places: ``formats.xml.layout.Layout``."""

    plain: bool

    def root(self, type_key: str = "") -> Any:
        """Give the tags of the root."""

    def tags(self, member: Member, depth: int, scope: Any, type_key: str = "") -> Any:
        """Give the tags of a member's element."""


class Site(msgspec.Struct, frozen=True):
    """A member that events are about: ``owner`` is the key of the type that has it.

    ``role``: "root", "member", "item" of a list, "entry" of a dictionary, or an entry's "key" or "value".
    """

    owner: str
    role: str
    member: Member


class Program(msgspec.Struct, frozen=True):
    """A program's bytes, and the members that its events name by number. ``cut``: a deeper one would take more."""

    data: bytes
    sites: tuple[Site, ...]
    cut: bool
    deepest: int


def program(contract: Contract, layout: TagsOf, deepest: int = _DEEP) -> Program | None:
    """Give the program of a contract; None where objects have identities, or a record is too wide."""
    wide = any(isinstance(kind, Record) and len(kind.members) > _WIDEST for kind in contract.types.values())
    if contract.has_references or wide:
        return None
    return _Builder(contract, layout, deepest).build()


class _Builder(msgspec.Struct):
    contract: Contract
    layout: TagsOf
    deepest: int
    pool: bytearray = msgspec.field(default_factory=bytearray)
    strings: dict[str, tuple[int, int]] = {}
    spaces: list[str] = msgspec.field(default_factory=lambda: ["", XSI])
    rows: dict[Any, int] = {}
    types: list[bytes] = []
    members: list[bytes] = []
    variants: list[bytes] = []
    names: list[bytes] = []
    orders: list[int] = []
    ordered: dict[str, int] = {}
    named: dict[str, int] = {}
    sites: dict[tuple[str, str, str], int] = {}
    told: list[Site] = []
    todo: deque[tuple[int, str, int, Any]] = msgspec.field(default_factory=deque)
    wanted: int = 0  # members of the rows that there are, and of those to come
    cut: bool = False

    def build(self) -> Program:
        """Give the program: the root's row, and the rows of all that it leads to."""
        contract, tags = self.contract, self.layout.root()
        words = len(self.names)
        for xml, json in (("INF", '"Infinity"'), ("-INF", '"-Infinity"'), ("NaN", '"NaN"')):
            self.names.append(_NAME.pack(*self.text(xml), *self.text(json), 0))
        root = contract.top
        first = self.room(1)
        variants = self.derived(contract.root, self.layout.root, 1)
        self.members[first] = self.member(root, contract.root, "root", tags, 1, variants)
        while self.todo:
            row, key, depth, scope = self.todo.popleft()
            self.types[row] = self.type(key, depth, scope)
        listed = isinstance(contract.root_type, Array)
        spaces = [_NAMESPACE.pack(*self.text(name), *self.text(in_attribute(name))) for name in self.spaces]
        parts = [*self.types, *self.names, *self.members, *self.variants, *spaces]
        body = b"".join(parts) + struct.pack(f"={len(self.orders)}I", *self.orders) + bytes(self.pool)
        head = _HEAD.pack(
            MAGIC, ABI, _HEAD.size + len(body), len(self.types), len(self.members), len(self.variants),
            len(self.names), len(self.orders), len(spaces), len(self.told), len(self.pool), first, listed, words,
        )  # fmt: skip
        return Program(head + body, tuple(self.told), self.cut and self.wanted <= _MOST_DEEPER, self.deepest)

    # --- parts ---

    def text(self, text: str) -> tuple[int, int]:
        """Give where a text stands in the pool."""
        found = self.strings.get(text)
        if found is None:
            data = text.encode()
            found = self.strings[text] = (len(self.pool), len(data))
            self.pool += data
        return found

    def space(self, name: str) -> int:
        """Give the number of a namespace."""
        if name not in self.spaces:
            self.spaces.append(name)
        return self.spaces.index(name)

    def room(self, count: int) -> int:
        """Make room for a type's members, which stand together; give the index of the first."""
        first = len(self.members)
        self.members += [b""] * count
        return first

    def row(self, key: str, depth: int, scope: Any) -> int:
        """Give the index of the row of a type in a place."""
        kind = self.contract.types[key]
        place: tuple[Any, ...] = (key,)
        if not (is_plain(kind) or isinstance(kind, Enumeration)):
            place = (key, scope) if self.layout.plain else (key, depth, scope)
            deep = depth > self.deepest and not self.layout.plain
            full = self.wanted > (_MOST if self.deepest <= _DEEP else _MOST_DEEPER)
            if (deep or full) and place not in self.rows:
                self.cut = not full  # a deeper program would be full at the same place
                key, place = "", ("",)
        if place not in self.rows:
            self.rows[place] = len(self.types)
            self.types.append(b"")
            self.wanted += len(kind.members) if isinstance(kind, Record) else 1
            self.todo.append((self.rows[place], key, depth, scope))
        return self.rows[place]

    def site(self, owner: str, role: str, member: Member) -> int:
        """Give the number by which events name a member."""
        key = (owner, role, member.name)
        if key not in self.sites:
            self.sites[key] = len(self.told)
            self.told.append(Site(owner, role, member))
        return self.sites[key]

    def member(
        self, member: Member, owner: str, role: str, tags: Any, depth: int, variants: tuple[int, int] = (0, 0),
        row: int | None = None,
    ) -> bytes:  # fmt: skip
        """Give a member's bytes; ``depth`` is its element's, ``row`` its type where that is no type of the model."""
        flags = member.nillable * _NILLABLE | member.required * _REQUIRED
        flags |= (not member.emit_default) * _SILENT | (role == "key") * _KEY
        if role == "member" and is_kept(self.contract.types, member):
            flags |= _KEPT | is_char(self.contract.types, member) * _CHAR
        flags |= is_meant(self.contract.types, member) * _MEANT | member.omits_null * _OMITS
        flags |= (not member.in_json) * _XML_ONLY | (not member.in_xml) * _JSON_ONLY
        default = self.default(member, tags) if role == "member" else None
        if default is None or _is_settled(self.contract.types[member.type]):
            flags |= _NO_DEFAULT
        xml, json, left_out = default or ("", "", "")
        key, name = msgspec.json.encode(member.json_name).decode(), member.json_name
        texts = (tags.open, tags.close, tags.nil, tags.empty, f",{key}:", member.name, name, xml, json, left_out)
        at = [number for text in texts for number in self.text(text)]
        of = self.row(member.type, depth, tags.scope) if row is None else row
        space = self.space(member.namespace)
        return _MEMBER.pack(*at, of, space, flags, self.site(owner, role, member), *variants)

    def default(self, member: Member, tags: Any) -> tuple[str, str, str] | None:
        """Give what is written for .NET's default of a member, in XML and in JSON, and its text; None for structs."""
        kind = self.contract.types[member.type]
        record = record_of(kind)
        if record is not None and record.value_type and not member.nillable:
            return None
        value = default_of(self.contract.types, {}, member)
        if value is None:
            return tags.nil, "null", ""
        if isinstance(kind, Enumeration):
            number = dict(kind.values).get(value, 0)
            json = _coded(kind, value, number) if value else str(number)
            return (f"{tags.open}{in_content(value)}{tags.close}" if value else tags.empty), json, value
        assert isinstance(kind, Scalar)
        datatype = DATATYPES[kind.datatype]
        json, text = datatype.write_json(value), datatype.format(value)
        if datatype.json_kind == "string":
            json = msgspec.json.encode(json).decode()
        return f"{tags.open}{in_content(text)}{tags.close}", json, text

    def derived(self, declared: str, tags_of: Any, depth: int) -> tuple[int, int]:
        """Give where the types derived from a record stand, and how many there are."""
        keys = self.contract.derived.get(declared, ())
        first = len(self.variants)
        self.variants += [b""] * len(keys)
        for index, key in enumerate(keys):
            kind, tags = self.contract.types[key], tags_of(key)
            assert isinstance(kind, Record)
            namespace, local = split_key(key)
            told = f'"$type":{msgspec.json.encode(kind.type_name).decode()}' if kind.type_name else ""
            texts = (tags.open, tags.close, tags.empty, told, kind.type_name, local)
            at = [number for text in texts for number in self.text(text)]
            row = self.row(key, depth, tags.scope)
            self.variants[first + index] = _VARIANT.pack(*at, self.space(namespace), row)
        return first, len(keys)

    def placed(self, member: Member, owner: str, role: str, depth: int, scope: Any) -> bytes:
        """Give the bytes of a member whose element stands at ``depth`` in a scope."""
        tags = self.layout.tags(member, depth, scope)
        variants = self.derived(member.type, lambda key: self.layout.tags(member, depth, scope, key), depth)
        return self.member(member, owner, role, tags, depth, variants)

    # --- types ---

    def type(self, key: str, depth: int, scope: Any) -> bytes:
        """Give the bytes of a type's row."""
        if not key:
            return _TYPE.pack(_NONE, 0, 0, 0, 0, _CUT, 0, 0)
        kind = self.contract.types[key]
        if isinstance(kind, Record):
            return self.record(kind, depth, scope, _RECORD)
        if isinstance(kind, Array):
            first = self.room(1)
            self.members[first] = self.placed(kind.item, key, "item", depth + 1, scope)
            return _TYPE.pack(_ARRAY, 0, first, 1, 0, 0, 0, 0)
        if isinstance(kind, Dictionary):
            return self.dictionary(kind, depth, scope)
        if isinstance(kind, Scalar):
            return self.scalar(kind, depth, scope)
        if isinstance(kind, Enumeration):
            return self.enumeration(kind)
        return _TYPE.pack(_NONE, 0, 0, 0, 0, 0, 0, 0)

    def record(self, kind: Record, depth: int, scope: Any, of: int) -> bytes:
        first = self.room(len(kind.members))
        for index, member in enumerate(kind.members):
            self.members[first + index] = self.placed(member, kind.key, "member", depth + 1, scope)
        counts = sum(member.in_xml for member in kind.members), sum(member.in_json for member in kind.members)
        return _TYPE.pack(of, 0, first, len(kind.members), self.order(kind.key, tuple(kind.order)), 0, *counts)

    def order(self, key: str, order: tuple[int, ...]) -> int:
        if key not in self.ordered:
            self.ordered[key] = len(self.orders)
            self.orders += order
        return self.ordered[key]

    def dictionary(self, kind: Dictionary, depth: int, scope: Any) -> bytes:
        """Give the row of a dictionary, whose entries are records of a key and a value."""
        of = self.contract.types[kind.key_member.type]
        if not _has_rules(of):
            return _TYPE.pack(_NONE, 0, 0, 0, 0, 0, 0, 0)
        entry = Member(kind.entry, kind.namespace, kind.key, nillable=False)
        tags = self.layout.tags(entry, depth + 1, scope)
        at, first = self.room(1), self.room(2)
        key = msgspec.structs.replace(kind.key_member, required=True, nillable=False)
        value = msgspec.structs.replace(kind.value_member, required=True)
        for index, (part, role) in enumerate(((key, "key"), (value, "value"))):
            self.members[first + index] = self.placed(part, kind.key, role, depth + 2, tags.scope)
        row = len(self.types)
        self.types.append(_TYPE.pack(_RECORD, 0, first, 2, self.order("", (0, 1)), 0, 2, 2))
        self.members[at] = self.member(entry, kind.key, "entry", tags, depth + 1, row=row)
        return _TYPE.pack(_DICTIONARY, 0, at, 1, 0, 0, 0, 0)

    def scalar(self, kind: Scalar, depth: int, scope: Any) -> bytes:
        datatype, record = DATATYPES[kind.datatype], record_of(kind)
        if datatype.engine is None:
            return _TYPE.pack(_NONE, 0, 0, 0, 0, 0, 0, 0)
        if record is not None:
            return self.record(record, depth, scope, datatype.engine)
        low, high = datatype.bounds or (0, 0)
        return _TYPE.pack(_SCALAR, datatype.engine, 0, 0, 0, 0, low, high)

    def enumeration(self, kind: Enumeration) -> bytes:
        """Give the row of an enumeration; the order of flags has the largest first, as JSON takes a sum apart."""
        values, order, coding = kind.values, 0, coding_of(kind).engine
        if coding is None:
            return _TYPE.pack(_NONE, 0, 0, 0, 0, 0, 0, 0)
        if kind.flags:
            if not _has_rules(kind):
                return _TYPE.pack(_NONE, 0, 0, 0, 0, 0, 0, 0)
            order = self.order(kind.key, tuple(sorted(range(len(values)), key=lambda index: -values[index][1])))
        first = len(self.names)
        for name, number in values:
            json = coding_of(kind).text(name) if kind.flags else _coded(kind, name, number)
            self.names.append(_NAME.pack(*self.text(name), *self.text(json), number if kind.flags else 0))
        of = _FLAGS if kind.flags else _ENUMERATION
        return _TYPE.pack(_SCALAR, of, first, len(values), order, coding, 0, 0)


def _coded(kind: Enumeration, name: str, number: int) -> str:
    """Give the JSON of a single name."""
    spell = coding_of(kind).spell
    return str(number) if spell is None else msgspec.json.encode(spell(name)).decode()


def _has_rules(kind: Type) -> bool:
    """Tell whether a type is simple, and one of the engine's: not a datatype it has not, nor flags that are no sums."""
    if isinstance(kind, Enumeration):
        return not kind.flags or all(0 <= number < 1 << 59 for _, number in kind.values)
    return isinstance(kind, Scalar) and is_plain(kind) and DATATYPES[kind.datatype].engine is not None


def _is_settled(kind: Type) -> bool:
    """Tell whether .NET writes the default of a type otherwise than its datatype does: a day has a time then."""
    row = DATATYPES[kind.datatype] if isinstance(kind, Scalar) else None
    default = row.make_default() if row is not None else None
    return row is not None and row.settle is not None and default is not None and row.settle(default) != default
