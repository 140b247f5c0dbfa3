"""What the plugin knows of the test that runs: its file, and whether samples are updated. Imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Session", "session"]


@dataclass
class Session:
    """One run of pytest: ``test`` is the file of the running test, ``written`` are the samples that were updated."""

    test: Path | None = None
    update: bool = False
    written: list[Path] = field(default_factory=list)


session = Session()
