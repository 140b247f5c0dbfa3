"""The careful lane defines the meaning; the fast lane, and streams in any pieces, give the same values and reports."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convtool import PayloadError
from tests.property.contracts import CONTRACTS, LISTS, codec, examples
from tests.property.mutations import mutated, payload
from tests.property.test_round_trips import same
from tests.support import chunked, read

if TYPE_CHECKING:
    from convtool.convert import Codec

FORMS = ["xml", "json"]


def assert_lanes_agree(of: Codec, form: str, data: bytes, profile: Any, *, lossless: bool = False) -> None:
    fast, fast_report = read(of, form, data, profile=profile, lossless=lossless)
    careful, careful_report = read(of, form, data, careful=True, profile=profile, lossless=lossless)
    assert bool(fast_report) == bool(careful_report)
    assert fast_report.to_dict() == careful_report.to_dict()
    if careful_report:  # the value of an invalid payload is nobody's business
        assert same(fast, careful)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CONTRACTS)
@examples(60)
@given(st.data())
def test_lanes_agree_on_what_is_valid(name: str, form: str, data: st.DataObject) -> None:
    of = codec(name)
    text = data.draw(payload(of, form))
    assert_lanes_agree(of, form, text, data.draw(st.sampled_from(["strict", "dotnet"])))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CONTRACTS)
@examples(100)
@given(st.data())
def test_lanes_agree_on_what_went_wrong(name: str, form: str, data: st.DataObject) -> None:
    of = codec(name)
    text = data.draw(mutated(of, form))
    profile = data.draw(st.sampled_from(["strict", "dotnet"]))
    assert_lanes_agree(of, form, text, profile, lossless=data.draw(st.booleans()))


# --- streams --------------------------------------------------------------------------------------------------------


def outcome(of: Codec, form: str, source: Any, profile: Any, *, stream: bool) -> tuple[dict[str, Any], Any]:
    """Give the report, and what a conversion into the other format gives: its bytes, or the code of the first error."""
    to, sink = ("json" if form == "xml" else "xml"), io.BytesIO()
    report = of.validate(source(), format=form, profile=profile).to_dict()  # type: ignore[arg-type]
    for found in report["diagnostics"]:
        found.pop("excerpt", None)  # a window shows what it holds, which may be less than a line
    try:
        if stream:
            of.convert_stream(source(), sink, to, format=form, profile=profile)
        else:
            sink.write(of.convert(source(), to, format=form, profile=profile).data)  # type: ignore[arg-type]
    except PayloadError as error:
        return report, next(found.code for found in error.report if found.severity == "error")
    return report, sink.getvalue()


def assert_streams_agree(of: Codec, form: str, data: bytes, profile: Any, size: int) -> None:
    expected, converted = outcome(of, form, lambda: data, profile, stream=False)
    with chunked(size):
        report, streamed = outcome(of, form, lambda: io.BytesIO(data), profile, stream=True)
    if any(found["code"] == "input.encoding" for found in expected["diagnostics"]):
        # In memory nothing is read of bytes that are no text; a stream has read what comes before them.
        assert not report["valid"]
        assert isinstance(streamed, str)
    else:
        assert report == expected
        assert streamed == converted


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LISTS)
@examples(12)
@given(st.data())
def test_streams_cut_at_every_byte_agree(name: str, form: str, data: st.DataObject) -> None:
    of = codec(name)
    text = data.draw(st.one_of(payload(of, form), mutated(of, form)).filter(lambda found: 0 < len(found) < 900))
    for size in range(1, len(text) + 1):
        assert_streams_agree(of, form, text, "strict", size)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CONTRACTS)
@examples(60)
@given(st.data())
def test_streams_cut_anywhere_agree(name: str, form: str, data: st.DataObject) -> None:
    of = codec(name)
    text = data.draw(st.one_of(payload(of, form), mutated(of, form)))
    size = data.draw(st.integers(1, max(1, len(text))))
    assert_streams_agree(of, form, text, data.draw(st.sampled_from(["strict", "dotnet"])), size)
