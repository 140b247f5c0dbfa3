import re
from typing import Any

import pytest

from convtool.errors import ConvtoolError
from convtool.model.datatypes import BY_KEY, DATATYPES, LexicalError, collapse, datatype

# By datatype: texts in wire form with their JSON, texts of other forms with their wire form, texts that are none.
EXAMPLES: dict[str, tuple[dict[str, str], dict[str, str], list[str]]] = {
    "byte": ({"-128": "-128", "127": "127"}, {"+5": "5"}, ["128", "1.0"]),
    "unsignedByte": ({"0": "0", "255": "255"}, {"-0": "0"}, ["-1", "256"]),
    "short": ({"-32768": "-32768"}, {"007": "7"}, ["32768"]),
    "unsignedShort": ({"65535": "65535"}, {}, ["65536"]),
    "int": ({"2147483647": "2147483647"}, {}, ["2147483648", ""]),
    "unsignedInt": ({"4294967295": "4294967295"}, {}, ["-1"]),
    "long": ({"-9223372036854775808": "-9223372036854775808"}, {}, ["9223372036854775808"]),
    "unsignedLong": ({"18446744073709551615": "18446744073709551615"}, {}, ["18446744073709551616"]),
    "boolean": ({"true": "true", "false": "false"}, {"1": "true", "0": "false"}, ["True", "yes", ""]),
    "decimal": ({"1.50": "1.50", "3": "3.0"}, {"+1.0": "1.0"}, ["1e2"]),
    "double": ({"1.5": "1.5", "INF": '"Infinity"'}, {"1.50": "1.5"}, ["x"]),
    "float": ({"0.1": "0.1"}, {"1e1": "10"}, ["x"]),
    "dateTime": ({"2026-03-22T00:33:32Z": "2026-03-22T00:33:32Z"}, {}, ["2026-03-22", "x"]),
    "date": ({"2026-03-22": "2026-03-22"}, {}, ["2026-03-22T00:00:00"]),
    "dateOrDateTime": ({"2026-03-22": "2026-03-22", "2026-03-22T00:33:32": "2026-03-22T00:33:32"}, {}, ["2026"]),
    "dateTimeOffset": (
        {"2026-03-22T00:33:32.5+01:00": "2026-03-22T00:33:32.5+01:00"},
        {"2026-03-22T00:33:32Z": "2026-03-22T00:33:32+00:00"},
        ["2026-03-22T00:33:32", "2026-03-22", "2026-03-22T00:33:32+14:01"],
    ),
    "duration": ({"PT1M": "00:01:00"}, {"PT60S": "PT1M"}, ["1"]),
    "guid": (
        {"6f9619ff-8b86-d011-b42d-00cf4fc964ff": "6f9619ff-8b86-d011-b42d-00cf4fc964ff"},
        {"6F9619FF-8B86-D011-B42D-00CF4FC964FF": "6f9619ff-8b86-d011-b42d-00cf4fc964ff"},
        ["6f9619ff", "{6f9619ff-8b86-d011-b42d-00cf4fc964ff}"],
    ),
    "char": ({"65": "A", "34": '"', "0": "\0", "65535": "\uffff"}, {"+65": "65"}, ["65536", "-1", "55296", "A"]),
    "base64Binary": ({"": "", "QEA=": "QEA="}, {"QE A=": "QEA="}, ["Q", "QEA", "é"]),
    "string": ({" a ": " a ", "": ""}, {}, []),
    "anyURI": ({"http://x/": "http://x/"}, {}, []),
    "QName": ({"a": "a", "\u00e9.b-1": "\u00e9.b-1"}, {}, ["", "1", "a b", "a:b", "a:", ":"]),
}
# What the fast lanes take at its word; the values of the other patterns are parsed, written and compared.
EXACT = {name for name, kind in DATATYPES.items() if kind.pattern} - {"char", "duration", "decimal", "double", "float"}


def test_every_datatype_has_examples() -> None:
    assert EXAMPLES.keys() == DATATYPES.keys()


@pytest.mark.parametrize("name", DATATYPES)
def test_the_wire_form(name: str) -> None:
    kind, (wire, others, _) = DATATYPES[name], EXAMPLES[name]
    for text, json in wire.items():
        value = kind.parse(text)
        assert isinstance(value, kind.python)
        assert kind.format(value) == text
        assert kind.write_json(value) == json
        assert kind.read_json(json.strip('"') if kind.json_kind == "number" else json) == value
        assert not kind.pattern or re.fullmatch(kind.pattern, text)
    for text, written in others.items():
        assert kind.format(kind.parse(text)) == written
        assert name not in EXACT or not re.fullmatch(kind.pattern, text)


@pytest.mark.parametrize("name", DATATYPES)
def test_what_is_no_value(name: str) -> None:
    kind = DATATYPES[name]
    for text in EXAMPLES[name][2]:
        with pytest.raises(LexicalError) as error:
            kind.parse(text)
        assert error.value.wanted
        assert name not in EXACT or not re.fullmatch(kind.pattern, text)


@pytest.mark.parametrize("name", DATATYPES)
def test_the_json_pattern_takes_what_is_written(name: str) -> None:
    kind = DATATYPES[name]
    pattern = kind.json_schema.get("pattern")
    if pattern:
        assert all(re.search(pattern, json) for json in EXAMPLES[name][0].values())
        assert not re.search(pattern, "x")
        assert not re.search(pattern, next(iter(EXAMPLES[name][0].values())) + "\n")


@pytest.mark.parametrize("name", DATATYPES)
def test_the_default_is_a_value(name: str) -> None:
    kind = DATATYPES[name]
    if kind.default is not None:
        assert kind.parse(kind.format(kind.default)) == kind.default


def test_types_are_found_by_the_name_that_xsd_gives_them() -> None:
    assert BY_KEY["{http://www.w3.org/2001/XMLSchema}int"] is DATATYPES["int"]
    assert BY_KEY["{http://schemas.microsoft.com/2003/10/Serialization/}guid"] is DATATYPES["guid"]
    assert "" not in BY_KEY


def test_an_unknown_name_is_an_error_of_convtool() -> None:
    assert datatype("int") is DATATYPES["int"]
    with pytest.raises(ConvtoolError, match="no datatype is named 'integer'"):
        datatype("integer")


@pytest.mark.parametrize(
    ("text", "left"), [(" \t\r\n7\n", "7"), ("\xa07", "\xa07"), ("\u20077", "\u20077"), ("a b", "a b")]
)
def test_only_the_white_space_of_xml_is_removed(text: str, left: Any) -> None:
    assert collapse(text) == left
