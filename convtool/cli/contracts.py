"""``convtool contracts``: what there is, and what one of them says. Its subcommands work on schema files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from convtool.cli.lazy import LazyGroup
from convtool.cli.options import complete_contracts, open_catalog, schemas_option
from convtool.cli.output import say, show
from convtool.shown import line

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

__all__ = ["command"]


class _NameOrCommand(LazyGroup):
    """A group where a word that is no command is a contract's name: ``contracts NAME`` is ``contracts show NAME``."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None:
            return show_contract.name, show_contract, args
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return [*complete_contracts(ctx, None, incomplete), *super().shell_complete(ctx, incomplete)]


@click.group(
    "contracts",
    cls=_NameOrCommand,
    lazy={
        "derive": "convtool.cli.contracts_derive",
        "check": "convtool.cli.contracts_check",
        "from-help": "convtool.cli.contracts_from_help",
        "stubs": "convtool.cli.contracts_stubs",
    },
    invoke_without_command=True,
    subcommand_metavar="[NAME | COMMAND [ARGS]...]",
    short_help="List the contracts, or show one as a tree.",
    epilog="""\b
Examples:
  convtool contracts
  convtool contracts Order
  convtool contracts --schemas my-schemas/
""",
)
@schemas_option
@click.pass_context
def command(ctx: click.Context, schemas: Path | None) -> None:
    """List the contracts, or show contract NAME as a tree: types, nillability, descriptions and both orders."""
    ctx.obj = schemas
    if ctx.invoked_subcommand is not None:
        return
    catalog = open_catalog(schemas)
    names = catalog.contracts()
    if names:
        show("\n".join(map(line, names)))
    else:
        say(f"{line(str(catalog.folder.path))}: there is no contract in the folder (no NAME.schema.json)")


@command.command("show", hidden=True)
@click.argument("name", shell_complete=complete_contracts)
@schemas_option
@click.pass_obj
def show_contract(outer: Path | None, name: str, schemas: Path | None) -> None:
    """Show contract NAME as a tree: types, nillability, descriptions and both orders."""
    model = open_catalog(schemas or outer).contract(name).model
    from convtool.cli.tree import draw  # rich takes longer to import than most commands to run

    draw(model)
