"""A run from its plan to its end: what was done before is taken up, tasks go out, outcomes come in and are noted."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.batch.assemble import PIECES, Assembly, check_packing, drop_parts, sweep_parts
from convtool.batch.choose import Destination, destination, is_one
from convtool.batch.executors import SerialExecutor, Stop
from convtool.batch.fingerprint import schemas_hash
from convtool.batch.journal import Journal, sources_of
from convtool.batch.plan import Plan, expanded, make_plan
from convtool.batch.resume import NOT_DONE, check_targets, names_hash, stale, still_done
from convtool.batch.tasks import cut
from convtool.catalog import Catalog
from convtool.errors import SinkError, UsageError
from convtool.guard import check_apart, check_folder, check_outputs, claim, is_journal, is_ours
from convtool.job import Job
from convtool.places import check, forget, join, store_of
from convtool.recognise import other_format
from convtool.reports.about import About
from convtool.reports.summary import Summary
from convtool.soap import Messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from convtool.batch.executors import Executor
    from convtool.batch.model import Result, Task
    from convtool.outcome import Outcome

__all__ = ["Run", "run"]

_UNSEEN = 2  # neither bad nor not
_ASIDE = {"folder": ".bad", "lines": ".bad", "zip": ".bad", "file": ".bad.ndjson"}  # where bad records are put


def run(
    sources: Sequence[str | os.PathLike[str]], out: str | os.PathLike[str] = "", *, job: Job | None = None,
    listed: Sequence[str | os.PathLike[str]] = (), executor: Executor | None = None, resume: bool = False,
    overwrite: bool = False, journal: str = "", ours: Iterable[str] = (), stop: Stop | None = None,
) -> Run:  # fmt: skip
    """Plan a run over files, folders, archives and patterns; it is done while the Run is iterated, outcome by outcome.

    ``sources``: none, or ``-``, is standard input; ``listed`` are more of them, which nobody has named himself, so that
    one that is no payload is passed over. ``out``: a folder, a .zip, a .ndjson (.gz, .zst); of one payload any
    file, or ``-`` for standard output; empty for validation. ``resume`` takes up the run that ``journal`` is of
    (default: beside ``out``). ``ours``: reports, which are none of the sources. Before anything is
    written: UsageError where the plan cannot be carried out or would destroy something, SourceError where something
    cannot be read or written.
    """
    given = [check(os.fspath(source)) for source in sources]
    names = [*given, *(check(os.fspath(source)) for source in listed)]
    where = destination(check(os.fspath(out)), one=is_one(names) and not listed) if os.fspath(out) else Destination()
    chosen = _settled(job or Job(verb="convert" if where.kind else "validate"), where)
    check_packing(where)
    at = os.fspath(journal) or where.journal
    if not journal and where.kind == "folder" and os.path.basename(where.path) in ("", os.curdir, os.pardir):
        told = "name another folder, such as -o converted/, or the journal with --journal"
        raise UsageError(f"{out}: has no name that its journal could have", hint=told)
    if resume and not at:
        raise UsageError("there is no journal to resume from", hint="name it with --journal")
    ours = list(ours)
    each = list(expanded(names))
    _guard(chosen, where, each, at, ours, resume=resume, overwrite=overwrite)
    plan = make_plan(chosen, each, where, given=given, ours=[*ours, *filter(None, (at, chosen.aside))])
    _check_here(plan, where, executor)
    if where.kind == "folder":
        beside = [("the journal", at), *(("a report", path) for path in ours)]
        check_apart(beside, where.path, (name for item in plan.items for name in (item.target, item.other) if name))
    return Run(chosen, plan, where, executor or SerialExecutor(), at, resume, overwrite, stop or Stop(), names)


def _guard(
    job: Job, out: Destination, sources: list[str], journal: str, reports: list[str], *, resume: bool, overwrite: bool
) -> None:
    """Look at every path that is going to be written; the outputs in a folder are looked at when they are known."""
    if journal and os.path.isfile(journal) and os.path.getsize(journal):
        if not is_journal(journal):
            raise UsageError(
                f"{journal}: is no journal of convtool, and is left as it is", hint="name another with --journal"
            )
        if not (resume or overwrite):
            told = "--resume takes it up, --overwrite begins anew"
            raise UsageError(f"{journal}: an earlier run has left its journal", hint=told)
    kept = [journal] if os.path.isfile(journal) else []
    single = [("the output", out.path)] if out.kind in ("file", "zip", "lines") else []
    aside = [("bad records", job.aside)] if job.aside and out.kind == "file" else []
    beside = [] if _is_to_be_made(_around(out, journal)) else [("the journal", journal)]
    written = [*single, *aside, *(("a report", path) for path in reports), *beside]
    # What the run that is taken up has left may go; ``check_targets`` looks at whether the output is of that run.
    own = {out.path, *filter(is_ours, reports)} if resume else ()
    check_outputs(written, sources or ["-"], overwrite=overwrite, own=own, kept=kept)
    if job.aside and out.kind not in ("", "file"):
        taken_up = resume and bool(kept) and os.path.getsize(journal) > 0
        check_folder(job.aside, "bad records", sources, overwrite=overwrite or taken_up)


def _around(out: Destination, journal: str) -> str:
    """Give the folder that an output folder is to be in, its journal beside it; empty where it is another one's."""
    return os.path.dirname(journal) if out.kind == "folder" and journal == out.journal else ""


