"""Schema files of drawn contracts: written into a folder as .NET's exporter does, loaded by the ordinary catalog."""

from __future__ import annotations

import atexit
import hashlib
import json
import random
import re
import shutil
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import unescape

from convtool.authoring.xsd_writer import file_name, write_xsds
from convtool.catalog import Catalog
from convtool.model.json_schema import emit
from tests.property.drawn import reached

if TYPE_CHECKING:
    from convtool.convert import Codec
    from convtool.model.contract import Contract
    from tests.property.drawn import Drawn

__all__ = ["Subject", "files", "subject", "write"]

_COMPONENT = re.compile(r"^  <xs:(?!import)\w+ [^\n]*(?:/>\n|(?<!/)>\n.*?^  </xs:\w+>\n)", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r'(<xs:import namespace="([^"]*)") />')
_KEPT = 8  # folders, at a time: what shrinks is asked for again and again


@dataclass(frozen=True)
class Subject:
    """A drawn contract, its folder of schema files, and its codec by the folder's catalog."""

    drawn: Drawn
    folder: Path
    catalog: Catalog
    codec: Codec

    @property
    def model(self) -> Contract:
        """The contract as the catalog has compiled it."""
        return self.codec.model


def files(drawn: Drawn) -> dict[str, str]:
    """Give the texts of a contract's schema files by name: an XSD for each namespace, and the JSON Schema."""
    texts = write_xsds([drawn.contract])
    names = {namespace: file_name(namespace) for namespace in texts}
    schemas = {names[namespace]: _varied(text, drawn, names) for namespace, text in texts.items()}
    half = json.dumps(emit(reached(drawn)), ensure_ascii=False, indent=1)
    return {**schemas, f"{drawn.contract.name}.schema.json": half}


def _varied(text: str, drawn: Drawn, names: dict[str, str]) -> str:
    """Give a schema with its components in another order, and locations for its imports, where the contract says so."""
    components = _COMPONENT.findall(text)
    start, end = text.index(components[0]), text.rindex("</xs:schema>")
    if drawn.shuffled:
        random.Random(drawn.shuffled).shuffle(components)
    head = text[:start]
    if drawn.located:
        head = _IMPORT.sub(lambda found: f'{found[1]} schemaLocation="{quote(names[unescape(found[2])])}" />', head)
    return "".join([head, *components, text[end:]])


def write(texts: dict[str, str], folder: Path) -> None:
    """Write files into a new folder."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


@cache
def _base() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="convtool-drawn-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_subjects: OrderedDict[str, Path] = OrderedDict()


def subject(drawn: Drawn) -> Subject:
    """Write a drawn contract's files and load them; the catalog and the codec are new at each call."""
    texts = files(drawn)
    name = hashlib.sha256(repr(sorted(texts.items())).encode()).hexdigest()[:16]
    if name not in _subjects:
        write(texts, _base() / name)
        _subjects[name] = _base() / name
        while len(_subjects) > _KEPT:
            shutil.rmtree(_subjects.popitem(last=False)[1], ignore_errors=True)
    catalog = Catalog(_subjects[name])
    return Subject(drawn, _subjects[name], catalog, catalog.contract(drawn.contract.name))
