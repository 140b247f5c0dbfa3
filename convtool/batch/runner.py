"""A run from its plan to its end: what was done before is taken up, tasks go out, outcomes come in and are noted."""

from __future__ import annotations

import os
from array import array
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.batch.assemble import assemble, check_packing, drop_parts, sweep_parts
from convtool.batch.choose import Destination, destination
from convtool.batch.executors import SerialExecutor, Stop
from convtool.batch.fingerprint import schemas_hash
from convtool.batch.journal import Journal
from convtool.batch.model import Job
from convtool.batch.plan import Plan, make_plan
from convtool.batch.resume import check_targets, still_done
from convtool.batch.summary import Summary
from convtool.batch.tasks import cut
from convtool.catalog import Catalog
from convtool.errors import SinkError, UsageError
from convtool.places import check, store_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from convtool.batch.executors import Executor
    from convtool.batch.model import Outcome, Result, Task

__all__ = ["Run", "run"]

_NOT_DONE = -1


def run(
    sources: Sequence[str | os.PathLike[str]], out: str | os.PathLike[str] = "", *, job: Job | None = None,
    executor: Executor | None = None, resume: bool = False, overwrite: bool = False, journal: str = "",
    ours: Iterable[str] = (), stop: Stop | None = None,
) -> Run:  # fmt: skip
    """Plan a run over files, folders, archives and patterns; it is done while the Run is iterated, outcome by outcome.

    ``out``: a folder, a .zip, a .ndjson, .ndjson.gz or .ndjson.zst file; empty for validation. ``resume`` takes up the
    run that ``journal`` is of (default: beside ``out``). ``ours``: files that are none of the sources. Before anything
    is written: UsageError where the plan cannot be carried out, SourceError where something cannot be read or written.
    """
    where = destination(check(os.fspath(out))) if os.fspath(out) else Destination()
    chosen = _settled(job or Job(verb="convert" if where.kind else "validate"), where)
    check_packing(where)
    at = os.fspath(journal) or where.journal
    if resume and not at:
        raise UsageError("there is no journal to resume from: name it with --journal")
    if at and not (resume or overwrite) and os.path.exists(at) and os.path.getsize(at):
        raise UsageError(f"{at}: an earlier run has left its journal; --resume takes it up, --overwrite begins anew")
    plan = make_plan(chosen, [check(os.fspath(source)) for source in sources], where, [*ours, *([at] if at else [])])
    return Run(chosen, plan, where, executor or SerialExecutor(), at, resume, overwrite, stop or Stop())


def _settled(job: Job, out: Destination) -> Job:
    """Give the job with what follows from the output."""
    if (job.verb == "convert") != bool(out.kind):
        raise UsageError("to convert needs an output" if job.verb == "convert" else "a validation has no output")
    lines = job.lines or out.kind == "lines"
    if lines and (job.to == "xml" or job.pretty):
        raise UsageError("a file of lines has JSON in it, a record a line, not XML and not indented")
    catalog = Catalog(job.schemas or None)
    if job.contract:
        catalog.contract(job.contract)  # that there is none of the name is better known now
    return msgspec.structs.replace(
        job, lines=lines, to="json" if lines else job.to, schemas=os.path.abspath(catalog.folder.path),
        sink="folder" if out.kind == "folder" else "parts" if out.kind else "",
        where=out.path if out.kind == "folder" else out.parts if out.kind else "",
    )  # fmt: skip


def _settings(job: Job) -> dict[str, Any]:
    return {**job.settings(), "schemas": schemas_hash(job.schemas)}


