"""Which samples no assertion of a run has read: ``--convtool-unused``; and which ones two tests want."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from convtool.testing.session import FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Seen"]

_SUFFIXES = (".json", ".xml")


@dataclass
class Seen:
    """What came of a run's tests: the samples that they wrote and used, their files, those of which not all passed.

    ``settled``: the samples that were updated, each with the SHA-256 of what a test left there; ``torn``: those that
    tests in several processes left in several ways.
    """

    written: dict[str, None] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    partly: set[str] = field(default_factory=set)
    settled: dict[str, str] = field(default_factory=dict)
    torn: dict[str, None] = field(default_factory=dict)

    def settle(self, settled: dict[str, str]) -> None:
        """Take what a test left of samples."""
        for path, digest in settled.items():
            if self.settled.setdefault(path, digest) != digest:
                self.torn[path] = None

    def unused(self, patterns: Sequence[str], *, cut_short: bool) -> tuple[list[Path], list[Path]]:
        """Give the samples beside the tests that none of them read, and those that one may use that was not run.

        ``patterns``: what files of tests are called. ``cut_short``: the run has not come to its end.
        """
        surely: list[Path] = []
        perhaps: list[Path] = []
        for folder in sorted({Path(file).parent for file in self.files}):
            beside = {str(path) for path in folder.iterdir() if any(fnmatch(path.name, one) for one in patterns)}
            whole = not cut_short and beside <= self.files and not beside & self.partly
            for path in sorted((folder / FOLDER).rglob("*")):
                if path.suffix in _SUFFIXES and path.is_file() and str(path) not in self.used:
                    (surely if whole else perhaps).append(path)
        return surely, perhaps
