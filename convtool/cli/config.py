"""``convtool config``: which settings are in force, and whence each comes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from convtool.cli.defaults import settings
from convtool.cli.grammar import Command
from convtool.cli.options import options
from convtool.cli.output import show
from convtool.shown import json_text, line

if TYPE_CHECKING:
    from convtool.settings import Settings

__all__ = ["command"]

_DEFAULT = "default"
_UNSET = "-"


@click.command(
    "config",
    cls=Command,
    short_help="Say which settings are in force, and whence.",
    examples="""
  convtool config
  convtool config archive/2024/order.xml
  convtool config --output-format json
""",
    epilog="""
Settings are in [tool.convtool] of the nearest pyproject.toml, or in a convtool.toml; CONVTOOL_CONFIG names another.
""",
)
@click.argument("source", required=False, metavar="[SOURCE]", type=click.Path())
@options("output", "overwrite", "output-format")
@click.pass_context
def command(ctx: click.Context, *, source: str | None, output_format: str) -> None:
    """Say which settings are in force here, and whence each comes; with SOURCE, which are so for that payload.

    What the command line says goes before all of them.
    """
    found = settings(ctx)
    rows = _rows(found, source)
    if output_format == "json":
        import json  # the text form does without

        document: dict[str, Any] = {
            "file": found.file or None,
            "settings": {name: _entry(*row) for name, row in rows.items()},
        }
        document["paths"] = [{"pattern": rule.pattern, **rule.told()} for rule in found.rules]
        show(json_text(json.dumps(document, ensure_ascii=False, indent=2)))
        return
    show(f"settings: {line(found.file) if found.file else 'no file has any'}")
    width = max(map(len, rows))
    for name, (value, whence) in rows.items():
        shown = _UNSET if value in (None, []) else ", ".join(value) if isinstance(value, list) else str(value)
        show(f"  {name:{width}}  {line(shown)}  ({line(whence)})")
    if source is None:
        for rule in found.rules:
            told = ", ".join(f"{name} {value}" for name, value in rule.told().items())
            show(f"  of {line(rule.pattern)}: {line(told)}")


def _entry(value: Any, whence: str) -> dict[str, Any]:
    return {"value": value, "whence": whence}


def _rows(found: Settings, source: str | None) -> dict[str, tuple[Any, str]]:
    from convtool.job import Job
    from convtool.limits import LIMITS
    from convtool.model.folder import bundled_path
    from convtool.settings import KEYS

    defaults: dict[str, Any] = {
        "schemas": str(bundled_path()), "profile": "strict", "contract": None, "select": [], "ignore": [],
        "min-severity": "notice", "all": False, "depth": LIMITS.depth, "jobs": None,
    }  # fmt: skip
    rows = {name: (defaults[name], _DEFAULT) for name in KEYS}
    rows |= {name: (value, found.file) for name, value in found.values.items()}
    if schemas := os.environ.get("CONVTOOL_SCHEMAS"):
        rows["schemas"] = (schemas, "CONVTOOL_SCHEMAS")
    if source is not None:
        for rule in found.rules:
            if Job(rules=(rule,), here=str(Path.cwd())).of(source).rules == ():  # the rule fits
                rows |= {name: (value, f"{found.file}, {rule.pattern}") for name, value in rule.told().items()}
    return rows
