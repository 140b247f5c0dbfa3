"""Names of members, judged: they come from outside, and become names of outputs.

A name is taken as it is or refused; it is never repaired. Only ``.`` and empty parts are dropped: ``tar`` writes them.
"""

from __future__ import annotations

import re

__all__ = ["judge", "kinds_of", "stem"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST_PART = 255  # bytes, as nearly every file system has it
_LONGEST = 4096  # bytes of a whole path on Linux
_PACKED = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zst": "zst"}
_SHORT = {".tgz": "gz", ".tbz2": "bz2", ".tbz": "bz2", ".txz": "xz", ".tzst": "zst"}
_OTHER_ARCHIVES = (".7z", ".rar", ".jar", ".cab", ".iso", ".lz", ".lz4", ".lzma", ".z", ".ar", ".cpio")


def judge(raw: str) -> tuple[str, str]:
    """Give a member's name with ``/`` between its parts, and why it is refused (empty where it is fine)."""
    problem = _problem(raw)
    if problem:
        return raw, problem
    parts = [part for part in raw.split("/") if part not in ("", ".")]
    if not parts:
        return raw, "has no name"
    if ".." in parts:
        return raw, "has '..' in its name"
    if any(len(part.encode("utf-8", "surrogateescape")) > _LONGEST_PART for part in parts):
        return raw, f"has a name of more than {_LONGEST_PART} bytes"
    return "/".join(parts), ""


def _problem(raw: str) -> str:
    if not raw:
        return "has no name"
    if _CONTROL.search(raw):
        return "has control characters in its name"
    if "\\" in raw:
        return "has a backslash in its name"
    if raw.startswith("/"):
        return "has an absolute path for a name"
    if _DRIVE.match(raw):
        return "has a drive in its name"
    if len(raw.encode("utf-8", "surrogatepass")) > _LONGEST:
        return f"has a name of more than {_LONGEST} bytes"
    return ""


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
        if not (dot and head) or f".{suffix.lower()}" not in (*_PACKED, ".xml", ".json", ".ndjson", ".jsonl", ".txt"):
            return f"{folder}{slash}{last}"
        last = head
        if f".{suffix.lower()}" not in _PACKED:
            return f"{folder}{slash}{last}"
