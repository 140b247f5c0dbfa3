"""The table of datatypes: the simple types of data contracts, a row each, a column for whatever varies.

Everything that reads, writes, checks, describes or draws simple values asks this table, and no module but this one has
a rule for a datatype by its name. ``add`` adds a row. The columns are explained in ``datatype``.
"""

from __future__ import annotations

import base64
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from convtool._lazy import pattern
from convtool.errors import ConvtoolError
from convtool.model import dates, numbers, typical
from convtool.model.contract import SERIALIZATION, XSD, Member, Record, Scalar, split_key
from convtool.model.datatype import Datatype, same
from convtool.model.lenient import guids, odd, uris
from convtool.model.lenient import numbers as styles
from convtool.model.parts import DateTimeOffset
from convtool.model.spelling import NCNAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.model.contract import Type

__all__ = ["BY_KEY", "DATATYPES", "Datatype", "LexicalError", "add", "collapse", "is_plain", "record_of"]

LexicalError = numbers.LexicalError


def collapse(text: str) -> str:
    """Remove XML white space (space, tab, LF, CR) at both ends, as the whiteSpace facet ``collapse`` does there."""
    return text.strip(" \t\n\r")


def _numbered(index: int, _moment: str) -> str:
    return str(index)


def _always(text: str) -> Callable[[int, str], str]:
    return lambda _index, _moment: text


# --- integers -------------------------------------------------------------------------------------------------------

_BYTE_SAMPLE = "64"  # what ObjectGenerator prints for every byte
_WRONG_INTEGERS = ("3.0", "1e2", "0x1F", "1 2", "abc", "１", "1_000", "--1")


