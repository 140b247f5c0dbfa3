"""Dates and durations as texts: what XML Schema allows, what .NET takes, and what .NET writes back.

The text *is* the value: a DateTime has seven digits of a second, one more than Python's ``datetime``. ``settle`` gives
the text that .NET would write after reading; offsets keep their text, since the server's zone is the server's.
Sources: XML Schema 1.0 part 2 (3.2.7), .NET's XsdDateTime as recorded in ``lexical.jsonl`` and ``read-*.jsonl``.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from convtool._lazy import pattern
from convtool.model.lenient import dates as lenient
from convtool.model.lenient import spans
from convtool.model.numbers import LexicalError

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

__all__ = [
    "DATE",
    "DATETIME",
    "DATETIME_JSON",
    "DATE_JSON",
    "DATE_OR_DATETIME_JSON",
    "DEFAULT",
    "DURATION",
    "DURATION_JSON",
    "duration_from_json",
    "duration_to_json",
    "has_offset",
    "instant",
    "lenient_duration",
    "lenient_offset",
    "lenient_timespan",
    "offset_from_text",
    "offset_to_text",
    "parse_date",
    "parse_date_or_datetime",
    "parse_datetime",
    "parse_duration",
    "settle",
    "settle_json",
    "settled",
]  # fmt: skip

DEFAULT = "0001-01-01T00:00:00"  # default(DateTime)

# The wire form: only dates that exist, a fraction of one to seven digits that does not end in 0.
_LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY = (
    "(?!0000)(?:[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    f"|{_LEAP}-02-29)"
)
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_ZONE = "(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
DATETIME = rf"{_DAY}T{_TIME}(?:\.[0-9]{{0,6}}[1-9])?{_ZONE}?"
DATE = rf"{_DAY}"

# What the JSON Schemas say: ECMA-262 and Python agree on these patterns, which are ASCII and anchored. Python's $ also
# matches before a final line feed; the look-ahead after it does not let that pass.
_END = r"$(?!\n)"
_JSON_DAY = "(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_JSON_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_JSON_ZONE = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
DATETIME_JSON = f"^{_JSON_DAY}T{_JSON_TIME}{_JSON_ZONE}{_END}"
OFFSET_JSON = f"^{_JSON_DAY}T{_JSON_TIME}(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)){_END}"
DURATION_JSON = rf"^-?(?:[0-9]{{1,8}}\.)?(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{7}})?{_END}"
DATE_JSON = f"^{_JSON_DAY}{_JSON_ZONE}{_END}"
DATE_OR_DATETIME_JSON = f"^{_JSON_DAY}(?:T{_JSON_TIME})?{_JSON_ZONE}{_END}"

_WANTED_DATETIME = "a date as 2026-03-22T00:33:32, with an optional fraction and an optional Z or offset"
_WANTED_EITHER = "a date as 2026-03-22 or 2026-03-22T00:33:32, with an optional fraction and an optional Z or offset"
_WANTED_DATE = "a date as 2026-03-22"
_XSD = pattern(
    r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?P<fraction>\.[0-9]+)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def has_offset(text: str) -> bool:
    """Tell whether a date text ends in an offset such as +01:00 (Z is none)."""
    return text[-3:-2] == ":" and text[-6:-5] in ("+", "-")


def parse_datetime(text: str) -> str:
    """Check an xs:dateTime and give it back; kind "refused" where XML Schema takes it and .NET does not."""
    return _check(text, time=True, date=False)


def parse_date(text: str) -> str:
    """Check an xs:date and give it back."""
    return _check(text, time=False, date=True)


def parse_date_or_datetime(text: str) -> str:
    """Check a text that is an xs:dateTime or an xs:date and give it back."""
    return _check(text, time=True, date=True)


def _check(text: str, *, time: bool, date: bool) -> str:
    wanted = _WANTED_DATETIME if time and not date else _WANTED_DATE if date and not time else _WANTED_EITHER
    match = _XSD.fullmatch(text)
    if match is None or not (time if match["hour"] else date):
        raise LexicalError("lexical", wanted)
    _check_zone(match["zone"], wanted)
    year, month, day = match["year"], int(match["month"]), int(match["day"])
    if year in ("0000", "-0000") or not 1 <= month <= 12 or not 1 <= day <= _days(year, month):
        raise LexicalError("lexical", "a day that the calendar has")
    if match["hour"]:
        _check_time(match)
    if len(year) > 4:
        raise LexicalError("refused", "a year from 0001 to 9999")
    if match["hour"] == "24" or (len(match["fraction"] or "") > 8 and _rounds_over(match)):
        raise LexicalError("refused", "a time before 24:00:00, up to 9999-12-31T23:59:59.9999999")
    return text


def _check_zone(zone: str | None, wanted: str) -> None:
    if zone and zone != "Z" and (int(zone[1:3]) * 60 + int(zone[4:6]) > 14 * 60 or int(zone[4:6]) > 59):
        raise LexicalError("lexical", f"{wanted}; offsets go from -14:00 to +14:00")


def _check_time(match: re.Match[str]) -> None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    midnight = hour == 24 and minute == second == 0 and not (match["fraction"] or "").strip(".0")
    if not (midnight or hour < 24) or minute > 59 or second > 59:
        raise LexicalError("lexical", "a time from 00:00:00 to 23:59:59")


def _days(year: str, month: int) -> int:
    number = int(year[-4:])  # the calendar repeats every 400 years, and 10,000 is a multiple of 400
    leap = number % 4 == 0 and (number % 100 != 0 or number % 400 == 0)
    return _DAYS[month - 1] - (month == 2 and not leap)


def _rounds_over(match: re.Match[str]) -> bool:
    """Tell whether rounding to seven digits leaves the last tick that a DateTime has."""
    last = match["year"] == "9999" and match["month"] == "12" and match["day"] == "31"
    time = (match["hour"], match["minute"], match["second"]) == ("23", "59", "59")
    return last and time and _round_fraction(match["fraction"][1:]) == 10**7


def _round_fraction(digits: str) -> int:
    """Give a fraction in ticks: beyond seven digits .NET rounds, half to even."""
    ticks, rest = int(digits[:7].ljust(7, "0")), digits[7:]
    if not rest or rest[0] < "5":
        return ticks
    half = rest[0] == "5" and not rest[1:].strip("0")
    return ticks + (ticks & 1 if half else 1)


_NET = pattern(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?)?)?)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


def settle(text: str) -> str:
    """Give the text that .NET writes after reading ``text`` from XML; LexicalError where .NET refuses it."""
    return _settle(_NET.fullmatch(text))


def _settle(match: re.Match[str] | None, round_fraction: Callable[[str], int] = _round_fraction) -> str:
    wanted = "a date that .NET's DateTime can hold"
    if match is None or (match["zone"] and match["zone"] not in "Zz" and match["zone"][-2:] > "59"):
        raise LexicalError("lexical", wanted)
    parts = [int(match[name] or least) for name, least in
             (("year", 0), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))]  # fmt: skip
    ticks = round_fraction(match["fraction"] or "0")
    try:
        moment = datetime(*parts) + timedelta(seconds=ticks // 10**7)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        raise LexicalError("lexical", wanted) from None
    fraction = f"{ticks % 10**7:07d}".rstrip("0")
    zone = (match["zone"] or "").replace("z", "Z")
    zone = f"{zone[:3]}:{zone[3:]}" if len(zone) == len("+0100") else zone
    return f"{moment.isoformat(timespec='seconds')}{'.' if fraction else ''}{fraction}{zone}"


_ISO = pattern(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_ISO_LENGTH = range(19, 41)
_AJAX = pattern(
    r"/Date\([\t\n\v\f\r ]*(?P<ms>[+-]?[0-9]{1,15})[\t\n\v\f\r ]*"
    r"(?P<zone>(?P<sign>[+-])(?P<h>[0-9]{2})(?:(?P<m>[0-9]{2})[0-9]*)?)?\)/"
)


def settle_json(text: str) -> str:
    """Give the text that .NET writes after Json.NET has read ``text``.

    Json.NET's own forms come first, ISO 8601 and ``/Date(…)/``; DateTime.TryParse reads all else. LexicalError where it
    refuses; kind "unknown" where the value depends on today's date.
    """
    if text.startswith("/Date("):
        return _settle_ajax(text)
    match = _ISO.fullmatch(text) if len(text) in _ISO_LENGTH else None
    if match is not None:
        try:
            return _settle(match, _round_up)
        except LexicalError:
            pass  # a time or a day that there is not: TryParse has the last word
    return lenient.parse(text)


def _round_up(digits: str) -> int:
    """Give a fraction in ticks as Json.NET rounds it: by the eighth digit alone."""
    return int(digits[:7].ljust(7, "0")) + (digits[7:8] >= "5")


def _settle_ajax(text: str) -> str:
    ajax = _AJAX.fullmatch(text)
    if ajax is None:
        raise LexicalError("lexical", "a date that .NET's DateTime can hold")
    shift = timedelta(hours=int(ajax["h"] or 0), minutes=int(ajax["m"] or 0))
    try:
        shifted = timezone(-shift if ajax["sign"] == "-" else shift)
        moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(ajax["ms"]))).astimezone(shifted)
    except (OverflowError, ValueError):
        raise LexicalError("lexical", "a date that .NET's DateTime can hold") from None
    fraction = f".{moment.microsecond:06d}".rstrip("0").rstrip(".")
    suffix = f"{ajax['sign']}{ajax['h']}:{ajax['m'] or '00'}" if ajax["zone"] else "Z"
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}{fraction}{suffix}"


def settled(text: str) -> str:
    """Give a date's text as .NET writes it, whichever format it came in; the text itself where .NET has none."""
    for settle_one in (settle, settle_json):
        try:
            return settle_one(text)
        except LexicalError:
            continue
    return text


