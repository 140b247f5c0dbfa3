"""What outputs in a folder or an archive are called: as their sources, with the suffix of what will be in them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from convtool.batch.model import Item
from convtool.batch.perform import opened_item
from convtool.errors import ConvtoolError
from convtool.payload import HEAD
from convtool.places import Cursor, open_found, stem, store_of
from convtool.recognise import named, other_format, recognise, unpacked

if TYPE_CHECKING:
    from convtool.job import Job
    from convtool.places import Found
    from convtool.recognise import Kind

__all__ = ["Names"]

_FIRST = 512  # bytes that tell what nearly every payload is


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

    def _format(self, found: Found) -> str:
        """Give the format that a file is in; by its name where its bytes are no payload, or cannot be looked at."""
        if found.kind != "stream" and store_of(found.path).is_local:
            with suppress(ConvtoolError):  # whoever reads it says what is wrong
                kind = self._seen(found)
                if kind.group == "payload":
                    return kind.name
        return named(found.name)

    def _seen(self, found: Found) -> Kind:
        limits = self._job.limits
        data = self._cursor.head(found, HEAD) if found.outer else None
        stored = msgspec.structs.replace(found, inner="") if found.inner else found
        with open_found(stored, limits, data) as raw:
            kind = recognise(raw.read(_FIRST) or b"", found.name)
        if kind.group == "payload":
            return kind
        with opened_item(Item(0, found, data=data), found.name, limits) as payload:
            return unpacked(payload, limits)[1]

    def close(self) -> None:
        """Close what is open."""
        self._cursor.close()
