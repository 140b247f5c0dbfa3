"""What ``convert`` and ``validate`` do with payloads, one or a million: a run, what is seen of it, an exit code."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from convtool.batch.choose import is_descriptor, is_one
from convtool.batch.executors import SerialExecutor, Stop
from convtool.batch.runner import run
from convtool.cli.defaults import rules
from convtool.cli.failures import FAILED, INTERRUPTED, INVALID
from convtool.cli.output import (
    colours,
    complain,
    complain_of,
    is_quiet,
    result_stream,
    say,
    show_text,
    tell,
    write_all,
)
from convtool.errors import SourceError
from convtool.job import Job
from convtool.near import near_file
from convtool.places import check, is_local_memory, shown_url
from convtool.reports import REPORTERS, reporter_of, write_report
from convtool.shown import counted, line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.batch import Executor, Run
    from convtool.outcome import Outcome
    from convtool.reports import About

__all__ = ["execute", "make_job"]

_FEW = 32  # payloads that are named one by one, for which it is not worth while to start processes
_VERIFIED = "verified: converting back gives the same document"
_NOT_VERIFIED = "converting back gives another document: see the losses above"
_FIRST = 10  # files of many that could not be converted, with what is wrong
_SHOWN = 3  # reasons for which nothing was judged


def make_job(verb: Literal["convert", "validate"], options: dict[str, Any], schemas: Path | None, **chosen: Any) -> Job:
    """Give the job that the options of a command, and the settings for paths, describe."""
    from convtool.choice import Choice, checked
    from convtool.places import Limits, check_encoding

    bounds = {
        "ratio": options["max_ratio"], "members": options["max_members"],
        "member_size": options["max_member_size"], "total_size": options["max_total_size"],
    }  # fmt: skip
    return Job(
        verb=verb, schemas=str(schemas or ""), zip_encoding=check_encoding(options["zip_encoding"]), rules=rules(),
        here=str(Path.cwd()),
        choice=Choice(checked(options["select"]), checked(options["ignore"]), options["min_severity"] or "notice"),
        seconds=options["limit_seconds"] or 0, memory=options["limit_memory"] or 0,
        limits=Limits(**{name: value for name, value in bounds.items() if value}),
        **{name: value for name, value in chosen.items() if value is not None},
    )  # fmt: skip


def execute(sources: tuple[str, ...], out: str, job: Job, options: dict[str, Any], form: str = "text") -> int:
    """Do a job to its end, and give the exit code. ``form``: the reporter that standard output is for, if any."""
    from convtool.findings import LIMIT

    named, listed = [*map(check, sources)], _listed(options["files_from"])
    names = [*named, *listed]
    if options["files_from"] and not names:  # no name at all is standard input, which nobody has named
        say("convtool: nothing was judged, since the list is empty")
        return INVALID
    one = is_one(names) and not options["files_from"]
    every = one or (not options["files_from"] and all(is_one([name]) for name in names))
    for path in options["reports"]:
        reporter_of(path)
    if every:
        job = _replaced(job, kept=LIMIT)
    if one and options["jobs"] and not options["cluster"]:
        job = _replaced(job, threads=options["jobs"])
    stop = Stop()
    signals = nullcontext(_Begun()) if one else _signals(stop)
    with signals as begun, _executor(job, out, options, len(names) if every else -1, names) as executor:
        going = run(
            named, out, listed=listed, job=job, executor=executor, resume=options["resume"],
            overwrite=options["overwrite"], journal=options["journal"] or "", ours=_written(options), stop=stop,
        )  # fmt: skip
        with going:
            begun()
            tell(f"contracts are those of {going.job.schemas}, in the {going.job.profile} profile")
            tell(f"{counted(len(going.plan.items), 'file')}, by {_workers(executor)}")
            if going.damaged and not is_quiet():
                say(f"convtool: {going.damaged} of the journal's lines are damaged: their files are done again")
            seen = _Seen(
                going, one=one, every=every, form=form, fold=not options["unfolded"], reports=options["reports"]
            )
            failed = seen.follow()
            if failed is None:
                seen.write_reports()
            return seen.end(failed, stopped_by=begun.number)


def _written(options: dict[str, Any]) -> list[str]:
    """Give the files that a run's reports go to, and what the command says where that is a file."""
    result = click.get_current_context().meta.get("convtool.output")
    return [*options["reports"], *([result] if result not in (None, "-") else [])]


