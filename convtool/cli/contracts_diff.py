"""``convtool contracts diff``: what changed between two versions of contracts, and whom it breaks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from convtool.cli.grammar import RESULT, Command
from convtool.cli.options import option, options
from convtool.cli.output import note, result_stream, show, show_text, write_all
from convtool.reports import REPORTERS, reporter_of, write_report
from convtool.shown import line

if TYPE_CHECKING:
    from convtool.authoring.versions import Compared

__all__ = ["command"]

DIFFERENT = 1


@click.command(
    "diff",
    cls=Command,
    short_help="Say what changed between two versions of contracts.",
    examples="""
  convtool contracts diff schemas-v1/ schemas-v2/
  convtool contracts diff v1/Order.schema.json v2/Order.schema.json --breaking
  convtool contracts diff main/schemas/ schemas/ --output-format github --report diff.html
""",
    epilog="""\b
Exit codes:
  0  no changes; with --breaking, none that breaks somebody
  1  changes
  2  a wrong call, or a schema that cannot be read
""",
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@option(RESULT, "--breaking", is_flag=True, help="Only what breaks readers or writers")
@options(
    "output", "overwrite", "output-format", "report",
    output_format={"type": click.Choice(list(REPORTERS)), "help": "Form of the result"},
)  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context, *, old: Path, new: Path, breaking: bool, output_format: str, reports: tuple[str, ...]
) -> None:
    """Say what changed between OLD and NEW, folders of schema files or single contracts, and whom each change breaks.

    A reader has the old contract and is given what is written by the new one; a writer has the old one and sends what
    the new one reads. What breaks them is what .NET's serializers refuse, or skip in silence: an order of members that
    is another in XML, a member that is required, a type, null, a value of an enumeration, a name.
    """
    from convtool.authoring.versions import compare_versions, report_on
    from convtool.guard import check_outputs

    for path in reports:
        reporter_of(path)
    outputs = [("a report", path) for path in reports]
    check_outputs(outputs, [str(old), str(new)], overwrite=bool(ctx.meta.get("convtool.overwrite")))
    compared = compare_versions(old, new, breaking=breaking)
    about, outcomes = report_on(compared)
    if output_format == "text":
        _show(old, new, compared)
    else:
        with result_stream() as stream:
            for piece in REPORTERS[output_format].pieces(about, outcomes):
                write_all(stream, piece)
    for path in reports:
        write_report(path, about, outcomes)
    if any(one.changes for one in compared):
        ctx.exit(DIFFERENT)


def _show(old: Path, new: Path, compared: list[Compared]) -> None:
    both = f"{line(str(old))}, {line(str(new))}"
    for one in compared:
        show_text("\n".join(found.text(one.name) for found in one.diagnostics()))
    total = sum(len(one.changes) for one in compared)
    if not total:
        show(f"{both}: no changes")
        return
    breaking = sum(one.breaks for one in compared)
    told = f"{breaking} of them break{'s' * (breaking == 1)} readers or writers" if breaking else "none breaks anybody"
    note(f"{both}: {total} change{'s' * (total != 1)}, {told}")
