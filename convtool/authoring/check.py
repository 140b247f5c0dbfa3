"""A folder of schema files, checked as a whole: names, both halves of each contract, the samples beside them.

``check_folder`` gives findings with their places; none means that the folder is sound. A sample of a contract NAME is
a file ``NAME*.json`` or ``NAME*.xml`` that is no schema; it belongs to the longest NAME that fits.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convtool import shown
from convtool.authoring.order import from_sample, load_sample
from convtool.catalog import Catalog
from convtool.codes import Severity
from convtool.errors import ContractError, ConvtoolError
from convtool.model.components import Component, components
from convtool.model.contract import Record, split_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from convtool.convert import Codec

__all__ = ["Finding", "check_folder"]

_SCHEMA = ".schema.json"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about a folder: the file (its name), the line (0: the whole file), what was found, what to do."""

    file: str
    message: str
    hint: str = ""
    line: int = 0
    column: int = 0
    severity: Severity = Severity.ERROR

    def text(self) -> str:
        """Give the lines that a person reads."""
        place = shown.line(":".join(str(part) for part in (self.file, self.line, self.column) if part))
        hint = f"\n  hint: {shown.line(self.hint)}" if self.hint else ""
        return f"{place}: {self.severity}: {shown.block(self.message)}{hint}"


def check_folder(path: Path) -> list[Finding]:
    """Check a folder of schema files and give every finding; ContractError where it is no folder."""
    catalog = Catalog(path)
    found, findings = _components(path)
    findings.extend(_doubles(found))
    names = catalog.contracts()
    findings.extend(_names(path, names, found))
    samples = _samples(path, names)
    for name in names:
        try:
            codec = catalog.contract(name)
        except ConvtoolError as error:
            findings.append(Finding(f"{name}{_SCHEMA}", str(error)))
            continue
        for sample in samples.get(name, ()):
            findings.extend(_sample(codec, sample))
    findings.extend(_operations(path, names))
    return findings


def _components(path: Path) -> tuple[list[Component], list[Finding]]:
    found: list[Component] = []
    findings = []
    for file in sorted(path.glob("*.xsd")):
        try:
            found.extend(components(file))
        except ContractError as error:
            findings.append(Finding(file.name, str(error).removeprefix(f"{file}: ")))
    return found, findings


def _doubles(found: list[Component]) -> Iterator[Finding]:
    """Two files that say different things by one name: which of them counts would be an accident."""
    first: dict[tuple[str, str], Component] = {}
    for one in found:
        kind = "element" if one.kind == "element" else "type"
        known = first.setdefault((kind, one.key), one)
        if known.canonical != one.canonical:
            namespace, name = split_key(one.key)
            yield Finding(
                one.file.name,
                f"the {kind} {name} of {namespace or 'no namespace'} is another one in {known.file.name}:{known.line}",
                "keep one of them, or rename one",
                one.line,
            )


def _names(path: Path, names: list[str], found: list[Component]) -> Iterator[Finding]:
    """Every contract has its element in exactly one file, XSDs have their JSON half, names differ by more than case."""
    folded: dict[str, str] = {}
    for name in names:
        other = folded.setdefault(name.casefold(), name)
        if other != name:
            yield Finding(
                f"{name}{_SCHEMA}", f"{name} and {other} differ by case only, which some file systems do not tell apart"
            )
        # An operation's wrapper is no rival; of those with other names as contracts the JSON half says which is meant.
        having = [one for one in found if one.is_element(name) and not one.is_wrapper]
        if len(having) > 1 and not (path / f"{name}.xsd").is_file():
            for one in having:
                others = ", ".join(f"{o.file.name}:{o.line}" for o in having if o is not one)
                hint = (
                    f"only one file of a folder may have the root element of a contract, or one of them is {name}.xsd"
                )
                yield Finding(one.file.name, f"the element {name} is in {others}, too", hint, one.line)
    if not names:
        seen = "XSDs only, of which JSON has no half" if found else "no schema files"
        hint = "`convtool contracts derive` makes it" if found else "a contract is NAME.schema.json with its XSD"
        severity = Severity.WARNING if found else Severity.ERROR
        yield Finding(path.name, f"the folder has {seen} (NAME{_SCHEMA})", hint, severity=severity)
    for file in sorted(path.glob("*.xsd")):
        own = file.name.removesuffix(".xsd")
        if names and own not in names and any(one.name == own and one.file == file for one in found):
            hint = "`convtool contracts derive` makes it"
            yield Finding(file.name, f"there is no {own}{_SCHEMA} beside it", hint, severity=Severity.WARNING)


def _samples(path: Path, names: list[str]) -> dict[str, list[Path]]:
    samples: dict[str, list[Path]] = {}
    for file in sorted(path.iterdir()):
        if file.suffix not in (".json", ".xml") or file.name.endswith(_SCHEMA) or not file.is_file():
            continue
        owners = [name for name in names if file.name.startswith(name)]
        if owners:
            samples.setdefault(max(owners, key=len), []).append(file)
    return samples


def _sample(codec: Codec, sample: Path) -> Iterator[Finding]:
    format_: Any = sample.suffix.removeprefix(".")
    try:
        report = codec.validate(sample, format=format_)
    except ConvtoolError as error:
        yield Finding(sample.name, str(error).removeprefix(f"{sample}: "))
        return
    for one in report:
        if one.severity is Severity.ERROR:
            line, column = (one.location.line, one.location.column) if one.location else (0, 0)
            yield Finding(sample.name, f"not a valid {codec.name}: {one.message} [{one.code}]", one.hint, line, column)
    if report and format_ == "json":
        yield from _order(codec, sample)


def _order(codec: Codec, sample: Path) -> Iterator[Finding]:
    """Hold a sample's order of members against the schema's."""
    for key, sequences in from_sample(codec.model, load_sample(sample), sample.name).sequences.items():
        record = codec.model.types[key]
        assert isinstance(record, Record)
        wanted = [record.members[index].name for index in record.order]
        for names in sequences:
            expected = [name for name in wanted if name in names]
            if list(names) != expected:
                at = next(i for i, (seen, want) in enumerate(zip(names, expected, strict=True)) if seen != want)
                yield Finding(
                    sample.name,
                    f"{split_key(key)[1]}: {names[at]!r} is where {codec.name}{_SCHEMA} has {expected[at]!r} in JSON",
                    "derive the schema again with --order-from this sample, if .NET wrote it",
                    severity=Severity.WARNING,
                )
                break


def _operations(path: Path, names: list[str]) -> Iterator[Finding]:
    """operations.toml may only name contracts of the folder."""
    file = path / "operations.toml"
    if not file.is_file():
        return
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        yield Finding(file.name, f"cannot be read: {error}")
        return
    for operation, table in content.items():
        for role in ("request", "response"):
            name = table.get(role) if isinstance(table, dict) else None
            if name is not None and name not in names:
                yield Finding(file.name, f"{operation}: the {role} is {name!r}, of which there is no {name}{_SCHEMA}")
