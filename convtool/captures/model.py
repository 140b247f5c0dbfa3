"""What captures hold: exchanges of a request and a response, each with its headers and its body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from convtool.limits import CAPTURES

if TYPE_CHECKING:
    from convtool.operations import Operation

__all__ = ["BLOCKING", "BODILESS", "CHALLENGES", "KINDS", "LIMIT", "UNREADABLE", "Exchange", "Message", "Note", "Side"]

Side = Literal["request", "response"]
LIMIT = CAPTURES.body  # bytes of a body after its codings are undone
# With one of these there is no whole body, so nothing can be said about it.
BLOCKING = frozenset({"capture.missing", "capture.truncated", "capture.encoding", "capture.coding", "capture.limit"})
BODILESS = frozenset({204, 205, 304})  # RFC 9110: responses without content
CHALLENGES = frozenset({401, 407})  # after which a client asks again; what it asked first may be empty
KINDS = ("websocket", "resource")  # what captures hold beside exchanges of HTTP messages
UNREADABLE = frozenset({"capture.syntax", "capture.unsafe"})  # with one of these there is no exchange


@dataclass(frozen=True, slots=True)
class Note:
    """A finding about how a body was captured: its diagnostic code, what was seen, what to do (where it differs)."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response: what its headers say, and its body with all codings undone.

    ``media_type`` and ``charset`` are in lower case, empty where the headers have none. ``body`` is None where there
    is none: ``notes`` say why, unless the message just has no content. ``contract`` is empty where the operation names
    none.
    """

    side: Side
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = ""
    charset: str = ""
    body: bytes | None = None
    contract: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether the capture does not hold the whole body, so that there can be no verdict."""
        return any(note.code in BLOCKING for note in self.notes)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response, ``number`` counting from 1 in the capture.

    ``operation`` is None where none matches. A response that was recorded without its request has an empty ``method``.
    ``status`` is 0 where there is no response, or none that the capture names. ``kind`` is "websocket" or "resource"
    where it is no exchange of HTTP messages (then nothing of it is judged), and empty where it is one.
    """

    number: int
    method: str
    url: str
    status: int
    operation: Operation | None
    request: Message | None
    response: Message | None
    kind: str = ""

    @property
    def messages(self) -> tuple[Message, ...]:
        """The request and the response, as far as there are any."""
        return tuple(message for message in (self.request, self.response) if message is not None)
