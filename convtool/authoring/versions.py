"""Two versions of schema files, folders or single contracts → what changed in each contract, as outcomes of reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convtool.authoring.diff import BOTH, Breaks, Change, changes
from convtool.errors import ContractError
from convtool.findings import Diagnostic
from convtool.model.folder import Folder
from convtool.outcome import Outcome, source_name
from convtool.reports import About
from convtool.reports.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from convtool.model.contract import Contract

__all__ = ["Compared", "compare_versions", "report_on"]

_HALF = ".schema.json"
_ALL = Breaks(BOTH, BOTH)


@dataclass(frozen=True)
class Compared:
    """A contract of either version: its name, the file that a report names, and what changed."""

    name: str
    file: str
    changes: tuple[Change, ...]

    @property
    def breaks(self) -> int:
        """How many changes break somebody."""
        return sum(bool(change.breaks) for change in self.changes)

    def diagnostics(self) -> list[Diagnostic]:
        """Give the changes as findings."""
        return [Diagnostic(one.code, one.severity, one.message, path=one.path) for one in self.changes]


def compare_versions(old: Path, new: Path, *, breaking: bool = False) -> list[Compared]:
    """Compare the contracts of two folders of schema files, by name, or two contracts, whatever they are called.

    A contract is named by its ``NAME.schema.json`` or its XSD. ``breaking``: only changes that break somebody.
    ContractError where one cannot be read.
    """
    before, after = _contracts(old), _contracts(new)
    if len(before) == len(after) == 1 and not (old.is_dir() or new.is_dir()):
        after = dict(zip(before, after.values(), strict=True))
    found = []
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        made = _pair(was[0] if was else None, now[0] if now else None)
        kept = tuple(change for change in made if change.breaks or not breaking)
        found.append(Compared(name, str((now or was or ("", ""))[1]), kept))
    return found


def _pair(was: Contract | None, now: Contract | None) -> Sequence[Change]:
    if was is None:
        return [Change("change.added", "/", "The contract is new.")]
    if now is None:
        told = f"The contract is no longer there: breaks {_ALL.text()}."
        return [Change("change.removed", "/", told, _ALL)]
    return changes(was, now)


def _contracts(path: Path) -> dict[str, tuple[Contract, Path]]:
    """Give the contracts of a folder, or those that a schema file is a half of, with their files."""
    folder = Folder(path if path.is_dir() or not path.is_file() else path.parent)
    names = folder.names()
    if path.name.endswith(_HALF) and path.is_file():
        names = [path.name.removesuffix(_HALF)]
    elif path.is_file():
        names = [name for name in names if folder.xsd(name).samefile(path)]
    if not names:
        raise ContractError(
            f"{path}: there is no contract in it (no NAME{_HALF}); `convtool contracts derive` makes it of XSDs"
        )
    return {name: (folder.contract(name), folder.path / f"{name}{_HALF}") for name in names}


def report_on(compared: Sequence[Compared]) -> tuple[About, list[Outcome]]:
    """Give what reporters take: an outcome for each contract, which is invalid where a change breaks somebody."""
    summary = Summary()
    outcomes = []
    for number, one in enumerate(compared):
        outcome = Outcome(
            number,
            source_name(one.file),
            "invalid" if one.breaks else "valid",
            contract=one.name,
            diagnostics=tuple(found.to_dict() for found in one.diagnostics()),
        )
        summary.add(outcome)
        outcomes.append(outcome)
    return About("contracts diff", summary, every=True, unfolded=True), outcomes
