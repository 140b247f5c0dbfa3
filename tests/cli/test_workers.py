"""One payload and many, by workers or not: what comes out, and where, is the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import COMMAND
from tests.cli.payloads import INVALID_JSON, JSON, XML
from tests.support import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.cli.conftest import RunProcess

LIST = (SAMPLES / "valid" / "ArrayOfReponseV2Model.xml").read_bytes()
BAD = LIST.replace(b"<NomProduit>", b"<NomProduit><x/>", 1)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.short(1)
def test_one_payload_goes_to_standard_output_however_many_may_work(
    run_process: RunProcess, tmp_path: Path, jobs: str
) -> None:
    (tmp_path / "a.xml").write_bytes(XML)
    done = run_process("convert", tmp_path / "a.xml", "--jobs", jobs, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, JSON, b"")
    assert run_process("convert", "--jobs", jobs, "-q", stdin=XML).stdout == JSON


def test_settings_may_name_one_job(run_process: RunProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "convtool.toml").write_text("jobs = 1\n")
    (tmp_path / "a.xml").write_bytes(XML)
    monkeypatch.chdir(tmp_path)
    assert run_process("convert", "a.xml", "-q").stdout == JSON


def in_bash(words: str, environment: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    command = ["bash", "-c", f"{sys.executable} -m convtool {words}"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=60, check=False)


@pytest.mark.skipif(not os.path.isdir("/dev/fd"), reason="pipes have no names here")  # noqa: PTH112
def test_pipes_are_read_by_this_process(environment: Mapping[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(JSON)
    for more, code, says in (("", 0, b""), ("--jobs 2", 0, b""), ("--limit-seconds 9", 2, b"Name a file")):
        done = in_bash(f"validate <(cat a.json) <(cat a.json) -q {more}", environment, tmp_path)
        assert (done.returncode, says in done.stderr) == (code, True), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="finds pipes in /proc")
@pytest.mark.parametrize("to", ["/dev/stdout", ">(cat)"])
def test_an_output_may_be_a_pipe(environment: Mapping[str, str], tmp_path: Path, to: str) -> None:
    (tmp_path / "a.xml").write_bytes(XML)
    done = in_bash(f"convert a.xml -q -o {to} | cat", environment, tmp_path)
    assert (done.stdout, done.stderr) == (JSON, b"")


def test_an_empty_list_is_not_standard_input(run_process: RunProcess, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"")
    none = tmp_path / "none/"
    for words in (("validate", "--files-from", tmp_path / "list"), ("convert", "--files-from", "-", "-o", none)):
        done = run_process(*words, stdin=b"" if "-" in words else JSON)
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr == b"convtool: nothing was judged, since the list is empty\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list"]


def test_bad_records_of_files_of_one_name_have_files_of_their_own(run_process: RunProcess, tmp_path: Path) -> None:
    for number, name in enumerate(("x", "y", "z")):
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / name / "data" / "a.xml").write_bytes(BAD.replace(b"<x/>", b"<bad%d/>" % number))
    sources = [tmp_path / name / "data" for name in "xyz"]
    for out, more in (("all.ndjson", ()), ("all.zip", ("--on-clash", "suffix"))):
        done = run_process("convert", *sources, "-o", tmp_path / out, "--on-error", "skip", "-q", *more)
        assert done.returncode == 1
        aside = [path.read_text() for path in (tmp_path / f"{out}.bad").rglob("*.bad.ndjson")]
        assert sorted(text[text.index("<bad") :][:5] for text in aside) == ["<bad0", "<bad1", "<bad2"]


@pytest.mark.parametrize("out", ["all.ndjson", "all.zip", "out/"])
@pytest.mark.long
def test_records_that_were_skipped_do_not_keep_a_run_from_ending(
    run_process: RunProcess, tmp_path: Path, out: str
) -> None:
    (tmp_path / "in").mkdir()
    for number in range(4):
        (tmp_path / "in" / f"{number}.xml").write_bytes(BAD)
    command = ("convert", tmp_path / "in", "-o", f"{tmp_path}/{out}", "--on-error", "skip", "--jobs", "1")
    assert run_process(*command).returncode == 1
    done = run_process(*command, "--resume")
    assert b"4 files (4 of an earlier run)" in done.stderr
    (tmp_path / "in" / "4.xml").write_bytes(BAD)
    assert run_process(*command, "--resume").returncode == 1
    again = run_process(*command, "--resume")
    assert b"5 files (5 of an earlier run)" in again.stderr
    assert b"cannot" not in again.stderr


def test_bad_records_of_a_run_are_no_source_of_the_next(
    run_process: RunProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xml").write_bytes(BAD)
    monkeypatch.chdir(tmp_path)
    for more in ((), ("--resume",)):
        done = run_process("convert", ".", "-o", "out/", "--on-error", "skip", *more)
        assert b"1 file" in done.stderr
        assert b"2 files" not in done.stderr


def test_names_that_are_too_long_cost_their_files_alone(run_process: RunProcess, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b" * 251, "B" * 251):
        (tmp_path / "in" / f"{name}.xml").write_bytes(BAD)
    for out, more in (("out/", ()), ("out.ndjson", ()), ("suffix/", ("--on-clash", "suffix"))):
        done = run_process("convert", tmp_path / "in", "-o", f"{tmp_path}/{out}", "--on-error", "skip", *more)
        assert b"3 files: 1 invalid, 2 refused\n" in done.stderr


def test_a_report_of_a_run_is_written_again_when_it_is_taken_up(run_process: RunProcess, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xml").write_bytes(XML)
    report = tmp_path / "report.json"
    command = ("convert", tmp_path / "in", "-o", f"{tmp_path}/out/", "--report", report, "-q")
    assert run_process(*command).returncode == 0
    (tmp_path / "in" / "b.json").write_bytes(INVALID_JSON)
    assert run_process(*command, "--resume").returncode == 1
    assert b"b.json" in report.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_ctrl_c_that_was_not_to_be_heard_is_not_heard(environment: Mapping[str, str], tmp_path: Path) -> None:
    """As in the background of a script, which a shell shields so."""
    (tmp_path / "in").mkdir()
    for number in range(300):
        (tmp_path / "in" / f"{number}.xml").write_bytes(XML)
    words = [*COMMAND, "convert", str(tmp_path / "in"), "-o", f"{tmp_path}/out/", "--jobs", "1", "-q"]
    shielded = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *words]
    going = subprocess.Popen(shielded, env=environment)
    while not (tmp_path / "out").exists():
        assert going.poll() is None
    going.send_signal(signal.SIGINT)
    assert going.wait(60) == 0
    assert len(list((tmp_path / "out").iterdir())) == 300


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_run_that_is_stopped_in_its_first_task_can_be_taken_up(
    environment: Mapping[str, str], run_process: RunProcess, tmp_path: Path
) -> None:
    """Of its outputs some have their names, and no outcome is noted."""
    sources = [tmp_path / f"{number:03}.xml" for number in range(302)]
    for number, path in enumerate(sources):
        if number == 300:
            os.mkfifo(path)  # at whose other end is nobody, so that it is not read on
        else:
            path.write_bytes(XML)
    command = ["convert", *map(str, sources), "-o", f"{tmp_path}/out/", "--jobs", "1", "-q"]
    going = subprocess.Popen([*COMMAND, *command], env=environment, stderr=subprocess.DEVNULL)
    out = tmp_path / "out"
    while not (out.exists() and len([one for one in out.iterdir() if one.suffix == ".json"]) > 200):
        assert going.poll() is None
        time.sleep(0.01)
    for _ in range(2):
        going.send_signal(signal.SIGINT)
        time.sleep(0.3)
    assert going.wait(30) == 130
    sources[300].unlink()
    sources[300].write_bytes(XML)
    done = run_process(*command, "--resume")
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(list(out.iterdir())) == 302


@pytest.mark.parametrize("form", ["ndjson", "github", "json"])
@pytest.mark.short(1)
def test_a_report_on_standard_output_has_every_file_of_a_folder(
    run_process: RunProcess, tmp_path: Path, form: str
) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.json").write_bytes(JSON.replace(b":7}", b':"7"}'))
    words = ("--profile", "dotnet", "--output-format", form, "-q")
    one = run_process("validate", tmp_path / "in" / "a.json", tmp_path / "in" / "b.json", *words)
    done = run_process("validate", tmp_path / "in", *words)
    assert done.returncode == one.returncode == 0
    assert done.stdout.count(b"value.coerced") == one.stdout.count(b"value.coerced") >= 2


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--envelope", "X"], b"there is no SOAP operation 'X'"),
        (["--schemas", "none"], b"none: there is no contract in it (no NAME.schema.json)"),
    ],
)
def test_what_no_file_can_be_done_with_is_told_before_the_run(
    run_process: RunProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], says: bytes
) -> None:
    for name in ("in", "none"):
        (tmp_path / name).mkdir()
    (tmp_path / "in" / "a.xml").write_bytes(XML)
    monkeypatch.chdir(tmp_path)
    done = run_process("convert", "in", "-o", "out/", *more)
    assert done.returncode == 2
    assert says in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "none"]
