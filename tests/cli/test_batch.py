"""Batches on the command line: what is taken as sources, what people see, and Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from convtool.cli import progress
from convtool.engine import about, library
from convtool.formats import abreast
from tests.batch.tree import GOOD_XML
from tests.cli.terminal import on_terminal, screen
from tests.engine.support import pairs
from tests.support import LIST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.cli.conftest import Run

#: The program, where the names of files say how long it takes to open them.
COMMAND = [sys.executable, "-c", "from convtool.cli import main; main()"]
SLOW = "from tests.batch import deadly; deadly.arm(); from convtool.cli import main; main()"
LINE = re.compile(r"[0-9]+/400 files, [0-9]+ records, [0-9.]+ (?:bytes|[KM]B)/s, [0-9]+ bad, [0-9]+:[0-9]{2} left")


def make(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(GOOD_XML)
    return folder


def written(out: Path) -> list[str]:
    return sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())


# --- sources --------------------------------------------------------------------------------------------------------


def test_patterns(run: Run, tmp_path: Path) -> None:
    source = make(tmp_path / "source", "a/1.xml", "a/2.txt", "b/c/3.xml", "b/[x].xml")
    out = tmp_path / "out"
    assert run("convert", f"{source}/**/*.xml", "-o", f"{out}/", "--jobs", "1").exit_code == 0
    assert written(out) == ["a/1.json", "b/[x].json", "b/c/3.json"]
    # A file whose name is a pattern is that file.
    assert run("convert", source / "b" / "[x].xml", source / "a" / "1.xml", "-o", f"{tmp_path}/two/").exit_code == 0
    assert written(tmp_path / "two") == ["a/1.json", "b/[x].json"]
    result = run("convert", f"{source}/*.none", "-o", f"{tmp_path}/none/")
    assert result.exit_code == 2
    assert "matches no file" in result.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("end", [b"\n", b"\0"])
@pytest.mark.parametrize("way", ["file", "-"])
@pytest.mark.short(2)
def test_lists_of_names(run: Run, tmp_path: Path, way: str, end: bytes) -> None:
    source = make(tmp_path / "source", "a/1.xml", "a/2.xml", "b/3.xml")
    listed = [str(source / "a" / "1.xml"), str(source / "b")]
    names = end.join(map(os.fsencode, listed)) + end
    (tmp_path / "list").write_bytes(names)
    source_of = "-" if way == "-" else tmp_path / "list"
    result = run(
        "convert",
        "--files-from",
        source_of,
        "-o",
        f"{tmp_path}/out/",
        "--jobs",
        "1",
        stdin=names if way == "-" else b"",
    )
    assert result.exit_code == 0, result.stderr
    assert written(tmp_path / "out") == ["1.json", "b/3.json"]


def test_a_list_with_a_missing_file(run: Run, tmp_path: Path) -> None:
    source = make(tmp_path, "1.xml")
    result = run("validate", "--files-from", "-", stdin=f"{source}/1.xml\n{source}/gone.xml\n".encode())
    assert result.exit_code == 2
    assert "gone.xml: failed: No such file or directory" in result.stdout
    assert "2 files: 1 valid, 1 failed" in result.stderr
    assert run("validate", "--files-from", tmp_path / "gone").exit_code == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_pipes_devices_and_loops_do_not_hang(tmp_path: Path, environment: Mapping[str, str]) -> None:
    source = make(tmp_path / "source", "1.xml")
    os.mkfifo(source / "pipe.xml")
    (source / "zero.xml").symlink_to("/dev/zero")
    (source / "loop").symlink_to(source)
    (source / "self.xml").symlink_to("self.xml")
    command = [*COMMAND, "convert", source, "-o", f"{tmp_path}/out/"]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=30, check=False)
    assert done.returncode == 2  # a link to itself can be read by nobody
    assert written(tmp_path / "out") == ["1.json"]
    lines = map(json.loads, (tmp_path / "out.journal.ndjson").read_bytes().splitlines())
    assert {Path(line["source"]).name: (line["status"], line.get("reason")) for line in lines if "source" in line} == {
        "1.xml": ("converted", None),
        "pipe.xml": ("skipped", "is a pipe, not a file"),
        "zero.xml": ("skipped", "is a device, not a file"),
        "loop": ("skipped", "is a link to a folder, which is not followed"),
        "self.xml": ("failed", "Too many levels of symbolic links"),
    }


# --- what people see ------------------------------------------------------------------------------------------------


@pytest.fixture
def many(tmp_path: Path) -> Path:
    source = make(tmp_path / "source", *(f"{number}.xml" for number in range(399)))
    (source / "bad.xml").write_bytes(GOOD_XML[:-9])
    return source


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.short(1)
def test_a_line_that_moves_on_a_terminal(many: Path, tmp_path: Path, environment: Mapping[str, str], jobs: str) -> None:
    code, told = on_terminal(["convert", many, "-o", f"{tmp_path}/out/", "--jobs", jobs], environment)
    assert code == 1
    assert LINE.search(told)
    assert not any(LINE.search(line) for line in screen(told))  # the line has gone, the summary stays
    assert any("400 files" in line for line in screen(told))
    assert "xml.syntax" in told
    code, told = on_terminal(["convert", many, "-o", f"{tmp_path}/quiet/", "--jobs", jobs, "-q"], environment)
    assert (code, told) == (1, "")


def test_a_plain_line_now_and_then_where_there_is_no_terminal(
    many: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("convert", many, "-o", f"{tmp_path}/some/", "--jobs", "1")
    assert result.exit_code == 1
    assert LINE.search(result.stderr) is None  # it takes no fifteen seconds
    assert result.stderr.startswith("400 files: 399 converted, 1 invalid\n")
    monkeypatch.setattr(progress, "_NOW_AND_THEN", 0.0)
    result = run("convert", many, "-o", f"{tmp_path}/all/", "--jobs", "1")
    lines = result.stderr.splitlines()
    assert all(LINE.fullmatch(line) for line in lines[:400])
    assert lines[399].startswith("400/400 files, 399 records, ")
    assert lines[399].endswith(" 1 bad, 0:00 left")
    assert "\x1b" not in result.stderr
    result = run("convert", many, "-o", f"{tmp_path}/none/", "--jobs", "1", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")


def test_what_is_wrong_is_said_of_the_first(run: Run, tmp_path: Path) -> None:
    source = make(tmp_path / "source", "1.xml")
    for number in range(12):
        (source / f"bad-{number:02}.xml").write_bytes(GOOD_XML.replace(b">7<", b">x<"))
    listed = tmp_path / "list"
    listed.write_text(f"{source}\n{tmp_path}/missing.xml\n")
    told = run("convert", "--files-from", listed, "-o", f"{tmp_path}/out/").stderr.splitlines()[-13:]
    assert told[0].startswith(f"{source}/bad-00.xml:1:")
    assert told[0].endswith("[value.lexical]")
    assert told[10] == "… and 3 more"
    told = run("convert", source / "1.xml", tmp_path / "missing.xml", "-o", f"{tmp_path}/two/").stderr.splitlines()
    assert f"{tmp_path}/missing.xml: failed: No such file or directory" in told


def test_one_file_is_one_file(run: Run, tmp_path: Path) -> None:
    source = make(tmp_path / "source", "1.xml")
    assert run("convert", source, "-o", f"{tmp_path}/out/").stderr.startswith("1 file: 1 converted\n")


def test_where_to_read_what_is_wrong(run: Run, tmp_path: Path) -> None:
    source = make(tmp_path / "source", "1.xml", "2.xml")
    (source / "2.xml").write_bytes(GOOD_XML[:-9])
    told = run("convert", source, "-o", f"{tmp_path}/out/").stderr
    assert f"What is wrong with each file is in {tmp_path}/out.journal.ndjson (--report FILE.html gives a page" in told
    reports = [f"{tmp_path}/a.html", f"{tmp_path}/b.sarif"]
    told = run("convert", source, "-o", f"{tmp_path}/two/", "--report", reports[0], "--report", reports[1]).stderr
    assert told.endswith(f"What is wrong with each file is in {reports[0]} and {reports[1]}.\n")


def test_the_summary_has_contracts_statuses_and_codes_with_their_first_places(run: Run, tmp_path: Path) -> None:
    source = make(tmp_path / "source", "1.xml")
    for number in range(4):
        (source / f"bad-{number}.xml").write_bytes(GOOD_XML.replace(b">7<", b">x<"))
    (source / "note.txt").write_bytes(b"no payload")
    result = run("convert", source, "-o", f"{tmp_path}/out/", "--jobs", "1")
    lines = [line.split() for line in result.stderr.splitlines()]
    assert result.stderr.startswith("6 files: 1 converted, 4 invalid, 1 skipped\n")
    assert next(line[:4] for line in lines if line[:1] == ["ParamModel"]) == ["ParamModel", "1", "4", "1"]
    at = next(index for index, line in enumerate(lines) if line[:1] == ["type.int"] or "bad-0.xml" in str(line))
    assert [Path(line[-1]).name.partition(":")[0] for line in lines[at : at + 3]] == [
        "bad-0.xml",
        "bad-1.xml",
        "bad-2.xml",
    ]
    assert lines[at][1:3] == ["4", "4"]
    assert not any("bad-3.xml" in str(line) for line in lines[: at + 4])


# --- Ctrl-C ---------------------------------------------------------------------------------------------------------


def slow_run(
    tmp_path: Path, environment: Mapping[str, str], jobs: str, tenths: int
) -> tuple[subprocess.Popen[bytes], Path]:
    """Start a run of which one file takes so many tenths of a second; give it when that has been begun."""
    source = make(tmp_path / "source", f"slow-{tenths}.xml", *(f"z-{number}.xml" for number in range(100)))
    noted = tmp_path / "noted"
    noted.mkdir()
    command = [sys.executable, "-c", SLOW, "convert", str(source), "-o", f"{tmp_path}/out/", "--jobs", jobs]
    process = subprocess.Popen(command, env={**environment, "DEADLY": str(noted)}, stderr=subprocess.PIPE)
    until = time.monotonic() + 30
    while not list(noted.iterdir()) and time.monotonic() < until:
        time.sleep(0.01)
    return process, source


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.short(1)
def test_the_first_ctrl_c_finishes_what_is_in_hand_and_says_how_to_go_on(
    tmp_path: Path, environment: Mapping[str, str], jobs: str
) -> None:
    process, source = slow_run(tmp_path, environment, jobs, 8)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"finishing the files in hand; once more to stop at once" in said
    found = re.search(rb"([0-9]+) of 101 files are done; --resume goes on from there", said)
    assert found is not None
    out = tmp_path / "out"
    entries = [json.loads(line) for line in (tmp_path / "out.journal.ndjson").read_bytes().splitlines()]
    noted = sorted(f"{Path(entry['source']).stem}.json" for entry in entries if entry.get("status") == "converted")
    assert "slow-8.json" in noted
    assert len(noted) == int(found[1]) < 101
    assert written(out) == noted
    command = [*COMMAND, "convert", source, "-o", f"{out}/", "--resume"]
    again = subprocess.run(command, env=environment, capture_output=True, timeout=30, check=False)
    assert again.returncode == 0, again.stderr
    assert f"101 files ({len(noted)} of an earlier run)".encode() in again.stderr
    assert len(written(out)) == 101


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_second_ctrl_c_stops_at_once(tmp_path: Path, environment: Mapping[str, str], jobs: str) -> None:
    process, _ = slow_run(tmp_path, environment, jobs, 40)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while b"once more to stop at once" not in process.stderr.readline():
        pass
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert time.monotonic() - started < 3  # the file in hand takes four seconds
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert all(json.loads((tmp_path / "out" / name).read_bytes()) for name in written(tmp_path / "out"))
    assert "slow-40.json" not in written(tmp_path / "out")


@pytest.mark.skipif(library() is None, reason=about())
@pytest.mark.parametrize("more", [[], ["--limit-seconds", "60"]])
@pytest.mark.short(1)
def test_one_large_list_is_read_by_threads(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    value = [record for _, data in pairs(LIST) for record in json.loads(data) or []]
    (tmp_path / "list.json").write_bytes(json.dumps(value * (5_000_000 // len(json.dumps(value)))).encode())
    pieces: list[int] = []
    of = abreast._fed
    monkeypatch.setattr(abreast, "_fed", lambda of_run, data: (pieces.append(len(data)), of(of_run, data))[1])
    for jobs in ("1", "2"):
        out = tmp_path / f"{jobs}.xml"
        assert run("convert", tmp_path / "list.json", "-o", out, "--jobs", jobs, *more).exit_code == 0
        assert run("validate", tmp_path / "list.json", "--jobs", jobs, *more).exit_code == 0
        assert bool(pieces) == (jobs == "2" and not more)  # limits take another process
    assert (tmp_path / "1.xml").read_bytes() == (tmp_path / "2.xml").read_bytes()
