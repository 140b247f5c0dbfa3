"""What a document has that says nothing: white space, comments, instructions, tags without an end; too much of it.

The functions look at what is in memory, and cost next to nothing of a document that is as it should be: those that say
that there may be too much leave it to the readers to say so.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr

from convtool._lazy import pattern
from convtool.limits import LIMITS

__all__ = [
    "HUGE",
    "SECTIONS",
    "TOO_LONG",
    "blank",
    "endless_tag",
    "has_long_notes",
    "has_long_prolog",
    "is_all_prolog",
    "unending",
]

HUGE = 1_000_000  # bytes of a tag of XML that expat is not given: its time grows faster than their number
TOO_LONG = f"A tag has more than {HUGE:,} bytes: its name and attributes are too long, or it does not end."
SECTIONS = ("<![CDATA[", "<!--", "<?")  # which may have any text up to their end

_SPACES = " \t\r\n"  # what XML and JSON take for white space
_SECTION = pattern(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|(<!--|<!\[CDATA\[|<\?)", re.DOTALL)
_SECTION_BYTES = pattern(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|(<!--|<!\[CDATA\[|<\?)", re.DOTALL)
# Up to more attributes than there may be, whose number costs memory; a value may hold a >.
_TAG = pattern(r"""<(?>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'){0,9999})>""")
_TAG_BYTES = pattern(rb"""<(?>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'){0,9999})>""")
# What may stand before the root, as far as it surely ends.
_PROLOG = pattern(rb"(?>(?:\xef\xbb\xbf)?(?:[ \t\r\n]++|<!--.*?-->|<\?.*?\?>)*)", re.DOTALL)


def blank(data: AnyStr) -> int:
    """Give where more white space stands in a row than ``payload.space``, -1 where there is none."""
    most, size = LIMITS.space, len(data)
    if size <= most:
        return -1
    spaces: AnyStr = _SPACES.encode() if isinstance(data, bytes) else _SPACES
    block = most // 2 + 1  # one of these, counted from the start, is white space alone
    for at in range(0, size, block):
        if data[at : at + 1].strip(spaces) or data[at : at + block].strip(spaces):
            continue
        before = data[max(0, at - block) : at]
        begin = at - len(before) + len(before.rstrip(spaces))
        row = data[begin : begin + most + 1]
        if len(row) > most and not row.strip(spaces):
            return begin
    return -1


def unending(data: AnyStr) -> int:
    """Give where an XML comment or instruction begins that has not ended in four times as much as it may have, or -1.

    ``data``: what is in hand of a document of XML, from its beginning or from a place between records on.
    """
    least = len(data) - 4 * LIMITS.comment
    if least <= 0:
        return -1
    text = isinstance(data, str)
    kinds: Any = (("<!--", "-->"), ("<?", "?>")) if text else ((b"<!--", b"-->"), (b"<?", b"?>"))
    last = [(data.rfind(begin, 0, least), len(begin), end) for begin, end in kinds]
    if not any(at >= 0 and data.find(end, at + size) < 0 for at, size, end in last):
        return -1
    found: Any = _SECTION if text else _SECTION_BYTES
    for match in found.finditer(data):
        if match[1] is not None:  # it does not end; in a section of CDATA others would be text
            return match.start() if match.start() < least and len(match[1]) < len("<![CDATA[") else -1
    return -1


def has_long_prolog(data: bytes) -> bool:
    """Tell whether more stands before the root than there may be; a document's beginning is enough of it."""
    most = LIMITS.comment
    if len(data) <= most:
        return False
    match = _PROLOG.match(data[: most + len("<!---->")])
    assert match is not None
    return match.end() > most or data.startswith((b"<!--", b"<?"), match.end())


def endless_tag(data: AnyStr) -> int:
    """Give where a tag begins that has not ended in four times as much as it may have, or -1; ``data`` as above."""
    text = isinstance(data, str)
    begin: Any = "<" if text else b"<"
    tag: Any = _TAG if text else _TAG_BYTES
    at = data.rfind(begin)
    if at < 0 or len(data) - at <= 4 * HUGE or tag.match(data, at):
        return -1
    found: Any = _SECTION if text else _SECTION_BYTES
    inside = any(match[1] is not None or match.start() <= at < match.end() for match in found.finditer(data))
    return -1 if inside else at


def has_long_notes(data: bytes) -> bool:
    """Tell whether there may be a comment that is longer than one may be: a section of CDATA may look like one."""
    most, size = LIMITS.comment, len(data)
    if size <= most or b"!" not in data or (first := data.find(b"<!--")) < 0:  # a single byte is found in no time
        return False
    block = most // 3  # one of these has no end of a comment, not even the one that ``<!-->`` seems to have
    for at in range(first, size, block):
        if data.find(b"-->", at, at + block) < 0:
            begin = data.rfind(b"<!--", 0, at + block)
            end = data.find(b"-->", begin + 4)
            if (size if end < 0 else end) - begin > most:
                return True
    return False


def is_all_prolog(data: bytes | str) -> bool:
    """Tell whether what is in hand of a document's beginning is enough to say that too much stands before the root."""
    if len(data) <= LIMITS.space + 2 * LIMITS.comment:
        return False
    head = data[: 2 * LIMITS.comment]
    start = head if isinstance(head, bytes) else head.encode()
    text = start.lstrip()
    return has_long_prolog(start) if text.startswith(b"<") else text.startswith(b"/*") and b"*/" not in text
