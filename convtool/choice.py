"""Which findings are shown: codes that are selected or ignored, and the least severity.

A choice says what people see, never what is true: a payload with errors stays invalid where they are left out, and what
is left out is counted. A selector is a code, or the first parts of some (``date`` is all of ``date.…``); of two that
fit a code the longer one counts, and ``ignore`` where both are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from convtool.codes import CODES, Severity
from convtool.errors import UsageError
from convtool.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EVERYTHING", "Choice", "checked", "known", "selectors"]

_ORDER = {str(level): at for at, level in enumerate(Severity)}  # from errors down


class Choice(msgspec.Struct, frozen=True):
    """What is shown; without anything, all is."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    least: str = str(Severity.NOTICE)

    def shows(self, code: str, severity: str) -> bool:
        """Tell whether a finding is shown."""
        if _ORDER[severity] > _ORDER[self.least]:
            return False
        selected = max((len(one) for one in self.select if _fits(one, code)), default=-1 if self.select else 0)
        ignored = max((len(one) for one in self.ignore if _fits(one, code)), default=-1)
        return selected > ignored

    def __bool__(self) -> bool:
        return self != EVERYTHING


EVERYTHING = Choice()


def _fits(selector: str, code: str) -> bool:
    return code == selector or code.startswith(f"{selector}.")


def selectors() -> list[str]:
    """Give all that selects something: the first parts of codes, and codes."""
    parts = [code.split(".") for code in CODES]
    return list(dict.fromkeys(".".join(one[:length]) for one in parts for length in range(1, len(one) + 1)))


def known(selector: str) -> str:
    """Give a selector; UsageError where it fits no code."""
    found = selectors()
    if selector not in found:
        hint = did_you_mean(selector, found) or "`convtool explain` lists them all"
        raise UsageError(f"there is no code {selector!r}, nor any below it", hint=hint)
    return selector


def checked(texts: Iterable[str]) -> tuple[str, ...]:
    """Give selectors one by one, of texts that may have commas in them; UsageError where one fits no code."""
    parts = dict.fromkeys(part.strip() for text in texts for part in text.split(","))
    return tuple(known(part) for part in parts if part)
