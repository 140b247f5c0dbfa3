"""The short form of the fuzzer, the same inputs each time. The long form is ``python -m tests.fuzz``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.engine.support import built
from tests.fuzz import guided, native
from tests.fuzz.__main__ import TARGETS, part
from tests.fuzz.native import FOLDER
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FEW = {"payloads": 800, "lanes": 300, "captures": 400, "schemas": 100, "engine": 20_000, "programs": 1000}
COMPILER = shutil.which((os.environ.get("CC") or "cc").split()[0])
NATIVE = dict.fromkeys(("engine", "programs"), pytest.mark.long)  # compiled with sanitizers
compiled = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVTOOL_CACHE", "")


@built
@compiled
@pytest.mark.parametrize("target", [pytest.param(one, marks=NATIVE.get(one, ())) for one in TARGETS])
def test_no_input_breaks_a_promise(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    if target == "captures":
        pytest.importorskip("warcio")
        pytest.importorskip("mitmproxy")
    told = part(target, 0, FEW[target], few=True)
    assert not told["findings"], capsys.readouterr().out
    assert told["inputs"] == FEW[target]
    assert len(told) > 2  # not all of them came to the same


@compiled
@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (  # escapes have no room: what is written goes beyond it
            "x->bound += v->flags & (F_JSON | F_XML) ? (size_t)v->len * 6 : v->len;", "x->bound += v->len;",
            b"heap-buffer-overflow",
        ),
        ("(*p & 0xC0) != 0x80", "(*p & 0xC0) != 0xC0", b"DIFFERENT place of the end"),
    ],
)  # fmt: skip
@pytest.mark.long
def test_a_planted_fault_of_the_engine_is_found(right: str, wrong: str, told: bytes, tmp_path: Path) -> None:
    engine = tmp_path / "convtool" / "engine" / "engine.c"
    engine.parent.mkdir(parents=True)
    source = (ROOT / "convtool" / "engine" / "engine.c").read_text("utf-8")
    assert source.count(right) == 1
    engine.write_text(source.replace(right, wrong), encoding="utf-8")
    folder = tmp_path / "tests" / "fuzz" / "native"
    shutil.copytree(FOLDER, folder)
    native.built(folder / "engine_runs.c", tmp_path / "runs")
    command = [tmp_path / "runs", native.packed(0, few=True), "0", "0", "20000"]
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False)
    assert done.returncode
    assert told in done.stdout + done.stderr


@pytest.mark.long
def test_a_run_is_taken_up(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    command = [sys.executable, "-m", "tests.fuzz", "captures", "--state", state, "--runs"]
    for runs in ("20", "50", "50"):
        subprocess.run([*map(str, command), runs], check=True, cwd=ROOT, capture_output=True)
        assert json.loads(state.read_bytes())["captures"]["inputs"] == int(runs)


@pytest.mark.parametrize("target", guided.TARGETS)
@pytest.mark.long
def test_what_guided_fuzzing_begins_with_breaks_no_promise(target: str) -> None:
    found = list(guided.corpus(target))
    assert len(found) > 20
    for data in found[:: max(1, len(found) // 60)]:
        guided.one(target, data)
