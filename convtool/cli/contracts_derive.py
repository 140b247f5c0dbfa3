"""``convtool contracts derive``: the JSON half of contracts, from their XSDs; or both, from a WSDL or C# source."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import click

from convtool.cli.failures import INVALID
from convtool.cli.grammar import PAYLOAD, Command, unknown
from convtool.cli.options import made_files, option
from convtool.cli.output import note, show
from convtool.shown import line

__all__ = ["command"]


_SPELLINGS = ("names", "camel", "numbers")
_TAKEN = {"--enum-names": [*_SPELLINGS], "--json-names": ["camel"]}
_ALONE = {"--enum-names": "names", "--json-names": "camel"}


class _Command(Command):
    """A command whose --enum-names and --json-names may stand alone, with anything behind them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give those their values where they have none; UsageError where one has a wrong one, which is no source."""
        filled: list[str] = []
        for one, after in zip(args, [*args[1:], ""], strict=True):
            if one in _ALONE and after not in _SPELLINGS and _is_a_slip(after):
                raise unknown(f"{one} takes no {after!r}, and there is no such source", after, _TAKEN[one], ctx)
            filled += [one, _ALONE[one]] if one in _ALONE and after not in _SPELLINGS else [one]
        return super().parse_args(ctx, filled)


def _is_a_slip(word: str) -> bool:
    """Tell whether a word behind such an option can only be meant as its value: no option, no path of anything."""
    return word.isidentifier() and not os.path.lexists(word)


@click.command(
    "derive",
    cls=_Command,
    short_help="Make JSON Schemas from XSDs, or both from a WSDL or C#.",
    examples="""
  convtool contracts derive my-schemas/ --order-from sample.json
  convtool contracts derive orders.xsd types.xsd -o my-schemas/
  convtool contracts derive my-schemas/ --root Order --order-from Order.cs
  convtool contracts derive service.wsdl -o my-schemas/
  convtool contracts derive "Service References/Orders/Reference.svcmap" -o my-schemas/
  convtool contracts derive my-schemas/ --json-names camel --omit-nulls
  convtool contracts derive my-schemas/ --order-from order.xml --order-from order.json
  convtool contracts derive Models.cs Enums.cs -o my-schemas/ --root ArrayOfOrder
""",
    epilog="""\b
Exit codes:
  0  every contract is made
  1  some are left out
  2  nothing is made
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
    help="What JSON has: a sample (.json; with an .xml of its name it is one value in both) or C# declarations (.cs); "
    "may be repeated",
)
@option(
    PAYLOAD, "--json-names", type=click.Choice(["camel"]), metavar="[camel]", help="Members are in camel case in JSON"
)
@option(PAYLOAD, "--omit-nulls", is_flag=True, help="Nulls are left out of JSON (NullValueHandling.Ignore)")
@option(
    PAYLOAD, "--enum-names", type=click.Choice(_SPELLINGS), default="numbers", metavar="[camel]",
    help="Enumerations are names in JSON (StringEnumConverter), as they are or in camel case",
)  # fmt: skip
@made_files(None)
@click.pass_context
def command(
    ctx: click.Context,
    *,
    sources: tuple[Path, ...],
    output: Path | None,
    roots: tuple[str, ...],
    order_from: tuple[Path, ...],
    json_names: Literal["camel"] | None,
    omit_nulls: bool,
    enum_names: str,
    overwrite: bool,
) -> None:
    """Make NAME.schema.json for each contract in XSD files as .NET's exporter writes them, or in a folder of them.

    Contracts are the elements whose types no other type uses, or those of --root. An XSD holds neither the order of
    members in JSON nor their names there: samples or the C# source show them. What had to be guessed goes to standard
    error and into the file. A contract that cannot be had is named, with the reason, and the others are made.

    From C# source (.cs files, or a folder of them) the XSDs are made as well, by the rules of DataContractSerializer:
    data contracts, plain classes, structs, enumerations, lists, dictionaries and generic types.

    From a WSDL (or a folder with one, such as a service reference's) its XSDs are taken out, the wrappers of its
    operations are contracts, too, and operations.toml names them. What it imports has to lie beside it.
    """
    from convtool.authoring.derive import write_files
    from convtool.authoring.derived_files import derived_files
    from convtool.authoring.dialect import Dialect

    dialect = Dialect(json_names=json_names or "", omit_nulls=omit_nulls, enum_names=enum_names)
    made = derived_files(sources, output, roots=roots, order_from=order_from, dialect=dialect)
    write_files(made.files, force=overwrite)
    for path in made.files:
        show(line(str(path)))
    for text in made.notes:
        note(line(text))
    for name, reason in made.left_out.items():
        note(line(f"{name}: left out: {reason}"))
    if made.left_out:
        ctx.exit(INVALID)
