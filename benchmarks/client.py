"""What a run takes of its client, without any work: ``python -m benchmarks.client`` plans a million files.

    python -m benchmarks.client --files 1000000           # a run to its end
    python -m benchmarks.client --files 1000000 --resume  # and one that takes it up

Files are made up, and so are their outcomes; the plan, the tasks, the journal and the summary are the real ones. Prints
seconds, and the peak of memory, Python and libraries included.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.batch import Result, Task
    from convtool.places import Found

_SHA = "0123456789abcdef" * 4


def _listing(files: int) -> Any:
    from convtool.places import Found

    def listing(path: str, *_: object) -> Iterator[Found]:
        for number in range(files):
            name = f"2025/{number // 100_000:02}/{number // 1000:04}/reponse-{number:08}-{hash(number * 0.1):08x}.xml"
            size = 5000 + number % 977
            yield Found(f"{path}/{name}", name=name, size=size, stamp=f"{size}@{10**18 + number * 1_234_567}")

    return listing


class _Nobody:
    """Does nothing with each file, and says that it has."""

    workers = 2

    def run(self, job: Any, tasks: Iterable[Task], stop: Any) -> Iterator[Result]:
        """Yield the results of tasks."""
        from convtool.batch import Outcome
        from convtool.batch.model import Account

        del job, stop
        for task in tasks:
            yield Account(
                Outcome(
                    item.number, item.found.path, "converted", contract="ArrayOfReponseV2Model", format="xml",
                    records=3, bytes_in=item.found.size, bytes_out=4000, sha256_in=_SHA, sha256_out=_SHA,
                    target=item.target, stamp=item.found.stamp,
                )
                for item in task.items
            ).result(task.number)  # fmt: skip


def _once(folder: Path, files: int, *, resume: bool) -> str:
    from convtool.batch import run

    started = time.perf_counter()
    source = folder / "source"
    source.mkdir(exist_ok=True)
    with mock.patch("convtool.batch.plan.listing", _listing(files)):
        going = run([source], folder / "out", executor=_Nobody(), resume=resume)
    planned = time.perf_counter() - started
    with going:
        for _ in going.in_order(every=False):
            pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = time.perf_counter() - started
    what = "taken up" if resume else "from the start"
    return f"{files} files, {what}: {planned:.1f} s until work begins, {seconds:.1f} s in all, {peak:.0f} MB"


def main(argv: list[str] | None = None) -> int:
    """Measure, and print a line for each run."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.client", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        print(_once(Path(folder), options.files, resume=False), flush=True)
        if options.resume:
            print(_once(Path(folder), options.files, resume=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
