"""Mistakes that an engine of this kind has made before, by kind: each has its test."""

from __future__ import annotations

import pytest

from convtool.convert import Codec
from convtool.engine import State
from convtool.model.contract import Array
from tests.engine.support import built, disagreement, engine_of, feed, takes
from tests.support import XSI, document, member, model, one_member, record

pytestmark = built

POINT = record("P", member("X", "urn:int"), member("Y", "urn:string", nillable=True))
LIST = Codec(model("L", POINT, Array("{urn:t}L", member("P", "{urn:t}P", nillable=True))))
PAIR = Codec(
    model("R", record("R", member("A", "urn:string", nillable=True), member("B", "urn:string", nillable=True)))
)


def test_what_said_nil_says_it_no_more_where_its_prefix_means_something_else() -> None:
    for other in ("urn:z", XSI):
        data = document(f'<A i:nil="true"/><B xmlns:i="{other}" i:nil="true"/>')
        again = document(f'<A xmlns:i="{other}" i:nil="true"/><B i:nil="true"/>')
        for one in (data, again):
            assert takes(PAIR, "xml", one) is (other == XSI)
            assert disagreement(PAIR, "xml", one, size=3) == ""
    items = '<P i:nil="true"/><P xmlns:i="urn:z"><X>1</X><Y i:nil="true"/></P>'
    assert not takes(LIST, "xml", document(items))
    assert disagreement(LIST, "xml", document(items), size=9) == ""


def test_an_attempt_that_was_cut_off_leaves_nothing_behind() -> None:
    record_ = "<P><!-- c --><X> +1</X><Y>a</Y></P><P><X>2</X></P>"
    data = document(record_ * 3)
    whole = feed(engine_of(LIST), "xml", "json", data)
    for size in range(1, 60):
        assert disagreement(LIST, "xml", data, size=size) == ""
        state, out, records = feed(engine_of(LIST), "xml", "json", data, size)
        assert (state, b",".join(out), records) == (State.DONE, b",".join(whole[1]), 6)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + document("<A>a</A>"),
        document('<A i:nil="true"></A>'),
        document("<A><![CDATA[a]]></A><!-- c -->"),
        b'<?xml version="1.0"?>' + document("<A>&amp;&#x1F600;</A>"),
        document("<A>\u00e9\u20ac\U0001f600</A>"),
    ],
)
def test_what_a_piece_cuts_off_is_not_taken_for_wrong(data: bytes) -> None:
    for size in range(1, len(data) + 1):
        body = data.removeprefix(b"\xef\xbb\xbf")
        assert feed(engine_of(PAIR), "xml", "json", body, size)[0] == State.DONE, size
        assert disagreement(LIST if b"<P" in data else PAIR, "xml", data, size=size) == ""


@pytest.mark.parametrize(
    ("datatype", "token", "text"),
    [
        ("decimal", b"79228162514264337593543950335.0", b"79228162514264337593543950335"),
        ("decimal", b"3.0", b"3.0"),
        ("decimal", b"3", b"3"),
        ("double", b"3.0", b"3"),
        ("double", b"1E+17", b"1E+17"),
        ("double", b'"NaN"', b"NaN"),
        ("double", b'"Infinity"', b"INF"),
        ("char", b'"A"', b"65"),
        ("duration", b'"1.02:03:04.5000000"', b"P1DT2H3M4.5S"),
    ],
)
def test_one_formats_rule_is_not_the_others(datatype: str, token: bytes, text: bytes) -> None:
    of = one_member(datatype, nillable=True)
    as_xml, as_json = document(f"<A>{text.decode()}</A>"), b'{"A":' + token + b"}"
    written = b"".join(feed(engine_of(of), "json", "xml", as_json)[1])
    assert b"<A>" + text + b"</A>" in written
    for form, data in (("json", as_json), ("xml", as_xml)):
        assert disagreement(of, form, data) == ""
    # The other format's text is not this one's.
    for form, data in (("json", b'{"A":' + text + b"}"), ("xml", document(f"<A>{token.decode()}</A>"))):
        assert disagreement(of, form, data) == ""


@pytest.mark.parametrize("text", ["-0", "-0.0", "-0.00", "-00.0", "-0e2"])
@pytest.mark.parametrize("datatype", ["decimal", "double", "float"])
def test_zero_keeps_its_sign_in_a_value(datatype: str, text: str) -> None:
    """.NET writes no -0 of a decimal, so that what is written of it has lost the sign that its value has."""
    of = one_member(datatype)
    for form, data in (("json", f'{{"A":{text}}}'.encode()), ("xml", document(f"<A>{text}</A>"))):
        assert disagreement(of, form, data, size=3) == ""
        assert disagreement(of, form, data, "dotnet") == ""


@pytest.mark.parametrize(
    "data", [b'{"A":1}}', b'{"A":"a"},', b'{"A":nul}', b'{"A":null}', b'{"A":null,"B":nullx}', b'{"A":tru}']
)
def test_words_end_where_they_end(data: bytes) -> None:
    assert disagreement(PAIR, "json", data, size=2) == ""


@pytest.mark.parametrize(
    "data", [b'[{"X":1}{}]', b'[{"X":1} "x",{}]', b'[{"X":1} {"X":2}]', b'[{"X":1}]{"X":2}', b'[{"X":1}/**/,{}]']
)
def test_garbage_behind_a_record_belongs_to_it(data: bytes) -> None:
    assert not takes(LIST, "json", data)
    for size in (1, 4, 1000):
        assert disagreement(LIST, "json", data, size=size) == ""
