"""Defaults of .NET's types: what an absent member has, and where ``EmitDefaultValue=false`` leaves it out.

Json.NET leaves out whatever equals its type's default, but for a char. DataContractSerializer compares by type as well:
it leaves out null and the defaults of string, int, long, bool, decimal, double, float, DateTime, Uri and byte[], and
writes all others. Such a member is *kept*: there at its default in XML, and not in JSON.

JSON's silence is a value, then: the default of a member that is kept; null where JSON leaves null out; null or the
type's default where it never has the member. Readers of JSON give that value, so that writers of XML write it.

Source: recordings (``contracts/random``; ``tests/conformance/dotnet``); mono 6.8's XmlFormatGeneratorStatics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.model.contract import Contract, Enumeration, Member, Record, Scalar
from convtool.model.datatypes import DATATYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convtool.model.contract import Type

__all__ = [
    "default_of", "has_kept", "is_char", "is_kept", "is_meant", "left_out", "omits_default", "unnamed_zero", "unsaid",
]  # fmt: skip


def unnamed_zero(kind: Enumeration) -> bool:
    """Tell whether an enumeration's default, zero, has no text at all: XML cannot say it."""
    return not kind.flags and all(number for _, number in kind.values)


def is_char(types: Mapping[str, Type], member: Member) -> bool:
    """Tell whether a member is a char, whose default Json.NET writes whatever ``EmitDefaultValue`` says."""
    kind = types[member.type]
    return isinstance(kind, Scalar) and DATATYPES[kind.datatype].json_default and not member.nillable


def is_kept(types: Mapping[str, Type], member: Member) -> bool:
    """Tell whether XML has a member at its default although ``EmitDefaultValue=false``."""
    if member.emit_default or member.nillable:
        return False
    match types[member.type]:
        case Scalar(datatype=name):
            return DATATYPES[name].kept
        case Enumeration() as kind:
            return not unnamed_zero(kind)
        case Record(value_type=value_type):
            return value_type
        case _:
            return False


def omits_default(types: Mapping[str, Type], member: Member, format: str) -> bool:
    """Tell whether .NET leaves a member out at its default, in "xml" or in "json"."""
    written = is_kept(types, member) if format == "xml" else is_char(types, member)
    return not member.emit_default and not written


def has_kept(contract: Contract) -> bool:
    """Tell whether a contract has members that are kept."""
    types = contract.types
    records = (kind for kind in types.values() if isinstance(kind, Record))
    return any(is_kept(types, member) for record in records for member in record.members)


def default_of(types: Mapping[str, Type], classes: Mapping[str, Any], member: Member) -> Any:
    """Give default(T) of a member's type; ``classes`` are those of values, by the record's key."""
    kind = types[member.type]
    if member.nillable:
        return None
    if isinstance(kind, Scalar):
        return DATATYPES[kind.datatype].make_default()
    if isinstance(kind, Enumeration):
        otherwise = "" if kind.flags else kind.values[0][0]
        return next((name for name, number in kind.values if number == 0), otherwise)
    if isinstance(kind, Record) and kind.value_type:
        return classes[member.type](*[_held(types, classes, kind.members[index]) for index in kind.order])
    return None


def left_out(types: Mapping[str, Type], classes: Mapping[str, Any], member: Member) -> Any:
    """Give the value of a member that JSON leaves out and XML has: a default that is kept, or null; UNSET for none."""
    if not is_kept(types, member):
        return None if member.omits_null else msgspec.UNSET
    return msgspec.UNSET if is_char(types, member) else default_of(types, classes, member)


def is_meant(types: Mapping[str, Type], member: Member) -> bool:
    """Tell whether JSON means a value by leaving a member out, which XML has."""
    kept = is_kept(types, member)
    if not (kept and not is_char(types, member)) and not (member.is_unsaid and (member.emit_default or kept)):
        return False
    kind = types[member.type]
    if isinstance(kind, Scalar) and not member.nillable:
        return DATATYPES[kind.datatype].make_default() is not None
    return member.nillable or isinstance(kind, Enumeration) or (isinstance(kind, Record) and kind.value_type)


def unsaid(types: Mapping[str, Type], classes: Mapping[str, Any], member: Member) -> Any:
    """Give the value that JSON means where it leaves a member out; UNSET where it means none that XML has."""
    return default_of(types, classes, member) if is_meant(types, member) else msgspec.UNSET


def _held(types: Mapping[str, Type], classes: Mapping[str, Any], member: Member) -> Any:
    """Give what the default of a struct holds of a member: nothing, where XML leaves its default out, or has none."""
    left_out = not member.in_xml or omits_default(types, member, "xml")
    return msgspec.UNSET if left_out else default_of(types, classes, member)
