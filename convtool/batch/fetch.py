"""The small files of a task that are in an object store, fetched side by side: a request waits more than it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from convtool.errors import ConvtoolError
from convtool.places import store_of
from convtool.sources import IN_MEMORY

if TYPE_CHECKING:
    from convtool.batch.model import Item, Task

__all__ = ["fetched"]

_AT_A_TIME = 16
_ALL = 16 << 20  # bytes of one task that are kept in memory for it


def fetched(task: Task) -> Task:
    """Give a task with the bytes of its small remote files; what cannot be fetched is left, and fails when opened."""
    wanted: list[int] = []
    size = 0
    for at, item in enumerate(task.items):
        if _is_wanted(item) and size + item.found.size <= _ALL:
            wanted.append(at)
            size += item.found.size
    if len(wanted) < 2:
        return task
    from concurrent.futures import ThreadPoolExecutor

    items = list(task.items)
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        for at, data in zip(wanted, threads.map(_data, [items[at] for at in wanted]), strict=True):
            items[at] = msgspec.structs.replace(items[at], data=data)
    return msgspec.structs.replace(task, items=tuple(items))


def _is_wanted(item: Item) -> bool:
    found = item.found
    return (
        not (found.verdict or store_of(found.path).is_local) and item.data is None and 0 < found.size < IN_MEMORY
        and (found.kind == "file" or (found.kind == "tar" and not found.outer))
    )  # fmt: skip


def _data(item: Item) -> bytes | None:
    from convtool.places.remote import whole

    found = item.found
    try:
        return whole(found.path, found.size, found.place if found.kind == "tar" else None)
    except ConvtoolError:
        return None