def _replaced(job: Job, **more: Any) -> Job:
    import msgspec

    return msgspec.structs.replace(job, **more)


def _listed(listed: str | None) -> list[str]:
    if not listed:
        return []
    try:
        if listed == "-":
            if sys.stdin is None:
                raise SourceError("standard input is closed")
            data = sys.stdin.buffer.read()
        else:
            with open(listed, "rb") as file:  # noqa: PTH123 - its name may be no text
                data = file.read()
    except OSError as error:
        raise SourceError(f"{listed}: {error.strerror or error}") from None
    names = data.split(b"\0") if b"\0" in data else data.splitlines()
    return [check(os.fsdecode(name)) for name in names if name]


@contextmanager
def _executor(job: Job, out: str, options: dict[str, Any], named: int, names: list[str]) -> Iterator[Executor]:
    """Give what does the work: processes, since a file may kill the one that reads it; for a few files this process.

    One payload is read by threads, and not by several processes.
    """
    jobs, cluster = None if is_one(names) else options["jobs"], options["cluster"]
    limited = bool(job.seconds or job.memory)
    if not (cluster or jobs or limited) and 0 <= named <= _FEW:
        yield SerialExecutor()
        return
    from convtool.batch import ProcessExecutor, default_workers

    if cluster:
        from convtool.batch.cluster import cluster_executor

        with cluster_executor(cluster, jobs) as executor:
            yield executor
        return
    workers = jobs or default_workers()
    here = (workers == 1 and is_local_memory(out)) or any(map(is_descriptor, names))
    yield SerialExecutor() if here and not limited else ProcessExecutor(workers)


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

    # What was not to be heard when the run began, as Ctrl-C by what a script has in the background, is not heard now.
    heard = [one for one in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, told) for number in heard}
    try:
        yield begun
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _failed(outcome: Outcome) -> None:
    complain(f"{line(outcome.name)}: {line(outcome.reason)}", near_file(outcome.source))


def _workers(executor: Executor) -> str:
    return "this process" if isinstance(executor, SerialExecutor) else f"{executor.workers} workers"


def _command() -> str:
    """Give the command line as it could be typed again; of URLs without what may be secret in them."""
    words = click.get_current_context().meta.get("convtool.arguments", [])
    import shlex  # for reports alone

    return shlex.join(["convtool", *map(shown_url, words)])


