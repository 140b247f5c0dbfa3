"""Sample payloads → a folder of schema files, which grows with more samples.

The samples are kept beside the schemas that were made of them, and count again when others come. What was made is
proven by the samples themselves: each must be valid by it.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from convtool.authoring.clr_names import CLR, encoded
from convtool.authoring.order import from_sample, with_order
from convtool.authoring.sample_types import Root, Seen, infer
from convtool.authoring.schema_files import Made, write_made
from convtool.authoring.shown import Shown
from convtool.authoring.type_set import LIST
from convtool.catalog import Catalog
from convtool.errors import ContractError, ConvtoolError, SourceError
from convtool.sources import read_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lxml.etree import _Element

    from convtool.convert import Codec
    from convtool.model.contract import Contract

__all__ = ["FromSamples", "from_samples", "write"]

_SOURCE = "samples"  # what the files say they are from: such may be replaced by what more samples show
_SHOWN = 3  # samples of a contract that are told not to agree with it
_SUFFIXES = (".xml", ".json")


@dataclass
class _Sample:
    """One payload: where it is, its text, and the root element or the JSON value."""

    path: Path
    text: str
    root: _Element | None = None
    value: Any = None

    @property
    def stem(self) -> str:
        """What the payload's file and that of the same value in the other format have in common."""
        return self.path.name.removesuffix(self.path.suffix)

    def label(self, contract: str) -> str:
        """Give the same as it is among the samples that are kept of a contract."""
        return re.sub(r"\W+", "-", self.stem.removeprefix(f"{contract}.sample."))


@dataclass
class FromSamples:
    """What samples gave: contracts with their guesses, and what of the samples does not agree with them."""

    made: list[Made] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def guesses(self) -> list[str]:
        """What had to be guessed, a line each, headed by the contract's name."""
        return [f"{one.contract.name}: {guess}" for one in self.made for guess in one.guesses]


def from_samples(
    paths: Iterable[Path], *, folder: Path | None = None, contract: str = "", namespace: str = ""
) -> FromSamples:
    """Infer contracts from payloads in XML and JSON, and from the samples that a folder has of the same contracts.

    A payload in XML is of the contract that its root element names; one in JSON of ``contract``, or of the only one
    that there is, or of the one that its file is named after. ``namespace``: that of contracts without a sample in XML.
    ContractError where payloads contradict each other, SourceError where one cannot be read.
    """
    groups = _grouped([_load(path) for path in paths], contract)
    for name, former in _former(folder):
        known = {(one.label(name), one.text) for one in former}
        more = (one for one in groups.get(name, ()) if (one.label(name), one.text) not in known)
        groups[name] = [*former, *more]
    roots = [_root(name, group, namespace) for name, group in groups.items()]
    types, found = infer(roots)
    result = FromSamples()
    for root, (key, guesses) in zip(roots, found, strict=True):
        made = types.contract(key)
        if made.name != root.name:
            raise ContractError(f"the samples look like {made.name}, not like {root.name}: name it with --contract")
        result.made.append(_made(made, groups[root.name], guesses, namespace))
    result.failures = list(_disagreeing(result.made, groups))
    return result


def _grouped(samples: list[_Sample], contract: str) -> dict[str, list[_Sample]]:
    """Give the samples by contract: a root element names it, for its pair as well."""
    groups: dict[str, list[_Sample]] = {}
    stems: dict[str, str] = {}
    for one in samples:
        if one.root is not None:
            name = str(one.root.tag).rpartition("}")[2]
            stems[one.stem] = name
            groups.setdefault(name, []).append(one)
    if contract and any(name != contract for name in groups):
        raise ContractError(f"the samples in XML are of {', '.join(groups)}, not of {contract}")
    known = contract or (next(iter(groups)) if len(groups) == 1 else "")
    for one in samples:
        if one.root is None:
            groups.setdefault(known or stems.get(one.stem) or _named(one, list(groups)), []).append(one)
    return groups


def _load(path: Path) -> _Sample:
    try:
        text = read_path(path).decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise SourceError(f"{path}: not UTF-8; convert the sample first") from None
    if text.startswith("<"):
        return _Sample(path, text, root=_element(path, text))
    try:
        return _Sample(path, text, value=json.loads(text, parse_float=Decimal))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path}: neither XML nor JSON: {error}") from None


def _element(path: Path, text: str) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"{path}: not XML that can be read: {error}") from None


def _named(sample: _Sample, names: Sequence[str]) -> str:
    """Give the contract that a sample's file is named after: one of those known, else the name itself."""
    known = [name for name in names if sample.path.name.startswith(name)]
    if known:
        return max(known, key=len)
    words = re.match(r"[^\W\d]\w*?(?=[\W\d_]|$)", sample.path.name)
    name = encoded(words[0] if words else "Sample")
    name = name[:1].upper() + name[1:]
    is_list = isinstance(sample.value, list) and not name.startswith(LIST)
    return f"{LIST}{name.removesuffix('s')}" if is_list else name


def _former(folder: Path | None) -> Iterable[tuple[str, list[_Sample]]]:
    """Yield the contracts that a folder has of samples, with these."""
    for path in sorted(folder.glob("*.schema.json")) if folder is not None and folder.is_dir() else ():
        if _is_ours(path):
            name = path.name.removesuffix(".schema.json")
            kept = sorted(path.parent.glob(f"{name}.sample.*"))
            yield name, [_load(one) for one in kept if one.suffix in _SUFFIXES]


