"""What a file is: by its suffix, or by its first bytes where that says nothing."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, cast

from convtool.errors import SourceError
from convtool.places.packings import PACKINGS, magic_of
from convtool.places.store import store_of
from convtool.places.urls import shown_url
from convtool.signatures import is_capture_of

if TYPE_CHECKING:
    from convtool.places.streams import Opened

__all__ = ["is_container", "kind_of", "kinds_of", "stem"]

_PACKED = {row.suffix: kind for kind, row in PACKINGS.items() if row.suffix}
_SHORT = {suffix: kind for kind, row in PACKINGS.items() for suffix in row.tar}
_FORMATS = (".xml", ".json", ".ndjson", ".jsonl", ".txt")
_OTHER_ARCHIVES = (".7z", ".rar", ".jar", ".cab", ".iso", ".lz", ".lz4", ".lzma", ".z", ".ar", ".cpio")
_HEAD = 1 << 16  # bytes of a remote file that are fetched to see what it is
_TAR_MAGIC, _TAR_AT = b"ustar", 257
_ARCHIVES = ("zip", "tar")
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
    """Give what a file named by a user is: by its suffix, else by its first bytes (see ``kinds_of``).

    A file that has to be opened for that is kept open for who reads it; what it is, is looked up once.
    """
    called = shown_url(path)
    kind, packing = kinds_of(called)
    if kind != "zip" and ((kind, packing) != ("file", "") or called.lower().endswith(_TOLD)):
        return kind, packing
    state = _state(path)
    seen = _SEEN.get(path)
    if seen is not None and state is not None and seen[0] == state:
        return seen[1]
    store = store_of(path)
    try:
        raw = store.open(path, -1 if kind == "zip" else _HEAD)
    except SourceError:
        return kind, packing  # whoever reads it says what is wrong
    try:
        found = _by_bytes(raw, kind)
    except SourceError:
        raw.close()
        return kind, packing
    store.keep(path, raw)
    if len(_SEEN) >= _MOST:
        _SEEN.clear()
    _SEEN[path] = (state, found)
    return found


def _by_bytes(raw: Opened, kind: str) -> tuple[str, str]:
    import zipfile

    head = raw.read(_TAR_AT + len(_TAR_MAGIC)) or b""
    if kind == "zip" or (head.startswith((b"PK\3\4", b"PK\5\6")) and zipfile.is_zipfile(cast("IO[bytes]", raw))):
        return ("file", "") if _is_capture(raw) else ("zip", "")
    if head[_TAR_AT:] == _TAR_MAGIC:
        return "tar", ""
    return "file", magic_of(head)


def _is_capture(raw: Opened) -> bool:
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
    return store.is_folder(path) or (store.is_file(path) and kind_of(path)[0] in _ARCHIVES)
