"""Attacks by area: what somebody would send, or do, and what has to come of it.

    python -m tests.security.attacks            runs each in a process of its own, and writes docs/attacks.md
    python -m tests.security.attacks AREA …     runs and prints those of some areas

An attack makes files in a folder of its own and gives the words of a command. The command has to end by itself, with
one of its exit codes, without a traceback, without a control or a forged line in what it says, within 200 MB and four
seconds of the processor. The suite runs all but the heavy ones, within its own process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["MEMORY", "SECONDS", "Attack", "validate"]

MEMORY, SECONDS = 200, 4.0  # megabytes, and seconds of the processor


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack. ``says``: a part of what has to be said; ``code``: the exit code; ``heavy``: takes a while.

    ``make`` gives the command's words; ``after`` looks at the folder when all is over. ``alone``: the command starts
    processes, or reads standard input, so that it needs a process of its own.
    """

    area: str
    name: str
    make: Callable[[Path], list[str]]
    code: int = 1
    says: str = ""
    heavy: bool = False
    alone: bool = False
    after: Callable[[Path], bool] | None = None


def validate(name: str, data: Callable[[], bytes] | bytes, *more: str) -> Callable[[Path], list[str]]:
    """Give what writes a file and validates it."""

    def make(folder: Path) -> list[str]:
        (folder / name).write_bytes(data if isinstance(data, bytes) else data())
        return ["validate", *more, str(folder / name)]

    return make
