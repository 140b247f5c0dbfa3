"""Programs that are damaged are refused, or at worst mean something else: the engine never leaves their bounds."""

from __future__ import annotations

import struct
from random import Random

import pytest

from convtool.engine import Engine, State, library
from convtool.formats.xml.layout import Layout
from convtool.model.program import program
from tests.engine.support import built, codec, feed, pairs

pytestmark = built

NAMES = ["ArrayOfReponseV2Model", "Facture", "Arbre"]


@pytest.mark.parametrize("name", NAMES)
def test_damaged_programs_do_no_harm(name: str) -> None:
    found, made = library(), program(codec(name).model, Layout(codec(name).model))
    assert found is not None
    assert made is not None
    random, refused = Random(1), 0
    documents = pairs(name)[:3]
    for _ in range(1_500):
        data = bytearray(made.data)
        for _ in range(random.choice((1, 1, 2, 4))):
            at = random.randrange(0, len(data) - 4) & ~3
            value = random.choice(
                (0, 1, 7, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, random.getrandbits(32), random.getrandbits(12))
            )
            data[at : at + 4] = struct.pack("=I", value)
        try:
            engine = Engine(found, type(made)(bytes(data), made.sites, made.cut, made.deepest))
        except ValueError:
            refused += 1
            continue
        for xml, json in documents:
            for form, payload in (("xml", xml), ("json", json)):
                for to in ("", "xml", "json"):
                    state, _, _ = feed(engine, form, to, payload)
                    assert state in (State.DONE, State.GIVEUP, State.DOCUMENT)
    assert refused > 500


def test_programs_that_are_cut_off_are_refused() -> None:
    found, made = library(), program(codec("Facture").model, Layout(codec("Facture").model))
    assert found is not None
    assert made is not None
    for size in (0, 1, 55, 56, 57, len(made.data) // 2, len(made.data) - 1):
        with pytest.raises(ValueError, match="no such program"):
            Engine(found, type(made)(made.data[:size], made.sites, made.cut, made.deepest))


def test_objects_with_identities_have_no_program() -> None:
    model = codec("Arbre").model
    assert program(model, Layout(model)) is not None
    first = next(key for key, kind in model.types.items() if hasattr(kind, "is_reference"))
    import msgspec

    marked = msgspec.structs.replace(model.types[first], is_reference=True)
    of = msgspec.structs.replace(model, types={**model.types, first: marked})
    assert program(of, Layout(of)) is None
