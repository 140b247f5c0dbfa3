"""Content negotiation as Web API's DefaultContentNegotiator does it, in a table."""

from __future__ import annotations

import pytest

from convtool.testing.stub.negotiate import choose

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

ACCEPTED = [
    ("", "application/json"),
    ("*/*", "application/json"),
    ("application/json", "application/json"),
    ("text/json", "text/json"),
    ("application/xml", "application/xml"),
    ("text/xml", "text/xml"),
    ("TEXT/XML", "text/xml"),
    ("application/*", "application/json"),
    ("text/*", "text/json"),
    ("application/xml, application/json", "application/json"),  # of equal quality the first formatter's
    ("application/xml;q=0.9, application/json;q=0.8", "application/xml"),
    ("application/json;q=0.1, */*", "application/json"),
    ("text/xml;q=0.5, */*;q=0.5", "text/xml"),  # a literal counts more than a range
    ("application/xml;q=0", "application/json"),
    ("application/json;q=0, application/xml", "application/xml"),
    ("application/xml;q=nonsense", "application/json"),
    ("application/json; odata=verbose", "application/json"),
    ("image/png", "application/json"),  # no 406
    ("image/png, text/xml;q=0.1", "text/xml"),
    (BROWSER, "application/xml"),
    ("a/b/c, ;, /", "application/json"),
]


@pytest.mark.parametrize(("accept", "media_type"), ACCEPTED)
def test_accept(accept: str, media_type: str) -> None:
    choice = choose(accept, "", "", "")
    assert choice.media_type == media_type
    assert choice.format == media_type.partition("/")[2]


def test_where_nothing_matches_the_request_counts() -> None:
    assert choose("image/png", "", "text/xml", "").content_type == "text/xml; charset=utf-8"
    assert choose("", "", "application/xml", "").media_type == "application/xml"
    assert choose("", "", "text/plain", "").media_type == "application/json"
    assert choose("*/*", "", "application/xml", "").media_type == "application/json"


def test_scripts_in_browsers_get_json() -> None:
    assert choose("*/*", "", "application/xml", "", ajax=True).media_type == "application/json"
    assert choose("", "", "application/xml", "", ajax=True).media_type == "application/json"
    assert choose("text/xml", "", "", "", ajax=True).media_type == "text/xml"


@pytest.mark.parametrize(
    ("accept_charset", "of_request", "charset"),
    [
        ("", "", "utf-8"),
        ("utf-16", "", "utf-16"),
        ("iso-8859-1", "", "utf-8"),
        ("utf-16;q=0.5, utf-8;q=0.4", "", "utf-16"),
        ("utf-16;q=0, *", "", "utf-8"),
        ("iso-8859-1", "utf-16", "utf-16"),
        ("", "utf-16", "utf-16"),
        ("", "latin1", "utf-8"),
    ],
)
def test_charset(accept_charset: str, of_request: str, charset: str) -> None:
    choice = choose("", accept_charset, "application/json", of_request)
    assert choice.content_type == f"application/json; charset={charset}"
    assert choice.encode("é".encode()) == ("é".encode() if charset == "utf-8" else b"\xff\xfe\xe9\x00")
