"""What goes wrong → what the user reads, and the exit code; and the end of a process that always is a quiet one."""

from __future__ import annotations

import os
import re
import sys
import traceback

import click

from convtool._version import ISSUES, __version__
from convtool.cli.grammar import names_of
from convtool.cli.output import complain, complain_of, show_report
from convtool.errors import ConvtoolError, PayloadError
from convtool.near import did_you_mean
from convtool.shown import line

__all__ = ["BROKEN_PIPE", "FAILED", "INTERNAL", "INTERRUPTED", "INVALID", "exit_code", "finish"]

INVALID = 1
FAILED = 2
INTERNAL = 70  # EX_SOFTWARE, as sysexits.h has it
INTERRUPTED = 130  # 128 + SIGINT, as shells report it
BROKEN_PIPE = 141  # 128 + SIGPIPE


def exit_code(error: BaseException) -> int:
    """Say what went wrong, in the words of its kind, and give the exit code."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return BROKEN_PIPE
    if isinstance(error, PayloadError):
        show_report(error.report, err=True)
        return INVALID
    if isinstance(error, ConvtoolError):
        complain_of(error)
    elif isinstance(error, click.ClickException):
        complain(_sentence(error), getattr(error, "hint", "") or _near_option(error) or _help_of(error))
    elif isinstance(error, OSError):  # sources and sinks have their own; what is left is click writing a help text
        complain(f"{line(str(error.filename or 'output'))}: {error.strerror or error}")
    else:
        _internal(error)
        return INTERNAL
    return FAILED


def _sentence(error: click.ClickException) -> str:
    """Give a message of click's as ours are: they begin small, and have no full stop."""
    if isinstance(error, click.NoSuchOption):
        return f"there is no option {error.option_name}"
    text = re.sub(r"\n\t", " ", error.format_message()).strip().removesuffix(".")  # what there is to choose from
    return text[:1].lower() + text[1:]


def _near_option(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.NoSuchOption) else None
    if context is None:
        return ""
    return did_you_mean(error.option_name, [name for one in context.command.params for name in names_of(one)])  # type: ignore[attr-defined]


def _help_of(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"`{context.command_path} --help` says how to call it" if context else ""


def _internal(error: BaseException) -> None:
    """Say that convtool is at fault, leave the trace in a file, and say where to send it."""
    if os.environ.get("CONVTOOL_DEBUG") == "1":
        traceback.print_exception(error)
    what = line(" ".join(f"{type(error).__name__}: {error}".split()))
    kept = _trace(error)
    where = f"the trace in {kept}" if kept else "what CONVTOOL_DEBUG=1 shows"
    complain(what, f"this is a bug: send {where}, the command and, if you may, the payload to {ISSUES}",
             what="internal error")  # fmt: skip


def _trace(error: BaseException) -> str:
    """Write the trace into a file that only this user reads; give its name, or nothing where there can be none."""
    import tempfile  # only an internal error needs it

    about = f"convtool {__version__}, Python {sys.version.split()[0]} on {sys.platform}\n"
    told = "".join(traceback.format_exception(error))
    try:
        handle, name = tempfile.mkstemp(prefix="convtool-trace-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(about + told)
    except OSError:
        return ""
    return name


def finish(code: int) -> int:
    """Flush the standard streams and give the exit code: what could not be written counts.

    Afterwards Python has nothing left to flush at exit, and so nothing to complain about.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:
            _silence(stream.fileno())
            code = BROKEN_PIPE
        except (OSError, ValueError) as error:
            _silence(stream.fileno())
            if code != FAILED:  # else the command has said it
                complain(f"{stream.name}: {getattr(error, 'strerror', None) or error}")
            code = FAILED
    return code


def _silence(descriptor: int) -> None:
    """Let what is left in a buffer go nowhere: Python would try again at exit, and complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