def instant(text: str) -> tuple[int, bool]:
    """Give a date as ticks since 0001-01-01 and whether it is tied to UTC (Z or an offset)."""
    match = _NET.fullmatch(settled(text))
    assert match is not None
    moment = datetime(*(int(match[n]) for n in ("year", "month", "day", "hour", "minute", "second")))  # type: ignore[arg-type]
    since = moment - datetime(1, 1, 1)
    ticks = (since.days * 86_400 + since.seconds) * 10**7 + int((match["fraction"] or "").ljust(7, "0"))
    zone = match["zone"]
    if zone and zone != "Z":
        shift = (int(zone[1:3]) * 60 + int(zone[4:6])) * 60 * 10**7
        ticks -= -shift if zone[0] == "-" else shift
    return ticks, bool(zone)


# Durations: a TimeSpan is a count of ticks; its text in XML is P1DT2H3M4.5S, in JSON 1.02:03:04.5000000.
DURATION = (
    r"-?P(?=.)(?:[1-9][0-9]{0,7}D)?(?:T(?=.)(?:[1-9][0-9]?H)?(?:[1-9][0-9]?M)?(?:[0-9]{1,2}(?:\.[0-9]{0,6}[1-9])?S)?)?"
)
_DURATION = pattern(
    r"(?P<sign>-?)P(?:(?P<d>[0-9]+)D)?(?:T(?:(?P<h>[0-9]+)H)?(?:(?P<m>[0-9]+)M)?(?:(?P<s>[0-9]+)(?:\.(?P<f>[0-9]+))?S)?)?"
)
_TIMESPAN = pattern(
    r"(?P<sign>-?)(?:(?P<d>[0-9]{1,8})\.)?(?P<h>[0-9]{2}):(?P<m>[0-9]{2}):(?P<s>[0-9]{2})(?:\.(?P<f>[0-9]{1,7}))?"
)
_WANTED_DURATION = "a duration as P1DT2H3M4.5S"


