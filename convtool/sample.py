"""A sample value of any contract, as ASP.NET's help page makes it: the payload that the API's own documentation shows.

The rules are those of the page's ObjectGenerator (Microsoft.AspNet.WebApi.HelpPage). Each record, each list and each
dictionary counts its simple values from 1, in JSON order: a text is ``sample string N``, an integer or a decimal N, a
double N.1. A nullable value type starts a count of its own, so it is always 1. Lists have two items, dictionaries two
entries, enumerations their first name. Where .NET takes the clock or a random number, the sample has a fixed value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.errors import UsageError
from convtool.model.contract import Anything, Array, Contract, Dictionary, Enumeration, Member, Record, Scalar
from convtool.model.datatypes import DATATYPES, LexicalError

if TYPE_CHECKING:
    from convtool.model.instance import Instances

__all__ = ["MOMENT", "sample"]

MOMENT = (
    "2026-03-22T00:33:32.0494548+01:00"  # the instant of the first sample of the help page that convtool grew up with
)
_ITEMS = 2  # ObjectGenerator.DefaultCollectionSize

# Contracts whose records refer to each other freely would give samples of any size: the deepest nesting is chosen that
# stays below so many records, which is more than anyone reads.
_RECORDS = 2000
# 20 records within each other, in dictionaries, stay below the readers' depth limit of 64.
_LEVELS = (20, 12, 6, 4, 3, 2)


def sample(contract: Contract, instances: Instances, *, moment: str = MOMENT) -> Any:
    """Give a sample value of a contract, made of the classes of ``instances`` (a codec's ``model`` and ``instances``).

    ``moment`` is the instant of all dates. Where a record would nest within itself, a list is empty and a member null.
    UsageError where ``moment`` is not an xs:dateTime.
    """
    try:
        DATATYPES["dateTime"].parse(moment)
    except LexicalError as error:
        raise UsageError(f"the moment {moment!r} is not {error.wanted}") from None
    root = contract.top
    for levels in _LEVELS:
        try:
            return _Sampler(contract, instances, moment, levels, _RECORDS).value(root, _Count())
        except _TooManyError:
            continue
    return _Sampler(contract, instances, moment, 1).value(root, _Count())  # one level always ends


class _TooManyError(Exception):
    """The sample has more records than anyone reads."""


class _Count:
    """Numbers the simple values of one record, list or dictionary."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


class _Sampler:
    def __init__(
        self, contract: Contract, instances: Instances, moment: str, levels: int, records: int | None = None
    ) -> None:
        self.types = contract.types
        self.classes = instances.classes
        self.moment = moment
        self.depth = 2 * levels  # a record is mostly within a list, or a dictionary
        self.left = records  # how many may still be made
        self.open: list[str] = []  # keys of the types that the value in hand is within

    def value(self, member: Member, count: _Count, *, needed: bool = False) -> Any:
        """Give a member's value; UNSET where it would be within itself, unless it is ``needed``: those end."""
        kind = self.types[member.type]
        match kind:
            case Scalar(datatype=name):
                own = member.nillable and not DATATYPES[name].is_class
                return self._scalar(name, _Count() if own else count)
            case Enumeration(values=values):
                return values[0][0] if values else msgspec.UNSET
            case Anything():
                count.next()  # an object to .NET, which counts; it has no content to show
                return None if member.nillable else msgspec.UNSET
        return self._composite(kind, member.type, needed=needed and isinstance(kind, Record))

    def _composite(self, kind: Record | Array | Dictionary, key: str, *, needed: bool) -> Any:
        if not needed and (key in self.open or len(self.open) > self.depth):
            return msgspec.UNSET
        self.open.append(key)
        try:
            match kind:
                case Record():
                    return self._record(kind)
                case Array(item=item):
                    return self._list(item)
                case Dictionary():
                    return self._dictionary(kind)
        finally:
            self.open.pop()

    def _scalar(self, name: str, count: _Count) -> Any:
        kind = DATATYPES[name]
        return kind.parse(kind.sample(count.next() if kind.counted else 0, self.moment))

    def _record(self, record: Record) -> Any:
        if self.left is not None:
            if self.left == 0:
                raise _TooManyError
            self.left -= 1
        count = _Count()
        members = (record.members[index] for index in record.order)
        return self.classes[record.key](*[self._or_null(member, count, needed=member.is_needed) for member in members])

    def _or_null(self, member: Member, count: _Count, *, needed: bool = False) -> Any:
        value = self.value(member, count, needed=needed)
        return None if value is msgspec.UNSET and member.nillable else value

    def _list(self, item: Member) -> list[Any]:
        count = _Count()
        values = (self.value(item, count) for _ in range(_ITEMS))
        return [value for value in values if value is not msgspec.UNSET]

    def _dictionary(self, kind: Dictionary) -> dict[Any, Any]:
        count = _Count()
        entries: dict[Any, Any] = {}
        for _ in range(_ITEMS):
            key = self.value(kind.key_member, count)
            if key not in entries and key is not msgspec.UNSET:
                value = self._or_null(kind.value_member, count)
                if value is not msgspec.UNSET:
                    entries[key] = value
        return entries
