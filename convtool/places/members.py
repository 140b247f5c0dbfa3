"""Files and members as they are found, and their names, judged: they come from outside, and become names of outputs.

A name is taken as it is or refused; it is never repaired. Only ``.`` and empty parts are dropped: ``tar`` writes them.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

import msgspec

from convtool._lazy import pattern

__all__ = ["Entry", "Found", "Verdict", "is_litter", "judge"]

Verdict = Literal["", "skipped", "refused", "failed"]

_CONTROL = pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DRIVE = pattern(r"[A-Za-z]:")
_LONGEST_PART = 255  # bytes, as nearly every file system has it
_LONGEST = 4096  # bytes of a whole path on Linux
# What macOS, Windows, KDE and Synology's systems leave beside files, and the folders that they keep things in.
_LITTER = pattern(
    r"\.DS_Store|\._.*|\.localized|\.apdisk|\.VolumeIcon\.icns|Icon\r|Thumbs\.db(?:encryptable)?|ehthumbs(?:_vista)?\.db"
    r"|desktop\.ini|\.directory|SYNO@.*",
    re.IGNORECASE | re.DOTALL,
)
_LITTER_FOLDER = pattern(
    r"__MACOSX|\.Spotlight-V100|\.Trashes|\.Trash-[0-9]+|\.fseventsd|\.TemporaryItems|\.DocumentRevisions-V100"
    r"|\$RECYCLE\.BIN|System Volume Information|@eaDir",
    re.IGNORECASE,
)


class Entry(NamedTuple):
    """What a store says of one place: whether it is a folder, its size in bytes, what tells it unchanged.

    ``identity`` is the same for two names of one place. ``verdict`` is empty for what can be read; otherwise ``reason``
    says why it is not.
    """

    path: str
    name: str  # in its folder
    is_folder: bool = False
    size: int = 0
    stamp: str = ""
    identity: tuple[int, int] | str | None = None
    verdict: Verdict = ""
    reason: str = ""


class Found(msgspec.Struct, frozen=True, gc=False):
    """A file, or a member of an archive: where it is, how it is read, and what it is called.

    ``place`` is where a zip's member has its header, and where a tar's member has its content (in the unpacked tar).
    ``verdict`` is empty for what can be read; otherwise ``reason`` says why it is not.
    """

    path: str  # the file to open
    member: str = ""  # the member's name as the archive has it; empty for a file
    raw: bytes = b""  # its bytes in a zip, where they are not the UTF-8 of ``member``
    name: str = ""  # with '/' between its parts, below the source
    # A stream gives its bytes once; ``-`` is standard input. Litter is what a system has left: nobody wants to read it.
    kind: Literal["file", "zip", "tar", "stream", "litter"] = "file"
    outer: str = ""  # how the archive is compressed
    near: str = ""  # a copy of the archive on this machine, which may be gone
    inner: str = ""  # how the file or the member is compressed
    place: int = 0
    size: int = 0  # bytes of the file, or of the member unpacked by its archive (not by ``inner``)
    packed: int = 0  # bytes of a zip's member in the zip
    check: int = 0  # CRC-32 of a zip's member
    stamp: str = ""
    verdict: Verdict = ""
    reason: str = ""


def is_litter(name: str) -> bool:
    """Tell whether a file of this name, below a folder or in an archive, is one that a system has left there."""
    *folders, last = name.split("/")
    return _LITTER.fullmatch(last) is not None or any(map(_LITTER_FOLDER.fullmatch, folders))


def judge(raw: str) -> tuple[str, str]:
    """Give a member's name with ``/`` between its parts, and why it is refused (empty where it is fine)."""
    problem = _problem(raw)
    if problem:
        return raw, problem
    parts = [part for part in raw.split("/") if part not in ("", ".")]
    if not parts:
        return raw, "has no name"
    if ".." in parts:
        return raw, "has '..' in its name"
    if any(len(part.encode("utf-8", "surrogateescape")) > _LONGEST_PART for part in parts):
        return raw, f"has a name of more than {_LONGEST_PART} bytes"
    return "/".join(parts), ""


def _problem(raw: str) -> str:
    if not raw:
        return "has no name"
    if _CONTROL.search(raw):
        return "has control characters in its name"
    if "\\" in raw:
        return "has a backslash in its name"
    if raw.startswith("/"):
        return "has an absolute path for a name"
    if _DRIVE.match(raw):
        return "has a drive in its name"
    if len(raw.encode("utf-8", "surrogatepass")) > _LONGEST:
        return f"has a name of more than {_LONGEST} bytes"
    return ""
