"""A server's JSON settings, put on a contract: names in camel case, nulls left out, enumerations by name.

What single members and types say, by their attributes or in samples, goes before what holds for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from convtool.errors import ContractError
from convtool.model.contract import XSD, Anything, Member, Record, split_key
from convtool.model.spelling import camel, decoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convtool.authoring.shown import Shown
    from convtool.model.contract import Contract

__all__ = ["ANYTHING", "DEFAULT", "Dialect", "dressed", "related", "seen"]

ANYTHING = Anything(f"{{{XSD}}}anyType")  # what a member that JSON alone has is, until its schema is written
# .NET's own pairs: data contracts call their parts otherwise than Json.NET, which always writes both.
_PAIR = "{http://schemas.datacontract.org/2004/07/System.Collections.Generic}KeyValuePairOf"
_PARTS = {"key": "Key", "value": "Value"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """What holds for all of a server's JSON.

    ``json_names``: "camel", or as in XML. ``omit_nulls``: null is left out. ``enum_names``: the coding of enumerations,
    as ``model.codings`` calls it.
    """

    json_names: Literal["", "camel"] = ""
    omit_nulls: bool = False
    enum_names: str = "numbers"


DEFAULT = Dialect()  # Json.NET's own settings


def seen(shown: Shown, dialect: Dialect) -> tuple[Dialect, list[str]]:
    """Give a dialect with what samples show of it, and notes on what had to be guessed."""
    notes = [*shown.notes]
    if not dialect.json_names and _in_camel_case(shown):
        dialect = replace(dialect, json_names="camel")
    if not dialect.omit_nulls and shown.omitted and not shown.nulls:
        dialect = replace(dialect, omit_nulls=True)
    here_and_there = {(key, name) for key, name in shown.absent if any(name in one for one in shown.sequences[key])}
    if not dialect.omit_nulls and here_and_there and not shown.nulls:
        key, name = min(here_and_there)
        told = f"no sample has a null, and {split_key(key)[1]}.{name} is there or absent"
        notes.append(f"{told}: nulls are taken to be left out")
        dialect = replace(dialect, omit_nulls=True)
    return dialect, notes


def _in_camel_case(shown: Shown) -> bool:
    """Tell whether all names that sources show are those of XML in camel case, and not all of them are so anyway."""
    pairs = [
        (name, shown.names.get(key, {}).get(name, name))
        for key, sequences in shown.sequences.items()
        for sequence in sequences
        for name in sequence
        if name not in shown.json_only.get(key, ()) and name not in shown.xml_only.get(key, ())
    ]
    return all(camel(name) == called for name, called in pairs) and any(name != called for name, called in pairs)


def dressed(contract: Contract, record: Record, shown: Shown, dialect: Dialect) -> Record:
    """Give a record with its members as JSON has them, those that it alone has at the end; its order is not settled."""
    family = [record.key, *(key for key in sorted(shown.sequences) if related(contract, key, record.key))]
    pair = record.key.startswith(_PAIR)
    names: Mapping[str, str] = _PARTS if pair else _told(shown.names, family)

    def spell(name: str, called: str) -> str:
        """Give a member's name in JSON; what a payload shows is spelled already."""
        return called if dialect.json_names != "camel" or is_spelled(name) else camel(called)

    def is_spelled(name: str) -> bool:
        return any((key, name) in shown.spelled for key in family)

    members = []
    for member in record.members:
        if member.name not in names and any(member.name in shown.xml_only.get(key, ()) for key in family):
            members.append(msgspec.structs.replace(member, in_json=False))
            continue
        # XML escapes what a name of its own cannot have, and a payload may show that JSON has the escape.
        name = names.get(member.name) or (member.name if is_spelled(member.name) else decoded(member.name))
        said = next((shown.omits[key, member.name] for key in family if (key, member.name) in shown.omits), None)
        omits = dialect.omit_nulls if said is None else said
        members.append(
            msgspec.structs.replace(
                member,
                json_name=spell(member.name, name),
                omits_null=omits and member.nillable and not pair,
            )
        )
    known = {member.name for member in members} | {*names.values()}
    for name in _told(shown.json_only, family):
        if name not in known:
            called = spell(name, name)
            members.append(
                Member(name, split_key(record.key)[0], ANYTHING.key, nillable=True, json_name=called, in_xml=False)
            )
    _check(record, members)
    return msgspec.structs.replace(record, members=tuple(members))


def _told(by_key: Mapping[str, Mapping[str, Any]], family: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in family:
        found = {**by_key.get(key, {}), **found}
    return found


def related(contract: Contract, one: str, other: str) -> bool:
    """Tell whether one of two records is derived from the other: they share members."""
    return one in contract.derived.get(other, ()) or other in contract.derived.get(one, ())


def _check(record: Record, members: list[Member]) -> None:
    """Refuse names that are one in JSON."""
    found: dict[str, str] = {}
    for member in members:
        if member.in_json and found.setdefault(member.json_name, member.name) != member.name:
            raise ContractError(
                f"{split_key(record.key)[1]}: {found[member.json_name]!r} and {member.name!r} are both "
                f"{member.json_name!r} in JSON"
            )
