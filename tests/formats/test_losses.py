"""Whole decimals: JSON has them as 3.0, so that the scale of 3 is lost on the way from XML."""

from __future__ import annotations

import io
import json

import pytest
from msgspec.structs import replace

from convtool import PayloadError
from convtool.convert import Codec
from convtool.model.anything import ANYTHING
from convtool.model.contract import Anything, Array, Dictionary, Enumeration, Record
from tests.support import codes, document, member, model, one_member, record

TOTAL = one_member("decimal", nillable=True)


def test_a_whole_decimal_is_a_loss_on_the_way_to_json_alone() -> None:
    result = TOTAL.convert(document("<A>3</A>"), "json")
    assert result.data == b'{"A":3.0}'
    [found] = result.report
    assert (found.code, found.severity, found.path) == ("loss.scale", "notice", "/A")
    assert found.message == "`R.A` is 3, which JSON has as 3.0."
    assert codes(TOTAL.convert(document("<A>3</A>"), "xml").report) == []
    assert codes(TOTAL.validate(document("<A>3</A>"))) == []


@pytest.mark.parametrize("text", ["3.0", "-0.5", "79228162514264337593543950.335", "0.00"])
def test_a_decimal_with_a_fraction_is_none(text: str) -> None:
    assert TOTAL.convert(document(f"<A>{text}</A>"), "json", lossless=True, verify=True).verified
    assert codes(TOTAL.convert(document('<A i:nil="true" />'), "json").report) == []


def test_lossless_refuses_it() -> None:
    with pytest.raises(PayloadError, match=r"loss\.scale"):
        TOTAL.to_json(document("<A>3</A>"), lossless=True)
    with pytest.raises(PayloadError, match=r"loss\.scale"):
        TOTAL.convert_stream(document("<A>3</A>"), io.BytesIO(), "json", lossless=True)


def test_decimals_are_found_wherever_they_are() -> None:
    keyed = Dictionary("{urn:t}D", "Entry", "urn:t", member("Key", "urn:string"), member("Value", "urn:decimal"))
    inner = record("I", member("X", "urn:decimal"))
    listed = Array("{urn:t}L", member("Item", inner.key))
    of = Codec(model("R", record("R", member("D", keyed.key), member("L", listed.key)), keyed, inner, listed))
    items = "<Item><X>1</X></Item><Item><X>2</X></Item><Item><X>2.5</X></Item>"
    data = document(f"<D><Entry><Key>a</Key><Value>7</Value></Entry></D><L>{items}</L>")
    found = of.convert(data, "json").report
    assert [(d.code, d.path, d.count) for d in found] == [("loss.scale", "/D/a", 1), ("loss.scale", "/L/0/X", 2)]


@pytest.mark.parametrize(("datatype", "key"), [("double", "1.7976931348623157E+308"), ("double", "0.30000000000000004"),
                                               ("float", "3.40282347E+38")])  # fmt: skip
def test_keys_of_which_json_has_fewer_digits_are_losses(datatype: str, key: str) -> None:
    """The largest double, as .NET writes it into a key, is none that can be read."""
    of = Codec(
        model("D", Dictionary("{urn:t}D", "Entry", "urn:t", member("Key", f"urn:{datatype}"), member("V", "urn:int")))
    )
    data = document(f"<Entry><Key>{key}</Key><V>7</V></Entry>")
    assert codes(of.convert(data, "json").report) == ["loss.lexical"]
    assert codes(of.convert_stream(io.BytesIO(data), io.BytesIO(), "json").report) == ["loss.lexical"]
    with pytest.raises(PayloadError, match=r"loss\.lexical"):
        of.to_json(data, lossless=True)


def test_streams_say_it_too() -> None:
    inner = record("I", member("X", "urn:decimal"))
    of = Codec(model("L", Array("{urn:t}L", member("Item", inner.key)), inner))
    data = document("<Item><X>1.5</X></Item><Item><X>2</X></Item><Item><X>3</X></Item>")
    for to in ("json", "ndjson"):
        report = of.convert_stream(data, io.BytesIO(), to).report
        assert [(d.code, d.path, d.count) for d in report] == [("loss.scale", "/1/X", 2)]
    assert codes(of.convert_stream(data, io.BytesIO(), "xml").report) == []


def test_the_first_one_has_its_place() -> None:
    inner = record("I", member("X", "urn:decimal"))
    of = Codec(model("L", Array("{urn:t}L", member("Item", inner.key)), inner))
    data = document("<Item><X>1.5</X></Item>\n<Item><X>25</X></Item>")
    [found] = of.convert(data, "json").report
    assert found.location is not None
    assert found.excerpt is not None
    assert data[found.location.offset :].startswith(b"25<")
    assert (found.location.line, found.location.column, found.excerpt.span) == (2, 10, "25")


