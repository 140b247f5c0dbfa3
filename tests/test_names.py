"""No contract, member or namespace of any API is named in the code: adding an API is adding schema files."""

from __future__ import annotations

import re
from pathlib import Path

import convtool
from convtool.model.contract import Record

ROOT = Path(__file__).parent.parent
# Names that are words of the field as well, or of another language's code.
COMMON = {"Fin", "Sequence"}


def api_names() -> set[str]:
    names: set[str] = set()
    catalog = convtool.Catalog(ROOT / "schemas")
    for name in catalog.contracts():
        contract = catalog.contract(name).model
        names |= {contract.name, *contract.namespace.rpartition("/")[2].split(".")} - {"Api", "Models"}
        for key, kind in contract.types.items():
            if isinstance(kind, Record):
                names |= {key.rpartition("}")[2], *(member.name for member in kind.members)}
    return names - COMMON


def test_no_name_of_the_api_occurs_in_the_code() -> None:
    names = api_names()
    assert {"ParamModel", "Facturation", "Quantite"} <= names  # the test can fail
    pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(names)), re.IGNORECASE)
    files = [path for path in (ROOT / "convtool").rglob("*") if path.suffix in (".py", ".json", ".html", ".css")]
    found = [
        (path.relative_to(ROOT).as_posix(), match[0])
        for path in files
        if "schemas" not in path.parts
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
