"""``convtool contracts from-samples``: schema files from payloads alone."""

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
    "from-samples",
    cls=Command,
    short_help="Make schema files from sample payloads.",
    examples="""
  convtool contracts from-samples order.xml order.json -o my-schemas/
  convtool contracts from-samples recorded/*.json --contract ArrayOfOrder -o my-schemas/
""",
    epilog="""\b
Exit codes:
  0  every sample is valid by what was made
  1  one is not
  2  a sample cannot be read, or samples contradict each other
""",
)
@click.argument("payloads", nargs=-1, required=True, metavar="PAYLOAD...", type=click.Path(path_type=Path))
@option(PAYLOAD, "--contract", metavar="NAME", default="", help="The contract of the payloads in JSON")
@option(PAYLOAD, "--namespace", metavar="URI", default="", help="XML namespace, where no sample is in XML")
@made_files(replaced="Replace schema files that were not made of samples")
@click.pass_context
def command(
    ctx: click.Context, *, payloads: tuple[Path, ...], output: Path, contract: str, namespace: str, overwrite: bool
) -> None:
    """Infer contracts from payloads in XML, JSON, or both, and write XSDs, JSON Schemas and the samples.

    Two files of one name, order.xml and order.json, are taken for the same value, which tells most. What the samples
    leave open is guessed: it goes to standard error and into the files. The samples are kept, and count again when the
    command is given more of them: what was made before is then replaced.
    """
    from convtool.authoring.from_samples import from_samples, write

    result = from_samples(payloads, folder=output, contract=contract, namespace=namespace)
    for path in write(result, output, force=overwrite):
        show(line(str(path)))
    for guess in result.guesses:
        note(f"guessed: {line(guess)}")
    for failure in result.failures:
        note(f"does not agree: {line(failure)}")
    if result.failures:
        ctx.exit(INVALID)
