import copy
import pickle
from typing import Any

import msgspec
import pytest

from convtool.errors import UsageError
from convtool.model.contract import Array, Dictionary, Enumeration, Member, Type
from convtool.model.instance import Instances, attributes, instances
from tests.support import member, model, record

LIST = Array("{urn:t}L", member("string", "urn:string", nillable=True))
ENUMERATION = Enumeration("{urn:t}E", (("A", 0),))
DICTIONARY = Dictionary("{urn:t}D", "Entry", "urn:t", member("Key", "urn:string"), member("Value", "urn:int"))


def classes(*types: Type, root: str = "R") -> Instances:
    return Instances(model(root, *types))


def one(*members: Member, **more: Any) -> Any:
    """Give the class of a record of the members."""
    return classes(record("R", *members, **more)).classes["{urn:t}R"]


def test_attributes_are_in_the_order_of_json_and_absent_by_default() -> None:
    cls = one(member("B", "urn:int"), member("A", "urn:string", nillable=True), order=(1, 0))
    assert cls().keys() == ["A", "B"]
    assert cls() == cls(msgspec.UNSET, msgspec.UNSET)
    assert cls("x", 1) == cls.of(A="x", B=1) == cls.of({"B": 1, "A": "x"})
    assert cls("x", 1) != cls("x", 2)


def test_a_value_shows_what_it_holds() -> None:
    assert repr(one(member("A", "urn:int"))(3)) == "R(A=3)"


NAMES = ["A", "été", "voisin-proche", "class", "1er", "a.b", "l·l", "__init__", "__slots__", "_0", "_1", "of", "keys"]


@pytest.mark.parametrize("name", NAMES)
def test_every_member_is_reached_by_its_name(name: str) -> None:
    cls = one(member(name, "urn:int"), member("Other", "urn:int"))
    value = cls.of({name: 1})
    assert value[name] == 1
    value[name] = 2
    assert dict(value) == {name: 2, "Other": msgspec.UNSET}
    assert msgspec.json.encode(value) == f'{{"{name}":2}}'.encode()
    assert repr(value) == f"R({name}=2, Other=UNSET)"


@pytest.mark.parametrize("name", ["A", "été", "_id", "Entité"])
def test_a_plain_identifier_is_an_attribute(name: str) -> None:
    value = one(member("B", "urn:int"), member(name, "urn:int")).of({name: 1})
    assert getattr(value, name) == 1
    setattr(value, name, 2)
    assert value[name] == 2


@pytest.mark.parametrize(
    "pair", [("\u03ae", "\u1f75"), ("ﬁn", "fin"), ("a-b", "a_b"), ("__init__", "__slots__"), ("_0", "_1"), ("a", "A")]
)
def test_members_are_not_taken_for_each_other(pair: tuple[str, str]) -> None:
    cls = one(*(member(name, "urn:int") for name in pair))
    value = msgspec.json.decode(f'{{"{pair[0]}":1,"{pair[1]}":2}}', type=cls)
    assert [value[name] for name in pair] == [1, 2]
    assert {name: getattr(value, name) for name in attributes(record("R", *(member(n, "urn:int") for n in pair)))} == {
        name: value[name]
        for name in pair
        if name in ("a", "A", "a_b")  # what could be meant by either of two is none
    }


@pytest.mark.parametrize("name", ["Perdu", "_0", "of"])
def test_a_name_that_is_no_member_is_told(name: str) -> None:
    value = one(member("A", "urn:int"))(1)
    with pytest.raises(KeyError, match=f"R has no member '{name}'; it has A"):
        value[name]
    with pytest.raises(KeyError, match="no member"):
        value[name] = 1
    with pytest.raises(UsageError, match="no member"):
        type(value).of({name: 1})


def test_values_can_be_pickled_and_copied() -> None:
    inner, outer = (
        record("P", member("a-b", "urn:int"), member("a_b", "urn:int")),
        Array("{urn:t}L", member("P", "{urn:t}P")),
    )
    contract = model("R", record("R", member("L", "{urn:t}L"), member("class", "urn:string")), inner, outer)
    classes = instances(contract).classes
    value = classes["{urn:t}R"]([classes["{urn:t}P"](1, 2)])
    for again in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):
        assert again == value
        assert again["L"][0] is not value["L"][0]


def test_the_description_is_the_docstring() -> None:
    kind = msgspec.structs.replace(record("R", member("A", "urn:int")), description="Une commande.")
    assert classes(kind).classes["{urn:t}R"].__doc__ == "Une commande."


def test_two_records_of_one_name_are_told_apart() -> None:
    other = msgspec.structs.replace(record("R"), key="{urn:o}R")
    both = classes(record("R", member("A", "{urn:o}R", nillable=True)), other)
    assert len({cls.__name__ for cls in both.classes.values()}) == 2


@pytest.mark.parametrize(
    ("key", "types", "exact"),
    [
        ("urn:int", (), True),
        ("urn:unsignedLong", (), True),
        ("urn:string", (), True),
        ("urn:boolean", (), True),
        ("urn:dateTime", (), True),
        ("{urn:t}L", (LIST,), True),
        ("urn:decimal", (), False),
        ("urn:double", (), False),
        ("urn:duration", (), False),
        ("urn:base64Binary", (), False),
        ("{urn:t}E", (ENUMERATION,), False),
        ("{urn:t}D", (DICTIONARY,), False),
    ],
)
def test_exact_where_msgspec_gives_and_takes_the_wire_form(key: str, types: tuple[Type, ...], exact: bool) -> None:
    assert classes(record("R", member("A", key)), *types).exact is exact


def test_records_within_themselves_are_not_exact() -> None:
    assert not classes(record("R", member("A", "{urn:t}R", nillable=True))).exact


def test_the_root_and_the_items_of_a_list() -> None:
    of = Array("{urn:t}L", member("R", "{urn:t}R", nillable=True))
    both = classes(of, record("R", member("A", "urn:int")), root="L")
    cls = both.classes["{urn:t}R"]
    assert msgspec.json.decode(b'[{"A":1},null]', type=both.root) == [cls(1), None]
    assert msgspec.json.decode(b"null", type=both.root) is None
    assert msgspec.json.decode(b"null", type=both.item) is None


@pytest.mark.parametrize("data", [b'{"A":2147483648}', b'{"A":null}', b'{"A":1.0}', b'{"A":"1"}', b'{"B":1}'])
def test_the_classes_refuse_what_is_no_value(data: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(data, type=one(member("A", "urn:int")))
