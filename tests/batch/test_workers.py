"""Workers that die, hang or run out of memory: that costs the one file, never the run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from convtool.batch import Job, Outcome, ProcessExecutor, SerialExecutor, Stop, perform, processes, run, starting
from convtool.cli import app
from convtool.errors import UsageError
from convtool.places import disks
from tests.batch import deadly
from tests.batch.tree import GOOD_XML

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]


@pytest.fixture
def traps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let files with telling names do to workers what they say; give the folder that notes how often."""
    noted = tmp_path / "noted"
    noted.mkdir()
    monkeypatch.setenv("DEADLY", str(noted))
    monkeypatch.setattr(perform, "open_found", deadly.open_found)
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    *start, program = starting._COMMAND
    paths, _, rest = program.partition("; from convtool")
    armed = f"{paths}; from tests.batch import deadly; deadly.arm(); from convtool{rest}"
    monkeypatch.setattr(starting, "_COMMAND", (*start, armed))
    return noted


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., Path]:
    def make(*names: str) -> Path:
        folder = tmp_path / "source"
        folder.mkdir()
        for name in (*names, *(f"good-{number}" for number in range(30))):
            (folder / f"{name}.xml").write_bytes(GOOD_XML)
        return folder

    return make


def done(source: Path, out: Path, executor: ProcessExecutor, **job: object) -> dict[str, Outcome]:
    with run([str(source)], out, executor=executor, job=Job(**job)) as going:  # type: ignore[arg-type]
        return {Path(outcome.name).stem: outcome for outcome in going}


def check_the_rest(found: dict[str, Outcome], out: Path, *bad: str) -> None:
    assert len(found) == 30 + len(bad)
    assert {name for name, outcome in found.items() if outcome.status != "converted"} == set(bad)
    assert {path.stem for path in out.iterdir()} == found.keys() - set(bad)  # and no leftovers
    assert all(json.loads(path.read_bytes()) for path in out.iterdir())


