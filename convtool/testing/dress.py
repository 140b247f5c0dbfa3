"""The same value in other words: layouts and encodings that every reader must take, besides the wire form."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from convtool.convert import Codec, Format

__all__ = ["dressed"]

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def dressed(of: Codec, format: Format, value: SearchStrategy[Any]) -> SearchStrategy[bytes]:
    """Give payloads that say the same as the wire form of ``value`` in another layout or encoding."""
    form = of.formats[format]
    layouts = (lambda one: form.write(one).decode(), lambda one: form.write(one, pretty=True).decode())
    written = st.tuples(value, st.sampled_from(layouts)).map(lambda pair: pair[1](pair[0]))
    return st.tuples(written, st.sampled_from(_DRESSES[format])).map(lambda pair: pair[1](pair[0]))


def _utf8(text: str) -> bytes:
    return text.encode()


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
    """Write JSON in ASCII alone: beyond it there are only characters of strings."""
    return _BEYOND_ASCII.sub(_escape, text).encode()


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


_DRESSES: dict[str, tuple[Callable[[str], bytes], ...]] = {
    "xml": (_utf8, _spaced, _declared, _commented, _mark, _utf16),
    "json": (_utf8, _spaced, _escaped, _mark, _utf16),
}
