import json
import re
from pathlib import Path
from typing import Any

import pytest

from convtool import UsageError, contract
from convtool.convert import Codec
from convtool.model.contract import Anything, Array, Contract, Dictionary, Enumeration, Member, Record, Scalar, Type
from convtool.model.datatypes import BY_KEY, DATATYPES
from convtool.sample import MOMENT, sample
from convtool.testing.generate import Generator

PAGE = (Path(__file__).parent / "cli" / "help-page.txt").read_text(encoding="utf-8")
MOMENTS = {"ParamModel": MOMENT, "ArrayOfReponseV2Model": "2026-03-22T00:33:32.2894565+01:00"}


# --- the help page --------------------------------------------------------------------------------------------------


def samples_of_the_page() -> dict[tuple[str, str], str]:
    found = [text.strip() for text in re.findall(r"(?s)\nSample:\n(?=[\[{<])(.*?)(?=\n\n|\Z)", PAGE)]
    return dict(zip(((name, form) for name in MOMENTS for form in ("json", "xml")), found, strict=True))


def without_white_space(text: str) -> str:
    """Drop white space between tokens and tags; texts keep theirs."""
    return re.sub(r">\s+<", "><", text) if text.startswith("<") else json.dumps(json.loads(text))


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_sample_is_the_help_pages(name: str, form: str) -> None:
    codec = contract(name)
    value = sample(codec.model, codec.instances, moment=MOMENTS[name])
    text = (codec.write_json if form == "json" else codec.write_xml)(value, pretty=True).decode()
    expected = samples_of_the_page()[name, form]
    assert without_white_space(text) == without_white_space(expected)
    assert text == expected  # even the white space agrees


def test_the_moment_has_a_default() -> None:
    codec = contract("ParamModel")
    assert sample(codec.model, codec.instances).Debut == MOMENT


@pytest.mark.parametrize("moment", ["", "today", "2026-03-22", "2026-02-30T00:00:00"])
def test_a_moment_must_be_one(moment: str) -> None:
    codec = contract("ParamModel")
    with pytest.raises(UsageError, match="the moment"):
        sample(codec.model, codec.instances, moment=moment)


# --- any contract ---------------------------------------------------------------------------------------------------


def member(name: str, key: str, *, nillable: bool = False, required: bool = False) -> Member:
    return Member(name, "urn:t", key, nillable, required)


def codec_of(root: str, *types: Type) -> Codec:
    scalars: dict[str, Type] = {f"urn:{name}": Scalar(f"urn:{name}", name) for name in DATATYPES}
    scalars |= {key: Scalar(key, row.name) for key, row in BY_KEY.items()}  # parts of values have their own keys
    return Codec(Contract("Root", "urn:t", root, {**scalars, **{kind.key: kind for kind in types}}))


def made(codec: Codec) -> Any:
    """Make the sample, and prove that it is a value that both formats carry."""
    value = sample(codec.model, codec.instances)
    assert codec.read(codec.write_json(value)) == value
    assert codec.read(codec.write_xml(value)) == value
    assert codec.read(codec.write_xml(value, pretty=True)) == value
    return value


def record(key: str, *members: Member) -> Record:
    return Record(key, members, tuple(range(len(members))))


@pytest.mark.parametrize("name", DATATYPES)
@pytest.mark.parametrize("nillable", [False, True])
def test_every_datatype_has_a_sample(name: str, nillable: bool) -> None:
    value = made(codec_of("R", record("R", member("A", f"urn:{name}", nillable=nillable))))
    assert isinstance(value.A, DATATYPES[name].python)


def test_every_datatype_of_a_schema_is_known() -> None:
    assert {row.name for row in BY_KEY.values()} <= set(DATATYPES)


def test_simple_values_are_numbered_and_nullable_ones_are_always_the_first() -> None:
    value = made(
        codec_of(
            "R",
            record(
                "R",
                member("A", "urn:int"),
                member("B", "urn:string", nillable=True),
                member("C", "urn:int", nillable=True),
                member("D", "L", nillable=True),
                member("E", "urn:double"),
                member("F", "urn:long"),
            ),
            Array("L", member("string", "urn:string", nillable=True)),
        )
    )
    assert (value.A, value.B, value.C, value.E, value.F) == (1, "sample string 2", 1, 3.1, 4)
    assert value.D == ["sample string 1", "sample string 2"]


