"""The properties over contracts at random find what they are there for."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from convtool.engine import library
from tests.property.drawn import Drawn, contracts
from tests.property.folders import subject
from tests.property.planted import FAULTS, Fault
from tests.property.properties import hold

CONTRACTS = 500  # the first that fails ends the search: most take a few


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.short(1)
def test_a_planted_fault_is_found(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault.native and library() is None:
        pytest.skip("the engine has not been built")
    fault.plant(monkeypatch)

    @settings(
        max_examples=CONTRACTS, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        report_multiple_bugs=False, print_blob=False, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(contracts(), st.data())
    def check(drawn: Drawn, data: st.DataObject) -> None:
        assume(fault.fits(drawn.contract))
        hold(subject(drawn), data, only=fault.properties)

    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the fault ends in
        check()
