"""A real scheduler and two worker processes do what one machine does, byte for byte, also when a worker is killed.

With as many objects in the store as there are files elsewhere, which takes two minutes:

    CONVTOOL_STORED=2000 python -m pytest -m long tests/test_dask.py -k store
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import tarfile
import time
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("distributed", reason="distributed is not installed (extra dask)")

from convtool.batch import DaskExecutor, Job, ProcessExecutor, Stop, run
from convtool.batch.dask_worker import Order, packed, perform
from convtool.errors import SourceError, UsageError
from tests.batch.cluster import archive, dask_cluster, journal, object_store, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from convtool.batch import Run

# Sockets that a library forgets to close are found when memory is tidied up, in whatever test that happens.
pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]
FILES, BAD = 2000, 40
IN_STORE = int(os.environ.get("CONVTOOL_STORED", "30"))  # objects: a store on this machine is a slow one


@pytest.fixture(scope="module")
def store() -> Iterator[Any]:
    """A store on this machine; None where what it takes is not installed."""
    if not all(map(find_spec, ("moto", "flask_cors", "s3fs"))):
        yield None
        return
    with object_store() as store:
        yield store
    gc.collect()


@pytest.fixture(scope="module")
def client(store: Any) -> Iterator[Any]:
    """A cluster, whose workers find the store by the environment that they have from here."""
    with dask_cluster() as client:
        yield client
    gc.collect()


@pytest.fixture(scope="module")
def content() -> dict[str, bytes]:
    return archive(FILES, BAD)


@pytest.fixture(scope="module")
def source(content: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(content, tmp_path_factory.mktemp("cluster") / "in")


@pytest.fixture(scope="module")
def alone(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one machine makes of the archive, with its journal beside it."""
    out = tmp_path_factory.mktemp("alone") / "out"
    with run([source], out, executor=ProcessExecutor(2)) as going:
        list(going)
    return out


