"""What a test has in its hands (bytes, a text, a path, a response) → content, format and a name for messages.

A response is any object with ``headers`` and ``content`` (requests, httpx, Starlette's test client, Django's) or
``data`` (Flask's and Werkzeug's). Its media type and charset count: HTTP's charset has precedence over what a
document says of itself (RFC 7303), so a text in another encoding than UTF-8 is decoded here.
"""

from __future__ import annotations

import codecs
import os
from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING, Any

from convtool.errors import UsageError
from convtool.shown import line
from convtool.sources import load

if TYPE_CHECKING:
    from convtool.sniff import Format

__all__ = ["Received", "format_of", "media_type_of", "received"]

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF16 = {"utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}  # Web API's UTF-16 is little-endian
_FORMATS: dict[str, Format] = {
    "application/xml": "xml", "text/xml": "xml", "application/json": "json", "text/json": "json",
    "application/x-www-form-urlencoded": "form",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Received:
    """A payload as it came: ``problem`` says why it cannot be one, where that is known before it is read."""

    content: bytes | str
    name: str = ""
    format: Format | None = None
    status: int = 0
    problem: str = ""

    @property
    def about(self) -> str:
        """How a message begins to speak of it: with its status, where that says that the request failed."""
        return f"{line(self.name or 'the response')} has status {self.status}" if self.status >= 400 else ""


def media_type_of(content_type: str) -> tuple[str, str]:
    """Give the media type and the charset of a Content-Type, in lower case; empty where there is none."""
    message = Message()
    message["Content-Type"] = content_type
    charset = message.get_param("charset", "")
    written = charset[2] if isinstance(charset, tuple) else charset
    return (message.get_content_type() if content_type.strip() else ""), str(written or "").strip("\"' ").lower()


def format_of(media_type: str) -> Format | None:
    """Give the format of a media type; None where it is of no format that is known."""
    suffix = media_type.rpartition("+")[2] if "+" in media_type else ""
    return _FORMATS.get(media_type) or _FORMATS.get(f"application/{suffix}")


def received(payload: Any) -> Received:
    """Give what a payload or response holds; SourceError: a file cannot be read; UsageError: it is neither."""
    if isinstance(payload, Received):
        return payload
    headers = getattr(payload, "headers", None)
    if headers is not None and not isinstance(payload, (bytes, str, os.PathLike)):
        return _response(payload, headers)
    content, name = load(payload)
    return Received(content, name)


def _response(response: Any, headers: Any) -> Received:
    content = _part(response, "content")
    if not isinstance(content, (bytes, bytearray)):
        content = _part(response, "data")
    if not isinstance(content, (bytes, bytearray)):
        raise UsageError(
            f"{type(response).__name__} has headers, but neither `content` nor `data` with the bytes of a body; "
            "a streamed response has to be read first"
        )
    media_type, charset = media_type_of(str(headers.get("Content-Type") or headers.get("content-type") or ""))
    status = _part(response, "status_code")
    name = str(_part(response, "url") or "")
    format_ = format_of(media_type)
    problem = "" if format_ or not media_type else f"its media type is {media_type}, which is neither XML nor JSON"
    decoded, wrong = _decoded(bytes(content), charset)
    return Received(decoded, name, format_, status if isinstance(status, int) else 0, problem or wrong)


def _part(response: Any, name: str) -> Any:
    """Give a response's attribute; None where it has none yet: httpx raises then (a stream, no request)."""
    try:
        return getattr(response, name, None)
    except Exception:  # whatever a client raises: the attribute is not there
        return None


def _decoded(content: bytes, charset: str) -> tuple[bytes | str, str]:
    """Give a body in its charset, as bytes where readers decode it by themselves; and what is wrong with it."""
    if charset in ("", "utf-8", "utf8", "us-ascii") or content.startswith(_MARKS):
        return content, ""
    try:
        return content.decode(_UTF16.get(charset, charset)), ""
    except UnicodeDecodeError as error:
        return content, f"its charset is {charset}, but byte {error.start} is not: {error.reason}"
    except (LookupError, ValueError):  # `undefined` is one that nothing is in; a NUL
        return content, f"its charset {charset!r} is of no encoding that is known"
