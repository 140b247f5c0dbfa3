"""Members that may hold anything (xs:anyType, XmlElement).

What their values are, and what stands for them in each format.

A simple value with an ``i:type`` is a Python value: text, bool, int, float, Decimal. What else XML holds is
``Markup``: the element's content, verbatim, with the attributes and declarations that it needs; in JSON it is an
object with the one member ``#xml``. What else JSON holds (objects, arrays) is ``JsonText``, verbatim; it has no XML
form.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from convtool._lazy import pattern
from convtool.model import dates
from convtool.model.contract import XSD, Anything, Array, Dictionary, Member, Scalar, Type, split_key
from convtool.model.datatypes import BY_KEY, DATATYPES, Datatype, LexicalError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ANYTHING", "ARRAYS", "LIST", "MAP", "XML_MEMBER", "JsonText", "Long", "Markup", "built_in", "datatype_of",
    "from_typed_text", "typed",
]  # fmt: skip

ANYTHING = f"{{{XSD}}}anyType"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
LIST, MAP = f"{{{ARRAYS}}}ArrayOfanyType", f"{{{ARRAYS}}}ArrayOfKeyValueOfstringanyType"
XML_MEMBER = "#xml"
_INT32 = range(-(2**31), 2**31)
_ISO = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_READ = ("string", "boolean", "int", "long", "double", "decimal", "dateTime")


class Markup(msgspec.Struct, frozen=True):
    """An element's content as it came: ``attributes`` (and declarations) for its start tag, and what is in it."""

    content: str
    attributes: str = ""


class JsonText(msgspec.Struct, frozen=True):
    """A JSON object or array as it came."""

    text: str


class Long(int):
    """An integer that .NET has read from JSON without knowing better: a long, however small it is."""


def built_in(key: str) -> Type | None:
    """Give a type that .NET knows anyway, by its key: a simple one, a list of them, or what JSON's objects are."""
    row = BY_KEY.get(key)
    if row is not None and not row.parts:
        return Scalar(key, row.name)
    if key == ANYTHING:
        return Anything(key)
    if key == MAP:
        parts = Member("Key", ARRAYS, DATATYPES["string"].key, True), Member("Value", ARRAYS, ANYTHING, True)
        return Dictionary(MAP, "KeyValueOfstringanyType", ARRAYS, *parts)
    namespace, name = split_key(key)
    of = name.removeprefix("ArrayOf")
    item = ANYTHING if of == "anyType" else next((row.key for row in BY_KEY.values() if _is_named(row, of)), "")
    if namespace != ARRAYS or of == name or not item:
        return None
    return Array(key, Member(of, ARRAYS, item, nillable=True))


def _is_named(row: Datatype, name: str) -> bool:
    return not row.parts and split_key(row.key)[1] == name


def datatype_of(value: Any) -> str | None:
    """Give the name of the datatype that .NET writes a value's ``i:type`` as; None where it is not simple."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) and not isinstance(value, Long):
        return "int" if value in _INT32 else "long"
    if isinstance(value, str):
        # Json.NET reads a text of this form as a DateTime where it does not know better.
        return "dateTime" if _ISO.match(value) and _is_date(value) else "string"
    return {float: "double", Decimal: "decimal", Long: "long"}.get(type(value))


def _is_date(text: str) -> bool:
    try:
        dates.parse_datetime(text)
    except LexicalError:
        return False
    return True


def typed(scope: Mapping[str, str], attribute: str) -> str | None:
    """Give the datatype that an ``i:type`` names, where its values are read as Python values."""
    prefix, _, local = attribute.strip(" \t\r\n").rpartition(":")
    return local if scope.get(prefix) == XSD and local in _READ else None


def from_typed_text(name: str, text: str) -> Any:
    """Give the value of a typed element's text; LexicalError where it has none, or would come back as another type."""
    kind = DATATYPES[name]
    value = kind.parse(text.strip(" \t\r\n") if kind.collapses else text)
    if datatype_of(value) != name or (name != "string" and kind.format(value) != text):
        raise LexicalError("lexical", kind.what)
    return value
