"""The benchmark's smallest form: its checks (outputs equal, broken documents refused) hold; no time is asserted."""

from __future__ import annotations

import sys

import pytest

from benchmarks import archives, client, contracts
from benchmarks.__main__ import main


@pytest.mark.long
def test_the_tiny_benchmark_passes_its_own_checks() -> None:
    assert main(["--size", "tiny"]) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="measures with what only Unix tells of a process")
def test_the_benchmark_of_archives_makes_what_the_loop_makes(capsys: pytest.CaptureFixture[str]) -> None:
    assert archives.main(["--files", "30", "--rounds", "1", "--ways", "2 jobs;1 job, lines"]) == 0
    assert [line[:13].strip() for line in capsys.readouterr().out.splitlines()] == [
        "way",
        "loop",
        "floor",
        "2 jobs",
        "1 job, lines",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="measures with what only Unix tells of a process")
def test_the_benchmark_of_the_client_takes_its_run_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert client.main(["--files", "2000", "--resume"]) == 0
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "2000 files, from the start",
        "2000 files, taken up",
    ]


def test_the_benchmark_of_contracts_derives_and_uses_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert contracts.main(["--each", "1"]) == 0
    assert capsys.readouterr().out.count("10 contracts: ") == 2
