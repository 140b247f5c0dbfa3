"""Archives as tools write them: names in every encoding, bytes that are not what the suffix says, a system's litter."""

from __future__ import annotations

import gzip
import struct
import zlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from convtool.batch import ProcessExecutor, run
from convtool.errors import UsageError
from convtool.places import LIMITS, RefusedError, check_encoding, forget, kind_of, listing, open_found
from tests.batch.tree import GOOD_XML
from tests.places.test_contents import CONTENT, PACK, contents, tarred, verdicts, zipped

if TYPE_CHECKING:
    from pathlib import Path

UTF8, FAT, OS2, UNIX, NTFS, VFAT = 0x800, 0, 6, 3, 10, 14


def beside(name: str, raw: bytes) -> bytes:
    """Give the extra field that has a name in UTF-8."""
    told = b"\1" + struct.pack("<L", zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(told)) + told


def written(path: Path, *members: tuple[bytes, int, int, bytes], own: tuple[bytes, int] | None = None) -> Path:
    """Write a zip by hand: of each member the bytes of its name, its flags, its maker, its extra field.

    ``own``: name and flags in the header of the first member itself, where they are others.
    """
    body = directory = b""
    for at, (raw, flags, maker, extra) in enumerate(members):
        data = b"<a/>"
        about = (0, 0, 0x21, zlib.crc32(data), len(data), len(data))
        inner, inner_flags = own if own is not None and not at else (raw, flags)
        directory += struct.pack(
            "<4s4B4HL2L5H2L", b"PK\1\2", 20, maker, 20, 0, flags, *about, len(raw), len(extra), 0, 0, 0, 0, len(body),
        ) + raw + extra  # fmt: skip
        body += struct.pack("<4s5H3L2H", b"PK\3\4", 20, inner_flags, *about, len(inner), 0) + inner + data
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(members), len(members), len(directory), len(body), 0)
    path.write_bytes(body + directory + end)
    return path


# --- names of members -----------------------------------------------------------------------------------------------

NAMES: dict[str, tuple[bytes, int, int, bytes, str]] = {
    "UTF-8, and said so": ("été.xml".encode(), UTF8, UNIX, b"", "été.xml"),
    "UTF-8, and not said": ("été.xml".encode(), 0, UNIX, b"", "été.xml"),
    "UTF-8 of another script, not said": ("請求.xml".encode(), 0, FAT, b"", "請求.xml"),
    "code page 437": ("Été.xml".encode("cp437", "replace").replace(b"?", b"\x90"), 0, FAT, b"", "Été.xml"),
    "a name in UTF-8 beside": (b"\x90t\x82.xml", 0, FAT, beside("請求.xml", b"\x90t\x82.xml"), "請求.xml"),
    "a name beside that is of another": (b"\x90t\x82.xml", 0, FAT, beside("請求.xml", b"other"), "Été.xml"),
    "a name beside that has no characters": (b"\x90t\x82.xml", 0, FAT, beside("", b"\x90t\x82.xml"), "Été.xml"),
    "folders of FAT": (b"a\\b\\c.xml", 0, FAT, b"", "a/b/c.xml"),
    "folders of OS/2": (b"a\\c.xml", 0, OS2, b"", "a/c.xml"),
    "folders of NTFS": (b"a\\c.xml", 0, NTFS, b"", "a/c.xml"),
    "folders of VFAT, in UTF-8": ("é\\c.xml".encode(), UTF8, VFAT, b"", "é/c.xml"),
    "both slashes": (b"a\\b/c.xml", 0, FAT, b"", "a/b/c.xml"),
}


@pytest.mark.parametrize("kind", NAMES)
def test_the_name_of_a_member(kind: str, tmp_path: Path) -> None:
    *member, name = NAMES[kind]
    assert contents(written(tmp_path / "z.zip", tuple(member))) == {name: b"<a/>"}  # type: ignore[arg-type]


