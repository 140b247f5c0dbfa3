"""The process that does tasks: reads them from its standard input, and writes results to its standard output.

Which item it is at, and since when, stands in a slot that both sides see: so the one file that kills or holds up a
worker is known, at no cost to the others.
"""

from __future__ import annotations

import os
import pickle
import struct
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from convtool.batch.model import Result
from convtool.batch.outputs import AbandonedError
from convtool.batch.perform import Performer
from convtool.batch.slot import Told
from convtool.errors import ConvtoolError

if TYPE_CHECKING:
    from convtool.job import Job

__all__ = ["READY", "SIZE", "main"]

SIZE = struct.Struct("<Q")  # before each message: how long it is
READY = -1  # the task of the message that says that a worker has begun


def main() -> None:
    """Do tasks until there are no more, or nobody is there for the results."""
    reading = os.fdopen(0, "rb")
    writing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the results
    first = _receive(reading)
    if first is None:
        return
    job, handle = pickle.loads(first)  # noqa: S301 - from the process that started this one
    slot, started = Told(handle), os.getppid()
    try:
        performer = Performer(job, slot.begins, lambda: os.getppid() == started)
        _bound_memory(job)
    except ConvtoolError as error:
        _send(writing, Result(READY, failure=str(error)))
        return
    _send(writing, Result(READY))
    while (message := _receive(reading)) is not None:
        try:
            result = performer.perform(pickle.loads(message))  # noqa: S301 - the same
        except AbandonedError:
            return
        slot.clear()
        _send(writing, result)


def _receive(file: BinaryIO) -> bytes | None:
    head = file.read(SIZE.size)
    if len(head) < SIZE.size:
        return None
    (size,) = SIZE.unpack(head)
    data = file.read(size)
    return data if len(data) == size else None


def _send(file: BinaryIO, result: Result) -> None:
    data = msgspec.msgpack.encode(result)
    try:
        file.write(SIZE.pack(len(data)) + data)
        file.flush()
    except BrokenPipeError:
        os._exit(1)  # the run has been killed; nobody is there to be told


def _bound_memory(job: Job) -> None:
    """Let this process have so much memory beyond what it has now; an allocation beyond that is a MemoryError."""
    if not job.memory:
        return
    import resource

    with Path("/proc/self/statm").open() as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + job.memory, resource.RLIM_INFINITY))
