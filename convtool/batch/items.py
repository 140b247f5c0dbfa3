"""Items in a small space: a million files are planned in a process that has other things to do with its memory."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from convtool.batch.model import Item  # noqa: TC001 - what is unpickled here

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Items"]

_TOGETHER = 512  # items that are packed together: neighbours have most of their path in common
_LEVEL = 1  # of zlib: the quickest, which makes of such items a seventh


class Items:
    """Items in their order, each under its number: added one after the other, then read any number of times."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._packed: list[bytes] = []
        self._last: list[Item] = []  # that are not packed yet
        self._read: tuple[int, list[Item]] = (-1, [])  # what was unpacked last
        for item in items:
            self.append(item)

    def __len__(self) -> int:
        return len(self._packed) * _TOGETHER + len(self._last)

    def append(self, item: Item) -> None:
        """Add an item, whose number is how many there are before it."""
        self._last.append(item)
        if len(self._last) == _TOGETHER:
            from pickle import HIGHEST_PROTOCOL, dumps  # most runs have fewer

            self._packed.append(zlib.compress(dumps(self._last, HIGHEST_PROTOCOL), _LEVEL))
            self._last = []

    def __getitem__(self, number: int) -> Item:
        group, at = divmod(number, _TOGETHER)
        if not 0 <= group <= len(self._packed):
            raise IndexError(number)
        return self._group(group)[at]

    def __iter__(self) -> Iterator[Item]:
        for group in range(len(self._packed) + 1):
            yield from self._group(group)

    def _group(self, group: int) -> list[Item]:
        if group == len(self._packed):
            return self._last
        if self._read[0] != group:
            from pickle import loads

            self._read = group, loads(zlib.decompress(self._packed[group]))  # noqa: S301 - packed above
        return self._read[1]
