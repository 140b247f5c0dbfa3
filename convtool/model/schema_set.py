"""The XSDs of a folder as one set: imports are added where they lack, and .NET's own schemas where no file has them.

A WSDL's inline schemas see each other without xs:import, and tools save them so; xmlschema wants one for each namespace
that a name is of. What .NET's exporter writes into every service's schemas is the same everywhere: ``OWN`` holds it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    for namespace, file in OWN.items():
        named = namespace.encode()
        if namespace not in maps.namespaces and any(named in content for content in contents):
            schema.add_schema(_text(file), namespace)
    for one in maps.schemas:
        known = {*one.imported_namespaces, one.target_namespace}
        one.imported_namespaces.extend(sorted(set(maps.namespaces) - known))


def let_lax(schema: Any) -> None:
    """Let wildcards hold what no file of the folder declares: so a DataSet's is meant, which .NET writes as xs:any."""
    from xmlschema.validators import XsdAnyElement

    for wildcard in schema.maps.iter_components(XsdAnyElement):
        if wildcard.process_contents == "strict":
            wildcard.process_contents = "lax"
