"""``convtool contracts stubs``: types for editors and mypy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from convtool.cli.grammar import Command
from convtool.cli.options import named_contract, open_catalog, options
from convtool.cli.output import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command(
    "stubs",
    cls=Command,
    short_help="Print typing stubs for the values of a contract.",
    examples="""
  convtool contracts stubs Order > order_types.pyi
""",
)
@named_contract
@options("schemas", "output", "overwrite")
@click.pass_obj
def command(outer: Path | None, *, name: str, schemas: Path | None) -> None:
    """Print a .pyi file with a class for each record of contract NAME, so that editors and mypy know the members.

    Values are made when schemas are read: import the stubs' names under ``if TYPE_CHECKING:`` only.
    """
    from convtool.authoring.pyi import stubs

    write_bytes(stubs(open_catalog(schemas or outer).contract(name).model).encode())
