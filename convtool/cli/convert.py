"""``convtool convert``: one payload in, one payload out; or many files, which ``batch`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from convtool.cli.batch import is_many, make_job, refuse, run_batch
from convtool.cli.batch_options import batch_options
from convtool.cli.error_responses import error_response
from convtool.cli.inputs import capture_kind, codec_for, has_lines, is_small, open_source, other_format, rewind
from convtool.cli.options import (
    ALL_FORMATS,
    contract_option,
    depth_option,
    open_catalog,
    profile_option,
    schemas_option,
)
from convtool.cli.output import say, show_findings, write_bytes
from convtool.cli.stream import convert_stream
from convtool.errors import PayloadError, UsageError
from convtool.limits import LIMITS
from convtool.places import check

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.codes import Profile
    from convtool.convert import Conversion, Format

__all__ = ["command"]

_VERIFIED = "verified: converting back gives the same document"
_NOT_VERIFIED = "converting back gives another document: see the losses above"


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
    help="Write to this file, whole or not at all; of many: a folder, a .zip or a .ndjson (.gz, .zst)",
)
@click.option("--to", type=ALL_FORMATS, help="Format to write  [default: the other one]")
@click.option("--from", "given", type=ALL_FORMATS, help="Format to read  [default: seen from the first character]")
@contract_option
@click.option("--pretty", is_flag=True, help="Indent by two spaces, instead of the wire form")
@profile_option
@click.option("--lossless", is_flag=True, help="Refuse a payload that the result would not give back byte for byte")
@click.option("--verify", is_flag=True, help="Convert back as well, and prove that nothing is lost in silence")
@click.option("--ndjson", is_flag=True, help="Write one record a line")
@click.option(
    "--on-error",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="skip: convert the good records of a payload, and put the bad ones aside",
)
@click.option(
    "--bad-records", metavar="FILE", type=click.Path(), help="Where bad records are put  [default: OUT.bad.ndjson]"
)
@click.option("--overwrite", is_flag=True, help="Of many: replace outputs that are there already")
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
    on_error: str,
    bad_records: str | None,
    depth: int,
    schemas: Path | None,
    **many: Any,
) -> None:
    """Convert a payload into the other format.

    SOURCE is a file; "-", or nothing at the end of a pipe, is standard input. What is worth knowing about the payload,
    losses included, goes to standard error.

    Several SOURCEs, folders, zips, tars (.gz, .bz2, .xz, .zst), and patterns are converted file by file into OUT. Each
    file's outcome is noted in a journal, from which --resume goes on after whatever stopped the run; files that are no
    payload are skipped with a reason; nothing is overwritten.
    """
    sources, out = tuple(map(check, sources)), None if output is None else check(output)
    if is_many(sources, out, many) or len(sources) > 1:
        refuse(**{"from": given}, verify=verify, bad_records=bad_records, on_error=on_error == "skip")
        refuse(depth=depth != LIMITS.depth)
        if out is None or out == "-":
            raise click.UsageError("Name a folder, a .zip or a .ndjson file with -o: there may be many results.")
        if to == "form":
            raise click.UsageError("--to form is for a single payload.")
        job = make_job(
            "convert", many, schemas, to=to, contract=contract, profile=profile, lossless=lossless, pretty=pretty,
            lines=ndjson,
        )  # fmt: skip
        ctx.exit(run_batch(sources, out, job, many, form=""))
    payload = open_source(sources[0] if sources else None)
    try:
        codec = codec_for(payload, open_catalog(schemas), contract, given, depth)
    except PayloadError as refused:
        kind = capture_kind(payload)
        if kind:
            name = refused.report.source or str(payload)
            raise UsageError(
                f"{name}: is a capture ({kind}), not a payload: `convtool extract` takes the payloads out of it"
            ) from None
        found = error_response(payload, contract, given)
        if found is None or ndjson or verify or on_error == "skip":
            raise
        from convtool.http_error import convert_error  # the library is loaded when it is needed

        error, said = found
        other: Format = "json" if error.format == "xml" else "xml"
        result = convert_error(said, to or other, pretty=pretty, lossless=lossless, source=refused.report.source)
        show_findings(result.report)
        _write(result, out, pretty=pretty)
        return
    if to is None:
        to = other_format(payload) if given is None else "xml" if given == "json" else "json"
    lines = ndjson or (out or "").lower().endswith((".ndjson", ".jsonl"))
    of_lines = given is None and has_lines(payload)
    if lines or on_error == "skip" or of_lines or not (verify or "form" in (given, to) or is_small(payload)):
        if verify or "form" in (given, to):
            raise click.UsageError("Lines of records, and payloads with bad ones, are neither forms nor verified.")
        rewind(payload, last=True)
        code = convert_stream(
            payload, out, codec, to="ndjson" if lines else to, given="ndjson" if of_lines else given, pretty=pretty,
            profile=profile, lossless=lossless, depth=depth, skip=on_error == "skip", aside=bad_records,
        )  # fmt: skip
        ctx.exit(code)
    result = codec.convert(
        payload, to, format=given, pretty=pretty, profile=profile, lossless=lossless, depth=depth, verify=verify
    )
    show_findings(result.report)
    if verify:
        say(_VERIFIED if result.verified else _NOT_VERIFIED)
    _write(result, out, pretty=pretty)


def _write(result: Conversion, out: str | None, *, pretty: bool) -> None:
    """Write the result of a conversion."""
    data = result.data + b"\n" if pretty else result.data  # lines end; the wire form stays as it is
    if out is None or out == "-":
        write_bytes(data)
        return
    from convtool.places import atomic_writer  # not every conversion writes a file

    with atomic_writer(out) as file:
        file.write(data)
