"""Files made of other files: parts of them, bounded ones; and what an archive may cost.

A bomb is told from a good archive by its ratio: XML that repeats itself may well shrink to a fiftieth of its size.
"""

from __future__ import annotations

import hashlib
import io
import os
from typing import TYPE_CHECKING

import msgspec

from convtool.errors import SourceError

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = [
    "LIMITS", "Bounded", "Limits", "Opened", "Piece", "RefusedError", "Stream", "Writing", "read_exactly", "skip",
]  # fmt: skip

MIB = 1 << 20
_STEP = 1 << 16


class RefusedError(SourceError):
    """A file or member that could be read, but must not be: it breaks a limit, or a rule of archives."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds: ``ratio`` of unpacked to packed bytes, ``members`` of an archive, bytes of one member and of all."""

    ratio: int = 300  # repeated records shrink to a hundredth in gzip; a bomb of zeros to a thousandth
    members: int = 10_000_000
    member_size: int = 2048 * MIB
    total_size: int = MIB * MIB
    ratio_from: int = 10 * MIB  # less than this is no bomb, whatever its ratio

    def check_size(self, size: int, what: str = "the member") -> None:
        """RefusedError where a member is too large."""
        if size > self.member_size:
            raise RefusedError(f"{what} unpacks to more than {self.member_size} bytes, the limit for one member")

    def check_ratio(self, packed: int, unpacked: int) -> None:
        """RefusedError where so much comes out of so little that it is a bomb."""
        if unpacked > self.ratio_from and unpacked > self.ratio * max(packed, 1):
            raise RefusedError(
                f"{packed} bytes unpack to {unpacked} or more, which is over the limit of {self.ratio} times"
            )


LIMITS = Limits()


class Opened(io.RawIOBase):
    """A file of a Store, open for reading."""

    @property
    def stamp(self) -> str:
        """Give what tells it unchanged, as its Entry has it; empty where its store does not say."""
        raise NotImplementedError

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view)) or b""
        view[: len(data)] = data
        return len(data)


class Stream(io.RawIOBase):
    """What is read from another file, which is closed with it. Each kind says in ``some`` what the next bytes are."""

    def __init__(self, raw: io.RawIOBase, name: str) -> None:
        self.name = name
        self._raw = raw

    def some(self, size: int) -> bytes:
        """Give up to ``size`` of the next bytes; none at the end."""
        raise NotImplementedError

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Give up to ``size`` of the next bytes, all that are left where no size is given: without a copy of them."""
        return self.readall() if size is None or size < 0 else self.some(size) if size else b""

    def readinto(self, buffer: Buffer) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        data = self.some(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close it, and the file that it reads."""
        if not self.closed:
            self._raw.close()
        super().close()


class Piece(Stream):
    """The next ``size`` bytes of a file. SourceError where the file ends before."""

    def __init__(self, raw: io.RawIOBase, size: int, name: str) -> None:
        super().__init__(raw, name)
        self._left = size

    def some(self, size: int) -> bytes:
        """Give the next bytes."""
        wanted = min(size, self._left)
        data = (self._raw.read(wanted) or b"") if wanted else b""
        if wanted and not data:
            raise SourceError(f"{self.name}: ends too early")
        self._left -= len(data)
        return data


class Bounded(Stream):
    """What comes out of an archive or a compressed file, up to the limit for one member."""

    def __init__(self, raw: io.RawIOBase, name: str, limits: Limits) -> None:
        super().__init__(raw, name)
        self._limits = limits
        self._given = 0

    def some(self, size: int) -> bytes:
        """Give the next bytes; RefusedError where they are too many."""
        data = self._raw.read(size) or b""
        self._given += len(data)
        self._limits.check_size(self._given, self.name)
        return data


class Writing(io.RawIOBase):
    """A file while it is written: ``size`` is what it has, ``hexdigest`` the SHA-256 since ``restart``."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.size = 0
        self._digest = hashlib.sha256()

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def hexdigest(self) -> str:
        """Give the SHA-256 of what has been written since ``restart``."""
        return self._digest.hexdigest()

    def restart(self) -> None:
        """Begin a new digest."""
        self._digest = hashlib.sha256()

    def rewind(self, size: int) -> None:
        """Drop what comes after the first ``size`` bytes."""
        raise NotImplementedError


def read_exactly(raw: io.RawIOBase, size: int, name: str) -> bytes:
    """Give the next bytes of a file, exactly so many; SourceError where there are fewer."""
    parts = []
    while size:
        part = raw.read(min(size, 1 << 20))
        if not part:
            raise SourceError(f"{name}: ends too early")
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def skip(raw: io.RawIOBase, size: int, name: str) -> None:
    """Go past the next bytes of a file; SourceError where it has not so many."""
    if size > _STEP and raw.seekable():
        raw.seek(size - 1, os.SEEK_CUR)
        size = 1
    while size:
        part = raw.read(min(size, _STEP))
        if not part:
            raise SourceError(f"{name}: ends too early")
        size -= len(part)