REFUSED: dict[str, tuple[bytes, int, str]] = {
    "a backslash of Unix": (b"a\\b.xml", UNIX, "has a backslash in its name"),
    "up a folder": (b"..\\..\\a.xml", FAT, "has '..' in its name"),
    "a drive": (b"C:\\a.xml", FAT, "has a drive in its name"),
    "a server": (b"\\\\server\\share\\a.xml", NTFS, "has an absolute path for a name"),
    "the root": (b"\\a.xml", NTFS, "has an absolute path for a name"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_name_that_leads_out_is_refused_with_any_slash(kind: str, tmp_path: Path) -> None:
    raw, maker, reason = REFUSED[kind]
    (said,) = verdicts(written(tmp_path / "z.zip", (raw, 0, maker, b""))).values()
    assert said == ("refused", reason)


def test_a_folder_with_a_backslash_is_none_of_the_members(tmp_path: Path) -> None:
    path = written(tmp_path / "z.zip", (b"a\\", 0, FAT, b""), (b"a\\b.xml", 0, FAT, b""))
    assert contents(path) == {"a/b.xml": b"<a/>"}


def test_names_are_one_if_their_bytes_are(tmp_path: Path) -> None:
    raw = "été.xml".encode()
    assert contents(written(tmp_path / "z.zip", (raw, UTF8, UNIX, b""), own=(raw, 0))) == {"été.xml": b"<a/>"}
    assert contents(written(tmp_path / "z.zip", (raw, 0, UNIX, b""), own=(raw, UTF8))) == {"été.xml": b"<a/>"}
    for other in (b"\x82t\x82.xml", b"ete.xml", raw + b"x"):
        (found,) = listing(str(written(tmp_path / "z.zip", (raw, UTF8, UNIX, b""), own=(other, 0))), "", LIMITS)
        with pytest.raises(RefusedError, match="another name in the header of its own"):
            open_found(found, LIMITS)


def test_names_that_differ_by_the_slash_alone_are_one_name_twice(tmp_path: Path) -> None:
    path = written(tmp_path / "z.zip", (b"a/b.xml", 0, FAT, b""), (b"a\\b.xml", 0, FAT, b""))
    assert {said[0] for said in verdicts(path).values()} == {"refused"}


@pytest.mark.parametrize(("encoding", "raw", "name"), [
    ("cp932", b"\x90\xbf\x8b\x81.xml", "請求.xml"),
    ("cp1252", b"\xe9t\xe9.xml", "été.xml"),
    ("gb18030", "发票.xml".encode("gb18030"), "发票.xml"),
    ("koi8-r", "счёт.xml".encode("koi8-r"), "счёт.xml"),
])  # fmt: skip
def test_an_encoding_that_is_named(encoding: str, raw: bytes, name: str, tmp_path: Path) -> None:
    path = written(tmp_path / "z.zip", (raw, 0, FAT, b""), ("b-é.xml".encode(), UTF8, UNIX, b""))
    assert [found.name for found in listing(str(path), "", LIMITS, encoding=encoding)] == [name, "b-é.xml"]


@pytest.mark.parametrize("name", ["klingon", "rot13", "undefined", "hex", "\ud800"])
def test_an_encoding_that_is_none_is_said(name: str) -> None:
    with pytest.raises(UsageError, match="is no encoding of names"):
        check_encoding(name)


def test_an_encoding_with_halves_of_characters_gives_no_such_names(tmp_path: Path) -> None:
    path = written(tmp_path / "z.zip", ("+2AA-é.xml".encode("latin-1"), 0, FAT, b""), (b"+2AA-\xff", 0, FAT, b""))
    assert {found.verdict for found in listing(str(path), "", LIMITS, encoding="utf-7")} == {"refused"}


# --- bytes decide ---------------------------------------------------------------------------------------------------

TAR = tarred(CONTENT)
OLD_TAR = b"".join(  # as of Unix V7, without a mark; the sum is over the header with blanks where it stands
    [(head := b"a.xml".ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"00000000004\0" + b"0" * 11 + b"\0")
     + b"%06o\0 " % (sum(head) + 8 * 32), bytes(356), b"<a/>".ljust(512, b"\0"), bytes(1024)]
)  # fmt: skip
BYTES: dict[str, tuple[str, bytes]] = {
    **{f"{kind} named .tar": ("x.tar", pack(TAR)) for kind, pack in PACK.items()},
    **{f"{kind} named .tar.gz": ("x.tar.gz", pack(TAR)) for kind, pack in PACK.items()},
    **{f"a tar in {kind} named .zip": ("x.zip", pack(TAR)) for kind, pack in PACK.items()},
    "a tar named .tar.gz": ("x.tar.gz", TAR),
    "a tar named .tbz2": ("x.tbz2", TAR),
    "a tar named .zip": ("x.zip", TAR),
    "a zip named .tar": ("x.tar", zipped(CONTENT)),
    "a zip named .tar.xz": ("x.tar.xz", zipped(CONTENT)),
    "a zip named .tgz": ("x.tgz", zipped(CONTENT)),
}


@pytest.mark.parametrize("kind", BYTES)
def test_an_archive_is_what_its_bytes_are(kind: str, tmp_path: Path) -> None:
    name, data = BYTES[kind]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    assert contents(tmp_path / "in" / name) == CONTENT
    assert contents(tmp_path / "in") == {f"{name}/{member}": content for member, content in CONTENT.items()}


@pytest.mark.parametrize("packing", PACK)
def test_an_archive_that_is_named_needs_no_suffix(packing: str, tmp_path: Path) -> None:
    for name in ("backup", f"backup.{packing}"):
        (tmp_path / name).write_bytes(PACK[packing](TAR))
        assert kind_of(str(tmp_path / name)) == ("tar", packing)
        assert contents(tmp_path / name) == CONTENT


FILES: dict[str, tuple[str, bytes]] = {
    "XML named .tar": ("x.tar", GOOD_XML),
    "XML named .zip": ("x.zip", GOOD_XML),
    "XML named .tar.gz": ("x.tar.gz", GOOD_XML),
    "UTF-16 named .tar": ("x.tar", GOOD_XML.decode().encode("utf-16")),
    **{f"{kind} of XML named .tar.gz": ("x.tar.gz", pack(GOOD_XML)) for kind, pack in PACK.items()},
    **{f"{kind} of XML named .zip": ("x.zip", pack(GOOD_XML)) for kind, pack in PACK.items()},
    **{f"{kind} named as another": ("x.xml.gz", pack(GOOD_XML)) for kind, pack in PACK.items()},
    "nothing named .gz": ("x.xml.gz", GOOD_XML),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_payload_is_what_its_bytes_are(kind: str, tmp_path: Path) -> None:
    name, data = FILES[kind]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    for source in (tmp_path / "in" / name, tmp_path / "in"):
        with run([source]) as going:
            assert [one.status for one in going] == ["valid"]


@pytest.mark.parametrize(("name", "data"), [
    ("x.tar", TAR[:1500]), ("x.tar.gz", gzip.compress(TAR)[:-9]), ("x.zip", zipped(CONTENT)[:-30]),
    ("x.zip", b"\0" * 99), ("x.tar", b"\x89PNG" * 999), ("x.tgz", b"no archive"),
])  # fmt: skip
def test_an_archive_that_is_broken_is_not_passed_over(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    for source in (tmp_path / "in" / name, tmp_path / "in"):
        with run([source]) as going:
            assert [one.status for one in going][-1] == "failed"


def test_a_tar_without_a_mark_and_a_zip_behind_a_program(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(OLD_TAR)
    (tmp_path / "x.zip").write_bytes(b"#!/bin/sh\n" * 50 + zipped(CONTENT))
    (tmp_path / "x.tar.gz").write_bytes(gzip.compress(OLD_TAR))
    assert contents(tmp_path / "x.tar") == contents(tmp_path / "x.tar.gz") == {"a.xml": b"<a/>"}
    assert set(contents(tmp_path / "x.zip")) == set(CONTENT)


# --- litter ---------------------------------------------------------------------------------------------------------

LITTER = [
    ".DS_Store", "deep/.DS_Store", "__MACOSX/._a.xml", "._a.xml", "Thumbs.db", "deep/ehthumbs.db", "desktop.ini",
    "Desktop.ini", ".directory", "@eaDir/a.xml/SYNOFILE_THUMB_M.jpg", "$RECYCLE.BIN/a.xml", ".Spotlight-V100/store.db",
    "System Volume Information/a.xml", ".Trashes/a.xml", ".fseventsd/no_log", "Icon\r", ".Trash-1000/a.xml",
]  # fmt: skip
KEPT = ["a.xml", "deep/a.xml", "DS_Store.xml", "desktop.ini.xml", "other/Thumbs.db/a.xml", "_MACOSX/a.xml"]


@pytest.mark.parametrize("way", ["folder", "zip", "tar"])
def test_what_a_system_leaves_is_passed_over(way: str, tmp_path: Path) -> None:
    members = dict.fromkeys(LITTER, b"\0\5\26\7\0\2") | dict.fromkeys(KEPT, GOOD_XML)
    if way == "folder":
        for name, data in members.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    else:
        (tmp_path / "in").write_bytes((zipped if way == "zip" else tarred)(members))
    with run([tmp_path / "in"]) as going:
        found = list(going)
        assert going.plan.litter == len(LITTER)
    assert [one.status for one in found] == ["valid"] * len(KEPT)
    assert {one.name.removeprefix(f"{tmp_path}/in/") for one in found} == set(KEPT)


def test_what_somebody_has_named_is_no_litter(tmp_path: Path) -> None:
    (tmp_path / "._a.xml").write_bytes(GOOD_XML)
    with run([tmp_path / "._a.xml"]) as going:
        assert [one.status for one in going] == ["valid"]


# --- a store --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.short(4)
def test_a_compressed_tar_in_a_store_is_fetched_once(
    memory: Any,
    packing: str,
    workers: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("convtool.batch.tasks._CARRIED", 100)  # so that members are too large to travel
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    members = {f"{number}.xml": GOOD_XML for number in range(60)}
    memory.pipe_file("/in/all.tar." + packing, PACK[packing](tarred(members)))
    opened: list[str] = []
    before = type(memory)._open
    monkeypatch.setattr(
        type(memory),
        "_open",
        lambda self, path, *more, **options: (opened.append(path), before(self, path, *more, **options))[1],
    )
    if workers:  # which see nothing of what is in this process's memory but by the copy
        executor = ProcessExecutor(workers)
        monkeypatch.setattr("convtool.batch.tasks.is_local_memory", lambda path: False)
    with run(["memory://in"], executor=executor if workers else None) as going:
        assert [one.status for one in going] == ["valid"] * len(members)
    assert opened == [f"/in/all.tar.{packing}"]
    assert not list(tmp_path.glob("convtool-*"))


def test_a_copy_that_is_gone_is_done_without(memory: Any) -> None:
    memory.pipe_file("/in/all.tar.gz", gzip.compress(tarred({"a.xml": GOOD_XML})))
    (found,) = listing("memory://in", "", LIMITS)
    assert found.near
    forget()
    with open_found(found, LIMITS) as raw:
        assert raw.read() == GOOD_XML


def test_a_copy_for_which_there_is_no_room_is_not_made(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.pipe_file("/in/all.tar.gz", gzip.compress(tarred({"a.xml": GOOD_XML})))
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=10))
    (found,) = listing("memory://in", "", LIMITS)
    assert not found.near
    with open_found(found, LIMITS) as raw:
        assert raw.readall() == GOOD_XML
