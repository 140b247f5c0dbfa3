"""What OSS-Fuzz would build and run, for a moment each; where clang or atheris is not there, it is left to others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from yaml import safe_load

from tests.fuzz.guided import TARGETS
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

OSS = ROOT / "tests" / "fuzz" / "oss"
CLANG = next((found for name in ("clang", "clang-14", "clang-16", "clang-19") if (found := shutil.which(name))), None)
FLAGS = "-g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all"
# In the place of pip, which would download, of a pack that takes a minute, and of what packs a Python program.
PYTHON = f"""#!/bin/sh
case "$*" in
  "-m pip"*) exit 0 ;;
  "-m tests.fuzz.pack"*) exec {sys.executable} "$@" --recorded 3 --drawn 10 ;;
esac
exec {sys.executable} "$@"
"""
COMPILE = """#!/bin/sh
echo "$*" >> "$OUT/compiled"
"""


def _has_libfuzzer(folder: Path) -> bool:
    probe = folder / "probe.c"
    probe.write_text("int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return p && n > 9 ? 0 : 0; }\n")
    command = [str(CLANG), "-fsanitize=fuzzer,address", "-o", str(folder / "probe"), str(probe)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_it_builds_and_its_engine_runs(tmp_path: Path) -> None:
    if CLANG is None or not _has_libfuzzer(tmp_path):
        pytest.skip("there is no clang with libFuzzer")
    for name, text in (("python3", PYTHON), ("compile_python_fuzzer", COMPILE)):
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    for name in ("out", "work"):
        (tmp_path / name).mkdir()
    environment = {
        **os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "OUT": str(tmp_path / "out"),
        "WORK": str(tmp_path / "work"), "CC": CLANG, "CXX": CLANG, "CFLAGS": FLAGS, "CXXFLAGS": FLAGS,
        "LIB_FUZZING_ENGINE": "-fsanitize=fuzzer",
    }  # fmt: skip
    done = subprocess.run(
        ["bash", OSS / "build.sh"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    packed = (tmp_path / "out" / "compiled").read_text().splitlines()
    assert [line.split()[0] for line in packed] == [f"tests/fuzz/oss/fuzz_{name}.py" for name in sorted(TARGETS)]
    assert {path.name for path in (tmp_path / "out").glob("*.zip")} == {
        f"fuzz_{name}_seed_corpus.zip" for name in TARGETS
    }
    # Without a limit: libFuzzer takes the peak of the process that started it for its own, where that was more.
    options = ["-runs=5000", "-seed=1", "-rss_limit_mb=0", f"-artifact_prefix={tmp_path}/"]
    command = [tmp_path / "out" / "engine_fuzz", *options]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
@pytest.mark.parametrize("target", TARGETS)
def test_the_readers_run_under_atheris(target: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", f"tests.fuzz.oss.fuzz_{target}", "-runs=300", "-seed=1"]
    command.append(f"-artifact_prefix={tmp_path}/")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def test_its_project_is_one() -> None:
    project = safe_load((OSS / "project.yaml").read_text("utf-8"))
    assert project["language"] == "python"
    assert {"address", "undefined"} == set(project["sanitizers"])
