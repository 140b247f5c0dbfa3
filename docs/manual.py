"""The manual page, ``man convtool``: what ``--help`` says of each command, with the tables of two documents.

Commands and options come from the program, the exit codes from ``exit-codes.md``, the variables of the environment from
``configuration.md``; ``generate`` writes it to ``share/man/man1/convtool.1``, and a wheel carries it.
"""

from __future__ import annotations

import re
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING

import click
import yaml

from convtool._version import HOME, ISSUES, __version__
from convtool.cli.app import app
from convtool.cli.gaps import commands
from convtool.cli.grammar import GENERAL, Option, examples_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["PATH", "text"]

HERE = Path(__file__).parent
PATH = HERE.parent / "share" / "man" / "man1" / "convtool.1"
_LINE = 79  # characters of a line of the source, as mandoc has it
_MARKED = re.compile(r"`([^`]+)`|\[([^]]+)\]\([^)]+\)")


def text() -> str:
    """Give the page, for groff and mandoc (man(7))."""
    released = yaml.safe_load((HERE.parent / "CITATION.cff").read_text(encoding="utf-8"))["date-released"]
    first, _, rest = cleandoc(app.help or "").partition("\n\n")
    root = click.Context(app, info_name="convtool")
    lines = [
        r".\" Written by `python docs/generate.py`.",
        f'.TH CONVTOOL 1 {released} "convtool {__version__}" "User Commands"',
        ".SH NAME",
        r"convtool \- check and convert payloads of .NET data contracts",
        ".SH SYNOPSIS",
        *_usage(root, app),
        ".SH DESCRIPTION",
        *_prose(first),
        *_examples(app),
        *_paragraphs(rest),
        ".SH OPTIONS",
        *_prose("Every command has these:"),
        *_options(root, _of_all()),
        *_prose("The program itself has:"),
        *_options(root, [one for one in app.params if isinstance(one, click.Option)]),
        ".SH COMMANDS",
        *(line for name, command in commands(app) for line in _command(name, command)),
        ".SH EXIT STATUS",
        *_table("exit-codes.md", "code"),
        ".SH ENVIRONMENT",
        *_table("configuration.md", "variable"),
        ".SH FILES",
        *_entry("convtool.toml", "What a project has settled; or [tool.convtool] of its pyproject.toml."),
        *_entry("operations.toml", "Beside schema files: which contracts the operations of an API have."),
        ".SH SEE ALSO",
        *_prose(f"The documentation is at {HOME}; `convtool explain` says what each diagnostic code means."),
        ".SH BUGS",
        *_prose(f"Those that are known are at {ISSUES}, and new ones are welcome there."),
    ]
    begun = ["", *lines]  # a heading begins a paragraph by itself
    kept = [line for before, line in zip(begun, lines, strict=False) if line != ".PP" or not before.startswith(".S")]
    return "\n".join(kept) + "\n"


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=f"convtool {name}")
    shared = {one.opts[0] for one in _of_all()}
    yield f".SS convtool {name}"
    yield from _usage(context, command)
    yield from _paragraphs(cleandoc(command.help or ""))
    groups: dict[str, list[click.Option]] = {}
    for one in command.params:
        if isinstance(one, Option) and not one.hidden and one.opts[0] not in shared:
            groups.setdefault(one.group, []).append(one)
    for group, found in groups.items():
        yield from (".PP", rf"\fI{_escaped(group)}\fR")
        yield from _options(context, found)
    yield from _examples(command)
    if command.epilog:
        yield from _paragraphs(cleandoc(command.epilog))


def _of_all() -> list[click.Option]:
    """Give the options that every command has."""
    _, command = next(commands(app))
    context = click.Context(command)
    general = [one for one in command.get_params(context) if getattr(one, "group", GENERAL) == GENERAL]
    return [one for one in general if isinstance(one, click.Option)]


def _usage(context: click.Context, command: click.Command) -> list[str]:
    pieces = " ".join(command.collect_usage_pieces(context))
    return [".PP", rf"\fB{_escaped(context.info_name or '')}\fR {_escaped(pieces)}"]


def _examples(command: click.Command) -> list[str]:
    lines = [_escaped(line, start=True) for line in examples_of(command)]
    return [".PP", "Examples:", ".PP", ".RS 4", ".nf", *lines, ".fi", ".RE"] if lines else []


def _options(context: click.Context, options: Iterable[click.Option]) -> Iterator[str]:
    for option in options:
        if record := option.get_help_record(context):
            yield from _entry(*record)


def _entry(term: str, meaning: str) -> Iterator[str]:
    yield from (".TP", rf"\fB{_escaped(term)}\fR", *_filled(meaning))


def _paragraphs(text: str) -> Iterator[str]:
    for part in filter(None, text.split("\n\n")):
        kept = part.removeprefix("\b\n")
        if kept == part:
            yield from _prose(part)
        else:  # as it stands, which click is told by this character
            yield from (".PP", ".nf", *(_escaped(line, start=True) for line in kept.splitlines()), ".fi")


def _prose(text: str) -> list[str]:
    return [".PP", *_filled(text)] if text else []


def _filled(text: str) -> list[str]:
    """Give a text in lines of the page; what is marked in Markdown is bold, a link its words."""
    plain = " ".join(text.split())
    made = "".join(
        rf"\fB{_escaped(part)}\fR" if at % 3 == 1 else _escaped(part)
        for at, part in enumerate(_MARKED.split(plain))
        if part
    )
    lines = [""]
    for word in made.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= _LINE:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return [rf"\&{line}" if line.startswith((".", "'")) else line for line in lines]


def _escaped(text: str, *, start: bool = False) -> str:
    made = text.replace("\\", r"\e").replace("-", r"\-").replace("…", "...")  # terminals of ASCII alone read it too
    return rf"\&{made}" if start and made.startswith((".", "'")) else made


def _table(document: str, head: str) -> Iterator[str]:
    """Give the rows of a document's table whose first column is called ``head``."""
    _, _, rows = (HERE / document).read_text(encoding="utf-8").partition(f"| {head} |")
    for row in rows.partition("\n\n")[0].splitlines()[2:]:
        term, meaning = (cell.strip() for cell in row.strip("| ").split(" | ", 1))
        yield from _entry(term.strip("`"), meaning)
