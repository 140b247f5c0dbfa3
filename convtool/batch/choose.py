"""Whether sources are one payload or many, and what kind of thing an output is by its name."""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from convtool.errors import UsageError
from convtool.places import is_container, is_web, join, kinds_of, shown_url, split, store_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["STDIN", "Destination", "destination", "is_batch", "is_descriptor", "is_one"]

STDIN = "-"  # the source that is standard input, and the output that is standard output
_DESCRIPTORS = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
_LINES = (".ndjson", ".jsonl")
_PACKED = {"": "", ".gz": "gz", ".zst": "zst"}
_FORMATS: dict[str, Any] = {".json": "json", ".xml": "xml", ".form": "form"}


class Destination(msgspec.Struct, frozen=True):
    """Where outputs go: a folder of files, one file of lines (compressed or not), a zip; the one payload's own file.

    An empty ``kind``: nowhere; a file with an empty ``path``: standard output. ``format`` is what a file's suffix says
    is in it, "ndjson" for lines.
    """

    kind: Literal["folder", "lines", "zip", "file", ""] = ""
    path: str = ""
    packing: str = ""
    format: Literal["json", "xml", "form", "ndjson", ""] = ""

    @property
    def journal(self) -> str:
        """The journal's place where none is named: beside the output; empty where none is kept."""
        path = self.path.rstrip(os.sep)
        if not store_of(path).is_local:  # no store lets a journal grow: it is kept here, in the folder that one is in
            path = os.path.basename(path)
        return f"{path}.journal.ndjson" if self.kind not in ("", "file") else ""

    @property
    def parts(self) -> str:
        """The working folder of an output that is one file: beside it (not a link to it), on the same file system."""
        folder, name = split(self.path)
        if os.path.islink(self.path):
            folder = os.path.dirname(os.path.realpath(self.path))
        return join(folder, f".convtool-{name}")


def is_descriptor(source: str) -> bool:
    """Tell whether a source is what this process alone has open: standard input, or ``<(…)`` of a shell."""
    return source == STDIN or source.startswith(_DESCRIPTORS)


def is_one(sources: Sequence[str]) -> bool:
    """Tell whether sources are one payload: a file that is no archive, a pipe, or nothing but standard input."""
    if len(sources) != 1:
        return not sources
    (source,) = sources
    is_pattern = glob.has_magic(source) and not store_of(source).exists(source)
    return source == STDIN or not (is_pattern or is_container(source))


def destination(out: str, *, one: bool = False) -> Destination:
    """Give what an output is, by its name: UsageError where that says nothing. ``one``: of one payload, not of many."""
    if one and (out == STDIN or not out):
        return Destination("file")
    found = _by_name(out)
    if one and (found is None or found.kind == "lines" or not _is_meant(found, out)):
        found = _file(out)
    if found is None or out == STDIN:
        raise UsageError(
            f"{out}: many files cannot go into one such file",
            hint="name a folder (out/), a .zip, or a .ndjson file (.ndjson.gz, .ndjson.zst)",
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


def _is_meant(found: Destination, out: str) -> bool:
    """Tell whether the output of one payload is more than a file: a name without a suffix may be meant as one."""
    return found.kind == "zip" or out.endswith(("/", os.sep)) or store_of(out).is_folder(out)


def _file(out: str) -> Destination:
    kind, packing = kinds_of(out)
    if kind != "file" or packing not in _PACKED.values():
        raise UsageError(f"{out}: is called what is only read", hint="name it .gz or .zst, or as it is")
    lower = out.lower()
    packed = next((suffix for suffix in _PACKED if suffix and lower.endswith(suffix)), "")
    bare = lower.removesuffix(packed)
    lines = bare.endswith(_LINES)
    format: Any = "ndjson" if lines else next((name for suffix, name in _FORMATS.items() if bare.endswith(suffix)), "")
    return Destination("file", out, _PACKED[packed], format)


def is_batch(sources: Sequence[str], out: str | None = None, *, listed: bool = False) -> bool:
    """Tell whether sources are many files or may be, or go into a folder or an archive; ``listed``: from a list."""
    if listed or not is_one(sources):
        return True
    return out is not None and destination(out, one=True).kind != "file"
