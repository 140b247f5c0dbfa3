"""Assertions on bytes, texts, paths and responses of the common clients: media type and charset count."""

from __future__ import annotations

import gzip
import io
import operator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import flask
import httpx
import pytest
import requests

import convtool
from convtool.captures import judge
from convtool.catalog import default_catalog
from convtool.codes import PROFILES
from convtool.testing import approx_payload, assert_converts, assert_same, assert_valid
from tests.support import DECLARED, LIST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from convtool.codes import Profile

MEMBERS = "<Debut>2026-03-22T00:33:32</Debut><Fin>2026-03-23T00:00:00Z</Fin><ProduitId>7</ProduitId>"
XML = f"<ParamModel {DECLARED}>{MEMBERS}</ParamModel>".encode()
JSON = b'{"Debut":"2026-03-22T00:33:32","Fin":"2026-03-23T00:00:00Z","ProduitId":7}'
FORM = b"Debut=2026-03-22&Fin=2026-03-31&ProduitId=1"


def of_requests(body: bytes, content_type: str, status: int) -> Any:
    response = requests.Response()
    response._content, response.status_code, response.url = body, status, "http://api/orders"
    response.headers["Content-Type"] = content_type
    return response


def of_httpx(body: bytes, content_type: str, status: int) -> Any:
    return httpx.Response(status, content=body, headers={"Content-Type": content_type})


def of_flask(body: bytes, content_type: str, status: int) -> Any:
    app = flask.Flask(__name__)
    app.add_url_rule("/", view_func=lambda: flask.Response(body, status, content_type=content_type))
    return app.test_client().get("/")


def of_starlette(body: bytes, content_type: str, status: int) -> Any:
    """Starlette's test client gives httpx's responses; it is asked through httpx itself, which needs no thread."""
    import asyncio

    from starlette.responses import Response

    async def ask() -> httpx.Response:
        response = Response(body, status, media_type=None, headers={"Content-Type": content_type})
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=response), base_url="http://api") as client:
            return await client.get("/")

    return asyncio.run(ask())


CLIENTS = pytest.mark.parametrize("make", [of_requests, of_httpx, of_flask, of_starlette])


