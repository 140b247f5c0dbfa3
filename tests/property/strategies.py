"""Values of any contract, derived from its model: the corners of every type, in every combination of nil and absent."""

from __future__ import annotations

import string
import struct
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from convtool.findings import Findings
from convtool.formats.enumerations import flags_from_number, json_names
from convtool.formats.leaf import BAD, Place
from convtool.model.anything import Markup
from convtool.model.contract import XSD, Anything, Array, Dictionary, Enumeration, Member, Record, Scalar
from convtool.model.datatypes import DATATYPES, Datatype
from convtool.model.defaults import default_of, is_kept, unsaid
from convtool.model.parts import DateTimeOffset
from tests.property.names import NAMES

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from convtool.convert import Codec

__all__ = ["dates", "texts", "values"]

_DEEPEST = 5  # records within records, where types refer to themselves

# --- texts ----------------------------------------------------------------------------------------------------------

_CONTROLS = "".join(map(chr, [*range(9), 11, 12, *range(14, 32)]))
_CLASSES = (
    string.ascii_letters + string.digits,
    " \t\n\r",
    _CONTROLS,
    "\x7f\x80\x85\x9f\xa0\xad\u2028\u2029\u200b\ufeff",  # C1 controls, separators, white space of Unicode, a mark
    "\ufffe\uffff\ufffd\ufdd0\U0001fffe\U0010ffff",  # characters that are none
    "&<>\"'\\/]`{}[],:;#=%",
    "éÉœŒçàß€’–",
    "e\u0301\u0308\u0327Å\u212b\u1e9b\u0323",  # NFC and NFD of the same, and what normal forms would change
    "日本語\u0627\u05d0\u0e01",
    "😀\U00010000\U0001d11e",
)
_WORDS = (
    "", " ", "]]>", "&amp;", "&#x1;", "&_x1;", "<b>", "<!--", "-->", "<?x?>", "null", "true", "NaN", "-0", "1e5",
    "\\u0041", "\\n",
    '"', "\\", "/Date(1)/", "2026-03-22", "e\u0301", "\xe9", "i:nil", "  a  ", "\r\n", "\n\r", "a\u0000b", "\ufeffa",
    "\u2028",
)  # fmt: skip


@cache
def texts(*, xml_1_0: bool = False, size: int = 12) -> SearchStrategy[str]:
    """Give texts of every class of character; ``xml_1_0`` leaves out those that only .NET's XML can hold."""
    classes = [c for c in _CLASSES if c != _CONTROLS] if xml_1_0 else list(_CLASSES)
    if xml_1_0:
        classes = ["".join(c for c in chars if c not in "\ufffe\uffff") for chars in classes]
    words = [w for w in _WORDS if not xml_1_0 or "\0" not in w]
    anything = st.characters(codec="utf-8")
    if xml_1_0:
        anything = anything.filter(lambda c: c >= " " and c not in "\ufffe\uffff")
    character = st.one_of(*(st.sampled_from(chars) for chars in classes), anything)
    return st.one_of(
        st.sampled_from(words),
        st.text(character, max_size=size),
        st.lists(st.one_of(st.sampled_from(words), st.text(character, max_size=4)), max_size=4).map("".join),
        st.text(string.ascii_letters, min_size=1, max_size=8),
    )


# --- dates ----------------------------------------------------------------------------------------------------------

_MOMENTS = (
    datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59), datetime(2024, 2, 29), datetime(1900, 2, 28),
    datetime(2000, 2, 29),
    datetime(2026, 3, 29, 2, 30), datetime(1970, 1, 1), datetime(2026, 12, 31, 23, 59, 59),
)  # fmt: skip
_ZONES = ("", "Z", "+00:00", "-00:00", "+01:00", "-05:30", "+14:00", "-14:00", "+13:59")
_FRACTIONS = ("", ".1", ".0000001", ".9999999", ".0494548", ".123", ".999")
_LONG_FRACTIONS = (".0", ".10", ".1000000", ".12345678", ".00000005", ".1234567000")  # valid, not in wire form


@st.composite
def dates(draw: st.DrawFn, *, days: bool = False, wire: bool = True) -> str:
    """Give texts of xs:dateTime, with ``days`` also of xs:date; ``wire``: no fraction that .NET would rewrite."""
    moment = draw(st.one_of(st.sampled_from(_MOMENTS), st.datetimes())).replace(microsecond=0)
    if days and draw(st.booleans()):
        return moment.date().isoformat()
    fraction = draw(
        st.one_of(
            st.sampled_from(_FRACTIONS if wire else _FRACTIONS + _LONG_FRACTIONS),
            st.integers(1, 10**7 - 1).map(lambda ticks: f".{ticks:07d}".rstrip("0")),
        )
    )
    return moment.isoformat(timespec="seconds") + fraction + draw(st.sampled_from(_ZONES))


# --- simple values --------------------------------------------------------------------------------------------------


