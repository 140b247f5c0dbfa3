"""The words of a batch: a Job says what is done, an Item is one file, a Task some Items, an Outcome what came of one.

All are frozen and picklable, so that a task can be carried out anywhere; an outcome is a value, never an exception.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from convtool.codes import Profile  # noqa: TC001 - a field's type, which msgspec looks up
from convtool.places import LIMITS, Found, Limits

__all__ = ["GOOD", "STATUSES", "Item", "Job", "Outcome", "Result", "Status", "Task"]

Status = Literal["converted", "valid", "invalid", "skipped", "refused", "failed"]
STATUSES: dict[str, str] = {
    "converted": "converted; what could not be kept is among the diagnostics",
    "valid": "valid",
    "invalid": "a payload with errors",
    "skipped": "no payload",
    "refused": "breaks a rule of archives, or a limit",
    "failed": "could not be read or done",
}
GOOD = ("converted", "valid")


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is done with each file. All but the limits decides what the outputs are.

    ``to`` is json or xml; empty: the format that a file's suffix does not name. ``lines``: one record a line.
    ``seconds`` and ``memory`` (bytes) bound what one file may take; 0: no bound. ``sink`` says where outputs go:
    ``folder`` (files), ``parts`` (a working folder, from which one file is made), or empty (nothing is written).
    """

    verb: Literal["convert", "validate"] = "convert"
    to: Literal["json", "xml", ""] = ""
    contract: str = ""
    profile: Profile = "strict"
    lossless: bool = False
    pretty: bool = False
    lines: bool = False
    schemas: str = ""
    sink: Literal["folder", "parts", ""] = ""
    where: str = ""
    limits: Limits = LIMITS
    seconds: float = 0
    memory: int = 0

    def settings(self) -> dict[str, Any]:
        """Give what an earlier run must have had as well, for its outputs to be the same."""
        names = ("verb", "to", "contract", "profile", "lossless", "pretty", "lines", "sink")
        return {name: getattr(self, name) for name in names}


class Item(msgspec.Struct, frozen=True, gc=False):
    """One file of a batch: its number in the plan, where it is, and its output's name below the sink."""

    number: int
    found: Found
    target: str = ""
    data: bytes | None = None  # its bytes as they are stored, where a worker could not go to their place


class Task(msgspec.Struct, frozen=True):
    """Some files that are done together."""

    number: int
    items: tuple[Item, ...]


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of one file, as the journal has it: ``batch/outcome.schema.json`` describes the fields."""

    number: int
    source: str
    status: Status
    member: str = ""
    contract: str = ""
    format: str = ""
    records: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    sha256_in: str = ""
    sha256_out: str = ""
    target: str = ""
    reason: str = ""
    diagnostics: tuple[dict[str, Any], ...] = ()
    dropped: int = 0  # diagnostics beyond those that are kept
    stamp: str = ""
    part: str = ""
    offset: int = 0

    @property
    def good(self) -> bool:
        """Whether the file is valid, or has been converted."""
        return self.status in GOOD

    @property
    def name(self) -> str:
        """The file as people know it: an archive and its member have a slash between them."""
        return f"{self.source}/{self.member}" if self.member else self.source


class Result(msgspec.Struct, frozen=True):
    """What came of a task: an outcome for each file, or why the whole run cannot go on (the disk is full …)."""

    task: int
    outcomes: tuple[Outcome, ...] = ()
    failure: str = ""
    deaths: int = 0  # of workers, which may have left files behind
