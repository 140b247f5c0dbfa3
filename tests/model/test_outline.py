"""Contracts are recognised without being compiled: outlines say what the model says; each schema file is read once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from benchmarks.contracts import make
from convtool.authoring.derive import derive, write
from convtool.catalog import Catalog
from convtool.errors import PayloadError
from convtool.model.folder import Folder
from convtool.model.outline import of_contract, read_outline
from tests.support import ROOT, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDERS = [SCHEMAS, *(path for path in (ROOT / "tests" / "data").iterdir() if list(path.glob("*.schema.json")))]

# Prints the schema files that were opened, and the contracts that were compiled, while a payload is validated.
COUNTED = """
import json, sys
from pathlib import Path
opened, compiled = [], []
def hook(event, args):
    if event == "open" and isinstance(args[0], str) and args[0].startswith(sys.argv[1]) and "r" in str(args[1]):
        opened.append(args[0])
sys.addaudithook(hook)
from convtool.model import folder
was = folder.Folder.compile
folder.Folder.compile = lambda self, name: compiled.append(name) or was(self, name)
from convtool import Catalog
catalog = Catalog(sys.argv[1])
name, _ = catalog.detect(Path(sys.argv[2]))
report = catalog.contract(name).validate(Path(sys.argv[2]))
assert report, report.text()
print(json.dumps({"name": name, "opened": opened, "compiled": compiled}))
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 130 contracts, and one whose JSON looks like no other's."""
    folder = tmp_path_factory.mktemp("large")
    make(folder, 13)
    write(derive([folder]), folder)
    for name in ("ParamModel.xsd", "ParamModel.schema.json"):
        (folder / name).write_bytes((SCHEMAS / name).read_bytes())
    return folder


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_outlines_are_those_of_the_compiled_contracts(folder: Path) -> None:
    of = Folder(folder)
    assert of.outlines() == [of_contract(of.contract(name)) for name in of.names()]


@pytest.mark.parametrize(
    "change",
    [
        lambda schema: {**schema, "$ref": "https://elsewhere.example/x"},
        lambda schema: {"allOf": [schema]},
        lambda schema: {**schema, "type": "object", "properties": 1},
        lambda schema: [schema],
    ],
)
def test_what_is_said_in_another_way_is_left_to_the_compiler(change: Callable[[object], object]) -> None:
    schema = json.loads((SCHEMAS / "ParamModel.schema.json").read_bytes())
    schema.pop("$ref", None)
    schema.pop("type", None)
    schema.pop("anyOf", None)
    assert read_outline("ParamModel", json.dumps(change(schema)).encode(), {"ParamModel": ["urn:t"]}) is None
    assert read_outline("ParamModel", b"{", {"ParamModel": ["urn:t"]}) is None
    assert read_outline("ParamModel", b'{"type":"object","properties":{}}', {}) is None


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize(
    ("contract", "payload"), [("C4_7", '{"A":{"M0":1,"M1":"x"},"B":null}'), ("ParamModel", '{"Debut":"2026-03-22"}')]
)
@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.short(1)
def test_one_of_many_contracts_is_recognised_at_the_cost_of_one(
    large: Path, contract: str, payload: str, form: str, cached: bool, tmp_path: Path
) -> None:
    if form == "json" and contract != "ParamModel":
        pytest.skip("130 contracts have the same names in JSON")
    file = tmp_path / "payload"
    file.write_bytes(Catalog(large).contract(contract).to_xml(payload) if form == "xml" else payload.encode())
    environment = {"CONVTOOL_CACHE": str(tmp_path / "cache") if cached else "", "PATH": "", "PYTHONPATH": str(ROOT)}
    for _ in range(2 if cached else 1):
        done = subprocess.run(
            [sys.executable, "-c", COUNTED, str(large), str(file)],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["name"] == contract
    assert found["compiled"] == ([] if cached else [contract])
    times = Counter(found["opened"])
    assert set(times.values()) == {1}


def test_one_contract_that_cannot_be_compiled_does_not_hide_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    folder.mkdir()
    for path in SCHEMAS.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    broken = json.loads((SCHEMAS / "ParamModel.schema.json").read_bytes())
    (folder / "ParamModel.schema.json").write_text(json.dumps(broken).replace('"integer"', '"number"'))
    catalog = Catalog(folder)
    assert catalog.detect('[{"NomProduit":"x"}]') == ("ArrayOfReponseV2Model", "json")
    with pytest.raises(PayloadError):
        catalog.detect("<x/>")
