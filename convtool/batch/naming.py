"""What outputs in a folder or an archive are called: as their sources, with the suffix of what will be in them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from convtool.batch.model import Item
from convtool.batch.perform import opened_item
from convtool.errors import ConvtoolError
from convtool.places import Cursor, open_found, stem, store_of
from convtool.recognise import named, other_format, passed_over, recognise, unpacked

if TYPE_CHECKING:
    from convtool.job import Job
    from convtool.places import Found
    from convtool.recognise import Kind

__all__ = ["Names"]

_FIRST = 512  # bytes that tell what nearly every payload is
_ENOUGH = 1 << 20  # of a member that is compressed itself: bzip2's blocks are the largest


class Names:
    """Names the outputs of a job's files, which are asked for in the order that they were found in.

    Where the job does not say what it converts to, that is the format which a file is not in: by its bytes, which are
    looked at for that. What is far away, or gives its bytes once, is believed its name; the judge refuses what lied.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._cursor = Cursor(job.limits)

    def of(self, found: Found) -> str:
        """Give the name of a file's output, below the folder or in the archive."""
        suffix = "ndjson" if self._job.lines else self._job.to or other_format(self._format(found))
        return f"{stem(found.name)}.{suffix}"

    def passed_over(self, item: Item) -> str:
        """Give why a file will be passed over, as its judge will; nothing where it may have an output."""
        found = item.found
        if self._is_seen(found):
            with suppress(ConvtoolError):
                return passed_over(self._looked_at(found, self._data(found)), found.name, named=item.named)
        return ""

    def _is_seen(self, found: Found) -> bool:
        return found.kind != "stream" and store_of(found.path).is_local

    def _format(self, found: Found) -> str:
        """Give the format that a file is in; by its name where its bytes are no payload, or cannot be looked at."""
        if self._is_seen(found):
            with suppress(ConvtoolError):  # whoever reads it says what is wrong
                kind = self._seen(found)
                if kind.group == "payload":
                    return kind.name
        return named(found.name)

    def _seen(self, found: Found) -> Kind:
        """Give what a file is: by its first bytes where they tell, else by a closer look."""
        data = self._data(found)
        stored = msgspec.structs.replace(found, inner="") if found.inner else found
        with open_found(stored, self._job.limits, data) as raw:
            kind = recognise(raw.read(_FIRST) or b"")  # without a name, which counts where bytes do not tell
        return kind if kind.group == "payload" else self._looked_at(found, data)

    def _looked_at(self, found: Found, data: bytes | None) -> Kind:
        with opened_item(Item(0, found, data=data), found.name, self._job.limits) as payload:
            return unpacked(payload, self._job.limits)[1]

    def _data(self, found: Found) -> bytes | None:
        return self._cursor.head(found, _ENOUGH) if found.outer else None

    def close(self) -> None:
        """Close what is open."""
        self._cursor.close()
