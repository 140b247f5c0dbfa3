"""Measure batches: 6,000 files of 5 KB, converted or validated by 1 and by 2 processes, against bare loops.

    python -m benchmarks.archives                 # five rounds, in turns; some minutes
    python -m benchmarks.archives --files 500 --rounds 1 --ways '1 job;2 jobs'

``floor`` is what any safe copy costs, without a look at the bytes: read, write a temporary file, sync it, rename it.
``loop`` converts, and is safe against nothing. Every output is held against the loop's. Exit 1 if one differs, and
never because of a time. Each measurement has a process of its own, which has imported and compiled what it needs before
the clock runs. ``1 job`` works in that process, ``1 process`` in one beside it, as the command line does with
``--jobs 1``; the two ways of ``program`` are whole processes, start included. Nothing is removed before the end, since
a file system may be slow to give out again what has just been freed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
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
    "1 job": ("floor", "≤", 1.1), "2 jobs": ("floor", "≤", 0.8), "1 job, lines": ("floor", "≤", 0.5),
    "1 job, validate": ("floor", "≤", 0.4), "1 job, zip to lines": ("floor", "≤", 0.5),
    "1 process": ("floor", "≤", 1.1), "1 process, lines": ("floor", "≤", 0.5),
    "1 process, validate": ("floor", "≤", 0.4), "1 process, zip to lines": ("floor", "≤", 0.5),
    "2 jobs, lines": ("floor", "≤", 0.5), "1 job, lines.gz": ("1 job, lines", "≤", 2),
    "1 job, lines.zst": ("1 job, lines", "≤", 1.2),
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


def pack(source: Path) -> None:
    """Write a zip of the files beside them."""
    with zipfile.ZipFile(source.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(source.rglob("*.*")):
            archive.write(path, path.relative_to(source))
    os.utime(source.with_suffix(".zip"), (1e9, 1e9))


def _floor(source: Path, out: Path) -> None:
    """Copy file by file, each safe against a crash."""
    for folder, _, names in os.walk(source):
        below = out / os.path.relpath(folder, source)
        below.mkdir(parents=True, exist_ok=True)
        for name in names:
            with open(f"{folder}/{name}", "rb") as file:
                data = file.read()
            with open(f"{below}/{name}~", "xb", buffering=0) as file:
                file.write(data)
                os.fsync(file.fileno())
            os.rename(f"{below}/{name}~", f"{below}/{name}")


def _loop(source: Path, out: Path) -> None:
    """Convert file by file, as one would by hand: nothing is safe against a crash, nothing is noted."""
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


def _batch(source: Path, out: Path | str, *, processes: int = 0) -> None:
    from convtool.batch import ProcessExecutor, SerialExecutor, run

    with run([source], out, executor=ProcessExecutor(processes) if processes else SerialExecutor()) as going:
        for outcome in going:
            if not outcome.good:
                raise RuntimeError(f"{outcome.name}: {outcome.status}")


def _lines(suffix: str = ".ndjson", processes: int = 0, *, zipped: bool = False) -> Callable[[Path, Path], None]:
    return lambda source, out: _batch(
        source.with_suffix(".zip") if zipped else source, out.with_suffix(suffix), processes=processes
    )


def _program(source: Path, out: Path, *, jobs: int) -> None:
    command = [sys.executable, "-c", "from convtool.cli import main; main()"]
    subprocess.run([*command, "convert", source, "-o", f"{out}/", "--quiet", "--jobs", str(jobs)], check=True)


WAYS: dict[str, Callable[[Path, Path], None]] = {
    "floor": _floor,
    "loop": _loop,
    "1 job": _batch,
    "1 process": lambda source, out: _batch(source, out, processes=1),
    "2 jobs": lambda source, out: _batch(source, out, processes=2),
    "1 job, lines": _lines(),
    "1 process, lines": _lines(processes=1),
    "2 jobs, lines": _lines(processes=2),
    "1 job, lines.gz": _lines(".ndjson.gz"),
    "1 job, lines.zst": _lines(".ndjson.zst"),
    "1 job, zip to lines": _lines(zipped=True),
    "1 process, zip to lines": _lines(processes=1, zipped=True),
    "1 process, validate": lambda source, _: _batch(source, "", processes=1),
    "1 job, validate": lambda source, _: _batch(source, ""),
    "2 jobs, validate": lambda source, _: _batch(source, "", processes=2),
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
    if way == "floor" or "validate" in way:
        return
    wanted = {str(path.relative_to(expected)): path for path in expected.rglob("*") if path.is_file()}
    if "lines" in way:
        packing = next((suffix for suffix in (".gz", ".zst") if way.endswith(suffix)), "")
        lines = _unpacked(out.with_suffix(f".ndjson{packing}")).count(b"\n")
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


def _unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix == ".zst":
        from backports import zstd

        return bytes(zstd.decompress(data))
    return data


def _table(rounds: dict[str, list[dict[str, float]]], files: int) -> Iterator[str]:
    yield f"{'way':20} {'clock':>8} {'CPU':>8} {'files/s':>8}  ratio by the clock (CPU)"
    for way, measured in rounds.items():
        wall, cpu = median(one["wall"] for one in measured), median(one["cpu"] for one in measured)
        line = f"{way:20} {wall:7.2f}s {cpu:7.2f}s {files / wall:8.0f}"
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
    parser.add_argument("--files", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--ways", default=";".join(WAYS), help="such as '1 job;2 jobs'; the floor and the loop are always there"
    )
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
        pack(base / "source")
        rounds: dict[str, list[dict[str, float]]] = {way: [] for way in ("loop", "floor", *options.ways.split(";"))}
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
