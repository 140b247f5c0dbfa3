"""A Dask cluster of real processes, an object store on this machine, and an archive: what tests of both need."""

from __future__ import annotations

import json
import logging
import os
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from tests.batch.tree import BROKEN, documents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def dask_cluster(workers: int = 2) -> Iterator[Any]:
    """Give a client of worker processes with one thread each, which come back when they are killed."""
    import distributed

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # of workers that are killed on purpose
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module="distributed")
        cluster = distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None,
            silence_logs=logging.CRITICAL,
        )  # fmt: skip
        try:
            with distributed.Client(cluster, set_as_default=False) as client:
                client.wait_for_workers(workers)
                yield client
        finally:
            with suppress(TimeoutError):  # some versions wait for ever for a worker that has been killed
                cluster.close(timeout=10)


@contextmanager
def object_store() -> Iterator[Any]:
    """Give an s3fs file system on a server of this machine, with the environment that leads every process to it."""
    import s3fs
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "a-key", "AWS_SECRET_ACCESS_KEY": "a-secret",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        s3fs.S3FileSystem.clear_instance_cache()
        yield s3fs.S3FileSystem(use_listings_cache=False)
    finally:
        server.stop()
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def archive(files: int, bad: int) -> dict[str, bytes]:
    """Give an archive's content: good payloads, and bad ones among them."""
    payloads = documents("cluster", 400)
    kinds = list(BROKEN.items())
    found = {}
    for at in range(files):
        if at % (files // bad) == 3:
            kind, (suffix, data, _) = kinds[at // (files // bad) % len(kinds)]
            found[f"{at % 5}/{at:05}-{kind}.{suffix}"] = data
        else:
            suffix, data = next(payloads)
            found[f"{at % 5}/{at:05}.{suffix}"] = data
    return found


def write(content: dict[str, bytes], root: Path) -> Path:
    for name, data in content.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def journal(path: Path, *roots: str) -> list[dict[str, Any]]:
    """Give a journal's outcomes in the plan's order, with sources below their root, and without what is of a store."""
    found = []
    for line in path.read_bytes().splitlines():
        entry = json.loads(line)
        if "source" in entry:
            for root in roots:
                entry["source"] = entry["source"].removeprefix(root)
            entry.pop("stamp", None)
            found.append(entry)
    return sorted(found, key=lambda entry: entry["number"])
