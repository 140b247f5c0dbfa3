"""What an output is called says what is in it, whatever its source is called, and whatever road that comes by."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from convtool.batch import Job, ProcessExecutor, run
from convtool.recognise import recognise
from tests.batch.tree import GOOD_XML
from tests.support import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

JSON = (SAMPLES / "valid" / "ParamModel.json").read_bytes()
LIST = (SAMPLES / "valid" / "ArrayOfReponseV2Model.json").read_bytes()
SOAP = (SAMPLES / "valid" / "ParamModel-soap.xml").read_bytes()
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
}
ROADS = ["folder", "zip", "tar", "tar.gz", "files"]


def packed(road: str) -> bytes:
    buffer = io.BytesIO()
    if road == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, (data, _) in SOURCES.items():
                archive.writestr(name, data)
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz" if road == "tar.gz" else "w") as tar:
            for name, (data, _) in SOURCES.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("workers", [False, True])
@pytest.mark.parametrize("out", ["out/", "out.zip"])
@pytest.mark.parametrize("road", ROADS)
def test_an_outputs_suffix_says_what_is_in_it(road: str, out: str, workers: bool, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    if road in ("folder", "files"):
        for name, (data, _) in SOURCES.items():
            (folder / name).write_bytes(data)
    else:
        (tmp_path / f"in.{road}").write_bytes(packed(road))
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


def test_what_files_are_said_to_be_counts(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(GOOD_XML)
    (tmp_path / "b").write_bytes(JSON)
    with run([tmp_path / "a", tmp_path / "b"], tmp_path / "out/", job=Job(given="json")) as going:
        assert [outcome.status for outcome in going] == ["invalid", "converted"]
    assert names(tmp_path / "out") == ["b.xml"]


def test_a_pipe_is_believed_its_name(tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_bytes(GOOD_XML)
    reader, writer = os.pipe()
    os.write(writer, JSON)
    os.close(writer)
    with run([f"/dev/fd/{reader}", tmp_path / "b.xml"], tmp_path / "out/") as going:
        assert [outcome.status for outcome in going] == ["refused", "converted"]
    os.close(reader)


def test_a_run_is_taken_up_under_the_names_it_began_with(tmp_path: Path) -> None:
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
