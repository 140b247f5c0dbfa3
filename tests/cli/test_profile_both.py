import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.cli.conftest import Run
from tests.cli.payloads import AMBIGUOUS, DOTNET_JSON, JSON, XML
from tests.support import ROOT, outcomes, schema_of

FIN = b"<Fin>2026-03-23T00:00:00Z</Fin>"
LATE = XML.replace(FIN, b"").replace(b"<Debut>", FIN + b"<Debut>")


def rows(text: str) -> list[list[str]]:
    """Give the table's cells, without the messages below each row."""
    return [line.split() for line in text.splitlines() if line.startswith("  ") and not line.startswith("   ")]


def test_two_verdicts_side_by_side(run: Run) -> None:
    result = run("validate", "--profile", "both", stdin=LATE)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("<stdin>:\n")
    assert rows(result.stdout) == [
        ["strict", "dotnet", "code", "place", "path"],
        ["error", "warning", "member.order", "1:167", "/ParamModel/Debut"],
    ]
    assert "will skip it, so the server sees 0001-01-01T00:00:00.\n" in result.stdout
    assert "      hint: Put `Debut` before `Fin`" in result.stdout
    assert result.stdout.splitlines()[-2:] == [
        "<stdin>: strict: invalid (ParamModel xml; 1 error)",
        "<stdin>: dotnet: valid (ParamModel xml; 1 warning)",
    ]


def test_what_one_profile_does_not_report_is_a_dash(run: Run) -> None:
    result = run("validate", "--profile", "both", stdin=b'{"Debut":"2026-03-22","Fin":"2026-03-22"}')
    assert result.exit_code == 0
    levels = {row[2]: row[:2] for row in rows(result.stdout)[1:]}
    assert levels == {"member.nulled": ["-", "notice"], "date.rewritten": ["notice", "-"]}


def test_a_payload_with_nothing_to_say_has_two_lines(run: Run) -> None:
    result = run("validate", "--profile", "both", stdin=JSON)
    assert result.exit_code == 0
    assert result.stdout == "<stdin>: strict: valid (ParamModel json)\n<stdin>: dotnet: valid (ParamModel json)\n"


@pytest.mark.parametrize("payload", [DOTNET_JSON, AMBIGUOUS, b"", b"%PDF-1.7", LATE])
def test_the_json_form_has_both_reports(run: Run, payload: bytes) -> None:
    result = run("validate", "--profile", "both", "--output-format", "json", stdin=payload)
    [one] = outcomes(result.stdout)
    assert (one["profile"], [each["profile"] for each in one["judged"]]) == ("both", ["strict", "dotnet"])
    assert result.exit_code == (0 if all(each["status"] == "valid" for each in one["judged"]) else 1)
    for each in one["judged"]:
        form = ("validate", "--profile", each["profile"], "--output-format", "json")
        [alone] = outcomes(run(*form, stdin=payload).stdout)
        assert {**each, "source": "<stdin>"} == {
            name: alone[name] for name in each.keys() | {"diagnostics"} & alone.keys()
        }


def test_several_sources(run: Run, tmp_path: Path) -> None:
    for name, content in {"a.xml": XML, "b.json": DOTNET_JSON}.items():
        (tmp_path / name).write_bytes(content)
    result = run("validate", "--profile", "both", tmp_path / "a.xml", tmp_path / "b.json", tmp_path / "missing")
    assert result.exit_code == 2
    assert result.stderr.endswith("3 files: 1 valid, 1 invalid, 1 failed\n")
    assert f"{tmp_path / 'b.json'}: dotnet: valid" in result.stdout


def report(run: Run, folder: Path, *options: str | Path, form: str = "json") -> Any:
    """Give a report of a validation, of any form."""
    path = folder / f"report.{form}"
    run("validate", *options, "-q", "--overwrite", "--report", path)
    return etree.parse(path).getroot() if form == "xml" else json.loads(path.read_bytes())


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """A folder of payloads: one good for both profiles, one for one of them, one for none."""
    folder = tmp_path / "several"
    folder.mkdir()
    for name, content in {"a.json": JSON, "b.xml": LATE, "c.json": JSON.replace(b"T", b"X")}.items():
        (folder / name).write_bytes(content)
    return folder


def test_a_payload_is_counted_once(run: Run, several: Path, tmp_path: Path) -> None:
    document = report(run, tmp_path, several, "--profile", "both")
    schema_of("run").validate(document)
    summary = document["summary"]
    [of] = summary["contracts"].values()
    assert (of["good"], of["bad"]) == (1, 2)
    assert (of["records"], of["bytes_in"]) == (summary["records"], summary["bytes_in"])
    assert of["bytes_in"] == sum(path.stat().st_size for path in several.iterdir())
    each = [report(run, tmp_path, several, "--profile", name)["summary"]["codes"] for name in ("strict", "dotnet")]
    for code, row in summary["codes"].items():
        assert row["count"] == max(codes[code]["count"] for codes in each if code in codes)
    assert summary["codes"]["member.order"] == {**each[0]["member.order"], "severity": "error"}


def test_what_is_not_shown_is_counted_once(run: Run, several: Path, tmp_path: Path) -> None:
    summary = report(run, tmp_path, several, "--profile", "both", "--ignore", "member.order")["summary"]
    assert (summary["left_out"]["member.order"]["count"], "member.order" in summary["codes"]) == (1, False)


def test_a_payload_is_in_each_report_once(run: Run, several: Path, tmp_path: Path) -> None:
    suite = report(run, tmp_path, several, "--profile", "both", form="xml")
    cases = [(case.get("name").rpartition("/")[2], len(case)) for case in suite.iter("testcase")]
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    assert cases == [("a.json", 0), ("b.xml", 1), ("c.json", 1)]
    results = report(run, tmp_path, several, "--profile", "both", form="sarif")["runs"][0]["results"]
    assert [one["level"] for one in results if one["ruleId"] == "member.order"] == ["error"]
    told = run("validate", several, "--profile", "both", "--output-format", "github").stdout
    assert [line.partition(" ")[0] for line in told.splitlines() if "member.order" in line] == ["::error"]


@pytest.mark.parametrize("name", ["chromium.har", "broken/member.duplicate-form.http"])
def test_a_body_of_a_capture_is_counted_once(name: str, run: Run, tmp_path: Path) -> None:
    capture = ROOT / "samples" / "captures" / name
    both, strict = (report(run, tmp_path, capture, "--profile", name) for name in ("both", "strict"))
    assert both["summary"]["contracts"] == strict["summary"]["contracts"]
    assert both["summary"]["records"] == strict["summary"]["records"]
    contracts = strict["summary"]["contracts"].values()
    assert strict["summary"]["records"] == sum(of["records"] for of in contracts)
    assert all(of["bytes_in"] > 0 for of in contracts)
    schema_of("run").validate(both)
