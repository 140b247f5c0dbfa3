"""Keys of dictionaries, which JSON writes as texts: Json.NET converts them its own way (JsonSerializerInternalWriter).

Booleans are ``True`` and ``False``, decimals have no ``.0``, doubles have 15 digits and floats 7, which may be too few
to read them back; dates, GUIDs and the rest are as values are: the table of datatypes says it. Enumerations are their
names, whatever they are as values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.formats.enumerations import key_names
from convtool.model.contract import Enumeration, Scalar
from convtool.model.datatypes import DATATYPES

if TYPE_CHECKING:
    from convtool.model.contract import Type

__all__ = ["key_text"]


def key_text(of: Type, value: Any) -> str:
    """Give the text of a key of a type."""
    if isinstance(of, Enumeration):
        return key_names(of, value)
    return DATATYPES[of.datatype].write_key(value) if isinstance(of, Scalar) else str(value)
