"""Hypothesis strategies for values and payloads, from the contract alone.

    @given(payloads("Order", format="xml"))
    def test_the_client_reads_whatever_the_server_may_write(payload): ...

They reach the corners of every type: null, absent, empty, seven digits of a second, the ends of integers, every class
of character; and they shrink towards a short, plain payload. What ``invalid_payloads`` gives breaks exactly one rule.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from convtool.errors import UsageError
from convtool.model.contract import Anything, Array, Dictionary, Enumeration, Member, Record, Scalar
from convtool.model.datatypes import DATATYPES
from convtool.model.defaults import unsaid
from convtool.testing.choices import accepts, flag_values, spoken_of
from convtool.testing.defaults import codec
from convtool.testing.dress import dressed
from convtool.testing.invalid import Invalid, broken
from convtool.testing.received import several
from convtool.testing.texts import SHORT, dull, scalars

if TYPE_CHECKING:
    from collections.abc import Collection

    from hypothesis.strategies import SearchStrategy

    from convtool.convert import Codec, Format

__all__ = ["Invalid", "invalid_payloads", "payloads", "values"]

_DEEPEST = 5  # records within records, where types refer to themselves
_NESTED = 3  # the same for payloads that are broken on purpose, which are to be read by people


def values(contract: str | Codec, *, exact: bool = False, xml_1_0: bool = False) -> SearchStrategy[Any]:
    """Give typed values of a contract: what ``Codec.read`` gives, and the writers take.

    ``exact``: only values whose texts are the same in both formats and in the wire form (.NET writes the decimal 3 as
    3.0 in JSON). ``xml_1_0``: only characters that XML 1.0 has, for other XML libraries.

    What schema files say beyond the model (a pattern, an if/then) is met by leaving values out, which works where it
    is not too rare.
    """
    return _by_codec(codec(contract), exact=exact, xml_1_0=xml_1_0)


def payloads(
    contract: str | Codec, *, format: Format = "json", valid: bool = True, wire: bool = False
) -> SearchStrategy[bytes]:
    """Give payloads of a contract, as bytes.

    Some are in the wire form; others are laid out, ordered or encoded differently and say the same. ``wire``: only the
    wire form. Not ``valid``: payloads that break one rule.
    """
    of = codec(contract)
    if format not in of.formats:
        raise UsageError(f"there is no format {format!r}", hint="there are: xml, json")
    if not valid:
        return invalid_payloads(of, format=format).map(lambda found: found.payload)
    value = values(of)
    return value.map(of.formats[format].write) if wire else dressed(of, format, value)


def invalid_payloads(
    contract: str | Codec, *, format: Format = "json", codes: Collection[str] | None = None
) -> SearchStrategy[Invalid]:
    """Give pairs of a payload that breaks exactly one rule and the code of that rule, as the strict profile reports it.

    ``codes``: only these rules; UsageError where one of them cannot be broken in the format.
    """
    of = codec(contract)
    whole = _by_codec(of, plain=True)
    return broken(of, format, whole, None if codes is None else frozenset(several("codes", codes)))


_known: dict[tuple[int, tuple[tuple[str, bool], ...]], tuple[Codec, SearchStrategy[Any]]] = {}


def _by_codec(of: Codec, **options: bool) -> SearchStrategy[Any]:
    """Give the strategy of a codec, made once: Hypothesis takes its time to look at a large one."""
    key = (id(of), tuple(sorted(options.items())))
    found = _known.get(key)
    if found is None or found[0] is not of:
        found = _known[key] = of, _root(of, **options)
    return found[1]


def _root(of: Codec, *, exact: bool = False, xml_1_0: bool = False, plain: bool = False) -> SearchStrategy[Any]:
    checked = of.referee is not None  # the libraries that check what the model cannot hold know XML 1.0 alone
    made = _Values(of, exact=exact, xml_1_0=xml_1_0 or checked, plain=plain)
    value = made.type(of.model.root, _NESTED if plain else _DEEPEST)
    if checked:
        value = value.filter(lambda one: accepts(of, one))
    return _rarely(st.none(), value, 10) if of.model.nillable and not plain else value


def _rarely(rare: SearchStrategy[Any], value: SearchStrategy[Any], times: int) -> SearchStrategy[Any]:
    """Give something rare once in so many times: ``one_of`` takes a strategy that it is given twice for one."""
    return st.integers(0, times - 1).flatmap(lambda drawn: value if drawn else rare)


class _Values:
    """Builds the strategies of one contract's types, each for a depth. ``plain``: everything is there, and dull."""

    def __init__(self, of: Codec, *, exact: bool, xml_1_0: bool, plain: bool) -> None:
        self.model = of.model
        self.classes = of.instances.classes
        self.exact = exact
        self.xml_1_0 = xml_1_0
        self.plain = plain
        self.known: dict[tuple[str, int], SearchStrategy[Any]] = {}

    def member(self, member: Member, depth: int) -> SearchStrategy[Any]:
        """Give values of a member: null too, where it can be."""
        value = self.type(member.type, depth)
        return _rarely(st.none(), value, 4) if member.nillable and not self.plain else value

    def type(self, key: str, depth: int) -> SearchStrategy[Any]:
        """Give values of a type, with so many records within each other."""
        if (key, depth) not in self.known:
            self.known[key, depth] = self.make(key, depth)
        return self.known[key, depth]

    def make(self, key: str, depth: int) -> SearchStrategy[Any]:
        """Build the strategy of a type."""
        match self.model.types[key]:
            case Scalar(datatype=name):
                return dull(name) if self.plain else scalars(name, exact=self.exact, xml_1_0=self.xml_1_0)
            case Enumeration() as kind:
                return st.sampled_from(flag_values(kind))
            case Record():
                # Below the deepest there are only members that have to be there, and these end.
                chosen = spoken_of(self.model, key)[: None if depth >= 0 else 1]
                return st.one_of([self.record(one, depth) for one in chosen])
            case Array(item=item):
                least, most = (1, 2) if self.plain else (0, 3)
                return (
                    st.just([]) if depth <= 0 else st.lists(self.member(item, depth - 1), min_size=least, max_size=most)
                )
            case Dictionary(key_member=of, value_member=value):
                if depth <= 0:
                    return st.just({})
                least, most = (1, 2) if self.plain else (0, 3)
                return st.dictionaries(
                    self.key(of, depth - 1), self.member(value, depth - 1), min_size=least, max_size=most
                )
            case Anything():
                return (
                    dull("string") if self.plain else st.one_of(st.sampled_from([True, 7]), st.booleans(), self.text())
                )

    def key(self, member: Member, depth: int) -> SearchStrategy[Any]:
        """Give keys of a dictionary; JSON has fewer digits of those that are doubles than XML."""
        kind = self.model.types[member.type]
        if not (isinstance(kind, Scalar) and DATATYPES[kind.datatype].python is float):
            return self.type(member.type, depth)
        return st.sampled_from(SHORT) if self.exact else self.type(member.type, depth).filter(_is_readable)

    def text(self) -> SearchStrategy[Any]:
        """Give texts as the options allow them."""
        return scalars("string", xml_1_0=self.xml_1_0)

    def record(self, record: Record, depth: int) -> SearchStrategy[Any]:
        """Build the strategy of a record: a member may be absent unless it is required."""
        cls = self.classes[record.key]
        members = [record.members[index] for index in record.order]
        fields = [self.field(member, depth) for member in members]
        return st.tuples(*fields).map(lambda found: cls(*found))

    def field(self, member: Member, depth: int) -> SearchStrategy[Any]:
        """Build the strategy of a record's member; ``exact``: of one that a format lacks, what it means by that."""
        if self.exact and not (member.in_xml and member.in_json):
            return st.just(unsaid(self.model.types, self.classes, member) if member.in_xml else msgspec.UNSET)
        value = self._said(member, depth)
        meant = unsaid(self.model.types, self.classes, member)
        if not self.exact or not (member.omits_null or meant is not msgspec.UNSET):
            return value
        return value.map(lambda one: meant if one is None or one is msgspec.UNSET else one)

    def _said(self, member: Member, depth: int) -> SearchStrategy[Any]:
        kind = self.model.types[member.type]
        if depth <= 0 and isinstance(kind, (Record, Array, Dictionary)) and not member.is_needed:
            return st.none() if member.nillable and member.required else st.just(msgspec.UNSET)
        value = self.member(member, depth - 1)
        return value if member.required or self.plain else _rarely(st.just(msgspec.UNSET), value, 5)


def _is_readable(key: float) -> bool:
    """Tell whether .NET's own text of a key is one that a double can hold: that of the largest is not."""
    return not math.isfinite(key) or math.isfinite(float(f"{key:.15g}"))
