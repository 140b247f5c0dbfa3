"""``convtool contracts check``: a folder of schema files, checked as a whole."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from convtool.cli.failures import INVALID
from convtool.cli.grammar import Command
from convtool.cli.options import options
from convtool.cli.output import show
from convtool.errors import UsageError
from convtool.shown import counted, json_text, line

if TYPE_CHECKING:
    from convtool.authoring.check import Finding

__all__ = ["command"]


@click.command(
    "check",
    cls=Command,
    short_help="Check a folder of schema files and its samples.",
    examples="""
  convtool contracts check my-schemas/
""",
    epilog="""\b
Exit codes:
  0  the folder is sound, or there are warnings only
  1  there are errors
  2  the folder cannot be read
""",
)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@options("schemas", "output", "overwrite", "output-format", schemas={"help": "The folder, as DIR says it"})
@click.pass_context
def command(ctx: click.Context, folder: Path | None, *, schemas: Path | None, output_format: str) -> None:
    """Check a folder of schema files: the two halves of each contract agree, names are unique, samples are valid.

    Samples are files NAME*.json and NAME*.xml of the folder that are no schemas.
    """
    from convtool.authoring.check import check_folder
    from convtool.codes import Severity

    told = os.environ.get("CONVTOOL_SCHEMAS")
    folder = folder or schemas or ctx.obj or (Path(told) if told else None)
    if folder is None:
        raise UsageError("there is no folder to check", hint="name it as DIR")
    findings = check_folder(folder)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if output_format == "json":
        import json  # the text form does without

        document = {"folder": str(folder), "sound": not errors, "findings": [asdict(one) for one in findings]}
        show(json_text(json.dumps(document, ensure_ascii=False, indent=2)))
    else:
        _show(folder, findings, errors)
    if errors:
        ctx.exit(INVALID)


def _show(folder: Path, findings: list[Finding], errors: int) -> None:
    for finding in findings:
        show(finding.text())
    kinds = [(errors, "error"), (len(findings) - errors, "warning")]
    verdict = ", ".join(counted(count, word) for count, word in kinds if count)
    show(f"{line(str(folder))}: {verdict or 'sound'}")
