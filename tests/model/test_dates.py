import re

import pytest

from convtool.model import dates
from convtool.model.numbers import LexicalError


def refusal(parse: object, text: str) -> str:
    with pytest.raises(LexicalError) as error:
        parse(text)  # type: ignore[operator]
    return error.value.kind


WIRE = [
    "0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999", "2024-02-29T00:00:00", "2000-02-29T00:00:00Z",
    "2026-03-22T00:33:32.0494548+01:00", "2026-03-22T00:33:32.1-14:00", "2026-03-22T00:33:32+13:59",
]  # fmt: skip
VALID = [*WIRE, "2026-03-22T00:33:32.0", "2026-03-22T00:33:32.1000000", "2026-03-22T00:33:32.12345678901234567890"]
NOT_VALID = [
    "", "2026-03-22", "2026-03-22T", "2026-03-22 00:33:32", "2026-3-22T00:33:32", "2026-02-30T00:00:00",
    "2025-02-29T00:00:00",
    "1900-02-29T00:00:00", "2026-04-31T00:00:00", "2026-00-01T00:00:00", "2026-13-01T00:00:00", "0000-01-01T00:00:00",
    "2026-03-22T24:00:01", "2026-03-22T23:60:00", "2026-03-22T23:59:60", "2026-03-22T00:33:32.",
    "2026-03-22T00:33:32z",
    "2026-03-22T00:33:32+14:01", "2026-03-22T00:33:32+01:60", "2026-03-22T00:33:32+1:00", "2026-03-22T00:33:32+0100",
    "２026-03-22T00:33:32", "2026-03-22T00:33:32\n", " 2026-03-22T00:33:32", "02026-03-22T00:33:32",
]  # fmt: skip
BEYOND = [
    "2026-03-22T24:00:00", "10000-01-01T00:00:00", "-0001-01-01T00:00:00", "9999-12-31T23:59:59.99999999",
    "-12026-02-28T00:00:00",
]  # fmt: skip


# --- XML Schema -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", VALID)
def test_datetimes_keep_their_text(text: str) -> None:
    assert dates.parse_datetime(text) == text


@pytest.mark.parametrize("text", NOT_VALID)
def test_texts_that_are_no_datetimes(text: str) -> None:
    assert refusal(dates.parse_datetime, text) == "lexical"


@pytest.mark.parametrize("text", BEYOND)
def test_datetimes_that_dotnet_cannot_hold(text: str) -> None:
    assert refusal(dates.parse_datetime, text) == "refused"


@pytest.mark.parametrize("text", ["2026-03-22", "2026-03-22Z", "2026-03-22+01:00"])
def test_days(text: str) -> None:
    assert dates.parse_date(text) == text
    assert dates.parse_date_or_datetime(text) == text
    assert refusal(dates.parse_datetime, text) == "lexical"


def test_the_wire_form_is_a_pattern() -> None:
    pattern = re.compile(dates.DATETIME)
    assert [text for text in WIRE if not pattern.fullmatch(text)] == []
    assert [text for text in [*NOT_VALID, *BEYOND, *VALID[len(WIRE) :]] if pattern.fullmatch(text)] == []


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        (
            dates.DATETIME_JSON,
            VALID,
            ["2026-03-22", "2026-03-22T00:33:32\n", "2026-03-22T24:00:00", "x2026-03-22T00:33:32"],
        ),
        (
            dates.DATE_JSON,
            ["2026-03-22", "2026-03-22Z"],
            ["2026-03-22T00:33:32", "2026-03-22\n", "2026-13-01", "0000-01-01"],
        ),
        (dates.DATE_OR_DATETIME_JSON, ["2026-03-22", *VALID], ["", "2026", "2026-03-22T", "٢026-03-22"]),
        (dates.OFFSET_JSON, ["2026-03-22T00:33:32Z"], ["2026-03-22T00:33:32", "2026-03-22T00:33:32+14:01"]),
    ],
)
def test_patterns_of_json_schemas_are_anchored(pattern: str, yes: list[str], no: list[str]) -> None:
    assert [text for text in yes if not re.search(pattern, text)] == []
    assert [text for text in no if re.search(pattern, text)] == []


# --- .NET -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("2026", "2026-01-01T00:00:00"),
        ("2026-03", "2026-03-01T00:00:00"),
        ("2026-03-22", "2026-03-22T00:00:00"),
        ("2026-03-22T00:33:32z", "2026-03-22T00:33:32Z"),
        ("2026-03-22T00:33:32.1000000", "2026-03-22T00:33:32.1"),
        ("2026-03-22T00:33:32.0000000", "2026-03-22T00:33:32"),
        ("2026-03-22T00:33:32.12345674", "2026-03-22T00:33:32.1234567"),
        ("2026-03-22T00:33:32.12345675", "2026-03-22T00:33:32.1234568"),  # half to even: 7 is odd
        ("2026-03-22T00:33:32.12345665", "2026-03-22T00:33:32.1234566"),  # 6 is even
        ("2026-03-22T00:33:32.123456651", "2026-03-22T00:33:32.1234567"),  # more than half
        ("2026-12-31T23:59:59.99999999", "2027-01-01T00:00:00"),
        ("2026-03-22T00:33:32+01:00", "2026-03-22T00:33:32+01:00"),  # the server's zone is not known
    ],
)
def test_what_dotnet_writes_back(text: str, settled: str) -> None:
    assert dates.settle(text) == settled
    assert dates.settle(settled) == settled


