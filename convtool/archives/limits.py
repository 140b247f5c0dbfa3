"""What an archive may cost: bounds on sizes, counts and ratio, and the error of what breaks one.

A bomb is told from a good archive by its ratio: XML that repeats itself may well shrink to a fiftieth of its size.
"""

from __future__ import annotations

import msgspec

from convtool.errors import SourceError

__all__ = ["LIMITS", "Limits", "RefusedError"]

MIB = 1 << 20


class RefusedError(SourceError):
    """A file or member that could be read, but must not be: it breaks a limit, or a rule of archives."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds: ``ratio`` of unpacked to packed bytes, ``members`` of an archive, bytes of one member and of all."""

    ratio: int = 300  # repeated records shrink to a hundredth in gzip; a bomb of zeros to a thousandth
    members: int = 10_000_000
    member_size: int = 2048 * MIB
    total_size: int = MIB * MIB
    ratio_from: int = 10 * MIB  # less than this is no bomb, whatever its ratio

    def check_size(self, size: int, what: str = "the member") -> None:
        """RefusedError where a member is too large."""
        if size > self.member_size:
            raise RefusedError(f"{what} unpacks to more than {self.member_size} bytes, the limit for one member")

    def check_ratio(self, packed: int, unpacked: int) -> None:
        """RefusedError where so much comes out of so little that it is a bomb."""
        if unpacked > self.ratio_from and unpacked > self.ratio * max(packed, 1):
            raise RefusedError(
                f"{packed} bytes unpack to {unpacked} or more, which is over the limit of {self.ratio} times"
            )


LIMITS = Limits()