def below(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def pids(client: Any) -> list[int]:
    return list(client.run(os.getpid).values())


def check_the_same(out: Path, alone: Path, source: Path, root: str) -> None:
    assert below(out) == below(alone)
    first = journal(alone.with_name("out.journal.ndjson"), f"{source}/")
    assert journal(out.with_name("out.journal.ndjson"), root) == first
    assert len(first) == FILES
    assert sum(entry["status"] not in ("converted", "valid") for entry in first) == BAD


def assert_a_worker_dies_in(going: Run, client: Any) -> None:
    """Do a run to its end, and kill a worker after a third of it."""
    killed = 0
    for at, _ in enumerate(going):
        if at == FILES // 3:
            killed = pids(client)[0]
            os.kill(killed, signal.SIGKILL)
    assert killed
    assert killed not in pids(client)


def test_a_worker_is_killed_in_the_middle(client: Any, source: Path, alone: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with run([f"file://{source}"], out, executor=DaskExecutor(client)) as going:
        assert_a_worker_dies_in(going, client)
    check_the_same(out, alone, source, f"{source}/")
    assert not list(tmp_path.rglob(".convtool-*"))


def test_from_memory(client: Any, content: dict[str, bytes], source: Path, alone: Path, tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (extra remote)")
    memory = fsspec.filesystem("memory")
    for name, data in content.items():
        memory.pipe_file(f"/archive/{name}", data)
    out = tmp_path / "out"
    with run(["memory://archive"], out, executor=DaskExecutor(client)) as going:
        list(going)
    check_the_same(out, alone, source, "memory://archive/")
    with (
        run(["memory://archive"], "memory://out/", executor=DaskExecutor(client), journal=str(tmp_path / "j")) as going,
        pytest.raises(UsageError, match="workers cannot write"),
    ):
        list(going)


def test_from_a_store_to_a_store(client: Any, store: Any, tmp_path: Path) -> None:
    if store is None:
        pytest.skip("moto, flask-cors or s3fs is not installed")
    local = write(archive(IN_STORE, max(6, IN_STORE // 50)), tmp_path / "in")
    for name in ("one", "one.ndjson.gz"):
        with run([local], tmp_path / name, executor=ProcessExecutor(2)) as going:
            list(going)
    store.mkdir("archive")
    store.put(f"{local}/", "archive/in/", recursive=True)
    for out in ("out/", "all.ndjson.gz"):
        noted = tmp_path / f"{out.strip('/')}.noted"
        with run(
            ["s3://archive/in"], f"s3://archive/{out}", executor=DaskExecutor(client), journal=str(noted)
        ) as going:
            for at, _ in enumerate(going):
                if at == IN_STORE // 3 and out == "out/":
                    os.kill(pids(client)[0], signal.SIGKILL)
    written = {key.removeprefix("archive/out/"): store.cat_file(key) for key in store.find("archive/out")}
    assert written == below(tmp_path / "one")
    assert store.cat_file("archive/all.ndjson.gz") == (tmp_path / "one.ndjson.gz").read_bytes()
    assert not [key for key in store.find("archive") if ".convtool" in key]
    noted = tmp_path / "out.noted"
    assert journal(noted, "s3://archive/in/") == journal(tmp_path / "one.journal.ndjson", f"{local}/")
    assert b"a-secret" not in noted.read_bytes()
    with run(["s3://archive/in"], "s3://archive/out/", journal=str(noted), resume=True) as going:
        list(going)
        assert going.summary.reused == IN_STORE - going.summary.statuses["failed"]  # known by the store's own marks


def test_an_archive_in_a_store(
    client: Any, store: Any, content: dict[str, bytes], source: Path, alone: Path, tmp_path: Path
) -> None:
    """All files are members of one object, and all outputs are one: a worker is killed over them."""
    if store is None:
        pytest.skip("moto, flask-cors or s3fs is not installed")
    packed = tmp_path / "all.tar.gz"
    with tarfile.open(packed, "w:gz") as tar:
        for path in sorted(source.rglob("*.*")):
            tar.add(path, path.relative_to(source))
    with run([packed], tmp_path / "one.zip", executor=ProcessExecutor(2)) as going:
        list(going)
    store.mkdir("packed")
    store.put_file(str(packed), "packed/all.tar.gz")
    noted = tmp_path / "noted"
    executor = DaskExecutor(client)
    with run(["s3://packed/all.tar.gz"], "s3://packed/all.zip", executor=executor, journal=str(noted)) as going:
        assert_a_worker_dies_in(going, client)
    assert store.cat_file("packed/all.zip") == (tmp_path / "one.zip").read_bytes()
    assert store.find("packed") == ["packed/all.tar.gz", "packed/all.zip"]
    first = journal(tmp_path / "one.zip.journal.ndjson", str(packed))
    assert [without_parts(entry) for entry in journal(noted, "s3://packed/all.tar.gz")] == [*map(without_parts, first)]
    assert len(first) == FILES
    assert sum(entry["status"] not in ("converted", "valid") for entry in first) == BAD


def without_parts(entry: dict[str, Any]) -> dict[str, Any]:
    """Give an outcome without where its output was meanwhile, which no two runs have in common."""
    return {key: value for key, value in entry.items() if key not in ("part", "offset")}


def test_a_run_that_is_stopped_is_taken_up(client: Any, source: Path, alone: Path, tmp_path: Path) -> None:
    out, stop = tmp_path / "out", Stop()
    with run([source], out, executor=DaskExecutor(client, 1), stop=stop) as going:
        for at, _ in enumerate(going):
            stop.soon = stop.soon or at > 100
        assert going.interrupted
        assert 100 < going.summary.files <= 875  # the two tasks that were under way, and no more
    with run([source], out, executor=DaskExecutor(client), resume=True) as going:
        list(going)
        assert going.summary.reused > 90
    assert below(out) == below(alone)


def test_paths_are_found_whatever_folder_the_workers_are_in(
    client: Any, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(source.parent)
    with run(["in/1"], executor=DaskExecutor(client)) as going:
        outcomes = list(going)
    assert len(outcomes) == FILES // 5
    assert all(outcome.source.startswith("in/1/") for outcome in outcomes)
    written = []
    for name, executor in (("here", None), ("there", DaskExecutor(client))):
        with run(["in/1"], tmp_path / f"{name}.ndjson", job=Job(with_source=True), executor=executor) as going:
            told = sorted((outcome.name, outcome.status, outcome.reason) for outcome in going)
        written.append((told, (tmp_path / f"{name}.ndjson").read_bytes()))
    assert written[0] == written[1]


def test_the_command_line_uses_a_scheduler_that_is_there(
    client: Any, source: Path, alone: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "convtool", "convert", str(source), "-o", f"{out}/", "--jobs", "2", "--quiet"]
    done = subprocess.run([*command, "--cluster", client.scheduler.address], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")  # some files are invalid
    check_the_same(out, alone, source, f"{source}/")


def test_workers_that_do_not_come_back_end_the_run(
    source: Path, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convtool.batch.dask._PATIENCE", 1.0)
    monkeypatch.setattr("convtool.batch.dask._COUNT_EVERY", 0.2)
    out = tmp_path / "out"
    with dask_cluster(1) as client:
        with run([source], out, executor=DaskExecutor(client)) as going:
            outcomes = iter(going)
            next(outcomes)
            client.cluster.scale(0)
            with pytest.raises(SourceError, match="has had no workers for 1 seconds"):
                list(outcomes)
        with pytest.raises(SourceError, match="the cluster has no workers"):
            DaskExecutor(client)
    with run([source], out, executor=ProcessExecutor(2), resume=True) as going:
        list(going)
        assert going.summary.reused
    assert below(out) == below(alone)


# --- files that kill -------------------------------------------------------------------------------------------------


def test_a_batch_that_kills_workers_is_halved_down_to_the_file(source: Path, tmp_path: Path) -> None:
    deadly = write({f"{at}.xml": b"<Autre/>" for at in range(8)} | {"kill.xml": b"<Autre/>"}, tmp_path / "in")
    from distributed import WorkerPlugin

    class Armed(WorkerPlugin):  # type: ignore[misc]  # hardly typed
        def setup(self, worker: Any) -> None:
            from convtool.batch import perform as module

            opened = module.open_found

            def open_found(found: Any, *rest: Any) -> Any:
                if found.name == "kill.xml":
                    os.kill(os.getpid(), signal.SIGKILL)
                return opened(found, *rest)

            module.open_found = open_found

    with dask_cluster() as client:
        client.register_plugin(Armed())
        executor = DaskExecutor(client, 1, isolated=False)
        with run([deadly], executor=executor) as going:
            outcomes = {outcome.name.rpartition("/")[2]: outcome for outcome in going}
    assert outcomes.keys() == {path.name for path in deadly.iterdir()}
    assert {name for name, outcome in outcomes.items() if outcome.status == "failed"} == {"kill.xml"}
    assert "ends the worker that reads it" in outcomes["kill.xml"].reason


# --- workers that are not the client's equal -------------------------------------------------------------------------


def failure(**changed: Any) -> str:
    import pickle
    import zlib

    import msgspec

    from convtool import __version__
    from convtool.batch import Result, Task
    from convtool.batch.fingerprint import code_hash, schemas_hash
    from convtool.model.folder import bundled_path

    folder = str(bundled_path())
    fields: dict[str, Any] = {
        "key": str(changed), "job": Job(schemas=folder, verb="validate"), "version": __version__, "code": code_hash(),
        "schemas": schemas_hash(folder), "bundled": True,
    }  # fmt: skip
    answer = perform(pickle.dumps(Order(**fields | changed)), packed(pickle.dumps(Task(0, ()))))
    return msgspec.msgpack.decode(zlib.decompress(answer), type=Result).failure


def test_a_worker_refuses_what_it_would_do_otherwise_than_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convtool.batch.dask_worker._SEEN_WITHIN", 0.1)
    assert failure(isolated=False) == ""
    assert "has convtool" in failure(version="0.0.1")
    assert "another convtool" in failure(code="0")
    assert "has other schemas in" in failure(schemas="0")
    missing = Job(schemas="/nowhere", verb="validate")
    assert "cannot read the schemas in /nowhere" in failure(job=missing, bundled=False)
    assert "does not see /nowhere" in failure(seen=("/nowhere",))


def test_a_refusal_ends_the_run(client: Any, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convtool.batch.dask.__version__", "9.9")
    with (
        run([source], tmp_path / "out", executor=DaskExecutor(client)) as going,
        pytest.raises(SourceError, match=r"has convtool .*, and this is 9\.9: install the same"),
    ):
        list(going)
    assert not list((tmp_path / "out").rglob("*"))


def test_limits_need_processes(client: Any, source: Path) -> None:
    executor = DaskExecutor(client, isolated=False)
    with (
        run([source], job=Job(verb="validate", seconds=1), executor=executor) as going,
        pytest.raises(UsageError, match="limits of time and memory"),
    ):
        list(going)
    with pytest.raises(UsageError, match="at least one"):
        DaskExecutor(client, 0)


def test_ctrl_c_on_a_local_cluster_finishes_what_is_in_hand(source: Path, alone: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "convtool", "convert", str(source), "-o", f"{out}/", "--cluster", "local"]
    # A terminal sends it to all processes of its foreground group.
    heeds = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        [*command, "--jobs", "2"],
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=heeds,  # noqa: PLW1509
    ) as process:
        until = time.monotonic() + 60
        while time.monotonic() < until and not (out.is_dir() and len(list(out.rglob("*.json"))) > 50):
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130
    assert "finishing the files in hand" in said
    assert "--resume goes on from there" in said
    assert not list(tmp_path.rglob(".convtool-*"))
    with run([source], out, executor=ProcessExecutor(2), resume=True) as going:
        list(going)
    assert below(out) == below(alone)
