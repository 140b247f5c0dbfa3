"""What goes wrong → what the user reads, and the exit code; and the end of a process that always is a quiet one."""

from __future__ import annotations

import os
import sys
import traceback

from convtool.cli.output import say, show_report
from convtool.errors import ConvtoolError, PayloadError
from convtool.shown import block, line

__all__ = ["BROKEN_PIPE", "FAILED", "INTERRUPTED", "INVALID", "exit_code", "finish"]

INVALID = 1
FAILED = 2
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
        say(f"convtool: error: {block(str(error))}")
    elif isinstance(error, OSError):  # sources and sinks have their own; what is left is click writing a help text
        say(f"convtool: error: {line(str(error.filename or 'output'))}: {error.strerror or error}")
    elif os.environ.get("CONVTOOL_DEBUG") == "1":
        traceback.print_exception(error)
    else:
        what = line(" ".join(f"{type(error).__name__}: {error}".split()))
        say(
            f"convtool: internal error: {what}; this is a bug: please report it with the command and, if you may, the "
            "payload (CONVTOOL_DEBUG=1 shows the traceback to send along)"
        )
    return FAILED


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
                say(f"convtool: error: {stream.name}: {getattr(error, 'strerror', None) or error}")
            code = FAILED
    return code


def _silence(descriptor: int) -> None:
    """Let what is left in a buffer go nowhere: Python would try again at exit, and complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
