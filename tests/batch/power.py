"""Lets the power fail at every instant of a run that matters: what has not been synced is lost, or half of it is.

    python -m tests.batch.power                  # after every call that makes, names, drops or syncs a file; minutes
    python -m tests.batch.power --every 9        # after every ninth; seconds

No disk is needed that forgets: a run is recorded, call by call, with what each file holds at that time and what of it
has been put on disk; then the disk is laid out as it may be found after each call, and the run is taken up. Names last
at once or when they are synced, and what of a file was not synced is gone or cut in half. Exit 1 if a name leads to
something torn, or if the run cannot be taken up to the same end.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import sys
import tempfile
import threading
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from convtool import batch
from convtool.batch import journal
from convtool.cli.app import run
from convtool.places import disks, writing
from tests.batch.faults import OUTS, is_whole, leftovers, make, outputs, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A name lasts at once, before its file does; or when it is synced; or only the journal's is so late.
NAMES: dict[str, Callable[[str], bool]] = {
    "eager": lambda _: True, "lazy": lambda _: False, "lazy for the journal": lambda name: "journal" not in name,
}  # fmt: skip
DATA = ("gone", "torn")  # what of a file was not synced


class Instant(NamedTuple):
    """All that is known of a disk after a call: names with the files that they lead to, and what these hold."""

    call: str
    names: dict[str, int]
    lasting_names: dict[str, int]
    held: dict[int, bytes]
    lasting: dict[int, bytes]


class Recorder:
    """Stands between a run and the system: notes after each call what there is, and what of it lasts."""

    def __init__(self, base: Path) -> None:
        self.base = f"{base}/"
        self.instants: list[Instant] = []
        self._names: dict[str, int] = {}
        self._lasting_names: dict[str, int] = {}
        self._lasting: dict[int, bytes] = {}
        self._count = 0
        self._lock = threading.RLock()
        for path, data in self._files():
            self._names[path] = self._fresh()
            self._lasting[self._names[path]] = data
        self._lasting_names = dict(self._names)

    def _fresh(self) -> int:
        self._count += 1
        return self._count

    def _files(self) -> Iterator[tuple[str, bytes]]:
        for path in Path(self.base).rglob("*"):
            if path.is_file() and not path.is_relative_to(Path(self.base, "source")):
                yield str(path), path.read_bytes()

    def _held(self) -> dict[int, bytes]:
        return {self._names[path]: data for path, data in self._files() if path in self._names}

    def _note(self, call: str) -> None:
        self.instants.append(
            Instant(call, dict(self._names), dict(self._lasting_names), self._held(), dict(self._lasting))
        )

    def opened(self, path: Any, flags: int, *more: Any, **named: Any) -> int:
        """Make a file, perhaps."""
        with self._lock:
            new = bool(flags & os.O_CREAT) and not os.path.exists(path) and str(path).startswith(self.base)
            descriptor = _OPEN(path, flags, *more, **named)
            if new:
                self._names[str(path)] = self._fresh()
                self._note(f"create {path}")
            return descriptor

    def renamed(self, here: Any, there: Any, **named: Any) -> None:
        """Name a file."""
        with self._lock:
            _REPLACE(here, there, **named)
            if str(here) in self._names:
                self._names[str(there)] = self._names.pop(str(here))
                self._note(f"rename {there}")

    def dropped(self, path: Any, **named: Any) -> None:
        """Drop a name."""
        with self._lock:
            _UNLINK(path, **named)
            if self._names.pop(str(path), None) is not None:
                self._note(f"unlink {path}")

    def dropped_tree(self, folder: Any, *more: Any, **named: Any) -> None:
        """Drop all names in a folder."""
        with self._lock:
            _RMTREE(folder, *more, **named)
            for path in [path for path in self._names if path.startswith(f"{folder}/")]:
                del self._names[path]
            self._note(f"rmtree {folder}")

    def synced(self, descriptor: int) -> None:
        """Put one file, or the names in a folder, on disk: what is there as the call begins."""
        path = os.path.realpath(f"/proc/self/fd/{descriptor}")
        with self._lock:
            held, names = self._held(), dict(self._names)
        _FSYNC(descriptor)
        with self._lock:
            if path in names and names[path] in held:
                self._lasting[names[path]] = held[names[path]]
            elif os.path.isdir(path):
                self._last(names, lambda name: os.path.dirname(name) == path)
            self._note(f"fsync {path}")

    def synced_all(self, descriptor: int) -> int:
        """Put all on disk: what is there as the call begins."""
        with self._lock:
            held, names = self._held(), dict(self._names)
        os.fstat(descriptor)
        with self._lock:
            self._lasting |= held
            self._last(names, lambda _: True)
            self._note("syncfs")
        return 0

    def _last(self, names: dict[str, int], wanted: Callable[[str], bool]) -> None:
        kept = {name: file for name, file in self._lasting_names.items() if not wanted(name)}
        self._lasting_names = kept | {name: file for name, file in names.items() if wanted(name)}

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Let the calls of this process come here."""
        library = mock.Mock(syncfs=self.synced_all)
        with (
            mock.patch.object(os, "open", self.opened), mock.patch.object(os, "replace", self.renamed),
            mock.patch.object(os, "unlink", self.dropped), mock.patch.object(shutil, "rmtree", self.dropped_tree),
            mock.patch.object(os, "fsync", self.synced), mock.patch.object(journal, "_datasync", self.synced),
            mock.patch.object(disks, "_library", return_value=library),
        ):  # fmt: skip
            yield


