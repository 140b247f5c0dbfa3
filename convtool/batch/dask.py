"""Tasks done by the workers of a Dask cluster. The plan, the journal and the summary stay with the client.

A worker that is lost costs its tasks a second try, which is Dask's own doing. A task that has lost two is set aside
until nothing else is under way, then tried alone on one worker and halved as often as it takes workers with it: the one
file that is left is to blame, and nobody else.
"""

from __future__ import annotations

import os
import pickle
import queue
import secrets
import time
import warnings
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from convtool._version import __version__
from convtool.batch.dask_worker import Order, end, packed, perform
from convtool.batch.fingerprint import code_hash, schemas_hash
from convtool.batch.model import Account, Item, Result, Task
from convtool.errors import SourceError, UsageError
from convtool.model.folder import bundled_path
from convtool.outcome import Outcome, shown, source_name
from convtool.places import is_local_memory, store_of
from convtool.places.writing import LEFTOVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.batch.executors import Stop
    from convtool.job import Job

Client: TypeAlias = Any  # of distributed, whose types say little: most of its methods have none
Future: TypeAlias = Any

__all__ = ["DaskExecutor"]

_AHEAD = 2  # tasks for each thread of a worker that are under way: one it does, one it does next
_GLANCE = 0.2  # seconds between looks at whether to stop
_COUNT_EVERY = 5.0  # seconds between looks at how many workers there are
_PATIENCE = 60.0  # seconds that a run waits without any worker


class DaskExecutor:
    """Does tasks on the workers of ``client``, a ``distributed.Client``, which stays open.

    ``workers`` bounds how many tasks are done at a time; without it, each thread of the cluster does one, also those
    that come later. ``isolated``: each thread lets a process of its own do the work, so that a file that kills its
    reader does not take the worker with it, and a file may have limits. SourceError where there is no worker.
    """

    def __init__(self, client: Client, workers: int | None = None, *, isolated: bool = True) -> None:
        if workers is not None and workers < 1:
            raise UsageError(f"{workers} workers: at least one is needed")
        self._client = client
        self._most = workers
        self._isolated = isolated
        with suppress(TimeoutError):
            if not _threads(client):
                client.wait_for_workers(1, timeout=_PATIENCE / 2)
        self.workers = min(sum(_threads(client).values()), workers or 1 << 30)
        if not self.workers:
            raise SourceError(f"{_address(client)}: the cluster has no workers")

    def run(self, job: Job, tasks: Iterable[Task], stop: Stop) -> Iterator[Result]:
        """Yield the results of tasks, as they come."""
        if is_local_memory(job.where):
            raise UsageError("memory:// is the memory of this process, where a cluster's workers cannot write")
        if not self._isolated and (job.seconds or job.memory):
            raise UsageError("limits of time and memory need a process for each worker: leave isolated as it is")
        with _Flight(self._client, job, self._most, isolated=self._isolated) as flight:
            source = iter(tasks)
            more = True
            while True:
                while more and not stop.soon and flight.has_room():
                    task = next(source, None)
                    if task is None:
                        more = False
                    else:
                        flight.give(task)
                if flight.is_empty():
                    return
                yield from flight.results()


class _Piece(NamedTuple):
    """A task, or a part of one: how many workers it has lost, and whether it is under way alone."""

    number: int
    items: tuple[Item, ...]
    lost: int = 0
    alone: bool = False


