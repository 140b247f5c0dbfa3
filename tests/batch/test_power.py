"""The short form of ``python -m tests.batch.power``."""

import sys

import pytest

from tests.batch import power

pytest.importorskip("backports.zstd")


@pytest.mark.skipif(sys.platform != "linux", reason="knows a file by /proc")
def test_what_was_not_synced_may_be_lost() -> None:
    assert power.main(["--every", "19"]) == 0
