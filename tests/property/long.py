"""The long form of the properties over contracts at random: thousands of them, each through every property.

    python -m tests.property.long [--contracts 3000] [--seed 0] [--only PROPERTY ...] [--shrink WORD]

Prints figures: contracts, seeds, seconds by property, and failures by kind (the property, the error, where it was
raised) with the smallest contract of each; exits with 1 where there was one. ``--shrink`` then looks for the smallest
contract and value of each kind that has the word in its name ("" is in all), which takes its time.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

from convtool.testing import strategies as product
from tests.property.drawn import Drawn, contracts
from tests.property.folders import subject
from tests.property.properties import PROPERTIES
from tests.property.strategies import values

_TOLD = (bytes, str, bool, int, list, tuple, dict)
BATCH = 250  # contracts of one seed: what Hypothesis remembers of a run grows with it


@dataclass
class Figures:
    """What a run has seen; a kind is a property, an error's class and the place that raised it."""

    contracts: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    smallest: dict[str, tuple[str, str, int]] = field(default_factory=dict)  # the contract, the error, the seed

    def failed(self, kind: str, drawn: Drawn, error: Exception, seed: int) -> None:
        """Note a failure."""
        self.kinds[kind] += 1
        shown = repr(drawn), f"{type(error).__name__}: {error!s:.600}{_held(error)}", seed
        if kind not in self.smallest or len(shown[0]) < len(self.smallest[kind][0]):
            self.smallest[kind] = shown


def _held(error: Exception) -> str:
    """Give what the function that failed held: the payload, the profile, what was found and what was wanted."""
    last = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        last = frame if f"{os.sep}tests{os.sep}" in frame.f_code.co_filename else last
    held = last.f_locals if last is not None else {}
    return "".join(f"\n    {name} = {value!r:.1500}" for name, value in held.items() if isinstance(value, _TOLD))


def kind_of(name: str, error: Exception) -> str:
    """Give the kind of a failure."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"{name}: {type(error).__name__} at {os.path.relpath(at.filename)}:{at.lineno}"


def run(number: int, seed: int, figures: Figures, only: list[str], wanted: str = "") -> None:
    """Draw so many contracts; ``wanted``: shrink what fails in that way, and raise it."""

    def check(drawn: Drawn, data: st.DataObject) -> None:
        figures.contracts += 1
        for name in ["files", *(only or PROPERTIES)]:
            start = time.process_time()
            try:
                if name == "files":
                    found = subject(drawn)
                else:
                    PROPERTIES[name](found, data)
            except UnsatisfiedAssumption:
                raise  # nothing could be drawn
            except Exception as error:
                kind = kind_of(name, error)
                if kind == wanted:
                    error.add_note(f"the property {name!r} of the contract {drawn!r}")
                    raise
                if not wanted:
                    figures.failed(kind, drawn, error, seed)
                if name == "files":
                    break
            finally:
                figures.seconds[name] += time.process_time() - start
            if wanted.startswith(f"{name}:"):
                break  # what comes behind it is not wanted
        values.cache_clear()
        product._known.clear()

    phases = [Phase.generate, Phase.shrink] if wanted else [Phase.generate]
    quick = settings(
        max_examples=number, database=None, deadline=None, phases=phases, suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False, print_blob=False,
    )  # fmt: skip
    hypothesis.seed(seed)(quick(given(contracts(), st.data())(check)))()


def main() -> int:
    """Run, and print what was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.property.long")
    parser.add_argument("--contracts", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=[], choices=list(PROPERTIES))
    parser.add_argument("--shrink", metavar="WORD")
    options = parser.parse_args()
    cache = tempfile.TemporaryDirectory(prefix="convtool-long-")  # of this run: contracts are loaded several times
    os.environ["CONVTOOL_CACHE"] = cache.name
    figures, start, seed = Figures(), time.time(), options.seed
    while figures.contracts < options.contracts:
        run(min(BATCH, options.contracts - figures.contracts), seed, figures, options.only)
        seed += 1
        print(
            f"{figures.contracts} contracts, {time.time() - start:.0f} s, {figures.kinds.total()} failures", flush=True
        )
    parts = ", ".join(f"{name} {seconds:.0f}" for name, seconds in figures.seconds.most_common())
    print(f"seeds {options.seed} to {seed - 1}; seconds: {parts}")
    for kind, times in figures.kinds.most_common():
        drawn, error, of = figures.smallest[kind]
        print(f"\n{times} × {kind} (seed {of})\n  {error}{drawn}")
        if options.shrink is not None and options.shrink in kind:
            try:
                run(BATCH, of, Figures(), options.only, kind)
            except Exception as shrunk:
                traceback.print_exception(shrunk)
    return bool(figures.kinds)


if __name__ == "__main__":
    sys.exit(main())
