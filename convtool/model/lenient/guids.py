"""GUIDs in the forms that .NET's Guid reads: N (32 digits), D (with hyphens), B and P (D in braces, parentheses), X."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convtool._lazy import pattern
from convtool.model.lenient.dates import SPACES, WHITE
from convtool.model.numbers import LexicalError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["guid"]

_SPACE = pattern(f"[{WHITE}]+")
_HEX = "[0-9A-Fa-f]"
_PLAIN = pattern(f"{_HEX}{{32}}")
# Each group of D is read as a number, which may begin with a plus sign or 0x instead of digits.
_GROUPS = "-".join(f"(?=[^-]{{{length}}}(?![^-]))(\\+?(?:0[xX])?{_HEX}+)" for length in (8, 4, 4, 4, 12))
_HYPHENS = pattern(_GROUPS)
_NUMBER = f"0[xX]\\+?0*({_HEX}{{1,8}})"
_X = pattern(f"{{{_NUMBER},{_NUMBER},{_NUMBER},{{{','.join([_NUMBER] * 8)}}}}}")
_WIDTHS = {"D": (8, 4, 4, 4, 12), "X": (8, 4, 4, *[2] * 8)}
_PAIRS = {"{": "}", "(": ")"}


def guid(text: str) -> str:
    """Give the GUID as .NET writes it."""
    stripped = text.strip(SPACES)
    found = ""
    if _PLAIN.fullmatch(stripped):
        found = stripped
    elif (match := _X.fullmatch(_SPACE.sub("", text))) is not None:
        found = _joined(match.groups(), "X")
    elif stripped:
        inner = stripped[1:-1] if _PAIRS.get(stripped[0]) == stripped[-1:] else stripped
        match = _HYPHENS.fullmatch(inner)
        if match is not None:
            found = _joined([re.sub(r"^\+?(0[xX])?", "", group) for group in match.groups()], "D")
    if not found:
        raise LexicalError("lexical", "a GUID: 8-4-4-4-12 hexadecimal digits")
    found = found.lower()
    return f"{found[:8]}-{found[8:12]}-{found[12:16]}-{found[16:20]}-{found[20:]}"


def _joined(numbers: Sequence[str], form: str) -> str:
    """Give the 32 digits of a GUID's numbers; of numbers that are too long for 16 bits, .NET keeps the last 16."""
    if any(int(digits, 16) > 255 for digits in numbers[3:] if form == "X"):
        raise LexicalError("lexical", "a GUID whose last eight numbers are bytes")
    return "".join(digits.zfill(width)[-width:] for digits, width in zip(numbers, _WIDTHS[form], strict=True))
