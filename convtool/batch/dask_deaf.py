"""What the worker processes of a local cluster load first: Ctrl-C, which a terminal sends to all, is for the run.

Dask calls ``dask_setup`` in each worker's main thread, of a worker that takes a lost one's place as well.
"""

from __future__ import annotations

import signal

__all__ = ["dask_setup"]


def dask_setup(_worker: object) -> None:
    """Do not heed Ctrl-C: the client ends the workers when the files in hand are done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
