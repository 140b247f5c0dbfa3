"""What fuzzing has found, input by input, so that it stays found."""

from __future__ import annotations

import re

import pytest

import convtool
from tests.property.contracts import codec
from tests.recordings import recorded
from tests.support import PARAM, codes, errors, param

MEASURES = "ArrayOfMesure"
XML = "<Debut>{}</Debut><Fin>2026-03-22T00:33:32</Fin><ProduitId>1</ProduitId>"


@pytest.mark.parametrize("text", ["2026-03-22Z", "2026-03-22+01:00"])
def test_a_day_with_a_zone_is_written_so_that_it_can_be_read_again(text: str) -> None:
    of = convtool.contract(PARAM)
    there = of.convert(param(XML.format(text)), "json", lossless=True)
    assert "date.rewritten" in codes(there.report)
    assert text.encode() in there.data
    assert of.validate(there.data)
    assert of.to_xml(there.data) == of.to_xml(param(XML.format(text)))


def test_a_day_without_a_zone_stays_as_it_is() -> None:
    of = convtool.contract(PARAM)
    assert b'"2026-03-22"' in of.to_json(param(XML.format("2026-03-22")))


def moment(text: str, minutes: int) -> bytes:
    """Give a recorded document whose DateTimeOffset is another."""
    row = next(row["xml"] for row in recorded(MEASURES) if "OffsetMinutes>" in row["xml"])
    row = re.sub(r"(:DateTime>)[^<]*(</\w+:DateTime><\w+:Offset)", rf"\g<1>{text}\g<2>", row)
    return re.sub(r"(:OffsetMinutes>)[^<]+<", rf"\g<1>{minutes}<", row).encode()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2026-03-22T00:33:32Z", 841),
        ("2026-03-22T00:33:32Z", 6330),
        ("0001-01-01T00:00:00Z", -60),
        ("9999-12-31T23:30:00Z", 60),
    ],
)
def test_a_moment_that_dotnet_cannot_hold_is_out_of_range(text: str, minutes: int) -> None:
    assert "value.range" in errors(codec(MEASURES).validate(moment(text, minutes)))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-03-22T00:33:32Z", "2026-03-22T01:33:32+01:00"),
        ("2026-03-22T00:33:32", "2026-03-22T00:33:32+01:00"),  # .NET's adapter takes it for the local time
        ("2026-03-22T00:33:32-02:00", "2026-03-22T03:33:32+01:00"),
    ],
)
def test_a_moment_is_the_same_instant_in_json(text: str, written: str) -> None:
    of = codec(MEASURES)
    there = of.convert(moment(text, 60), "json")
    assert f'"{written}"'.encode() in there.data
    assert ("loss.lexical" in codes(there.report)) is not text.endswith("Z")
    assert of.to_json(of.to_xml(there.data)) == there.data


@pytest.mark.parametrize("profile", ["strict", "dotnet"])
def test_half_a_moment_is_none(profile: str) -> None:
    whole = moment("2026-03-22T00:33:32Z", 60).decode()
    half = re.sub(r"<\w+:OffsetMinutes>60</\w+:OffsetMinutes>", "", whole)
    assert errors(codec(MEASURES).validate(half, profile=profile)).count("member.required") >= 1  # type: ignore[arg-type]
