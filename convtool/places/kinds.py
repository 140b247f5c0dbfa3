"""What a file is: by its first bytes, or by its suffix where these say nothing.

An archive is opened where a suffix says so or where somebody has named it; then its bytes decide which one it is, and
how it is compressed.
"""

from __future__ import annotations

import os
import re
from typing import IO, TYPE_CHECKING, cast

from convtool.errors import SourceError
from convtool.places.packings import PACKINGS, beginning, magic_of
from convtool.places.store import store_of
from convtool.places.urls import shown_url
from convtool.signatures import is_capture_of

if TYPE_CHECKING:
    import io

__all__ = ["ARCHIVES", "by_bytes", "is_container", "kind_of", "kinds_of", "stem"]

_PACKED = {row.suffix: kind for kind, row in PACKINGS.items() if row.suffix}
_SHORT = {suffix: kind for kind, row in PACKINGS.items() for suffix in row.tar}
_FORMATS = (".xml", ".json", ".ndjson", ".jsonl", ".txt")
_OTHER_ARCHIVES = (".7z", ".rar", ".jar", ".cab", ".iso", ".lz", ".lz4", ".lzma", ".z", ".ar", ".cpio")
_HEAD = 1 << 16  # bytes of a remote file that are fetched to see what it is
_TAR_MAGIC, _TAR_AT = b"ustar", 257
_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*[<{\[\"]|\xff\xfe|\xfe\xff")
ARCHIVES = ("zip", "tar")
# What captures and payloads are called: such a file is no archive, whatever is in it.
_TOLD = (".xml", ".json", ".ndjson", ".jsonl")


def kinds_of(name: str) -> tuple[str, str]:
    """Give what a file is by its suffix: ``(file | zip | tar | other, compression or "")``."""
    lower = name.lower()
    dot = lower.rfind(".")
    suffix = lower[dot:] if dot > lower.rfind("/") else ""
    if suffix == ".zip":
        return "zip", ""
    if suffix == ".tar":
        return "tar", ""
    if suffix in _SHORT:
        return "tar", _SHORT[suffix]
    if suffix in _PACKED:
        return ("tar" if lower[:dot].endswith(".tar") else "file"), _PACKED[suffix]
    return ("other" if suffix in _OTHER_ARCHIVES else "file"), ""


def stem(name: str) -> str:
    """Give a payload's name without the suffixes of its compression and its format: ``a/b.xml.gz`` is ``a/b``."""
    folder, slash, last = name.rpartition("/")
    while True:
        head, dot, suffix = last.rpartition(".")
        if not (dot and head) or f".{suffix.lower()}" not in (*_PACKED, *_FORMATS):
            return f"{folder}{slash}{last}"
        last = head
        if f".{suffix.lower()}" not in _PACKED:
            return f"{folder}{slash}{last}"


_SEEN: dict[str, tuple[object, tuple[str, str]]] = {}  # what files are, with what tells them unchanged
_MOST = 1000  # of them


def kind_of(path: str) -> tuple[str, str]:
    """Give what a file named by a user is: by its first bytes, else by its suffix (see ``kinds_of``).

    A file that has to be opened for that is kept open for who reads it; what it is, is looked up once. Of an archive in
    a store the suffix is believed: ``by_bytes`` is asked when it is read.
    """
    called = shown_url(path)
    kind, packing = kinds_of(called)
    bare = called.lower().removesuffix(f".{packing}") if packing else called.lower()
    store = store_of(path)
    if bare.endswith(_TOLD) or kind == "other" or (kind == "tar" and not store.is_local):
        return kind, packing
    state = _state(path)
    seen = _SEEN.get(path)
    if seen is not None and state is not None and seen[0] == state:
        return seen[1]
    try:
        raw = store.open(path, -1 if kind == "zip" else _HEAD)
    except SourceError:
        return kind, packing  # whoever reads it says what is wrong
    try:
        found = by_bytes(raw, (kind, packing))
        if found[0] == "zip" and _is_capture(raw):
            found = "file", ""
    except SourceError:
        raw.close()
        return kind, packing
    store.keep(path, raw)
    if len(_SEEN) >= _MOST:
        _SEEN.clear()
    _SEEN[path] = (state, found)
    return found


def by_bytes(raw: io.RawIOBase, called: tuple[str, str]) -> tuple[str, str]:
    """Give what an open file is, which its suffix calls something (see ``kinds_of``); one stands anywhere behind it.

    A suffix that says archive is believed where the bytes do not say anything else: tars of the seventies, and zips
    with a program before them, have no mark; what is broken is told by who reads it.
    """
    import zipfile

    head = inner = raw.read(_TAR_AT + len(_TAR_MAGIC)) or b""
    packing = magic_of(head)
    if packing:
        raw.seek(0)
        inner = beginning(raw, packing, _TAR_AT + len(_TAR_MAGIC))
    if inner[_TAR_AT:] == _TAR_MAGIC:
        return "tar", packing
    if head.startswith((b"PK\3\4", b"PK\5\6")) and (called[0] == "zip" or zipfile.is_zipfile(cast("IO[bytes]", raw))):
        return "zip", ""
    is_text = _TEXT.match(inner) is not None and (b"\0" not in inner or inner[0] > 0x7F)
    if called[0] not in ARCHIVES or is_text:
        return "file", packing
    return ("tar", packing) if packing else called


def _is_capture(raw: io.RawIOBase) -> bool:
    """Tell whether a zip is one capture, as some tools write them, and no archive of files."""
    import zipfile

    try:
        with zipfile.ZipFile(cast("IO[bytes]", raw)) as archive:
            return is_capture_of(archive.namelist())
    except (SourceError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False  # whoever reads it says what is wrong


def _state(path: str) -> object:
    """Give what tells a file of this machine unchanged; None where nothing does."""
    try:
        status = os.stat(path) if store_of(path).is_local else None
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns) if status is not None else None


def is_container(path: str) -> bool:
    """Tell whether a path is a folder or an archive: something that holds any number of files."""
    store = store_of(path)
    return store.is_folder(path) or (store.is_file(path) and kind_of(path)[0] in ARCHIVES)
