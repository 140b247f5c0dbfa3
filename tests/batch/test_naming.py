"""What an output is called says what is in it, whatever its source is called, and whatever road that comes by."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import shutil
import tarfile
import zipfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from convtool.batch import Job, ProcessExecutor, run
from convtool.recognise import recognise
from tests.batch.tree import GOOD_XML
from tests.support import SAMPLES

if TYPE_CHECKING:
    from typing import Any


JSON = (SAMPLES / "valid" / "ParamModel.json").read_bytes()
LIST = (SAMPLES / "valid" / "ArrayOfReponseV2Model.json").read_bytes()
SOAP = (SAMPLES / "valid" / "ParamModel-soap.xml").read_bytes()
RANDOM = Random(7)
LINE = b'{"NomProduit":"%s","ProduitId":1}'
LARGE = b"[%s]" % b",".join(LINE % RANDOM.randbytes(60).hex().encode() for _ in range(2000))
SOURCES = {  # each with its output
    "a": (JSON, "a.xml"),
    "b.xml": (JSON, "b.xml"),
    "c.txt": (b" " * 2000 + JSON, "c.xml"),
    "d": (gzip.compress(JSON), "d.xml"),
    "e.xml.gz": (gzip.compress(JSON), "e.xml"),
    "f.xml": (b'{"Message":"No."}', "f.xml"),
    "g.json": (JSON, "g.xml"),
    "h": (GOOD_XML, "h.json"),
    "i.json": (GOOD_XML, "i.json"),
    "j.json": (GOOD_XML.decode().encode("utf-16"), "j.json"),
    "k.json.gz": (gzip.compress(GOOD_XML), "k.json"),
    "l.json": (b"<Error><Message>No.</Message></Error>", "l.json"),
    "m.json": (SOAP, "m.json"),
    "n.XML": (GOOD_XML, "n.json"),
    "o.xml": (b"\n" * 600 + JSON, "o.xml"),
    "p.json": (b"\xef\xbb\xbf" + b" " * 600 + GOOD_XML.removeprefix(b"\xef\xbb\xbf"), "p.json"),
    "q.xml.bz2": (bz2.compress(LARGE), "q.xml"),
}
ROADS = ["folder", "zip", "tar", "tar.gz", "files"]


def packed(road: str, content: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    if road == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in content.items():
                archive.writestr(name, data)
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz" if road == "tar.gz" else "w") as tar:
            for name, data in content.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("workers", [False, True])
@pytest.mark.parametrize("out", ["out/", "out.zip"])
@pytest.mark.parametrize("road", ROADS)
@pytest.mark.short(3)
def test_an_outputs_suffix_says_what_is_in_it(road: str, out: str, workers: bool, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    if road in ("folder", "files"):
        for name, (data, _) in SOURCES.items():
            (folder / name).write_bytes(data)
    else:
        (tmp_path / f"in.{road}").write_bytes(packed(road, {name: data for name, (data, _) in SOURCES.items()}))
    sources = {"folder": [folder], "files": sorted(folder.iterdir())}.get(road, [tmp_path / f"in.{road}"])
    with run(sources, f"{tmp_path}/{out}", executor=ProcessExecutor(2) if workers else None) as going:
        assert {outcome.status for outcome in going} == {"converted", "error response"}
    if out == "out/":
        found = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    else:
        with zipfile.ZipFile(tmp_path / out) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
    assert set(found) == {target for _, target in SOURCES.values()}
    assert {name: recognise(data).name for name, data in found.items()} == {name: name[2:] for name in found}


def test_two_files_have_one_output_by_what_is_in_them(tmp_path: Path) -> None:
    for name, data in {"a.xml": GOOD_XML, "a": GOOD_XML, "b.xml": GOOD_XML, "b": JSON}.items():
        (tmp_path / name).write_bytes(data)
    sources = [tmp_path / name for name in ("a.xml", "a", "b.xml", "b")]
    with run(sources, tmp_path / "out/") as going:
        assert [outcome.status for outcome in going] == ["refused", "refused", "converted", "converted"]
    assert names(tmp_path / "out") == ["b.json", "b.xml"]


@pytest.mark.parametrize("to", ["", "json"])
@pytest.mark.parametrize("on_clash", ["refuse", "suffix", "error"])
@pytest.mark.parametrize("road", ["folder", "zip", "tar.gz"])
def test_what_is_no_payload_is_in_nobodys_way(road: str, on_clash: Any, to: Any, tmp_path: Path) -> None:
    har = (SAMPLES / "captures" / "chromium.har").read_bytes()
    content = {
        "a.xml": GOOD_XML, "a.txt": b"notes", "a.har": har, "a": b"", "b.xml": GOOD_XML, "b.json": har,
        "README": b"# Read me", "README.txt": b"# Read me", "c.json": b'{"number":0,"source":"a","status":"valid"}\n',
        "c.xml": GOOD_XML, "d": har, "d.json/e.xml": GOOD_XML,
    }  # fmt: skip
    if road == "folder":
        for name, data in content.items():
            (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "in" / name).write_bytes(data)
    else:
        (tmp_path / f"in.{road}").write_bytes(packed(road, content))
    source = tmp_path / ("in" if road == "folder" else f"in.{road}")
    with run([source], tmp_path / "out/", job=Job(to=to, on_clash=on_clash)) as going:
        found = {outcome.name.removeprefix(f"{source}/"): outcome for outcome in going}
    good = {"a.xml", "b.xml", "c.xml", "d.json/e.xml"}
    assert {name: one.status for name, one in found.items()} == {
        name: "converted" if name in good else "skipped" for name in content
    }
    assert found["a.txt"].reason.startswith("is neither XML nor JSON")
    assert "`convtool extract`" in found["d"].reason
    below = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert below == {"a.json", "b.json", "c.json", "d.json/e.json"}


def test_what_is_named_twice_is_one(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.xml", "sub/b.xml", "sub-c.xml"):
        (tmp_path / name).write_bytes(GOOD_XML)
    with run([tmp_path / "a.xml", tmp_path / "a.xml"], tmp_path / "out/") as going:
        assert [outcome.status for outcome in going] == ["converted"]
    with run([tmp_path / "a.xml"], tmp_path / "all.ndjson", listed=[tmp_path / "a.xml"]) as going:
        assert [outcome.status for outcome in going] == ["converted"]
    shutil.rmtree(tmp_path / "out")
    (tmp_path / "all.ndjson").unlink()
    for pattern, times in (("**", 3), ("**/*.xml", 3), ("*", 3), ("sub*", 2), ("sub/**", 1)):
        with run([f"{tmp_path}/{pattern}"]) as going:
            assert sum(outcome.status == "valid" for outcome in going) == times, pattern


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (b"\xe9t\xe9", "has a name that is not UTF-8"), (b"a\nb", "has control characters in its name"),
        (b"a\\b", "has a backslash in its name"), (b"c:b", "has a drive in its name"),
    ],
)  # fmt: skip
def test_a_zip_has_no_names_that_could_not_be_read_again(name: bytes, why: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.xml").write_bytes(GOOD_XML)
    Path(os.fsdecode(bytes(folder) + b"/" + name + b".xml")).write_bytes(GOOD_XML)
    with run([folder], tmp_path / "out.zip") as going:
        assert sorted((one.status, one.reason.partition(",")[0]) for one in going) == [
            ("converted", ""), ("refused", why),
        ]  # fmt: skip
    with run([tmp_path / "out.zip"]) as going:
        assert [one.status for one in going] == ["valid"]
    with run([folder], tmp_path / "out/") as going:
        assert [one.status for one in going] == ["converted", "converted"]
    assert sorted(os.listdir(bytes(tmp_path / "out"))) == sorted([b"a.json", name + b".json"])  # noqa: PTH208 - as bytes


def test_what_files_are_said_to_be_counts(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(GOOD_XML)
    (tmp_path / "b").write_bytes(JSON)
    with run([tmp_path / "a", tmp_path / "b"], tmp_path / "out/", job=Job(given="json")) as going:
        assert [outcome.status for outcome in going] == ["invalid", "converted"]
    assert names(tmp_path / "out") == ["b.xml"]


def test_a_pipe_and_an_object_are_called_what_they_are(tmp_path: Path, memory: Any) -> None:
    memory.pipe_file("/in/c.json", GOOD_XML)
    (tmp_path / "b.xml").write_bytes(GOOD_XML)
    reader, writer = os.pipe()
    os.write(writer, JSON)
    os.close(writer)
    with run([f"/dev/fd/{reader}", tmp_path / "b.xml", "memory://in/c.json"], tmp_path / "out/") as going:
        assert {outcome.status for outcome in going} == {"converted"}
    os.close(reader)
    assert {path.name for path in (tmp_path / "out").rglob("*.*")} == {f"{reader}.xml", "b.json", "c.json"}


@pytest.mark.parametrize("workers", [False, True])
@pytest.mark.parametrize("out", ["out/", "out.zip"])
def test_no_output_takes_the_name_of_another(out: str, workers: bool, tmp_path: Path) -> None:
    content = {
        "a.xml": JSON, "a.json": JSON, "b": JSON, "b.xml/c.xml": JSON, "C.json": GOOD_XML, "c.xml": GOOD_XML,
        "d.json": JSON, "d.xml": GOOD_XML, "e": JSON,
    }  # fmt: skip
    for name, data in content.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    with run([tmp_path / "in"], f"{tmp_path}/{out}", executor=ProcessExecutor(2) if workers else None) as going:
        found = {outcome.name.removeprefix(f"{tmp_path}/in/"): outcome for outcome in going}
    refused = {"a.xml", "b", "C.json"}
    assert {name for name, one in found.items() if one.status == "refused"} == refused
    assert all("a name that is another's: --to" in found[name].reason for name in refused)
    assert {found[name].target for name in content if name not in refused} == {
        "a.xml", "b.xml/c.xml", "c.json", "d.xml", "d.json", "e.xml",
    }  # fmt: skip


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_there_already_is_replaced_where_that_is_wanted(overwrite: bool, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(JSON)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.xml").write_bytes(b"precious")
    for resume in (False, True):
        with run([tmp_path / "a"], tmp_path / "out/", overwrite=overwrite and not resume, resume=resume) as going:
            assert [outcome.status for outcome in going] == ["converted" if overwrite else "refused"]
        assert ((tmp_path / "out" / "a.xml").read_bytes() == b"precious") is not overwrite


def test_a_source_is_not_replaced_by_what_it_becomes(tmp_path: Path) -> None:
    for name, data in {"a.xml": JSON, "b.xml": GOOD_XML}.items():
        (tmp_path / name).write_bytes(data)
    with run([tmp_path / "a.xml", tmp_path / "b.xml"], tmp_path, overwrite=True, journal=f"{tmp_path}/j") as going:
        assert [outcome.status for outcome in going] == ["refused", "converted"]
    assert (tmp_path / "a.xml").read_bytes() == JSON


def test_a_run_that_is_taken_up_takes_its_outputs_for_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a").write_bytes(JSON)
    (folder / "b").write_bytes(LIST)
    with run([folder], tmp_path / "out/") as going:
        assert {outcome.status for outcome in going} == {"converted"}
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    with run([folder], tmp_path / "out/", resume=True) as going:
        assert {outcome.target for outcome in going} == {"a.xml", "b.xml"}
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == before
