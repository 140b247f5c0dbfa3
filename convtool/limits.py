"""How much of what a payload may have: bounds on what reading it costs, far above what contracts need.

Depth is an option of every verb, since contracts may be recursive. The others are the same for all: each keeps a cost
from growing faster than the payload, and says ``limit.…`` where it is met.
"""

from __future__ import annotations

from dataclasses import dataclass

from convtool.errors import UsageError

__all__ = ["DEEPEST", "LIMITS", "Limits", "checked_depth"]

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


def checked_depth(depth: int) -> int:
    """Give a depth that was asked for; UsageError where there is no such depth."""
    if not 1 <= depth <= DEEPEST:
        raise UsageError(f"a depth of {depth}: it is from 1 to {DEEPEST}")
    return depth
