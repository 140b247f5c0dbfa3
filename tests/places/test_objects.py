"""Runs that read and write by URL: a store in memory, a web server, and what they say when something is missing."""

from __future__ import annotations

import gc
import json
import tarfile
import threading
import zipfile
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server
from werkzeug.utils import send_file
from werkzeug.wrappers import Response

from convtool.batch import ProcessExecutor, run
from convtool.cli import app
from convtool.errors import SinkError, SourceError, UsageError
from convtool.places import atomic_writer, store_of
from tests.batch.tree import GOOD_XML

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


# Of aiohttp, whose sessions fsspec keeps open until memory is tidied up.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]


def packed() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", GOOD_XML)
        archive.writestr("b/c.xml", GOOD_XML)
    return buffer.getvalue()


def test_an_archive_in_a_store_becomes_files_of_a_store(memory: Any, tmp_path: Path) -> None:
    memory.pipe_file("/in/a.xml", GOOD_XML)
    memory.pipe_file("/in/more.zip", packed())
    memory.pipe_file("/in/x\\y.xml", GOOD_XML)
    memory.pipe_file("/in/.convtool-old/1.part", b"")
    noted = tmp_path / "noted"
    with run(["memory://in"], "memory://out/", journal=str(noted)) as going:
        outcomes = {outcome.name: outcome.status for outcome in going}
    assert outcomes == {
        "memory://in/a.xml": "converted", "memory://in/more.zip/a.xml": "converted",
        "memory://in/more.zip/b/c.xml": "converted", "memory://in/x\\y.xml": "refused",
    }  # fmt: skip
    assert sorted(memory.find("/out")) == ["/out/a.json", "/out/more.zip/a.json", "/out/more.zip/b/c.json"]
    assert json.loads(memory.cat_file("/out/a.json"))["ProduitId"] == 7
    with pytest.raises(UsageError, match="3 outputs are there already"):
        run(["memory://in"], "memory://out/", journal=str(tmp_path / "other"))
    with run(["memory://in"], "memory://out/", journal=str(noted), resume=True) as going:
        list(going)
        assert going.summary.reused == 4
    memory.pipe_file("/in/a.xml", GOOD_XML.replace(b">7<", b">8<"))
    memory.rm_file("/out/more.zip/a.json")
    with run(["memory://in"], "memory://out/", journal=str(noted), resume=True) as going:
        list(going)
        assert going.summary.reused == 2
    assert json.loads(memory.cat_file("/out/a.json"))["ProduitId"] == 8


def test_one_file_in_a_store_and_no_parts_left(memory: Any, tmp_path: Path) -> None:
    memory.pipe_file("/in/a.xml", GOOD_XML)
    memory.pipe_file("/in/b.xml", GOOD_XML)
    with run(["memory://in/*.xml"], "memory://out/all.ndjson", journal=str(tmp_path / "noted")) as going:
        assert [outcome.status for outcome in going] == ["converted", "converted"]
    assert memory.find("/out") == ["/out/all.ndjson"]
    assert memory.cat_file("/out/all.ndjson").count(b"\n") == 2


def test_what_other_processes_cannot_see(memory: Any, tmp_path: Path) -> None:
    memory.pipe_file("/in/a.xml", GOOD_XML)
    memory.pipe_file("/in/more.zip", packed())
    with run(["memory://in"], tmp_path / "out", executor=ProcessExecutor(1)) as going:
        assert [outcome.status for outcome in going] == ["converted"] * 3
    with (
        run(["memory://in"], "memory://out/", executor=ProcessExecutor(1), journal=str(tmp_path / "n")) as going,
        pytest.raises(UsageError, match="--jobs 1"),
    ):
        list(going)


