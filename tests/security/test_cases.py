"""Attacks that once came through, each as it was filed: a ``run.sh`` that says what it is about, and what it must say.

Three and more of the kind of each are in ``attacks/`` (references, gzip members, journals, reports, patterns of names,
aliases), ``test_patterns``, and the tests of the stub.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).parents[1] / "cases" / "security"
# case → what it has to say, and what it must not
SAID: dict[str, tuple[str, str]] = {
    "attribute-control-reference": (r"\[xml\.character\][\s\S]*rc=1", "rc=0"),
    "gzip-members-quadratic": (r"10000 gzip streams\. \[capture\.limit\][\s\S]*real\s+0m", r"real\s+0m[1-9][0-9]"),
    "journal-damaged": (r"\A\Z", "error"),
    "journal-resume-truncates": (r"is no journal of convtool[\s\S]*my notes\nline 2", "journal\":"),
    "names-nfkc": (r'"\u1f71":2\}\]\nimpossible date accepted: False[\s\S]*__module__', "accepted: True|Traceback"),
    "pattern-without-breaker": (r"\[value\.schema\][\s\S]*\[limit\.patterns\]", r"real\s+[1-9]+m"),
    "report-overwrites-input": (r'is a source itself[\s\S]*\{"Debut"', '"version"'),
    "resume-trusts-size": (r"rc=0\n00000000: 3c50", "00000000: 0000"),
    "stub-chunk-lie": (r"(?:rss [0-9]{2} MB; body recorded: 0 bytes.*\n){2}", "Traceback"),
    "stub-requests-surrogate": (r"400 BAD REQUEST[\s\S]*413 REQUEST[\s\S]*403 FORBIDDEN", " 500 |Traceback"),
    "terminal-injection": (r"\\x1b\]0;pwn\\x07\.json: refused", r"\x1b|\^\[|^::error"),
    "white-space-memory": (r":1:2: error: .* \[limit\.space\]", "Traceback|MemoryError|[0-9]{6} .*convtool validate"),
    "yaml-alias-bomb": (r"\[capture\.limit\][\s\S]*nine levels[\s\S]*\[capture\.limit\][\s\S]*rc=1", "rc=124"),
}  # fmt: skip


def test_every_case_is_here() -> None:
    assert {path.name for path in CASES.iterdir()} == set(SAID)


@pytest.mark.parametrize("name", SAID)
@pytest.mark.short(6)
def test_a_case(name: str, tmp_path: Path) -> None:
    shutil.copytree(CASES / name, tmp_path / name)
    if "| xxd" in (CASES / name / "run.sh").read_text("utf-8") and shutil.which("xxd") is None:
        pytest.skip("xxd is not installed")
    convtool = f"{sys.executable} -m convtool"
    patient = {"CONVTOOL_LIMITS": "payload.pattern=1 payload.patterns=1.5"} if name.startswith("pattern") else {}
    done = subprocess.run(
        ["bash", "run.sh"], cwd=tmp_path / name, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=120,
        stderr=subprocess.STDOUT, env={**os.environ, "C": convtool, "PY": sys.executable, **patient}, check=False,
    )  # fmt: skip
    said = done.stdout.decode("utf-8", "replace")
    wanted, never = SAID[name]
    assert re.search(wanted, said), said
    assert not re.search(never, said, re.MULTILINE), said
