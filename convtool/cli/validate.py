"""``convtool validate``: payloads in, reports out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from convtool.captures.kinds import is_capture
from convtool.cli.batch import is_many, is_packed, make_job, refuse, run_batch, show_annotations
from convtool.cli.batch_options import batch_options
from convtool.cli.captures import are_captures, validate_capture, write_reports
from convtool.cli.error_responses import error_response
from convtool.cli.failures import FAILED, INVALID
from convtool.cli.inputs import codec_for, has_lines, open_source, rewind
from convtool.cli.options import ALL_FORMATS, contract_option, depth_option, open_catalog, schemas_option
from convtool.cli.output import say, show, show_report, write_bytes
from convtool.cli.verdicts import table
from convtool.codes import PROFILES
from convtool.diagnostics import REPORT_VERSION, Findings
from convtool.errors import PayloadError, SourceError
from convtool.limits import LIMITS
from convtool.places import check
from convtool.shown import block, json_text

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.catalog import Catalog
    from convtool.cli.inputs import Source
    from convtool.codes import Profile
    from convtool.convert import Format
    from convtool.diagnostics import Report
    from convtool.http_error import HttpError

__all__ = ["command"]

BOTH = "both"


@click.command(
    "validate",
    short_help="Check payloads and report all that is wrong.",
    epilog="""\b
Examples:
  convtool validate request.xml response.json
  convtool validate --profile dotnet --contract Order order.json
  convtool validate --profile both request.xml
  convtool validate --output-format json *.xml > report.json
  convtool validate archive/ more.tar.gz --report bad.html --report bad.sarif
  convtool validate session.har
  curl -si https://api.example/orders | convtool validate

`convtool explain CODE` says more about a code in brackets.
""",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path(allow_dash=True))
@click.option(
    "--output-format",
    "output",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Form of the report",
)
@click.option("--from", "given", type=ALL_FORMATS, help="Format to read  [default: seen from the first character]")
@contract_option
@click.option(
    "--profile",
    type=click.Choice([*PROFILES, BOTH]),
    default="strict",
    show_default=True,
    help="strict: what the schemas say; dotnet: what .NET's readers make of it; both: side by side",
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
    output: str,
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
    sources = tuple(map(check, sources))
    captures = are_captures(sources, many)
    if not captures and (is_many(sources, None, many) or any(map(is_packed, sources))):
        if profile not in PROFILES:
            raise click.UsageError("--profile both is for single payloads.")
        refuse(depth=depth != LIMITS.depth)
        job = make_job("validate", many, schemas, contract=contract, profile=profile)
        ctx.exit(run_batch(sources, "", job, many, form=output))
    if sources.count("-") > 1:
        raise click.UsageError("Standard input can be read once: give - once.")
    catalog = open_catalog(schemas)
    profiles = [one for one in PROFILES if profile in (one, BOTH)]
    reports: list[dict[Profile, Report]] = []
    unreadable = 0
    for source in sources or (None,):
        try:
            payload = open_source(source)
            if is_capture(payload):
                text = output == "text"
                reports += validate_capture(
                    payload, catalog, contract, profiles, depth=depth, text=text, quiet=many["quiet"]
                )
                continue
            found = _reports(payload, catalog, contract, profiles, given, depth)
        except SourceError as error:
            say(f"convtool: error: {block(str(error))}")
            unreadable += 1
            continue
        reports.append(found)
        if output == "text" and profile == BOTH:
            show(table(found))
        elif output == "text":
            show_report(*found.values())
    if captures and many["reports"]:
        write_reports(many["reports"], [report for found in reports for report in found.values()])
    if output == "github":
        show_annotations(report for found in reports for report in found.values())
    if output == "json":
        write_bytes(_document([report for found in reports for report in found.values()]))
    verdicts = [all(found.values()) for found in reports]
    if len(sources) > 1 and not captures:  # which have summaries of their own
        say(_summary(verdicts, unreadable))
    ctx.exit(FAILED if unreadable else 0 if all(verdicts) else INVALID)


def _reports(
    payload: Source,
    catalog: Catalog,
    contract: str | None,
    profiles: list[Profile],
    given: Format | None,
    depth: int,
) -> dict[Profile, Report]:
    try:
        codec = codec_for(payload, catalog, contract, given, depth)
    except PayloadError as error:  # of no contract, or of several: that too is a finding about the payload
        found = error_response(payload, contract, given)
        report = error.report if found is None else _said(found[0], error.report.source)
        return {profile: report.under(profile) for profile in profiles}
    form: Any = "ndjson" if given is None and has_lines(payload) else given
    reports = {}
    for profile in profiles:
        rewind(payload, last=profile == profiles[-1])
        reports[profile] = codec.validate(payload, format=form, profile=profile, depth=depth)
    return reports


def _said(error: HttpError, source: str) -> Report:
    """Give the report of an error response: what the server said, which is no fault of the payload."""
    from convtool.http_error import report_error  # the library is loaded when it is needed

    findings = Findings()
    report_error(error, findings, 0)
    return findings.report(format=error.format, source=source)


def _document(reports: list[Report]) -> bytes:
    """Give the JSON form, as ``convtool/report.schema.json`` describes it."""
    import json  # help and the text form do without

    document = {"version": REPORT_VERSION, "reports": [report.to_dict() for report in reports]}
    # A file name may hold bytes that are no text; what replaces them is an escape of JSON as well.
    return json_text(json.dumps(document, ensure_ascii=False, indent=2)).encode() + b"\n"


def _summary(verdicts: list[bool], unreadable: int) -> str:
    valid = sum(verdicts)
    invalid = len(verdicts) - valid
    parts = [f"{valid} valid", f"{invalid} invalid", *([f"{unreadable} unreadable"] if unreadable else [])]
    return f"{len(verdicts) + unreadable} sources: {', '.join(parts)}"
