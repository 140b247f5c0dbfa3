"""Strategies for simple values: every class of character, every corner of a datatype.

Simple ones stand first, so that they shrink well.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from convtool.model.datatypes import DATATYPES, Datatype
from convtool.model.parts import DateTimeOffset

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["FRACTIONS", "SHORT", "dates", "dull", "scalars", "texts"]

_CONTROLS = "".join(map(chr, [*range(9), 11, 12, *range(14, 32)]))
_CLASSES = (
    ascii_letters + digits,
    " \t\n\r",
    "&<>\"'\\/]`{}[],:;#=%",
    "éÉœŒçàß€’–",
    "日本語\u0627\u05d0\u0e01",
    "😀\U00010000\U0001d11e",
    "e\u0301\u0308\u0327Å\u212b\u1e9b\u0323",  # NFC and NFD of the same, and what normal forms would change
    "\x7f\x80\x85\x9f\xa0\xad\u2028\u2029\u200b\ufeff",  # C1 controls, separators, white space of Unicode, a mark
    "\ufffe\uffff\ufffd\ufdd0\U0001fffe\U0010ffff",  # characters that are none
    _CONTROLS,
)
# Texts that a reader or writer could take for something else than a text.
_WORDS = (
    "", " ", "  a  ", "null", "true", "NaN", "-0", "1e5", "2026-03-22", "é", "e\u0301", "\r\n", "\n\r", "a\rb",
    "]]>", "&amp;", "&#xD;", "&#x1;", "&_x1;", "<b>", "<!--", "-->", "<?x?>", "i:nil", '"', "\\", "\\n", "\\u0041",
    "/Date(1)/", "\u2028", "a\u0000b", "\ufeffa",
)  # fmt: skip


@cache
def texts(*, xml_1_0: bool = False, size: int = 12) -> SearchStrategy[str]:
    """Give texts of every class of character; ``xml_1_0`` leaves out those that only .NET's XML can hold."""
    forbidden = f"{_CONTROLS}\ufffe\uffff" if xml_1_0 else ""
    classes = ["".join(c for c in chars if c not in forbidden) for chars in _CLASSES]
    words = [word for word in _WORDS if not any(c in forbidden for c in word)]
    anything = st.characters(codec="utf-8", exclude_characters=forbidden)
    character = st.one_of(*(st.sampled_from(chars) for chars in classes if chars), anything)
    mixed = st.lists(st.one_of(st.sampled_from(words), st.text(character, max_size=4)), max_size=4).map("".join)
    # A text of one class at a time, or else the rarer ones would drown among the letters.
    of_one = [st.text(chars, min_size=1, max_size=size // 2) for chars in classes[1:] if chars]
    return st.one_of(st.text(ascii_letters, min_size=1, max_size=8), st.sampled_from(words), *of_one, mixed)


# --- dates ----------------------------------------------------------------------------------------------------------

_MOMENTS = (
    datetime(2026, 3, 22), datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59), datetime(2024, 2, 29),
    datetime(1900, 2, 28), datetime(2000, 2, 29), datetime(2026, 3, 29, 2, 30), datetime(1970, 1, 1),
    datetime(2026, 12, 31, 23, 59, 59),
)  # fmt: skip
_ZONES = ("", "Z", "+01:00", "+00:00", "-00:00", "-05:30", "+14:00", "-14:00", "+13:59")
SHORT = (0.5, -2.5, 1000.25, 3.0, 0.0)  # doubles that have the same few digits everywhere
FRACTIONS = ("", ".1", ".0000001", ".9999999", ".0494548", ".123", ".999")
_LONG_FRACTIONS = (".0", ".10", ".1000000", ".12345678", ".00000005", ".1234567000")  # valid, not in wire form


@cache
def dates(*, days: bool = False, wire: bool = True) -> SearchStrategy[str]:
    """Give dateTimes with 0 to 7 digits of a second and any zone; ``days``: dates too; not ``wire``: more digits."""
    moment = st.one_of(st.sampled_from(_MOMENTS), st.datetimes().map(lambda m: m.replace(microsecond=0)))
    fraction = st.one_of(
        st.sampled_from(FRACTIONS if wire else FRACTIONS + _LONG_FRACTIONS),
        st.integers(1, 10**7 - 1).map(lambda ticks: f".{ticks:07d}".rstrip("0")),
    )
    # .NET's last tick: a longer fraction there would round beyond it.
    stamps = st.tuples(moment, fraction, st.sampled_from(_ZONES)).map(
        lambda parts: parts[0].isoformat(timespec="seconds") + parts[1] + parts[2]
    )
    return st.one_of(stamps, moment.map(lambda m: m.date().isoformat()), stamps) if days else stamps


# --- the others -----------------------------------------------------------------------------------------------------


def _decimals(*, fraction: bool) -> SearchStrategy[Decimal]:
    some = st.tuples(st.integers(-(2**96) + 1, 2**96 - 1), st.integers(int(fraction), 28))
    # From a text: arithmetic rounds to the 28 digits of Python's context, and System.Decimal has 29.
    return some.map(lambda pair: _positive_zero(Decimal(f"{pair[0]}E-{pair[1]}")))


def _positive_zero(value: Decimal) -> Decimal:
    return value or abs(value)  # System.Decimal writes no -0


def _durations() -> SearchStrategy[str]:
    """Give TimeSpans: counts of 100 ns in 64 bits, in the wire form of XML."""
    corners = (1, -1, 10**7, 9_999_999, 600_000_000, 36 * 10**9, 864 * 10**9)
    return st.one_of(st.sampled_from(corners), st.integers(-(2**63), 2**63 - 1)).map(_duration)


def _offsets() -> SearchStrategy[DateTimeOffset]:
    """Give DateTimeOffsets whose local time exists."""
    within = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda m: m.replace(microsecond=0))
    return st.builds(
        lambda moment, fraction, minutes: DateTimeOffset(f"{moment.isoformat()}{fraction}Z", minutes),
        within, st.sampled_from(FRACTIONS), st.integers(-840, 840),
    )  # fmt: skip


