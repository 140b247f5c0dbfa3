"""Folders with bad files at a real terminal: everything that is found is seen, below it how far the run is."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from convtool.batch import Summary
from convtool.cli.progress import _lines, _shown
from tests.cli.payloads import INVALID_JSON, JSON, XML
from tests.cli.terminal import on_terminal, screen
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GOOD, BAD = 40, 3
SETTINGS = pytest.mark.parametrize(
    "setting",
    [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"PYTHONUNBUFFERED": "1"}, {"PYTHONIOENCODING": "ascii"}],
    ids=str,
)
WIDTHS = pytest.mark.parametrize("columns", [40, 120])
LINE = re.compile(r"[0-9]+/43\D.*?[0-9]+ bad, [0-9]+:[0-9]{2} left")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(GOOD):
        (source / f"{number}.xml").write_bytes(XML)
    (source / "0-bad.json").write_bytes(INVALID_JSON)
    (source / "1-cut.xml").write_bytes(XML[:-9])
    (source / "2-kept.json").write_bytes(JSON.replace(b":7}", b':"\xc3\xa9\xe2\x82\xac"}'))
    return source


@SETTINGS
@WIDTHS
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.short(4)
def test_validate_shows_each_bad_file_and_a_line_below_it(
    folder: Path, environment: Mapping[str, str], setting: dict[str, str], columns: int, jobs: str
) -> None:
    command = ["validate", folder, "--jobs", jobs]
    code, told = on_terminal(command, {**environment, **setting}, columns=columns)
    seen = screen(told)
    assert code == 1
    assert ("\x1b[" in told) == (not {"NO_COLOR", "TERM"} & set(setting))
    for name in ("0-bad.json:1:73", "1-cut.xml:", "2-kept.json:"):
        assert any(line.startswith(f"{folder}/{name}") and ": error: " in line for line in seen), name
    assert "43 files: 40 valid, 3 invalid" in seen
    assert not any(LINE.search(line) for line in seen)  # it is gone in the end, and left nothing among the findings
    moving = [text for line in told.split("\n") for text in line.split("\r") if LINE.search(text)]
    assert bool(moving) == (setting != {"TERM": "dumb"})
    assert all(len(text) < columns for text in moving)


@SETTINGS
@WIDTHS
@pytest.mark.short(1)
def test_convert_ends_with_its_summary(
    folder: Path, tmp_path: Path, environment: Mapping[str, str], setting: dict[str, str], columns: int
) -> None:
    command = ["convert", folder, "-o", f"{tmp_path}/out/"]
    code, told = on_terminal(command, {**environment, **setting}, columns=columns)
    seen = screen(told)
    assert code == 1
    assert "43 files: 40 converted, 3 invalid" in seen
    assert not any(LINE.search(line) for line in seen)
    assert bool(LINE.search(told)) == (setting != {"TERM": "dumb"})


def test_results_go_where_standard_output_goes(folder: Path, tmp_path: Path, environment: Mapping[str, str]) -> None:
    with (tmp_path / "found.txt").open("wb") as file:
        code, told = on_terminal(["validate", folder], environment, stdout=file.fileno())
    assert code == 1
    found = (tmp_path / "found.txt").read_text()
    assert found.count(": error: ") >= BAD
    assert not re.search(r"[\x1b\r]", found)
    assert ": error: " not in told


def test_the_first_command_of_the_readme_shows_its_result_first_and_its_warnings_once(
    environment: Mapping[str, str],
) -> None:
    first = next(line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if "sh .ci/setup && " in line)
    arguments = first.partition("convtool ")[2].split()
    code, told = on_terminal(arguments, environment, cwd=ROOT)
    seen = [line for line in screen(told) if line]
    assert code == 0
    assert seen[0].startswith("[{")
    assert [line.count("[date.offset]") for line in seen if "warning" in line] == [1, 0]  # the second is the verdict
    assert seen[-1].endswith(": valid (ArrayOfReponseV2Model xml; 1 warning)")


def run_of(files: int, total: int, bad: int) -> Any:
    summary = Summary(files=files, records=files, bytes_in=files * 130)
    summary.statuses["invalid"] = bad
    return SimpleNamespace(summary=summary, plan=SimpleNamespace(items=range(total)))


@pytest.mark.parametrize(
    ("files", "total", "bad"), [(1, 43, 0), (123_456, 500_000, 12_345), (9_999_999, 99_999_999, 1)]
)
@pytest.mark.parametrize("columns", [26, 32, 40, 60, 80, 100, 120, 200])
def test_the_bad_files_and_the_time_left_are_seen_at_any_width(files: int, total: int, bad: int, columns: int) -> None:
    line = _shown(_lines(run_of(files, total, bad), 600.0), columns)
    assert len(line) < columns
    assert re.search(rf"(^|\D){bad} bad, [0-9]+(:[0-9]{{2}})+ left$", line)
    assert (f"{files}/{total}" in line) or columns <= 43
    assert (f"{files} records" in line) == (len(_lines(run_of(files, total, bad), 600.0)[1]) < columns)
