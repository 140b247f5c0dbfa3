"""The process in which one case runs: takes orders as JSON lines on standard input, answers on standard output.

Started with the case's name and, if it may pin itself, a core's number. Orders: ``check`` (the result is the
reference's), ``refuse`` (every broken document is refused) and ``time``.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import tempfile
import time
import traceback
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks import memory
from benchmarks.cases import JOBS, Case, Ended, NotThere, Run, find
from benchmarks.documents import Document

_CHUNK = 1 << 20
_MOST_RUNS = 1000
_WARM = Document("typical", "wire", "4K")


class Failed(Exception):
    """A check that a case did not pass."""


def _result(run: Run) -> object:
    value = run()
    return value.result if isinstance(value, Ended) else value


def check(case: Case, scratch: Path, order: dict[str, Any]) -> dict[str, Any]:
    """Run the case once and hold its result against the reference."""
    document = Document.named(order["document"])
    job = JOBS[case.job]
    result = _result(case.prepare(document.path(job.source), scratch))
    if case.job in ("parse", "start"):
        return {}
    if job.target is None:
        if result is not True:
            raise Failed(f"{document.name}: found invalid")
    elif case.ours:
        _same_bytes(result, document.expected(job.target))
    else:
        _same_value(result, job.target, document.expected("json"))
    return {}


def _same_bytes(result: object, expected: Path) -> None:
    """Compare without holding a large file in memory."""
    reading = result.open("rb") if isinstance(result, Path) else BytesIO(_bytes(result))
    with reading, expected.open("rb") as reference:
        wanted = iter(lambda: reference.read(_CHUNK), b"")
        same = all(part == reading.read(_CHUNK) for part in wanted) and reading.read(1) == b""
    if not same:
        raise Failed(f"the result is not {expected.name}, byte for byte")


def _bytes(result: object) -> bytes:
    if isinstance(result, str):
        return result.encode()
    if not isinstance(result, bytes):
        raise Failed(f"the result is a {type(result).__name__}")
    return result


def _same_value(result: object, form: str, expected: Path) -> None:
    from benchmarks.compare import value_of

    value = json.loads(_bytes(result)) if form == "json" else value_of(_bytes(result))
    if value != json.loads(expected.read_bytes()):
        raise Failed(f"the result has not the value of {expected.name}")


def refuse(case: Case, scratch: Path, order: dict[str, Any]) -> dict[str, Any]:
    """Give the case every broken document, or every n-th if the order has a ``step``."""
    from benchmarks.broken import plants
    from benchmarks.convtool_cases import refuses

    form = JOBS[case.job].source
    source = scratch / f"broken.{form}"
    chosen = [plant for plant in plants(form, order["size"]) if plant.kind in order["kinds"] or not order["kinds"]]
    taken = []
    for plant in chosen[:: order["step"]]:
        source.write_bytes(plant.data)
        run = case.prepare(source, scratch)
        if not (refuses(lambda run=run: _result(run)) if case.ours else _result(run) is False):
            taken.append(str(plant))
    if taken:
        raise Failed(f"{len(taken)} broken documents taken: {'; '.join(taken[:8])}")
    return {"refused": len(chosen[:: order["step"]])}


def measure(case: Case, scratch: Path, order: dict[str, Any]) -> dict[str, Any]:
    """Run the case until the time given is over, at least once; give medians, and the memory the runs took.

    The result of a run is kept until its clock has stopped: freeing it is not part of any case.
    """
    case.prepare(_WARM.path(JOBS[case.job].source), scratch)()  # imports, compiled contracts, caches
    run = case.prepare(Document.named(order["document"]).path(JOBS[case.job].source), scratch)
    gc.collect()
    before = memory.resident()
    ended: list[Ended] = []
    until = time.perf_counter() + order["seconds"]
    while not ended or (time.perf_counter() < until and len(ended) < _MOST_RUNS):
        ended.append(_timed(run))
    peak = max(entry.peak for entry in ended)
    return {
        "cpu": statistics.median(entry.cpu for entry in ended),
        "wall": statistics.median(entry.wall for entry in ended),
        "runs": len(ended),
        "peak": peak or memory.peak(),
        "increment": peak or memory.peak() - before,
    }


def _timed(run: Run) -> Ended:
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return result if isinstance(result, Ended) else Ended(None, cpu, wall, 0)


ORDERS = {"check": check, "refuse": refuse, "time": measure}


def answer(case: Case, scratch: Path, order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one order; what goes wrong is part of the answer."""
    try:
        return ORDERS[order["do"]](case, scratch, order)
    except NotThere as missing:
        return {"missing": str(missing)}
    except Failed as failed:
        return {"failed": str(failed)}
    except Exception as error:  # a case may fail in any way, and the others go on
        place = traceback.extract_tb(error.__traceback__)[-1]
        return {"failed": f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})"[:2000]}


def main() -> None:
    name, *core = sys.argv[1:]
    if core and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core[0])})
    case = find(name)
    with tempfile.TemporaryDirectory() as scratch:
        for line in sys.stdin:
            print(json.dumps(answer(case, Path(scratch), json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
