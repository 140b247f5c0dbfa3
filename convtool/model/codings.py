"""The table of codings: how enumerations stand in JSON, a row each, a column for whatever varies.

XML has names, and the schema files say which they are; in JSON it is the server's settings that count. ``add`` adds a
row. Dictionaries' keys are names in every coding, and Web API's forms take names and numbers in any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.errors import ConvtoolError
from convtool.model.spelling import camel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from convtool.model.contract import Enumeration

__all__ = ["CODINGS", "Coding", "add", "coding_of", "shown_by"]


class Coding(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table."""

    name: str
    shown: str  # how the tree of a contract calls it
    spell: Callable[[str], str] | None = None  # a name as JSON has it; None: JSON has the number
    separator: str = ", "  # between the names of a set of flags
    flags_schema: Mapping[str, Any] = {}  # what JSON Schema says of a set of names
    engine: int | None = None  # the number by which the engine knows the coding; None: it leaves the type alone

    def values(self, kind: Enumeration) -> list[Any]:
        """Give the JSON values of an enumeration's single names, as they are declared."""
        return [number if self.spell is None else self.spell(name) for name, number in kind.values]

    def schema(self, kind: Enumeration) -> dict[str, Any]:
        """Give the JSON Schema of an enumeration's values."""
        if not kind.flags:
            return {"enum": self.values(kind)}
        if self.spell is not None:
            return {"type": "string", **self.flags_schema}
        numbers = [number for _, number in kind.values]
        total = 0
        for number in numbers:
            total |= max(number, 0)
        # Bits that are added to a negative number make it larger.
        return {"type": "integer", "minimum": min(0, *numbers), "maximum": total}

    def text(self, name: str) -> str:
        """Give a name as it stands in a text of names."""
        return name if self.spell is None else self.spell(name)

    def tells(self, kind: Enumeration) -> bool:
        """Tell whether no two names of an enumeration are one in this coding."""
        return self.spell is None or len(set(self.values(kind))) == len(kind.values)

    def takes(self, kind: Enumeration, value: Any) -> bool:
        """Tell whether a JSON value is one of an enumeration's in this coding."""
        if self.spell is None or not isinstance(value, str):
            return self.spell is None and not isinstance(value, str)
        parts = value.split(self.separator) if kind.flags else [value]
        return set(parts) <= set(self.values(kind))


def _as_it_is(name: str) -> str:
    return name


_ROWS = (
    Coding(name="numbers", shown="numbers in JSON", engine=0),  # Json.NET's default
    Coding(name="names", shown="names in JSON", spell=_as_it_is, engine=1),  # StringEnumConverter
    Coding(
        name="camel", shown="names in camel case in JSON", spell=camel, flags_schema={"pattern": "^[^A-Z]"}, engine=1
    ),  # its CamelCaseText
)

CODINGS: dict[str, Coding] = {row.name: row for row in _ROWS}


def add(row: Coding) -> None:
    """Add a coding; ConvtoolError where its name is taken."""
    if row.name in CODINGS:
        raise ConvtoolError(f"there is a coding {row.name!r} already")
    CODINGS[row.name] = row


def coding_of(kind: Enumeration) -> Coding:
    """Give the coding of an enumeration; ConvtoolError where its name is none."""
    try:
        return CODINGS[kind.coding]
    except KeyError:
        raise ConvtoolError(f"no coding of enumerations is named {kind.coding!r}") from None


def shown_by(kind: Enumeration, values: Iterable[Any]) -> str:
    """Give the name of the coding that JSON values show; where none has them all, that of texts or of numbers."""
    seen = list(values)
    plain = "names" if any(isinstance(value, str) for value in seen) else "numbers"
    rows = (row for row in CODINGS.values() if row.tells(kind))
    return next((row.name for row in rows if all(row.takes(kind, value) for value in seen)), plain)
