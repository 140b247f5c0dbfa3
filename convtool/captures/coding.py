"""Content-Encoding, undone with a bound: a few bytes may stand for gigabytes."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from convtool.captures.extras import missing
from convtool.captures.model import Note
from convtool.errors import SourceError
from convtool.limits import CAPTURES as LIMITS
from convtool.places.packings import PACKINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["DECODERS", "codings", "is_text", "undo"]

_SLICE = 1 << 16  # bytes of output taken at a time, and of input given at most
_STEP = 512  # bytes given to a decoder first: a stream may end after twenty
_ZSTD_WINDOW = 24  # as a power of two: RFC 9659 allows the coding 8 MiB (23)


class _TooLargeError(Exception):
    """The output is beyond a limit; ``str`` is the end of a sentence that begins with the body."""


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
        decoder = DECODERS.get(name)
        if decoder is None:
            return None, [Note("capture.coding", f"The Content-Encoding {name!r} is not known here.")]
        try:
            result = _bounded(decoder(result), limit, name)
        except _TooLargeError as error:
            return None, [Note("capture.limit", f"The body {error}.")]
        except SourceError as error:  # the extra is not installed
            return None, [Note("capture.coding", f"The body is in the coding {name!r}.", str(error))]
        except _DamagedError as error:
            if is_text(data):
                return data, []
            code = "capture.truncated" if isinstance(error, _BrokenOffError) else "capture.coding"
            return None, [Note(code, f"The body's {name} cannot be undone: {error}.")]
    return result, []


def _bounded(parts: Iterator[bytes], limit: int, name: str) -> bytes:
    whole = bytearray()
    for part in parts:
        whole += part
        if len(whole) > limit:
            raise _TooLargeError(f"is more than {limit} bytes once its Content-Encoding ({name}) is undone")
    return bytes(whole)


def _streams(data: bytes, name: str, kind: str, *options: int, step: int = _STEP) -> Iterator[bytes]:
    """Yield what is in the streams that stand behind each other, as their magic tells; what follows is padding.

    They are fed little by little, since what a decoder has not used is copied: many small ones would take the square
    of their number.
    """
    row = PACKINGS[kind]
    at = count = 0
    while at < len(data) and (not count or (row.magic and data.startswith(row.magic, at))):
        count += 1
        if count > LIMITS.streams:
            raise _TooLargeError(f"has more than {LIMITS.streams} {name} streams")
        try:
            stream, errors = row.decompressor(*options), row.error() if row.error is not None else zlib.error
        except ImportError as error:
            raise missing(error, row.extra) from None
        while not stream.eof:
            fed = data[at : at + step] if stream.needs_input else b""
            at, step = at + len(fed), min(2 * step, _SLICE)
            try:
                part = stream.decompress(fed, _SLICE)
            except errors as error:
                raise _DamagedError(str(error) or f"the bytes are not {name}") from None
            if not part and at == len(data) and stream.needs_input and not stream.eof:
                raise _BrokenOffError("it is broken off")
            yield part
        at -= len(stream.unused_data)
        step = _STEP


def _gzip(data: bytes) -> Iterator[bytes]:
    return _streams(data, "gzip", "gz")


def _deflate(data: bytes) -> Iterator[bytes]:
    # RFC 9110 means zlib's format; some servers send deflate alone.
    zlibbed = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return _streams(data, "deflate", "zlib" if zlibbed else "deflate")


def _brotli(data: bytes) -> Iterator[bytes]:
    return _streams(data, "brotli", "br", step=len(data))  # all at once: it does not tell what follows its end


def _zstd(data: bytes) -> Iterator[bytes]:
    return _streams(data, "zstd", "zst", _ZSTD_WINDOW)


#: The content codings: one table for everybody who undoes one. Each yields the content in pieces.
DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
