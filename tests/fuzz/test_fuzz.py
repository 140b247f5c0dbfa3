"""The short form of the fuzzer: twenty seconds in all. The long form is ``python -m tests.fuzz``."""

from __future__ import annotations

import time

import pytest

from tests.fuzz.__main__ import one
from tests.fuzz.check import READERS
from tests.fuzz.guided import CORPUS
from tests.fuzz.guided import one as guided

SECONDS = 20 / len(READERS)
FEW = 300  # inputs, on any machine; what they are does not change from run to run


@pytest.mark.parametrize("reader", READERS)
def test_no_input_breaks_a_promise(reader: str) -> None:
    until, number = time.monotonic() + SECONDS, 0
    while number < FEW or time.monotonic() < until:
        contract, data, _, error = one(reader, number)
        assert error is None, f"input {number}, of {contract}: {data!r}: {error}"
        number += 1


@pytest.mark.parametrize("reader", READERS)
def test_the_corpus_breaks_no_promise(reader: str) -> None:
    found = list((CORPUS / reader).iterdir())
    assert found
    for path in found:
        guided(reader, path.read_bytes())
