"""A record's members by their names in the table, in JSON and in XML: which are one, and which a format never has.

The table has JSON's names as the class declares them (``[JsonProperty]``, ``[DataMember]``, or the property's own); the
server's naming strategy puts all of them in camel case. XML has ``[DataMember]``'s, or the property's own
(ModelDescriptionGenerator.GetMemberName, Microsoft.AspNet.WebApi.HelpPage).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from convtool.model.contract import XSI
from convtool.model.spelling import camel, decoded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from convtool.authoring.help_page.page import Row

__all__ = ["Named", "is_camel", "is_nil", "named"]


@dataclass(frozen=True)
class Named:
    """A member: its names, its row, its sample in XML; empty where a format does not show it."""

    json: str = ""
    xml: str = ""
    row: Row | None = None
    element: _Element | None = None

    @property
    def name(self) -> str:
        """What the member is called in XML, or would be."""
        return self.xml or (self.row.name if self.row is not None else self.json)


def named(rows: Iterable[Row], json: dict[str, Any], elements: list[_Element]) -> list[Named]:
    """Give the members in JSON's order, or the table's; those that only XML shows are the last.

    Names are one where they are equal, or but for their case and what stands between their words; members that are
    left over are one where no others have the same text.
    """
    order = list(json)
    by_row = {row: _taken(order, row.name) for row in rows}
    order = list(json)
    members = [Named(by_row[row], row=row) for row in by_row]
    if json and all(by_row.values()):
        members.sort(key=lambda member: order.index(member.json))
    members += [Named(name) for name in order if name not in by_row.values()]
    left = {_local(element): element for element in elements}
    found: list[Named] = []
    for member in members:
        called = [member.row.name] if member.row is not None else []
        name = next((one for word in (*called, member.json) if word and (one := _taken(list(left), word))), "")
        found.append(replace(member, xml=name, element=left.pop(name, None)))
    found = [_by_text(member, found, json, left) for member in found]
    return found + [Named(xml=name, element=element) for name, element in left.items()]


def _taken(names: list[str], wanted: str) -> str:
    """Give the name among others that is a wanted one, spelt the same or in another way."""
    if wanted in names:
        return wanted
    return next((name for name in names if _letters(name) == _letters(wanted)), "")


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", decoded(name)).casefold()


def _by_text(member: Named, members: list[Named], json: dict[str, Any], left: dict[str, _Element]) -> Named:
    """Give a member with the element that has its text, where nothing else could be it."""
    if member.xml or member.json not in json:
        return member
    text = _text(json[member.json])
    rivals = [one for one in members if not one.xml and one.json in json and _text(json[one.json]) == text]
    alike = [name for name, element in left.items() if text and not len(element) and element.text == text]
    if len(rivals) != 1 or len(alike) != 1:
        return member
    return replace(member, xml=alike[0], element=left.pop(alike[0]))


def _text(value: Any) -> str:
    """Give a simple value's text as XML has it; empty where it has none."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def is_nil(element: _Element | None) -> bool:
    """Tell whether a sample in XML is null."""
    return element is not None and element.get(f"{{{XSI}}}nil") == "true"


def is_camel(members: Iterable[Named]) -> bool:
    """Tell whether JSON has XML's names in camel case."""
    pairs = [(member.name, member.json) for member in members if member.json]
    return all(camel(name) == json for name, json in pairs) and any(name != json for name, json in pairs)


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]
