"""Schema files, read once for each state that they are in: recognising, compiling and hashing see the same bytes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from convtool._lazy import pattern

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["content_of", "in_utf8"]

_KEPT = 4096  # files: far more than a folder of one service has
_DECLARED = pattern(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_UTF_8 = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # UTF-16, with a mark or without: it says so itself


def content_of(path: Path) -> bytes:
    """Give a file's bytes; it is read again when its size or its time of change are others. OSError where it fails."""
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=_KEPT)
def _read(path: Path, _changed: int, _size: int) -> bytes:
    return path.read_bytes()


def in_utf8(content: bytes) -> bytes:
    """Give an XSD in an encoding that every parser reads: as it is, or in UTF-8; ValueError where it has none.

    Expat reads no encoding of several bytes a character but UTF-8 and UTF-16; .NET reads whatever its system knows.
    """
    declared = _DECLARED.match(content)
    if declared is None or declared[1].lower() in _UTF_8 or content.startswith(_WIDE):
        return content
    name = declared[1].decode()
    if name.lower().startswith("utf-16"):
        raise ValueError(f'it says encoding="{name}", but its bytes are not UTF-16: say encoding="utf-8"')
    try:
        text = content[declared.end(1) :].decode(name)
    except LookupError:
        raise ValueError(f"its encoding is {name!r}, which is not known here: save it as UTF-8") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"its bytes are not {name!r}, as it says: {error.reason} at byte {error.start}") from None
    return content[: declared.start(1)] + b"utf-8" + text.encode()
