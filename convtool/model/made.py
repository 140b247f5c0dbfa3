"""Members that .NET makes of others when it writes: a getter that joins texts and whole numbers.

``Member.made`` has texts and names in turn, a text at either end: ``("", "Numero", "/", "Client", "")`` is the C#
``Numero + "/" + Client``, where null is the empty text. In the JSON Schema half it is ``x-made-of``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.model.contract import Contract, Record, Scalar
from convtool.model.datatypes import DATATYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convtool.model.datatype import Datatype

__all__ = ["KEYWORD", "can_be_made", "has_made", "made_text"]

KEYWORD = "x-made-of"


def has_made(contract: Contract) -> bool:
    """Tell whether a contract has such members, which are for the careful lane: the engine joins no texts."""
    return any(member.made for kind in contract.types.values() if isinstance(kind, Record) for member in kind.members)


def can_be_made(made: Any, record: Record, contract: Contract) -> bool:
    """Tell whether what a schema says is of this form, and each name that of a text or a whole number in XML."""
    if not (isinstance(made, list) and len(made) % 2 and all(isinstance(part, str) for part in made)):
        return False
    kinds = {member.name: contract.types[member.type] for member in record.members if member.in_xml}
    found = (kinds.get(name) for name in made[1::2])
    return all(isinstance(kind, Scalar) and _joins(DATATYPES[kind.datatype]) for kind in found)


def _joins(datatype: Datatype) -> bool:
    return datatype.name == "string" or datatype.python is int


def made_text(made: tuple[str, ...], values: Mapping[str, Any]) -> str:
    """Give the text that is made of a record's values, by the names of its members."""
    parts = [values[part] if at % 2 else part for at, part in enumerate(made)]
    return "".join("" if part in (None, msgspec.UNSET) else str(part) for part in parts)
