"""``convtool validate``: payloads in, reports out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from convtool.cli.failures import FAILED, INVALID
from convtool.cli.inputs import codec_for, open_source
from convtool.cli.options import contract_option, open_catalog, profile_option, schemas_option
from convtool.cli.output import say, show_report, write_bytes
from convtool.diagnostics import REPORT_VERSION
from convtool.errors import PayloadError, SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.diagnostics import Report

__all__ = ["command"]


@click.command(
    "validate",
    short_help="Check payloads and report all that is wrong.",
    epilog="""\b
Examples:
  convtool validate request.xml response.json
  convtool validate --profile dotnet --contract Order order.json
  convtool validate --output-format json *.xml > report.json
  curl -s https://api.example/orders | convtool validate

`convtool explain CODE` says more about a code in brackets.
""",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path(allow_dash=True))
@click.option(
    "--output-format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the report",
)
@contract_option
@profile_option
@schemas_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    sources: tuple[str, ...],
    output: str,
    contract: str | None,
    profile: Profile,
    schemas: Path | None,
) -> None:
    """Check payloads and report all that is wrong with each, not only the first thing.

    SOURCE is a file; "-", or nothing at the end of a pipe, is standard input.
    """
    if sources.count("-") > 1:
        raise click.UsageError("Standard input can be read once: give - once.")
    catalog = open_catalog(schemas)
    reports: list[Report] = []
    unreadable = 0
    for source in sources or (None,):
        try:
            report = _report(source, catalog, contract, profile)
        except SourceError as error:
            say(f"convtool: error: {error}")
            unreadable += 1
            continue
        reports.append(report)
        if output == "text":
            show_report(report)
    if output == "json":
        write_bytes(_document(reports))
    if len(sources) > 1:
        say(_summary(reports, unreadable))
    ctx.exit(FAILED if unreadable else 0 if all(reports) else INVALID)


def _report(source: str | None, catalog: Catalog, contract: str | None, profile: Profile) -> Report:
    payload = open_source(source)
    try:
        return codec_for(payload, catalog, contract).validate(payload, profile=profile)
    except PayloadError as error:  # of no contract, or of several: that too is a finding about the payload
        error.report.profile = profile
        return error.report


def _document(reports: list[Report]) -> bytes:
    """Give the JSON form, as ``convtool/report.schema.json`` describes it."""
    import json  # help and the text form do without

    document = {"version": REPORT_VERSION, "reports": [report.to_dict() for report in reports]}
    # A file name may hold bytes that are no text; what replaces them is an escape of JSON as well.
    return json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n"


def _summary(reports: list[Report], unreadable: int) -> str:
    valid = sum(map(bool, reports))
    parts = [f"{valid} valid", f"{len(reports) - valid} invalid", *([f"{unreadable} unreadable"] if unreadable else [])]
    return f"{len(reports) + unreadable} sources: {', '.join(parts)}"
