"""``convtool contracts derive``: the JSON half of contracts, from their XSDs; or both halves, from C# source."""

from __future__ import annotations

from pathlib import Path

import click

from convtool.cli.grammar import PAYLOAD, Command
from convtool.cli.options import option, options
from convtool.cli.output import note, show
from convtool.shown import line

__all__ = ["command"]


@click.command(
    "derive",
    cls=Command,
    short_help="Make JSON Schemas from XSDs, or both from C#.",
    examples="""
  convtool contracts derive my-schemas/ --order-from sample.json
  convtool contracts derive orders.xsd types.xsd -o my-schemas/
  convtool contracts derive my-schemas/ --root Order --order-from Order.cs
  convtool contracts derive Models.cs Enums.cs -o my-schemas/ --root ArrayOfOrder
""",
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path))
@option(
    PAYLOAD,
    "--root",
    "roots",
    metavar="NAME",
    multiple=True,
    help="A contract's root element, or '{namespace}NAME'; may be repeated",
)
@option(
    PAYLOAD,
    "--order-from",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="JSON order: a sample payload (.json) or C# declarations (.cs); may be repeated",
)
@option(PAYLOAD, "--enum-names", is_flag=True, help="Enumerations are names in JSON (StringEnumConverter)")
@options(
    "output", "overwrite",
    output={
        "expose_value": True, "callback": None, "metavar": "DIR", "type": click.Path(path_type=Path),
        "help": "Write here  [default: by the sources]",
    },
    overwrite={"expose_value": True, "help": "Replace files that are there with other content"},
)  # fmt: skip
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

    From C# source (.cs files, or a folder of them) the XSDs are made as well, by the rules of DataContractSerializer:
    data contracts, plain classes, structs, enumerations, lists, dictionaries and generic types.
    """
    from convtool.authoring.derive import derive, folder_of, write, write_files
    from convtool.authoring.from_csharp import csharp_files, from_csharp

    declared = csharp_files(sources)
    if declared:
        made = from_csharp(declared, roots=roots, order_from=order_from, enum_names=enum_names)
        target = output or folder_of(sources)
        files = {target / name: text for name, text in made.files.items()}
        write_files(files, force=overwrite)
        written, notes = list(files), made.notes
    else:
        derived = derive(sources, roots=roots, order_from=order_from, enum_names=enum_names)
        written = write(derived, output or folder_of(sources), force=overwrite)
        notes = [f"{one.file}: guessed: {text}" for one in derived for text in one.notes]
    for path in written:
        show(line(str(path)))
    for text in notes:
        note(line(text))
