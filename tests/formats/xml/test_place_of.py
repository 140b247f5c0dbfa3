"""From steps to places in XML: of the elements that .NET reads, wherever they stand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import convtool
from convtool.formats.text import Text
from convtool.formats.xml.locate import place_of, places_of
from convtool.model.contract import Contract, Dictionary
from tests.property.contracts import codec, examples
from tests.property.mutations import payload
from tests.property.respelled import respelled
from tests.support import document, listed, member, model, param, record

PARAM = convtool.contract("ParamModel").model
LIST = convtool.contract("ArrayOfReponseV2Model").model


def at(contract: Contract, data: bytes, *steps: Any) -> bytes | None:
    """Give the beginning of what stands at a place."""
    place = place_of(contract, Text(data), steps)
    return None if place is None else data[place.offset : place.offset + 8]


def test_a_simple_value_is_where_its_text_is() -> None:
    data = param("<Debut>2026-03-22</Debut><!-- c --><Fin><![CDATA[2026-03-23]]></Fin>")
    assert at(PARAM, data) == b"<ParamMo"
    assert at(PARAM, data, "Debut") == b"2026-03-"
    assert at(PARAM, data, "Fin") == b"2026-03-"
    assert at(PARAM, data, "ProduitId") is None
    assert at(PARAM, data, "Unheard") is None


def test_null_empty_and_containers_are_where_their_tags_are() -> None:
    data = listed('<ReponseV2Model><ConsommationsSomme> \n</ConsommationsSomme><Identifiant></Identifiant>'
                  '<NomProduit i:nil="true" /></ReponseV2Model><ReponseV2Model />')  # fmt: skip
    assert at(LIST, data, 0) == b"<Reponse"
    assert at(LIST, data, 0, "ConsommationsSomme") == b"<Consomm"
    assert at(LIST, data, 0, "Identifiant") == b"<Identif"
    assert at(LIST, data, 0, "NomProduit") == b"<NomProd"
    assert at(LIST, data, 1) == b"<Reponse"
    assert at(LIST, data, 2) is None
    assert at(LIST, data, 0, "ConsommationsSomme", 0) is None
    assert at(LIST, data, 0, "ConsommationsSomme", 0, "Quantite") is None
    assert at(LIST, data, "x") is None


def test_lines_and_columns_are_the_payload_s() -> None:
    data = b"<?xml version='1.0'?>\n" + param("\n  <Debut>2026-03-22</Debut>\n  <Fin>é</Fin>")
    place = place_of(PARAM, Text(data), ["Fin"])
    assert place is not None
    assert (place.line, place.column) == (4, 8)
    wide = Text(data, "utf-16-le")
    assert place_of(PARAM, wide, ["Fin"]).offset == 2 * place.offset  # type: ignore[union-attr]


def test_of_a_member_given_twice_the_first_counts_and_none_that_comes_too_late() -> None:
    twice = param("<ProduitId>1</ProduitId><ProduitId>2</ProduitId>")
    assert at(PARAM, twice, "ProduitId") == b"1</Produ"
    late = param("<Fin>2026-03-23</Fin><Debut>2026-03-22</Debut>")
    assert at(PARAM, late, "Debut") is None
    assert at(PARAM, param('<Fin xmlns="">2026-03-22</Fin>'), "Fin") is None


def test_keys_of_dictionaries() -> None:
    kind = Dictionary("{urn:t}D", "Entry", "urn:t", member("Key", "urn:int"), member("Value", "urn:string"))
    of = model("R", record("R", member("A", kind.key)), kind)
    data = document("<A><Entry><Key> 007 </Key><Value>seven</Value></Entry><Entry><Key>x</Key></Entry>"
                    "<Entry/><Entry><Key>8</Key><Value>eight</Value></Entry></A>")  # fmt: skip
    assert at(of, data, "A", 7) == b"seven</V"
    assert at(of, data, "A", 8) == b"eight</V"
    assert at(of, data, "A", 9) is None


def test_members_of_derived_types() -> None:
    base, more = record("B"), record("C", member("Y", "urn:int"), base="{urn:t}B")
    of = model("R", record("R", member("A", base.key)), base, more, derived={base.key: (more.key,)})
    assert at(of, document('<A xmlns:t="urn:t" i:type="t:C"><Y>5</Y></A>'), "A", "Y") == b"5</Y></A"
    assert at(of, document("<A><Y>5</Y></A>"), "A", "Y") is None


@pytest.mark.parametrize("data", [b"<ParamModel>", b"", b"<?xml version='2.0'?><ParamModel/>"])
def test_what_is_no_xml_has_no_places(data: bytes) -> None:
    assert places_of(PARAM, Text(data), [[], ["Debut"]]) == [None, None]


@pytest.mark.parametrize("name", ["ParamModel", "ArrayOfReponseV2Model"])
@examples(60)
@given(st.data())
def test_places_are_found_in_any_order(name: str, data: st.DataObject) -> None:
    of = codec(name)
    text = data.draw(respelled(data.draw(payload(of, "xml")), "xml"))
    paths = [[], [0], ["Debut"], ["Fin"], [0, "ProduitId"], [1, "ConsommationsSomme", 0, "Libelle"], ["ProduitId"], [1]]
    paths = data.draw(st.permutations(paths))
    found = places_of(of.model, Text(text), paths)
    assert found == [place_of(of.model, Text(text), path) for path in paths]
