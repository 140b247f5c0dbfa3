"""Schemas whose types lie in each other without end, as good as: Python's own depth is the bound, and that is told."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from convtool.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["bounded"]


@contextmanager
def bounded(name: str) -> Iterator[None]:
    """ContractError where what is made of a contract's schemas goes deeper than Python does, or xmlschema.

    Whoever enters needs xmlschema, which takes long to import.
    """
    from xmlschema.validators import XMLSchemaModelDepthError

    try:
        yield
    except (RecursionError, XMLSchemaModelDepthError):  # the second of sequences in sequences
        raise ContractError(f"{name}: the types of its schemas are nested too deeply in each other") from None