def _ticks(match: re.Match[str] | None, wanted: str) -> int:
    if match is None or not any(match[part] for part in "dhms") or match[0].endswith("T"):
        raise LexicalError("lexical", wanted)
    days, hours, minutes, seconds = (int((match[part] or "0")[:20]) for part in "dhms")
    return spans.total(match["sign"], days, hours, minutes, seconds, int((match["f"] or "")[:7].ljust(7, "0")))


def _split(ticks: int) -> tuple[int, int, int, int, int]:
    seconds, fraction = divmod(ticks, 10**7)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return (*divmod(hours, 24), minute, second, fraction)


def parse_duration(text: str) -> str:
    """Give a duration in XML's wire form: PT2M35.9192528S, PT0S."""
    return _duration_text(_ticks(_DURATION.fullmatch(text), _WANTED_DURATION))


def _duration_text(ticks: int) -> str:
    day, hour, minute, second, fraction = _split(abs(ticks))
    dot = f".{fraction:07d}".rstrip("0").rstrip(".")
    seconds = f"{second}{dot}S" if second or fraction else ""
    time = "".join(f"{n}{unit}" for n, unit in ((hour, "H"), (minute, "M")) if n) + seconds
    if not day and not time:
        return "PT0S"
    return ("-" if ticks < 0 else "") + "P" + (f"{day}D" if day else "") + (f"T{time}" if time else "")


