"""A command at a pseudo-terminal of any width, and what stands on its screen afterwards."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import COMMAND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SECONDS = 60


def on_terminal(
    arguments: Sequence[str | Path],
    environment: Mapping[str, str],
    stdin: bytes | None = None,
    *,
    columns: int = 500,
    stdout: int | None = None,
    cwd: Path | None = None,
) -> tuple[int, str]:
    """Run a command whose standard streams are a terminal; give its exit code and all that the terminal was told.

    ``stdin``: what it reads from a pipe instead; ``stdout``: where its results go instead.
    """
    pty, fcntl, termios = map(pytest.importorskip, ("pty", "fcntl", "termios"))
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {name: value for name, value in environment.items() if name != "COLUMNS"}
    given = subprocess.PIPE if stdin is not None else terminal
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=given,
        stdout=terminal if stdout is None else stdout,
        stderr=terminal,
        env=environment,
        cwd=cwd,
    ) as process:
        os.close(terminal)
        if process.stdin is not None:
            process.stdin.write(stdin or b"")
            process.stdin.close()
        seen = b""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            try:
                part = os.read(controller, 65536)
            except OSError:  # Linux says so where the other side is closed
                break
            if not part:
                break
            seen += part
    os.close(controller)
    return process.returncode, seen.decode().replace("\r\n", "\n")


def screen(told: str) -> list[str]:
    """Give the lines that stand on a terminal in the end; AssertionError where it was told anything but text,
    colours, line feeds and carriage returns.
    """
    lines = []
    for line in _COLOUR.sub("", told).split("\n"):
        shown = ""
        for text in line.split("\r"):
            assert text.isprintable(), text
            shown = text + shown[len(text) :]
        lines.append(shown.rstrip(" "))
    return lines
