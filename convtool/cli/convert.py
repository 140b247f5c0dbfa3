"""``convtool convert``: one payload in, one payload out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from convtool.cli.inputs import codec_for, open_source, other_format
from convtool.cli.options import ALL_FORMATS, contract_option, open_catalog, profile_option, schemas_option
from convtool.cli.output import say, show_findings, write_bytes

if TYPE_CHECKING:
    from convtool.codes import Profile
    from convtool.convert import Format

__all__ = ["command"]

_VERIFIED = "verified: converting back gives the same document"
_NOT_VERIFIED = "converting back gives another document: see the losses above"


@click.command(
    "convert",
    short_help="Convert a payload into the other format.",
    epilog="""\b
Examples:
  convtool convert request.xml -o request.json
  convtool convert response.json --pretty
  convtool convert archived.xml --to xml --lossless
  curl -s https://api.example/orders | convtool convert > orders.json
""",
)
@click.argument("source", required=False, type=click.Path(allow_dash=True))
@click.option(
    "-o", "--output", metavar="OUT", type=click.Path(path_type=Path), help="Write to this file, whole or not at all"
)
@click.option("--to", type=ALL_FORMATS, help="Format to write  [default: the other one]")
@click.option("--from", "given", type=ALL_FORMATS, help="Format to read  [default: seen from the first character]")
@contract_option
@click.option("--pretty", is_flag=True, help="Indent by two spaces, instead of the wire form")
@profile_option
@click.option("--lossless", is_flag=True, help="Refuse a payload that the result would not give back byte for byte")
@click.option("--verify", is_flag=True, help="Convert back as well, and prove that nothing is lost in silence")
@schemas_option
def command(
    *,
    source: str | None,
    output: Path | None,
    to: Format | None,
    given: Format | None,
    contract: str | None,
    pretty: bool,
    profile: Profile,
    lossless: bool,
    verify: bool,
    schemas: Path | None,
) -> None:
    """Convert a payload into the other format.

    SOURCE is a file; "-", or nothing at the end of a pipe, is standard input. What is worth knowing about the payload,
    losses included, goes to standard error.
    """
    payload = open_source(source)
    codec = codec_for(payload, open_catalog(schemas), contract, given)
    if to is None:
        to = other_format(payload) if given is None else "xml" if given == "json" else "json"
    result = codec.convert(payload, to, format=given, pretty=pretty, profile=profile, lossless=lossless, verify=verify)
    show_findings(result.report)
    if verify:
        say(_VERIFIED if result.verified else _NOT_VERIFIED)
    data = result.data + b"\n" if pretty else result.data  # lines end; the wire form stays as it is
    if output is None or str(output) == "-":
        write_bytes(data)
        return
    from convtool.sinks import atomic_writer  # not every conversion writes a file

    with atomic_writer(output) as file:
        file.write(data)
