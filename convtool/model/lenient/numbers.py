"""Numbers as .NET's number styles and Convert read them in the invariant culture.

Json.NET reads an ``int`` with Int32.TryParse and a decimal with Decimal.TryParse; all other numbers go through
Convert.ChangeType, which also takes booleans, and rounds a number with a fraction to an even integer.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from convtool._lazy import pattern
from convtool.model.numbers import LexicalError, cut_double, parse_integer, to_single

__all__ = [
    "WORDS", "char_of_number", "check_nullable", "decimal", "decimal_of_number", "double", "double_of_boolean",
    "double_of_number", "integer", "integer_of_boolean", "integer_of_number", "rounded_decimal", "single",
    "unsigned_zero", "whole_number", "xml_word",
]  # fmt: skip

_WHITE = "[\t\n\x0b\x0c\r ]*"  # what NumberStyles call white space
_DIGITS = r"(?P<digits>[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)"
_INTEGER = pattern(f"{_WHITE}([+-]?[0-9]+){_WHITE}\0*")
_NUMBER = pattern(f"{_WHITE}(?P<sign>[+-]?){_DIGITS}(?:{_WHITE}(?P<after>[+-]))?{_WHITE}\0*")
_FLOAT = pattern(f"{_WHITE}(?P<sign>[+-]?){_DIGITS}(?P<exponent>(?:[eE][+-]?[0-9]+)?){_WHITE}\0*")
WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_WHOLE = pattern("-?[0-9]{1,400}")
_LONG = 2**63
_XML_DECIMAL = pattern(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_LONGEST_EXPONENT = 5  # characters: .NET takes no more than 9999, and more would only cost time
_MOST = 2**96 - 1
_SCALE = 28
_WIDE = Context(prec=200, Emin=-(10**6), Emax=10**6)


def integer(text: str, low: int, high: int, what: str) -> int:
    """Give the integer of NumberStyles.Integer: a sign, and white space around it."""
    match = _INTEGER.fullmatch(text)
    if match is None:
        raise LexicalError("lexical", what)
    return parse_integer(match[1], low, high, what)


def integer_of_number(token: str, low: int, high: int, what: str) -> int:
    """Give the integer that Convert makes of a JSON number: halves go to the even side."""
    if re.fullmatch("-?[0-9]+", token):
        return parse_integer(token, low, high, what)
    value = double_of_number(token)
    if math.isinf(value) or math.isnan(value):
        raise LexicalError("range", f"{what}, from {low} to {high}")
    rounded = round(value)
    if not low <= rounded <= high:
        raise LexicalError("range", f"{what}, from {low} to {high}")
    return rounded


def whole_number(token: str, low: int, high: int, what: str) -> int:
    """Give the integer that a JSON number is to JSON Schema and to .NET alike, as 3.0 and 1e2 are."""
    value = integer_of_number(token, low, high, what)
    try:
        same = Decimal(token) == value
    except InvalidOperation:  # more digits of an exponent than Decimal holds
        same = False
    if not same:
        raise LexicalError("lexical", what)
    return value


def integer_of_boolean(token: str) -> int:
    """Give 1 for true and 0 for false."""
    return int(token == "true")


def char_of_number(token: str) -> str:
    """Give the character of a code; halves of surrogate pairs have no text in JSON."""
    code = parse_integer(token, 0, 0xFFFF, "the code of a character")
    if 0xD800 <= code <= 0xDFFF:
        raise LexicalError("range", "the code of a character (not half of a surrogate pair)")
    return chr(code)


def decimal(text: str) -> Decimal:
    """Give the decimal of NumberStyles.Number: thousands separators, a sign in front or behind."""
    match = _NUMBER.fullmatch(text)
    if match is None or (match["sign"] and match["after"]):
        raise LexicalError("lexical", "a decimal number, without an exponent")
    return held(Decimal((match["sign"] or match["after"] or "") + match["digits"].replace(",", "").rstrip(".")))


def rounded_decimal(text: str) -> Decimal:
    """Give the decimal of a text in XML's form that has more digits than System.Decimal holds."""
    if not _XML_DECIMAL.fullmatch(text):
        raise LexicalError("lexical", "a decimal number, without an exponent")
    return held(Decimal(text))


def decimal_of_number(token: str) -> Decimal:
    """Give the decimal of a JSON number, which may have an exponent."""
    if token in WORDS or len(token.lower().partition("e")[2]) > _LONGEST_EXPONENT:
        raise LexicalError("range", "a decimal of at most 96 bits and 28 digits of fraction")
    return held(Decimal(token))


def held(value: Decimal) -> Decimal:
    """Give a number as System.Decimal holds it: rounded to 96 bits and a scale of 28, halves to the even side."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if value and value.adjusted() > _SCALE:
        raise LexicalError("range", "a decimal of at most 96 bits and 28 digits of fraction")
    scale = min(max(-exponent, 0), _SCALE)
    while True:
        found = value.quantize(Decimal((0, (1,), -scale)), rounding=ROUND_HALF_EVEN, context=_WIDE)
        if abs(int(found.scaleb(scale, context=_WIDE))) <= _MOST:
            return found if found else abs(found)
        if not scale:
            raise LexicalError("range", "a decimal of at most 96 bits and 28 digits of fraction")
        scale -= 1


def double(text: str) -> float:
    """Give the double of NumberStyles.Float with thousands separators; what overflows is refused."""
    stripped = text.strip("\t\n\x0b\x0c\r ")
    if stripped in WORDS:
        return WORDS[stripped]
    match = _FLOAT.fullmatch(text)
    if match is None:
        raise LexicalError("lexical", "a number, NaN, Infinity or -Infinity")
    return finite(match["sign"] + match["digits"].replace(",", "") + match["exponent"])


def single(text: str) -> float:
    """Give the float of a text, as ``double`` does."""
    value = double(text)
    found = to_single(value)
    if math.isinf(found) and not math.isinf(value):
        raise LexicalError("range", "a number that a float can hold")
    return found


def double_of_number(token: str) -> float:
    """Give the double of a JSON number."""
    if token in WORDS:
        return WORDS[token]
    return cut_double(token) if _WHOLE.fullmatch(token) else finite(token)


def check_nullable(token: str) -> None:
    """Refuse an integer beyond 64 bits, which Convert makes a double of, but not a nullable one."""
    if _WHOLE.fullmatch(token) and not -_LONG <= int(token) < _LONG:
        raise LexicalError("range", "a number that Json.NET converts: an integer of up to 64 bits, or with a fraction")


def finite(text: str) -> float:
    """Give the double of a text; .NET Framework refuses what overflows."""
    value = float(text)
    if math.isinf(value):
        raise LexicalError("range", "a number that a double can hold")
    return value


def double_of_boolean(token: str) -> float:
    """Give 1 for true and 0 for false."""
    return float(token == "true")


def xml_word(text: str) -> float:
    """Give the infinities by the names that .NET has for them, beside XML's INF."""
    if text not in WORDS:
        raise LexicalError("lexical", "a number, INF, -INF or NaN")
    return WORDS[text]


def unsigned_zero(value: float) -> float:
    """Give a number as .NET Framework has it after reading: there is no -0."""
    return value or 0.0
