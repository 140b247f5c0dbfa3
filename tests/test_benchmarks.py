"""The benchmark's smallest form: its checks (outputs equal, broken documents refused) hold; no time is asserted."""

from __future__ import annotations

from benchmarks.__main__ import main


def test_the_tiny_benchmark_passes_its_own_checks() -> None:
    assert main(["--size", "tiny"]) == 0
