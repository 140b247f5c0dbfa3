"""One task, done: each file is opened and judged; what came of it is an outcome, whatever it was.

Only a sink that cannot be written ends more than one file: then nothing of the task stays, and the result says why.
"""

from __future__ import annotations

import io
import sys
from typing import IO, TYPE_CHECKING

import msgspec

from convtool.batch.choose import STDIN
from convtool.batch.fetch import fetched
from convtool.batch.model import Account, Result, Task
from convtool.batch.outputs import make_output
from convtool.catalog import Catalog
from convtool.errors import ConvtoolError, SinkError, SourceError
from convtool.judge import Judge
from convtool.outcome import Outcome, shown, source_name
from convtool.payload import Payload
from convtool.places import RefusedError, open_found, store_of
from convtool.places.disks import begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Buffer

    from convtool.batch.model import Item
    from convtool.batch.outputs import Outputs
    from convtool.job import Job
    from convtool.places import Limits

__all__ = ["Performer", "opened_item"]


class Performer:
    """Does tasks of one job, one after the other; keeps compiled contracts in between.

    ``begins`` is called with the number of each item before it is opened, so that somebody may watch the time.
    ``is_wanted`` tells whether there is still a run: outputs of none do not appear; AbandonedError then.
    """

    def __init__(
        self, job: Job, begins: Callable[[int], None] = lambda _: None, is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        self._job = job
        self._is_wanted = is_wanted
        self._begins = begins
        self._judge = Judge(job, Catalog(job.schemas or None))
        begin()

    def perform(self, task: Task) -> Result:
        """Do a task."""
        task = fetched(task)
        outputs = make_output(self._job, task, self._is_wanted)
        account = Account()
        try:
            for item in task.items:
                account.add(self._item(item, outputs))
            outputs.commit()
        except SinkError as error:
            outputs.discard()
            return Result(task.number, failure=str(error))
        except BaseException:
            outputs.discard()
            raise
        return account.result(task.number)

    def _item(self, item: Item, outputs: Outputs) -> Outcome:
        found = item.found
        source = found.name if found.path == STDIN else source_name(item.source or found.path)
        about = Outcome(item.number, source, "failed", member=shown(found.member), stamp=found.stamp)
        if found.verdict:
            return msgspec.structs.replace(about, status=found.verdict, reason=found.reason)
        self._begins(item.number)
        there = msgspec.structs.replace(about, source=source_name(found.path)).name if item.source else about.name
        try:
            payload = opened_item(item, about.name, self._job.limits)
        except ConvtoolError as error:
            status = "refused" if isinstance(error, RefusedError) else "failed"
            return msgspec.structs.replace(about, status=status, reason=str(error).removeprefix(f"{there}: "))
        with payload:
            payload.opened = there
            return self._judge.outcome(payload, about, outputs.of(item), named=item.named)


def opened_item(item: Item, name: str, limits: Limits) -> Payload:
    """Open a file of a batch as it is stored: its payload counts what is read. ConvtoolErrors as ``open_found``."""
    found = item.found
    raw = (
        _stream(found.path)
        if found.kind == "stream"
        else open_found(msgspec.structs.replace(found, inner="") if found.inner else found, limits, item.data)
    )
    payload = Payload(raw, name, size=found.size if found.kind == "file" else -1, counted=True)
    payload.beside = found.path if found.kind == "file" and store_of(found.path).is_local else ""
    return payload


def _stream(path: str) -> IO[bytes]:
    """Open what gives its bytes once: a pipe, a device, standard input."""
    if path == STDIN:
        if sys.stdin is None:
            raise SourceError("is closed")
        return io.BufferedReader(_Kept(sys.stdin.buffer))
    try:
        return open(path, "rb")
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from None


class _Kept(io.RawIOBase):
    """Standard input, which is not this one's to close."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._inner.read1(len(view)) if hasattr(self._inner, "read1") else self._inner.read(len(view))
        view[: len(data)] = data
        return len(data)
