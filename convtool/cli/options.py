"""Options that several commands have, and what the shell completes for them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from convtool.codes import CODES, PROFILES
from convtool.limits import DEEPEST, LIMITS
from convtool.places import check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from convtool.catalog import Catalog

__all__ = [
    "ALL_FORMATS",
    "FORMATS",
    "complete_codes",
    "complete_contracts",
    "contract_option",
    "depth_option",
    "is_single",
    "open_catalog",
    "overwrite_option",
    "profile_option",
    "schemas_option",
]

FORMATS = click.Choice(["json", "xml"])
ALL_FORMATS = click.Choice(["json", "xml", "form"])  # a form is of a contract of scalars, and has to be named


def open_catalog(schemas: Path | None) -> Catalog:
    """Give the catalog of --schemas, or else the default one."""
    from convtool.catalog import Catalog  # the library is loaded when it is needed

    return Catalog(schemas)


def is_single(sources: Sequence[str], options: Mapping[str, Any]) -> bool:
    """Tell whether a payload is named, or one piped in, or none; UsageError where a terminal would be waited for."""
    if not sources and not options.get("files_from") and sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("Name a SOURCE, or pipe a payload into the command.")
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


class _Aliased(click.Option):
    """An option that has further names, which work and are not shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Give its line of the help, with its first name."""
        names, self.opts = self.opts, self.opts[:1]
        try:
            return super().get_help_record(ctx)
        finally:
            self.opts = names


def overwrite_option(what: str) -> Callable[[Any], Any]:
    """Give the one option by which a command may replace what is there; --force is what some have called it."""
    return click.option("--overwrite", "--force", cls=_Aliased, is_flag=True, help=what)


schemas_option = click.option(
    "--schemas",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of schema files  [default: CONVTOOL_SCHEMAS, or the bundled contracts]",
)
contract_option = click.option(
    "--contract",
    metavar="NAME",
    shell_complete=complete_contracts,
    help="The payload's contract  [default: recognised by the root element, or by the shape in JSON]",
)
depth_option = click.option(
    "--depth",
    type=click.IntRange(1, DEEPEST),
    default=LIMITS.depth,
    show_default=True,
    help="Levels of elements or containers that a payload may have",
)
profile_option = click.option(
    "--profile",
    type=click.Choice(PROFILES),
    default="strict",
    show_default=True,
    help="strict: what the schemas say; dotnet: what .NET's readers make of it",
)