def run_alone(test: str) -> None:
    """Run a test in a process of its own: those of pytest-xdist have threads."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", test]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert "1 passed" in done.stdout, done.stdout


def test_the_command_line_outlives_a_file_that_kills_with_one_job_as_well(
    traps: Path, source: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert app.run(["convert", str(source("kill")), "-o", f"{out}/", "--jobs", "1"]) == 2
    assert "ends the process that reads it (by signal 9), twice" in (tmp_path / "out.journal.ndjson").read_text()
    assert len(list(out.iterdir())) == 30
    assert (traps / "kill").stat().st_size == 2


@pytest.mark.parametrize("workers", ["copies", "new processes"])
@pytest.mark.short(1)
def test_a_file_that_kills_its_worker_twice_is_to_blame(
    traps: Path, source: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    if workers == "new processes":
        monkeypatch.setattr(processes, "can_fork", lambda: False)
    else:
        disks._threads().shutdown()  # which an earlier test may have left
        disks._threads.cache_clear()
    if workers == "copies" and not starting.can_fork():
        if os.environ.get("PYTEST_XDIST_WORKER"):
            run_alone(request.node.nodeid)
            return
        pytest.skip("this process has threads, so that no copy can be made of it")
    found = done(source("kill-a", "exit-3"), tmp_path / "out", ProcessExecutor(2))
    check_the_rest(found, tmp_path / "out", "kill-a", "exit-3")
    assert found["kill-a"].reason == "ends the process that reads it (by signal 9), twice"
    assert found["exit-3"].reason == "ends the process that reads it (with exit code 3), twice"
    assert all(found[name].status == "failed" for name in ("kill-a", "exit-3"))
    # Tried a second time, and not a third.
    assert {path.name: len(path.read_bytes()) for path in traps.iterdir()} == {"kill-a": 2, "exit-3": 2}


def test_a_worker_that_is_killed_by_chance_costs_a_second_try(
    traps: Path, source: Callable[..., Path], tmp_path: Path
) -> None:
    found = done(source("once"), tmp_path / "out", ProcessExecutor(2))
    assert {outcome.status for outcome in found.values()} == {"converted"}
    assert len(found) == 31
    assert {path.stem for path in (tmp_path / "out").iterdir()} == found.keys()
    assert {path.name: len(path.read_bytes()) for path in traps.iterdir()} == {"once": 2}


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="nothing tells that a process has been stopped")
@pytest.mark.parametrize("seconds", [0, 0.8])
@pytest.mark.long
def test_workers_that_are_stopped_cost_a_while_and_no_file(
    traps: Path, source: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(processes, "_STOPPED", 0.3)
    found = done(source("stop-1", "stop-3"), tmp_path / "out", ProcessExecutor(2), seconds=seconds)
    assert {outcome.status for outcome in found.values()} == {"converted"}
    assert {path.stem for path in (tmp_path / "out").iterdir()} == found.keys()
    assert len((traps / "stop-3").read_bytes()) == 4  # and it was not to blame after two


@pytest.mark.skipif(sys.platform != "linux", reason="a run is stopped with its workers, as a terminal does it")
def test_a_run_that_is_stopped_as_a_whole_goes_on_with_its_workers(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    for number in range(400):
        (source / f"{number}.xml").write_bytes(GOOD_XML)
    command = [sys.executable, "-m", "convtool", "convert", str(source), "-o", f"{out}/", "--jobs", "2", "-q"]
    going = subprocess.Popen(command, start_new_session=True)
    while not out.exists():
        time.sleep(0.01)
    os.killpg(going.pid, signal.SIGSTOP)
    time.sleep(1.5)  # longer than a worker alone may be stopped
    os.killpg(going.pid, signal.SIGCONT)
    assert going.wait(60) == 0
    assert len(list(out.iterdir())) == 400


@pytest.mark.skipif(sys.platform != "linux", reason="a run is stopped with its workers, as a terminal does it")
@pytest.mark.long
def test_time_in_which_a_run_is_stopped_is_held_against_no_file(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    for number in range(24):
        (source / f"{number}.json").write_bytes(b'[{"ConsommationsSomme":[' + b"{}," * 3_000 + b"{}]}]")
    command = [sys.executable, "-m", "convtool", "convert", str(source), "-o", f"{out}/", "--jobs", "2"]
    careful = {**os.environ, "CONVTOOL_ENGINE": "off"}  # a tenth of a second for each at least
    going = subprocess.Popen([*command, "--limit-seconds", "4"], start_new_session=True, env=careful)
    while not out.exists():
        time.sleep(0.01)
    time.sleep(0.2)
    os.killpg(going.pid, signal.SIGSTOP)
    time.sleep(4.2)
    os.killpg(going.pid, signal.SIGCONT)
    assert going.wait(60) == 0
    assert len(list(out.iterdir())) == 24


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="nothing tells that a process has been stopped")
def test_ctrl_c_is_heard_though_a_worker_is_stopped(
    traps: Path, source: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_STOPPED", 0.3)
    stop = Stop()
    executor = ProcessExecutor(2)
    started = time.monotonic()
    with run([str(source("stop-1"))], tmp_path / "out", executor=executor, stop=stop) as going:
        for _ in going:
            stop.soon = True
    assert time.monotonic() - started < 20
    assert len(list((tmp_path / "out").iterdir())) == going.summary.statuses["converted"]


def test_a_file_that_takes_too_long(traps: Path, source: Callable[..., Path], tmp_path: Path) -> None:
    started = time.monotonic()
    found = done(source("hang"), tmp_path / "out", ProcessExecutor(2), seconds=0.6)
    assert time.monotonic() - started < 20
    check_the_rest(found, tmp_path / "out", "hang")
    assert found["hang"].status == "failed"
    assert found["hang"].reason == "takes longer than 0.6 seconds, the limit for one file"
    assert (traps / "hang").read_bytes() == b"x"  # it is not tried again


@pytest.mark.parametrize("what", ["half", "halfkill"])
@pytest.mark.parametrize("out", ["one.json", "lines.ndjson", "one.zip", "out/"])
@pytest.mark.short(1)
def test_a_worker_that_ends_half_way_leaves_nothing_half_written(
    traps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, what: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "to").mkdir()
    source = tmp_path / "in" / f"{what}-1.json"
    records = (b'{"ProduitId":1},' * 2_000 + b'{"ProduitId":"x"},') * 60
    source.write_bytes(b"[" + records + b"{}]")
    beside = []

    class Seen(ProcessExecutor):
        """Notes what is there while the worker is."""

        def run(self, *args: Any) -> Any:
            for result in super().run(*args):
                beside.extend(path.name for path in (tmp_path / "to").rglob(".convtool-*"))
                yield result

    job = Job(verb="convert", skip=True, to="json", seconds=2 if what == "half" else 0)
    with run([str(source)], f"{tmp_path}/to/{out}", executor=Seen(1), job=job) as going:
        (outcome,) = going
    assert outcome.status == "failed"
    assert beside  # there was something to leave
    assert not [path for path in (tmp_path / "to").rglob(".convtool-*") if path.is_file()]


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on memory can be kept on Linux only")
def test_a_file_that_needs_too_much_memory(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    for number in range(6):
        (source / f"good-{number}.xml").write_bytes(GOOD_XML)
    (source / "large.json").write_bytes(b'[{"ConsommationsSomme":[' + b"{}," * 1_000_000 + b"{}]}]")  # one record
    limits = ["--limit-memory", "8M", "--limit-seconds", "60"]
    # In a process of its own: a copy of this one has room for the file in what tests have freed.
    command = [sys.executable, "-m", "convtool", "convert", str(source), "-o", f"{out}/", "--to", "json"]
    done = subprocess.run([*command, "--jobs", "2", *limits, "-q"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"")
    (bad,) = [line for line in (tmp_path / "out.journal.ndjson").read_text().splitlines() if '"failed"' in line]
    assert json.loads(bad)["reason"] == "needs more memory than it may have"
    assert sorted(path.name for path in out.iterdir()) == [f"good-{number}.json" for number in range(6)]


def test_one_process_has_no_limits_of_its_own(source: Callable[..., Path], tmp_path: Path) -> None:
    with (
        run([str(source())], tmp_path / "out", executor=SerialExecutor(), job=Job(seconds=1)) as going,
        pytest.raises(UsageError, match="use a ProcessExecutor"),
    ):
        list(going)