def test_a_put_that_fails_leaves_the_old_object(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.pipe_file("/a.json", b"old")

    def fails(*_: object, **__: object) -> None:
        raise OSError(5, "the store is ill")

    def interrupted() -> None:
        with atomic_writer("memory://a.json") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with monkeypatch.context() as patched:
        patched.setattr(type(memory), "pipe_file", fails)
        ill = pytest.raises(SinkError, match=r"memory://a.json: cannot be written: .*the store is ill")
        with ill, atomic_writer("memory://a.json") as file:
            file.write(b"new")
    assert memory.cat_file("/a.json") == b"old"
    with atomic_writer("memory://a.json") as file:
        file.write(b"x" * (9 << 20))  # by way of a temporary file
    assert memory.cat_file("/a.json") == b"x" * (9 << 20)


def test_the_command_line(memory: Any, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    memory.pipe_file("/in/a.xml", GOOD_XML)
    assert app.run(["convert", "memory://in/a.xml"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["ProduitId"] == 7
    assert app.run(["convert", "memory://in/a.xml", "-o", "memory://out/a.json"]) == 0
    assert json.loads(memory.cat_file("/out/a.json"))["ProduitId"] == 7
    assert app.run(["validate", "memory://in/none.xml"]) == 2
    assert b"memory://in/none.xml: No such file or directory" in capsysbinary.readouterr().err
    assert app.run(["convert", "s3://k:s@b/in/", "-o", f"{tmp_path}/"]) == 2
    assert b"s3://b/in/: has a name or a password in it" in capsysbinary.readouterr().err
    assert app.run(["convert", "memory://in/", "-o", "https://h/out/"]) == 2
    assert b"the web is only read" in capsysbinary.readouterr().err


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(UsageError, match=r"s3://b/a: nothing is installed .*\[remote\]"):
        store_of("s3://b/a").size("s3://b/a")
    monkeypatch.setitem(sys.modules, "distributed", None)
    from convtool.batch.cluster import cluster_executor

    with pytest.raises(UsageError, match=r"pip install .*\[dask\]"), cluster_executor("local"):
        pass


def test_an_address_that_is_none() -> None:
    pytest.importorskip("distributed", reason="distributed is not installed (extra dask)")
    from convtool.batch.cluster import cluster_executor

    with pytest.raises(UsageError, match="is no scheduler's address"), cluster_executor("host:8786"):
        pass


def test_a_server_that_is_not_there() -> None:
    pytest.importorskip("aiohttp", reason="aiohttp is not installed (extra remote)")
    from convtool.places.remote import RemoteFile

    with pytest.raises(SourceError, match=r"http://127\.0\.0\.1:9/a\.xml: ") as caught:
        RemoteFile("http://127.0.0.1:9/a.xml?token=abc").read()
    assert "abc" not in str(caught.value)
    with run(["http://127.0.0.1:9/a.xml"]) as going:
        assert [outcome.reason[:30] for outcome in going] == ["its server cannot be reached ("]


@contextmanager
def web_server(folder: Path, *, ranges: bool) -> Iterator[str]:
    """Serve a folder's files on this machine; give the address."""

    def serve(environ: dict[str, Any], start: Any) -> Any:
        path = folder / environ["PATH_INFO"].strip("/")
        if not path.is_file():
            return Response("there is none", 404)(environ, start)
        if not ranges:
            environ.pop("HTTP_RANGE", None)
        # From memory: a client that leaves before the end leaves no file open.
        response = send_file(
            BytesIO(path.read_bytes()), environ, download_name=path.name, conditional=ranges, etag=False
        )
        response.cache_control.no_store = True
        return response(environ, start)

    server = make_server("127.0.0.1", 0, serve, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    pytest.importorskip("aiohttp", reason="aiohttp is not installed (extra remote)")
    from fsspec.implementations.http import HTTPFileSystem

    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "a.xml").write_bytes(GOOD_XML)
    (folder / "all.zip").write_bytes(packed())
    (folder / "none.zip").write_bytes(b"PK\5\6" + bytes(18))
    with tarfile.open(folder / "all.tar.gz", "w:gz") as tar:
        tar.add(folder / "a.xml", "b.xml")
    yield folder
    HTTPFileSystem.clear_instance_cache()
    gc.collect()


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.short(1)
def test_files_and_archives_of_a_web_server(
    served: Path, ranges: bool, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    with web_server(served, ranges=ranges) as address:
        assert app.run(["convert", f"{address}/a.xml", "-o", str(tmp_path / "a.json")]) == 0
        assert app.run(["convert", f"{address}/all.tar.gz", "-o", f"{out}/", "--jobs", "1"]) == 0
        assert (out / "b.json").read_bytes() == (tmp_path / "a.json").read_bytes()
        code = app.run(["convert", f"{address}/all.zip", "-o", f"{tmp_path}/zip/", "--jobs", "2"])
        capfd.readouterr()
        assert app.run(["convert", f"{address}/missing.xml"]) == 2
    said = capfd.readouterr().err
    assert f"{address}/missing.xml: No such file or directory" in said
    if ranges:
        assert code == 0
        assert (tmp_path / "zip" / "b" / "c.json").read_bytes() == (out / "b.json").read_bytes()
    else:
        assert code == 2


def test_a_server_without_ranges_is_named_with_a_remedy(served: Path) -> None:
    with web_server(served, ranges=False) as address, run([f"{address}/all.zip"]) as going:
        outcomes = list(going)
    assert [outcome.status for outcome in outcomes] == ["failed"]
    assert outcomes[0].reason.endswith("no range requests): download it first")


@pytest.mark.parametrize("place", ["disk", "web"])
def test_an_empty_zip_has_nothing_in_it(served: Path, place: str) -> None:
    with web_server(served, ranges=True) as address:
        base = address if place == "web" else str(served)
        with run([f"{base}/none.zip"]) as going:
            assert list(going) == []


def test_what_is_written_to_a_store_is_what_is_written_to_disk(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zip's writer goes back to put sizes into headers; beyond some size what it writes is on disk meanwhile."""
    (here := tmp_path / "here").mkdir()
    monkeypatch.chdir(here)
    for name in "abc":
        (tmp_path / f"{name}.xml").write_bytes(GOOD_XML)
    sources = [str(tmp_path / f"{name}.xml") for name in "abc"]
    with run(sources, tmp_path / "all.zip") as going:
        list(going)
    for most in (1 << 20, 100):
        monkeypatch.setattr("convtool.places.remote.IN_MEMORY", most)
        with run(sources, f"memory://{most}.zip", journal=str(tmp_path / f"noted-{most}")) as going:
            list(going)
        assert memory.cat_file(f"/{most}.zip") == (tmp_path / "all.zip").read_bytes()
    assert not list(here.iterdir())  # nor is anything of it on disk
