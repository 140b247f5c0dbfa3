"""``convtool sample``: a payload to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from convtool.cli.options import FORMATS, complete_contracts, open_catalog, schemas_option
from convtool.cli.output import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.convert import Format

__all__ = ["command"]


@click.command(
    "sample",
    short_help="Print a sample payload of a contract.",
    epilog="""\b
Examples:
  convtool sample Order
  convtool sample Order --to xml > order.xml
  convtool sample Order --wire --moment 2026-01-31T08:00:00Z
""",
)
@click.argument("name", shell_complete=complete_contracts)
@click.option("--to", type=FORMATS, default="json", show_default=True, help="Format to write")
@click.option("--wire", is_flag=True, help="The wire form, instead of indented lines")
@click.option("--moment", metavar="DATETIME", help="The instant of all dates  [default: a fixed one]")
@schemas_option
def command(name: str, to: Format, wire: bool, moment: str | None, schemas: Path | None) -> None:
    """Print a sample payload of contract NAME, as the API's help page shows it."""
    from convtool.sample import MOMENT, sample  # the library is loaded when it is needed

    codec = open_catalog(schemas).contract(name)
    value = sample(codec.model, codec.instances, moment=moment or MOMENT)
    write = codec.write_json if to == "json" else codec.write_xml
    data = write(value, pretty=not wire)
    write_bytes(data if wire else data + b"\n")
