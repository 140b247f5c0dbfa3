"""Compressions: one table of how each is told, undone and made; and compressed files, read in pieces, within bounds.

A compressed file comes to a proven end or is an error: its check sum is read, and nothing else may follow. Several
compressed streams in a row count as one where their format says so.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from contextlib import suppress
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol

from convtool._version import install
from convtool.errors import SourceError, UsageError
from convtool.places.streams import RefusedError, Stream

if TYPE_CHECKING:
    import io
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from convtool.places.streams import Limits

__all__ = ["PACKINGS", "Decompressor", "Packing", "Unpacked", "beginning", "magic_of", "packer"]

_PIECE = 1 << 16
_XZ_MEMORY = 256 << 20  # bytes; what level 9 needs four times over
_WINDOW = 27  # 128 MiB, which is what zstd takes without being told; --long writes larger windows
_LEVEL = 6  # of gzip: the usual one
_FIRST = 1 << 20  # bytes of a compressed file within which something comes out: bzip2's blocks are the largest
_BROTLI_SLICE = 16  # bytes of brotli at a time: a block may give 16 MiB and needs about six; so few blocks come at once
_BROKEN = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError)


class Decompressor(Protocol):
    """One compressed stream being undone, as the standard library's decompressors do it."""

    @property
    def eof(self) -> bool:
        """Tell whether the stream has come to its end."""
        ...

    @property
    def needs_input(self) -> bool:
        """Tell whether no more comes out of what has been given."""
        ...

    @property
    def unused_data(self) -> bytes:
        """Give what follows the end of the stream."""
        ...

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """Take more bytes, and give up to ``max_length`` of what comes out."""
        ...


class _Zlib:
    """zlib's decompressor with the interface of the others."""

    def __init__(self, bits: int) -> None:
        self._inner = zlib.decompressobj(bits)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(max_length, 0))


class _Brotli:
    """brotli's decompressor with the interface of the others; what comes out at once is bounded by what goes in."""

    unused_data = b""  # brotli does not tell

    def __init__(self) -> None:
        self._inner: Any = _brotli().Decompressor()
        self._waiting = memoryview(b"")
        self._ready = b""

    @property
    def eof(self) -> bool:
        return bool(self._inner.is_finished()) and not (self._ready or self._waiting)

    @property
    def needs_input(self) -> bool:
        return not (self._ready or self._waiting)

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        if data:
            self._waiting = memoryview(bytes(self._waiting) + data)
        while self._waiting and not self._ready:
            part, self._waiting = self._waiting[:_BROTLI_SLICE], self._waiting[_BROTLI_SLICE:]
            self._ready = self._inner.process(bytes(part))
        size = len(self._ready) if max_length < 0 else max_length
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


def _zstandard() -> Any:
    """Give the module for Zstandard; ImportError where there is none."""
    try:
        from compression import zstd  # type: ignore[import-not-found]  # from Python 3.14 on
    except ImportError:
        zstd = import_module("backports.zstd")
    return zstd


def _brotli() -> Any:
    return import_module("brotli")


def _zst(window: int = _WINDOW) -> Decompressor:
    zstd = _zstandard()
    made: Decompressor = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: window})
    return made


def _gzip_file(file: IO[bytes]) -> Any:
    import gzip

    return gzip.GzipFile("", "wb", _LEVEL, file, mtime=0)  # no name and no time in it


class Packing(NamedTuple):
    """One compression. ``error``: gives what its decompressor raises for broken data, beside the usual errors."""

    suffix: str  # of files; empty where there are none of their own
    tar: tuple[str, ...]  # suffixes of a tar in it
    title: str  # as messages call it
    extra: str  # of convtool, where it needs one
    magic: bytes  # what each stream begins with; empty: nothing tells it, and what follows a stream is not another one
    decompressor: Callable[..., Decompressor]
    error: Callable[[], type[Exception]] | None = None
    packed: Callable[[IO[bytes]], Any] | None = None  # gives a file that compresses what is written to it


