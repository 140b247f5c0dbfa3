"""Archives and compressed files that nobody means well with, and names that would like to be elsewhere."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from tests.batch.tree import GOOD_XML
from tests.places.test_contents import tarred, zipped
from tests.security.attacks import Attack, validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["ATTACKS"]

_M = 1 << 20
_ALIKE = GOOD_XML[: GOOD_XML.rindex(b"<")] + b"x" * (64 * _M)  # a text that goes on


def _info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0) -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, size
    return info.tobuf(tarfile.GNU_FORMAT)


def _zip(*members: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for member, data in members:
            archive.writestr(member, data)
    return buffer.getvalue()


def _link(name: str, target: bytes) -> bytes:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return _zip((info, target))


def _overlapping() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(50):
            archive.writestr(f"{number}.xml", GOOD_XML * 100)
        for info in archive.infolist():
            info.header_offset = 0
    return buffer.getvalue()


def _lying(packed: int, unpacked: int) -> bytes:
    data = bytearray(_zip(("a.xml", GOOD_XML)))
    at = data.rindex(b"PK\1\2")
    data[at + 20 : at + 28] = struct.pack("<LL", packed, unpacked)
    return bytes(data)


def _deflated() -> bytes:
    return zlib.compress(GOOD_XML, wbits=-15)


def _directory(offset: int, count: int = 1) -> bytes:
    data = bytearray(_zip(("a.xml", GOOD_XML)))
    data[-22 + 8 : -22 + 12] = struct.pack("<HH", count, count)
    data[-22 + 16 : -22 + 20] = struct.pack("<L", offset)
    return bytes(data)


def _nested(levels: int) -> bytes:
    data = GOOD_XML
    for level in range(levels):
        data = _zip((f"{level}.zip", data))
    return data


def _pax(record: bytes) -> bytes:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, len(record)
    return (
        info.tobuf(tarfile.USTAR_FORMAT)
        + record.ljust(-(-len(record) // 512) * 512, b"\0")
        + tarred({"a.xml": GOOD_XML})
    )


def _zst_of_a_large_window() -> bytes:
    from backports import zstd

    return bytes(zstd.compress(_ALIKE, options={zstd.CompressionParameter.window_log: 30}))


# name, the file's name, its bytes, the exit code, a part of what is said, whether it is heavy
_FILES: list[tuple[str, str, Callable[[], bytes], int, str, bool]] = [
    ("a zip of one letter", "a.zip", lambda: zipped({"a.xml": _ALIKE}), 1, "over the limit of 300 times", False),
    ("a gzip of one letter", "a.xml.gz", lambda: gzip.compress(_ALIKE), 1, "over the limit of 300 times", False),
    ("a bzip2 of one letter", "a.xml.bz2", lambda: bz2.compress(_ALIKE), 1, "over the limit of 300 times", True),
    ("an xz of one letter", "a.xml.xz", lambda: lzma.compress(_ALIKE), 1, "over the limit of 300 times", False),
    ("a tar.gz of one letter", "a.tar.gz", lambda: gzip.compress(tarred({"a.xml": _ALIKE})), 1, "over the limit of 300 times", False),
    ("a tar.gz of one letter named .zip", "a.zip", lambda: gzip.compress(tarred({"a.xml": _ALIKE})), 1, "over the limit of 300 times", False),
    ("an xz that asks for a dictionary of 1.5 GB", "a.xml.xz", lambda: lzma.compress(b"<a/>" * 9, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1536 << 20}]) , 2, "broken", False),
    ("a Zstandard window of 1 GB", "a.xml.zst", _zst_of_a_large_window, 1, "over the limit of 300 times", True),
    ("gzip within gzip within gzip", "a.xml.gz", lambda: gzip.compress(gzip.compress(gzip.compress(GOOD_XML))), 1, "twice", False),
    ("200,000 empty gzip members", "a.xml.gz", lambda: gzip.compress(b"") * 200_000 + gzip.compress(GOOD_XML), 0, "valid", True),
    ("200,000 gzip members of a byte", "a.xml.gz", lambda: gzip.compress(b" ") * 200_000 + gzip.compress(GOOD_XML), 0, "valid", True),
    ("gzip with bytes behind it", "a.xml.gz", lambda: gzip.compress(GOOD_XML) + b"rm -rf /", 2, "something else follows", False),
    ("gzip whose sum is wrong", "a.xml.gz", lambda: gzip.compress(GOOD_XML)[:-8] + bytes(8), 2, "broken", False),
    ("gzip with a name of another folder", "a.xml.gz", lambda: b"\x1f\x8b\x08\x08" + bytes(6) + b"../../evil\0" + gzip.compress(GOOD_XML, mtime=0)[10:], 0, "valid", False),
    ("42 zips in each other", "a.zip", lambda: _nested(42), 1, "archive within an archive", False),
    ("50 members in one place", "a.zip", _overlapping, 1, "overlaps another member", False),
    ("a member that claims 4 GB", "a.zip", lambda: _lying(len(_deflated()), 0xFFFFFFFE), 1, "the limit for one member", False),
    ("a member that claims nothing", "a.zip", lambda: _lying(len(_deflated()), 0), 2, "the content is not what the zip says", False),
    ("a directory behind the end", "a.zip", lambda: _directory(0x7FFFFFFF), 1, "begins before the zip does", False),
    ("a directory of 65,535 members and one", "a.zip", lambda: _directory(0, 0xFFFF), 1, "overlaps another member", False),
    ("30,000 empty members", "a.zip", lambda: zipped({f"{n}.txt": b"" for n in range(30_000)}, zipfile.ZIP_STORED), 1, "nothing was judged", True),
    ("a comment of 64 kB with a second directory", "a.zip", lambda: _zip(("a.xml", GOOD_XML))[:-2] + b"\xff\xff" + _zip(("b.xml", GOOD_XML)).ljust(0xFFFF, b"\0"), 0, "1 valid", False),
    ("a link to /etc/passwd in a zip", "a.zip", lambda: _link("a.xml", b"/etc/passwd"), 1, "is a link or a special file", False),
    ("up three folders", "a.zip", lambda: zipped({"../../../tmp/evil.xml": GOOD_XML}), 1, "has '..' in its name", False),
    ("up three folders, and back", "a.zip", lambda: zipped({"a/../../b/../../evil.xml": GOOD_XML}), 1, "has '..' in its name", False),
    ("the root", "a.zip", lambda: zipped({"/etc/evil.xml": GOOD_XML}), 1, "has an absolute path", False),
    ("a drive", "a.zip", lambda: zipped({"C:evil.xml": GOOD_XML}), 1, "has a drive", False),
    ("a name of 5,000 characters", "a.zip", lambda: zipped({"a/" * 2500 + "a.xml": GOOD_XML}), 1, "has a name of more than", False),
    ("a part of a name of 300 bytes", "a.zip", lambda: zipped({"é" * 150 + ".xml": GOOD_XML}), 1, "has a name of more than", False),
    ("a name twice", "a.tar", lambda: tarred({"a.xml": GOOD_XML, "./a.xml": GOOD_XML}), 1, "has a name that the archive has twice", False),
    ("names with a colour, a title and a command", "a.zip", lambda: zipped({"\x1b[31m.xml": GOOD_XML, "\x1b]0;t\x07.xml": GOOD_XML, "a\n::error::x.xml": GOOD_XML}), 1, "has control characters", False),
    ("names that turn the reading around", "a.zip", lambda: zipped({"a\u202elmx.exe": b"x", "\u2066b\u2069.xml": b"<"}), 1, r"\u2066b\u2069.xml", False),
    ("a link in a tar", "a.tar", lambda: _info("a.xml", tarfile.SYMTYPE, "/etc/passwd") + bytes(1024), 1, "is a symbolic link", False),
    ("a hard link in a tar", "a.tar", lambda: _info("a.xml", tarfile.LNKTYPE, "/etc/shadow") + bytes(1024), 1, "is a hard link", False),
    ("a device in a tar", "a.tar", lambda: _info("a.xml", tarfile.CHRTYPE) + bytes(1024), 1, "is a device", False),
    ("a size below nothing", "a.tar", lambda: _info("a.xml").replace(b"00000000000\0", b"\xff" * 12, 1) + bytes(1024), 2, "the archive", False),
    ("a header of 8 GB", "a.tar", lambda: _info("x", tarfile.XHDTYPE, size=1 << 33) + bytes(4096), 2, "extended header", False),
    ("a size that a pax header has otherwise", "a.tar", lambda: _pax(b"22 size=999999999999\n"[:21].ljust(21)), 2, "", False),
    ("a pax header that ends in its middle", "a.tar", lambda: _pax(b"999 path=a\n"), 2, "an extended header that cannot be read", False),
    ("a pax name up three folders", "a.tar", lambda: tarred({"../" * 40 + "a" * 90 + ".xml": GOOD_XML}), 1, "has '..' in its name", False),
    ("a tar with another behind its end", "a.tar", lambda: tarred({"a.xml": GOOD_XML}) + tarred({"b.xml": GOOD_XML}), 2, "something follows the end", False),
    ("an executable named .zip", "a.zip", lambda: b"MZ" + bytes(5000), 2, "the zip's directory cannot be read", False),
    ("a 7z named .tar", "a.tar", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(5000), 2, "is not a tar", False),
    ("a zip named .json", "a.json", lambda: zipped({"a.json": b"{}"}), 1, "", False),
]  # fmt: skip


def _converted(members: dict[str, bytes], *more: str) -> Callable[[Path], list[str]]:
    """Give what converts a zip into a folder, beside which lies a file that must stay."""

    def make(folder: Path) -> list[str]:
        (folder / "in").mkdir()
        (folder / "in" / "a.zip").write_bytes(zipped(members))
        (folder / "evil.json").write_text("stays")
        return ["convert", str(folder / "in" / "a.zip"), "-o", f"{folder}/out/", "--to", "json", "--jobs", "1", *more]

    return make


def _stays(folder: Path) -> bool:
    return (folder / "evil.json").read_text() == "stays" and not (folder.parent / "evil.json").exists()


ATTACKS = [
    *(Attack("archives", called, validate(name, data, "--jobs", "1"), code, says, heavy)
      for called, name, data, code, says, heavy in _FILES),
    Attack("archives", "outputs of names that lead out", _converted({"../evil.xml": GOOD_XML, "a/../../evil.xml": GOOD_XML}), 1, "refused", after=_stays),
    Attack("archives", "outputs of one name by case", _converted({"A.xml": GOOD_XML, "a.xml": GOOD_XML}), 1, "refused", after=_stays),
    Attack("archives", "outputs of one name by accents", _converted({"\u00e9.xml": GOOD_XML, "e\u0301.xml": GOOD_XML}), 1, "refused", after=_stays),
    Attack("archives", "an output that is a folder of another", _converted({"a.json": GOOD_XML, "a.json/b.xml": GOOD_XML}), 1, "refused", after=_stays),
    Attack("archives", "an encoding that makes names of bytes", _converted({"\u00e9.xml": GOOD_XML}, "--zip-encoding", "unicode_escape"), 0, "1 converted", after=_stays),
    Attack("archives", "an encoding that is none of names", _converted({"a.xml": GOOD_XML}, "--zip-encoding", "zlib"), 2, "is no encoding of names", after=_stays),
]  # fmt: skip
