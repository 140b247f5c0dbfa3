"""Generated test data: valid, varied, the same for the same seed, and written in constant memory."""

from __future__ import annotations

import io
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.testing.generate import Generator, write
from tests.support import LIST, PARAM

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
