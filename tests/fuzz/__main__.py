"""The long form: ``python -m tests.fuzz --reader xml --runs 500000``. Exits with 1 where there is a finding.

Each input's random seed is its number, so that a finding can be looked at alone: ``--first NUMBER --runs 1``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from random import Random

from tests.fuzz.check import READERS, check, contracts, seeds
from tests.fuzz.mutate import mutate

__all__ = ["one"]


def one(form: str, number: int) -> tuple[str, bytes, bool, BaseException | None]:
    """Try input ``number``: give the contract, the input, whether it is valid, and what went wrong, if anything."""
    random = Random(f"{form} {number}")  # a text: hashed in the same way everywhere
    contract = random.choice(contracts(form))
    data = mutate(random, form, seeds(form, contract))
    try:
        return contract, data, check(form, contract, data, random), None
    except Exception as error:  # whatever it is, it is a finding
        return contract, data, False, error


def _signature(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1]
    return f"{type(error).__name__} at {last.name}: {str(error).splitlines()[0] if str(error) else ''}"[:160]


def main() -> int:
    """Run, say how it goes, and give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--reader", choices=READERS, required=True)
    parser.add_argument("--runs", type=int, default=500_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--show", type=int, default=3, help="findings of each kind that are shown")
    options = parser.parse_args()
    found: dict[str, int] = {}
    valid, began = 0, time.monotonic()
    for number in range(options.first, options.first + options.runs):
        contract, data, good, error = one(options.reader, number)
        valid += good
        if error is not None:
            kind = _signature(error)
            found[kind] = found.get(kind, 0) + 1
            if found[kind] <= options.show:
                print(f"--- input {number} of {contract}: {kind}\n{data[:3000]!r}\n{error}"[:6000], flush=True)
        if (number + 1) % 10_000 == 0:
            rate = (number + 1 - options.first) / (time.monotonic() - began)
            print(f"{number + 1} inputs, {valid} valid, {sum(found.values())} findings, {rate:.0f}/s", flush=True)
    took = time.monotonic() - began
    print(f"{options.reader}: {options.runs} inputs, {valid} valid, {sum(found.values())} findings, {took:.0f} s")
    for kind, times in sorted(found.items(), key=lambda pair: -pair[1]):
        print(f"{times:7} × {kind}")
    return 1 if found else 0


if __name__ == "__main__":
    os.environ.setdefault("CONVTOOL_CACHE", tempfile.mkdtemp(prefix="convtool-fuzz-"))
    sys.exit(main())
