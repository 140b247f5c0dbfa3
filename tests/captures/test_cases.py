"""Captures as tools really write them, small and invented: each gets its verdict, by whatever road it comes."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from convtool.captures import is_capture
from convtool.cli.app import app
from tests.captures.support import found, judgements_of, verdicts
from tests.places.test_contents import tarred, zipped
from tests.support import outcomes

CASES = Path(__file__).parent / "cases"
BOTH = ["request valid", "response valid"]
# file → verdicts, codes that say what was seen (of whatever severity; hazards of payloads left out)
RIGHT: dict[str, tuple[list[str], list[str]]] = {
    "httpx-old.yaml": (BOTH, []),
    "pyunicode.yaml": (BOTH, []),
    "bodybytesio.yaml": (BOTH, []),
    "ruby-vcr.yml": (BOTH, []),
    "betamax.json": (BOTH, []),
    "polly.json": (BOTH, []),
    "loose-hdr-int.har": (BOTH, ["capture.field"]),
    "loose-status-null.har": (BOTH, ["capture.field"]),
    "loose-text-object.har": (BOTH, ["capture.field"]),
    "utf16.har": (BOTH, []),
    "powershell.http": (["response valid"], []),
    "playwright-file.har": (BOTH, []),
    "mojibake.har": (BOTH, ["capture.mojibake"]),
    "concurrent.warc": (
        ["request valid", "response valid", "request invalid", "response error response"],
        ["value.lexical", "http.error"],
    ),
    "revisit.warc": (["request valid", "response no verdict"], ["capture.missing"]),
    "whole.warc.gz": (BOTH, []),
    "proxy.http": (["response valid"], []),
    "redirect-cl.http": (["response no body", "response valid"], []),
    "ntlm.http": (["response no body", "response no body", "response valid"], []),
    "vs-rest.http": (["request valid", "request valid"], []),
    "fiddler-raw.txt": (BOTH * 2, []),
    "fiddler.saz": (BOTH, []),
}
BESIDE = "5a1b.json"  # the body that playwright-file.har names


def told(codes: list[str]) -> list[str]:
    return [code for code in codes if not code.startswith(("date.", "member."))]


def test_every_case_is_here() -> None:
    assert {path.name for path in CASES.iterdir()} == {*RIGHT, BESIDE}


@pytest.mark.parametrize("name", RIGHT)
def test_a_case(name: str) -> None:
    assert is_capture(CASES / name)
    judgements = judgements_of(CASES / name)
    assert (verdicts(judgements), told(found(judgements, errors=False))) == RIGHT[name]


@pytest.mark.parametrize("name", RIGHT)
def test_bytes_decide_whatever_the_suffix_is(name: str, tmp_path: Path) -> None:
    shutil.copy(CASES / BESIDE, tmp_path)
    for other in ("capture", "capture.txt", "capture.json", "capture.bin"):
        path = tmp_path / other
        shutil.copyfile(CASES / name, path)
        assert (verdicts(judgements_of(path))) == RIGHT[name][0]


@pytest.mark.parametrize("name", RIGHT)
def test_a_file_in_memory(name: str) -> None:
    file = io.BytesIO((CASES / name).read_bytes())
    seen = verdicts(judgements_of(file))  # type: ignore[arg-type]
    if name == "playwright-file.har":  # nothing lies beside it
        assert seen == ["request valid", "response no verdict"]
    else:
        assert seen == RIGHT[name][0]


@pytest.mark.parametrize("road", ["alone", "folder", "workers", "zip", "tar", "list", "pipe"])
@pytest.mark.short(1)
def test_all_cases_on_every_road(road: str, tmp_path: Path) -> None:
    """What lies beside a capture is read in a folder only; a pipe and an archive have no folder."""
    names = [name for name in RIGHT if road != "pipe"] or ["proxy.http", "utf16.har", "fiddler.saz", "whole.warc.gz"]
    (tmp_path / "in").mkdir()
    data = {name: (CASES / name).read_bytes() for name in [*names, BESIDE]}
    for name, content in data.items():
        (tmp_path / "in" / name).write_bytes(content)
    files = [str(tmp_path / "in" / name) for name in names]
    (tmp_path / "list").write_text("\n".join(files))
    if road in ("zip", "tar"):
        (tmp_path / "all").write_bytes(zipped(data) if road == "zip" else tarred(data))
    sources = {
        "alone": files, "folder": [str(tmp_path / "in")], "workers": [str(tmp_path / "in"), "--jobs", "2"],
        "list": ["--files-from", str(tmp_path / "list")], "pipe": ["-"],
    }.get(road, [str(tmp_path / "all")])  # fmt: skip
    found: dict[str, list[str]] = {}
    for name in names if road == "pipe" else [""]:
        report = tmp_path / f"{name}.report.json"
        words = ["validate", *sources, "-q", "--report", str(report)]
        CliRunner().invoke(app, words, input=data.get(name, b""), prog_name="convtool")
        for one in outcomes(report.read_bytes()):
            if one["format"] == "capture":
                found[name or Path(one.get("member", one["source"])).name] = seen(one)
    for name in names:
        wanted = Counter(verdict for verdict in RIGHT[name][0] if not verdict.endswith("no body"))
        if name == "playwright-file.har" and road in ("zip", "tar"):
            wanted = Counter(["request valid", "response no verdict"])
        assert Counter(found[name]) == wanted, name


def seen(outcome: dict[str, Any]) -> list[str]:
    """Give the verdicts that the counts of a capture have, with those of its bodies."""
    sides = [
        (side, counts)
        for statuses in outcome["exchanges"].get("operations", {}).values()
        for row in statuses.values()
        for side, counts in row.items()
        if side != "exchanges"
    ]
    told = [
        f"{side} {verdict}" for side, counts in sides for verdict, n in counts["verdicts"].items() for _ in range(n)
    ]
    judged = [one["status"] for one in outcome["judged"] if one["status"] != "skipped"]
    told = [one for one in told if not one.endswith("no body")]
    assert Counter(judged) == Counter(one.partition(" ")[2] for one in told)
    return told
