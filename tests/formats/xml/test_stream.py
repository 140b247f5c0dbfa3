"""Lists of XML record by record: batches of good ones, bad ones with their text, whatever the pieces they come in."""

from __future__ import annotations

import io

import pytest

from convtool import PayloadError, stream
from convtool.convert import Codec
from convtool.findings import Findings
from convtool.formats.text import Fatal
from convtool.formats.units import Bad, Batch
from convtool.formats.window import Window
from convtool.formats.xml.stream import XmlStream
from convtool.model.contract import Array
from tests.support import chunked, document, member, model, read, record

CODEC = Codec(
    model(
        "L",
        Array("{urn:t}L", member("R", "{urn:t}R", nillable=True)),
        record("R", member("A", "urn:int"), member("B", "urn:string")),
    )
)
R = CODEC.types["R"]
GOOD = "<R><A>1</A><B>a</B></R><R><A>2</A><B>b</B></R>"
SIZES = [1, 2, 7, 50, 101, 1000]


def units(data: bytes, chunk: int, *, engine: bool = True) -> tuple[list[Batch | Bad], Findings]:
    findings = Findings()
    if engine:
        with chunked(chunk):
            return list(stream.units(CODEC, stream.Source(io.BytesIO(data).read, format="xml"), findings)[1]), findings
    window = Window(io.BytesIO(data).read, findings, chunk)
    return list(XmlStream(CODEC.formats["xml"], window, findings)), findings  # type: ignore[arg-type]


def values(found: list[Batch | Bad]) -> list[object]:
    """Give the records in order; of a bad one its codes."""
    listed: list[object] = []
    for unit in found:
        listed += unit.values if isinstance(unit, Batch) else [[one.code for one in unit.found]]
    return listed


@pytest.mark.parametrize("engine", [True, False])
@pytest.mark.parametrize("chunk", SIZES)
@pytest.mark.parametrize("space", ["", "\n  "])
def test_good_records_come_in_order(chunk: int, space: str, engine: bool) -> None:
    found, findings = units(document(GOOD.replace("><", f">{space}<") + space), chunk, engine=engine)
    assert values(found) == [R(1, "a"), R(2, "b")]
    assert findings.settled() == ()


@pytest.mark.parametrize("engine", [True, False])
@pytest.mark.parametrize("chunk", SIZES)
def test_a_bad_record_has_its_text_and_its_place_and_the_next_one_is_read(chunk: int, engine: bool) -> None:
    bad = "<R><A>x</A><B>c</B></R>"
    data = document(f"{GOOD}{bad}<R />{GOOD}")
    found, _ = units(data, chunk, engine=engine)
    assert values(found) == [R(1, "a"), R(2, "b"), ["value.lexical"], R(), R(1, "a"), R(2, "b")]
    (one,) = (unit for unit in found if isinstance(unit, Bad))
    assert (one.record, one.text, one.last) == (2, bad, False)
    assert one.found[0].record == 2
    assert one.found[0].location is not None
    assert one.found[0].location.offset == data.index(b"x</A>")
    assert one.found[0].path == "/Root/R[3]/A"


@pytest.mark.parametrize("bad", ['<R foo="1"/>', '<R foo="1" ></R>', "<R><C/></R>"])
def test_a_bad_records_text_is_its_own(bad: str) -> None:
    for rest in ("", "<R/>", "<R />\n"):
        found, _ = units(document(f"<R/>{bad}{rest}"), 1000)
        assert [unit.text for unit in found if isinstance(unit, Bad)] == [bad]


@pytest.mark.parametrize("engine", [True, False])
@pytest.mark.parametrize("chunk", SIZES)
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<R/>x<R/>", [R(), ["member.text"]]),
        ("<R/><R/>x", [R(), R(), ["member.text"]]),
        ("<Q/><R/>", [["member.unknown"], R()]),
        ("<R/>&#x1;", [R(), ["member.text"]]),
        ("<R/><!-- c --><R/>", [R(), R()]),
        ("<R/><R><A>1</B></R>", [R(), ["xml.syntax"]]),
        ("<R/><R><A>1</A>", [R(), ["xml.syntax"]]),
        ("<R/></Root><Root>", [R(), ["xml.syntax"]]),
        ('<R i:nil="true"/><R/>', [None, R()]),
        ("", []),
    ],
)
def test_what_stands_between_and_behind_records(content: str, expected: list[object], chunk: int, engine: bool) -> None:
    found, _ = units(document(content), chunk, engine=engine)
    assert values(found) == expected


@pytest.mark.parametrize("chunk", SIZES)
def test_a_nil_list_is_one_and_must_have_no_content(chunk: int) -> None:
    nil = document("").replace(b"<Root", b'<Root i:nil="true"')
    found, findings = units(nil, chunk)
    assert [(unit.nil, unit.values) for unit in found if isinstance(unit, Batch)] == [(True, [])]
    assert findings.found == []
    found, _ = units(nil.replace(b"></Root>", b">\n<R/></Root>"), chunk)
    assert [[one.code for one in unit.found] for unit in found if isinstance(unit, Bad)] == [["nil.content"]]


