"""Outputs of one name: by case or by accents alone too, since file systems differ in what they take for one name.

A path that is one file's output and a folder of another's is one name as well.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal

import msgspec

from convtool.errors import UsageError
from convtool.outcome import shown
from convtool.places import shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.batch.model import Item

__all__ = ["OnClash", "settled"]

OnClash = Literal["refuse", "suffix", "error"]
_NAMED = 3  # clashes that an error names


def settled(items: list[Item], on_clash: OnClash) -> list[Item]:
    """Give the items with outputs of names of their own.

    Those that would have the same are refused; or all but the first of them get a number ("suffix"); or there is none
    that is done: UsageError ("error").
    """
    clashes = _clashes(items)
    if not clashes:
        return items
    if on_clash == "error":
        told = "; ".join(_told(items, group) for group in clashes[:_NAMED])
        more = f"; and {len(clashes) - _NAMED} more" if len(clashes) > _NAMED else ""
        raise UsageError(f"nothing was written, since files would have the same output: {told}{more}")
    found = list(items)
    taken = {key for item in items if item.target for key in (_folded(item.target), *_folders(_folded(item.target)))}
    for group in clashes:
        first, *others = group
        if on_clash == "suffix":
            for number in others:
                found[number] = msgspec.structs.replace(items[number], target=_numbered(items[number].target, taken))
            continue
        for number in others:
            found[number] = _refused(items[number], items[first])
        if _folded(items[first].target) == _folded(items[others[0]].target):  # otherwise others stand beside it
            found[first] = _refused(items[first], items[others[0]])
    return found


def _clashes(items: list[Item]) -> list[list[int]]:
    """Give the numbers of the items that have one output, in their order; first one that has it for a folder."""
    outputs: dict[str, int] = {}
    folders: dict[str, int] = {}
    groups: dict[str, list[int]] = {}
    for item in items:
        if item.target:
            key = _folded(item.target)
            first = outputs.setdefault(key, item.number)
            if first != item.number:
                groups.setdefault(key, [first]).append(item.number)
            for folder in _folders(key):
                if folders.setdefault(folder, item.number) != item.number:
                    break
    for key in folders.keys() & outputs.keys():
        groups[key] = [folders[key], *groups.get(key, [outputs[key]])]
    return sorted(groups.values())


def _folders(key: str) -> Iterator[str]:
    while key := key.rpartition("/")[0]:
        yield key


def _folded(target: str) -> str:
    return target.lower() if target.isascii() else unicodedata.normalize("NFC", target.casefold())


def _numbered(target: str, taken: set[str]) -> str:
    """Give a name that nobody has: with a number before its suffix."""
    head, dot, suffix = target.rpartition(".")
    number = 2
    while _folded(name := f"{head}-{number}{dot}{suffix}") in taken:
        number += 1
    taken.add(_folded(name))
    return name


def _refused(item: Item, other: Item) -> Item:
    reason = f"would have the same output as {_called(other)}; --on-clash suffix gives one of them a number"
    return msgspec.structs.replace(
        item, found=msgspec.structs.replace(item.found, verdict="refused", reason=reason), target=""
    )


def _told(items: list[Item], group: list[int]) -> str:
    return f"{shown(' and '.join(_called(items[number]) for number in group))} to {shown(items[group[-1]].target)}"


def _called(item: Item) -> str:
    path = shown_url(item.found.path)
    return f"{path}/{item.found.member}" if item.found.member else path
