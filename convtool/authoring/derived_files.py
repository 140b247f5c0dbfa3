"""What ``contracts derive`` makes, from whatever a service publishes: XSDs, a WSDL, or C# source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convtool.authoring.derive import derive, folder_of
from convtool.authoring.from_csharp import csharp_files, from_csharp
from convtool.authoring.wsdl import published

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from convtool.authoring.dialect import Dialect

__all__ = ["DerivedFiles", "derived_files"]


@dataclass(frozen=True)
class DerivedFiles:
    """Files with their content, notes on what had to be guessed, and contracts that cannot be had, with the reason."""

    files: dict[Path, str]
    notes: Sequence[str]
    left_out: Mapping[str, str]


def derived_files(
    sources: Sequence[Path], folder: Path | None, *, roots: Sequence[str], order_from: Sequence[Path], dialect: Dialect
) -> DerivedFiles:
    """Give the files for a folder (default: that of the sources); see ``derive`` for the rest, and for errors."""
    declared = csharp_files(sources)
    target = folder or folder_of(sources)
    if declared:
        made = from_csharp(declared, roots=roots, order_from=order_from, dialect=dialect)
        return DerivedFiles({target / name: text for name, text in made.files.items()}, made.notes, made.left_out)
    left_out: dict[str, str] = {}
    with published(sources) as service:
        roots = roots or tuple(service.roots)
        derived = derive(service.sources, roots=roots, order_from=order_from, dialect=dialect, left_out=left_out)
    guesses = [f"{one.file}: guessed: {text}" for one in derived for text in one.notes]
    left_out = {name: service.told(reason) for name, reason in left_out.items()}
    return DerivedFiles(service.files(derived, target), [*service.notes, *guesses], left_out)