class _Seen:
    """What people see of a run: while it goes on, and at its end."""

    def __init__(self, run: Run, *, one: bool, every: bool, form: str, fold: bool, reports: tuple[str, ...]) -> None:
        self._run = run
        self._one = one
        self._every = every
        self._form = form
        self._quiet = is_quiet()
        self._fold = fold
        self._reports = reports
        self._bad: list[Outcome] = []  # the first of many that could not be converted
        self._started = (time.strftime("%Y-%m-%d %H:%M:%S %z"), time.monotonic())

    def follow(self) -> SourceError | None:
        """Do the run, showing how far it is and what is found; give what ended it before its time."""
        from convtool.cli.progress import progress

        with progress(self._run, quiet=self._quiet or self._every) as tick:
            try:
                reported = self._run.job.verb == "validate" and self._form != "text"
                found = self._run.in_order(tick, every=self._every or reported)
                if self._run.job.verb == "convert":
                    for outcome in found:
                        self._converted(outcome)
                elif self._form == "text":
                    for outcome in found:
                        self._validated(outcome)
                else:
                    self._reported(found)
            except SourceError as error:
                return error
        return None

    def _converted(self, outcome: Outcome) -> None:
        """Say what is worth knowing about one payload; of many, the first that are bad are named at the end."""
        from convtool.reports.text import text

        if not self._one and outcome.bad and len(self._bad) < _FIRST:
            self._bad.append(outcome)
        if not self._one or (self._quiet and outcome.good and not outcome.skipped and outcome.verified is not False):
            return
        if outcome.skipped:
            aside = f"{outcome.skipped} with errors put aside in {line(outcome.aside)}"
            say(f"{counted(outcome.records, 'record')} converted, {aside}")
        elif outcome.status == "failed":
            _failed(outcome)
        elif outcome.diagnostics or outcome.left_out:
            show_text(outcome.report().text(fold=self._fold), err=True)
        elif not outcome.good:
            show_text(text(outcome, fold=self._fold), err=True)
        if outcome.verified is not None:
            say(_VERIFIED if outcome.verified else _NOT_VERIFIED)

    def _validated(self, outcome: Outcome) -> None:
        from convtool.reports.text import summed_up, text

        if self._every and outcome.status == "failed":
            _failed(outcome)
        elif self._every or outcome.bad:
            show_text(text(outcome, fold=self._fold))
            if (last := summed_up(outcome)) and not self._quiet:
                say(last)

    def _reported(self, found: Iterator[Outcome]) -> None:
        reporter = REPORTERS[self._form]
        if not reporter.live:
            for _ in found:
                pass
            found = self._run.outcomes()
        with result_stream() as stream:
            for piece in reporter.pieces(self._about(), found):
                write_all(stream, piece)

    def _about(self) -> About:
        seconds = time.monotonic() - self._started[1]
        return self._run.about(
            every=self._every, unfolded=not self._fold, command=_command(), started=self._started[0], seconds=seconds
        )

    def write_reports(self) -> None:
        """Write the reports of a run that has ended; SourceError where one cannot be written."""
        for path in self._reports:
            write_report(path, self._about(), self._run.outcomes())

    def end(self, failed: SourceError | None, *, stopped_by: int) -> int:
        """Say how the run ended, and give the exit code."""
        run, summary = self._run, self._run.summary
        if not self._quiet:
            self._sum_up()
            self._tell_bad()
        tell(f"took {time.monotonic() - self._started[1]:.1f} s")
        if failed is not None:
            complain_of(failed)
        if (failed is not None or run.interrupted) and run.journal:
            say(f"convtool: {summary.files} of {len(run.plan.items)} files are done; --resume goes on from there")
        if failed is not None:
            return FAILED
        if run.interrupted:
            return 128 + stopped_by if stopped_by else INTERRUPTED
        if summary.statuses["failed"]:
            return FAILED
        if not summary.judged and not summary.bad:
            if not (self._one and self._form in ("", "text")):  # then what it is has been said
                say(self._nothing())
            return INVALID
        return INVALID if summary.bad else 0

    def _sum_up(self) -> None:
        from convtool.cli.summary import table

        summary, verb = self._run.summary, self._run.job.verb
        if self._one:
            return
        lines = table(summary, verb, colour=colours(sys.stderr))
        say("\n".join(lines[:1] if self._every and verb == "validate" else lines))
        if summary.exchanges:
            from convtool.captures import Tally

            say("\n" + "\n".join(map(line, Tally(summary.exchanges).text().splitlines())))
        if litter := self._run.plan.litter:
            say(f"{counted(litter, 'file')} that systems leave (.DS_Store and the like) passed over")

    def _tell_bad(self) -> None:
        """Say what is wrong with the first files that could not be converted, and where it is said of all of them."""
        from convtool.reports.text import in_short

        if not self._bad:
            return  # validate has said it file by file
        told = ["", *map(in_short, self._bad)]
        if (more := self._run.summary.bad - len(self._bad)) > 0:
            told.append(f"… and {more:,} more")
        show_text("\n".join(told), err=True)
        reports = " and ".join(map(line, self._reports))
        where = reports or f"{line(self._run.journal)} (--report FILE.html gives a page of it)"
        say(f"\nWhat is wrong with each file is in {where}.")

    def _nothing(self) -> str:
        """Say that nothing was judged, what was seen instead, and what to do: it is not the same as all being well."""
        rows = list(self._run.summary.reasons.values())
        if not rows:
            return "convtool: nothing was judged, since there is no file: look at the names that were given"
        told = []
        for row in rows[:_SHOWN]:
            first = self._run.outcome(row.first[0][0])
            more = f" ({row.files - 1} more like it)" if row.files > 1 else ""
            told.append(f"{line(first.name)} {line(first.reason)}{more}")
        return f"convtool: nothing was judged: {'; '.join(told)}{'; …' if len(rows) > _SHOWN else ''}"