_OPEN, _REPLACE, _UNLINK, _FSYNC, _RMTREE = os.open, os.replace, os.unlink, os.fsync, shutil.rmtree


def convert(base: Path, out: str, *options: str) -> tuple[int, str]:
    """Do a run in this process; give its exit code, and what it said."""
    with (
        contextlib.redirect_stderr(io.StringIO()) as said,
        mock.patch.dict(vars(batch), ProcessExecutor=lambda _: batch.SerialExecutor()),
    ):
        code = run(["convert", f"{base}/source", "-o", f"{base}/{out}", "--jobs", "1", *options])
    return code, said.getvalue()


def lay_out(base: Path, instant: Instant, names: str, data: str) -> None:
    """Leave what a disk may have after the power has failed."""
    for path in base.iterdir():
        if path.name != "source":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    lasts = NAMES[names]
    there = {name: file for name, file in instant.names.items() if lasts(name)}
    there |= {name: file for name, file in instant.lasting_names.items() if not lasts(name)}
    for name, file in there.items():
        lasting = instant.lasting.get(file, b"")
        held = instant.held.get(file, lasting)  # what has lost its name does not change any more
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        torn = data == "torn" and held != lasting
        path.write_bytes(held[: max(len(lasting), len(held) // 2)] if torn else lasting)


def trial(base: Path, out: str, sync: str, *, old: bool, every: int = 1, first: int = 0) -> tuple[int, list[str]]:
    """Let the power fail after each call of a run; give how many disks there were, and what was wrong with them.

    ``old``: there are older outputs, which may be replaced; otherwise nothing but what the run has written itself may.
    """
    options = ["--overwrite"] if old else []
    start(base, out, old=old)
    recorder = Recorder(base)
    with recorder.watching():
        code, said = convert(base, out, *options)
    if code:
        raise SystemExit(f"the undisturbed run ended with {code}: {said}")
    new = outputs(base, out)
    wrong = []
    chosen = recorder.instants[first % every :: every]
    for instant, names, data in product(chosen, NAMES, DATA):
        lay_out(base, instant, names, data)
        what = f"{out}, {sync}, {'over old ones, ' * old}{instant.call}, names {names}, data {data}"
        for name, content in outputs(base, out).items():
            is_ours = os.path.basename(name).startswith(".convtool-")
            if not is_ours and not is_whole(out, content, new.get(name, b"")):
                wrong.append(f"{what}: {name} is torn")
        code, said = convert(base, out, "--resume", *options)
        if code or outputs(base, out) != new or leftovers(base, out):
            wrong.append(f"{what}: taken up, {code}: {said} {leftovers(base, out)}")
    return len(chosen) * len(NAMES) * len(DATA), wrong


@contextlib.contextmanager
def small(sync: str) -> Iterator[None]:
    """Let few files be many, and be put on disk in one of the two ways."""
    whole = disks._syncs_whole if sync == "syncfs" else lambda _: False
    with (
        mock.patch.object(writing, "_TOGETHER", 3), mock.patch.object(disks, "_MANY", 2),
        mock.patch.object(disks, "_syncs_whole", whole),
    ):  # fmt: skip
        yield


def main(argv: list[str] | None = None) -> int:
    """Do the trials; give 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="let the power fail after each so manieth call")
    parser.add_argument("--outs", default=",".join(OUTS))
    options = parser.parse_args(argv)
    complaints = 0
    fast = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=fast) as folder:
        base = Path(folder).resolve() / "base"
        make(base)
        ways = product(options.outs.split(","), ("syncfs", "fsync"), (True, False))
        for number, (out, sync, old) in enumerate(ways):
            with small(sync):
                times, wrong = trial(base, out, sync, old=old, every=options.every, first=number)
            complaints += len(wrong)
            told = f"{out}, {sync}{', over old ones' * old}: {times} disks, {len(wrong)} complaints"
            print("\n".join([*wrong, told]), flush=True)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
