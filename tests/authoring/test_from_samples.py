"""Contracts inferred from payloads: of what .NET wrote, a part tells the contract of the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import convtool
from convtool.authoring.from_samples import FromSamples, from_samples, write
from convtool.errors import ContractError, SourceError
from convtool.model.contract import Array, Contract, Dictionary, Enumeration, Record
from tests.conformance.test_contracts import differing, rows
from tests.recordings import CONTRACTS

if TYPE_CHECKING:
    from pathlib import Path

SYSTEM = 'xmlns="http://schemas.datacontract.org/2004/07/System"'
XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'


def files(folder: Path, **texts: str) -> list[Path]:
    """Write samples: ``a_xml`` is the file a.xml."""
    for name, text in texts.items():
        stem, _, kind = name.rpartition("_")
        (folder / f"{stem}.{kind}").write_text(text, "utf-8")
    return [folder / "{}.{}".format(*name.rsplit("_", 1)) for name in texts]


def contract(result: FromSamples) -> Contract:
    assert result.failures == []
    [one] = result.made
    return one.contract


def types(found: Contract) -> dict[str, str]:
    """Give the types of the root's members, by their local names."""
    root = found.root_type
    assert isinstance(root, Record)
    return {one.name: one.type.rpartition("}")[2] + "?" * one.nillable for one in root.members}


@pytest.mark.parametrize(
    ("name", "folder"), [("Facture", CONTRACTS), ("ArrayOfMesure", CONTRACTS), ("Arbre", CONTRACTS),
                         ("Chantier", CONTRACTS / "nested"), ("ArrayOfOuvrier", CONTRACTS / "nested")],
)  # fmt: skip
@pytest.mark.short(2)
def test_pairs_that_dotnet_wrote_tell_the_contract_of_all(name: str, folder: Path, tmp_path: Path) -> None:
    recorded = [row for row in rows(folder / name / "wire.jsonl") if "&#x" not in row["xml"]]
    for at, row in enumerate(recorded[:40]):
        files(tmp_path, **{f"{at:02}_xml": row["xml"], f"{at:02}_json": row["json"]})
    result = from_samples(sorted(tmp_path.iterdir()))
    assert result.failures == []
    write(result, tmp_path / "schemas")
    codec = convtool.Catalog(tmp_path / "schemas").contract(name)
    assert differing(codec, recorded[:40]) == {}


def test_a_pair_tells_more_than_either(tmp_path: Path) -> None:
    result = from_samples(
        files(
            tmp_path,
            a_xml=f'<R {XSI} xmlns="urn:r"><Kind>Open</Kind><Letter>65</Letter><None i:nil="true" />'
            "<Old /><Price>3</Price><When>2026-03-22T00:00:00</When></R>",
            a_json='{"When":"2026-03-22T00:00:00","Price":3.0,"Old":[],"None":null,"Letter":"A","Kind":4}',
        )
    )
    found = contract(result)
    assert types(found) == {
        "Kind": "Kind", "Letter": "char", "None": "string?", "Old": "ArrayOfstring?", "Price": "decimal",
        "When": "dateTime",
    }  # fmt: skip
    kind = found.types["{urn:r}Kind"]
    assert isinstance(kind, Enumeration)
    assert kind.values == (("Open", 4),)
    root = found.root_type
    assert isinstance(root, Record)
    assert [root.members[at].name for at in root.order] == ["When", "Price", "Old", "None", "Letter", "Kind"]
    assert "R/Old: a list that is always empty is taken to be of texts" in result.made[0].guesses


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        ("<A>1</A>", "int"),
        ("<A>4294967296</A>", "long"),
        ("<A>0042</A>", "string?"),
        ("<A>1.50</A>", "decimal"),
        ("<A>1E+30</A>", "double"),
        ("<A>true</A>", "boolean"),
        ("<A>2026-03-22</A>", "DateOrDateTime"),
        ("<A>P1DT2H</A>", "duration"),
        ("<A>309d6b79-0000-0000-0000-000000000001</A>", "guid"),
        ("<A>x</A>", "string?"),
        ("<A><B>1</B><B>2</B></A>", "ArrayOfB?"),
        ("<Lines><Line><X>1</X></Line></Lines>", "ArrayOfLine?"),
        ("<A><B>1</B></A>", "A?"),
        ("<A><B>1</B><C>1</C></A>", "A?"),
        ('<A xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><b:int>1</b:int></A>', "ArrayOfint?"),
        (f"<A><DateTime {SYSTEM}>2026-03-22T00:00:00Z</DateTime><OffsetMinutes {SYSTEM}>60</OffsetMinutes></A>",
         "DateTimeOffset"),
    ],
)  # fmt: skip
def test_xml_alone_tells_types_by_what_dotnet_writes(inside: str, wanted: str, tmp_path: Path) -> None:
    found = contract(from_samples(files(tmp_path, a_xml=f'<R {XSI} xmlns="urn:r">{inside}</R>')))
    assert list(types(found).values()) == [wanted]


