"""What the settings of a project mean for a command line: defaults of options, and rules for payloads by their names.

What the command line says goes before what a file says; CONVTOOL_SCHEMAS goes before a file's ``schemas``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from convtool.job import Rule
    from convtool.settings import Settings

__all__ = ["default_map", "rules", "settings"]

_KEY = "convtool.settings"
_OPTIONS = {"min-severity": "min_severity", "all": "unfolded"}  # where an option's name is another


def settings(context: click.Context) -> Settings:
    """Give the settings that are in force, which are read once for a command line."""
    if _KEY not in context.meta:
        from convtool.settings import load

        context.meta[_KEY] = load()
    found: Settings = context.meta[_KEY]
    return found


def default_map(context: click.Context) -> dict[str, Any]:
    """Give the defaults that settings give to a command's options."""
    values = dict(settings(context).values)
    if os.environ.get("CONVTOOL_SCHEMAS"):
        values.pop("schemas", None)
    return {_OPTIONS.get(name, name): value for name, value in values.items()}


def rules() -> tuple[Rule, ...]:
    """Give the rules for payloads by their names, without what the command line has said for all of them."""
    import msgspec

    context = click.get_current_context()
    said = [
        name
        for name in ("schemas", "profile", "contract")
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    found = [msgspec.structs.replace(rule, **dict.fromkeys(said, "")) for rule in settings(context).rules]
    return tuple(rule for rule in found if rule.told())
