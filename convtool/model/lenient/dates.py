"""DateTime.TryParse in the invariant culture: a lexer, a table of states, and what each complete part means.

A text is read as parts, in any order: one date, one time, a zone, a day of the week. Numbers of three digits and more
are years; those of one or two are told by their separators. ``/`` separates dates and ``:`` times; ``-`` is a date's
separator where a date can go on, else the sign of an offset. Commas, full stops and white space only part words.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from convtool._lazy import pattern
from convtool.model.numbers import LexicalError

__all__ = ["SPACES", "WHITE", "parse"]

SPACES = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
WHITE = re.escape(SPACES)  # Char.IsWhiteSpace
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TWO_DIGITS = 2029  # Calendar.TwoDigitYearMax: the last year that two digits stand for
_LEAP_DAY = (2000, 2, 29)  # stands for today, of which nothing is known
_FARTHEST = 14 * 60  # minutes of an offset
_TICKS = 10**7
_WANTED = "a date that .NET's DateTime.TryParse reads"


def _words(names: tuple[str, ...]) -> dict[str, int]:
    return {form: index for index, name in enumerate(names) for form in (name, name[:3])}


_MONTH_WORDS, _DAY_WORDS = _words(MONTHS), _words(_DAYS)

# A token is a letter. Of a number: n at the end, a before AM or PM, s before anything else, d before a date's
# separator, t before a time's, T before the T of ISO 8601. Of a number of three or more digits, a year: Q at the end,
# Y, y before a date's separator. Of a month's name: F at the end, M, m before a date's separator. W: day of the week,
# Z: zone, E: end of the text. A state's row gives the state after each token; what a token is not given for is an
# error. States with ! are complete parts, after which a new one begins.
_ROWS = """
start E>start a>hour! s>N d>N/ t>H: Mm>M W>start Yy>Y Z>start
N n>NN! s>NN d>NN/ F>NM! M>NM m>MN/ W>N Y>YN y>YN/ Q>YN! Z>N
NN E>NN! n>NNN! a>hour! s>NNN! t>H: FM>MNN! W>NN YQ>NNY! Z>NN
N/ n>NN! s>N/N d>NN/ F>NM! M>MN m>MN/ W>N/ Y>YN y>YN/ Q>YN!
N/N E>NN! n>NNN! a>hour! s>NNN! t>H: FM>MNN! W>N/N YQ>NNY!
NN/ nas>NNN! FM>MNN! W>NN/ YQ>NNY!
M n>MN! s>MN d>MN/ W>M Y>YM y>YM/ Q>YM!
MN E>MN! nas>MNN! t>H: W>MN YQ>YMN!
NM E>NM! nas>MNN! t>H: W>NM YQ>YMN!
MN/ ns>MNN! W>MN/ YQ>YMN!
Y n>YN! s>YN d>YN/ F>YM! M>YM m>YM/ W>Y
YN E>YN! nas>YNN! FM>YMN! W>YN
YN/ nas>YNN! FM>YMN! W>YN
YM E>YM! nas>YMN! W>YM
YM/ nas>YMN! W>YM
H: nas>HM! t>HM: F>NM! M>NM Z>H:
HM: nas>HMS! W>HM: Z>HM:
"""
_TABLE = {
    state: {token: target for pair in pairs for tokens, target in [pair.split(">")] for token in tokens}
    for state, *pairs in map(str.split, _ROWS.strip().splitlines())
}
_LAST = frozenset("EnF")


class Moment(msgspec.Struct):
    """What a text says: a day and a time, its zone ("" where it has none, "Z", or an offset as +01:00)."""

    year: int = 0
    month: int = 0
    day: int = 0
    hour: int = 0
    minute: int = 0
    second: int = 0
    ticks: int = 0  # of the second
    zone: str = ""
    today: bool = False  # something of the day was not said: .NET takes it from today's date

    def text(self) -> str:
        """Give the date as .NET writes it; LexicalError where there is none."""
        try:
            moment = datetime(self.year, self.month, self.day, self.hour, self.minute, self.second)
            moment += timedelta(seconds=self.ticks // _TICKS)
        except (ValueError, OverflowError):
            raise LexicalError("lexical", _WANTED) from None
        fraction = f".{self.ticks % _TICKS:07d}".rstrip("0").rstrip(".")
        return f"{moment.isoformat(timespec='seconds')}{fraction}{self.zone}"


def parse(text: str) -> str:
    """Give the date that DateTime.TryParse reads, as .NET writes it; an offset is kept as it came."""
    reader = _Reader(text)
    reader.run()
    moment = reader.moment
    if moment.today:
        raise LexicalError("unknown", "a whole day: .NET takes the rest from today's date")
    return moment.text()


_NUMBER = pattern("[0-9]+")
_WORD = pattern(r"[^\W\d_]+")
_SPACE = pattern(f"[{WHITE}]*")
_OFFSET = pattern(
    r"(?P<sign>[+-])"
    r"(?:(?P<h>[0-9]{1,2})(?![0-9])(?::(?P<m>[0-9]{1,2})(?![0-9])|(?!:))|(?P<hm>[0-9]{3,4})(?![0-9]))"
)
_ISO_TIME = pattern("~([0-9]{2})~:~([0-9]{2})~(?::~([0-9]{2})(?:[.]([0-9]+))?~)?".replace("~", _SPACE.pattern))


class _Reader(msgspec.Struct):
    """Reads one text."""

    source: str
    at: int = 0
    state: str = "start"
    numbers: list[int] = []
    year: int = -1
    month: int = -1
    weekday: int = -1
    half: str = ""  # "am" or "pm"
    has_date: bool = False
    has_time: bool = False
    has_zone: bool = False
    moment: Moment = msgspec.field(default_factory=Moment)

    def run(self) -> None:
        """Read the whole text into ``moment``."""
        complete = False
        while True:
            token = self.token()
            if token == "T":
                self.iso()
                complete = True
                break
            if token:
                self.state = _TABLE[self.state].get(token) or self.fail()
                if self.state.endswith("!"):
                    _PARTS[self.state[:-1]](self)
                    self.numbers.clear()
                    self.state, complete = "start", True
            if token in _LAST and token:
                break
        if not complete:
            self.fail()
        self.finish()

    def fail(self) -> str:
        raise LexicalError("lexical", _WANTED)

    def finish(self) -> None:
        """Apply AM and PM, and check the day of the week."""
        moment = self.moment
        if self.half:
            if moment.hour > (12 if self.half == "am" else 23):
                self.fail()
            moment.hour = moment.hour % 12 if self.half == "am" else moment.hour + 12 * (moment.hour < 12)
        if not self.has_date:
            moment.today, moment.year, moment.month, moment.day = True, *_LEAP_DAY
        written = moment.text()
        if self.weekday >= 0 and not moment.today and datetime.fromisoformat(written[:10]).weekday() != self.weekday:
            self.fail()

    # --- the lexer ---

    def token(self) -> str:
        """Give the next token, "" for what only parts words; its number, name and zone are kept."""
        source = self.source
        self.at = _match(_SPACE, source, self.at).end()
        if self.at == len(source):
            return "E"
        number = _NUMBER.match(source, self.at)
        if number is not None:
            self.at = number.end()
            return self.number(number[0])
        word = _WORD.match(source, self.at)
        if word is not None:
            return self.word(word[0].lower())
        if source[self.at] in ",.":
            self.at += 1
            return ""
        if source[self.at] in "+-" and not self.has_zone:
            self.offset()
            return ""
        return self.fail()

    def word(self, word: str) -> str:
        self.at += len(word)
        if word in _DAY_WORDS and self.weekday < 0:
            self.weekday = _DAY_WORDS[word]
            return "W"
        if word in _MONTH_WORDS and self.month < 0:
            self.month = _MONTH_WORDS[word] + 1
            return {"end": "F", "date": "m", "": "M"}.get(self.separator("m", "M")) or self.fail()
        if word in ("gmt", "z") and not self.has_zone:
            self.has_zone, self.moment.zone = True, "Z"
            return "Z"
        if word in ("am", "pm") and not self.half:
            self.half = word
            return ""
        return self.fail()

    def number(self, digits: str) -> str:
        if len(self.numbers) == 3 or len(digits) > 8:
            self.fail()
        in_time = self.state in ("H:", "HM:")
        if self.state == "HM:" and self.source[self.at : self.at + 1] == "." and self.at < len(self.source) - 1:
            self.fraction()
        if in_time:
            space = _match(_SPACE, self.source, self.at).end()
            if self.source[space : space + 1] in ("+", "-") and self.at < len(self.source) - 1:
                self.at = space
                self.offset()
        if len(digits) > 2:
            if self.year >= 0:
                self.fail()
            self.year = int(digits)
            return {"end": "Q", "date": "y", "half": "Y", "": "Y"}.get(self.separator("y", "Y")) or self.fail()
        self.numbers.append(int(digits))
        found = self.separator("d", "s")
        if found == "half" and self.state == "N/N":
            self.moment.today = True  # two numbers are a day of this year, and the third an hour
            self.has_date = True
            self.numbers = self.numbers[2:]
        return {"end": "n", "half": "a", "date": "d", "time": "t", "iso": "T", "": "s"}[found]

    def separator(self, with_date: str, without: str) -> str:
        """Go over what separates a number or a month from what follows, and say what it is."""
        source = self.source
        at = _match(_SPACE, source, self.at).end()
        rest = source[at : at + 1]
        if not rest:
            self.at = at
            return "end"
        if rest == "-":
            row = _TABLE[self.state]
            if with_date not in row and row.get(without, "").endswith("!"):
                return ""  # the date is complete: this is an offset's sign
        if rest in "/-:":
            self.at = at + 1
            return "time" if rest == ":" else "date"
        word = _WORD.match(source, at)
        kind = {"t": "iso", "am": "half", "pm": "half"}.get(word[0].lower() if word else "", "")
        if kind == "half":
            if self.half:
                self.fail()
            self.half = source[at : at + 2].lower()
        self.at = at + len(word[0]) if word and kind else at
        if kind == "half" and self.state in ("H:", "HM:"):
            space = _match(_SPACE, source, self.at).end()
            if source[space : space + 1] in ("+", "-") and self.at < len(source) - 1:
                self.at = space
                self.offset()
        return kind

    def offset(self) -> None:
        """Read an offset: +1, +01, +1:00, +100, +0100."""
        match = _OFFSET.match(self.source, self.at)
        if match is None or self.has_zone:
            self.fail()
            return
        self.at = match.end()
        hours = int(match["h"] or match["hm"][:-2])
        minutes = int(match["m"] or 0) if match["h"] else int(match["hm"][-2:])
        if minutes > 59 or hours * 60 + minutes > _FARTHEST:
            self.fail()
        self.has_zone, self.moment.zone = True, f"{match['sign']}{hours:02d}:{minutes:02d}"

    def fraction(self) -> None:
        """Read the fraction of a second, summed up as .NET does it: in doubles."""
        match = _NUMBER.match(self.source, self.at + 1)
        self.at = match.end() if match else self.at + 1
        self.moment.ticks = _ticks(match[0] if match else "")

    def iso(self) -> None:
        """Read what follows the T of ISO 8601: two digits each, white space anywhere, an offset or Z."""
        if self.state not in ("YN/", "YN"):
            self.fail()
        match = _ISO_TIME.match(self.source, self.at)
        if match is None:
            self.fail()
            return
        moment, self.at = self.moment, match.end()
        moment.year, moment.month, moment.day = self.year, *self.numbers
        moment.hour, moment.minute, moment.second = int(match[1]), int(match[2]), int(match[3] or 0)
        moment.ticks = _ticks(match[4] or "")
        self.has_date, self.weekday, self.half = True, -1, ""
        rest = self.source[self.at :]
        if rest[:1] in ("+", "-"):
            self.has_zone = False
            self.offset()
            self.at = min(self.at + 1, len(self.source))  # .NET does not look at the character behind it
        elif rest[:1] in ("Z", "z"):
            moment.zone, self.at = "Z", self.at + 1
        if _match(_SPACE, self.source, self.at).end() != len(self.source):
            self.fail()

    # --- the parts ---

    def set_date(self, year: int, month: int, day: int) -> None:
        """Take a date; a text has only one."""
        if self.has_date or not _is_day(year, month, day):
            self.fail()
        self.has_date = True
        self.moment.year, self.moment.month, self.moment.day = year, month, day

    def set_time(self, hour: int, minute: int = 0, second: int = 0) -> None:
        """Take a time; a text has only one."""
        if self.has_time:
            self.fail()
        self.has_time = True
        self.moment.hour, self.moment.minute, self.moment.second = hour, minute, second

    def day_of_this_year(self, month: int, day: int) -> None:
        """Take a day without a year."""
        self.set_date(_LEAP_DAY[0], month, day)
        self.moment.today = True

    def month_and_numbers(self) -> None:
        """Take a month's name and two numbers: day and year, or if there is no such day, year and day."""
        first, second = self.numbers[:2]
        if _is_day(_four_digits(second), self.month, first):
            self.set_date(_four_digits(second), self.month, first)
        else:
            self.set_date(_four_digits(first), self.month, second)