def _integer(
    name: str, low: int, high: int, what: str, word: str, *, read_word: bool = False, converts: bool = True
) -> Datatype:
    """Give the row of an integer; ``converts``: Json.NET leaves other kinds of values to .NET's Convert."""
    from_json: Callable[[str], Any] | None = None
    lenient: dict[str, Callable[[str], Any]] = {"string": lambda text: styles.integer(text, low, high, what)}
    if converts:
        from_json = lambda token: styles.whole_number(token, low, high, what)  # noqa: E731 - a column
        lenient["number"] = lambda token: styles.integer_of_number(token, low, high, what)
        lenient["boolean"] = styles.integer_of_boolean
    corners = {low, low + 1, -1, 0, 1, 9, 10, 99, 100, high // 2, high - 1, high}

    def parse(text: str) -> int:
        return numbers.parse_integer(text, low, high, what)

    def within(draw: Callable[[Any], int]) -> Callable[[Any], int]:
        return lambda random: min(max(draw(random), low), high)

    return Datatype(
        name=name, key=f"{{{XSD}}}{name}", python=int, what=what, default=0, bounds=(low, high),
        parse=parse, format=str, pattern=numbers.integer_pattern(low, high), escaped=False,
        kept=name not in ("int", "long"),
        json_kind="integer", engine=1, from_json=from_json, lenient_json=lenient,
        from_key=lambda text: parse(text.strip(odd.CONVERTED)),
        sample=_always(_BYTE_SAMPLE) if high - low == 255 else _numbered, word=word, read_word=read_word,
        realistic=tuple(map(within, (typical.count, typical.identifier, typical.position))), plain=tuple(range(1, 100)),
        corners=tuple(sorted((c for c in corners if low <= c <= high), key=lambda c: (abs(c), c < 0))),
        wrong=_WRONG_INTEGERS,
    )  # fmt: skip


# --- what the others parse and write --------------------------------------------------------------------------------


def _parse_boolean(text: str) -> bool:
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    raise LexicalError("lexical", "true or false")


def _format_boolean(value: bool) -> str:
    return "true" if value else "false"


_GUID = pattern(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}")
_GUID_FORM = "a GUID: 8-4-4-4-12 hexadecimal digits"


def _parse_guid(text: str) -> str:
    if not _GUID.fullmatch(text):
        raise LexicalError("lexical", _GUID_FORM)
    return text.lower()  # .NET writes Guids in lower case


_WHITE = str.maketrans("", "", odd.XML_WHITE)
_BASE64 = pattern("(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


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


def _parse_form_boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise LexicalError("lexical", "true or false")
    return text.lower() == "true"


def _parse_key_boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise LexicalError("lexical", "True or False")
    return text.lower() == "true"


def _decimal_key(text: str) -> Decimal:
    return numbers.parse_decimal(text.strip(odd.CONVERTED))


def _float_row(name: str, width: str, **more: Any) -> Datatype:
    """Give the row of a double or a float, whose functions are named by ``width``: "double" or "single"."""
    parse, form = getattr(numbers, f"parse_{width}"), getattr(numbers, f"format_{width}")
    from_json, to_json = getattr(numbers, f"{width}_from_json"), getattr(numbers, f"{width}_to_json")

    def to_key(value: float) -> str:
        return numbers.general(value, width == "single") if math.isfinite(value) else str(to_json(value)).strip('"')

    def from_key(text: str) -> float:
        stripped = text.strip(odd.CONVERTED)
        return styles.WORDS[stripped] if stripped in styles.WORDS else parse(stripped)

    return Datatype(
        name=name, key=f"{{{XSD}}}{name}", python=float, what="a number, INF, -INF or NaN", default=0.0,
        parse=parse, format=form, pattern=numbers.FLOAT, escaped=False, kept=False, loses_key=True,
        json_kind="number", from_json=from_json, to_json=to_json, json_words=tuple(styles.WORDS),
        from_key=from_key, to_key=to_key, from_form=from_json, to_form=to_json,
        lenient_xml=styles.xml_word, nullable_json=styles.check_nullable, settle=styles.unsigned_zero,
        lenient_json={"string": getattr(styles, width), "boolean": styles.double_of_boolean},
        sample=lambda index, _moment: f"{index}.1", word="decimal number",
        plain=(1.5,), wrong=("1,5", "abc", "Infinite"), **more,
    )  # fmt: skip


def _date_row(name: str, key: str, what: str, sample: Callable[[int, str], str], **more: Any) -> Datatype:
    return Datatype(
        name=name, key=key, python=str, what=what, format=same, json_kind="string", exact=True, escaped=False,
        kept=False,
        settle=dates.settled, is_date=True, empty_is_null=True, silent=True, instant=dates.instant, sample=sample,
        word="date", **more,
    )  # fmt: skip


def _text_row(name: str, what: str, word: str, **more: Any) -> Datatype:
    columns = {"parse": same, "wrong": (), **more}
    return Datatype(
        name=name, key=f"{{{XSD}}}{name}", python=str, what=what, default=None, format=same, kept=False,
        json_kind="string", word=word, **columns,
    )  # fmt: skip


_QNAME = pattern(f"(?:({NCNAME}):)?{NCNAME}")


def _parse_qname(text: str) -> str:
    """A qualified name is kept as a text, and so only without a prefix, whose namespace the text does not say."""
    found = _QNAME.fullmatch(text)
    if found is None:
        raise LexicalError("lexical", "a qualified name")
    if found[1] is not None:
        raise LexicalError("unknown", "a name without a prefix, of which JSON would not say the namespace")
    return text


def _parse_offset(text: str) -> DateTimeOffset:
    return DateTimeOffset(*dates.offset_from_text(text))


def _format_offset(value: DateTimeOffset) -> str:
    return dates.offset_to_text(value.DateTime, value.OffsetMinutes)


def _sample_offset(_index: int, moment: str) -> str:
    return moment if dates.has_offset(moment) or moment.endswith("Z") else f"{moment}Z"


def _numbered_guid(index: int, _moment: str) -> str:
    return _guid(index)


def _guid(number: int) -> str:
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


_DECIMALS = ("0", "3", "0.0", "0.1", "-0.5", "1.10", "-1.50", "-1", "100",
             "0.0000000000000000000000000001", "79228162514264337593543950.335",
             "79228162514264337593543950335", "-79228162514264337593543950335")  # fmt: skip
_TEXTS = ("", " ", "  a  ", "null", "true", "NaN", "-0", "1e5", "2026-03-22", "é", "\r\n", "]]>", "&amp;", "<b>", '"')
_DATE_FORM = "a date as 2026-03-22T00:33:32, with an optional fraction and an optional Z or offset"
_MOMENT, _DAY = "2026-03-22T00:33:32", "2026-03-22"
_GUIDS = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
_MOMENT_FORM = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
_WRONG_DATES = ("yesterday", "2026-02-30T00:00:00", "2026-13-01T00:00:00", "2026-03-22T25:00:00", "22/03/2026")

# --- the table ------------------------------------------------------------------------------------------------------

# The samples are ObjectGenerator's, but for guid (random there) and QName (none there); anyURI has the slash that
# DataContractSerializer adds, for both formats. Its byte array is a list of two bytes, which take no number.
_ROWS = (
    _integer("byte", -128, 127, "an integer of 8 bits", "signed byte", read_word=True),
    _integer("unsignedByte", 0, 255, "a positive integer of 8 bits", "byte", read_word=True),
    _integer("short", -(2**15), 2**15 - 1, "an integer of 16 bits", "integer"),
    _integer("unsignedShort", 0, 2**16 - 1, "a positive integer of 16 bits", "unsigned integer"),
    _integer("int", -(2**31), 2**31 - 1, "an integer of 32 bits", "integer", read_word=True, converts=False),
    _integer("unsignedInt", 0, 2**32 - 1, "a positive integer of 32 bits", "unsigned integer", read_word=True),
    _integer("long", -(2**63), 2**63 - 1, "an integer of 64 bits", "integer"),
    _integer("unsignedLong", 0, 2**64 - 1, "a positive integer of 64 bits", "unsigned integer"),
    Datatype(
        name="boolean", engine=5, kept=False, key=f"{{{XSD}}}boolean", python=bool, what="true or false", default=False,
        parse=_parse_boolean, format=_format_boolean, pattern="true|false", escaped=False,
        json_kind="boolean", from_key=_parse_key_boolean, to_key=str, from_form=_parse_form_boolean,
        lenient_json={"string": odd.boolean, "number": odd.boolean_of_number},
        sample=_always("true"), word="boolean", read_word=True,
        realistic=(typical.boolean,), plain=(True,), corners=(False, True), wrong=("TRUE", "yes", "2"),
    ),
    Datatype(
        name="decimal", engine=6, key=f"{{{XSD}}}decimal", python=Decimal, what="a decimal of up to 28 digits",
        kept=False, default=Decimal(0), parse=numbers.parse_decimal, format=numbers.format_decimal,
        pattern=numbers.DECIMAL,
        escaped=False, json_kind="number", from_json=numbers.decimal_from_json, to_json=numbers.decimal_to_json,
        from_key=_decimal_key, to_key=numbers.format_decimal,
        lenient_xml=styles.rounded_decimal, lenient_json={"string": styles.decimal, "number": styles.decimal_of_number},
        loses_scale=True, sample=_numbered, word="decimal number", read_word=True, realistic=(typical.amount,),
        plain=(Decimal("1.5"),), corners=tuple(map(Decimal, _DECIMALS)), wrong=("1,5", "abc", "1.5.5"),
    ),
    _float_row("double", "double", engine=7, realistic=(typical.measure,),
               corners=(0.0, 3.0, 0.1, -0.0, 1e15, 1e16, 1.5e-5, 5e-324, math.inf, -math.inf, math.nan)),
    _float_row("float", "single", engine=8, decoded=False, realistic=(typical.single,),
               corners=(0.0, 3.0, 1e7, numbers.to_single(1e-5), math.inf)),
    _date_row(
        "dateTime", f"{{{XSD}}}dateTime", _DATE_FORM, lambda _index, moment: moment, engine=2, default=dates.DEFAULT,
        parse=dates.parse_datetime, pattern=dates.DATETIME, json_schema={"pattern": dates.DATETIME_JSON},
        read_word=True, sample_form=_MOMENT_FORM,
        realistic=(typical.stamp, typical.midnight, typical.local, typical.utc), plain=(_MOMENT,),
        corners=(dates.DEFAULT, f"{_MOMENT}Z", f"{_MOMENT}.0494548-05:30", "9999-12-31T23:59:59.9999999"),
        wrong=_WRONG_DATES,
    ),
    _date_row(
        "date", f"{{{XSD}}}date", "a date as 2026-03-22", lambda _index, moment: moment[:10],
        engine=3, default=dates.DEFAULT[:10], may_be_day=True, parse=dates.parse_date, pattern=dates.DATE,
        json_schema={"pattern": dates.DATE_JSON}, realistic=(typical.day,),
        plain=(_DAY,), corners=("0001-01-01", "2024-02-29", "9999-12-31"),
        wrong=("yesterday", "2026-02-30", "22/03/2026"),
    ),
    _date_row(
        "dateOrDateTime", "", "a date as 2026-03-22, or 2026-03-22T00:33:32 with an optional fraction and offset",
        lambda _index, moment: moment, shown="date or dateTime", engine=4, default=dates.DEFAULT, may_be_day=True,
        parse=dates.parse_date_or_datetime, pattern=f"(?:{dates.DATETIME}|{dates.DATE})",
        json_schema={"pattern": dates.DATE_OR_DATETIME_JSON}, realistic=(typical.day_or_midnight, typical.midnight),
        plain=(_DAY,), corners=("0001-01-01", dates.DEFAULT, f"{_MOMENT}+14:00"),
        wrong=("yesterday", "2026-02-30", "2026-03-22T25:00:00", "22/03/2026"),
    ),
    Datatype(
        name="dateTimeOffset", key="{http://schemas.datacontract.org/2004/07/System}DateTimeOffset",
        python=DateTimeOffset, decoded=False, parts=(("DateTime", "dateTime"), ("OffsetMinutes", "short")),
        what="a date and time with an offset", shown="DateTimeOffset, which is one text in JSON",
        default=DateTimeOffset(f"{dates.DEFAULT}Z", 0), parse=_parse_offset, format=_format_offset, pattern="",
        json_kind="string", json_schema={"pattern": dates.OFFSET_JSON}, empty_is_null=True, silent=True,
        lenient_json={"string": lambda text: DateTimeOffset(*dates.lenient_offset(text))}, relaxed="date.relaxed",
        instant=lambda value: dates.instant(value.DateTime), sample=_sample_offset, word="date", engine=5,
        realistic=(lambda random: _parse_offset(typical.local(random)),),
        plain=(DateTimeOffset(f"{_MOMENT}Z", 60),), wrong=_WRONG_DATES,
        corners=tuple(map(_parse_offset, (f"{dates.DEFAULT}+00:00", f"{_MOMENT}.0494548-05:30", f"{_MOMENT}+14:00",
                                          "9999-12-31T23:59:59.9999999+00:00"))),
    ),
    Datatype(
        name="duration", engine=13, key=f"{{{SERIALIZATION}}}duration", python=str, what="a duration as P1DT2H3M4.5S",
        default="PT0S", parse=dates.parse_duration, format=same, pattern=dates.DURATION, escaped=False,
        json_kind="string", from_json=dates.duration_from_json, to_json=dates.duration_to_json,
        json_schema={"pattern": dates.DURATION_JSON},
        from_form=dates.duration_from_json, to_form=dates.duration_to_json,
        lenient_xml=dates.lenient_duration, lenient_json={"string": dates.lenient_timespan},
        sample=_always("PT0.1234567S"), word="time interval", read_word=True,
        sample_form=pattern(r"-?(?:\d+\.)?\d\d:\d\d:\d\d(?:\.\d{7})?"), realistic=(typical.duration,),
        plain=("PT1M",), wrong=("1 day", "PT", "1:60:00"),
        corners=("PT0S", "PT0.0000001S", "-PT1S", "P1D", "-P10675199DT2H48M5.4775808S", "P10675199DT2H48M5.4775807S"),
    ),
    Datatype(
        name="guid", engine=9, key=f"{{{SERIALIZATION}}}guid", python=str, what="a GUID", default=_guid(0),
        parse=_parse_guid, format=same, pattern=_GUIDS.replace("A-F", ""), exact=True, collapses=False, escaped=False,
        json_kind="string", json_schema={"pattern": rf"^{_GUIDS}$(?!\n)"},
        lenient_xml=guids.guid, lenient_json={"string": guids.guid}, sample=_numbered_guid,
        word="globally unique identifier", read_word=True, sample_form=pattern(_GUIDS), realistic=(typical.guid,),
        plain=("12345678-0000-0000-0000-000000000001",),
        corners=(_guid(0), _guid(2**128 - 1)),
        wrong=("12345678", "not-a-guid", "12345678-0000-0000-0000-00000000000G"),
    ),
    Datatype(
        name="char", engine=14, key=f"{{{SERIALIZATION}}}char", python=str, what="the code of a character",
        default="\0", json_default=True,
        parse=_parse_char, format=lambda value: str(ord(value)), pattern=numbers.integer_pattern(0, 0xFFFF),
        escaped=False, json_kind="string", from_json=_char_from_json, to_json=same,
        json_schema={"minLength": 1, "maxLength": 1}, from_form=_char_from_json, to_form=same,
        lenient_json={"number": styles.char_of_number}, sample=_always("65"), word="character", read_word=True,
        realistic=(typical.character,), plain=("A",), wrong=("AB", "", "abc"),
        corners=tuple('a\0\x01\t\r"\\<&\u2028\uffff'),
    ),
    Datatype(
        name="base64Binary", engine=10, key=f"{{{XSD}}}base64Binary", python=bytes, what="base64", default=None,
        parse=_parse_base64, format=_format_base64, pattern=_BASE64.pattern, escaped=False, bare=True,
        kept=False, json_kind="string", lenient_xml=odd.padded_base64, lenient_json={"array": odd.bytes_of_list},
        sample=_always("QEA="), counted=False, word="Collection of byte", sample_form=pattern("QEA="),
        realistic=(typical.bytes_,), plain=(b"AB",), corners=(b"", b"\0", b"\xff\xff\xff"), wrong=("***", "A", "AB=C"),
    ),
    _text_row(
        "string", "a text", "string", engine=0, read_word=True, collapses=False, pattern="",
        lenient_json={"number": odd.text_of_number, "boolean": str.title},
        sample=lambda index, _moment: f"sample string {index}", realistic=(typical.label, typical.code, typical.title),
        plain=("alpha", "ABC", "gamma delta"), corners=_TEXTS,
    ),
    _text_row(
        "anyURI", "a URI", "URI", engine=15, read_word=True, collapses=False, pattern=uris.URI, written=uris.written,
        settle_xml=uris.settled, loses_white=True, sample=lambda index, _moment: f"http://webapihelppage{index}.com/",
        sample_form=pattern(r"https?://webapihelppage\d+\.com/?"), realistic=(typical.uri,), plain=("urn:a",),
        corners=("a", "/", "http://h/", "urn:a:b", "http://h/a?b=c#d"),
    ),
    _text_row("QName", "a qualified name", "string", engine=16, parse=_parse_qname, pattern=NCNAME, exact=True,
              escaped=False, sample=_always("sample"), counted=False, realistic=(typical.letter,), plain=("a",),
              corners=("a", "_", "a-b.c", "\u00e9"), wrong=("1", "a b", ":", "a:")),
)  # fmt: skip

DATATYPES: dict[str, Datatype] = {row.name: row for row in _ROWS}
BY_KEY: dict[str, Datatype] = {row.key: row for row in _ROWS if row.key}


def add(row: Datatype) -> None:
    """Add a datatype; ConvtoolError where its name or its key is taken."""
    if row.name in DATATYPES or row.key in BY_KEY:
        raise ConvtoolError(f"there is a datatype {row.name!r} ({row.key}) already")
    DATATYPES[row.name] = row
    if row.key:
        BY_KEY[row.key] = row


def record_of(kind: Type) -> Record | None:
    """Give what XML has as an element of members: a record, or the parts of a value that has several; else None."""
    if isinstance(kind, Record):
        return kind
    if not isinstance(kind, Scalar) or is_plain(kind):
        return None
    row, namespace = DATATYPES[kind.datatype], split_key(kind.key)[0]
    members = (Member(name, namespace, DATATYPES[of].key, nillable=False, required=True) for name, of in row.parts)
    return Record(kind.key, tuple(members), value_type=not row.is_class)


def is_plain(kind: Type) -> bool:
    """Tell whether a type is simple in both formats: a text in XML, too."""
    return isinstance(kind, Scalar) and not DATATYPES[kind.datatype].parts


def datatype(name: str) -> Datatype:
    """Give the entry named ``name``; ConvtoolError where there is none (a damaged cache would be the only cause)."""
    try:
        return DATATYPES[name]
    except KeyError:
        raise ConvtoolError(f"no datatype is named {name!r}") from None
