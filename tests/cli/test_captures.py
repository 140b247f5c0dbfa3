"""Captures on the command line: ``validate`` judges each exchange, ``extract`` writes the bodies; forms are named."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import convtool
from tests.captures.support import RESPONSE, entry, har, written
from tests.captures.test_cases import CASES, RIGHT
from tests.support import LIST, outcomes

if TYPE_CHECKING:
    from tests.cli.conftest import Run, RunProcess

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples" / "captures"
FORM = b"Debut=2026-03-22&Fin=2026-03-31&ProduitId=1"


def test_validate_gives_a_line_for_each_exchange(run: Run) -> None:
    result = run("validate", SAMPLES / "chromium.har")
    assert result.exit_code == 1
    lines = [line for line in result.stdout.splitlines() if ": POST /" in line]
    assert len(lines) == 8
    assert lines[-2].endswith("response invalid (ArrayOfReponseV2Model json; 1 error, 1 warning)")
    assert "chromium.har#8 response:8:21: error: 1.5 is not an integer" in result.stdout
    assert result.stderr.endswith(
        "chromium.har: 8 exchanges (1 more not ours): 10 valid, 2 invalid, 1 no verdict, 2 error response\n"
    )


def test_no_verdict_is_not_valid(run: Run) -> None:
    result = run("validate", SAMPLES / "broken" / "capture.truncated.har")
    assert (result.exit_code, "response no verdict" in result.stdout) == (1, True)


def test_validate_a_pipe(run: Run) -> None:
    result = run("validate", stdin=(SAMPLES / "curl-i.http").read_bytes())
    assert result.exit_code == 0
    assert "<stdin>#1: 200: response valid (ArrayOfReponseV2Model xml" in result.stdout


def test_reports_as_data(run: Run) -> None:
    result = run("validate", "--output-format", "json", SAMPLES / "vcrpy.yaml", ROOT / "samples/valid/ParamModel.xml")
    found = outcomes(result.stdout)
    assert [one["source"].rpartition("/")[2] for one in found] == ["vcrpy.yaml", "ParamModel.xml"]
    assert [(one["status"], one["format"]) for one in found] == [("invalid", "capture"), ("valid", "xml")]
    bodies = [one["source"].rpartition("/")[2] for one in found[0]["judged"]]
    assert bodies[:2] == ["vcrpy.yaml#1 request", "vcrpy.yaml#1 response"]
    assert result.exit_code == 1


def test_both_profiles(run: Run) -> None:
    result = run("validate", "--profile", "both", SAMPLES / "broken" / "member.duplicate-form.http")
    assert "error   warning  member.duplicate" in result.stdout
    assert "member.duplicate-form.http#1 request: strict: invalid" in result.stdout
    assert "member.duplicate-form.http#1 request: dotnet: invalid" in result.stdout


def test_a_contract_for_what_has_no_operation(run: Run) -> None:
    result = run("validate", "--contract", "ParamModel", SAMPLES / "curl-i.http")
    assert result.exit_code == 1
    assert "[root.name]" in result.stdout


def test_reports_of_every_form(run: Run, tmp_path: Path) -> None:
    paths = {suffix: tmp_path / f"report.{suffix}" for suffix in ("json", "ndjson", "sarif", "xml", "html")}
    named = [word for path in paths.values() for word in ("--report", path)]
    broken = SAMPLES / "broken" / "capture.truncated.har"
    result = run("validate", SAMPLES / "chromium.har", broken, "-q", *named)
    assert (result.exit_code, result.stderr) == (1, "")
    document = json.loads(paths["json"].read_bytes())
    statuses = document["summary"]["statuses"]
    assert {name: count for name, count in statuses.items() if count} == {"invalid": 1, "no verdict": 1}
    bodies = [body for one in outcomes(paths["json"].read_bytes()) for body in one["judged"]]
    assert Counter(body["status"] for body in bodies) == {
        "valid": 11, "invalid": 2, "no verdict": 2, "error response": 2,
    }  # fmt: skip
    assert any("no verdict: The capture holds 40 bytes" in body.get("reason", "") for body in bodies)
    assert all(b"chromium.har" in path.read_bytes() for path in paths.values())
    assert run("validate", SAMPLES / "chromium.har", "--jobs", "2").exit_code == 1
    assert run("validate", SAMPLES / "chromium.har", "--report", paths["json"]).exit_code == 2  # it is there already
    annotations = run("validate", SAMPLES / "chromium.har", "--output-format", "github").stdout
    assert "::error file=" in annotations


def test_captures_beside_payloads(run: Run) -> None:
    result = run("validate", SAMPLES / "curl-i.http", ROOT / "samples" / "valid" / "ParamModel-nil.xml")
    assert result.exit_code == 0
    assert "curl-i.http#1 response:17:22: warning" in result.stdout
    assert "ParamModel-nil.xml: valid" in result.stdout


def test_extract(run: Run, tmp_path: Path) -> None:
    result = run("extract", SAMPLES / "chromium.har", "-o", tmp_path / "out", "--to", "xml")
    assert result.exit_code == 0
    names = [Path(line).name for line in result.stdout.splitlines()]
    assert names[:2] == ["0002-post-api-consommationv2-request.xml", "0002-post-api-consommationv2-response.xml"]
    assert sorted([*names, "index.json"]) == sorted(path.name for path in (tmp_path / "out").iterdir())
    valid = [path for path in (tmp_path / "out").iterdir() if path.name.startswith("0002")]
    assert run("validate", *valid).exit_code == 0


def test_extract_of_a_broken_capture(run: Run, tmp_path: Path) -> None:
    result = run("extract", SAMPLES / "broken" / "capture.syntax.har", "-o", tmp_path)
    assert result.exit_code == 1
    assert "[capture.syntax]" in result.stderr
    assert len(result.stdout.splitlines()) == 2


def test_extract_needs_a_folder_and_a_source(run: Run, tmp_path: Path) -> None:
    assert run("extract", SAMPLES / "chromium.har").exit_code == 2
    assert run("extract", tmp_path / "missing.har", "-o", tmp_path / "out").exit_code == 2
    assert run("extract", SAMPLES / "chromium.har", "-o", SAMPLES / "chromium.har").exit_code == 2


@pytest.mark.parametrize(("name", "kind"), [("chromium.har", "HAR"), ("warcio.warc.gz", "WARC")])
def test_convert_says_what_takes_the_payloads_out(run: Run, name: str, kind: str) -> None:
    for result in (run("convert", SAMPLES / name), run("convert", stdin=(SAMPLES / name).read_bytes())):
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"skipped: is a capture ({kind}), not a payload: `convtool extract` takes" in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_forms_are_converted_and_checked(run: Run) -> None:
    converted = run("convert", "--from", "form", "--contract", "ParamModel", "--verify", stdin=FORM)
    assert (converted.exit_code, converted.stdout) == (0, '{"Debut":"2026-03-22","Fin":"2026-03-31","ProduitId":1}')
    back = run("convert", "--to", "form", stdin=converted.stdout_bytes)
    assert back.stdout_bytes == FORM
    assert run("validate", "--from", "form", "--contract", "ParamModel", stdin=FORM).exit_code == 0
    assert run("validate", "--from", "form", "--contract", "ParamModel", stdin=FORM + b"&x=1").exit_code == 1
    unnamed = run("convert", "--from", "form", stdin=FORM)
    assert (unnamed.exit_code, "name one with --contract" in unnamed.stderr) == (2, True)
    listed = run("convert", "--to", "form", ROOT / "samples/valid/ArrayOfReponseV2Model.json")
    assert (listed.exit_code, "members are scalars" in listed.stderr) == (2, True)


@pytest.mark.parametrize("content", [b"<a/>", b"\x7fELF", b"words"])
def test_what_is_no_capture_is_refused_alone_as_in_a_folder(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(content)
    alone = run("extract", tmp_path / "in" / "a.txt", "-o", tmp_path / "alone")
    assert (alone.exit_code, alone.stdout) == (2, "")
    assert "a.txt: is no capture" in alone.stderr
    assert not (tmp_path / "alone").exists()
    assert run("extract", tmp_path / "in", "-o", tmp_path / "folder").exit_code == 1


@pytest.mark.parametrize("name", ["vcrpy.yaml", "mitmproxy.flows", "warcio.warc.gz", "curl-raw.http"])
@pytest.mark.short(1)
def test_each_kind_as_a_process(name: str, run_process: RunProcess) -> None:
    done = run_process("validate", SAMPLES / name)
    assert done.returncode == 1
    assert b"1.5 is not an integer" in done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["chromium.har", "vcrpy.yaml", "vcrpy.json", "curl-i-error.http", "conversation.http"])
def test_what_is_extracted_is_judged_and_converted_as_the_capture_is(run: Run, name: str, tmp_path: Path) -> None:
    """Each body as a file of its own: the same verdict from `validate`, and `convert` takes just what is valid."""
    assert run("extract", SAMPLES / name, "-o", tmp_path).exit_code == 0
    rows = json.loads((tmp_path / "index.json").read_bytes())["bodies"]
    verdicts = set()
    for row in rows:
        verdicts.add(row["verdict"])
        if not row["file"]:
            continue
        file = tmp_path / row["file"]
        options = [*(["--contract", row["contract"]] if row["contract"] else []), "--from", row["format"]]
        fine = row["verdict"] in ("valid", "error response")
        assert run("validate", file, *options).exit_code == (0 if fine else 1)
        to = "xml" if row["format"] == "json" else "json"
        result = run("convert", file, *options, "--to", to)
        assert result.exit_code == (0 if fine else 1)
        if fine:
            again = run("convert", "--from", to, *options[:-2], "--to", "json", stdin=result.stdout_bytes)
            assert again.exit_code == 0
            assert run("validate", *options[:-2], stdin=result.stdout_bytes).exit_code == 0
    assert "error response" in verdicts


@pytest.mark.parametrize("name", RIGHT)
def test_cases_as_files_and_in_a_pipe(name: str, run: Run) -> None:
    good = not any(verdict.endswith(("invalid", "no verdict")) for verdict in RIGHT[name][0])
    result = run("validate", CASES / name)
    assert result.exit_code == (0 if good else 1)
    if name != "playwright-file.har":  # whose body lies beside it, which a pipe has nothing of
        piped = run("validate", stdin=(CASES / name).read_bytes())
        assert piped.exit_code == result.exit_code
        assert piped.stdout.replace("<stdin>", str(CASES / name)) == result.stdout


@pytest.mark.parametrize("profile", ["strict", "both"])
def test_a_bad_body_behind_all_that_is_kept_counts(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    monkeypatch.setattr("convtool.judge._BODIES", 4)
    good, bad = entry(), entry(body=RESPONSE.replace(b":", b":x", 1))
    path = written(tmp_path, har(*[good] * 6, bad, *[good] * 3))
    result = run("validate", path, "--profile", profile, "--output-format", "json")
    assert result.exit_code == 1
    (one,) = outcomes(result.stdout)
    assert one["status"] == "invalid"
    report = json.loads(result.stdout)
    assert report["summary"]["statuses"]["invalid"] == 1
    assert "json.syntax" in result.stdout
    path = written(tmp_path, har(*[good] * 6)[:-3])
    assert run("validate", path, "--profile", profile).exit_code == 1


def test_both_profiles_keep_the_same_bodies(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convtool.judge._BODIES", 2)
    bad, loose = (
        entry(body=RESPONSE.replace(b":", b":x", 1)),
        entry(body=RESPONSE.replace(b'"ProduitId":', b'"produitId":')),
    )
    for entries in ([bad, bad, bad, loose], [loose, loose, bad, bad, bad], [loose, bad] * 4):
        path = written(tmp_path, har(*entries))
        result = run("validate", path, "--profile", "both", "--output-format", "json")
        assert result.exit_code == 1, result.stderr
        (one,) = outcomes(result.stdout)
        assert one["status"] == "invalid"
        names = [of["profile"] for of in one["judged"]]
        assert names[::2] == ["strict"] * (len(names) // 2)
        assert names[1::2] == ["dotnet"] * (len(names) // 2)


def test_extract_tells_what_is_lost(run: Run, tmp_path: Path) -> None:
    xml = convtool.contract(LIST).to_xml(RESPONSE).replace(b"><", b"><!-- keep me --><", 1)
    (tmp_path / "in").mkdir()
    path = written(tmp_path / "in", har(entry(body=xml, content_type="application/xml; charset=utf-8")))
    for source in (path, path.parent):
        result = run("extract", source, "-o", tmp_path / f"{source.name}.out", "--to", "json")
        assert result.exit_code == 0
        assert "A comment is dropped. [loss.comment]" in result.stderr
        (index,) = [json.loads(one.read_bytes()) for one in (tmp_path / f"{source.name}.out").rglob("index.json")
                    if b'"bodies": [' in one.read_bytes()]  # fmt: skip
        assert [one["losses"] for one in index["bodies"]] == [{}, {"loss.comment": 1}]
