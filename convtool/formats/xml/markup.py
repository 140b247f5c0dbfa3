"""An element's content as it came, for members that hold anything: read from where it stands, and written elsewhere.

Attributes go with it, and the declarations of what it speaks of; but for what every document of the contract declares.
"""

from __future__ import annotations

import html
import re
from itertools import count
from typing import TYPE_CHECKING, Any

from convtool.model.anything import Markup
from convtool.model.components import read_tree
from convtool.model.contract import XSI

if TYPE_CHECKING:
    from lxml.etree import _Element

    from convtool.formats.text import Text
    from convtool.formats.xml.syntax import Element

__all__ = ["markup", "meaning", "opaque"]

_DECLARATION = re.compile(r"""\sxmlns(?::([^\s=]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_TYPE = f"{{{XSI}}}type"
_START_TAG = re.compile(rb"""<[^\s/>]+((?:[^<>"'/]|"[^"]*"|'[^']*'|/(?!>))*)(/?)>""")


def markup(element: Element, text: Text, default: str) -> Markup:
    """Give an element's content and attributes verbatim.

    ``default`` is the namespace in force where it will be written.

    Prefixes that the element takes from around it are declared on it where it speaks of them, in a name or in a text,
    but for ``i``, which every document declares. What is in force there anyway is not declared on it.
    """
    match = _START_TAG.match(text.data, element.start - text.origin)
    assert match is not None  # expat has read it
    known = {("i", XSI), ("", default), ("xml", "http://www.w3.org/XML/1998/namespace")}
    attributes = _DECLARATION.sub(
        lambda found: "" if _declared(found) in known else found[0], match[1].decode()
    ).rstrip()
    content = b"" if match[2] else text.data[match.end() : element.close - text.origin]
    spelt = content.decode(), attributes
    for prefix, namespace in element.scope.items():
        name = f"xmlns:{prefix}" if prefix else "xmlns"
        used = not prefix or any(prefix in one or "&#" in one for one in spelt)
        if used and (prefix, namespace) not in known and not re.search(rf"\s{re.escape(name)}\s*=", attributes):
            attributes += f' {name}="{_escaped(namespace)}"'
    return Markup(spelt[0], attributes)


def opaque(value: Markup, head: str, close: str, default: str, namespace: str) -> str:
    """Give the element of markup; ``head`` and ``close`` are its tags, within which ``default`` is in force.

    The content takes the default namespace that it declares itself, or ``namespace``, the contract's. Where the element
    takes another one, it has a prefix instead.
    """
    head, attributes = head[:-1], value.attributes
    own = next((found for found in _DECLARATION.finditer(attributes) if not found[1]), None)
    wanted = _declared(own)[1] if own else namespace
    if own:
        attributes = attributes.replace(own[0], "", 1)
    if wanted != default:
        name = close[2:-1]
        if ":" not in name:
            prefix = next(one for one in (f"q{i}" for i in count(1)) if one not in f"{head}{attributes}{value.content}")
            head = head.replace(f' xmlns="{_escaped(default)}"', "").replace(f"<{name}", f"<{prefix}:{name}", 1)
            head, close = f'{head} xmlns:{prefix}="{_escaped(default)}"', f"</{prefix}:{name}>"
        head += f' xmlns="{_escaped(wanted)}"'
    return f"{head}{attributes}>{value.content}{close}" if value.content else f"{head}{attributes} />"


def meaning(value: Markup, namespace: str) -> Any:
    """Give what markup in a contract of a namespace says, to be compared: without prefixes and comments.

    White space between elements says nothing, as .NET's XmlDocument drops it. What no XML reader takes is itself.
    """
    text = opaque(value, f'<x xmlns:i="{XSI}" xmlns="{_escaped(namespace)}">', "</x>", namespace, namespace)
    try:
        return _said(read_tree(text.encode(), data_only=True))
    except ValueError:
        return value


def _said(element: _Element) -> tuple[Any, ...]:
    attributes = {str(name): str(value) for name, value in element.items()}
    if _TYPE in attributes:
        prefix, _, name = attributes[_TYPE].strip().rpartition(":")
        attributes[_TYPE] = f"{{{element.nsmap.get(prefix or None, '')}}}{name}"
    texts = [element.text or "", *(child.tail or "" for child in element)]
    if len(element) and not "".join(texts).strip():
        texts = []
    return element.tag, sorted(attributes.items()), texts, [_said(child) for child in element]


def _declared(declaration: re.Match[str]) -> tuple[str, str]:
    """Give the prefix and the namespace of a declaration."""
    return declaration[1] or "", html.unescape(declaration[2] or declaration[3] or "")


def _escaped(namespace: str) -> str:
    return namespace.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
