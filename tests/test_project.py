"""What lies around the code for others: hooks, actions, workflows and what they name agree with the program."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from convtool._version import __version__

ROOT = Path(__file__).parent.parent
YAML = sorted(
    [*ROOT.glob(".github/**/*.yml"), ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml", ROOT / "CITATION.cff"]
)


def options(*command: str) -> str:
    run = [sys.executable, "-m", "convtool", *command, "--help"]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_it_is_yaml_and_names_files_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert yaml.safe_load(text)
    for name in re.findall(r"(?:bash|sh|python3) (\.ci/\w+)", text):
        assert (ROOT / name).is_file(), name


def test_hooks_call_commands_that_there_are() -> None:
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        program, *command = hook["entry"].split()
        assert program == "convtool"
        assert options(*command).startswith(f"Usage: convtool {' '.join(command)}")


def test_the_action_names_options_that_there_are() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    offered = options("validate")
    named = set(re.findall(r"--[a-z-]+", text.partition("id: validate")[2] or text.partition("name: Validate")[2]))
    assert named
    assert [name for name in named if name not in offered] == []


def test_the_action_judges_every_source_on_whatever_line(tmp_path: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    [step] = [one["run"] for one in action["runs"]["steps"] if one["name" if "name" in one else "uses"] == "Validate"]
    inputs = {name.upper(): value.get("default", "") for name, value in action["inputs"].items()}
    valid, invalid = ROOT / "samples" / "valid", ROOT / "samples" / "invalid"
    sources = f"{valid}/ParamModel.json  {valid}/ParamModel.xml\n{invalid}/ParamModel-nil.forbidden.json\n"
    where = {
        **os.environ, **inputs, "SOURCES": sources, "SCHEMAS": str(ROOT / "schemas"), "SARIF": "out.sarif",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    run = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step]  # as GitHub does
    done = subprocess.run(run, env=where, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "3 files: 2 valid, 1 invalid" in done.stderr
    assert "::error file=" in done.stdout
    assert "nil.forbidden" in (tmp_path / "out.sarif").read_text(encoding="utf-8")


def test_versions_agree() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__
    dated = re.search(r"^## (\S+) - (\S+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert dated is not None
    assert dated.groups() == (__version__, citation["date-released"])
    shown = [(ROOT / name).read_text(encoding="utf-8") for name in ("docs/elsewhere.md", ".github/gitlab.yml")]
    assert {version for text in shown for version in re.findall(r"\bv(\d+\.\d+\.\d+)", text)} == {__version__}


def changelog(version: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, ROOT / ".ci" / "changelog", version]
    return subprocess.run(run, capture_output=True, text=True, check=False)


def test_a_release_needs_its_version_in_the_package_and_in_the_changelog() -> None:
    other = changelog("99.0.0")
    assert other.returncode == 1
    assert "_version.py" in other.stderr
    own = changelog(__version__)
    released = f"\n## {__version__} - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (own.returncode == 0) is released
    assert own.stdout.strip() if released else "CHANGELOG.md" in own.stderr


def test_the_suite_and_its_long_form_are_all_tests() -> None:
    def named(file: str, *chosen: str) -> tuple[list[str], str]:
        run = [sys.executable, "-m", "pytest", "--collect-only", "-q", *chosen, f"tests/security/{file}"]
        lines = subprocess.run(run, capture_output=True, text=True, cwd=ROOT, check=True).stdout.splitlines()
        return [line for line in lines if "::" in line], lines[-1]

    (suite, told), (rest, _) = named("test_comments.py"), named("test_comments.py", "-m", "long")
    assert told.startswith(f"{len(suite)}/{len({*suite, *rest})} tests collected")
    assert sum("::test_xml[" in name for name in suite) == 2
    assert not any("::test_instructions_and" in name for name in suite)  # long by itself
    case = next(name for name in rest if "::test_xml[" in name)
    assert named(case.rpartition("/")[2])[0] == [case]
