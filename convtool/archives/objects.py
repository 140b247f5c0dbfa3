"""Folders of object stores, as ``folders`` has those of a disk: the same order, the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool.archives.found import Found
from convtool.archives.names import judge, kinds_of
from convtool.errors import SourceError
from convtool.remote import entry, folder

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from convtool.remote import Entry

__all__ = ["object_found", "walk"]

_OURS = ".convtool-"


def walk(root: str, leave_out: Container[object] = frozenset()) -> Iterator[Found]:
    """Yield what is below a folder of a store. ``leave_out``: URLs that are none of its content."""
    waiting = [(root.rstrip("/"), "")]
    while waiting:
        url, prefix = waiting.pop()
        try:
            listed = folder(url)
        except SourceError as error:
            reason = f"the folder cannot be read: {error}"
            yield Found(url, name=prefix.rstrip("/"), verdict="failed", reason=reason)
            continue
        below = []
        for one in listed:
            if one.name.startswith(_OURS) or one.url in leave_out:
                continue
            if one.is_folder:
                below.append((one.url, f"{prefix}{one.name}/"))
            else:
                yield _found(one, prefix + one.name)
        waiting += reversed(below)


def object_found(url: str, name: str) -> Found:
    """Give what is at a URL."""
    try:
        one = entry(url)
    except SourceError as error:
        return Found(url, name=name, verdict="failed", reason=str(error).partition(": ")[2])
    if one is None:
        return Found(url, name=name, verdict="failed", reason="No such file or directory")
    return _found(one, name)


def _found(one: Entry, name: str) -> Found:
    # Keys are any text, and become names of outputs: they are judged like the names of an archive's members.
    problem = judge(name)[1]
    if problem:
        return Found(one.url, name=name, verdict="refused", reason=problem)
    return Found(one.url, name=name, inner=kinds_of(name)[1], size=one.size, stamp=one.stamp)
