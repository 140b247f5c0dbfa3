"""Shells complete the words of convtool: each of them is started, and its Tab key is pressed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT

if TYPE_CHECKING:
    from tests.cli.conftest import Run

SHARE = ROOT / "share"  # as a wheel installs it
PROMPT = "ready> "
WORDS = {
    "convtool conv": "convtool convert",
    "convtool contracts der": "convtool contracts derive",
    "convtool contracts Par": "convtool contracts ParamModel",
    "convtool help contracts der": "convtool help contracts derive",
    "convtool sample Arr": "convtool sample ArrayOfReponseV2Model",
    "convtool validate --contract Par": "convtool validate --contract ParamModel",
    "convtool validate --output-f": "convtool validate --output-format",
    "convtool validate --output-format sar": "convtool validate --output-format sarif",
    "convtool validate --ignore date.off": "convtool validate --ignore date.offset",
    "convtool explain member.ord": "convtool explain member.order",
    "convtool completion fi": "convtool completion fish",
}
ARGUMENTS = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"]}
BEGUN = {
    "bash": [
        "bind 'set enable-bracketed-paste off'",
        f". {SHARE}/bash-completion/completions/convtool",
        f"PS1='{PROMPT}'",
    ],
    "zsh": [
        "unsetopt zle_bracketed_paste prompt_sp",
        f"fpath=({SHARE}/zsh/site-functions $fpath)",
        "autoload -U compinit && compinit -u -D",
        "zstyle ':completion:*' insert-tab false",  # or keys that are waiting make the Tab key one of them
        f"bindkey -e; PROMPT='{PROMPT}'",
    ],
}
_SECONDS = 60


def environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "TERM": "dumb", "CONVTOOL_SCHEMAS": str(ROOT / "schemas"), "LC_ALL": "C.UTF-8"}


class Shell:
    """An interactive shell at a terminal."""

    def __init__(self, name: str, folder: Path) -> None:
        import pty

        self._controller, terminal = pty.openpty()
        self._process = subprocess.Popen(
            [name, *ARGUMENTS[name]], stdin=terminal, stdout=terminal, stderr=terminal, cwd=folder, env=environment(),
            start_new_session=True,
        )  # fmt: skip
        os.close(terminal)
        self._told = ""
        self.type("; ".join(BEGUN[name]) + "\r")

    def type(self, keys: str) -> None:
        os.write(self._controller, keys.encode())

    def until(self, text: str) -> str:
        """Give what the terminal was told up to a text."""
        deadline = time.monotonic() + _SECONDS
        while text not in self._told:
            assert time.monotonic() < deadline, self._told
            self._told += os.read(self._controller, 65536).decode(errors="replace").replace("\r", "")
        before, _, self._told = self._told.partition(text)
        return before

    def completed(self, words: str) -> str:
        """Give what the Tab key makes of a line: it is not run, but echoed between marks."""
        self.until(f"\n{PROMPT}")
        self.type(f"{words}\t\x01echo '<' \x05 '>'\r")
        told = self.until(" >\n").rpartition("\n< ")[2]
        self.type("\r")
        return told.strip()

    def end(self) -> None:
        self.type("exit\r")
        os.close(self._controller)
        self._process.wait(_SECONDS)


@pytest.mark.parametrize("name", BEGUN)
@pytest.mark.short(1)
def test_the_tab_key_completes(name: str, tmp_path: Path) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name} here")
    shell = Shell(name, tmp_path)
    made = {words: shell.completed(words) for words in WORDS}
    shell.end()
    assert made == WORDS


def test_fish_completes(tmp_path: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("there is no fish here")
    where = {**environment(), "HOME": str(tmp_path), "XDG_DATA_DIRS": str(SHARE)}  # where it finds it by its name
    for words, wanted in WORDS.items():
        command = ["fish", "-c", f'complete -C "{words}"']
        done = subprocess.run(command, cwd=tmp_path, env=where, capture_output=True, text=True, check=True, timeout=60)
        assert wanted.split()[-1] in done.stdout.split(), words


def test_there_is_a_script_for_three_shells(run: Run) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert f"_CONVTOOL_COMPLETE={shell}_complete" in run("completion", shell).stdout
    assert run("completion", "cmd").exit_code == 2
