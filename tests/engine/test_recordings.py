"""What .NET wrote, in all four directions: the engine takes all of it, in any pieces, and writes the same bytes."""

from __future__ import annotations

import pytest

from convtool.engine import State
from convtool.errors import ContractError
from tests.engine.support import PAIRS, built, codec, disagreement, engine, feed, pairs, sources
from tests.property.contracts import BUNDLED

pytestmark = built

NAMES = [*BUNDLED, *sources()]
SIZES = (1, 7, 64)
MOST_LEFT = 0.7  # of the documents of one contract that was drawn to have what is rare: keys that are NaN and the like


def document(name: str, to: str, parts: list[bytes], records: int) -> bytes:
    """Put a document together from what the engine has written."""
    of = codec(name)
    if of.model.item is None:
        return b"".join(parts)
    form = of.formats[to]
    before, between = form.separators()
    return before + between.join(parts) + form.ending() if records else b""


def rows(name: str) -> list[tuple[bytes, bytes]]:
    """Give the pairs of a contract; skip where its schemas cannot be derived, or it is none for the engine."""
    try:
        of = codec(name)
    except ContractError as error:
        pytest.skip(str(error))
    if of.lane.engine() is None:
        pytest.skip("objects with identities are for the careful lane")
    return pairs(name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.short(12)
def test_the_engine_takes_what_dotnet_writes_and_writes_the_same(name: str) -> None:
    left, drawn = 0, "drawn" in str(sources()[name][2]) if name in sources() else False
    for number, both in enumerate(rows(name)):
        came = dict(zip(PAIRS, both, strict=True))
        for form, data in came.items():
            for to in PAIRS:
                state, out, records = feed(engine(name), form, to, data)
                left += state != State.DONE
                if state != State.DONE:
                    assert drawn, data
                    continue
                for size in SIZES if number % 8 == 0 else ():
                    pieces, parts, count = feed(engine(name), form, to, data, size)
                    assert (pieces, count) == (state, records)
                    assert document(name, to, parts, count) == document(name, to, out, records)
    assert left <= 4 * len(rows(name)) * MOST_LEFT


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.short(15)
def test_both_lanes_say_the_same_of_what_dotnet_writes(name: str) -> None:
    for both in rows(name)[::16]:
        for form, data in zip(PAIRS, both, strict=True):
            assert disagreement(codec(name), form, data, size=64) == ""
            assert disagreement(codec(name), form, data, "dotnet", size=7) == ""