def _duration(ticks: int) -> str:
    seconds, fraction = divmod(abs(ticks), 10**7)
    text = f"{'-' if ticks < 0 else ''}PT{seconds}.{fraction:07d}S"
    written: str = DATATYPES["duration"].parse(text)
    return written


def _trimmed(*, xml_1_0: bool) -> SearchStrategy[str]:
    return texts(xml_1_0=xml_1_0).map(lambda text: text.strip(" \t\r\n"))


# What is drawn of a datatype beside its row's values: as its Python type, or the form of its texts, allows. Where
# there is nothing here, the row's realistic values are drawn.
_FURTHER: dict[str, Callable[[bool, bool], SearchStrategy[Any]]] = {
    "boolean": lambda _exact, _xml: st.booleans(),
    "decimal": lambda exact, _xml: _decimals(fraction=exact),
    "double": lambda _exact, _xml: st.floats(),
    "float": lambda _exact, _xml: st.floats(width=32),
    "dateTime": lambda exact, _xml: dates(wire=exact),
    "date": lambda _exact, _xml: st.dates().map(str),
    "dateOrDateTime": lambda exact, _xml: dates(days=True, wire=exact),
    "dateTimeOffset": lambda _exact, _xml: _offsets(),
    "duration": lambda _exact, _xml: _durations(),
    "guid": lambda _exact, _xml: st.uuids().map(str),
    "char": lambda _exact, _xml: st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]),
    "base64Binary": lambda _exact, _xml: st.binary(max_size=12),
    "string": lambda _exact, xml_1_0: texts(xml_1_0=xml_1_0),
    "anyURI": lambda _exact, xml_1_0: _trimmed(xml_1_0=xml_1_0),
    "QName": lambda _exact, _xml: st.from_regex("[A-Z_a-z][A-Za-z0-9_.-]{0,8}", fullmatch=True),
}


@cache
def scalars(name: str, *, exact: bool = False, xml_1_0: bool = False) -> SearchStrategy[Any]:
    """Give values of a datatype; ``exact`` leaves out what the two formats write in a different form."""
    kind: Datatype = DATATYPES[name]
    if kind.bounds is not None:
        low, high = kind.bounds
        return st.one_of(st.sampled_from(kind.corners), st.sampled_from((low, high)), st.integers(low, high))
    corners = [
        one for one in kind.corners if not exact or not kind.loses_scale or kind.write_json(one) == kind.format(one)
    ]
    further = _FURTHER[name](exact, xml_1_0) if name in _FURTHER else _realistic(kind)
    return st.one_of(st.sampled_from(corners), further) if corners else further


def _realistic(kind: Datatype) -> SearchStrategy[Any]:
    styles = st.sampled_from(kind.realistic)
    return st.builds(lambda style, random: style(random), styles, st.randoms(use_true_random=False))


@cache
def dull(name: str) -> SearchStrategy[Any]:
    """Give values of a datatype that nothing is special about, so that only what is broken on purpose is."""
    return st.sampled_from(DATATYPES[name].plain)
