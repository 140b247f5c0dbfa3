"""Threads that do a thing for the first time together: msgspec crashes where two of them look at a type at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, sys, threading
import msgspec
from convtool.batch import Outcome, processes
from convtool.batch.model import Account
from convtool.catalog import Catalog

data = msgspec.msgpack.encode(Account([Outcome(1, "a", "valid")]).result(1))

def first():
    ready.wait()
    result = processes.RESULTS.decode(data)
    assert (result.task, result.outcomes()[0].source) == (1, "a")
    assert Catalog().contract("ParamModel").name == "ParamModel"

for attempt in range(25):
    child = os.fork()
    if not child:
        sys.setswitchinterval(1e-7)
        ready = threading.Barrier(6)
        threads = [threading.Thread(target=first) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        sys.exit(f"attempt {attempt} ended with {os.waitstatus_to_exitcode(status)}")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs copies of a process")
@pytest.mark.long
def test_what_many_threads_decode_first_does_not_crash(tmp_path: Path) -> None:
    environment = {**os.environ, "CONVTOOL_CACHE": str(tmp_path)}
    warm = [sys.executable, "-c", "from convtool.catalog import Catalog; Catalog().contract('ParamModel')"]
    for command in (warm, [sys.executable, "-c", SCRIPT]):
        done = subprocess.run(
            command, env=environment, cwd=Path(__file__).parents[2], capture_output=True, timeout=120, check=False
        )
        assert (done.returncode, done.stderr.decode()) == (0, "")
