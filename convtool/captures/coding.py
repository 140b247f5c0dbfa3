"""Content-Encoding, undone with a bound: a few bytes may stand for gigabytes."""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING, Any

from convtool.captures.extras import load_extra
from convtool.captures.model import Note
from convtool.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["codings", "is_text", "undo"]

_SLICE = 1 << 16  # bytes of output taken at a time
# Bytes of brotli fed at a time: one block may give 16 MiB, and needs about six bytes; so few blocks come at once.
_BROTLI_SLICE = 16
_ZSTD_WINDOW = 24  # as a power of two: RFC 9659 allows the coding 8 MiB (23)


class _TooLargeError(Exception):
    """The output is beyond the limit."""


class _DamagedError(Exception):
    """The bytes are not in the coding; ``str`` says why."""


class _BrokenOffError(_DamagedError):
    """The bytes end before the coding does."""


def codings(value: str) -> list[str]:
    """Give the codings of a Content-Encoding header in the order in which they were applied."""
    return [name for name in (part.strip().lower() for part in value.split(",")) if name not in ("", "identity")]


def is_text(data: bytes) -> bool:
    """Tell whether bytes are text, as every payload is: UTF-8 without controls, or UTF-16 with a byte order mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        start = data.decode()[:4096]
    except UnicodeDecodeError:
        return False
    return all(char >= " " or char in "\t\r\n" for char in start)


def undo(data: bytes, names: list[str], limit: int, *, undone: bool = False) -> tuple[bytes | None, list[Note]]:
    """Give a body without its codings, or None and why.

    Recorders often undo codings and keep the header: a body that is text is taken as it is. ``undone`` says that this
    is the rule of the capture's format; otherwise only what cannot be undone is looked at so.
    """
    if not names or not data or (undone and is_text(data)):
        return data, []
    result = data
    for name in reversed(names):
        decoder = _DECODERS.get(name)
        if decoder is None:
            return None, [Note("capture.coding", f"The Content-Encoding {name!r} is not known here.")]
        try:
            result = _bounded(decoder(result), limit)
        except _TooLargeError:
            message = f"The body is more than {limit} bytes once its Content-Encoding ({name}) is undone."
            return None, [Note("capture.limit", message)]
        except SourceError as error:  # the extra is not installed
            return None, [Note("capture.coding", f"The body is in the coding {name!r}.", str(error))]
        except _DamagedError as error:
            if is_text(data):
                return data, []
            code = "capture.truncated" if isinstance(error, _BrokenOffError) else "capture.coding"
            return None, [Note(code, f"The body's {name} cannot be undone: {error}.")]
    return result, []


def _bounded(parts: Iterator[bytes], limit: int) -> bytes:
    whole = bytearray()
    for part in parts:
        whole += part
        if len(whole) > limit:
            raise _TooLargeError
    return bytes(whole)


def _inflate(data: bytes, window: int) -> Iterator[bytes]:
    while data:  # gzip may have several members
        stream = zlib.decompressobj(window)
        rest = data
        while not stream.eof:
            try:
                part = stream.decompress(rest, _SLICE)
            except zlib.error as error:
                raise _DamagedError(str(error)) from None
            rest = stream.unconsumed_tail
            if not part and not rest and not stream.eof:
                raise _BrokenOffError("it is broken off")
            yield part
        data = stream.unused_data if window > zlib.MAX_WBITS else b""
        if data and not data.startswith(b"\x1f\x8b"):
            return  # what follows the last member is padding


def _gzip(data: bytes) -> Iterator[bytes]:
    return _inflate(data, zlib.MAX_WBITS | 16)


def _deflate(data: bytes) -> Iterator[bytes]:
    # RFC 9110 means zlib's format; some servers send deflate alone.
    zlibbed = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return _inflate(data, zlib.MAX_WBITS if zlibbed else -zlib.MAX_WBITS)


def _brotli(data: bytes) -> Iterator[bytes]:
    brotli = load_extra("brotli", "brotli")
    stream: Any = brotli.Decompressor()
    try:
        for at in range(0, len(data), _BROTLI_SLICE):
            yield stream.process(data[at : at + _BROTLI_SLICE])
    except brotli.error as error:
        raise _DamagedError(str(error) or "the bytes are not brotli") from None
    if not stream.is_finished():
        raise _BrokenOffError("it is broken off")


def _zstd(data: bytes) -> Iterator[bytes]:
    zstd = load_extra("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd", "zst")
    options = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW}
    try:
        while data:  # zstd may have several frames
            stream: Any = zstd.ZstdDecompressor(options=options)
            while not stream.eof:
                part = stream.decompress(data, _SLICE)
                data = b""
                if not part and stream.needs_input:
                    raise _BrokenOffError("it is broken off")
                yield part
            data = stream.unused_data
    except zstd.ZstdError as error:
        raise _DamagedError(str(error)) from None


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
