"""What every input is held to, whatever is in it.

Nothing but typed errors; both lanes give the same value and the same report; what can be converted can be converted
back, and the second round trip gives what the first gave.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from convtool import PayloadError
from tests.property.contracts import CONTRACTS, codec
from tests.recordings import CONTRACTS as RECORDED
from tests.recordings import recorded
from tests.support import VECTORS, read

if TYPE_CHECKING:
    from random import Random

    from convtool.convert import Codec

__all__ = ["READERS", "Finding", "check", "contracts", "seeds"]

READERS = ("xml", "json", "form")
_SEED = 6_000  # bytes: the longer recordings repeat what the shorter ones show


class Finding(AssertionError):
    """A promise that an input breaks."""


@dataclass(frozen=True, slots=True)
class _Row:
    contract: str
    data: bytes


@cache
def _rows(form: str) -> list[_Row]:
    if form == "form":
        return [_Row(name, data) for name in CONTRACTS if not codec(name).form.refusal() for data in _forms(name)]
    rows = []
    for file, key in (("wire", form), (f"read-{form}", "in")):
        lines = (VECTORS / f"{file}.jsonl").read_text(encoding="utf-8").split("\n")
        found = [json.loads(line) for line in lines if line]
        rows += [_Row(row["contract"], row[key].encode("utf-8", "surrogatepass")) for row in found]
    for name in CONTRACTS:
        if (RECORDED / name / "wire.jsonl").is_file():
            rows += [_Row(name, row[form].encode()) for row in recorded(name)]
    return [row for row in rows if len(row.data) < _SEED]


def _forms(name: str) -> list[bytes]:
    """Give the form bodies of a contract's recordings, of those that have one."""
    found = []
    for row in _rows("json"):
        if row.contract == name:
            try:
                found.append(codec(name).convert(row.data, "form", format="json", profile="dotnet").data)
            except PayloadError:
                continue
    return found


@cache
def contracts(form: str) -> list[str]:
    """Give the names of the contracts that a reader is tried with."""
    return [name for name in CONTRACTS if seeds(form, name)]


@cache
def seeds(form: str, contract: str) -> list[bytes]:
    """Give the recorded payloads of a contract that mutations start from."""
    return [row.data for row in _rows(form) if row.contract == contract]


def check(form: str, contract: str, data: bytes, random: Random) -> bool:
    """Hold an input to the promises; Finding, or whatever escapes, where it breaks one. Give whether it is valid."""
    of, profile = codec(contract), random.choice(("strict", "strict", "dotnet"))
    if form != "form":
        _lanes(of, form, data, profile, lossless=random.random() < 0.2)
    return _round_trips(of, form, data, profile)


def _lanes(of: Codec, form: str, data: bytes, profile: Any, *, lossless: bool) -> None:
    value, report = read(of, form, data, profile=profile, lossless=lossless)
    careful, other = read(of, form, data, careful=True, profile=profile, lossless=lossless)
    if report.to_dict() != other.to_dict():
        raise Finding(f"the lanes report differently:\n{report.text()}\n---\n{other.text()}")
    if report and value != careful and repr(value) != repr(careful):
        raise Finding("the lanes give different values")


def _same(of: Codec, one: bytes, other: bytes, form: Any) -> bool:
    """Tell whether two documents hold equal values: a decimal 0 in XML is 0.0 in JSON, and then in XML too."""
    first, second = of.read(one, format=form), of.read(other, format=form)
    return first == second or repr(first) == repr(second)  # NaN equals nothing


def _round_trips(of: Codec, form: str, data: bytes, profile: Any) -> bool:
    to = "xml" if form == "json" else "json"
    report = of.validate(data, format=form, profile=profile)  # type: ignore[arg-type]
    try:
        there = of.convert(data, to, format=form, profile=profile).data  # type: ignore[arg-type]
    except PayloadError as error:
        if error.report:
            raise Finding("refused without an error") from None
        return bool(report)
    if not report:
        raise Finding("converted what validate calls invalid")
    try:
        back = of.convert(there, form, format=to, profile=profile).data  # type: ignore[arg-type]
        again = of.convert(back, to, format=form, profile=profile).data  # type: ignore[arg-type]
        last = of.convert(again, form, format=to, profile=profile).data  # type: ignore[arg-type]
    except PayloadError as error:
        raise Finding(f"what was written is refused:\n{error.report.text()}") from None
    # In the dotnet profile a conversion may change what .NET changes: CR becomes LF on the way to XML.
    if last != back or (profile == "strict" and again != there and not _same(of, there, again, to)):
        raise Finding("the second round trip differs from the first")
    return True
