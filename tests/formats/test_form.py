"""Forms: what Web API's model binder makes of them, each departure with its code and place, and the way back."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import parse_qsl

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convtool
from convtool.codes import CODES
from convtool.convert import Codec
from convtool.errors import PayloadError, UsageError
from convtool.model.contract import Array, Enumeration
from tests.support import LIST, PARAM, codes, document, errors, member, model, one_member, record

UNSET = msgspec.UNSET


@pytest.fixture(scope="module")
def param() -> Codec:
    return convtool.contract(PARAM)


def of(codec: Codec, form: str, profile: str = "dotnet") -> object:
    """Give what the one member of a contract is in a form."""
    return codec.read(form.encode(), format="form", profile=profile).A  # type: ignore[arg-type]


def test_reads_and_writes_the_example(param: Codec) -> None:
    form = b"Debut=2026-03-22&Fin=2026-03-31&ProduitId=1"
    assert param.validate(form, format="form").valid
    value = param.read(form, format="form")
    assert (value.Debut, value.Fin, value.ProduitId) == ("2026-03-22", "2026-03-31", 1)
    assert param.write_form(value) == form
    xml = param.to_xml(form, format="form")
    assert param.convert(xml, "form").data == form
    assert param.convert(param.to_json(xml), "form").data == form


def test_escapes_as_clients_do(param: Codec) -> None:
    value = param.read(b'{"Debut":"2026-03-22T00:33:32.0494548+01:00","Fin":"2026-03-22","ProduitId":null}')
    form = param.write_form(value)
    assert form == b"Debut=2026-03-22T00%3A33%3A32.0494548%2B01%3A00&Fin=2026-03-22&ProduitId="
    assert param.read(form, format="form") == value


def test_percent_and_plus() -> None:
    assert of(one_member("string"), "A=a+b%20c%2B%C3%A9%e2%82%ac%00%26%3D=") == "a b c+é€\0&=="


def test_an_empty_value_is_null() -> None:
    assert of(one_member("string", nillable=True), "A=") is None
    assert of(one_member("int", nillable=True), "A=") is None
    assert of(one_member("string", nillable=True), "A=+%20") is None
    report = one_member("int").validate(b"A=", format="form")
    assert [(d.code, d.path, d.location.offset) for d in report if d.location] == [("nil.forbidden", "/A", 2)]


@pytest.mark.parametrize(
    ("datatype", "text", "value"),
    [
        ("int", "+%2B7+", 7),
        ("boolean", "True", True),
        ("decimal", "1.50", Decimal("1.50")),
        ("double", "Infinity", float("inf")),
        ("double", "1.5", 1.5),
        ("char", "%26", "&"),
        ("guid", "0F8FAD5B-D9CB-469F-A165-70867728950E", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("duration", "1.02%3A03%3A04", "P1DT2H3M4S"),
        ("base64Binary", "AQI%3D", b"\x01\x02"),
        ("dateTime", "2026-03-22T00%3A33%3A32Z", "2026-03-22T00:33:32Z"),
    ],
)
def test_values_of_each_kind(datatype: str, text: str, value: object) -> None:
    assert of(one_member(datatype), f"A={text}", "strict") == value


@pytest.mark.parametrize(
    ("datatype", "text"),
    [
        ("int", "3.0"),
        ("int", "0x10"),
        ("boolean", "1"),
        ("boolean", "on"),
        ("guid", "x"),
        ("int", "9" * 30),
    ],
)
def test_values_that_are_none(datatype: str, text: str) -> None:
    assert errors(one_member(datatype).validate(f"A={text}".encode(), format="form"))[0] in (
        "value.lexical",
        "value.range",
    )


def test_enumerations_by_name_in_any_case_and_by_number() -> None:
    kind = Enumeration("{urn:t}E", (("Rouge", 0), ("Bleu", 2)))
    flags = Enumeration("{urn:t}F", (("Lire", 1), ("Ecrire", 2)), flags=True)
    codec = Codec(model("R", record("R", member("E", kind.key), member("F", flags.key)), kind, flags))
    value = codec.read(b"E=bleu&F=lire%2C+Ecrire", format="form")
    assert (value.E, value.F) == ("Bleu", "Lire Ecrire")
    assert codec.read(b"E=2&F=3", format="form") == value
    assert codec.write_form(value) == b"E=Bleu&F=Lire%2C+Ecrire"
    assert errors(codec.validate(b"E=Vert&F=4", format="form")) == ["value.enumeration"] * 2


# (form, code, what it means in strict and in dotnet, path, byte)
DEPARTURES = [
    (b"Debut=2026-03-22&Fin=2026-03-31&fin=2026-04-01", ["member.case", "member.duplicate"], "/fin", 32),
    (b"Debut=2026-03-22&Fin=2026-03-31&Fin=2026-04-01", ["member.duplicate"], "/Fin", 32),
    (b"Debut=2026-03-22&Fin=2026-03-31&Autre=1", ["member.unknown"], "/Autre", 32),
    (b"Debut=2026-03-22&Fin=2026-03-31&&ProduitId=1", ["form.relaxed"], "", 32),
    (b"Debut=2026-03-22&Fin=2026-03-31&ProduitId", ["form.relaxed"], "", 32),
    (b"Debut=2026-03-22&Fin=2026-03-31&ProduitId[]=1", ["form.relaxed"], "/ProduitId[]", 32),
    (b"Debut=2026-03-22&Fin=2026-03-31&ProduitId=1\n", ["form.relaxed"], "", 43),
    (b"Debut=2026-03-22&Fin=2026-03-31&Autre=\xc3\xa9", ["member.unknown", "form.relaxed"], "/Autre", 32),
    (b"Debut=2026-03-22&Fin=2026-03-31&Autre=100%", ["member.unknown"], "/Autre", 32),
    (b"Debut=2026-03-22&Fin=2026-03-31&ProduitId%=1", ["form.escape", "member.unknown"], "", 41),
]


@pytest.mark.parametrize(("form", "expected", "path", "at"), DEPARTURES)
def test_departures(param: Codec, form: bytes, expected: list[str], path: str, at: int) -> None:
    report = param.validate(form, format="form")
    found = [d for d in report if d.severity == "error"]
    assert sorted(d.code for d in found) == sorted(expected)
    first = next(d for d in found if d.code == expected[0])
    assert first.location is not None
    assert (first.path, first.location.offset) == (path, at)
    relaxed = param.validate(form, format="form", profile="dotnet")
    assert relaxed.valid
    assert set(expected) <= {*codes(relaxed)}


def test_the_first_of_a_name_counts(param: Codec) -> None:
    value = param.read(b"ProduitId=1&produitid=2&PRODUITID=x", format="form", profile="dotnet")
    assert value.ProduitId == 1


def test_what_web_api_refuses_too(param: Codec) -> None:
    for form in (b"ProduitId[=1", b"Debut=", b"ProduitId=x", b"", b"  ", b"\xef\xbb\xbfProduitId=1", b"\xff"):
        assert not param.validate(form, format="form", profile="dotnet").valid, form


def test_a_plus_that_was_not_escaped_is_told(param: Codec) -> None:
    report = param.validate(b"Debut=2026-03-22T00:33:32+01:00&Fin=2026-03-31", format="form")
    (found,) = [d for d in report if d.severity == "error"]
    assert (found.code, found.path) == ("value.lexical", "/Debut")
    assert found.hint == "Write + as %2B."


def test_bytes_that_are_not_utf_8() -> None:
    codec = one_member("string")
    assert errors(codec.validate(b"A=%E9t%E9", format="form")) == ["form.escape"]
    assert of(codec, "A=%E9t%E9") == "\ufffdt\ufffd"


def test_absent_members_are_as_in_the_other_formats(param: Codec) -> None:
    assert codes(param.validate(b"ProduitId=1", format="form")) == codes(param.validate(b'{"ProduitId":1}'))
    assert param.read(b"ProduitId=1", format="form") == param.read(b'{"ProduitId":1}')


def test_losses() -> None:
    codec = one_member("string", nillable=True)
    result = codec.convert(b'{"A":""}', "form")
    assert (result.data, codes(result.report)) == (b"A=", ["loss.empty"])
    with pytest.raises(PayloadError):
        codec.convert(b'{"A":" "}', "form", lossless=True)
    lexical = one_member("int").convert(b"A=%2B7", "json", format="form")
    assert (lexical.data, codes(lexical.report)) == (b'{"A":7}', ["loss.lexical"])
    assert all(CODES[code].loss for code in ("loss.empty", "loss.lexical", "form.escape"))


def test_what_no_form_can_hold(param: Codec) -> None:
    for payload in (b"null", b"{}"):
        with pytest.raises(PayloadError, match="A form cannot hold"):
            param.convert(payload, "form")
    with pytest.raises(PayloadError, match="A form cannot hold"):
        param.write_form(None)


def test_a_derived_type_has_no_form() -> None:
    base = record("B", member("A", "urn:int"))
    derived = record("D", member("A", "urn:int"), member("C", "urn:string"), base="{urn:t}B")
    codec = Codec(model("B", base, derived, derived={"{urn:t}B": ("{urn:t}D",)}))
    with pytest.raises(PayloadError, match="A form cannot hold a derived type"):
        codec.convert(document("<A>1</A>").replace(b"<Root ", b'<Root i:type="D" '), "form")


def test_flags_without_a_name_are_lost() -> None:
    flags = Enumeration("{urn:t}F", (("a", 1), ("b", 2)), flags=True)
    codec = Codec(model("R", record("R", member("A", "{urn:t}F", nillable=True)), flags))
    made = codec.convert(b'{"A":0}', "form")
    assert (made.data, [one.code for one in made.report]) == (b"A=", ["loss.empty"])


def test_contracts_that_have_no_form() -> None:
    nested = Codec(model("R", record("R", member("L", "{urn:t}L")), Array("{urn:t}L", member("I", "urn:int"))))
    for codec in (nested, convtool.contract(LIST)):
        for call in (codec.validate, codec.read):
            with pytest.raises(UsageError, match="scalar"):
                call(b"A=1", format="form")
    with pytest.raises(UsageError, match="not a scalar"):
        nested.convert(b'{"L":[1]}', "form")


def test_files_are_read_as_bytes_are(param: Codec, tmp_path: object) -> None:
    path = tmp_path / "request.form"  # type: ignore[operator]
    form = b"Debut=2026-03-22&Fin=2026-03-31&Autre=1"
    path.write_bytes(form)
    assert param.validate(path, format="form").named("") == param.validate(form, format="form")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.none() | st.integers(-(2**31), 2**31 - 1))
def test_every_value_comes_back(text: str, number: int | None) -> None:
    codec = Codec(
        model("R", record("R", member("T", "urn:string", nillable=True), member("N", "urn:int", nillable=True)))
    )
    value = codec.types["R"](text if text.strip() else None, number)
    form = codec.write_form(value)
    assert codec.read(form, format="form") == value
    assert dict(parse_qsl(form.decode(), keep_blank_values=True)) == {
        "T": value.T or "",  # type: ignore[attr-defined]
        "N": "" if number is None else str(number),
    }


@given(st.binary(max_size=60))
def test_any_bytes_are_a_form_or_a_finding(data: bytes) -> None:
    codec = one_member("string", nillable=True)
    for profile in ("strict", "dotnet"):
        report = codec.validate(data, format="form", profile=profile)  # type: ignore[arg-type]
        assert report.valid or errors(report)
