"""What a Dask worker runs: one task, whose result is a value whatever happens. It knows nothing of Dask itself.

The work is done by a process of its own for each thread of the worker, as ``processes`` has it: a file that kills or
holds up its reader costs that process, and the worker lives on. The processes stay for the next task, until ``end``.
"""

from __future__ import annotations

import os
import pickle
import platform
import threading
import time
import zlib
from typing import TYPE_CHECKING

import msgspec

from convtool._version import __version__
from convtool.batch.fingerprint import code_hash, schemas_hash
from convtool.batch.model import Result, Task
from convtool.batch.perform import Performer
from convtool.batch.processes import Crew
from convtool.errors import ConvtoolError
from convtool.job import Job  # noqa: TC001 - a field's type, which msgspec looks up
from convtool.model.folder import bundled_path
from convtool.places import store_of

if TYPE_CHECKING:
    from convtool.batch.model import Item

__all__ = ["Order", "end", "packed", "perform"]

_SEEN_WITHIN = 3.0  # seconds: how long a network file system may take to show a new file


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What all tasks of a run have in common. ``key`` names the run.

    ``version``, ``code`` and ``schemas`` are the client's; ``bundled``: the schemas are those that came with convtool.
    ``seen`` are paths that every worker must see, ``base`` is the folder that sources are named from. ``isolated``:
    work is done in a process beside the worker's.
    """

    key: str
    job: Job
    version: str
    code: str
    schemas: str
    bundled: bool
    seen: tuple[str, ...] = ()
    base: str = ""
    isolated: bool = True


_lock = threading.Lock()
_ready: dict[str, tuple[Order, str]] = {}  # by run: the order, fitted to this machine; why it cannot be carried out
_hands: dict[tuple[str, int], Crew | Performer] = {}  # by run and thread
_ended: list[str] = []
_REMEMBERED = 1000  # runs that have ended


def perform(order: bytes, task: bytes) -> bytes:
    """Do a task; both come pickled, the task packed, and the Result goes back as packed MessagePack."""
    given: Task = pickle.loads(zlib.decompress(task))  # noqa: S301 - from the client, which may run anything here
    try:
        result = _done(pickle.loads(order), given)  # noqa: S301 - the same
    except ConvtoolError as error:
        result = Result(given.number, failure=str(error))
    except Exception as error:  # a result, not an exception: Dask would try a task that raises elsewhere, and again
        result = Result(given.number, failure=f"{_here()}: internal error: {type(error).__name__}: {error}")
    return packed(msgspec.msgpack.encode(result))


def packed(data: bytes, *, as_it_is: bool = False) -> bytes:
    """Make what goes over the network small: names in a task, and lines of outcomes, are much alike.

    ``as_it_is``: it holds bytes of files, which a client has no time to compress.
    """
    return zlib.compress(data, 0 if as_it_is else 1)


def end(key: str) -> None:
    """End what a run has here: at once, where it still does something."""
    with _lock:
        _ended.append(key)
        del _ended[:-_REMEMBERED]
        _ready.pop(key, None)
        crews = [_hands.pop(hand) for hand in list(_hands) if hand[0] == key]
    for crew in crews:
        if isinstance(crew, Crew):
            crew.close()


def _done(order: Order, task: Task) -> Result:
    with _lock:
        if order.key not in _ready:
            _ready[order.key] = _fitted(order)
        fitted, problem = _ready[order.key]
    if problem:
        return Result(task.number, failure=problem)
    return _by_hand(fitted, Task(task.number, tuple(_located(item, fitted.base) for item in task.items)))


def _by_hand(order: Order, task: Task) -> Result:
    hand = _hand(order)
    if isinstance(hand, Performer):
        return hand.perform(task)
    if hand is None:
        return Result(task.number, failure="stopped")
    hand.give(task)
    while (result := hand.result()) is None:
        if order.key in _ended:
            return Result(task.number, failure="stopped")
    return result


def _is_relative(path: str) -> bool:
    return store_of(path).is_local and not os.path.isabs(path)


def _located(item: Item, base: str) -> Item:
    """Give an item as it is found from any folder, under the name that the user knows."""
    if not _is_relative(item.found.path):
        return item
    path = os.path.join(base, item.found.path)
    found = msgspec.structs.replace(item.found, path=path)
    return msgspec.structs.replace(item, found=found, source=item.source or item.found.path)


def _hand(order: Order) -> Crew | Performer | None:
    """Give what does this thread's work; None where the run has ended."""
    at = (order.key, threading.get_ident())
    with _lock:
        if order.key in _ended:
            return None
        if at not in _hands:
            _hands[at] = Crew(order.job, 1) if order.isolated else Performer(order.job)
        return _hands[at]


def _fitted(order: Order) -> tuple[Order, str]:
    """Give an order as this machine has to see it, and why it cannot be carried out here (empty where it can)."""
    job = order.job
    if order.bundled:
        job = msgspec.structs.replace(job, schemas=str(bundled_path()))
    return msgspec.structs.replace(order, job=job), _problem(order, job)


def _problem(order: Order, job: Job) -> str:
    if order.version != __version__:
        return f"{_here()} has convtool {__version__}, and this is {order.version}: install the same on all machines"
    if order.code != code_hash():
        return (
            f"{_here()} has another convtool {__version__} than this one (their modules differ): install the same on "
            "all machines, and restart the workers"
        )
    try:
        found = schemas_hash(job.schemas)
    except OSError as error:
        return f"{_here()} cannot read the schemas in {job.schemas}: {error.strerror or error}"
    if found != order.schemas:
        return f"{_here()} has other schemas in {job.schemas} than this machine: they must be the same"
    return next((_unseen(path) for path in order.seen if not _sees(path)), "")


def _unseen(path: str) -> str:
    return (
        f"{_here()} does not see {path}: workers read sources and write outputs themselves, so both must be at the "
        "same place on all machines (a shared file system), or in an object store (s3://, gs://, abfs://)"
    )


def _sees(path: str) -> bool:
    until = time.monotonic() + _SEEN_WITHIN
    while not os.path.lexists(path):
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def _here() -> str:
    return f"the worker on {platform.node() or 'another machine'} (process {os.getpid()})"
