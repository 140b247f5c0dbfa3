"""From steps to places in JSON: of the values that Json.NET keeps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import convtool
from convtool.formats.json.locate import place_of, places_of
from convtool.formats.text import Text
from convtool.model.contract import Contract, Dictionary
from tests.property.contracts import codec, examples
from tests.property.mutations import payload
from tests.property.respelled import respelled
from tests.support import member, model, record

PARAM = convtool.contract("ParamModel").model
LIST = convtool.contract("ArrayOfReponseV2Model").model


def at(contract: Contract, data: str, *steps: Any) -> str | None:
    """Give the beginning of what stands at a place."""
    place = place_of(contract, Text(data.encode()), steps)
    return None if place is None else data.encode()[place.offset :].decode()[:6]


def test_a_value_is_where_it_begins() -> None:
    data = '{"Debut": "2026-03-22", "Fin" : null, "ProduitId":\n7}'
    assert at(PARAM, data) == '{"Debu'
    assert at(PARAM, data, "Debut") == '"2026-'
    assert at(PARAM, data, "Fin") == "null, "
    assert at(PARAM, data, "ProduitId") == "7}"
    assert at(PARAM, data, "Unheard") is None
    assert at(PARAM, "{}", "Debut") is None
    place = place_of(PARAM, Text(data.encode()), ["ProduitId"])
    assert place is not None
    assert (place.line, place.column) == (2, 1)


def test_items_and_what_is_in_them() -> None:
    data = '[{"ConsommationsSomme":[{"Quantite":1},null]},null]'
    assert at(LIST, data, 0, "ConsommationsSomme", 0, "Quantite") == "1},nul"
    assert at(LIST, data, 0, "ConsommationsSomme", 1) == "null]}"
    assert at(LIST, data, 1) == "null]"
    assert at(LIST, data, 1, "ConsommationsSomme") is None
    assert at(LIST, data, 2) is None
    assert at(LIST, data, "x") is None
    assert at(LIST, "null", 0) is None


def test_names_match_without_regard_to_case() -> None:
    assert at(PARAM, '{"FIN":1,"Fin2":2}', "Fin") == '1,"Fin'
    both = model("R", record("R", member("A", "urn:int"), member("a", "urn:int")))
    assert at(both, '{"A":1,"a":2}', "A") == '1,"a":'
    assert at(both, '{"A":1,"a":2}', "a") == "2}"


def test_the_last_duplicate_counts_and_lists_grow() -> None:
    assert at(PARAM, '{"Fin":1,"fin":2}', "Fin") == "2}"
    data = '[{"ConsommationsSomme":[1],"ConsommationsSomme":[2,3]}]'
    assert [at(LIST, data, 0, "ConsommationsSomme", index) for index in range(4)] == ['1],"Co', "2,3]}]", "3]}]", None]
    assert at(LIST, '[{"ConsommationsSomme":[1],"ConsommationsSomme":null}]', 0, "ConsommationsSomme", 0) is None


def test_records_given_again_are_one() -> None:
    inner = record("B", member("X", "urn:int"), member("Y", "urn:int"))
    of = model("R", record("R", member("A", inner.key)), inner)
    assert at(of, '{"A":{"X":1},"A":{"Y":2}}', "A", "X") == '1},"A"'
    assert at(of, '{"A":{"X":1},"A":{"Y":2}}', "A", "Y") == "2}}"


def test_keys_of_dictionaries() -> None:
    kind = Dictionary("{urn:t}D", "Entry", "urn:t", member("Key", "urn:int"), member("Value", "urn:string"))
    of = model("R", record("R", member("A", kind.key)), kind)
    data = '{"A":{"007":"a","x":"b","8":"c","8":"d"}}'
    assert at(of, data, "A", 7) == '"a","x'
    assert at(of, data, "A", 8) == '"d"}}'
    assert at(of, data, "A", 9) is None


def test_members_of_derived_types() -> None:
    base, more = record("B"), record("C", member("Y", "urn:int"), base="{urn:t}B")
    of = model("R", record("R", member("A", base.key)), base, more, derived={base.key: (more.key,)})
    assert at(of, '{"A":{"$type":"C","Y":5}}', "A", "Y") == "5}}"


@pytest.mark.parametrize("data", ["", "{", '{"Debut":}'])
def test_what_is_no_json_has_no_places(data: str) -> None:
    assert places_of(PARAM, Text(data.encode()), [[], ["Debut"]]) == [None, None]


@pytest.mark.parametrize("name", ["ParamModel", "ArrayOfReponseV2Model"])
@examples(60)
@given(st.data())
@pytest.mark.short(1)
def test_places_are_found_in_any_order(name: str, data: st.DataObject) -> None:
    of = codec(name)
    text = data.draw(respelled(data.draw(payload(of, "json")), "json"))
    paths = [[], [0], ["Debut"], ["Fin"], [0, "ProduitId"], [1, "ConsommationsSomme", 0, "Libelle"], ["ProduitId"], [1]]
    paths = data.draw(st.permutations(paths))
    found = places_of(of.model, Text(text), paths)
    assert found == [place_of(of.model, Text(text), path) for path in paths]
