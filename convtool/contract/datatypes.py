"""The simple types of data contracts, one entry each: lexical rules, wire form, JSON form, default.

A datatype's *value* is what a reader gives: int, bool, float, Decimal, bytes, or str. Types whose text would lose
something in a Python type (a DateTime has seven digits of a second, ``datetime`` holds six) have their XML text as
value.

- ``pattern`` is the wire form in XML as a regular expression: a text that matches it fully is in wire form and valid,
  up to ``bounds``. Fast lanes are built from it.
- ``parse`` takes any text that XML Schema allows (white space already collapsed) and gives the value, or raises
  ``LexicalError``; ``format`` gives the wire form in XML of a value.
- ``json_kind`` is the kind of JSON value; ``from_json`` and ``to_json`` map between the JSON lexeme (a number's token,
  a string's text) and the value.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from convtool.contract import dates, numbers
from convtool.contract.model import SERIALIZATION, XSD
from convtool.errors import ConvtoolError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BY_KEY", "DATATYPES", "Datatype", "LexicalError", "collapse"]

LexicalError = numbers.LexicalError


@dataclass(frozen=True, slots=True)
class Datatype:
    """One simple type; see the module's docstring for its parts."""

    name: str
    python: type
    json_kind: str  # "integer", "number", "string" or "boolean"
    pattern: str
    parse: Callable[[str], Any]
    format: Callable[[Any], str]
    default: Any
    key: str  # the type's name in XSD: {namespace}name
    what: str  # how a message speaks of a value of the type
    bounds: tuple[int, int] | None = None
    from_json: Callable[[str], Any] | None = None  # None: as XML's parse
    to_json: Callable[[Any], str] | None = None  # None: as XML's format
    json_pattern: str = (
        ""  # for strings: what the JSON text must match (ECMA-262 and re agree on it), "" where anything
    )
    collapses: bool = True  # XML white space around the value is not part of it

    def read_json(self, lexeme: str) -> Any:
        """Give the value of a JSON lexeme of the type's own kind; LexicalError where it has none."""
        return (self.from_json or self.parse)(lexeme)

    def write_json(self, value: Any) -> str:
        """Give the JSON lexeme of a value (for strings the text, not yet quoted)."""
        return (self.to_json or self.format)(value)


def collapse(text: str) -> str:
    """Remove XML white space (space, tab, LF, CR) at both ends, as the whiteSpace facet ``collapse`` does there."""
    return text.strip(" \t\n\r")


def _same(text: str) -> str:
    return text


def _integer(name: str, low: int, high: int, what: str) -> Datatype:
    return Datatype(
        name, int, "integer", numbers.integer_pattern(low, high),
        lambda text: numbers.parse_integer(text, low, high, what), str, 0, f"{{{XSD}}}{name}", what, (low, high),
    )  # fmt: skip


def _parse_boolean(text: str) -> bool:
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    raise LexicalError("lexical", "true or false")


def _format_boolean(value: bool) -> str:
    return "true" if value else "false"


_GUID = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}")


def _parse_guid(text: str) -> str:
    if not _GUID.fullmatch(text):
        raise LexicalError("lexical", "a GUID: 8-4-4-4-12 hexadecimal digits")
    return text.lower()  # .NET writes Guids in lower case


def _parse_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise LexicalError("lexical", "base64") from None


def _format_base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _parse_char(text: str) -> str:
    """A System.Char is an integer in XML: the code of one UTF-16 unit."""
    code = numbers.parse_integer(text, 0, 0xFFFF, "the code of a character")
    if 0xD800 <= code <= 0xDFFF:
        raise LexicalError("range", "the code of a character (not half of a surrogate pair)")
    return chr(code)


def _char_from_json(text: str) -> str:
    if len(text) != 1 or ord(text) > 0xFFFF:
        raise LexicalError("lexical", "one character")
    return text


def _string(name: str, key: str, what: str, **more: Any) -> Datatype:
    return Datatype(name, str, "string", "", _same, _same, None, key, what, **more)


