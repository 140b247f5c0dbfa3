"""What only a process shows: pipes, signals, terminals, and what gets imported."""

import json
import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, RunProcess
from tests.cli.payloads import INVALID_JSON, JSON, XML
from tests.cli.terminal import on_terminal

UNBUFFERED = pytest.mark.parametrize("unbuffered", ["", "1"])
COMMANDS = ("convert", "validate", "contracts", "sample", "explain")
SLOW_TO_IMPORT = {"lxml", "xmlschema", "jsonschema", "referencing", "msgspec", "rich", "pyexpat"}


def test_results_are_bytes_and_go_to_standard_output(run_process: RunProcess) -> None:
    done = run_process("convert", stdin=XML)
    assert (done.returncode, done.stdout, done.stderr) == (0, JSON, b"")


def test_version(run_process: RunProcess) -> None:
    told = rb"convtool \d+\.\d+\.\d+\S*\n(engine \d+, .*engine\.(so|dylib|dll)|no engine: .+)\n"
    assert re.fullmatch(told, run_process("--version").stdout)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(run_process: RunProcess, command: str) -> None:
    done = run_process(command, "--help")
    assert done.returncode == 0
    assert b"Examples:\n  convtool " + command.encode() in done.stdout


@pytest.mark.parametrize(
    "arguments", [["nope"], ["convert", "--nope"], ["convert", "--to", "yaml"], ["convert", "a", "b"], ["sample"]]
)
def test_a_wrong_call(run_process: RunProcess, arguments: list[str]) -> None:
    done = run_process(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert re.fullmatch(rb"convtool: error: .*\n  hint: .*\n", done.stderr)


@pytest.mark.parametrize("arguments", [["--help"], *([command, "--help"] for command in COMMANDS)])
def test_help_imports_nothing_slow(environment: dict[str, str], arguments: list[str]) -> None:
    code = (
        "import sys; from convtool.cli.app import run; run(sys.argv[1:]);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=environment)
    assert "click" in done.stderr.split()
    assert not SLOW_TO_IMPORT & set(done.stderr.split())


# --- pipes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["explain"], ["contracts", "ParamModel"], ["sample", "ParamModel"], ["--help"]])
@UNBUFFERED
@pytest.mark.short(5)
def test_a_closed_pipe_ends_quietly(environment: dict[str, str], arguments: list[str], unbuffered: str) -> None:
    environment = {**environment, "PYTHONUNBUFFERED": unbuffered}
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen([*COMMAND, *arguments], stdout=writing, stderr=subprocess.PIPE, env=environment) as process:
        os.close(writing)
        _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (141, b"")


MANY = b"[" + b",".join([b'{"ProduitId":1,"NomProduit":"x"}'] * 20_000) + b"]"  # more than a pipe holds


@UNBUFFERED
def test_a_long_result_arrives_whole(run_process: RunProcess, unbuffered: str) -> None:
    assert run_process("convert", "--to", "json", stdin=MANY, env={"PYTHONUNBUFFERED": unbuffered}).stdout == MANY


@UNBUFFERED
def test_a_reader_that_stops_early(environment: dict[str, str], tmp_path: Path, unbuffered: str) -> None:
    many = tmp_path / "many.json"
    many.write_bytes(MANY)
    environment = {**environment, "PYTHONUNBUFFERED": unbuffered}
    line = f"{' '.join(map(repr, COMMAND))} convert {many} 2>/dev/null | head -c 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=120, check=True, env=environment)
    assert (done.stdout, done.stderr) == (b"<141\n", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["explain"], ["contracts", "ParamModel"], ["sample", "ParamModel"], ["--help"]])
@UNBUFFERED
def test_a_full_disk_is_an_error(environment: dict[str, str], arguments: list[str], unbuffered: str) -> None:
    environment = {**environment, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False, env=environment
        )
    assert done.returncode == 2
    assert re.fullmatch(rb"convtool: error: .*: No space left on device\n", done.stderr)


@pytest.mark.parametrize(("redirection", "says"), [("<&-", "<stdin>: is closed"), (">&-", "standard output is closed")])
def test_a_closed_stream_is_an_error(environment: dict[str, str], tmp_path: Path, redirection: str, says: str) -> None:
    (tmp_path / "in").write_bytes(JSON)
    line = f"{' '.join(map(repr, COMMAND))} convert < {tmp_path / 'in'} {redirection}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60, check=False, env=environment)
    assert (done.returncode, done.stderr.decode()) == (2, f"convtool: error: {says}\n")


_CLOSED = ["<&-", "2>&-", "<&- 2>&-"]
_ALSO_OUTPUT = [">&-", ">&- 2>&-", "<&- >&- 2>&-"]  # where what is found would be told by validate


@pytest.mark.parametrize(
    ("command", "good", "redirection"),
    [
        *(("validate in", "valid", closed) for closed in _CLOSED),
        *(("convert in -o out/", "converted", closed) for closed in (*_CLOSED, *_ALSO_OUTPUT)),
    ],
)
@pytest.mark.short(2)
def test_workers_and_files_get_no_number_of_a_closed_stream(
    environment: dict[str, str], tmp_path: Path, command: str, good: str, redirection: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.json").write_bytes(b'{"a"')
    (tmp_path / "in" / "good.json").write_bytes(JSON)
    line = f"{' '.join(map(repr, COMMAND))} {command} --jobs 1 --limit-seconds 60 --report r.ndjson {redirection}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False, env=environment, cwd=tmp_path)
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    report = [json.loads(line) for line in (tmp_path / "r.ndjson").read_bytes().splitlines()]
    assert [(one["source"], one["status"]) for one in report] == [("in/bad.json", "invalid"), ("in/good.json", good)]


def test_standard_output_by_its_name_is_as_closed(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(JSON)
    line = f"{' '.join(map(repr, COMMAND))} convert {tmp_path / 'in'} -o /dev/stdout >&-"
    done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60, check=False, env=environment)
    assert done.returncode == 2
    assert b"/dev/stdout" in done.stderr


# --- signals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_quietly_and_leaves_no_file(
    environment: dict[str, str], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    command = [*COMMAND, "convert", "-o", str(tmp_path / "out")]
    pipe = subprocess.PIPE
    heeds = partial(signal.signal, number, signal.SIG_DFL)  # whatever the tests' own parent ignores
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, preexec_fn=heeds) as process:  # noqa: PLW1509
        assert process.stdin is not None
        process.stdin.write(b" " * (1 << 20))  # more than a pipe holds: when this is written, the command is reading
        process.stdin.flush()
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout, stderr) == (code, b"", b"")
    assert list(tmp_path.iterdir()) == []


