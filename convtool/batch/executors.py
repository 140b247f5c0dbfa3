"""Where tasks are done: in this process, in others, elsewhere. An executor pulls tasks and yields results as they come.

The rules for each: it pulls a task when it has room for one (so that a million files are not a million tasks at once),
it stops pulling when ``stop.soon``, and every task it has pulled and begun has a result, whatever happens to a worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from convtool.batch.perform import Performer
from convtool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.batch.model import Result, Task
    from convtool.job import Job

__all__ = ["Executor", "SerialExecutor", "Stop"]


class Stop:
    """The wish that a run ends: ``soon`` lets what has begun come to its end."""

    def __init__(self) -> None:
        self.soon = False


class Executor(Protocol):
    """Does the tasks of a job. ``workers``: how many it can do at a time."""

    workers: int

    def run(self, job: Job, tasks: Iterable[Task], stop: Stop) -> Iterator[Result]:
        """Yield the results of tasks, in any order."""
        ...


class SerialExecutor:
    """Does one task after the other in this process: what kills that kills the run, and a file has no limits."""

    workers = 1

    def run(self, job: Job, tasks: Iterable[Task], stop: Stop) -> Iterator[Result]:
        """Yield the results of tasks, in their order."""
        if job.seconds or job.memory:
            raise UsageError("limits of time and memory need a process for each worker: use a ProcessExecutor")
        performer = Performer(job)
        for task in tasks:
            yield performer.perform(task)
            if stop.soon:
                return
