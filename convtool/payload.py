"""A payload: a name, a head that can be looked at, and bytes that are read from a source which is opened once.

Whatever the source is, a file, a member of an archive, a pipe, bytes: everybody who asks what a payload is looks at the
same head, and everybody who reads it begins at its beginning. What has been read is kept until the last reader has
begun, unless the source can go back by itself.
"""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

from convtool.errors import SourceError, UsageError
from convtool.sources import IN_MEMORY

if TYPE_CHECKING:
    import hashlib

    from typing_extensions import Buffer

__all__ = ["HEAD", "Payload"]

HEAD = 1 << 16  # bytes by which it is told what a payload is: far more than a root's tag, a first line, a magic number
_PIECE = 1 << 18
_ENDLESS = 1 << 62


def _digest() -> hashlib._Hash:
    import hashlib  # help loads this module, and counts nothing

    return hashlib.sha256()


class Payload(io.RawIOBase):
    """Bytes with a name, which are read from the beginning as often as is wanted, up to ``settle``.

    ``raw`` is read through once; where it can seek it is gone back in, else what it gave is kept. ``counted``: the size
    and the SHA-256 of all that has been read are known at the end. SourceError where reading fails.
    """

    def __init__(self, raw: IO[bytes] | io.RawIOBase, name: str, *, size: int = -1, counted: bool = False) -> None:
        self.name = name
        self.beside = ""  # the path that it has, where what is beside it may belong to it
        self.opened = name  # what errors call it, which the source was opened by
        self._raw = raw
        self._size = size
        self._kept = bytearray()  # from the beginning of the payload
        self._all: bytes | None = None  # the payload, where what is kept is all of it
        self._at = 0  # where the reader is
        self._end = 0  # where ``raw`` is
        self._ended = False
        self._settled = False
        self._seeks = raw.seekable() if hasattr(raw, "seekable") else False
        self._digest = _digest() if counted else None
        self._counted = 0  # bytes that are in the digest

    # --- what it is ---

    @property
    def folder(self) -> str | None:
        """The folder that it lies in, where what is beside it may belong to it."""
        return str(Path(self.beside).parent) if self.beside else None

    def head(self, size: int = HEAD) -> bytes:
        """Give the first bytes, fewer only where there are no more; the reader begins anew behind this call."""
        self._keep(size)
        self._at = 0
        return self._all[:size] if self._all is not None else bytes(self._kept[:size])

    def whole(self, most: int = IN_MEMORY) -> bytes | None:
        """Give all bytes where they are at most so many, else None; the reader begins anew behind this call."""
        if self._size > most and not self._is_kept:
            return None
        self._keep(most + 1)
        self._at = 0
        return self._all if self._all is not None and len(self._all) <= most else None

    @property
    def _is_kept(self) -> bool:
        """Whether what is kept is all there is: the source has ended there, and not behind what has only been read."""
        return self._ended and self._end == len(self._kept)

    def _keep(self, size: int) -> None:
        if self._all is not None:
            return
        # One more than is known to be there, so that the usual file needs one read and one that finds its end.
        while not self._is_kept and len(self._kept) < size:
            self._go_to(len(self._kept))
            had = len(self._kept)
            wanted = self._size + 1 - had if self._size >= had else _PIECE
            self._kept += self._pull(min(size - had, wanted))
        if self._is_kept:
            self._all = bytes(self._kept)

    def _go_to(self, place: int) -> None:
        """Let the source stand at a place."""
        if self._end == place:
            return
        if self._settled or not self._seeks:
            raise io.UnsupportedOperation(f"{self.name}: has been read, and gives its bytes once")
        self._raw.seek(place)
        self._end, self._ended = place, False

    # --- its bytes ---

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Give the next bytes, all that are left where no size is given."""
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        if self._at < len(self._kept):
            data = bytes((self._all or self._kept)[self._at : self._at + size])
            self._at += len(data)
            # Who goes to any place expects as much as a file gives; a pipe's next bytes may be long in coming.
            more = self.read(size - len(data)) if self._seeks and len(data) < size else b""
            return data + more
        if self._settled:
            self._kept.clear()  # the reader is behind all of it, and does not come back
            self._all = None
            self._at = _ENDLESS
        else:
            self._go_to(self._at)
        data = b"" if self._ended else self._pull(size)
        if not (self._settled or self._seeks):
            self._kept += data
        self._at += len(data)
        return data

    def readinto(self, buffer: Buffer) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def seekable(self) -> bool:
        """Tell that it can be read again from its beginning."""
        return not self._settled

    def tell(self) -> int:
        """Give where the reader is."""
        if self._settled:
            raise io.UnsupportedOperation("a payload is read to its end now")
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place: to the beginning, or anywhere where the source can seek."""
        if self._settled:
            raise io.UnsupportedOperation(f"{self.name}: is being read for the last time")
        if whence == os.SEEK_CUR:
            offset += self._at
        elif whence == os.SEEK_END:
            if not self._seeks:
                raise io.UnsupportedOperation(f"{self.name}: gives its bytes in their order")
            offset += self._raw.seek(0, os.SEEK_END)
            self._end = -1  # wherever that is: it is gone to before it is read
        if offset < 0:
            raise OSError(errno.EINVAL, f"{self.name}: there is nothing before the beginning")
        if offset > len(self._kept) and not self._seeks:
            raise io.UnsupportedOperation(f"{self.name}: gives its bytes in their order")
        self._at = offset
        return offset

    def settle(self) -> None:
        """Begin again for the last time: what is read from now on is not kept."""
        self._at = 0
        self._go_to(len(self._kept))
        self._settled = True

    def _pull(self, size: int) -> bytes:
        try:
            data = self._raw.read(size) or b""
        except SourceError:
            raise
        except (OSError, ValueError, EOFError) as error:
            raise SourceError(f"{self.name or 'the source'}: {getattr(error, 'strerror', None) or error}") from None
        if not isinstance(data, bytes):
            raise UsageError(f"{self.name or 'the source'} is open in text mode", hint="open it in binary mode")
        self._ended = not data
        # What is read a second time is counted already; what lies behind a gap will be read again.
        if self._digest is not None and self._end <= self._counted < self._end + len(data):
            self._digest.update(data[self._counted - self._end :])
            self._counted = self._end + len(data)
        self._end += len(data)
        return data

    # --- what has been read ---

    def drain(self) -> None:
        """Read what is left, so that the count and the hash are those of all of it."""
        if self._digest is not None and self._seeks and not self._settled and self._end != self._counted:
            self._go_to(self._counted)
        while not self._ended:
            self._pull(_PIECE)

    @property
    def is_counted(self) -> bool:
        """Whether what is read is counted."""
        return self._digest is not None

    @property
    def counted(self) -> int:
        """How many bytes have been read of it, where they are counted."""
        return self._counted

    def hexdigest(self) -> str:
        """Give the SHA-256 of these bytes; empty where they are not counted."""
        return self._digest.hexdigest() if self._digest is not None else ""

    def close(self) -> None:
        """Close it, and its source."""
        if not self.closed:
            self._raw.close()
        super().close()
