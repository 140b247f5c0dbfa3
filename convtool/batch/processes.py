"""Tasks done by processes of their own, one at a time each: a worker that dies costs its task a second try, no more.

Each worker has a thread here that talks to it, so that a death is seen at once and by nobody else. The file that a dead
worker had in hand is tried once more, alone; if that kills a worker too, the file is to blame. A file that takes longer
than it may is to blame at once, since its worker has been ended for that. A worker that somebody has stopped, and does
not let go on, is ended as well: what it had in hand is done again, and no file is to blame.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from convtool.batch.model import Account, Item, Result, Task
from convtool.batch.slot import NOTHING, Slot
from convtool.batch.starting import QUIET, can_fork, fork, is_stopped, spawn
from convtool.batch.worker import SIZE
from convtool.errors import UsageError
from convtool.outcome import Outcome, shown, source_name
from convtool.places import is_local_memory
from convtool.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.batch.executors import Stop
    from convtool.batch.starting import Process
    from convtool.job import Job

__all__ = ["Crew", "ProcessExecutor", "default_workers"]

#: Made before there are threads, as ``model.OUTCOMES`` is.
RESULTS = msgspec.msgpack.Decoder(Result)
_AHEAD = 2  # tasks for each worker that are pulled: one it does, one it does next
_STOPPED = 1.0  # seconds that a worker may be stopped: a terminal stops the run as well, and lets both go on
_GLANCE = 0.1  # seconds between looks at what takes too long, and at whether to stop
_LOOK = 1.0  # seconds between two looks that count: a run that was stopped as a whole has not looked


class ProcessExecutor:
    """Does tasks in ``workers`` processes. They are started by the first run, and end with it."""

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise UsageError(f"{workers} workers: at least one is needed")
        self.workers = workers

    def run(self, job: Job, tasks: Iterable[Task], stop: Stop) -> Iterator[Result]:
        """Yield the results of tasks, as they come."""
        if is_local_memory(job.where):
            raise UsageError("memory:// is the memory of this process, where others cannot write: use --jobs 1")
        if job.memory and not sys.platform.startswith("linux"):
            raise UsageError("a limit on memory can be kept on Linux only")
        crew = Crew(job, self.workers)
        source = iter(tasks)
        more = True
        try:
            while True:
                while more and not stop.soon and crew.waiting < self.workers * _AHEAD:
                    task = next(source, None)
                    if task is None:
                        more = False
                    else:
                        crew.give(task)
                if stop.soon:
                    crew.take_back()
                if not crew.waiting:
                    return
                result = crew.result()
                if result is not None:
                    yield result
        finally:
            crew.close()


class Crew:
    """The workers, what they are to do, and what they have done. ``waiting``: tasks without a result."""

    def __init__(self, job: Job, workers: int) -> None:
        self.waiting = 0
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._workers = [_Worker(job, self._tasks, self._results) for _ in range(workers)]
        if can_fork():  # which is so until the first thread runs
            for worker in self._workers:
                worker.copy()
        for worker in self._workers:
            worker.thread.start()

    def give(self, task: Task) -> None:
        """Let a worker do a task as soon as one has time."""
        self._tasks.put(task)
        self.waiting += 1

    def take_back(self) -> None:
        """Take tasks back that nobody has begun."""
        with suppress(queue.Empty):
            while True:
                self._tasks.get_nowait()
                self.waiting -= 1

    def result(self) -> Result | None:
        """Give a result; None where there is none for a moment."""
        try:
            result = self._results.get(timeout=_GLANCE)
        except queue.Empty:
            result = None
        else:
            self.waiting -= 1
        for worker in self._workers:
            worker.watch()
        return result

    def close(self) -> None:
        """End all workers: at once those that still do something."""
        for worker in self._workers:
            worker.end()
            self._tasks.put(None)
        for worker in self._workers:
            worker.thread.join()


class _Died(NamedTuple):
    """A worker has died: the index of the item it had in hand, if any; how; whether that was for taking too long.

    ``stopped``: it was ended since somebody had stopped it.
    """

    at: int | None
    how: str
    overdue: bool
    stopped: bool


class _Worker:
    """One worker process, and the thread that talks to it."""

    def __init__(self, job: Job, tasks: queue.SimpleQueue[Task | None], results: queue.SimpleQueue[Result]) -> None:
        self._job = job
        self._tasks = tasks
        self._results = results
        self._process: Process | None = None
        self._fresh = False  # the process has not been told the job yet
        self._ending = False
        self._overdue = NOTHING  # the item for which the process has been ended
        self._in_hand = (NOTHING, 0.0)  # the item that was seen last, and when it was begun
        self._watch = Stopwatch(_LOOK)  # how long it has been in hand
        self._since = 0.0  # when the process was first seen stopped; 0: it is not
        self._stopped = False  # the process has been ended for that
        self._slot = Slot()
        self.thread = threading.Thread(target=self._serve, name="convtool worker", daemon=True)

    def copy(self) -> None:
        """Make the first process, as a copy of this one; before any thread runs."""
        with suppress(OSError):  # too many processes: the thread will try again, and say so
            self._process = fork(self._slot)
            self._fresh = True

    def watch(self) -> None:
        """End the process where its file takes longer than it may, or somebody has stopped it."""
        process = self._process
        if process is None or self._stopped:
            return
        now = time.monotonic()
        if is_stopped(process):
            self._since = self._since or now
            if now - self._since > _STOPPED:
                self._stopped = True
                process.kill()
            return
        self._since = 0.0
        if self._job.seconds and self._overdue == NOTHING:
            in_hand = self._slot.read()
            if in_hand != self._in_hand:
                self._in_hand, self._watch = in_hand, Stopwatch(_LOOK)
            elif in_hand[0] != NOTHING and self._watch.look() > self._job.seconds:
                self._overdue = in_hand[0]
                process.kill()

    def end(self) -> None:
        """Let the thread end, and the process with it."""
        self._ending = True
        process = self._process
        if process is not None:
            process.kill()

    def _serve(self) -> None:
        if hasattr(signal, "pthread_sigmask"):  # the process inherits it: Ctrl-C is for the run, not for its workers
            signal.pthread_sigmask(signal.SIG_BLOCK, QUIET)
        try:
            while (task := self._tasks.get()) is not None and not self._ending:
                self._results.put(self._done(task))
        finally:
            self._stop_process()
            self._slot.close()

    def _done(self, task: Task) -> Result:
        try:
            return self._do(task)
        except Exception as error:  # whatever it is, the run must not wait for ever
            return Result(task.number, failure=f"internal error: {type(error).__name__}: {error}")

    def _do(self, task: Task) -> Result:
        """Do a task, in as many pieces as it takes to find the files that kill workers."""
        done: list[Result] = []
        pieces: list[tuple[tuple[Item, ...], int]] = [(task.items, 0)]  # with how often a worker has died of it
        died = 0
        while pieces:
            items, deaths = pieces.pop()
            answer = self._ask(Task(task.number, items)) if items else Result(task.number)
            if isinstance(answer, Result):
                if answer.failure:
                    return msgspec.structs.replace(answer, deaths=died)
                done.append(answer)
                continue
            died += 1
            if self._ending:
                return Result(task.number, failure="stopped")
            if answer.stopped:
                pieces.append((items, deaths))
                continue
            if answer.at is None and deaths:
                return Result(
                    task.number, failure=f"the processes that do the work end at once ({answer.how})", deaths=died
                )
            at = answer.at or 0
            if answer.overdue or (deaths and len(items) == 1):
                done.append(Account([_blamed(items[at], answer, self._job)]).result(task.number))
                pieces += [(items[at + 1 :], 0), (items[:at], 0)]
            elif answer.at is None:
                pieces.append((items, 1))
            else:
                pieces += [(items[at + 1 :], 0), (items[at : at + 1], 1), (items[:at], 0)]
        return done[0] if len(done) == 1 and not died else Result.joined(task.number, done, died)

    def _ask(self, task: Task) -> Result | _Died:
        """Let the process do a task; start one where there is none."""
        try:
            if self._process is None or self._fresh:
                ready = self._start()
                if ready.failure:
                    return ready
            self._send(pickle.dumps(task))
            return self._receive()
        except (OSError, EOFError) as error:
            return self._died(task, str(error))

    def _start(self) -> Result:
        if self._process is None:
            self._overdue = NOTHING
            self._slot.clear()
            self._process = spawn(self._slot)
        self._fresh = False
        if self._ending:
            self._process.kill()
        self._send(pickle.dumps((self._job, self._slot.handle)))
        return self._receive()

    def _send(self, data: bytes) -> None:
        assert self._process is not None
        self._process.stdin.write(SIZE.pack(len(data)) + data)
        self._process.stdin.flush()

    def _receive(self) -> Result:
        assert self._process is not None
        reading = self._process.stdout
        head = reading.read(SIZE.size)
        if len(head) < SIZE.size:
            raise EOFError("ended")
        data = reading.read(SIZE.unpack(head)[0])
        try:
            return RESULTS.decode(data)
        except msgspec.MsgspecError as error:  # cut, or not what a worker writes
            raise EOFError(str(error)) from None

    def _died(self, task: Task, how: str) -> _Died:
        number, _ = self._slot.read()
        overdue, stopped = number != NOTHING and number == self._overdue, self._stopped
        code = self._stop_process()
        if code is not None:
            how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        at = next((index for index, item in enumerate(task.items) if item.number == number), None)
        return _Died(at, how, overdue and at is not None, stopped)

    def _stop_process(self) -> int | None:
        process, self._process, self._fresh = self._process, None, False
        self._since, self._stopped = 0.0, False
        if process is None:
            return None
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                pipe.close()
        try:
            return process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def _blamed(item: Item, died: _Died, job: Job) -> Outcome:
    found = item.found
    reason = (
        f"takes longer than {job.seconds:g} seconds, the limit for one file"
        if died.overdue
        else f"ends the process that reads it ({died.how}), twice"
    )
    return Outcome(
        item.number, source_name(found.path), "failed", shown(found.member), reason=reason, stamp=found.stamp
    )


def default_workers() -> int:
    """Give how many workers suit this machine: one for each core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
