"""Contracts at random: every property holds for each; ``python -m tests.property.long`` draws thousands of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.property.contracts import examples
from tests.property.drawn import Drawn, contracts
from tests.property.folders import subject
from tests.property.properties import hold


@examples(20)
@given(contracts(), st.data())
def test_every_property_holds_for_every_contract(drawn: Drawn, data: st.DataObject) -> None:
    hold(subject(drawn), data)
