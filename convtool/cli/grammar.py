"""The grammar of the command line: options in groups, help long and short, old names that work, words nearly right.

A ``Command`` shows its examples before its options, and these under the headings of GROUPS. ``--help`` says all of it;
``-h`` only what one needs to go on. Every command and group of convtool is made of these classes.
"""

from __future__ import annotations

from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import click

from convtool.cli.defaults import default_map, settings
from convtool.cli.output import result_in_file, tell
from convtool.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["GROUPS", "Command", "Group", "Option", "examples_of", "names_of", "unknown"]

PAYLOAD, CHECKING, RESULT, MANY, CLUSTER, LIMITS, GENERAL = GROUPS = (
    "Payload", "Checking", "Result", "Many files", "Cluster", "Limits", "General",
)  # fmt: skip
_NARROW = 9  # columns of the headings in the short help


class Option(click.Option):
    """An option in a group of the help. ``old``: names that work as well, and are not shown."""

    def __init__(self, names: Any, *, group: str = GENERAL, old: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__([*names, *old], **more)
        self.group = group
        self.shown = [name for name in self.opts if name not in old]

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Give its line of the help, with the names that are shown."""
        names, self.opts = self.opts, self.shown
        try:
            return super().get_help_record(ctx)
        finally:
            self.opts = names

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Give how it is called in an error."""
        names, self.opts = self.opts, self.shown
        try:
            return super().get_error_hint(ctx)
        finally:
            self.opts = names


class _Helped(click.Command):
    """What commands and groups have in common: their help."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context_settings = {"help_option_names": ["--help"], "max_content_width": 100}
        self.examples = [line.strip() for line in examples.strip().splitlines()]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; what the command line does not say, the settings of the project may."""
        if self.params and ctx.default_map is None and not ctx.resilient_parsing:
            known = {one.name for one in self.params}
            ctx.default_map = {name: value for name, value in default_map(ctx).items() if name in known}
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Give the parameters; the two helps come last."""
        short = Option(
            ["-h"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_short,
            help="Show the short help and exit",
        )
        *others, long = super().get_params(ctx)
        assert isinstance(long, click.Option)
        long.help = "Show all of it and exit"
        return [*others, short, long]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the whole help: what it does, examples, options by group, what else there is to know."""
        self.format_usage(ctx, formatter)
        first, _, rest = (self.help or "").partition("\n\n")
        self._text(formatter, first)
        self._examples(formatter, len(self.examples))
        self._text(formatter, rest)
        self.format_options(ctx, formatter)
        self.format_epilog(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under the headings of their groups."""
        for group, options in self._grouped(ctx):
            with formatter.section(group):
                formatter.write_dl([record for one in options if (record := one.get_help_record(ctx))], col_max=28)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def short(self, ctx: click.Context) -> str:
        """Give the short help: what it does, three examples, and the options' names."""
        formatter = ctx.make_formatter()
        self.format_usage(ctx, formatter)
        self._text(formatter, self.get_short_help_str(limit=200))
        self._examples(formatter, 3)
        with formatter.section("Options"):
            rows = [(group.lower(), " ".join(_name(one) for one in options)) for group, options in self._grouped(ctx)]
            formatter.write_dl(rows, col_max=_NARROW + 3)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(f"`{ctx.command_path} --help` says more.")
        return formatter.getvalue().rstrip("\n")

    def with_result(self, ctx: click.Context, invoke: Callable[[click.Context], Any]) -> Any:
        """Run the command; ``ctx.meta`` has where its result goes."""
        if file := settings(ctx).file:
            tell(f"settings are those of {file}")
        path = ctx.meta.get("convtool.output")
        if path in (None, "-"):
            return invoke(ctx)
        given = [ctx.params.get(one.name or "") for one in self.params if isinstance(one.type, click.Path)]
        sources = [str(one) for value in given for one in (value if isinstance(value, tuple) else (value,)) if one]
        with result_in_file(path, sources, overwrite=bool(ctx.meta.get("convtool.overwrite"))):
            return invoke(ctx)

    def _text(self, formatter: click.HelpFormatter, text: str) -> None:
        if text:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(cleandoc(text))

    def _examples(self, formatter: click.HelpFormatter, most: int) -> None:
        if self.examples:
            formatter.write_paragraph()
            formatter.write("Examples:\n" + "".join(f"  {line}\n" for line in self.examples[:most]))

    def _grouped(self, ctx: click.Context) -> Iterator[tuple[str, list[click.Option]]]:
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option) and not one.hidden]
        for group in GROUPS:
            found = [one for one in options if getattr(one, "group", GENERAL) == group]
            if found:
                yield group, found


def names_of(parameter: click.Parameter) -> list[str]:
    """Give the names of an option that are shown; none of an argument."""
    if not isinstance(parameter, click.Option):
        return []
    return [*getattr(parameter, "shown", parameter.opts), *parameter.secondary_opts]


def _name(option: click.Option) -> str:
    shown: list[str] = getattr(option, "shown", option.opts)
    return shown[-1] if option.name == "help" else shown[0]


def _short(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing and isinstance(ctx.command, _Helped):
        click.echo(ctx.command.short(ctx))
        ctx.exit()


class Command(_Helped):
    """A command. Its result goes to standard output, or into the file of ``-o`` where that is the table's option."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        return self.with_result(ctx, super().invoke)


class Group(_Helped, click.Group):
    """A group whose commands are imported when they are asked for: ``lazy`` has their modules."""

    command_class = Command

    def __init__(self, *args: Any, lazy: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the names in the order in which help shows them."""
        return [*self.lazy, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where there is none of that name."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        command = import_module(self.lazy[cmd_name]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Give the command that is called; UsageError with what was probably meant where there is none."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            known = [one for one in self.list_commands(ctx) if not getattr(self.get_command(ctx, one), "hidden", False)]
            raise unknown(f"there is no command {name!r}", name, known, ctx)
        return super().resolve_command(ctx, args)


def unknown(message: str, name: str, known: list[str], ctx: click.Context | None = None) -> click.UsageError:
    """Give the error for a name that there is not, with those that there are."""
    error = click.UsageError(message, ctx)
    error.hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"  # type: ignore[attr-defined]
    return error


def examples_of(command: click.Command) -> list[str]:
    """Give the lines of a command's examples."""
    return list(getattr(command, "examples", ()))
