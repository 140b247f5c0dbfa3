"""``convtool contracts from-openapi``: schema files from an OpenAPI document."""

from __future__ import annotations

from pathlib import Path

import click

from convtool.cli.failures import INVALID
from convtool.cli.grammar import PAYLOAD, Command
from convtool.cli.options import made_files, option
from convtool.cli.output import note, show
from convtool.shown import line

__all__ = ["command"]


@click.command(
    "from-openapi",
    cls=Command,
    short_help="Make schema files from an OpenAPI document.",
    examples="""
  convtool contracts from-openapi swagger.json -o my-schemas/
  convtool contracts from-openapi openapi.yaml -o my-schemas/ --namespace urn:orders
""",
)
@click.argument("document", metavar="DOCUMENT", type=click.Path(path_type=Path))
@option(PAYLOAD, "--namespace", metavar="URI", default="", help="XML namespace of schemas that say none")
@made_files()
@click.pass_context
def command(ctx: click.Context, *, document: Path, output: Path, namespace: str, overwrite: bool) -> None:
    """Make XSDs, JSON Schemas and operations.toml from an OpenAPI document (2.0, 3.0 or 3.1, JSON or YAML).

    Contracts are the bodies of its operations, and the schemas that nothing else uses. What the document does not say
    is what DataContractSerializer would do: it goes to standard error and into the files. Nothing is fetched:
    references lead within the document, or to files beside it. What cannot be had is named, with the reason; the rest
    is made, and the exit code is 1.
    """
    from convtool.authoring.openapi import from_openapi
    from convtool.authoring.schema_files import write_made

    result = from_openapi(document, namespace=namespace)
    paths, notes = write_made(result.made.values(), output, operations=result.operations, force=overwrite)
    for path in paths:
        show(line(str(path)))
    for guess in result.guesses:
        note(f"guessed: {line(guess)}")
    for text in (*result.notes, *notes):
        note(f"note: {line(text)}")
    for text in result.left_out:
        note(f"left out: {line(text)}")
    if result.left_out:
        ctx.exit(INVALID)
