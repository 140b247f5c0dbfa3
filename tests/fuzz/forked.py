"""Judges as copies of this process: a new Python, with all that it imports, is no part of what the fuzzers try.

``convtool.model.reference`` starts one for each contract whose schemas it asks, and of schema files at random there is
another contract each time: that took a sixth of the time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, Any

import convtool.model.reference
from convtool.model import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["forked"]


class _Judge:
    """What ``reference`` uses of a subprocess.Popen."""

    def __init__(self, command: list[str], **_: Any) -> None:
        questions, answers = os.pipe(), os.pipe()
        self._process = os.fork()
        if not self._process:
            _answer(command, questions, answers)
        os.close(questions[0])
        os.close(answers[1])
        self.stdin: IO[bytes] = os.fdopen(questions[1], "wb")
        self.stdout: IO[bytes] = os.fdopen(answers[0], "rb")

    def kill(self) -> None:
        os.kill(self._process, signal.SIGKILL)

    def wait(self) -> None:
        os.waitpid(self._process, 0)


def _answer(command: list[str], questions: tuple[int, int], answers: tuple[int, int]) -> None:
    try:
        os.close(questions[1])
        os.close(answers[0])
        sys.argv = command[-3:]
        sys.stdin, sys.stdout = os.fdopen(questions[0], "r"), os.fdopen(answers[1], "w")
        judge.main()
    finally:
        os._exit(0)


@contextmanager
def forked() -> Iterator[None]:
    """Start judges as copies, where a system has them, for as long as the block lasts."""
    usual = convtool.model.reference.subprocess
    if hasattr(os, "fork"):
        names = {"Popen": _Judge, "PIPE": subprocess.PIPE, "DEVNULL": subprocess.DEVNULL}
        convtool.model.reference.subprocess = SimpleNamespace(**names)  # type: ignore[assignment]
    try:
        yield
    finally:
        convtool.model.reference.subprocess = usual
