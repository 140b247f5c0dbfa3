"""What the plugin knows of the test that runs: its file, whether samples are updated, and what was done with samples.

What a test has used and written travels with its reports, which pytest-xdist brings from the processes of its workers.
Imports nothing heavy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FOLDER", "Session", "session"]

FOLDER = "samples"  # beside the file of a test


@dataclass
class Session:
    """One run of pytest: ``test`` is the file of the running test; ``used`` and ``written`` are its samples so far.

    ``settled``: where samples are updated, those that the run's tests have agreed with or written, with their SHA-256.
    """

    test: Path | None = None
    update: bool = False
    used: set[Path] = field(default_factory=set)
    written: list[Path] = field(default_factory=list)
    settled: dict[Path, str] = field(default_factory=dict)
    deselected: set[Path] = field(default_factory=set)  # files of tests that are not run


session = Session()
