"""What a file of an archive is: a payload of which contract, or none; quick where it looks like the files before.

The catalog's own detection decides. Shortcuts go before it and cannot change its answer: an XML file that begins with
the same root tag as an earlier one is of the same contract, and so is a JSON list whose first record has members of the
same names in the same order; of a JSON list only the first record is looked at.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from convtool.errors import PayloadError
from convtool.signatures import capture_of

if TYPE_CHECKING:
    from convtool.catalog import Catalog

__all__ = ["NotOne", "Recogniser"]

_BLANKS = b" \t\r\n"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_JSON = re.compile(rb"""[\[{"'/+.\-0-9]|(?:null|true|false|NaN|Infinity|undefined)\b""")
_ROOT = re.compile(rb"(?:<\?xml[^<>]{0,200}\?>\s*)?<[A-Za-z_][^<>]{0,4000}>")
_ARCHIVES = (b"PK\3\4", b"Rar!\x1a", b"7z\xbc\xaf")
_KEPT = 1000  # beginnings of files that are remembered
_SHOWN = 24  # bytes of a file that is no payload


class NotOne(Exception):
    """The file is no payload: ``status`` and ``reason`` say what it is."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Recogniser:
    """Tells which contract files are of, by their first bytes where those suffice."""

    def __init__(self, catalog: Catalog, contract: str = "") -> None:
        self._catalog = catalog
        self._contract = contract
        self._roots: dict[bytes, str] = {}
        self._shapes: dict[tuple[str, ...], str] = {}

    def contract(self, head: bytes, *, whole: bool) -> str:
        """Give the contract's name by the payload's first bytes; ``whole``: these are all bytes.

        NotOne where the file is no payload, PayloadError where it is a bad one. An empty text: the rest is needed.
        """
        root = _ROOT.match(head) if head.startswith(b"<") else None
        if root is not None and root[0] in self._roots:
            return self._roots[root[0]]
        reason = _no_payload(head)
        if reason:
            raise NotOne("refused" if head.startswith(_ARCHIVES) else "skipped", reason)
        if self._contract:
            return self._contract
        capture = _capture(head)
        if capture:
            raise NotOne("skipped", capture)
        if root is not None:
            name = self._detect(root[0] if not whole else head)
            _keep(self._roots, root[0], name)
            return name
        record = _first_record(head)
        if record is not None:
            names = tuple(record)
            known = self._shapes.get(names)
            if known is None:
                known = self._detect(json.dumps([record]).encode())
                _keep(self._shapes, names, known)
            return known
        shortened = head if whole else _shortened(head)
        return self._detect(shortened) if whole or shortened else ""

    def _detect(self, data: bytes) -> str:
        try:
            return self._catalog.detect(data)[0]
        except PayloadError as error:
            first = error.report.diagnostics[0]
            if first.code == "root.name" and "name the contract" not in first.message:
                raise NotOne("skipped", first.message) from None
            raise


def _keep(table: dict[Any, str], key: object, name: str) -> None:
    if len(table) >= _KEPT:  # an archive of files that are all different must not fill the memory
        table.clear()
    table[key] = name


def _capture(head: bytes) -> str:
    """Say what kind of capture a file is; empty where it is none. Its payloads are within it."""
    if head.startswith(b"<"):
        return ""
    kind = capture_of(head)
    return kind and f"is a capture ({kind}), not a payload: `convtool extract` takes the payloads out of it"


def _no_payload(head: bytes) -> str:
    """Say what a file is that begins like neither format; empty for what may be a payload, or an empty one."""
    if head.startswith(_ARCHIVES):
        return "is an archive within an archive"
    if head.startswith(_MARKS[1:]):
        return ""
    start = head.removeprefix(_MARKS[0]).lstrip(_BLANKS)
    # UTF-16 without a mark has a NUL in its first character; the reader says what is wrong with it.
    if not start or start.startswith(b"<") or _JSON.match(start) or b"\0<" in start[:4] or b"<\0" in start[:4]:
        return ""
    if capture := _capture(head):
        return capture
    try:
        seen = repr(start[:_SHOWN].decode())
    except UnicodeDecodeError:
        seen = repr(start[:_SHOWN]).removeprefix("b")
    return f"is neither XML nor JSON: it begins with {seen}"


def _first_record(data: bytes) -> dict[str, object] | None:
    """Give the first record where the payload is a JSON list that begins well with one; else None."""
    start = data.removeprefix(_MARKS[0]).lstrip(_BLANKS)
    if not start.startswith(b"["):
        return None
    text = start[: 1 << 20].decode("utf-8", "ignore")
    at = 1
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    try:
        record, _ = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member twice: its name counts twice")
    return members


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def _shortened(head: bytes) -> bytes:
    """Give a part of a large payload that tells its contract, or nothing where all of it is needed."""
    start = head.removeprefix(_MARKS[0]).lstrip(_BLANKS)
    if start.startswith(b"<"):
        return head[: head.rfind(b">") + 1]  # whole tags, and so whole characters
    return b""
