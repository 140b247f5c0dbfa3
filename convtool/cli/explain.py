"""``convtool explain``: what a diagnostic code means, and what to do."""

from __future__ import annotations

from textwrap import fill

import click

from convtool.cli.options import complete_codes
from convtool.cli.output import show
from convtool.codes import CODES, PROFILES, Code, severity

__all__ = ["command"]

_WIDTH = 88  # characters of a line of prose: reads well, and fits beside a payload
_UNREPORTED = "not reported"


@click.command(
    "explain",
    short_help="Say what a diagnostic code means.",
    epilog="""\b
Examples:
  convtool explain member.order
  convtool explain
""",
)
@click.argument("code", required=False, shell_complete=complete_codes)
def command(code: str | None) -> None:
    """Say what a diagnostic CODE means in each profile, and what to do; without a CODE, list them all."""
    if code is None:
        show("\n".join(_listing()))
    elif code in CODES:
        show(_explanation(CODES[code]))
    else:
        near = _near(code)
        hint = f"Did you mean {' or '.join(near)}?" if near else "`convtool explain` lists them all."
        raise click.UsageError(f"There is no code {code!r}. {hint}")


def _listing() -> list[str]:
    rows = [
        (row.name, *(severity(row.name, profile) or "-" for profile in PROFILES), row.title) for row in CODES.values()
    ]
    rows.insert(0, ("CODE", *(profile.upper() for profile in PROFILES), "MEANING"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _explanation(row: Code) -> str:
    means = [f"  {profile:8}{severity(row.name, profile) or _UNREPORTED}" for profile in PROFILES]
    notes = []
    if row.loss:
        notes.append("A loss: converting back does not give the same document. With --lossless it is an error.")
    if row.per_member:
        notes.append("Reported once for each member, with a count.")
    prose = [fill(text, _WIDTH, break_on_hyphens=False) for text in (row.meaning, *notes, row.remedy)]
    example = "Example:\n  " + row.example.replace("\n", "\n  ")
    return "\n\n".join([f"{row.name}: {row.title}", "\n".join(means), *prose, example])


def _near(code: str) -> list[str]:
    """Give the codes that were probably meant: by their last part, or by their spelling."""
    from difflib import get_close_matches  # only a wrong code needs it

    wanted = code.lower()
    parts = [name for name in CODES if wanted and wanted in name]
    return (parts or get_close_matches(wanted, CODES, n=3, cutoff=0.5))[:3]
