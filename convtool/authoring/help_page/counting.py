"""Which members are nullable, from the numbers that the help page's sample generator prints.

ObjectGenerator (Microsoft.AspNet.WebApi.HelpPage) numbers a record's simple values from 1 in declaration order: the
third prints ``sample string 3``, 3, 3.0 or 3.1. A nullable value type has a generator of its own: it prints 1 and
takes no number, so the numbers after it fall behind. Dates, booleans and the like take a number that they do not
print. The reading with the fewest nullable members counts, and a member is certain where no other reading explains
the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Slot", "nullable"]


@dataclass(frozen=True)
class Slot:
    """A member to the generator.

    ``counts``: it takes a number. ``value``: a value type, which is nullable or not. ``printed``: the number that its
    sample shows, where it shows one. ``null``: the sample is null.
    """

    counts: bool
    value: bool = False
    printed: int | None = None
    null: bool = False


def nullable(slots: list[Slot]) -> list[tuple[bool, bool]] | None:
    """Give for each slot whether it is nullable and whether that is certain; None where no reading fits."""
    best = _reading(slots, {})
    if best is None:
        return None
    return [
        (choice, not slot.value or (slot.counts and _reading(slots, {index: not choice}) is None))
        for index, (slot, choice) in enumerate(zip(slots, best, strict=True))
    ]


def _reading(slots: list[Slot], forced: dict[int, bool]) -> tuple[bool, ...] | None:
    """Give the choices with the fewest nullables that the printed numbers allow."""
    states: dict[int, tuple[bool, ...]] = {0: ()}
    for index, slot in enumerate(slots):
        following: dict[int, tuple[bool, ...]] = {}
        for count, choices in states.items():
            for choice in (False, True):
                after = _after(slot, count, choice) if forced.get(index, choice) == choice else None
                if after is not None:
                    path = (*choices, choice)
                    if after not in following or sum(path) < sum(following[after]):
                        following[after] = path
        states = following
    return min(states.values(), key=sum, default=None)


def _after(slot: Slot, count: int, choice: bool) -> int | None:
    """Give the count after a slot that is nullable or not, or None where its printed number says otherwise."""
    if choice and not slot.value:
        return None
    if slot.null:
        return count if choice or not slot.value else None
    if not slot.counts:
        return count
    number = 1 if choice else count + 1
    if slot.printed is not None and slot.printed != number:
        return None
    return count if choice else count + 1
