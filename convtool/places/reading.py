"""The bytes of what was found: opened where it is, unpacked on the way, within the limits."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import msgspec

from convtool.errors import SourceError
from convtool.places import zips
from convtool.places.packings import Unpacked
from convtool.places.store import store_of
from convtool.places.streams import Bounded, Piece, read_exactly, skip
from convtool.places.urls import shown_url

if TYPE_CHECKING:
    from convtool.places.members import Found
    from convtool.places.streams import Limits, Opened

__all__ = ["Cursor", "open_found"]


def open_found(found: Found, limits: Limits, data: bytes | None = None) -> io.RawIOBase:
    """Open what was found. ``data``: its bytes as they are stored, where a Cursor has read them already.

    SourceError where it cannot be read, is broken, or has changed since it was found; RefusedError where it breaks a
    limit. Both may also come from reading.
    """
    path = shown_url(found.path)
    name = f"{path}/{found.member}" if found.member else path
    raw: io.RawIOBase
    if data is not None:
        raw = io.BytesIO(data)  # type: ignore[assignment]  # reads like a raw file
    elif found.kind == "zip":
        raw = zips.open_member(found, limits)
    elif found.kind == "tar":
        raw = _tar_member(found, limits, name)
    else:
        raw = _unchanged(found)
    if found.inner:
        raw = Unpacked(raw, found.inner, name, limits)
    return raw if found.kind == "file" and not found.inner else Bounded(raw, name, limits)


def _unchanged(found: Found) -> Opened:
    if found.near and store_of(found.near).is_file(found.near):
        return store_of(found.near).open(found.near)
    raw = store_of(found.path).open(found.path, found.size if found.kind == "file" or not found.outer else -1)
    if "@" in found.stamp and raw.stamp and raw.stamp != found.stamp:
        raw.close()
        raise SourceError(f"{shown_url(found.path)}: has changed since the run began")
    return raw


def _tar_member(found: Found, limits: Limits, name: str) -> io.RawIOBase:
    raw: io.RawIOBase = _unchanged(found)
    if found.outer:
        raw = Unpacked(raw, found.outer, found.path, limits)
        skip(raw, found.place, name)
    else:
        raw.seek(found.place)
    return Piece(raw, found.size, name)


class Cursor:
    """Goes forwards through one compressed tar, so that its members are unpacked once and not once for each of them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._path = ""
        self._at = 0
        self._stream: io.RawIOBase | None = None

    def read(self, found: Found) -> bytes:
        """Give a member's bytes. Members are asked for in the order of the tar."""
        if self._stream is None or found.path != self._path or found.place < self._at:
            self.close()
            self._stream = Unpacked(_unchanged(found), found.outer, found.path, self._limits)
            self._path, self._at = found.path, 0
        skip(self._stream, found.place - self._at, found.path)
        data = read_exactly(self._stream, found.size, found.path)
        self._at = found.place + found.size
        return data

    def head(self, found: Found, size: int) -> bytes:
        """Give a member's first bytes, so many at most, in the same order."""
        return self.read(msgspec.structs.replace(found, size=min(found.size, size)))

    def read_whole(self, found: Found) -> bytes:
        """Give the bytes of a file, or of a member, as its archive has them."""
        with open_found(msgspec.structs.replace(found, inner=""), self._limits) as raw:
            return b"".join(iter(lambda: raw.read(1 << 20) or b"", b""))

    def close(self) -> None:
        """Close the tar that is open."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
