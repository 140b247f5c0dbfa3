"""XSDs as .NET's exporter writes them → the JSON half of each contract: ``NAME.schema.json``.

An XSD says everything but what JSON has: its order of members, their names where they are others, whether nulls are
left out and enumerations are names. Sample payloads and C# declarations say those, and a dialect what holds for all;
where nothing does, XML order stands in, and a ``$comment`` in the file says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from convtool.authoring.csharp import read
from convtool.authoring.declared import from_declarations
from convtool.authoring.dialect import DEFAULT
from convtool.authoring.order import fit, from_sample, load_sample, with_order
from convtool.authoring.pairs import from_pair, root_of, rooted
from convtool.authoring.shown import Shown
from convtool.catalog import default_catalog
from convtool.errors import ContractError, SourceError
from convtool.model.components import components, contract_name, element_of, root_names
from convtool.model.contract import Array, Record, split_key
from convtool.model.depth import bounded
from convtool.model.folder import Folder
from convtool.model.json_schema import definition_names, emit
from convtool.model.xsd import compile_xsd
from convtool.places import atomic_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from convtool.authoring.dialect import Dialect
    from convtool.model.components import Component
    from convtool.model.contract import Contract

__all__ = ["Derived", "derive", "folder_of", "identifier", "schema_text", "with_comment", "write", "write_files"]

_T = TypeVar("_T")
_M = TypeVar("_M")
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
    sources: Iterable[Path], *, roots: Sequence[str] = (), order_from: Iterable[Path] = (), dialect: Dialect = DEFAULT,
    left_out: dict[str, str] | None = None,
) -> list[Derived]:  # fmt: skip
    """Give the JSON Schemas of the contracts in XSD files, or in folders of them.

    ``roots`` names the contracts, ``{namespace}name`` where several have a name (default: each complex global element
    whose type no other type uses).
    ``order_from``: sample payloads (``.json``) and C# declarations (``.cs``) that show what JSON has; a sample counts
    for the contracts and types that it fits best, or for the contract that its file is named after. What none of them
    shows is as in the catalog in force, where that has the same contract with the same members. An XML sample
    (``.xml``) is one value with the JSON sample of its name. ``dialect``: what holds for all of the JSON.
    ``left_out`` takes files that cannot be read and contracts that cannot be had, by name, with the reason; without it
    each is an error, as it is where nothing is left. ContractError where there is no contract of a name, or a sample
    fits none.
    """
    failures: dict[str, str] = {}
    found = [one for parts in _each(_files(sources), components, lambda path: path.name, failures) for one in parts]
    names = list(dict.fromkeys(roots or root_names(found)))
    if not names and not failures:
        raise ContractError("the XSD files have no contract of their own: name the one that is meant with --root NAME")
    for name in roots:
        element_of(name, found)  # what was asked for and is not there is a slip, not a contract to leave out
    contracts = _each(names, lambda name: _contract(name, found), str, failures)
    if failures and (left_out is None or not contracts):
        raise ContractError(next(iter(failures.values())))
    if left_out is not None:
        left_out.update(failures)
    shown = _shown(contracts, list(order_from))
    return [_derived(contract, shown[contract.name], dialect) for contract in contracts]


def _each(
    things: Iterable[_T], make: Callable[[_T], _M], name: Callable[[_T], str], failures: dict[str, str]
) -> list[_M]:
    """Give what can be made of things; why it cannot of the others goes to ``failures``, by name."""
    made = []
    for thing in things:
        try:
            made.append(make(thing))
        except ContractError as error:
            failures[name(thing)] = str(error)
    return made


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
    with bounded(name):
        return compile_xsd(element.file, contract_name(element, found), element.name)


def _shown(contracts: list[Contract], sources: list[Path]) -> dict[str, Shown]:
    shown = {contract.name: Shown() for contract in contracts}
    declared = [path for path in sources if path.suffix.lower() == ".cs"]
    if declared:
        _declared(contracts, declared, shown)
    paired = {path.with_suffix(".json"): path for path in sources if path.suffix.lower() == ".xml"}
    samples = [path for path in sources if path.suffix.lower() not in (".cs", ".xml")]
    for path in dict.fromkeys([*samples, *paired]):
        sample = load_sample(path)
        found = _pair(contracts, paired[path], sample) if path in paired else _sampled(contracts, path, sample)
        for contract in contracts:
            if any(key in contract.types for key in found.sequences):
                shown[contract.name].merge(found)
    for contract in contracts:
        _keep_known(contract, shown[contract.name])
    return shown


def _keep_known(contract: Contract, shown: Shown) -> None:
    """Take the order of records that nothing shows from the catalog in force, where it has the same contract."""
    catalog = default_catalog()
    if contract.name not in catalog.contracts():
        return
    try:
        known = catalog.contract(contract.name).model
    except ContractError:
        return  # it may be what is to be made anew
    kept = []
    for key, kind in known.types.items():
        new = contract.types.get(key)
        if not (isinstance(kind, Record) and isinstance(new, Record)) or key in shown.sequences:
            continue
        names = [kind.members[index].name for index in kind.order]
        if {member.name for member in new.members} == set(names):
            shown.add(key, names)
            kept.append(split_key(key)[1])
    if kept:
        shown.notes.append(f"the JSON order of {', '.join(kept)} is that of {contract.name} in the catalog in force")


def _pair(contracts: list[Contract], path: Path, sample: Any) -> Shown:
    """Give what a pair shows: of the contract that the XML's root names, or of a type of one."""
    try:
        xml = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}") from None
    root = root_of(xml, str(path))
    for contract in contracts:
        if root == f"{{{contract.namespace}}}{contract.tag}":
            return from_pair(contract, xml, sample, path.name)
    within = next((rooted(contract, root) for contract in contracts if root in contract.types), None)
    if within is None:
        raise ContractError(f"{path}: the root is {root}, which is none of the contracts and types there are")
    return from_pair(within, xml, sample, path.name)


