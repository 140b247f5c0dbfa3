"""Realistic simple values: for each datatype a few styles, of which a member has one.

A style is a function of a random generator; which one a member has follows from its name, so it never changes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from convtool.contract.datatypes import DATATYPES

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

__all__ = ["scalar"]

# Words of several languages, with what texts are really full of: accents, apostrophes, ampersands, brackets.
_WORDS = (
    "alpha", "bravo", "nord", "süd", "østre", "zentral", "l'été", "côté", "façade", "naïve", "résumé", "straße",
    "señal", "garçon", "œuvre", "漢字", "Ελλάδα", "данные", "R&D", "A/B", "<neuf>", "100%", '"spécial"', "n°5",
    "x²", "½", "—", "…", "standard", "premium", "compact", "large", "total", "annual", "spring", "winter", "north-east",
)  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_YEARS = (2019, 2027)
_OFFSETS = ("+01:00", "+02:00")


def scalar(datatype: str, style: int, random: Random) -> Callable[[], Any]:
    """Give the function that makes values of a datatype; ``style`` is any number, and chooses among the type's styles.

    Besides the datatypes there is ``offset``: the text of a DateTimeOffset.
    """
    kind = DATATYPES.get(datatype)
    styles = _INTEGERS if kind is not None and kind.bounds is not None else _STYLES[datatype]
    chosen = styles[style % len(styles)]
    bounds = kind.bounds if kind is not None else None
    if bounds is not None:
        low, high = bounds
        return lambda: min(max(chosen(random), low), high)
    return lambda: chosen(random)


def _count(random: Random) -> int:
    return int(random.expovariate(0.02))  # mostly below a hundred, now and then some hundreds


def _identifier(random: Random) -> int:
    return 1 + int(random.random() * 120_000)


def _position(random: Random) -> int:
    return 1 + int(random.random() * 12)


def _label(random: Random) -> str:
    words = random.choices(_WORDS, k=1 + int(random.random() * 4))
    return " ".join(words)


def _code(random: Random) -> str:
    return f"{random.choice(_LETTERS)}{random.choice(_LETTERS)}-{int(random.random() * 100_000):05d}"


def _title(random: Random) -> str:
    return f"{random.choice(_WORDS).capitalize()} {random.choice(_WORDS)} {1 + int(random.random() * 40)}"


def _day(random: Random) -> str:
    year = random.randrange(*_YEARS)
    return f"{year}-{1 + int(random.random() * 12):02d}-{1 + int(random.random() * 28):02d}"


def _time(random: Random) -> str:
    seconds = int(random.random() * 86_400)
    return f"T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _midnight(random: Random) -> str:
    return f"{_day(random)}T00:00:00"


def _stamp(random: Random) -> str:
    ticks = f".{int(random.random() * 10**7):07d}".rstrip("0").rstrip(".")
    return f"{_day(random)}{_time(random)}{ticks}"


def _local(random: Random) -> str:
    return _stamp(random) + random.choice(_OFFSETS)


def _utc(random: Random) -> str:
    return f"{_day(random)}{_time(random)}Z"


def _day_or_midnight(random: Random) -> str:
    return _day(random) if random.random() < 0.5 else _midnight(random)


def _amount(random: Random) -> Decimal:
    return Decimal(int(random.expovariate(0.0001))).scaleb(-2)


def _measure(random: Random) -> float:
    return round(random.gauss(20, 8), 3)


def _single(random: Random) -> Any:
    return DATATYPES["float"].parse(f"{random.gauss(1, 0.3):.3f}")


def _duration(random: Random) -> Any:
    return DATATYPES["duration"].parse(f"PT{int(random.expovariate(0.001))}.{int(random.random() * 1000):03d}S")


def _guid(random: Random) -> str:
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _bytes(random: Random) -> bytes:
    return random.randbytes(int(random.random() * 24))


def _uri(random: Random) -> str:
    return f"https://example.org/{_LETTERS[int(random.random() * 24)].lower()}/{_identifier(random)}"


_INTEGERS: tuple[Callable[[Random], Any], ...] = (_count, _identifier, _position)
_STYLES: dict[str, tuple[Callable[[Random], Any], ...]] = {
    "string": (_label, _code, _title),
    "boolean": (lambda random: random.random() < 0.7,),
    "decimal": (_amount,),
    "double": (_measure,),
    "float": (_single,),
    "dateTime": (_stamp, _midnight, _local, _utc),
    "date": (_day,),
    "dateOrDateTime": (_day_or_midnight, _midnight),
    "offset": (_local,),
    "duration": (_duration,),
    "guid": (_guid,),
    "char": (lambda random: random.choice(_LETTERS + "éß°€"),),
    "base64Binary": (_bytes,),
    "anyURI": (_uri,),
    "QName": (lambda random: random.choice(_LETTERS).lower(),),
}
