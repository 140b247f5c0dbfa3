"""Makes trees as archives have them: files in every form, a part of them broken in every way; and says what is what."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.data import _HEAD, _TAIL
from benchmarks.records import CONTENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAMESPACE = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def _zst(data: bytes) -> bytes:
    from backports import zstd

    return bytes(zstd.compress(data))


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": _zst,
}


def documents(seed: str, size: int = 1500) -> Iterator[tuple[str, bytes]]:
    """Yield payloads without end, with their suffixes: lists of records in XML and JSON, and single ones."""
    rng = Random(seed)
    records = CONTENTS["typical"](rng)
    for number in cycle(range(10)):
        if number == 7:
            yield "xml", _param(rng.randrange(2**31))
            continue
        chosen = []
        while sum(len(record.xml) for record in chosen) < size:
            chosen.append(next(records))
        if number in (3, 8):
            yield "json", f"[{','.join(record.json for record in chosen)}]".encode()
        else:
            yield "xml", f"{_HEAD.xml}{''.join(record.xml for record in chosen)}{_TAIL.xml}".encode()


def _param(number: int) -> bytes:
    members = f"<Debut>2026-03-22T00:33:32</Debut><Fin>2026-03-23T00:00:00Z</Fin><ProduitId>{number}</ProduitId>"
    return f'<ParamModel xmlns:i="{XSI}" xmlns="{NAMESPACE}">{members}</ParamModel>'.encode()


# --- payloads that are none, or bad ---------------------------------------------------------------------------------

GOOD_XML = _param(7)
BROKEN: dict[str, tuple[str, bytes, str]] = {  # name: (suffix, content, status)
    "cut": ("xml", GOOD_XML[:-30], "invalid"),
    "cut-json": ("json", b'[{"ProduitId": 1, "NomProdui', "invalid"),
    "range": ("xml", GOOD_XML.replace(b">7<", b">2147483648<"), "invalid"),
    "unknown": ("xml", GOOD_XML.replace(b"<Fin>", b"<Autre>1</Autre><Fin>"), "invalid"),
    "order": ("xml", GOOD_XML.replace(b"<Debut>2026-03-22T00:33:32</Debut>", b"").replace(
        b"</Fin>", b"</Fin><Debut>2026-03-22T00:33:32</Debut>"), "invalid"),
    "nil": ("xml", GOOD_XML.replace(b"<Fin>", b'<Fin i:nil="true">'), "invalid"),
    "date": ("xml", GOOD_XML.replace(b"2026-03-23", b"2026-13-23"), "invalid"),
    "doctype": ("xml", b'<!DOCTYPE r [<!ENTITY e "x">]>' + GOOD_XML, "invalid"),
    "latin1": ("xml", GOOD_XML.replace(b"<Fin>", "<Été>".encode("latin-1")), "invalid"),
    "deep": ("json", b"[" * 5000, "invalid"),
    "empty": ("xml", b"", "invalid"),
    "blank": ("xml", b" \n", "invalid"),
    "ambiguous": ("json", b"null", "invalid"),
    "html": ("xml", b"<html><body>502 Bad Gateway</body></html>", "invalid"),
    "other-root": ("xml", b"<Autre/>", "invalid"),
    "other-shape": ("json", b'{"Nom": 1}', "invalid"),
    "text": ("txt", b"see the other folder", "skipped"),
    "image": ("jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)), "skipped"),
    "capture": ("har", b'{"log": {"version": "1.2", "entries": []}}', "skipped"),
    "zip-in-disguise": ("xml", b"PK\3\4" + bytes(200), "invalid"),
}  # fmt: skip


@dataclass
class Tree:
    """What a tree holds: for each file its status, and for the good ones the content before it was packed."""

    root: Path
    status: dict[str, str] = field(default_factory=dict)
    content: dict[str, bytes] = field(default_factory=dict)
    bad: int = 0

    def good(self, name: str, data: bytes) -> None:
        self.status[name] = "converted"
        self.content[name] = data

    def broken(self, name: str, status: str) -> None:
        self.status[name] = status
        self.bad += 1


def make_tree(root: Path, files: int, bad: int, seed: str = "tree", size: int = 1500) -> Tree:
    """Make a tree of about so many files, of which so many are broken (at least one in each way)."""
    tree = Tree(root)
    root.mkdir(parents=True)
    payloads = documents(seed, size)
    kinds = cycle(BROKEN.items())
    traps = _traps(tree)
    spread = max(0, bad - traps)
    share = files // 10
    _folder(tree, share * 4, payloads, kinds, spread // 2)
    _single(tree, share, payloads)
    for number, (name, pack) in enumerate(_ARCHIVES.items()):
        members: dict[str, bytes] = {}
        for index, (suffix, data) in enumerate(islice(payloads, share * 5 // len(_ARCHIVES))):
            members[f"{index // 50:02}/{index:05}.{suffix}"] = data
        for _ in range(spread // 2 // len(_ARCHIVES) + (number < spread // 2 % len(_ARCHIVES))):
            kind, (suffix, data, status) = next(kinds)
            members[f"bad/{len(members)}-{kind}.{suffix}"] = data
            tree.broken(f"{name}/bad/{len(members) - 1}-{kind}.{suffix}", status)
        (root / name).write_bytes(pack(members))
        for member, data in members.items():
            if f"{name}/{member}" not in tree.status:
                tree.good(f"{name}/{member}", data)
    return tree


def _folder(tree: Tree, count: int, payloads: Iterator[tuple[str, bytes]], kinds: Iterator[Any], bad: int) -> None:
    for index, (suffix, data) in enumerate(islice(payloads, count)):
        name = f"plain/{index // 100:03}/{index:05}.{suffix}"
        _write(tree.root / name, data)
        tree.good(name, data)
    for index in range(bad):
        kind, (suffix, data, status) = next(kinds)
        name = f"plain/{index % 7:03}/bad-{index}-{kind}.{suffix}"
        _write(tree.root / name, data)
        tree.broken(name, status)


def _single(tree: Tree, count: int, payloads: Iterator[tuple[str, bytes]]) -> None:
    for (index, (suffix, data)), packing in zip(enumerate(islice(payloads, count)), cycle(PACK), strict=False):
        name = f"single/{index:05}.{suffix}.{packing}"
        _write(tree.root / name, PACK[packing](data))
        tree.good(name, data)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


# --- archives -------------------------------------------------------------------------------------------------------


def tarred(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


_ARCHIVES: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "2020.zip": zipped,
    "2021.tar": tarred,
    "2022.tar.gz": lambda members: PACK["gz"](tarred(members)),
    "2023.tbz2": lambda members: PACK["bz2"](tarred(members)),
    "2024.tar.xz": lambda members: PACK["xz"](tarred(members)),
    "2025.tar.zst": lambda members: PACK["zst"](tarred(members)),
}


def _traps(tree: Tree) -> int:
    """Make what is broken by itself rather than by its content; give how many that is."""
    folder = tree.root / "traps"
    folder.mkdir()
    os.mkfifo(folder / "pipe.xml")
    tree.broken("traps/pipe.xml", "skipped")
    (folder / "loop").symlink_to(tree.root)
    tree.broken("traps/loop", "skipped")
    (folder / "device.xml").symlink_to("/dev/zero")
    tree.broken("traps/device.xml", "skipped")
    for name, to in (("gone.xml", "nowhere.xml"), ("circle.xml", "circle.xml")):
        (folder / name).symlink_to(to)
        tree.broken(f"traps/{name}", "failed")
    _cut_tar(tree, folder / "cut.tar.gz")
    packed = PACK["gz"](GOOD_XML)
    for name, data, status in (
        ("cut.xml.gz", packed[:-4], "failed"),
        ("flipped.xml.bz2", PACK["bz2"](GOOD_XML).replace(b"1AY&SY", b"1AX&SY"), "failed"),
        ("behind.xml.xz", PACK["xz"](GOOD_XML) + b"more", "failed"),
        ("bomb.xml.gz", gzip.compress(GOOD_XML[:-13] + b"x" * (30 << 20), 9, mtime=0), "refused"),
        ("cut.zip", zipped({"a.xml": GOOD_XML})[:-20], "failed"),
        ("no.tar", b"x" * 2000, "failed"),
        ("other.7z", b"7z\xbc\xaf\x27\x1c", "refused"),
    ):
        (folder / name).write_bytes(data)
        tree.broken(f"traps/{name}", status)
    _trapped_zip(tree, folder / "trapped.zip")
    _trapped_tar(tree, folder / "trapped.tar")
    return tree.bad


def _cut_tar(tree: Tree, path: Path) -> None:
    """A tar that ends in its third member: the two before it are whole, the rest is the archive's loss."""
    members = {f"{number}.xml": GOOD_XML.replace(b">7<", b">%d<" % number) for number in range(4)}
    path.write_bytes(gzip.compress(tarred(members)[: 2 * 1024 + 700], mtime=0))
    for name in ("0.xml", "1.xml"):
        tree.good(f"traps/{path.name}/{name}", members[name])
    tree.broken(f"traps/{path.name}", "failed")


