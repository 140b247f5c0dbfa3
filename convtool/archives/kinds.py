"""What a file that a user names is: by its suffix, or by its first bytes where that says nothing."""

from __future__ import annotations

import os
import stat as modes
from typing import IO, cast

from convtool.archives.names import kinds_of
from convtool.errors import SourceError
from convtool.remote import is_folder, is_url, shown_url

__all__ = ["is_container", "kind_of"]

_HEAD = 1 << 16  # bytes of a remote file that are fetched for that
_TAR_MAGIC, _TAR_AT = b"ustar", 257


def kind_of(path: str) -> tuple[str, str]:
    """Give what a file named by a user is: by its suffix, else by its first bytes (see ``names.kinds_of``)."""
    called = shown_url(path)
    kind, packing = kinds_of(called)
    if (kind, packing) != ("file", "") or called.lower().endswith((".xml", ".json", ".ndjson", ".jsonl")):
        return kind, packing
    import zipfile

    from convtool.archives.files import open_raw
    from convtool.archives.packed import magic_of

    try:
        with open_raw(path, _HEAD) as raw:
            head = raw.read(_TAR_AT + len(_TAR_MAGIC))
            zipped = head.startswith((b"PK\3\4", b"PK\5\6")) and zipfile.is_zipfile(cast("IO[bytes]", raw))
    except SourceError:
        return kind, packing  # whoever reads it says what is wrong
    if zipped:
        return "zip", ""
    if head[_TAR_AT:] == _TAR_MAGIC:
        return "tar", ""
    return "file", magic_of(head)


def is_container(path: str) -> bool:
    """Tell whether a path is a folder or an archive: something that holds any number of files."""
    if is_url(path):
        return kinds_of(shown_url(path))[0] in ("zip", "tar") or is_folder(path) or kind_of(path)[0] in ("zip", "tar")
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return modes.S_ISDIR(mode) or (modes.S_ISREG(mode) and kind_of(path)[0] in ("zip", "tar"))
