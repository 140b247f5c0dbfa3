"""The source of the fast lane's readers: a function for each type in its place, written for one contract.

A run of simple members is one regular expression; lists and records among members are read by loops and by functions of
their own. The generated functions take (text, at, counts, first) and give (value, offset behind it), or raise ``Miss``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.contract.datatypes import DATATYPES
from convtool.contract.dates import settle_offset
from convtool.contract.json_schema import DATE_TIME_OFFSET
from convtool.contract.model import Array, Enumeration, Member, Record, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.formats.xml.fast import FastReader
    from convtool.formats.xml.layout import Tags

__all__ = ["SPACE", "Generator", "Miss", "Unsupported"]

_TEXT = r"[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*+"
_REFERENCE = "&(?:amp|lt|gt|quot|apos|#x(?:[0-8BCDEF]|1[0-9A-F]|FFF[EF]));"
_STRING = f"{_TEXT}(?:{_REFERENCE}{_TEXT})*+"
SPACE = r"[ \t\r\n]*+"
_REF = re.compile("&(?:(amp|lt|gt|quot|apos)|#x([0-9A-F]+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_MAX_TYPES = 200  # functions a contract may need before it is left to the careful lane: prefixes make them multiply


class Miss(Exception):
    """The text is not in wire form here."""


class Unsupported(Exception):
    """The contract has no fast lane."""


def unescape(text: str) -> str:
    """Replace the references of the wire form."""
    return _REF.sub(lambda m: _NAMED[m[1]] if m[1] else chr(int(m[2], 16)), text)


class Generator:
    """Writes the source of one reader: a function for each type in its place."""

    def __init__(self, fast: FastReader, space: str) -> None:
        self.fast = fast
        self.types = fast.contract.types
        self.space = space
        self.lines: list[str] = []
        self.names: dict[tuple[str, Tags, int], str] = {}
        self.open: set[str] = set()
        self.scope: dict[str, Any] = {
            "UNSET": msgspec.UNSET, "Miss": Miss, "unescape": unescape, "space": re.compile(SPACE).match,
        }  # fmt: skip

    def compile(self, name: str) -> Callable[..., Any]:
        """Compile what was written and give the function ``name``."""
        source = "\n".join(self.lines)
        exec(compile(source, f"<fast lane of {self.fast.contract.name}>", "exec"), self.scope)
        function: Callable[..., Any] = self.scope[name]
        return function

    def bind(self, value: Any, prefix: str) -> str:
        """Give a name in the generated code for an object."""
        name = f"{prefix}{len(self.scope)}"
        self.scope[name] = value
        return name

    def literal(self, text: str) -> str:
        """Give a name in the generated code for a text."""
        return self.bind(text, "t")

    def pattern(self, source: str) -> str:
        """Give a name in the generated code for an expression's ``match``."""
        return self.bind(re.compile(source).match, "p")

    def type(self, key: str, tags: Tags, depth: int) -> str:
        """Write the function that reads an element of a type, from its start tag on, and give its name."""
        place = (key, tags, 0 if self.fast.layout.plain else depth)
        found = self.names.get(place)
        if found is not None:
            return found
        if len(self.names) >= _MAX_TYPES or key in self.open:
            raise Unsupported  # depth is bounded by counting it, which the careful lane does
        self.open.add(key)
        name = self.names[place] = f"read{len(self.names)}"
        kind = self.types[key]
        if isinstance(kind, Record) and key not in self.fast.contract.derived and not kind.is_reference:
            body = self.record(key, kind, tags, depth)
        elif isinstance(kind, Array):
            body = self.array(kind, tags, depth)
        else:
            raise Unsupported
        self.open.discard(key)
        self.lines += [f"def {name}(text, at, counts, first):", *(f"    {line}" for line in body)]
        return name

    # --- simple values ---

    def value_pattern(self, key: str) -> str:
        """Give the expression of a simple type's wire form."""
        kind = self.types[key]
        if isinstance(kind, Enumeration) and not kind.flags:
            return "|".join(re.escape(name) for name, _ in kind.values)
        if not isinstance(kind, Scalar):
            raise Unsupported
        return DATATYPES[kind.datatype].pattern or _STRING

    def convert(self, key: str, variable: str) -> list[str]:
        """Write what turns a matched text (not None) into the value."""
        kind = self.types[key]
        if not isinstance(kind, Scalar):
            return []
        datatype = DATATYPES[kind.datatype]
        if datatype.python is str and not datatype.pattern:
            lines = [f'if "&" in {variable}: {variable} = unescape({variable})']
            if datatype.collapses:
                lines.append(f'if {variable}.strip(" \\t\\n\\r") != {variable}: raise Miss')
            return lines
        if datatype.bounds is not None:
            return [f"{variable} = int({variable})"]
        if datatype.python is bool:
            return [f'{variable} = {variable} == "true"']
        if datatype.exact:
            return []  # the expression is exact, and the text is the value
        parse, form = self.bind(_parse(datatype.parse), "parse"), self.bind(datatype.format, "form")
        return [f"value = {parse}({variable})", f"if {form}(value) != {variable}: raise Miss", f"{variable} = value"]

    def is_simple(self, member: Member) -> bool:
        """Tell whether a member's value is one text."""
        return isinstance(self.types[member.type], (Scalar, Enumeration))

    def member_pattern(self, member: Member, tags: Tags) -> str:
        """Give the expression of a simple member: its text is one group; where it can be nil, nil is another."""
        body = f"{re.escape(tags.open)}({self.value_pattern(member.type)}){re.escape(tags.close)}"
        if member.nillable:
            body = f"{body}|({_self_closing(tags.nil)})"
        return f"(?:{body}){'' if member.required else '?+'}"

    def member_code(self, key: str, index: int, member: Member, group: int) -> list[str]:
        """Write what makes a simple member's value of its groups; the match is ``m``, its first group ``group``."""
        variable = f"v{index}"
        lines = [f"if {variable} is None:"]
        missing = [f"{variable} = UNSET", *self.absent(key, index)]
        if member.required:
            missing = ["pass"] if member.nillable else ["raise Miss"]
        elif member.nillable:
            missing = [f"if n{index} is None:", *(f"    {line}" for line in missing)]
        lines += [f"    {line}" for line in missing]
        converted = [*self.dated(key, index, variable, group), *self.convert(member.type, variable)]
        return [*lines, "else:", *(f"    {line}" for line in converted or ["pass"])]

    def absent(self, key: str, index: int) -> list[str]:
        """Write the count of an absent member."""
        return self.count(key, index, "absent", "start")

    def count(self, key: str, index: int, kind: str, where: str) -> list[str]:
        """Write the count of a hazard."""
        found = self.fast.hazards.get((key, index, kind))
        if found is None:
            return []
        return [f"if not counts[{found[0]}]: first[{found[0]}] = {where}", f"counts[{found[0]}] += 1"]

    def dated(self, key: str, index: int, variable: str, group: int) -> list[str]:
        """Write the counts of a date's hazards."""
        lines = []
        offset, day = (
            self.count(key, index, "offset", f"m.start({group})"),
            self.count(key, index, "day", f"m.start({group})"),
        )
        if offset:
            lines += [f'if {variable}[-3] == ":" and {variable}[-6] in "+-":', *(f"    {line}" for line in offset)]
        if day:
            lines += [f"if len({variable}) == 10:", *(f"    {line}" for line in day)]
        return lines

    # --- records and lists ---

    def record(self, key: str, record: Record, tags: Tags, depth: int) -> list[str]:
        """Write a record's reader: its members in XML order, each run of simple ones by one expression."""
        cls = self.bind(self.fast.instances.classes[key], "Class")
        if all(self.is_simple(member) for member in record.members):
            return [*self.flat(key, record, tags, depth), f"return {cls}({self.arguments(record)}), m.end()"]
        body = ["start = at", f"at += {len(tags.open)}"]
        late: list[str] = []
        run: list[int] = []
        for index, member in enumerate(record.members):
            if self.is_simple(member):
                run.append(index)
                continue
            body += self.run(key, record, run, tags, depth, "")
            run = []
            body += self.member(index, member, self.tags(member, tags, depth), depth)
        body += self.run(key, record, run, tags, depth, re.escape(tags.close))
        # Absent members are counted when the record has been read, as the careful lane reports them.
        for index, member in enumerate(record.members):
            if not self.is_simple(member) and not member.required:
                late += [f"if v{index} is UNSET:", *(f"    {line}" for line in self.absent(key, index) or ["pass"])]
        return [*body, *late, f"return {cls}({self.arguments(record)}), at"]

    def arguments(self, record: Record) -> str:
        """Give the arguments of a record's class, which are in JSON order."""
        return ", ".join(f"v{index}" for index in record.order)

    def tags(self, member: Member, tags: Tags, depth: int) -> Tags:
        """Give the tags of a member in an element that has ``tags``."""
        return self.fast.layout.tags(member, depth + 1, tags.scope)

    def groups(self, record: Record, indexes: list[int]) -> tuple[list[str], dict[int, int]]:
        """Give the names of a run's groups in order, and the number of each member's first group."""
        names: list[str] = []
        numbers: dict[int, int] = {}
        for index in indexes:
            numbers[index] = len(names) + 1
            names.append(f"v{index}")
            if record.members[index].nillable:
                names.append(f"n{index}")
        return names, numbers

    def flat(self, key: str, record: Record, tags: Tags, depth: int) -> list[str]:
        """Write a record of simple members: one expression for all of it; the match stays in ``m``."""
        indexes = list(range(len(record.members)))
        parts = [self.member_pattern(m, self.tags(m, tags, depth)) for m in record.members]
        source = self.space.join([re.escape(tags.open), *parts, re.escape(tags.close)])
        return ["start = at", f"m = {self.pattern(source)}(text, at)", *self.matched(key, record, indexes)]

    def run(self, key: str, record: Record, indexes: list[int], tags: Tags, depth: int, close: str) -> list[str]:
        """Write a run of simple members, up to the record's end tag where ``close`` is its expression."""
        if not indexes and not close:
            return []
        members = [record.members[index] for index in indexes]
        parts = [self.member_pattern(m, self.tags(m, tags, depth)) for m in members]
        source = self.space + self.space.join([*parts, close] if close else parts)
        return [f"m = {self.pattern(source)}(text, at)", *self.matched(key, record, indexes), "at = m.end()"]

    def matched(self, key: str, record: Record, indexes: list[int]) -> list[str]:
        """Write what makes a run's values of its match."""
        names, numbers = self.groups(record, indexes)
        lines = ["if m is None: raise Miss"]
        if names:
            lines.append(f"{', '.join(names)}{',' if len(names) == 1 else ''} = m.groups()")
        for index in indexes:
            lines += self.member_code(key, index, record.members[index], numbers[index])
        if key == DATE_TIME_OFFSET:
            lines.append(f"if not {self.bind(_is_moment, 'moment')}({', '.join(names)}): raise Miss")
        return lines

    def member(self, index: int, member: Member, tags: Tags, depth: int) -> list[str]:
        """Write a member that is a record or a list: open, empty, nil or absent."""
        read = self.type(member.type, tags, depth + 1)
        empty = f"({_self_closing(tags.empty)})" if self.can_be_empty(member.type) else "((?!))"
        nil = f"({_self_closing(tags.nil)})" if member.nillable else "((?!))"
        head = self.pattern(f"{self.space}(?:({re.escape(tags.open)})|{nil}|{empty})")
        missing = "raise Miss" if member.required else f"v{index} = UNSET"
        return [
            f"m = {head}(text, at)",
            f"if m is None: {missing}",
            f"elif m.start(1) >= 0: v{index}, at = {read}(text, m.start(1), counts, first)",
            f"elif m.start(2) >= 0: v{index} = None; at = m.end()",
            "else:",
            "    at = m.end()",
            *(f"    {line}" for line in self.empty(member.type, f"v{index}")),
        ]

    def can_be_empty(self, key: str) -> bool:
        """Tell whether ``<X />`` is a value of a type."""
        kind = self.types[key]
        return not isinstance(kind, Record) or not any(member.required for member in kind.members)

    def empty(self, key: str, variable: str) -> list[str]:
        """Write the value of an empty element: an empty list, or a record without members, which are counted."""
        kind = self.types[key]
        if not isinstance(kind, Record):
            return [f"{variable} = []"]
        cls = self.bind(self.fast.instances.classes[key], "Class")
        absent = [line for index in range(len(kind.members)) for line in self.count(key, index, "absent", "m.start(3)")]
        return [f"{variable} = {cls}({', '.join(['UNSET'] * len(kind.members))})", *absent]

    def array(self, array: Array, tags: Tags, depth: int) -> list[str]:
        """Write a list's reader; with ``limit`` in place of the end tag it is what streams call."""
        item = array.item
        inner = self.tags(item, tags, depth)
        loop = self.item_loop(item, inner, depth)
        close = self.literal(tags.close)
        ending = ["at = space(text, at).end()"] if self.space else []
        if array is self.fast.contract.root_type:
            # What streams call: a record that is cut off by the window's end is a Miss of the reader within the loop.
            guarded = [
                "try:", *(f"    {line}" for line in loop), "except Miss:", "    at = begun", "    counts[:] = kept",
                "    for index in [index for index in first if first[index] >= at]: del first[index]",
            ]  # fmt: skip
            self.lines += ["def read_items(text, at, counts, first):", "    begun = at", "    kept = counts[:]",
                           "    items = []", "    add = items.append",
                           *(f"    {line}" for line in guarded), "    return items, at"]  # fmt: skip
        return [
            f"at += {len(tags.open)}", "items = []", "add = items.append", *loop, *ending,
            f"if not text.startswith({close}, at): raise Miss", f"return items, at + {len(tags.close)}",
        ]  # fmt: skip

    def mark(self) -> list[str]:
        """Write what a stream needs to go back to the beginning of an item, counts included."""
        return ["    begun = at", "    kept = counts[:]"]

    def item_loop(self, item: Member, tags: Tags, depth: int) -> list[str]:
        """Write the loop over a list's items."""
        kind = self.types[item.type]
        if self.is_flat(item.type):
            assert isinstance(kind, Record)
            return self.flat_items(kind, item, tags, depth + 1)
        if self.is_simple(item):
            return self.simple_items(item, tags)
        read = self.type(item.type, tags, depth + 1)
        empty = f"({_self_closing(tags.empty)})" if self.can_be_empty(item.type) else "((?!))"
        nil = f"({_self_closing(tags.nil)})" if item.nillable else "((?!))"
        head = self.pattern(f"{self.space}(?:({re.escape(tags.open)})|{nil}|{empty})")
        return [
            f"m = {head}(text, at)",
            "while m is not None:",
            *self.mark(),
            "    if m.start(1) >= 0:",
            f"        value, at = {read}(text, m.start(1), counts, first)",
            "        add(value)",
            "    elif m.start(2) >= 0:",
            "        at = m.end()",
            "        add(None)",
            "    else:",
            "        at = m.end()",
            *(f"        {line}" for line in self.empty(item.type, "value")),
            "        add(value)",
            f"    m = {head}(text, at)",
        ]

    def flat_items(self, record: Record, item: Member, tags: Tags, depth: int) -> list[str]:
        """Write the items of a list of records of simple members: one expression an item, nil and empty included."""
        key, indexes = item.type, list(range(len(record.members)))
        parts = [self.member_pattern(m, self.tags(m, tags, depth)) for m in record.members]
        body = self.space.join([re.escape(tags.open), *parts, re.escape(tags.close)])
        optional = not any(m.required for m in record.members)
        empty = f"|{_self_closing(tags.empty)}" if optional else ""
        nil = f"|({_self_closing(tags.nil)})" if item.nillable else "|((?!))"
        pattern = self.pattern(f"{self.space}(?:{body}{nil}{empty})")
        names, numbers = self.groups(record, indexes)
        cls = self.bind(self.fast.instances.classes[key], "Class")
        code = [line for i in indexes for line in self.member_code(key, i, record.members[i], numbers[i])]
        start = ["start = text.index('<', m.start())"] if self.space else ["start = m.start()"]
        return [
            f"m = {pattern}(text, at)",
            "while m is not None:",
            *self.mark(),
            "    at = m.end()",
            f"    {', '.join([*names, 'nil'])} = m.groups()",
            "    if nil is not None:",
            "        add(None)",
            "    else:",
            *(f"        {line}" for line in [*start, *code]),
            f"        add({cls}({self.arguments(record)}))",
            f"    m = {pattern}(text, at)",
        ]

    def is_flat(self, key: str) -> bool:
        """Tell whether a type is a record of simple members that looks the same whatever its value is."""
        kind = self.types[key]
        if not isinstance(kind, Record) or kind.is_reference or key in self.fast.contract.derived or not kind.members:
            return False
        return all(self.is_simple(member) for member in kind.members)

    def simple_items(self, item: Member, tags: Tags) -> list[str]:
        """Write the loop over a list of simple values."""
        body = f"{re.escape(tags.open)}({self.value_pattern(item.type)}){re.escape(tags.close)}"
        nil = f"|{_self_closing(tags.nil)}" if item.nillable else ""
        pattern = self.pattern(f"{self.space}(?:{body}{nil})")
        kind = self.types[item.type]
        if isinstance(kind, Scalar) and DATATYPES[kind.datatype].is_date:
            raise Unsupported  # hazards are counted by a record's member; dates in lists are rare
        return [
            f"m = {pattern}(text, at)",
            "while m is not None:",
            *self.mark(),
            "    at = m.end()",
            "    v = m[1]",
            "    if v is not None:",
            *(f"        {line}" for line in self.convert(item.type, "v") or ["pass"]),
            "    add(v)",
            f"    m = {pattern}(text, at)",
        ]


def _self_closing(tag: str) -> str:
    """Give the expression of ``<X />``, also without the space."""
    return f"{re.escape(tag.removesuffix(' />'))} ?/>"


def _is_moment(moment: str, minutes: int) -> bool:
    """Tell whether a DateTimeOffset's two members are such as .NET writes."""
    try:
        return settle_offset(moment, minutes) == (moment, minutes)
    except ValueError:
        return False


def _parse(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """Wrap a datatype's parser: what it refuses is for the careful lane to report."""

    def checked(text: str) -> Any:
        try:
            return parse(text)
        except ValueError:
            raise Miss from None

    return checked
