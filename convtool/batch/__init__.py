"""Any number of files at once: planned, shared out among workers, noted in a journal, taken up again where it stopped.

``run`` plans and gives a Run, which yields an Outcome for each file; an Executor says where the work is done.
"""

from typing import TYPE_CHECKING

from convtool._lazy import lazily

if TYPE_CHECKING:
    from convtool.batch.choose import Destination, destination, is_batch
    from convtool.batch.dask import DaskExecutor
    from convtool.batch.executors import Executor, SerialExecutor, Stop
    from convtool.batch.model import Item, Result, Task
    from convtool.batch.perform import Performer
    from convtool.batch.processes import ProcessExecutor, default_workers
    from convtool.batch.runner import Run, run
    from convtool.job import Job
    from convtool.outcome import GOOD, STATUSES, Outcome
    from convtool.reports.summary import Summary

__all__ = [
    "GOOD", "STATUSES", "DaskExecutor", "Destination", "Executor", "Item", "Job", "Outcome", "Performer",
    "ProcessExecutor", "Result", "Run", "SerialExecutor", "Stop", "Summary", "Task", "default_workers", "destination",
    "is_batch", "run",
]  # fmt: skip

__getattr__ = lazily(
    __name__,
    {
        "choose": "Destination destination is_batch",
        "dask": "DaskExecutor",
        "executors": "Executor SerialExecutor Stop",
        "model": "Item Result Task",
        "perform": "Performer",
        "processes": "ProcessExecutor default_workers",
        "runner": "Run run",
        "convtool.job": "Job",
        "convtool.outcome": "GOOD STATUSES Outcome",
        "convtool.reports.summary": "Summary",
    },
)
