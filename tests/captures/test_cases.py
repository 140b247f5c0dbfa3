"""Captures as tools really write them, small and invented: each gets its verdict, by whatever road it comes."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from convtool.captures import is_capture
from tests.captures.support import found, judgements_of, verdicts

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
