"""Tar archives, read forwards only: ustar, pax and GNU names; regular members, and a word about all others.

The format is read here rather than by ``tarfile``, which reads headers of any size into memory and goes backwards
where a size is negative. (POSIX.1-2017, pax; GNU tar manual, "Basic Tar Format".)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from convtool.errors import SourceError
from convtool.places.streams import read_exactly, skip

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

__all__ = ["Entry", "entries"]

_BLOCK = 512
_LONGEST_HEADER = 1 << 20  # bytes of names and pax records; real ones have hundreds
_BEYOND = 10**18  # bytes that no file has, and that still fit a file's position
_REGULAR = (b"0", b"\0", b"7")  # 7: contiguous, which was a hint to a disk
_WITHOUT_CONTENT = (b"1", b"2", b"3", b"4", b"5", b"6")
_OTHER = {
    b"1": "is a hard link",
    b"2": "is a symbolic link",
    b"3": "is a device",
    b"4": "is a device",
    b"6": "is a pipe",
    b"S": "is a sparse file",
}


class Entry(NamedTuple):
    """One member: its name, where its content begins in the unpacked tar, how long it is, and why it is not read."""

    name: str
    place: int
    size: int
    refused: str


def entries(raw: io.RawIOBase, path: str) -> Iterator[Entry]:
    """Yield a tar's members; folders are none. SourceError where it is broken: what came before is as it was."""
    at = 0
    shared: dict[str, str] = {}  # pax records for all members that follow
    extra: dict[str, str] = {}  # for the next member only
    while True:
        header = _header(raw, path)
        at += _BLOCK
        if header is None:
            _expect_end(raw, path)
            return
        kind, size = header[156:157], _number(header[124:136], path)
        blocks = -(-size // _BLOCK) * _BLOCK
        if kind in b"xgLK" and kind:
            content = _content(raw, size, blocks, path)
            at += blocks
            if kind == b"g":
                shared |= _records(content, path)
            elif kind == b"x":
                extra |= _records(content, path)
            elif kind == b"L":
                extra["path"] = _text(content)
            continue
        known = {**shared, **extra}
        extra = {}
        if "size" in known:
            size = _decimal(known["size"], path)
            blocks = -(-size // _BLOCK) * _BLOCK
        name = known.get("path", _name(header))
        if kind == b"5" or (kind in _REGULAR and name.endswith("/")):
            entry = None
        else:
            entry = Entry(name, at, size, _why_not(kind, known))
        blocks = 0 if kind in _WITHOUT_CONTENT else blocks
        skip(raw, blocks, path)  # first: a member that is listed is there to its end
        at += blocks
        if entry is not None:
            yield entry


def _why_not(kind: bytes, known: dict[str, str]) -> str:
    if any(key.startswith("GNU.sparse.") for key in known):
        return _OTHER[b"S"]
    return "" if kind in _REGULAR else _OTHER.get(kind, f"is of a type that is not read ({kind!r})")


def _header(raw: io.RawIOBase, path: str) -> bytes | None:
    """Give the next header, or None at the empty blocks that end a tar; without them members may be missing."""
    block = read_exactly(raw, _BLOCK, path)
    if not block.strip(b"\0"):
        return None
    told = _number(block[148:156], path)
    # The sum is over the header with blanks where it stands itself; some writers take the bytes as signed.
    rest = block[:148] + b" " * 8 + block[156:]
    if told not in (sum(rest), sum(byte - 256 if byte > 127 else byte for byte in rest)):
        raise SourceError(f"{path}: is not a tar, or is broken: the check sum of a header is wrong")
    return block


def _expect_end(raw: io.RawIOBase, path: str) -> None:
    """Read to the end of the file: a compressed one proves itself there, and nothing may hide behind the end."""
    while data := raw.read(1 << 16):
        if data.strip(b"\0"):
            raise SourceError(f"{path}: something follows the end of the tar; what that is, is not read")


def _content(raw: io.RawIOBase, size: int, blocks: int, path: str) -> bytes:
    if size > _LONGEST_HEADER:
        raise SourceError(f"{path}: is broken: a name or an extended header of {size} bytes")
    return read_exactly(raw, blocks, path)[:size]


def _number(field: bytes, path: str) -> int:
    if field[0] & 0x80:  # GNU: binary, for what has more digits than there is room for
        number = int.from_bytes(field[1:], "big")
        if field[0] != 0x80 or number >= _BEYOND:
            raise SourceError(f"{path}: is broken: a size below zero, or beyond all files")
        return number
    text = field.strip(b" \0")
    if text.strip(b"01234567"):
        raise SourceError(f"{path}: is not a tar, or is broken: a header has no number where one is wanted")
    return int(text or b"0", 8)


def _decimal(text: str, path: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise SourceError(f"{path}: is broken: a size that is no number")
    return int(text)


def _records(content: bytes, path: str) -> dict[str, str]:
    """Give the records of an extended header: the length of all of a record, a blank, key=value, a line's end."""
    found = {}
    while content.strip(b"\0"):
        length, blank, _ = content.partition(b" ")
        if not blank or not length.isdigit() or len(length) > 7 or not len(length) + 1 < int(length) <= len(content):
            raise SourceError(f"{path}: is broken: an extended header that cannot be read")
        key, _, value = content[len(length) + 1 : int(length) - 1].partition(b"=")
        found[_text(key)] = value.decode("utf-8", "surrogateescape")
        content = content[int(length) :]
    return found


def _name(header: bytes) -> str:
    name, prefix = header[:100], header[345:500]
    # GNU's own format has other things where the prefix is.
    if header[257:263] == b"ustar\0" and prefix[0]:
        return f"{_text(prefix)}/{_text(name)}"
    return _text(name)


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")
