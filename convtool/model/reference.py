"""The reference libraries on a record: xmlschema and jsonschema check what the model cannot hold.

That is patterns, assertions, if/then and the like. Only contracts whose ``extra`` is not empty come here. Each record
is checked in both forms, whatever it came in: the schemas are the truth about the value.

A user's pattern may take for ever on a text that was made for it, and nothing in Python can stop it from within. So the
libraries run in a process of their own (``judge``), which is started with the first record, asked with each, and ended
when an answer takes longer than ``LIMITS.pattern`` seconds. What all records of a payload take is bounded as well, by
an ``Allowance``. Threads take turns.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from convtool.errors import ContractError
from convtool.limits import LIMITS
from convtool.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Allowance", "Reference", "Violation"]

_USUAL = 0.01  # seconds of one document that are not counted: a payload may have millions
_LEAST = 1e-6  # seconds
_START = 30.0  # before the first: Python starts, and schemas are loaded
_LOOK = 0.1  # seconds between looks at how long an answer takes


@dataclass(frozen=True, slots=True)
class Violation:
    """What a reference library says against a document: its message, and the path by that library's lights."""

    message: str
    path: str


@dataclass(slots=True)
class Allowance:
    """The seconds that are left for the records of one payload."""

    left: float = field(default_factory=lambda: LIMITS.patterns)

    @property
    def is_spent(self) -> bool:
        """Whether there are none: less than any answer takes."""
        return self.left < _LEAST


@dataclass(slots=True)
class Reference:
    """The two schemas of a contract, and the process that holds documents against them."""

    name: str
    xsd: Callable[[], Path]
    json_schema: Path
    _judge: _Process | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __reduce__(self) -> tuple[type[Reference], tuple[str, Callable[[], Path], Path]]:
        """Travel as the paths of the schemas, which have to be the same where it arrives."""
        return Reference, (self.name, partial(Path, self.xsd().resolve()), self.json_schema.resolve())

    def check_xml(self, document: str, allowance: Allowance) -> Iterator[Violation]:
        """Yield what the XSD says against a document in wire form; the time goes from the allowance."""
        yield from self._check("xml", document, allowance)

    def check_json(self, document: bytes, allowance: Allowance) -> Iterator[Violation]:
        """Yield what the JSON Schema says against a document; the time goes from the allowance."""
        yield from self._check("json", document.decode(), allowance)

    def _check(self, form: str, document: str, allowance: Allowance) -> list[Violation]:
        if allowance.is_spent:
            return []  # who has the allowance says so
        with self._lock:
            # Pipes are of one process: after a fork, a new judge is started.
            if self._judge is None or self._judge.owner != os.getpid():
                self._judge = _Process(self.xsd(), self.json_schema)
            answer = self._judge.ask(form, document, allowance)
            if answer is None:
                self._judge = None
                if allowance.is_spent:
                    return []
                message = f"the check takes longer than {LIMITS.pattern:g} seconds: one of the schema's patterns does"
                return [Violation(message, "")]
        if "error" in answer:
            raise ContractError(f"{self.name}: {answer['error']}")
        return [Violation(message, path) for message, path in answer["violations"]]


class _Process:
    """A judge in a process of its own; it ends when the object does."""

    def __init__(self, xsd: Path, json_schema: Path) -> None:
        # As this interpreter finds modules: not by the working folder, in which anything may lie.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
        command = [
            sys.executable,
            "-P",
            "-m",
            "convtool.model.judge",
            str(xsd.resolve()),
            str(json_schema.resolve()),
        ]
        try:
            process = subprocess.Popen(  # noqa: S603 - this interpreter, and files of the schema folder
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
            )
        except OSError as error:
            raise ContractError(f"the reference libraries cannot be started: {error}") from None
        assert process.stdin is not None
        assert process.stdout is not None
        self.owner = os.getpid()
        self._asked: IO[bytes] = process.stdin
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._fresh: set[str] = {"xml", "json"}
        threading.Thread(target=_forward, args=(process.stdout, self._answers), daemon=True).start()
        self.end = weakref.finalize(self, _end, process, self.owner)

    def ask(self, form: str, document: str, allowance: Allowance) -> dict[str, Any] | None:
        """Give the judge's answer, or None where it does not come in time; that is counted, but for loading."""
        if form in self._fresh:
            self._fresh.discard(form)
            loaded, _ = self._exchange(form, None, _START)
            if loaded is None or "error" in loaded:
                return loaded
        answer, took = self._exchange(form, document, min(LIMITS.pattern, allowance.left))
        allowance.left -= took if answer is None else max(0.0, took - _USUAL)
        return answer

    def _exchange(self, form: str, document: str | None, seconds: float) -> tuple[dict[str, Any] | None, float]:
        """Give an answer, or None where it does not come in time, and the seconds that it took."""
        watch, line = Stopwatch(_LOOK), None
        try:
            self._asked.write(json.dumps([form, document]).encode() + b"\n")
            self._asked.flush()
            while line is None and watch.look() < seconds:
                with suppress(queue.Empty):
                    line = self._answers.get(timeout=min(_LOOK, seconds - watch.seconds))
        except OSError:
            line = b""
        if line is None:
            self.end()
            return None, seconds
        if not line:
            self.end()
            raise ContractError("the process of the reference libraries has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer, watch.look()


def _forward(answers: IO[bytes], to: queue.SimpleQueue[bytes]) -> None:
    """Put each line into a queue, which unlike a pipe can be waited for with a bound on every system."""
    with answers:
        for line in answers:
            to.put(line)
        to.put(b"")


def _end(process: subprocess.Popen[bytes], owner: int) -> None:
    if owner == os.getpid():
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()
