import json
from pathlib import Path
from typing import Any

import pytest

from convtool import Report
from tests.cli.conftest import Run
from tests.cli.payloads import AMBIGUOUS, COMMENTED_XML, DOTNET_JSON, INVALID_JSON, JSON, XML
from tests.support import outcomes, schema_of

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
    assert (result.exit_code, result.stderr) == (1, "3 files: 2 valid, 1 invalid\n")


def test_a_source_that_cannot_be_read_does_not_stop_the_others(run: Run, files: Path) -> None:
    result = run("validate", files / "missing.xml", files / "bad.json", files / "good.xml")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"convtool: error: {files / 'missing.xml'}: No such file or directory",
        "3 files: 1 valid, 1 invalid, 1 failed",
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


@pytest.mark.parametrize("options", [(), ("--profile", "dotnet"), ("--profile", "both"), ("--contract", "ParamModel")])
def test_the_json_form_is_as_its_schema_says(run: Run, files: Path, options: tuple[str, ...]) -> None:
    document = documents(run, files, *options)
    schema_of("run").validate(document)
    assert [Path(one["source"]).name for one in document["outcomes"]] == sorted(p.name for p in files.iterdir())
    assert [one["number"] for one in document["outcomes"]] == list(range(len(document["outcomes"])))
    judged = [each for one in document["outcomes"] for each in one.get("judged", (one,))]
    assert sum(len(one.get("diagnostics", ())) for one in judged) >= 3


def test_one_payload_and_many_have_the_same_form(run: Run, files: Path) -> None:
    for path in files.iterdir():
        alone = json.loads(run("validate", "--output-format", "json", path).stdout_bytes)
        schema_of("run").validate(alone)
        [one] = alone["outcomes"]
        [same] = [of for of in documents(run, files)["outcomes"] if of["source"] == str(path)]
        assert {**one, "number": 0} == {**same, "number": 0}


def test_the_json_form_holds_the_findings(run: Run) -> None:
    result = run("validate", "--output-format", "json", stdin=INVALID_JSON)
    assert result.exit_code == 1
    [one] = outcomes(result.stdout)
    assert (one["source"], one["contract"], one["format"]) == ("<stdin>", "ParamModel", "json")
    assert (one["status"], one["profile"]) == ("invalid", "strict")
    assert [(d["severity"], d["code"], d["path"], d["column"]) for d in one["diagnostics"]] == [
        ("error", "value.range", "/ProduitId", 73),
        ("error", "member.unknown", "/Autre", 84),
    ]
    summary = json.loads(result.stdout)["summary"]
    assert (summary["files"], summary["statuses"]["invalid"], summary["bytes_in"]) == (1, 1, len(INVALID_JSON))


def test_the_json_form_says_the_profile_even_where_no_contract_is_recognised(run: Run) -> None:
    result = run("validate", "--output-format", "json", "--profile", "dotnet", stdin=b"%PDF-1.7")
    [one] = outcomes(result.stdout)
    assert (one["status"], one["profile"]) == ("invalid", "dotnet")


@pytest.mark.parametrize(
    "damage",
    [
        {"version": 2},
        {"diagnostics": None},
        {"diagnostics": [{"code": "member.order"}]},
        {"diagnostics": [FINDING | {"count": 1}]},
        {"diagnostics": [FINDING | {"line": 1}]},
        {"profile": "lax"},
        {"extra": 1},
    ],
)
def test_the_schema_refuses_what_is_no_report(damage: dict[str, Any]) -> None:
    assert not schema_of("report").is_valid({**REPORT, **damage})


def test_the_schema_takes_what_those_damages_were_done_to() -> None:
    schema_of("report").validate(REPORT | {"diagnostics": [FINDING, FINDING | {"count": 2}]})


def test_the_schemas_know_every_part_of_a_document_and_no_other(run: Run, files: Path) -> None:
    document = documents(run, files)
    diagnostics = [found for one in document["outcomes"] for found in one.get("diagnostics", ())]
    for part in (document, document["summary"], *document["outcomes"], *diagnostics):
        part["unheard-of"] = 1
        assert not schema_of("run").is_valid(document)
        del part["unheard-of"]
    assert schema_of("run").is_valid(document)