# --- terminals ------------------------------------------------------------------------------------------------------

REPORT = ["validate", "-"]
TREE = ["contracts", "ArrayOfReponseV2Model"]


@pytest.mark.parametrize(("arguments", "stdin"), [(REPORT, INVALID_JSON), (TREE, b"")])
@pytest.mark.short(1)
def test_colours_are_for_terminals_and_the_text_is_the_same_without(
    environment: dict[str, str], run_process: RunProcess, arguments: list[str], stdin: bytes
) -> None:
    _, coloured = on_terminal(arguments, environment, stdin)
    plain = run_process(*arguments, stdin=stdin).stdout.decode()
    assert "\x1b[" in coloured
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize(("arguments", "stdin"), [(REPORT, INVALID_JSON), (TREE, b"")])
@pytest.mark.short(1)
def test_no_color_is_honoured(
    environment: dict[str, str], run_process: RunProcess, arguments: list[str], stdin: bytes, setting: dict[str, str]
) -> None:
    _, seen = on_terminal(arguments, {**environment, **setting}, stdin)
    assert seen == run_process(*arguments, stdin=stdin).stdout.decode()


def test_the_wire_form_ends_its_line_on_a_terminal_only(environment: dict[str, str], run_process: RunProcess) -> None:
    assert on_terminal(["convert"], environment, XML)[1] == JSON.decode() + "\n"
    assert run_process("convert", stdin=XML).stdout == JSON


@pytest.mark.parametrize("command", ["convert", "validate"])
def test_without_a_source_at_a_terminal_is_a_wrong_call(environment: dict[str, str], command: str) -> None:
    code, seen = on_terminal([command], environment)
    assert code == 2
    assert "Name a SOURCE, or pipe a payload into the command" in seen


@pytest.mark.parametrize("arguments", [["contracts", "ParamModel"], ["explain", "loss.comment"]])
def test_a_stream_that_cannot_hold_a_character_shows_its_escape(run_process: RunProcess, arguments: list[str]) -> None:
    done = run_process(*arguments, env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\xe9" in done.stdout or b"\\u2026" in done.stdout


# --- bugs -----------------------------------------------------------------------------------------------------------

BUG = (
    "import convtool.cli.options as o\n"
    "def broken(schemas): raise RuntimeError('two\\nlines')\n"
    "o.open_catalog = broken\n"
    "from convtool.cli import main; main()"
)


def run_bug(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BUG, "contracts"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )


def test_a_bug_is_one_line_that_says_how_to_report_it(environment: dict[str, str]) -> None:
    done = run_bug(environment)
    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr.startswith("convtool: internal error: RuntimeError: two lines")
    assert done.stderr.count("\n") == 2
    assert "  hint: This is a bug: send the trace in " in done.stderr


def test_a_bug_shows_its_traceback_on_request(environment: dict[str, str]) -> None:
    done = run_bug({**environment, "CONVTOOL_DEBUG": "1"})
    assert done.returncode == 70
    assert done.stderr.startswith("Traceback (most recent call last):")


# --- completion -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("convtool con", ["convert", "contracts", "config"]),
        ("convtool sample Par", ["ParamModel"]),
        ("convtool contracts Arr", ["ArrayOfReponseV2Model"]),
        ("convtool convert --contract A", ["ArrayOfReponseV2Model"]),
        ("convtool sample --schemas /nowhere ", []),
        ("convtool explain member.o", ["member.order"]),
        ("convtool validate --profile d", ["dotnet"]),
    ],
)
@pytest.mark.short(4)
def test_the_shell_completes(run_process: RunProcess, words: str, expected: list[str]) -> None:
    count = len(words.split(" ")) - 1
    done = run_process(env={"_CONVTOOL_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(count)})
    assert (done.returncode, done.stderr) == (0, b"")
    assert [line.partition(",")[2] for line in done.stdout.decode().split()] == expected
