"""From a place in wire-form XML to its path and its record."""

import re

import pytest

from convtool.contract.model import Anything, Array
from convtool.formats.xml.locate import mark_of, path_at
from tests.support import document, member, model, record

PARTS = Array("{urn:t}Parts", member("P", "{urn:t}P", nillable=True))
POINT = record("P", member("X", "urn:int"), member("Y", "urn:int"))
RECORD = model("R", record("R", member("A", "urn:int"), member("L", "{urn:t}Parts", nillable=True)), PARTS, POINT)
LIST = model("Parts", PARTS, POINT)


@pytest.mark.parametrize(
    ("content", "mark", "path"),
    [
        ("<A>1</A>", "<A>", "/Root/A"),
        ("<A>1</A>", "1</A>", "/Root/A"),
        ("<A>1</A><L><P /><P><X>2</X></P></L>", "2</X>", "/Root/L/P[2]/X"),
        ("<A>1</A><L><P /><P><X>2</X></P></L>", "<P />", "/Root/L/P[1]"),
        ('<L><P i:nil="true" /><P></P><P><Y>3</Y></P></L>', "<Y>", "/Root/L/P[3]/Y"),
        ("<L></L>", "<L>", "/Root/L"),
    ],
)
def test_paths_have_indexes_for_items_alone(content: str, mark: str, path: str) -> None:
    text = document(content).decode()
    assert path_at(RECORD, text, 0, text.index(mark)) == (path, None)


def test_the_root_itself() -> None:
    assert path_at(RECORD, document("").decode(), 0, 0) == ("/Root", None)


def test_items_of_a_list_contract_are_records() -> None:
    text = document("<P /><P><X>2</X></P>").decode()
    assert path_at(LIST, text, 0, text.index("2</X>")) == ("/Root/P[2]/X", 1)
    assert path_at(LIST, text, 0, text.index("<P />")) == ("/Root/P[1]", 0)


def test_a_text_may_begin_with_records() -> None:
    assert path_at(LIST, "<P /><P><X>2</X></P>", 0, 11, first=5) == ("/Root/P[7]/X", 6)


@pytest.mark.parametrize("name", ["Root", "Roots"])
def test_records_may_be_called_as_the_root_is(name: str) -> None:
    of = model("Parts", Array("{urn:t}Parts", member(name, "{urn:t}P")), record("P", member("X", "urn:int")))
    records = f"<{name} /><{name}><X>2</X></{name}>"
    whole = document(records).decode()
    assert path_at(of, whole, 0, whole.index("<X>")) == (f"/Root/{name}[2]/X", 1)
    assert path_at(of, records, 0, records.index("<X>"), 5) == (f"/Root/{name}[7]/X", 6)


def test_records_are_counted_where_only_they_have_their_name() -> None:
    assert mark_of(LIST) == "P"
    assert mark_of(RECORD) == ""
    inside = record("P", member("P", "urn:int"), member("X", "urn:int"))
    assert mark_of(model("Parts", PARTS, inside)) == ""
    anything = record("P", member("X", "urn:any"))
    assert mark_of(model("Parts", PARTS, anything, Anything("urn:any"))) == ""


@pytest.mark.parametrize("head", ["", "<P /><P><X>1</X></P>"])
def test_counting_changes_no_path(head: str) -> None:
    records = '<P i:nil="true" /><P><X>2</X><Y>3</Y></P><P /><P></P><P><Y>4</Y></P>'
    text = head + records if head else document(records).decode()
    first = 3 if head else None
    places = [found.start() for found in re.finditer(r"<[PXY]|[0-9](?=<)", text)]
    assert len(places) == (15 if head else 11)
    for at in places:
        assert path_at(LIST, text, 0, at, first, mark="P") == path_at(LIST, text, 0, at, first)
