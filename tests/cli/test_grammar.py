"""The same word for the same thing on every command; a command that leaves one out says why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from convtool.cli.app import app
from convtool.cli.gaps import GAPS, WORDS, commands, has, why
from convtool.cli.grammar import Option
from convtool.cli.options import OPTIONS
from tests.cli.payloads import INVALID_JSON, XML
from tests.test_diagnostics_document import generator

if TYPE_CHECKING:
    from tests.cli.conftest import Run, RunProcess

COMMANDS = dict(commands(app))
SHARED = {word: row for row in OPTIONS.values() for names in row.names for word in names.split("/")}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_each_word_or_says_why_not(name: str) -> None:
    assert name in GAPS, "a new command has a line in convtool/cli/gaps.py"
    for word in WORDS:
        assert has(COMMANDS[name], word) != bool(why(name, word)), word


def test_what_is_explained_is_a_command_and_a_word() -> None:
    assert GAPS.keys() == COMMANDS.keys()
    assert {word for gaps in GAPS.values() for word in gaps} <= set(WORDS)
    assert set(WORDS) <= SHARED.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_options_are_of_the_table_or_no_other_commands(name: str) -> None:
    """What two commands have is one row, so that it cannot come to mean two things."""
    for option in COMMANDS[name].params:
        if not isinstance(option, click.Option):
            continue
        assert isinstance(option, Option), option.opts
        others = [other for words, other in COMMANDS.items() if words != name and has(other, option.shown[0])]
        row = SHARED.get(option.shown[0])
        if row is not None:
            assert option.group == row.group
            assert set(row.old) <= set(option.opts)
        elif others:  # what only two have that make the same thing, such as --seed
            assert {next(one for one in other.params if option.shown[0] in one.opts).type for other in others}


def test_the_document_is_up_to_date() -> None:
    module = generator()
    assert module.OPTIONS_PATH.read_text(encoding="utf-8") == module.options_text(), "run: python docs/generate.py"
    assert "| ?" not in module.options_text()


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples_before_options_by_group_and_a_short_form(name: str, run: Run) -> None:
    whole = run(*name.split(), "--help").stdout
    assert whole == run("help", *name.split()).stdout
    headings = [line[:-1] for line in whole.splitlines() if re.fullmatch(r"\w[\w ]*:", line)]
    assert headings[0] == "Examples"
    assert headings[-1] in ("General", "Commands", "Exit codes", "For tests in other languages")
    short = run(*name.split(), "-h").stdout
    assert len(short) < len(whole)
    assert f"`convtool {name} --help` says more." in " ".join(short.split())
    shown = [option.shown[0] for option in COMMANDS[name].params if isinstance(option, Option) and not option.hidden]
    assert all(word in short for word in shown)


def test_old_words_work_and_are_not_shown(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(XML)
    (tmp_path / "b.json").write_bytes(b"there")
    assert run("convert", tmp_path / "a.xml", "-o", tmp_path / "b.json", "--force").exit_code == 0
    assert run("compare", tmp_path / "a.xml", tmp_path / "b.json", "--ignore", "/Fin").exit_code == 0
    assert "--force" not in run("convert", "--help").stdout
    assert "--ignore" not in run("compare", "--help").stdout


# --- a result in a file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ("validate", "a.xml"), ("validate", "bad.json", "--output-format", "json"), ("compare", "a.xml", "bad2.xml"),
        ("sample", "ParamModel"), ("explain", "member.order"), ("contracts",), ("contracts", "ParamModel"),
        ("contracts", "stubs", "ParamModel"), ("help", "convert"), ("sample", "--contract", "ParamModel", "--wire"),
        ("explain", "--output-format", "json"), ("contracts", "--output-format", "json"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_result_goes_into_a_file_as_it_would_go_to_standard_output(
    command: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.xml").write_bytes(XML)
    Path("bad2.xml").write_bytes(XML.replace(b">7<", b">8<"))
    Path("bad.json").write_bytes(INVALID_JSON)
    shown = run(*command)
    written = run(*command, "-o", "result")
    assert (written.exit_code, written.stdout) == (shown.exit_code, "")
    assert Path("result").read_bytes() == shown.stdout_bytes != b""
    again = run(*command, "-o", "result")
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    assert run(*command, "-o", "result", "--overwrite").exit_code == shown.exit_code
    if "a.xml" in command:
        assert run(*command, "-o", "a.xml", "--overwrite").stderr.startswith("convtool: error: a.xml: is a source")
        assert Path("a.xml").read_bytes() == XML


# --- one voice --------------------------------------------------------------------------------------------------------

MISTAKES = {
    ("convrt", "a.xml"): "Did you mean convert?",
    ("contracts", "derife"): "Did you mean derive",
    ("help", "sampel"): "Did you mean sample?",
    ("explain", "member.oder"): "Did you mean member.order",
    ("sample", "ParmModel"): "Did you mean ParamModel?",
    ("validate", "a.xlm"): "Did you mean a.xml?",
    ("compare", "a.xml", "b.xml"): "Did you mean a.xml?",
    ("extract", "a.xm", "-o", "out"): "Did you mean a.xml?",
    ("validate", "--profil", "dotnet"): "Did you mean --profile?",
    ("sample",): "`convtool contracts` lists them",
    ("convert", ""): "A variable of the shell may have no value; - is standard input or output",
    ("convert", "a.xml", "-o", ""): "A variable of the shell may have no value; - is standard input or output",
    ("convert", "a.xml", "-o", "."): "Name another folder, such as -o converted/, or the journal with --journal",
    (
        "convert",
        "a.xml",
        "a.xml",
        "-o",
        "./",
    ): "Name another folder, such as -o converted/, or the journal with --journal",
    ("convert", "a.xml", "-o", "b.json"): "--overwrite replaces it",
    ("validate", "--jobs", "0", "a.xml"): "`convtool validate --help` says how to call it",
}


@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_an_error_is_one_line_and_the_fix_a_second(
    words: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.xml", "b.json"):
        Path(name).write_bytes(XML)
    done = run(*words)
    first, second = done.stderr.splitlines()
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.match(r"convtool: error: [^A-Z]", first)
    assert second.startswith(f"  hint: {MISTAKES[words]}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xml", "b.json"]


def test_an_internal_error_has_a_code_of_its_own_and_leaves_its_trace(run_process: RunProcess, tmp_path: Path) -> None:
    (tmp_path / "convtool_fault.py").write_text(
        "import convtool.catalog\n"
        "def contracts(self): raise RuntimeError('a fault\\n of ours')\n"
        "convtool.catalog.Catalog.contracts = contracts\n"
    )
    (tmp_path / "sitecustomize.py").write_text("import convtool_fault\n")
    root = str(Path(__file__).parents[2])
    done = run_process("contracts", env={"PYTHONPATH": f"{tmp_path}:{root}", "TMPDIR": str(tmp_path)})
    first, second = done.stderr.decode().splitlines()
    assert done.returncode == 70
    assert first == "convtool: internal error: RuntimeError: a fault of ours"
    [trace] = tmp_path.glob("convtool-trace-*.txt")
    assert str(trace) in second
    assert "/issues" in second
    told = trace.read_text()
    assert told.startswith("convtool ")
    assert "RuntimeError: a fault" in told
    assert trace.stat().st_mode & 0o077 == 0


def test_quiet_says_nothing_beside_the_result_and_verbose_says_what_is_in_force(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(XML)
    (tmp_path / "b.xml").write_bytes(XML.replace(b">7<", b">8<"))
    assert run("compare", tmp_path / "a.xml", tmp_path / "b.xml").stderr
    assert not run("compare", tmp_path / "a.xml", tmp_path / "b.xml", "-q").stderr
    (tmp_path / "warned.xml").write_bytes(XML.replace(b"Z</Fin>", b"+01:00</Fin>"))
    assert "[date.offset]" in run("convert", tmp_path / "warned.xml").stderr
    assert not run("convert", tmp_path / "warned.xml", "-q").stderr
    assert "contracts are those of" in run("contracts", "-v").stderr
    told = run("validate", tmp_path / "a.xml", "-v", "--jobs", "1").stderr
    assert re.search(
        r"contracts are those of .*, in the strict profile\n.*1 file, by .*\n(.*\n)*.*took [\d.]+ s\n", told
    )