def _match(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    match = pattern.match(text, at)
    assert match is not None  # the pattern matches the empty text
    return match


def _four_digits(year: int) -> int:
    century = _TWO_DIGITS // 100
    return year if year > 99 else (century - (year > _TWO_DIGITS % 100)) * 100 + year


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        datetime(year, month, day)
    except ValueError:
        return False
    return True


def _ticks(digits: str) -> int:
    value, unit = 0.0, 0.1
    for digit in digits:
        value += int(digit) * unit
        unit *= 0.1
    return round(value * _TICKS)


_PARTS = {
    "NN": lambda r: r.day_of_this_year(r.numbers[0], r.numbers[1]),
    "NNN": lambda r: r.set_date(_four_digits(r.numbers[2]), r.numbers[0], r.numbers[1]),
    "MN": lambda r: r.day_of_this_year(r.month, r.numbers[0]),
    "NM": lambda r: r.set_date(_four_digits(r.numbers[0]), r.month, 1),
    "MNN": lambda r: r.month_and_numbers(),
    "YNN": lambda r: r.set_date(r.year, r.numbers[0], r.numbers[1]),
    "NNY": lambda r: r.set_date(r.year, r.numbers[0], r.numbers[1]),
    "YMN": lambda r: r.set_date(r.year, r.month, r.numbers[0]),
    "YN": lambda r: r.set_date(r.year, r.numbers[0], 1),
    "YM": lambda r: r.set_date(r.year, r.month, 1),
    "hour": lambda r: r.set_time(r.numbers[0]) if r.half else r.fail(),
    "HM": lambda r: r.set_time(r.numbers[0], r.numbers[1]),
    "HMS": lambda r: r.set_time(*r.numbers[:3]),
}
