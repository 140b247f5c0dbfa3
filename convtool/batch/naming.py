"""What outputs in a folder or an archive are called: as their sources, with the suffix of what will be in them.

Where the job does not say what it converts to, that is the format which a file is not in. Its bytes tell, and nobody
has read them yet: so the name says what the file's own name makes likely, and the other one is kept free if it can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from convtool.batch.perform import opened_item
from convtool.errors import ConvtoolError
from convtool.places import Cursor, stem, store_of
from convtool.recognise import named, other_format, passed_over, unpacked

if TYPE_CHECKING:
    from convtool.batch.model import Item
    from convtool.job import Job
    from convtool.places import Found
    from convtool.recognise import Kind

__all__ = ["Looks", "likely_name"]

_ENOUGH = 1 << 20  # bytes of a member that is compressed itself: bzip2's blocks are the largest


def likely_name(found: Found, job: Job) -> str:
    """Give the name that a file's output will most likely have, below the folder or in the archive."""
    suffix = "ndjson" if job.lines else job.to or other_format(named(found.name))
    return f"{stem(found.name)}.{suffix}"


class Looks:
    """Looks at files whose likely names are others' as well, in the order that they were found in."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._cursor = Cursor(job.limits)

    def at(self, item: Item) -> Item:
        """Give an item by what is in it: with a name that says it, or passed over, as its judge will have it.

        What is far away, gives its bytes once, or cannot be read is as it was.
        """
        found = item.found
        if found.kind == "stream" or not store_of(found.path).is_local:
            return item
        try:
            kind = self._kind(item)
        except ConvtoolError:
            return item
        if reason := passed_over(kind, found.name, named=item.named):
            return replace(item, found=replace(found, verdict="skipped", reason=reason), target="", free=False)
        if not item.free or kind.group != "payload":
            return item
        return replace(item, target=item.called(other_format(kind.name)), free=False)

    def _kind(self, item: Item) -> Kind:
        found, limits = item.found, self._job.limits
        if found.outer:
            item = replace(item, data=self._cursor.head(found, _ENOUGH))
        with opened_item(item, found.name, limits) as payload:
            return unpacked(payload, limits)[1]

    def close(self) -> None:
        """Close what is open."""
        self._cursor.close()
