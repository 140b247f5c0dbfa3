"""What all tests run in: a cache of compiled contracts of their own, and no settings of the user."""

from __future__ import annotations

import os
import shutil
import tempfile
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
