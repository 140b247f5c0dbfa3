"""Numbers as XML Schema, .NET and Json.NET write them: integers, decimals, doubles and floats.

Nothing goes through float but doubles and floats themselves. Integer texts are ASCII digits (Python's ``int`` also
takes ``1_000`` and ``٥``), and their length is bounded before any conversion.
"""

from __future__ import annotations

import math
import struct
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from convtool._lazy import pattern

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "DECIMAL", "FLOAT", "LexicalError", "decimal_from_json", "decimal_to_json", "double_from_json", "double_to_json",
    "format_decimal", "format_double", "format_single", "integer_pattern", "parse_decimal",
    "parse_double", "parse_integer", "parse_single", "single_from_json", "single_to_json", "to_single",
]  # fmt: skip

_INTEGER = pattern(r"[+-]?[0-9]+")
_DECIMAL = pattern(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_FLOAT = pattern(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
DECIMAL = r"-?(?:0|[1-9][0-9]{0,27})(?:\.[0-9]{1,28})?"  # wire form; that 96 bits hold it is checked by parsing
FLOAT = r"-?(?:0|[1-9][0-9]{0,16})(?:\.[0-9]{1,17})?(?:E[+-][0-9]{2,3})?|-?INF|NaN"
_DECIMAL_MAX = 2**96 - 1  # System.Decimal: a 96-bit integer and a scale of 0 to 28
_DECIMAL_SCALE = 28
_LONG_DIGITS = 19  # an integer of fewer is one of 64 bits
_LONGEST_DOUBLE = 400  # characters: more digits than any double has before the point
_MANTISSA = 53  # bits of a double
_LONGEST = 20  # digits of the largest integer that a datatype holds


class LexicalError(ValueError):
    """A text that is not of a datatype: ``kind`` is "lexical" (its form) or "range" (its value).

    ``wanted`` says what is.
    """

    def __init__(self, kind: str, wanted: str) -> None:
        super().__init__(kind, wanted)
        self.kind = kind
        self.wanted = wanted


def integer_pattern(low: int, high: int) -> str:
    """Give a regular expression for the wire form of exactly the integers from ``low`` (at most 0) to ``high``."""
    below = f"-(?:{_up_to(-low)})|" if low else ""
    return f"{below}{_up_to(high)}|0"


def _up_to(limit: int) -> str:
    """Give alternatives for 1 to ``limit``, the common short numbers first, then by leading digits."""
    digits = str(limit)
    parts = [f"[1-9][0-9]{{0,{len(digits) - 2}}}(?![0-9])"] if len(digits) > 1 else []
    for i, digit in enumerate(digits):
        lowest = 1 if i == 0 else 0
        if int(digit) > lowest:
            parts.append(f"{digits[:i]}[{lowest}-{int(digit) - 1}][0-9]{{{len(digits) - i - 1}}}")
    return "|".join([*parts, digits])


def parse_integer(text: str, low: int, high: int, what: str) -> int:
    """Give the integer of ``text`` (ASCII digits, optional sign) between ``low`` and ``high``."""
    if len(text) <= _LONGEST and text.isascii() and text.isdigit():  # most are; the rest is for a closer look
        value = int(text)
        if low <= value <= high:
            return value
    if not _INTEGER.fullmatch(text):
        raise LexicalError("lexical", what)
    # Leading zeros are legal without end; int() refuses texts over 4,300 digits and is quadratic before that.
    digits = text.lstrip("+-").lstrip("0") or "0"
    value = int(digits) if len(digits) <= _LONGEST else 0
    value = -value if text.startswith("-") else value
    if len(digits) > _LONGEST or not low <= value <= high:
        raise LexicalError("range", f"{what}, from {low} to {high}")
    return value


def parse_decimal(text: str) -> Decimal:
    """Give the decimal of ``text`` with its scale.

    Beyond what System.Decimal holds (96 bits, scale 28) is out of range.
    """
    if not _DECIMAL.fullmatch(text):
        raise LexicalError("lexical", "a decimal number, without an exponent")
    whole, _, fraction = text.lstrip("+-").partition(".")
    whole = whole.lstrip("0")
    while fraction.endswith("0") and not _holds(whole, fraction):
        fraction = fraction[:-1]  # .NET drops zeros that do not fit: 79228162514264337593543950335.0
    if not _holds(whole, fraction):
        raise LexicalError("range", "a decimal of at most 96 bits and 28 digits of fraction")
    sign = "-" if text.startswith("-") else ""
    return Decimal(f"{sign}{whole or 0}.{fraction}" if fraction else f"{sign}{whole or 0}")


def _holds(whole: str, fraction: str) -> bool:
    """Tell whether System.Decimal holds a number's digits."""
    if len(whole) > _DECIMAL_SCALE + 1 or len(fraction) > _DECIMAL_SCALE:
        return False
    return int((whole + fraction) or 0) <= _DECIMAL_MAX


def format_decimal(value: Decimal) -> str:
    """Give the decimal's digits with its scale and without an exponent, as .NET writes them; there is no -0."""
    text = f"{value:f}"
    return text.lstrip("-") if not value else text


def decimal_from_json(token: str) -> Decimal:
    """Give the decimal of a JSON number: Json.NET takes exponents there."""
    if "e" not in token and "E" not in token:
        return parse_decimal(token)
    mantissa, _, exponent = token.lower().partition("e")
    if len(exponent) > 4:
        raise LexicalError("range", "a decimal of at most 96 bits and 28 digits of fraction")
    sign, digits, scale = Decimal(mantissa).as_tuple()  # not by arithmetic, which rounds to Python's 28 digits
    return parse_decimal(f"{Decimal((sign, digits, int(scale) + int(exponent))):f}")


def decimal_to_json(value: Decimal) -> str:
    """Give the JSON number of a decimal: Json.NET adds ``.0`` where there is no fraction."""
    text = format_decimal(value)
    return text if "." in text else f"{text}.0"


def parse_double(text: str) -> float:
    """Give the double of an xs:double: INF, -INF and NaN are its own words; .NET Framework refuses what overflows."""
    special = {"INF": math.inf, "-INF": -math.inf, "NaN": math.nan}.get(text)
    if special is not None:
        return special
    if not _FLOAT.fullmatch(text):
        raise LexicalError("lexical", "a number, INF, -INF or NaN")
    value = float(text)
    if math.isinf(value):
        raise LexicalError("range", "a number that a double can hold")
    return value


def parse_single(text: str) -> float:
    """Give the float of an xs:float, rounded to single precision."""
    value = parse_double(text)
    single = to_single(value)
    if math.isinf(single) and not math.isinf(value):
        raise LexicalError("range", "a number that a float can hold")
    return single


def to_single(value: float) -> float:
    """Round a double to single precision; what overflows is infinite."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def format_double(value: float) -> str:
    """Give a text that reads back as ``value``, as .NET's "R" format writes it: ``1E+17``, ``1.5E-05``, ``INF``."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return _dotnet_form(value, 15, 17, float)


def format_single(value: float) -> str:
    """Give a text that reads back as the same single-precision number, as .NET's "R" format writes it."""
    if math.isnan(value) or math.isinf(value):
        return format_double(value)
    return _dotnet_form(value, 7, 9, lambda text: to_single(float(text)))


def _dotnet_form(value: float, digits: int, more: int, parse: Callable[[str], float]) -> str:
    """Give a number as .NET's "R" format does: with the few digits that always hold if they read back, else with all.

    So there are 15 or 17 digits where the shortest text has 16 (recordings: contracts/ArrayOfMesure). It is plain from
    0.0001 up to as many digits as were needed, so ``1E+15``, but ``8686552196684701``; else scientific.
    """
    text = _scientific_text(value, digits)
    if parse(text) == value:
        return _general(text, digits)
    return _general(_scientific_text(value, more), more)


_CONTEXTS = {digits: Context(prec=digits, rounding=ROUND_HALF_UP) for digits in (7, 9, 15, 17)}


def _scientific_text(value: float, digits: int) -> str:
    """Round a number to so many digits: halves go away from zero in .NET."""
    return f"{_CONTEXTS[digits].create_decimal_from_float(value):e}"


def general(value: float, single: bool) -> str:
    """Give a finite number in .NET's "G" format: 15 digits (7 for float), though more may be needed to read it back."""
    digits = 7 if single else 15
    return _general(_scientific_text(value, digits), digits)


def _general(text: str, digits: int) -> str:
    """Rewrite a Python float text as .NET's "G" format with so many digits."""
    number, exponent = _scientific(text.lstrip("-"))
    sign = "-" if text.startswith("-") else ""
    if number == "0":
        return f"{sign}0"
    if -5 < exponent < digits:
        return sign + _plain(number, exponent)
    mantissa = number[0] + (f".{number[1:]}" if len(number) > 1 else "")
    return f"{sign}{mantissa}E{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _scientific(text: str) -> tuple[str, int]:
    """Give a number's significant digits and the exponent of the first of them."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    shift = int(exponent or 0) + len(whole) - 1
    digits = (whole + fraction).rstrip("0")
    stripped = digits.lstrip("0")
    return stripped or "0", shift - (len(digits) - len(stripped))


def _plain(digits: str, exponent: int) -> str:
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    whole, fraction = digits[: exponent + 1].ljust(exponent + 1, "0"), digits[exponent + 1 :]
    return f"{whole}.{fraction}" if fraction else whole


def double_to_json(value: float) -> str:
    """Give Json.NET's text of a double: always with a fraction or an exponent; NaN and infinities are quoted words."""
    if math.isnan(value):
        return '"NaN"'
    if math.isinf(value):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    text = format_double(value)
    return text if "." in text or "E" in text else f"{text}.0"


def single_to_json(value: float) -> str:
    """Give Json.NET's text of a float."""
    if math.isnan(value) or math.isinf(value):
        return double_to_json(value)
    text = format_single(value)
    return text if "." in text or "E" in text else f"{text}.0"


def double_from_json(token: str) -> float:
    """Give the double of a JSON number, or of the words that Json.NET quotes."""
    special = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(token)
    if special is None and _INTEGER.fullmatch(token) and len(token) >= _LONG_DIGITS:
        return cut_double(token)
    return special if special is not None else parse_double(token)


def cut_double(token: str) -> float:
    """Give the double of an integer: of one beyond 64 bits, a BigInteger to .NET, what does not fit is cut off."""
    value = int(token) if len(token) <= _LONGEST_DOUBLE else 10**_LONGEST_DOUBLE
    beyond = max(0, abs(value).bit_length() - _MANTISSA) if not -(2**63) <= value < 2**63 else 0
    cut = abs(value) >> beyond << beyond
    try:
        return float(-cut if value < 0 else cut)
    except OverflowError:
        raise LexicalError("range", "a number that a double can hold") from None


def single_from_json(token: str) -> float:
    """Give the float of a JSON number, rounded to single precision."""
    return to_single(double_from_json(token))
