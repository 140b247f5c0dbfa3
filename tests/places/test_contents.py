"""What sources hold: every kind, every name and every trick; listed with reasons, opened as streams."""

import bz2
import contextlib
import gzip
import io
import lzma
import os
import socket
import stat
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from convtool.errors import SourceError
from convtool.places import LIMITS, Cursor, Found, Limits, RefusedError, is_container, kind_of, listing, open_found

zstd = pytest.importorskip("backports.zstd")
CONTENT = {"a.xml": b"<a/>", "deep/er/b.xml": b"<b/>" * 1000, "c.json": b"[]", "empty": b""}
PACK = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd.compress}


def tarred(content: dict[str, bytes], fmt: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=fmt) as tar:
        for name, data in content.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zipped(content: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def listed(path: Path, name: str = "", limits: Limits = LIMITS) -> list[Found]:
    return list(listing(str(path), name, limits))


def content(found: Found, limits: Limits = LIMITS) -> bytes:
    with open_found(found, limits) as stream:
        return stream.read() or b""


def contents(path: Path, limits: Limits = LIMITS) -> dict[str, bytes]:
    return {found.name: content(found, limits) for found in listed(path, limits=limits) if not found.verdict}


def verdicts(path: Path, limits: Limits = LIMITS) -> dict[str, tuple[str, str]]:
    return {found.name: (found.verdict, found.reason) for found in listed(path, limits=limits)}


# --- kinds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("packing", ["", "gz", "bz2", "xz", "zst"])
def test_tars(tmp_path: Path, fmt: int, packing: str) -> None:
    long = {**CONTENT, "/".join(["répertoire"] * 20) + "/x.xml": b"<x/>"} if fmt != tarfile.USTAR_FORMAT else CONTENT
    data = tarred(long, fmt)
    path = tmp_path / ("t.tar" + (f".{packing}" if packing else ""))
    path.write_bytes(PACK[packing](data) if packing else data)
    assert contents(path) == long
    if packing:
        cursor = Cursor(LIMITS)
        assert {found.name: cursor.read(found) for found in listed(path)} == long
        cursor.close()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_zips(tmp_path: Path, method: int) -> None:
    path = tmp_path / "z.zip"
    path.write_bytes(zipped(CONTENT, method))
    assert contents(path) == CONTENT


def test_a_zip_written_to_a_pipe_has_its_sizes_behind_the_members(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        seek = tell  # type: ignore[assignment]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"<a/>" * 50)
    (tmp_path / "z.zip").write_bytes(pipe.getvalue())
    assert contents(tmp_path / "z.zip") == {"a.xml": b"<a/>" * 50}


@pytest.mark.parametrize("packing", PACK)
def test_single_compressed_files(tmp_path: Path, packing: str) -> None:
    path = tmp_path / f"a.xml.{packing}"
    path.write_bytes(PACK[packing](b"<a/>") + PACK[packing](b"<!-- second -->"))
    assert contents(path) == {f"a.xml.{packing}": b"<a/><!-- second -->"}
    unnamed = path.rename(tmp_path / "unnamed")
    assert kind_of(str(unnamed)) == ("file", packing)
    assert contents(unnamed) == {"unnamed": b"<a/><!-- second -->"}


def test_members_may_be_compressed_files(tmp_path: Path) -> None:
    (tmp_path / "t.tar").write_bytes(tarred({"a.xml.gz": gzip.compress(b"<a/>")}))
    (tmp_path / "z.zip").write_bytes(zipped({"a.xml.xz": lzma.compress(b"<a/>")}))
    assert contents(tmp_path / "t.tar") == {"a.xml.gz": b"<a/>"}
    assert contents(tmp_path / "z.zip") == {"a.xml.xz": b"<a/>"}


def test_archives_without_a_suffix_are_known_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(tarred(CONTENT))
    (tmp_path / "z").write_bytes(zipped(CONTENT))
    (tmp_path / "f").write_bytes(b"<a/>")
    assert [is_container(str(tmp_path / name)) for name in "tzf"] == [True, True, False]
    assert contents(tmp_path / "t") == contents(tmp_path / "z") == CONTENT


def test_a_folder_is_in_the_order_of_names_and_holds_archives(tmp_path: Path) -> None:
    for name in ("b.xml", "a/z.xml", "a.xml", "a/b/c.xml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "m.zip").write_bytes(zipped({"x.xml": b"<x/>"}))
    (tmp_path / ".convtool-1234.tmp").touch()
    names = [found.name for found in listed(tmp_path)]
    assert names == ["a.xml", "b.xml", "m.zip/x.xml", "a/z.xml", "a/b/c.xml"]
    assert [found.name for found in listed(tmp_path, "top")] == [f"top/{name}" for name in names]


# --- folders with traps ---------------------------------------------------------------------------------------------


def test_nothing_in_a_folder_hangs_or_goes_round(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.xml").symlink_to("self.xml")
    (tmp_path / "gone.xml").symlink_to("nowhere.xml")
    (tmp_path / "real.xml").write_bytes(b"<r/>")
    (tmp_path / "link.xml").symlink_to("real.xml")
    (tmp_path / "zero").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as unix:
        os.chdir(tmp_path)  # the name of a socket may have 108 bytes
        unix.bind("sock")
    assert verdicts(tmp_path) == {
        "gone.xml": ("failed", "No such file or directory"),
        "link.xml": ("", ""),
        "loop": ("skipped", "is a link to a folder, which is not followed"),
        "pipe.xml": ("skipped", "is a pipe, not a file"),
        "real.xml": ("", ""),
        "self.xml": ("failed", "Too many levels of symbolic links"),
        "sock": ("skipped", "is a socket, not a file"),
        "zero": ("skipped", "is a device, not a file"),
    }


def test_a_pipe_in_the_place_of_a_file_is_an_error_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    (found,) = listed(tmp_path)
    (tmp_path / "a.xml").unlink()
    os.mkfifo(tmp_path / "a.xml")
    with pytest.raises(SourceError, match="is a pipe, not a file"):
        content(found)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_listed(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    assert verdicts(tmp_path) == {"shut": ("failed", "the folder cannot be read: Permission denied")}


def test_a_file_that_changed_since_it_was_found(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a/>")
    os.utime(path, (1, 1))
    (found,) = listed(tmp_path)
    path.write_bytes(b"<b/>")
    with pytest.raises(SourceError, match="has changed since the run began"):
        content(found)


def test_a_clock_that_is_put_back_makes_no_file_a_changed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a/>")
    os.utime(path, (1, 1))
    (found,) = listed(tmp_path)
    monkeypatch.setattr("time.time", lambda: 2.0)  # from here on the file's time proves nothing
    assert content(found) == b"<a/>"
    path.write_bytes(b"<longer/>")
    with pytest.raises(SourceError, match="has changed since the run began"):
        content(found)


# --- names ----------------------------------------------------------------------------------------------------------

NAMES = {
    "../evil.xml": "has '..' in its name",
    "a/../../evil.xml": "has '..' in its name",
    "/etc/evil.xml": "has an absolute path for a name",
    "C:evil.xml": "has a drive in its name",
    "a\\b.xml": "has a backslash in its name",
    "a\nb.xml": "has control characters in its name",
    "a\x7f.xml": "has control characters in its name",
    "n" * 256: "has a name of more than 255 bytes",
    "n/" * 3000 + "n": "has a name of more than 4096 bytes",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pack", [tarred, zipped])
def test_names_that_are_refused(tmp_path: Path, name: str, pack: object) -> None:
    path = tmp_path / ("x.zip" if pack is zipped else "x.tar")
    path.write_bytes(pack({name: b"<a/>", "good.xml": b"<g/>"}))  # type: ignore[operator]
    found = verdicts(path)
    assert found.pop("good.xml") == ("", "")
    assert list(found.values()) == [("refused", NAMES[name])]


@pytest.mark.parametrize("pack", [tarred, zipped])
def test_names_that_are_taken(tmp_path: Path, pack: object) -> None:
    path = tmp_path / ("x.zip" if pack is zipped else "x.tar")
    path.write_bytes(pack({"./a.xml": b"1", "b//c.xml": b"2", "d/./e.xml": b"3", "…é\u202e.xml": b"4", "CON": b"5"}))  # type: ignore[operator]
    assert contents(path) == {"a.xml": b"1", "b/c.xml": b"2", "d/e.xml": b"3", "…é\u202e.xml": b"4", "CON": b"5"}


def test_a_name_that_is_no_text_is_taken(tmp_path: Path) -> None:
    (tmp_path / "t.tar").write_bytes(tarred({"caf\udce9.xml": b"1"}, tarfile.GNU_FORMAT))
    assert contents(tmp_path / "t.tar") == {"caf\udce9.xml": b"1"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused_twice(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for name in ("a.xml", "./a.xml", "b.xml"):
            archive.writestr(name, name)
    reason = "has a name that the archive has twice: which one is meant, nobody can know"
    assert [found.reason for found in listed(tmp_path / "z.zip")] == [reason, reason, ""]


# --- members that are no regular files ------------------------------------------------------------------------------


def test_only_regular_members_of_a_tar_are_read(tmp_path: Path) -> None:
    kinds = {"hard": tarfile.LNKTYPE, "sym": tarfile.SYMTYPE, "chr": tarfile.CHRTYPE, "blk": tarfile.BLKTYPE,
             "fifo": tarfile.FIFOTYPE, "sparse": tarfile.GNUTYPE_SPARSE, "odd": b"Z"}  # fmt: skip
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for name, kind in kinds.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)
    (tmp_path / "t.tar").write_bytes(buffer.getvalue())
    assert verdicts(tmp_path / "t.tar") == {
        "hard": ("refused", "is a hard link"),
        "sym": ("refused", "is a symbolic link"),
        "chr": ("refused", "is a device"),
        "blk": ("refused", "is a device"),
        "fifo": ("refused", "is a pipe"),
        "sparse": ("refused", "is a sparse file"),
        "odd": ("refused", "is of a type that is not read (b'Z')"),
    }


def test_links_encrypted_and_strangely_compressed_members_of_a_zip(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.xml")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("lzma.xml", b"<a/>", zipfile.ZIP_LZMA)
        archive.writestr("secret.xml", b"<a/>")
        archive.mkdir("folder")
    data = bytearray((tmp_path / "z.zip").read_bytes())
    data[data.rindex(b"secret.xml") - 46 + 8] |= 1  # the flag in the directory
    (tmp_path / "z.zip").write_bytes(data)
    assert verdicts(tmp_path / "z.zip") == {
        "link.xml": ("refused", "is a link or a special file, not a regular one"),
        "lzma.xml": ("refused", "is compressed by a method that is not read (number 14)"),
        "secret.xml": ("refused", "is encrypted"),
    }


@pytest.mark.parametrize("name", ["in.zip", "in.tar", "in.tar.gz", "in.tgz", "in.7z", "in.rar"])
def test_an_archive_within_an_archive_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "t.tar").write_bytes(tarred({name: zipped(CONTENT)}))
    assert verdicts(tmp_path / "t.tar") == {name: ("refused", "is an archive within an archive")}


# --- bombs and limits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz", "zst"])
@pytest.mark.short(2)
def test_a_bomb_is_refused_soon(tmp_path: Path, packing: str) -> None:
    path = tmp_path / f"b.xml.{packing}"
    path.write_bytes(PACK[packing](bytes(60 << 20)))
    (found,) = listed(path)
    with open_found(found, LIMITS) as stream, pytest.raises(RefusedError, match="the limit of 300 times"):  # noqa: PT012
        for _ in range(400):  # 25 MB at most; each has shrunk to some kilobytes
            stream.read(1 << 16)


def test_a_zip_that_says_it_is_a_bomb_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(zipped({"b.xml": bytes(20 << 20)}))
    assert "the limit of 300 times" in verdicts(tmp_path / "z.zip")["b.xml"][1]


def test_a_zip_that_lies_about_its_size_is_found_out(tmp_path: Path) -> None:
    data = zipped({"b.xml": bytes(1000)})
    (tmp_path / "z.zip").write_bytes(data.replace((1000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    (found,) = listed(tmp_path / "z.zip")
    with pytest.raises(SourceError, match="the content is not what the zip says of it"):
        content(found)


def test_limits_of_members_and_sizes(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(zipped({"a": bytes(5), "b": bytes(50), "c": bytes(6)}))
    reasons = [found.reason for found in listed(tmp_path / "z.zip", limits=Limits(member_size=10))]
    assert reasons == ["", "the member unpacks to more than 10 bytes, the limit for one member", ""]
    reasons = [found.reason for found in listed(tmp_path / "z.zip", limits=Limits(total_size=60))]
    assert reasons == ["", "", "is beyond 60 bytes, the limit for all members of one archive"]
    last = listed(tmp_path / "z.zip", limits=Limits(members=2))[-1]
    assert (last.verdict, last.reason) == ("refused", "the archive: has more than 2 members, the limit for one archive")
    (tmp_path / "a.gz").write_bytes(gzip.compress(bytes(50)))
    (found,) = listed(tmp_path / "a.gz")
    with pytest.raises(RefusedError, match="unpacks to more than 10 bytes"):
        content(found, Limits(member_size=10))


def test_members_of_a_zip_that_overlap_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"<a/>" * 100)
        archive.writestr("b.xml", b"<a/>" * 100)
        archive.infolist()[1].header_offset = 0
    assert {reason for _, reason in verdicts(tmp_path / "z.zip").values()} == {"overlaps another member"}


def test_a_member_with_two_names_is_refused(tmp_path: Path) -> None:
    data = zipped({"a.xml": b"<a/>"})
    (tmp_path / "z.zip").write_bytes(data.replace(b"a.xml", b"b.xml", 1))
    (found,) = listed(tmp_path / "z.zip")
    with pytest.raises(RefusedError, match="has another name in the header of its own"):
        content(found)


# --- broken ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz", "zst"])
@pytest.mark.parametrize("cut", [1, 4, 9])
def test_a_cut_compressed_file_is_never_taken_for_whole(tmp_path: Path, packing: str, cut: int) -> None:
    path = tmp_path / f"a.xml.{packing}"
    path.write_bytes(PACK[packing](b"<a>" + os.urandom(200_000).hex().encode())[:-cut])
    (found,) = listed(path)
    with pytest.raises(SourceError, match="the compressed data are broken"):
        content(found)


@pytest.mark.parametrize("packing", PACK)
def test_something_behind_compressed_data_is_an_error(tmp_path: Path, packing: str) -> None:
    path = tmp_path / f"a.xml.{packing}"
    path.write_bytes(PACK[packing](b"<a/>") + b"junk after")
    (found,) = listed(path)
    with pytest.raises(SourceError, match="something else follows"):
        content(found)
    path.write_bytes(PACK[packing](b"<a/>") + bytes(512))
    assert content(listed(path)[0]) == b"<a/>"


@pytest.mark.parametrize("packing", ["", "gz", "zst"])
def test_a_cut_tar_gives_what_is_whole_and_a_word(tmp_path: Path, packing: str) -> None:
    data = tarred({f"{number}.xml": os.urandom(3000) for number in range(9)})[:15_000]
    path = tmp_path / ("t.tar" + (f".{packing}" if packing else ""))
    path.write_bytes(PACK[packing](data) if packing else data)
    found = listed(path)
    assert [one.name for one in found[:-1]] == ["0.xml", "1.xml", "2.xml", "3.xml"]
    assert (found[-1].verdict, found[-1].reason) == ("failed", "the archive: ends too early")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"x" * 1024, "is not a tar, or is broken"),
        (tarred({"a": b"1"}) + b"more", "something follows the end of the tar"),
        (tarred({"a": b"1"}) + tarred({"b": b"1"}), "something follows the end of the tar"),
    ],
)
def test_a_broken_tar(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "t.tar").write_bytes(data)
    last = listed(tmp_path / "t.tar")[-1]
    assert last.verdict == "failed"
    assert says in last.reason


def test_no_byte_of_a_tar_s_header_makes_it_hang_or_raise(tmp_path: Path) -> None:
    good = tarred({"a/b.xml": b"1" * 600, "c.xml": b"2"}, tarfile.PAX_FORMAT)
    path = tmp_path / "t.tar"
    for at in range(512):
        for value in (0, 0x80, 0xFF, 0x37):
            data = bytearray(good)
            data[at] = value
            data[148:156] = b" " * 8
            data[148:156] = b"%06o\0 " % sum(data[:512])
            path.write_bytes(data)
            for found in listed(path):
                if not found.verdict:
                    with contextlib.suppress(SourceError):
                        content(found)


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"PK\5\6" + bytes(18), zipped(CONTENT)[:-30], zipped(CONTENT)[40:]])
def test_a_broken_zip(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "z.zip").write_bytes(data)
    found = listed(tmp_path / "z.zip")
    assert all(one.verdict or content_or_error(one) for one in found)


def content_or_error(found: Found) -> bool:
    try:
        content(found)
    except SourceError:
        return True
    return True


def test_a_thousand_pax_headers_in_a_row_are_read_without_recursion(tmp_path: Path) -> None:
    record = b"13 comment=x\n"
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, len(record)
    block = header.tobuf(tarfile.USTAR_FORMAT) + record.ljust(512, b"\0")
    (tmp_path / "t.tar").write_bytes(block * 5000 + tarred({"a.xml": b"<a/>"}, tarfile.USTAR_FORMAT))
    assert contents(tmp_path / "t.tar") == {"a.xml": b"<a/>"}


def test_a_header_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 1 << 33
    (tmp_path / "t.tar").write_bytes(header.tobuf(tarfile.GNU_FORMAT) + bytes(10_000))
    assert "an extended header of 8589934592 bytes" in verdicts(tmp_path / "t.tar")["t.tar"][1]


def test_zstandard_that_is_not_installed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xml.zst"
    path.write_bytes(zstd.compress(b"<a/>"))
    monkeypatch.setitem(__import__("sys").modules, "backports.zstd", None)
    with pytest.raises(RefusedError, match=r"pip install .*\[zst\]"):
        content(listed(path)[0])


def test_listing_is_the_same_in_threads(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(zipped(CONTENT))
    seen: list[dict[str, bytes]] = []
    threads = [threading.Thread(target=lambda: seen.append(contents(tmp_path / "z.zip"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [CONTENT] * 4
