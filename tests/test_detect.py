"""Which contract a payload is of, and in which format; or what was seen instead."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

import convtool
from tests.support import DECLARED, LIST, PARAM, codes, listed, param

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (param(""), (PARAM, "xml")),
        (listed(""), (LIST, "xml")),
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- c -->\n' + param("<x>"), (PARAM, "xml")),
        (
            param("")
            .replace(b"xmlns=", b"xmlns:p=")
            .replace(b"ParamModel ", b"p:ParamModel ", 1)
            .replace(b"</", b"</p:"),
            (PARAM, "xml"),
        ),
        (b'{"Debut":"2026-03-22"}', (PARAM, "json")),
        (b' {"produitid":1}', (PARAM, "json")),
        (b'[{"NomProduit":"x"}]', (LIST, "json")),
        (b"{}", (PARAM, "json")),  # the only contract here that is an object
        (b"[]", (LIST, "json")),
        (b"[null]", (LIST, "json")),
        (b"{'Fin':1,}", (PARAM, "json")),
        ('{"Debut":"é"}', (PARAM, "json")),
        ('{"Fin":1}'.encode("utf-16"), (PARAM, "json")),
    ],
)
def test_what_a_payload_is(payload: bytes | str, found: tuple[str, str]) -> None:
    assert convtool.detect(payload) == found


@pytest.mark.parametrize(
    ("payload", "code", "says"),
    [
        (b"", "input.empty", "empty"),
        (b" \n\t", "input.empty", "empty"),
        (b"%PDF-1.7", "input.format", "%PDF-1.7"),
        (b"\x1f\x8b\x08", "input.encoding", "gzip"),
        (b"\xff\xfe\x00\x00", "input.encoding", "UTF-32"),
        (b"<Other/>", "root.name", "<Other>"),
        (f"<{PARAM}/>".encode(), "root.name", "namespace ''"),
        (b"<", "xml.syntax", "ends"),
        (b"<!DOCTYPE x>", "xml.doctype", "DOCTYPE"),
        (b"null", "root.name", f"{LIST} or {PARAM}"),
        (b'{"Autre":1}', "root.name", "Autre"),
        (b"5", "root.name", "number"),
        (b'"x"', "root.name", "string"),
        (b'{"Debut"', "json.syntax", "colon"),
        (b'[{"Debut":1}]', "root.name", "array"),
    ],
)
def test_what_is_none_says_what_was_seen(payload: bytes, code: str, says: str) -> None:
    with pytest.raises(convtool.PayloadError) as error:
        convtool.detect(payload)
    assert codes(error.value.report) == [code]
    assert says in str(error.value)


def test_a_path_is_named_in_the_report(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"\x00\x01")
    with pytest.raises(convtool.PayloadError, match=r"a\.bin"):
        convtool.detect(path)
    path.write_bytes(param(""))
    assert convtool.detect(path) == (PARAM, "xml")
    assert convtool.detect(io.BytesIO(param(""))) == (PARAM, "xml")


def test_it_stays_a_function() -> None:
    for _ in range(2):
        assert convtool.detect(param("")) == (PARAM, "xml")


def test_what_is_wrong_behind_the_root_is_for_the_reader_to_say() -> None:
    assert convtool.detect(f"<{PARAM} {DECLARED}><a></b>") == (PARAM, "xml")
