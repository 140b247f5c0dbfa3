"""The cluster that a command line names: one that is there, by its scheduler's address, or one on this machine."""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from convtool._version import install
from convtool.batch.processes import default_workers
from convtool.errors import SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.batch.dask import DaskExecutor

__all__ = ["LOCAL", "cluster_executor"]

LOCAL = "local"
_SECONDS = 15  # for the scheduler to answer


@contextmanager
def cluster_executor(address: str, jobs: int | None = None) -> Iterator[DaskExecutor]:
    """Give an executor for a scheduler's address (tcp://host:8786, tls://…), or for ``local``: processes started here.

    ``jobs`` bounds how many tasks are done at a time; it is the number of processes for ``local``. UsageError where
    Dask is not installed or the address is none, SourceError where nobody answers.
    """
    distributed = _distributed()
    from convtool.batch.dask import DaskExecutor

    if address == LOCAL:
        count = jobs or default_workers()
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # workers that die are counted, not shown
        cluster = distributed.LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, dashboard_address=":0",
            silence_logs=logging.CRITICAL, preload=["convtool.batch.dask_deaf"],
        )  # fmt: skip
        try:
            with distributed.Client(cluster, set_as_default=False) as client:
                client.wait_for_workers(count)
                yield DaskExecutor(client, jobs)
        finally:
            with suppress(TimeoutError):  # some versions wait for ever for a worker that has been killed
                cluster.close(timeout=_SECONDS)
        return
    if "://" not in address:
        raise UsageError(f"{address}: is no scheduler's address", hint="write tcp://host:8786, or local")
    try:
        client = distributed.Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise SourceError(f"{address}: no Dask scheduler answers there ({error})") from None
    with client:
        yield DaskExecutor(client, jobs)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise UsageError("nothing is installed that works on a cluster", hint=install("dask")) from None
    return distributed
