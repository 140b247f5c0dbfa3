"""Kills runs at random instants and takes them up again: what comes out must be what an undisturbed run gives.

    python -m tests.batch.kill                         # 100 kill -9, 25 SIGINT, 25 SIGTERM, for each kind of output
    python -m tests.batch.kill --kills 3 --signals 1   # seconds

Exit 0, or 1 if a file was torn, lost, left over or different.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.batch.tree import make_tree

COMMAND = [sys.executable, "-c", "from convtool.cli import main; main()"]
OUTS = ("out/", "out.ndjson", "out.zip")
TEMPORARY = "tmp"  # where the system's temporary files go: what is left there is left over
ENDED = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}


def convert(source: Path, folder: Path, out: str, *options: str) -> subprocess.Popen[bytes]:
    """Start a run in a process group of its own."""
    command = [*COMMAND, "convert", str(source), "-o", f"{folder}/{out}", "--quiet", "--jobs", "2", *options]
    (folder / TEMPORARY).mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(folder / TEMPORARY)}
    return subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, env=environment)


def outputs(folder: Path) -> dict[str, bytes]:
    """Give all that a run has left but its journal, by name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(".journal.ndjson"):
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def journalled(folder: Path, out: str) -> dict[str, tuple[str, str]]:
    """Give the last outcome of each file in the journal: status and check sum."""
    found = {}
    path = Path(f"{folder}/{out.rstrip('/')}.journal.ndjson")
    for line in path.read_bytes().splitlines() if path.exists() else []:
        entry = json.loads(line)
        if "source" in entry:
            found[f"{entry['source']}/{entry.get('member', '')}"] = (entry["status"], entry.get("sha256_out", ""))
    return found


class Trial:
    """One kind of output: what it should be, how long it takes, and what came of killing it."""

    def __init__(self, source: Path, base: Path, out: str) -> None:
        self.source, self.out, self.base = source, out, base
        self.complaints: list[str] = []
        self.ends: dict[int, int] = {}
        folder = base / "undisturbed"
        folder.mkdir()
        started = time.monotonic()
        process = convert(source, folder, out)
        _, said = process.communicate(timeout=300)
        self.seconds = time.monotonic() - started
        self.expected, self.journal = outputs(folder), journalled(folder, out)
        self.code = process.returncode
        self.size = Path(f"{folder}/{out.rstrip('/')}.journal.ndjson").stat().st_size
        if self.code not in (1, 2) or not self.expected:
            raise SystemExit(f"the undisturbed run ended with {process.returncode}: {said.decode()}")
        shutil.rmtree(folder)

    def disturb(self, number: signal.Signals, at: float, late: float) -> None:
        """Send a signal to a run at an instant, take it up, and hold what there is against what should be.

        ``at``: how far the run has come, by the size of its journal (0: before it has one; 1: all is noted); ``late``:
        seconds after that. So the instants are spread over the run, however fast the machine is at the moment.
        """
        folder = Path(tempfile.mkdtemp(dir=self.base))
        process = convert(self.source, folder, self.out)
        journal = Path(f"{folder}/{self.out.rstrip('/')}.journal.ndjson")
        # Before a program has begun, signals are Python's own.
        least = max(at * self.size, 0 if number is signal.SIGKILL else 1)
        while process.poll() is None and (journal.stat().st_size if journal.exists() else 0) < least:
            time.sleep(0.001)
        try:
            process.wait(timeout=late)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, number)
        _, said = process.communicate(timeout=60)
        self.ends[process.returncode] = self.ends.get(process.returncode, 0) + 1
        what = f"{self.out} {number.name} at {at:.3f} + {late:.3f} s"
        over = outputs(folder) == self.expected and journalled(folder, self.out) == self.journal
        # When all is done and Python shuts down, a signal may end it in the system's own way.
        if process.returncode not in (ENDED[number], self.code) and not (over and process.returncode == -number):
            self.complaints.append(f"{what}: ended with {process.returncode}: {said[-300:]!r}")
        if b"Traceback" in said:
            self.complaints.append(f"{what}: {said[-300:]!r}")
        self._look(folder, what, number)
        again = convert(self.source, folder, self.out, "--resume")
        _, said = again.communicate(timeout=300)
        if again.returncode != self.code:
            self.complaints.append(f"{what}: taken up, it ended with {again.returncode}: {said[-300:]!r}")
        found = outputs(folder)
        if found != self.expected:
            missing, more = self.expected.keys() - found.keys(), found.keys() - self.expected.keys()
            self.complaints.append(f"{what}: taken up, missing {missing}, left over {more}, or other bytes")
        if journalled(folder, self.out) != self.journal:
            self.complaints.append(f"{what}: taken up, the journal has other outcomes")
        shutil.rmtree(folder)

    def _look(self, folder: Path, what: str, number: signal.Signals) -> None:
        """Right after the end: what has the name of an output is whole; who was asked to stop left nothing else."""
        for name, data in outputs(folder).items():
            if name.startswith(f"{TEMPORARY}/"):
                self.complaints.append(f"{what}: left {name}")
            elif "/.convtool-" in f"/{name}":
                parts = name.endswith(".part")
                if number is not signal.SIGKILL and not parts:
                    self.complaints.append(f"{what}: left {name}")
            elif self.expected.get(name) != data:
                self.complaints.append(f"{what}: {name} is torn")


def main(argv: list[str] | None = None) -> int:
    """Do the trials; give 1 where there is a complaint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="kill -9 for each kind of output")
    parser.add_argument("--signals", type=int, default=25, help="SIGINT and SIGTERM for each kind of output")
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--outs", default=",".join(OUTS))
    parser.add_argument("--seed", type=int, default=6)
    options = parser.parse_args(argv)
    rng = random.Random(options.seed)
    complaints = []
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        tree = make_tree(base / "source", options.files, options.files // 20)
        for path in tree.root.rglob("*"):
            if path.is_file() and not path.is_symlink():
                os.utime(path, (1e9, 1e9))  # settled: what has not changed is known by its stamp
        for out in options.outs.split(","):
            trial = Trial(tree.root, base, out)
            times = {signal.SIGKILL: options.kills, signal.SIGINT: options.signals, signal.SIGTERM: options.signals}
            for number, count in times.items():
                for _ in range(count):
                    at = rng.uniform(-0.1, 1)
                    trial.disturb(number, at, rng.uniform(0, 0.05 if at > 0 else 0.4))
            complaints += trial.complaints
            for complaint in trial.complaints:
                print(complaint)
            ends = ", ".join(f"{count} × {code}" for code, count in sorted(trial.ends.items()))
            found = f"{len(trial.complaints)} complaints"
            print(f"{out}: {sum(times.values())} runs of {trial.seconds:.1f} s: ended with {ends}; {found}", flush=True)
            for complaint in trial.complaints:
                print(complaint)
    print(f"{len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