def _integers(low: int, high: int) -> SearchStrategy[int]:
    corners = {low, low + 1, -1, 0, 1, 9, 10, 99, 100, high // 2, high - 1, high}
    return st.one_of(st.sampled_from(sorted(c for c in corners if low <= c <= high)), st.integers(low, high))


def _decimals(*, fraction: bool) -> SearchStrategy[Decimal]:
    corners = (
        "0.0",
        "0.1",
        "-0.5",
        "1.10",
        "0.0000000000000000000000000001",
        "79228162514264337593543950.335",
        "-1.50",
    )
    whole = ("0", "3", "-1", "79228162514264337593543950335", "-79228162514264337593543950335", "100")
    number = st.one_of(st.integers(0, 2**96 - 1), st.integers(0, 99_999))
    some = st.tuples(st.booleans(), number, st.integers(int(fraction), 28))
    return st.one_of(
        st.sampled_from([Decimal(text) for text in (corners if fraction else corners + whole)]),
        some.map(lambda parts: _decimal(*parts)),
    )


def _decimal(negative: bool, number: int, scale: int) -> Decimal:
    # Not by arithmetic, which would round to the 28 digits of Python's context; .NET has no -0.
    return Decimal((int(negative and number > 0), tuple(map(int, str(number))), -scale))


def _single(value: float) -> float:
    return struct.unpack("<f", struct.pack("<f", value))[0]


def _durations() -> SearchStrategy[str]:
    from convtool.model.dates import _duration_text

    corners = (0, 1, -1, 10**7, -(2**63), 2**63 - 1, 864 * 10**9, 36 * 10**9, 600_000_000, 9_999_999)
    return st.one_of(st.sampled_from(corners), st.integers(-(2**63), 2**63 - 1)).map(_duration_text)


def _offsets() -> SearchStrategy[DateTimeOffset]:
    """Give DateTimeOffsets whose local time exists."""
    within = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda m: m.replace(microsecond=0))
    return st.builds(
        lambda moment, fraction, minutes: DateTimeOffset(f"{moment.isoformat()}{fraction}Z", minutes),
        within, st.sampled_from(_FRACTIONS), st.integers(-840, 840),
    )  # fmt: skip


def _scalar(kind: Datatype, *, exact: bool, xml_1_0: bool) -> SearchStrategy[Any]:
    """Give values of a datatype; ``exact`` leaves out what the two formats write in a different form."""
    if kind.bounds is not None:
        return _integers(*kind.bounds)
    trimmed = texts(xml_1_0=xml_1_0).map(lambda text: text.strip(" \t\r\n"))
    return {
        "boolean": st.booleans,
        "decimal": lambda: _decimals(fraction=exact),
        "double": lambda: st.one_of(st.floats(), st.sampled_from([0.0, -0.0, 1e16, 1.5e-5, 5e-324, 0.1, 1e15, 3.0])),
        "float": lambda: st.one_of(st.floats(width=32), st.sampled_from([0.0, 1e7, 1e-5, 3.0]).map(_single)),
        "dateTime": lambda: dates(wire=exact),
        "date": lambda: st.dates().map(str),
        "dateOrDateTime": lambda: dates(days=True, wire=exact),
        "dateTimeOffset": _offsets,
        "duration": _durations,
        "guid": lambda: st.uuids().map(str),
        "char": lambda: st.one_of(
            st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]),
            st.sampled_from('\0\x01\t\r"\\<&\u2028\uffff'),
        ),
        "base64Binary": lambda: st.binary(max_size=12),
        "string": lambda: texts(xml_1_0=xml_1_0),
        "anyURI": lambda: trimmed,
        "QName": lambda: st.sampled_from(NAMES),
    }[kind.name]()  # type: ignore[operator]


def _enumeration(kind: Enumeration) -> SearchStrategy[str]:
    if not kind.flags:
        return st.sampled_from([name for name, _ in kind.values])
    names = [name for name, _ in kind.values]
    numbers = dict(kind.values)

    def written(chosen: list[str]) -> str:
        total = 0
        for name in chosen:
            total |= numbers[name]
        return flags_from_number(kind, total, Place((0, 0), "", ""), Findings())

    def has_names(value: Any) -> bool:
        """Tell whether .NET has names for a sum: it may have none where names share bits, and none for no flag."""
        return value is not BAD and not (kind.coding != "numbers" and not json_names(kind, value))

    return st.lists(st.sampled_from(names), max_size=len(names)).map(written).filter(has_names)


# --- everything -----------------------------------------------------------------------------------------------------

_DOUBLES = (0.5, -3.0, 1e22, 1.5e-7)  # of a member of anyType, whose JSON has no words for INF and NaN
_MARKUP = (Markup('<a xmlns="">x &amp; <b c="d"/></a>'), Markup("un texte"), Markup("", ' z="1"'))


