"""Loss accounting is complete: a conversion that reports no loss can be undone, up to what is no content.

"The same document" means, for XML, what Canonical XML 2.0 with its prefixes rewritten compares: expanded names,
attributes in any order (``i:type`` by the type that it names, namespace declarations not at all), texts with CDATA,
references and line ends resolved, comments and processing instructions. Not content are the declaration, the encoding,
and white space in elements that the contract says hold elements. For JSON it means equality member by member, in any
order, with numbers compared as decimals. The trees compared here are made by lxml and by ``json``, not by convtool;
only JSON that Json.NET alone reads is parsed by ``convtool.verify``.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from lxml import etree

from convtool import PayloadError
from convtool.codes import CODES
from convtool.formats.text import Text
from convtool.model.contract import Array, Dictionary, Record
from convtool.verify import canonical_json
from tests.property.mutations import mutated, payload
from tests.property.respelled import respelled
from tests.support import XSI

if TYPE_CHECKING:
    from convtool.convert import Codec
    from convtool.model.contract import Contract

__all__ = ["PROFILES", "assert_no_loss_in_silence", "documents", "same_document"]

PROFILES = st.sampled_from(["strict", "dotnet"])


@st.composite
def documents(draw: st.DrawFn, of: Codec, form: Any, profile: str) -> bytes:
    """Give documents of which most are valid in a profile, and say the same in other words, or nearly."""
    if not draw(st.integers(0, 2)):
        return draw(mutated(of, form))
    start = draw(payload(of, form))
    if profile == "dotnet":  # what .NET writes has no absent members, which would be a loss each
        with suppress(PayloadError):  # \\u0041 is a URI; of paths like it .NET's reading depends on the system
            start = of.convert(start, form, format=form, profile="dotnet").data
    return draw(respelled(start, form))


def assert_no_loss_in_silence(of: Codec, form: Any, to: Any, data: bytes, profile: Any) -> None:
    try:
        result = of.convert(data, to, format=form, profile=profile)
    except PayloadError:
        return
    if any(CODES[found.code].loss for found in result.report):
        return
    back = b""
    with suppress(PayloadError):
        back = of.convert(result.data, form, format=to).data
    if not back or (profile == "dotnet" and not same_document(of.model, form, back, data)):
        # .NET's days have a time of day: the strict profile refuses it, and has none for a day that JSON leaves out.
        back = of.convert(result.data, form, format=to, profile=profile).data
    assert same_document(of.model, form, back, data)
    assert of.convert(data, to, format=form, profile=profile, verify=True).verified
    assert of.convert(data, to, format=form, profile=profile, lossless=True).data == result.data


# --- whether two documents say the same -----------------------------------------------------------------------------

_REFERENCE = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|&#(x?)([0-9A-Fa-f]+);", re.DOTALL)
_NOT_XML = {*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF}
_DECLARATION = re.compile(r"\ufeff?<\?xml\s.*?\?>", re.DOTALL)


def same_document(contract: Contract, form: str, one: bytes, other: bytes) -> bool:
    """Tell whether two documents say the same."""
    texts = [document_text(data) for data in (one, other)]
    if form == "xml":
        return _xml(contract, texts[0]) == _xml(contract, texts[1])
    try:
        trees = [_json(text) for text in texts]
    except ValueError:
        trees = [canonical_json(Text(text.encode())) for text in texts]
    return trees[0] == trees[1]


def document_text(data: bytes) -> str:
    """Give a document's text without a byte order mark."""
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_members, parse_int=Decimal, parse_float=Decimal)


def _members(pairs: list[tuple[str, Any]]) -> Any:
    return "object", sorted(pairs, key=lambda pair: pair[0])


def _xml(contract: Contract, text: str) -> Any:
    body = _REFERENCE.sub(_shielded, _DECLARATION.sub("", text, count=1))
    # That it is well-formed has been said by expat; libxml2 also wants namespaces to be URIs.
    parser = etree.XMLParser(resolve_entities=False, huge_tree=True, recover=True)
    root = etree.fromstring(body.encode(), parser)
    outside = [node for ways in (False, True) for node in root.itersiblings(preceding=not ways)]
    return [_node(one, set()) for one in outside], _node(root, containers(contract))


def _shielded(match: re.Match[str]) -> str:
    if match[2] is None:
        return match[0]
    code = int(match[2], 16 if match[1] else 10)
    return f"\ue000{code:X}\ue001" if code in _NOT_XML else match[0]


def _node(node: Any, holding: set[str]) -> Any:
    if not isinstance(node.tag, str):
        return ("note", type(node).__name__, node.text)
    parts: list[Any] = [node.text or ""]
    for child in node:
        parts += [_node(child, holding), child.tail or ""]
    if node.tag in holding or any(isinstance(part, tuple) and part[0] == "element" for part in parts):
        parts = [part for part in parts if not isinstance(part, str) or part.strip(" \t\r\n")]
    return "element", node.tag, sorted(_attributes(node)), [part for part in parts if part != ""]


def _attributes(node: Any) -> Any:
    for name, value in node.attrib.items():
        if name == f"{{{XSI}}}type":
            prefix, _, local = value.strip().rpartition(":")
            yield name, f"{{{node.nsmap.get(prefix or None, '')}}}{local}"
        else:
            yield name, value


def containers(contract: Contract) -> set[str]:
    """Give the expanded names of the elements that hold elements, by the contract."""
    found = {f"{{{contract.namespace}}}{contract.name}"}
    for kind in contract.types.values():
        members = kind.members if isinstance(kind, Record) else (kind.item,) if isinstance(kind, Array) else ()
        if isinstance(kind, Dictionary):
            found.add(f"{{{kind.namespace}}}{kind.entry}")
            members = (kind.key_member, kind.value_member)
        found |= {
            f"{{{member.namespace}}}{member.name}"
            for member in members
            if isinstance(contract.types[member.type], (Record, Array, Dictionary))
        }
    return found
