"""Keys of dictionaries, which JSON writes as texts: Json.NET converts them its own way (JsonSerializerInternalWriter).

Booleans are ``True`` and ``False``, decimals have no ``.0``, doubles have 15 digits and floats 7, which may be too few
to read them back; dates, GUIDs and the rest are as values are. Enumerations are their names, whatever they are as
values.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from convtool.contract.datatypes import DATATYPES, LexicalError
from convtool.contract.model import Enumeration, Scalar
from convtool.contract.numbers import general
from convtool.formats.enumerations import key_names

if TYPE_CHECKING:
    from convtool.contract.model import Type

__all__ = ["key_text", "read_key", "write_key"]

_WHITE = "\t\n\v\f\r "  # what .NET's number converters remove
_BOOLEANS = {"true": True, "false": False}
_SPECIAL = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}


def key_text(of: Type, value: Any) -> str:
    """Give the text of a key of a type."""
    if isinstance(of, Enumeration):
        return key_names(of, value)
    return write_key(of.datatype, value) if isinstance(of, Scalar) else str(value)


def write_key(name: str, value: Any) -> str:
    """Give the text of a key of datatype ``name``."""
    kind = DATATYPES[name]
    if kind.python is bool:
        return str(value)
    if kind.json_kind != "number":
        return kind.write_json(value)
    if kind.python is not float:
        return kind.format(value)
    special = next((text for text, number in _SPECIAL.items() if number == value), None)
    return "NaN" if value != value else special or general(value, name == "float")  # noqa: PLR0124 - NaN is not itself


def read_key(name: str, text: str) -> Any:
    """Give the value of a key's text; LexicalError where it has none."""
    kind = DATATYPES[name]
    if kind.python is bool:
        if text.lower() not in _BOOLEANS:
            raise LexicalError("lexical", "True or False")
        return _BOOLEANS[text.lower()]
    if kind.json_kind == "number":
        return _SPECIAL[text] if text in _SPECIAL and kind.python is float else kind.parse(text.strip(_WHITE))
    return kind.read_json(text.strip(_WHITE) if kind.bounds else text)
