"""What a run that is taken up believes of an earlier one, and what one run leaves alone of another's."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from convtool.cli import app
from convtool.model.folder import bundled_path
from tests.batch.tree import GOOD_XML

SKIPS = b'[{"ProduitId":1},{"ProduitId":"x"}]'
HAR = Path(__file__).parents[2] / "samples" / "captures" / "chromium.har"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Give a folder of three files that have not changed for years."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.xml").write_bytes(GOOD_XML.replace(b">7<", b">%d<" % number))
        os.utime(folder / f"{number}.xml", (1e9, 1e9))
    return folder


@pytest.mark.parametrize("out", ["all.ndjson", "all.zip"])
def test_one_file_of_all_has_nothing_of_a_source_that_is_gone(source: Path, tmp_path: Path, out: str) -> None:
    command = ["convert", str(source), "-o", str(tmp_path / out), "--to", "json", "-q"]
    assert app.run(command) == 0
    before = (tmp_path / out).read_bytes()
    assert app.run([*command, "--resume"]) == 0
    assert (tmp_path / out).read_bytes() == before
    (source / "1.xml").unlink()
    assert app.run([*command, "--resume"]) == 0
    if out.endswith("zip"):
        with zipfile.ZipFile(tmp_path / out) as archive:
            assert archive.namelist() == ["0.json", "2.json"]
    else:
        assert len((tmp_path / out).read_bytes().splitlines()) == 2


@pytest.mark.parametrize("out", ["out/", "all.ndjson", "out.zip"])
@pytest.mark.short(1)
def test_bad_records_of_what_has_been_repaired_go(tmp_path: Path, out: str) -> None:
    source = tmp_path / "in" / "a.json"
    source.parent.mkdir()
    source.write_bytes(SKIPS)
    command = ["convert", str(source.parent), "-o", f"{tmp_path}/{out}", "--to", "json", "--on-error", "skip", "-q"]
    journal = ["--journal", f"{tmp_path}/j"]
    assert app.run([*command, *journal]) == 1
    bad = [path for path in tmp_path.rglob("*") if path.name.endswith(".bad.ndjson")]
    assert len(bad) == 1
    source.write_bytes(SKIPS.replace(b'"x"', b"22"))
    assert app.run([*command, *journal, "--resume"]) == 0
    assert not bad[0].exists()


def test_bad_records_of_nobody_known_stay(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_bytes(SKIPS)
    (tmp_path / "out.bad").mkdir()
    (tmp_path / "out.bad" / "in.xml.bad.ndjson").write_bytes(b"precious")
    command = ["convert", str(source), "-o", f"{tmp_path}/out/", "--on-error", "skip", "-q"]
    for more in ([], ["--resume"]):
        assert app.run([*command, *more]) == 2
    assert (tmp_path / "out.bad" / "in.xml.bad.ndjson").read_bytes() == b"precious"


def test_other_operations_are_other_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schemas = tmp_path / "schemas"
    shutil.copytree(bundled_path(), schemas)
    (tmp_path / "in").mkdir()
    shutil.copy(HAR, tmp_path / "in")
    command = ["validate", str(tmp_path / "in"), "--schemas", str(schemas), "--journal", str(tmp_path / "j")]
    assert app.run(command) == 1
    (schemas / "operations.toml").write_text("")
    capsys.readouterr()
    assert app.run([*command, "--resume"]) == 2
    assert "is of a run with other settings (schemas: " in capsys.readouterr().err


def test_what_a_limit_refused_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xml.gz").write_bytes(gzip.compress(GOOD_XML))
    command = ["convert", str(tmp_path / "in"), "-o", f"{tmp_path}/out/", "-q"]
    assert app.run([*command, "--max-member-size", "100"]) == 1
    assert not list((tmp_path / "out").iterdir())
    assert app.run([*command, "--resume"]) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.json"]


@pytest.mark.parametrize("out", ["out/", "all.ndjson", "all.zip"])
@pytest.mark.short(1)
def test_bad_records_that_are_gone_are_written_again(tmp_path: Path, out: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(SKIPS)
    (tmp_path / "in" / "b.json").write_bytes(SKIPS)
    command = ["convert", str(tmp_path / "in"), "-o", f"{tmp_path}/{out}", "--on-error", "skip", "-q"]
    assert app.run(command) == 1
    bad = tmp_path / f"{out.rstrip('/')}.bad"
    before = {path.name: path.read_bytes() for path in bad.iterdir()}
    assert len(before) == 2
    min(bad.iterdir()).unlink()
    assert app.run([*command, "--resume"]) == 1
    assert {path.name: path.read_bytes() for path in bad.iterdir()} == before
    assert app.run([*command, "--resume", "--bad-records", str(tmp_path / "other")]) == 1
    assert {path.name: path.read_bytes() for path in (tmp_path / "other").iterdir()} == before


def test_a_journal_is_no_place_for_a_report(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = tmp_path / "j.ndjson"
    command = ["validate", str(source), "--journal", str(journal)]
    assert app.run(command) == 0
    before = journal.read_bytes()
    assert app.run([*command, "--resume", "--report", str(journal)]) == 2
    assert "is named for a report and for the journal" in capsys.readouterr().err
    assert journal.read_bytes() == before


@pytest.mark.parametrize("out", ["a.json", "a.json.gz"])
def test_a_run_of_one_file_is_taken_up(tmp_path: Path, out: str) -> None:
    source = tmp_path / "a.xml"
    source.write_bytes(GOOD_XML)
    command = ["convert", str(source), "-o", str(tmp_path / out), "--journal", str(tmp_path / "j"), "-q"]
    assert app.run(command) == 0
    before = (tmp_path / out).read_bytes()
    source.write_bytes(GOOD_XML.replace(b">7<", b">8<"))
    assert app.run([*command, "--resume"]) == 0
    assert (tmp_path / out).read_bytes() != before


@pytest.mark.parametrize("named", [(), ("-",), ("/dev/stdin",)])
def test_what_a_shell_opens_as_standard_input_is_a_source(tmp_path: Path, named: tuple[str, ...]) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(GOOD_XML)
    command = [sys.executable, "-m", "convtool", "convert", *named, "--to", "xml", "--pretty", "-o", str(path)]
    with path.open("rb") as file:
        done = subprocess.run([*command, "--overwrite"], stdin=file, capture_output=True, check=False)
    assert (done.returncode, path.read_bytes()) == (2, GOOD_XML)
    assert b"is a source itself" in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name stands for a file that takes long")
@pytest.mark.parametrize(("sources", "out"), [(["a.xml", "p"], "out/"), (["p"], "out/only.json")])
def test_outputs_of_a_run_that_has_been_killed_do_not_appear(tmp_path: Path, sources: list[str], out: str) -> None:
    pipe = tmp_path / "p"
    os.mkfifo(pipe)
    (tmp_path / "a.xml").write_bytes(GOOD_XML)
    (tmp_path / "out").mkdir()
    named = [str(tmp_path / name) for name in sources]
    command = [sys.executable, "-m", "convtool", "convert", *named, "-o", f"{tmp_path}/{out}", "--jobs", "1"]
    going = subprocess.Popen([*command, "--limit-seconds", "60", "-q"], start_new_session=True)
    with pipe.open("wb") as file:  # a worker is reading
        going.send_signal(signal.SIGKILL)
        going.wait()
        file.write(GOOD_XML)
    until = time.monotonic() + 20
    while _is_going(going.pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _is_going(going.pid)
    assert not list((tmp_path / "out").glob("*.json"))


def _is_going(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name stands for a file that takes long")
def test_a_run_leaves_the_parts_of_another_one_alone(source: Path, tmp_path: Path) -> None:
    pipe, out = tmp_path / "p", tmp_path / "out"
    os.mkfifo(pipe)
    out.mkdir()
    command = [sys.executable, "-m", "convtool", "convert", str(source), str(pipe), "-o", str(out / "all.ndjson"), "-q"]
    going = subprocess.Popen(command)
    with pipe.open("wb") as file:
        assert app.run(["convert", str(source), "-o", f"{out}/", "-q"]) == 0
        file.write(GOOD_XML)
    assert going.wait(20) == 0
    assert len((out / "all.ndjson").read_bytes().splitlines()) == 4


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name stands for a file that takes long")
@pytest.mark.parametrize(("first", "second"), [("out", "out/x/y"), ("out/x", "out")])
def test_a_run_leaves_alone_what_another_one_writes_above_or_below(tmp_path: Path, first: str, second: str) -> None:
    pipe, source = tmp_path / "p", tmp_path / "x" / "y" / "a.xml"
    os.mkfifo(pipe)
    source.parent.mkdir(parents=True)
    source.write_bytes(GOOD_XML)
    (tmp_path / "out").mkdir()
    command = [sys.executable, "-m", "convtool", "convert", str(tmp_path / "x"), str(pipe), "--jobs", "1", "-q"]
    going = subprocess.Popen([*command, "-o", f"{tmp_path}/{first}/"])
    with pipe.open("wb") as file:  # what was before it has been written, and has no name yet
        assert list((tmp_path / first).rglob(".convtool-batch-*"))
        assert app.run(["convert", str(source), "-o", f"{tmp_path}/{second}/", "--overwrite", "-q"]) == 0
        file.write(GOOD_XML)
    assert going.wait(20) == 0
    assert len(list((tmp_path / first).rglob("*.json"))) >= 2


def test_what_is_wrong_is_said_again_of_what_an_earlier_run_has_done(tmp_path: Path) -> None:
    (source := tmp_path / "in").mkdir()
    (source / "a.xml").write_bytes(GOOD_XML)
    (source / "b.xml").write_bytes(GOOD_XML[:-9])
    command = [sys.executable, "-m", "convtool", "validate", source, "--journal", tmp_path / "journal", "-q"]
    first = subprocess.run(command, capture_output=True, check=False)
    again = subprocess.run([*command, "--resume"], capture_output=True, check=False)
    assert first.stdout.decode().startswith(f"{source}/b.xml:1:")
    assert (again.returncode, again.stdout) == (first.returncode, first.stdout)
