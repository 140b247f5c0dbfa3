"""Nothing is lost on any way: value → XML → value, value → JSON → value, and XML ⇄ JSON byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.contracts import TOLD, codec, examples
from tests.property.lanes import same
from tests.property.strategies import values


@pytest.mark.parametrize("name", TOLD)
@examples(80)
@given(st.data())
@pytest.mark.short(2)
def test_a_value_survives_both_formats(name: str, data: st.DataObject) -> None:
    of = codec(name)
    value = data.draw(values(of))
    for write in (of.write_xml, of.write_json):
        assert same(of.read(write(value)), value)
        assert same(of.read(write(value, pretty=True)), value)


@pytest.mark.parametrize("name", TOLD)
@examples(80)
@given(st.data())
@pytest.mark.short(2)
def test_conversions_can_be_undone_byte_for_byte(name: str, data: st.DataObject) -> None:
    of = codec(name)
    value = data.draw(values(of, exact=True))
    xml, json = of.write_xml(value), of.write_json(value)
    assert of.to_json(xml, lossless=True) == json
    assert of.to_xml(json, lossless=True) == xml
    assert of.to_xml(of.to_json(xml)) == xml
    assert of.to_json(of.to_xml(json)) == json


@pytest.mark.parametrize("name", TOLD)
@examples(40)
@given(st.data())
@pytest.mark.short(4)
def test_the_wire_form_is_a_fixed_point(name: str, data: st.DataObject) -> None:
    of = codec(name)
    value = data.draw(values(of))
    for to, write in (("xml", of.write_xml), ("json", of.write_json)):
        assert of.convert(write(value), to).data == write(value)
        assert of.convert(write(value, pretty=True), to).data == write(value)
        assert of.convert(write(value), to, pretty=True).data == write(value, pretty=True)
