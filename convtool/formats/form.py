"""Form bodies (``application/x-www-form-urlencoded``), both ways, for contracts whose members are scalars.

What a form means is what ASP.NET Web API's model binder makes of it (AspNetWebStack: FormUrlEncodedParser,
NameValuePairsValueProvider, ValueProviderResult, ModelBindingHelper):

- Pairs are split at ``&``, names from values at the first ``=``; ``+`` is a space, ``%XX`` a byte of UTF-8, and a ``%``
  that no two hexadecimal digits follow stays as it is. A name without ``=`` has an empty value.
- Names match without regard to case; ``Name[]`` is ``Name``. Of a name given twice the *first* value counts. Unknown
  names are skipped.
- White space around a value is not part of it, except in texts. A value that is empty, or white space only, is null: of
  a text too, so a form cannot hold an empty text. Booleans are true and false in any case; 1 and 0 are refused.

Nothing but clients writes forms, so the wire form is theirs: members in the order of JSON, null as ``Name=``, names and
values escaped as .NET's FormUrlEncodedContent escapes them. A form without members is an empty body, which is null to
Web API: neither can be written. Paths are JSON Pointers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, unquote_to_bytes

import msgspec

from convtool.errors import UsageError
from convtool.findings import Severity
from convtool.formats import suggest
from convtool.formats.enumerations import flags_from_names, flags_from_number, name_from_number, name_from_text
from convtool.formats.leaf import BAD, Place, Unwritable, date_value, lexical, shown
from convtool.formats.text import DEPTH
from convtool.model.contract import Enumeration, Member, Record, Scalar, split_key
from convtool.model.datatypes import DATATYPES, LexicalError
from convtool.model.dates import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.findings import Findings
    from convtool.formats.text import Text
    from convtool.model.contract import Contract
    from convtool.model.instance import Instances

__all__ = ["FormFormat"]

_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_RAW = re.compile(rb"[^!-~]")  # what a client should have escaped: white space, controls, what is not ASCII
_LOST_PLUS = re.compile(r"[0-9] [0-9]{2}:?[0-9]{2}")  # an offset whose + was not escaped has become a space
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A name and its value, as they came, with the offsets of both."""

    name: bytes
    value: bytes
    at: int
    value_at: int

    @property
    def name_span(self) -> tuple[int, int]:
        return self.at, self.at + len(self.name)

    @property
    def value_span(self) -> tuple[int, int]:
        return self.value_at, self.value_at + len(self.value)


