"""What sample payloads and C# declarations show of a contract's JSON, gathered.

Json.NET writes members in declaration order, which no XSD holds, and by names and settings of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Shown"]


@dataclass
class Shown:
    """What ``sources`` show: ``sequences`` by record key, ``codings`` by enumeration key.

    Members are called as in XML, those that JSON alone has as in JSON. By record key: ``names``, other names in JSON;
    ``xml_only``; ``json_only`` with the JSON Schema of each. ``omits``: whether JSON leaves null out, by record key and
    member; ``nulls`` and ``absent`` are nulls, and members that could be null, as samples have them or not.
    ``spelled`` are those whose names a payload shows, so that they are JSON's to the letter.
    ``omitted`` are members that are nil in XML and absent in JSON. ``notes``: what a person should know of it.
    """

    sequences: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    codings: dict[str, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    xml_only: dict[str, set[str]] = field(default_factory=dict)
    json_only: dict[str, dict[str, Any]] = field(default_factory=dict)
    omits: dict[tuple[str, str], bool] = field(default_factory=dict)
    spelled: set[tuple[str, str]] = field(default_factory=set)
    nulls: set[tuple[str, str]] = field(default_factory=set)
    absent: set[tuple[str, str]] = field(default_factory=set)
    omitted: set[tuple[str, str]] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def add(self, key: str, names: Iterable[str]) -> None:
        """Take a sequence of a record's members, once."""
        sequence = tuple(names)
        known = self.sequences.setdefault(key, [])
        if sequence not in known:
            known.append(sequence)

    def merge(self, other: Shown) -> None:
        """Take what another source shows as well; where the two differ, the first counts."""
        for key, sequences in other.sequences.items():
            for sequence in sequences:
                self.add(key, sequence)
        self.codings = {**other.codings, **self.codings}
        self.omits = {**other.omits, **self.omits}
        for key, names in other.names.items():
            self.names[key] = {**names, **self.names.get(key, {})}
        for key, schemas in other.json_only.items():
            self.json_only[key] = {**schemas, **self.json_only.get(key, {})}
        for key, dropped in other.xml_only.items():
            self.xml_only[key] = self.xml_only.get(key, set()) | dropped
        self.spelled |= other.spelled
        self.nulls |= other.nulls
        self.absent |= other.absent
        self.omitted |= other.omitted
        self.notes += other.notes
        self.sources.extend(name for name in other.sources if name not in self.sources)
