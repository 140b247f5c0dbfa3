"""``convtool extract``: a capture in, its bodies out, as files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from convtool.cli.failures import INVALID
from convtool.cli.options import contract_option, open_catalog, overwrite_option, profile_option, schemas_option
from convtool.cli.output import say, show, show_findings
from convtool.cli.sources import open_payload
from convtool.shown import line

if TYPE_CHECKING:
    from convtool.codes import Profile
    from convtool.convert import Format

__all__ = ["command"]


@click.command(
    "extract",
    short_help="Write the bodies of a capture into a folder.",
    epilog="""\b
Examples:
  convtool extract session.har -o bodies
  convtool extract cassette.yaml -o bodies --to json

The folder's index.json says what each file is. Operations, and the contracts of their bodies, come from
operations.toml in the schema folder; exchanges of no operation are left out.
""",
)
@click.argument("source", required=False, metavar="[CAPTURE]", type=click.Path(allow_dash=True))
@click.option(
    "-o", "--output", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Folder to write to"
)
@click.option("--to", type=click.Choice(["json", "xml"]), help="Convert what is valid  [default: bodies as they were]")
@overwrite_option("Replace files of the same names, in a folder that is there already")
@contract_option
@profile_option
@schemas_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    source: str | None,
    output: Path,
    to: Format | None,
    overwrite: bool,
    contract: str | None,
    profile: Profile,
    schemas: Path | None,
) -> None:
    """Write the bodies of a capture into a folder, converted or as they were, and an index of them.

    CAPTURE is a HAR file, a vcrpy cassette, a mitmproxy flow file, a WARC file, or HTTP messages such as `curl -i`
    prints; "-", or nothing at the end of a pipe, is standard input. The names of the files are printed.
    """
    from convtool.captures import count, extract, summary  # the library is loaded when it is needed
    from convtool.guard import check_extracted

    check_extracted(str(output), [source] if source else [], overwrite=overwrite)
    counts: Counter[str] = Counter()
    broken = False
    capture = cast("BinaryIO", open_payload(source))
    found = extract(capture, output, open_catalog(schemas), to=to, profile=profile, contract=contract)
    for judgement, written in found:
        count(judgement, counts)
        if judgement.exchange is None:
            broken = True
            show_findings(judgement.reports[0])
        for one in written:
            show(line(str(output / one.file)))
    say(summary(counts))
    ctx.exit(INVALID if broken else 0)
