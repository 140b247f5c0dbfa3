"""Runs that are disturbed without being killed: a worker stands still, another run comes, the clock goes back."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from convtool.cli import app
from convtool.places import local
from tests.batch.kill import convert, outputs
from tests.batch.tree import GOOD_XML

if TYPE_CHECKING:
    import subprocess

FILES = 1500


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(FILES):
        path = folder / f"{number:04}.xml"
        path.write_bytes(payload(number))
        os.utime(path, (1e9, 1e9))
    return folder


def payload(number: int) -> bytes:
    return GOOD_XML.replace(b">7<", b">%04d<" % number)


def begun(process: subprocess.Popen[bytes], folder: Path) -> list[int]:
    """Wait until a run has outputs; give its workers."""
    while process.poll() is None and not any((folder / "out").glob("[0-9]*")):
        time.sleep(0.001)
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def folder(tmp_path: Path, name: str) -> Path:
    made = tmp_path / name
    made.mkdir()
    return made


@pytest.mark.skipif(sys.platform != "linux", reason="finds workers in /proc")
@pytest.mark.parametrize("then", [None, signal.SIGCONT, signal.SIGKILL])
@pytest.mark.short(1)
def test_a_worker_that_stands_still_holds_up_nobody(source: Path, tmp_path: Path, then: signal.Signals | None) -> None:
    here = folder(tmp_path, "here")
    process = convert(source, here, "out/")
    workers = begun(process, here)
    if process.poll() is None:
        assert len(workers) == 2
        os.kill(workers[0], signal.SIGSTOP)
        time.sleep(0.2)
        if then is not None:
            os.kill(workers[0], then)
    _, said = process.communicate(timeout=120)
    assert (process.returncode, said) == (0, b"")
    assert len(outputs(here)) == FILES
    assert not [name for name in outputs(here) if ".convtool-" in name]


@pytest.mark.long
def test_a_second_run_on_one_output_is_refused_and_harms_nothing(source: Path, tmp_path: Path) -> None:
    here = folder(tmp_path, "here")
    first = convert(source, here, "out/")
    begun(first, here)
    for options in (["--resume"], ["--overwrite"], ["--overwrite", "--journal", str(here / "other.journal.ndjson")]):
        second = convert(source, here, "out/", *options)
        _, said = second.communicate(timeout=60)
        if first.poll() is None:
            assert (second.returncode, b"another run is at work on the same output" in said) == (2, True)
    _, said = first.communicate(timeout=120)
    assert (first.returncode, said) == (0, b"")
    assert len(outputs(here)) == FILES
    assert not [name for name in outputs(here) if ".convtool-" in name]


@pytest.mark.parametrize("by", [-86_400, -1, 86_400])
@pytest.mark.short(1)
def test_a_clock_that_is_put_back_or_forward_hides_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: int
) -> None:
    source = folder(tmp_path, "source")
    for number in range(3):
        (source / f"{number}.xml").write_bytes(payload(number))
    command = ["convert", str(source), "-o", f"{tmp_path}/out/", "--jobs", "1", "-q"]
    assert app.run(command) == 0
    real, status = time.time, (source / "1.xml").stat()
    monkeypatch.setattr(local.time, "time", lambda: real() + by)
    (source / "1.xml").write_bytes(payload(8))
    os.utime(source / "1.xml", ns=(status.st_atime_ns, status.st_mtime_ns))  # as if the clock had come by it again
    assert app.run([*command, "--resume"]) == 0
    assert b"8" in (tmp_path / "out" / "1.json").read_bytes()
    assert b"8" not in (tmp_path / "out" / "0.json").read_bytes()
