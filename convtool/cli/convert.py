"""``convtool convert``: one payload in, one payload out; or many files, which ``batch`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from convtool.cli.grammar import MANY, PAYLOAD, Command
from convtool.cli.options import BATCH, SOURCE, is_single, option, options
from convtool.errors import UsageError
from convtool.places import check

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.codes import Profile
    from convtool.convert import Format

__all__ = ["command"]


@click.command(
    "convert",
    cls=Command,
    short_help="Convert a payload, or whole archives, into the other format.",
    examples="""
  convtool convert request.xml -o request.json
  convtool convert response.json --pretty
  convtool convert archived.xml --to xml --lossless
  convtool convert answer.json --envelope Find -o answer.xml
  curl -s https://api.example/orders | convtool convert > orders.json
  convtool convert archive/ more.zip -o converted/ --jobs 8 --report bad.html
  convtool convert archive.tar.gz -o all.ndjson.gz --resume
""",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=SOURCE)
@options(
    "from", "to", "contract", "pretty", "profile", "schemas", "output", *BATCH,
    output={
        "expose_value": True, "callback": None, "metavar": "OUT",
        "help": "Write to this file, whole or not at all (.gz, .zst: compressed); of many: a folder, .zip or .ndjson",
    },
    overwrite={"expose_value": True, "help": "Replace outputs and reports that are there already"},
)  # fmt: skip
@option(
    PAYLOAD,
    "--lossless",
    is_flag=True,
    help="Refuse a payload that the result would not give back byte for byte, up to the wire form",
)
@option(PAYLOAD, "--verify", is_flag=True, help="Convert back as well, and prove that nothing is lost in silence")
@option(PAYLOAD, "--envelope", metavar="OPERATION", help="Write a SOAP envelope, a message of this operation")
@option(PAYLOAD, "--ndjson", is_flag=True, help="Write one record a line")
@option(PAYLOAD, "--with-source", is_flag=True, help='Let each line name its payload: {"source": …, "record": …}')
@option(
    MANY, "--on-error", type=click.Choice(["stop", "skip"]), default="stop", show_default=True,
    help="skip: convert the good records of a payload, and put the bad ones aside",
)  # fmt: skip
@option(
    MANY, "--bad-records", metavar="FILE", type=click.Path(),
    help="Where bad records are put  [default: OUT.bad.ndjson; of many: in the folder OUT.bad]",
)  # fmt: skip
@option(
    MANY, "--on-clash", type=click.Choice(["refuse", "suffix", "error"]), default="refuse", show_default=True,
    help="Files that would have one output (A.json, a.json.gz): refuse these, number them, or do nothing at all",
)  # fmt: skip
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
    envelope: str | None,
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

    if output is None and not is_single(sources, many):
        raise UsageError("there may be many results", hint="name a folder, a .zip or a .ndjson file with -o")
    if bad_records and on_error != "skip":
        raise UsageError("no record is put aside: a payload with a bad one is not converted", hint="--on-error skip")
    job = make_job(
        "convert", many, schemas, to=to, given=given, contract=contract, profile=profile, lossless=lossless,
        pretty=pretty, verify=verify, envelope=envelope, lines=ndjson, with_source=with_source, skip=on_error == "skip",
        aside=bad_records, on_clash=on_clash, depth=depth,
    )  # fmt: skip
    ctx.exit(execute(sources, check("-" if output is None else output), job, many, form=""))
