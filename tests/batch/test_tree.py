"""Five thousand files in every form, three in a hundred broken in every way: every single one is accounted for."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from convtool.batch import Outcome, ProcessExecutor, run
from convtool.catalog import Catalog
from convtool.places import stem
from convtool.recognise import named, other_format
from tests.batch.tree import BROKEN, Tree, make_tree

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("backports.zstd")
FILES, BAD = 5000, 150
TWICE = {"traps/trapped.tar/twice.xml": 2}  # two members of one name
COMMAND = [sys.executable, "-c", "from convtool.cli import main; main()", "convert"]
LISTED = ("2020.zip", "2022.tar.gz", "2025.tar.zst", "single")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return make_tree(tmp_path_factory.mktemp("tree") / "source", FILES, BAD + 1)


def converted(tree: Tree) -> dict[str, bytes]:
    """What the library makes of each good file, by the output's name."""
    catalog = Catalog()
    found = {}
    for name, data in tree.content.items():
        to = other_format(named(name))
        found[f"{stem(name)}.{to}"] = catalog.contract(contract_of(data)).convert(data, to).data
    return found


def contract_of(data: bytes) -> str:
    return "ParamModel" if b"<ParamModel" in data else "ArrayOfReponseV2Model"


def below(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def names(tree: Tree, outcomes: list[Outcome]) -> Counter[str]:
    return Counter(outcome.name.removeprefix(f"{tree.root}/") for outcome in outcomes)


@pytest.mark.long
def test_the_tree_has_every_form_and_every_way_to_be_broken(tree: Tree) -> None:
    assert len(tree.content) >= FILES * 0.99
    forms = {"plain", "single", "2020.zip", "2021.tar", "2022.tar.gz", "2023.tbz2", "2024.tar.xz", "2025.tar.zst"}
    good, bad = Counter(name.partition("/")[0] for name in tree.content), tree.status.keys() - tree.content.keys()
    assert forms <= good.keys()
    assert min(good[form] for form in forms) >= FILES // 13
    singles = {name.rpartition(".")[2] for name in tree.content if name.startswith("single/")}
    assert singles == {"gz", "bz2", "xz", "zst"}
    assert all(any(f"-{kind}." in name for name in bad) for kind in BROKEN)
    assert BAD <= len(bad) <= FILES * 0.035


def test_every_file_is_accounted_for_and_every_good_output_is_the_library_s(tree: Tree, tmp_path: Path) -> None:
    with run([str(tree.root)], tmp_path / "out", executor=ProcessExecutor(2)) as going:
        outcomes = list(going)
    assert names(tree, outcomes) == Counter(dict.fromkeys(tree.status, 1) | TWICE)
    for outcome in outcomes:
        name = outcome.name.removeprefix(f"{tree.root}/")
        assert (name, outcome.status) == (name, tree.status[name]), outcome
        assert outcome.good or outcome.reason or outcome.diagnostics
    assert sum(tree.status[name] != "converted" for name in tree.status) >= BAD
    written, expected = below(tmp_path / "out"), converted(tree)
    assert written.keys() == expected.keys()
    assert all(written[name] == expected[name] for name in expected)
    for outcome in outcomes:
        if outcome.good:
            data = written[outcome.target]
            assert (outcome.bytes_out, outcome.sha256_out) == (len(data), hashlib.sha256(data).hexdigest())
            content = tree.content[outcome.name.removeprefix(f"{tree.root}/")]
            assert (outcome.bytes_in, outcome.sha256_in) == (len(content), hashlib.sha256(content).hexdigest())
            assert outcome.records == (
                1 if outcome.contract == "ParamModel" else data.count(b"<NomProduit") or data.count(b'"NomProduit":')
            )
    assert not list(tmp_path.rglob(".convtool-*"))


@pytest.mark.long
def test_a_list_of_all_files_into_one_file_of_lines(tree: Tree, tmp_path: Path) -> None:
    given = [path for path in tree.root.rglob("*") if not path.is_dir()]  # a link to a folder would be gone into
    listed = tmp_path / "list"
    listed.write_bytes(b"\0".join(map(os.fsencode, given)))
    out, report = tmp_path / "all.ndjson", tmp_path / "all-report.ndjson"
    options = ["--files-from", str(listed), "-o", str(out), "--report", str(report), "-q", "--jobs", "2"]
    done = subprocess.run([*COMMAND, *options], capture_output=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (2, b"")
    rows = [json.loads(line) for line in report.read_bytes().splitlines()]
    found = [(f"{row['source']}/{row['member']}" if "member" in row else row["source"], row["status"]) for row in rows]
    named = [(name.removeprefix(f"{tree.root}/"), status) for name, status in found]
    expected = {name: status for name, status in tree.status.items() if name != "traps/loop"}
    assert Counter(name for name, _ in named) == Counter(dict.fromkeys(expected, 1) | TWICE)
    assert dict(named) == expected
    catalog = Catalog()
    good = (tree.content[name] for name, status in named if status == "converted")
    assert out.read_bytes() == b"".join(lines(catalog, data) for data in good)


def lines(catalog: Catalog, data: bytes) -> bytes:
    """What the library makes of a good file: a line for each record."""
    codec, sink = catalog.contract(contract_of(data)), io.BytesIO()
    if codec.model.item is None:
        return codec.to_json(data) + b"\n"
    codec.convert_stream(io.BytesIO(data), sink, "ndjson")
    return sink.getvalue()


def test_archives_of_every_kind_into_a_zip(tree: Tree, tmp_path: Path) -> None:
    out = tmp_path / "all.zip"
    sources = [str(tree.root / name) for name in LISTED]
    command = [*COMMAND, *sources, "-o", str(out), "-q", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    with zipfile.ZipFile(out) as archive:
        expected = {name: data for name, data in converted(tree).items() if name.startswith(LISTED)}
        assert {name: archive.read(name) for name in archive.namelist()} == expected


@pytest.mark.long
def test_validate_judges_the_same_files(tree: Tree) -> None:
    with run([str(tree.root)], executor=ProcessExecutor(2)) as going:
        outcomes = list(going)
    for outcome in outcomes:
        status = tree.status[outcome.name.removeprefix(f"{tree.root}/")]
        assert outcome.status == ("valid" if status == "converted" else status)
