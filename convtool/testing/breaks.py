"""What a break is; the breaks that need no look into the document; and wrong texts for each datatype."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from hypothesis import strategies as st

from convtool.model.contract import Contract, Enumeration, Member, Scalar, Type
from convtool.model.datatypes import DATATYPES, Datatype

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn

__all__ = [
    "BYTES", "Break", "Bytes", "Document", "Spot", "beyond", "beyond_dotnet", "is_date", "is_scalar", "loose_date",
    "wrong_text",
]  # fmt: skip

NodeT = TypeVar("NodeT")
_DEEP = 80  # levels: more than the 64 that are read


@dataclass(frozen=True)
class Spot(Generic[NodeT]):
    """A place in a document: its node, what it stands for, and the member's type."""

    node: NodeT
    member: Member
    kind: Type
    contract: Contract
    root: bool = False


class Document(Protocol[NodeT]):
    """A document that can be broken: its spots, and its text afterwards."""

    spots: list[Spot[NodeT]]

    def text(self) -> bytes:
        """Give the document as it is now."""


@dataclass(frozen=True)
class Break(Generic[NodeT]):
    """A break of the rule ``code``: at which spots it can be made, and how."""

    code: str
    fits: Callable[[Spot[NodeT]], bool]
    make: Callable[[DrawFn, Spot[NodeT]], None]


@dataclass(frozen=True)
class Bytes:
    """A break of the rule ``code`` that is made of a document's bytes."""

    code: str
    make: Callable[[DrawFn, bytes], bytes]


# --- wrong texts ----------------------------------------------------------------------------------------------------


def is_scalar(spot: Spot[Any], *names: str) -> bool:
    """Tell whether a spot is a simple value, of one of the datatypes ``names`` where there are any."""
    return isinstance(spot.kind, Scalar) and (not names or spot.kind.datatype in names)


def datatype(spot: Spot[Any]) -> Datatype:
    """Give the datatype of a spot that is a simple value."""
    assert isinstance(spot.kind, Scalar)
    return DATATYPES[spot.kind.datatype]


def wrong_text(spot: Spot[Any]) -> tuple[str, ...]:
    """Give texts that are none of a spot's datatype in any way; nothing where every text is one."""
    return datatype(spot).wrong if isinstance(spot.kind, Scalar) else ()


def beyond(draw: DrawFn, spot: Spot[Any]) -> str:
    """Give an integer just beyond the range of a spot's datatype, or far beyond it."""
    bounds = datatype(spot).bounds
    assert bounds is not None
    low, high = bounds
    return str(draw(st.sampled_from([high + 1, low - 1, 10**30, low - 10**6])))


def is_date(spot: Spot[Any]) -> bool:
    """Tell whether a spot is a date with a time."""
    return is_scalar(spot, "dateTime", "dateOrDateTime")


def beyond_dotnet(draw: DrawFn, _spot: Spot[Any]) -> str:
    """Give a date that XML Schema allows and .NET refuses."""
    return draw(st.sampled_from(["2026-03-22T24:00:00", "10000-01-01T00:00:00", "-0044-03-15T00:00:00"]))


def loose_date(draw: DrawFn, _spot: Spot[Any]) -> str:
    """Give a date that .NET reads from XML though XML Schema does not allow it."""
    return draw(st.sampled_from(["2026-03", "2026", "2026-03Z"]))


def is_enumeration(spot: Spot[Any]) -> bool:
    """Tell whether a spot is a value of an enumeration."""
    return isinstance(spot.kind, Enumeration)


# --- breaks of bytes ------------------------------------------------------------------------------------------------


def _cut(draw: DrawFn, data: bytes) -> bytes:
    """Cut a document off behind its first character: in the middle of a tag, a name, a value, but of no character."""
    text = data.decode()
    return text[: draw(st.integers(1, len(text) - 1))].encode()


def _empty(draw: DrawFn, _data: bytes) -> bytes:
    return draw(st.sampled_from([b"", b" ", b"\r\n\t "]))


def _other_format(draw: DrawFn, _data: bytes) -> bytes:
    return draw(st.sampled_from([b"%PDF-1.7", b"Service unavailable", b"\\x00"]))


def _not_utf8(draw: DrawFn, data: bytes) -> bytes:
    at = draw(st.integers(1, len(data)))
    return data[:at] + b"\xe9" + data[at:]


def _surrogate(_draw: DrawFn, data: bytes) -> bytes:
    return _inside_root(data, b"&#xD800;")


def _undefined(_draw: DrawFn, data: bytes) -> bytes:
    return _inside_root(data, b"&nbsp;")


def _inside_root(data: bytes, text: bytes) -> bytes:
    """Put a text behind the root's start tag, or into a tag that is all of the document."""
    end = data.index(b">")
    if data[end - 1 : end] == b"/":
        name = data[1:end].split(maxsplit=1)[0]
        return data[: end - 1] + b">" + text + b"</" + name + b">"
    return data[: end + 1] + text + data[end + 1 :]


def _behind_start(data: bytes, text: bytes) -> bytes:
    """Put a text behind the first character of JSON."""
    return data[:1] + text + data[1:]


def _deep_xml(_draw: DrawFn, data: bytes) -> bytes:
    return _inside_root(data, b"<x>" * _DEEP + b"</x>" * _DEEP)


def _deep_json(_draw: DrawFn, data: bytes) -> bytes:
    return _behind_start(data, (b"" if data.startswith(b"[") else b'"x":') + b"[" * _DEEP + b"]" * _DEEP + b",")


def _trailing(draw: DrawFn, data: bytes) -> bytes:
    return data + draw(st.sampled_from([b" x", b"\n{}", b"\n[]", b","]))


def _last_comma(_draw: DrawFn, data: bytes) -> bytes:
    """Put a comma behind the last member or item; where there is none, one more comma would be no JSON at all."""
    return data[:-1] + (b"," if len(data) > len(b"{}") else b"// a comment\n") + data[-1:]


def _wrong_close(_draw: DrawFn, data: bytes) -> bytes:
    whole = _inside_root(data, b"")
    return whole[: whole.rindex(b"</")] + b"</other>"


_ALWAYS = (
    Bytes("input.empty", _empty),
    Bytes("input.format", _other_format),
    Bytes("input.encoding", _not_utf8),
)
BYTES: dict[str, tuple[Bytes, ...]] = {
    "xml": (
        Bytes("xml.syntax", _cut),
        Bytes("xml.syntax", _wrong_close),
        Bytes("xml.doctype", lambda _draw, data: b"<!DOCTYPE root>" + data),
        Bytes("xml.character", _surrogate),
        Bytes("xml.character", _undefined),
        Bytes("input.encoding", lambda _draw, data: b'<?xml version="1.0" encoding="latin1"?>' + data),
        Bytes("limit.depth", _deep_xml),
        *_ALWAYS,
    ),
    "json": (
        Bytes("json.syntax", _cut),
        Bytes("json.trailing", _trailing),
        Bytes("json.relaxed", lambda _draw, data: _behind_start(data, b"/* a comment */")),
        Bytes("json.relaxed", _last_comma),
        Bytes("limit.depth", _deep_json),
        *_ALWAYS,
    ),
}
