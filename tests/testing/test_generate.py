"""Generated test data: valid, varied, the same for the same seed, and written in constant memory."""

from __future__ import annotations

import io
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.model.contract import Array, Contract, Dictionary, Record
from convtool.testing.generate import Generator, write
from tests.support import LIST, PARAM, member, model, record

if TYPE_CHECKING:
    from convtool.catalog import Catalog

CONTRACTS = [PARAM, LIST, "Arbre", "ArrayOfMesure", "Facture"]


def codec_of(name: str, second: Catalog) -> convtool.Codec:
    return convtool.contract(name) if name in (PARAM, LIST) else second.contract(name)


def written(codec: convtool.Codec, to: Any, **options: Any) -> bytes:
    sink = io.BytesIO()
    write(codec, sink, to, **options)
    return sink.getvalue()


@pytest.mark.parametrize("name", CONTRACTS)
def test_it_is_valid_and_the_same_in_both_formats(name: str, second: Catalog) -> None:
    codec = codec_of(name, second)
    is_list = codec.model.item is not None
    as_json, as_xml = (written(codec, to, seed=3, count=40) for to in ("json", "xml"))
    pairs = [(as_json, as_xml)] if is_list else zip(as_json.splitlines(), as_xml.splitlines(), strict=True)
    for one, other in pairs:
        assert codec.validate(one)
        assert codec.validate(other)
        assert codec.to_json(other) == one
        assert codec.to_xml(one) == other
    pretty = written(codec, "json", seed=3, count=1, pretty=True)
    assert pretty.count(b"\n") > 3
    assert codec.convert(pretty, "json").data == written(codec, "json", seed=3, count=1)


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_count_is_that_of_records_or_documents(name: str, second: Catalog) -> None:
    codec = codec_of(name, second)
    for count in (0, 1, 2, 257):  # 257: one more than are written at a time
        data = written(codec, "json", seed=1, count=count)
        found = len(codec.read(data)) if codec.model.item is not None else len(data.splitlines())
        assert found == count


def test_a_seed_gives_the_same_and_another_one_others() -> None:
    codec = convtool.contract(LIST)
    first = written(codec, "json", seed=1, count=50)
    assert first == written(codec, "json", seed=1, count=50)
    assert first != written(codec, "json", seed=2, count=50)
    longer = written(codec, "json", seed=1, count=60)
    assert longer.startswith(first[:-1] + b",")  # more records go on where fewer end


def test_it_looks_like_real_data() -> None:
    codec = convtool.contract(LIST)
    values = list(Generator(codec, 1).records(300))
    names = [one.NomProduit for one in values]
    assert len(set(names)) > 100
    assert 0 < names.count(None) < 60
    assert {len(one.ConsommationsSomme or []) for one in values} >= {0, 1, 2, 3}
    dates = {detail.DateDossier for one in values for detail in one.ConsommationsDetails or []}
    assert len(dates) > 200
    assert not any(date.startswith("0001") for date in dates)


def test_memory_does_not_grow_with_the_count() -> None:
    class Nowhere:
        size = 0

        def write(self, data: bytes) -> int:
            self.size += len(data)
            return len(data)

    codec = convtool.contract(LIST)
    peaks = []
    for count in (1000, 5000):  # 0.8 and 4 MB of JSON; some batches of records are larger than others
        sink = Nowhere()
        tracemalloc.start()
        write(codec, sink, "json", seed=1, count=count)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert sink.size > count * 700
    assert peaks[1] < peaks[0] * 1.3
    assert peaks[1] < 2 << 20


def test_what_cannot_be_meant_or_written() -> None:
    class Full:
        name = "the card"

        def write(self, data: bytes) -> int:
            raise OSError(28, "No space left on device")

    codec = convtool.contract(PARAM)
    with pytest.raises(convtool.UsageError, match="cannot be negative"):
        written(codec, "json", seed=1, count=-1)
    with pytest.raises(convtool.SourceError, match="the card: No space left on device"):
        write(codec, Full(), "json", seed=1, count=1)


# --- contracts that could go on for ever ----------------------------------------------------------------------------


def tangled(number: int) -> Contract:
    """Give records that hold each other, in lists and alone."""
    names = [f"P{index}" for index in range(number)]
    lists = [Array(f"{{urn:t}}L{name}", member(name, f"{{urn:t}}{name}", nillable=True)) for name in names]
    members = [
        made for name in names for made in (
            member(f"A{name}", f"{{urn:t}}{name}", nillable=True),
            member(f"L{name}", f"{{urn:t}}L{name}", nillable=True),
        )
    ]  # fmt: skip
    return model("P0", *(record(name, *members) for name in names), *lists)


def within_itself() -> Contract:
    """Give a list of dictionaries of the same list."""
    parts = (member("Key", "urn:int", required=True), member("Value", "{urn:t}L", nillable=True, required=True))
    inner = Array("{urn:t}L", member("D", "{urn:t}D", nillable=True))
    return model("L", inner, Dictionary("{urn:t}D", "E", "urn:t", *parts))


def by_derived() -> Contract:
    """Give a record without members, whose derived one has lists of it."""
    items = Array("{urn:t}L", member("B", "{urn:t}B", nillable=True))
    derived = Record("{urn:t}D", (member("X", "{urn:t}L"), member("Y", "{urn:t}L")), (0, 1), "{urn:t}B", type_name="D")
    return model("L", items, Record("{urn:t}B", ()), derived, derived={"{urn:t}B": ("{urn:t}D",)})


@pytest.mark.parametrize("contract", [tangled(6), within_itself(), by_derived()], ids=["tangled", "list", "derived"])
def test_a_value_has_a_bound_however_freely_types_refer_to_each_other(contract: Contract) -> None:
    codec = convtool.Codec(contract)
    for seed in range(20):
        for value in Generator(codec, seed).records(2):
            assert len(codec.write_json([value] if contract.item else value)) < 2_000_000


def test_what_is_bounded_still_nests() -> None:
    codec = convtool.Codec(within_itself())
    assert max(len(codec.write_json(Generator(codec, seed).value())) for seed in range(20)) > 50
