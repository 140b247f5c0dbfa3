"""A short run of the fuzzer, always the same; ``python -m tests.engine.fuzz --sanitizers`` is the long form."""

from __future__ import annotations

from tests.engine.fuzz import run
from tests.engine.support import built


@built
def test_changed_documents_mean_the_same_to_both_lanes() -> None:
    told = run(0, seed=20261126, limit=12, documents=800)
    assert told["different"] == 0
    assert told["state 0"] > 20
