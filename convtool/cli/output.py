"""How commands write: results to standard output, everything else to standard error; colours on a terminal only.

With NO_COLOR set, or TERM=dumb, or no terminal, the text is the same without its colours. While a run goes on, a line
at the bottom of the terminal tells how far it is: it gives way to whatever else is written, to either stream.
"""

from __future__ import annotations

import io
import os
import re
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

import click

from convtool.errors import ConvtoolError, SourceError, UsageError
from convtool.shown import block, line, terminal_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from convtool.findings import Report

__all__ = [
    "MovingLine", "colours", "complain", "complain_of", "is_quiet", "moving_line", "note", "result_in_file",
    "result_stream", "say", "show", "show_findings", "show_report", "show_text", "tell", "write_all", "write_bytes",
]  # fmt: skip

_SEVERITY = re.compile(r"(?<=: )(error|warning|notice)(?=: )")
_CARETS = re.compile(r"(?m)^ *\^+$")
_COLOURS = {"error": "red", "warning": "yellow", "notice": "cyan"}


class MovingLine:
    """A line of standard error that is written over and over, in text that is shorter than the terminal is wide.

    It is wiped with blanks, which every terminal understands, and replaces no stream: what is written to one goes where
    that stream goes.
    """

    def __init__(self) -> None:
        self._text = ""

    def show(self, text: str) -> None:
        """Write the line in place of what it was."""
        _bare(f"\r{text.ljust(len(self._text))}")
        self._text = text

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Make way for other text, whose last line is ended."""
        text = self._text
        self.end()
        yield
        if text:
            self.show(text)

    def end(self) -> None:
        """Wipe the line."""
        if self._text:
            self.show("")
            _bare("\r")


_moving: MovingLine | None = None


@contextmanager
def moving_line() -> Iterator[MovingLine]:
    """Give a line that stands below everything that is written meanwhile, and is gone afterwards."""
    global _moving  # noqa: PLW0603 - standard error is one for the whole process, and so is its last line
    _moving = MovingLine()
    try:
        yield _moving
    finally:
        _moving.end()
        _moving = None


def _above() -> AbstractContextManager[None]:
    return _moving.hidden() if _moving else nullcontext()


def _bare(text: str) -> None:
    with suppress(OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()


def colours(stream: TextIO | None) -> bool:
    """Tell whether a stream wants colours."""
    if stream is None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def _manner(name: str) -> Any:
    """Give what the command line says of how to speak: ``quiet``, ``verbose``, ``output``, ``overwrite``."""
    context = click.get_current_context(silent=True)
    return context.meta.get(f"convtool.{name}") if context else None


def is_quiet() -> bool:
    """Tell whether only the result and errors are wanted."""
    return bool(_manner("quiet"))


@contextmanager
def result_in_file(path: str, sources: Sequence[str], *, overwrite: bool) -> Iterator[None]:
    """Let the result go into a file meanwhile; the file appears when the block ends well, or with a verdict.

    Where nothing could be judged or written, what is there stays.
    UsageError where that would destroy something, SourceError where it cannot be written.
    """
    from convtool.guard import check_outputs
    from convtool.places import atomic_writer, check, kinds_of

    if kinds_of(path) != ("file", ""):
        raise UsageError(f"{path}: the result is not compressed", hint="name it otherwise, or let a pipe compress it")
    check_outputs([("the result", check(path))], sources, overwrite=overwrite)
    left: click.exceptions.Exit | None = None
    with atomic_writer(check(path)) as file:
        stream = io.TextIOWrapper(cast("BinaryIO", file), encoding="utf-8", errors="backslashreplace", newline="\n")
        click.get_current_context().meta["convtool.result"] = stream
        try:
            yield
        except click.exceptions.Exit as error:  # a verdict, which the result tells
            left = error
        stream.flush()
        stream.detach()
        if left is not None and left.exit_code > 1 and file.seekable() and not file.tell():
            raise left  # no verdict, and nothing to tell
    if left is not None:
        raise left


@contextmanager
def result_stream() -> Iterator[TextIO]:
    """Give what the result goes to, flushed at the end: standard output, or the file of ``result_in_file``.

    SourceError where it is closed or full (a broken pipe stays one).
    """
    if (file := _manner("result")) is not None:
        yield file
        file.flush()
        return
    if sys.stdout is None:
        raise SourceError("standard output is closed")
    try:
        with _above():
            yield sys.stdout
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SourceError(f"standard output: {error.strerror}") from None


def write_bytes(data: bytes) -> None:
    """Write a result, byte for byte; on a terminal its last line is ended, so that the prompt has its own."""
    with result_stream() as stream:
        ended = data.endswith(b"\n") or not stream.isatty()
        write_all(stream, data if ended else data + b"\n")


def write_all(stream: TextIO, content: bytes | str) -> None:
    """Write bytes, or a text in the stream's encoding, to the end: with PYTHONUNBUFFERED a write may stop half-way."""
    stream.flush()
    encoded = content.encode(stream.encoding, stream.errors or "strict") if isinstance(content, str) else content
    left = memoryview(encoded)
    while left:
        left = left[stream.buffer.write(left) :]
    stream.buffer.flush()


def show(text: str) -> None:
    """Write lines of a result."""
    with result_stream() as stream:
        write_all(stream, terminal_text(text, styled=colours(stream)) + "\n")


def tell(text: str) -> None:
    """Write what only -v asks for."""
    if _manner("verbose"):
        say(f"convtool: {block(text)}")


def note(text: str) -> None:
    """Write lines that are neither a result nor an error, unless -q is given."""
    if not is_quiet():
        say(text)


def complain(message: str, hint: str = "", *, what: str = "error") -> None:
    """Write what is wrong and, in a second line, what to do: the one voice in which all errors are told."""
    below = f"\n  hint: {line(hint[:1].upper() + hint[1:])}" if hint else ""
    say(f"convtool: {what}: {block(message)}{below}")


def complain_of(error: ConvtoolError) -> None:
    """Write an error of the library."""
    complain(error.message, error.hint)


def say(text: str) -> None:
    """Write lines that are not a result; where nobody can read them, they are dropped."""
    with suppress(OSError, ValueError), _above():
        click.echo(terminal_text(text, styled=colours(sys.stderr)), err=True, color=colours(sys.stderr))


def show_report(report: Report, *, err: bool = False) -> None:
    """Write a report: its findings, then the verdict."""
    (say if err else show)(_coloured(report.text()))


def show_text(text: str, *, err: bool = False) -> None:
    """Write findings and verdicts that are text already; nothing where there is nothing to say."""
    if text:
        (say if err else show)(_coloured(text))


def show_findings(report: Report) -> None:
    """Write the report of a payload that was converted, to standard error; nothing where there is nothing to say."""
    if len(report):
        show_report(report, err=True)


def _coloured(text: str) -> str:
    lines = text.split("\n")
    for at, one in enumerate(lines):
        if not one.startswith(" "):  # a finding's first line; the source, the place and the hint are indented
            lines[at] = _SEVERITY.sub(
                lambda found: click.style(found[1], fg=_COLOURS[found[1]], bold=True), one, count=1
            )
    return _CARETS.sub(lambda found: click.style(found[0], fg="green"), "\n".join(lines))
