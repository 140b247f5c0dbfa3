"""An element's content as it came, for members that hold anything: how it is written, and what it says.

Attributes go with it, and the declarations of what it speaks of; but for what every document of the contract declares.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import msgspec

from convtool._lazy import pattern
from convtool.model.components import read_tree
from convtool.model.contract import XSI
from convtool.model.escapes import in_attribute

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from lxml.etree import _Element

    from convtool.model.anything import Markup


__all__ = [
    "ATTRIBUTE", "ESCAPED", "declared", "element_of", "escape", "fault", "is_alike", "is_nil", "meaning", "opaque",
]  # fmt: skip

#: An attribute with the white space before it: each is gone over, since a value may hold what looks like another one.
ATTRIBUTE = pattern(r"""(?<!\s)\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")

# A CR would be turned into LF by any XML reader; the reference survives.
ESCAPED = pattern("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]")
_ESCAPES = {code: f"&#x{code:X};" for code in (*range(9), 11, 12, *range(13, 32), 0xFFFE, 0xFFFF)}
_ESCAPES |= {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_REFERENCE = pattern("&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,8}));")
_TYPE = f"{{{XSI}}}type"


def escape(text: str) -> str:
    """Give a text as it stands in an element."""
    return text.translate(_ESCAPES) if ESCAPED.search(text) else text


def opaque(value: Markup, head: str, close: str, around: Mapping[str, str], namespace: str) -> str:
    """Give the element of markup: ``head`` and ``close`` are its tags, ``around`` the namespaces in force, by prefix.

    The content takes the default namespace that it declares itself, or ``namespace``, the contract's. Where the element
    takes another one, or its content declares the element's prefix anew, the element has a prefix of its own.
    """
    head, name = head[:-1], close[2:-1]
    own = {prefix: uri for prefix, uri in map(declared, ATTRIBUTE.finditer(value.attributes)) if prefix is not None}
    attributes, wanted = value.attributes, own.get("", namespace)
    if "" in own:
        attributes = ATTRIBUTE.sub(lambda found: "" if found[1] == "xmlns" else found[0], attributes)
    prefix, _, local = name.rpartition(":")
    default, its = around[""], around[prefix]
    if its != (own.get(prefix, its) if prefix else wanted):
        fresh = next(one for one in (f"q{i}" for i in count(1)) if one not in f"{head}{attributes}{value.content}")
        head = head.replace(f' xmlns="{in_attribute(default)}"', "").replace(f"<{name}", f"<{fresh}:{local}", 1)
        head, close = f'{head} xmlns:{fresh}="{in_attribute(its)}"', f"</{fresh}:{local}>"
    if wanted != default:
        head += f' xmlns="{in_attribute(wanted)}"'
    return f"{head}{attributes}>{value.content}{close}" if value.content else f"{head}{attributes} />"


def meaning(value: Markup, namespace: str) -> Any:
    """Give what markup in a contract of a namespace says, to be compared: without prefixes and comments.

    White space between elements says nothing, as .NET's XmlDocument drops it. What no XML reader takes is itself.
    """
    try:
        return _said(read_tree(_document(value, namespace).encode(), data_only=True))
    except ValueError:
        return value


def fault(value: Markup, namespace: str) -> str:
    """Say why markup that did not come from an element is not what one holds; nothing where it may be."""
    from xml.parsers import expat  # only what has markup in JSON needs it

    if "<" in value.attributes or ATTRIBUTE.sub("", value.attributes).strip():
        return "`#attributes` has something that is no attribute"
    nil: list[str] = []

    def first(_: str, attributes: dict[str, str]) -> None:
        nil.append(attributes.get(f"{XSI} nil", ""))
        parser.StartElementHandler = None

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = first
    shielded = msgspec.structs.replace(value, content=_REFERENCE.sub(_plain, value.content))
    try:
        parser.Parse(_document(shielded, namespace).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return expat.ErrorString(error.code)
    return "a value that is null is null" if nil[0].strip() in ("true", "1") else ""


def _plain(reference: re.Match[str]) -> str:
    """Give a letter for a reference to a character that XML 1.0 has not: in a text .NET writes and reads it."""
    code = int(reference[1] or "0", 16) or int(reference[2] or "0")
    return "x" if code in _ESCAPES else reference[0]


def element_of(value: Markup, namespace: str) -> _Element:
    """Give markup in a contract of a namespace as an element; ValueError where no XML reader takes it."""
    return read_tree(_document(value, namespace).encode())


def is_alike(text: str, value: Markup, namespace: str) -> bool:
    """Tell whether the text of an element says what markup says, up to prefixes."""
    return bool(_said(read_tree(text.encode(), data_only=True)) == meaning(value, namespace))


def is_nil(element: _Element) -> bool:
    """Tell whether an element is null."""
    return (element.get(f"{{{XSI}}}nil") or "").strip() in ("true", "1")


def _document(value: Markup, namespace: str) -> str:
    others = (declared(found)[0] for found in ATTRIBUTE.finditer(value.attributes))
    head = "<x" if "i" in others else f'<x xmlns:i="{XSI}"'
    return opaque(value, f'{head} xmlns="{in_attribute(namespace)}">', "</x>", {"": namespace}, namespace)


def _said(element: _Element) -> tuple[Any, ...]:
    attributes = {str(name): str(value) for name, value in element.items()}
    if _TYPE in attributes:
        prefix, _, name = attributes[_TYPE].strip().rpartition(":")
        attributes[_TYPE] = f"{{{element.nsmap.get(prefix or None, '')}}}{name}"
    texts = [element.text or "", *(child.tail or "" for child in element)]
    if len(element) and not "".join(texts).strip():
        texts = []
    return element.tag, sorted(attributes.items()), texts, [_said(child) for child in element]


def declared(attribute: re.Match[str]) -> tuple[str | None, str]:
    """Give the prefix that an attribute declares, None where it is no declaration, and its value: the namespace."""
    word, _, name = attribute[1].partition(":")
    prefix = name if word == "xmlns" else None
    value = attribute[2][1:-1]
    if prefix is None or "&" not in value:
        return prefix, value
    import html  # few namespaces have references

    return prefix, html.unescape(value)
