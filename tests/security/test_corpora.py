"""Corpora that lie beside the repository: JSONTestSuite, and strings that break things. Skipped when absent."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.findings import Findings
from convtool.formats.json.syntax import Parser
from convtool.formats.text import Fatal, decode
from convtool.model.contract import Record, Scalar
from tests.security.confined import codec
from tests.support import LIST, NAMESPACE, PARAM, ROOT, XSI, errors

if TYPE_CHECKING:
    from convtool.convert import Codec

CORPORA = ROOT.parent / "shared" / "corpora"
PARSING = CORPORA / "JSONTestSuite" / "test_parsing"
STRINGS = CORPORA / "strings" / "strings.jsonl"

# What RFC 8259 leaves open: read (""), or refused with a code.
OPEN = {
    "i_number_double_huge_neg_exp.json": "",
    "i_number_huge_exp.json": "",
    "i_number_neg_int_huge_exp.json": "",
    "i_number_pos_double_huge_exp.json": "",
    "i_number_real_neg_overflow.json": "",
    "i_number_real_pos_overflow.json": "",
    "i_number_real_underflow.json": "",
    "i_number_too_big_neg_int.json": "",
    "i_number_too_big_pos_int.json": "",
    "i_number_very_big_negative_int.json": "",
    "i_object_key_lone_2nd_surrogate.json": "",
    "i_string_1st_surrogate_but_2nd_missing.json": "",
    "i_string_1st_valid_surrogate_2nd_invalid.json": "",
    "i_string_UTF-16LE_with_BOM.json": "",
    "i_string_UTF-8_invalid_sequence.json": "input.encoding",
    "i_string_UTF8_surrogate_U+D800.json": "input.encoding",
    "i_string_incomplete_surrogate_and_escape_valid.json": "",
    "i_string_incomplete_surrogate_pair.json": "",
    "i_string_incomplete_surrogates_escape_valid.json": "",
    "i_string_invalid_lonely_surrogate.json": "",
    "i_string_invalid_surrogate.json": "",
    "i_string_invalid_utf-8.json": "input.encoding",
    "i_string_inverted_surrogates_U+1D11E.json": "",
    "i_string_iso_latin_1.json": "input.encoding",
    "i_string_lone_second_surrogate.json": "",
    "i_string_lone_utf8_continuation_byte.json": "input.encoding",
    "i_string_not_in_unicode_range.json": "input.encoding",
    "i_string_overlong_sequence_2_bytes.json": "input.encoding",
    "i_string_overlong_sequence_6_bytes.json": "input.encoding",
    "i_string_overlong_sequence_6_bytes_null.json": "input.encoding",
    "i_string_truncated-utf-8.json": "input.encoding",
    "i_string_utf16BE_no_BOM.json": "input.encoding",
    "i_string_utf16LE_no_BOM.json": "input.encoding",
    "i_structure_500_nested_arrays.json": "limit.depth",
    "i_structure_UTF-8_BOM_empty_object.json": "",
}


def parsed(data: bytes) -> str:
    """Give the codes of the errors with which the JSON syntax takes a text, in the strict profile."""
    findings = Findings("strict")
    text = decode(data, findings)
    if text is not None:
        findings.places = text
        try:
            Parser(text, findings).document()
        except Fatal:
            assert findings.errors
    return " ".join(sorted(set(errors(findings.report()))))


@pytest.mark.skipif(not PARSING.is_dir(), reason="JSONTestSuite is not beside the repository")
def test_json_test_suite() -> None:
    found = {path.name: parsed(path.read_bytes()) for path in sorted(PARSING.iterdir())}
    assert len(found) == 318
    # Duplicate members are JSON to this layer; the reader of a contract refuses them (hostile/json/dup_key.json).
    assert [name for name, said in found.items() if name.startswith("y_") and said] == []
    assert [name for name, said in found.items() if name.startswith("n_") and not said] == []
    assert {name: said for name, said in found.items() if name.startswith("i_")} == OPEN


# --- strings --------------------------------------------------------------------------------------------------------


@cache
def strings() -> list[dict[str, Any]]:
    lines = STRINGS.read_text(encoding="utf-8").split("\n")  # splitlines would cut at U+2028
    return [json.loads(line) for line in lines if line]


def members() -> list[tuple[str, str]]:
    """Give the records of the bundled contracts, and their members that are texts."""
    found = []
    for name in (PARAM, LIST):
        for kind in convtool.contract(name).model.types.values():
            for one in kind.members if isinstance(kind, Record) else ():
                of = convtool.contract(name).model.types[one.type]
                if isinstance(of, Scalar) and of.datatype == "string":
                    found.append((kind.key.rpartition("}")[2], one.name))
    return found


def sample(of: Codec, member: str, text: str) -> bytes:
    """Give the JSON of a record in which one member is a text, and the others are as little as they can be."""
    record = of.model.root_type
    assert isinstance(record, Record)
    fields = {}
    for index in record.json_order or range(len(record.members)):
        one = record.members[index]
        kind = of.model.types[one.type]
        plain = "2026-03-22T00:33:32" if isinstance(kind, Scalar) and "date" in kind.datatype else 0
        fields[one.name] = text if one.name == member else None if one.nillable else plain
    return json.dumps(fields, ensure_ascii=True).encode()


@pytest.mark.skipif(not STRINGS.is_file(), reason="the strings are not beside the repository")
@pytest.mark.parametrize(("name", "member"), members())
def test_a_text_is_the_same_on_every_way_or_refused(name: str, member: str) -> None:
    of, refused = codec(name), []
    for row in strings():
        text = row["s"]
        try:
            first = of.read(sample(of, member, text), format="json")
        except convtool.PayloadError as error:
            refused.append((row["id"], errors(error.report)))
            continue
        assert getattr(first, member) == text
        xml = of.convert(sample(of, member, text), "xml", format="json").data
        assert getattr(of.read(xml, format="xml"), member) == text
        assert of.to_xml(of.to_json(xml, lossless=True), lossless=True) == xml
        assert getattr(of.read(of.to_json(xml)), member) == text
    halves = [row["id"] for row in strings() if any("\ud800" <= c <= "\udfff" for c in row["s"])]
    assert refused == [(one, ["value.surrogate"]) for one in halves]


@pytest.mark.skipif(not STRINGS.is_file(), reason="the strings are not beside the repository")
def test_a_text_as_it_stands_in_a_document_is_kept_or_refused() -> None:
    """As it came, not escaped: what is not XML is refused, and nothing else changes but line ends."""
    of = codec("CompteurModel")
    for row in strings():
        raw = row["s"].encode("utf-8", "surrogatepass")
        head = f'<CompteurModel xmlns:i="{XSI}" xmlns="{NAMESPACE}"><Libelle>'.encode()
        try:
            value = of.read(head + raw + b"</Libelle><Quantite>1</Quantite><Sequence>1</Sequence></CompteurModel>")
        except convtool.ConvtoolError:
            continue
        if not any(c in row["s"] for c in "<&"):
            assert value.Libelle == row["s"].replace("\r\n", "\n").replace("\r", "\n")
