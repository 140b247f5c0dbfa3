"""Whether a command line means a batch or one payload, and what kind of thing its output is."""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING, Literal

import msgspec

from convtool.errors import UsageError
from convtool.places import is_container, is_web, join, kind_of, shown_url, stem, store_of

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
        path = self.path.rstrip(os.sep)
        if not store_of(path).is_local:  # no store lets a journal grow: it is kept here, in the folder that one is in
            path = os.path.basename(path)
        return f"{path}.journal.ndjson" if self.kind else ""

    @property
    def parts(self) -> str:
        """The working folder of an output that is one file: beside it, on the same file system."""
        folder, name = os.path.split(self.path)
        return join(folder, f".convtool-{name}")


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
    if is_web(out):
        raise UsageError(f"{shown_url(out)}: cannot be written: the web is only read")
    if found.kind != "folder" and store_of(found.path).is_folder(found.path):
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
    if (
        out.endswith(("/", os.sep))
        or store_of(out).is_folder(out)
        or ("." not in os.path.basename(out) and not store_of(out).exists(out))
    ):
        return Destination("folder", path)
    return None


def is_batch(sources: Sequence[str], out: str | None = None, *, listed: bool = False) -> bool:
    """Tell whether sources are many files or may be; ``listed``: names come from a list.

    One plain file is a single payload; it may be written as lines, but not into a folder or an archive.
    """
    if listed or len(sources) > 1:
        return True
    if any(is_container(source) or _is_pattern(source) for source in sources):
        return True
    found = _by_name(out) if out is not None and out != "-" else None
    if found is None or not sources or sources[0] == "-":
        return False
    # A name without a suffix may be meant as a file: only what is a folder, or ends like one, is one here.
    folder = found.kind == "folder" and (store_of(out or "").is_folder(out or "") or str(out).endswith(("/", os.sep)))
    return folder or found.kind == "zip" or bool(found.packing)


def _is_pattern(source: str) -> bool:
    return glob.has_magic(source) and not store_of(source).exists(source)
