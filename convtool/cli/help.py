"""``convtool help``: the whole help of a command, as ``--help`` gives it."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from convtool.cli.grammar import Command
from convtool.cli.options import options
from convtool.cli.output import show

__all__ = ["command"]


def _complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Give the commands that begin so, below those that are there already."""
    found, context = ctx.find_root().command, ctx
    for word in ctx.params.get("words") or ():
        inner = found.get_command(context, word) if isinstance(found, click.Group) else None
        if inner is None:
            return []
        found, context = inner, click.Context(inner, context, inner.name)
    names = found.list_commands(context) if isinstance(found, click.Group) else []
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@click.command(
    "help",
    cls=Command,
    short_help="Say what a command does, and all of its options.",
    examples="""
  convtool help
  convtool help convert
  convtool help contracts derive
""",
)
@click.argument("words", nargs=-1, metavar="[COMMAND]...", shell_complete=_complete)
@options("output", "overwrite")
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Say what COMMAND does, with examples and all of its options; without one, which commands there are."""
    root = ctx.find_root()
    found, context = root.command, root
    for word in words:
        if not isinstance(found, click.Group):
            raise click.UsageError(f"{context.command_path} has no commands", context)
        _, inner, _ = found.resolve_command(context, [word])
        assert inner is not None
        found, context = inner, click.Context(inner, context, inner.name)
    show(found.get_help(context).rstrip("\n"))