class FormFormat:
    """Reads and writes the forms of one contract; UsageError where its members are not all scalars."""

    name = "form"

    def __init__(self, contract: Contract, instances: Instances) -> None:
        self.contract = contract
        self.instances = instances

    def refusal(self) -> str:
        """Say why the contract has no form, or nothing where it has one."""
        record = self.contract.root_type
        if not isinstance(record, Record):
            return f"{self.contract.name} is not a record"
        members = [member for member in record.members if member.in_xml]
        if not members:
            return f"{self.contract.name} has no members"
        for member in members:
            kind = self.contract.types[member.type]
            if not isinstance(kind, (Scalar, Enumeration)):
                return f"`{member.name}` of {self.contract.name} is not a scalar"
        return ""

    def _record(self) -> Record:
        refusal = self.refusal()
        record = self.contract.root_type
        if refusal or not isinstance(record, Record):
            raise UsageError(f"a form holds records whose members are scalars, and {refusal}")
        return record

    def write(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give the form of a value; ``pretty`` changes nothing, since white space would be part of the values."""
        del pretty
        record = self._record()
        if value is None:
            raise Unwritable("A form cannot hold null: write XML or JSON.")
        if type(value) is not self.instances.classes[record.key]:
            message = f"A form cannot hold a derived type ({type(value).__name__}): write XML or JSON."
            raise Unwritable(message)
        values = msgspec.structs.astuple(value)
        pairs = [
            f"{quote_plus(member.name)}={quote_plus(self._text(member, one))}"
            for (_, member), one in zip(_in_order(record), values, strict=True)
            if one is not msgspec.UNSET and member.in_xml
        ]
        if not pairs:
            raise Unwritable("A form cannot hold a record without members: an empty body is null to Web API.")
        return "&".join(pairs).encode()

    def _text(self, member: Member, value: Any) -> str:
        kind = self.contract.types[member.type]
        if value is None:
            return ""
        if isinstance(kind, Scalar):
            return DATATYPES[kind.datatype].write_form(value)
        return str(value.replace(" ", ", "))

    def report_losses(self, value: Any, findings: Findings) -> None:
        """Report what the form of a value cannot hold: texts, and flags without a name, that Web API takes for null."""
        record = self._record()
        if type(value) is not self.instances.classes[record.key]:
            return  # which cannot be written
        for (_, member), one in zip(_in_order(record), msgspec.structs.astuple(value), strict=True):
            if isinstance(one, str) and not one.strip() and self._is_text(member):
                message = f"`{member.name}` is {shown(one)}, which Web API reads from a form as null."
                findings.add("loss.empty", message, None, f"/{member.name}")

    def _is_text(self, member: Member) -> bool:
        kind = self.contract.types[member.type]
        return not isinstance(kind, Scalar) or DATATYPES[kind.datatype].is_text

    def read(self, text: Text, findings: Findings, *, depth: int = DEPTH) -> Any:
        """Give the value of a form, or BAD; findings say all there is to say."""
        del depth  # a form has none
        record = self._record()
        findings.places = text
        if text.encoding != "utf-8" or text.start.offset:
            findings.add("input.encoding", "A form is UTF-8 without a byte order mark.", (0, 0))
            return BAD
        return _Reader(self.contract, record, self.instances, findings).value(text.data)


def _in_order(record: Record) -> list[tuple[int, Member]]:
    return [(index, record.members[index]) for index in record.order]


def _pairs(data: bytes) -> Iterator[_Pair]:
    at = 0
    for part in data.split(b"&"):
        name, equals, value = part.partition(b"=")
        yield _Pair(name, value, at, at + len(name) + len(equals))
        at += len(part) + 1


class _Reader:
    """Reads one form; ``bad`` once something in it is an error."""

    def __init__(self, contract: Contract, record: Record, instances: Instances, findings: Findings) -> None:
        self.classes = instances.classes
        self.types = contract.types
        self.record = record
        self.name = split_key(record.key)[1]
        self.findings = findings
        self.bad = False
        self.exact = {member.name: index for index, member in enumerate(record.members) if member.in_xml}
        self.folded: dict[str, int] = {}
        for index, member in _in_order(record):
            if not member.in_xml:  # only the server sets it
                continue
            self.folded.setdefault(member.name.lower(), index)

    def value(self, data: bytes) -> Any:
        """Give the record of a form, or BAD."""
        values: dict[int, Any] = {}
        for pair in _pairs(data):
            self._pair(pair, values)
        order = [index for index, _ in _in_order(self.record)]
        for index in order:
            member = self.record.members[index]
            if index not in values and member.in_xml:
                suggest.report_absent(self.types, member, f"{self.name}.{member.name}", (0, 0), "", self.findings)
        if self.bad:
            return BAD
        return self.classes[self.record.key](*[values.get(index, msgspec.UNSET) for index in order])

    def _pair(self, pair: _Pair, values: dict[int, Any]) -> None:
        self._check_shape(pair)
        name = self._decoded(pair.name, pair.name_span, "")
        path = f"/{name.replace('~', '~0').replace('/', '~1')}"
        index = self._member(name, pair, path)
        if index < 0:
            return
        member = self.record.members[index]
        text = self._decoded(pair.value, pair.value_span, path)
        if index in values:
            message = f"`{member.name}` is given twice: Web API keeps the first."
            self._say("member.duplicate", message, pair.name_span, path)
            return
        place = Place(pair.value_span, path, f"{self.name}.{member.name}")
        values[index] = value = self._read(member, text, place, plus=b"+" in pair.value)
        self.bad = self.bad or value is BAD

    def _say(self, code: str, message: str, span: tuple[int, int], path: str, hint: str = "") -> None:
        level = self.findings.add(code, message, span, path, hint)
        self.bad = self.bad or level is Severity.ERROR

    def _check_shape(self, pair: _Pair) -> None:
        if not pair.name and not pair.value:
            self._say("form.relaxed", "There is nothing between two &.", (pair.at, pair.at + 1), "")
        elif pair.value_at == pair.at + len(pair.name):
            self._say("form.relaxed", "There is a name without =: its value is empty.", pair.name_span, "")
        for part, at in ((pair.name, pair.at), (pair.value, pair.value_at)):
            raw = _RAW.search(part)
            if raw is not None:
                start = at + raw.start()
                message = "White space, control characters and what is not ASCII should be percent-encoded."
                self._say("form.relaxed", message, (start, start + 1), "")

    def _decoded(self, raw: bytes, span: tuple[int, int], path: str) -> str:
        wrong = _BAD_ESCAPE.search(raw)
        if wrong is not None:
            at = span[0] + wrong.start()
            self._say("form.escape", "Two hexadecimal digits should follow %.", (at, at + 3), path)
        data = unquote_to_bytes(raw.replace(b"+", b" "))
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            seen = data[error.start : error.end].hex(" ").upper()
            self._say("form.escape", f"The escaped bytes {seen} are not UTF-8.", span, path)
            return data.decode(errors="replace")

    def _member(self, name: str, pair: _Pair, path: str) -> int:
        """Give the index of the member that a name means, or -1."""
        plain = name
        if "[" in name:
            if "]" not in name[name.index("[") :]:
                message = f"{shown(name)} has [ without ]: Web API refuses the whole form."
                self._say("value.lexical", message, pair.name_span, path)
                return -1
            plain = name.replace("[]", "")
        if plain in self.exact:
            if plain != name:
                self._say("form.relaxed", f"{shown(name)} is {plain} to Web API.", pair.name_span, path)
            return self.exact[plain]
        index = self.folded.get(plain.lower(), -1)
        if index >= 0:
            message = f"`{name}` is written in another case than `{self.record.members[index].name}`."
            self._say("member.case", message, pair.name_span, path)
        elif name or pair.value:
            hint = suggest.member(name, tuple(self.exact))
            message = f"`{name}` is not a member here: Web API skips it."
            self._say("member.unknown", message, pair.name_span, path, hint)
        return index

    def _read(self, member: Member, text: str, place: Place, *, plus: bool) -> Any:
        """Give the value of a member's text, or BAD."""
        kind = self.types[member.type]
        stripped = text.strip()
        if not stripped:
            return self._null(member, text, place)
        if isinstance(kind, Scalar) and DATATYPES[kind.datatype].is_text:
            return text
        if isinstance(kind, Scalar) and DATATYPES[kind.datatype].is_date and plus and _LOST_PLUS.search(stripped):
            message = f"{shown(stripped)} has a space where the + of an offset was: an unescaped + stands for a space."
            self.findings.add("value.lexical", message, place.span, place.path, "Write + as %2B.")
            return BAD
        value, written = self._typed(member, stripped, place)
        if value is not BAD:
            lexical(text, written, place, self.findings)
        return value

    def _typed(self, member: Member, text: str, place: Place) -> tuple[Any, str]:
        """Give the value of a text, or BAD; and the text that is written for it."""
        kind = self.types[member.type]
        try:
            if isinstance(kind, Enumeration):
                value = self._enumeration(kind, text, place)
                return value, "" if value is BAD else str(value.replace(" ", ", "))
            assert isinstance(kind, Scalar)
            name = kind.datatype
            if DATATYPES[name].is_date:
                return date_value(DATATYPES[name], text, place, self.findings, settle), text
            value = DATATYPES[name].read_form(text)
            return value, DATATYPES[name].write_form(value)
        except LexicalError as error:
            code = "value.range" if error.kind == "range" else "value.lexical"
            self.findings.add(code, f"{shown(text)} is not {error.wanted}.", place.span, place.path)
            return BAD, ""

    def _null(self, member: Member, text: str, place: Place) -> Any:
        if not member.nillable:
            message = f"`{member.name}` is empty, which is null in a form; but its type cannot be null."
            self.findings.add("nil.forbidden", message, place.span, place.path)
            return BAD
        if text:
            message = f"{shown(text)} is white space only; Web API reads it as null."
            return (
                BAD if self.findings.add("value.coerced", message, place.span, place.path) is Severity.ERROR else None
            )
        return None

    def _enumeration(self, kind: Enumeration, text: str, place: Place) -> Any:
        """Give the name of an enumeration's text: .NET takes names in any case, and numbers."""
        if _INTEGER.fullmatch(text):
            return (flags_from_number if kind.flags else name_from_number)(kind, int(text), place, self.findings)
        names = {name.lower(): name for name, _ in reversed(kind.values)}
        if not kind.flags:
            return name_from_text(kind, names.get(text.lower(), text), place, self.findings)
        meant = [names.get(part.strip().lower(), part.strip()) for part in text.split(",")]
        return flags_from_names(kind, " ".join(meant), place, self.findings)
