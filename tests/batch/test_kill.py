"""The short form of ``python -m tests.batch.kill``."""

import pytest

from tests.batch import kill

pytest.importorskip("backports.zstd")
pytestmark = pytest.mark.long


@pytest.mark.parametrize("out", kill.OUTS)
def test_a_run_that_is_killed_and_taken_up_is_like_one_that_was_not(out: str) -> None:
    assert kill.main(["--outs", out, "--kills", "2", "--signals", "1", "--files", "200"]) == 0
