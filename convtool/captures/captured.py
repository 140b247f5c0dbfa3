"""From what a capture holds of a message to the message: text to bytes, sizes compared, codings undone."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convtool.captures import media
from convtool.captures.coding import codings, is_text, undo
from convtool.captures.model import BLOCKING, BODILESS, CHALLENGES, Message, Note

if TYPE_CHECKING:
    from convtool.captures.model import Side

__all__ = ["Captured", "Pair", "finish"]

_REPLACED = "\ufffd"  # no payload begins with it: a recorder took UTF-16's byte order mark for UTF-8
_BOM = 3  # bytes of UTF-8's byte order mark, which recorders count and leave out of the text


@dataclass(slots=True)
class Captured:
    """A message as a capture has it. The body is ``data`` or ``text``, or neither, where it is not in the capture.

    ``absent``: there was no body. ``encoding``: how ``text`` holds bytes ("base64", or nothing). ``size``: of the body
    without codings, where the capture names it. ``undone``: the capture's format holds bodies without their codings.
    ``retyped``: the bytes went through a shell or an editor, which change the ends of lines.
    """

    side: Side
    headers: tuple[tuple[str, str], ...] = ()
    data: bytes | None = None
    text: str | None = None
    encoding: str = ""
    mime: str = ""
    size: int | None = None
    undone: bool = False
    absent: bool = False
    retyped: bool = False
    notes: list[Note] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        """Whether the notes say already why there is no whole body."""
        return any(note.code in BLOCKING for note in self.notes)

    @property
    def empty(self) -> bool:
        """Whether the body is there, and nothing is in it; not where its length says that there was more."""
        held = self.text if self.data is None else self.data
        return held is not None and not held and media.header(self.headers, "content-length") in ("", "0")


@dataclass(slots=True)
class Pair:
    """A request and its response as a capture has them; ``method`` is empty where the request was not recorded.

    ``kind`` is "websocket" or "resource" where it is no exchange of HTTP messages, and empty where it is one.
    """

    method: str
    url: str
    status: int
    request: Captured | None
    response: Captured | None
    kind: str = ""

    def settle(self) -> None:
        """Mark the bodies that cannot be there.

        These are the bodies of answers to HEAD, of those that say that nothing has changed, and of an empty request
        that is challenged: NTLM and Negotiate send the payload only when they have agreed.
        """
        if self.response is not None and (self.method.upper() == "HEAD" or self.status in BODILESS):
            self.response.absent = True
        if self.request is not None and self.status in CHALLENGES and self.request.empty:
            self.request.absent = True
        if self.status == 101:  # what follows is another protocol
            self.kind = self.kind or "websocket"


def finish(captured: Captured, contract: str, limit: int) -> Message:
    """Give the message, with notes on all that is wrong with how its body was captured."""
    notes = list(captured.notes)
    media_type, charset = media.parse(media.header(captured.headers, "content-type") or captured.mime)
    body = None
    if not captured.absent and not captured.lost:
        body = _body(captured, charset, limit, notes)
    if body is None and any(note.code == "capture.size" for note in notes):
        notes = [note for note in notes if note.code != "capture.size"]
    return Message(captured.side, captured.headers, media_type, charset, body, contract, tuple(notes))


def _body(captured: Captured, charset: str, limit: int, notes: list[Note]) -> bytes | None:
    data = _decoded(captured, charset, notes)
    if data is None:
        return None
    names = codings(media.header(captured.headers, "content-encoding"))
    if not captured.undone and not _is_whole(data, names, captured, notes):
        return None
    if len(data) > limit:
        notes.append(Note("capture.limit", f"The body has {len(data)} bytes; the limit is {limit}."))
        return None
    body, found = undo(data, names, limit, undone=captured.undone)
    notes += found
    return body


def _decoded(captured: Captured, charset: str, notes: list[Note]) -> bytes | None:
    """Give the bytes that a capture holds, or None and a note."""
    if captured.data is not None:
        return captured.data
    if captured.text is None:
        notes.append(Note("capture.missing", f"The capture does not hold the {captured.side}'s body{_of(captured)}."))
        return None
    if captured.encoding.lower() == "base64":
        try:
            data = base64.b64decode("".join(captured.text.split()), validate=True)
        except (binascii.Error, ValueError) as error:  # ValueError: characters beyond ASCII
            notes.append(Note("capture.encoding", f"The body's base64 cannot be undone: {error}."))
            return None
        return data if _has_size(captured, [len(data)], notes) else None
    if captured.encoding:
        message = f"The capture names the encoding {captured.encoding[:40]!r}; there is only base64."
        notes.append(Note("capture.encoding", message))
        return None
    if captured.text.startswith(_REPLACED):
        message = "The recorder could not decode the body, and has put U+FFFD in the place of its bytes."
        notes.append(Note("capture.encoding", message))
        return None
    data = media.wire_bytes(captured.text, charset)
    held = media.code_points(captured.text, coded=bool(media.header(captured.headers, "content-encoding")))
    if held is not None:
        message = "The text holds the body's bytes as characters of another encoding; it is judged as what it was."
        notes.append(Note("capture.mojibake", message))
        return held if captured.size in (None, len(data)) or _has_size(captured, [len(held)], notes) else None
    return data if _has_size(captured, _sizes(captured.text, data, charset), notes) else None


def _of(captured: Captured) -> str:
    return f" of {captured.size} bytes" if captured.size else ""


def _sizes(text: str, data: bytes, charset: str) -> list[int]:
    """Give what recorders take for the size of a text: its bytes, with or without a mark; some count characters."""
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    sizes = [len(data), len(data) + _BOM, len(text), units]
    if charset in ("", "utf-16"):  # a browser finds UTF-16 by its mark
        sizes += [2 * units, 2 * units + 2]
    return sizes


def _has_size(captured: Captured, sizes: list[int], notes: list[Note]) -> bool:
    """Compare the size that the capture names with what the body may be said to have; False where it is cut off."""
    wanted = captured.size
    if wanted is None or wanted in sizes:
        return True
    if wanted > sizes[0]:
        message = f"The capture holds {sizes[0]} bytes of a body of {wanted}."
        notes.append(Note("capture.truncated" if sizes[0] else "capture.missing", message))
        return False
    if codings(media.header(captured.headers, "content-encoding")):
        return True  # mitmproxy's HARs name the size of the compressed bytes
    notes.append(Note("capture.size", f"The body has {sizes[0]} bytes, and the capture says {wanted}."))
    return True


def _is_whole(data: bytes, names: list[str], captured: Captured, notes: list[Note]) -> bool:
    """Compare the body with its Content-Length; False where it is cut off."""
    length = media.header(captured.headers, "content-length")
    if not (length.isascii() and length.isdigit()) or len(length) > 15 or int(length) == len(data):
        return True
    if names and is_text(data):
        return True  # the length is that of the compressed bytes, which the recorder has undone
    if media.header(captured.headers, "transfer-encoding"):
        return True  # which overrides the length
    if captured.retyped and int(length) in media.lengths(data):
        return True
    if int(length) > len(data):
        message = f"There are {len(data)} bytes of a body of {length} (Content-Length)."
        notes.append(Note("capture.truncated" if data else "capture.missing", message))
        return False
    notes.append(Note("capture.size", f"The body has {len(data)} bytes, and its Content-Length is {length}."))
    return True
