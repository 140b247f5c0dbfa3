"""Web API's error responses: recognised, tied to the request's members, converted both ways."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import convtool
from convtool.errors import PayloadError, UsageError
from convtool.findings import Findings
from convtool.http_error import convert_error, member_path, recognise, report_error
from tests.support import LIST, PARAM, codes

if TYPE_CHECKING:
    from convtool.sniff import Format

STATE = b'{"Message":"The request is invalid.","ModelState":{"param.Debut":["The date is wrong."]}}'
STATE_XML = (
    b"<Error><Message>The request is invalid.</Message>"
    b"<ModelState><param.Debut>The date is wrong.</param.Debut></ModelState></Error>"
)
THROWN = (
    b'{"Message":"An error has occurred.","ExceptionMessage":"Object reference not set.",'
    b'"ExceptionType":"System.NullReferenceException","StackTrace":null,'
    b'"InnerException":{"Message":"An error has occurred.","ExceptionMessage":"why","ExceptionType":"System.Exception",'
    b'"StackTrace":"   at A.B()\\r\\n   at C.D()"}}'
)


@pytest.mark.parametrize(
    ("body", "by_shape", "by_status"),
    [
        (STATE, True, True),
        (STATE_XML, True, True),
        (THROWN, True, True),
        (b'{"message":"No HTTP resource was found.","MessageDetail":"No type was found."}', True, True),
        (STATE.decode().encode("utf-16"), True, True),
        (b'{"Message":"x","Code":5}', False, True),
        (b'{"Message":1}', False, True),
        (b'{"error":"invalid_grant"}', False, False),
        (b"[]", False, False),
        (b"{}", False, False),
        (b"<html><body>Message</body></html>", False, False),
        (b"<Error/>", False, False),
        (b'<Error xmlns="urn:other"><Message>x</Message></Error>', False, False),
        (b"<Error><Message>", False, False),
        (b'{"Message":', False, False),
        (b"Bad Request", False, False),
        (b"", False, False),
        (b"\xff\xfe\x00", False, False),
        (b"[" * 10_000, False, False),
    ],
)
def test_recognised_by_status_or_shape(body: bytes, by_shape: bool, by_status: bool) -> None:
    assert (recognise(body) is not None) == by_shape
    assert (recognise(body, failed=True) is not None) == by_status


def test_payloads_are_not_errors() -> None:
    for name in (PARAM, LIST):
        codec = convtool.contract(name)
        for payload in (b"null", b'{"ProduitId":1}', b'[{"ProduitId":1}]'):
            assert recognise(payload) is None
        assert codec.name


def test_shown_with_the_members_that_it_speaks_of() -> None:
    error = recognise(STATE, failed=True)
    assert error is not None
    findings = Findings()
    report_error(error, findings, 400, convtool.contract(PARAM).model)
    report = findings.report("Error", "json")
    assert report.valid
    assert [(d.code, d.path, d.location.offset) for d in report if d.location] == [
        ("http.error", "", 1),
        ("http.model-state", "/Debut", 51),
    ]
    assert "said: The request is invalid." in report.diagnostics[0].message
    assert "`Debut`" in report.diagnostics[1].message
    assert "The date is wrong." in report.diagnostics[1].message


def test_inner_exceptions_are_shown() -> None:
    error = recognise(THROWN)
    assert error is not None
    assert error.summary() == [
        "An error has occurred.",
        "System.NullReferenceException: Object reference not set.",
        "An error has occurred.",
        "System.Exception: why",
    ]


@pytest.mark.parametrize(
    ("contract", "key", "path"),
    [
        (PARAM, "param.Debut", "/Debut"),
        (PARAM, "PARAM.produitid", "/ProduitId"),
        (PARAM, "Debut", "/Debut"),
        (PARAM, "param", ""),
        (PARAM, "param.Autre", ""),
        (PARAM, "", ""),
        (PARAM, "...[[", ""),
        (LIST, "items[2].ConsommationsSomme[0].Libelle", "/2/ConsommationsSomme/0/Libelle"),
        (LIST, "[2].NomProduit", "/2/NomProduit"),
    ],
)
def test_keys_and_members(contract: str, key: str, path: str) -> None:
    assert member_path(key, convtool.contract(contract).model) == path
    assert member_path(key, None) == ""


@pytest.mark.parametrize(
    ("body", "xml"), [(STATE, STATE_XML), (b'{"Message":"a<b&c","x[0] y":""}', None), (THROWN, None)]
)
def test_converted_both_ways(body: bytes, xml: bytes | None) -> None:
    there = convert_error(body, "xml")
    assert there.report.valid
    assert not codes(there.report)
    if xml is not None:
        assert there.data == xml
    assert convert_error(there.data, "json").data == body
    assert convert_error(body, "json").data == body
    assert convert_error(there.data, "xml").data == there.data


def test_names_are_escaped_as_xml_convert_does() -> None:
    xml = convert_error(b'{"Message":"m","items[0].Nom de":"x","a_x0020_b":"y","1":"z","n\xc3\xa9:":"w"}', "xml").data
    assert xml == (
        b"<Error><Message>m</Message><items_x005B_0_x005D_.Nom_x0020_de>x</items_x005B_0_x005D_.Nom_x0020_de>"
        b"<a_x005F_x0020_b>y</a_x005F_x0020_b><_x0031_>z</_x0031_><n\xc3\xa9_x003A_>w</n\xc3\xa9_x003A_></Error>"
    )


def test_what_xml_cannot_hold_is_told() -> None:
    result = convert_error(b'{"Message":"m","ModelState":{"a":["x","y"]},"Code":5,"Flag":true,"Nothing":null}', "xml")
    assert result.data == (
        b"<Error><Message>m</Message><ModelState><a>x y</a></ModelState>"
        b"<Code>5</Code><Flag>true</Flag><Nothing /></Error>"
    )
    assert [(d.code, d.path) for d in result.report] == [
        ("loss.http-error", "/ModelState/a"),
        ("loss.http-error", "/Code"),
        ("loss.http-error", "/Flag"),
    ]


def test_what_is_no_error_is_refused() -> None:
    for body in (b"[]", b"<a/>", b"", b"{", b'{"":1}'):
        with pytest.raises(PayloadError):
            convert_error(body, "xml")
    with pytest.raises(UsageError):
        convert_error(STATE, "form")


_texts = st.text(st.characters(exclude_categories=["Cs"]))
_names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(st.dictionaries(_names, _texts, min_size=1))
def test_any_names_and_texts_come_back(entries: dict[str, str]) -> None:
    entries = {name: text for name, text in entries.items() if name.lower() not in ("modelstate", "innerexception")}
    body = json.dumps({"Message": "m"} | entries, ensure_ascii=False).encode()
    back = convert_error(convert_error(body, "xml").data, "json").data
    assert json.loads(back) == {"Message": "m"} | entries


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<Error><Message a='b'>m</Message></Error>", ["loss.attribute"]),
        (b"<Error a='b'><Message>m</Message><!-- c --></Error>", ["loss.attribute", "loss.comment"]),
        (b"<!-- c --><Error><Message>m<?p i?></Message></Error>", ["loss.comment", "loss.processing-instruction"]),
        (b"<Error>said<Message>m</Message></Error>", ["loss.http-error"]),
        (b"<Error><Message>m</Message><Code>a<b>1</b>c</Code></Error>", ["loss.http-error"]),
        (b"<Error><Message xmlns='urn:x'>m</Message></Error>", ["loss.http-error"]),
        (b'{"Message":"m"} // c', ["loss.comment"]),
        (b'{"Message":"m","InnerException":null}', ["loss.http-error"]),
        (b'{"Message":"m","ModelState":"bad"}', []),
        (b'{"Message":"m","ModelState":{"a":"b"}}', ["loss.http-error"]),
        (b'{"Message":"m","MessageDetail":{}}', ["loss.http-error"]),
        (b'{"Message":"m","InnerException":{}}', []),
        (b'{"Message":"m","a":null,"b":"","c":null}', []),
        (b'{"Message":"m","InnerException":{"Message":"x","StackTrace":null}}', []),
        (b'{"Message":"m","' + b"n" * 2000 + b'":"x"}', ["loss.http-error"]),
    ],
)
def test_what_is_lost_is_told(body: bytes, told: list[str]) -> None:
    to: Format = "json" if body.startswith(b"<") else "xml"
    result = convert_error(body, to)
    assert [found.code for found in result.report] == told
    if told:
        with pytest.raises(PayloadError):
            convert_error(body, to, lossless=True)
    else:
        assert convert_error(convert_error(body, to, lossless=True).data, "json").data == body


def test_the_text_of_what_has_no_elements_is_kept() -> None:
    body = b"<Error><Message>m</Message><InnerException>boom</InnerException></Error>"
    assert convert_error(body, "json", lossless=True).data == b'{"Message":"m","InnerException":"boom"}'


@pytest.mark.parametrize("to", ["xml", "json"])
def test_halves_of_surrogate_pairs_are_refused(to: Format) -> None:
    for body in (b'{"Message":"\\ud800"}', b'{"Message":"m","\\udc00":["a"]}', b'{"Message":"m","a":[["\\ud800"]]}'):
        with pytest.raises(PayloadError) as caught:
            convert_error(body, to)
        assert [found.code for found in caught.value.report] == ["value.surrogate"]
