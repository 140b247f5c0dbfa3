"""Each place of schema files with something in it that should not be there: a contract, or an error of convtool's."""

from __future__ import annotations

import copy
import json
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

import convtool.model.files
from convtool import Catalog, ConvtoolError
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATA = ROOT / "tests" / "data"
CLIENT, INVENTORY = DATA / "boutique" / "Client", DATA / "inventaire" / "Inventaire"
VALUES = (
    True, False, None, 0, 1.5, "", "x", [], [[]], [{}], ["a", 1, None], {}, {"": ""}, {"$ref": "#"}, {"$ref": 5},
    {"anyOf": [True]}, {"enum": [{}]}, {"type": ["null"]}, {"xml": {"name": 5}}, {"readOnly": True, "x-made-of": [5]},
)  # fmt: skip


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield (*path, key)
        yield from places(node[key], (*path, key))


def changed(document: Any, path: tuple[Any, ...], value: Any) -> bytes:
    document = place = copy.deepcopy(document)
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document).encode()


def compiled(folder: Path, file: str, data: bytes) -> None:
    (folder / file).write_bytes(data)
    convtool.model.files._read.cache_clear()  # two changes of a file may have the same time
    with suppress(ConvtoolError):
        Catalog(folder).contract(file.partition(".")[0])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONVTOOL_CACHE", "")
    for path in (*CLIENT.parent.glob("*.*s*"), *INVENTORY.parent.glob("*.*s*")):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.parametrize(("of", "values"), [(CLIENT, VALUES), (INVENTORY, (False, [{}]))], ids=["client", "inventory"])
@pytest.mark.long
def test_a_json_schema_with_anything_anywhere(of: Path, values: tuple[Any, ...], folder: Path) -> None:
    file = f"{of.name}.schema.json"
    document = json.loads(of.with_name(file).read_bytes())
    for path in places(document):
        for value in values:
            compiled(folder, file, changed(document, path, value))


@pytest.mark.long
def test_an_xsd_that_lacks_any_of_its_attributes(folder: Path) -> None:
    file = f"{CLIENT.name}.xsd"
    (folder / f"{INVENTORY.name}.xsd").unlink()
    data = (folder / file).read_bytes()
    for number, element in enumerate(etree.fromstring(data).iter()):
        for name in element.attrib:
            root = etree.fromstring(data)
            of = list(root.iter())[number]
            del of.attrib[name]
            compiled(folder, file, etree.tostring(root))
