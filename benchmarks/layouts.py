"""Lays one record of the wire form out otherwise: indented, or with comments everywhere. The value stays the same.

In the wire form ``>`` occurs in tags only and attribute values hold no ``<``, so tags can be told by a pattern.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from benchmarks.records import Pair

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LAYOUTS"]

_TAG = re.compile(r"<(?P<end>/)?(?P<name>\w+)[^>]*?(?P<empty>/)?>(?P<text>[^<]*)")
_LEAF = re.compile(r"<(\w+)>([^<]*)</\1>")
COMMENT = "<!-- vu -->"
_REPEATED = re.compile(f"(?:{COMMENT})+")


def _wire(pair: Pair) -> Pair:
    return pair


def _pretty(pair: Pair) -> Pair:
    """Indent by two spaces below the list, as the API's help page shows both formats."""
    lines = []
    depth = 1
    opened = False  # whether the last tag opened an element: its end tag then stays on the same line
    for tag in _TAG.finditer(pair.xml):
        depth -= bool(tag["end"])
        if not (tag["end"] and opened):
            lines.append("\n" + "  " * depth)
        lines.append(tag[0])
        opened = not tag["end"] and not tag["empty"]
        depth += opened
    text = json.dumps(json.loads(pair.json), indent=2, ensure_ascii=False)
    return Pair("".join(lines), "\n  " + text.replace("\n", "\n  "))


def _comments(pair: Pair) -> Pair:
    """Put a comment between any two tags and on both sides of any text; JSON has none and stays in the wire form."""
    xml = _LEAF.sub(rf"<\1>{COMMENT}\2{COMMENT}</\1>", pair.xml)
    xml = xml.replace("><", f">{COMMENT}<")
    return Pair(COMMENT + _REPEATED.sub(COMMENT, xml), pair.json)


#: Name → layout of one record; the parts around the records are the same in all of them.
LAYOUTS: dict[str, Callable[[Pair], Pair]] = {"wire": _wire, "pretty": _pretty, "comments": _comments}