def _is_to_be_made(folder: str) -> bool:
    return bool(folder) and not os.path.lexists(folder)


def _check_here(plan: Plan, out: Destination, executor: Executor | None) -> None:
    """UsageError where other processes should read or write what this one alone has."""
    if executor is None or isinstance(executor, SerialExecutor):
        return
    what = "standard input, or what a shell has opened, is read" if plan.streams else ""
    if out.kind == "file" and not out.path:
        what = "standard output is written"
    if what:
        told = "name a file, or leave out --limit-seconds, --limit-memory, --jobs and --cluster"
        raise UsageError(f"{what} by this process alone, not by its workers", hint=told)


def _settled(job: Job, out: Destination) -> Job:
    """Give the job with what follows from the output."""
    if (job.verb == "convert") != bool(out.kind):
        raise UsageError("to convert needs an output" if job.verb == "convert" else "a validation has no output")
    if job.profile == "both" and job.verb == "convert":
        raise UsageError("to convert means one profile: strict or dotnet")
    lines = job.lines or out.kind == "lines" or out.format == "ndjson"
    if job.to and out.format not in ("", job.to) and not (lines and job.to == "json"):
        raise UsageError(
            f"{out.path}: its suffix says {out.format}, and {job.to} is asked for", hint="name it otherwise"
        )
    if job.lossless and job.skip:
        raise UsageError(
            "a record that would lose something is not put aside", hint="choose --lossless or --on-error skip"
        )
    if job.with_source and not lines:
        raise UsageError("a source's name goes into lines of records", hint="write a .ndjson file")
    if lines and out.format in ("xml", "form"):
        raise UsageError(
            f"{out.path}: its suffix says {out.format}, and lines of JSON are asked for", hint="name it otherwise"
        )
    if lines and (job.to not in ("", "json") or job.pretty):
        raise UsageError("a file of lines has JSON in it, a record a line, not XML and not indented")
    asked = job.to or out.format or ("xml" if job.envelope else other_format(job.given) if job.given else "")
    job = msgspec.structs.replace(job, to="json" if lines else asked)
    catalog = Catalog(job.schemas or None)
    if job.contract:
        catalog.contract(job.contract)  # that there is none of the name is better known now
    if not job.rules:
        catalog.check()
    if job.envelope:
        Messages(catalog, job.envelope)
    catalogs = [Catalog(rule.schemas) if rule.schemas else catalog for rule in job.rules]
    for rule, of in zip(job.rules, catalogs, strict=True):
        # The tables of one payload add up: its contract may be of another one's folder.
        if rule.contract and not any(rule.contract in one.contracts() for one in (catalog, *catalogs)):
            of.contract(rule.contract)  # says that there is none
    sinks: dict[str, Any] = {"folder": "folder", "lines": "parts", "zip": "parts", "file": "file", "": ""}
    aside = job.aside or ("" if not job.skip or not out.path else f"{out.path.rstrip('/')}{_ASIDE[out.kind]}")
    if job.skip and not aside:
        raise UsageError(
            "the good records go to standard output, and the bad ones nowhere", hint="name a file with --bad-records"
        )
    return msgspec.structs.replace(
        job, lines=lines, schemas=os.path.abspath(catalog.folder.path), packing=out.packing, aside=aside,
        sink=sinks[out.kind], where=out.parts if sinks[out.kind] == "parts" else out.path, mark=os.urandom(8).hex(),
    )  # fmt: skip


def _settings(job: Job) -> dict[str, Any]:
    others = [schemas_hash(rule.schemas) for rule in job.rules if rule.schemas]
    return {**job.settings(), "schemas": schemas_hash(job.schemas), **({"others": others} if others else {})}


