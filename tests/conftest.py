"""What all tests run in: a cache of compiled contracts of their own, and no settings of the user."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import pytest

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
