"""Nullability from the numbers of samples."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convtool.authoring.help_page.counting import Slot, nullable

HIDDEN = Slot(counts=True, value=True)


def text(number: int) -> Slot:
    return Slot(counts=True, printed=number)


def value(number: int) -> Slot:
    return Slot(counts=True, value=True, printed=number)


@pytest.mark.parametrize(
    ("slots", "wanted"),
    [
        ([value(1), text(2)], [(False, True), (False, True)]),
        ([value(1), text(1)], [(True, True), (False, True)]),
        ([value(1)], [(False, False)]),
        ([HIDDEN, HIDDEN, value(1)], [(False, False), (False, False), (True, False)]),
        ([text(1), HIDDEN, text(3)], [(False, True), (False, True), (False, True)]),
        ([text(1), HIDDEN, text(2)], [(False, True), (True, True), (False, True)]),
        ([value(1), value(2), value(1), value(3)], [(False, True), (False, True), (True, True), (False, True)]),
        ([Slot(counts=True, value=True, null=True), text(1)], [(True, True), (False, True)]),
        ([Slot(counts=False, value=True)], [(False, False)]),
        ([], []),
    ],
)
def test_readings(slots: list[Slot], wanted: list[tuple[bool, bool]]) -> None:
    assert nullable(slots) == wanted


def test_numbers_that_no_reading_explains() -> None:
    assert nullable([value(7)]) is None


@given(st.lists(st.tuples(st.sampled_from(["text", "value", "hidden", "uncounted"]), st.booleans()), max_size=8))
def test_what_is_certain_is_true_of_every_record_that_prints_so(members: list[tuple[str, bool]]) -> None:
    slots, count = [], 0
    truth = [null and kind in ("value", "hidden") for kind, null in members]
    for (kind, _), null in zip(members, truth, strict=True):
        count += kind != "uncounted" and not null
        printed = 1 if null else count
        slots.append(
            Slot(
                counts=kind != "uncounted",
                value=kind in ("value", "hidden"),
                printed=printed if kind in ("text", "value") else None,
            )
        )
    read = nullable(slots)
    assert read is not None
    for (choice, certain), true in zip(read, truth, strict=True):
        assert choice == true or not certain
    chosen = [choice for choice, _ in read]
    assert sum(chosen) <= sum(truth)
    assert not any(choice and not slot.value for choice, slot in itertools.zip_longest(chosen, slots))
