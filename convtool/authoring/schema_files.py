"""Contracts that were made from something else → a folder of schema files, with samples and ``operations.toml``.

What had to be guessed heads each file, as a comment. XSDs are one file per namespace, as .NET's exporter writes them,
which all contracts of a folder share; or ``NAME.xsd`` for a contract's own namespace.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convtool.authoring.derive import identifier, schema_text, write_files
from convtool.authoring.xsd_writer import file_name, write_xsds
from convtool.errors import ContractError
from convtool.model.components import components
from convtool.model.folder import Folder
from convtool.model.json_schema import emit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from convtool.model.contract import Contract

__all__ = ["Made", "operations_text", "write_made"]

OPERATIONS = "operations.toml"


@dataclass
class Made:
    """A contract, where it comes from, what was guessed of it, and its samples by what their file's name ends in."""

    contract: Contract
    source: str
    guesses: list[str] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)

    @property
    def heads(self) -> list[str]:
        """The lines that head its files."""
        return [f"From {self.source}.", *(f"Guessed: {guess}" for guess in self.guesses)]

    @property
    def comment(self) -> str:
        """The same as one text."""
        return f"From {self.source}." + (f" Guessed: {'; '.join(self.guesses)}." if self.guesses else "")


def write_made(
    made: Iterable[Made],
    folder: Path,
    *,
    operations: Mapping[str, Mapping[str, str]] | None = None,
    own_files: bool = False,
    force: bool = False,
) -> tuple[list[Path], list[str]]:
    """Write contracts into a folder of schema files; give the paths of the files, and notes on what was left as it is.

    ``operations`` by ``METHOD path`` are added to ``operations.toml``. ``own_files``: the XSD of a contract's namespace
    is ``NAME.xsd``. Files of other content that are there already are not replaced (ContractError), unless ``force`` is
    given; but for ``operations.toml`` and XSDs that contracts share, which grow.
    """
    made = list(made)
    files: dict[Path, str] = {}
    shared: set[str] = set()
    for one in made:
        name = one.contract.name
        texts = write_xsds([one.contract], one.heads)
        if own_files:
            files[folder / f"{name}.xsd"] = texts.pop(one.contract.namespace)
        shared |= set(texts)
        schema = emit(one.contract, identifier=identifier(one.contract), comment=one.comment)
        files[folder / f"{name}.schema.json"] = schema_text(schema)
        files |= {folder / f"{name}.sample.{end}": text + "\n" for end, text in one.samples.items()}
    heads = [] if own_files else [f"{one.contract.name}: {line}" for one in made for line in one.heads]
    texts = _shared([one.contract for one in made], shared, folder, heads, force)
    common = {folder / file_name(namespace): text for namespace, text in texts.items()}
    notes: list[str] = []
    if operations is not None:
        common[folder / OPERATIONS], notes = _added(operations, folder / OPERATIONS)
    write_files(files, force=force)
    write_files(common, force=True)
    return [*files, *common], notes


def _shared(
    contracts: Sequence[Contract], namespaces: set[str], folder: Path, heads: Sequence[str], force: bool
) -> dict[str, str]:
    """Give the XSDs of namespaces that contracts share, with what the folder's other contracts need of them."""
    if not namespaces:
        return {}
    names = {contract.name for contract in contracts}
    others = (
        [Folder(folder).contract(name) for name in Folder(folder).names() if name not in names]
        if folder.is_dir()
        else []
    )
    texts = write_xsds([*others, *contracts], heads)
    for namespace in namespaces:
        path = folder / file_name(namespace)
        if force or not path.exists():
            continue
        lost = [one.name for one in components(path) if f'name="{one.name}"' not in texts[namespace]]
        if lost:
            raise ContractError(f"{path}: has {', '.join(lost)}, which would be lost; --overwrite replaces the file")
    return {namespace: texts[namespace] for namespace in sorted(namespaces)}


def _added(operations: Mapping[str, Mapping[str, str]], path: Path) -> tuple[str, list[str]]:
    """Give the text of operations.toml with operations that it does not have, and notes on those it has otherwise."""
    old = ""
    known = {}
    if path.exists():
        try:
            old = path.read_text("utf-8")
            known = tomllib.loads(old)
        except (OSError, ValueError) as error:
            raise ContractError(f"{path}: cannot be read: {error}") from None
    new = {key: operation for key, operation in operations.items() if key not in known}
    notes = [
        f"{path.name} has other contracts for {key}: left as it is"
        for key, operation in operations.items()
        if key in known and _contracts(known[key]) != _contracts(operation)
    ]
    return "\n".join([*([old] if old else []), *operations_text(new)]), notes


def operations_text(operations: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Give the table of each operation, as ``operations.toml`` has it."""
    tables = []
    for key, operation in operations.items():
        lines = [
            f"{name} = {_toml(operation[name])}" for name in ("description", "request", "response") if name in operation
        ]
        tables.append("\n".join([f"[{_toml(key)}]", *lines]) + "\n")
    return tables


def _contracts(operation: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in operation.items() if name != "description"}


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # a basic string: TOML's escapes are JSON's
