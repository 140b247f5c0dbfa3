"""The manual page is what the commands say, and what formatters take without a word."""

from __future__ import annotations

import re
import shutil
import subprocess

import manual
import pytest

from convtool.cli.app import app
from convtool.cli.gaps import commands
from convtool.cli.grammar import Option
from tests.support import ROOT

TEXT = manual.PATH.read_text("utf-8")


def test_it_is_up_to_date() -> None:
    assert manual.text() == TEXT, "run: python docs/generate.py"
    assert TEXT.isascii()


def test_it_has_every_command_option_and_variable() -> None:
    plain = TEXT.replace(r"\-", "-")
    for name, command in commands(app):
        section = plain.partition(f"\n.SS convtool {name}\n")[2].partition("\n.S")[0]
        shown = [one.shown[0] for one in command.params if isinstance(one, Option)]
        assert [word for word in shown if word not in section and f"\\fB{word}, " not in plain] == []
    code = [path.read_text("utf-8") for path in (ROOT / "convtool").rglob("*.py")]
    variables = {name for text in code for name in re.findall(r"\bCONVTOOL_[A-Z]+\b", text)}
    assert len(variables) > 5
    assert [name for name in variables if f"\n\\fB{name}\\fR\n" not in TEXT] == []


@pytest.mark.parametrize(
    "command",
    [
        ["mandoc", "-T", "lint", "-W", "all"],
        ["groff", "-z", "-w", "all", "-man", "-K", "utf8", "-T", "utf8"],
        ["man", "--warnings", "-l"],
    ],
    ids=lambda command: command[0],
)
def test_formatters_find_nothing(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"there is no {command[0]} here")
    done = subprocess.run([*command, manual.PATH], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    if command[0] == "man":
        assert all(heading in done.stdout for heading in ("SYNOPSIS", "EXIT STATUS", "convtool contracts derive"))
    else:
        assert done.stdout == ""
