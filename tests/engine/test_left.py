"""Readings that are left half-way, in what only the garbage collector takes apart: in any order, and all at once."""

from __future__ import annotations

import gc
import io
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from convtool.engine import Engine, Run, State
from tests.engine.support import built, codec, engine, feed
from tests.support import LIST, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = built
JSON = b'[{"ProduitId":1},{"ProduitId":2}]'
# A process, since what this was like before is its end.
ASK = f"""
import gc, io
from convtool import contract

codec, data = contract({LIST!r}), b"[" + b'{{"ProduitId":1}},' * 50_000 + b"{{}}]"
for _ in range(50):
    records = codec.iter_read(io.BytesIO(data))
    next(records)
    left = [records]
    left.append(left)
    del left, records
    gc.collect()
    held = [bytearray(size) for size in range(100, 20_000, 7)]
    assert [record.ProduitId for record in codec.read(b'[{{"ProduitId":7}}]')] == [7]
    assert codec.validate(b'[{{"ProduitId":"x"}}]').valid is False
print("done")
"""


def reading(of: Engine, run: Run) -> Iterator[None]:
    """Give a run back in the end, as a reading does."""
    try:
        yield
    finally:
        of.done(run)


@pytest.mark.parametrize("first", ["run", "reading"])
def test_a_run_that_has_gone_is_not_taken_again(first: str) -> None:
    of = engine(LIST)
    run = of.run()
    records = reading(of, run)
    next(records)
    cycle: list[Any] = [run, records] if first == "run" else [records, run]
    cycle.append(cycle)
    del run, records, cycle
    gc.collect()
    for _ in range(3):
        assert feed(of, "json", "", JSON)[::2] == (State.DONE, 2)
    assert of.run().alive


def test_readings_left_half_way() -> None:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout.strip()) == (0, "done")


def test_a_reading_that_is_closed_gives_its_run_back() -> None:
    of = codec(LIST)
    records = of.iter_read(io.BytesIO(b"[" + b'{"ProduitId":1},' * 50_000 + b"{}]"))
    next(records)
    records.close()  # type: ignore[attr-defined]
    assert len(of.read(JSON)) == 2
