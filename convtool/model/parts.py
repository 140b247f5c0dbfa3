"""Values of several parts: one value to .NET and one text in JSON, a record of members in XML, as DateTimeOffset is.

Their classes are fixed, unlike those of records: a part is a field, and is reached by name as records' members are.
What else there is to such a type is in its row of the table of datatypes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Self

__all__ = ["DateTimeOffset", "Parts"]


class Parts(msgspec.Struct):
    """A value of several parts, which are its fields in the order of XML; ``str`` shows them as a message does."""

    @classmethod
    def of(cls, members: Mapping[str, Any] | Iterable[tuple[str, Any]] = (), /, **named: Any) -> Self:
        """Make a value of its parts by name; UsageError where one is unknown or missing."""
        given = {**dict(members), **named}
        if given.keys() != set(cls.__struct_fields__):
            raise UsageError(f"{cls.__name__} is made of {', '.join(cls.__struct_fields__)}, not {', '.join(given)}")
        return cls(**given)

    def __getitem__(self, name: str) -> Any:
        if name not in self.__struct_fields__:
            raise KeyError(f"{type(self).__name__} has no part {name!r}")
        return getattr(self, name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self.__struct_fields__:
            raise KeyError(f"{type(self).__name__} has no part {name!r}")
        setattr(self, name, value)

    def __iter__(self) -> Iterator[str]:
        """Give the names of the parts: ``dict`` and ``**`` take a value apart."""
        return iter(self.__struct_fields__)

    def keys(self) -> list[str]:
        """Give the names of the parts."""
        return list(self.__struct_fields__)

    def __str__(self) -> str:
        return " with ".join(f"{name} {self[name]}" for name in self.__struct_fields__)


class DateTimeOffset(Parts):
    """An instant in UTC, as an xs:dateTime that ends in Z, and the offset of its local time in minutes."""

    DateTime: str
    OffsetMinutes: int
