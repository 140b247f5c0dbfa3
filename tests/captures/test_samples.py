"""Every capture under samples/captures is a test by being there: it gives the report beside it.

``….report.txt`` has the lines that people read, ``….report.json`` the reports as data. CONVTOOL_UPDATE=1 writes them
anew; look at the difference before you commit it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

import convtool
from convtool.captures import count, is_capture, judge, summary
from convtool.codes import CODES
from tests.captures.support import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.captures import Judgement

FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and ".report." not in path.name)
RECORDED = {
    "chromium.har",
    "playwright.zip",
    "playwright-omit.har",
    "vcrpy-4-httpx.yaml",
    "vcrpy-httpx.yaml",
    "wget.warc.gz",
    "curl-proxied.http",
    "curl-verbose.txt",
    "vcrpy.yaml",
    "vcrpy.json",
    "mitmproxy.flows",
    "warcio.warc.gz",
    "curl-i.http",
    "conversation.http",
}


def judged(path: Path) -> list[Judgement]:
    for name, module in (("flows", "mitmproxy"), ("warc.gz", "warcio")):
        if path.name.endswith(name):
            pytest.importorskip(module)
    return list(judge(path, convtool.Catalog()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_sample(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLES)
    judgements = judged(path.relative_to(SAMPLES))
    counts: Counter[str] = Counter()
    for judgement in judgements:
        count(judgement, counts)
    lines = [judgement.text() for judgement in judgements if judgement.ours]
    reports = [report.to_dict() for judgement in judgements for report in judgement.reports]
    expected = {
        "json": json.dumps(reports, ensure_ascii=False, indent=2) + "\n",
        "txt": "\n".join([*lines, summary(counts)]) + "\n",
    }
    for suffix, text in expected.items():
        beside = path.with_name(f"{path.name}.report.{suffix}")
        if os.environ.get("CONVTOOL_UPDATE"):
            beside.write_text(text, encoding="utf-8")
        assert beside.read_text(encoding="utf-8") == text


def test_samples_of_each_kind_were_recorded() -> None:
    assert {path.name for path in FILES} >= RECORDED
    assert all(is_capture(path) for path in FILES)


@pytest.mark.parametrize("recorded", ["vcrpy.yaml", "mitmproxy.flows", "warcio.warc.gz"])
def test_the_recorders_agree(recorded: str) -> None:
    """One conversation, recorded by several tools: the same bodies, and the same verdicts."""
    told = [[(part.side, part.verdict) for part in one.parts] for one in judged(SAMPLES / "chromium.har")][1:]
    told[3][0] = ("request", "valid")  # Chromium's recorder does not keep the bytes of a request in UTF-16
    other = [[(part.side, part.verdict) for part in one.parts] for one in judged(SAMPLES / recorded)]
    assert other[: len(told)] == told
    assert other[len(told) : -1] == [[("request", "valid"), ("response", "valid")]] * 2


def test_every_code_of_captures_and_forms_has_a_sample() -> None:
    shown = {d.code for path in FILES for one in judged(path) for report in one.reports for d in report}
    assert {code for code in CODES if code.startswith(("capture.", "form.", "http."))} <= shown


@pytest.mark.parametrize("path", [p for p in FILES if p.parent != SAMPLES], ids=lambda path: path.name)
def test_a_sample_is_called_after_the_code_that_it_shows(path: Path) -> None:
    codes = {d.code for one in judged(path) for report in one.reports for d in report}
    assert any(path.name.startswith(code) for code in codes)
