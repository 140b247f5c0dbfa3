"""The engine against the careful lane, over documents changed at random: ``python -m tests.engine.fuzz``.

    --seconds N     how long (60)        --seed N       where the random numbers begin (by the clock)
    --sanitizers    with an engine built under AddressSanitizer and UndefinedBehaviorSanitizer
    --contracts N   of each kind at most (all)
    --alone         the engine alone, at a hundred times the speed: pieces, verdicts and conversions agree

Each document is read whole and in pieces, for a verdict and for both conversions, in either profile. The findings, the
records and the bytes must be the same. Ends with status 1 where anything was not.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import convtool.formats.lane
from convtool.engine import Library, State
from convtool.errors import ConvtoolError
from tests.engine.layouts import respelled
from tests.engine.support import PAIRS, codec, disagreement, engine, feed, pairs, sources
from tests.fuzz.mutate import mutate
from tests.support import ROOT

if TYPE_CHECKING:
    from convtool.convert import Codec
    from convtool.engine import Engine

__all__ = ["SANITIZED", "corpus", "run"]

SOURCE = ROOT / "convtool" / "engine" / "engine.c"
SANITIZED = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
_LONGEST = 6_000  # bytes of a document that is changed


def corpus(limit: int | None = None) -> dict[str, dict[str, list[bytes]]]:
    """Give the documents to begin with, by contract and format."""
    found: dict[str, dict[str, list[bytes]]] = {}
    for name in ["ArrayOfReponseV2Model", "ParamModel", *list(sources())[:limit]]:
        try:
            codec(name)
        except ConvtoolError:
            continue  # its schemas cannot be derived yet
        both = [pair for pair in pairs(name) if len(pair[0]) < _LONGEST]
        if both:
            found[name] = {"xml": [xml for xml, _ in both], "json": [json for _, json in both]}
    return found


def _document(random: Random, form: str, seeds: list[bytes]) -> bytes:
    data = random.choice(seeds)
    for _ in range(random.choice((0, 1, 1, 2, 2, 3, 5))):
        data = respelled(random, form, data)
    if random.random() < 0.35:
        data = mutate(random, form, [data])
    if random.random() < 0.02 and form == "xml":
        data = data.decode("utf-8", "replace").encode("utf-16")
    return data[:40_000]


def _lined(random: Random, of: Codec, form: str, data: bytes) -> bytes:
    if (
        form == "json"
        and of.model.item is not None
        and random.random() < 0.1
        and data[:1] == b"["
        and data[-1:] == b"]"
    ):
        return data[1:-1].replace(b"},{", b"}\n{")
    return data


def at_odds(of: Codec, by: Engine, form: str, data: bytes, size: int, to: str) -> str:
    """Give how the engine differs from itself over a document: in pieces, or where it only gives a verdict."""
    state, out, records = feed(by, form, to, data)
    verdict = feed(by, form, "", data)
    between = b"," if to == "json" and of.model.item is not None else b""
    if to != form and verdict[0] != state and state == State.DONE:
        return f"a conversion is taken whose verdict is {verdict[0]}"
    pieces, parts, count = feed(by, form, to, data, size or 64)
    if (pieces == State.DONE) != (state == State.DONE):
        return f"whole {state}, in pieces {pieces}"
    if state == State.DONE and (count, between.join(parts)) != (records, between.join(out)):
        return f"whole {out}, in pieces {parts}"
    return ""


def run(
    seconds: float, seed: int, limit: int | None = None, documents: int = 0, *, alone: bool = False
) -> Counter[str]:
    """Change documents for so long, or so many; give what came of it, "different" among it."""
    random, told = Random(seed), Counter[str]()
    found = corpus(limit)
    names, end = list(found), time.monotonic() + seconds
    while told["documents"] < documents if documents else time.monotonic() < end:
        name, form = random.choice(names), random.choice(list(PAIRS))
        of = codec(name)
        data = _lined(random, of, form, _document(random, form, found[name][form]))
        profile, lossless = random.choice(("strict", "strict", "dotnet")), random.random() < 0.15
        size = random.choice((0, 0, 1, 3, 17, 100, 1000))
        told["documents"] += 1
        state = feed(engine(name), form, random.choice(("", *PAIRS)), data, size)[0] if of.referee is None else -1
        told[f"state {state}"] += 1
        to = random.choice(("xml", "json", "ndjson") if of.model.item is not None else ("xml", "json"))
        if alone:
            difference = at_odds(of, engine(name), form, data, size, random.choice(list(PAIRS)))
        else:
            difference = disagreement(of, form, data, profile, lossless=lossless, size=size, to=to)
        if difference:
            told["different"] += 1
            how = f"{name} {form} {profile} lossless={lossless} size={size} to={to}"
            print(f"DIFFERENT {how}\n  {data!r}\n  {difference}", flush=True)
    return told


def sanitized(folder: Path) -> tuple[Path, dict[str, str]]:
    """Build the engine under both sanitizers; give it, and the environment in which Python loads it."""
    target = folder / "engine-sanitized.so"
    compiler = os.environ.get("CC", "cc")
    subprocess.run([compiler, "-std=gnu11", *SANITIZED, "-shared", "-fPIC", "-o", target, SOURCE], check=True)
    preload = [
        subprocess.run(
            [compiler, f"-print-file-name={name}"], check=True, capture_output=True, text=True
        ).stdout.strip()
        for name in ("libasan.so", "libubsan.so")
    ]
    return target, {"LD_PRELOAD": " ".join(preload), "ASAN_OPTIONS": "detect_leaks=0", "PYTHONMALLOC": "malloc"}


def main() -> int:
    """Run as the options say; give an exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--contracts", type=int)
    parser.add_argument("--sanitizers", action="store_true")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--library", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.sanitizers:
        with tempfile.TemporaryDirectory() as folder:
            path, environment = sanitized(Path(folder))
            command = [sys.executable, "-m", "tests.engine.fuzz", "--library", path]
            command += ["--seconds", options.seconds, "--seed", options.seed]
            command += ["--contracts", options.contracts] if options.contracts else []
            command += ["--alone"] if options.alone else []
            return subprocess.run(
                [str(part) for part in command], env={**os.environ, **environment}, check=False
            ).returncode
    if options.library:
        loaded = Library(Path(options.library))
        convtool.formats.lane.library = lambda: loaded  # type: ignore[assignment]
        import tests.engine.support

        tests.engine.support.library = lambda: loaded  # type: ignore[assignment]
    told = run(options.seconds, options.seed, options.contracts, alone=options.alone)
    print(f"seed {options.seed}:", ", ".join(f"{number} {what}" for what, number in sorted(told.items())))
    return 1 if told["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