def _is_ours(path: Path) -> bool:
    return f'"$comment": "From {_SOURCE}.' in path.read_text("utf-8", "replace")


def _root(name: str, samples: list[_Sample], namespace: str) -> Root:
    elements = [one.root for one in samples if one.root is not None]
    spaces = {str(element.tag).rpartition("}")[0].removeprefix("{") for element in elements}
    if len(spaces) > 1:
        raise ContractError(f"the samples of {name} are of several namespaces: {', '.join(sorted(spaces))}")
    pairs = [(xml.root, other.value) for xml, other in _pairs(name, samples) if xml.root is not None]
    seen = Seen(elements, [one.value for one in samples if one.root is None], pairs)
    return Root(name, next(iter(spaces), namespace or CLR), seen)


def _pairs(name: str, samples: list[_Sample]) -> Iterable[tuple[_Sample, _Sample]]:
    """Yield the samples of a contract that are one value, in XML and in JSON: two files of one name.

    Those of one folder belong together; else there must be no others of the name, since nothing tells which it is.
    """
    named: dict[str, tuple[list[_Sample], list[_Sample]]] = {}
    for one in samples:
        named.setdefault(one.label(name), ([], []))[one.root is None].append(one)
    for in_xml, in_json in named.values():
        beside = {one.path.with_suffix(""): one for one in in_json}
        found = [(one, beside.pop(at)) for one in in_xml if (at := one.path.with_suffix("")) in beside]
        yield from found
        if len(in_xml) - len(found) == len(in_json) - len(found) == 1:
            paired = {id(one) for pair in found for one in pair}
            (xml,), (other,) = ([one for one in each if id(one) not in paired] for each in (in_xml, in_json))
            yield xml, other


def _made(contract: Contract, samples: list[_Sample], guesses: list[str], namespace: str) -> Made:
    if not namespace and all(one.root is None for one in samples):
        told = (
            f"no sample in XML shows the namespace: taken to be {contract.namespace}, unless --namespace gives another"
        )
        guesses = [*guesses, told]
    shown = Shown()
    for one in samples:
        if one.root is None:
            shown.merge(from_sample(contract, one.value, one.path.name))
    ordered, notes = with_order(contract, shown)
    return Made(ordered, _SOURCE, [*guesses, *notes], dict(_kept(contract.name, samples)))


def _kept(name: str, samples: list[_Sample]) -> Iterable[tuple[str, str]]:
    """Give the samples by the end of the names that they are kept under; pairs keep what pairs them."""
    numbers: dict[str, int] = {}
    for one in samples:
        prefix = f"{name}.sample."
        if one.path.name.startswith(prefix):
            yield one.path.name.removeprefix(prefix), one.text
            continue
        number = numbers.setdefault(one.stem, len(numbers) + 1)
        end = "json" if one.root is None else "xml"
        label = re.sub(r"\W+", "-", one.stem) or str(number)
        yield f"{label}.{end}", one.text


def _disagreeing(made: list[Made], groups: Mapping[str, list[_Sample]]) -> Iterable[str]:
    """Yield what is wrong with samples by the contracts that were made of them."""
    with TemporaryDirectory(prefix="convtool-") as name:
        folder = Path(name)
        write_made(made, folder)
        catalog = Catalog(folder)
        for one in made:
            codec = catalog.contract(one.contract.name)
            wrong = [*_wrong(codec, one.samples), *_differing(codec, groups[one.contract.name])]
            found = [f"{one.contract.name}: {end}: {why}" for end, why in wrong]
            yield from found[:_SHOWN]
            if len(found) > _SHOWN:
                yield f"{one.contract.name}: and {len(found) - _SHOWN} more"


def _wrong(codec: Codec, samples: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield the samples that are invalid, each with its first finding."""
    for end, text in samples.items():
        try:
            report = codec.validate(text.encode(), format="json" if end.endswith("json") else "xml")
        except ConvtoolError as error:
            yield end, str(error)
            continue
        errors = [found for found in report if found.severity == "error"]
        yield from ((end, f"{found.path or '/'}: {found.message}") for found in errors[:1])


def _differing(codec: Codec, samples: list[_Sample]) -> Iterable[tuple[str, str]]:
    """Yield the pairs of valid samples that are not one value by the contract, each with its first difference."""
    for xml, other in _pairs(codec.name, samples):
        with suppress(ConvtoolError):  # one that is invalid is told already
            for one in codec.compare(xml.text.encode(), other.text.encode())[:1]:
                end = xml.label(codec.name)
                left, right = one.values
                yield f"{end}.xml, {end}.json", f"{one.path or '/'}: {one.words}: {left} in XML, {right} in JSON"


def write(result: FromSamples, folder: Path, *, force: bool = False) -> list[Path]:
    """Write schema files and samples into a folder, and give the paths.

    Schema files that were made of samples are replaced; others only with ``force`` (ContractError otherwise).
    """
    own = [folder / f"{one.contract.name}.schema.json" for one in result.made]
    others = [path for path in own if path.exists() and not _is_ours(path)]
    if others and not force:
        raise ContractError(f"{others[0]}: was not made of samples; --overwrite replaces it")
    paths, _ = write_made(result.made, folder, force=True)
    return paths
