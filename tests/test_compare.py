"""Two payloads, in any formats: the same value, or where not."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import convtool
from convtool.compare import Difference
from convtool.convert import Codec
from convtool.errors import UsageError
from convtool.model.contract import Array, Dictionary
from tests.csharp import codec_of
from tests.property.contracts import BUNDLED, TOLD, codec, examples
from tests.property.mutations import payload
from tests.property.respelled import respelled
from tests.property.strategies import values
from tests.support import DECLARED, VECTORS, codes, document, listed, member, model, one_member, param, record

if TYPE_CHECKING:
    from convtool.codes import Profile

PARAM = convtool.contract("ParamModel")
LIST = convtool.contract("ArrayOfReponseV2Model")
XML = param("<Debut>2026-03-22T00:33:32+01:00</Debut><Fin>2026-03-23</Fin><ProduitId>7</ProduitId>")
JSON = b'{"ProduitId":7,"Fin":"2026-03-23","Debut":"2026-03-22T00:33:32+01:00"}'


def kinds(found: list[Difference]) -> list[tuple[str, str, str, str]]:
    return [(one.path, one.kind, one.left, one.right) for one in found]


# --- the same -------------------------------------------------------------------------------------------------------


def test_formats_and_the_order_of_json_do_not_matter() -> None:
    assert PARAM.compare(XML, JSON) == []
    assert PARAM.compare(JSON, XML) == []


def test_every_recorded_pair_is_one_value() -> None:
    for line in (VECTORS / "wire.jsonl").read_text(encoding="utf-8").split("\n"):
        if line:
            row = json.loads(line)
            assert convtool.contract(row["contract"]).compare(row["xml"].encode(), row["json"].encode()) == [], row[
                "id"
            ]


@pytest.mark.parametrize("name", TOLD)
@examples(40)
@given(st.data())
def test_a_value_is_itself_in_both_formats(name: str, data: st.DataObject) -> None:
    of = codec(name)
    value = data.draw(values(of))
    assert of.compare(of.write_xml(value), of.write_json(value, pretty=True)) == []


@pytest.mark.parametrize("name", TOLD)
@examples(60)
@given(st.data())
@pytest.mark.short(1)
def test_there_is_a_difference_where_the_values_differ(name: str, data: st.DataObject) -> None:
    of = codec(name)
    one, other = data.draw(payload(of, "xml")), data.draw(payload(of, "json"))
    same = repr(of.read(one)) == repr(of.read(other))
    found = of.compare(one, other)
    # Not in both ways where two texts are one number: -0.0 is 0.0, and 1.50 is 1.5.
    assert bool(found) == (not same) if name in BUNDLED else bool(found) <= (not same)
    for difference in found:
        assert difference.left != difference.right or difference.kind == "type"
        assert (difference.left_location is None) == (difference.left == "absent")
        assert (difference.right_location is None) == (difference.right == "absent")
    backwards = of.compare(other, one)
    assert sorted(kinds(backwards)) == sorted((path, kind, b, a) for path, kind, a, b in kinds(found))


@pytest.mark.parametrize("form", ["xml", "json"])
@examples(60)
@given(st.data())
def test_what_a_conversion_says_is_no_loss_is_no_difference(form: str, data: st.DataObject) -> None:
    start = data.draw(payload(LIST, form))
    text = data.draw(respelled(start, form))
    if not any(d.severity == "error" or convtool.codes.CODES[d.code].loss for d in LIST.validate(text, format=form)):  # type: ignore[attr-defined,arg-type]
        result = LIST.convert(text, "json" if form == "xml" else "xml", format=form)  # type: ignore[arg-type]
        assert LIST.compare(text, result.data) == []


# --- what differs ---------------------------------------------------------------------------------------------------


def test_values_differ_with_their_places() -> None:
    [found] = PARAM.compare(XML, JSON.replace(b":7", b":8"))
    assert kinds([found]) == [("/ProduitId", "value", "7", "8")]
    assert found.left_location is not None
    assert XML[found.left_location.offset :].startswith(b"7<")
    assert found.right_location is not None
    assert (found.right_location.line, found.right_location.column) == (1, 14)
    assert found.text("a.xml", "b.json").splitlines() == [
        "/ProduitId: the values differ",
        f"  a.xml:1:{found.left_location.column}: 7",
        "  b.json:1:14: 8",
    ]
    assert found.to_dict()["right"] == {"text": "8", "line": 1, "column": 14, "offset": 13}


def test_absent_null_and_empty_are_three_things() -> None:
    texts = {
        "absent": b"[{}]",
        "null": b'[{"Identifiant":null}]',
        '""': b'[{"Identifiant":""}]',
    }
    for one, first in texts.items():
        for other, second in texts.items():
            expected = [] if one == other else [("/0/Identifiant", one, other)]
            assert [(d.path, d.left, d.right) for d in LIST.compare(first, second)] == expected


def test_lists_differ_in_length_and_item_by_item() -> None:
    left = listed("<ReponseV2Model><ProduitId>1</ProduitId></ReponseV2Model><ReponseV2Model />")
    found = LIST.compare(left, b'[{"ProduitId":2}]')
    assert kinds(found) == [
        ("", "length", "a list of 2 items", "a list of 1 item"),
        ("/0/ProduitId", "value", "1", "2"),
    ]
    assert found[0].text().startswith("(root): the lists differ in length")


def test_a_null_list_is_not_an_empty_one() -> None:
    assert kinds(LIST.compare(b"null", b"[]")) == [("", "null", "null", "a list of 0 items")]
    assert LIST.compare(b"null", f'<ArrayOfReponseV2Model i:nil="true" {DECLARED} />'.encode()) == []


def test_numbers_compare_as_numbers() -> None:
    of = one_member("double")
    for text in ("NaN", "INF", "-INF"):
        assert of.compare(document(f"<A>{text}</A>"), document(f"<A>{text}</A>")) == []
    assert of.compare(document("<A>NaN</A>"), document("<A>1</A>"))[0].left == "NaN"
    decimal = one_member("decimal")
    assert decimal.compare(document("<A>1.50</A>"), b'{"A":1.5}') == []
    assert kinds(decimal.compare(document("<A>1.50</A>"), b'{"A":1.51}')) == [("/A", "value", "1.50", "1.51")]


def test_bytes_and_booleans_have_texts() -> None:
    assert one_member("base64Binary").compare(b'{"A":"AAE="}', b'{"A":"AAI="}')[0].right == '"AAI="'
    assert one_member("boolean").compare(b'{"A":true}', b'{"A":false}')[0].left == "true"
    assert one_member("char").compare(b'{"A":"a"}', document("<A>98</A>"))[0].right == '"b"'


# --- dates ----------------------------------------------------------------------------------------------------------


def dated(text: str) -> bytes:
    return param(f"<Debut>{text}</Debut>")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-03-22T01:00:00+01:00", "2026-03-22T00:00:00Z", True),
        ("2026-03-22T01:00:00+01:00", "2026-03-21T21:00:00-03:00", True),
        ("2026-03-22T00:00:00.10", "2026-03-22T00:00:00.1", True),
        ("2026-03-22", "2026-03-22T00:00:00", True),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", False),
        ("2026-03-22T00:00:00Z", "2026-03-22T00:00:00", False),
        ("2026-03-22T00:00:00.0000001", "2026-03-22T00:00:00", False),
    ],
)
def test_dates_as_texts_and_as_instants(one: str, other: str, same: bool) -> None:
    assert len(PARAM.compare(dated(one), dated(other))) == 1
    assert (PARAM.compare(dated(one), dated(other), dates="instant") == []) is same


def test_the_dotnet_profile_compares_what_dotnet_reads() -> None:
    late = param("<Fin>2026-03-23T00:00:00</Fin><Debut>2026-03-22T00:00:00</Debut>")
    read = b'{"Debut":"0001-01-01T00:00:00","Fin":"2026-03-23T00:00:00","ProduitId":null}'
    assert PARAM.compare(late, read, profile="dotnet") == []
    with pytest.raises(convtool.PayloadError):
        PARAM.compare(late, read)
    [found] = PARAM.compare(
        b'{"Debut":"2026-03-22","Fin":"2026-03-23"}', read.replace(b"0001", b"0002"), profile="dotnet"
    )[:1]
    assert (found.path, found.left) == ("/Debut", '"2026-03-22T00:00:00"')


# --- dictionaries and derived types ---------------------------------------------------------------------------------


def dictionary() -> Codec:
    kind = Dictionary(
        "{urn:t}D", "Entry", "urn:t", member("Key", "urn:string"), member("Value", "urn:int", nillable=True)
    )
    return Codec(model("R", record("R", member("A", kind.key, nillable=True)), kind))


def entries(**pairs: int) -> bytes:
    inner = "".join(f"<Entry><Key>{key}</Key><Value>{value}</Value></Entry>" for key, value in pairs.items())
    return document(f"<A>{inner}</A>")


def test_dictionaries_compare_by_key() -> None:
    of = dictionary()
    assert of.compare(entries(a=1, b=2), b'{"A":{"b":2,"a":1}}') == []
    found = of.compare(entries(a=1, c=3), b'{"A":{"b":2,"a":9}}')
    assert kinds(found) == [("/A/a", "value", "1", "9"), ("/A/c", "key", "3", "absent"), ("/A/b", "key", "absent", "2")]
    assert of.compare(b'{"A":{"a/b~":1}}', b'{"A":{"a/b~":2}}')[0].path == "/A/a~1b~0"
    assert of.compare(b'{"A":{"a/b~":1}}', b'{"A":{"a/b~":2}}', ignore=["/A/a~1b~0"]) == []


def test_records_of_different_types_differ() -> None:
    base, more = (
        record("B", member("X", "urn:int")),
        record("C", member("X", "urn:int"), member("Y", "urn:int"), base="{urn:t}B"),
    )
    of = Codec(model("R", record("R", member("A", base.key)), base, more, derived={base.key: (more.key,)}))
    plain, typed = document("<A><X>1</X></A>"), document('<A xmlns:t="urn:t" i:type="t:C"><X>1</X><Y>1</Y></A>')
    assert kinds(of.compare(plain, typed)) == [("/A", "type", "a record (B)", "a record (C)")]
    assert of.compare(typed, typed.replace(b"<Y>1", b"<Y>2"))[0].path == "/A/Y"
    assert of.compare(typed, typed.replace(b"<Y>1", b"<Y>2"), ignore=["/A/Y"]) == []


# --- what is ignored ------------------------------------------------------------------------------------------------


def test_a_pointer_ignores_what_is_there_and_below() -> None:
    one = b'[{"ProduitId":1,"ConsommationsSomme":[{"Quantite":1},{"Quantite":1}]}]'
    other = b'[{"ProduitId":2,"ConsommationsSomme":[{"Quantite":2},{"Quantite":2}]}]'
    assert len(LIST.compare(one, other)) == 3
    left = {
        "/0/ProduitId": 2,
        "/*/ProduitId": 2,
        "/0/ConsommationsSomme": 1,
        "/*/*/*/Quantite": 1,
        "/0/ConsommationsSomme/1": 2,
        "/*/*": 0,
        "/0": 0,
        "": 0,
        "/1": 3,
    }
    for ignored, number in left.items():
        assert len(LIST.compare(one, other, ignore=[ignored])) == number, ignored
    assert LIST.compare(one, other, ignore=["/*/ProduitId", "/0/ConsommationsSomme"]) == []


def test_a_text_is_no_list_of_pointers() -> None:
    with pytest.raises(convtool.UsageError, match="'/Fin' is one text, and a list of pointers is meant"):
        PARAM.compare(XML, JSON, ignore="/Fin")


def test_an_absent_member_can_be_ignored() -> None:
    assert LIST.compare(b"[{}]", b'[{"ProduitId":1}]', ignore=["/*/ProduitId"]) == []


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("ProduitId", "should begin with /"),
        ("/00/ProduitId", "The items of a list are 0, 1"),
        ("/\u0661", "The items of a list are 0, 1"),
        ("/0/a~b", "~ is written as ~0"),
        ("/0/Produit", "Did you mean `ProduitId`?"),
        ("/ProduitId", "The items of a list are 0, 1, … or \\*."),
        ("/0/ProduitId/x", "there is no 'x'"),
    ],
)
def test_a_pointer_to_nothing_is_refused(pointer: str, said: str) -> None:
    with pytest.raises(convtool.UsageError, match=said):
        LIST.compare(b"[]", b"[]", ignore=[pointer])


# --- calls ----------------------------------------------------------------------------------------------------------


def test_an_invalid_payload_is_an_error_with_its_name(tmp_path: Any) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(b"{}junk")
    with pytest.raises(convtool.PayloadError, match=r"b\.json"):
        PARAM.compare(XML, path)
    with pytest.raises(convtool.SourceError):
        PARAM.compare(XML, tmp_path / "missing.json")


def test_payloads_may_be_texts_and_files() -> None:
    assert PARAM.compare(XML.decode(), io.BytesIO(JSON)) == []
    [found] = PARAM.compare(XML.decode().replace("7<", "8<"), io.BytesIO(JSON))
    assert found.right_location is not None


def test_wrong_options_are_refused() -> None:
    with pytest.raises(convtool.UsageError):
        PARAM.compare(XML, JSON, dates="days")  # type: ignore[arg-type]
    with pytest.raises(convtool.UsageError):
        PARAM.compare(XML, JSON, profile="lenient")  # type: ignore[arg-type]


def test_long_texts_are_cut_around_what_differs() -> None:
    left, right = "x" * 500 + "a" + "y" * 500, "x" * 500 + "b" + "y" * 500
    lines = Difference("/A", "value", f'"{left}"', f'"{right}"').text().splitlines()
    assert all(len(line) < 90 for line in lines)
    assert "xa" in lines[1]
    assert "xb" in lines[2]


def test_a_list_of_scalars() -> None:
    of = Codec(model("L", Array("{urn:t}L", member("I", "urn:decimal", nillable=True))))
    assert kinds(of.compare(document("<I>1</I><I>2.5</I>"), b"[1.0,null]")) == [("/1", "null", "2.5", "null")]
    assert of.read(document("<I>1</I>")) == [Decimal(1)]


# --- members that hold anything -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Codec:
    source = "[DataContract] public class Box { [DataMember] public object Any; [DataMember] public List<object> All; }"
    return codec_of(source, "Box", tmp_path_factory.mktemp("box"))


@pytest.mark.parametrize(("left", "right"), [("true", "1"), ("0", "false"), ("[true]", "[1]")])
def test_a_boolean_is_no_number(box: Codec, left: str, right: str) -> None:
    assert kinds(box.compare(f'{{"Any":{left}}}', f'{{"Any":{right}}}')) == [("/Any", "value", left, right)]
    assert kinds(box.compare(f'{{"All":[{left}]}}', f'{{"All":[{right}]}}')) == [("/All/0", "value", left, right)]
    assert box.compare(f'{{"Any":{left}}}', f'{{"Any":{left}}}') == []


def test_numbers_of_any_type_are_numbers(box: Codec) -> None:
    assert box.compare('{"Any":1}', '{"Any":1.0}') == []
    assert box.compare('{"Any":{"a":1,"b":[2]}}', '{"Any":{"b":[2.0],"a":1}}') == []
    huge = '{"Any":{"a":1e1000000000000000000000}}'  # of an exponent that no decimal has
    assert box.compare(huge, huge) == []
    assert len(box.compare(huge, '{"Any":{"a":1}}')) == 1


@pytest.mark.parametrize("profile", ["strict", "dotnet"])
@pytest.mark.parametrize("number", ["0e1000000000000000000000", "1e-1000000000000000000000"])
def test_a_number_of_any_type_may_have_an_exponent_that_no_decimal_has(
    box: Codec, number: str, profile: Profile
) -> None:
    report = box.convert(f'{{"Any":{number}}}', "xml", profile=profile).report
    assert report.valid
    assert "loss.lexical" in codes(report)


@pytest.mark.parametrize("pointer", ["/Any/a", "/All/0/a", "/All/*/a/b", "/*/a"])
def test_of_a_value_of_any_type_no_part_is_left_out(box: Codec, pointer: str) -> None:
    with pytest.raises(UsageError, match="leads into a value of any type, which counts as a whole"):
        box.compare("{}", "{}", ignore=[pointer])
    assert box.compare('{"Any":{"a":1}}', '{"Any":{"a":2}}', ignore=["/Any"]) == []


def test_markup_is_shown_as_it_came(box: Codec) -> None:
    [found] = box.compare('{"Any":{"#xml":"<a/>"}}', '{"Any":{"#xml":"<b/>"}}')
    assert found.text().splitlines()[1:] == ["  left:1:8: <a/>", "  right:1:8: <b/>"]


@pytest.mark.parametrize("text", ['["x",1.5,true,null]', '{"a":{"b":[1]}}', '"x"', "1.0", "{}", '[{"N":3}]'])
def test_a_value_of_any_type_is_itself_in_both_formats(box: Codec, text: str) -> None:
    document = f'{{"Any":{text}}}'
    assert box.compare(box.to_xml(document), document) == []
    assert len(box.compare(box.to_xml(document), '{"Any":[2]}')) == 1
