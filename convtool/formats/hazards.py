"""Hazards that fast lanes count: absent members, dates with an offset, dates without a time.

A fast lane reads payloads in wire form, in which nothing is wrong; but these three occur there, and are reported once
for a member with the place of the first. The lane counts them and keeps the first place of each; this module turns
that into the same findings as the careful lane's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convtool.contract import dates
from convtool.contract.datatypes import DATATYPES
from convtool.contract.model import Contract, Member, Record, Scalar, split_key
from convtool.formats import suggest
from convtool.formats.leaf import Place, date_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.diagnostics import Findings

__all__ = ["Hazard", "Hits", "hazards", "is_known", "report"]

_CODES = {
    "absent": ("member.defaulted", "member.nulled", "loss.absent"),
    "offset": ("date.offset",),
    "day": ("date.rewritten", "loss.date"),
}


@dataclass(frozen=True, slots=True)
class Hazard:
    """One thing to count: ``kind`` is absent, offset or day; of which member of which record."""

    kind: str
    label: str
    member: Member
    datatype: str = ""


@dataclass(slots=True)
class Hits:
    """What a lane has counted: by a hazard's index its count, and where it was first (a position of the lane's own)."""

    counts: list[int]
    first: dict[int, int] = field(default_factory=dict)


def hazards(contract: Contract) -> dict[tuple[str, int, str], tuple[int, Hazard]]:
    """Give every hazard of a contract, by record key, member's index and kind, with its index in ``Hits``."""
    found: dict[tuple[str, int, str], tuple[int, Hazard]] = {}
    for key, record in contract.types.items():
        if not isinstance(record, Record):
            continue
        for index, member in enumerate(record.members):
            label, kind = f"{split_key(key)[1]}.{member.name}", contract.types[member.type]
            kinds = ["absent"] if member.emit_default and not member.required else []
            datatype = kind.datatype if isinstance(kind, Scalar) else ""
            if datatype and DATATYPES[datatype].is_date:
                kinds += ["offset", "day"] if DATATYPES[datatype].may_be_day else ["offset"]
            for one in kinds:
                found[(key, index, one)] = (len(found), Hazard(one, label, member, datatype))
    return found


def is_known(hazard: Hazard, findings: Findings) -> bool:
    """Tell whether a hazard has been reported, so that its place is not needed again."""
    return any(findings.knows(code, hazard.label) for code in _CODES[hazard.kind])


def report(
    contract: Contract,
    known: list[Hazard],
    hits: Hits,
    findings: Findings,
    place: Callable[[Hazard, int], tuple[str, tuple[int, int], str, int | None]],
    *,
    json: bool = False,
) -> None:
    """Add what was counted to the findings; ``place`` gives, for a first position, its text, span, path and record."""
    # At one place in the order of the members, as the careful lane reports them.
    for index, at in sorted(hits.first.items(), key=lambda pair: (pair[1], pair[0])):
        hazard, count = known[index], hits.counts[index]
        codes = [code for code in _CODES[hazard.kind] if findings.knows(code, hazard.label)]
        if not codes:
            text, span, path, findings.record = place(hazard, at)
            _first(contract, hazard, Place(span, path, hazard.label), text, findings, json=json)
            findings.record = None
            codes = [code for code in _CODES[hazard.kind] if findings.knows(code, hazard.label)]
            count -= 1
        for code in codes:
            findings.again(code, hazard.label, count)


def _first(contract: Contract, hazard: Hazard, place: Place, text: str, findings: Findings, *, json: bool) -> None:
    if hazard.kind == "absent":
        suggest.report_absent(contract.types, hazard.member, hazard.label, place.span, place.path, findings)
    else:
        settle = dates.settle_json if json else dates.settle
        date_value(DATATYPES[hazard.datatype], text, place, findings, settle)
