"""What a source holds: one Found for each file or member, those included that are not to be read, with the reason."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Found", "Verdict"]

Verdict = Literal["", "skipped", "refused", "failed"]


class Found(msgspec.Struct, frozen=True, gc=False):
    """A file, or a member of an archive: where it is, how it is read, and what it is called.

    ``place`` is where a zip's member has its header, and where a tar's member has its content (in the unpacked tar).
    ``verdict`` is empty for what can be read; otherwise ``reason`` says why it is not.
    """

    path: str  # the file to open
    member: str = ""  # the member's name as the archive has it; empty for a file
    name: str = ""  # with '/' between its parts, below the source
    kind: Literal["file", "zip", "tar"] = "file"
    outer: str = ""  # how the archive is compressed
    inner: str = ""  # how the file or the member is compressed
    place: int = 0
    size: int = 0  # bytes of the file, or of the member unpacked by its archive (not by ``inner``)
    packed: int = 0  # bytes of a zip's member in the zip
    check: int = 0  # CRC-32 of a zip's member
    stamp: str = ""
    verdict: Verdict = ""
    reason: str = ""
