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
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from convtool.contract import dates, numbers
from convtool.contract.lenient import guids, odd, uris
from convtool.contract.lenient import numbers as styles
from convtool.contract.model import SERIALIZATION, XSD
from convtool.errors import ConvtoolError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    # What .NET reads where ``parse`` refuses: of XML's text, and of a JSON lexeme by the kind of JSON value it is.
    lenient_xml: Callable[[str], Any] | None = None
    lenient_json: Mapping[str, Callable[[str], Any]] = field(default_factory=dict)
    settle: Callable[[Any], Any] | None = None  # what .NET writes of the value after reading it; None: the same
    settle_xml: Callable[[Any], Any] | None = None  # the same, where it differs in XML alone
    # What .NET writes to XML of a value that came from JSON (or, False, from XML); LexicalError where it refuses what
    # XML Schema allows.
    written: Callable[[str, bool], str] | None = None
    nullable_json: Callable[[str], None] | None = None  # raises where Json.NET has no nullable value of a number
    json_words: frozenset[str] = frozenset()  # texts in quotes that are the wire form of a number

    def read_json(self, lexeme: str) -> Any:
        """Give the value of a JSON lexeme of the type's own kind; LexicalError where it has none."""
        return (self.from_json or self.parse)(lexeme)

    @property
    def json_node(self) -> str:
        """The kind of JSON value that the wire form is: "number", "string" or "boolean"."""
        return "number" if self.json_kind == "integer" else self.json_kind

    def write_json(self, value: Any) -> str:
        """Give the JSON lexeme of a value (for strings the text, not yet quoted)."""
        return (self.to_json or self.format)(value)


def collapse(text: str) -> str:
    """Remove XML white space (space, tab, LF, CR) at both ends, as the whiteSpace facet ``collapse`` does there."""
    return text.strip(" \t\n\r")


def _same(text: str) -> str:
    return text


