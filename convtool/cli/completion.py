"""``convtool completion``: the script that lets a shell complete commands, options, codes and contracts."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from convtool.cli.grammar import Command
from convtool.cli.options import options
from convtool.cli.output import show

__all__ = ["command"]

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    cls=Command,
    short_help="Print what lets a shell complete its words.",
    examples="""
  eval "$(convtool completion bash)"
  eval "$(convtool completion zsh)"
  convtool completion fish | source
""",
    epilog="""
A line of the examples goes into ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish. Shells find it by themselves where
convtool is installed for the whole system, or for a user.
""",
)
@click.argument("shell", type=click.Choice(_SHELLS))
@options("output", "overwrite")
def command(shell: str) -> None:
    """Print the script that lets SHELL complete commands, options, codes and contracts by the Tab key."""
    found = get_completion_class(shell)
    assert found is not None
    asking = click.get_current_context().find_root()
    show(found(asking.command, {}, "convtool", "_CONVTOOL_COMPLETE").source().strip())
