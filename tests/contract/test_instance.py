from typing import Any

import msgspec
import pytest

from convtool.contract.instance import Instances, attribute
from convtool.contract.model import Array, Dictionary, Enumeration, Member, Type
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
    assert cls.__struct_fields__ == ("A", "B")
    assert cls() == cls(msgspec.UNSET, msgspec.UNSET)
    assert cls("x", 1) == cls(A="x", B=1)
    assert cls("x", 1) != cls("x", 2)


def test_a_value_shows_what_it_holds() -> None:
    assert repr(one(member("A", "urn:int"))(3)) == "R(A=3)"


@pytest.mark.parametrize(
    ("name", "python"),
    [("A", "A"), ("voisin-proche", "voisin_proche"), ("class", "class_"), ("1er", "_1er"), ("été", "été")],
)
def test_names_that_python_does_not_allow(name: str, python: str) -> None:
    assert attribute(name) == python
    cls = one(member(name, "urn:int"))
    assert msgspec.json.encode(cls(**{python: 1})) == f'{{"{name}":1}}'.encode()


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
