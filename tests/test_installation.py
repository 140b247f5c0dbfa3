"""Every line that says how to install convtool, run in a fresh environment; it takes minutes, so ``-m installation``.

``/path/to/checkout`` is this checkout. A line that names the distribution adds an extra to what was installed from
there, as long as there is none of that name to be had elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from convtool._version import DISTRIBUTION, HOME, ISSUES, __version__, install
from convtool.engine import ABI
from tests.support import ROOT
from tests.test_wheels import Installed, built, use

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DOCUMENTS = [
    ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "samples").rglob("*.md")),
    *sorted((ROOT / "convtool").rglob("*.py")),
]  # fmt: skip
LINE = re.compile(rf"pip\s+install\s+(?:--\S+\s+)*'?((?:{DISTRIBUTION}|/path/to/checkout)(?:\[([\w,]+)\])?)'?")
NO_NETWORK = ("No matching distribution found for hatchling", "Temporary failure in name resolution")


def lines() -> dict[str, list[str]]:
    """Give what is to be installed by each line that the documents and the messages have, with its extras."""
    found = {
        match[1]: (match[2] or "").split(",") if match[2] else []
        for path in DOCUMENTS
        for match in LINE.finditer(path.read_text("utf-8"))
    }
    return found | {f"{DISTRIBUTION}[{extra}]": [extra] for extra in EXTRAS}  # what `install` says of each


def test_the_lines_name_extras_that_there_are_and_nobody_elses_package() -> None:
    assert PROJECT["name"] == DISTRIBUTION
    assert (PROJECT["urls"]["Homepage"], PROJECT["urls"]["Issues"]) == (HOME, ISSUES)
    assert LINE.fullmatch(install("stub"))
    assert {extra for extras in lines().values() for extra in extras} <= EXTRAS.keys()
    assert "/path/to/checkout" in lines()
    texts = [path.read_text("utf-8") for path in DOCUMENTS]
    assert not [text for text in texts if re.search(r"pip\s+install\s+(?:--\S+\s+)*'?convtool\b(?!-)", text)]
    assert not [text for text in texts if re.search(r"\bconvtool\[\w+\]", text)]


def _pip(python: Path, *words: str) -> None:
    command = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    said = done.stdout + done.stderr
    if done.returncode and any(text in said for text in NO_NETWORK):
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0, said


@pytest.mark.installation
@pytest.mark.parametrize("what", sorted(lines()))
def test_a_line_works_in_a_fresh_environment(what: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "fresh"], check=True, timeout=120)
    python = tmp_path / "fresh" / "bin" / "python"
    if what.startswith(DISTRIBUTION):
        _pip(python, str(ROOT))
    _pip(python, what.replace("/path/to/checkout", str(ROOT)))
    check = (
        "import convtool, sys; from importlib.metadata import requires, version\n"
        f"names = [one for one in requires({DISTRIBUTION!r}) for extra in {lines()[what]!r} if repr(extra) in one]\n"
        "import re; print([version(re.match(r'[\\w.-]+', one)[0]) for one in names"
        " if 'python_version' not in one or sys.version_info < (3, 14)])\n"
        "assert convtool.contracts()\n"
    )
    done = subprocess.run([python, "-c", check], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    command = python.with_name("convtool")
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.startswith("convtool ")
    whole = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True, check=False, timeout=60)
    assert whole.returncode == 0, whole.stdout


@pytest.mark.installation
def test_the_wheel_is_the_same_twice_and_works_with_the_libraries_of_the_index(tmp_path: Path) -> None:
    wheel, _ = built(tmp_path / "one")
    again, _ = built(tmp_path / "two")
    assert wheel.read_bytes() == again.read_bytes()
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "fresh"], check=True, timeout=120)
    python = tmp_path / "fresh" / "bin" / "python"
    _pip(python, f"{wheel}[testing]")
    installed = Installed(python)
    assert installed.run("--version").splitlines()[1].startswith(f"engine {ABI}, {tmp_path}")
    use(installed, tmp_path)


@pytest.mark.installation
def test_what_goes_with_a_release() -> None:
    """The packages in dist/ are looked at by others' tools, and have a bill of materials and sums."""
    if not list((ROOT / "dist").glob(f"*-{__version__}-*.whl")):
        pytest.skip("sh .ci/wheels makes wheels")
    done = subprocess.run(["sh", ROOT / ".ci" / "bill"], capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = ROOT / "build" / "release"
    bill = json.loads((folder / "sbom.cdx.json").read_text("utf-8"))
    own = bill["metadata"]["component"]
    assert (bill["bomFormat"], own["name"], own["version"]) == ("CycloneDX", DISTRIBUTION, __version__)
    needed = {re.split(r"[^\w.-]", one)[0].lower() for one in PROJECT["dependencies"]}
    assert needed <= {one["name"].lower() for one in bill["components"]}
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines())
    files = [*(ROOT / "dist").glob(f"*-{__version__}*"), folder / "sbom.cdx.json"]
    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
