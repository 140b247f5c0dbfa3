"""HAR 1.2, entry by entry, in the memory of the largest one.

What matters of an entry are its request and its response: method, URL, status, headers and bodies. Whatever is not as
HAR has it is told, and costs no more than itself: a field of the wrong kind, a part of the entry that is no JSON.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from convtool.captures.beside import Folder, beside
from convtool.captures.captured import Captured, Pair
from convtool.captures.failure import broken
from convtool.captures.items import Items, StopError, members, parsed
from convtool.captures.media import header
from convtool.captures.model import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.captures.beside import Beside
    from convtool.captures.failure import Broken
    from convtool.captures.kinds import Source
    from convtool.captures.model import Side

__all__ = ["entries", "read_har"]

_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_NO_RESPONSE = (0, -1)  # what browsers write where none came
_PLAIN = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "text", "plain", "none", "identity"})  # a text as it is
# What is read of an entry that is no JSON as a whole.
_WANTED: dict[str, Any] = {
    "request": {
        "method": None, "url": None, "headers": None, "bodySize": None,
        "postData": {"mimeType": None, "text": None, "params": None, "encoding": None, "_file": None},
    },
    "response": {
        "status": None, "headers": None, "bodySize": None,
        "content": {"mimeType": None, "text": None, "size": None, "encoding": None, "_file": None},
    },
    "_webSocketMessages": None,
}  # fmt: skip


def read_har(source: Source) -> Iterator[Pair | Broken]:
    """Yield what the entries hold; what is broken, in an entry or in the file, in its place."""
    yield from entries(source, Folder(source.folder) if source.folder is not None else None)


def entries(source: Source, where: Beside | None) -> Iterator[Pair | Broken]:
    """Yield what the entries of a HAR hold; ``where`` its bodies are that are not in it."""
    items = Items(source.file)
    try:
        items.to(("log", "entries"))
        while (item := items.next()) is not None:
            pair = _pair(item, where)
            if isinstance(pair, str):
                yield broken(source.name, f"This is no HAR entry: {pair}.", items.place())
            else:
                yield pair
        items.close()
    except StopError as error:
        yield broken(source.name, str(error), items.end())


def _pair(item: bytes, where: Beside | None) -> Pair | str:
    """Give what an entry holds, or why it is none."""
    notes: list[Note] = []
    try:
        entry = parsed(item)
    except ValueError as error:
        entry = _readable(item, _WANTED)
        told = str(error).partition("\n")[0]
        notes.append(Note("capture.field", f"The entry is no JSON ({told}); what could be read of it is judged."))
    asked = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(asked, dict):
        return "it has no request" if isinstance(entry, dict) and entry else "it is no JSON object"
    request = _Part(asked, "request", item)
    method, url = asked.get("method"), request.text("url")
    if not isinstance(method, str):
        return "its request has no method"
    first = _request(request, method, where)
    first.notes[:0] = notes
    status, second = _response(entry.get("response"), item, where)
    is_socket = "_webSocketMessages" in entry or url.lower().startswith(("ws://", "wss://"))
    pair = Pair(method, url, status, first, second, "websocket" if is_socket else "")
    pair.settle()
    return pair


def _readable(data: bytes, wanted: dict[str, Any]) -> dict[str, Any]:
    """Give of a JSON object that is none as a whole what can be read of its members that are wanted."""
    found: dict[str, Any] = {}
    for name, value in members(data):
        if name in wanted:
            try:
                found[name] = parsed(value)
            except ValueError:
                if wanted[name] is not None:
                    found[name] = _readable(value, wanted[name])
    return found


class _Part:
    """A request or a response of an entry: its fields as they should be, and ``notes`` on those that are not."""

    def __init__(self, value: dict[str, Any], side: Side, item: bytes, name: str = "") -> None:
        self.value = value
        self.side = side
        self.name = name or side
        self.item = item
        self.notes: list[Note] = []

    def note(self, name: str, seen: Any, wanted: str) -> None:
        """Tell that a field is not what it should be."""
        message = f"`{self.name}.{name}` is {_kind(seen)}; HAR has {wanted} there."
        self.notes.append(Note("capture.field", message))

    def text(self, name: str) -> str:
        """Give a text; empty where there is none."""
        found = self.value.get(name)
        if found is not None and not isinstance(found, str):
            self.note(name, found, "a text")
            return str(found) if isinstance(found, (int, float)) else ""
        return found or ""

    def number(self, name: str) -> int | None:
        """Give a number that is not below -1, or None."""
        found = self.value.get(name)
        try:
            number = float(found) if found is not None and not isinstance(found, bool) else math.nan
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        good = math.isfinite(number) and number >= -1
        if (found is not None and not isinstance(found, (int, float))) or (found is not None and not good):
            self.note(name, found, "a number")
        return int(number) if good else None

    def size(self, name: str) -> int | None:
        """Give a size, or None where it is not known (-1)."""
        found = self.number(name)
        return found if found is not None and found >= 0 else None

    def inner(self, name: str) -> _Part | None:
        """Give an object within this one."""
        found = self.value.get(name)
        if found is not None and not isinstance(found, dict):
            self.note(name, found, "an object")
        if not isinstance(found, dict):
            return None
        part = _Part(found, self.side, self.item, f"{self.name}.{name}")
        part.notes = self.notes
        return part

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """Give a list of objects with names and values, as headers and parameters are."""
        found = self.value.get(name)
        if isinstance(found, dict):
            self.note(name, found, "a list")
            found = [{"name": key, "value": value} for key, value in found.items()]
        elif found is not None and not isinstance(found, list):
            self.note(name, found, "a list")
        whole, wrong = [], False
        for one in found if isinstance(found, list) else ():
            key, value = (one.get("name"), one.get("value")) if isinstance(one, dict) else (None, None)
            wrong |= not isinstance(key, str) or not isinstance(value, (str, type(None)))
            if isinstance(key, str) and isinstance(value, (str, int, float, type(None))):
                whole.append((key, "" if value is None else str(value)))
        if wrong:
            self.notes.append(Note("capture.field", f"`{self.name}.{name}` has an entry that is no name with a text."))
        return tuple(whole)

    def body(self, captured: Captured, where: Beside | None) -> None:
        """Give a message the body that the part has, as text or in a file."""
        captured.encoding, captured.mime = self.text("encoding"), self.text("mimeType")
        if captured.encoding.lower() in _PLAIN:
            self.note("encoding", captured.encoding, "base64, or nothing,")
            captured.encoding = ""
        text = self.value.get("text")
        if not text and self.value.get("_file") is not None:
            captured.data, notes = beside(where, self.text("_file"))
            self.notes += notes
            return
        if text is not None and not isinstance(text, str):
            message = f"`{self.name}.text` is {_kind(text)}; HAR has a text there. It is taken as the body itself."
            self.notes.append(Note("capture.field", message))
            text = self._verbatim()
        captured.text = text

    def _verbatim(self) -> str:
        """Give the JSON of a text that is none, as it stands in the entry."""
        data = self.item
        for name in (*self.name.split("."), "text"):
            data = dict(members(data))[name]
        return data.strip().decode("utf-8", "surrogatepass")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: f"the text {str(value)[:20]!r}", bool: "true or false"}
    return "null" if value is None else names.get(type(value), f"the number {str(value)[:20]}")


def _length(captured: Captured) -> int | None:
    value = header(captured.headers, "content-length")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def _request(part: _Part, method: str, where: Beside | None) -> Captured:
    captured = Captured("request", part.pairs("headers"), undone=True, notes=part.notes)
    size, length, post = part.size("bodySize"), _length(captured), part.inner("postData")
    if post is not None:
        post.body(captured, where)
    is_multipart = captured.mime.lower().startswith("multipart/")
    if post is not None and not captured.text and captured.data is None and not captured.lost:
        fields = post.pairs("params")
        if fields and not is_multipart:
            captured.text = urlencode(fields)
            return captured
        captured.text = "" if fields else captured.text  # what is multipart is told, whatever is in it
    if captured.text or captured.data is not None or captured.lost:
        is_whole = post is not None and isinstance(post.value.get("text"), str) and not is_multipart
        captured.size = size if size and is_whole and not header(captured.headers, "content-encoding") else None
    elif (size or length) and not is_multipart:
        captured.text, captured.size = None, size or length  # a Blob, a stream, or what was too large to record
    elif size == 0 or length == 0 or captured.text is not None:
        captured.text, captured.data = None, b""
    elif size is None and method.upper() in _WITHOUT_BODY:
        captured.absent = True
    return captured


def _response(value: Any, item: bytes, where: Beside | None) -> tuple[int, Captured | None]:
    if not isinstance(value, dict):
        return 0, None
    part = _Part(value, "response", item)
    status = part.number("status")
    content = part.inner("content")
    if status in _NO_RESPONSE or (status is None and content is None):
        return 0, None
    if status is None and value.get("status") is None:
        part.note("status", None, "a number")
    captured = Captured("response", part.pairs("headers"), undone=True, notes=part.notes)
    size, length = part.size("bodySize"), _length(captured)
    if content is not None:
        content.body(captured, where)
        captured.size = content.size("size") if isinstance(content.value.get("text", ""), str) else None
    if not captured.text and captured.data is None and not captured.lost:
        is_empty = captured.size == 0 or (captured.size is None and captured.text is not None)
        if is_empty and not size and not length:
            captured.text, captured.data = None, b""
        else:  # browsers drop large bodies, and those of downloads
            captured.text, captured.size = None, captured.size or size or length
    return status or 0, captured
