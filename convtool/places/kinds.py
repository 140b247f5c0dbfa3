"""What a file is: by its suffix, or by its first bytes where that says nothing."""

from __future__ import annotations

from typing import IO, cast

from convtool.errors import SourceError
from convtool.places.packings import PACKINGS, magic_of
from convtool.places.store import store_of
from convtool.places.urls import shown_url
from convtool.signatures import is_capture_of

__all__ = ["is_container", "kind_of", "kinds_of", "stem"]

_PACKED = {row.suffix: kind for kind, row in PACKINGS.items() if row.suffix}
_SHORT = {suffix: kind for kind, row in PACKINGS.items() for suffix in row.tar}
_FORMATS = (".xml", ".json", ".ndjson", ".jsonl", ".txt")
_OTHER_ARCHIVES = (".7z", ".rar", ".jar", ".cab", ".iso", ".lz", ".lz4", ".lzma", ".z", ".ar", ".cpio")
_HEAD = 1 << 16  # bytes of a remote file that are fetched to see what it is
_TAR_MAGIC, _TAR_AT = b"ustar", 257
_ARCHIVES = ("zip", "tar")


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


def kind_of(path: str) -> tuple[str, str]:
    """Give what a file named by a user is: by its suffix, else by its first bytes (see ``members.kinds_of``)."""
    called = shown_url(path)
    kind, packing = kinds_of(called)
    if kind == "zip":
        return ("file", "") if _is_capture(path) else (kind, packing)
    if (kind, packing) != ("file", "") or called.lower().endswith((".xml", ".json", ".ndjson", ".jsonl")):
        return kind, packing
    import zipfile

    try:
        with store_of(path).open(path, _HEAD) as raw:
            head = raw.read(_TAR_AT + len(_TAR_MAGIC)) or b""
            zipped = head.startswith((b"PK\3\4", b"PK\5\6")) and zipfile.is_zipfile(cast("IO[bytes]", raw))
    except SourceError:
        return kind, packing  # whoever reads it says what is wrong
    if zipped:
        return ("file", "") if _is_capture(path) else ("zip", "")
    if head[_TAR_AT:] == _TAR_MAGIC:
        return "tar", ""
    return "file", magic_of(head)


def _is_capture(path: str) -> bool:
    """Tell whether a zip is one capture, as some tools write them, and no archive of files."""
    import zipfile

    try:
        with store_of(path).open(path) as raw, zipfile.ZipFile(cast("IO[bytes]", raw)) as archive:
            return is_capture_of(archive.namelist())
    except (SourceError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False  # whoever reads it says what is wrong


def is_container(path: str) -> bool:
    """Tell whether a path is a folder or an archive: something that holds any number of files."""
    store = store_of(path)
    return store.is_folder(path) or (store.is_file(path) and kind_of(path)[0] in _ARCHIVES)