def duration_from_json(text: str) -> str:
    """Give the duration of a TimeSpan's JSON text, d.hh:mm:ss.fffffff, in XML's wire form."""
    match = _TIMESPAN.fullmatch(text)
    if match is not None and (match["h"] > "23" or match["m"] > "59" or match["s"] > "59"):
        match = None
    return _duration_text(_ticks(match, "a TimeSpan as 1.02:03:04.5000000"))


def lenient_duration(text: str) -> str:
    """Give the duration of a text with years or months, in XML's wire form."""
    return _duration_text(spans.xml_duration(text))


def lenient_timespan(text: str) -> str:
    """Give the duration of any text that TimeSpan.Parse reads, in XML's wire form."""
    return _duration_text(spans.timespan(text))


def duration_to_json(value: str) -> str:
    """Give a duration as TimeSpan's constant format writes it: [-][d.]hh:mm:ss[.fffffff]."""
    ticks = _ticks(_DURATION.fullmatch(value), _WANTED_DURATION)
    day, hour, minute, second, fraction = _split(abs(ticks))
    days, dot = (f"{day}." if day else ""), (f".{fraction:07d}" if fraction else "")
    return f"{'-' if ticks < 0 else ''}{days}{hour:02d}:{minute:02d}:{second:02d}{dot}"


# DateTimeOffset: an instant in UTC and an offset in minutes in XML, one text with the local time in JSON.
_MOST_MINUTES = 14 * 60  # of a DateTimeOffset's offset, and of XML Schema's


def offset_to_text(moment: str, minutes: int) -> str:
    """Give the JSON text of a DateTimeOffset: its local time and its offset.

    A moment without a zone is the local time already, as .NET's DateTimeOffsetAdapter takes it; one with an offset of
    its own is an instant, as one with Z is. LexicalError where .NET has no such DateTimeOffset.
    """
    match = _NET.fullmatch(moment)
    if match is None or not match["hour"]:
        raise LexicalError("lexical", "a DateTimeOffset's instant in UTC")
    if abs(minutes) > _MOST_MINUTES:
        raise LexicalError("range", "a DateTimeOffset whose offset is at most 14 hours")
    local = _shifted(match, minutes - _zone_minutes(match["zone"]) if match["zone"] else 0)
    fraction = f".{match['fraction']}" if match["fraction"] else ""
    sign = "-" if minutes < 0 else "+"
    return f"{local}{fraction}{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def offset_from_text(text: str) -> tuple[str, int]:
    """Give the instant in UTC and the offset in minutes of a DateTimeOffset's JSON text."""
    return _offset(settle(parse_datetime(text)))


def lenient_offset(text: str) -> tuple[str, int]:
    """Give the same of any text that Json.NET reads; kind "unknown" where it has no offset: .NET takes the server's."""
    settled_text = settle_json(text)
    if not (settled_text.endswith("Z") or has_offset(settled_text)):
        raise LexicalError("unknown", "a date with an offset: .NET takes the offset of the server's time zone")
    return _offset(settled_text)


def _offset(text: str) -> tuple[str, int]:
    match = _NET.fullmatch(text)
    zone = (match["zone"] if match else "") or ""
    if match is None or not zone:
        raise LexicalError("lexical", "a date and time with an offset, as 2026-03-22T00:33:32+01:00")
    minutes = _zone_minutes(zone)
    if abs(minutes) > _MOST_MINUTES:
        raise LexicalError("range", "a DateTimeOffset whose offset is at most 14 hours")
    fraction = f".{match['fraction']}" if match["fraction"] else ""
    return f"{_shifted(match, -minutes)}{fraction}Z", minutes


def _zone_minutes(zone: str) -> int:
    minutes = 0 if zone in "Zz" else int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes


def _shifted(match: re.Match[str], minutes: int) -> str:
    parts = [int(match[n]) for n in ("year", "month", "day", "hour", "minute", "second")]
    try:
        moment = datetime(*parts) + timedelta(minutes=minutes)  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        raise LexicalError("range", "an instant between the years 1 and 9999") from None
    return moment.isoformat(timespec="seconds")