class _Flight:
    """What is under way on the cluster, and what is set aside."""

    def __init__(self, client: Client, job: Job, most: int | None, *, isolated: bool) -> None:
        self._client = client
        self._most = most
        self._events: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._pieces: dict[str, _Piece] = {}
        self._pinned: dict[str, str] = {}  # tasks that are tried alone, and the address of their worker
        self._futures: dict[str, Future] = {}
        self._aside: list[_Piece] = []
        self._counted = self._seen = 0.0
        self._room = 0
        self._submitted = 0
        self._run = f"convtool-{secrets.token_hex(6)}"
        local = bool(job.where) and store_of(job.where).is_local
        where = os.path.abspath(job.where) if local else job.where
        aside = os.path.abspath(job.aside) if job.aside and store_of(job.aside).is_local else job.aside
        self._probe = os.path.join(where, f"{LEFTOVER}{secrets.token_hex(8)}.tmp") if local else ""
        self._order = Order(
            key=self._run, job=msgspec.structs.replace(job, where=where, aside=aside), version=__version__,
            code=code_hash(), schemas=schemas_hash(job.schemas), bundled=job.schemas == str(bundled_path()),
            seen=(self._probe,) if self._probe else (), isolated=isolated, base=os.path.abspath(os.curdir),
        )  # fmt: skip
        self._packed = b""

    def __enter__(self) -> _Flight:
        if self._probe:
            try:
                with open(self._probe, "xb"):
                    pass
            except OSError as error:
                raise SourceError(f"{self._order.job.where}: cannot be written: {error.strerror or error}") from None
        self._client.subscribe_topic("all", self._told)
        self._count()
        return self

    def __exit__(self, *_: object) -> None:
        """End what is under way: when this is over, no worker writes any more."""
        with suppress(Exception):  # the cluster may be gone, which whoever runs this has been told already
            self._client.unsubscribe_topic("all")
        with suppress(Exception):
            if self._futures:
                self._client.cancel(list(self._futures.values()))
        self._futures.clear()
        with suppress(Exception):
            if self._client.status == "running":
                self._client.run(end, self._run, on_error="ignore")
        if self._probe:
            with suppress(OSError):
                os.unlink(self._probe)

    def is_empty(self) -> bool:
        """Tell whether nothing is under way, and nothing is set aside."""
        return not (self._pieces or self._aside)

    def has_room(self) -> bool:
        """Tell whether a task may be given: not while something waits to be tried alone."""
        return not self._aside and len(self._pieces) < self._room

    def give(self, task: Task) -> None:
        """Send a task."""
        if not self._packed:
            self._packed = pickle.dumps(self._with_witness(task))
        self._submit(_Piece(task.number, task.items))

    def results(self) -> Iterator[Result]:
        """Wait a moment, and yield the results that there are."""
        if not self._pieces and self._aside:
            self._submit(self._aside.pop()._replace(alone=True))
        try:
            what, told = self._events.get(timeout=_GLANCE)
        except queue.Empty:
            self._count()
            return
        if what == "lost":
            for key in [key for key in told["processing-tasks"] if key in self._pieces]:
                yield from self._lost(key, told.get("worker", ""), expected=bool(told.get("expected")))
        elif told.key in self._pieces:
            yield from self._done(told)
        self._count()

    # --- tasks out ---------------------------------------------------------------------------------------------------

    def _with_witness(self, task: Task) -> Order:
        """Give the order with what each worker has to see: one of the sources, where they are files of a machine."""
        item = task.items[0]
        path = os.path.abspath(item.found.path)
        if item.data is not None or not store_of(item.found.path).is_local or not os.path.lexists(path):
            return self._order
        return msgspec.structs.replace(self._order, seen=(*self._order.seen, path))

    def _submit(self, piece: _Piece) -> None:
        key = f"{self._run}-{self._submitted}"
        self._submitted += 1
        where: dict[str, Any] = {}
        if piece.alone:  # on one worker only: Dask must not lose a second one to it before it is halved
            address = next(iter(_threads(self._client)), None)
            where = {"workers": [address], "allow_other_workers": False} if address else {}
            self._pinned[key] = address or ""
        self._pieces[key] = piece
        data = packed(pickle.dumps(Task(piece.number, piece.items)), as_it_is=any(item.data for item in piece.items))
        with warnings.catch_warnings():
            # A task may carry a member of a compressed tar, up to 32 MiB: that is meant.
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            future = self._client.submit(perform, self._packed, data, key=key, pure=False, retries=0, **where)
        self._futures[key] = future
        future.add_done_callback(lambda done: self._events.put(("done", done)))

    # --- results in --------------------------------------------------------------------------------------------------

    def _told(self, event: tuple[float, Any]) -> None:
        """Note an event of the scheduler; called from Dask's own thread."""
        told = event[1]
        if isinstance(told, dict) and told.get("action") == "remove-worker" and told.get("processing-tasks"):
            self._events.put(("lost", told))

    def _done(self, future: Future) -> Iterator[Result]:
        piece = self._pieces.pop(future.key)
        self._pinned.pop(future.key, None)
        self._futures.pop(future.key)
        try:
            result = msgspec.msgpack.decode(zlib.decompress(future.result()), type=Result)
        except Exception as error:  # of Dask: the task itself raises nothing
            if type(error).__name__ == "KilledWorker":
                self._set_aside(piece)
                return
            yield Result(piece.number, failure=self._failure(future, error), deaths=1)
            return
        if result.failure and piece.lost:
            result = msgspec.structs.replace(result, deaths=1)
        yield msgspec.structs.replace(result, deaths=result.deaths + piece.lost)

    def _failure(self, future: Future, error: Exception) -> str:
        address = _address(self._client)
        if future.cancelled() or self._client.status != "running":
            return f"{address}: the connection to the scheduler was lost"
        if isinstance(error, ImportError):
            return f"{address}: a worker cannot import convtool ({error}): install the same version on all machines"
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return f"{address}: {what}"

    def _lost(self, key: str, worker: str, *, expected: bool) -> Iterator[Result]:
        """Take note that a worker has gone with a task in hand, or waiting."""
        piece = self._pieces[key] = self._pieces[key]._replace(lost=self._pieces[key].lost + 1)
        if not piece.alone and piece.lost < 2:
            return  # Dask gives it to another worker
        self._pieces.pop(key)
        self._pinned.pop(key, None)
        with suppress(Exception):
            self._client.cancel([self._futures.pop(key)], force=True)
        if piece.alone and len(piece.items) == 1 and not expected:
            blamed = Account([_blamed(piece.items[0], worker)]).result(piece.number)
            yield msgspec.structs.replace(blamed, deaths=piece.lost)
        else:
            self._set_aside(piece, halved=piece.alone and not expected)

    def _set_aside(self, piece: _Piece, *, halved: bool = False) -> None:
        middle = len(piece.items) // 2 if halved else 0
        for items in (piece.items[middle:], piece.items[:middle]):
            if items:
                self._aside.append(piece._replace(items=items, alone=False))

    def _count(self) -> None:
        """See from time to time how many workers there are; SourceError where there have been none for long."""
        now = time.monotonic()
        if now - self._counted < _COUNT_EVERY:
            return
        workers = _threads(self._client)
        threads = sum(workers.values())
        self._counted = now
        for key in [key for key, address in self._pinned.items() if address and address not in workers]:
            # Its worker went before the task came to it, of which no event tells: Dask would wait for it for ever.
            del self._pinned[key]
            if key in self._pieces:
                with suppress(Exception):
                    self._client.cancel([self._futures.pop(key)], force=True)
                self._set_aside(self._pieces.pop(key))
        if threads:
            self._seen = now
            self._room = min(threads, self._most or threads) * _AHEAD
        elif now - self._seen > _PATIENCE:
            raise SourceError(f"{_address(self._client)}: the cluster has had no workers for {_PATIENCE:g} seconds")


def _threads(client: Client) -> dict[str, int]:
    try:
        return dict(client.nthreads())
    except Exception as error:  # whatever it is, the scheduler does not answer
        raise SourceError(f"{_address(client)}: the scheduler does not answer ({error})") from None


def _address(client: Client) -> str:
    scheduler = client.scheduler
    return str(scheduler.address) if scheduler is not None else "the cluster"


def _blamed(item: Item, worker: str) -> Outcome:
    found = item.found
    reason = f"ends the worker that reads it ({worker}), also alone" if worker else "ends the worker that reads it"
    return Outcome(
        item.number, source_name(found.path), "failed", shown(found.member), reason=reason, stamp=found.stamp
    )