def test_dictionaries_are_told_by_their_entries(tmp_path: Path) -> None:
    arrays = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
    entry = "<b:KeyValueOfstringint><b:Key>x</b:Key><b:Value>1</b:Value></b:KeyValueOfstringint>"
    found = contract(
        from_samples(
            files(
                tmp_path,
                a_xml=f'<R {XSI} xmlns="urn:r"><M xmlns:b="{arrays}">{entry}</M></R>', a_json='{"M":{"x":1}}',
            )
        )
    )  # fmt: skip
    kind = found.types[f"{{{arrays}}}ArrayOfKeyValueOfstringint"]
    assert isinstance(kind, Dictionary)
    assert (kind.entry, kind.value_member.type.rpartition("}")[2]) == ("KeyValueOfstringint", "int")


def test_json_alone_is_named_after_its_file_and_says_what_it_cannot_tell(tmp_path: Path) -> None:
    result = from_samples(files(tmp_path, orders_json='[{"Id":1,"Tags":["a"]},{"Id":null,"Tags":null}]'))
    found = contract(result)
    assert found.name == "ArrayOfOrder"
    assert isinstance(found.root_type, Array)
    assert any("no sample in XML shows the namespace" in guess for guess in result.guesses)
    assert from_samples([tmp_path / "orders.json"], contract="ArrayOfAddress").made[0].contract.name == "ArrayOfAddress"