def test_a_derived_type_is_a_loss_where_json_has_no_type_name() -> None:
    base = record("Base", member("X", "urn:int"))
    for type_name, seen in (("", ["loss.type"]), ("Derived, Assembly", [])):
        derived = Record("{urn:t}Derived", base.members, (0,), base=base.key, type_name=type_name)
        kinds = record("R", member("A", base.key, nillable=True)), base, derived
        of = Codec(model("R", *kinds, derived={base.key: (derived.key,)}))
        data = document('<A i:type="Derived"><X>1</X></A>')
        report = of.convert(data, "json").report
        assert codes(report) == seen
        assert [d.location.offset for d in report if d.location] == [data.index(b"<A")] * len(seen)
        assert codes(of.convert(data, "xml").report) == []  # XML tells it


@pytest.mark.parametrize(("text", "seen"), [(" a", ["loss.lexical"]), ("\\t", ["loss.lexical"]), ("a", [])])
def test_white_space_of_a_uri_is_a_loss_on_the_way_to_xml_alone(text: str, seen: list[str]) -> None:
    of = one_member("anyURI", nillable=True)
    data = f'{{"A":"{text}"}}'.encode()
    assert codes(of.convert(data, "xml").report) == seen
    assert codes(of.convert_stream(data, io.BytesIO(), "xml").report) == seen
    assert codes(of.convert(data, "json").report) == []


def test_what_json_leaves_out_loses_nothing_but_another_form_of_the_default() -> None:
    point = replace(record("P", member("D", "urn:decimal", required=True)), value_type=True)
    of = Codec(model("R", record("R", replace(member("A", point.key), emit_default=False)), point))
    default = of.write_xml(of.read(b"{}"))
    assert of.convert(default, "json", lossless=True).data == b"{}"
    for text, lost in (("0.00", ["/A"]), ("1", ["/A/D"]), ("1.5", [])):
        report = of.convert(default.replace(b">0<", f">{text}<".encode()), "json").report
        assert [one.path for one in report if one.code == "loss.scale"] == lost


@pytest.mark.parametrize(("datatype", "key"), [("date", "2024-02-29"), ("dateTime", "2024-02-29T01:02:03.500")])
def test_a_key_that_dotnet_writes_otherwise_is_told_as_it_stands(datatype: str, key: str) -> None:
    keyed = Dictionary("{urn:t}D", "Entry", "urn:t", member("Key", f"urn:{datatype}"), member("Value", "urn:decimal"))
    of = Codec(model("R", record("R", member("D", keyed.key)), keyed))
    data = document(f"<D><Entry><Key>{key}</Key><Value>7</Value></Entry></D>")
    result = of.convert(data, "json", profile="dotnet")
    assert key.encode() + b'"' not in result.data
    [found] = [d for d in result.report if d.code == "loss.scale"]
    assert found.path == f"/D/{key}"
    assert found.excerpt is not None
    assert found.excerpt.span == "7"


@pytest.mark.parametrize("data", [b'{"G":1}', document("<G>1</G>"), document("<A>0001-01-01</A><G>1</G>")])
def test_a_day_that_json_never_has_is_the_servers_default(data: bytes) -> None:
    day = replace(member("A", "urn:date"), in_json=False)
    of = Codec(model("R", record("R", day, member("G", "urn:int"), order=(1, 0))))
    written = document("<A>0001-01-01T00:00:00</A><G>1</G>")
    assert of.convert(data, "xml", profile="dotnet").data == written
    if data.startswith(b"<"):
        result = of.convert(data, "json", profile="dotnet")
        assert result.data == b'{"G":1}'
        assert "loss.member" not in codes(result.report)  # what JSON leaves out means that day
    assert of.convert(b'{"G":1}', "xml").data == document("<A>0001-01-01</A><G>1</G>")


@pytest.mark.parametrize("datatype", ["guid", "duration"])
def test_a_default_that_xml_keeps_and_json_leaves_out_is_told_from_absence(datatype: str) -> None:
    kept = member("A", f"urn:{datatype}", emit_default=False)
    of = Codec(model("R", record("R", kept, member("G", "urn:int"))))
    result = of.convert(document("<G>1</G>"), "json")
    assert {(one.code, one.path) for one in result.report} == {("member.defaulted", "/Root"), ("loss.null", "/A")}
    whole = of.convert(result.data, "xml").data
    assert b"<A>" in whole
    assert codes(of.convert(whole, "json").report) == []
    assert codes(of.validate(b'{"G":1}')) == []  # JSON leaves it out at its default