def _trapped_zip(tree: Tree, path: Path) -> None:
    link = zipfile.ZipInfo("link.xml")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        for name in ("../up.xml", "/abs.xml", "C:drive.xml", "back\\slash.xml", "line\nfeed.xml"):
            archive.writestr(name, GOOD_XML)
        archive.writestr("nested.zip", zipped({"a.xml": GOOD_XML}))
        archive.writestr("crc.xml", GOOD_XML.replace(b">7<", b">8<"))
        archive.writestr("secret.xml", GOOD_XML)
        archive.writestr("good.xml", GOOD_XML)
    data = bytearray(path.read_bytes())
    at = data.index(b">8<")
    data[at : at + 3] = b">9<"  # the check sum no longer fits
    data[data.rindex(b"secret.xml") - 46 + 8] |= 1  # the flag of encryption in the directory
    path.write_bytes(data)
    base = "traps/trapped.zip"
    for name in ("link.xml", "../up.xml", "/abs.xml", "C:drive.xml", "back\\slash.xml", "line\nfeed.xml",
                 "nested.zip", "secret.xml"):  # fmt: skip
        tree.broken(f"{base}/{name}", "refused")
    tree.broken(f"{base}/crc.xml", "failed")
    tree.good(f"{base}/good.xml", GOOD_XML)


def _trapped_tar(tree: Tree, path: Path) -> None:
    base = "traps/trapped.tar"
    with tarfile.open(path, "w") as tar:
        for name, kind in (("sym.xml", tarfile.SYMTYPE), ("hard.xml", tarfile.LNKTYPE), ("dev.xml", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/dev/zero"
            tar.addfile(info)
            tree.broken(f"{base}/{name}", "refused")
        for data in (GOOD_XML, GOOD_XML):
            info = tarfile.TarInfo("twice.xml")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        tree.broken(f"{base}/twice.xml", "refused")
