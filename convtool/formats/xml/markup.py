"""An element's content as it came, for members that hold anything: read from where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convtool.formats.markup import ATTRIBUTE, declared
from convtool.model.anything import Markup
from convtool.model.contract import XSI
from convtool.model.escapes import in_attribute

if TYPE_CHECKING:
    from convtool.formats.text import Text
    from convtool.formats.xml.syntax import Element

__all__ = ["markup"]

_UNPREFIXED = re.compile(rb"<[^\s/>:!?]+[\s/>]")
_START_TAG = re.compile(rb"""<(?:([^\s/>:]+):)?[^\s/>]+((?:[^<>"'/]|"[^"]*"|'[^']*'|/(?!>))*)(/?)>""")


def markup(element: Element, text: Text, default: str) -> Markup:
    """Give an element's content and attributes verbatim.

    ``default`` is the namespace in force where it will be written.

    Prefixes that the element takes from around it are declared on it where it speaks of them, in a name or in a text,
    but for ``i``, which every document declares. What is in force there anyway is not declared on it, and neither is a
    prefix of its name alone, which it has of where it stands.
    """
    match = _START_TAG.match(text.data, element.start - text.origin)
    assert match is not None  # expat has read it
    known = {("i", XSI), ("", default), ("xml", "http://www.w3.org/XML/1998/namespace")}
    attributes = ATTRIBUTE.sub(lambda found: "" if declared(found) in known else found[0], match[2].decode()).rstrip()
    content = b"" if match[3] else text.data[match.end() : element.close - text.origin]
    attributes = _without_its_own(attributes, (match[1] or b"").decode(), content.decode())
    spelt = content.decode(), attributes
    there = {declared(found)[0] for found in ATTRIBUTE.finditer(attributes)}
    around = {prefix: namespace for prefix, namespace in element.scope.items() if prefix not in there}
    for prefix, namespace in around.items():
        if prefix and (prefix, namespace) not in known and any(_speaks(one, prefix) for one in spelt):
            attributes += f' xmlns:{prefix}="{in_attribute(namespace)}"'
    own = around.get("", "" if "" not in there and _UNPREFIXED.search(content) else default)
    if own != default:  # before the others, as it is written
        attributes = f' xmlns="{in_attribute(own)}"{attributes}'
    return Markup(spelt[0], attributes)


def _without_its_own(attributes: str, prefix: str, content: str) -> str:
    """Give attributes without the declaration of a prefix that nothing but the element's name has."""
    if not prefix:
        return attributes
    rest = ATTRIBUTE.sub(lambda found: "" if declared(found)[0] == prefix else found[0], attributes)
    return attributes if _speaks(rest, prefix) or _speaks(content, prefix) else rest


def _speaks(text: str, prefix: str) -> bool:
    """Tell whether a text may use a prefix: as a word of its own, before a colon or not, or written as references."""
    if prefix not in text:
        return "&#" in text
    return "&#" in text or re.search(rf"(?<![\w.-]){re.escape(prefix)}(?![\w.-])", text) is not None
