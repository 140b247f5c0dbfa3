"""Runs cases in processes of their own, checks them, and times them in turns (A, B, C, A, B, C …).

A ratio is taken within a round, so that what slows the machine down for a while slows both of its sides down. On
documents of megabytes each measurement has a fresh process, whose peak memory is then that of the one case.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.cases import JOBS, Case

if TYPE_CHECKING:
    from benchmarks.documents import Document
    from benchmarks.plans import Plan

__all__ = ["HEAVY", "Pool", "Row", "applies", "check", "measure"]

_ROOT = Path(__file__).parent.parent
HEAVY = 1_000_000  # bytes of XML from which on each measurement gets a process of its own
#: What a peer that validates must refuse before it is timed; convtool must refuse every kind.
_PEER_KINDS = ["wrong integer", "unknown member"]


class Worker:
    """A process that runs one case on one core; it ends when the block does."""

    def __init__(self, case: Case) -> None:
        command = [sys.executable, "-m", "benchmarks.worker", case.name, *_core()]
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
        )

    def ask(self, **order: Any) -> dict[str, Any]:
        """Give the answer to an order; a process that died has failed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # then there is no answer either
        line = self._process.stdout.readline()
        return json.loads(line) if line else {"failed": f"the process ended with {self._process.wait()}"}

    def close(self) -> None:
        """Let the process end, and wait for that."""
        self._process.communicate()


class Pool:
    """Gives each order a process: a fresh one for documents of megabytes, for others one that is kept for the case.

    ``shared`` lets the checks use the kept ones too: saves a third of the time where no memory is measured.
    """

    def __init__(self, *, shared: bool) -> None:
        self._shared = shared
        self._kept: dict[str, Worker] = {}

    def time(self, case: Case, document: Document, seconds: float) -> dict[str, Any]:
        """Give the measurement of a case on a document."""
        order = {"do": "time", "document": document.name}
        if document.target < HEAVY:
            return self._worker(case).ask(**order, seconds=seconds)
        # One run only: in a second one lxml is 40 % slower, on memory that the first has given back to the system.
        return self._fresh(case, [{**order, "seconds": 0}])[0]

    def check(self, case: Case, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Give the answers to the orders, carried out by one process."""
        if self._shared:
            return [self._worker(case).ask(**order) for order in orders]
        return self._fresh(case, orders)

    def _worker(self, case: Case) -> Worker:
        if case.name not in self._kept:
            self._kept[case.name] = Worker(case)
        return self._kept[case.name]

    def _fresh(self, case: Case, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        worker = Worker(case)
        try:
            return [worker.ask(**order) for order in orders]
        finally:
            worker.close()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._kept.values():
            worker.close()


def _core() -> list[str]:
    """Give the number of the one core that is used, where a process can choose."""
    return [str(max(os.sched_getaffinity(0)))] if hasattr(os, "sched_getaffinity") else []


@dataclass(slots=True)
class Row:
    """What was measured of one case on one document: seconds, ratios and bytes, an entry for each round."""

    document: str
    case: Case
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    ratio: list[float] = field(default_factory=list)
    peak: list[int] = field(default_factory=list)
    increment: list[int] = field(default_factory=list)


def applies(case: Case, document: Document, plan: Plan) -> bool:
    """Tell whether a case is run on a document."""
    job = JOBS[case.job]
    plain = document.content == "typical" and document.layout == "wire"
    if document.target > case.reaches or (job.source == "json" and document.layout == "comments"):
        return False  # JSON has no comments: there is nothing to measure that the wire form does not show
    if case.job in ("parse", "start") or case.job.startswith("program"):
        return plain or case.job == "parse"
    return case.ours or (plain and document.target <= plan.peers_reach)


def check(case: Case, documents: list[Document], plan: Plan, pool: Pool) -> dict[str, Any]:
    """Prove a case right: on each document, and on the broken ones.

    Gives what is ``missing``, or what ``failed``, or how many broken documents were ``refused``.
    """
    orders: list[dict[str, Any]] = [{"do": "check", "document": document.name} for document in documents]
    must_refuse = case.ours or case.job.startswith("validate")
    if must_refuse:
        step = plan.step if case.job.startswith("program") else 1
        orders.append({"do": "refuse", "size": plan.plants, "step": step, "kinds": [] if case.ours else _PEER_KINDS})
    answers = pool.check(case, orders)
    for answer in answers:
        if "missing" in answer or "failed" in answer:
            return answer
    refused = answers[-1].get("refused", 0)
    return {"failed": "no broken document was tried"} if must_refuse and not refused else {"refused": refused}


def measure(cases: list[Case], document: Document, plan: Plan, pool: Pool, failures: list[str]) -> list[Row]:
    """Time the cases on a document, in turns; what fails half-way is added to the failures."""
    rows = {case.name: Row(document.name, case) for case in cases}
    needed = {case.baseline for case in cases}
    for number in range(plan.rounds[document.size]):
        turn = [case for case in cases if case.ours or case.name in needed or number < plan.peer_rounds]
        answers = {case.name: pool.time(case, document, plan.seconds) for case in turn}
        for name, answer in answers.items():
            if "failed" in answer or "missing" in answer:
                failures.append(f"{document.name} {name}: {answer}")
            elif "cpu" in answers[rows[name].case.baseline]:
                _note(rows[name], answer, answers[rows[name].case.baseline])
    return [row for row in rows.values() if row.ratio]


def _note(row: Row, answer: dict[str, Any], baseline: dict[str, Any]) -> None:
    row.ratio.append(answer["cpu"] / baseline["cpu"])
    for name in ("cpu", "wall", "peak", "increment"):
        getattr(row, name).append(answer[name])
