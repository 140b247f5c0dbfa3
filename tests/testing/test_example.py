"""The worked example in samples/integration: its tests pass against the stub, and fail where its client is wrong."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import BESIDE, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = SAMPLES / "integration"
# Which tests fail is asked, not how little it takes: to find that out takes most of the time.
QUICK = """
from hypothesis import Phase, settings
settings.register_profile("quick", phases=[Phase.explicit, Phase.generate])
settings.load_profile("quick")
"""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example: what pytest and Hypothesis keep stays out of the samples."""
    left_out = shutil.ignore_patterns("__pycache__", ".*")
    return shutil.copytree(EXAMPLE, tmp_path / "integration", ignore=left_out)


def run(folder: Path, *arguments: str) -> str:
    """Run the example's tests in a process of their own, as its README says; give what pytest says."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", *BESIDE, *arguments], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "kept")}, check=False, timeout=120,
    )  # fmt: skip
    return done.stdout


@pytest.mark.long
def test_the_example_passes_in_both_formats(example: Path) -> None:
    said = run(example)
    assert re.search(r"=+ (\d+) passed in ", said), said
    for test in re.findall(r"^def (test_\w+)\(api", (example / "test_consommation.py").read_text(), re.MULTILINE):
        assert f"::{test}[json" in said
        assert f"::{test}[xml" in said


@pytest.mark.long
def test_the_example_fails_where_its_client_is_wrong(example: Path) -> None:
    client = example / "consommation.py"
    source = client.read_text(encoding="utf-8")
    for right, wrong in (
        ("if response.is_error:", "if False:"),  # errors of the server are not told from broken answers
        ("records or []", "records"),  # a list that is null is not thought of
        ('"ProduitId": produit}', '"ProduitId": produit or 0}'),  # no product is sent as product 0
    ):
        assert right in source
        source = source.replace(right, wrong)
    client.write_text(source, encoding="utf-8")
    with (example / "conftest.py").open("a", encoding="utf-8") as file:
        file.write(QUICK)
    said = run(example, "--tb=no")
    failed = set(re.findall(r"::(test_\w+)\S* FAILED", said))
    assert failed == {
        "test_an_error_of_the_server_says_what_the_server_said", "test_a_request_that_is_refused_names_the_members",
        "test_whatever_the_api_may_write_is_read", "test_no_product_means_every_product",
    }, said  # fmt: skip


def test_the_readme_names_what_is_there() -> None:
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    tests = (EXAMPLE / "test_consommation.py").read_text(encoding="utf-8")
    for call in ("assert_requested(", 'assert_matches_sample(sent, "march"', "times=1)", "broken=", "delay=60"):
        assert call in readme
        assert call in tests