@pytest.mark.parametrize("chunk", SIZES)
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<Other>" + b"<R/>" * 50, "root.name"),
        (b"<Root>" + b"<R/>" * 50, "root.name"),
        (b"<!DOCTYPE Root>" + document(""), "xml.doctype"),
        (b'<?xml version="1.0" encoding="latin1"?>' + document(GOOD), "input.encoding"),
        (b'<?xml version="1.1"?>' + document(GOOD), "xml.syntax"),
        (document(GOOD)[:-3], "xml.syntax"),
        (document(GOOD) + b"<x/>", "xml.syntax"),
        (document(GOOD).replace(b"b<", b"\xff<"), "input.encoding"),
    ],
)
def test_documents_that_cannot_be_read_to_the_end(data: bytes, code: str, chunk: int) -> None:
    try:
        found, _ = units(data, chunk)
    except Fatal:
        pytest.fail("only findings leave a stream")
    last = found[-1]
    assert isinstance(last, Bad)
    assert last.last
    assert [one.code for one in last.found] == [code]


@pytest.mark.parametrize("chunk", SIZES)
def test_declarations_marks_and_notes_before_the_root(chunk: int) -> None:
    for head in (b"\xef\xbb\xbf", b'<?xml version="1.0" encoding="UTF-8"?>\n', b"\n\n", b"<!-- a > b -->"):
        found, _ = units(head + document(GOOD), chunk)
        assert values(found) == [R(1, "a"), R(2, "b")]
    found, _ = units(b"\xff\xfe" + document(GOOD).decode().encode("utf-16-le"), chunk)
    assert values(found) == [R(1, "a"), R(2, "b")]


@pytest.mark.parametrize("chunk", SIZES)
def test_a_byte_order_mark_that_comes_late(chunk: int) -> None:
    for head in (b"\xef\xbb\xbf" * 2, b'<?xml version="1.0"?>\xef\xbb\xbf', b"<!-- -->\xef\xbb\xbf"):
        found, _ = units(head + document(GOOD), chunk)
        assert [unit.found[0].code for unit in found if isinstance(unit, Bad)] == ["xml.syntax"]


def test_places_are_those_of_the_whole_document() -> None:
    content = "".join(f"<R><A>{n}</A><B>é</B></R>\n" for n in range(200)) + "<R><A>x</A></R>"
    data = document(content)
    with chunked(64), pytest.raises(PayloadError) as error:
        list(CODEC.iter_read(io.BytesIO(data)))
    found = next(one for one in error.value.report if one.severity == "error")
    assert found.location is not None
    assert (found.location.line, found.location.offset, found.record) == (201, data.index(b"x</A>"), 200)
    assert found.location.column == len("<R><A>") + 1


def test_memory_is_that_of_the_largest_record() -> None:
    findings = Findings()
    window = Window(io.BytesIO(document("<R><A>1</A><B>bbbbbbbbbb</B></R>" * 2000)).read, findings, 256)
    largest = 0
    for _ in XmlStream(CODEC.formats["xml"], window, findings):  # type: ignore[arg-type]
        largest = max(largest, len(window.text))
    assert largest < 2000


CLOSERS = {"<![CDATA[": "]]>", "<!--": "-->", "<?x ": "?>"}


@pytest.mark.parametrize("opener", [*CLOSERS, "<![CDATA[<!--", "<!--<![CDATA["])
@pytest.mark.parametrize("closer", ["]]>", "-->", "?>", ""])
def test_records_within_a_section_between_records_are_none(opener: str, closer: str) -> None:
    inner = "<R><A>3</A><B>c</B></R>"
    data = document(f"{GOOD}{opener}{inner}{inner}{closer}{inner}")
    fast, careful = (read(CODEC, "xml", data, careful=lane) for lane in (False, True))
    assert fast[1].to_dict() == careful[1].to_dict()
    assert fast[0] == careful[0]
    if closer == CLOSERS[opener[:9] if opener[2] == "[" else opener[:4]] and opener[2] != "[":
        assert [value.A for value in fast[0]] == [1, 2, 3]
    else:
        assert not fast[1]


@pytest.mark.parametrize("tail", ["<!-- c --></R>", "<?x?>text", "<!-- c --><R/>"])
def test_comments_behind_the_root_are_reported_before_what_is_wrong_there(tail: str) -> None:
    data = document(GOOD) + tail.encode()
    fast, careful = (read(CODEC, "xml", data, careful=lane, lossless=True)[1] for lane in (False, True))
    assert fast.to_dict() == careful.to_dict()
    assert [found.code.partition(".")[0] for found in fast] == ["loss", "xml"]
