"""How a worker's process comes to be: a copy of this process where that is safe, else a Python of its own.

A copy is at work at once; a new Python takes a third of a second to import what it needs. A process may be copied while
it has one thread only, since a lock that another thread holds would stay locked in the copy for ever; and on Linux
only, since what other systems' libraries do does not survive it.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NoReturn, Protocol, cast

from convtool.batch.worker import main

if TYPE_CHECKING:
    from convtool.batch.slot import Slot

__all__ = ["QUIET", "Process", "can_fork", "fork", "is_stopped", "spawn"]

#: Signals that are for the run, not for its workers: it ends them.
QUIET = {number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None}
_START = "import sys, os; sys.path[:] = sys.argv[1].split(os.pathsep); from convtool.batch.worker import main; main()"
# -P: the folder that one happens to be in is no place to import from.
_COMMAND = (sys.executable, "-P", "-c", _START)
_GLANCE = 0.005  # seconds between looks at a copy that is ending
_STANDARD = 3  # descriptors below are input, output, errors


class Process(Protocol):
    """A worker's process: messages go to ``stdin``, and come from ``stdout``."""

    pid: int
    stdin: BinaryIO
    stdout: BinaryIO

    def kill(self) -> None:
        """End it at once."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Give its exit code (negative: the signal) when it has ended; subprocess.TimeoutExpired where it has not."""
        ...


def spawn(slot: Slot) -> Process:
    """Start a Python of its own; it imports what this one would."""
    command = [*_COMMAND, os.pathsep.join(folder or os.getcwd() for folder in sys.path)]
    started = subprocess.Popen(  # noqa: S603 - this Python
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=slot.passed
    )
    return cast("Process", started)


def is_stopped(process: Process) -> bool:
    """Tell whether somebody has stopped a process (SIGSTOP): it does nothing until it is told to go on."""
    if not hasattr(os, "waitid"):
        return False
    try:
        return os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    except OSError:  # it has ended
        return False


def can_fork() -> bool:
    """Tell whether this process may be copied."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # threads of libraries count as well
    except OSError:
        return False


def fork(slot: Slot) -> Process:
    """Copy this process; only where ``can_fork``."""
    tasks, results = os.pipe(), os.pipe()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, QUIET)  # none may come before the copy has blocked them
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        pass  # nothing of it is written by the copy in any case
    try:
        pid = os.fork()
        if not pid:
            _work(tasks[0], results[1], slot)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    os.close(tasks[0])
    os.close(results[1])
    return _Copy(pid, os.fdopen(tasks[1], "wb"), os.fdopen(results[0], "rb"))


def _work(tasks: int, results: int, slot: Slot) -> NoReturn:
    """Be a worker, and nothing else: what this process has open is not the worker's."""
    code = 1
    try:
        os.dup2(tasks, 0)
        os.dup2(results, 1)
        os.closerange(_STANDARD, slot.passed[0])
        os.closerange(slot.passed[0] + 1, os.sysconf("SC_OPEN_MAX"))
        gc.freeze()  # what is shared with the original stays so: the collector would write to all of it
        main()
        code = 0
    finally:
        os._exit(code)  # what the original would do at its end is not for a copy to do


class _Copy:
    """A copy of this process."""

    def __init__(self, pid: int, stdin: BinaryIO, stdout: BinaryIO) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self.pid = pid
        self._code: int | None = None

    def kill(self) -> None:
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        until = None if timeout is None else time.monotonic() + timeout
        while self._code is None:
            ended, status = os.waitpid(self.pid, 0 if until is None else os.WNOHANG)
            if ended:
                self._code = os.waitstatus_to_exitcode(status)
            elif until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("worker", timeout or 0)
            else:
                time.sleep(_GLANCE)
        return self._code
