"""The table of compressions: every row tells, undoes and makes what it says."""

import bz2
import gzip
import io
import lzma
import sys
import zlib
from typing import Any

import pytest

from convtool.errors import UsageError
from convtool.places.kinds import kinds_of
from convtool.places.packings import PACKINGS, magic_of, packer

zstd = pytest.importorskip("backports.zstd", reason="backports.zstd is not installed (extra zst)")
brotli = pytest.importorskip("brotli", reason="brotli is not installed (extra brotli)")
DATA = b"".join(b"<record>%d</record>" % number for number in range(20_000))
MAKERS: dict[str, Any] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
    "deflate": lambda data: zlib.compress(data, wbits=-15),
    "zlib": zlib.compress,
    "br": brotli.compress,
}


def undone(kind: str, data: bytes, size: int, step: int) -> bytes:
    """Undo one stream, fed ``step`` bytes at a time, ``size`` of its output at most at a time."""
    stream = PACKINGS[kind].decompressor()
    whole = b""
    at = 0
    while not stream.eof:
        fresh = b""
        if stream.needs_input:
            fresh, at = data[at : at + step], at + step
            assert fresh, "it wants more than there is"
        part = stream.decompress(fresh, size)
        assert len(part) <= size
        whole += part
    return whole


def test_every_row_is_tried() -> None:
    assert MAKERS.keys() == PACKINGS.keys()


@pytest.mark.parametrize("kind", PACKINGS)
@pytest.mark.parametrize(("size", "step"), [(1 << 16, 1 << 30), (1000, 7), (1 << 20, 1)])
@pytest.mark.short(6)
def test_a_stream_comes_out_in_pieces_of_the_size_that_is_asked_for(kind: str, size: int, step: int) -> None:
    assert undone(kind, MAKERS[kind](DATA), size, step) == DATA


@pytest.mark.parametrize("kind", [kind for kind in PACKINGS if kind != "br"])
def test_what_follows_a_stream_is_kept(kind: str) -> None:
    stream = PACKINGS[kind].decompressor()
    assert stream.decompress(MAKERS[kind](b"abc") + b"behind", 100) == b"abc"
    assert stream.eof
    assert stream.unused_data == b"behind"


@pytest.mark.parametrize("kind", PACKINGS)
def test_broken_data_are_an_error_that_the_row_knows(kind: str) -> None:
    row = PACKINGS[kind]
    known = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, *([row.error()] if row.error else []))
    broken = bytearray(MAKERS[kind](DATA))
    broken[: len(row.magic) + 8] = row.magic + b"\xff" * 8
    with pytest.raises(known):
        undone(kind, bytes(broken), 1 << 16, 1 << 30)


@pytest.mark.parametrize("kind", [kind for kind, row in PACKINGS.items() if row.magic])
def test_a_row_is_known_by_its_magic_and_its_suffixes(kind: str) -> None:
    row = PACKINGS[kind]
    assert magic_of(MAKERS[kind](DATA)) == kind
    assert kinds_of(f"a.xml{row.suffix}") == ("file", kind)
    assert {kinds_of(f"a{suffix}") for suffix in (*row.tar, f".tar{row.suffix}")} == {("tar", kind)}


def test_what_is_none() -> None:
    assert magic_of(b"") == magic_of(b"<a/>") == magic_of(MAKERS["zlib"](DATA)) == ""


@pytest.mark.parametrize("kind", [kind for kind, row in PACKINGS.items() if row.packed])
def test_what_is_written_is_read_and_the_same_each_time(kind: str) -> None:
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        with packer(kind)(file) as packed:
            packed.write(DATA)
    assert files[0].getvalue() == files[1].getvalue()
    assert undone(kind, files[0].getvalue(), 1 << 16, 1 << 30) == DATA


def test_what_cannot_be_written_since_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "compression", None)
    monkeypatch.setitem(sys.modules, "backports.zstd", None)
    with pytest.raises(
        UsageError,
        match=r"^nothing is installed that compresses with Zstandard; pip install \'convtool-datacontract\[zst\]\'$",
    ):
        packer("zst")
