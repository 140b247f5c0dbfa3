"""The short form of the fuzzer of captures. The long form is ``python -m tests.fuzz.captures``."""

from __future__ import annotations

import pytest

from tests.fuzz.captures import check, made

pytest.importorskip("warcio")
pytest.importorskip("mitmproxy")
FEW = 1500  # inputs, on any machine


def test_no_capture_breaks_a_promise() -> None:
    for number in range(FEW):
        wrong = check(made(number))
        assert not wrong, f"input {number}: {wrong}"
