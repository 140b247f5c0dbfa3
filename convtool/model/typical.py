"""Realistic simple values, each a function of a random generator: the styles that the table of datatypes names."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from convtool.model.dates import parse_duration
from convtool.model.numbers import parse_single

if TYPE_CHECKING:
    from random import Random

__all__ = [
    "amount", "boolean", "bytes_", "character", "code", "count", "day", "day_or_midnight", "duration", "guid",
    "identifier", "label", "letter", "local", "measure", "midnight", "position", "single", "stamp", "title", "uri",
    "utc",
]  # fmt: skip

# Words of several languages, with what texts are really full of: accents, apostrophes, ampersands, brackets.
_WORDS = (
    "alpha", "bravo", "nord", "süd", "østre", "zentral", "l'été", "côté", "façade", "naïve", "résumé", "straße",
    "señal", "garçon", "œuvre", "漢字", "Ελλάδα", "данные", "R&D", "A/B", "<neuf>", "100%", '"spécial"', "n°5",
    "x²", "½", "—", "…", "standard", "premium", "compact", "large", "total", "annual", "spring", "winter", "north-east",
)  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_YEARS = (2019, 2027)
_OFFSETS = ("+01:00", "+02:00")


def count(random: Random) -> int:
    """Give a number that is mostly below a hundred."""
    return int(random.expovariate(0.02))


def identifier(random: Random) -> int:
    """Give a number that names something."""
    return 1 + int(random.random() * 120_000)


def position(random: Random) -> int:
    """Give a number from 1 to 12."""
    return 1 + int(random.random() * 12)


def label(random: Random) -> str:
    """Give one to four words."""
    words = random.choices(_WORDS, k=1 + int(random.random() * 4))
    return " ".join(words)


def code(random: Random) -> str:
    """Give two letters and five digits."""
    return f"{random.choice(_LETTERS)}{random.choice(_LETTERS)}-{int(random.random() * 100_000):05d}"


def title(random: Random) -> str:
    """Give two words and a number."""
    return f"{random.choice(_WORDS).capitalize()} {random.choice(_WORDS)} {1 + int(random.random() * 40)}"


def day(random: Random) -> str:
    """Give a day of the last years."""
    year = random.randrange(*_YEARS)
    return f"{year}-{1 + int(random.random() * 12):02d}-{1 + int(random.random() * 28):02d}"


def _time(random: Random) -> str:
    seconds = int(random.random() * 86_400)
    return f"T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def midnight(random: Random) -> str:
    """Give a day with the time 00:00:00."""
    return f"{day(random)}T00:00:00"


def stamp(random: Random) -> str:
    """Give a time with up to seven digits of a second."""
    ticks = f".{int(random.random() * 10**7):07d}".rstrip("0").rstrip(".")
    return f"{day(random)}{_time(random)}{ticks}"


def local(random: Random) -> str:
    """Give a time with an offset."""
    return stamp(random) + random.choice(_OFFSETS)


def utc(random: Random) -> str:
    """Give a time in UTC."""
    return f"{day(random)}{_time(random)}Z"


def day_or_midnight(random: Random) -> str:
    """Give a day, with or without its time."""
    return day(random) if random.random() < 0.5 else midnight(random)


def amount(random: Random) -> Decimal:
    """Give an amount of money."""
    return Decimal(int(random.expovariate(0.0001))).scaleb(-2)


def measure(random: Random) -> float:
    """Give a measured number."""
    return round(random.gauss(20, 8), 3)


def single(random: Random) -> float:
    """Give a number of single precision."""
    return parse_single(f"{random.gauss(1, 0.3):.3f}")


def duration(random: Random) -> str:
    """Give a duration of mostly some minutes."""
    return parse_duration(f"PT{int(random.expovariate(0.001))}.{int(random.random() * 1000):03d}S")


def guid(random: Random) -> str:
    """Give a GUID."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def bytes_(random: Random) -> bytes:
    """Give up to 23 bytes."""
    return random.randbytes(int(random.random() * 24))


def uri(random: Random) -> str:
    """Give a URL."""
    return f"https://example.org/{_LETTERS[int(random.random() * 24)].lower()}/{identifier(random)}"


def boolean(random: Random) -> bool:
    """Give what is mostly true."""
    return random.random() < 0.7


def character(random: Random) -> str:
    """Give a letter or a sign."""
    return random.choice(_LETTERS + "éß°€")


def letter(random: Random) -> str:
    """Give a small letter."""
    return random.choice(_LETTERS).lower()
