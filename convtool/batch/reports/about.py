"""What a report says beside the outcomes."""

from __future__ import annotations

import msgspec

from convtool._version import __version__
from convtool.batch.summary import Summary  # noqa: TC001 - a field's type, which msgspec looks up

__all__ = ["About"]


class About(msgspec.Struct, frozen=True):
    """The run that a report is of: the verb, the counts, and whether it was told to stop before its end."""

    verb: str
    summary: Summary
    interrupted: bool = False
    version: str = __version__
