"""Lists of JSON record by record: an array in any layout, or one record a line, in pieces of any size."""

from __future__ import annotations

import io
import json

import pytest

from convtool import stream
from convtool.convert import Codec
from convtool.findings import Findings
from convtool.formats.json.stream import JsonStream
from convtool.formats.units import Bad, Batch
from convtool.formats.window import Window
from convtool.model.contract import Array
from tests.support import chunked, member, model, record

CODEC = Codec(
    model(
        "L",
        Array("{urn:t}L", member("R", "{urn:t}R", nillable=True)),
        record("R", member("A", "urn:int"), member("B", "urn:string")),
    )
)
R = CODEC.types["R"]
GOOD = '{"A":1,"B":"a"},{"A":2,"B":"},{"}'
SIZES = [1, 2, 7, 50, 1000]


def units(data: bytes, chunk: int, *, lines: bool = False, engine: bool = True) -> tuple[list[Batch | Bad], Findings]:
    findings = Findings()
    read, form = io.BytesIO(data).read, "ndjson" if lines else "json"
    if engine:
        with chunked(chunk):
            return list(stream.units(CODEC, stream.Source(read, format=form), findings)[1]), findings
    window = Window(read, findings, chunk)
    return list(JsonStream(CODEC.formats["json"], window, findings, lines=lines)), findings  # type: ignore[arg-type]


def values(found: list[Batch | Bad]) -> list[object]:
    """Give the records in order; of a bad one its codes."""
    listed: list[object] = []
    for unit in found:
        listed += unit.values if isinstance(unit, Batch) else [[one.code for one in unit.found]]
    return listed


@pytest.mark.parametrize("engine", [True, False])
@pytest.mark.parametrize("chunk", SIZES)
@pytest.mark.parametrize(
    "layout",
    [
        lambda text: f"[{text}]",
        lambda text: " \n[ " + text.replace("},{", "} ,\t{", 1) + " ]\n",
        lambda text: "[\n  " + text.replace('},{"A":2', '},\n  {\n    "A": 2') + "\n]",
    ],
)
def test_good_records_come_in_order(layout: object, chunk: int, engine: bool) -> None:
    found, findings = units(layout(GOOD).encode(), chunk, engine=engine)  # type: ignore[operator]
    assert values(found) == [R(1, "a"), R(2, "},{")]
    assert findings.settled() == ()


@pytest.mark.parametrize("engine", [True, False])
@pytest.mark.parametrize("chunk", SIZES)
def test_a_bad_record_has_its_text_and_its_place_and_the_next_one_is_read(chunk: int, engine: bool) -> None:
    data = f'[{GOOD},{{"A":"x","B":"c"}},{GOOD}]'.encode()
    found, _ = units(data, chunk, engine=engine)
    assert values(found) == [R(1, "a"), R(2, "},{"), ["value.lexical"], R(1, "a"), R(2, "},{")]
    (one,) = (unit for unit in found if isinstance(unit, Bad))
    assert (one.record, one.text, one.last) == (2, '{"A":"x","B":"c"}', False)
    assert one.found[0].location is not None
    assert (one.found[0].location.offset, one.found[0].path) == (data.index(b'"x"'), "/2/A")


@pytest.mark.parametrize("engine", [True, False])
@pytest.mark.parametrize("chunk", SIZES)
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("[]", []),
        (" [ ] ", []),
        ("[null,{}]", [None, R()]),
        ("[{},]", [R(), ["json.relaxed"]]),
        ("[{}", [R(), ["json.syntax"]]),
        ("[{}] x", [R(), ["json.trailing"]]),
        ("[{}][{}]", [R(), ["json.trailing"]]),
        ("[{} {}]", [["json.syntax"]]),
        ('[{"A":1,"B":"b},{}]', [["json.syntax"]]),
        ("[{},5]", [R(), ["value.kind"]]),
        ("[[],{}]", [["value.kind"], R()]),
        ("{}", [["value.kind"]]),
        ("5", [["value.kind"]]),
        ("nul", [["json.syntax"]]),
        ("[{}/* c */,{}]", [["json.relaxed"], R()]),
        ("[/*],*/{}]", [["json.relaxed"]]),
    ],
)
def test_what_stands_between_and_behind_records(data: str, expected: list[object], chunk: int, engine: bool) -> None:
    found, _ = units(data.encode(), chunk, engine=engine)
    shown = [
        [code for code in one if code != "loss.comment"] if isinstance(one, list) else one for one in values(found)
    ]
    assert shown == expected


@pytest.mark.parametrize("chunk", SIZES)
def test_a_null_list(chunk: int) -> None:
    found, _ = units(b" null ", chunk)
    assert [(unit.nil, unit.values) for unit in found if isinstance(unit, Batch)] == [(True, [])]


@pytest.mark.parametrize("chunk", SIZES)
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n \n"])
def test_one_record_a_line(chunk: int, end: str) -> None:
    data = f'{{"A":1}}\n\nnull\r\n {{"A":"x"}} \n{{"B":"é"}}{end}'.encode()
    found, _ = units(data, chunk, lines=True)
    assert values(found) == [R.of(A=1), None, ["value.lexical"], R.of(B="é")]
    (bad,) = (unit for unit in found if isinstance(unit, Bad))
    assert bad.found[0].location is not None
    assert (bad.record, bad.found[0].location.line, bad.found[0].location.column) == (2, 4, 7)


@pytest.mark.parametrize("chunk", SIZES)
def test_a_line_with_two_values_is_an_error_of_that_line(chunk: int) -> None:
    found, _ = units(b'{}{}\n{"A":1}\n[]\n', chunk, lines=True)
    assert values(found) == [["json.syntax"], R.of(A=1), ["value.kind"]]


@pytest.mark.parametrize("chunk", SIZES)
def test_separators_within_texts_are_no_separators(chunk: int) -> None:
    texts = ["", '},{"A":', "]", "\\", '"},{"', "},\n  {"]
    data = json.dumps([{"A": n, "B": text} for n, text in enumerate(texts)], separators=(",", ":"))
    found, _ = units(data.encode(), chunk)
    assert values(found) == [R(n, text) for n, text in enumerate(texts)]


def test_memory_is_that_of_the_largest_record() -> None:
    findings = Findings()
    with chunked(256):
        data = b"[" + b",".join([b'{"A":1,"B":"bbbbbbbbbbbbbbbbbbbb"}'] * 2000) + b"]"
        window = Window(io.BytesIO(data).read, findings, 256)
        largest = 0
        for _ in JsonStream(CODEC.formats["json"], window, findings):  # type: ignore[arg-type]
            largest = max(largest, len(window.text))
    assert largest < 2000


@pytest.mark.parametrize("engine", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_comments_hold_what_they_like_wherever_a_piece_ends(size: int, engine: bool) -> None:
    data = b"""[{"A":1,"B":"a"}, // ], it's "an end}\n {"A":2, /* ]' " */ "B":"b"} // the last, of "two\n]"""
    found, _ = units(data, size, engine=engine)
    assert values(found) == values(units(data, 1 << 20, engine=engine)[0])
    assert len(values(found)) == 2
