"""A plan, cut into tasks as they are asked for: some files each, so that none is long and none is hardly worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from convtool.archives import Cursor, RefusedError
from convtool.batch.model import Task
from convtool.errors import SourceError
from convtool.remote import is_local_memory, shown_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.archives import Limits
    from convtool.batch.model import Item

__all__ = ["cut"]

_FILES = 64  # as many as are put on disk at once
_BYTES = 1 << 20  # a tenth of a second's work
_CARRIED = 32 << 20  # bytes of a member that travels with its task; a worker unpacks the tar again up to a larger one


def cut(items: Iterable[Item], limits: Limits, workers: int, files: int) -> Iterator[Task]:
    """Yield tasks. ``files``: how many there are, so that a few are shared out among the workers."""
    most = max(1, min(_FILES, files // (workers * 4)))
    cursor = Cursor(limits)
    number = size = 0
    batch: list[Item] = []
    try:
        for item in items:
            batch.append(_carried(item, cursor))
            size += item.found.size
            if len(batch) >= most or size >= _BYTES:
                yield Task(number, tuple(batch))
                number, size, batch = number + 1, 0, []
        if batch:
            yield Task(number, tuple(batch))
    finally:
        cursor.close()


def _carried(item: Item, cursor: Cursor) -> Item:
    """Give a member of a compressed tar its bytes, since only one reader at a time can get at them cheaply.

    What is in this process's memory travels as well, whatever its size: no other process could get at it.
    """
    found = item.found
    local = is_local_memory(found.path)
    if found.verdict or not (local or (found.outer and found.size <= _CARRIED)):
        return item
    try:
        return msgspec.structs.replace(item, data=cursor.read(found) if found.outer else cursor.read_whole(found))
    except SourceError as error:
        cursor.close()
        verdict = "refused" if isinstance(error, RefusedError) else "failed"
        reason = str(error).removeprefix(f"{shown_url(found.path)}: ")
        return msgspec.structs.replace(item, found=msgspec.structs.replace(found, verdict=verdict, reason=reason))
