import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from convtool import Report
from tests.cli.conftest import ROOT, Run
from tests.cli.payloads import AMBIGUOUS, COMMENTED_XML, DOTNET_JSON, INVALID_JSON, JSON, XML

SCHEMA = json.loads((ROOT / "convtool" / "report.schema.json").read_bytes())

FINDING: dict[str, Any] = {"code": "member.order", "severity": "error", "message": "Late.", "path": ""}
REPORT: dict[str, Any] = Report(contract="X", format="xml").to_dict()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    contents = {
        "good.xml": XML,
        "good.json": JSON,
        "bad.json": INVALID_JSON,
        "null.json": AMBIGUOUS,
        "pdf": b"%PDF-1.7",
    }
    for name, content in {**contents, "commented.xml": COMMENTED_XML}.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_valid_payload(run: Run, files: Path) -> None:
    result = run("validate", files / "good.xml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{files / 'good.xml'}: valid (ParamModel xml)\n"


def test_an_invalid_payload_shows_every_error_with_its_place(run: Run, files: Path) -> None:
    result = run("validate", files / "bad.json")
    assert (result.exit_code, result.stderr) == (1, "")
    first, second = result.stdout.index(":1:73: error: "), result.stdout.index(":1:84: error: ")
    assert "[value.range]" in result.stdout[first:second]
    assert '2147483648,"Autre":1}\n' in result.stdout[first:second]
    assert "^^^^^^^^^^\n" in result.stdout[first:second]
    assert "[member.unknown]" in result.stdout[second:]
    assert result.stdout.endswith("bad.json: invalid (ParamModel json; 2 errors)\n")


def test_standard_input_has_a_name(run: Run) -> None:
    assert run("validate", stdin=JSON).stdout == "<stdin>: valid (ParamModel json)\n"
    assert run("validate", "-", stdin=XML).stdout == "<stdin>: valid (ParamModel xml)\n"


def test_standard_input_cannot_be_read_twice(run: Run) -> None:
    assert run("validate", "-", "-", stdin=JSON).exit_code == 2


def test_several_sources_have_a_report_each_and_one_summary(run: Run, files: Path) -> None:
    result = run("validate", files / "bad.json", files / "good.xml", files / "good.json")
    verdicts = [line.partition(": ")[2] for line in result.stdout.splitlines() if "valid (" in line]
    assert verdicts == ["invalid (ParamModel json; 2 errors)", "valid (ParamModel xml)", "valid (ParamModel json)"]
    assert (result.exit_code, result.stderr) == (1, "3 sources: 2 valid, 1 invalid\n")


def test_a_source_that_cannot_be_read_does_not_stop_the_others(run: Run, files: Path) -> None:
    result = run("validate", files / "missing.xml", files / "bad.json", files / "good.xml")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"convtool: error: {files / 'missing.xml'}: No such file or directory",
        "3 sources: 1 valid, 1 invalid, 1 unreadable",
    ]
    assert "good.xml: valid" in result.stdout


def test_the_profile_decides(run: Run) -> None:
    assert run("validate", stdin=DOTNET_JSON).exit_code == 1
    assert run("validate", "--profile", "dotnet", stdin=DOTNET_JSON).exit_code == 0


def test_the_contract_may_be_named(run: Run) -> None:
    assert run("validate", stdin=AMBIGUOUS).exit_code == 1
    assert run("validate", "--contract", "ParamModel", stdin=AMBIGUOUS).exit_code == 0
    assert run("validate", "--contract", "ArrayOfReponseV2Model", stdin=JSON).exit_code == 1


def documents(run: Run, files: Path, *options: str) -> dict[str, Any]:
    paths = sorted(path for path in files.iterdir())
    return json.loads(run("validate", "--output-format", "json", *options, *paths).stdout_bytes)


@pytest.mark.parametrize("options", [(), ("--profile", "dotnet"), ("--contract", "ParamModel")])
def test_the_json_form_is_as_its_schema_says(run: Run, files: Path, options: tuple[str, ...]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    document = documents(run, files, *options)
    Draft202012Validator(SCHEMA).validate(document)
    assert [Path(report["source"]).name for report in document["reports"]] == sorted(p.name for p in files.iterdir())
    assert sum(len(report["diagnostics"]) for report in document["reports"]) >= 3


def test_the_json_form_holds_the_findings(run: Run) -> None:
    result = run("validate", "--output-format", "json", stdin=INVALID_JSON)
    assert result.exit_code == 1
    report = json.loads(result.stdout)["reports"][0]
    assert (report["source"], report["contract"], report["format"]) == ("<stdin>", "ParamModel", "json")
    assert (report["valid"], report["counts"]) == (False, {"error": 2, "warning": 0, "notice": 0})
    assert [(d["code"], d["path"], d["column"]) for d in report["diagnostics"]] == [
        ("value.range", "/ProduitId", 73),
        ("member.unknown", "/Autre", 84),
    ]


def test_the_json_form_says_the_profile_even_where_no_contract_is_recognised(run: Run) -> None:
    result = run("validate", "--output-format", "json", "--profile", "dotnet", stdin=b"%PDF-1.7")
    assert json.loads(result.stdout)["reports"][0]["profile"] == "dotnet"


@pytest.mark.parametrize(
    "damage",
    [
        {"version": 2},
        {"reports": None},
        {"reports": [{}]},
        {"reports": [REPORT | {"diagnostics": [{"code": "member.order"}]}]},
        {"reports": [REPORT | {"diagnostics": [FINDING | {"count": 1}]}]},
        {"reports": [REPORT | {"diagnostics": [FINDING | {"line": 1}]}]},
        {"reports": [REPORT | {"profile": "lax"}]},
        {"extra": 1},
    ],
)
def test_the_schema_refuses_what_is_no_report(damage: dict[str, Any]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid({"version": 1, "reports": [], **damage})


def test_the_schema_takes_what_those_damages_were_done_to() -> None:
    document = {"version": 1, "reports": [REPORT | {"diagnostics": [FINDING, FINDING | {"count": 2}]}]}
    Draft202012Validator(SCHEMA).validate(document)


def test_the_schema_knows_every_part_of_a_report_and_no_other(run: Run, files: Path) -> None:
    document = documents(run, files)
    for report in document["reports"]:
        for part in (report, *report["diagnostics"]):
            part["unheard-of"] = 1
            assert not Draft202012Validator(SCHEMA).is_valid(document)
            del part["unheard-of"]
    assert Draft202012Validator(SCHEMA).is_valid(document)
