"""Two ways to run the command line: within the test (fast), and as a process (pipes, signals, terminals)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from click.testing import CliRunner, Result

from convtool.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from convtool.cli import main; main()"]


class Run(Protocol):
    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Result: ...


class RunProcess(Protocol):
    def __call__(
        self, *arguments: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]: ...


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A user's environment without the settings that change what is tested; contracts are compiled once."""
    unset = ("NO_COLOR", "FORCE_COLOR", "CONVTOOL_SCHEMAS", "CONVTOOL_DEBUG", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    ours = {"TMPDIR": str(tmp_path_factory.mktemp("tmp"))}  # where an internal error leaves its trace
    return {
        **kept,
        **ours,
        "CONVTOOL_CACHE": str(tmp_path_factory.mktemp("cache")),
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm",
    }


@pytest.fixture(autouse=True)
def in_that_environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(os.environ) - set(environment):
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def run() -> Run:
    """Run a command within the test; its standard input is a pipe with the bytes of ``stdin``."""

    def runner(*arguments: str | Path, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin, prog_name="convtool")

    return runner


@pytest.fixture
def run_process(environment: dict[str, str]) -> RunProcess:
    """Run a command as a process of its own."""

    def runner(
        *arguments: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
            env={**environment, **(env or {})},
        )

    return runner
