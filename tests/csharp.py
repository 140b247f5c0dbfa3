"""Contracts for tests that are said shortest in C#."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool import Catalog, Codec
from convtool.authoring.derive import write_files
from convtool.authoring.from_csharp import from_csharp

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["codec_of"]


def codec_of(source: str, root: str, folder: Path) -> Codec:
    """Give the codec of a class of C# source; its schema files go into a folder."""
    (folder / "Source.cs").write_text(source, encoding="utf-8")
    made = from_csharp([folder / "Source.cs"], roots=[root])
    write_files({folder / name: text for name, text in made.files.items()})
    return Catalog(folder).contract(root)
