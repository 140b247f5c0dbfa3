"""What the server has after reading.

A value with .NET's defaults for absent members and dates as .NET writes them back.

The ``dotnet`` profile converts this value. Offsets keep their text: the server's zone is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.model import dates
from convtool.model.anything import Long
from convtool.model.contract import Anything, Array, Contract, Dictionary, Record, Scalar
from convtool.model.datatypes import DATATYPES
from convtool.model.defaults import default_of, is_meant, omits_default, unsaid
from convtool.model.made import made_text

if TYPE_CHECKING:
    from convtool.model.datatype import Datatype
    from convtool.model.instance import Instances

__all__ = ["Rekeyed", "as_dotnet", "as_spelled"]


class Rekeyed(dict[Any, Any]):
    """A dictionary some of whose keys .NET writes otherwise than they were read."""

    __slots__ = ("read",)

    def __init__(self, values: dict[Any, Any], read: list[Any]) -> None:
        super().__init__(values)
        self.read = read
        """The keys as they were read, in the order of the entries: with them an entry is found in its payload."""


def as_dotnet(
    contract: Contract,
    instances: Instances,
    value: Any,
    *,
    to: str = "",
    key: str = "",
    typed: bool = True,
) -> tuple[Any, bool]:
    """Give the value that .NET would have, and write back; and whether a text's newlines changed.

    ``key`` is the value's type, where it is not the root's.

    ``typed``: what came said what members of anyType hold, as XML does; an integer of JSON is a long.
    ``to``: what it is written in. .NET's XML writer replaces CR and CRLF by its newline, LF (recordings:
    ``read-json.jsonl``, string-escape). What JSON ("json", "ndjson") says by leaving it out stays as it means it,
    however .NET writes its days.
    """
    settler = _Settler(contract, instances, to, typed=typed)
    return settler.settle(key or contract.root, value), settler.replaced


def as_spelled(contract: Contract, instances: Instances, value: Any) -> Any:
    """Give a value as schemas spell it: of what .NET reads as a date, the date, and of a day no time. Nothing is added.

    For what checks a payload of the dotnet profile against the schemas themselves, which know XML Schema's spelling.
    """
    return _Speller(contract, instances).settle(contract.root, value)


class _Settler:
    def __init__(self, contract: Contract, instances: Instances, to: str = "", *, typed: bool = True) -> None:
        self.typed = typed
        self.newlines = to == "xml"
        self.silent = to in ("json", "ndjson")
        self.replaced = False
        self.types = contract.types
        self.classes = instances.classes
        self.keys = instances.keys

    def settle(self, key: str, value: Any) -> Any:
        """Settle a value of a type; null stays null."""
        if value is None:
            return None
        match self.types[key]:
            case Scalar(datatype=name):
                return self._scalar(DATATYPES[name], value)
            case Record():
                return self._record(self.keys[type(value)], value)
            case Anything() if type(value) is int and self.newlines and not self.typed:
                return Long(value)
            case Array(item=item):
                return [self.settle(item.type, one) for one in value]
            case Dictionary(key_member=of, value_member=member):
                names = {name: self.settle(of.type, name) for name in value}
                if len(set(names.values())) < len(names):  # two would be one: nothing is lost for the sake of a form
                    names = dict(zip(value, value, strict=True))
                settled = {names[name]: self.settle(member.type, one) for name, one in value.items()}
                return settled if [*settled] == [*value] else Rekeyed(settled, [*value])
            case _:
                return value

    def _scalar(self, of: Datatype, value: Any) -> Any:
        if of.settle is not None:
            return of.settle(value)
        if self.newlines and of.settle_xml is not None:
            return of.settle_xml(value)
        if self.newlines and of.is_text and "\r" in value:
            self.replaced = True
            return value.replace("\r\n", "\n").replace("\r", "\n")
        return value

    def _record(self, key: str, value: Any) -> Any:
        record = self.types[key]
        assert isinstance(record, Record)
        settled: list[Any] = []
        order = record.order
        for index, one in zip(order, msgspec.structs.astuple(value), strict=True):
            member = record.members[index]
            if member.made and not self.newlines:
                settled.append(msgspec.UNSET)  # made when all others are there
            elif one is msgspec.UNSET and member.in_xml:
                written = not omits_default(self.types, member, "xml" if self.newlines else "json")
                default = default_of(self.types, self.classes, member) if written else one
                settled.append(default if default is msgspec.UNSET else self.settle(member.type, default))
            elif one is msgspec.UNSET or (self.newlines and not member.in_xml):
                settled.append(one)  # nobody but the server knows it; XML does not have it
            else:
                settled.append(self.settle(member.type, one))
            if self.silent and is_meant(self.types, member):
                meant = unsaid(self.types, self.classes, member)
                settled[-1] = meant if settled[-1] == self.settle(member.type, meant) else settled[-1]
        if not self.newlines:
            names = [record.members[index].name for index in order]
            for place, index in enumerate(order):
                if made := record.members[index].made:
                    settled[place] = made_text(made, dict(zip(names, settled, strict=True)))
        return self.classes[key](*settled)


class _Speller(_Settler):
    def _scalar(self, of: Datatype, value: Any) -> Any:
        if not of.is_date or not isinstance(value, str):
            return value
        text = dates.settled(value)
        return text.partition("T")[0] if of.name == "date" else text

    def _record(self, key: str, value: Any) -> Any:
        record = self.types[key]
        assert isinstance(record, Record)
        members = zip(record.order, msgspec.structs.astuple(value), strict=True)
        return self.classes[key](
            *[one if one is msgspec.UNSET else self.settle(record.members[index].type, one) for index, one in members]
        )