def failure(call: Callable[..., Any], *arguments: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        call(*arguments, **options)
    return str(caught.value)


# --- what is a payload ----------------------------------------------------------------------------------------------


def test_bytes_texts_paths_and_files_are_payloads(tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    path.write_bytes(JSON)
    for payload in (JSON, JSON.decode(), bytearray(JSON), memoryview(JSON), path, io.BytesIO(JSON), XML):
        assert assert_valid(payload).ProduitId == 7


@CLIENTS
def test_responses_of_the_common_clients_are_payloads(make: Callable[..., Any]) -> None:
    for body, content_type in (
        (XML, "application/xml; charset=utf-8"),
        (XML, "text/xml"),
        (JSON, "application/json; charset=UTF-8"),
        (JSON, 'text/json; charset="utf-8"'),
        (JSON.decode().encode("utf-16"), "application/json; charset=utf-16"),
        (XML, "application/vnd.api+xml"),
    ):
        response = make(body, content_type, 200)
        assert assert_valid(response).ProduitId == 7
        assert response == approx_payload(JSON)


NAMES = '[{"ProduitId":7,"NomProduit":"été"}]'
TOLD = {
    "bytes of the charset that is named": ("application/json; charset=iso-8859-1", NAMES.encode("latin-1"), ""),
    "UTF-8 that is called otherwise": ("application/json; charset=iso-8859-1", NAMES.encode(), ""),
    "a code page": ("application/json; charset=windows-1252", NAMES.encode("cp1252"), ""),
    "UTF-8 that is called UTF-16": ("application/json; charset=utf-16", NAMES.encode(), ""),
    "UTF-16 without a mark": ("application/json; charset=utf-16", NAMES.encode("utf-16-le"), ""),
    "UTF-16 with its mark": ("application/json; charset=utf-16", NAMES.encode("utf-16"), ""),
    "UTF-16 that is called UTF-8": ("text/json; charset=utf-8", NAMES.encode("utf-16"), ""),
    "ASCII that is none": ("text/json; charset=us-ascii", NAMES.encode(), ""),
    "a charset in the wrong quotes": ("application/json; charset='utf-8'", NAMES.encode(), ""),
    "a charset in quotes": ('application/json; charset="UTF-8"', NAMES.encode(), ""),
    "a charset in pieces": ("application/json; charset*0=a; charset*b", NAMES.encode(), ""),
    "a charset in pieces of two kinds": ("application/json; charset*0=a; charset*=b", NAMES.encode(), ""),
    "no charset that there is": ("application/json; charset=klingon", NAMES.encode(), ""),
    "a media type twice": ("application/json, application/json", NAMES.encode(), ""),
    "no media type": ("json", NAMES.encode(), ""),
    "nothing said": ("", NAMES.encode(), ""),
    "the other format's": ("text/xml", NAMES.encode(), ""),
    "packed": ("application/json", gzip.compress(NAMES.encode(), mtime=0), "gzip"),
    "packed twice": ("application/json", gzip.compress(gzip.compress(NAMES.encode()), mtime=0), "gzip, x-gzip"),
    "unpacked by the client": ("application/json", NAMES.encode(), "gzip"),
    "packed and broken off": ("application/json", gzip.compress(NAMES.encode(), mtime=0)[:-9], "gzip"),
    "packed in a way that is not known": ("application/json", b"\x00\x01", "sdch"),
    "packed and not said": ("application/json", gzip.compress(NAMES.encode(), mtime=0), ""),
}


@pytest.mark.parametrize(("content_type", "body", "coding"), TOLD.values(), ids=TOLD)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_response_has_the_verdict_that_it_has_in_a_capture(
    tmp_path: Path, content_type: str, body: bytes, coding: str, profile: Profile
) -> None:
    said = {"Content-Type": content_type, "Content-Encoding": coding, "Content-Length": str(len(body))}
    headers = {name: text for name, text in said.items() if text}
    head = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
    capture = tmp_path / "one.http"
    asked = "POST /api/ConsommationV2 HTTP/1.1\r\nHost: a\r\n\r\n"
    capture.write_bytes(f"{asked}HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body)
    [judgement] = judge(capture, default_catalog(), profile=profile)
    try:
        value = assert_valid(SimpleNamespace(headers=headers, content=body, status_code=200), LIST, profile=profile)
    except AssertionError:
        value = None
    assert (value is not None) == (judgement.parts[-1].verdict == "valid")
    assert value is None or value[0].NomProduit == "été"


def test_what_a_response_says_of_itself_is_shown_where_it_is_wrong() -> None:
    for content_type, said in (
        ("json", "its media type is json, which is neither XML nor JSON"),
        ("text/xml", "its media type is text/xml, and it is JSON"),
        ("text/json; charset=\x1b[31m", "The Content-Type names the charset '\\x1b[31m'"),
    ):
        message = failure(assert_valid, of_requests(NAMES.encode(), content_type, 200))
        assert message.startswith("http://api/orders is not a valid payload\n")
        assert said in message
        assert "\x1b" not in message
    with pytest.raises(convtool.UsageError, match="headers of type list"):
        assert_valid(SimpleNamespace(headers=[("Content-Type", "text/json")], content=JSON))


def test_a_form_is_a_payload_by_its_media_type() -> None:
    form = of_requests(FORM, "application/x-www-form-urlencoded", 200)
    assert assert_valid(form, "ParamModel").ProduitId == 1
    assert_same(form, b'{"Debut":"2026-03-22","Fin":"2026-03-31","ProduitId":1}', contract="ParamModel")


def test_what_is_no_payload_is_a_wrong_call() -> None:
    with pytest.raises(convtool.UsageError, match="not int"):
        assert_valid(7)
    unread = httpx.Response(200, content=iter([JSON]))
    for response in (SimpleNamespace(headers={}), unread):
        with pytest.raises(convtool.UsageError, match="neither `content` nor `data`"):
            assert_valid(response)
    with pytest.raises(convtool.ContractError, match="no contract 'Nope'"):
        assert_valid(JSON, "Nope")


# --- what is wrong --------------------------------------------------------------------------------------------------


def test_every_error_is_shown_with_its_place_and_a_caret() -> None:
    message = failure(assert_valid, JSON.replace(b":7}", b':"x","Autre":1}'))
    assert "the payload is not a valid ParamModel: 2 errors" in message
    assert "payload:1:73: error: 'x' is not an integer of 32 bits" in message
    assert "[member.unknown]" in message
    assert message.count(" ^^^") == 2


def test_a_media_type_that_the_body_contradicts_is_an_error() -> None:
    message = failure(assert_valid, of_requests(JSON, "application/xml", 200), "ParamModel")
    assert message.startswith(
        "http://api/orders is not a valid ParamModel\nits media type is application/xml, and it is JSON:"
    )


def test_a_page_is_shown_as_what_it_is() -> None:
    message = failure(assert_valid, of_requests(b"<html><h1>Bad\n Gateway</h1>", "text/html", 502), "ParamModel")
    assert message == (
        "http://api/orders has status 502\n"
        "its media type is text/html, which is neither XML nor JSON:\n"
        "    <html><h1>Bad Gateway</h1>"
    )


def test_an_error_response_says_what_the_server_said() -> None:
    body = b'{"Message":"The request is invalid.","ModelState":{"param.Debut":["is missing"]}}'
    message = failure(assert_valid, of_requests(body, "application/json", 400), "ParamModel")
    assert message.startswith("http://api/orders has status 400\n")
    assert "The server answered 400 and said: The request is invalid." in message
    assert "is missing" in message


def test_without_a_contract_an_ambiguous_payload_says_so() -> None:
    assert "contract=…" in failure(assert_valid, b"null")
    assert assert_valid(b"[]", "ArrayOfReponseV2Model") == []


def test_a_thousand_errors_are_not_a_thousand_messages() -> None:
    message = failure(assert_valid, b'[{"ProduitId":1},' + b'{"Nope":1},' * 1000 + b"null]", "ArrayOfReponseV2Model")
    assert "1000 errors" in message
    assert message.endswith("and 980 more")


# --- comparisons ----------------------------------------------------------------------------------------------------


def test_payloads_are_the_same_whatever_their_format() -> None:
    assert_same(XML, JSON)
    assert_same(of_requests(XML, "application/xml", 200), JSON.decode())
    assert_same(JSON, JSON.replace(b"7", b"8"), ignore=["/ProduitId"])
    assert_same(JSON, JSON.replace(b"00:00:00Z", b"01:00:00+01:00"), dates="instant")
    assert_same(b"[]", b'[{"ProduitId":1}]'.replace(b'{"ProduitId":1}', b""), contract="ArrayOfReponseV2Model")


def test_differences_are_listed_by_path_with_both_places() -> None:
    message = failure(assert_same, XML, JSON.replace(b"7", b"8").replace(b"Z", b""))
    assert message.startswith("the payloads differ: 2 differences\n/Fin: ")
    assert "/ProduitId: " in message
    assert "left:1:" in message


def test_a_side_that_says_its_contract_says_it_for_both() -> None:
    message = failure(assert_same, b"[]", b'[{"ProduitId":1}]')
    assert "the payloads differ: 1 difference" in message


def test_an_invalid_side_is_named() -> None:
    assert "[json.syntax]" in failure(assert_same, JSON, JSON[:-1])


def test_conversion_without_loss_gives_the_other_format() -> None:
    assert assert_converts(XML) == JSON
    assert assert_converts(JSON.decode()) == XML
    assert assert_converts(of_requests(JSON.decode().encode("utf-16"), "text/json", 200)) == XML


def test_what_would_be_lost_is_shown() -> None:
    message = failure(assert_converts, XML.replace(b"<Fin>", b"<!-- until --><Fin>"))
    assert "it does not convert into json without loss: 1 error" in message
    assert "[loss.comment]" in message
    with pytest.raises(convtool.UsageError, match="no other format"):
        assert_converts(of_requests(FORM, "application/x-www-form-urlencoded", 200), "ParamModel")


@pytest.mark.parametrize("ignore", ["/ProduitId", b"/ProduitId", 7])
def test_a_text_is_no_list_of_paths(ignore: Any) -> None:
    for call in (assert_same, lambda *sides, **options: approx_payload(sides[0], **options) == sides[1]):
        with pytest.raises(convtool.UsageError, match=f"ignore={ignore!r}: a list is meant; write ignore="):
            call(JSON, JSON, ignore=ignore)


# --- approx_payload -------------------------------------------------------------------------------------------------


def test_approx_payload_is_equal_both_ways() -> None:
    expected = approx_payload(XML, ignore=["/ProduitId"])
    assert JSON == expected  # noqa: SIM300 - which side it is on is the point
    assert expected == JSON.replace(b"7", b"9")
    assert JSON.replace(b"2026-03-22", b"2026-03-21") != expected
    assert JSON[:-1] != expected
    assert expected != 7
    assert repr(expected) == "approx_payload(<ParamModel>)"
    with pytest.raises(TypeError):
        hash(expected)


@pytest.mark.parametrize(
    ("expected", "options", "said"),
    [
        (JSON, {"ignore": ["/Produit"]}, "there is no 'Produit'"),
        (JSON, {"ignore": ["ProduitId"]}, "not a JSON Pointer"),
        (JSON, {"dates": "instants"}, "no way 'instants' to compare dates"),
        (JSON, {"profile": "loose"}, "no profile 'loose'"),
        (JSON[:-1], {}, r"(?s)approx_payload\(…\): what is expected cannot be\n.*json\.syntax"),
        (JSON, {"contract": "ArrayOfReponseV2Model"}, "is not a valid ArrayOfReponseV2Model: 1 error"),
        (of_requests(b"<html>", "text/html", 502), {"contract": "ParamModel"}, "has status 502"),
        (7, {}, "not int"),
    ],
)
@pytest.mark.parametrize("other", [JSON, b"<", 7])
def test_a_comparison_that_cannot_be_right_is_a_wrong_call(
    other: Any, expected: Any, options: dict[str, Any], said: str
) -> None:
    for compare in (operator.eq, operator.ne):
        with pytest.raises(convtool.UsageError, match=said):
            compare(other, approx_payload(expected, **options))


def test_a_contract_that_is_not_there_is_a_wrong_call() -> None:
    with pytest.raises(convtool.ContractError, match="no contract 'Nope'"):
        assert approx_payload(JSON, contract="Nope") != JSON


def test_what_is_expected_may_be_of_several_contracts_or_of_another() -> None:
    expected = approx_payload(b"null")
    assert expected != XML
    assert expected != b"<"
    assert approx_payload(JSON, ignore=["/ProduitId"]) != b"[]"
    assert io.BytesIO(XML) == approx_payload(io.BytesIO(JSON))


def test_a_file_is_read_once_and_explained_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(JSON)
    other = JSON.replace(b"7", b"8")
    with path.open("rb") as file:
        expected = approx_payload(file)
        assert other != expected
        assert repr(expected) == "approx_payload(<ParamModel>)"
        assert "/ProduitId: " in expected.explain(other)[1]
        assert expected == JSON
    with path.open("rb") as file:
        expected = approx_payload(other)
        assert file != expected
        assert "/ProduitId: " in expected.explain(file)[1]
