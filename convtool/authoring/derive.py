"""XSDs as .NET's exporter writes them → the JSON half of each contract: ``NAME.schema.json``.

An XSD says everything but the JSON declaration order and whether enumerations are names or numbers. Sample payloads
and C# declarations say those; where nothing does, XML order stands in, and a ``$comment`` in the file says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convtool.authoring.csharp import read
from convtool.authoring.order import Shown, fit, from_declarations, from_sample, load_sample, with_order
from convtool.errors import ContractError, SourceError
from convtool.model.components import components, contract_name, element_of, root_names
from convtool.model.folder import Folder
from convtool.model.json_schema import emit
from convtool.model.xsd import compile_xsd
from convtool.places import atomic_writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from convtool.model.components import Component
    from convtool.model.contract import Contract

__all__ = ["Derived", "derive", "folder_of", "identifier", "schema_text", "with_comment", "write", "write_files"]

_CLR = "http://schemas.datacontract.org/2004/07/"


@dataclass(frozen=True)
class Derived:
    """A contract's JSON half: its name, the JSON Schema, and notes on what had to be guessed."""

    name: str
    schema: dict[str, Any]
    notes: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.schema.json"

    def text(self) -> str:
        """The file's content."""
        return schema_text(self.schema)


def schema_text(schema: dict[str, Any]) -> str:
    """Give a JSON Schema as a file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def with_comment(schema: dict[str, Any], comment: str) -> dict[str, Any]:
    """Give a JSON Schema whose ``$comment`` says where it comes from, before what it says already."""
    whole = " ".join(filter(None, (comment, schema.get("$comment", ""))))
    head = ("$schema", "$id", "title", "description")
    rest = {word: value for word, value in schema.items() if word not in (*head, "$comment")}
    return {**{word: schema[word] for word in head if word in schema}, "$comment": whole, **rest}


def identifier(contract: Contract) -> str:
    """Give the $id of a contract's schema; its CLR namespace is part of it where it has one."""
    if contract.namespace.startswith(_CLR):
        return f"urn:datacontract:{contract.namespace.removeprefix(_CLR)}:{contract.tag}"
    return f"urn:datacontract:{contract.name}"


def derive(
    sources: Iterable[Path], *, roots: Sequence[str] = (), order_from: Iterable[Path] = (), enum_names: bool = False
) -> list[Derived]:
    """Give the JSON Schemas of the contracts in XSD files, or in folders of them.

    ``roots`` names the contracts, ``{namespace}name`` where several have a name (default: each complex global element
    whose type no other type uses).
    ``order_from``: sample payloads (``.json``) and C# declarations (``.cs``) that show the JSON order; a sample
    counts for the contracts that it fits best, or for the contract that its file is named after. ``enum_names``:
    enumerations that no sample shows are names in JSON. ContractError where a file cannot be read, there is no
    contract of a name, or a sample fits none.
    """
    found = [one for path in _files(sources) for one in components(path)]
    names = list(dict.fromkeys(roots or root_names(found)))
    if not names:
        raise ContractError("the XSD files have no contract of their own: name the one that is meant with --root NAME")
    contracts = [_contract(name, found) for name in names]
    shown = _shown(contracts, list(order_from))
    return [_derived(contract, shown[contract.name], enum_names) for contract in contracts]


def _files(sources: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for source in sources:
        if source.is_dir():
            inside = sorted(path for path in source.glob("*.xsd") if path.is_file())
            if not inside:
                raise ContractError(f"{source}: there is no .xsd file in the folder")
            files.extend(inside)
        else:
            files.append(source)
    return list(dict.fromkeys(files))


def _contract(name: str, found: list[Component]) -> Contract:
    element = element_of(name, found)
    return compile_xsd(element.file, contract_name(element, found), element.name)


def _shown(contracts: list[Contract], sources: list[Path]) -> dict[str, Shown]:
    shown = {contract.name: Shown() for contract in contracts}
    declared = [path for path in sources if path.suffix.lower() == ".cs"]
    if declared:
        _declared(contracts, declared, shown)
    for path in (path for path in sources if path not in declared):
        sample = load_sample(path)
        for contract in _fitting(contracts, sample, path):
            shown[contract.name].merge(from_sample(contract, sample, path.name))
    return shown


def _declared(contracts: list[Contract], paths: list[Path], shown: dict[str, Shown]) -> None:
    """Take what C# files declare: together, since a class may have its base in another."""
    declarations = read(paths)
    source = ", ".join(path.name for path in paths)
    failures = []
    for contract in contracts:
        try:
            shown[contract.name].merge(from_declarations(contract, declarations, source))
        except ContractError as error:
            failures.append(error)
    if len(failures) == len(contracts):
        raise failures[0]


def _fitting(contracts: list[Contract], sample: Any, path: Path) -> list[Contract]:
    """Give the contracts of a sample: the one it is named after, else those of which it shows the most members."""
    named = [contract for contract in contracts if path.name.startswith(contract.name)]
    if named:
        return [max(named, key=lambda contract: len(contract.name))]
    scores = {contract.name: fit(contract, sample) for contract in contracts}
    best = max(scores.values())
    if best < 0:
        if len(contracts) == 1:
            from_sample(contracts[0], sample, str(path))  # says where it does not fit
        raise ContractError(f"{path}: the sample is of none of the contracts {', '.join(scores)}")
    return [contract for contract in contracts if scores[contract.name] == best]


def _derived(contract: Contract, shown: Shown, enum_names: bool) -> Derived:
    ordered, notes = with_order(contract, shown, enum_names=enum_names)
    comment = ""
    if notes:
        taken = f"JSON order from {', '.join(shown.sources)}. " if shown.sources else ""
        comment = f"{taken}Guessed: {'; '.join(notes)}."
    return Derived(contract.name, emit(ordered, identifier=identifier(contract), comment=comment), tuple(notes))


def write(derived: Iterable[Derived], folder: Path, *, force: bool = False) -> list[Path]:
    """Write the schema files into a folder, each whole or not at all, and give their paths.

    A file that is there with other content is not replaced (ContractError), unless ``force`` is given: people edit
    them.
    """
    files = {folder / one.file: one.text() for one in derived}
    write_files(files, force=force)
    return list(files)


def write_files(files: dict[Path, str], *, force: bool = False) -> None:
    """Write texts to files; none where one is there already with other content, unless ``force`` is given."""
    for path, text in files.items():
        if not force and path.exists() and path.read_bytes() != text.encode():
            raise ContractError(f"{path}: is there already, with other content", hint="--overwrite replaces it")
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SourceError(f"{path.parent}: {error.strerror}") from None
        with atomic_writer(path) as file:
            file.write(text.encode())


def folder_of(sources: Sequence[Path]) -> Path:
    """Give the folder that the XSDs are in, where their JSON halves belong; ContractError where there are several."""
    folders = {source if source.is_dir() else source.parent for source in sources}
    if len(folders) != 1:
        raise ContractError(f"the XSDs are in {len(folders)} folders: say with -o DIR where the JSON Schemas shall go")
    return Folder(folders.pop()).path