class Run:
    """A run that is going on: iterate it for the outcomes, in the order in which they come, then ``close`` it.

    ``plan`` is known from the start; ``summary`` counts as it goes; ``outcomes()`` gives all outcomes in the plan's
    order when it has ended. ``interrupted``: it was told to stop before all was done.
    """

    def __init__(
        self, job: Job, plan: Plan, out: Destination, executor: Executor, journal: str, resume: bool, overwrite: bool,
        stop: Stop,
    ) -> None:  # fmt: skip
        self.job = job
        self.plan = plan
        self.out = out
        self.stop = stop
        self.summary = Summary()
        self.interrupted = False
        self._executor = executor
        self._places = array("q", [_NOT_DONE]) * len(plan.items)
        self._at_work: dict[int, set[str]] = {}
        self._parts: set[str] = set()  # that the journal knows
        self._made = ""  # the folder that was made for this run
        self._journal = Journal(journal, _settings(job), resume=resume, overwrite=overwrite)
        try:
            self._done = still_done(plan, self._journal, out, job)
            if out.kind:
                check_targets(plan, self._done, self._journal, out)
                self._clean()
        except BaseException:
            self.close()
            raise

    @property
    def journal(self) -> str:
        """The journal's path; empty where none is kept."""
        return self._journal.path

    def _clean(self) -> None:
        """Remove what a killed run has left, and make room for the parts of a new one."""
        if self.out.kind == "folder":
            store_of(self.out.path).sweep(self.out.path)
        elif self._done and not self._journal.assembled:
            self._parts = {self._journal.outcome(place).part for place in self._done.values()}
            sweep_parts(self.out, self._parts)
        else:
            drop_parts(self.out)
        folder = self.out.path if self.out.kind == "folder" else self.out.parts
        try:
            if store_of(folder).make_folder(folder):
                self._made = folder
        except OSError as error:
            raise SinkError(f"{self.out.path}: cannot be written: {error.strerror or error}") from None

    def __iter__(self) -> Iterator[Outcome]:
        """Do the run: yield what was done before, then what is done now."""
        for number, place in self._done.items():
            outcome = msgspec.structs.replace(self._journal.outcome(place), number=number)
            self._places[number] = place
            self.summary.add(outcome)
            self.summary.reused += 1
            yield outcome
        failure = ""
        results = self._executor.run(self.job, self._tasks(), self.stop)
        try:
            for result in results:
                yield from self._noted(result)
                if result.failure:
                    failure = failure or result.failure
                    self.stop.soon = True
        finally:
            if hasattr(results, "close"):  # a generator: its workers end now, and write no more
                results.close()
            self._sweep()
        if failure:
            raise SinkError(failure)
        self.interrupted = _NOT_DONE in self._places
        if not self.interrupted:
            self._finish()

    def _tasks(self) -> Iterator[Task]:
        pending = [item for item in self.plan.items if item.number not in self._done]
        for task in cut(pending, self.job.limits, self._executor.workers):
            if self.job.sink == "folder":
                targets = [item.target for item in task.items if item.target]
                self._journal.begin(map(_safe, targets))
                self._at_work[task.number] = {os.path.dirname(target) for target in targets}
            yield task

    def _noted(self, result: Result) -> Iterator[Outcome]:
        places = self._journal.add(result.outcomes)
        for outcome, place in zip(result.outcomes, places, strict=True):
            self._places[outcome.number] = place
            self._parts.add(outcome.part)
            self.summary.add(outcome)
            yield outcome
        if not result.deaths:
            self._at_work.pop(result.task, None)

    def _sweep(self) -> None:
        """Remove what workers have left that were ended, or have died: only where they were at work.

        A part that is whole goes as well where its outcomes could not be noted.
        """
        if self.job.sink == "parts":
            sweep_parts(self.out, self._parts)
        store = store_of(self.out.path)
        for folder in set().union(*self._at_work.values()):
            store.sweep(os.path.join(self.out.path, folder), deep=False)
        self._at_work.clear()

    def _finish(self) -> None:
        if self.out.kind in ("lines", "zip"):
            if not self._journal.assembled or len(self._done) < len(self.plan.items):
                self._journal.begin([_safe(self.out.path)])
                self._journal.finish({"size": assemble(self.out, self.outcomes())})
            drop_parts(self.out)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield all outcomes there are, in the plan's order."""
        for number, place in enumerate(self._places):
            if place != _NOT_DONE:
                yield msgspec.structs.replace(self._journal.outcome(place), number=number)

    def close(self) -> None:
        """Put the journal on disk; nothing that has been noted is lost after that."""
        self._journal.close()
        if self.out.kind and not self.summary.files:
            self._leave_nothing()

    def _leave_nothing(self) -> None:
        """Remove what was made for a run that came to nothing."""
        with suppress(OSError):
            if b'"source"' not in Path(self._journal.path).read_bytes():
                os.unlink(self._journal.path)
            if self._made:
                os.rmdir(self._made)

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _safe(target: str) -> str:
    return target.encode("utf-8", "backslashreplace").decode()
