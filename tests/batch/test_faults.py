"""Disks that fail: whatever call fails, there are old files or new ones, never torn ones, and no leftovers."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from convtool.batch import run
from convtool.cli.app import run as convtool
from convtool.errors import SinkError, SourceError
from convtool.places.writing import Group
from tests.batch.tree import GOOD_XML

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
OUTS = ["out/", "all.ndjson", "all.zip"]


@pytest.mark.skipif(not shutil.which("cc") or sys.platform != "linux", reason="needs a C compiler, and Linux")
@pytest.mark.long
def test_calls_that_fail_leave_old_files_or_new_ones() -> None:
    """The short form of ``python -m tests.batch.faults``."""
    pytest.importorskip("backports.zstd")
    done = subprocess.run(
        [sys.executable, "-m", "tests.batch.faults", "--every", "29"],
        cwd=ROOT, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    trials = [json.loads(line) for line in done.stdout.splitlines()]
    assert [trial for trial in trials if trial["wrong"]] == []
    assert done.returncode == 0, done.stderr.decode()
    assert {(trial["out"], trial["call"]) for trial in trials if trial["calls"] > 1 and trial["failed"]} == {
        *((out, call) for out in OUTS for call in ("open", "read", "write", "fsync", "rename")), ("out/", "syncfs"),
    }  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(140):
        (folder / f"{number}.xml").write_bytes(GOOD_XML)
    return folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for very little."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a file system here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("out", OUTS)
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.short(2)
def test_a_disk_that_is_full(
    source: Path, small_disk: Path, out: str, jobs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert convtool(["convert", str(source), "-o", f"{small_disk}/{out}", "--jobs", jobs]) == 2
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "Traceback" not in said
    files = [path for path in small_disk.rglob("*") if path.is_file()]
    assert {"".join(path.suffixes[-2:]) for path in files} <= {".json", ".part", ".journal.ndjson"}
    assert all(json.loads(path.read_bytes()) for path in files if path.suffix == ".json")
    if out != "out/":
        journal = (small_disk / f"{out}.journal.ndjson").read_text()
        assert all(path.name in journal for path in files if path.suffix == ".part")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_device_is_no_journal_and_a_report_may_be_on_a_full_one(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert convtool(["convert", str(source), "-o", f"{out}/", "--journal", "/dev/full", "--overwrite"]) == 2
    assert "/dev/full: is not a regular file" in capsys.readouterr().err
    assert not out.exists()
    (tmp_path / "full.json").symlink_to("/dev/full")
    assert convtool(["convert", str(source), "-o", f"{out}/", "-q", "--report", f"{tmp_path}/full.json"]) == 2
    assert "full.json: cannot be written: No space left on device" in capsys.readouterr().err
    assert len(list(out.iterdir())) == 140


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(source: Path, tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(SourceError, match="Permission denied"):
        run([str(source)], shut / "out")


def test_a_disk_that_is_read_only(source: Path, small_disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert convtool(["convert", str(source), "-o", f"{small_disk}/out/"]) == 2
    assert "Read-only file system" in capsys.readouterr().err


def test_a_file_in_the_place_of_a_folder(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "deep").write_bytes(b"in the way")
    (source / "deep").mkdir()
    (source / "deep" / "a.xml").write_bytes(GOOD_XML)
    with run([str(source)], tmp_path / "out") as going, pytest.raises(SourceError, match="cannot be written"):
        list(going)
    assert not list((tmp_path / "out").rglob(".convtool-*"))
    assert (tmp_path / "out" / "deep").read_bytes() == b"in the way"


def test_a_file_of_a_group_that_is_dropped_while_it_is_open(tmp_path: Path) -> None:
    group = Group()
    writing = group.writer(str(tmp_path / "a"))
    writing.__enter__().write(b"half")
    group.discard()
    failure = SinkError("the disk is full")
    assert not writing.__exit__(SinkError, failure, None)  # it raises what it was told, and nothing else
    assert list(tmp_path.iterdir()) == []
