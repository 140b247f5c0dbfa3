"""The careful lane defines the meaning; the fast lane, and streams in any pieces, give the same values and reports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.contracts import CONTRACTS, LISTS, codec, examples
from tests.property.lanes import assert_lanes_agree, assert_streams_agree
from tests.property.mutations import mutated, payload

FORMS = ["xml", "json"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CONTRACTS)
@examples(60)
@given(st.data())
@pytest.mark.short(3)
def test_lanes_agree_on_what_is_valid(name: str, form: str, data: st.DataObject) -> None:
    of = codec(name)
    text = data.draw(payload(of, form))
    assert_lanes_agree(of, form, text, data.draw(st.sampled_from(["strict", "dotnet"])))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CONTRACTS)
@examples(100)
@given(st.data())
@pytest.mark.short(2)
def test_lanes_agree_on_what_went_wrong(name: str, form: str, data: st.DataObject) -> None:
    of = codec(name)
    text = data.draw(mutated(of, form))
    profile = data.draw(st.sampled_from(["strict", "dotnet"]))
    assert_lanes_agree(of, form, text, profile, lossless=data.draw(st.booleans()))


# --- streams --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LISTS)
@examples(12)
@given(st.data())
@pytest.mark.long
def test_streams_cut_at_every_byte_agree(name: str, form: str, data: st.DataObject) -> None:
    of = codec(name)
    text = data.draw(st.one_of(payload(of, form), mutated(of, form)).filter(lambda found: 0 < len(found) < 900))
    for size in range(1, len(text) + 1):
        assert_streams_agree(of, form, text, "strict", size)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CONTRACTS)
@examples(60)
@given(st.data())
@pytest.mark.short(3)
def test_streams_cut_anywhere_agree(name: str, form: str, data: st.DataObject) -> None:
    of = codec(name)
    text = data.draw(st.one_of(payload(of, form), mutated(of, form)))
    size = data.draw(st.integers(1, max(1, len(text))))
    assert_streams_agree(of, form, text, data.draw(st.sampled_from(["strict", "dotnet"])), size)
