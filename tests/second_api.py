"""A second API in a user's own folder: the further contracts' XSDs, their other half derived, and operations."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from convtool.authoring.derive import derive, write
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CONTRACTS = ROOT / "tests" / "data" / "contracts"
OPERATIONS = """
["GET v1/factures/{numero}"]
description = "Donne une facture & ses lignes."
response = "Facture"

["PUT v1/factures/{numero}"]
request = "Facture"

["POST v1/mesures?site={site}"]
request = "ArrayOfMesure"
response = "ArrayOfMesure"

["POST v1/arbres"]
request = "Arbre"
response = "Arbre"
"""


def make_folder(folder: Path) -> None:
    """Make the folder of the second API's schema files."""
    for path in (CONTRACTS / "xsd").iterdir():
        shutil.copy(path, folder)
    found = derive([folder], roots=["Facture", "ArrayOfMesure", "Arbre"], order_from=[CONTRACTS / "contracts.cs"])
    write(found, folder)
    (folder / "operations.toml").write_text(OPERATIONS, encoding="utf-8")
