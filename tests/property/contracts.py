"""The contracts that properties are held against, and how many examples each gets.

The bundled ones; those of ``tests/data/contracts``, whose JSON halves are derived here from XSDs and declarations; and
our own, which have what these leave out (``tests/test_other_contracts.py`` says what).
CONVTOOL_EXAMPLES multiplies the number of examples, and makes them new ones at each run. Without it the same examples
are tried each time, so that a build that turns red has a cause in the change.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import settings

from convtool.authoring.derive import derive
from convtool.catalog import Catalog
from tests.support import ROOT, SCHEMAS

if TYPE_CHECKING:
    from convtool.convert import Codec

__all__ = ["BUNDLED", "CONTRACTS", "LISTS", "TOLD", "UNTOLD", "codec", "examples", "schema_folder"]

_MORE = ROOT / "tests" / "data" / "contracts"
_SUFFIX = ".schema.json"
BUNDLED = sorted(path.name.removesuffix(_SUFFIX) for path in SCHEMAS.glob(f"*{_SUFFIX}"))
_OWN = {"Inventaire": "inventaire", "Reseau": "inventaire", "Parc": "parc"}  # what the recorded contracts leave out
CONTRACTS = [*BUNDLED, *sorted(path.parent.name for path in _MORE.glob("*/wire.jsonl")), *_OWN]
UNTOLD = ["Parc"]  # has a derived type and no $type: JSON does not tell all of its values
TOLD = [name for name in CONTRACTS if name not in UNTOLD]
LISTS = [name for name in CONTRACTS if name.startswith("ArrayOf")]
_TIMES = os.environ.get("CONVTOOL_EXAMPLES", "")
_SUITE = 0.7  # of the examples, always the same: all tests take five minutes. The long form is CONVTOOL_EXAMPLES=6


def examples(number: int) -> settings:
    """Give the settings for a test of so many examples."""
    return settings(max_examples=max(1, int(number * float(_TIMES or _SUITE))), derandomize=not _TIMES)


@cache
def _derived() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="convtool-contracts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path in (_MORE / "xsd").glob("*.xsd"):
        shutil.copy(path, folder)
    for one in derive([folder], order_from=[_MORE / "contracts.cs"]):
        (folder / one.file).write_text(one.text(), encoding="utf-8")
    return folder


def schema_folder(name: str) -> Path:
    """Give the folder of a contract's schema files."""
    if name in _OWN:
        return ROOT / "tests" / "data" / _OWN[name]
    return SCHEMAS if name in BUNDLED else _derived()


@cache
def codec(name: str) -> Codec:
    """Give the codec of a contract."""
    return Catalog(schema_folder(name)).contract(name)
