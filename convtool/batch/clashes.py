"""Outputs of one name: by case or by accents alone too, since file systems differ in what they take for one name.

A path that is one file's output and a folder of another's is one name as well. And names that are too long for any.
"""

from __future__ import annotations

import os
import unicodedata
from array import array
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from convtool.batch.items import Items
from convtool.batch.model import ASIDE
from convtool.errors import UsageError
from convtool.outcome import shown
from convtool.places import shown_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from convtool.batch.model import Item

__all__ = ["TOO_LONG", "OnClash", "apart", "free", "is_too_long", "settled"]

OnClash = Literal["refuse", "suffix", "error"]
_NAMED = 3  # clashes that an error names
_LONGEST = 255  # bytes of a name in nearly every file system
TOO_LONG = f"its output would have a name of more than {_LONGEST} bytes"


def is_too_long(target: str, *, skip: bool) -> bool:
    """Tell whether an output has a name that is too long; ``skip``: or what its bad records are put into."""
    parts = target.split("/")
    parts[-1] += ASIDE if skip else ""
    return max(len(os.fsencode(part)) for part in parts) > _LONGEST


def apart(items: Items) -> Items:
    """Give the items with names of their own for their bad records, beside an output that is one file of lines."""
    names = array("q", (hash(_folded(item.found.name)) for item in items))
    twice = {one for one, other in pairwise(sorted(names)) if one == other}
    if not twice:
        return items
    taken, first = set(names), dict[int, int]()
    made = Items()
    for item in items:
        key = hash(_folded(item.found.name))
        other = key in twice and first.setdefault(key, item.number) != item.number
        made.append(replace(item, aside=_numbered(item.found.name, taken)) if other else item)
    return made


def settled(
    items: Items, on_clash: OnClash, look: Callable[[Item], Item] = lambda item: item, *, skip: bool = False
) -> Items:
    """Give the items with outputs of names of their own. ``look`` gives one by what is in it, asked in their order.

    Those that would have the same are refused; or all but the first of them get a number ("suffix"), where that is not
    too long; or there is none that is done: UsageError ("error"). ``skip``: bad records are put aside.
    """
    clashes = _clashes(items)
    if clashes:
        seen = {number: look(items[number]) for number in sorted({number for group in clashes for number in group})}
        items = Items(seen.get(item.number, item) for item in items)
        clashes = _clashes(items)
    if not clashes:
        return items
    if on_clash == "error":
        told = "; ".join(_told(items, group) for group in clashes[:_NAMED])
        more = f"; and {len(clashes) - _NAMED} more" if len(clashes) > _NAMED else ""
        raise UsageError(f"nothing was written, since files would have the same output: {told}{more}")
    found: dict[int, Item] = {}
    taken = {hash(key) for item in items for key in _keys(item)} if on_clash == "suffix" else set()
    for group in clashes:
        first, *others = group
        if on_clash == "suffix":
            for number in others:
                target = _numbered(items[number].target, taken)
                found[number] = replace(items[number], target=target)
                if is_too_long(target, skip=skip):
                    found[number] = _unnamed(items[number], TOO_LONG)
            continue
        for number in others:
            found[number] = _refused(items[number], items[first])
        if _folded(items[first].target) == _folded(items[others[0]].target):  # otherwise others stand beside it
            found[first] = _refused(items[first], items[others[0]])
    return Items(found.get(item.number, item) for item in items)


def free(items: Items) -> Items:
    """Give the items, no longer free those whose output would have the name of another, or may have."""
    names, others, folders = array("q"), array("q"), set[str]()
    for item in items:
        if item.target:
            names.append(hash(_folded(item.target)))
            folders.add(item.target.rpartition("/")[0])
        others.append(hash(_folded(item.other)) if item.free else 0)
    taken = {one for one, other in pairwise(sorted([*names, *filter(None, others)])) if one == other}
    taken |= {hash(above) for folder in folders if folder for above in (_folded(folder), *_folders(_folded(folder)))}
    held = {number for number, other in enumerate(others) if other in taken}
    return Items(replace(item, free=item.free and item.number not in held) for item in items) if held else items


def _clashes(items: Items) -> list[list[int]]:
    """Give the numbers of the items that have one output, in their order; first one that has it for a folder."""
    twice, folders = _twice(items)
    groups: dict[str, list[int]] = {}
    for item in items if twice else ():
        if item.target and hash(key := _folded(item.target)) in twice:
            groups.setdefault(key, []).append(item.number)
    groups = {key: [folders[key], *group] if key in folders else group for key, group in groups.items()}
    return sorted(group for group in groups.values() if len(group) > 1)


def _twice(items: Items) -> tuple[set[int], dict[str, int]]:
    """Give the hashes of outputs that may clash, and the first item in each folder.

    Eight bytes are kept for each item: few have the same hash, and are looked at again.
    """
    hashes = array("q")
    folders: dict[str, int] = {}
    for item in items:
        if item.target:
            key = _folded(item.target)
            hashes.append(hash(key))
            for folder in _folders(key):
                if folders.setdefault(folder, item.number) != item.number:
                    break
    of_folders = {hash(folder) for folder in folders}
    twice = {one for one in hashes if one in of_folders}
    return twice | {one for one, other in pairwise(sorted(hashes)) if one == other}, folders


def _keys(item: Item) -> Iterator[str]:
    """Yield the name of an item's output, and of the folders that it is in."""
    if item.target:
        key = _folded(item.target)
        yield key
        yield from _folders(key)


def _folders(key: str) -> Iterator[str]:
    while key := key.rpartition("/")[0]:
        yield key


def _folded(target: str) -> str:
    return target.lower() if target.isascii() else unicodedata.normalize("NFC", target.casefold())


def _numbered(target: str, taken: set[int]) -> str:
    """Give a name that nobody has, by the hashes of all: with a number before its suffix."""
    head, dot, suffix = target.rpartition(".")
    number = 2
    while hash(_folded(name := f"{head}-{number}{dot}{suffix}")) in taken:
        number += 1
    taken.add(hash(_folded(name)))
    return name


def _refused(item: Item, other: Item) -> Item:
    reason = f"would have the same output as {_called(other)}; --on-clash suffix gives one of them a number"
    return _unnamed(item, reason)


def _unnamed(item: Item, reason: str) -> Item:
    return replace(item, found=replace(item.found, verdict="refused", reason=reason), target="", free=False)


def _told(items: Items, group: list[int]) -> str:
    return f"{shown(' and '.join(_called(items[number]) for number in group))} to {shown(items[group[-1]].target)}"


def _called(item: Item) -> str:
    path = shown_url(item.found.path)
    return f"{path}/{item.found.member}" if item.found.member else path
