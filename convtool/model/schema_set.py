"""The XSDs of a folder as one set: imports are added where they lack, and .NET's own schemas where no file has them.

A WSDL's inline schemas see each other without xs:import, and tools save them so; xmlschema wants one for each namespace
that a name is of. What .NET's exporter writes into every service's schemas is the same everywhere: ``OWN`` holds it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convtool.model.components import read_tree
from convtool.model.contract import SERIALIZATION

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OWN", "complete", "let_lax"]

#: .NET's own schemas, by namespace: the files beside this one.
OWN = {
    SERIALIZATION: "serialization.xsd",
    f"{SERIALIZATION}Arrays": "arrays.xsd",
    "http://schemas.datacontract.org/2004/07/System": "system.xsd",
}


@lru_cache(maxsize=len(OWN))
def _text(file: str) -> str:
    return Path(__file__).with_name(file).read_text("utf-8")


def complete(schema: Any, contents: Sequence[bytes]) -> None:
    """Let each schema of a set that is not built yet see all others, and .NET's own where ``contents`` name them."""
    maps = schema.maps
    anything = any(b"anyType" in content for content in contents)  # which may hold whatever .NET knows
    for namespace, file in OWN.items():
        named, there = namespace.encode(), maps.namespaces.get(namespace, [])
        if not there and (anything or any(named in content for content in contents)):
            schema.add_schema(_text(file), namespace)
        elif there and anything:
            declared = {child.get("name") for one in there for child in one.root}
            schema.add_schema(_missing(file, declared), namespace)
    for one in maps.schemas:
        known = {*one.imported_namespaces, one.target_namespace}
        one.imported_namespaces.extend(sorted(set(maps.namespaces) - known))


def _missing(file: str, declared: set[str | None]) -> str:
    """Give one of .NET's own schemas without what is declared already, as .NET exports what a service uses of it."""
    from lxml import etree

    root = read_tree(_text(file).encode())
    for one in root:
        if one.get("name") in declared:
            root.remove(one)
    return etree.tostring(root, encoding="unicode")


def let_lax(schema: Any) -> None:
    """Let wildcards hold what no file of the folder declares: so a DataSet's is meant, which .NET writes as xs:any."""
    from xmlschema.validators import XsdAnyElement

    for wildcard in schema.maps.iter_components(XsdAnyElement):
        if wildcard.process_contents == "strict":
            wildcard.process_contents = "lax"