def _declared(contracts: list[Contract], paths: list[Path], shown: dict[str, Shown]) -> None:
    """Take what C# files declare: together, since a class may have its base in another."""
    declarations = read(paths)
    source = ", ".join(path.name for path in paths)
    for contract in contracts:
        shown[contract.name].merge(from_declarations(contract, declarations, source))


def _sampled(contracts: list[Contract], path: Path, sample: Any) -> Shown:
    """Give what a sample shows: of the contract it is named after, else of those of which it shows the most members.

    A sample that is of no contract may be of a type that one has.
    """
    named = [contract for contract in contracts if path.name.startswith(contract.name)]
    first = [max(named, key=lambda contract: len(contract.name))] if named else []
    roots = [(one, one.root) for one in contracts]
    parts = [(one, key) for one in contracts for key, kind in one.types.items() if isinstance(kind, (Record, Array))]
    for places, least in (([(one, one.root) for one in first], 0), (roots, 0), (parts, 1)):
        scores = [fit(contract, sample, key) for contract, key in places]
        if max(scores, default=-1) >= least:
            shown = Shown()
            for (contract, key), score in zip(places, scores, strict=True):
                if score == max(scores):
                    shown.merge(from_sample(contract, sample, path.name, key))
            return shown
    if first or len(contracts) == 1:
        from_sample((first or contracts)[0], sample, str(path))  # says where it does not fit
    raise ContractError(f"{path}: the sample is of none of the contracts {', '.join(one.name for one in contracts)}")


def _derived(contract: Contract, shown: Shown, dialect: Dialect) -> Derived:
    ordered, notes = with_order(contract, shown, dialect)
    comment = ""
    if notes:
        taken = f"JSON order from {', '.join(shown.sources)}. " if shown.sources else ""
        comment = f"{taken}Guessed: {'; '.join(notes)}."
    schema = emit(ordered, identifier=identifier(contract), comment=comment)
    for key, name in definition_names(ordered).items():
        kind = ordered.types[key]
        for member in kind.members if isinstance(kind, Record) else ():
            if not member.in_xml:  # its type is none of the XSD's
                told = next(of[member.name] for of in shown.json_only.values() if member.name in of)
                schema["$defs"][name]["properties"][member.json_name] = {"readOnly": True, **told}
    return Derived(contract.name, schema, tuple(notes))


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
