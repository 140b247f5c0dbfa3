"""The same value in other words: layouts and encodings that every reader must take, besides the wire form."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from convtool.model.contract import Anything, Dictionary, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy

    from convtool.convert import Codec, Format

__all__ = ["dressed"]

_ENCODE = msgspec.json.Encoder().encode
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_FIRST_IN_JSON = re.compile(r'(?<!\\)"([A-Za-z])')  # a closing quote is never followed by a letter
_PLAIN_IN_XML = re.compile(r">([^<&\s][^<&]*)</")
_FIRST_IN_XML = re.compile(r">([A-Za-z])")  # a > in a text is escaped


def dressed(of: Codec, format: Format, value: SearchStrategy[Any]) -> SearchStrategy[bytes]:
    """Give payloads of ``value``: a third of them in the wire form, the others in another layout or encoding."""
    form = of.formats[format]

    def wire(one: Any) -> bytes:
        return form.write(one)

    def pretty(one: Any) -> bytes:
        return form.write(one, pretty=True)

    def in_dress(dress: Callable[[str], bytes], layout: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
        return lambda one: dress(layout(one).decode())

    dresses = [*_DRESSES[format], *([_turned] if format == "json" and _is_free(of) else [])]
    others = [pretty, *(in_dress(dress, layout) for dress in dresses for layout in (wire, pretty))]
    # The form is drawn first: what is drawn last varies least.
    return _written(st.sampled_from([*[wire] * (len(others) // 2), *others]), value)


def _is_free(of: Codec) -> bool:
    """Tell whether the order of members says nothing: no dictionary has one, no name has to stand first."""
    kinds = of.model.types.values()
    named = any(isinstance(kind, Record) and (kind.is_reference or of.model.derived.get(kind.key)) for kind in kinds)
    return not named and not any(isinstance(kind, (Anything, Dictionary)) for kind in kinds)


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


def _turned(text: str) -> bytes:
    """Write the members of each object of JSON in the reverse order, which is any order to a reader."""
    return _turn(msgspec.Raw(text.encode()))


def _turn(raw: msgspec.Raw) -> bytes:
    data = bytes(raw).strip()
    if data[:1] == b"{":
        members = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        return b"{%s}" % b",".join(b"%s:%s" % (_ENCODE(name), _turn(members[name])) for name in reversed(members))
    if data[:1] == b"[":
        return b"[%s]" % b",".join(map(_turn, msgspec.json.decode(data, type=list[msgspec.Raw])))
    return data


def _referenced(text: str) -> bytes:
    """Write the first letter of each text as a character reference."""
    return _FIRST_IN_XML.sub(lambda found: f">&#{ord(found[1])};", text).encode()


def _in_cdata(text: str) -> bytes:
    """Write each text that needs no escapes as a CDATA section."""
    return _PLAIN_IN_XML.sub(r"><![CDATA[\1]]></", text).encode()


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


_DRESSES: dict[str, tuple[Callable[[str], bytes], ...]] = {
    "xml": (_spaced, _referenced, _in_cdata, _declared, _commented, _mark, _utf16),
    "json": (_spaced, _escaped, _escaped, _mark, _utf16),  # more can go wrong with escapes than with layouts
}
