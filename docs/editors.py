"""What editors know of convtool's two TOML files: a JSON Schema of each, from the tables that their readers use.

``schemastore/catalog.json`` has the entries for SchemaStore's catalog, where editors look a schema up by a file's name,
and ``schemastore/pyproject.json`` the one for the tools of its ``pyproject.json``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from convtool import operations, settings
from convtool._version import HOME
from convtool.choice import selectors

__all__ = ["documents"]

FOLDER = Path(__file__).with_name("schemastore")
_DRAFT = "http://json-schema.org/draft-07/schema#"  # the one that editors know
_BELOW = f"{HOME.replace('github.com', 'raw.githubusercontent.com')}/main/docs/schemastore"
_SETTINGS, _OPERATIONS = "convtool.schema.json", "operations.schema.json"
_TEXT = {"type": "string", "minLength": 1}
_OF_SETTINGS = "What a project has settled for convtool"


def documents() -> dict[Path, str]:
    """Give the files, by their paths."""
    made: dict[str, Any] = {
        _SETTINGS: _schema(_SETTINGS, _OF_SETTINGS, of_settings()),
        _OPERATIONS: _schema(_OPERATIONS, "The operations of an API, for convtool", of_operations()),
        "catalog.json": [
            {
                "name": "convtool",
                "description": f"{_OF_SETTINGS}, which checks and converts payloads of .NET data contracts",
                "fileMatch": ["convtool.toml"],
                "url": f"{_BELOW}/{_SETTINGS}",
            },
            {  # other tools have files of this name: it is for those who name the schema in the file
                "name": "convtool operations",
                "description": "Which contracts the operations of an API have, for convtool",
                "url": f"{_BELOW}/{_OPERATIONS}",
            },
        ],
        "pyproject.json": {
            "convtool": {"$ref": f"{_BELOW}/{_SETTINGS}", "title": "Data contracts", "description": _OF_SETTINGS}
        },
    }
    return {FOLDER / name: json.dumps(one, indent=2, ensure_ascii=False) + "\n" for name, one in made.items()}


def _schema(name: str, title: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": _DRAFT, "$id": f"{_BELOW}/{name}", "title": title, **content}


def of_settings() -> dict[str, Any]:
    """Give the schema of convtool.toml, and of ``[tool.convtool]``."""
    of_paths = {
        "description": "Settings of payloads by their names; of tables that fit, later ones count.",
        "type": "array",
        "items": {
            "type": "object",
            "required": [settings.PATTERN],
            "properties": {name: _setting(key) for name, key in settings.OF_PATHS.items()},
            "additionalProperties": False,
        },
    }
    return {
        "type": "object",
        "properties": {**{name: _setting(key) for name, key in settings.KEYS.items()}, settings.PATHS: of_paths},
        "additionalProperties": False,
        "definitions": {"selector": {"type": "string", "enum": selectors()}},
    }


def _setting(key: settings.Key) -> dict[str, Any]:
    wanted = key.wanted
    if wanted is list:
        value: dict[str, Any] = {"type": "array", "items": {"$ref": "#/definitions/selector"}}
    elif wanted is bool:
        value = {"type": "boolean"}
    elif wanted is str:
        value = _TEXT
    elif isinstance(wanted, range):
        value = {"type": "integer", "minimum": wanted[0], "maximum": wanted[-1]}
    else:
        value = {"type": "string", "enum": list(wanted)}
    return {"description": key.purpose, **value}


def of_operations() -> dict[str, Any]:
    """Give the schema of operations.toml."""
    parts = {}
    for name, part in operations.PARTS.items():
        value: dict[str, Any] = _TEXT if name in operations.CONTRACTS else {"type": "string"}
        if part.texts is not None:
            value = {"type": "string", "enum": list(part.texts)}
        parts[name] = {"description": part.purpose, **value}
    table = {"type": "object", "properties": parts, "additionalProperties": False}
    return {"type": "object", "patternProperties": {f"^{operations.NAME}$": table}, "additionalProperties": False}
