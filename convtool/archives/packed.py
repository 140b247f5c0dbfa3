"""Compressed streams, undone piece by piece within bounds: gzip, bzip2, xz, Zstandard; several in a row count as one.

Each comes to a proven end or is an error: its check sum is read, and nothing else may follow.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from typing import TYPE_CHECKING, Any, Protocol

from convtool.archives.limits import RefusedError
from convtool.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Buffer

    from convtool.archives.limits import Limits

__all__ = ["MAGIC", "Unpacked", "Zlib", "magic_of"]

MAGIC = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zst"}
_PIECE = 1 << 16
_XZ_MEMORY = 256 << 20  # bytes; what level 9 needs four times over
_WINDOW = 27  # 128 MiB, which is what zstd takes without being told; --long writes larger windows
_BROKEN = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError)


def magic_of(head: bytes) -> str:
    """Give the compression that the first bytes of a file belong to, or an empty text."""
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), "")


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


class Zlib:
    """zlib's decompressor with the interface of the others."""

    def __init__(self, bits: int) -> None:
        self._inner = zlib.decompressobj(bits)

    @property
    def eof(self) -> bool:
        """Whether the stream has come to its end."""
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        """Whether all that has been given is used."""
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """What was given behind the stream's end."""
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """Give the next bytes, not more than ``max_length`` where that is not negative."""
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(max_length, 0))


def _zstandard() -> Any:
    try:
        from compression import zstd  # type: ignore[import-not-found]
    except ImportError:
        try:
            from backports import zstd
        except ImportError:
            raise SourceError("is compressed with Zstandard; install convtool[zst] to read it") from None
    return zstd


def _zst() -> Any:
    zstd = _zstandard()
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW})


_MAKERS: dict[str, Callable[[], Any]] = {
    "gz": lambda: Zlib(31),  # 31: a gzip header and trailer
    "deflate": lambda: Zlib(-15),  # as zip has it: bare
    "bz2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY),
    "zst": _zst,
}
_ALONE = ("deflate",)  # has no header: what follows is not another one


class Unpacked(io.RawIOBase):
    """The bytes that come out of a compressed file. SourceError where it is broken, RefusedError where it is a bomb."""

    def __init__(self, raw: io.RawIOBase, kind: str, name: str, limits: Limits) -> None:
        self.name = name
        self.taken = self.given = 0
        self._raw = raw
        self._kind = kind
        self._limits = limits
        self._error: type[Exception] | tuple[type[Exception], ...] = _BROKEN
        try:
            self._inner: _Decompressor = _MAKERS[kind]()
            if kind == "zst":
                self._error = (*_BROKEN, _zstandard().ZstdError)
        except SourceError as error:
            raise RefusedError(f"{name}: {error}") from None
        self._ended = False

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        data = self._some(min(len(view), 1 << 20)) if len(view) else b""
        view[: len(data)] = data
        return len(data)

    def _some(self, size: int) -> bytes:
        try:
            data = self._step(size)
        except SourceError:
            raise
        except self._error as error:
            raise SourceError(f"{self.name}: the compressed data are broken ({error})") from None
        self.given += len(data)
        self._limits.check_ratio(self.taken, self.given)
        return data

    def _step(self, size: int) -> bytes:
        data = b""
        while not data and not self._ended:
            if self._inner.eof:
                self._next()
                continue
            fresh = self._take() if self._inner.needs_input else b""
            data = self._inner.decompress(fresh, size)
            if not (data or fresh or self._inner.eof) and self._inner.needs_input:
                raise EOFError("they end too early")
        return data

    def _take(self) -> bytes:
        data = self._raw.read(_PIECE) or b""
        self.taken += len(data)
        return data

    def _next(self) -> None:
        """Go to the next compressed stream of the file; zeros between them, and at the end, are padding."""
        rest = self._inner.unused_data
        if self._kind in _ALONE:
            self._ended = True
            return
        while not (rest := rest.lstrip(b"\0")):
            rest = self._take()
            if not rest:
                self._ended = True
                return
        if len(rest) < 6:  # the longest magic number
            rest += self._take()
        if magic_of(rest) != self._kind:
            raise ValueError("something else follows them")
        self._inner = _MAKERS[self._kind]()
        self._pending(rest)

    def _pending(self, rest: bytes) -> None:
        if not isinstance(self._raw, _Before):
            self._raw = _Before(self._raw)
        self._raw.give_back(rest)
        self.taken -= len(rest)  # taken again

    def close(self) -> None:
        """Close it, and the file that it reads."""
        if not self.closed:
            self._raw.close()
        super().close()


class _Before(io.RawIOBase):
    """A file that takes back what was read of it too early; one for all of a file, since it closes it when it goes."""

    def __init__(self, rest: io.RawIOBase) -> None:
        self._first = b""
        self._rest = rest

    def give_back(self, data: bytes) -> None:
        """Let bytes come again, before the rest."""
        self._first = data + self._first

    def read(self, size: int | None = -1) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        return self._rest.read(size if size is not None else -1) or b""

    def close(self) -> None:
        if not self.closed:
            self._rest.close()
        super().close()
