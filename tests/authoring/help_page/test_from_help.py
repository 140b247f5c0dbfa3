"""Schema files from help pages."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from convtool.authoring.check import check_folder
from convtool.authoring.help_page.page import read_page
from convtool.authoring.help_page.write import FromHelp, from_help, write
from convtool.catalog import Catalog
from convtool.errors import ContractError, SourceError
from convtool.model.contract import Contract, Member, Record
from convtool.operations import load_operations
from convtool.sample import sample
from tests.recordings import DATA
from tests.support import LIST, PARAM, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGES = ["help-page.txt", "help-page.html"]
ORDER, ADDRESS, STATUS = (DATA / "help" / f"{name}.html" for name in ("order", "address", "status"))
NS = "http://schemas.datacontract.org/2004/07/Shop.Models"


def plain(contract: Contract) -> Contract:
    """Leave out what may differ without a difference in meaning: notes, and white space in descriptions."""
    types: dict[str, Any] = {}
    for key, kind in contract.types.items():
        if isinstance(kind, Record):
            described = (msgspec.structs.replace(m, description=" ".join(m.description.split())) for m in kind.members)
            kind = msgspec.structs.replace(kind, members=tuple(described))  # noqa: PLW2901 - the same type, tidied
        types[key] = kind
    return msgspec.structs.replace(contract, types=types, extra=())


@pytest.mark.parametrize("page", PAGES)
def test_the_apis_page_gives_schemas_equal_in_meaning_to_the_shipped_ones(tmp_path: Path, page: str) -> None:
    write(from_help([DATA / page]), tmp_path)
    made, shipped = Catalog(tmp_path), Catalog(SCHEMAS)
    assert made.contracts() == shipped.contracts()
    for name in shipped.contracts():
        assert plain(made.contract(name).model) == plain(shipped.contract(name).model)
    assert check_folder(tmp_path) == []


def test_both_forms_of_a_page_say_the_same() -> None:
    text, html = (read_page(DATA / page) for page in PAGES)
    html.file = text.file
    assert text == html


def test_the_operation_and_the_samples_are_written(tmp_path: Path) -> None:
    write(from_help([DATA / PAGES[0]]), tmp_path)
    operations = tomllib.loads((tmp_path / "operations.toml").read_text(encoding="utf-8"))
    assert operations == {
        "POST api/ConsommationV2": {
            "description": "Permet d'obtenir les consommations par identifiant API.",
            "request": PARAM,
            "response": LIST,
        }
    }
    [loaded] = load_operations(tmp_path, [PARAM, LIST]).all  # what is written can be read, its description included
    assert loaded.description == operations["POST api/ConsommationV2"]["description"]
    for name in (PARAM, LIST):
        for kind in ("json", "xml"):
            assert Catalog(tmp_path).contract(name).validate(tmp_path / f"{name}.sample.{kind}")


def test_what_was_guessed_is_said_in_both_files(tmp_path: Path) -> None:
    result = from_help([DATA / PAGES[0]])
    write(result, tmp_path)
    said = f"{PARAM}.ProduitId: the samples do not tell for certain: taken as nullable"
    assert f"{PARAM}: {said}" in result.guesses
    assert f"<!-- Guessed: {said} -->" in (tmp_path / f"{PARAM}.xsd").read_text(encoding="utf-8")
    assert said in (tmp_path / f"{PARAM}.schema.json").read_text(encoding="utf-8")


# --- a page with every kind of type -------------------------------------------


@pytest.fixture(scope="module")
def order() -> FromHelp:
    return from_help([ORDER, ADDRESS, STATUS])


def members(result: FromHelp, key: str = f"{{{NS}}}OrderModel") -> dict[str, Member]:
    kind = result.contracts[0].types[key]
    assert isinstance(kind, Record)
    return {member.name: member for member in kind.members}


def test_every_word_of_the_type_column(order: FromHelp) -> None:
    types = {name: re.sub(r".*[}/]", "", member.type) for name, member in members(order).items()}
    assert types == {
        "Address": "AddressModel", "At": "DateTimeOffset", "Blob": "base64Binary", "Due": "dateTime", "Grade": "char",
        "Grid": "ArrayOfArrayOfint", "Id": "guid", "Last": "string", "Note": "string", "Number": "int",
        "Paid": "boolean",
        "Price": "decimal", "Rates": "ArrayOfKeyValueOfstringint", "Ratio": "double", "Site": "anyURI",
        "Size": "unsignedByte", "Span": "duration", "Status": "StatusKind", "Tags": "ArrayOfstring", "Weight": "double",
    }  # fmt: skip


def test_nullable_members_are_those_that_fall_out_of_the_count(order: FromHelp) -> None:
    nullable = {name for name, member in members(order).items() if member.nillable}
    values = {"Weight", "Due"}
    assert nullable == values | {"Address", "Blob", "Grid", "Last", "Note", "Rates", "Site", "Tags"}
    assert members(order, "{http://schemas.datacontract.org/2004/07/Shop.People}AddressModel")["Floor"].nillable


def test_the_folder_is_sound_and_gives_the_pages_sample_again(order: FromHelp, tmp_path: Path) -> None:
    write(order, tmp_path)
    assert check_folder(tmp_path) == []
    codec = Catalog(tmp_path).contract("OrderModel")
    value = msgspec.json.decode(codec.write_json(sample(codec.model, codec.instances)))
    page = msgspec.json.decode((tmp_path / "OrderModel.sample.json").read_bytes())
    # A GUID is another one each time; the sample has the slash that XML writes.
    value |= {"Id": page["Id"], "Site": page["Site"]}
    assert value == page
    assert list(value) == list(page)
    as_json = msgspec.json.decode(codec.to_json(tmp_path / "OrderModel.sample.xml"))
    assert as_json | {"Site": page["Site"]} == page


def test_types_pages_give_descriptions_and_enumerations(order: FromHelp) -> None:
    types = order.contracts[0].types
    address = types["{http://schemas.datacontract.org/2004/07/Shop.People}AddressModel"]
    assert isinstance(address, Record)
    assert address.description == "Where somebody lives."
    assert types[f"{{{NS}}}StatusKind"].values == (("Open", 0), ("Closed", 5))  # type: ignore[union-attr]


def test_annotations_and_the_query_are_left_to_the_server(order: FromHelp) -> None:
    assert any("OrderModel.Note: 'Max length: 80' is the server's to check" in guess for guess in order.guesses)
    assert list(order.operations) == ["PUT api/orders/{id}"]
    assert order.operations["PUT api/orders/{id}"] == {"description": "Changes an order.", "request": "OrderModel"}


def test_without_the_page_of_an_enumeration_its_other_values_are_missing_and_that_is_said() -> None:
    result = from_help([ORDER, ADDRESS])
    assert any("OrderModel.Status: an enumeration of which the page shows one value only" in g for g in result.guesses)


def test_pages_can_be_added_to_a_folder(order: FromHelp, tmp_path: Path) -> None:
    write(from_help([DATA / PAGES[0]]), tmp_path)
    write(order, tmp_path)
    write(order, tmp_path)
    assert Catalog(tmp_path).contracts() == [LIST, "OrderModel", PARAM]
    assert len(tomllib.loads((tmp_path / "operations.toml").read_text(encoding="utf-8"))) == 2
    assert check_folder(tmp_path) == []


def test_what_contracts_share_is_kept_when_another_is_added(order: FromHelp, tmp_path: Path) -> None:
    write(order, tmp_path)
    page = ORDER.read_text(encoding="utf-8").replace("OrderModel", "ParcelModel").replace("/orders/", "/parcels/")
    page = re.sub(r"<tr>\s*<td class=\"parameter-name\">Tags.*?</tr>", "", page, flags=re.DOTALL)
    page = re.sub(r'  "Tags": \[.*?\],\n', "", page, flags=re.DOTALL)
    page = re.sub(r"  &lt;Tags.*?Tags&gt;\n", "", page, flags=re.DOTALL)
    (tmp_path / "parcel.html").write_text(page, encoding="utf-8")
    write(from_help([tmp_path / "parcel.html", ADDRESS, STATUS]), tmp_path)
    assert Catalog(tmp_path).contracts() == ["OrderModel", "ParcelModel"]
    assert check_folder(tmp_path) == []


def test_files_of_other_content_are_not_replaced(tmp_path: Path) -> None:
    result = from_help([DATA / PAGES[0]])
    (tmp_path / f"{PARAM}.xsd").write_text("mine")
    with pytest.raises(ContractError, match="--overwrite"):
        write(result, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{PARAM}.xsd"]
    write(result, tmp_path, force=True)


def test_an_operation_that_is_there_with_other_contracts_is_left_and_noted(tmp_path: Path) -> None:
    (tmp_path / "operations.toml").write_text('["POST api/ConsommationV2"]\nrequest = "Mine"\n')
    result = from_help([DATA / PAGES[0]])
    write(result, tmp_path)
    assert 'request = "Mine"' in (tmp_path / "operations.toml").read_text(encoding="utf-8")
    assert any("left as it is" in note for note in result.notes)


# --- pages that say less -------------------------------------------


def changed(path: Path, change: Callable[[str], str]) -> Path:
    path.write_text(change((DATA / PAGES[0]).read_text(encoding="utf-8")), encoding="utf-8")
    return path


def without(kind: str) -> Callable[[str], str]:
    """Take the samples of a media type away."""
    return lambda page: re.sub(
        rf"(application/{kind}, text/{kind}\n\nSample:\n).*?(?=\n\napplication/|\nResponse Information|\Z)",
        r"\1Sample not available.\n",
        page,
        flags=re.DOTALL,
    )


def test_without_json_samples_the_rest_is_inferred_from_xml(tmp_path: Path) -> None:
    result = from_help([changed(tmp_path / "p.txt", without("json"))])
    wanted = {name: Catalog(SCHEMAS).contract(name).model for name in (LIST, PARAM)}
    for contract in result.contracts:
        assert set(contract.types) == set(wanted[contract.name].types)
    assert any("no JSON sample" in guess for guess in result.guesses)


def test_without_xml_samples_the_namespace_is_given_or_dotnets_own(tmp_path: Path) -> None:
    page = changed(tmp_path / "p.txt", without("xml"))
    result = from_help([page])
    assert {contract.namespace for contract in result.contracts} == {"http://schemas.datacontract.org/2004/07/"}
    assert any("no XML sample shows the namespace: taken as" in guess for guess in result.guesses)
    result = from_help([page], namespace="urn:x")
    assert not any("shows the namespace" in guess for guess in result.guesses)
    assert [contract.name for contract in result.contracts] == [PARAM, LIST]
    assert f"{{urn:x}}{LIST}" in result.contracts[1].types
    assert any("no XML sample: XML order is by name" in guess for guess in result.guesses)


def test_without_any_sample_the_members_of_nested_types_are_asked_for(tmp_path: Path) -> None:
    page = changed(tmp_path / "p.txt", lambda text: without("xml")(without("json")(text)))
    with pytest.raises(ContractError, match="nothing shows the members of CompteurModel, ConsoV2Model: save the page"):
        from_help([page], namespace="urn:x")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace('"ProduitId": 1\n}', '"ProduitId": \n}'), "the JSON sample cannot be read"),
        (lambda text: text.replace("</ParamModel>", ""), "the XML sample cannot be read"),
    ],
)
def test_samples_that_cannot_be_understood_are_refused(
    tmp_path: Path, change: Callable[[str], str], message: str
) -> None:
    with pytest.raises(ContractError, match=message):
        from_help([changed(tmp_path / "p.txt", change)])


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"<html><body><p>hello</p></body></html>", b"<", b"\xff", b"\x00" * 9]
)
def test_what_is_no_help_page_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "page").write_bytes(content)
    with pytest.raises(SourceError, match="page"):
        from_help([tmp_path / "page"])


def test_names_that_no_file_or_element_can_have_are_refused(tmp_path: Path) -> None:
    page = changed(tmp_path / "p.txt", lambda text: without("xml")(text).replace('"Debut"', '"../Perdu": 1, "Debut"'))
    with pytest.raises(ContractError, match="cannot be the name of a type or member"):
        from_help([page], namespace="urn:x")


def test_an_operation_without_bodies_has_no_contract_and_that_is_noted(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("GET api/ping\n\nRequest Information\n\nBody Parameters\n\nNone.\n")
    result = from_help([tmp_path / "p.txt"])
    assert result.contracts == []
    assert result.notes == [
        "p.txt: GET api/ping has neither a request's nor a response's body: there is no contract in it"
    ]


def test_missing_files_and_pages_of_types_alone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        from_help([tmp_path / "missing"])
    with pytest.raises(SourceError, match="is of an operation"):
        from_help([ADDRESS])


def test_a_page_saved_with_tabs_between_cells_and_crlf_reads_the_same(tmp_path: Path) -> None:
    def tabbed(text: str) -> str:
        text = text.replace(
            "NameDescriptionTypeAdditional information", "Name\tDescription\tType\tAdditional information"
        )
        return re.sub(r"\n\n(date|integer|string|Collection of \w+)\n\nNone\.\n", r"\t\1\tNone.\n", text).replace(
            "\n", "\r\n"
        )

    plain_page = read_page(DATA / PAGES[0])
    page = read_page(changed(tmp_path / "help-page.txt", tabbed))
    assert page.request.table == plain_page.request.table
    assert page.response.table == plain_page.response.table


def test_a_sample_may_have_a_name_without_letters(tmp_path: Path) -> None:
    path = changed(tmp_path / "help-page.txt", lambda text: text.replace("{", '{ "": 1,', 1))
    assert read_page(path).request.table == read_page(DATA / PAGES[0]).request.table
