"""``convtool extract``: a capture in, its bodies out, as files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from convtool.cli.failures import INVALID
from convtool.cli.grammar import Command
from convtool.cli.options import FORMATS, open_catalog, options
from convtool.cli.output import note, show, show_findings, write_bytes
from convtool.cli.sources import open_payload
from convtool.shown import line

if TYPE_CHECKING:
    from convtool.codes import Profile
    from convtool.convert import Format

__all__ = ["command"]


@click.command(
    "extract",
    cls=Command,
    short_help="Write the bodies of a capture into a folder.",
    examples="""
  convtool extract session.har -o bodies
  convtool extract cassette.yaml -o bodies --to json
""",
    epilog="""
The folder's index.json says what each file is. Operations, and the contracts of their bodies, come from
operations.toml in the schema folder; exchanges of no operation are left out.
""",
)
@click.argument("source", required=False, metavar="[CAPTURE]", type=click.Path(allow_dash=True))
@options(
    "to", "contract", "pretty", "profile", "depth", "schemas", "output", "overwrite", "output-format",
    to={"type": FORMATS, "help": "Convert what is valid  [default: bodies as they were]"},
    pretty={"help": "Indent what is converted by two spaces, or write the wire form  [default: wire]"},
    output={
        "expose_value": True, "callback": None, "metavar": "DIR", "required": True,
        "type": click.Path(path_type=Path), "help": "Folder to write to",
    },
    overwrite={"expose_value": True, "help": "Replace files of the same names, in a folder that is there already"},
    output_format={"help": "Print the files' names, or the index as JSON"},
)  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    *,
    source: str | None,
    output: Path,
    to: Format | None,
    overwrite: bool,
    pretty: bool,
    depth: int,
    output_format: str,
    contract: str | None,
    profile: Profile,
    schemas: Path | None,
) -> None:
    """Write the bodies of a capture into a folder, converted or as they were, and an index of them.

    CAPTURE is a HAR file, a vcrpy cassette, a mitmproxy flow file, a WARC file, or HTTP messages such as `curl -i`
    prints; "-", or nothing at the end of a pipe, is standard input. The names of the files are printed.
    """
    from convtool.captures import count, extract, summary  # the library is loaded when it is needed
    from convtool.captures.extracting import INDEX
    from convtool.guard import check_extracted

    check_extracted(str(output), [source] if source else [], overwrite=overwrite)
    counts: Counter[str] = Counter()
    broken = False
    capture = cast("BinaryIO", open_payload(source))
    found = extract(
        capture, output, open_catalog(schemas), to=to, pretty=pretty, profile=profile, contract=contract, depth=depth
    )
    for judgement, written in found:
        count(judgement, counts)
        if judgement.exchange is None:
            broken = True
            show_findings(judgement.reports[0])
        for one in written if output_format == "text" else ():
            show(line(str(output / one.file)))
    if output_format == "json":
        write_bytes((output / INDEX).read_bytes())
    note(summary(counts))
    ctx.exit(INVALID if broken else 0)
