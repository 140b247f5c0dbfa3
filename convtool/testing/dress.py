"""The same value in other words: layouts and encodings that every reader must take, besides the wire form."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy

    from convtool.convert import Codec, Format

__all__ = ["dressed"]

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_FIRST_IN_JSON = re.compile(r'(?<!\\)"([A-Za-z])')  # a closing quote is never followed by a letter
_FIRST_IN_XML = re.compile(r">([A-Za-z])")  # a > in a text is escaped


def dressed(of: Codec, format: Format, value: SearchStrategy[Any]) -> SearchStrategy[bytes]:
    """Give payloads of ``value``: half of them in the wire form, the others in another layout or encoding."""
    form = of.formats[format]

    def wire(one: Any) -> bytes:
        return form.write(one)

    def pretty(one: Any) -> bytes:
        return form.write(one, pretty=True)

    def in_dress(dress: Callable[[str], bytes], layout: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
        return lambda one: dress(layout(one).decode())

    others = [pretty, *(in_dress(dress, layout) for dress in _DRESSES[format] for layout in (wire, pretty))]
    # The form is drawn first: what is drawn last varies least.
    return _written(st.sampled_from([*[wire] * len(others), *others]), value)


@st.composite
def _written(draw: DrawFn, form: SearchStrategy[Callable[[Any], bytes]], value: SearchStrategy[Any]) -> bytes:
    return draw(form)(draw(value))


def _mark(text: str) -> bytes:
    return codecs.BOM_UTF8 + text.encode()


def _utf16(text: str) -> bytes:
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le")


def _declared(text: str) -> bytes:
    return b'<?xml version="1.0" encoding="utf-8"?>\r\n' + text.encode()


def _commented(text: str) -> bytes:
    """Put a comment between the first two tags; ``><`` stands between tags only, since texts escape both."""
    return text.replace("><", "><!-- a comment --><", 1).encode()


def _spaced(text: str) -> bytes:
    return f"\n  {text}\n\n".encode()


def _escaped(text: str) -> bytes:
    """Write JSON in ASCII alone, and the first letter of each text as an escape."""
    ascii_only = _BEYOND_ASCII.sub(_escape, text)  # beyond it there are only characters of strings
    return _FIRST_IN_JSON.sub(lambda found: f'"\\u{ord(found[1]):04X}', ascii_only).encode()


def _referenced(text: str) -> bytes:
    """Write the first letter of each text as a character reference."""
    return _FIRST_IN_XML.sub(lambda found: f">&#{ord(found[1])};", text).encode()


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


_DRESSES: dict[str, tuple[Callable[[str], bytes], ...]] = {
    "xml": (_spaced, _referenced, _declared, _commented, _mark, _utf16),
    "json": (_spaced, _escaped, _mark, _utf16),
}
