"""What streams give: batches of records that are good, and records that are not, with their text and findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.formats.leaf import BAD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.findings import Diagnostic, Findings

__all__ = ["Bad", "Batch", "gather"]


class Batch(msgspec.Struct):
    """Good records, in order; ``first`` is the index of the first of them. ``nil``: the list itself is null.

    They are values, or, where the engine has read them, ``count`` records as they stand in the format asked for: the
    ``pieces``, with ``between`` between them.
    """

    first: int
    values: list[Any]
    nil: bool = False
    pieces: list[bytes] | None = None
    between: bytes = b""
    count: int = 0

    @property
    def data(self) -> bytes | None:
        """The records as they stand in the format asked for, where the engine has read them."""
        return None if self.pieces is None else self.joined()

    def joined(self, before: bytes = b"", behind: bytes = b"") -> bytes:
        """Give the records as they stand in the format asked for, between two texts, with no other copy."""
        pieces = self.pieces or []
        if len(pieces) == 1 and not before and not behind:
            return pieces[0]
        inside = [self.between] * (2 * len(pieces) - 1)
        inside[::2] = pieces
        return b"".join([before, *inside, behind])

    @property
    def size(self) -> int:
        """How many records there are."""
        return len(self.values) if self.pieces is None else self.count


class Bad(msgspec.Struct):
    """A record with errors: its index, its text as it came, what was found; ``last``: nothing is read behind it."""

    record: int
    text: str
    found: list[Diagnostic] = []
    last: bool = False


def gather(units: Iterable[Batch | Bad], findings: Findings) -> Any:
    """Give the list that the units make up, or BAD where one is bad; ``findings`` has all that was found."""
    values: list[Any] = []
    nil = bad = False
    for unit in units:
        if isinstance(unit, Bad):
            bad = True
            findings.keep(unit.found)
        else:
            nil = nil or unit.nil
            values += unit.values
    findings.restore()
    return BAD if bad or findings.errors else None if nil else values
