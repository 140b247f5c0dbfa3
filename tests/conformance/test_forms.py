"""Odd forms of every datatype, as .NET reads them: the dotnet profile gives the server's value, or says why it cannot.

``forms.jsonl`` has whole documents. ``own-forms.jsonl`` has single members, recorded the same way (docs/dotnet.md):
contract, member, format, what stands there, and what .NET then wrote there in the other format (null: refused).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from tests.support import VECTORS, errors

if TYPE_CHECKING:
    from convtool.catalog import Catalog

# What .NET takes and convtool refuses: it depends on the day or on the server's zone, its System.Uri is not modelled
# there, or half of a surrogate pair would have to be written.
REASONS = {"value.unknown", "value.refused", "value.surrogate", "value.range"}
I = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'  # noqa: E741 - the prefix of the wire form
NAMESPACE = "http://schemas.datacontract.org/2004/07/"
DOCUMENTS = {
    ("Facture", "json"): '{{"Canal":1,"{0}":{1}}}',
    ("Facture", "xml"): f'<Facture {I} xmlns="{NAMESPACE}Boutique.Models"><Canal>Web</Canal><{{0}}>{{1}}</{{0}}>'
    "</Facture>",
    ("ArrayOfMesure", "json"): '[{{"{0}":{1}}}]',
    ("ArrayOfMesure", "xml"): f'<ArrayOfMesure {I} xmlns="{NAMESPACE}Atelier.Capteurs"><Mesure><{{0}}>{{1}}</{{0}}>'
    "</Mesure></ArrayOfMesure>",
}  # fmt: skip


@cache
def rows(name: str) -> list[Any]:
    lines = (VECTORS / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def converted(second: Catalog, contract: str, source: str, text: str) -> tuple[str | None, set[str]]:
    """Give the document in the other format, or None and the codes of the errors."""
    codec = second.contract(contract)
    convert = codec.to_xml if source == "json" else codec.to_json
    try:
        data = convert(text.encode("utf-8", "surrogatepass"), profile="dotnet")
    except convtool.PayloadError as error:
        found = set(errors(error.report))
        assert found, "refused without an error"
        return None, found
    return data.decode(), set()


def part(document: str, member: str) -> str:
    """Give a member's element or JSON value, as it stands in a document."""
    at = document.find(f'"{member}":')
    if at >= 0:
        start = at + len(member) + 3
        return document[start : json.JSONDecoder().raw_decode(document, start)[1]]
    match = re.search(rf"<{member}(?: [^>]*)? />|<{member}(?: [^>]*)?>.*</{member}>", document, re.DOTALL)
    assert match is not None
    return match[0]


def is_zoned(member: str, text: str) -> bool:
    """Tell whether .NET wrote a date in the server's zone, which is nobody else's."""
    return member in ("Emise", "Dates") and re.search(r"[+-]\d\d:\d\d<", text) is not None


@pytest.mark.parametrize("group", sorted({row["group"] for row in rows("forms")}))
def test_forms_are_read_as_dotnet_reads_them(second: Catalog, group: str) -> None:
    wrong: dict[str, Any] = {}
    for row in (row for row in rows("forms") if row["group"] == group):
        got, codes = converted(second, row["contract"], group.partition(" ")[0], row["in"])
        refused_as_well = got is None and (not row["ok"] or codes <= REASONS)
        same = got is not None and row["ok"] and (row["zoned"] or got == row["out"])
        if not refused_as_well and not same:
            wrong[row["id"]] = (row["in"], row["out"], got or codes)
    assert wrong == {}


def test_few_of_the_forms_that_dotnet_reads_are_refused(second: Catalog) -> None:
    refused = Counter(
        code
        for row in rows("forms")
        if row["ok"]
        for code in converted(second, row["contract"], row["group"].partition(" ")[0], row["in"])[1]
    )
    assert refused == {"value.unknown": 13, "value.surrogate": 1}  # offsets of the server's zone; half a character


@pytest.mark.parametrize("member", sorted({row[1] for row in rows("own-forms")}))
@pytest.mark.short(15)
def test_further_forms_are_read_as_dotnet_reads_them(second: Catalog, member: str) -> None:
    wrong, refused, taken = {}, 0, 0
    for contract, _, source, text, expected in (row for row in rows("own-forms") if row[1] == member):
        got, codes = converted(second, contract, source, DOCUMENTS[contract, source].format(member, text))
        taken += expected is not None
        if got is None and expected is not None:
            refused += 1
            if not codes <= REASONS:
                wrong[source, text] = (expected, codes)
        elif got is not None and (
            expected is None or (part(got, member) != expected and not is_zoned(member, expected))
        ):
            wrong[source, text] = (expected, part(got, member))
    assert wrong == {}
    # Dates are drawn without a day or an offset, URIs with escapes and hosts of every kind.
    assert member in ("Emise", "Instant", "Dates", "Source") or refused <= max(1, taken // 100)
