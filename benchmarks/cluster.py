"""The cluster against the processes of one machine, on the same files: ``python -m benchmarks.cluster``.

Both have the same number of workers, which are there before the clock starts on the cluster's side, and are started by
the run on the other: a cluster is there already where one is used. CPU seconds are those of all processes of the run.
``--tasks`` measures what the scheduler costs for each task, with tasks of one small file each.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.data import _HEAD, _TAIL
from benchmarks.records import CONTENTS


def write_archive(root: Path, files: int, size: int) -> int:
    """Write so many XML files of about so many bytes; give the bytes of all."""
    from random import Random

    records = CONTENTS["typical"](Random("cluster"))
    total = 0
    distinct = []
    for _ in range(50):
        parts: list[str] = []
        length = 0
        while length < size:
            record = next(records).xml
            parts.append(record)
            length += len(record)
        distinct.append(f"{_HEAD.xml}{''.join(parts)}{_TAIL.xml}".encode())
    for number in range(files):
        folder = root / f"{number // 1000:03}"
        folder.mkdir(parents=True, exist_ok=True)
        data = distinct[number % len(distinct)]
        (folder / f"{number:06}.xml").write_bytes(data)
        total += len(data)
    return total


def _cpu(pids: list[int]) -> float:
    """Give the CPU seconds of this process, of children that have ended, and of processes with their children."""
    own = os.times()
    seconds = own.user + own.system + own.children_user + own.children_system
    return seconds + sum(_of_tree(pid) for pid in pids)


def _of_tree(pid: int) -> float:
    try:
        import psutil

        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        times = [one.cpu_times() for one in family]
    except (ImportError, psutil.Error):
        return 0.0
    return sum(t.user + t.system for t in times) + times[0].children_user + times[0].children_system


def _once(source: Path, out: Path, executor: Any, pids: list[int]) -> tuple[float, float]:
    from convtool.batch import run

    shutil.rmtree(out, ignore_errors=True)
    Path(f"{out}.journal.ndjson").unlink(missing_ok=True)
    cpu, wall = _cpu(pids), time.perf_counter()
    with run([source], out, executor=executor) as going:
        for outcome in going:
            if not outcome.good:
                raise RuntimeError(outcome)
        wall = time.perf_counter() - wall
        cpu = _cpu(pids) - cpu
    return wall, cpu


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print a table; the exit code is 1 where the cluster takes more than ``--most`` times as long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--size", type=int, default=50_000, help="bytes of a file")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--most", type=float, default=1.3)
    parser.add_argument("--tasks", type=int, default=0, help="measure the scheduler with so many empty tasks as well")
    given = parser.parse_args(arguments)

    import distributed

    from convtool.batch import DaskExecutor, ProcessExecutor

    folder = Path(tempfile.mkdtemp(prefix="convtool-cluster-"))
    try:
        total = write_archive(folder / "in", given.files, given.size)
        with (
            distributed.LocalCluster(
                n_workers=given.workers, threads_per_worker=1, processes=True, dashboard_address=None
            ) as cluster,
            distributed.Client(cluster, set_as_default=False) as client,
        ):
            client.wait_for_workers(given.workers)
            pids = list(client.run(os.getpid).values())
            if given.tasks:
                _tasks(client, given.tasks)
            walls: dict[str, list[float]] = {"processes": [], "cluster": []}
            cpus: dict[str, list[float]] = {"processes": [], "cluster": []}
            for _ in range(given.runs):
                for way, executor in (
                    ("processes", ProcessExecutor(given.workers)),
                    ("cluster", DaskExecutor(client)),
                ):
                    wall, cpu = _once(folder / "in", folder / "out", executor, pids)
                    walls[way].append(wall)
                    cpus[way].append(cpu)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{given.files} files, {total / 1e6:.0f} MB, {given.workers} workers each; the best of {given.runs}")
    for way, taken in walls.items():
        speed = total / 1e6 / min(taken)
        print(f"{way:10} {min(taken):7.2f} s  {min(cpus[way]):7.2f} s CPU  {speed:6.1f} MB/s")
    ratio, of_cpu = min(walls["cluster"]) / min(walls["processes"]), min(cpus["cluster"]) / min(cpus["processes"])
    middle = statistics.median(a / b for a, b in zip(walls["cluster"], walls["processes"], strict=True))
    print(f"cluster / processes: {ratio:.2f} by the clock ({middle:.2f} pair by pair), {of_cpu:.2f} in CPU seconds")
    return int(min(ratio, middle) > given.most)


def _tasks(client: Any, count: int) -> None:
    """Print what a task costs that does nothing, sent as an executor sends them: a few at a time."""
    import queue

    done: queue.SimpleQueue[Any] = queue.SimpleQueue()
    started = time.perf_counter()
    sent = 0
    waiting: dict[str, Any] = {}
    while sent < count or waiting:
        while sent < count and len(waiting) < 4:
            future = client.submit(len, b"x" * 10_000, key=f"nothing-{started}-{sent}", pure=False)
            future.add_done_callback(done.put)
            waiting[future.key] = future
            sent += 1
        finished = done.get()
        finished.result()
        del waiting[finished.key]
    print(f"{(time.perf_counter() - started) / count * 1000:.2f} ms for a task that does nothing")


if __name__ == "__main__":
    sys.exit(main())
