"""``convtool convert``: one payload in, one payload out; or many files, which ``batch`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from convtool.cli.batch_options import batch_options
from convtool.cli.options import ALL_FORMATS, contract_option, depth_option, is_single, profile_option, schemas_option
from convtool.places import check

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.codes import Profile
    from convtool.convert import Format

__all__ = ["command"]


@click.command(
    "convert",
    short_help="Convert a payload, or whole archives, into the other format.",
    epilog="""\b
Examples:
  convtool convert request.xml -o request.json
  convtool convert response.json --pretty
  convtool convert archived.xml --to xml --lossless
  curl -s https://api.example/orders | convtool convert > orders.json
  convtool convert archive/ more.zip -o converted/ --jobs 8 --report bad.html
  convtool convert archive.tar.gz -o all.ndjson.gz --resume
""",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path(allow_dash=True))
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(),
    help="Write to this file, whole or not at all (.gz, .zst: compressed); of many: a folder, a .zip or a .ndjson",
)
@click.option("--to", type=ALL_FORMATS, help="Format to write  [default: as OUT is called, else the other one]")
@click.option("--from", "given", type=ALL_FORMATS, help="Format to read  [default: seen from the first character]")
@contract_option
@click.option("--pretty", is_flag=True, help="Indent by two spaces, instead of the wire form")
@profile_option
@click.option("--lossless", is_flag=True, help="Refuse a payload that the result would not give back byte for byte")
@click.option("--verify", is_flag=True, help="Convert back as well, and prove that nothing is lost in silence")
@click.option("--ndjson", is_flag=True, help="Write one record a line")
@click.option("--with-source", is_flag=True, help='Let each line name its payload: {"source": …, "record": …}')
@click.option(
    "--on-error",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="skip: convert the good records of a payload, and put the bad ones aside",
)
@click.option(
    "--bad-records",
    metavar="FILE",
    type=click.Path(),
    help="Where bad records are put  [default: OUT.bad.ndjson; of many: in the folder OUT.bad]",
)
@click.option(
    "--on-clash",
    type=click.Choice(["refuse", "suffix", "error"]),
    default="refuse",
    show_default=True,
    help="Files that would have one output (A.json, a.json.gz): refuse these, number them, or do nothing at all",
)
@depth_option
@batch_options
@schemas_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    sources: tuple[str, ...],
    output: str | None,
    to: Format | None,
    given: Format | None,
    contract: str | None,
    pretty: bool,
    profile: Profile,
    lossless: bool,
    verify: bool,
    ndjson: bool,
    with_source: bool,
    on_error: str,
    bad_records: str | None,
    on_clash: str,
    depth: int,
    schemas: Path | None,
    **many: Any,
) -> None:
    """Convert a payload into the other format.

    SOURCE is a file; "-", or nothing at the end of a pipe, is standard input. What is worth knowing about the payload,
    losses included, goes to standard error.

    Several SOURCEs, folders, zips, tars (.gz, .bz2, .xz, .zst), and patterns are converted file by file into OUT. Each
    file's outcome is noted in a journal, from which --resume goes on after whatever stopped the run; files that are no
    payload are skipped with a reason. Nothing that is there is replaced without --overwrite, and a source never.
    """
    from convtool.cli.run import execute, make_job  # the library is loaded when it is needed

    if not output and not is_single(sources, many):
        raise click.UsageError("Name a folder, a .zip or a .ndjson file with -o: there may be many results.")
    job = make_job(
        "convert", many, schemas, to=to, given=given, contract=contract, profile=profile, lossless=lossless,
        pretty=pretty, verify=verify, lines=ndjson, with_source=with_source, skip=on_error == "skip",
        aside=bad_records, on_clash=on_clash, depth=depth,
    )  # fmt: skip
    ctx.exit(execute(sources, check(output or "-"), job, many, form=""))
