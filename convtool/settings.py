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
from typing import TYPE_CHECKING, Any

from convtool.codes import PROFILES, Severity
from convtool.errors import UsageError
from convtool.limits import DEEPEST
from convtool.near import did_you_mean

if TYPE_CHECKING:
    from convtool.job import Rule

__all__ = ["KEYS", "VARIABLE", "Settings", "load"]

VARIABLE = "CONVTOOL_CONFIG"
_NAMES = ("convtool.toml", "pyproject.toml")
_LEVELS = tuple(map(str, Severity))

# Each setting: what its value is in words, and the values that it may have.
KEYS: dict[str, tuple[str, Any]] = {
    "schemas": ("a folder", str),
    "profile": ("strict or dotnet", PROFILES),
    "contract": ("a contract's name", str),
    "select": ("a list of codes, or of their first parts", list),
    "ignore": ("a list of codes, or of their first parts", list),
    "min-severity": ("error, warning or notice", _LEVELS),
    "all": ("true or false", bool),
    "depth": (f"a number from 1 to {DEEPEST}", range(1, DEEPEST + 1)),
    "jobs": ("a number from 1", range(1, 1 << 16)),
}
_OF_PATHS = ("pattern", "schemas", "profile", "contract")


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
        return _read(Path(named), _table(Path(named)) or {}) if named else Settings()
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
        if name != "paths":
            values[name] = _value(path, name, value, tuple(KEYS))
    if "schemas" in values:
        values["schemas"] = str(path.parent / values["schemas"])
    rules = table.get("paths", [])
    if not isinstance(rules, list) or not all(isinstance(one, dict) for one in rules):
        raise UsageError(f"{path}: `paths` is no list of tables", hint="begin each with [[paths]]")
    return Settings(str(path), values, tuple(_rule(path, one) for one in rules))


def _rule(path: Path, table: dict[str, Any]) -> Rule:
    from convtool.job import Rule  # most projects have none

    told = {name: _value(path, name, value, _OF_PATHS) for name, value in table.items()}
    if not told.get("pattern"):
        raise UsageError(f"{path}: a table of `paths` has no `pattern`", hint='such as pattern = "archive/**/*.xml"')
    if "schemas" in told:
        told["schemas"] = str(path.parent / told["schemas"])
    return Rule(root=str(path.parent), **told)


def _value(path: Path, name: str, value: Any, known: tuple[str, ...]) -> Any:
    if name not in known:
        hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
        raise UsageError(f"{path}: there is no setting `{name}`", hint=hint)
    words, wanted = KEYS.get(name, ("a pattern", str))
    if wanted is list:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise UsageError(f"{path}: `{name}` is {value!r}", hint=f"it has to be {words}")
        from convtool.choice import checked  # help does without

        return list(checked(value))
    fits = type(value) is wanted if isinstance(wanted, type) else type(value) is type(wanted[0]) and value in wanted
    if not fits or value == "":
        raise UsageError(f"{path}: `{name}` is {value!r}", hint=f"it has to be {words}")
    return value
