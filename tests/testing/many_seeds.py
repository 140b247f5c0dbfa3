"""How soon each planted bug is found, over many seeds; the tests try one.

    python tests/testing/many_seeds.py [SEEDS] [WORD of a bug's name]...

Prints the largest number of examples for each bug, then that of each seed; exits with 1 where 500 were not enough once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.insert(0, str(Path(__file__).parents[2]))

import convtool
from convtool.convert import Codec
from convtool.testing import payloads
from tests.support import LIST
from tests.testing.mutants import MUTANTS

if TYPE_CHECKING:
    from tests.testing.mutants import Mutant

EXAMPLES = 500


def examples(mutant: Mutant, number: int) -> int:
    """Give how many examples a seed takes to find a bug: more than EXAMPLES where it does not."""
    good = convtool.contract(LIST)
    with mutant.planted():
        bad = Codec(good.model)
    seen = 0

    def check(payload: bytes) -> None:
        nonlocal seen
        seen += 1
        value = good.read(payload)
        wire = good.formats[mutant.format].write(value)
        with mutant.planted():
            assert repr(bad.read(payload)) == repr(value)
            assert bad.formats[mutant.format].write(bad.read(wire)) == wire

    once = settings(
        max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate], report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        seed(number)(once(given(payloads(good, format=mutant.format))(check)))()  # type: ignore[arg-type]
    except (AssertionError, convtool.PayloadError):
        return seen
    return EXAMPLES + 1


if __name__ == "__main__":
    seeds, words = int((sys.argv[1:] or ["20"])[0]), sys.argv[2:]
    worst = 0
    for one in MUTANTS:
        if not words or any(word in one.name for word in words):
            found = [examples(one, number) for number in range(seeds)]
            worst = max(worst, *found)
            print(f"{one.name}: {max(found)} {found}", flush=True)
    sys.exit(worst > EXAMPLES)
