"""Editors are told what the readers of convtool.toml and operations.toml take, and refuse what these refuse."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import editors
import pytest
from jsonschema import Draft7Validator

from convtool import operations
from convtool.choice import selectors
from convtool.errors import ConvtoolError
from convtool.operations import PARTS
from convtool.settings import KEYS, OF_PATHS, PATHS, PATTERN, _read
from tests.support import ROOT

DOCUMENTS = {path.name: json.loads(path.read_text("utf-8")) for path in editors.documents()}
SETTINGS, OPERATIONS = (Draft7Validator(DOCUMENTS[f"{name}.schema.json"]) for name in ("convtool", "operations"))
TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)

TEXTS = ["", "x", "strict", "dotnet", "both", "error", "notice", "date", "date.offset", "date.", "1.1", "1.3", "Order"]
VALUES: list[Any] = [
    *TEXTS, True, False, -1, 0, 1, 2, 150, 151, 65_535, 65_536, 1.5, {}, {"x": "x"}, [], [1], ["date", "value"],
    ["date", "dat"], ["date,value"], [" date"], [{}], [{"pattern": "x"}, 1], [{"pattern": "x"}], [{"contract": "x"}],
    *([one] for one in selectors()),
]  # fmt: skip
CONTRACTS = {text for text in TEXTS if text}
NAMES = [
    "POST api/Orders/{id}?detail={detail}", "GET /a", " GET  a ", "POST a.svc#Find", "get a", "GET", "GET /", "GET ?a",
    "GET //#a", "GET a b", "GET a\n", "POST /?x=1#y", "",
]  # fmt: skip


def is_read(table: dict[str, Any]) -> bool:
    try:
        _read(Path("convtool.toml"), table)
    except ConvtoolError:
        return False
    return True


def is_operation(name: str, table: Any) -> bool:
    try:
        operations._operation(Path("operations.toml"), name, table, CONTRACTS)
    except ConvtoolError:
        return False
    return True


@pytest.mark.parametrize("path", editors.documents(), ids=lambda path: path.name)
def test_it_is_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == editors.documents()[path], "run: python docs/generate.py"


def test_they_are_schemas_and_the_catalog_names_them() -> None:
    for validator in (SETTINGS, OPERATIONS):
        Draft7Validator.check_schema(validator.schema)
    for entry in [*DOCUMENTS["catalog.json"], *DOCUMENTS["pyproject.json"].values()]:
        address = entry.get("url") or entry["$ref"]
        assert address in {one["$id"] for one in DOCUMENTS.values() if isinstance(one, dict) and "$id" in one}
        assert (ROOT / address.partition("/main/")[2]).is_file()


def test_settings_are_valid_where_they_are_read() -> None:
    for name, value in product([*KEYS, PATHS, "other"], VALUES):
        assert SETTINGS.is_valid({name: value}) == is_read({name: value}), (name, value)
    for name, value in product([*OF_PATHS, "all", "other"], VALUES):
        document = {PATHS: [{PATTERN: "x", name: value}]}
        assert SETTINGS.is_valid(document) == is_read(document), (name, value)
    assert SETTINGS.is_valid({}) == is_read({}) is True


def test_operations_are_valid_where_they_are_read() -> None:
    """But for what only the folder tells: which contracts there are."""
    for name, table in product(NAMES, [{}, {"request": "Order"}, "x", 1, []]):
        assert OPERATIONS.is_valid({name: table}) == is_operation(name, table), (name, table)
    for part, value in product([*PARTS, "other"], VALUES):
        table = {part: value}
        assert OPERATIONS.is_valid({"GET a": table}) == is_operation("GET a", table), table


def test_a_wrong_key_is_neither_read_nor_valid() -> None:
    assert not SETTINGS.is_valid({"profil": "strict"})
    assert not is_read({"profil": "strict"})
    assert SETTINGS.is_valid({"profile": "strict"})
    assert not OPERATIONS.is_valid({"GET a": {"respons": "Order"}})
    assert not is_operation("GET a", {"respons": "Order"})
    assert OPERATIONS.is_valid({"GET a": {"response": "Order"}})


def test_what_the_documents_and_the_samples_show_is_valid() -> None:
    shown = {path.name: TOML.findall(path.read_text("utf-8")) for path in (ROOT / "docs").glob("*.md")}
    of_settings = [tomllib.loads(text) for text in shown.pop("configuration.md")]
    of_operations = [tomllib.loads(text) for found in shown.values() for text in found]
    of_operations += [tomllib.loads(path.read_text("utf-8")) for path in ROOT.glob("s*/**/operations.toml")]
    assert len(of_settings) >= 1
    assert len(of_operations) >= 3
    for document in of_settings:
        SETTINGS.validate(document)
    for document in of_operations:
        OPERATIONS.validate(document)