class Run:
    """A run that is going on: iterate it for the outcomes, in the order in which they come, then ``close`` it.

    ``plan`` is known from the start; ``summary`` counts as it goes; ``outcomes()`` gives all outcomes in the plan's
    order when it has ended. ``interrupted``: it was told to stop before all was done.
    """

    def __init__(
        self, job: Job, plan: Plan, out: Destination, executor: Executor, journal: str, resume: bool, overwrite: bool,
        stop: Stop, sources: Sequence[str],
    ) -> None:  # fmt: skip
        self.job = job
        self.plan = plan
        self.out = out
        self.stop = stop
        self.summary = Summary()
        self.interrupted = False
        self._executor = executor
        self._bad = bytearray([_UNSEEN]) * len(plan.items)  # whether each is bad, as far as it has been counted
        self._whole = 0  # files without a gap that have an outcome, from the first on
        self.nested = False  # whether an outcome holds several
        self._at_work: dict[int, set[str]] = {}
        self._parts: set[str] = set()  # that the journal knows
        self._assembly: Assembly | None = None
        self._made = ""  # the folder that was made for this run
        self._claim = -1  # what holds the lock of the folder that is written to
        if _is_to_be_made(around := _around(out, journal)):
            try:
                store_of(around).make_folder(around)
            except OSError as error:
                raise SinkError(f"{out.path}: cannot be written: {error.strerror or error}") from None
        settings = _settings(job) if journal else {}
        self._journal = Journal(journal, settings, sources_of(sources), resume=resume, overwrite=overwrite)
        try:
            self._places = still_done(plan, self._journal, out, job)
            self._pending = sum(place == NOT_DONE for place in self._places)
            if out.kind:
                check_targets(plan, self._places, self._journal, out, sources)
                self._clean()
                for path in stale(plan, self._places, self._journal, job):
                    store_of(path).remove(path)
            self._journal.start()
        except BaseException:
            self.close()
            raise

    @property
    def journal(self) -> str:
        """The journal's path; empty where none is kept."""
        return self._journal.path

    @property
    def damaged(self) -> int:
        """How many lines of the journal that is taken up say nothing any more: their files are done again."""
        return self._journal.damaged

    def _clean(self) -> None:
        """Remove what a killed run has left, and make room for the parts of a new one."""
        if self.out.kind == "file":
            return
        folder = self.out.path if self.out.kind == "folder" else self.out.parts
        store = store_of(folder)
        try:
            if store.make_folder(folder):
                self._made = folder
        except OSError as error:
            raise SinkError(f"{self.out.path}: cannot be written: {error.strerror or error}") from None
        if store.is_local:
            self._claim = claim(folder)
        if self.out.kind == "folder":
            store.sweep(folder)
            return
        if not self._journal.assembled:
            self._parts = {self._journal.outcome(place).part for place in self._places if place != NOT_DONE}
        sweep_parts(self.out, self._parts)

    def __iter__(self) -> Iterator[Outcome]:
        """Do the run: yield what was done before, then what is done now."""
        for number in self._numbers():
            yield self.outcome(number)

    def _numbers(self) -> Iterator[int]:
        """Do the run: yield the number of each file whose outcome is in the journal, those done before at first."""
        left = bytearray(place == NOT_DONE for place in self._places)
        for number, pending in enumerate(left):
            if not pending:
                self._reuse(self.outcome(number))
                yield number
        try:
            yield from self._now(left)
        finally:
            if self._assembly is not None:
                self._assembly.stop()

    def _now(self, left: bytearray) -> Iterator[int]:
        """Do what is left; yield the number of each file as it is noted."""
        failure = ""
        results = self._executor.run(self.job, self._tasks(left), self.stop)
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
        self.interrupted = NOT_DONE in self._places
        if not self.interrupted:
            self._finish()

    def _tasks(self, left: bytearray) -> Iterator[Task]:
        size = self.plan.size
        if self._pending < len(left):
            size = sum(item.found.size for item in self.plan.items if left[item.number])
        pending = (item for item in self.plan.items if left[item.number])
        for task in cut(pending, self._pending, size, self.job.limits, self._executor.workers):
            if self.job.sink == "folder":
                targets = [name for item in task.items for name in (item.target, item.other) if name]
                self._journal.begin(map(_safe, targets))
            elif self.job.sink == "file" and self.out.path:
                self._journal.begin([_safe(self.out.path)])
            self._at_work[task.number] = self._folders(task)
            yield task

    def _folders(self, task: Task) -> set[str]:
        """Give the folders in which a task's outputs are while they are written."""
        job = self.job
        if job.sink == "file":
            written = {os.path.realpath(path) for path in (job.where, job.aside) if path and store_of(path).is_local}
            return set(map(os.path.dirname, written))
        roots = [*([self.out.path] if job.sink == "folder" else ()), *([job.aside] if job.aside else ())]
        inside = {os.path.dirname(item.bad()) for item in task.items} if roots else ()
        return {join(root, name) for root in roots for name in inside}

    def _noted(self, result: Result) -> Iterator[int]:
        place = self._journal.add(result.lines)
        self._parts.update(result.parts)
        self.summary.merge(result.summary)
        for row in result.rows:
            self._places[row.number] = place
            self._bad[row.number] = row.bad
            self.nested = self.nested or row.nested
            place += row.size
        self._assemble()
        for row in result.rows:
            yield row.number
        if not result.deaths:
            self._at_work.pop(result.task, None)

    def _reuse(self, outcome: Outcome) -> None:
        """Count what was done before."""
        self._bad[outcome.number] = outcome.bad
        self.nested = self.nested or bool(outcome.judged)
        self.summary.add(outcome)
        self.summary.reused += 1

    def _sweep(self) -> None:
        """Remove what workers have left that were ended, or have died: only where they were at work.

        A part that is whole goes as well where its outcomes could not be noted.
        """
        if self.job.sink == "parts":
            sweep_parts(self.out, self._parts, going=True)
        for folder in set().union(*self._at_work.values()):
            store_of(folder).sweep(folder, deep=False, mark=self.job.mark)
        self._at_work.clear()

    def _assemble(self) -> None:
        """Let the one file grow by what has come, where there is one to be made."""
        if self.out.kind not in ("lines", "zip") or (self._journal.assembled and not self._pending):
            return
        if self._assembly is None:  # after the workers, which may be copies of a process without threads
            read, places = self._journal.reader(PIECES), self._places
            self._assembly = Assembly(self.out, len(places), lambda number: read(places[number]))
        while self._whole < len(self._places) and self._places[self._whole] != NOT_DONE:
            self._whole += 1
        self._assembly.ready(self._whole)

    def _finish(self) -> None:
        self._assemble()
        if self._assembly is not None:
            self._journal.begin([_safe(self.out.path)])
            self._journal.finish({**self._assembly.finish(), "of": names_hash(self.plan)})
        if self.out.kind in ("lines", "zip"):
            drop_parts(self.out)

    def in_order(self, tick: Callable[[], None] = lambda: None, *, every: bool = True) -> Iterator[Outcome]:
        """Do the run, yielding outcomes in the plan's order, whatever the workers do; ``tick`` is called for each file.

        Where not ``every`` outcome is wanted, only those in which something is wrong are given.
        """
        at = 0
        for _ in self._numbers():
            tick()
            while at < len(self._bad) and self._bad[at] != _UNSEEN:
                at += 1
                if every or self._bad[at - 1]:
                    yield self.outcome(at - 1)
        for number in range(at, len(self._bad)):  # a run that was told to stop has gaps
            if self._bad[number] != _UNSEEN and (every or self._bad[number]):
                yield self.outcome(number)

    def outcome(self, number: int) -> Outcome:
        """Give what came of the file with this number in the plan, which has been done."""
        return self._journal.outcome(self._places[number]).numbered(number)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield all outcomes there are, in the plan's order."""
        for number, place in enumerate(self._places):
            if place != NOT_DONE:
                yield self.outcome(number)

    def about(self, **told: Any) -> About:
        """Give what a report says of the run beside its outcomes; ``told``: further fields of an About."""
        job = self.job
        known: dict[str, Any] = {"nested": self.nested, "profile": job.profile, "schemas": job.schemas}
        return About(job.verb, self.summary, self.interrupted, **{**known, **told})

    def close(self) -> None:
        """Put the journal on disk; nothing that has been noted is lost after that."""
        store_of(os.curdir).forget()
        forget()
        self._journal.close()
        if self._claim >= 0:
            os.close(self._claim)
            self._claim = -1
        if self.out.kind and not self.summary.files:
            self._leave_nothing()

    def _leave_nothing(self) -> None:
        """Remove what was made for a run that came to nothing."""
        with suppress(OSError):
            told = Path(self._journal.path).read_bytes()
            if b'"source"' not in told and b'"began"' not in told:  # of which some may have their names already
                os.unlink(self._journal.path)
            if self._made:
                os.rmdir(self._made)

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _safe(target: str) -> str:
    return target.encode("utf-8", "backslashreplace").decode()
