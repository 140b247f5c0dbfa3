"""``convtool contracts operations``: what operations.toml could say, by captures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from convtool.cli.grammar import Command
from convtool.cli.options import SOURCE, open_catalog, options
from convtool.cli.output import note, show
from convtool.shown import json_text, line

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command(
    "operations",
    cls=Command,
    short_help="Propose operations.toml from captures.",
    examples="""
  convtool contracts operations session.har --schemas my-schemas/
  convtool contracts operations *.har --schemas my-schemas/ >> my-schemas/operations.toml
""",
)
@click.argument("captures", nargs=-1, required=True, metavar="CAPTURE...", type=SOURCE)
@options("schemas", "output", "overwrite")
@click.pass_obj
def command(outer: Path | None, *, captures: tuple[str, ...], schemas: Path | None) -> None:
    """Print what operations.toml could say of the exchanges in captures: methods and paths, and their contracts.

    Contracts are recognised by root elements and shapes. Segments of paths that name one thing of many, such as numbers
    and GUIDs, become {id}. Operations that operations.toml has already are left out. It is a proposal: read it first.
    """
    from convtool.authoring.propose import propose

    result = propose(captures, open_catalog(schemas or outer))
    if result.operations:
        show(json_text(result.text()).rstrip("\n"))
    for text in result.notes:
        note(f"note: {line(text)}")
    if result.known:
        note(f"{result.known} of {result.exchanges} exchanges are of operations that operations.toml has")
    if not result.operations and not result.known:
        note(f"{result.exchanges} exchanges, of which none has a body in JSON or XML")
