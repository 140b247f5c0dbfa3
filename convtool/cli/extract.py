"""``convtool extract``: captures in, their bodies out, as files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from convtool.cli.failures import INVALID
from convtool.cli.grammar import Command
from convtool.cli.options import FORMATS, SOURCE, open_catalog, options
from convtool.cli.output import complain, note, show, show_findings, write_bytes
from convtool.cli.sources import open_payload
from convtool.errors import UsageError
from convtool.shown import counted, line

if TYPE_CHECKING:
    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.convert import Format

__all__ = ["command"]


@click.command(
    "extract",
    cls=Command,
    short_help="Write the bodies of captures into a folder.",
    examples="""
  convtool extract session.har -o bodies
  convtool extract cassette.yaml -o bodies --to json
  convtool extract captures/ more.zip -o bodies
""",
    epilog="""
The folder's index.json says what each file is. Many captures have a folder each, with an index; that of the whole says
which folder is whose. Operations, and the contracts of their bodies, come from operations.toml in the schema folder;
exchanges of no operation are left out.
""",
)
@click.argument("sources", nargs=-1, metavar="[CAPTURE]...", type=SOURCE)
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
    sources: tuple[str, ...],
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
    """Write the bodies of captures into a folder, converted or as they were, and an index of them.

    CAPTURE is a HAR file, a vcrpy cassette, a mitmproxy flow file, a WARC file, HTTP messages such as `curl -i` prints,
    or a folder or an archive of any of these; "-", or nothing at the end of a pipe, is standard input. The names of the
    files are printed.
    """
    from convtool.batch.choose import is_one
    from convtool.batch.plan import expanded
    from convtool.captures.extracting import INDEX
    from convtool.guard import check_extracted
    from convtool.places import check

    names = [check(source) for source in sources]
    many, names = not is_one(names), list(expanded(names))
    check_extracted(str(output), names, overwrite=overwrite)
    wanted: dict[str, Any] = {"to": to, "pretty": pretty, "profile": profile, "contract": contract, "depth": depth}
    listed = output_format == "text"
    run = _extract_many if many else _extract_one
    code = run(names, output, open_catalog(schemas), wanted, listed=listed)
    if not listed:
        write_bytes((output / INDEX).read_bytes())
    ctx.exit(code)


def _extract_one(names: list[str], output: Path, catalog: Catalog, wanted: dict[str, Any], *, listed: bool) -> int:
    from convtool.captures import count, extract, summary  # the library is loaded when it is needed
    from convtool.captures.kinds import kind_of

    counts: Counter[str] = Counter()
    broken = False
    payload = open_payload(names[0] if names else None)
    if kind_of(payload.head(), payload.name) is None:
        raise UsageError(f"{line(payload.name)}: is no capture", hint="`convtool convert` takes payloads")
    capture = cast("BinaryIO", payload)
    for judgement, written in extract(capture, output, catalog, **wanted):
        count(judgement, counts)
        if judgement.exchange is None:
            broken = True
            show_findings(judgement.reports[0])
        for one in written:
            show_findings(one.losses)
            if listed:
                show(line(str(output / one.file)))
    note(summary(counts))
    return INVALID if broken else 0


def _extract_many(names: list[str], output: Path, catalog: Catalog, wanted: dict[str, Any], *, listed: bool) -> int:
    from convtool.batch.bodies import extract_all
    from convtool.captures import Tally
    from convtool.job import Job

    tally, captures, others, bad = Tally(), set(), 0, False
    for took in extract_all(names, str(output), catalog, Job(verb="validate"), **wanted):
        bad = bad or took.bad
        if took.judgement is not None:
            captures.add(took.name)
            tally.add(took.judgement)
            if took.judgement.exchange is None:
                show_findings(took.judgement.reports[0])
        elif took.bad:
            complain(f"{line(took.name)}: {line(took.reason)}")
        elif took.reason:
            others += 1
        else:
            captures.add(took.name)
        for report in took.losses:
            show_findings(report)
        for file in took.files if listed else ():
            show(line(str(output / file)))
    other = f"; {counted(others, 'file')} {'is' if others == 1 else 'are'} none" if others else ""
    note("\n".join([f"{counted(len(captures), 'capture')}{other}", *map(line, tally.text().splitlines())]))
    return INVALID if bad or not captures else 0
