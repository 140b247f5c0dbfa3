"""The hostile captures of ``hostile/har``, each against its row in ``captures.jsonl``.

They answer with the request's contract, so they are judged by operations that say so. ``accept``: every body is valid.
"""

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

import convtool
from convtool.captures import judge
from tests.support import PARAM, SCHEMAS

HOSTILE = Path(__file__).parent / "hostile"
ROWS = [json.loads(line) for line in (HOSTILE / "captures.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> convtool.Catalog:
    folder = tmp_path_factory.mktemp("schemas")
    for path in SCHEMAS.glob(f"{PARAM}.*"):
        shutil.copy(path, folder)
    (folder / "operations.toml").write_text(f'["POST api/ConsommationV2"]\nresponse = "{PARAM}"\n')
    return convtool.Catalog(folder)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_hostile_capture(row: dict[str, Any], catalog: convtool.Catalog) -> None:
    began = time.monotonic()
    (judgement,) = judge(HOSTILE / row["file"], catalog)
    verdicts = {part.side: part.verdict for part in judgement.parts}
    assert (verdicts["response"] == "valid") == (row["expect"] == "accept")
    assert time.monotonic() - began < row["max_s"]


def test_every_file_has_a_row() -> None:
    assert {f"har/{path.name}" for path in (HOSTILE / "har").iterdir()} == {row["file"] for row in ROWS}
