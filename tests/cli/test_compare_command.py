import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, RunProcess
from tests.cli.payloads import AMBIGUOUS, DOTNET_JSON, INVALID_JSON, JSON, PRETTY_JSON, XML

EMPTY_LIST = (
    b'<ArrayOfReponseV2Model xmlns="http://schemas.datacontract.org/2004/07/Facturation.Api.Models" />'  # of no record
)
OTHER = JSON.replace(b":7}", b":8}")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    contents = {"a.xml": XML, "a.json": JSON, "pretty.json": PRETTY_JSON, "other.json": OTHER, "bad.json": INVALID_JSON}
    for name, content in {**contents, "dotnet.json": DOTNET_JSON, "null": AMBIGUOUS}.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_the_same_value(run: Run, files: Path) -> None:
    result = run("compare", files / "a.xml", files / "pretty.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{files / 'a.xml'}, {files / 'pretty.json'}: the same value (ParamModel)\n"


def test_different_values_and_their_places(run: Run, files: Path) -> None:
    result = run("compare", files / "a.xml", files / "other.json")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "/ProduitId: the values differ"
    assert lines[1].startswith(f"  {files / 'a.xml'}:1:")
    assert lines[1].endswith(": 7")
    assert lines[2] == f"  {files / 'other.json'}:1:73: 8"
    assert result.stderr == f"{files / 'a.xml'}, {files / 'other.json'}: 1 difference (ParamModel)\n"


def test_standard_input_may_be_either(run: Run, files: Path) -> None:
    assert run("compare", "-", files / "a.json", stdin=XML).exit_code == 0
    assert run("compare", files / "a.json", "-", stdin=XML).exit_code == 0
    assert "<stdin>:1:73: 8" in run("compare", files / "a.json", "-", stdin=OTHER).stdout
    assert run("compare", "-", "-", stdin=XML).exit_code == 2


def test_what_is_ignored(run: Run, files: Path) -> None:
    assert run("compare", files / "a.xml", files / "other.json", "--ignore", "/ProduitId").exit_code == 0
    assert run("compare", files / "a.xml", files / "other.json", "--ignore", "/Fin", "--ignore", "/*").exit_code == 0
    result = run("compare", files / "a.xml", files / "other.json", "--ignore", "/Produit")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Did you mean `ProduitId`?" in result.stderr


def test_dates_as_instants(run: Run, files: Path) -> None:
    moved = JSON.replace(b"2026-03-23T00:00:00Z", b"2026-03-23T01:00:00+01:00")
    assert run("compare", files / "a.xml", "-", stdin=moved).exit_code == 1
    assert run("compare", files / "a.xml", "-", "--dates", "instant", stdin=moved).exit_code == 0


def test_the_profile(run: Run, files: Path) -> None:
    assert run("compare", files / "a.xml", files / "dotnet.json").exit_code == 2
    assert run("compare", files / "a.xml", files / "dotnet.json", "--profile", "dotnet").exit_code == 0


@pytest.mark.parametrize("order", [("a.xml", "bad.json"), ("bad.json", "a.xml")])
def test_an_invalid_payload_is_a_failure_and_its_report_is_shown(run: Run, files: Path, order: tuple[str, str]) -> None:
    result = run("compare", *(files / name for name in order))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "[value.range]" in result.stderr
    assert result.stderr.endswith("bad.json: invalid (ParamModel json; 2 errors)\n")


def test_lines_are_no_value(run: Run, files: Path) -> None:
    (files / "lines.ndjson").write_bytes(JSON + b"\n" + JSON)
    for pair in (("lines.ndjson", "a.json"), ("a.json", "lines.ndjson")):
        result = run("compare", *(files / name for name in pair))
        assert (result.exit_code, result.stdout) == (2, "")
        assert "lines.ndjson: is lines of JSON, a payload each" in result.stderr


def test_a_missing_file_is_a_failure(run: Run, files: Path) -> None:
    result = run("compare", files / "a.xml", files / "missing.json")
    assert result.exit_code == 2
    assert "missing.json: No such file or directory" in result.stderr


def test_the_contract_is_that_of_either_or_is_named(run: Run, files: Path) -> None:
    for order in (("null", "a.xml"), ("a.xml", "null")):
        result = run("compare", *(files / name for name in order))
        assert (result.exit_code, result.stdout.splitlines()[0]) == (1, "(root): one is null")
    assert run("compare", files / "null", files / "null").exit_code == 2
    assert run("compare", files / "null", files / "null", "--contract", "ParamModel").exit_code == 0


def test_the_json_form(run: Run, files: Path) -> None:
    result = run("compare", files / "a.xml", files / "other.json", "--output-format", "json")
    document = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")
    assert (document["version"], document["contract"], document["profile"]) == (1, "ParamModel", "strict")
    assert document["same"] is False
    [difference] = document["differences"]
    assert (difference["path"], difference["kind"]) == ("/ProduitId", "value")
    assert difference["right"] == {"text": "8", "line": 1, "column": 73, "offset": 72}
    same = json.loads(run("compare", files / "a.xml", files / "a.json", "--output-format", "json").stdout)
    assert (same["same"], same["differences"]) == (True, [])


def test_as_a_process(run_process: RunProcess, files: Path) -> None:
    assert run_process("compare", files / "a.xml", files / "a.json").returncode == 0
    assert run_process("compare", files / "a.xml", files / "other.json").returncode == 1
    assert run_process("compare", files / "a.xml", files / "bad.json").returncode == 2


def test_what_the_settings_say_of_either_path_holds_for_both(
    run: Run, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files)
    table = '[[paths]]\npattern = "{}"\n{} = "{}"\n'
    settings = Path("convtool.toml")
    settings.write_text(table.format("dotnet.json", "profile", "dotnet"))
    told = json.loads(run("compare", "a.xml", "dotnet.json", "--output-format", "json").stdout)
    assert (told["same"], told["profile"]) == (True, "dotnet")
    assert run("compare", "dotnet.json", "a.xml").exit_code == 0
    assert run("compare", "a.xml", "dotnet.json", "--profile", "strict").exit_code == 2
    settings.write_text(table.format("null", "contract", "ArrayOfReponseV2Model"))
    assert run("compare", "null", "null").exit_code == 0
    settings.write_text(table.format("a.xml", "schemas", "none"))
    assert "none: the schema folder does not exist" in run("compare", "a.json", "a.xml").stderr


def test_settings_that_say_two_things_of_two_paths(run: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files)
    tables = (("a.xml", "strict"), ("*.json", "dotnet"))
    Path("convtool.toml").write_text(
        "".join(f'[[paths]]\npattern = "{pattern}"\nprofile = "{profile}"\n' for pattern, profile in tables)
    )
    result = run("compare", "a.xml", "a.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the settings have another profile for each: strict for a.xml, dotnet for a.json" in result.stderr
    assert "--profile" in result.stderr
    assert run("compare", "a.xml", "a.json", "--profile", "strict").exit_code == 0


def test_payloads_of_two_contracts_are_said_to_be(run: Run, files: Path) -> None:
    (files / "list.xml").write_bytes(EMPTY_LIST)
    result = run("compare", files / "a.xml", files / "list.xml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{files / 'a.xml'} is of ParamModel, and {files / 'list.xml'} of ArrayOfReponseV2Model" in result.stderr
    result = run("compare", files / "a.xml", files / "list.xml", "--contract", "ParamModel")
    assert "The root is <ArrayOfReponseV2Model>, not <ParamModel>" in result.stderr


def test_a_capture_is_no_payload(run: Run, files: Path) -> None:
    (files / "a.har").write_bytes(b'{"log": {"version": "1.2", "entries": []}}')
    result = run("compare", files / "a.har", files / "a.xml")
    assert result.exit_code == 2
    assert "is a capture (HAR), not a payload: `convtool extract` takes the payloads out of it" in result.stderr
