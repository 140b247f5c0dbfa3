"""The body of a plain SOAP envelope as a document of its own, for the engine, which knows of no envelopes.

It is the body's element with the envelope's declarations in its tag; its places are those in the envelope. Plain is an
envelope that holds nothing but the contract's own element: all others are for the careful lane (``envelope``), and so
are those whose element the engine does not read to its end. An envelope around one element is well-formed where the
element is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convtool._lazy import pattern
from convtool.formats.text import Text
from convtool.formats.xml.envelope import VERSIONS

if TYPE_CHECKING:
    from convtool.findings import Excerpt, Location
    from convtool.model.contract import Contract

__all__ = ["LEVELS", "Inside", "inside"]

LEVELS = 2  # of elements around the body's

_SPACE = rb"[ \t\r\n]"
_WORD = rb"[A-Za-z_][A-Za-z0-9_.-]*+"
_DECLARED = rb'(?>(?:%s++xmlns(?::%s)?="[^"&<]*+")*)%s*+' % (_SPACE, _WORD, _SPACE)
_PLAIN = pattern(
    rb'(?P<declaration><\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?\?>)?%(s)s*+'
    rb"<(?P<p>(?:%(w)s:)?)Envelope(?P<outer>%(d)s)>%(s)s*+"
    rb"<(?P=p)Body(?P<inner>%(d)s)>%(s)s*+(?=<(?P<child>[^\s<>/='\"!?]++))"
    % {b"s": _SPACE, b"w": _WORD, b"d": _DECLARED}
)
_TAG = pattern(rb"""<(?>(?:[^<>"']++|"[^"]*+"|'[^']*+')*)>""")
_NAMED = pattern(rb"""%s(?:xmlns(?::([^\s="'<>/]+))?)%s*=%s*(?:"([^"]*)"|'([^']*)')""" % ((_SPACE,) * 3))
_NEAR = 4096  # bytes of a tag, and within which a plain envelope ends
_FEW = 100  # namespaces: fewer than any limit
_RESERVED = (b"xml", b"xmlns")
_SOAP = tuple(uri.encode() for uri in VERSIONS.values())


class Inside(Text):
    """The body of an envelope as a document; behind its first ``cut`` bytes ``added`` ones stand elsewhere."""

    __slots__ = ("_added", "_begin", "_cut", "_whole")

    def __init__(self, whole: Text, begin: int, cut: int, end: int, added: bytes) -> None:
        data = b"".join([whole.data[begin : begin + cut], added, whole.data[begin + cut : end]])
        super().__init__(data, whole.encoding, came_as_text=whole.came_as_text)
        self._whole = whole
        self._begin = begin
        self._cut = cut
        self._added = len(added)

    def _outside(self, offset: int) -> int:
        return self._begin + (offset if offset <= self._cut else max(self._cut, offset - self._added))

    def locate(self, offset: int) -> Location:
        """Give the place, in the payload, of a byte of ``data``."""
        return self._whole.locate(self._outside(offset))

    def excerpt(self, start: int, end: int) -> Excerpt:
        """Give the span between two bytes of ``data`` and what stands around it in the payload."""
        return self._whole.excerpt(self._outside(start), self._outside(end))


def inside(contract: Contract, text: Text) -> Inside | None:
    """Give the body of a plain envelope whose element is a contract's; None where that takes a closer look."""
    data = text.data
    match = _PLAIN.match(data)
    if match is None or (match["declaration"] and text.encoding != "utf-8"):
        return None
    begin, end = match.end(), _end(data, match["p"])
    tag = _TAG.match(data, begin, min(max(end, begin), begin + _NEAR))
    if tag is None:
        return None
    outer, inner, own = (_namespaces(part) for part in (match["outer"], match["inner"], tag[0]))
    if outer is None or inner is None or own is None:
        return None
    prefix, scope = match["p"].rstrip(b":"), outer | inner
    if outer.get(prefix) not in _SOAP or scope[prefix] != outer[prefix] or len(scope | own) > _FEW:
        return None
    name, _, local = match["child"].rpartition(b":")
    if ((scope | own).get(name, b""), local) != (contract.namespace.encode(), contract.tag.encode()):
        return None
    missing = ((b":%s" % one if one else b"", uri) for one, uri in scope.items() if one not in own)
    return Inside(text, begin, 1 + len(match["child"]), end, b"".join(b' xmlns%s="%s"' % pair for pair in missing))


def _end(data: bytes, prefix: bytes) -> int:
    """Give the offset at which the Body ends, where nothing follows it; -1 where that is not plain."""
    names = {b"s": _SPACE, b"p": re.escape(prefix)}
    at = max(0, len(data) - _NEAR)
    found = re.search(rb"</%(p)sBody%(s)s*>%(s)s*</%(p)sEnvelope%(s)s*>%(s)s*\Z" % names, data[at:])
    if found is None or data[at : at + found.start()].rstrip(b" \t\r\n").endswith((b"-->", b"?>")):
        return -1
    return at + found.start()


def _namespaces(tag: bytes) -> dict[bytes, bytes] | None:
    """Give the namespaces that a tag declares, by prefix; None where one is declared twice, or oddly."""
    found = [(match[1] or b"", match[2] if match[2] is not None else match[3]) for match in _NAMED.finditer(tag)]
    odd = any((prefix and not uri) or prefix in _RESERVED or b"&" in uri for prefix, uri in found)
    return None if odd or len(dict(found)) < len(found) or len(tag) > _NEAR else dict(found)
