"""Text as .NET's XML writer has it in an element and in an attribute (System.Xml, XmlTextEncoder; recordings)."""

from __future__ import annotations

__all__ = ["in_attribute", "in_content"]

_IN_CONTENT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_IN_ATTRIBUTE = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"})


def in_content(text: str) -> str:
    """Give a simple value's text as it stands in an element."""
    return text.translate(_IN_CONTENT)


def in_attribute(text: str) -> str:
    """Give a namespace as it stands in a declaration, in double quotes."""
    return text.translate(_IN_ATTRIBUTE)
