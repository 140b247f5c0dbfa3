"""Content negotiation as ASP.NET Web API does it: which format, media type and charset a response has, a request is in.

Sources: DefaultContentNegotiator, MediaTypeFormatter and XmlHttpRequestHeaderMapping of AspNetWebStack. In short:

- Accept, best quality first: JSON for application/json and text/json, XML for application/xml and text/xml. Where
  nothing matches (or nothing is asked for), the request's own media type counts; else JSON. There is no 406.
- Accept-Charset, then the request's charset: UTF-8 or UTF-16 (with a byte order mark); else UTF-8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from convtool.sniff import Format

__all__ = ["CHARSETS", "MEDIA_TYPES", "Choice", "choose"]

# The formatters that can write, in Web API's order, each with its media types; the first media type is its default.
MEDIA_TYPES: tuple[tuple[Format, tuple[str, ...]], ...] = (
    ("json", ("application/json", "text/json")),
    ("xml", ("application/xml", "text/xml")),
)
CHARSETS = {"utf-8": "utf-8", "utf-16": "utf-16"}


class Choice(NamedTuple):
    """How a response is written."""

    format: Format
    media_type: str
    charset: str

    @property
    def content_type(self) -> str:
        """The header's text."""
        return f"{self.media_type}; charset={self.charset}"

    def encode(self, data: bytes) -> bytes:
        """Give UTF-8 in the charset; UTF-16 begins with a byte order mark, as Web API writes it."""
        return data if self.charset == "utf-8" else b"\xff\xfe" + data.decode().encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class _Asked:
    """One entry of an Accept header; ``parts`` are type and subtype."""

    value: str
    quality: float

    @property
    def specificity(self) -> int:
        return 0 if self.value == "*/*" else 1 if self.value.endswith("/*") else 2

    def matches(self, media_type: str) -> bool:
        kind, _, subtype = self.value.partition("/")
        return self.value in ("*/*", media_type) or (subtype == "*" and media_type.startswith(f"{kind}/"))


def choose(accept: str, accept_charset: str, media_type: str, charset: str, *, ajax: bool = False) -> Choice:
    """Choose how to write a response; ``media_type`` and ``charset`` are the request's.

    ``ajax``: the request has ``X-Requested-With: XMLHttpRequest``, which means JSON where nothing else is asked for.
    """
    asked = sorted(_asked(accept), key=lambda one: (-one.quality, -one.specificity))
    return Choice(*_media_type(asked, media_type, ajax=ajax), _charset(accept_charset, charset))


def _asked(header: str) -> list[_Asked]:
    found = []
    for part in header.split(","):
        value, *parameters = (piece.strip() for piece in part.lower().split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, number = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(max(float(number), 0.0), 1.0)
                except ValueError:
                    quality = 0.0  # Web API drops the whole entry
        if value:
            found.append(_Asked(value, quality))
    return found


def _media_type(asked: list[_Asked], media_type: str, *, ajax: bool) -> tuple[Format, str]:
    if ajax and (not asked or [one.value for one in asked] == ["*/*"]):
        return MEDIA_TYPES[0][0], MEDIA_TYPES[0][1][0]
    best: tuple[tuple[float, int], Format, str] | None = None
    for format_, supported in MEDIA_TYPES:
        match = next(((one, kind) for one in asked if one.quality > 0 for kind in supported if one.matches(kind)), None)
        # Of two formatters that match equally well the first one writes.
        if match is not None and (best is None or (match[0].quality, match[0].specificity) > best[0]):
            best = (match[0].quality, match[0].specificity), format_, match[1]
    if best is not None:
        return best[1], best[2]
    for format_, supported in MEDIA_TYPES:
        if media_type in supported:
            return format_, media_type
    return MEDIA_TYPES[0][0], MEDIA_TYPES[0][1][0]


def _charset(accept_charset: str, charset: str) -> str:
    for one in sorted(_asked(accept_charset), key=lambda one: -one.quality):
        if one.quality > 0 and one.value in CHARSETS:
            return one.value
        if one.quality > 0 and one.value == "*":
            return "utf-8"
    return charset if charset in CHARSETS else "utf-8"
