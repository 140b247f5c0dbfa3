"""Whether a command line means a batch or one payload, and what kind of thing its output is."""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING, Literal

import msgspec

from convtool.archives import is_container, kind_of
from convtool.archives.names import stem
from convtool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Destination", "destination", "is_batch", "is_packed"]

_LINES = (".ndjson", ".jsonl")
_PACKED = {"": "", ".gz": "gz", ".zst": "zst"}


class Destination(msgspec.Struct, frozen=True):
    """Where outputs go: a folder of files, one file of lines (compressed or not), a zip; or nowhere."""

    kind: Literal["folder", "lines", "zip", ""] = ""
    path: str = ""
    packing: str = ""

    @property
    def journal(self) -> str:
        """The journal's place where none is named: beside the output."""
        return f"{self.path.rstrip(os.sep)}.journal.ndjson" if self.kind else ""

    @property
    def parts(self) -> str:
        """The working folder of an output that is one file: beside it, on the same file system."""
        folder, name = os.path.split(self.path)
        return os.path.join(folder, f".convtool-{name}")


def is_packed(source: str) -> bool:
    """Tell whether a source is a single compressed payload."""
    kind, packing = kind_of(source)
    return kind == "file" and bool(packing) and stem(source) != source.rpartition(".")[0]


def destination(out: str) -> Destination:
    """Give what an output is, by its name: UsageError where that says nothing."""
    found = _by_name(out)
    if found is None:
        raise UsageError(
            f"{out}: many files cannot go into one such file; name a folder (out/), a .zip, or a .ndjson file "
            "(.ndjson.gz, .ndjson.zst)"
        )
    if found.kind != "folder" and os.path.isdir(found.path):
        raise UsageError(f"{out}: is a folder, and its name is that of a file")
    return found


def _by_name(out: str) -> Destination | None:
    lower = out.lower()
    for packed, packing in _PACKED.items():
        if lower.endswith(tuple(suffix + packed for suffix in _LINES)):
            return Destination("lines", out, packing)
    if lower.endswith(".zip"):
        return Destination("zip", out)
    path = out.rstrip(os.sep) or os.sep
    if os.path.isdir(out) or out.endswith(os.sep) or ("." not in os.path.basename(out) and not os.path.lexists(out)):
        return Destination("folder", path)
    return None


def is_batch(sources: Sequence[str], out: str | None = None, *, listed: bool = False) -> bool:
    """Tell whether sources are many files or may be; ``listed``: names come from a list.

    One plain file is a single payload; it may be written as lines, but not into a folder or an archive.
    """
    if listed or len(sources) > 1:
        return True
    if any(is_container(source) or (glob.has_magic(source) and not os.path.lexists(source)) for source in sources):
        return True
    found = _by_name(out) if out is not None and out != "-" else None
    if found is None or not sources or sources[0] == "-":
        return False
    # A name without a suffix may be meant as a file: only what is a folder, or ends like one, is one here.
    folder = found.kind == "folder" and (os.path.isdir(out or "") or str(out).endswith(os.sep))
    return folder or found.kind == "zip" or bool(found.packing)