@pytest.mark.parametrize(
    "text", ["", "26", "2026-02-30", "2026-03-22T24:00:00", "2026-03-22T00:33:60", "9999-12-31T23:59:59.99999999"]
)
def test_what_dotnet_refuses(text: str) -> None:
    assert refusal(dates.settle, text) == "lexical"


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("/Date(1774136012049)/", "2026-03-21T23:33:32.049Z"),
        ("/Date(1774136012049+0100)/", "2026-03-22T00:33:32.049+01:00"),
        ("/Date(-1)/", "1969-12-31T23:59:59.999Z"),
        ("/Date(1774136012049+01)/", "2026-03-22T00:33:32.049+01:00"),
        ("2026-03-22", "2026-03-22T00:00:00"),
        ("2026-03", "2026-03-01T00:00:00"),
        ("2026-03-22Z", "2026-03-22T00:00:00Z"),
        ("2026-03-22T00:33:32.12345675", "2026-03-22T00:33:32.1234568"),
        ("2026-03-22T00:33:32+0100", "2026-03-22T00:33:32+01:00"),
    ],
)
def test_what_json_net_reads(text: str, settled: str) -> None:
    assert dates.settle_json(text) == settled


@pytest.mark.parametrize("text", ["/Date(x)/", "/Date(999999999999999)/", "/date(1)/", "2026", "20260322"])
def test_what_json_net_refuses(text: str) -> None:
    assert refusal(dates.settle_json, text) == "lexical"


def test_instants_are_compared_across_offsets() -> None:
    assert dates.instant("2026-03-22T00:33:32+01:00") == dates.instant("2026-03-21T23:33:32Z")
    assert dates.instant("2026-03-21T18:03:32-05:30") == dates.instant("2026-03-21T23:33:32Z")
    assert dates.instant("2026-03-22T00:33:32") != dates.instant("2026-03-22T00:33:32Z")
    assert dates.instant("0001-01-01T00:00:00.0000001") == (1, False)


@pytest.mark.parametrize(
    ("text", "has"),
    [("2026-03-22T00:33:32+01:00", True), ("2026-03-22T00:33:32Z", False), ("2026-03-22", False), ("", False)],
)
def test_offsets_are_told_from_the_rest(text: str, has: bool) -> None:
    assert dates.has_offset(text) is has


# --- durations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "json"),
    [
        ("PT0S", "00:00:00"),
        ("P1DT2H3M4.5S", "1.02:03:04.5000000"),
        ("-PT0.0000001S", "-00:00:00.0000001"),
        ("P10675199DT2H48M5.4775807S", "10675199.02:48:05.4775807"),
        ("-P10675199DT2H48M5.4775808S", "-10675199.02:48:05.4775808"),
        ("PT1M", "00:01:00"),
    ],
)
def test_durations_in_both_formats(xml: str, json: str) -> None:
    assert dates.duration_to_json(xml) == json
    assert dates.duration_from_json(json) == xml
    assert dates.parse_duration(xml) == xml


@pytest.mark.parametrize(
    ("text", "written"), [("PT60S", "PT1M"), ("PT36H", "P1DT12H"), ("P0D", "PT0S"), ("PT1.50S", "PT1.5S")]
)
def test_durations_are_written_in_one_form(text: str, written: str) -> None:
    assert dates.parse_duration(text) == written


@pytest.mark.parametrize("text", ["", "P", "PT", "1D", "P1Y", "P1M", "P1DT", "PT1", "P-1D"])
def test_texts_that_are_no_durations(text: str) -> None:
    assert refusal(dates.parse_duration, text) == "lexical"


def test_durations_beyond_a_timespan() -> None:
    assert refusal(dates.parse_duration, "P10675200D") == "range"
    assert refusal(dates.parse_duration, "P" + "9" * 5000 + "D") == "range"


@pytest.mark.parametrize("text", ["24:00:00", "00:60:00", "1:00:00", "00:00:00.12345678", "P1D"])
def test_texts_that_are_no_timespans(text: str) -> None:
    assert refusal(dates.duration_from_json, text) == "lexical"


# --- DateTimeOffset -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment", "minutes"),
    [
        ("2026-03-22T00:33:32.5+01:00", "2026-03-21T23:33:32.5Z", 60),
        ("2026-03-22T00:33:32-05:30", "2026-03-22T06:03:32Z", -330),
        ("2026-03-22T00:33:32+00:00", "2026-03-22T00:33:32Z", 0),
    ],
)
def test_instants_with_their_offset(text: str, moment: str, minutes: int) -> None:
    assert dates.offset_from_text(text) == (moment, minutes)
    assert dates.offset_to_text(moment, minutes) == text


def test_a_local_time_that_does_not_exist() -> None:
    assert refusal(dates.offset_from_text, "0001-01-01T00:00:00+01:00") == "range"
    assert refusal(dates.offset_from_text, "2026-03-22T00:33:32") == "lexical"
