"""How much of what a payload may have: bounds on what reading it costs, far above what contracts need.

Depth is an option of every verb, since contracts may be recursive. The others are the same for all: each keeps a cost
from growing faster than the payload, and says ``limit.…`` where it is met.

``CONVTOOL_LIMITS`` sets them for a process and its workers: ``payload.text=200M capture.body=128M``.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from convtool._lazy import pattern
from convtool.errors import UsageError

__all__ = [
    "CAPTURES",
    "DEEPEST",
    "LIMITS",
    "STUB_LIMITS",
    "TRIAL_LIMITS",
    "VARIABLE",
    "CaptureLimits",
    "Limits",
    "StubLimits",
    "TrialLimits",
    "checked_depth",
    "settings",
]  # fmt: skip

VARIABLE = "CONVTOOL_LIMITS"
DEEPEST = 150  # levels that --depth allows: readers take up to four of Python's 1,000 frames for each


@dataclass(frozen=True, slots=True)
class Limits:
    """What one payload may have; XML's elements and attributes, JSON's values and members."""

    depth: int = 64  # levels of elements or containers: Json.NET's own default
    attributes: int = 256  # of one element: .NET writes five at most
    declarations: int = 256  # of namespaces, in the scope of one element: .NET writes one for a type's assembly
    name: int = (
        1_000  # characters of an XML name or namespace, which parsers repeat; JSON's are texts: they may be keys
    )
    token: int = 1_000  # characters of a number: Json.NET takes 380 of an integer
    elements: int = 5_000_000  # of one record, or of a document that is no list: each takes some 500 bytes
    text: int = 100_000_000  # characters of one text
    space: int = 1 << 21  # of white space in a row, in a record or a document that is no list: both are held whole
    comment: int = 1 << 20  # of a comment or instruction, of JSON's comments in a row, of what stands before XML's root
    repeated: int = 1 << 21  # bytes that references repeat, beyond ten times those before: a few of them double it all
    pattern: float = 1.5  # seconds of the schemas' own checks for one record in one form: it takes milliseconds
    patterns: float = 2.0  # seconds of one payload's, beyond a hundredth of one for each

    def hold(self, data: bytes, marks: tuple[bytes, ...]) -> bool:
        """Tell whether a document surely has neither too many values nor too long a text, without reading it.

        ``marks``: each value needs one of them, but for the first. A value takes two bytes at least.
        """
        if len(data) <= min(2 * self.elements, self.text):
            return True
        return len(data) <= self.text and sum(map(data.count, marks)) < self.elements


_Of = TypeVar("_Of")
_ONE = pattern(r"([a-z]+\.[a-z]+)=([0-9]+(?:\.[0-9]+)?)([kmgt]?)", re.IGNORECASE)
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def settings(text: str) -> dict[str, float]:
    """Give what a text such as ``payload.text=200M, stub.rules=5`` sets; UsageError where it is none."""
    found: dict[str, float] = {}
    for word in text.replace(",", " ").split():
        match = _ONE.fullmatch(word)
        number = float(match[2]) * _UNITS[match[3].lower()] if match is not None else 0
        if match is None or match[1] not in _KNOWN or not number:
            there = ", ".join(sorted(_KNOWN))
            raise UsageError(f"{VARIABLE}: {word!r} sets no limit; it is NAME=NUMBER, and the names are {there}")
        if match[1] == "payload.depth":
            checked_depth(int(number))
        found[match[1]] = number
    return found


def checked_depth(depth: int) -> int:
    """Give a depth that was asked for; UsageError where there is no such depth."""
    if not 1 <= depth <= DEEPEST:
        raise UsageError(f"a depth of {depth}: it is from 1 to {DEEPEST}")
    return depth


@dataclass(frozen=True, slots=True)
class CaptureLimits:
    """What one capture may have, and cost; beyond it stands ``capture.limit``."""

    body: int = 64 << 20  # bytes of a body after its codings are undone: far above any payload, far below a memory
    streams: int = 10_000  # of gzip or zstd behind each other in one body: servers write one for each flush at most
    unpacked: int = 4 << 30  # bytes unpacked of one zip: a member may be named again and again
    repeated: int = 100_000  # YAML nodes that the aliases of one interaction repeat; recorders repeat a few headers
    broken: int = 1_000  # parts of a capture that are none: what follows the last of them is not read
    head: int = 1 << 18  # bytes of the head of an HTTP message: servers take 8 to 64 kB


@dataclass(frozen=True, slots=True)
class StubLimits:
    """What the stub of an API reads and keeps; ``ContractServer(limits=…)`` and ``convtool serve`` set it."""

    body: int = 64_000_000  # bytes of one request
    recorded: int = 128_000_000  # bytes of all requests that are kept, and as many in hand at a time
    requests: int = 10_000  # that are kept
    rules: int = 1_000
    seconds: float = 30.0  # for a request to come in
    connections: int = 64  # answered at a time; further ones wait


@dataclass(frozen=True, slots=True)
class TrialLimits:
    """What the page of ``convtool open`` takes and shows: so much that a browser is quick with it."""

    body: int = 16 << 20  # bytes of a payload, or of two that are compared
    unpacked: int = 64 << 20  # bytes of what was sent compressed
    lines: int = 2_000  # of a text that are shown
    text: int = 100_000  # characters of a text that are shown
    findings: int = 200  # that are shown, errors first; of two payloads as many differences
    exchanges: int = 1_000  # of a capture that are listed
    together: int = 2  # payloads that are looked at at a time; further ones wait


_KINDS: dict[str, Any] = {"payload": Limits, "capture": CaptureLimits, "stub": StubLimits, "trial": TrialLimits}
_KNOWN = {f"{kind}.{one.name}" for kind, of in _KINDS.items() for one in fields(of)}


def _set(kind: str, of: type[_Of]) -> _Of:
    """Give the limits of a kind as the environment sets them."""
    found = of()
    for name, number in settings(os.environ.get(VARIABLE, "")).items():
        group, _, field = name.partition(".")
        if group == kind:
            found = replace(found, **{field: type(getattr(found, field))(number)})  # type: ignore[type-var]
    return found


LIMITS = _set("payload", Limits)
CAPTURES = _set("capture", CaptureLimits)
STUB_LIMITS = _set("stub", StubLimits)
TRIAL_LIMITS = _set("trial", TrialLimits)
