"""``convtool validate``: payloads in, reports out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from convtool.cli.grammar import Command
from convtool.cli.options import BATCH, SOURCE, is_single, options
from convtool.codes import PROFILES
from convtool.reports import REPORTERS

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.convert import Format

__all__ = ["command"]

BOTH = "both"


@click.command(
    "validate",
    cls=Command,
    short_help="Check payloads and report all that is wrong.",
    examples="""
  convtool validate request.xml response.json
  convtool validate --profile dotnet --contract Order order.json
  convtool validate --profile both request.xml
  convtool validate --output-format json *.xml > report.json
  convtool validate archive/ more.tar.gz --report bad.html --report bad.sarif
  convtool validate session.har
  curl -si https://api.example/orders | convtool validate
""",
    epilog="""
`convtool explain CODE` says more about a code in brackets.
""",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=SOURCE)
@options(
    "from", "contract", "profile", "schemas", "output", "output-format", *BATCH,
    profile={
        "type": click.Choice([*PROFILES, BOTH]),
        "help": "strict: what the schemas say; dotnet: what .NET's readers make of it; both: side by side",
    },
    output_format={"type": click.Choice(list(REPORTERS)), "help": "Form of the result"},
    overwrite={"expose_value": True, "help": "Replace results and reports that are there already"},
    journal={"help": "Note outcomes here, so that --resume can take the run up  [default: nowhere]"},
)  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    sources: tuple[str, ...],
    output_format: str,
    given: Format | None,
    contract: str | None,
    profile: str,
    depth: int,
    schemas: Path | None,
    **many: Any,
) -> None:
    """Check payloads and report all that is wrong with each, not only the first thing.

    SOURCE is a file; "-", or nothing at the end of a pipe, is standard input. It may be a capture (HAR, vcrpy cassette,
    mitmproxy flows, WARC, HTTP messages as `curl -i` prints them): then each exchange of an operation of the schema
    folder's operations.toml is judged, and a body that is not there whole gets no verdict, which is never valid.

    Folders, zips, tars (.gz, .bz2, .xz, .zst) and patterns are checked file by file, by several processes: bad files
    are shown as they are found, and a summary at the end.
    """
    from convtool.cli.run import execute, make_job  # the library is loaded when it is needed

    is_single(sources, many)
    job = make_job("validate", many, schemas, given=given, contract=contract, profile=profile, depth=depth)
    ctx.exit(execute(sources, "", job, many, form=output_format))
