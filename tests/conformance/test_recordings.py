"""What Microsoft's serializers wrote and read, row by row; a failing test lists the rows that differ, by their id."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest

import convtool
from convtool.model import dates
from tests.support import LIST, PARAM, VECTORS, chunked, errors, listed, param

if TYPE_CHECKING:
    from collections.abc import Callable

    Convert = Callable[[bytes], bytes]

BOTH_WAYS = [("xml", "json"), ("json", "xml"), ("xml", "xml"), ("json", "json")]
WHOLE = 1 << 18


@cache
def rows(name: str) -> list[dict[str, Any]]:
    lines = (VECTORS / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")  # splitlines would cut at U+2028
    return [json.loads(line) for line in lines if line]


def groups(name: str) -> list[str]:
    return sorted({row["group"] for row in rows(name)})


def in_memory(contract: str, to: str, profile: str = "strict") -> Convert:
    codec = convtool.contract(contract)
    return lambda data: codec.convert(data, to, profile=profile).data  # type: ignore[arg-type]


def streamed(contract: str, to: str, profile: str = "strict") -> Convert:
    codec = convtool.contract(contract)

    def convert(data: bytes) -> bytes:
        sink = io.BytesIO()
        codec.convert_stream(io.BytesIO(data), sink, to, profile=profile)  # type: ignore[arg-type]
        return sink.getvalue()

    return convert


def outcome(convert: Convert, text: str) -> bytes | list[str]:
    """Give the converted payload, or the codes of its errors."""
    try:
        return convert(text.encode("utf-8", "surrogatepass"))
    except convtool.PayloadError as error:
        found = errors(error.report)
        assert found, "refused without an error"
        return found


def differing(of: list[dict[str, Any]], to: str, way: Callable[..., Convert]) -> dict[str, Any]:
    """Give, by the row's id, what came, what .NET made of it (None: refused), and what was made of it here."""
    found = {}
    for row in of:
        result = outcome(way(row["contract"], to, "dotnet"), row["in"])
        expected = row["out"].encode() if row["ok"] else None
        if result != expected and not (expected is None and isinstance(result, list)):
            found[row["id"]] = (row["in"], expected, result)
    return found


# --- the wire form --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [PARAM, LIST])
@pytest.mark.parametrize(("source", "to"), BOTH_WAYS)
def test_the_wire_form_is_written_byte_for_byte(name: str, source: str, to: str) -> None:
    of = [row for row in rows("wire") if row["contract"] == name]
    assert of
    convert = in_memory(name, to)
    assert {row["id"]: row[source] for row in of if outcome(convert, row[source]) != row[to].encode()} == {}


@pytest.mark.parametrize("chunk", [7, 97, WHOLE])
@pytest.mark.parametrize(("source", "to"), BOTH_WAYS)
def test_streams_write_the_same_bytes_whatever_the_pieces_they_come_in(source: str, to: str, chunk: int) -> None:
    failing = {}
    with chunked(chunk):
        for row in rows("wire"):
            if outcome(streamed(row["contract"], to), row[source]) != row[to].encode():
                failing[row["id"]] = row[source]
    assert failing == {}


# --- departures from it: what .NET made of them ---------------------------------------------------------------------


@pytest.mark.parametrize("group", groups("read-xml"))
def test_xml_is_read_as_dotnet_reads_it(group: str) -> None:
    of = [row for row in rows("read-xml") if row["group"] == group]
    assert differing(of, "json", in_memory) == {}


@pytest.mark.parametrize("group", groups("read-json"))
def test_json_is_read_as_json_net_reads_it(group: str) -> None:
    of = [row for row in rows("read-json") if row["group"] == group]
    assert differing(of, "xml", in_memory) == {}


@pytest.mark.parametrize("chunk", [7, 97, WHOLE])
@pytest.mark.parametrize(("name", "to"), [("read-xml", "json"), ("read-json", "xml")])
def test_streams_read_as_dotnet_reads(name: str, to: str, chunk: int) -> None:
    with chunked(chunk):
        assert differing(rows(name), to, streamed) == {}


# --- texts of integers and dates ------------------------------------------------------------------------------------

# By type: the member that holds the text, and what stands around it.
LEXICAL = {
    "int": (PARAM, lambda text: param(f"<ProduitId>{escape(text)}</ProduitId>"), lambda value: value.ProduitId),
    "dateTime": (
        LIST,
        lambda text: listed(
            "<ReponseV2Model><ConsommationsDetails><ConsoV2Model>"
            f"<DateDossier>{escape(text)}</DateDossier></ConsoV2Model></ConsommationsDetails></ReponseV2Model>"
        ),
        lambda value: value[0].ConsommationsDetails[0].DateDossier,
    ),
}


@pytest.mark.parametrize("kind", LEXICAL)
def test_strict_agrees_with_xml_schema_but_for_what_dotnet_cannot_hold(kind: str) -> None:
    contract, document, _ = LEXICAL[kind]
    failing = {}
    for row in rows("lexical"):
        if row["type"] != kind:
            continue
        found = errors(convtool.contract(contract).validate(document(row["text"])))
        beyond = row["xsd"] and not row["dotnet"]
        if beyond != (found == ["date.refused"]) or (not beyond and row["xsd"] != (not found)):
            failing[row["text"]] = found
    assert failing == {}


@pytest.mark.parametrize("kind", LEXICAL)
def test_dotnet_agrees_with_dotnet_and_its_value(kind: str) -> None:
    contract, document, of = LEXICAL[kind]
    failing = {}
    for row in rows("lexical"):
        if row["type"] != kind:
            continue
        try:
            got = of(convtool.contract(contract).read(document(row["text"]), profile="dotnet"))
        except convtool.PayloadError as error:
            got = errors(error.report)
        if not row["dotnet"] and isinstance(got, list):
            continue
        # .NET re-expresses offsets in its own zone: the instant is what was recorded.
        same = row["dotnet"] and (
            got == row["value"] if kind == "int" else dates.instant(got) == dates.instant(row["value"])
        )
        if not same:
            failing[row["text"]] = (got, row["value"])
    assert failing == {}
