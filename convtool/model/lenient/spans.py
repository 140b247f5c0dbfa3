"""TimeSpan.Parse in the invariant culture, and the durations of XML with years and months.

Two readings are tried in turn: ``72:00:00`` has no 72nd hour, so it is 72 days.
"""

from __future__ import annotations

import re

from convtool._lazy import pattern
from convtool.model.lenient.dates import SPACES
from convtool.model.numbers import LexicalError

__all__ = ["timespan", "total", "xml_duration"]

_WANTED = "a TimeSpan as 1.02:03:04.5"
_NUMBER = "0*[0-9]{1,8}"
_FRACTION = r"(?:\.(?P<f>[0-9]{1,15}))?"
_SIGN = "(?P<sign>-?)"


def _form(text: str) -> re.Pattern[str]:
    """Make an expression of a form whose numbers are letters: of days, hours, minutes, seconds."""
    return pattern(_SIGN + re.sub("[dhms]", lambda m: f"(?P<{m[0]}>{_NUMBER})", text) + _FRACTION)


_FORMS = (*map(_form, ("h:m:s", "d[.:]h:m:s")), *(pattern(f.pattern.removesuffix(_FRACTION)) for f in map(
    _form, ("d", "h:m", "d[.:]h:m"))))  # fmt: skip
_DIGITS = 7  # of a second
_MOST = {"d": 10_675_199, "h": 23, "m": 59, "s": 59}


def timespan(text: str) -> int:
    """Give the ticks (of 100 ns) of a TimeSpan's text."""
    stripped = text.strip(SPACES)
    for form in _FORMS:
        match = form.fullmatch(stripped)
        if match is None:
            continue
        parts = {name: int(digits or 0) for name, digits in match.groupdict().items() if name in _MOST}
        if all(value <= _MOST[name] for name, value in parts.items()):
            days, hours, minutes, seconds = (parts.get(name, 0) for name in "dhms")
            return total(match["sign"], days, hours, minutes, seconds, _fraction(match.groupdict().get("f")))
    raise LexicalError("lexical", _WANTED)


def _fraction(digits: str | None) -> int:
    """Give the ticks of a fraction, with what .NET makes of more than seven digits: .00000008 is eight ticks."""
    if not digits:
        return 0
    number = digits.lstrip("0")
    zeros, ticks = len(digits) - len(number), int(number or 0)
    if zeros > _DIGITS or ticks >= 10**_DIGITS or (ticks and zeros and ticks >= (10**_DIGITS - 1) // 10 ** (zeros - 1)):
        raise LexicalError("lexical", _WANTED)
    while ticks and ticks < 10 ** (_DIGITS - 1) // 10**zeros:
        ticks *= 10
    return ticks


def total(sign: str, days: int, hours: int, minutes: int, seconds: int, fraction: int) -> int:
    """Give the ticks of a TimeSpan's parts; LexicalError where it cannot hold them."""
    ticks = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 10**7 + fraction
    ticks = -ticks if sign else ticks
    if not -(2**63) <= ticks < 2**63:
        raise LexicalError("range", "a duration of less than 10675200 days")
    return ticks


_XML = pattern(
    r"(?P<sign>-?)P(?:(?P<y>[0-9]+)Y)?(?:(?P<mo>[0-9]+)M)?(?:(?P<d>[0-9]+)D)?"
    r"(?:T(?:(?P<h>[0-9]+)H)?(?:(?P<m>[0-9]+)M)?(?:(?P<s>[0-9]*)(?:\.(?P<f>[0-9]*))?S)?)?"
)
_YEAR, _MONTH = 365, 30  # days: XsdDuration.ToTimeSpan
_LARGEST = 2**31 - 1


def xml_duration(text: str) -> int:
    """Give the ticks of an xs:duration with years or months, or without digits on one side of a point."""
    match = _XML.fullmatch(text)
    if match is None or match[0].endswith(("T", "P")) or (match["s"] == "" and match["f"] is None):
        raise LexicalError("lexical", "a duration")
    found = {name: int(digits or 0) for name, digits in match.groupdict().items() if name not in ("sign", "f")}
    if max(found.values()) > _LARGEST:
        raise LexicalError("range", "a duration of less than 10675200 days")
    years, months = divmod(found["mo"], 12)
    days = (found["y"] + years) * _YEAR + months * _MONTH + found["d"]
    return total(match["sign"], days, found["h"], found["m"], found["s"], int((match["f"] or "")[:7].ljust(7, "0")))
