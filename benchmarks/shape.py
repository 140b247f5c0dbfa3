"""The contract that the benchmarks' documents follow, as the generator and the peers need to know it."""

from __future__ import annotations

from pathlib import Path

__all__ = ["CONTRACT", "NAMESPACE", "RECORD", "SCHEMAS", "SHAPE", "XSI", "xml_order"]

NAMESPACE = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
CONTRACT = "ArrayOfReponseV2Model"
RECORD = "ReponseV2Model"
SCHEMAS = Path(__file__).parent.parent / "schemas"

#: Record → its members in declaration order, each ``"int"``, ``"text"``, or the record that it is a list of.
SHAPE: dict[str, dict[str, str]] = {
    "ReponseV2Model": {
        "ProduitId": "int",
        "NomProduit": "text",
        "Identifiant": "text",
        "ConsommationsSomme": "CompteurModel",
        "ConsommationsDetails": "ConsoV2Model",
    },
    "ConsoV2Model": {
        "Dossier": "text",
        "DateDossier": "text",
        "Identifiant": "text",
        "Compteur": "CompteurModel",
    },
    "CompteurModel": {"Sequence": "int", "Libelle": "text", "Quantite": "int"},
}


def xml_order(record: str) -> list[str]:
    """Give the record's members in the order XML has them: by the bytes of their names."""
    return sorted(SHAPE[record], key=str.encode)
