import math
import re
from decimal import Decimal

import pytest

from convtool.model import numbers
from convtool.model.numbers import LexicalError

BOUNDS = [(-128, 127), (0, 255), (-(2**31), 2**31 - 1), (0, 2**64 - 1), (-(2**63), 2**63 - 1)]


def refusal(parse: object, text: str) -> str:
    with pytest.raises(LexicalError) as error:
        parse(text)  # type: ignore[operator]
    return error.value.kind


# --- integers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("low", "high"), BOUNDS)
def test_the_pattern_of_integers_matches_exactly_those_within_the_bounds(low: int, high: int) -> None:
    pattern = re.compile(numbers.integer_pattern(low, high))
    near = {low - 1, low, low + 1, -10, -1, 0, 1, 9, 10, 99, 100, high - 1, high, high + 1, high * 10, low * 10}
    for value in near:
        assert (pattern.fullmatch(str(value)) is not None) == (low <= value <= high), value


@pytest.mark.parametrize("text", ["", "+1", "-0", "00", "01", "1.0", " 1", "1 ", "1\n", "١", "--1"])
def test_the_pattern_of_integers_is_the_wire_form_alone(text: str) -> None:
    assert re.fullmatch(numbers.integer_pattern(-128, 127), text) is None


@pytest.mark.parametrize(("text", "value"), [("7", 7), ("+7", 7), ("-007", -7), ("-0", 0), ("0" * 5000 + "12", 12)])
def test_integers_in_any_form(text: str, value: int) -> None:
    assert numbers.parse_integer(text, -128, 127, "an integer") == value


@pytest.mark.parametrize("text", ["", "-", "1_0", "٣", "1.0", "1e2", " 1", "0x1", "９"])
def test_texts_that_are_no_integers(text: str) -> None:
    assert refusal(lambda t: numbers.parse_integer(t, -128, 127, "an integer"), text) == "lexical"


@pytest.mark.parametrize("text", ["128", "-129", "9" * 10_000])
def test_integers_out_of_range(text: str) -> None:
    assert refusal(lambda t: numbers.parse_integer(t, -128, 127, "an integer"), text) == "range"


# --- decimals -------------------------------------------------------------------------------------------------------

MAX = "79228162514264337593543950335"  # 2**96 - 1


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.50", "1.50"),
        ("+1", "1"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        (".5", "0.5"),
        ("5.", "5"),
        (MAX, MAX),
        (f"{MAX}.0", MAX),
    ],
)
def test_decimals_keep_their_scale(text: str, written: str) -> None:
    assert numbers.format_decimal(numbers.parse_decimal(text)) == written


@pytest.mark.parametrize("text", ["", ".", "1e2", "NaN", "INF", "1,5", " 1"])
def test_texts_that_are_no_decimals(text: str) -> None:
    assert refusal(numbers.parse_decimal, text) == "lexical"


@pytest.mark.parametrize("text", ["79228162514264337593543950336", "0." + "0" * 28 + "1", "1." + "1" * 29])
def test_decimals_that_96_bits_do_not_hold(text: str) -> None:
    assert refusal(numbers.parse_decimal, text) == "range"


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("1e2", "100"),
        ("1.5E-3", "0.0015"),
        ("-2.50e1", "-25.0"),
        (f"{MAX}e0", MAX),
        ("12345678901234567890123456789e-1", "1234567890123456789012345678.9"),  # 29 digits: nothing is rounded
    ],
)
def test_json_decimals_may_have_exponents(token: str, value: str) -> None:
    assert str(numbers.decimal_from_json(token)) == value


@pytest.mark.parametrize("token", ["1e29", "1e-29", "1e99999", "1e999999999999"])
def test_json_decimals_out_of_range(token: str) -> None:
    assert refusal(numbers.decimal_from_json, token) == "range"


def test_json_decimals_always_have_a_fraction() -> None:
    assert [numbers.decimal_to_json(Decimal(text)) for text in ("3", "3.0", "1.50", "0")] == [
        "3.0",
        "3.0",
        "1.50",
        "0.0",
    ]


# --- doubles and floats ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "xml", "json"),
    [
        (3.0, "3", "3.0"),
        (-0.0, "-0", "-0.0"),
        (0.1, "0.1", "0.1"),
        (1e15, "1E+15", "1E+15"),
        (123456789012345.0, "123456789012345", "123456789012345.0"),
        (8686552196684701.0, "8686552196684701", "8686552196684701.0"),
        (12345678901234568.0, "12345678901234568", "12345678901234568.0"),
        (1e16, "1E+16", "1E+16"),
        (1e-5, "1E-05", "1E-05"),
        (9.42213e-05, "9.42213E-05", "9.42213E-05"),
        (1.5e-6, "1.5E-06", "1.5E-06"),
        (0.0001, "0.0001", "0.0001"),
        (5e-324, "4.94065645841247E-324", "4.94065645841247E-324"),
        (1.7976931348623157e308, "1.7976931348623157E+308", "1.7976931348623157E+308"),
        (math.inf, "INF", '"Infinity"'),
        (-math.inf, "-INF", '"-Infinity"'),
        (math.nan, "NaN", '"NaN"'),
    ],
)
def test_doubles_as_dotnet_writes_them(value: float, xml: str, json: str) -> None:
    assert numbers.double_to_json(value) == json
    assert numbers.format_double(value) == xml
    read = numbers.parse_double(xml)
    assert read == value or math.isnan(read)


@pytest.mark.parametrize("text", ["", "inf", "Infinity", "nan", "1e", "1_0", "0x1p3", "٣", "1 "])
def test_texts_that_are_no_doubles(text: str) -> None:
    assert refusal(numbers.parse_double, text) == "lexical"


def test_overflow_is_refused_and_floats_are_rounded_to_single_precision() -> None:
    assert refusal(numbers.parse_double, "1e400") == "range"
    assert refusal(numbers.parse_single, "-1e39") == "range"
    assert numbers.single_from_json("1e39") == math.inf  # a JSON number is a double first, and then converted
    assert numbers.parse_single("0.1") != 0.1
    assert numbers.format_single(numbers.parse_single("0.1")) == "0.1"
    assert numbers.single_from_json("0.1") == numbers.parse_single("0.1")
    assert numbers.single_to_json(numbers.parse_single("3")) == "3.0"


def test_long_integers_are_out_of_range_on_both_sides() -> None:
    for text in ("9" * 21, "-" + "9" * 21, "-" + "9" * 5000):
        assert refusal(lambda t: numbers.parse_integer(t, -128, 127, "a byte"), text) == "range"


def test_halves_are_rounded_away_from_zero_when_floats_are_written() -> None:
    assert numbers.format_single(2018853.625) == "2018853.63"


def test_json_words_are_not_xml_words() -> None:
    assert numbers.double_from_json("-Infinity") == -math.inf
    assert refusal(numbers.double_from_json, "infinity") == "lexical"
    assert refusal(numbers.parse_double, "-Infinity") == "lexical"