def _integer(name: str, low: int, high: int, what: str, *, converts: bool = True) -> Datatype:
    """Give the row of an integer; ``converts``: Json.NET leaves other kinds of values to .NET's Convert."""
    lenient: dict[str, Callable[[str], Any]] = {"string": lambda text: styles.integer(text, low, high, what)}
    if converts:
        lenient["number"] = lambda token: styles.integer_of_number(token, low, high, what)
        lenient["boolean"] = styles.integer_of_boolean
    return Datatype(
        name, int, "integer", numbers.integer_pattern(low, high),
        lambda text: numbers.parse_integer(text, low, high, what), str, 0, f"{{{XSD}}}{name}", what, (low, high),
        lenient_json=lenient,
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
_GUID_FORM = "a GUID: 8-4-4-4-12 hexadecimal digits"


def _parse_guid(text: str) -> str:
    if not _GUID.fullmatch(text):
        raise LexicalError("lexical", _GUID_FORM)
    return text.lower()  # .NET writes Guids in lower case


_WHITE = str.maketrans("", "", odd.XML_WHITE)
_BASE64 = re.compile("(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?+")


def _parse_base64(text: str) -> bytes:
    joined = text.translate(_WHITE)
    if not _BASE64.fullmatch(joined):  # Python's own check lets padding pass that pads nothing
        raise LexicalError("lexical", "base64")
    return base64.b64decode(joined)


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
    _integer("int", -(2**31), 2**31 - 1, "an integer of 32 bits", converts=False),
    _integer("unsignedInt", 0, 2**32 - 1, "a positive integer of 32 bits"),
    _integer("long", -(2**63), 2**63 - 1, "an integer of 64 bits"),
    _integer("unsignedLong", 0, 2**64 - 1, "a positive integer of 64 bits"),
    Datatype("boolean", bool, "boolean", "true|false", _parse_boolean, _format_boolean, False, f"{{{XSD}}}boolean",
             "true or false", lenient_json={"string": odd.boolean, "number": odd.boolean_of_number}),
    Datatype("decimal", Decimal, "number", numbers.DECIMAL, numbers.parse_decimal, numbers.format_decimal, Decimal(0),
             f"{{{XSD}}}decimal", "a decimal of up to 28 digits", from_json=numbers.decimal_from_json,
             to_json=numbers.decimal_to_json, lenient_xml=styles.rounded_decimal,
             lenient_json={"string": styles.decimal, "number": styles.decimal_of_number}),
    Datatype("double", float, "number", numbers.FLOAT, numbers.parse_double, numbers.format_double, 0.0,
             f"{{{XSD}}}double", "a number, INF, -INF or NaN", from_json=numbers.double_from_json,
             to_json=numbers.double_to_json, lenient_xml=styles.xml_word, settle=styles.unsigned_zero,
             lenient_json={"string": styles.double, "boolean": styles.double_of_boolean},
             nullable_json=styles.check_nullable, json_words=frozenset(styles.WORDS)),
    Datatype("float", float, "number", numbers.FLOAT, numbers.parse_single, numbers.format_single, 0.0,
             f"{{{XSD}}}float", "a number, INF, -INF or NaN", from_json=numbers.single_from_json,
             to_json=numbers.single_to_json, lenient_xml=styles.xml_word, settle=styles.unsigned_zero,
             lenient_json={"string": styles.single, "boolean": styles.double_of_boolean},
             nullable_json=styles.check_nullable, json_words=frozenset(styles.WORDS)),
    Datatype("dateTime", str, "string", dates.DATETIME, dates.parse_datetime, _same, dates.DEFAULT,
             f"{{{XSD}}}dateTime", _DATE_FORM, json_pattern=dates.DATETIME_JSON,
             settle=dates.settled),
    Datatype("date", str, "string", dates.DATE, dates.parse_date, _same, dates.DEFAULT[:10],
             f"{{{XSD}}}date", "a date as 2026-03-22", json_pattern=dates.DATE_JSON,
             settle=dates.settled),
    Datatype("dateOrDateTime", str, "string", f"(?:{dates.DATETIME}|{dates.DATE})", dates.parse_date_or_datetime, _same,
             dates.DEFAULT, "", "a date as 2026-03-22, or 2026-03-22T00:33:32 with an optional fraction and offset",
             json_pattern=dates.DATE_OR_DATETIME_JSON,
             settle=dates.settled),
    Datatype("duration", str, "string", dates.DURATION, dates.parse_duration, _same, "PT0S",
             f"{{{SERIALIZATION}}}duration", "a duration as P1DT2H3M4.5S", from_json=dates.duration_from_json,
             to_json=dates.duration_to_json, lenient_xml=dates.lenient_duration,
             lenient_json={"string": dates.lenient_timespan}),
    Datatype("guid", str, "string", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", _parse_guid, _same,
             "00000000-0000-0000-0000-000000000000", f"{{{SERIALIZATION}}}guid", "a GUID",
             json_pattern="^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$(?!\\n)",
             collapses=False, lenient_xml=guids.guid, lenient_json={"string": guids.guid}),
    Datatype("char", str, "string", numbers.integer_pattern(0, 0xFFFF), _parse_char, lambda value: str(ord(value)),
             "\0", f"{{{SERIALIZATION}}}char", "the code of a character", from_json=_char_from_json, to_json=_same,
             lenient_json={"number": styles.char_of_number}),
    Datatype("base64Binary", bytes, "string", _BASE64.pattern, _parse_base64, _format_base64, None,
             f"{{{XSD}}}base64Binary", "base64", lenient_xml=odd.padded_base64,
             lenient_json={"array": odd.bytes_of_list}),
    _string("string", f"{{{XSD}}}string", "a text", collapses=False,
            lenient_json={"number": odd.text_of_number, "boolean": str.title}),
    Datatype("anyURI", str, "string", uris.URI, _same, _same, None, f"{{{XSD}}}anyURI", "a URI", collapses=False,
             written=uris.written, settle_xml=uris.settled),
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
