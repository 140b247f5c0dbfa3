"""``convtool contracts derive``: the JSON half of contracts, from their XSDs."""

from __future__ import annotations

from pathlib import Path

import click

from convtool.cli.options import overwrite_option
from convtool.cli.output import say, show
from convtool.shown import line

__all__ = ["command"]


@click.command(
    "derive",
    short_help="Make JSON Schemas from XSDs.",
    epilog="""\b
Examples:
  convtool contracts derive my-schemas/ --order-from sample.json
  convtool contracts derive orders.xsd types.xsd -o my-schemas/
  convtool contracts derive my-schemas/ --root Order --order-from Order.cs
""",
)
@click.argument("sources", nargs=-1, required=True, metavar="XSD...", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Write here  [default: by the XSDs]"
)
@click.option(
    "--root",
    "roots",
    metavar="NAME",
    multiple=True,
    help="A contract's root element, or '{namespace}NAME'; may be repeated",
)
@click.option(
    "--order-from",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="JSON order: a sample payload (.json) or C# declarations (.cs); may be repeated",
)
@click.option("--enum-names", is_flag=True, help="Enumerations are names in JSON (StringEnumConverter)")
@overwrite_option("Replace files that are there with other content")
def command(
    *,
    sources: tuple[Path, ...],
    output: Path | None,
    roots: tuple[str, ...],
    order_from: tuple[Path, ...],
    enum_names: bool,
    overwrite: bool,
) -> None:
    """Make NAME.schema.json for each contract in XSD files as .NET's exporter writes them, or in a folder of them.

    Contracts are the elements whose types no other type uses, or those of --root. An XSD does not hold the order of
    members in JSON: a sample payload or the C# source shows it. What had to be guessed goes to standard error and
    into the file.
    """
    from convtool.authoring.derive import derive, folder_of, write

    derived = derive(sources, roots=roots, order_from=order_from, enum_names=enum_names)
    for path in write(derived, output or folder_of(sources), force=overwrite):
        show(line(str(path)))
    for one in derived:
        for note in one.notes:
            say(line(f"{one.file}: guessed: {note}"))
