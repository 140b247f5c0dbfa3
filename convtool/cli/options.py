"""Every option that more than one command has, once: the same word for the same thing, whatever the command.

``options("from", "to", …)`` gives a command those rows of the table; ``option(group, "--word", …)`` one of its own.
What differs from command to command is given beside: ``options("output", output={"metavar": "DIR"})``. Old words work
and are not shown. Which command has which option is in docs/options.md; ``gaps.py`` says why one has not.
"""

from __future__ import annotations

import sys
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from convtool.cli import output
from convtool.cli.grammar import CHECKING, CLUSTER, GENERAL, LIMITS, MANY, PAYLOAD, RESULT, Option
from convtool.codes import CODES, PROFILES, Severity
from convtool.errors import UsageError
from convtool.limits import DEEPEST
from convtool.limits import LIMITS as OF_PAYLOADS
from convtool.places import check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from convtool.catalog import Catalog

__all__ = [
    "BATCH", "FORMATS", "OPTIONS", "Sizes", "complete_codes", "complete_contracts", "is_single", "made_files",
    "named_contract", "open_catalog", "option", "options",
]  # fmt: skip

FORMATS = click.Choice(["json", "xml"])
ALL_FORMATS = click.Choice(["json", "xml", "form"])  # a form is of a contract of scalars, and has to be named
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def open_catalog(schemas: Path | None) -> Catalog:
    """Give the catalog of --schemas, or else the default one."""
    from convtool.catalog import Catalog  # the library is loaded when it is needed

    catalog = Catalog(schemas)
    output.tell(f"contracts are those of {catalog.folder.path}")
    return catalog


def is_single(sources: Sequence[str], options: Mapping[str, Any]) -> bool:
    """Tell whether a payload is named, or one piped in, or none; UsageError where a terminal would be waited for."""
    if not sources and not options.get("files_from") and sys.stdin is not None and sys.stdin.isatty():
        raise UsageError("there is nothing to read", hint="name a SOURCE, or pipe a payload into the command")
    from convtool.batch.choose import is_one  # the library is loaded when it is needed

    return not options.get("files_from") and is_one([check(source) for source in sources])


