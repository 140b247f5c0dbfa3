"""The careful lane for JSON: what each departure from the contract is called, and what Json.NET makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from convtool.convert import Codec
from convtool.formats.leaf import BAD
from convtool.model.contract import Array, Dictionary, Enumeration
from tests.support import codes, member, model, one_member, read, record

POINT = record("P", member("X", "urn:int"), member("Y", "urn:string", nillable=True))
PARTS = Array("{urn:t}L", member("P", "{urn:t}P", nillable=True))
ORDER = record(
    "R",
    member("A", "urn:int"),
    member("B", "urn:string", nillable=True),
    member("L", "{urn:t}L", nillable=True),
    member("N", "urn:int", nillable=True),
    member("P", "{urn:t}P", nillable=True),
    member("Z", "urn:dateTime"),
)
CODEC = Codec(model("R", POINT, PARTS, ORDER))
R, P = CODEC.types["R"], CODEC.types["P"]
DAY = "2026-03-22T00:33:32"
NOISE = ("member.defaulted", "member.nulled", "loss.absent")


def seen(content: str, profile: str, codec: Codec = CODEC) -> tuple[Any, list[str]]:
    """Give the value, BAD where the document is invalid, and what was found."""
    data = content.encode("utf-8", "surrogatepass")
    value, report = read(codec, "json", data, careful=True, profile=profile)  # type: ignore[arg-type]
    return value if report else BAD, sorted(code for code in codes(report) if code not in NOISE)


# --- what is read ---------------------------------------------------------------------------------------------------


def test_absent_null_empty_and_full() -> None:
    assert seen("{}", "strict") == (R(), [])
    assert seen('{"B":null,"L":null}', "strict") == (R.of(B=None, L=None), [])
    assert seen('{"B":"","L":[]}', "strict") == (R.of(B="", L=[]), [])
    full = f'{{"Z":"{DAY}","A":1,"B":" b ","L":[{{"X":2}},null]}}'  # in any order
    assert seen(full, "strict") == (R.of(A=1, B=" b ", L=[P(2), None], Z=DAY), [])
    assert seen("null", "strict") == (None, [])


# --- what Json.NET makes of it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "value"),
    [
        ('{"C":1,"A":1}', "member.unknown", R.of(A=1)),
        ('{"a":1}', "member.case", R.of(A=1)),
        ('{"A":1,"A":2}', "member.duplicate", R.of(A=2)),
        ('{"L":[{"X":1}],"L":[{"X":2}]}', "member.duplicate", R.of(L=[P(1), P(2)])),  # lists grow
        ('{"P":{"X":1},"P":{"Y":"y"}}', "member.duplicate", R.of(P=P(1, "y"))),  # records merge
        ('{"A":"5"}', "value.coerced", R.of(A=5)),
        ('{"N":""}', "value.coerced", R.of(N=None)),
        ('{"B":12}', "value.coerced", R.of(B="12")),
        ('{"B":true}', "value.coerced", R.of(B="True")),
        ("{'A':1}", "json.relaxed", R.of(A=1)),
        ('{"A":1} x', "json.trailing", R.of(A=1)),
    ],
)
def test_what_json_net_reads_and_the_contract_refuses(content: str, code: str, value: Any) -> None:
    assert seen(content, "strict") == (BAD, [code])
    assert seen(content, "dotnet") == (value, [code])


@pytest.mark.parametrize(
    ("content", "code", "path"),
    [
        ('{"A":null}', "nil.forbidden", "/A"),
        ('{"A":""}', "nil.forbidden", "/A"),
        ('{"A":3.0}', "value.lexical", "/A"),
        ('{"A":1e2}', "value.lexical", "/A"),
        ('{"A":2147483648}', "value.range", "/A"),
        ('{"A":true}', "value.kind", "/A"),
        ('{"A":[]}', "value.kind", "/A"),
        ('{"A":"x"}', "value.lexical", "/A"),
        ('{"B":{}}', "value.kind", "/B"),
        ('{"L":{}}', "value.kind", "/L"),
        ('{"L":[1]}', "value.kind", "/L/0"),
        ('{"L":[{"X":1},{"X":"x"}]}', "value.lexical", "/L/1/X"),
        ('{"P":[]}', "value.kind", "/P"),
        ('{"Z":"2026-02-30T00:00:00"}', "value.lexical", "/Z"),
        ('{"Z":"2026-03-22T24:00:00"}', "date.refused", "/Z"),
        ('{"Z":5}', "value.kind", "/Z"),
        ('{"B":"\\ud800"}', "value.surrogate", "/B"),
        ("[]", "value.kind", ""),
        ("1", "value.kind", ""),
    ],
)
def test_what_is_an_error_in_both_profiles(content: str, code: str, path: str) -> None:
    for profile in ("strict", "dotnet"):
        _, report = read(CODEC, "json", content.encode(), careful=True, profile=profile)  # type: ignore[arg-type]
        assert [(one.code, one.path) for one in report if one.severity == "error"] == [(code, path)]


@pytest.mark.parametrize("date", ["2026-03-22", "/Date(1774136012049+0100)/"])
def test_dates_in_forms_of_json_nets_own(date: str) -> None:
    assert seen(f'{{"Z":"{date}"}}', "strict") == (BAD, ["date.relaxed"])
    value, found = seen(f'{{"Z":"{date}"}}', "dotnet")
    assert date == value.Z
    assert "date.relaxed" in found


def test_all_errors_are_found_in_one_run_each_in_its_place() -> None:
    data = b'{"A":"x","Q":1,"L":[{"X":null},5],"Z":"never"}'
    _, report = read(CODEC, "json", data, careful=True)
    found = [one for one in report if one.severity == "error"]
    assert [one.code for one in found] == [
        "value.lexical", "member.unknown", "nil.forbidden", "value.kind", "value.lexical",
    ]  # fmt: skip
    for one, text in zip(found, (b'"x"', b'"Q"', b"null", b"5]", b'"never"'), strict=True):
        assert one.location is not None
        assert data[one.location.offset :].startswith(text)


def test_paths_are_json_pointers() -> None:
    kind = record("R", member("a/b~c", "urn:int"))
    _, report = read(Codec(model("R", kind)), "json", b'{"a/b~c":null,"~/":1}', careful=True)
    assert sorted(one.path for one in report if one.severity == "error") == ["/a~1b~0c", "/~0~1"]


def test_items_of_a_list_are_records() -> None:
    codec = Codec(model("L", POINT, PARTS))
    _, report = read(codec, "json", b'[{"X":1,"Y":"y"},null,{"X":"x","Y":"y"}]', careful=True)
    assert [(one.code, one.record, one.path) for one in report] == [("value.lexical", 2, "/2/X")]


# --- other types ----------------------------------------------------------------------------------------------------


def kinds(*, names: bool) -> Codec:
    coding = "names" if names else "numbers"
    flags = Enumeration("{urn:t}F", (("Rien", 0), ("Un", 1), ("Deux", 2)), flags=True, coding=coding)
    one = Enumeration("{urn:t}E", (("Aucun", 0), ("Deux", 2)), coding=coding)
    kind = record("R", member("E", "{urn:t}E"), member("F", "{urn:t}F"))
    return Codec(model("R", kind, one, flags))


@pytest.mark.parametrize(
    ("names", "content", "value", "found"),
    [
        (False, '{"E":2,"F":3}', ("Deux", "Un Deux"), []),
        (False, '{"E":0,"F":0}', ("Aucun", "Rien"), []),
        (False, '{"E":1}', None, ["value.enumeration"]),
        (False, '{"F":4}', None, ["value.enumeration"]),
        (False, '{"E":2.0}', None, ["value.lexical"]),
        (False, '{"E":"Deux"}', None, ["value.coerced"]),
        (True, '{"E":"Deux","F":"Un, Deux"}', ("Deux", "Un Deux"), []),
        (True, '{"E":"Trois"}', None, ["value.enumeration"]),
        (True, '{"E":2}', None, ["value.coerced"]),
    ],
)
def test_enumerations(names: bool, content: str, value: tuple[str, str] | None, found: list[str]) -> None:
    codec = kinds(names=names)
    expected = BAD if value is None else codec.types["R"](*value)
    assert seen(content, "strict", codec) == (expected, found)


@pytest.mark.parametrize(
    ("key", "content", "value", "found"),
    [
        ("string", "{}", {}, []),
        ("string", '{"a":1,"":2}', {"a": 1, "": 2}, []),
        ("string", '{"a":1,"a":2}', None, ["member.duplicate"]),
        ("int", '{"7":1,"-1":2}', {7: 1, -1: 2}, []),
        ("int", '{"x":1}', None, ["value.lexical"]),
        ("string", '{"a":"x"}', None, ["value.lexical"]),
        ("string", "[]", None, ["value.kind"]),
    ],
)
def test_dictionaries(key: str, content: str, value: Any, found: list[str]) -> None:
    kind = Dictionary("{urn:t}D", "E", "urn:t", member("K", f"urn:{key}"), member("V", "urn:int"))
    codec = Codec(model("D", kind))
    assert seen(content, "strict", codec) == (BAD if value is None else value, found)


@pytest.mark.parametrize(
    ("datatype", "token", "value", "found"),
    [
        ("decimal", "1.50", "1.50", []),
        ("decimal", "3", "3", ["loss.lexical"]),
        ("decimal", "1e2", "100", ["loss.lexical"]),
        ("double", "3", "3.0", ["loss.lexical"]),
        ("double", '"NaN"', "nan", []),
        ("double", '"Infinity"', "inf", []),
        ("boolean", "true", "True", []),
        ("char", '"\\""', '"', []),
        ("duration", '"1.00:00:00"', "P1D", []),
        ("guid", '"6f9619ff-8b86-d011-b42d-00cf4fc964ff"', "6f9619ff-8b86-d011-b42d-00cf4fc964ff", []),
        ("base64Binary", '"QEA="', "b'@@'", []),
        ("unsignedLong", "18446744073709551615", "18446744073709551615", []),
    ],
)
def test_simple_types(datatype: str, token: str, value: str, found: list[str]) -> None:
    read_, codes_ = seen(f'{{"A":{token}}}', "strict", one_member(datatype))
    assert (str(read_.A), codes_) == (value, found)


@pytest.mark.parametrize(
    ("datatype", "token", "found"),
    [
        ("decimal", "79228162514264337593543950336", "value.range"),
        ("double", '"nan"', "value.lexical"),
        ("boolean", "1", "value.coerced"),
        ("boolean", '"true"', "value.coerced"),
        ("boolean", '"yes"', "value.lexical"),
        ("char", '""', "value.lexical"),
        ("char", '"😀"', "value.lexical"),
        ("guid", '"x"', "value.lexical"),
        ("byte", "128", "value.range"),
        ("base64Binary", '"?"', "value.lexical"),
    ],
)
def test_texts_that_are_no_values(datatype: str, token: str, found: str) -> None:
    assert seen(f'{{"A":{token}}}', "strict", one_member(datatype)) == (BAD, [found])


@pytest.mark.parametrize(
    ("datatype", "token", "value", "found_codes"),
    [
        ("long", "3.0", 3, ["loss.lexical"]),
        ("long", "1e2", 100, ["loss.lexical"]),
        ("short", "-0.0", 0, ["loss.lexical"]),
        ("unsignedByte", "2.55e2", 255, ["loss.lexical"]),
        ("long", "3.5", BAD, ["value.relaxed"]),
        ("long", "9007199254740993.0", BAD, ["value.relaxed"]),  # a double, which has another value
        ("long", "1e-99999999999999999999", BAD, ["value.relaxed"]),
        ("unsignedByte", "256.0", BAD, ["value.range"]),
        ("long", "1e400", BAD, ["value.range"]),
        ("int", "3.0", BAD, ["value.lexical"]),  # Json.NET reads an int from no number with a fraction
    ],
)
def test_integers_are_numbers_that_json_schema_takes_and_dotnet_reads_as_the_same(
    datatype: str, token: str, value: Any, found_codes: list[str]
) -> None:
    of = one_member(datatype)
    found, report = read(of, "json", f'{{"A":{token}}}'.encode())
    assert (found if found is BAD else found.A, [one.code for one in report.diagnostics]) == (value, found_codes)
    assert all(one.message.startswith(f"{token[:40]} is ") for one in report if one.severity == "error")


@pytest.mark.parametrize("name", ["Inconnu", "Inc\\u006Fnnu", 'a\\"b', "été"])
def test_the_place_of_a_name_is_all_of_it(name: str) -> None:
    report = CODEC.validate(f'{{"A":1,"{name}":2,"Z":"{DAY}"}}'.encode(), format="json")
    [one] = [one for one in report if one.code == "member.unknown"]
    assert one.excerpt is not None
    assert one.excerpt.span == f'"{name}"'