#: By the name that members and outputs have for it. ``deflate`` is bare, as zip has it; ``zlib`` has a header.
PACKINGS: dict[str, Packing] = {
    "gz": Packing(".gz", (".tgz",), "gzip", "", b"\x1f\x8b", lambda: _Zlib(zlib.MAX_WBITS | 16), packed=_gzip_file),
    "bz2": Packing(".bz2", (".tbz2", ".tbz"), "bzip2", "", b"BZh", bz2.BZ2Decompressor),
    "xz": Packing(".xz", (".txz",), "xz", "", b"\xfd7zXZ\x00",
                  lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)),
    "zst": Packing(".zst", (".tzst",), "Zstandard", "zst", b"\x28\xb5\x2f\xfd", _zst,
                   lambda: _zstandard().ZstdError, lambda file: _zstandard().ZstdFile(file, "w")),
    "deflate": Packing("", (), "deflate", "", b"", lambda: _Zlib(-zlib.MAX_WBITS)),
    "zlib": Packing("", (), "zlib", "", b"", lambda: _Zlib(zlib.MAX_WBITS)),
    "br": Packing("", (), "Brotli", "brotli", b"", _Brotli, lambda: _brotli().error),
}  # fmt: skip
_MAGICS = [(row.magic, kind) for kind, row in PACKINGS.items() if row.magic]


def magic_of(head: bytes) -> str:
    """Give the compression that the first bytes of a file belong to, or an empty text."""
    return next((kind for magic, kind in _MAGICS if head.startswith(magic)), "")


def beginning(raw: io.RawIOBase, kind: str, size: int) -> bytes:
    """Give the first bytes that come out of a compressed file; fewer where it is broken, or cannot be read here."""
    row = PACKINGS[kind]
    found, taken = b"", 0
    try:
        errors = (*_BROKEN, row.error()) if row.error is not None else _BROKEN
        inner = row.decompressor()
    except ImportError:
        return b""
    with suppress(*errors):
        while len(found) < size and taken < _FIRST and not inner.eof:
            data = (raw.read(_PIECE) or b"") if inner.needs_input else b""
            if not data and inner.needs_input:
                break
            taken += len(data)
            found += inner.decompress(data, size - len(found))
    return found


def packer(kind: str) -> Callable[[IO[bytes]], AbstractContextManager[IO[bytes]]]:
    """Give what makes of a file one that compresses what is written to it; UsageError where it is not installed."""
    row = PACKINGS[kind]
    assert row.packed is not None
    if row.extra == "zst":
        try:
            _zstandard()
        except ImportError:
            told = f"nothing is installed that compresses with {row.title}"
            raise UsageError(told, hint=install(row.extra)) from None
    return row.packed


class Unpacked(Stream):
    """The bytes that come out of a compressed file. SourceError where it is broken, RefusedError where it is a bomb."""

    def __init__(self, raw: io.RawIOBase, kind: str, name: str, limits: Limits) -> None:
        super().__init__(raw, name)
        self.taken = self.given = 0
        self._kind = kind
        self._row = row = PACKINGS[kind]
        self._limits = limits
        try:
            self._inner = row.decompressor()
            self._error = (*_BROKEN, row.error()) if row.error is not None else _BROKEN
        except ImportError:
            told = f"is compressed with {row.title}, which nothing here unpacks; {install(row.extra)}"
            raise RefusedError(f"{name}: {told}") from None
        self._ended = False

    def some(self, size: int) -> bytes:
        """Give the next bytes."""
        if not size:
            return b""
        try:
            data = self._step(min(size, 1 << 20))
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
        if not self._row.magic:
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
        self._inner = self._row.decompressor()
        self._pending(rest)

    def _pending(self, rest: bytes) -> None:
        if not isinstance(self._raw, _Before):
            self._raw = _Before(self._raw, self.name)
        self._raw.give_back(rest)
        self.taken -= len(rest)  # taken again


class _Before(Stream):
    """A file that takes back what was read of it too early; one for all of a file, since it closes it when it goes."""

    _first = b""

    def give_back(self, data: bytes) -> None:
        """Let bytes come again, before the rest."""
        self._first = data + self._first

    def read(self, size: int | None = -1) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        return self._raw.read(size if size is not None else -1) or b""