def complete_contracts(ctx: click.Context, param: click.Parameter | None, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Give the contracts whose names begin so; none where the schema folder cannot be read."""
    try:
        names = open_catalog(ctx.params.get("schemas")).contracts()
    except Exception:  # a shell that waits for words is no place for a message
        return []
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def complete_codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Give the diagnostic codes that begin so, with their titles for the shells that show them."""
    return [CompletionItem(name, help=code.title) for name, code in CODES.items() if name.startswith(incomplete)]


class Sizes(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in click 8.5 only
    """Bytes, with K, M, G or T for the powers of 1024."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Give the bytes."""
        text = str(value).strip().lower().removesuffix("b").removesuffix("i")
        unit = text[-1:] if text[-1:] in _UNITS else ""
        number = text[: len(text) - len(unit)]
        if not number.isdecimal() or not int(number):
            self.fail(f"{value!r} is no size: write 500M or 2G", param, ctx)
        return int(number) * _UNITS[unit]


class Codes(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # as above
    """Codes, or the first parts of some, with commas between."""

    name = "codes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        """Give the text, when it has been looked at."""
        from convtool.choice import checked

        checked([value])
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Give the codes that begin so."""
        return complete_codes(ctx, param, incomplete)


class Row(NamedTuple):
    """An option of the table: its group in the help, its names, what click is told, names of old."""

    group: str
    names: tuple[str, ...]
    more: dict[str, Any]
    old: tuple[str, ...] = ()


def _manner(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Note how a command is to speak; see ``output``."""
    if param.name and value and not ctx.resilient_parsing:
        ctx.meta[f"convtool.{param.name}"] = value
    return value


_SIZE = Sizes()
#: A source, be it standard input. Who opens it says whether it can be read: of many files it costs itself alone.
SOURCE = click.Path(allow_dash=True, readable=False)
_FILE = click.Path(dir_okay=False)
_COUNT = click.IntRange(min=1)
_SPEECH: dict[str, Any] = {"is_flag": True, "expose_value": False, "callback": _manner}

OPTIONS = {
    "from": Row(PAYLOAD, ("--from", "given"), {
        "type": ALL_FORMATS, "help": "Format to read  [default: seen from the first character]"}),
    "to": Row(PAYLOAD, ("--to",), {
        "type": ALL_FORMATS, "help": "Format to write  [default: as OUT is called, else the other one]"}),
    "contract": Row(PAYLOAD, ("--contract",), {
        "metavar": "NAME", "shell_complete": complete_contracts,
        "help": "The payload's contract  [default: recognised by the root element, or by the shape in JSON]"}),
    "pretty": Row(PAYLOAD, ("--pretty/--wire",), {
        "default": False, "help": "Indent by two spaces, or write the wire form  [default: wire]"}),
    "profile": Row(CHECKING, ("--profile",), {
        "type": click.Choice(PROFILES), "default": "strict", "show_default": True,
        "help": "strict: what the schemas say; dotnet: what .NET's readers make of it"}),
    "schemas": Row(CHECKING, ("--schemas",), {
        "metavar": "DIR", "type": click.Path(file_okay=False, path_type=Path),
        "help": "Folder of schema files  [default: CONVTOOL_SCHEMAS, the settings, or the bundled contracts]"}),
    "select": Row(CHECKING, ("--select",), {
        "metavar": "CODES", "type": Codes(), "multiple": True,
        "help": "Show these findings only: codes or their first parts, such as date or date.offset"}),
    "ignore": Row(CHECKING, ("--ignore",), {
        "metavar": "CODES", "type": Codes(), "multiple": True,
        "help": "Do not show these findings; they are counted, and a payload with errors stays invalid"}),
    "min-severity": Row(CHECKING, ("--min-severity",), {
        "type": click.Choice([str(level) for level in Severity]),
        "help": "Show findings from this severity on  [default: notice, that is all]"}),
    "all": Row(CHECKING, ("--all", "unfolded"), {
        "is_flag": True, "help": "Show each finding, instead of one of a kind with a count"}),
    "output": Row(RESULT, ("-o", "--output"), {
        "metavar": "FILE", "type": click.Path(allow_dash=True), "expose_value": False, "callback": _manner,
        "help": "Write the result to FILE instead of standard output, whole or not at all"}),
    "overwrite": Row(RESULT, ("--overwrite",), {
        "is_flag": True, "callback": _manner, "expose_value": False,
        "help": "Replace what is there already"}, ("--force",)),
    "output-format": Row(RESULT, ("--output-format",), {
        "type": click.Choice(["text", "json"]), "default": "text", "show_default": True, "help": "Form of the result"}),
    "report": Row(RESULT, ("--report", "reports"), {
        "metavar": "FILE", "multiple": True, "type": _FILE,
        "help": "Write a report: .html, .json, .ndjson, .sarif, .xml (JUnit), .txt; may be given again"}),
    "files-from": Row(MANY, ("--files-from",), {
        "metavar": "LIST", "type": click.Path(allow_dash=True),
        "help": "Read names of sources from LIST (- is standard input), one a line or ended by NUL"}),
    "jobs": Row(MANY, ("--jobs",), {
        "metavar": "N", "type": _COUNT,
        "help": "Work in N processes beside this one  [default: the number of cores]; in N threads on one large list"}),
    "resume": Row(MANY, ("--resume",), {
        "is_flag": True, "help": "Take up a run that was stopped; what is done and unchanged is not done again"}),
    "journal": Row(MANY, ("--journal",), {
        "metavar": "FILE", "type": _FILE, "help": "Note outcomes here  [default: OUT.journal.ndjson]"}),
    "cluster": Row(CLUSTER, ("--cluster",), {
        "metavar": "ADDRESS",
        "help": "Work on a Dask cluster: its scheduler's address (tcp://host:8786), or local to start one here"}),
    "zip-encoding": Row(MANY, ("--zip-encoding",), {
        "metavar": "NAME", "default": "",
        "help": "Encoding of names in zips that do not say theirs, such as cp932  [default: UTF-8, else cp437]"}),
    "depth": Row(LIMITS, ("--depth",), {
        "metavar": "N", "type": click.IntRange(1, DEEPEST), "default": OF_PAYLOADS.depth, "show_default": True,
        "help": "Levels of elements or containers that a payload may have"}),
    "limit-seconds": Row(LIMITS, ("--limit-seconds",), {
        "metavar": "S", "type": click.FloatRange(min=0, min_open=True),
        "help": "A file may take so long  [default: any time]"}),
    "limit-memory": Row(LIMITS, ("--limit-memory",), {
        "metavar": "SIZE", "type": _SIZE, "help": "A file may take so much memory, such as 2G  [default: any]"}),
    "max-ratio": Row(LIMITS, ("--max-ratio",), {
        "metavar": "N", "type": _COUNT, "help": "Refuse what unpacks to more than N times its size  [default: 300]"}),
    "max-members": Row(LIMITS, ("--max-members",), {
        "metavar": "N", "type": _COUNT, "help": "Refuse archives of more members  [default: 10 million]"}),
    "max-member-size": Row(LIMITS, ("--max-member-size",), {
        "metavar": "SIZE", "type": _SIZE, "help": "Refuse larger members  [default: 2G]"}),
    "max-total-size": Row(LIMITS, ("--max-total-size",), {
        "metavar": "SIZE", "type": _SIZE, "help": "Refuse what is beyond so much of one archive  [default: 1T]"}),
    "quiet": Row(GENERAL, ("-q", "--quiet"), {**_SPEECH, "help": "Say nothing beside the result and errors"}),
    "verbose": Row(GENERAL, ("-v", "--verbose"), {**_SPEECH, "help": "Say which settings and contracts are in force"}),
}  # fmt: skip

BATCH = (
    "select", "ignore", "min-severity", "all", "overwrite", "report", "files-from", "jobs", "resume", "journal",
    "zip-encoding", "cluster", "depth", "limit-seconds", "limit-memory", "max-ratio", "max-members",
    "max-member-size", "max-total-size",
)  # fmt: skip


def options(*names: str, speech: bool = True, **changed: dict[str, Any]) -> Callable[[Any], Any]:
    """Give a decorator that adds rows of the table, and (``speech``) those of every command, -q and -v.

    ``changed``: by a row's name, with _ for - (and ``from_``), what differs on this command.
    """

    def decorated(command: Any) -> Any:
        for name in reversed((*names, *(("quiet", "verbose") if speech else ()))):
            group, words, more, old = OPTIONS[name]
            told = {**more, **(changed.get(name.replace("-", "_")) or changed.get(f"{name}_") or {})}
            command = click.option(*words, cls=Option, group=group, old=told.pop("old", old), **told)(command)
        return command

    return decorated


def made_files(
    default: str | None = ".", replaced: str = "Replace files that are there with other content"
) -> Callable[[Any], Any]:
    """Give a decorator that adds ``output``, the folder of files that a command makes, and ``overwrite``.

    ``default``: the folder; None: the command says which.
    """
    where: dict[str, Any] = {
        "expose_value": True,
        "callback": None,
        "metavar": "DIR",
        "type": click.Path(path_type=Path),
    }
    where["help"] = f"Write here  [default: {default or 'by the sources'}]"
    if default is not None:
        where["default"] = default
    return options("output", "overwrite", output=where, overwrite={"expose_value": True, "help": replaced})


def named_contract(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command be told its contract, ``name``, as NAME or by --contract; UsageError for none, and for both."""

    @wraps(command)
    def told(*args: Any, name: str | None, contract: str | None, **more: Any) -> Any:
        both = click.get_current_context().get_parameter_source("contract") is ParameterSource.COMMANDLINE
        if (name is None and contract is None) or (name and both):
            raise UsageError("one contract has to be named", hint="`convtool contracts` lists them")
        return command(*args, name=name or contract, **more)

    argument = click.argument("name", metavar="[NAME]", required=False, shell_complete=complete_contracts)
    named: Callable[..., Any] = options("contract", contract={"help": "The contract, as NAME says it"}, speech=False)(
        told
    )
    return argument(named)


def option(group: str, *names: str, **more: Any) -> Callable[[Any], Any]:
    """Give a decorator that adds an option which no other command has, in a group of the help."""
    return click.option(*names, cls=Option, group=group, **more)
