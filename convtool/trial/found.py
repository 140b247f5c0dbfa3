"""What was found by either profile, side by side: a finding of both is one, with what it means in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.codes import CODES, PROFILES, Severity
from convtool.findings import kind_of
from convtool.shown import line
from convtool.trial.marked import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from convtool.trial.marked import Shown

__all__ = ["Found", "beside", "chosen", "places_of", "plain", "seen_in"]

_LAST = 1 << 62  # what has no place comes at the end


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finding. ``strict`` and ``dotnet`` are its severities there, empty where the profile says nothing.

    ``kind`` is the same for findings of one code at one member. ``marked``: its place is seen in the text.
    """

    code: str
    title: str
    message: str
    strict: str = ""
    dotnet: str = ""
    hint: str = ""
    path: str = ""
    kind: str = ""
    place: str = ""  # line and column
    excerpt: tuple[str, ...] = ()
    count: int = 1
    marked: bool = False
    entry: dict[str, Any] = {}

    @property
    def error(self) -> bool:
        """Whether it is an error in any profile."""
        return str(Severity.ERROR) in (self.strict, self.dotnet)


def beside(told: Mapping[str, Iterable[dict[str, Any]]]) -> list[Found]:
    """Give the findings of outcomes, by profile, in the order of their places; those of both profiles once."""
    rows: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    for profile, entries in told.items():
        again: dict[tuple[Any, ...], int] = {}
        for entry in entries:
            key = (entry["code"], entry["path"], entry.get("offset"))
            again[key] = again.get(key, 0) + 1
            rows.setdefault((*key, again[key]), {})[profile] = entry
    found = [_found(each) for each in rows.values()]
    return sorted(found, key=lambda one: one.entry.get("offset", _LAST))


def chosen(found: list[Found], most: int) -> list[Found]:
    """Give so many findings at most, errors first, and those in the order of their places."""
    if len(found) <= most:
        return found
    kept = sorted(range(len(found)), key=lambda at: (not found[at].error, at))[:most]
    return [found[at] for at in sorted(kept)]


def places_of(found: Iterable[Found]) -> list[Place]:
    """Give what is marked of findings in their text, each with its number."""
    return [
        Place(one.entry["line"], one.entry["column"], len(one.entry.get("excerpt", {}).get("span", "")), number)
        for number, one in enumerate(found)
        if one.place
    ]


def seen_in(found: Iterable[Found], text: Shown) -> tuple[Found, ...]:
    """Give findings, each with whether its place is seen in a text."""
    seen = text.marked
    return tuple(msgspec.structs.replace(one, marked=number in seen) for number, one in enumerate(found))


def plain(told: msgspec.Struct) -> dict[str, Any]:
    """Give what the page is told as plain data: findings without the form that an outcome has them in."""
    data: dict[str, Any] = msgspec.to_builtins(told)
    for found in (data.get("found", ()), *(one.get("found", ()) for one in data.get("written", {}).values())):
        for entry in found:
            entry.pop("entry", None)
    return data


def _found(each: dict[str, dict[str, Any]]) -> Found:
    first = next(each[profile] for profile in PROFILES if profile in each)
    excerpt = first.get("excerpt") or {}
    levels = {profile: entry["severity"] for profile, entry in each.items()}
    return Found(
        first["code"], CODES[first["code"]].title, line(first["message"]), hint=line(first.get("hint", "")),
        path=line(first["path"]), kind=kind_of(first["code"], first["path"], first["message"]),
        place=f"{first['line']}:{first['column']}" if "line" in first else "",
        excerpt=tuple(line(excerpt[part]) for part in ("before", "span", "after")) if excerpt else (),
        count=first.get("count", 1), entry=first, **levels,
    )  # fmt: skip
