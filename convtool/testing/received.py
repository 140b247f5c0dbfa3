"""What a test has in its hands (bytes, a text, a path, a response) → content, format and a name for messages.

A response is any object with ``headers`` and ``content`` (requests, httpx, Starlette's test client, Django's) or
``data`` (Flask's and Werkzeug's). It is read as captures read one, so that it has one verdict: its codings are undone,
and its bytes are held against the media type and the charset that its headers name.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convtool.captures import media
from convtool.captures.coding import codings, undo
from convtool.captures.model import LIMIT, Note
from convtool.codes import Severity, severity
from convtool.errors import UsageError
from convtool.shown import line
from convtool.sources import load
from convtool.testing.session import session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.codes import Profile
    from convtool.sniff import Format

__all__ = ["Received", "loaded", "received", "several", "unknown_type"]

_NAMES = {"xml": "XML", "json": "JSON", "form": "a form"}


@dataclass(frozen=True, slots=True)
class Received:
    """A payload as it came; ``notes`` say what is wrong with how it came, which is known before it is read."""

    content: bytes | str
    name: str = ""
    format: Format | None = None
    status: int = 0
    notes: tuple[Note, ...] = ()

    @property
    def about(self) -> str:
        """How a message begins to speak of it: with its status, where that says that the request failed."""
        return f"{line(self.name or 'the response')} has status {self.status}" if self.status >= 400 else ""

    def problem(self, profile: Profile) -> str:
        """Say why it cannot be a valid payload, whatever is in it; nothing where it may be one."""
        return next((one.message for one in self.notes if severity(one.code, profile) is Severity.ERROR), "")


def several(option: str, given: Iterable[str]) -> tuple[str, ...]:
    """Give the texts of an option that takes several; UsageError where it is one text: its characters are not meant."""
    if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
        raise UsageError(f"{option}={given!r}: a list is meant", hint=f"write {option}=[{given!r}]")
    return tuple(given)


def loaded(payload: Any) -> tuple[bytes | str, str]:
    """Give a payload's content and name; a file counts as used by the test that runs. Errors as of ``received``."""
    content, name = load(payload)
    if name:
        session.used.add(Path(os.path.abspath(name)))  # noqa: PTH100 - without links resolved, as pytest names tests
    return content, name


def received(payload: Any) -> Received:
    """Give what a payload or response holds; SourceError: a file cannot be read; UsageError: it is neither."""
    if isinstance(payload, Received):
        return payload
    headers = getattr(payload, "headers", None)
    if headers is not None and not isinstance(payload, (bytes, str, os.PathLike)):
        return _response(payload, _pairs(headers))
    return Received(*loaded(payload))


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    """Give headers as names and values, whatever a client keeps them in."""
    try:
        return tuple((str(name), str(value)) for name, value in headers.items())
    except Exception:  # whatever it is: it is no client's
        raise UsageError(f"headers of type {type(headers).__name__} have no names and values") from None


def _response(response: Any, headers: tuple[tuple[str, str], ...]) -> Received:
    content = _part(response, "content")
    if not isinstance(content, (bytes, bytearray)):
        content = _part(response, "data")
    if not isinstance(content, (bytes, bytearray)):
        raise UsageError(
            f"{type(response).__name__} has headers, but neither `content` nor `data` with the bytes of a body; "
            "a streamed response has to be read first"
        )
    status = _part(response, "status_code")
    # Clients undo codings and keep the header: what is a text by now is taken as it is.
    body, notes = undo(bytes(content), codings(media.header(headers, "content-encoding")), LIMIT, undone=True)
    format_, wrong = _by_headers(bytes(content) if body is None else body, media.header(headers, "content-type"))
    return Received(
        bytes(content) if body is None else body,
        str(_part(response, "url") or ""),
        format_,
        status if isinstance(status, int) else 0,
        (*notes, *wrong),
    )


def _part(response: Any, name: str) -> Any:
    """Give a response's attribute; None where it has none yet: httpx raises then (a stream, no request)."""
    try:
        return getattr(response, name, None)
    except Exception:  # whatever a client raises: the attribute is not there
        return None


def unknown_type(media_type: str) -> Note:
    """Give the note about a body whose media type is of no format."""
    return Note("capture.media-type", f"its media type is {media_type}, which is neither XML nor JSON")


def _by_headers(body: bytes, content_type: str) -> tuple[Format | None, list[Note]]:
    """Give the format that a body is in, and what its Content-Type says otherwise."""
    media_type, charset = media.parse(content_type)
    said, seen = media.format_of(media_type), media.actual_format(body)
    notes = []
    if media_type and said is None:
        notes.append(unknown_type(media_type))
    elif said and seen and seen != said:
        notes.append(Note("capture.media-type", f"its media type is {media_type}, and it is {_NAMES[seen]}"))
    wrong = media.charset_note(charset, body)
    if wrong:
        notes.append(Note("capture.charset", wrong.rstrip(".")))
    return seen or said, notes
