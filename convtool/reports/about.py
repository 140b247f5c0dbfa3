"""What a report says beside the outcomes."""

from __future__ import annotations

import msgspec

from convtool._version import __version__
from convtool.reports.summary import Summary  # noqa: TC001 - a field's type, which msgspec looks up

__all__ = ["About"]


class About(msgspec.Struct, frozen=True):
    """The run that a report is of: verb, counts, whether it was told to stop before its end; and what was called."""

    verb: str
    summary: Summary
    interrupted: bool = False
    every: bool = False  # whether the payloads have been named one by one, so that each has its lines
    nested: bool = False  # whether some outcomes hold several: captures, both profiles
    unfolded: bool = False  # whether a text has each finding, instead of one of a kind with a count
    profile: str = ""
    schemas: str = ""
    command: str = ""
    started: str = ""  # when, as people write it; empty where nobody has said it, and so in no report
    seconds: float = 0
    version: str = __version__
