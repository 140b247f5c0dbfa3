"""The engine alone, in C: ``engine_runs.c`` compiled under both sanitizers, over packs that change with the numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path

from tests.fuzz.pack import pack

__all__ = ["FOLDER", "SANITIZED", "built", "packed", "run"]

FOLDER = Path(__file__).parent
SANITIZED = ("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")
PACKED = 500_000  # inputs that share a pack
_DRAWN = 300  # contracts of a pack, beside the recorded ones
_FEW = 12, 40  # recorded and drawn, of one that is there at once


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="convtool-engine-")


def built(source: Path, target: Path) -> None:
    """Compile a fuzzer under both sanitizers, by ``CC`` or the system's compiler."""
    compiler = os.environ.get("CC", "cc").split()
    subprocess.run([*compiler, "-std=gnu11", *SANITIZED, "-o", target, source], check=True)


@cache
def _runs() -> Path:
    target = Path(_folder().name, "engine_runs")
    built(FOLDER / "engine_runs.c", target)
    return target


@lru_cache(maxsize=1)
def packed(block: int, *, few: bool) -> Path:
    """Write the pack of a block of inputs."""
    path = Path(_folder().name, "pack")
    path.write_bytes(pack(_FEW[0] if few else None, _FEW[1] if few else _DRAWN, block))
    return path


def run(target: str, first: int, runs: int, *, few: bool = False, until: float = float("inf")) -> Counter[str]:
    """Try inputs from ``first`` on, of "engine" or of "programs"; a sanitizer's report is a finding, and is shown."""
    told = Counter[str]()
    while runs > 0 and time.monotonic() < until:
        block = first // PACKED
        number = min(runs, (block + 1) * PACKED - first, 20_000 if until < float("inf") else runs)
        command = [_runs(), packed(block, few=few), block, first, number, *([target] if target == "programs" else [])]
        done = subprocess.run(
            [str(word) for word in command], env={**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1"},
            capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode:
            sys.stdout.buffer.write(done.stdout[:20_000] + done.stderr[:20_000])
            print(f"--- {target} of the pack {block}, status {done.returncode}", flush=True)
            told["findings"] += 1
        lines = done.stdout.splitlines()
        told.update(json.loads(lines[-1]) if lines and lines[-1].startswith(b"{") else {})
        told["inputs"] += number
        first, runs = first + number, runs - number
    return told
