"""What the search for losses in silence has turned up in JSON: empty flags, members of anyType, records given twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from convtool import PayloadError
from convtool.convert import Codec
from convtool.model.contract import Anything, Dictionary, Enumeration
from tests.csharp import codec_of
from tests.support import codes, document, errors, member, model, record

if TYPE_CHECKING:
    from pathlib import Path

FLAGS = Enumeration("{urn:t}F", (("North", 1), ("South", 2)), flags=True, coding="names")
OF_FLAGS = Codec(model("R", record("R", member("A", FLAGS.key)), FLAGS))
ANY = Codec(model("R", record("R", member("A", "{urn:t}Any", nillable=True)), Anything("{urn:t}Any")))


def test_an_empty_set_of_flags_without_a_name_is_zero() -> None:
    for xml in (document("<A></A>"), document("<A />")):
        assert OF_FLAGS.convert(xml, "json", lossless=True, verify=True).data == b'{"A":0}'
    assert OF_FLAGS.to_xml(b'{"A":0}', lossless=True) == document("<A />")  # as recorded
    assert OF_FLAGS.to_json(document("<A>North South</A>")) == b'{"A":"North, South"}'
    assert errors(OF_FLAGS.validate(b'{"A":3}')) == ["value.coerced"]
    assert errors(OF_FLAGS.validate(b'{"A":4}')) == ["value.enumeration"]


@pytest.mark.parametrize("profile", ["strict", "dotnet"])
@pytest.mark.parametrize("content", ['{"x":1,}', "[1,]", "[0x10]", "{'x':1}", "{x:1}", "[1 /* c */]"])
def test_what_is_not_json_is_not_kept_as_it_came(content: str, profile: Any) -> None:
    with pytest.raises(PayloadError) as caught:
        ANY.convert(f'{{"A":{content}}}'.encode(), "json", profile=profile)
    assert "value.kind" in errors(caught.value.report)


def test_markup_given_twice_is_no_markup() -> None:
    data = b'{"A":{"#xml":"1","#xml":"2"}}'
    assert ANY.to_json(data) == data
    with pytest.raises(PayloadError, match="no XML form"):
        ANY.to_xml(data)


def test_a_derived_record_given_twice_stays_derived() -> None:
    base = replace(record("B", member("X", "urn:int")), type_name="B")
    more = replace(record("C", member("X", "urn:int"), member("Y", "urn:int"), base="{urn:t}B"), type_name="C")
    of = Codec(model("R", record("R", member("A", base.key)), base, more, derived={base.key: (more.key,)}))
    twice = b'{"A":{"$type":"C","X":1,"Y":2},"A":{"X":3}}'
    assert of.to_json(twice, profile="dotnet") == b'{"A":{"$type":"C","X":3,"Y":2}}'
    assert of.to_json(b'{"A":{"X":3},"A":{"$type":"C","Y":2}}', profile="dotnet") == b'{"A":{"$type":"C","X":0,"Y":2}}'


def keyed(key: str, *kinds: Any) -> Codec:
    pairs = Dictionary("{urn:t}D", "Entry", "urn:t", member("Key", key), member("Value", "urn:int"))
    return Codec(model("R", record("R", member("A", pairs.key, nillable=True)), pairs, *kinds))


@pytest.mark.parametrize(
    ("key", "xml", "json", "lost"),
    [
        ("urn:double", "135462.04340432867", "135462.043404329", True),
        ("urn:double", "1E+15", "1E+15", False),
        ("urn:double", "NaN", "NaN", False),
        ("urn:float", "16777216", "1.677722E+07", True),
        ("urn:float", "0.1", "0.1", False),
        (FLAGS.key, "North South", "North, South", False),
        (FLAGS.key, "South", "South", False),
    ],
)
def test_keys_are_what_json_net_makes_of_them(key: str, xml: str, json: str, lost: bool) -> None:
    of = keyed(key, FLAGS)
    payload = document(f"<A><Entry><Key>{xml}</Key><Value>1</Value></Entry></A>")
    conversion = of.convert(payload, "json")
    assert conversion.data == f'{{"A":{{"{json}":1}}}}'.encode()
    assert [one.code for one in conversion.report] == ["loss.lexical"] * lost
    if not lost:
        assert of.to_xml(conversion.data) == payload


def test_a_type_behind_members_is_not_read_and_the_hint_says_where_it_belongs() -> None:
    base = replace(record("B", member("X", "urn:int")), type_name="B")
    more = replace(record("C", member("X", "urn:int"), member("Y", "urn:int"), base="{urn:t}B"), type_name="C")
    of = Codec(model("R", record("R", member("A", base.key)), base, more, derived={base.key: (more.key,)}))
    report = of.validate(b'{"A":{"X":1,"Y":2,"$type":"C"}}', format="json")
    found = {one.path: one for one in report if one.code == "member.unknown"}
    assert list(found) == ["/A/Y", "/A/$type"]
    assert found["/A/$type"].hint == "Write it in front of the members: Json.NET reads it nowhere else."
    assert of.to_json(b'{"A":{"$type":"C","X":1,"Y":2}}') == b'{"A":{"$type":"C","X":1,"Y":2}}'


@pytest.mark.parametrize("kind", ["Guid", "TimeSpan", "char", "int", "DateTime", "DateTimeOffset"])
def test_an_empty_text_is_null_to_dotnet_where_a_struct_may_be(tmp_path: Path, kind: str) -> None:
    """Json.NET's CoerceEmptyStringToNull, whatever the text would be converted to."""
    of = codec_of(f"public class Box {{ public {kind}? May; public {kind} Must; }}", "Box", tmp_path)
    written = of.convert(b'{"May":""}', "json", profile="dotnet")
    assert b'"May":null' in written.data
    assert "value.coerced" in codes(written.report)
    assert not of.validate(b'{"May":""}').valid
    assert not of.validate(b'{"Must":""}', profile="dotnet").valid
