"""Zip archives: the directory is read once; members are read where they are, each checked against both of its headers.

Refused: encrypted members, links and other special files, members that overlap (one way to make a bomb), and methods
that are not read. Names, duplicates, sizes and ratios are judged for all archives alike.

A name is bytes. They are UTF-8 where the zip says so, or has the name in UTF-8 beside it (APPNOTE 4.6.9), or where they
are UTF-8 all the same, as many tools write it; otherwise they are of the encoding that somebody has named, or of code
page 437. What systems made for which a backslash stands between folders has folders there (as Info-ZIP's unzip does).
"""

from __future__ import annotations

import struct
import zlib
from itertools import zip_longest
from typing import IO, TYPE_CHECKING, cast

from convtool.errors import SourceError, UsageError
from convtool.places.packings import Unpacked
from convtool.places.store import store_of
from convtool.places.streams import Piece, RefusedError, Stream, read_exactly

if TYPE_CHECKING:
    import io
    import zipfile
    from collections.abc import Iterator

    from convtool.places.members import Found
    from convtool.places.streams import Limits

__all__ = ["Entry", "check_encoding", "entries", "open_member"]

_LOCAL = struct.Struct("<4s5H3L2H")
_METHODS = {8: "deflate", 12: "bz2", 93: "zst"}
_BROKEN = (OSError, ValueError, struct.error, NotImplementedError, EOFError, OverflowError, IndexError)
_REGULAR, _KIND = 0o100000, 0o170000  # of Unix modes
_UNIX = 3  # the system that made an entry
_BACKSLASHED = (0, 6, 10, 11, 14)  # FAT, OS/2, Windows NTFS (by two numbers), VFAT
_BEFORE = 4096  # bytes that are before a member: its header, its name and extra fields
_UTF8 = 0x800  # flag: the name is UTF-8
_PAGE = "cp437"  # otherwise; each of its bytes is a character, so that names can be turned back into bytes
_IN_UTF8 = 0x7075  # the extra field with the name in UTF-8, and the CRC-32 of the name that it stands for


class Entry:
    """One member as the directory of the zip has it; ``refused`` says why it is not to be read.

    ``raw`` are the bytes of its name.
    """

    __slots__ = ("check", "is_folder", "name", "packed", "place", "raw", "refused", "size")

    def __init__(self, info: zipfile.ZipInfo, encoding: str) -> None:
        self.raw = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else _PAGE)
        self.name, problem = _named(info, self.raw, encoding)
        self.place = info.header_offset
        self.size = info.file_size
        self.packed = info.compress_size
        self.check = info.CRC
        self.is_folder = self.name.endswith("/")
        self.refused = problem or _why_not(info)


def check_encoding(name: str) -> str:
    """Give the encoding of names that somebody has named; UsageError where there is none of this name."""
    try:
        if name:
            b"a".decode(name)
    except (LookupError, UnicodeError, TypeError):  # TypeError: a codec of Python's that is none of texts
        raise UsageError(f"{name}: is no encoding of names; cp932, cp1252, gb18030 and koi8-r are some") from None
    return name


def _named(info: zipfile.ZipInfo, raw: bytes, encoding: str) -> tuple[str, str]:
    """Give a member's name, and why it is refused (empty where it is not)."""
    name, problem = info.orig_filename, ""
    if not (raw.isascii() or info.flag_bits & _UTF8):
        try:
            name = _beside(info.extra, raw) or raw.decode(encoding or "utf-8")
            name.encode()  # some encodings have halves of characters
        except UnicodeError:
            problem = f"has a name that is not in {encoding}" if encoding else ""
    return name.replace("\\", "/") if info.create_system in _BACKSLASHED else name, problem


def _beside(extra: bytes, raw: bytes) -> str:
    """Give the name in UTF-8 that stands beside a name; nothing where there is none, or one of another name."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        content, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _IN_UTF8 and content[:1] == b"\1" and content[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return content[5:].decode()
    return ""


def _why_not(info: zipfile.ZipInfo) -> str:
    kind = info.external_attr >> 16 & _KIND
    if info.header_offset < 0:
        return "begins before the zip does"
    if info.flag_bits & 0x2041:  # encrypted; strongly encrypted; masked headers
        return "is encrypted"
    if info.create_system == _UNIX and kind not in (0, _REGULAR, 0o040000):
        return "is a link or a special file, not a regular one"
    if info.compress_type and info.compress_type not in _METHODS:
        return f"is compressed by a method that is not read (number {info.compress_type})"
    return ""


def entries(raw: io.RawIOBase, path: str, encoding: str = "") -> Iterator[Entry]:
    """Yield a zip's members, in the order of its directory; SourceError where the directory cannot be read.

    ``encoding``: of the names that do not say which they are in.
    """
    import zipfile  # few payloads are in one

    try:
        with zipfile.ZipFile(cast("IO[bytes]", raw)) as archive:
            found = [Entry(info, encoding) for info in archive.infolist()]
            end = archive.start_dir
    except SourceError:
        raise
    except (*_BROKEN, zipfile.BadZipFile) as error:
        raise SourceError(f"{path}: the zip's directory cannot be read ({error})") from None
    _mark_overlaps(found, end)
    yield from found


def _mark_overlaps(found: list[Entry], end: int) -> None:
    by_place = sorted(found, key=lambda entry: entry.place)
    for entry, following in zip_longest(by_place, by_place[1:]):
        least = entry.place + _LOCAL.size + entry.packed
        if least > (following.place if following is not None else end):
            entry.refused = "overlaps another member"
            if following is not None:
                following.refused = entry.refused


def open_member(found: Found, limits: Limits) -> io.RawIOBase:
    """Open a member's content; its size and check sum are proven when the end has been read."""
    raw = store_of(found.path).window(found.path, found.place, found.packed + _BEFORE)
    name = f"{found.path}/{found.member}"
    try:
        method = _go_to(raw, found, name)
        stored: io.RawIOBase = Piece(raw, found.packed, name)
        return _Checked(stored if not method else Unpacked(stored, _METHODS[method], name, limits), found, name)
    except BaseException:
        raw.close()
        raise


def _go_to(raw: io.RawIOBase, found: Found, name: str) -> int:
    """Go to a member's data, and give the method by which they are compressed."""
    raw.seek(found.place)
    magic, _, _, method, *_, name_size, extra_size = _LOCAL.unpack(read_exactly(raw, _LOCAL.size, name))
    if magic != b"PK\3\4" or method not in (0, *_METHODS):
        raise SourceError(f"{name}: the zip has no such member where its directory says")
    if read_exactly(raw, name_size, name) != (found.raw or found.member.encode()):
        raise RefusedError(f"{name}: has another name in the header of its own")
    raw.seek(found.place + _LOCAL.size + name_size + extra_size)
    return int(method)


class _Checked(Stream):
    """A member's content, held against the size and the check sum that the zip's directory has."""

    def __init__(self, inner: io.RawIOBase, found: Found, name: str) -> None:
        super().__init__(inner, name)
        self._expected = (found.size, found.check)
        self._now = (0, 0)

    def some(self, size: int) -> bytes:
        """Give the next bytes; SourceError at the end, or before, where they are not what the zip says."""
        data = self._raw.read(size) or b""
        self._now = (self._now[0] + len(data), zlib.crc32(data, self._now[1]))
        if self._now[0] > self._expected[0] or (size and not data and self._now != self._expected):
            raise SourceError(f"{self.name}: the content is not what the zip says of it (size or CRC-32)")
        return data
