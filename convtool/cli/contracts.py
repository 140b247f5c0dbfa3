"""``convtool contracts``: what there is, and what one of them says. Its subcommands work on schema files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from convtool.cli.grammar import Command, Group, unknown
from convtool.cli.options import complete_contracts, named_contract, open_catalog, options
from convtool.cli.output import note, show
from convtool.errors import UsageError
from convtool.shown import json_text, line

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

__all__ = ["command"]


class _NameOrCommand(Group):
    """A group where a word that is no command is a contract's name: ``contracts NAME`` is ``contracts show NAME``."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None:
            return show_contract.name, show_contract, args
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; without one, the list may go into a file."""
        return super().invoke(ctx) if ctx._protected_args else self.with_result(ctx, super().invoke)  # noqa: SLF001

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return [*complete_contracts(ctx, None, incomplete), *super().shell_complete(ctx, incomplete)]


@click.group(
    "contracts",
    cls=_NameOrCommand,
    lazy={
        "derive": "convtool.cli.contracts_derive",
        "check": "convtool.cli.contracts_check",
        "from-help": "convtool.cli.contracts_from_help",
        "from-openapi": "convtool.cli.contracts_from_openapi",
        "from-samples": "convtool.cli.contracts_from_samples",
        "diff": "convtool.cli.contracts_diff",
        "operations": "convtool.cli.contracts_operations",
        "stubs": "convtool.cli.contracts_stubs",
    },
    invoke_without_command=True,
    subcommand_metavar="[NAME | COMMAND [ARGS]...]",
    short_help="List the contracts, or show one as a tree.",
    examples="""
  convtool contracts
  convtool contracts Order
  convtool contracts --schemas my-schemas/
""",
)
@options("schemas", "output", "overwrite", "output-format")
@click.pass_context
def command(ctx: click.Context, schemas: Path | None, output_format: str) -> None:
    """List the contracts, or show contract NAME as a tree: types, nillability, descriptions and both orders."""
    ctx.obj = schemas
    if ctx.invoked_subcommand is not None:
        if ctx.get_parameter_source("output_format") is click.core.ParameterSource.COMMANDLINE:
            if ctx.invoked_subcommand == show_contract.name:
                raise UsageError("a contract is shown as a text alone", hint="its JSON is NAME.schema.json")
            raise UsageError("--output-format is of the list of contracts here", hint="give it behind the command")
        return
    catalog = open_catalog(schemas)
    names = catalog.contracts()
    if output_format == "json":
        import json  # the text form does without

        entries = [{"contract": name, "description": catalog.contract(name).model.description} for name in names]
        show(json_text(json.dumps(entries, ensure_ascii=False, indent=2)))
    elif names:
        show("\n".join(map(line, names)))
    else:
        note(f"{line(str(catalog.folder.path))}: there is no contract in the folder (no NAME.schema.json)")


@command.command("show", hidden=True, cls=Command)
@named_contract
@options("schemas", "output", "overwrite")
@click.pass_obj
def show_contract(outer: Path | None, *, name: str, schemas: Path | None) -> None:
    """Show contract NAME as a tree: types, nillability, descriptions and both orders."""
    catalog = open_catalog(schemas or outer)
    names = catalog.contracts()
    if names and name not in names:
        known = [*names, *(word for word in command.lazy)]
        raise unknown(f"there is no contract {name!r} in {catalog.folder.path}, and no such command", name, known)
    model = catalog.contract(name).model
    from convtool.cli.tree import draw  # rich takes longer to import than most commands to run

    draw(model)
