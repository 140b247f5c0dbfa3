"""What a format cannot hold of a value that came in another.

JSON: the scale of a whole decimal, which Json.NET writes with ``.0``; a derived type, where the contract's JSON has no
``$type`` to tell it; digits of a double that is a key, of which Json.NET writes 15, and of a float 7. XML: white space
at the ends of a URI or a qualified name, or several in it, which XML Schema's types collapse. Either: members that it
never has; JSON: null and absence, where it leaves null out.
"""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from convtool.formats import suggest
from convtool.formats.anything import forgets, respells
from convtool.formats.leaf import shown
from convtool.model.anything import ANYTHING, JsonText, Markup
from convtool.model.contract import (
    Anything,
    Array,
    Contract,
    Dictionary,
    Member,
    Record,
    Scalar,
    split_key,
)
from convtool.model.datatypes import DATATYPES, collapse
from convtool.model.defaults import default_of, is_kept, is_meant, unsaid
from convtool.model.dotnet import Rekeyed
from convtool.model.numbers import LexicalError, decimal_to_json, format_decimal

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.findings import Findings
    from convtool.model.datatype import Datatype
    from convtool.model.instance import Instances

__all__ = ["Losses", "SpansOf", "Steps"]

Steps: TypeAlias = tuple[Any, ...]  # members' names, items' indexes, dictionaries' keys
SpansOf: TypeAlias = "Callable[[list[Steps]], list[tuple[int, int] | None]]"


class _Found:
    """The losses of a value, by code and member: the message and the steps of the first, and how many there are."""

    def __init__(self) -> None:
        self.first: dict[tuple[str, str], tuple[str, Steps]] = {}
        self.times: Counter[tuple[str, str]] = Counter()

    def add(self, code: str, label: str, message: str, steps: Steps) -> None:
        self.first.setdefault((code, label), (message, steps))
        self.times[code, label] += 1


