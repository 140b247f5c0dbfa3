"""What stands between records costs no memory: white space of any size, read with care alone."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import LIST, ROOT, listed

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTES = 24
MOST = 12 << 20  # bytes more than the same list without anything between its records
ASK = """
import sys, convtool
from benchmarks.memory import peak
with open(sys.argv[1], "rb") as file:
    report = convtool.contract(sys.argv[2]).validate(file)
print(bool(report), report.records, peak())
"""
XML, JSON = "<ReponseV2Model><ProduitId>1</ProduitId></ReponseV2Model>", '{"ProduitId":1}'
# Of each format: a list with @ for what is between its records.
LISTS = {"xml": listed(f"{XML}@{XML}").decode(), "json": f"[{JSON},@{JSON}]", "front": f"[@{JSON},{JSON}]"}


def measured(path: Path) -> tuple[str, str, int]:
    environment = {**os.environ, "CONVTOOL_ENGINE": "off", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", ASK, str(path), LIST]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=ROOT)
    valid, records, peak = done.stdout.split()
    return valid, records, int(peak)


@pytest.mark.parametrize("form", LISTS)
@pytest.mark.parametrize("space", [" ", "\n"])
def test_white_space(tmp_path: Path, form: str, space: str) -> None:
    path = tmp_path / "payload"
    path.write_text(LISTS[form].replace("@", ""))
    valid, records, before = measured(path)
    path.write_bytes(LISTS[form].replace("@", space * (MEGABYTES << 20)).encode())
    after = measured(path)
    assert after[:2] == (valid, records)
    assert after[2] - before < MOST
