"""Which contracts tests mean: those of ``--convtool-schemas`` where pytest was given it, else the default catalog's.

This module is imported by the plugin at pytest's start: it imports nothing itself until a contract is asked for.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convtool.catalog import Catalog
    from convtool.convert import Codec

__all__ = ["catalog", "codec", "use"]

_chosen: dict[str, str] = {}
_catalogs: dict[str, Catalog] = {}


def use(schemas: str | os.PathLike[str] | None) -> str | None:
    """Let tests use the contracts of a folder; None: the default catalog's. Give what they used before."""
    before = _chosen.pop("schemas", None)
    if schemas is not None:
        _chosen["schemas"] = os.fspath(schemas)
    return before


def catalog() -> Catalog:
    """Give the catalog that tests use, the same one at each call; ContractError where its folder cannot be used."""
    from convtool.catalog import Catalog, default_catalog

    where = _chosen.get("schemas")
    if where is None:
        return default_catalog()
    if where not in _catalogs:
        _catalogs[where] = Catalog(where)
    return _catalogs[where]


def codec(contract: str | Codec) -> Codec:
    """Give the codec of a contract by its name, or the codec itself; ContractError where there is none of that name."""
    return catalog().contract(contract) if isinstance(contract, str) else contract
