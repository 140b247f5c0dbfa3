"""How much of what a payload may have: bounds on what reading it costs, far above what contracts need.

Depth is an option of every verb, since contracts may be recursive. The others are the same for all: each keeps a cost
from growing faster than the payload, and says ``limit.…`` where it is met.
"""

from __future__ import annotations

from dataclasses import dataclass

from convtool.errors import UsageError

__all__ = [
    "CAPTURES", "DEEPEST", "LIMITS", "STUB_LIMITS", "CaptureLimits", "Limits", "StubLimits", "checked_depth",
]  # fmt: skip

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

    def hold(self, data: bytes, marks: tuple[bytes, ...]) -> bool:
        """Tell whether a document surely has neither too many values nor too long a text, without reading it.

        ``marks``: each value needs one of them, but for the first. A value takes two bytes at least.
        """
        if len(data) <= min(2 * self.elements, self.text):
            return True
        return len(data) <= self.text and sum(map(data.count, marks)) < self.elements


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class CaptureLimits:
    """What one capture may have, and cost; beyond it stands ``capture.limit``."""

    body: int = 64 << 20  # bytes of a body after its codings are undone: far above any payload, far below a memory
    streams: int = 10_000  # of gzip or zstd behind each other in one body: servers write one for each flush at most
    unpacked: int = 4 << 30  # bytes unpacked of one zip: a member may be named again and again
    repeated: int = 100_000  # YAML nodes that the aliases of one interaction repeat; recorders repeat a few headers
    broken: int = 1_000  # parts of a capture that are none: what follows the last of them is not read
    head: int = 1 << 18  # bytes of the head of an HTTP message: servers take 8 to 64 kB


CAPTURES = CaptureLimits()


@dataclass(frozen=True, slots=True)
class StubLimits:
    """What the stub of an API reads and keeps; ``ContractServer(limits=…)`` and ``convtool serve`` set it."""

    body: int = 64_000_000  # bytes of one request
    recorded: int = 128_000_000  # bytes of all requests that are kept, and as many in hand at a time
    requests: int = 10_000  # that are kept
    rules: int = 1_000
    seconds: float = 30.0  # for a request to come in
    connections: int = 64  # answered at a time; further ones wait


STUB_LIMITS = StubLimits()


def checked_depth(depth: int) -> int:
    """Give a depth that was asked for; UsageError where there is no such depth."""
    if not 1 <= depth <= DEEPEST:
        raise UsageError(f"a depth of {depth}: it is from 1 to {DEEPEST}")
    return depth
