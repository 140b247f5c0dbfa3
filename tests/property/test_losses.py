"""Loss accounting is complete: a conversion that reports no loss can be undone (``losses`` says what is compared)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.contracts import CONTRACTS, codec, examples
from tests.property.losses import PROFILES, assert_no_loss_in_silence, documents

FORMS = ["xml", "json"]


@pytest.mark.parametrize("to", FORMS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CONTRACTS)
@examples(70)
@given(st.data())
@pytest.mark.short(3)
def test_without_a_loss_converting_back_gives_the_same(name: str, form: str, to: str, data: st.DataObject) -> None:
    of, profile = codec(name), data.draw(PROFILES)
    assert_no_loss_in_silence(of, form, to, data.draw(documents(of, form, profile)), profile)
