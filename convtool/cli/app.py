"""The command group, and the one place where a process starts and ends."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from convtool._version import __version__
from convtool.cli.failures import FAILED, INTERRUPTED, exit_code, finish
from convtool.cli.grammar import Group
from convtool.errors import UsageError
from convtool.shown import line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["app", "run"]


_EMPTY = "a variable of the shell may have no value; - is standard input or output"


class _App(Group):
    """Turns whatever a command raises into a message and an exit code, in tests as in a process."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; UsageError where one of its words is empty: a variable may have no value."""
        if "" in args:
            before = args[args.index("") - 1 :][:1]
            raise UsageError(f"an empty name is given{f' behind {line(before[0])}' if args[0] else ''}", hint=_EMPTY)
        ctx.meta["convtool.arguments"] = list(args)
        return super().parse_args(ctx, args)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _reported():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _reported():
            return super().invoke(ctx)


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except (click.exceptions.NoArgsIsHelpError, click.exceptions.Exit, click.Abort):
        raise
    except (Exception, KeyboardInterrupt) as error:  # nothing may reach the user as a traceback
        raise click.exceptions.Exit(exit_code(error)) from None


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from convtool.engine import about

        click.echo(f"convtool {__version__}\n{line(about())}")
        ctx.exit()


@click.group(
    cls=_App,
    lazy={
        "convert": "convtool.cli.convert",
        "validate": "convtool.cli.validate",
        "compare": "convtool.cli.compare",
        "extract": "convtool.cli.extract",
        "contracts": "convtool.cli.contracts",
        "sample": "convtool.cli.sample",
        "open": "convtool.cli.open",
        "serve": "convtool.cli.serve",
        "explain": "convtool.cli.explain",
        "config": "convtool.cli.config",
        "completion": "convtool.cli.completion",
        "help": "convtool.cli.help",
    },
    examples="""
  convtool convert request.xml -o request.json
  convtool validate *.xml *.json
  convtool contracts
  convtool help convert
""",
    epilog="""\b
Exit codes:
  0   fine
  1   an invalid payload, a difference, or nothing was judged
  2   a wrong call, or a file or schema that cannot be read
  70  an error of convtool itself
""",
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version,
    help="Show the version, and the native engine or why there is none.",
)  # fmt: skip
def app() -> None:
    """Check payloads of .NET data contracts, and convert them between DataContract XML and JSON without loss.

    The contracts come from a folder of schema files: the bundled ones, or those of --schemas or CONVTOOL_SCHEMAS.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (default: this process's) to its end, and give the exit code."""
    _prepare()
    try:
        code = app.main(arguments, prog_name="convtool", standalone_mode=False)
    except click.ClickException as error:  # no command at all, which is answered with the help
        error.show()
        code = FAILED
    except click.Abort:
        code = INTERRUPTED
    except Exception as error:  # nothing may reach the user as a traceback
        code = exit_code(error)
    return finish(code if isinstance(code, int) else 0)


def _prepare() -> None:
    # A terminal that cannot show a character gets its escape, instead of the command its end.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    # Being told to stop is like Ctrl-C: what was begun is cleaned up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
