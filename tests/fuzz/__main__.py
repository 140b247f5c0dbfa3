"""The fuzzer: ``python -m tests.fuzz TARGET [--runs N | --seconds N]``. Ends with 1 where there is a finding.

    payloads    readers, writers and round trips of documents of recorded and drawn contracts
    lanes       the same documents, by the engine and by the careful lane
    engine      the engine alone, in C, under AddressSanitizer and UndefinedBehaviorSanitizer
    programs    the same with programs that have been tampered with
    captures    the readers of captures
    schemas     the readers of schemas: XSD, JSON Schema, WSDL, C#, help pages, OpenAPI

An input is the function of its number, so that it can be looked at alone (``--first NUMBER --runs 1``), and a run can
be taken up: ``--state FILE`` keeps what has been done of each target, and goes on behind it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import traceback
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TARGETS", "part"]

TARGETS = ("payloads", "lanes", "engine", "programs", "captures", "schemas")
SLOW = 4.0  # seconds of one input, which nothing may take
_PART = {"engine": 500_000, "programs": 50_000}  # inputs until what has been done is noted
_SHOWN = 3  # findings of each kind


def _kind(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1]
    return f"{type(error).__name__} at {last.name}: {str(error).splitlines()[0] if str(error) else ''}"[:160]


def _one(target: str, *, few: bool, kind: str) -> Callable[[int], str]:
    """Give what tries an input of a target; ``kind``: of schemas, only those files."""
    if target == "payloads":
        from tests.fuzz.payloads import one
    elif target == "lanes":
        from tests.fuzz.lanes import one
    elif target == "captures":
        from tests.fuzz.captures import one

        return one
    else:
        from tests.fuzz.schemas import one

        return partial(one, kind=kind)
    return partial(one, few=few)


def part(
    target: str, first: int, runs: int, *, few: bool = False, kind: str = "", until: float = float("inf")
) -> Counter[str]:
    """Try inputs from ``first`` on; give what came of them, "findings" among it, and how many there were, "inputs"."""
    if target in ("engine", "programs"):
        from tests.fuzz.native import run

        return run(target, first, runs, few=few, until=until)
    from tests.fuzz.documents import ready

    one, told, kinds = _one(target, few=few, kind=kind), Counter[str](), Counter[str]()
    for number in range(first, first + runs):
        if target in ("payloads", "lanes"):
            ready(number, few=few)
        began = time.process_time()
        wrong = ""
        try:
            told[one(number)] += 1
        except Exception as error:  # whatever it is, it is a finding
            wrong, shown = _kind(error), f"{error}\n{''.join(getattr(error, '__notes__', []))}"
        if time.process_time() - began > SLOW:
            wrong = shown = f"{time.process_time() - began:.1f} s"
        if wrong:
            told["findings"] += 1
            kinds[wrong] += 1
            if kinds[wrong] <= _SHOWN:
                print(f"--- {target} {number}: {wrong}\n{shown}"[:6000], flush=True)
        told["inputs"] += 1
        if time.monotonic() > until:
            break
    return told


_memory: dict[str, dict[str, int]] = {}  # where there is no file


def _done(path: Path | None, target: str, first: int) -> dict[str, dict[str, int]]:
    """Give what has been done of each target: the next number, seconds, and counts."""
    state = json.loads(path.read_bytes()) if path is not None and path.is_file() else _memory
    state.setdefault(target, {"first": first, "next": first, "seconds": 0})
    return state


def _keep(path: Path | None, state: dict[str, dict[str, int]]) -> None:
    if path is not None:
        made = path.with_name(f"{path.name}.new")
        made.write_text(json.dumps(state, indent=1), encoding="utf-8")
        made.replace(path)


def main() -> int:
    """Run, say how it goes, and give the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--runs", type=int, help="how many inputs; with a state, in all")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="how long")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--state", type=Path, help="a file that keeps what has been done")
    parser.add_argument("--few", action="store_true", help="of a dozen contracts, which are there at once")
    parser.add_argument(
        "--kind", default="", help="of schemas, these files alone, such as C#, where one reader changed"
    )
    options = parser.parse_args()
    target, found, until = options.target, 0, time.monotonic() + options.seconds
    last = options.first + (options.runs or sys.maxsize - options.first)
    while True:
        state = _done(options.state, target, options.first)
        have, began = state[target], time.monotonic()
        if have["next"] >= last or began >= until:
            break
        runs = min(last - have["next"], _PART.get(target, 5000))
        for what, times in part(target, have["next"], runs, few=options.few, kind=options.kind, until=until).items():
            have[what] = have.get(what, 0) + times
        found += have.get("findings", 0)
        have["next"] = have["first"] + have["inputs"]
        have["seconds"] += round(time.monotonic() - began)
        _keep(options.state, state)
        print(f"{target}:", ", ".join(f"{number} {what}" for what, number in have.items()), flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    os.environ["CONVTOOL_CACHE"] = ""  # each contract is loaded once, and most are never seen again
    sys.exit(main())
