"""What the page calls types, and what samples give away → datatypes.

The words are those of ModelDescriptionGenerator, the samples those of ObjectGenerator
(Microsoft.AspNet.WebApi.HelpPage).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from convtool.model.datatypes import DATATYPES

if TYPE_CHECKING:
    from convtool.authoring.help_page.guesses import Guesses

__all__ = [
    "ABSENT", "COLLECTION", "DICTIONARY", "could_be_type", "from_sample", "from_word", "is_type", "printed_number",
]  # fmt: skip
ABSENT: Any = object()  # no sample: not the same as null
COLLECTION = "Collection of "
DICTIONARY = re.compile(r"Dictionary of (.+) \[key\] and (.+) \[value\]")
_DATE_ONLY = re.compile(r"(?:AAAA|YYYY)[-/.]MM[-/.](?:JJ|DD)\b(?![T ]*HH)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:sample string |https?://webapihelppage)(\d+)(?:\.com/?)?")
_NAME = re.compile(r"[^\W\d][\w.]*")
_WORDS = {kind.word for kind in DATATYPES.values() if kind.read_word}
_BYTE = 64  # what the generator prints for every byte


def is_type(text: str) -> bool:
    """Tell whether a text is one that the page's generator writes for a type of its own: not just a name."""
    return text.startswith(COLLECTION) or bool(DICTIONARY.fullmatch(text)) or text == "Object" or text in _WORDS


def could_be_type(text: str) -> bool:
    """Tell whether a text may name a type: it is one of the generator's, or a name."""
    while text.startswith(COLLECTION):
        text = text.removeprefix(COLLECTION)
    return is_type(text) or bool(_NAME.fullmatch(text))


def from_word(word: str, description: str, sample: Any, where: str, guesses: Guesses) -> str:
    """Give the datatype that a word of the type column means, or "" where it is none of the page's words."""
    name = next((kind.name for kind in DATATYPES.values() if kind.read_word and kind.word == word), "")
    if name == "decimal":
        return _fraction(sample, where, guesses)
    if name == "dateTime" and _DATE_ONLY.search(description):
        guesses.add("documented as a date: a date or a dateTime is taken (DateOrDateTime)", where)
        return "dateOrDateTime"
    if name in ("int", "unsignedInt"):
        guesses.add(f"'{word}' is taken as xs:{name}, though the page would call 16 and 64 bits the same", where)
    return name


def from_sample(sample: Any, xml: str | None, where: str, guesses: Guesses) -> str:
    """Give the datatype of a simple value that only samples show."""
    if isinstance(sample, bool):
        return "boolean"
    if isinstance(sample, Decimal):
        return _fraction(sample, where, guesses)
    if isinstance(sample, int):
        if sample == _BYTE:
            guesses.add("64 is the sample of a byte: taken as xs:unsignedByte", where)
            return "unsignedByte"
        guesses.add("an integer is taken as xs:int, though 16 and 64 bits print the same", where)
        return "int"
    if isinstance(sample, str):
        if len(sample) == 1 and xml == str(ord(sample)):
            return "char"
        told = (kind.name for kind in DATATYPES.values() if kind.sample_form and kind.sample_form.fullmatch(sample))
        return next(told, "string")
    guesses.add("nothing shows the type: taken as a string", where)
    return "string"


def _fraction(sample: Any, where: str, guesses: Guesses) -> str:
    """3.0 is a decimal's sample, 3.1 a double's or float's; Json.NET writes a whole double as 3.0, too."""
    if isinstance(sample, Decimal) and sample != sample.to_integral_value():
        guesses.add("a number with a fraction (N.1) is taken as xs:double: a float prints the same", where)
        return "double"
    guesses.add("a decimal number without a fraction (N.0) is taken as xs:decimal: it could be a whole double", where)
    return "decimal"


def printed_number(datatype: str, sample: Any) -> int | None:
    """Give the number of the generator's count that a sample shows; None where it shows none."""
    if isinstance(sample, bool) or sample is None or datatype in ("byte", "unsignedByte"):
        return None
    if isinstance(sample, (int, Decimal)):
        return int(sample)
    found = _NUMBERED.fullmatch(sample) if isinstance(sample, str) else None
    return int(found[1]) if found else None
