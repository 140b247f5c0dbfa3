"""A plan, cut into tasks as they are asked for: some files each, so that none is long and none is hardly worth it."""

from __future__ import annotations

import itertools
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from convtool.batch.model import Task
from convtool.errors import SourceError
from convtool.places import Cursor, RefusedError, is_local_memory, shown_url, store_of
from convtool.sources import IN_MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.batch.model import Item
    from convtool.places import Limits

__all__ = ["cut"]

_FILES, _FEW = 1024, 8  # in a task at most; the last tasks get smaller down to this, so that all workers end together
_BYTES, _SMALL = 16 << 20, 1 << 18  # likewise: a fifth of a second's work, and some milliseconds'
_WITH_BYTES = 4 << 20  # of files that travel with their task: some tasks are under way for each worker
_SHARE = 4  # tasks that are left for each worker
_CARRIED = 32 << 20  # bytes of a member that travels with its task; a worker unpacks the tar again up to a larger one


def cut(items: Iterable[Item], count: int, size: int, limits: Limits, workers: int) -> Iterator[Task]:
    """Yield tasks, smaller ones towards the end: the rest is shared out among the workers.

    ``count`` and ``size``: how many items there are, and how many bytes they have. Items are asked for as tasks are.
    """
    cursor, shares = Cursor(limits), workers * _SHARE
    coming = iter(items)
    try:
        for number in itertools.count():
            most = max(_FEW, min(_FILES, count // (shares)))
            enough = max(_SMALL, min(_BYTES, size // shares))
            batch: list[Item] = []
            taken = carried = 0
            for found in islice(coming, most):
                batch.append(item := _carried(found, cursor))
                taken += item.found.size
                carried += len(item.data or b"")
                if taken >= enough or carried >= _WITH_BYTES:
                    break
            if not batch:
                return
            yield Task(number, tuple(batch))
            count, size = count - len(batch), size - taken
    finally:
        cursor.close()


def _carried(item: Item, cursor: Cursor) -> Item:
    """Give a member of a compressed tar its bytes, since only one reader at a time can get at them cheaply.

    What is in this process's memory travels as well, whatever its size: no other process could get at it.
    """
    found = item.found
    # What is open already, since it was looked at, is read here: nobody need open it again.
    here = is_local_memory(found.path) or (found.size <= IN_MEMORY and store_of(found.path).kept(found.path))
    if found.verdict or not (here or (found.outer and found.size <= _CARRIED)):
        return item
    try:
        return msgspec.structs.replace(item, data=cursor.read(found) if found.outer else cursor.read_whole(found))
    except SourceError as error:
        cursor.close()
        verdict = "refused" if isinstance(error, RefusedError) else "failed"
        reason = str(error).removeprefix(f"{shown_url(found.path)}: ")
        return msgspec.structs.replace(item, found=msgspec.structs.replace(found, verdict=verdict, reason=reason))
