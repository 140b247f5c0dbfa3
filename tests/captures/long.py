"""Many captures, and a large one: every exchange is accounted for, and memory stays what it is.

    python -m tests.captures.long many --captures 5000 --jobs 2
    python -m tests.captures.long large --megabytes 500

The suite runs both short. Exit code 1 where a count is another than what was written.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.captures.support import REQUEST, RESPONSE, entry
from tests.captures.test_cases import BESIDE, CASES, RIGHT

_WRONG = REQUEST.replace(b'":1}', b'":"x"}')

# Runs a command and prints its peak. What a process begins with counts as well, and that is what its parent has: so the
# parent has to be small.
_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _ran(*words: object) -> tuple[dict[str, Any], float, int]:
    """Run ``validate`` with a report; give the report, the seconds, and the most memory that a process had (KB)."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        started = time.monotonic()
        command = [sys.executable, "-m", "convtool", "validate", *map(str, words), "--report", str(report), "-q"]
        done = subprocess.run([sys.executable, "-c", _PEAK, *command], capture_output=True, text=True, check=True)
        seconds = time.monotonic() - started
        found: dict[str, Any] = json.loads(report.read_bytes())
    return found, seconds, int(done.stdout)


def verdicts_of(exchanges: dict[str, Any]) -> Counter[str]:
    """Give how often each side has each verdict, in counts as ``captures.Tally`` has them."""
    found: Counter[str] = Counter()
    for statuses in exchanges.get("operations", {}).values():
        for row in statuses.values():
            for side in row.keys() - {"exchanges"}:
                found.update({f"{side} {verdict}": times for verdict, times in row[side].get("verdicts", {}).items()})
    return found


def many(captures: int, jobs: int) -> bool:
    """Write captures of all kinds into a folder, and compare what came of their exchanges with what is in them."""
    expected: Counter[str] = Counter(["response valid"])  # of the body that lies beside them
    names = list(RIGHT)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, BESIDE).write_bytes((CASES / BESIDE).read_bytes())
        for number in range(captures):
            name = names[number % len(names)]
            expected.update(RIGHT[name][0])
            path = Path(folder, f"{number // 100:03}", f"{number:05}-{name}")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes((CASES / name).read_bytes())
            if name == "playwright-file.har":
                (path.parent / BESIDE).write_bytes((CASES / BESIDE).read_bytes())
        report, seconds, memory = _ran(folder, "--jobs", jobs)
        bodies = len(list(Path(folder).rglob(BESIDE)))
    summary = report["summary"]
    found = verdicts_of(summary["exchanges"])
    found["response valid"] += 1
    whole = found == expected and summary["files"] == captures + bodies
    alone = summary["statuses"]["valid"] + sum(summary["statuses"][name] for name in ("invalid", "no verdict"))
    whole = whole and alone == captures + bodies
    print(
        f"{captures} captures, {jobs} jobs: {sum(found.values())} verdicts of {sum(expected.values())}, "
        f"{seconds:.1f} s, {memory / 1024:.0f} MB at most in one process; {'as written' if whole else 'NOT as written'}"
    )
    return whole


def large(megabytes: int) -> bool:
    """Write a HAR of so many megabytes, and compare what came of its exchanges with what is in it."""
    records = b"[" + b",".join([RESPONSE[1:-1]] * 200) + b"]"
    good, bad = (json.dumps(entry(request=request, body=records)).encode() + b",\n" for request in (REQUEST, _WRONG))
    written = count = 0
    expected: Counter[str] = Counter()
    with tempfile.NamedTemporaryFile(suffix=".har") as file:
        file.write(b'{"log":{"version":"1.2","entries":[\n')
        while written < megabytes << 20:
            count += 1
            one = good if count % 10 else bad
            expected.update(["request valid" if count % 10 else "request invalid", "response valid"])
            written += file.write(one)
        file.seek(-2, 2)
        file.write(b"]}}")
        file.truncate()
        file.flush()
        report, seconds, memory = _ran(file.name)
    exchanges = report["summary"]["exchanges"]
    whole = verdicts_of(exchanges) == expected
    whole = whole and exchanges["operations"]["POST api/ConsommationV2"]["200"]["exchanges"] == count
    print(
        f"a HAR of {written / 1e6:.0f} MB: {count} exchanges, {seconds:.1f} s, {memory / 1024:.0f} MB of memory; "
        f"{'as written' if whole else 'NOT as written'}"
    )
    return whole and memory < 200 << 10


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    of_many = commands.add_parser("many")
    of_many.add_argument("--captures", type=int, default=5000)
    of_many.add_argument("--jobs", type=int, default=2)
    of_large = commands.add_parser("large")
    of_large.add_argument("--megabytes", type=int, default=500)
    given = parser.parse_args()
    sys.exit(not (many(given.captures, given.jobs) if given.command == "many" else large(given.megabytes)))
