"""Slips that would destroy something: nothing is lost, and one sentence says what is not written, and why."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from convtool.cli.app import app
from tests.cli.payloads import JSON, XML
from tests.support import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import RunProcess

NOTES = b"my notes\nline 2\n"
REPORT = ("validate", "in", "-q", "--report", "report.json")


def convert(*words: str) -> tuple[str, ...]:
    return ("convert", *words, "-q")


@dataclass(frozen=True)
class Slip:
    """A command that would destroy something, what is done before it, and what is said."""

    command: tuple[str, ...]
    says: str
    before: tuple[tuple[str, ...] | Callable[[Path], None], ...] = ()
    code: int = 2


def link(name: str, to: str) -> Callable[[Path], None]:
    return lambda at: (at / name).symlink_to(to)


def hard(name: str, to: str) -> Callable[[Path], None]:
    return lambda at: os.link(at / to, at / name)


def copied(name: str, to: str) -> Callable[[Path], None]:
    return lambda at: (at / name).write_bytes((at / to).read_bytes())


def folder(name: str) -> Callable[[Path], None]:
    return lambda at: (at / name).mkdir()


def listing(*names: str) -> Callable[[Path], None]:
    return lambda at: (at / "list.txt").write_text("".join(f"{name}\n" for name in names))


SOURCE, THERE = "is a source itself", "is there already"
FOLDER, LINES = convert("in", "-o", "out/"), convert("in", "-o", "out.ndjson")
SLIPS = {
    # --- an output is an input ---
    "a file onto itself": Slip(convert("a.xml", "-o", "a.xml"), SOURCE),
    "a file onto itself, on request": Slip(convert("a.xml", "-o", "a.xml", "--overwrite"), SOURCE),
    "a file onto itself by another way": Slip(convert("a.xml", "-o", "in/../a.xml", "--overwrite"), SOURCE),
    "a file onto a link to it": Slip(
        convert("a.xml", "-o", "l.json", "--overwrite"), SOURCE, (link("l.json", "a.xml"),)
    ),
    "a link onto what it leads to": Slip(
        convert("l.xml", "-o", "a.xml", "--overwrite"), SOURCE, (link("l.xml", "a.xml"),)
    ),
    "a file onto a hard link to it": Slip(
        convert("a.xml", "-o", "h.json", "--overwrite"), SOURCE, (hard("h.json", "a.xml"),)
    ),
    "lines onto one of their sources": Slip(
        convert("a.xml", "b.json", "l.ndjson", "-o", "l.ndjson", "--overwrite"), SOURCE,
        (copied("l.ndjson", "b.json"),),
    ),
    "a zip onto itself": Slip(
        convert("in.zip", "-o", "in.zip", "--overwrite"), SOURCE, (convert("in", "-o", "in.zip"),)
    ),
    "a folder onto itself": Slip(convert("in", "-o", "in", "--overwrite"), "is the source itself"),
    "a folder onto itself through a link": Slip(
        convert("in", "-o", "l/", "--overwrite"), "is the source itself", (link("l", "in"),)
    ),
    "the outputs of files among them": Slip(
        convert("a.xml", "c.xml", "-o", ".", "--to", "xml", "--overwrite", "--journal", "j.ndjson"), SOURCE,
        (copied("c.xml", "a.xml"),),
    ),
    "lines over a payload of the folder": Slip(
        convert("in", "-o", "in/deep.ndjson", "--overwrite"), SOURCE, (copied("in/deep.ndjson", "b.json"),)
    ),
    "a file onto itself in a run that is taken up": Slip(
        convert("b.json", "-o", "b.json", "--overwrite", "--resume", "--journal", "j.ndjson"), SOURCE
    ),
    "lines onto one of their sources in a run that is taken up": Slip(
        convert("b.json", "l.ndjson", "-o", "l.ndjson", "--overwrite", "--resume"), SOURCE,
        (copied("l.ndjson", "b.json"),),
    ),
    "lines over a payload of the folder in a run that is taken up": Slip(
        convert("in", "-o", "in/deep.ndjson", "--overwrite", "--resume"), SOURCE,
        (copied("in/deep.ndjson", "b.json"),),
    ),
    "lines onto what a pattern matches": Slip(
        convert("*.json*", "-o", "l.jsonl", "--overwrite"), SOURCE, (copied("l.jsonl", "b.json"),)
    ),
    "a result onto what a pattern matches": Slip(("validate", "*.json", "-o", "b.json", "--overwrite"), SOURCE),
    "a result onto what a list names": Slip(
        ("validate", "--files-from", "list.txt", "-o", "b.json", "--overwrite"), SOURCE, (listing("b.json"),)
    ),
    # --- something is there already ---
    "a file over another": Slip(convert("a.xml", "-o", "b.json"), "is there already; --overwrite replaces it"),
    "lines over another file": Slip(
        convert("in", "-o", "old.ndjson"), THERE, (copied("old.ndjson", "b.json"),)
    ),
    "a zip over another file": Slip(convert("in", "-o", "old.zip"), THERE, (copied("old.zip", "b.json"),)),
    "outputs over other files": Slip(FOLDER, "are there already", (folder("out"), copied("out/a.json", "b.json"))),
    "a run over an earlier run": Slip(LINES, "--resume takes it up, --overwrite begins anew", (LINES,)),
    "outputs into a file": Slip(convert("in", "-o", "a.xml/"), "a.xml"),
    "a file into a folder that has its name": Slip(convert("a.xml", "-o", "in/", "--to", "xml"), "there already"),
    "bad records over another file": Slip(
        convert("list.xml", "-o", "x.xml", "--on-error", "skip", "--bad-records", "b.json"), THERE
    ),
    "bad records onto the source": Slip(
        convert("a.xml", "-o", "x.json", "--on-error", "skip", "--bad-records", "a.xml", "--overwrite"), SOURCE
    ),
    "bad records among the sources": Slip(
        convert("in", "-o", "out/", "--on-error", "skip", "--bad-records", "in"), "is the source itself"
    ),
    "bad records into a folder that has something": Slip(
        convert("in", "-o", "out/", "--on-error", "skip", "--bad-records", "other"), "holds something",
        (folder("other"), copied("other/a.json", "b.json")),
    ),
    # --- reports ---
    "a report over a payload": Slip(("validate", "in", "-q", "--report", "in/b.json"), SOURCE),
    "a report over a payload, on request": Slip(
        ("validate", "in", "-q", "--report", "in/b.json", "--overwrite"), SOURCE
    ),
    "a report over a payload through a hard link": Slip(
        ("validate", "in", "-q", "--report", "r.json", "--overwrite"), SOURCE, (hard("r.json", "in/b.json"),)
    ),
    "a report over another file": Slip(
        ("validate", "in", "-q", "--report", "b.json"), "is there already; --overwrite replaces it"
    ),
    "a report over an earlier one": Slip(REPORT, THERE, (REPORT,)),
    "two reports to one file": Slip(
        ("validate", "in", "-q", "--report", "r.json", "--report", "./r.json"), "give each a file of its own"
    ),
    "a report onto the output": Slip(
        convert("in", "-o", "all.ndjson", "--report", "all.ndjson"), "give each a file of its own"
    ),
    "a report into a folder that there is not": Slip(
        ("validate", "in", "-q", "--report", "none/r.json"), "none does not exist"
    ),
    "a report among the outputs": Slip(
        convert("in", "-o", "out/", "--report", "out/a.json", "--overwrite"), "a.json",
        (folder("out"),),
    ),
    "a report over what a pattern matches": Slip(
        ("validate", "*.json", "-q", "--report", "b.json", "--overwrite"), SOURCE
    ),
    "a report over a payload in a run that is taken up": Slip(
        (*REPORT[:-1], "b.json", "--journal", "j.ndjson", "--resume"), THERE
    ),
    # --- what only this process has ---
    "standard output from a worker": Slip(convert("a.xml", "--limit-seconds", "60"), "name a file"),
    "standard input for a worker": Slip(("validate", "-", "--limit-seconds", "60"), "name a file"),
    "standard input into a folder": Slip(convert("-o", "out/"), "name a file with -o"),
    "standard input into a zip": Slip(convert("-", "-o", "x.zip"), "name a file with -o"),
    "a place for bad records that are not put aside": Slip(
        convert("list.xml", "-o", "x.xml", "--bad-records", "bad.ndjson"), "--on-error skip"
    ),
    # --- journals ---
    "notes as the journal": Slip(("validate", "in", "-q", "--journal", "notes.txt"), "is no journal of convtool"),
    "notes as the journal of a run that is taken up": Slip(
        ("validate", "in", "-q", "--journal", "notes.txt", "--resume"), "is no journal of convtool"
    ),
    "notes as the journal, on request": Slip(
        ("validate", "in", "-q", "--journal", "notes.txt", "--overwrite"), "is no journal of convtool"
    ),
    "a payload as the journal": Slip(
        ("validate", "in", "-q", "--journal", "in/b.json", "--resume"), "is no journal of convtool"
    ),
    "the output as the journal": Slip(convert("in", "-o", "x.ndjson", "--journal", "x.ndjson"), "a file of its own"),
    "a report as the journal": Slip(
        ("validate", "in", "-q", "--report", "r.ndjson", "--journal", "r.ndjson"), "a file of its own"
    ),
    "another report as the journal": Slip(
        ("validate", "in", "-q", "--journal", "report.json", "--overwrite"), "is no journal of convtool", (REPORT,)
    ),
    "a run that begins anew and is refused": Slip(
        convert("a.xml", "c.xml", "-o", ".", "--to", "xml", "--overwrite", "--journal", "j.ndjson"), SOURCE,
        (copied("c.xml", "a.xml"), convert("in", "-o", "out/", "--journal", "j.ndjson")),
    ),
    # --- runs that are taken up ---
    "other sources": Slip(convert("a.xml", "b.json", "-o", "out.ndjson", "--resume"), "other sources (in)", (LINES,)),
    "other settings": Slip((*LINES, "--resume", "--with-source"), "with other settings (with_source", (LINES,)),
    "another profile": Slip((*FOLDER, "--resume", "--profile", "dotnet"), "with other settings (profile", (FOLDER,)),
    "another output with the journal of a run": Slip(
        convert("in", "-o", "old.ndjson", "--resume", "--journal", "out.ndjson.journal.ndjson"), "",
        (LINES, copied("old.ndjson", "b.json")),
    ),
    "one file's output and no journal": Slip(
        convert("a.xml", "-o", "b.json", "--resume", "--journal", "new.ndjson"), THERE
    ),
    # --- other commands ---
    "extracting over files": Slip(
        ("extract", "e.har", "-o", "other"), "holds something", (folder("other"), copied("other/index.json", "b.json"))
    ),
    "extracting into a file": Slip(("extract", "e.har", "-o", "a.xml"), "a.xml"),
    "extracting onto the capture": Slip(
        ("extract", "c/index.json", "-o", "c", "--overwrite"), SOURCE,
        (folder("c"), copied("c/index.json", "e.har")),
    ),
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    listed = (SAMPLES / "valid" / "ArrayOfReponseV2Model.xml").read_bytes()
    (tmp_path / "in").mkdir()
    contents = {
        "a.xml": XML, "b.json": JSON, "notes.txt": NOTES, "in/a.xml": XML, "in/b.json": JSON,
        "list.xml": listed.replace(b"<NomProduit>", b"<NomProduit><x/>", 1),
        "e.har": (SAMPLES / "captures" / "chromium.har").read_bytes(),
    }  # fmt: skip
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def content(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words), prog_name="convtool")
    return done.exit_code, done.stderr


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_destroys_nothing_and_is_told_in_a_sentence(name: str, place: Path) -> None:
    slip = SLIPS[name]
    for step in slip.before:
        if callable(step):
            step(place)
        else:
            assert run(*step)[0] == 0
    before = content(place)
    code, said = run(*slip.command)
    assert content(place) == before
    what, *fix = said.splitlines()
    assert (code, "Traceback" in said) == (slip.code, False), said
    assert what.startswith("convtool: error: ")
    assert len(fix) <= 1
    assert all(line.startswith("  hint: ") for line in fix)
    assert slip.says.lower() in "; ".join([what, *(line.removeprefix("  hint: ") for line in fix)]).lower()


def test_of_two_runs_on_one_output_the_second_is_told(place: Path) -> None:
    assert run(*LINES)[0] == 0
    with (place / "out.ndjson.journal.ndjson").open("rb+") as journal:
        fcntl.flock(journal, fcntl.LOCK_EX)
        before = content(place)
        code, said = run(*LINES, "--resume")
        assert (code, "another run is at work on the same output" in said) == (2, True)
        assert content(place) == before


@pytest.mark.parametrize(("command", "held"), [(FOLDER, "out"), (LINES, ".convtool-out.ndjson")])
def test_so_it_is_where_they_have_journals_of_their_own(place: Path, command: tuple[str, ...], held: str) -> None:
    (place / held).mkdir()
    (place / held / ".convtool-batch-at-work.tmp").write_bytes(b"half of an output")
    handle = os.open(place / held, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        before = content(place)
        code, said = run(*command, "--journal", "other.ndjson", "--overwrite")
        assert (code, len(said.splitlines())) == (2, 1)
        assert "another run is at work on the same output" in said
        assert content(place) == before
    finally:
        os.close(handle)
    assert run(*command, "--journal", "other.ndjson", "--overwrite")[0] == 0
    assert not list(place.rglob("*at-work*"))


def test_an_output_of_nothing_but_noughts_is_written_again(place: Path) -> None:
    assert run(*FOLDER)[0] == 0
    good = content(place)
    for name in ("a.json", "b.xml"):
        path = place / "out" / name
        path.write_bytes(bytes(path.stat().st_size))
    assert run(*FOLDER, "--resume")[0] == 0
    assert {name: data for name, data in content(place).items() if name.startswith("out/")} == {
        name: data for name, data in good.items() if name.startswith("out/")
    }


@pytest.mark.parametrize(
    "command",
    [("compare", "nil.json", "nil.json"), ("validate", "there-is-none.json"), ("compare", "there-is-none", "a.json")],
)
@pytest.mark.parametrize("before", [b"old", None])
@pytest.mark.short(3)
def test_a_command_that_has_nothing_to_tell_leaves_what_is_there(
    run_process: RunProcess, tmp_path: Path, command: tuple[str, ...], before: bytes | None
) -> None:
    (tmp_path / "nil.json").write_bytes(b'{"half')
    result = tmp_path / "result.txt"
    if before is not None:
        result.write_bytes(before)
    words = [tmp_path / word if "." in word or "none" in word else word for word in command]
    done = run_process(*words, "-o", result, "--overwrite")
    assert done.returncode == 2
    assert (result.read_bytes() if result.exists() else None) == before


@pytest.mark.parametrize("name", ["a.json.gz", "a.ndjson.zst", "a.bz2", "a.zip", "a.tar", "a.7z"])
@pytest.mark.parametrize(
    "command", [("validate", "in/a.xml"), ("compare", "in/a.xml", "in/a.xml"), ("sample", "ParamModel"), ("contracts",)]
)
def test_what_is_not_compressed_is_not_called_so(name: str, command: tuple[str, ...], place: Path) -> None:
    done = CliRunner().invoke(app, [*command, "-o", name], prog_name="convtool")
    assert done.exit_code == 2
    assert name in done.stderr
    assert not (place / name).exists()