def test_a_contract_grows_with_more_samples(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    for name, inside, wanted in (
        ("a", "<A>1</A>", {"A": "int"}),
        ("b", '<A i:nil="true" /><B>x</B>', {"A": "int?", "B": "string?"}),
        ("c", "<A>4294967296</A>", {"A": "long?", "B": "string?"}),
    ):
        text = f'<R {XSI} xmlns="urn:r">{inside}</R>'
        result = from_samples(files(tmp_path, **{f"{name}_xml": text}), folder=folder)
        assert types(contract(result)) == wanted
        write(result, folder)
    assert sorted(path.name for path in folder.glob("*.sample.*")) == [f"R.sample.{name}.xml" for name in "abc"]
    assert convtool.Catalog(folder).contract("R").model.types.keys() >= {"{urn:r}R"}


def test_schemas_that_somebody_else_made_are_not_replaced(tmp_path: Path) -> None:
    result = from_samples(files(tmp_path, a_xml=f'<R {XSI} xmlns="urn:r"><A>1</A></R>'))
    (tmp_path / "R.schema.json").write_text("{}", "utf-8")
    with pytest.raises(ContractError, match="was not made of samples; --overwrite"):
        write(result, tmp_path)
    write(result, tmp_path, force=True)
    assert json.loads((tmp_path / "R.schema.json").read_text("utf-8"))["$comment"].startswith("From samples. Guessed: ")


def test_samples_that_do_not_agree_are_told(tmp_path: Path) -> None:
    texts = {"a_xml": '<R xmlns="urn:r"><A>1</A><B>2</B></R>', "b_xml": '<R xmlns="urn:r"><B>2</B><A>1</A></R>'}
    result = from_samples(files(tmp_path, **texts))
    assert len(result.failures) == 1
    assert result.failures[0].startswith("R: b.xml: /R/A")
    assert any("elsewhere after it; the first counts (XML)" in guess for guess in result.guesses)


@pytest.mark.parametrize(
    ("texts", "error", "why"),
    [
        ({"a_xml": '<R xmlns="urn:a" />', "b_xml": '<R xmlns="urn:b" />'}, ContractError, "of several namespaces"),
        ({"a_xml": "<R"}, SourceError, "not XML that can be read"),
        ({"a_json": "{"}, SourceError, "neither XML nor JSON"),
        ({"a_xml": "<R xmlns='u'><A><X/><Y/></A></R>", "a_json": '{"A":[1,2]}'}, ContractError, "elements of several"),
    ],
)
def test_what_cannot_be_a_sample_is_refused(
    texts: dict[str, str], error: type[Exception], why: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=why):
        from_samples(files(tmp_path, **texts))


@pytest.mark.parametrize("settings", ["camel", "nonull", "names", "camel+nonull+camelnames"])
def test_settings_of_the_server_are_seen(settings: str, tmp_path: Path) -> None:
    recorded = [row for row in rows(CONTRACTS / "dialects" / f"Facture.{settings}.jsonl") if "&#x" not in row["xml"]]
    for at, row in enumerate(recorded[:40]):
        files(tmp_path, **{f"{at:02}_xml": row["xml"], f"{at:02}_json": row["json"]})
    result = from_samples(sorted(tmp_path.iterdir()))
    assert result.failures == []
    write(result, tmp_path / "schemas")
    codec = convtool.Catalog(tmp_path / "schemas").contract("Facture")
    wrong = differing(codec, [{**row, "back": None} for row in recorded[:40]])
    assert wrong == {}


def test_contracts_share_the_types_that_they_have_in_common(tmp_path: Path) -> None:
    paths = files(
        tmp_path,
        a_xml=f'<Order {XSI} xmlns="urn:o"><Id>1</Id></Order>', a_json='{"Id":1}',
        b_xml=f'<ArrayOfOrder {XSI} xmlns="urn:o"><Order><Id>4294967296</Id><Note>x</Note></Order></ArrayOfOrder>',
        b_json='[{"Id":4294967296,"Note":"x"}]',
    )  # fmt: skip
    result = from_samples(paths)
    assert result.failures == []
    assert [one.contract.name for one in result.made] == ["Order", "ArrayOfOrder"]
    assert types(result.made[0].contract) == {"Id": "long", "Note": "string?"}
    write(result, tmp_path / "schemas")
    more = from_samples(files(tmp_path, c_json='{"Id":2,"Note":null}'), folder=tmp_path / "schemas", contract="Order")
    assert {one.contract.name for one in more.made} == {"Order", "ArrayOfOrder"}
    assert more.failures == []


def test_names_that_are_no_identifiers_are_keys(tmp_path: Path) -> None:
    found = contract(from_samples(files(tmp_path, r_json='{"By":{"1":2,"-3":4},"At":{"a b":1}}')))
    kinds = [found.types[member.type] for member in found.root_type.members]  # type: ignore[union-attr]
    assert [kind.key_member.type.rpartition("}")[2] for kind in kinds if isinstance(kind, Dictionary)] == [
        "string",
        "int",
    ]


STATES = {"o_xml": '<Order xmlns="urn:o"><Id>7</Id><State>Open</State></Order>', "o_json": '{"Id":7,"State":4}'}


def numbers(found: Contract, key: str) -> dict[str, int]:
    """Give the numbers of an enumeration by its names."""
    kind = found.types[key]
    assert isinstance(kind, Enumeration)
    return dict(kind.values)


@pytest.mark.parametrize(
    "more",
    [
        {"p_json": '{"Id":8,"State":4}'},
        {"a_json": '{"Id":8,"State":4}'},
        {"p_xml": '<Order xmlns="urn:o"><Id>8</Id><State>Open</State></Order>'},
        {"p_xml": '<Order xmlns="urn:o"><Id>8</Id><State>Shut</State></Order>', "a_json": '{"Id":8,"State":4}'},
    ],
)
def test_a_sample_without_a_partner_undoes_nothing_that_a_pair_told(more: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    pair, others = files(tmp_path, **STATES), files(tmp_path, **more)
    at_once = contract(from_samples([*others, *pair], contract="Order"))
    write(from_samples(pair), folder)
    later = contract(from_samples(others, folder=folder, contract="Order"))
    for found in (at_once, later):
        assert numbers(found, "{urn:o}State")["Open"] == 4


def test_samples_are_pairs_by_their_names_in_whatever_order_they_come(tmp_path: Path) -> None:
    shut = {"p_xml": STATES["o_xml"].replace("Open", "Shut"), "p_json": '{"Id":7,"State":9}'}
    one, two, three, four = files(tmp_path, **STATES, **shut)
    for paths in ([one, two, three, four], [one, four, three, two], [four, two, one, three]):
        assert numbers(contract(from_samples(paths)), "{urn:o}State") == {"Open": 4, "Shut": 9}


def test_the_partner_of_a_sample_may_come_later(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    xml, other = files(tmp_path, **STATES)
    write(from_samples([xml]), folder)
    found = contract(from_samples([other], folder=folder, contract="Order"))
    assert numbers(found, "{urn:o}State") == {"Open": 4}


def test_files_of_one_name_in_several_folders_are_pairs_within_each(tmp_path: Path) -> None:
    paths = []
    for name, number in (("Open", 4), ("Shut", 9)):
        (tmp_path / name).mkdir()
        texts = {"o_xml": STATES["o_xml"].replace("Open", name), "o_json": f'{{"Id":7,"State":{number}}}'}
        paths += files(tmp_path / name, **texts)
    result = from_samples([paths[0], paths[3], paths[2], paths[1]])
    assert numbers(contract(result), "{urn:o}State") == {"Open": 4, "Shut": 9}


def test_what_a_pair_told_of_an_enumeration_counts_wherever_it_is_used(tmp_path: Path) -> None:
    parcel = '<Parcel xmlns="urn:o"><State>Open</State></Parcel>'
    pair, others = files(tmp_path, **STATES), files(tmp_path, a_xml=parcel, Parcel_json='{"State":4}')
    for paths in ([*pair, *others], [*others, *pair]):
        result = from_samples(paths)
        assert result.failures == []
        assert {one.contract.name for one in result.made} == {"Order", "Parcel"}
        for one in result.made:
            assert numbers(one.contract, "{urn:o}State") == {"Open": 4}


@pytest.mark.parametrize(
    ("xml", "pair", "more", "wanted"),
    [
        ("<C>65</C><L />", '{"C":"A","L":[]}', '{"C":"B","L":[]}', "char"),
        ("<C>65</C><L><K>66</K></L>", '{"C":"A","L":["B"]}', '{"C":"C","L":["D","E"]}', "char"),
        ("<C>Open</C><L />", '{"C":"open","L":[]}', '{"C":"halfOpen","L":[]}', "C"),
        ("<C>5</C><L />", '{"C":"5","L":[]}', '{"C":"A","L":[]}', "string?"),
    ],
)
def test_characters_and_names_are_told_by_pairs(xml: str, pair: str, more: str, wanted: str, tmp_path: Path) -> None:
    texts = {"c_xml": f'<K xmlns="urn:k">{xml}</K>', "c_json": pair, "d_json": more}
    result = from_samples(files(tmp_path, **texts))
    assert types(contract(result))["C"] == wanted
    write(result, tmp_path / "schemas")
    codec = convtool.Catalog(tmp_path / "schemas").contract("K")
    assert codec.compare(texts["c_xml"].encode(), pair.encode()) == []


def test_a_pair_that_is_not_one_value_is_told(tmp_path: Path) -> None:
    texts = {"a_xml": '<R xmlns="urn:r"><A>1</A><B>2</B></R>', "a_json": '{"A":1,"B":3}'}
    result = from_samples(files(tmp_path, **texts))
    assert result.failures == ["R: a.xml, a.json: /B: the values differ: 2 in XML, 3 in JSON"]
