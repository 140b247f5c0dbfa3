"""docs/diagnostics.md is what docs/generate.py makes of the table of codes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from convtool.codes import CODES

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parent.parent


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_up_to_date() -> None:
    module = generator()
    assert module.PATH.read_text(encoding="utf-8") == module.text(), "run: python docs/generate.py"


def test_every_code_has_a_row() -> None:
    rows = [line for line in generator().text().splitlines() if line.startswith("| `")]
    assert sorted(row.split("`")[1] for row in rows) == sorted(CODES)


def test_every_group_has_a_heading_of_its_own() -> None:
    module = generator()
    assert {name.partition(".")[0] for name in CODES} <= set(module.GROUPS)


def test_cells_are_cells() -> None:
    for line in generator().text().splitlines():
        if line.startswith("| `"):
            assert line.replace("\\|", "").count("|") == 6
