"""Measure batches: 5,000 files of 5 KB, converted by 1 and by 2 processes, against one loop over the same files.

    python -m benchmarks.archives                 # five rounds, in turns; a minute or two
    python -m benchmarks.archives --files 500 --rounds 1

Every output is held against the loop's. Exit 1 if one differs, and never because of a time. Each measurement has a
process of its own, which has imported and compiled what it needs before the clock runs. ``1 job`` works in that
process, ``1 process`` in one beside it, as the command line does with ``--jobs 1``; the two ways of ``program`` are
whole processes, start included. Nothing is removed before the end, since a file system may be slow to give out again
what has just been freed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.data import _HEAD, _TAIL
from benchmarks.records import CONTENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SIZE = 5_000  # bytes of a file
_CONTRACT = "ArrayOfReponseV2Model"
_TO = {"xml": "json", "json": "xml"}
#: way → (way that it is held against, most or least, target of the ratio of the clocks)
TARGETS = {
    "1 job": ("loop, findings", "≤", 1.6), "2 jobs": ("1 job", "≥", 1.7),
    "1 job, lines": ("loop, findings", "≤", 1.6), "2 jobs, lines": ("1 job, lines", "≥", 1.7),
}  # fmt: skip


def make(folder: Path, files: int) -> None:
    """Write the files: four in five are XML."""
    from random import Random

    records = CONTENTS["typical"](Random("archives"))
    for number in range(files):
        chosen = [next(records)]
        while sum(len(record.xml) for record in chosen) < _SIZE:
            chosen.append(next(records))
        form = "json" if number % 5 == 4 else "xml"
        text = (
            f"[{','.join(record.json for record in chosen)}]" if form == "json"
            else f"{_HEAD.xml}{''.join(record.xml for record in chosen)}{_TAIL.xml}"
        )  # fmt: skip
        path = folder / f"{number // 100:03}" / f"{number:05}.{form}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        os.utime(path, (1e9, 1e9))  # as in an archive: not just written


def _loop(source: Path, out: Path, *, findings: bool = False) -> None:
    """Convert file by file, as one would by hand: nothing is safe against a crash, nothing is noted.

    ``findings``: ask each report what was found and where, as a batch does, since it notes that for each file.
    """
    from convtool.catalog import Catalog

    codec = Catalog().contract(_CONTRACT)
    for folder, _, names in os.walk(source):
        below = out / os.path.relpath(folder, source)
        below.mkdir(parents=True, exist_ok=True)
        for name in names:
            stem, form = name.split(".")
            with open(f"{folder}/{name}", "rb") as file:
                conversion = codec.convert(file.read(), _TO[form])
            with open(f"{below}/{stem}.{_TO[form]}", "wb") as file:
                file.write(conversion.data)
            if findings:
                _ = conversion.report.diagnostics


def _batch(source: Path, out: Path, *, processes: int = 0) -> None:
    from convtool.batch import ProcessExecutor, SerialExecutor, run

    with run([source], out, executor=ProcessExecutor(processes) if processes else SerialExecutor()) as going:
        for outcome in going:
            if not outcome.good:
                raise RuntimeError(f"{outcome.name}: {outcome.status}")


def _program(source: Path, out: Path, *, jobs: int) -> None:
    command = [sys.executable, "-c", "from convtool.cli import main; main()"]
    subprocess.run([*command, "convert", source, "-o", f"{out}/", "--quiet", "--jobs", str(jobs)], check=True)


WAYS: dict[str, Callable[[Path, Path], None]] = {
    "loop": _loop,
    "loop, findings": lambda source, out: _loop(source, out, findings=True),
    "1 job": _batch,
    "1 process": lambda source, out: _batch(source, out, processes=1),
    "2 jobs": lambda source, out: _batch(source, out, processes=2),
    "1 job, lines": lambda source, out: _batch(source, out.with_suffix(".ndjson")),
    "2 jobs, lines": lambda source, out: _batch(source, out.with_suffix(".ndjson"), processes=2),
    "program, 1 job": lambda source, out: _program(source, out, jobs=1),
    "program, 2 jobs": lambda source, out: _program(source, out, jobs=2),
}


def measure(way: str, source: Path, out: Path) -> dict[str, float]:
    """Do it once, in this process; give seconds by the clock, and of all processors together."""
    from convtool.batch import run  # noqa: F401 - imported before the clock runs
    from convtool.catalog import Catalog

    Catalog().contract(_CONTRACT)  # and compiled, so that what is cached on disk is there
    before, started = _cpu(), time.perf_counter()
    WAYS[way](source, out)
    return {"wall": time.perf_counter() - started, "cpu": _cpu() - before}


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def differences(way: str, out: Path, expected: Path) -> Iterator[str]:
    """Yield what is not as the loop has it."""
    wanted = {str(path.relative_to(expected)): path for path in expected.rglob("*") if path.is_file()}
    if "lines" in way:
        lines = out.with_suffix(".ndjson").read_bytes().count(b"\n")
        records = sum(
            path.read_bytes().count(b'"NomProduit":' if path.suffix == ".json" else b"<NomProduit")
            for path in wanted.values()
        )
        if lines != records:
            yield f"{lines} lines, not {records}"
        return
    found = {str(path.relative_to(out)): path for path in out.rglob("*") if path.is_file()}
    if found.keys() != wanted.keys():
        yield f"{len(found)} files, not {len(wanted)}"
    yield from (name for name in found.keys() & wanted.keys() if found[name].read_bytes() != wanted[name].read_bytes())


def _table(rounds: dict[str, list[dict[str, float]]], files: int) -> Iterator[str]:
    yield f"{'way':16} {'clock':>8} {'CPU':>8} {'files/s':>8}  ratio by the clock (CPU)"
    for way, measured in rounds.items():
        wall, cpu = median(one["wall"] for one in measured), median(one["cpu"] for one in measured)
        line = f"{way:16} {wall:7.2f}s {cpu:7.2f}s {files / wall:8.0f}"
        base, which, target = TARGETS.get(way, ("", "", 0.0))
        if base in rounds:
            pairs = list(zip(rounds[base], measured, strict=True))
            ratio, spent = (median(one[of] / other[of] for other, one in pairs) for of in ("wall", "cpu"))
            if which == "≥":
                ratio, spent = 1 / ratio, 1 / spent
            met = ratio <= target if which == "≤" else ratio >= target
            line += f"  {ratio:.2f} ({spent:.2f}) to {base}, {which} {target}: {'met' if met else 'MISSED'}"
        yield line


def main(argv: list[str] | None = None) -> int:
    """Measure; give 1 where an output is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.archives", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ways", default=";".join(WAYS), help="such as 'loop;2 jobs'; the loop is always there")
    parser.add_argument("--folder", help="where files are made and written  [default: where temporary files go]")
    parser.add_argument("--measure", nargs=3, metavar=("WAY", "SOURCE", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.measure:
        way, source, out = options.measure
        print(json.dumps(measure(way, Path(source), Path(out))))
        return 0
    wrong = []
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        base = Path(name)
        make(base / "source", options.files)
        rounds: dict[str, list[dict[str, float]]] = {way: [] for way in ("loop", *options.ways.split(";"))}
        for number in range(options.rounds):
            for place, way in enumerate(rounds):
                out = base / f"{number}-{place}"
                command = [sys.executable, "-m", "benchmarks.archives", "--measure", way, base / "source", out]
                done = subprocess.run(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, check=True)
                rounds[way].append(json.loads(done.stdout))
                wrong += [f"{way}: {what}" for what in islice(differences(way, out, base / "0-0"), 3)]
    print("\n".join([*_table(rounds, options.files), *(f"FAILED {what}" for what in wrong)]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
