"""``convtool contracts from-help``: schema files from an ASP.NET Web API help page."""

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
    "from-help",
    cls=Command,
    short_help="Make schema files from a Web API help page.",
    examples="""
  convtool contracts from-help page.html -o my-schemas/
  convtool contracts from-help page.txt address-type.html -o my-schemas/
""",
    epilog="""\b
Exit codes:
  0  the pages' samples are what was made of them
  1  they are not, and the differences are said
  2  nothing is made
""",
)
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...", type=click.Path(path_type=Path))
@option(PAYLOAD, "--namespace", metavar="URI", default="", help="XML namespace, for pages without XML samples")
@made_files()
@click.pass_context
def command(ctx: click.Context, *, pages: tuple[Path, ...], output: Path, namespace: str, overwrite: bool) -> None:
    """Make XSDs, JSON Schemas, samples and operations.toml from help pages of ASP.NET Web API, saved as HTML or text.

    One page is an operation's; pages of more operations, and of the types that they link to, may be given as well.
    What the pages do not say is guessed from their samples: it goes to standard error and into the files. What was
    made then reads the pages' own samples; where it does not read them as one value, that is said, and the exit code
    is 1. ServiceStack's metadata pages (/xml/metadata?op=NAME and /json/metadata?op=NAME) are read, too.
    """
    from convtool.authoring.help_page.prove import prove
    from convtool.authoring.help_page.write import from_help, write

    result = from_help(pages, namespace=namespace)
    for path in write(result, output, force=overwrite):
        show(line(str(path)))
    for guess in result.guesses:
        note(f"guessed: {line(guess)}")
    for text in result.notes:
        note(f"note: {line(text)}")
    differences = prove(output, result.samples)
    for difference in differences:
        note(f"differs: {line(difference)}")
    if differences:
        ctx.exit(INVALID)
