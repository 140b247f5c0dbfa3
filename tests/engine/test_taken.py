"""What the engine takes, in any layout, and what it leaves to the careful lane; neither changes what is said."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from convtool import contract
from convtool.convert import Codec
from convtool.engine import State
from convtool.formats import lane
from convtool.formats.window import CHUNK
from convtool.model.contract import Anything, Array, Contract, Dictionary, Enumeration, Member, Record
from convtool.model.program import program
from tests.engine.support import PAIRS, built, careful, disagreement, engine_of, feed, takes
from tests.support import XSI, document, member, model, record

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = built

POINT = record("P", member("X", "urn:int"), member("Y", "urn:string", nillable=True))
PARTS = Array("{urn:t}L", member("P", "{urn:t}P", nillable=True))
ORDER = record(
    "R",
    member("A", "urn:int"),
    member("B", "urn:string", nillable=True),
    member("L", "{urn:t}L", nillable=True),
    member("N", "urn:decimal", nillable=True),
    member("Z", "urn:dateOrDateTime"),
)
CODEC = Codec(model("R", POINT, PARTS, ORDER))
LIST = Codec(model("L", POINT, PARTS))
XML = (
    '<A>-12</A><B>é &amp; &#x1;</B><L><P><X>1</X><Y></Y></P><P /><P i:nil="true" /></L>'
    "<N>1.50</N><Z>2026-03-22T00:33:32.0494548+01:00</Z>"
)
JSON = '{"A":-12,"B":"é\\n\\"","L":[{"X":1,"Y":""},{},null],"N":1.50,"Z":"2026-03-22T00:33:32.0494548+01:00"}'


def agreed(of: Codec, form: str, data: bytes) -> None:
    for profile in ("strict", "dotnet"):
        assert disagreement(of, form, data, profile, size=5) == ""


@pytest.mark.parametrize(
    "content",
    [
        "",
        XML,
        "\n  " + XML.replace("><", ">\r\n  <"),
        '<B i:nil="true" /><L i:nil="true" />',
        '<B i:nil="true"/><L/>',
        "<B i:nil='true'></B>",
        '<p:B xmlns:p="urn:t">b</p:B>',
        "<L></L>",
        "<Z>2026-03-22</Z>",
        "<Z>2026-03-22T00:33:32.10</Z>",
        "<Z>2026-03-22T00:33:32.123456789</Z>",
        "<B>\t\n &quot;&apos;'\"</B>",
        "<B>a\r\nb</B>",
        "<B>&#13;&#x1F600;</B>",
        "<B>a<!-- -->b</B><!-- c -->",
        "<B><![CDATA[<b>]]></B>",
        "<B>a > b</B>",
        "<A>+1</A>",
        "<A> 001\n</A>",
        "<N>1.</N>",
        "<N>79228162514264337593543950335</N>",
        '<B xmlns:q="urn:q">b</B>',
    ],
)
def test_xml_that_is_taken(content: str) -> None:
    data = document(content)
    assert takes(CODEC, "xml", data)
    assert takes(
        CODEC, "xml", b"<?xml version='1.0' encoding='Utf-8' standalone='yes'?>\r\n<!-- c -->" + data + b"\n<!-- -->"
    )
    agreed(CODEC, "xml", data)


@pytest.mark.parametrize(
    "content",
    [
        "<B>b</B><A>1</A>",
        "<A>1</A><A>1</A>",
        "<A>2147483648</A>",
        "<A></A>",
        "<C/>",
        "<N>79228162514264337593543950336</N>",
        "<Z>2026-02-30T00:00:00</Z>",
        "<Z>2026-03-22T24:00:00</Z>",
        "<B>\x01</B>",
        "<B>\ufffe</B>",
        "<B>&nbsp;</B>",
        "<B>]]></B>",
        "<B>&#xD800;</B>",
        '<A i:nil="true" />',
        '<B i:nil="false">b</B>',
        '<B foo="1">b</B>',
        '<B xmlns="urn:o">b</B>',
        "<q:B>b</q:B>",
        "x",
        "<L>x</L>",
        "<L><P/>x</L>",
        "<?p?>",
    ],
)
def test_xml_that_is_left(content: str) -> None:
    data = document(content)
    assert not takes(CODEC, "xml", data)
    agreed(CODEC, "xml", data)


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        (lambda data: data[:-1], False),
        (lambda data: data + b"x", False),
        (lambda data: data.replace(b"urn:t", b"urn:o"), False),
        (lambda data: data.replace(b'"urn:t"', b"'urn:t'"), True),
        (lambda data: data.replace(b"</Root>", b"</Roots>"), False),
        (lambda data: data.replace(b"</Root>", b"</Root\n>"), True),
        (lambda data: data.replace(b"<Root", b"<Root x='1'"), False),
        (lambda data: data.replace(b"<Root", b"<Root xmlns:unused='urn:u'"), True),
        (lambda _: f'<Root xmlns="urn:t" xmlns:nil="{XSI}"><B nil:nil="true"/></Root>'.encode(), True),
        (lambda _: b"", False),
        (lambda data: b"<!DOCTYPE Root>" + data, False),
        (lambda data: b"\xef\xbb\xbf\xef\xbb\xbf" + data, False),
    ],
)
def test_documents_in_other_dress(change: Callable[[bytes], bytes], taken: bool) -> None:
    data = change(document(XML))
    assert takes(CODEC, "xml", data) is taken
    if data:
        agreed(CODEC, "xml", data)


def test_empty_and_nil_roots() -> None:
    empty = document("").replace(b"></Root>", b" />")
    for of in (CODEC, LIST):
        for data in (empty, empty.replace(b"<Root", b'<Root i:nil="true"'), document("<P /><P><X>1</X></P>")):
            assert takes(of, "xml", data) is not (of is CODEC and b"<P" in data)
            agreed(of, "xml", data)


@pytest.mark.parametrize(
    "data",
    [
        "{}",
        JSON,
        "null",
        '{\n  "A": 1,\n  "B": null,\n  "L": [ {"X":1} ]\n}\n',
        '{"B":"\\u0085\\u2028\\u0001","L":[]}',
        '{"B":"\u2028"}',
        '{"B":"b","A":1}',
        '{"B":"\\u00e9\\/"}',
        '{"\\u0042":"b"}',
        '{"Z":"2026-03-22"}',
        '{"Z":"2026-03-22T00:33:32.10"}',
        '{"A":-0}',
        '{"N":3}',
        '{"N":79228162514264337593543950335.0}',
    ],
)
def test_json_that_is_taken(data: str) -> None:
    assert takes(CODEC, "json", data.encode())
    agreed(CODEC, "json", data.encode())


@pytest.mark.parametrize("data", ["[]", "null", "[null]", '[{"X":1},null,{"Y":"y"}]', '[\n  {\n    "X": 1\n  }\n]'])
def test_lists_that_are_taken(data: str) -> None:
    assert takes(LIST, "json", data.encode())
    agreed(LIST, "json", data.encode())


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        '{"A":1}x',
        '{"A":1,"A":1}',
        '{"A":1.0}',
        '{"A":"1"}',
        '{"A":01}',
        '{"A":null}',
        '{"A":2147483648}',
        '{"a":1}',
        '{"C":1}',
        '{"B":"\\ud800"}',
        '{"B":"a\tb"}',
        '{"N":1e2}',
        '{"Z":"2026-02-30T00:00:00"}',
        '{"Z":"x"}',
        "{'A':1}",
        '{"A":1,}',
        "[]",
        "\ufeff{}",
        "nul",
        "nulls",
    ],
)
def test_json_that_is_left(data: str) -> None:
    assert not takes(CODEC, "json", data.encode())
    if data:
        agreed(CODEC, "json", data.encode())


@pytest.mark.parametrize(
    "data", ["[{}{}]", "[{},]", "[{} /*c*/,{}]", "[,{}]", '[{"X":1}', "[{}]]", '[{"X":1},{"X":"x"},{"X":2}]']
)
def test_lists_that_are_left(data: str) -> None:
    assert not takes(LIST, "json", data.encode())
    agreed(LIST, "json", data.encode())


@pytest.mark.parametrize("depth", [1, 2, 3, 10])
@pytest.mark.parametrize("form", ["xml", "json"])
def test_depth_is_what_the_careful_lane_says(form: str, depth: int) -> None:
    node = record("N", member("C", "{urn:t}N", nillable=True), member("A", "urn:int"))
    of = Codec(model("N", node))
    for levels in range(depth + 2):
        xml = document("<C>" * levels + "</C>" * levels)
        data = xml if form == "xml" else b'{"C":' * levels + b"{}" + b"}" * levels
        options = {"format": form, "depth": depth}
        assert takes(of, form, data, depth=depth) is bool(of.validate(data, **options)), levels  # type: ignore[arg-type]


def test_documents_deeper_than_the_first_program_are_taken_in_the_end() -> None:
    one = record("N", member("C", "{urn:o}M", nillable=True))
    other = Record("{urn:o}M", (Member("D", "urn:o", "{urn:t}N", nillable=True),))
    of = Codec(model("N", one, other))
    data = b"null"
    for level in range(40):
        data = (b'{"C":%s}' if level % 2 else b'{"D":%s}') % data
    xml = of.to_xml(data)
    found = of.lane.engine()
    assert found is not None
    assert found.program.deepest > 40
    assert of.to_json(xml) == data
    agreed(of, "xml", xml)


def test_a_value_that_no_program_has_rules_for_asks_for_no_deeper_one() -> None:
    anything = Anything("{urn:t}A")
    one = record("N", member("C", "{urn:o}M", nillable=True), member("A", anything.key))
    other = Record("{urn:o}M", (Member("D", "urn:o", "{urn:t}N", nillable=True),))
    of = Codec(model("N", one, other, anything))
    for data in (b'{"C":{"D":{"C":null,"A":{"x":[1]}}},"A":1}', document("<C i:nil='true' /><A><x/></A>")):
        assert of.validate(data)
        found = of.lane.engine()
        assert found is not None
        assert (found.program.cut, found.program.deepest) == (True, 8)


def test_programs_of_types_that_recur_in_many_members_are_bounded_and_made_twice_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Each of six namespaces in any order above an element makes other prefixes: without a bound rows for millions.
    letters = "ABCDEF"
    kinds = [
        Record(f"{{urn:{one}}}N", tuple(Member(two, f"urn:{one}", f"{{urn:{two}}}N", nillable=True) for two in letters))
        for one in letters
    ]
    made = []

    def counted(*args: Any, **more: Any) -> Any:
        made.append(program(*args, **more))
        return made[-1]

    monkeypatch.setattr(lane, "program", counted)
    of = Codec(Contract("N", "urn:A", "{urn:A}N", {kind.key: kind for kind in kinds}))
    data = b"null"
    for level in range(40):
        data = b'{"%s":%s}' % (letters[level * 5 % 6].encode(), data)
    xml = of.to_xml(data)
    assert of.to_json(xml) == data
    assert len(made) <= 2
    assert all(len(one.data) < 1 << 23 for one in made)
    agreed(of, "xml", xml)


@pytest.mark.parametrize(
    ("of", "content", "json"),
    [
        (Enumeration("{urn:t}E", (("A", 1), ("B", 2))), "B", b"2"),
        (Enumeration("{urn:t}E", (("A", 1), ("B", 2)), coding="names"), "B", b'"B"'),
        (Enumeration("{urn:t}E", (("None", 0), ("A", 1), ("B", 2), ("C", 4)), flags=True), "A C", b"5"),
        (Enumeration("{urn:t}E", (("None", 0), ("A", 1), ("B", 2)), flags=True), "None", b"0"),
        (Enumeration("{urn:t}E", (("A", 1), ("B", 2)), flags=True), "", b"0"),
        (Enumeration("{urn:t}E", (("A", 1), ("B", 2)), flags=True, coding="names"), "A B", b'"A, B"'),
    ],
)
def test_enumerations(of: Enumeration, content: str, json: bytes) -> None:
    codec = Codec(model("R", record("R", member("E", "{urn:t}E")), of))
    xml = document(f"<E>{content}</E>")
    for form, data in (("xml", xml), ("json", b'{"E":%s}' % json)):
        state, out, _ = feed(engine_of(codec), form, "json", data)
        assert (state, b"".join(out)) == (State.DONE, b'{"E":%s}' % json)
        agreed(codec, form, data)


@pytest.mark.parametrize(
    ("datatype", "keys"),
    [
        ("string", {"a": "a", 'é"': 'é\\"'}),
        ("int", {"-5": "-5"}),
        ("boolean", {"true": "True", "false": "False"}),
        ("double", {"0.5": "0.5", "3": "3"}),
        ("duration", {"PT1S": "00:00:01"}),
        ("char", {"65": "A"}),
        ("guid", {"3f2504e0-4f89-11d3-9a0c-0305e82c3301": "3f2504e0-4f89-11d3-9a0c-0305e82c3301"}),
    ],
)
def test_dictionaries(datatype: str, keys: dict[str, str]) -> None:
    of = Dictionary("{urn:t}D", "E", "urn:t", member("K", f"urn:{datatype}"), member("V", "urn:int"))
    codec = Codec(model("R", record("R", member("D", "{urn:t}D", nillable=True)), of))
    xml = document(f"<D>{''.join(f'<E><K>{key}</K><V>1</V></E>' for key in keys)}</D>")
    entries = ",".join(f'"{key}":1' for key in keys.values())
    json = b'{"D":{%s}}' % entries.encode()
    for form, data in (("xml", xml), ("json", json)):
        for to, wanted in (("xml", xml), ("json", json)):
            assert takes(codec, form, data)
            assert codec.convert(data, to, format=form).data == (wanted if to == "json" else codec.to_xml(json))  # type: ignore[arg-type]
        agreed(codec, form, data)
    twice = xml.replace(b"</D>", xml[xml.index(b"<E>") :].replace(b"</D></Root>", b"") + b"</D>")
    assert not takes(codec, "xml", twice)
    agreed(codec, "xml", twice)


@pytest.mark.parametrize("behind", ["", "\n", " <?p x?>", "<!-- c -->"])
def test_a_list_that_is_null_stays_so_with_something_behind_it(behind: str) -> None:
    of = contract("ArrayOfReponseV2Model")
    data = of.write_xml(None) + behind.encode()
    agreed(of, "xml", data)
    assert of.read(data) is None
    assert of.convert(data, "json").data == b"null"


@pytest.mark.parametrize("profile", ["strict", "dotnet"])
@pytest.mark.parametrize(
    ("kind", "key"),
    [("dateOrDateTime", "9999-12-31"), ("dateTime", "2020-01-01T00:00:00.10"), ("string", "a\r\nb"), ("anyURI", "a b")],
)
def test_keys_are_written_as_dotnet_has_them_by_both_lanes(kind: str, key: str, profile: str) -> None:
    of = Codec(model("R", record("R", member("A", "{urn:t}D", nillable=True)), _dictionary(kind)))
    agreed(of, "json", json.dumps({"A": {key: 1}}).encode())
    xml = of.convert(json.dumps({"A": {key: 1}}).encode(), "xml", profile=profile).data  # type: ignore[arg-type]
    agreed(of, "xml", xml)
    if (kind, profile) == ("dateOrDateTime", "dotnet"):
        assert b"<K>9999-12-31T00:00:00</K>" in xml


def test_keys_that_dotnet_would_write_alike_are_both_kept() -> None:
    of = Codec(model("R", record("R", member("A", "{urn:t}D", nillable=True)), _dictionary("string")))
    with careful():
        xml = of.to_xml(b'{"A":{"a\\rb":1,"a\\nb":2}}', profile="dotnet")
    assert xml.count(b"<e>") == 2


def _dictionary(kind: str) -> Dictionary:
    key, value = (
        Member(name, "urn:t", f"urn:{of}", nillable=False, required=True) for name, of in (("K", kind), ("V", "int"))
    )
    return Dictionary("{urn:t}D", "e", "urn:t", key, value)


_GAP = b" \n" * CHUNK
_COMMENTS = b"<!--" + b"c" * 500 + b"-->\n"


def between(form: str, *parts: bytes) -> bytes:
    """Give a list of what is given, with its brackets or its root."""
    outer = document("") if form == "xml" else b"[]"
    at = outer.index(b"></") + 1 if form == "xml" else 1
    return b"".join((outer[:at], *parts, outer[at:]))


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("xml", (_GAP, b"<P><X>1</X></P>", _GAP, b"<P><X>2</X></P>", _GAP)),
        ("xml", (b"<P><X>1</X></P>", _COMMENTS * 600, b"<P><X>2</X></P>")),
        ("xml", (_GAP, b"<P><X>x</X></P>", _GAP, b"<P><Q></Q></P><P />")),
        ("json", (_GAP, b'{"X":1},', _GAP, b'{"X":2}')),
        ("json", (_GAP, b"{},", _GAP, b'{"X":"1"},', _GAP, b"{}")),
        ("json", (b"{},", _GAP, b"{}")),
    ],
)
@pytest.mark.long
def test_what_stands_between_records_is_let_go_of(form: str, parts: tuple[bytes, ...]) -> None:
    data = between(form, *parts)
    assert disagreement(LIST, form, data, size=CHUNK // 4) == ""
    run, held, at = engine_of(LIST).run(), b"", 0
    run.start(form, PAIRS[form], depth=64, events=100)
    while at < len(data):
        held, at = held + data[at : at + CHUNK], at + CHUNK
        if run.feed(held, 0, final=at >= len(data), out=[]) != State.MORE:
            break
        held = held[run.result.at :]
        assert len(held) < 1 << 17


def test_a_comma_far_before_the_bracket_is_told() -> None:
    data = between("json", b"{},", _GAP)
    (found,) = [one for one in LIST.validate(io.BytesIO(data)) if one.code == "json.relaxed"]
    assert found.location is not None
    assert found.location.offset == len(data) - 1
    assert [one.code for one in LIST.validate(data) if one.code == "json.relaxed"] == ["json.relaxed"]


def test_names_that_are_escaped_have_room() -> None:
    name = "&<" * 200
    of = Codec(
        model(
            "R",
            Enumeration("{urn:t}E", ((name, 1),), coding="names"),
            Array("{urn:t}L", member("E", "{urn:t}E")),
            record("R", member("L", "{urn:t}L")),
        )
    )
    agreed(of, "json", json.dumps({"L": [name] * 300}).encode())


SIMPLE = ("decimal", "double", "duration", "char")


@pytest.mark.parametrize("form", ["xml", "json"])
def test_values_come_from_the_engine_as_the_careful_lane_has_them(form: str) -> None:
    of = Codec(
        model(
            "R",
            Enumeration("{urn:t}E", (("A b", 1), ("C", 2))),
            Enumeration("{urn:t}F", (("None", 0), ("X", 1), ("Y", 2)), flags=True),
            Dictionary("{urn:t}M", "entry", "urn:t", member("Key", "urn:int"), member("Value", "{urn:t}E")),
            record(
                "R",
                *(member(name, f"urn:{of}", nillable=True) for name, of in zip("ABCD", SIMPLE, strict=True)),
                member("E", "{urn:t}E"),
                member("F", "{urn:t}F"),
                member("G", "urn:base64Binary", nillable=True),
                member("M", "{urn:t}M"),
            ),
        )
    )
    assert of.instances.readable
    assert not of.instances.exact
    content = (
        "<A>3</A><B>0.1</B><C>P1DT2H</C><D>34</D><E>A b</E><F>X Y</F><G>AAE=</G>"
        "<M><entry><Key>7</Key><Value>C</Value></entry></M>"
    )
    xml = document(content)
    data = xml if form == "xml" else of.to_json(xml)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(of.formats[form]), "read_carefully", None)  # nobody reads with care
        value = of.read(data)
    assert repr(value["A"]) == ("Decimal('3')" if form == "xml" else "Decimal('3.0')")
    assert [value[name] for name in "BCDGEFM"] == [0.1, "P1DT2H", '"', b"\0\1", "A b", "X Y", {7: "C"}]
    with careful():
        assert repr(of.read(data)) == repr(value)


@pytest.mark.parametrize("size", [5, 100])
def test_bytes_that_are_no_text_are_refused_behind_a_document_as_well(size: int) -> None:
    for data in (b'[]{"a":1}\x94', b"[{}] x" + b" " * 50 + b"\xff"):
        assert disagreement(LIST, "json", data, "dotnet", size=size) == ""
        assert not LIST.validate(io.BytesIO(data), profile="dotnet")


KEPT_STRUCT = Codec(
    model(
        "R",
        record("R", member("A", "{urn:t}Point", emit_default=False), member("D", "{urn:t}Moment", emit_default=False)),
        msgspec.structs.replace(
            record(
                "Point", member("X", "urn:int"), member("Y", "urn:string", nillable=True), member("Z", "urn:double")
            ),
            value_type=True,
        ),
        msgspec.structs.replace(record("Moment", member("O", "urn:dateTimeOffset")), value_type=True),
    )
)  # fmt: skip
_MOMENT = {"O": "2026-03-22T00:33:32+01:00"}


@pytest.mark.parametrize(
    "point",
    [{"X": 1, "Y": None, "Z": 0.0}, {"X": 0, "Y": "", "Z": 0.0}, {"X": 0, "Y": None, "Z": 1.5}, {"X": -1, "Z": 0.0}],
)
def test_a_struct_that_is_surely_not_its_default_is_taken(point: dict[str, Any]) -> None:
    data = json.dumps({"A": point, "D": _MOMENT}).encode()
    for form, text in (("json", data), ("xml", KEPT_STRUCT.to_xml(data))):
        agreed(KEPT_STRUCT, form, text)
        if point["X"] != -1:  # which leaves out what is told, and so is not whole
            assert takes(KEPT_STRUCT, form, text)


@pytest.mark.parametrize("point", [{"X": 0, "Y": None, "Z": 0.0}, {"X": 0, "Y": None, "Z": -0.0}, {"X": 0}, {}])
def test_a_struct_at_its_default_is_what_the_careful_lane_says(point: dict[str, Any]) -> None:
    data = json.dumps({"A": point, "D": {"O": "0001-01-01T00:00:00+00:00"}}).encode()
    agreed(KEPT_STRUCT, "json", data)
    agreed(KEPT_STRUCT, "xml", KEPT_STRUCT.to_xml(data))


SAME_NAME = Codec(model("R", Array("{urn:t}R", member("Root", "urn:int", nillable=True))))


@pytest.mark.parametrize(
    "content",
    [
        "<R>1</R>x<R>2</R></R><R>",  # an item is called as its list is, and what follows the list is no document
        "x<R i:nil='true' /></R><R'/>",
        "<R>1</R><R i:nil='true'/><!-- c --></R>-",
        "<R>1</R></R><!-- c --> <?p?>",
        "<R>1</R></R>",
        "<R>1</R><R i:nil='true' xmlns:p='urn:>' p:a='>'/><R p='>'>x</R></R>",  # a > within quotes ends no tag
    ],
)
def test_the_end_of_a_list_and_of_a_tag_is_where_both_lanes_see_it(content: str) -> None:
    data = document("").replace(b"</Root>", content.replace("R", "Root").encode())
    for profile in ("strict", "dotnet"):
        for size in (1, 3, 7, 1000):
            assert disagreement(SAME_NAME, "xml", data, profile, size=size) == ""


def agreed_at(of: Codec, data: bytes, size: int) -> None:
    for profile in ("strict", "dotnet"):
        assert disagreement(of, "json", data, profile, size=size) == ""


@pytest.mark.parametrize("between", [", /* c */", " /* c */,", ",\n// c\n", ", /* c */ /* d */"])
def test_a_comment_behind_a_bad_record_is_the_next_ones(between: str) -> None:
    of = Codec(model("R", Array("{urn:t}R", member("R", "urn:int", nillable=True))))
    for first in ('"x"', "1"):
        for data in (f"[{first}{between}2, 3]", f'[{first}{between}"y"{between}2]', f"[{first}{between}]"):
            for size in (1, 3, 1000):
                agreed_at(of, data.encode(), size)


def test_nothing_of_another_documents_root_is_left() -> None:
    run = engine_of(LIST).run()
    first = document("").replace(b'xmlns="urn:t"', b'xmlns="urn:t" xmlns:p="urn:t"')
    for data, state in ((first, State.DONE), (document("").replace(b"></Root>", b' i:nil="true"/>x'), State.GIVEUP)):
        run.start("xml", "json", depth=64, events=100)
        assert run.feed(data, 0, final=True, out=[]) == state
        run.take(100)
    run.resume(State.BEFORE, 0)  # where there is no root: what the first one declared is not known any more
    assert run.feed(b"<p:P><p:X>1</p:X></p:P>", 0, final=True, out=[]) == State.GIVEUP
    assert run.result.records == 0


@pytest.mark.parametrize("more", ["", "\n", '<?xml version="1.0"?>'])
def test_a_second_declaration_is_seen_in_pieces_of_any_size(more: str) -> None:
    data = f'<?xml version="1.0"?>{more}'.encode() + document("<Root>1</Root>")
    for size in (1, 3, 7, 1000):
        assert disagreement(SAME_NAME, "xml", data, size=size) == ""
    assert bool(SAME_NAME.validate(data)) is ("?" not in more)