_DATE_FORM = "a date as 2026-03-22T00:33:32, with an optional fraction and an optional Z or offset"
_ROWS = (
    _integer("byte", -128, 127, "an integer of 8 bits"),
    _integer("unsignedByte", 0, 255, "a positive integer of 8 bits"),
    _integer("short", -(2**15), 2**15 - 1, "an integer of 16 bits"),
    _integer("unsignedShort", 0, 2**16 - 1, "a positive integer of 16 bits"),
    _integer("int", -(2**31), 2**31 - 1, "an integer of 32 bits"),
    _integer("unsignedInt", 0, 2**32 - 1, "a positive integer of 32 bits"),
    _integer("long", -(2**63), 2**63 - 1, "an integer of 64 bits"),
    _integer("unsignedLong", 0, 2**64 - 1, "a positive integer of 64 bits"),
    Datatype("boolean", bool, "boolean", "true|false", _parse_boolean, _format_boolean, False, f"{{{XSD}}}boolean",
             "true or false"),
    Datatype("decimal", Decimal, "number", numbers.DECIMAL, numbers.parse_decimal, numbers.format_decimal, Decimal(0),
             f"{{{XSD}}}decimal", "a decimal of up to 28 digits", from_json=numbers.decimal_from_json,
             to_json=numbers.decimal_to_json),
    Datatype("double", float, "number", numbers.FLOAT, numbers.parse_double, numbers.format_double, 0.0,
             f"{{{XSD}}}double", "a number, INF, -INF or NaN", from_json=numbers.double_from_json,
             to_json=numbers.double_to_json),
    Datatype("float", float, "number", numbers.FLOAT, numbers.parse_single, numbers.format_single, 0.0,
             f"{{{XSD}}}float", "a number, INF, -INF or NaN", from_json=numbers.single_from_json,
             to_json=numbers.single_to_json),
    Datatype("dateTime", str, "string", dates.DATETIME, dates.parse_datetime, _same, dates.DEFAULT,
             f"{{{XSD}}}dateTime", _DATE_FORM, json_pattern=dates.DATETIME_JSON),
    Datatype("date", str, "string", dates.DATE, dates.parse_date, _same, dates.DEFAULT[:10],
             f"{{{XSD}}}date", "a date as 2026-03-22", json_pattern=dates.DATE_JSON),
    Datatype("dateOrDateTime", str, "string", f"(?:{dates.DATETIME}|{dates.DATE})", dates.parse_date_or_datetime, _same,
             dates.DEFAULT, "", "a date as 2026-03-22, or 2026-03-22T00:33:32 with an optional fraction and offset",
             json_pattern=dates.DATE_OR_DATETIME_JSON),
    Datatype("duration", str, "string", dates.DURATION, dates.parse_duration, _same, "PT0S",
             f"{{{SERIALIZATION}}}duration", "a duration as P1DT2H3M4.5S", from_json=dates.duration_from_json,
             to_json=dates.duration_to_json),
    Datatype("guid", str, "string", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", _parse_guid, _same,
             "00000000-0000-0000-0000-000000000000", f"{{{SERIALIZATION}}}guid", "a GUID",
             json_pattern="^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$(?!\\n)"),
    Datatype("char", str, "string", numbers.integer_pattern(0, 0xFFFF), _parse_char, lambda value: str(ord(value)),
             "\0", f"{{{SERIALIZATION}}}char", "the code of a character", from_json=_char_from_json, to_json=_same),
    Datatype("base64Binary", bytes, "string", "(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?+",
             _parse_base64, _format_base64, None, f"{{{XSD}}}base64Binary", "base64"),
    _string("string", f"{{{XSD}}}string", "a text", collapses=False),
    _string("anyURI", f"{{{XSD}}}anyURI", "a URI"),
    _string("QName", f"{{{XSD}}}QName", "a qualified name"),
)  # fmt: skip

DATATYPES: dict[str, Datatype] = {row.name: row for row in _ROWS}
BY_KEY: dict[str, Datatype] = {row.key: row for row in _ROWS if row.key}


def datatype(name: str) -> Datatype:
    """Give the entry named ``name``; ConvtoolError where there is none (a damaged cache would be the only cause)."""
    try:
        return DATATYPES[name]
    except KeyError:
        raise ConvtoolError(f"no datatype is named {name!r}") from None
