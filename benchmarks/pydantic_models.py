"""The contract as models of pydantic-xml. A list inside JSON is the list element's items, nothing more.

Importing this file imports pydantic-xml. The library takes an empty string for nil, which the typical document avoids.
"""

from typing import Any

from pydantic import SerializationInfo, model_serializer, model_validator
from pydantic_xml import BaseXmlModel, element

from benchmarks.shape import NAMESPACE, XSI

__all__ = ["Root"]

_NSMAP = {"": NAMESPACE, "i": XSI}


class Base(BaseXmlModel, nsmap=_NSMAP):
    """What all have: the contract's namespace, without a prefix."""


class Array(Base):
    """A list element: a bare list in JSON."""

    @model_validator(mode="before")
    @classmethod
    def from_list(cls, value: Any) -> Any:
        """Take the bare list."""
        return {"items": value} if isinstance(value, list) else value

    @model_serializer
    def to_list(self, info: SerializationInfo) -> Any:
        """Give the bare list where JSON is written: pydantic-xml itself wants the members by name, without context."""
        return self.items if info.context else {"items": self.items}


class Counter(Base, tag="CompteurModel"):
    """CompteurModel."""

    Libelle: str | None = element(default=None, nillable=True)
    Quantite: int = element()
    Sequence: int = element()


class Counters(Array):
    """ArrayOfCompteurModel."""

    items: list[Counter] = element(tag="CompteurModel", default=[])


class Detail(Base, tag="ConsoV2Model"):
    """ConsoV2Model."""

    Compteur: Counters | None = element(default=None, nillable=True)
    DateDossier: str = element()
    Dossier: str | None = element(default=None, nillable=True)
    Identifiant: str | None = element(default=None, nillable=True)


class Details(Array):
    """ArrayOfConsoV2Model."""

    items: list[Detail] = element(tag="ConsoV2Model", default=[])


class Response(Base, tag="ReponseV2Model"):
    """ReponseV2Model."""

    ConsommationsDetails: Details | None = element(default=None, nillable=True)
    ConsommationsSomme: Counters | None = element(default=None, nillable=True)
    Identifiant: str | None = element(default=None, nillable=True)
    NomProduit: str | None = element(default=None, nillable=True)
    ProduitId: int = element()


class Root(Array, tag="ArrayOfReponseV2Model"):
    """ArrayOfReponseV2Model."""

    items: list[Response] = element(tag="ReponseV2Model", default=[])
