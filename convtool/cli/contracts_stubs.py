"""``convtool contracts stubs``: types for editors and mypy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from convtool.cli.options import complete_contracts, open_catalog, schemas_option
from convtool.cli.output import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command(
    "stubs",
    short_help="Print typing stubs for the values of a contract.",
    epilog="""\b
Examples:
  convtool contracts stubs Order > order_types.pyi
""",
)
@click.argument("name", shell_complete=complete_contracts)
@schemas_option
@click.pass_obj
def command(outer: Path | None, name: str, schemas: Path | None) -> None:
    """Print a .pyi file with a class for each record of contract NAME, so that editors and mypy know the members.

    Values are made when schemas are read: import the stubs' names under ``if TYPE_CHECKING:`` only.
    """
    from convtool.authoring.pyi import stubs

    write_bytes(stubs(open_catalog(schemas or outer).contract(name).model).encode())