class Losses:
    """Looks through values of one contract for what a format, "json" or "xml", cannot hold."""

    def __init__(self, contract: Contract, instances: Instances, to: str) -> None:
        self.to = to
        self.contract = contract
        self.types = contract.types
        self.keys = instances.keys
        self.said = instances.said
        derived = [contract.types[key] for keys in contract.derived.values() for key in keys]
        #: Defaults that XML has and JSON leaves out, by record and member: nothing of what stands within is written.
        self.left_out = {
            (key, member.name): default_of(contract.types, instances.classes, member)
            for key, kind in (contract.types.items() if to == "json" else ())
            if isinstance(kind, Record)
            for member in kind.members
            if isinstance(contract.types[member.type], Record) and is_kept(contract.types, member)
        }
        #: What is dropped, by record and member: JSON means these values by its silence, XML nothing.
        self.dropped = {
            (key, member.name): self._meant(member, instances) if to == "json" else (msgspec.UNSET,)
            for key, kind in contract.types.items()
            if isinstance(kind, Record)
            for member in kind.members
            if not member.is_in(to) or (to == "json" and (member.omits_null or is_meant(contract.types, member)))
        }
        self.named = "json" if to == "xml" else "xml"  # the payload, whose names are told
        # Where no type is a decimal, and each derived one has its $type, there is nothing to look for.
        scalars = [DATATYPES[kind.datatype] for kind in contract.types.values() if isinstance(kind, Scalar)]
        self.any = (
            bool(self.left_out or self.dropped)
            or ANYTHING in contract.types
            or any(kind.loses_scale if to == "json" else kind.loses_white for kind in scalars)
            or (to == "json" and any(isinstance(kind, Record) and not kind.type_name for kind in derived))
            or (
                to == "json"
                and any(isinstance(kind, Dictionary) and self._of_floats(kind) for kind in self.types.values())
            )
        )

    def _meant(self, member: Member, instances: Instances) -> tuple[Any, ...]:
        """Give what JSON means by leaving a member out: a value, and how .NET writes it (a day has a time then)."""
        meant, kind = unsaid(self.types, instances.classes, member), self.types[member.type]
        settle = DATATYPES[kind.datatype].settle if isinstance(kind, Scalar) else None
        return (meant, settle(meant)) if settle is not None and isinstance(meant, str) else (meant,)

    def report(
        self, key: str, value: Any, findings: Findings, steps: Steps = (), spans_of: SpansOf | None = None,
        called: str = "",
    ) -> None:  # fmt: skip
        """Report what a value of the type ``key`` would lose; ``steps`` lead to it from the root.

        ``called`` is what it is called, where that is not its type's name.
        ``spans_of`` gives the spans of what several steps lead to, where the payload's text is still there.
        """
        if not self.any:
            return
        found = _Found()
        self._typed(Member("", "", key, nillable=True), value, called or split_key(key)[1], steps, found)
        new = {one: at for one, (_, at) in found.first.items() if not findings.knows(*one)}
        spans = dict(zip(new, spans_of([*new.values()]), strict=True)) if spans_of and new else {}
        for (code, label), (message, at) in found.first.items():
            path = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in at)
            findings.hazard(code, label, message, spans.get((code, label)), path)
            if found.times[code, label] > 1 and findings.knows(code, label):
                findings.again(code, label, found.times[code, label] - 1)

    def _typed(self, member: Member, value: Any, label: str, steps: Steps, found: _Found) -> None:
        if value is None or value is msgspec.UNSET:
            return
        kind = self.types[member.type]
        if isinstance(kind, Scalar):
            if self.to == "xml":
                if DATATYPES[kind.datatype].loses_white and collapse(value) != value:
                    told = f"`{label}` is {shown(value)}, whose white space XML does not keep."
                    found.add("loss.lexical", label, told, steps)
            elif DATATYPES[kind.datatype].loses_scale and value.as_tuple().exponent >= 0:
                told = f"`{label}` is {format_decimal(value)}, which JSON has as {decimal_to_json(value)}."
                found.add("loss.scale", label, told, steps)
        elif isinstance(kind, Anything):
            self._anything(member.type, value, label, steps, found)
        elif isinstance(kind, Record):
            self._record(member.type, value, label, steps, found)
        elif isinstance(kind, Array):
            label = f"{split_key(kind.key)[1]}.{kind.item.name}"
            for index, one in enumerate(value):
                self._typed(kind.item, one, label, (*steps, index), found)
        elif isinstance(kind, Dictionary):
            label = f"{split_key(kind.key)[1]}.{kind.value_member.name}"
            floats = self.to == "json" and self._of_floats(kind)
            read = value.read if isinstance(value, Rekeyed) else value
            for (key, one), step in zip(value.items(), read, strict=True):
                if floats:
                    self._digits(kind.key_member, key, label, (*steps, step), found)
                self._typed(kind.key_member, key, label, (*steps, step), found)
                self._typed(kind.value_member, one, label, (*steps, step), found)

    def _anything(self, key: str, value: Any, label: str, steps: Steps, found: _Found) -> None:
        typed = isinstance(value, Markup) and key == ANYTHING and forgets(value, self.contract)
        unsaid = isinstance(value, Decimal) or (isinstance(value, float) and not math.isfinite(value))
        if self.to == "json" and (typed or unsaid):
            found.add("loss.type", label, f"`{label}` says in XML what it is, which JSON does not tell.", steps)
        elif self.to == "xml" and isinstance(value, JsonText) and key == ANYTHING and respells(value, self.contract):
            found.add("loss.lexical", label, f"`{label}` is written another way in XML.", steps)

    def _of_floats(self, kind: Dictionary) -> bool:
        of = self.types[kind.key_member.type]
        return isinstance(of, Scalar) and DATATYPES[of.datatype].loses_key

    def _digits(self, member: Member, value: float, label: str, steps: Steps, found: _Found) -> None:
        of = self.types[member.type]
        assert isinstance(of, Scalar)
        kind = DATATYPES[of.datatype]
        if math.isfinite(value) and _key_of(kind, text := kind.write_key(value)) != value:
            told = f"A key of `{label}` is {kind.format(value)}, which JSON has as {text}."
            found.add("loss.lexical", label, told, steps)

    def _record(self, declared: str, value: Any, label: str, steps: Steps, found: _Found) -> None:
        key = self.keys[type(value)]
        record = self.types[key]
        assert isinstance(record, Record)
        if self.to == "json" and key != declared and not record.type_name:
            told = f"`{label}` is of the derived type {split_key(key)[1]}, which JSON does not tell without $type."
            found.add("loss.type", label, told, steps)
        order = record.order
        for index, one in zip(order, msgspec.structs.astuple(value), strict=True):
            member = record.members[index]
            called = member.called(self.named)
            below, at = f"{split_key(key)[1]}.{called}", (*steps, called)
            if (key, member.name) in self.dropped and (one in (None, msgspec.UNSET) or not member.is_in(self.to)):
                if not any(_same(one, meant) for meant in self.dropped[key, member.name]):
                    code, told = suggest.dropped(member, below, there=one is not msgspec.UNSET)
                    found.add(code, below, told, at)
                continue
            if self.left_out and (default := self.left_out.get((key, member.name))) is not None:
                whole = self.said(one)
                if whole == default and repr(whole) != repr(default):  # 0.00 equals 0, and -0 does
                    found.add("loss.scale", below, f"`{below}` equals its default, which JSON leaves out.", at)
                if whole == default == one:
                    continue
            self._typed(member, one, below, at, found)


def _key_of(kind: Datatype, text: str) -> Any:
    """Give the key that a text is read as; None where it is none, as .NET's own text of the largest double is."""
    try:
        return kind.read_key(text)
    except LexicalError:
        return None


def _same(value: Any, meant: Any) -> bool:
    """Tell whether a value is what JSON means by its silence, to the letter: 0.00 equals 0, and -0 does."""
    return value is meant or (type(value) is type(meant) and value == meant and repr(value) == repr(meant))
