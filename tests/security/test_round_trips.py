"""What fuzzing has found, input by input, so that it stays found."""

from __future__ import annotations

import pytest

import convtool
from tests.support import PARAM, codes, param

XML = "<Debut>{}</Debut><Fin>2026-03-22T00:33:32</Fin><ProduitId>1</ProduitId>"


@pytest.mark.parametrize("text", ["2026-03-22Z", "2026-03-22+01:00"])
def test_a_day_with_a_zone_is_written_so_that_it_can_be_read_again(text: str) -> None:
    of = convtool.contract(PARAM)
    there = of.convert(param(XML.format(text)), "json")
    assert {"date.rewritten", "loss.lexical"} <= set(codes(there.report))
    assert of.validate(there.data)
    assert of.to_json(of.to_xml(there.data)) == there.data
    with pytest.raises(convtool.PayloadError):
        of.convert(param(XML.format(text)), "json", lossless=True)


def test_a_day_without_a_zone_stays_as_it_is() -> None:
    of = convtool.contract(PARAM)
    assert b'"2026-03-22"' in of.to_json(param(XML.format("2026-03-22")))
