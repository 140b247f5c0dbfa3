"""Whole processes: the program's start, and the conversion of a small file, against imports alone.

A process is timed by what the system says of it when it has ended, not by a clock around it. Its peak memory never
comes out below the size of the process that started it, about 15 MB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from benchmarks.cases import Case, Ended, NotThere, Run

__all__ = ["CASES"]

_SMALL = 10_000  # bytes; what is measured is the start, not the work
_CALL = "import sys; from convtool.cli import main; sys.exit(main())"
# ru_maxrss counts kilobytes on Linux, bytes on macOS.
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


def _spawn(command: list[str], out: Path | None) -> Ended:
    """Run a command to its end; its result is the file it was to write, or True, or False if it exited with 1."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    with process:
        assert process.stderr is not None
        errors = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode not in (0, 1) or "Traceback" in errors:
        raise RuntimeError(f"{' '.join(command)} exited with {process.returncode}: {errors[-500:]}")
    result = False if process.returncode else out or True
    return Ended(result, usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * _MAXRSS_UNIT)


def _program() -> list[str]:
    """Give the installed program's start, or the same call as its script makes."""
    found = find_spec("convtool.cli")
    if found is None or found.origin is None:  # nothing, or a folder without a module yet
        raise NotThere("not there yet: convtool.cli")
    script = Path(sys.executable).with_name("convtool")
    return [str(script)] if script.exists() else [sys.executable, "-c", _CALL]


def _imports(*names: str) -> Case:
    def prepare(_source: Path, _scratch: Path) -> Run:
        return lambda: _spawn([sys.executable, "-c", f"import {', '.join(names)}"], None)

    way = "import-" + "-".join(names)
    return Case("start", way, prepare, f"start/{way}", reaches=_SMALL)


def _help(_source: Path, _scratch: Path) -> Run:
    program = _program()
    return lambda: _spawn([*program, "--help"], None)


def _convert(form: str) -> Case:
    def prepare(source: Path, scratch: Path) -> Run:
        out = scratch / f"out.{form}"
        command = [*_program(), "convert", str(source), "-o", str(out), "--to", form]

        def run() -> Ended:
            out.unlink(missing_ok=True)  # a run that writes nothing must not pass with the last run's file
            return _spawn(command, out)

        return run

    return Case(f"program-{form}", "convtool", prepare, f"start/{_EVERYTHING.way}", ours=True, reaches=_SMALL)


_CLICK = _imports("click")
_EVERYTHING = _imports("lxml.etree", "msgspec", "click")

CASES = (
    _CLICK,
    _EVERYTHING,
    Case("start", "convtool-help", _help, _CLICK.name, reaches=_SMALL),
    _convert("json"),
    _convert("xml"),
)
