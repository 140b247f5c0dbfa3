"""A store in this process's memory."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def memory() -> Any:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (extra remote)")
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    return memory