class _Values:
    def __init__(self, codec: Codec, *, exact: bool, xml_1_0: bool, told: bool) -> None:
        self.model = codec.model
        self.told = told
        self.classes = codec.instances.classes
        self.options: dict[str, Any] = {"exact": exact, "xml_1_0": xml_1_0}
        self.known: dict[tuple[str, int], SearchStrategy[Any]] = {}

    def member(self, member: Member, depth: int) -> SearchStrategy[Any]:
        """Give values of a member: null too, where it can be."""
        value = self.type(member.type, depth)
        return st.one_of(value, value, st.none()) if member.nillable else value

    def type(self, key: str, depth: int) -> SearchStrategy[Any]:
        if (key, depth) not in self.known:
            self.known[key, depth] = self.make(key, depth)
        return self.known[key, depth]

    def make(self, key: str, depth: int) -> SearchStrategy[Any]:
        match self.model.types[key]:
            case Scalar(datatype=name):
                return _scalar(DATATYPES[name], **self.options)
            case Enumeration() as kind:
                return _enumeration(kind)
            case Record():
                # Below the deepest there are only members that have to be there, and these end.
                chosen = [key, *filter(self.has_name, self.model.derived.get(key, ()) if depth >= 0 else ())]
                return st.one_of(*(self.record(one, depth) for one in chosen))
            case Array(item=item):
                return st.just([]) if depth <= 0 else st.lists(self.member(item, depth - 1), max_size=3)
            case Dictionary() if depth <= 0:
                return st.just({})
            case Dictionary(key_member=of, value_member=value):
                return st.dictionaries(self.key(of, depth - 1), self.member(value, depth - 1), max_size=3)
            case Anything() if key != f"{{{XSD}}}anyType":  # an XmlElement
                return st.just(_MARKUP[0])
            case Anything():
                some = texts(size=8, xml_1_0=self.options["xml_1_0"])
                simple = (some, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.sampled_from(_DOUBLES))
                return st.one_of(*simple, st.sampled_from(_MARKUP))
        raise NotImplementedError(key)

    def key(self, member: Member, depth: int) -> SearchStrategy[Any]:
        """Give keys of a dictionary; JSON has fewer digits of those that are doubles than XML."""
        kind = self.model.types[member.type]
        few = (
            (self.told or self.options["exact"])
            and isinstance(kind, Scalar)
            and DATATYPES[kind.datatype].python is float
        )
        return st.sampled_from((0.5, -2.5, 1000.25, 3.0, 0.0)) if few else self.type(member.type, depth)

    def has_name(self, key: str) -> bool:
        """Tell whether a derived type may be there: ``told`` leaves out those that JSON has no $type for."""
        kind = self.model.types[key]
        return not self.told or (isinstance(kind, Record) and bool(kind.type_name))

    def record(self, key: str, depth: int) -> SearchStrategy[Any]:
        kind = self.model.types[key]
        assert isinstance(kind, Record)
        cls = self.classes[key]
        members = [kind.members[index] for index in kind.json_order or range(len(kind.members))]
        fields: list[SearchStrategy[Any]] = []
        for member in members:
            if self.options["exact"] and not (member.in_xml and member.in_json):  # what the other format means by that
                said = unsaid(self.model.types, self.classes, member) if member.in_xml else msgspec.UNSET
                fields.append(st.just(said))
                continue
            deep = depth <= 0 and isinstance(self.model.types[member.type], (Record, Array, Dictionary))
            if deep and not member.is_needed:
                fields.append(st.none() if member.nillable and member.required else st.just(msgspec.UNSET))
            elif member.required:
                fields.append(self.member(member, depth - 1))
            else:
                value = self.member(member, depth - 1)
                default = st.just(default_of(self.model.types, self.classes, member))
                silent = member.emit_default or not member.in_xml or not is_kept(self.model.types, member)
                fields.append(st.one_of(value, value, value if silent else default, st.just(msgspec.UNSET)))
            meant = unsaid(self.model.types, self.classes, member)
            if self.options["exact"] and (member.omits_null or meant is not msgspec.UNSET):
                fields[-1] = fields[-1].map(partial(_or_meant, meant))
        return st.tuples(*fields).map(lambda found: cls(*found))


def _or_meant(meant: Any, value: Any) -> Any:
    """Give a value, or what JSON means where it leaves out null."""
    return meant if value is None or value is msgspec.UNSET else value


@cache
def values(codec: Codec, *, exact: bool = False, xml_1_0: bool = False, told: bool = False) -> SearchStrategy[Any]:
    """Give values of a contract.

    ``exact``: only values whose text is the same in both formats and in the wire form (.NET writes the decimal 3 as 3.0
    in JSON). ``xml_1_0``: only characters that XML 1.0 has, for the reference libraries. ``told``: only types that JSON
    tells, too.
    """
    of = _Values(codec, exact=exact, xml_1_0=xml_1_0, told=told)
    root = Member(codec.name, "", codec.model.root, codec.model.nillable)
    value = of.type(codec.model.root, _DEEPEST)
    return st.one_of(value, value, value, value, value, st.none()) if root.nillable else value
