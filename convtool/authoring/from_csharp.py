"""C# source → a folder of schema files: the XSDs that .NET's exporter would write, and the JSON half from the same.

The XSDs are written first, and the JSON half is derived from them as it is from .NET's own: there is one way to it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from convtool.authoring.csharp import read
from convtool.authoring.csharp_contracts import contracts_of
from convtool.authoring.derive import derive, schema_text, with_comment
from convtool.authoring.dialect import DEFAULT
from convtool.authoring.xsd_writer import file_name, write_xsds
from convtool.errors import ContractError, SourceError
from convtool.near import near_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convtool.authoring.dialect import Dialect

__all__ = ["SUFFIX", "FromCSharp", "csharp_files", "from_csharp"]

SUFFIX = ".cs"
_PUBLISHED = (".xsd", ".wsdl", ".svcmap")  # what says more than the source that may lie beside it


@dataclass
class FromCSharp:
    """What C# source gave: schema files by name, lines about what was guessed, and what is left out with the reason."""

    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def csharp_files(sources: Sequence[Path]) -> list[Path]:
    """Give the C# files that sources are, or hold: folders without XSDs are searched; else none.

    Beside C# there is nothing else: SourceError where a source is not there, ContractError where it is something else.
    """
    found: list[Path] = []
    for source in sources:
        if source.is_dir():
            published = any(one.suffix.lower() in _PUBLISHED for one in source.iterdir())
            found.extend(() if published else sorted(source.rglob(f"*{SUFFIX}")))
        elif source.suffix.lower() == SUFFIX:
            found.append(source)
    rest = [one for one in sources if one.suffix.lower() != SUFFIX and not one.is_dir()]
    missing = next((one for one in rest if found and not os.path.lexists(one)), None)
    if missing is not None:
        raise SourceError(f"{missing}: No such file or directory", hint=near_file(str(missing)))
    if found and rest:
        raise ContractError(f"{rest[0]}: C# source and XSDs are not read together; beside XSDs, C# is for --order-from")
    return found


def from_csharp(
    files: Sequence[Path], *, roots: Sequence[str] = (), order_from: Iterable[Path] = (), dialect: Dialect = DEFAULT
) -> FromCSharp:
    """Give the schema files of the contracts that C# files declare: of ``roots``, or of what no other type uses.

    The other options are those of ``derive``. ContractError where there is no contract of a name, or none at all.
    """
    found = contracts_of(read(files), roots)
    heads = [f"From {', '.join(path.name for path in files)}, by the rules of DataContractSerializer."]
    heads += [f"Note: {note}" for note in found.notes]
    result = FromCSharp(notes=list(found.notes), left_out=found.left_out)
    with TemporaryDirectory(prefix="convtool-") as name:
        folder = Path(name)
        for namespace, text in write_xsds(found.contracts, heads).items():
            result.files[file_name(namespace)] = text
            (folder / file_name(namespace)).write_text(text, "utf-8")
        names = [one.root if one.namespace else one.name for one in found.contracts] if roots else []
        derived = derive(
            [folder], roots=names, order_from=[*files, *order_from], dialect=dialect, left_out=result.left_out
        )
    for one in derived:
        result.files[one.file] = schema_text(with_comment(one.schema, " ".join(heads)))
        result.notes.extend(f"{one.file}: guessed: {note}" for note in one.notes)
    return result
