"""What the documents show is run: Python blocks of one file share a namespace, console blocks run line by line.

The commands of one file share a folder that has all that the checkout has, and what they make stays in it. A Python
block that begins with the name of a file, such as ``# test_it.py``, is that file.

A line after ``$ command`` that is not empty is the output that is expected; a block without any only has to run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import picture
import pytest

ROOT = Path(__file__).parent.parent
FILES = [path for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if path.exists()]
PUBLIC = ("convtool", "convtool.batch", "convtool.captures", "convtool.testing")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path: Path, kind: str) -> list[str]:
    return [text for word, text in BLOCK.findall(path.read_text(encoding="utf-8")) if word == kind]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_python_examples(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    namespace: dict[str, object] = {"__name__": "example"}
    for block in blocks(path, "python"):
        # The name is no file's: Hypothesis would take the document for the example's source.
        exec(compile(block, f"<{path.name}>", "exec"), namespace)
    capsys.readouterr()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_console_examples(path: Path, tmp_path: Path) -> None:
    for entry in ROOT.iterdir():
        if not entry.name.startswith(".") and entry.name not in ("build", "dist"):
            (tmp_path / entry.name).symlink_to(entry)
    for block in blocks(path, "python"):
        if name := re.match(r"# (\w+\.py)\n", block):
            (tmp_path / name[1]).write_text(block, encoding="utf-8")
    where = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for block in blocks(path, "console"):
        for part in block.split("$ ")[1:]:
            command, _, expected = part.partition("\n")
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=tmp_path,
                env=where,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode in ((0, 1) if "convtool" in command else (0,)), (command, done.stdout, done.stderr)
            assert "Traceback" not in done.stderr
            if expected.strip():
                assert done.stdout.strip() == expected.strip()


def test_the_picture_of_an_error_is_what_the_program_says() -> None:
    assert picture.PATH.read_text(encoding="utf-8") == picture.svg(), "run: python docs/generate.py"
    drawn = "".join(ElementTree.parse(picture.PATH).getroot().itertext())
    assert all(part in drawn for part in (picture.COMMAND, "error", "^^^", "hint: ", "1 error"))


def test_ci_runs_the_second_command_of_the_readme() -> None:
    commands = [
        line for block in blocks(ROOT / "README.md", "sh") for line in block.splitlines() if ".ci/setup" in line
    ]
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_in_the_reference(name: str) -> None:
    module = import_module(name)
    reference = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    _, _, section = reference.partition(f"## {name}\n")
    section = section.partition("\n## ")[0]
    public = [word for word in module.__all__ if not word.startswith("__")]
    assert [word for word in public if not re.search(rf"\b{word}\b", section)] == []
    told = [getattr(module, word) for word in public]
    assert [it for it in told if callable(it) and not (it.__doc__ or "").strip()] == []


def test_every_page_is_in_the_site() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8").splitlines()
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}
    assert pages <= set(index)
