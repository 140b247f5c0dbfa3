"""What a project has settled once: ``[tool.convtool]`` of a pyproject.toml, or a convtool.toml.

The nearest file counts, from the working folder upwards; in one folder convtool.toml goes before pyproject.toml, which
is passed over where it has no such table. CONVTOOL_CONFIG names another file, or none where it is empty. Paths in it
are from its own folder. A table of ``[[paths]]`` settles schemas, profile and contract for the payloads whose names fit
its pattern: ``*`` is any part of a name, ``**`` any folders; a pattern without a slash fits in every folder. Of several
that fit, later ones count.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from convtool.codes import PROFILES, Severity
from convtool.errors import UsageError
from convtool.limits import DEEPEST
from convtool.near import did_you_mean

if TYPE_CHECKING:
    from convtool.job import Rule

__all__ = ["KEYS", "OF_PATHS", "PATHS", "PATTERN", "VARIABLE", "Key", "Settings", "load"]

VARIABLE = "CONVTOOL_CONFIG"
_NAMES = ("convtool.toml", "pyproject.toml")
_LEVELS = tuple(map(str, Severity))


class Key(NamedTuple):
    """A setting: what its value is in words, the values that it may have, what it is for."""

    words: str
    wanted: Any  # str, bool, list (of selectors), a range of numbers, or the texts that there are
    purpose: str


_SELECTORS = "a list of codes, or of their first parts"
KEYS = {
    "schemas": Key("a folder", str, "The folder of schema files."),
    "profile": Key("strict or dotnet", PROFILES, "What payloads are judged by: the schemas, or what .NET reads."),
    "contract": Key("a contract's name", str, "The contract of all payloads, as --contract names it."),
    "select": Key(_SELECTORS, list, "Show these findings only."),
    "ignore": Key(_SELECTORS, list, "Do not show these findings; they are counted all the same."),
    "min-severity": Key("error, warning or notice", _LEVELS, "Show findings from this severity on."),
    "all": Key("true or false", bool, "Show each finding, instead of one of a kind with a count."),
    "depth": Key(f"a number from 1 to {DEEPEST}", range(1, DEEPEST + 1), "Levels that a payload may have."),
    "jobs": Key("a number from 1", range(1, 1 << 16), "Processes of a run over many files."),
}
PATHS, PATTERN = "paths", "pattern"
OF_PATHS = {
    PATTERN: Key("a pattern", str, "Names of payloads: * is any part of a name, ** any folders."),
    **{name: KEYS[name] for name in ("schemas", "profile", "contract")},
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What is settled: ``file`` says where (empty: nowhere), ``values`` by the names of KEYS, ``rules`` by path."""

    file: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


def load(start: str = "") -> Settings:
    """Give the settings that are in force in a folder (default: where we are); UsageError where they mean nothing."""
    if VARIABLE in os.environ:
        named = os.environ[VARIABLE]
        path = Path(named).absolute()
        return _read(path, _table(path) or {}) if named else Settings()
    here = Path(start or os.curdir).absolute()
    for folder in (here, *here.parents):
        for name in _NAMES:
            path = folder / name
            if path.is_file() and (table := _table(path)) is not None:
                return _read(path, table)
    return Settings()


def _table(path: Path) -> dict[str, Any] | None:
    """Give a file's table of settings; None where a pyproject.toml has none."""
    import tomllib  # most folders have no such file

    try:
        text = path.read_text("utf-8")
        if path.name == "pyproject.toml" and "convtool" not in text:
            return None
        document = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if path.name != "pyproject.toml":
        return document
    tools = document.get("tool")
    found = tools.get("convtool") if isinstance(tools, dict) else None
    return found if isinstance(found, dict) else None


def _read(path: Path, table: dict[str, Any]) -> Settings:
    values = {}
    for name, value in table.items():
        if name != PATHS:
            values[name] = _value(path, name, value, KEYS)
    if "schemas" in values:
        values["schemas"] = str(path.parent / values["schemas"])
    rules = table.get(PATHS, [])
    if not isinstance(rules, list) or not all(isinstance(one, dict) for one in rules):
        raise UsageError(f"{path}: `paths` is no list of tables", hint="begin each with [[paths]]")
    return Settings(str(path), values, tuple(_rule(path, one) for one in rules))


def _rule(path: Path, table: dict[str, Any]) -> Rule:
    from convtool.job import Rule  # most projects have none

    told = {name: _value(path, name, value, OF_PATHS) for name, value in table.items()}
    if PATTERN not in told:
        raise UsageError(f"{path}: a table of `paths` has no `{PATTERN}`", hint='such as pattern = "archive/**/*.xml"')
    if "schemas" in told:
        told["schemas"] = str(path.parent / told["schemas"])
    return Rule(root=str(path.parent), **told)


def _value(path: Path, name: str, value: Any, known: dict[str, Key]) -> Any:
    if name not in known:
        hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
        raise UsageError(f"{path}: there is no setting `{name}`", hint=hint)
    words, wanted, _ = known[name]
    if wanted is list:
        fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
    elif isinstance(wanted, type):
        fits = type(value) is wanted and value != ""
    else:
        fits = type(value) is type(wanted[0]) and value in wanted
    if not fits:
        raise UsageError(f"{path}: `{name}` is {value!r}", hint=f"it has to be {words}")
    return _selectors(path, value) if wanted is list else value


def _selectors(path: Path, value: list[str]) -> list[str]:
    from convtool.choice import known  # help does without

    try:
        return [known(one) for one in value]
    except UsageError as error:
        raise UsageError(f"{path}: {error}", hint=error.hint) from None
