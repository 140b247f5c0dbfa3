"""What ``convert`` and ``validate`` do with many files: signals, progress, summary, reports, exit codes."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal

import click

from convtool.cli.failures import FAILED, INTERRUPTED, INVALID
from convtool.cli.output import colours, result_stream, say, show, show_text, write_all
from convtool.errors import SourceError
from convtool.places import is_local_memory
from convtool.shown import block, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from convtool.batch import Executor, Job, Outcome, Run, Stop
    from convtool.diagnostics import Report

__all__ = ["asks_for_batch", "is_many", "is_packed", "make_job", "refuse", "run_batch", "show_annotations"]

_NAMES = (
    "files_from", "jobs", "cluster", "resume", "journal", "reports", "quiet", "limit_seconds", "limit_memory",
    "max_ratio", "max_members", "max_member_size", "max_total_size", "overwrite",
)  # fmt: skip


def is_many(sources: tuple[str, ...], out: str | None, options: dict[str, Any]) -> bool:
    """Tell whether sources are many files or may be, or an option asks for what only batches have.

    Without an output, several plain files are none: each has its own report.
    """
    if asks_for_batch(options):
        return True
    from convtool.batch.choose import is_batch

    if out is None:
        return any(is_batch((source,)) for source in sources if source != "-")
    return is_batch(sources, out)


def refuse(**given: Any) -> None:
    """UsageError where an option is given that only a single payload can have."""
    for name, value in given.items():
        if value:
            raise click.UsageError(f"--{name.replace('_', '-')} is for a single payload.")


def make_job(verb: Literal["convert", "validate"], options: dict[str, Any], schemas: Path | None, **chosen: Any) -> Job:
    """Give the job that the options of a command describe."""
    from convtool.batch import Job
    from convtool.places import Limits

    bounds = {
        "ratio": options["max_ratio"], "members": options["max_members"],
        "member_size": options["max_member_size"], "total_size": options["max_total_size"],
    }  # fmt: skip
    return Job(
        verb=verb, schemas=str(schemas or ""),
        seconds=options["limit_seconds"] or 0, memory=options["limit_memory"] or 0,
        limits=Limits(**{name: value for name, value in bounds.items() if value}),
        **{name: value for name, value in chosen.items() if value is not None},
    )  # fmt: skip


def asks_for_batch(options: dict[str, Any]) -> bool:
    """Tell whether an option asks for what only batches have."""
    return any(options.get(name) for name in _NAMES if name != "quiet")


def run_batch(sources: tuple[str, ...], out: str, job: Job, options: dict[str, Any], form: str = "text") -> int:
    """Do a batch to its end, and give the exit code. ``form``: how findings are shown (text, json, github, or not)."""
    from convtool.batch import Stop, run
    from convtool.batch.reports import check_report, write_report

    reports = options["reports"]
    for report in reports:
        check_report(report)
    stop = Stop()
    with _signals(stop) as begun, _executor(job, out, options["jobs"], options["cluster"]) as executor:
        going = run(
            _sources(sources, options["files_from"]), out, job=job, executor=executor,
            resume=options["resume"], overwrite=bool(options.get("overwrite")), journal=options["journal"] or "",
            ours=reports, stop=stop,
        )  # fmt: skip
        with going:
            begun()
            failed = _follow(going, options, form)
            if failed is None:
                for report in reports:
                    write_report(report, going)
            if form == "json" and failed is None:
                _show_document(going)
        return _end(going, failed, quiet=options["quiet"], stopped_by=begun.number)


def _sources(sources: tuple[str, ...], listed: str | None) -> list[str]:
    if not listed:
        return list(sources)
    try:
        if listed == "-":
            data = sys.stdin.buffer.read()
        else:
            with open(listed, "rb") as file:  # noqa: PTH123 - its name may be no text
                data = file.read()
    except OSError as error:
        raise SourceError(f"{listed}: {error.strerror or error}") from None
    names = data.split(b"\0") if b"\0" in data else data.splitlines()
    return [*sources, *(os.fsdecode(name) for name in names if name)]


@contextmanager
def _executor(job: Job, out: str, jobs: int | None, cluster: str | None) -> Iterator[Executor]:
    """Give what does the work: processes even where it is one, since a file may kill the process that reads it."""
    from convtool.batch import ProcessExecutor, SerialExecutor, default_workers

    if cluster:
        from convtool.batch.cluster import cluster_executor

        with cluster_executor(cluster, jobs) as executor:
            yield executor
        return
    workers = jobs or default_workers()
    here = workers == 1 and is_local_memory(out) and not (job.seconds or job.memory)
    yield SerialExecutor() if here else ProcessExecutor(workers)


class _Begun:
    """Whether the run has begun, before which Ctrl-C just ends it; and which signal has come."""

    def __init__(self) -> None:
        self.yes = False
        self.number = 0

    def __call__(self) -> None:
        self.yes = True


@contextmanager
def _signals(stop: Stop) -> Iterator[_Begun]:
    """Let the first Ctrl-C, or the wish of the system, stop the run soon, and the second at once."""
    begun = _Begun()

    def told(number: int, _: object) -> None:
        begun.number = begun.number or number
        if stop.soon or not begun.yes:
            if number == signal.SIGTERM:
                raise SystemExit(128 + number)
            raise KeyboardInterrupt
        stop.soon = True
        with suppress(OSError):  # not through Python's stream, which may be in the middle of something
            os.write(2, b"\nconvtool: finishing the files in hand; once more to stop at once\n")

    before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield begun
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _follow(run: Run, options: dict[str, Any], form: str) -> SourceError | None:
    """Do the run, showing how far it is and what is found; give what ended it before its time."""
    from convtool.cli.progress import progress

    with progress(run, quiet=options["quiet"]) as tick:
        try:
            for outcome in run:
                tick()
                if form == "text" and not outcome.good:
                    show_text(_text(outcome))
                elif form == "github":
                    _annotate(outcome)
        except SourceError as error:
            return error
    return None


def _text(outcome: Outcome) -> str:
    from convtool.batch.words import diagnostic

    lines = [f"{line(outcome.name)}: {outcome.status}: {line(outcome.reason)}"] if outcome.reason else []
    lines += [diagnostic(found).text(outcome.name) for found in outcome.diagnostics]
    return "\n".join(lines)


def _annotate(outcome: Outcome) -> None:
    from convtool.batch.reports import annotated

    for annotation in annotated(outcome):
        show(annotation)


def show_annotations(reports: Iterable[Report]) -> None:
    """Write the findings of single payloads as annotations."""
    from convtool.batch.reports import annotation

    for report in reports:
        for found in report:
            show(annotation(report.source, found.to_dict()))


def is_packed(source: str | None) -> bool:
    """Tell whether a source is a single compressed payload."""
    if source in (None, "-"):
        return False
    from convtool.batch.choose import is_packed as packed

    return packed(str(source))


def _show_document(run: Run) -> None:
    from convtool.batch.reports import About
    from convtool.batch.reports.plain import document

    with result_stream() as stream:
        for piece in document(About(run.job.verb, run.summary, run.interrupted), run.outcomes()):
            write_all(stream, piece)


def _end(run: Run, failed: SourceError | None, *, quiet: bool, stopped_by: int) -> int:
    """Say how the run ended, and give the exit code."""
    summary = run.summary
    if not quiet:
        from convtool.cli.summary import table

        say("\n".join(table(summary, run.job.verb, colour=colours(sys.stderr))))
        if summary.bad and run.job.verb == "convert":  # validate has said it file by file
            say(f"\nWhat is wrong with each file is in {line(run.journal)} (--report FILE gives a page of it).")
    unfinished = failed is not None or run.interrupted
    if failed is not None:
        say(f"convtool: error: {block(str(failed))}")
    if unfinished and run.journal:
        say(f"convtool: {summary.files} of {len(run.plan.items)} files are done; --resume goes on from there")
    if failed is not None:
        return FAILED
    if run.interrupted:
        return 128 + stopped_by if stopped_by else INTERRUPTED
    return FAILED if summary.statuses["failed"] else INVALID if summary.bad else 0
