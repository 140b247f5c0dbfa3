"""An independent comparison of XML with JSON: the reference for everything that is measured.

Nothing here knows convtool: the way goes through lxml's tree, in which text is text and order is order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from benchmarks.shape import CONTRACT, NAMESPACE, RECORD, SHAPE, XSI, xml_order

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["record_value", "value_of"]

_NIL = f"{{{XSI}}}nil"


def record_value(element: etree._Element, record: str = RECORD) -> dict[str, Any] | None:
    """Give the value of one record's element as json would; raise ValueError for anything that is not expected."""
    if element.get(_NIL) == "true":
        return None
    value: dict[str, Any] = {}
    for child in element.iterchildren(tag=etree.Element):
        name = etree.QName(child).localname
        if name in value:
            raise ValueError(f"{name} occurs twice")
        value[name] = _member_value(child, SHAPE[record][name])
    expected = [name for name in xml_order(record) if name in value]
    if list(value) != expected:
        raise ValueError(f"members of {record} are in the order {list(value)}")
    return value


def _member_value(element: etree._Element, kind: str) -> Any:
    if element.get(_NIL) == "true":
        return None
    if kind in SHAPE:
        return [record_value(child, kind) for child in element.iterchildren(tag=etree.Element)]
    # Comments split an element's text into several nodes; together they are its value.
    text = "".join(element.xpath("text()"))
    return int(text) if kind == "int" else text


def value_of(source: bytes | Path) -> list[Any]:
    """Give the whole document's value, from its XML as bytes or a file."""
    root = etree.fromstring(source) if isinstance(source, bytes) else etree.parse(source).getroot()
    if root.tag != f"{{{NAMESPACE}}}{CONTRACT}":
        raise ValueError(f"the root is {root.tag}")
    return [record_value(child) for child in root.iterchildren(tag=etree.Element)]
