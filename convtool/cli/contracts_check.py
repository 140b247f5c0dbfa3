"""``convtool contracts check``: a folder of schema files, checked as a whole."""

from __future__ import annotations

from pathlib import Path

import click

from convtool.cli.failures import INVALID
from convtool.cli.output import show
from convtool.shown import line

__all__ = ["command"]


@click.command(
    "check",
    short_help="Check a folder of schema files and its samples.",
    epilog="""\b
Examples:
  convtool contracts check my-schemas/

\b
Exit codes:
  0  the folder is sound, or there are warnings only
  1  there are errors
  2  the folder cannot be read
""",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Check a folder of schema files: the two halves of each contract agree, names are unique, samples are valid.

    Samples are files NAME*.json and NAME*.xml of the folder that are no schemas.
    """
    from convtool.authoring.check import check_folder
    from convtool.codes import Severity

    findings = check_folder(folder)
    for finding in findings:
        show(finding.text())
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    counted = [(errors, "error"), (len(findings) - errors, "warning")]
    verdict = ", ".join(f"{count} {word}{'s' * (count != 1)}" for count, word in counted if count)
    show(f"{line(str(folder))}: {verdict or 'sound'}")
    if errors:
        ctx.exit(INVALID)
