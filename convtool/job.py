"""What is to be done with each payload: everything that decides what comes out, as plain data."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import Any, Literal

import msgspec

from convtool.choice import EVERYTHING, Choice
from convtool.errors import UsageError
from convtool.limits import LIMITS as OF_PAYLOADS
from convtool.outcome import KEPT
from convtool.places import LIMITS, Limits, from_root
from convtool.shown import line

__all__ = ["Job", "Rule"]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What is settled for the payloads whose names fit a pattern, seen from ``root``; see ``convtool.settings``."""

    pattern: str
    root: str
    schemas: str = ""
    profile: str = ""
    contract: str = ""

    def fits(self, name: str) -> bool:
        """Tell whether the name of a payload, from the root of the file system, is of the pattern."""
        return _expression(self.pattern, self.root).fullmatch(name) is not None

    def told(self) -> dict[str, str]:
        """Give what it settles, as fields of a job."""
        names = ("schemas", "profile", "contract")
        return {name: value for name in names if (value := getattr(self, name))}


@cache
def _expression(pattern: str, root: str) -> re.Pattern[str]:
    anywhere = "**/" if "/" not in pattern.rstrip("/") else ""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", anywhere + pattern.removeprefix("./"))
    meant = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    inside = "".join(meant.get(part) or re.escape(part) for part in parts)
    return re.compile(re.escape(os.path.join(root, "")) + inside + (".*" if pattern.endswith("/") else ""))


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is done with each payload. All but the limits decides what the outputs are.

    ``to`` is json, xml or form; empty: the format that a payload is not in. ``given`` is the format to read; empty: as
    its bytes say. ``profile`` may be "both" to validate. ``lines``: one record a line. ``skip``: bad records are put
    aside, the others are converted. ``with_source``: each line names its payload. ``kept``: findings of one payload
    that its outcome keeps; ``choice``: which of them are shown. ``rules`` settle other schemas, profiles and contracts
    for some payloads, whose names are seen from the folder ``here``. ``seconds`` and ``memory`` (bytes) bound what one
    file may take; 0: no bound. ``threads`` read the records of one large list. ``sink`` says where outputs go:
    ``folder`` (files), ``parts`` (a working folder, from which one file is made), ``file`` (the one payload's own file,
    or standard output where ``where`` is empty), or empty (nothing is written).
    """

    verb: Literal["convert", "validate"] = "convert"
    to: Literal["json", "xml", "form", ""] = ""
    given: Literal["json", "xml", "form", ""] = ""
    contract: str = ""
    profile: Literal["strict", "dotnet", "both"] = "strict"
    depth: int = OF_PAYLOADS.depth
    lossless: bool = False
    verify: bool = False
    pretty: bool = False
    lines: bool = False
    with_source: bool = False
    skip: bool = False
    envelope: str = ""  # the SOAP operation whose message each payload becomes
    aside: str = ""  # the file, or of many the folder, that bad records are put into
    kept: int = KEPT
    choice: Choice = EVERYTHING
    rules: tuple[Rule, ...] = ()
    here: str = ""
    schemas: str = ""
    sink: Literal["folder", "parts", "file", ""] = ""
    where: str = ""
    packing: str = ""  # of the one file
    on_clash: Literal["refuse", "suffix", "error"] = "refuse"  # what is done about files that would have one output
    zip_encoding: str = ""  # of names in zips that do not say theirs
    limits: Limits = LIMITS
    seconds: float = 0
    memory: int = 0
    threads: int = 1
    mark: str = ""  # of the names that this run's outputs have while they are written

    def settings(self) -> dict[str, Any]:
        """Give what an earlier run must have had as well, for its outputs to be the same."""
        names = (
            "verb", "to", "given", "contract", "profile", "depth", "lossless", "verify", "pretty", "lines",
            "with_source", "skip", "envelope", "sink", "on_clash", "zip_encoding", "choice",
            "rules",
        )  # fmt: skip
        given: dict[str, Any] = msgspec.json.decode(msgspec.json.encode({name: getattr(self, name) for name in names}))
        return given

    def of(self, name: str) -> Job:
        """Give the job for a payload of this name: its own, or that of the rules which fit; later ones count."""
        told = self._settled(name)
        return msgspec.structs.replace(self, **told, rules=()) if told else self

    def of_both(self, left: str, right: str) -> Job:
        """Give the job for two payloads that are compared, by their names: what is settled for either holds for both.

        UsageError where something else is settled for each.
        """
        told, more = self._settled(left), self._settled(right)
        for field in told:
            if more.get(field, told[field]) != told[field]:
                raise UsageError(
                    f"the settings have another {field} for each: {line(told[field])} for {line(left)}, "
                    f"{line(more[field])} for {line(right)}",
                    hint=f"say with --{field} what holds for both",
                )
        return msgspec.structs.replace(self, **told | more, rules=())

    def _settled(self, name: str) -> dict[str, str]:
        if not self.rules:
            return {}
        path = from_root(name if "://" in name else os.path.join(self.here, name))
        return {field: value for rule in self.rules if rule.fits(path) for field, value in rule.told().items()}