@pytest.mark.parametrize("content", ["<![CDATA[B]]>", "<!-- -->B", "&#66;"])
def test_a_value_that_json_never_has_is_placed_where_its_text_begins(content: str) -> None:
    kind = Enumeration("{urn:t}E", (("None", 0), ("B", 1)))
    of = Codec(
        model(
            "R", record("R", replace(member("A", kind.key), in_json=False), member("G", "urn:int"), order=(1, 0)), kind
        )
    )
    data = document(f"<A>{content}</A><G>1</G>")
    [found] = [one for one in of.convert(data, "json").report if one.code == "loss.member"]
    assert found.location is not None
    assert data[found.location.offset :].startswith(b"&#66;" if content.startswith("&") else b"B")


@pytest.mark.parametrize("value", ["NaN", "INF", "-INF", "1.5", "-1E+300"])
def test_a_number_that_json_never_has_is_placed_where_it_stands(value: str) -> None:
    alone = replace(member("A", "urn:double", nillable=True), in_json=False)
    of = Codec(model("R", record("R", alone, member("G", "urn:int"), order=(1, 0))))
    data = document(f"<A>{value}</A><G>1</G>")
    for profile in ("strict", "dotnet"):
        [found] = [one for one in of.convert(data, "json", profile=profile).report if one.code == "loss.member"]
        assert found.location is not None
        assert data[found.location.offset :].startswith(value.encode())


def test_a_struct_that_json_leaves_out_has_its_days_as_the_server_writes_them() -> None:
    inner = replace(record("I", member("X", "urn:date")), value_type=True)
    of = Codec(model("R", record("R", member("S", inner.key, emit_default=False), member("G", "urn:int")), inner))
    written = document("<S><X>0001-01-01T00:00:00</X></S><G>1</G>")
    assert of.convert(b'{"G":1}', "xml", profile="dotnet").data == written
    assert of.convert(written, "xml", profile="dotnet").data == written
    for data in (written, b'{"G":1}', b'{"S":{"X":"0001-01-01T00:00:00"},"G":1}', b'{"S":{"X":"0001-01-01"},"G":1}'):
        assert of.convert(data, "json", profile="dotnet").data == b'{"G":1}'
    explicit = of.convert(b'{"S":{"X":"0001-01-01T00:00:00"},"G":1}', "json", profile="dotnet").report
    assert ("loss.lexical", "/S") in [(one.code, one.path) for one in explicit]


@pytest.mark.parametrize("given", ["", "<S><X>0001-01-01T00:00:00</X></S>"])
def test_a_struct_that_json_never_has_is_the_servers_default_whatever_its_days_look_like(given: str) -> None:
    inner = replace(record("I", member("X", "urn:date")), value_type=True)
    alone = replace(member("S", inner.key), in_json=False)
    of = Codec(model("R", record("R", alone, member("G", "urn:int"), order=(1, 0)), inner))
    result = of.convert(document(f"{given}<G>1</G>"), "json", profile="dotnet")
    assert "loss.member" not in codes(result.report)
    sink = io.BytesIO()
    streamed = of.convert_stream(io.BytesIO(document(f"{given}<G>1</G>")), sink, "json", profile="dotnet")
    assert (sink.getvalue(), codes(streamed.report)) == (result.data, codes(result.report))


@pytest.mark.parametrize("alone", [{"in_json": False}, {"in_xml": False}])
def test_an_object_is_of_no_record_that_one_format_has_more_of(alone: dict[str, bool]) -> None:
    inner = record("I", member("X", "urn:int"), replace(member("Y", "urn:int", nillable=True), **alone))
    kinds = (Anything(ANYTHING), inner)
    of = Codec(
        model("R", record("R", member("A", ANYTHING, nillable=True), member("B", inner.key, nillable=True)), *kinds)
    )
    for names in ('"X":1', '"X":1,"Y":2'):
        made = of.convert(f'{{"A":{{{names}}}}}'.encode(), "xml")
        assert b"KeyValueOfstringanyType" in made.data
        assert json.loads(of.to_json(made.data))["A"] == json.loads(f"{{{names}}}")
    y = "" if "in_xml" in alone else "<Y>2</Y>"
    told = of.convert(document(f'<A i:type="I"><X>1</X>{y}</A>'), "json").report
    assert codes(told) == ["loss.type"]
