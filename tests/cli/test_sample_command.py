import subprocess
import sys
from pathlib import Path

import pytest

from convtool import contract
from tests.cli.conftest import COMMAND, Run, RunProcess

PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def test_the_sample_is_indented_json(run: Run) -> None:
    result = run("sample", "ParamModel")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith('{\n  "Debut": "2026-03-22T00:33:32.0494548+01:00",\n')
    assert result.stdout.endswith("}\n")


def test_the_wire_form_is_what_conversion_gives(run: Run) -> None:
    xml = run("sample", "ArrayOfReponseV2Model", "--to", "xml", "--wire").stdout_bytes
    json = run("sample", "ArrayOfReponseV2Model", "--wire").stdout_bytes
    assert contract("ArrayOfReponseV2Model").to_json(xml) == json


def test_the_moment_can_be_chosen(run: Run) -> None:
    assert '"Fin": "2025-01-31"' not in run("sample", "ParamModel").stdout
    assert '"Fin": "2025-01-31T08:00:00Z"' in run("sample", "ParamModel", "--moment", "2025-01-31T08:00:00Z").stdout
    refused = run("sample", "ParamModel", "--moment", "yesterday")
    assert refused.exit_code == 2
    assert "the moment 'yesterday' is not a date" in refused.stderr


def test_the_name_is_needed_and_must_be_known(run: Run) -> None:
    assert run("sample").exit_code == 2
    unknown = run("sample", "Nope")
    assert unknown.exit_code == 2
    assert "there is no contract 'Nope'" in unknown.stderr


def test_a_seed_gives_the_same_bytes_in_every_process(run_process: RunProcess) -> None:
    command = ("sample", "ArrayOfReponseV2Model", "--seed", "7", "--count", "40", "--wire")
    one, other = (run_process(*command, env={"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2"))
    assert one == other
    codec = contract("ArrayOfReponseV2Model")
    assert len(codec.read(one)) == 40
    assert codec.to_json(run_process(*command, "--to", "xml").stdout) == one
    assert run_process(*command[:3], "8", *command[4:]).stdout != one


def test_as_many_records_as_are_wanted_in_the_same_memory(environment: dict[str, str], tmp_path: Path) -> None:
    peaks = []
    for count in ("1000", "9000"):  # 0.8 and 7 MB; a file of 200 MB takes --count 265000 and as much memory
        command = [*COMMAND, "sample", "ArrayOfReponseV2Model", "--seed", "1", "--count", count, "--wire"]
        with (tmp_path / count).open("wb") as file:
            done = subprocess.run(
                [sys.executable, "-c", PEAK, *command], stdout=file, stderr=subprocess.PIPE, env=environment, check=True
            )
        peaks.append(int(done.stderr.split()[-1]) / 1024)
    assert (tmp_path / "9000").stat().st_size > 8 * (tmp_path / "1000").stat().st_size > 5 << 20
    assert peaks[1] < peaks[0] + 6
    assert peaks[1] < 60  # MB, interpreter and libraries included


def test_a_count_of_another_contract_is_documents_one_a_line(run: Run) -> None:
    lines = run("sample", "ParamModel", "--count", "5", "--wire").stdout_bytes.splitlines()
    assert len(lines) == 5
    assert all(contract("ParamModel").validate(line) for line in lines)
    refused = run("sample", "ParamModel", "--count", "5", "--moment", "2026-01-01T00:00:00")
    assert refused.exit_code == 2
    assert "Dates are varied" in refused.stderr


@pytest.mark.parametrize("more", [(), ("--count", "2")])
@pytest.mark.parametrize(
    ("name", "to", "first"),
    [
        ("a.xml", (), b"<"),
        ("A.XML", (), b"<"),
        ("a.json", (), b"{"),
        ("a.ndjson", (), b"{"),
        ("a.txt", (), b"{"),
        ("a.txt", ("--to", "xml"), b"<"),
        ("a.xml", ("--to", "xml"), b"<"),
    ],
)
def test_the_format_is_what_the_file_is_called(
    name: str, to: tuple[str, ...], first: bytes, more: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    assert run("sample", "ParamModel", *to, *more, "-o", tmp_path / name).exit_code == 0
    assert (tmp_path / name).read_bytes()[:1] == first


@pytest.mark.parametrize(("name", "to"), [("a.xml", "json"), ("a.json", "xml"), ("a.ndjson", "xml"), ("a.form", "")])
def test_a_file_is_not_called_what_it_is_not(name: str, to: str, run: Run, tmp_path: Path) -> None:
    result = run("sample", "ParamModel", *(["--to", to] if to else []), "-o", tmp_path / name)
    assert result.exit_code == 2
    assert f"its suffix says {name[2:]}, and {to or 'json'} is asked for" in result.stderr
    assert not (tmp_path / name).exists()
