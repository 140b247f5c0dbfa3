"""Faults that convtool has had, planted again: the properties have to find each of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.authoring import order
from convtool.formats.xml import layout
from convtool.model import instance, program
from convtool.model.contract import Record, Scalar
from convtool.model.datatypes import DATATYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from convtool.model.contract import Contract

__all__ = ["FAULTS", "Fault"]


@dataclass(frozen=True)
class Fault:
    """A fault: what was wrong, the properties of which one has to find it, and how it is planted."""

    name: str
    properties: tuple[str, ...]
    plant: Callable[[pytest.MonkeyPatch], None]
    native: bool = False  # in what the engine is given: without it there is no such fault
    fits: Callable[[Contract], bool] = lambda _: True  # contracts that can show it, where few can


def _garbage(patch: pytest.MonkeyPatch) -> None:
    """Let the engine take any text for a date in a record behind a record, as the reader that was before it did."""
    row = program._Builder.row

    def any_text(self: Any, key: str, depth: int, scope: Any) -> int:
        kind = self.contract.types[key]
        if depth < 3 or not isinstance(kind, Scalar) or not DATATYPES[kind.datatype].is_date:
            return row(self, key, depth, scope)
        if ("text",) not in self.rows:
            self.rows["text",] = len(self.types)
            self.types.append(self.scalar(Scalar("", "string")))
        return int(self.rows["text",])

    patch.setattr(program._Builder, "row", any_text)


def _getter(patch: pytest.MonkeyPatch) -> None:
    """Let values be taken apart by ``attrgetter``, which gives no tuple where there is one name."""

    def taken_apart(value: Any) -> Any:
        return attrgetter(*value.__struct_fields__, "__class__")(value)[:-1]

    patch.setattr(msgspec.structs, "astuple", taken_apart)


def _attributes(
    clean: Callable[[str], str], plain: Callable[[str], bool] = instance._is_plain
) -> Callable[[pytest.MonkeyPatch], None]:
    """Let attributes be named by what ``clean`` makes of the members' names, where that is ``plain``."""

    def named(record: Record) -> dict[str, str]:
        cleaned = [(clean(member.name), instance.field_name(at)) for at, member in enumerate(record.members)]
        return {name: field for name, field in cleaned if plain(name)}

    return lambda patch: patch.setattr(instance, "attributes", named)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


def _cleaned(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _inherited(patch: pytest.MonkeyPatch) -> None:
    """Let derived records have the order of XML in JSON, whatever a sample shows."""
    settle = order.settle

    def unless_derived(record: Record, sequences: list[tuple[str, ...]]) -> Any:
        return settle(record, [] if record.base else sequences)

    patch.setattr(order, "settle", unless_derived)


def _is_ordered(contract: Contract) -> bool:
    """Tell whether a derived record has another order in JSON than in XML."""
    records = [kind for kind in contract.types.values() if isinstance(kind, Record)]
    return any(kind.base and list(kind.order) != sorted(kind.order) for kind in records)


def _depths(patch: pytest.MonkeyPatch) -> None:
    """Let prefixes of namespaces be numbered by the depth of what is around the element that declares them."""
    tags = layout.Layout._tags

    def one_less(self: Any, member: Any, depth: int, *rest: Any) -> Any:
        return tags(self, member, depth - 1, *rest)

    patch.setattr(layout.Layout, "_tags", one_less)


FAULTS = (
    Fault("garbage is taken for a date in a record behind a record", ("lanes",), _garbage, native=True),
    Fault("records without members give a class for a tuple", ("round_trips",), _getter),
    Fault("members of names that NFKC makes equal exchange their values", ("members",), _attributes(_folded)),
    Fault("a-b and a_b have one attribute", ("members",), _attributes(_cleaned)),
    Fault("__init__ and its like are attributes", ("members", "round_trips", "pickled"), _attributes(str, bool)),
    Fault("derived records lose their order in JSON", ("derived",), _inherited, fits=_is_ordered),
    Fault("prefixes are numbered by another depth", ("prefixes",), _depths),
)
