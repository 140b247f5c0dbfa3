"""What tests run in: a cache of compiled contracts of their own, no settings of the user; and which are the suite's."""

from __future__ import annotations

import os
import shutil
import tempfile
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.catalog import Catalog

# Machines that build are slow and uneven: time is watched by people, not by each example.
settings.register_profile("convtool", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
settings.load_profile("convtool")

_cache = ""


def pytest_configure(config: pytest.Config) -> None:
    global _cache  # noqa: PLW0603 - pytest's hooks have no object of their own
    _cache = tempfile.mkdtemp(prefix="convtool-tests-")
    os.environ["CONVTOOL_CACHE"] = _cache
    os.environ.pop("CONVTOOL_SCHEMAS", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_cache, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)  # before -m is looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave all cases but n of a test that is ``short(n)`` to the long form; a sum of their names decides which."""
    tests: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        tests[item.nodeid.partition("[")[0]].append(item)
    for cases in tests.values():
        few = cases[0].get_closest_marker("short")
        if few is not None:
            for item in sorted(cases, key=lambda item: zlib.crc32(item.name.encode()))[few.args[0] :]:
                item.add_marker("long")


@pytest.fixture(scope="session")
def second_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's own folder of schema files: a second API's, with operations."""
    from tests.second_api import make_folder

    folder = tmp_path_factory.mktemp("second-api")
    make_folder(folder)
    return folder


@pytest.fixture(scope="session")
def second(second_folder: Path) -> Catalog:
    """The second API's contracts."""
    from convtool.catalog import Catalog

    return Catalog(second_folder)


@pytest.fixture
def memory() -> Any:
    """A store in this process's memory, with nothing in it."""
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (extra remote)")
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    return memory