def test_numbers_follow_the_order_of_json() -> None:
    kind = Record("R", (member("A", "urn:int"), member("B", "urn:int")), (1, 0))
    value = made(codec_of("R", kind))
    assert (value.A, value.B) == (2, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("byte", b"64"),
        ("unsignedByte", b"64"),
        ("boolean", b"true"),
        ("char", b'"A"'),
        ("decimal", b"2.0"),
        ("float", b"2.1"),
        ("double", b"2.1"),
        ("unsignedLong", b"2"),
        ("duration", b'"00:00:00.1234567"'),
        ("base64Binary", b'"QEA="'),
        ("anyURI", b'"http://webapihelppage2.com/"'),
        ("date", b'"2026-03-22"'),
    ],
)
def test_the_second_value_of_each_type_is_as_the_help_pages_generator_makes_it(name: str, text: bytes) -> None:
    codec = codec_of("R", record("R", member("A", "urn:int"), member("B", f"urn:{name}")))
    assert codec.write_json(made(codec)) == b'{"A":1,"B":' + text + b"}"


def test_enumerations_have_their_first_name() -> None:
    names = (("Un", 5), ("Deux", 2))
    value = made(
        codec_of(
            "R",
            record("R", member("A", "E"), member("B", "E", nillable=True), member("C", "F"), member("D", "urn:int")),
            Enumeration("E", names),
            Enumeration("F", (("Lire", 1), ("Ecrire", 2)), flags=True),
        )
    )
    assert (value.A, value.B, value.C, value.D) == ("Un", "Un", "Lire", 1)


@pytest.mark.parametrize(
    ("key", "of", "expected"),
    [
        ("string", "string", {"sample string 1": "sample string 2", "sample string 3": "sample string 4"}),
        ("int", "string", {1: "sample string 2", 3: "sample string 4"}),
        ("boolean", "int", {True: 2}),  # .NET finds the key taken, and adds no other
    ],
)
def test_dictionaries_have_two_entries_where_there_are_two_keys(key: str, of: str, expected: dict[Any, Any]) -> None:
    kind = Dictionary("D", "KeyValue", "urn:t", member("Key", f"urn:{key}"), member("Value", f"urn:{of}"))
    value = made(codec_of("R", record("R", member("A", "D", nillable=True)), kind))
    assert expected == value.A


def test_a_date_time_offset_is_the_moment() -> None:
    codec = codec_of("R", record("R", member("A", DATATYPES["dateTimeOffset"].key)))
    value = made(codec)
    assert (value.A.DateTime, value.A.OffsetMinutes) == ("2026-03-21T23:33:32.0494548Z", 60)
    assert json.loads(codec.write_json(value)) == {"A": MOMENT}
    local = sample(codec.model, codec.instances, moment="2026-03-22T00:33:32")
    assert (local.A.DateTime, local.A.OffsetMinutes) == ("2026-03-22T00:33:32Z", 0)


def test_recursion_stops_with_an_empty_list_and_null() -> None:
    tree = record("R", member("Name", "urn:string"), member("Parent", "R", nillable=True), member("Children", "L"))
    value = made(codec_of("R", tree, Array("L", member("R", "R", nillable=True))))
    assert (value.Name, value.Parent, value.Children) == ("sample string 1", None, [])


def test_recursion_through_another_record_and_a_dictionary() -> None:
    kind = Dictionary("D", "KeyValue", "urn:t", member("Key", "urn:string"), member("Value", "R", nillable=False))
    value = made(codec_of("R", record("R", member("B", "B")), record("B", member("D", "D")), kind))
    assert value.B.D == {}


def test_content_of_any_shape_is_null() -> None:
    assert made(codec_of("R", record("R", member("A", "any", nillable=True)), Anything("any"))).A is None


@pytest.mark.parametrize("count", [3, 12, 40])
@pytest.mark.short(1)
def test_records_that_all_refer_to_each_other_stay_readable(count: int) -> None:
    names = [f"R{n}" for n in range(count)]
    records = [record(name, *(member(f"L{other}", f"L{other}") for other in names if other != name)) for name in names]
    lists = [Array(f"L{name}", member(name, name, nillable=True)) for name in names]
    codec = codec_of("R0", *records, *lists)
    assert len(codec.write_json(made(codec))) < 1_000_000


def test_a_long_chain_of_records_stays_below_the_depth_limit() -> None:
    chain = [record(f"R{n}", member("D", f"D{n}", nillable=True), member("A", "urn:int")) for n in range(60)]
    dictionaries = [
        Dictionary(f"D{n}", "KeyValue", "urn:t", member("Key", "urn:boolean"), member("Value", f"R{(n + 1) % 60}"))
        for n in range(60)
    ]
    assert made(codec_of("R0", *chain, *dictionaries)).D


def test_a_struct_that_has_to_be_there_is_there_also_within_itself() -> None:
    outer = record("T", member("S", "S", required=True))
    codec = codec_of(
        "S", record("S", member("L", "L", nillable=True)), outer, Array("L", member("T", "T", nillable=True))
    )
    made = [sample(codec.model, codec.instances), *(Generator(codec, seed).value() for seed in range(20))]
    for value in made:
        assert codec.validate(codec.write_xml(value))
