"""Runs attacks, each in a process of its own, and writes the log: see the package."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from tests.hostile_text import COMMANDS
from tests.security.attacks import MEMORY, SECONDS, Attack

AREAS = ("payloads", "archives", "captures", "files", "schemas")
LOG = Path(__file__).parents[3] / "docs" / "attacks.md"
_MEASURED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, timeout=60)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss]), file=sys.stderr)
"""
_ENDED = re.compile(r"\x1b|\x9b|Traceback|internal error")


class Came(NamedTuple):
    """What came of an attack."""

    code: int
    said: str
    seconds: float
    megabytes: float


def every() -> list[Attack]:
    """Give all attacks."""
    return [one for area in AREAS for one in import_module(f"tests.security.attacks.{area}").ATTACKS]


def wrong(attack: Attack, came: Came, folder: Path) -> str:
    """Say what is wrong with what came of an attack; nothing where all is well."""
    if came.code != attack.code:
        return f"exit code {came.code}, not {attack.code}"
    if (found := _ENDED.search(came.said)) is not None:
        return f"says {found[0]!r}"
    if COMMANDS.search(came.said):
        return "says a command to a runner"
    if attack.says not in came.said:
        return f"does not say {attack.says!r}"
    if attack.after is not None and not attack.after(folder):
        return "leaves something other than it should"
    if came.seconds > SECONDS or came.megabytes > MEMORY:
        return f"{came.seconds:.1f} s, {came.megabytes:.0f} MB"
    return ""


def run(attack: Attack) -> tuple[Came, str]:
    """Run an attack in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = attack.make(folder)
        program = [sys.executable, "-m", "convtool", *words]
        measured = subprocess.run(
            [sys.executable, "-I", "-c", _MEASURED, *program],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )  # a small process between them: what a process has when it begins is what its parent has
        text = measured.stdout.decode("utf-8", "replace")
        code, seconds, kilobytes = json.loads(measured.stderr)
        came = Came(code, text, seconds, kilobytes / 1024)
        return came, wrong(attack, came, folder)


def main(areas: list[str]) -> int:
    """Run the attacks of some areas, of all where none is named; then write the log."""
    rows: dict[str, list[str]] = {}
    failed = 0
    for attack in every():
        if areas and attack.area not in areas:
            continue
        came, problem = run(attack)
        failed += bool(problem)
        last = f"**{problem}**" if problem else attack.says.strip("[]") and f"`{attack.says}`"
        row = f"| {attack.name} | {came.code} | {last} | {came.seconds:.2f} | {came.megabytes:.0f} |"
        rows.setdefault(attack.area, []).append(row)
        print(f"{attack.area}: {row}", flush=True)
        if problem:
            print("\n".join(f"    {line}" for line in came.said.splitlines()[:6]), flush=True)
    count = sum(map(len, rows.values()))
    print(f"{count} attacks, {failed} of them not as they should be")
    if not areas and not failed:
        LOG.write_text(_log(rows, count), "utf-8")
    return int(failed > 0)


def _log(rows: dict[str, list[str]], count: int) -> str:
    parts = [
        f"""# Attacks

{count} attacks, each run by `python -m tests.security.attacks` in a process of its own, which wrote this page on {time.strftime("%Y-%m-%d")}:
the exit code, what has to be said, seconds of the processor (of which Python takes 0.2 to start), megabytes at most (of which it
takes 40). None may take more than {SECONDS:g} seconds and {MEMORY} MB, show a traceback, an internal error, a control character or a
command to a runner of pipelines, or leave anything behind that it should not. `tests/security/test_attacks.py` runs all but the
largest. The stub of an API has its own (`tests/testing/test_stub_hostile.py`), and so have the files in `tests/security/hostile`."""
    ]
    for area, lines in rows.items():
        parts.append(f"## {area[0].upper()}{area[1:]}\n")
        parts[-1] += "\n| what | exit code | says | seconds | MB |\n|---|---|---|---|---|\n" + "\n".join(lines)
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
