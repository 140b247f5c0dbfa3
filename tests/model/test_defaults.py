"""``EmitDefaultValue=false``: what each format leaves out, type by type, as recorded of .NET."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from convtool.convert import Codec
from convtool.model.contract import Enumeration
from tests.support import document, member, model, record

if TYPE_CHECKING:
    from convtool.codes import Profile

STATES = Enumeration("{urn:t}E", (("One", 1), ("Nought", 0)))
FLAGS = Enumeration("{urn:t}F", (("North", 1), ("South", 2)), flags=True)
POSITIVE = Enumeration("{urn:t}P", (("One", 1),))
POINT = msgspec.structs.replace(
    record("Point", member("X", "urn:int"), member("Y", "urn:string", nillable=True), order=(1, 0)), value_type=True
)

# By type: the default's text in XML, where XML has it whatever EmitDefaultValue says.
KEPT = {
    "urn:byte": "<A>0</A>",
    "urn:unsignedByte": "<A>0</A>",
    "urn:short": "<A>0</A>",
    "urn:unsignedShort": "<A>0</A>",
    "urn:unsignedInt": "<A>0</A>",
    "urn:unsignedLong": "<A>0</A>",
    "urn:guid": "<A>00000000-0000-0000-0000-000000000000</A>",
    "urn:duration": "<A>PT0S</A>",
    STATES.key: "<A>Nought</A>",
    FLAGS.key: "<A />",
    POINT.key: '<A><X>0</X><Y i:nil="true" /></A>',
}
LEFT_OUT = ("string", "int", "long", "boolean", "decimal", "double", "float", "dateTime", "anyURI", "base64Binary")


def codec(key: str, *, nillable: bool = False) -> Codec:
    kinds = (STATES, FLAGS, POSITIVE, POINT)
    return Codec(model("R", record("R", member("A", key, nillable=nillable, emit_default=False)), *kinds))


@pytest.mark.parametrize(("key", "content"), KEPT.items())
def test_defaults_that_xml_has_and_json_does_not(key: str, content: str) -> None:
    of = codec(key)
    for given in (document(content), b"{}"):
        assert of.to_json(given) == b"{}"
        assert of.to_xml(given) == document(content)
    assert of.to_json(document("")) == b"{}"
    assert of.to_xml(document("")) == document("").replace(b"></Root>", b" />")  # what XML does not have stays absent
    assert of.to_xml(document(""), profile="dotnet") == document(content)
    assert codec(key, nillable=True).to_xml(b"{}") == document("").replace(b"></Root>", b" />")


@pytest.mark.parametrize(("key", "content"), KEPT.items())
def test_a_default_that_json_leaves_out_is_no_difference(key: str, content: str) -> None:
    assert codec(key).compare(document(content), b"{}") == []
    [difference] = codec("urn:byte").compare(document("<A>1</A>"), b"{}")
    assert (difference.left, difference.right) == ("1", "0")
    [absence] = codec(key).compare(document(""), b"{}")
    assert absence.kind == "absent"


def test_a_char_is_in_both_and_a_value_that_is_no_default_too() -> None:
    of = codec("urn:char")
    assert of.to_json(document(""), profile="dotnet") == rb'{"A":"\u0000"}'
    assert of.to_xml(b"{}", profile="dotnet") == document("<A>0</A>")
    assert of.to_json(document("")) == b"{}"  # either format writes it, and so its absence is no default
    assert of.to_xml(b"{}") == document("").replace(b"></Root>", b" />")
    assert codec(STATES.key).to_json(document("<A>One</A>")) == b'{"A":1}'


@pytest.mark.parametrize("key", [*(f"urn:{name}" for name in LEFT_OUT), POSITIVE.key])
def test_what_both_leave_out_stays_absent(key: str) -> None:
    of = codec(key)
    assert of.to_json(document("")) == b"{}"
    assert of.to_xml(b"{}") == document("").replace(b"></Root>", b" />")


def test_a_struct_is_at_its_default_without_the_members_that_are_left_out_of_it() -> None:
    inner = msgspec.structs.replace(
        record("I", member("S", "urn:string", nillable=True, emit_default=False), member("C", "urn:char")),
        value_type=True,
    )
    of = Codec(model("R", record("R", member("A", inner.key, emit_default=False)), inner))
    assert of.to_json(document("<A><C>0</C></A>")) == b"{}"
    assert of.to_xml(b"{}") == document("<A><C>0</C></A>")


def test_a_default_struct_has_its_members_in_their_own_order() -> None:
    of = Codec(model("R", record("R", member("A", POINT.key)), POINT))
    assert of.to_json(document(""), profile="dotnet") == b'{"A":{"Y":null,"X":0}}'


@pytest.mark.parametrize("profile", ["strict", "dotnet"])
@pytest.mark.parametrize(("key", "given"), [("urn:byte", b'{"A":0}'), (POINT.key, b'{"A":{"Y":null,"X":0}}')])
def test_a_default_that_json_has_all_the_same_is_told(key: str, given: bytes, profile: Profile) -> None:
    for to in ("xml", "json"):
        report = codec(key).convert(given, to, profile=profile).report
        assert [(one.code, one.path) for one in report] == [("loss.lexical", "/A")]
    assert [one.code for one in codec("urn:byte").validate(b'{"A":1}')] == []


def test_null_and_absence_are_one_in_a_struct_whose_nulls_json_leaves_out() -> None:
    members = [msgspec.structs.replace(one, omits_null=one.nillable) for one in POINT.members]
    inner = msgspec.structs.replace(POINT, members=tuple(members))
    of = Codec(model("R", record("R", member("A", inner.key, emit_default=False)), inner))
    whole, without = document('<A><X>0</X><Y i:nil="true" /></A>'), document("<A><X>0</X></A>")
    assert of.to_json(whole) == of.to_json(without) == b"{}"
    assert of.to_xml(b"{}") == whole
    assert "loss.null" not in [one.code for one in of.convert(whole, "json").report]
    assert ("loss.null", "/A/Y") in [(one.code, one.path) for one in of.convert(without, "json").report]
    assert of.compare(whole, b"{}") == of.compare(without, of.to_json(without)) == []


def test_what_only_xml_has_makes_a_struct_another_than_its_default() -> None:
    members = [msgspec.structs.replace(one, in_json=not one.nillable) for one in POINT.members]
    inner = msgspec.structs.replace(POINT, members=tuple(members), json_order=())
    of = Codec(model("R", record("R", member("A", inner.key, emit_default=False)), inner))
    assert of.to_json(document("<A><X>0</X><Y>a</Y></A>")) == b'{"A":{"X":0}}'  # as .NET compares all of it
    assert of.to_json(document('<A><X>0</X><Y i:nil="true" /></A>')) == b"{}"


def test_a_char_that_only_xml_has_loses_nothing_where_the_server_has_its_default() -> None:
    alone = msgspec.structs.replace(member("A", "urn:char", emit_default=False), in_json=False)
    of = Codec(model("R", record("R", alone, member("B", "urn:int"), order=(1, 0))))
    for report, lost in (
        (of.convert(document("<B>1</B>"), "json").report, True),
        (of.convert(document("<B>1</B>"), "json", profile="dotnet").report, False),
    ):
        assert ("loss.member" in [one.code for one in report]) is lost
