"""How commands write: results to standard output, everything else to standard error; colours on a terminal only.

With NO_COLOR set, or TERM=dumb, or no terminal, the text is the same without its colours.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING

import click

from convtool.errors import SourceError

if TYPE_CHECKING:
    from convtool.diagnostics import Report

__all__ = ["colours", "say", "show", "show_findings", "show_report", "write_bytes"]

_SEVERITY = re.compile(r"(?<=: )(error|warning|notice)(?=: )")
_CARETS = re.compile(r"(?m)^ *\^+$")
_COLOURS = {"error": "red", "warning": "yellow", "notice": "cyan"}


def colours(stream: IO[str] | None) -> bool:
    """Tell whether a stream wants colours."""
    if stream is None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def write_bytes(data: bytes) -> None:
    """Write a result, byte for byte; on a terminal a line feed follows, so that the prompt has its own line."""
    stream = sys.stdout
    if stream is None:
        raise SourceError("standard output is closed")
    try:
        stream.flush()
        stream.buffer.write(data)
        if stream.isatty():
            stream.buffer.write(b"\n")
        stream.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SourceError(f"standard output: {error.strerror}") from None


def show(text: str) -> None:
    """Write lines of a result."""
    if sys.stdout is None:
        raise SourceError("standard output is closed")
    try:
        click.echo(text, color=colours(sys.stdout))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SourceError(f"standard output: {error.strerror}") from None


def say(text: str) -> None:
    """Write lines that are not a result; where nobody can read them, they are dropped."""
    with suppress(OSError, ValueError):
        click.echo(text, err=True, color=colours(sys.stderr))


def show_report(report: Report, *, err: bool = False) -> None:
    """Write a report: its findings, then the verdict."""
    (say if err else show)(_coloured(report.text()))


def show_findings(report: Report) -> None:
    """Write the findings of a payload that was converted, to standard error; nothing where there are none."""
    for finding in report:
        say(_coloured(finding.text(report.source)))


def _coloured(text: str) -> str:
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if not line.startswith(" "):  # a finding's first line; the source, the place and the hint are indented
            lines[at] = _SEVERITY.sub(lambda found: click.style(found[1], fg=_COLOURS[found[1]], bold=True), line, count=1)
    return _CARETS.sub(lambda found: click.style(found[0], fg="green"), "\n".join(lines))
