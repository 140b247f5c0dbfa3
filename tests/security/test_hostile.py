"""Files that were made to do harm: each is answered, within little time and memory, and opens nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support import ROOT

MANIFEST = Path(__file__).parent / "hostile" / "manifest.jsonl"
ROWS = [json.loads(line) for line in MANIFEST.read_text(encoding="utf-8").split("\n") if line]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="resource limits and /proc are Linux's")


@cache
def outcomes() -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "tests.security.confined", str(MANIFEST)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["file"]: row for row in found}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_hostile_file_is_answered(row: dict[str, Any]) -> None:
    found = outcomes()[row["file"]]
    assert found["errors"] == []  # nothing but ConvtoolErrors, and no process that was killed
    assert found["verdict"] == row["expect"]
    assert found["opened"] == []
    assert found["seconds"] < row["max_s"]
    assert found["megabytes"] < row["max_mb"]


def test_each_file_has_its_row_and_each_decision_of_ours_its_reason() -> None:
    folders = (MANIFEST.parent / "xml", MANIFEST.parent / "json")
    assert {row["file"] for row in ROWS} == {f"{at.name}/{path.name}" for at in folders for path in at.iterdir()}
    assert all(row["why"] for row in ROWS if "changed" in row)
