"""What a name that there is not was probably meant to be: of contracts, codes, commands, members, files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from convtool.shown import line

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean", "near", "near_file"]

_MOST = 3  # names that are offered
_ALIKE = 0.6  # how much of two spellings is the same, as difflib counts


def near(name: str, known: Iterable[str], most: int = _MOST) -> list[str]:
    """Give the names that were probably meant, the likeliest first: by their spelling, or since they hold it."""
    from difflib import get_close_matches  # only a wrong name needs it

    folded = {one.lower(): one for one in known}
    wanted = name.lower()
    if not wanted:
        return []
    if wanted in folded:
        return [folded[wanted]]
    close = get_close_matches(wanted, folded, n=most, cutoff=_ALIKE)
    holding = [one for one in folded if wanted in one]
    return [folded[one] for one in dict.fromkeys([*(close or holding), *holding])][:most]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give the question of a hint; empty where no name is near."""
    return _asked(near(name, known))


def near_file(path: str) -> str:
    """Give the question of a hint for a file that is not there: what lies beside it under a like name."""
    folder, name = os.path.split(path.rstrip(os.sep))
    if not name or os.path.lexists(path):
        return ""
    try:
        beside = os.listdir(folder or os.curdir)
    except (OSError, ValueError):
        return ""
    return _asked([os.path.join(folder, one) for one in near(name, beside)])


def _asked(names: list[str]) -> str:
    return f"did you mean {' or '.join(map(line, names))}?" if names else ""
