"""Runs a small batch again and again, each time with another call of the C library failing: a disk is broken, or full.

    python -m tests.batch.faults                 # the Nth open, read, write, sync, rename fails, for every N; minutes
    python -m tests.batch.faults --every 9       # every ninth N; seconds

Needs Linux and a C compiler, for ``fault.c``. Prints for each kind of output and call how many there are, and what was
wrong after one had failed; exit 1 if anything was.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import faulthandler
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from itertools import count
from pathlib import Path

from convtool import batch
from convtool.catalog import Catalog
from convtool.cli.app import run
from convtool.places import disks
from convtool.places import writing as groups
from tests.batch.tree import GOOD_XML, PACK, tarred, zipped

CALLS = ("open", "read", "write", "fsync", "syncfs", "rename")
TOGETHER = 4  # outputs that are put on disk together: so there are several groups, and the thread that does it
OUTS = ("out/", "all.ndjson", "all.zip")
ERRORS = {"read": (errno.EIO,)}  # a disk that is full can be read
OLD = b"old"
LIBRARY = "fault.so"


def make(base: Path) -> None:
    """Make sources in several forms."""
    source = base / "source"
    source.mkdir(parents=True)
    numbered = [GOOD_XML.replace(b">7<", b">%d<" % number) for number in range(8)]
    for name, data in zip(("a.xml", "b.xml", "c.xml"), numbered, strict=False):
        (source / name).write_bytes(data)
    (source / "d.xml.gz").write_bytes(PACK["gz"](numbered[3]))
    (source / "e.zip").write_bytes(zipped({"x.xml": numbered[4], "y.xml": numbered[5]}))
    (source / "f.tar.gz").write_bytes(PACK["gz"](tarred({"x.xml": numbered[6]})))
    (source / "g.tar").write_bytes(tarred({"x.xml": numbered[7]}))


def start(base: Path, out: str, *, old: bool = True) -> None:
    """Lay old outputs in the place of new ones, if any, and nothing else."""
    for path in base.iterdir():
        if path.name != "source":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not old:
        return
    if out == "out/":
        (base / "out").mkdir()
        for name in "abc":
            (base / "out" / f"{name}.json").write_bytes(OLD)
    else:
        (base / out).write_bytes(OLD)


def convert(
    base: Path, out: str, *options: str, jobs: int = 1, fault: tuple[str, int, int] | None = None
) -> tuple[int, int, bytes]:
    """Do a run in a copy of this process; give its exit code, how many calls it made, and what it said.

    ``fault``: the call, which of them fails (0: none, but they are counted), and the error. A worker counts for itself.
    """
    reading, writing = os.pipe()
    said = base.with_suffix(".said")
    child = os.fork()
    if not child:
        code = 99
        try:
            handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            faulthandler.enable(2)
            os.chdir(base)
            groups._TOGETHER, disks._MANY = TOGETHER, 2
            if fault and fault[0] == "fsync":  # as on a file system that is not put on disk as a whole
                disks._syncs_whole = lambda _: False
            if fault:
                ctypes.CDLL(None).fault_arm(fault[0].encode(), fault[1], fault[2], os.fsencode(base) + b"/")
            if jobs == 1:  # all in one process, which counts all calls
                vars(batch)["ProcessExecutor"] = lambda _: batch.SerialExecutor()
            code = run(["convert", f"{base}/source", "-o", f"{base}/{out}", "--jobs", str(jobs), *options])
        finally:
            os.write(writing, b"%d" % ctypes.CDLL(None).fault_count())
            os._exit(code)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    calls = int(os.read(reading, 20) or b"0")
    os.close(reading)
    return os.waitstatus_to_exitcode(status), calls, said.read_bytes()


def outputs(base: Path, out: str) -> dict[str, bytes]:
    """Give the outputs there are."""
    if out != "out/":
        return {out: (base / out).read_bytes()} if (base / out).exists() else {}
    return {str(p.relative_to(base)): p.read_bytes() for p in (base / "out").rglob("*") if p.is_file()}


def leftovers(base: Path, out: str) -> list[str]:
    """Give what is neither source, output nor journal; nor a part that the journal knows, and so takes up."""
    journal = base / f"{out.rstrip('/')}.journal.ndjson"
    noted = journal.read_bytes() if journal.exists() else b""
    ours = [path for path in base.rglob("*") if ".convtool-" in str(path.relative_to(base)) and path.is_file()]
    return [path.name for path in ours if path.suffix != ".part" or path.name.encode() not in noted]


def is_whole(out: str, data: bytes, new: bytes) -> bool:
    """Tell whether a file is the old one, or the new one, or the new one without sources that could not be read."""
    if data in (OLD, new):
        return True
    if out == "all.ndjson":
        lines, all_lines = data.splitlines(keepends=True), new.splitlines(keepends=True)
        return data.endswith(b"\n") and lines == [line for line in all_lines if line in lines]
    if out == "all.zip":
        with zipfile.ZipFile(io.BytesIO(data)) as some, zipfile.ZipFile(io.BytesIO(new)) as whole:
            return all(some.read(name) == whole.read(name) for name in some.namelist())
    return False


def unread(base: Path, out: str) -> int:
    """Give how many sources could not be read, as the journal has it."""
    lines = (base / f"{out.rstrip('/')}.journal.ndjson").read_bytes().splitlines()
    return sum(json.loads(line).get("status") == "failed" for line in lines)


def trial(
    base: Path, out: str, call: str, number: int, *, every: int = 1, first: int = 0, jobs: int = 1
) -> dict[str, object]:
    """Let each call of a kind fail once, and take the run up afterwards."""
    start(base, out)
    code, _, said = convert(base, out, "--overwrite", jobs=jobs)
    if code:
        raise SystemExit(f"the undisturbed run ended with {code}: {said.decode()}")
    new = outputs(base, out)
    start(base, out)
    _, calls, _ = convert(base, out, "--overwrite", fault=(call, 0, number))
    wrong = []
    chosen = range(1 + first % min(every, calls or 1), calls + 1, every)
    for at in chosen:
        start(base, out)
        code, _, said = convert(base, out, "--overwrite", jobs=jobs, fault=(call, at, number))
        found = outputs(base, out)
        what = [name for name, data in found.items() if not is_whole(out, data, new[name])]
        if out != "out/" and found[out] not in (OLD, new[out]) and not unread(base, out):
            what.append(f"{out} lacks what could be read")
        what += leftovers(base, out)
        spared = jobs > 1 and code == 0 and found == new  # no process has made so many calls
        if (code != 2 and not spared) or b"Traceback" in said or not said.strip():
            what += [str(code), said.decode()]
        again, _, said = convert(base, out, "--resume", "--overwrite", jobs=jobs)
        if again or outputs(base, out) != new or leftovers(base, out):
            what += [f"taken up: {again}", said.decode(), *leftovers(base, out)]
        if what:
            wrong.append([at, *what])
    return {"out": out, "call": call, "error": errno.errorcode[number], "jobs": jobs, "calls": calls,
            "failed": len(chosen), "wrong": wrong}  # fmt: skip


def compiled(folder: Path) -> Path:
    """Give the library that lets calls fail."""
    library = folder / LIBRARY
    source = Path(__file__).with_name("fault.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    return library


def again_with_faults(argv: list[str]) -> int:
    """Start this program again, with the library that lets calls fail."""
    fast = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # what is synced a thousand times
    with tempfile.TemporaryDirectory(dir=fast) as folder, tempfile.TemporaryDirectory() as executable:
        library = compiled(Path(executable))  # memory may be mounted noexec
        command = [sys.executable, "-m", "tests.batch.faults", "--folder", folder, *argv]
        return subprocess.run(command, env={**os.environ, "LD_PRELOAD": str(library)}, check=False).returncode


def main(argv: list[str] | None = None) -> int:
    """Do the trials; give 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="let each so manieth call fail")
    parser.add_argument("--outs", default=",".join(OUTS))
    parser.add_argument("--jobs", default="1", help="such as 1,2: with a worker, each process counts for itself")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.folder is None:
        return again_with_faults(sys.argv[1:] if argv is None else argv)
    catalog = Catalog()
    for name in catalog.contracts():  # what is imported and compiled here is not so anew by each child
        catalog.contract(name)
    importlib.import_module("convtool.cli.convert")
    importlib.import_module("convtool.reports")
    base = options.folder / "base"
    make(base)
    turn = count(0, 2)
    trials = [
        trial(base, out, call, number, every=options.every, first=next(turn), jobs=jobs)
        for jobs in map(int, options.jobs.split(","))
        for out in options.outs.split(",")
        for call in CALLS
        for number in ERRORS.get(call, (errno.EIO, errno.ENOSPC))
    ]
    for one in trials:
        print(json.dumps(one))
    failed = sum(int(str(one["failed"])) for one in trials)
    wrong = sum(len(one["wrong"]) for one in trials if isinstance(one["wrong"], list))
    print(f"{failed} calls have failed, {wrong} of them with a wrong end", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
