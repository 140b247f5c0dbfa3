"""``convtool explain``: what a diagnostic code means, and what to do."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import click

from convtool.cli.grammar import Command
from convtool.cli.options import complete_codes, options
from convtool.cli.output import show
from convtool.codes import CODES, PROFILES, Code, severity
from convtool.errors import UsageError
from convtool.near import did_you_mean
from convtool.shown import json_text

__all__ = ["command"]

_WIDTH = 88  # characters of a line of prose: reads well, and fits beside a payload
_UNREPORTED = "not reported"


@click.command(
    "explain",
    cls=Command,
    short_help="Say what a diagnostic code means.",
    examples="""
  convtool explain member.order
  convtool explain
""",
)
@click.argument("code", required=False, shell_complete=complete_codes)
@options("output", "overwrite", "output-format")
def command(code: str | None, *, output_format: str) -> None:
    """Say what a diagnostic CODE means in each profile, and what to do; without a CODE, list them all."""
    if code is not None and code not in CODES:
        raise UsageError(
            f"there is no code {code!r}", hint=did_you_mean(code, CODES) or "`convtool explain` lists them"
        )
    if output_format == "json":
        import json  # the text form does without

        entries = [_entry(CODES[code])] if code else [_entry(row) for row in CODES.values()]
        show(json_text(json.dumps(entries[0] if code else entries, ensure_ascii=False, indent=2)))
    else:
        show("\n".join(_listing()) if code is None else _explanation(CODES[code]))


def _entry(row: Code) -> dict[str, Any]:
    """Give a code as data."""
    levels = {profile: severity(row.name, profile) for profile in PROFILES}
    words = {name: getattr(row, name) for name in ("title", "meaning", "remedy", "example", "loss", "per_member")}
    return {"code": row.name, **{profile: str(level) if level else None for profile, level in levels.items()}, **words}


def _listing() -> list[str]:
    rows = [
        (row.name, *(severity(row.name, profile) or "-" for profile in PROFILES), row.title) for row in CODES.values()
    ]
    rows.insert(0, ("CODE", *(profile.upper() for profile in PROFILES), "MEANING"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _explanation(row: Code) -> str:
    means = [f"  {profile:8}{severity(row.name, profile) or _UNREPORTED}" for profile in PROFILES]
    prose = [fill(text, _WIDTH, break_on_hyphens=False) for text in (row.meaning, *row.notes, row.remedy)]
    example = "Example:\n  " + row.example.replace("\n", "\n  ")
    return "\n\n".join([f"{row.name}: {row.title}", "\n".join(means), *prose, example])
