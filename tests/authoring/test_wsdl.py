"""A service's WSDL: its schemas, its contracts, its operations; and what of it lies in files beside it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from convtool.authoring.check import check_folder
from convtool.authoring.derive import derive, write_files
from convtool.authoring.wsdl import published
from convtool.catalog import Catalog
from convtool.cli.app import app
from convtool.errors import ContractError
from convtool.operations import load_operations
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WSDL = ROOT / "samples" / "orders" / "service.wsdl"
ORDERS = "http://schemas.datacontract.org/2004/07/Acme.Orders"
CONTRACTS = [
    "Find", "FindResponse", "Order", "OrderResponse", "Report", "ReportResponse", "tempuri.org.Order",
    "tempuri.org.Report", "urn_acme_new.Receipt", "urn_acme_old.Receipt",
]  # fmt: skip
FOUND = b'{"FindResult":{"Id":"6f9619ff-8b86-d011-b42d-00cf4fc964ff","Lines":[{"Count":2,"Name":"x"}],"Total":3.0}}'


def made(sources: Sequence[Path], folder: Path) -> Catalog:
    with published(sources) as service:
        derived = derive(service.sources, roots=service.roots)
    write_files(service.files(derived, folder))
    assert check_folder(folder) == []
    return Catalog(folder)


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return made([WSDL], tmp_path_factory.mktemp("orders"))


def convtool(*words: object, stdin: bytes = b"") -> Any:
    return CliRunner().invoke(app, [str(word) for word in words], input=stdin, prog_name="convtool")


def test_a_wsdl_gives_its_contracts_and_its_operations(orders: Catalog) -> None:
    assert orders.contracts() == CONTRACTS
    operations = load_operations(orders.folder.path, orders.contracts())
    assert [(one.name, one.soap, one.request, one.response) for one in operations.all] == [
        ("POST Orders.svc#Find", "1.1", "Find", "FindResponse"),
        ("POST Orders.svc#Order", "1.1", "tempuri.org.Order", "OrderResponse"),
        ("POST Orders.svc#Report", "1.1", "tempuri.org.Report", "ReportResponse"),
        ("POST Orders.svc/modern#Find", "1.2", "Find", "FindResponse"),
    ]
    assert operations.all[0].action == "http://tempuri.org/IOrders/Find"
    assert operations.all[0].description == "Finds an order."


def test_names_that_clash_are_told_apart_by_their_namespaces(orders: Catalog) -> None:
    roots = {name: (orders.contract(name).model.namespace, orders.contract(name).model.tag) for name in CONTRACTS}
    assert roots["Order"] == (ORDERS, "Order")
    assert roots["tempuri.org.Order"] == ("http://tempuri.org/", "Order")
    assert roots["urn_acme_old.Receipt"] == ("urn:acme:old", "Receipt")
    assert roots["urn_acme_new.Receipt"] == ("urn:acme:new", "Receipt")
    wrapper = orders.contract("tempuri.org.Order")
    text = b'{"order":%s}' % FOUND[14:-1]
    assert wrapper.to_json(wrapper.to_xml(text)) == text
    assert orders.detect(wrapper.to_xml(text))[0] == "tempuri.org.Order"


@pytest.mark.parametrize("prefix", ["", "a:"])
def test_an_answer_is_read_and_written_with_prefixes_both_ways(orders: Catalog, tmp_path: Path, prefix: str) -> None:
    declared = f'xmlns:a="{ORDERS}"' if prefix else f'xmlns="{ORDERS}"'
    lines = "<{0}Lines><{0}Line><{0}Count>2</{0}Count><{0}Name>x</{0}Name></{0}Line></{0}Lines>"
    inside = ("<{0}Id>6f9619ff-8b86-d011-b42d-00cf4fc964ff</{0}Id>" + lines + "<{0}Total>3.0</{0}Total>").format(prefix)
    document = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">\n <s:Body>\n  '
        f'<t:FindResponse xmlns:t="http://tempuri.org/"><t:FindResult {declared}>{inside}</t:FindResult>'
        "</t:FindResponse>\n </s:Body>\n</s:Envelope>"
    )
    answer, back = tmp_path / "answer.xml", tmp_path / "back.xml"
    answer.write_text(document, encoding="utf-8")
    schemas = ["--schemas", orders.folder.path]
    assert convtool("validate", *schemas, answer).exit_code == 0
    told = convtool("convert", *schemas, answer, "--verify", "-o", tmp_path / "answer.json")
    assert told.exit_code == 0, told.stderr
    assert (tmp_path / "answer.json").read_bytes() == FOUND
    operation = "POST Orders.svc/modern#Find"
    assert convtool("convert", *schemas, tmp_path / "answer.json", "--envelope", operation, "-o", back).exit_code == 0
    assert back.read_bytes().startswith(b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><Find')
    assert convtool("compare", *schemas, answer, back).exit_code == 0
    answer.write_text(document.replace(">2<", ">two<"), encoding="utf-8")
    wrong = convtool("validate", *schemas, answer)
    column = document.split("\n")[2].index(">2<") + 2
    assert wrong.exit_code == 1
    assert f"answer.xml:3:{column}: error: 'two' is not an integer of 32 bits. [value.lexical]" in wrong.stdout


def test_a_fault_is_shown(orders: Catalog) -> None:
    fault = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode>'
        b'<faultstring>No such order.</faultstring><detail><OrderFault xmlns="urn:f"><Number>5</Number></OrderFault>'
        b"</detail></s:Fault></s:Body></s:Envelope>"
    )
    told = convtool("validate", "--schemas", orders.folder.path, "-", stdin=fault)
    assert told.exit_code == 0
    assert "The server said: s:Client / No such order. / OrderFault: Number: 5 [http.error]" in told.stdout


def test_what_only_an_operation_holds_becomes_its_message(orders: Catalog) -> None:
    schemas = ["--schemas", orders.folder.path]
    result = FOUND[14:-1]
    whole = convtool("convert", *schemas, "-", "--envelope", "POST Orders.svc#Find", stdin=FOUND)
    part = convtool(
        "convert", *schemas, "-", "--contract", "Order", "--envelope", "POST Orders.svc#Find", stdin=result
    )  # fmt: skip
    assert part.stdout_bytes == whole.stdout_bytes != b""
    empty = convtool("convert", *schemas, "-", "--contract", "Order", "--envelope", "Order", stdin=b"null")
    assert b'<order xmlns:d2p1="%s" i:nil="true" />' % ORDERS.encode() in empty.stdout_bytes


def test_messages_are_files_of_xml(orders: Catalog, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(FOUND)
    (tmp_path / "in" / "b.xml").write_bytes(orders.contract("FindResponse").to_xml(FOUND))
    words = ["--schemas", orders.folder.path, "--envelope", "POST Orders.svc#Find", "-o", tmp_path / "out"]
    told = convtool("convert", tmp_path / "in", *words)
    assert told.exit_code == 0, told.stderr
    first, second = sorted((tmp_path / "out").iterdir())
    assert (first.name, second.name) == ("a.xml", "b.xml")
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"<s:Envelope ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--envelope", "Nope"], "no SOAP operation 'Nope'"),
        (["--envelope", "Find"], "several SOAP operations 'Find'"),
        (["--envelope", "Order"], "is of FindResponse, which is no part of POST Orders.svc#Order"),
        (["--envelope", "Order", "--to", "json"], "a SOAP envelope is XML: there is none in json"),
    ],
)
def test_no_envelope_without_its_operation(orders: Catalog, options: list[str], said: str) -> None:
    told = convtool("convert", "--schemas", orders.folder.path, "-", *options, stdin=FOUND)
    assert told.exit_code == 2
    assert said in told.stderr


def test_an_error_response_is_no_message(orders: Catalog) -> None:
    told = convtool("convert", "--schemas", orders.folder.path, "-", "--envelope", "Order", stdin=b'{"Message":"boom"}')
    assert (told.exit_code, told.stdout_bytes) == (2, b"")
    assert "is an error response, which is no message of an operation" in told.stderr


def test_a_wsdl_beside_which_its_schemas_lie(orders: Catalog, tmp_path: Path) -> None:
    files = {path.name: path.read_text("utf-8") for path in orders.folder.path.glob("*.xsd")}
    for number, text in enumerate(files.values()):
        (tmp_path / f"service{number}.xsd").write_text(text, encoding="utf-8")
    link = '<xsd:import schemaLocation="http://localhost:9/Orders.svc?xsd=xsd{}" namespace="{}"/>'
    spaces = ["http://tempuri.org/", "urn:acme:old", "urn:acme:new"]
    links = "".join(link.format(number, space) for number, space in enumerate(spaces))
    types = f'<wsdl:types><xsd:schema targetNamespace="urn:imports">{links}</xsd:schema></wsdl:types>'
    text = re.sub(r"<wsdl:types>.*</wsdl:types>", types, WSDL.read_text("utf-8"), flags=re.DOTALL)
    wsdl, before = tmp_path / "OrderService.wsdl", sorted(path.name for path in tmp_path.iterdir())
    wsdl.write_text(text, encoding="utf-8")
    (tmp_path / "Reference.svcmap").write_text("<ReferenceGroup/>", encoding="utf-8")
    (tmp_path / "Reference.cs").write_text("class Nothing { }", encoding="utf-8")
    for source in (wsdl, tmp_path / "Reference.svcmap", tmp_path):
        told = convtool("contracts", "derive", source)
        assert told.exit_code == 0, told.stderr
        assert sorted(path.name for path in tmp_path.glob("*.xsd")) == before
        assert Catalog(tmp_path).contracts() == CONTRACTS
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / wsdl.name).write_text(text, encoding="utf-8")
    told = convtool("contracts", "derive", alone)
    assert told.exit_code == 2
    assert (
        "its schema http://tempuri.org/ is at http://localhost:9/Orders.svc?xsd=xsd0, which is not beside"
        in told.stderr
    )


def test_a_wsdl_may_import_another(tmp_path: Path) -> None:
    text = WSDL.read_text("utf-8")
    head = text[: text.index("<wsdl:types>")]
    service = text[text.index("  <wsdl:binding") :].replace("</wsdl:definitions>", "")
    inner = text.replace(service, "")
    (tmp_path / "contract.wsdl").write_text(inner, encoding="utf-8")
    for location in ("contract.wsdl", "http://localhost:9/Orders.svc?wsdl=wsdl0"):
        link = f'<wsdl:import namespace="http://tempuri.org/" location="{location}"/>'
        outer = tmp_path / "outer.wsdl"
        outer.write_text(f"{head}{link}{service}</wsdl:definitions>", encoding="utf-8")
        assert made([outer], tmp_path / "out").contracts() == CONTRACTS
    (tmp_path / "contract.wsdl").unlink()
    with pytest.raises(ContractError, match=r"imports http://localhost:9/Orders\.svc\?wsdl=wsdl0, which is not beside"):
        made([outer], tmp_path / "other")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<a/>", "the root element is a, not wsdl:definitions"),
        ("<a", "not a readable WSDL"),
        ('<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>', "has no schema"),
    ],
)
def test_what_is_no_wsdl_is_said(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.wsdl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=said):
        made([path], tmp_path)


def test_operations_without_elements_have_a_note(tmp_path: Path) -> None:
    text = WSDL.read_text("utf-8").replace('style="document"', 'style="rpc"', 1)
    text = text.replace('<wsdl:part name="parameters" element="tns:Order"/>', '<wsdl:part name="a" type="xsd:int"/>')
    path = tmp_path / "rpc.wsdl"
    path.write_text(text, encoding="utf-8")
    told = convtool("contracts", "derive", path)
    assert told.exit_code == 0
    assert "Find: is of the style rpc, whose messages have no elements: it has no contract" in told.stderr
    assert "Order: its input is no single element: it has no contract" in told.stderr


def test_names_of_files_are_no_paths(tmp_path: Path) -> None:
    text = WSDL.read_text("utf-8").replace("urn:acme:old", "urn:../../%5C..").replace("urn:acme:new", "/../../new")
    path = tmp_path / "in" / "a.wsdl"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    catalog = made([path], tmp_path / "out")
    assert {one.name for one in tmp_path.iterdir()} == {"in", "out"}
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", one.name) for one in catalog.folder.path.iterdir())


def test_notes_in_a_schema_may_have_names_beyond_ascii(orders: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "a.wsdl"
    note = '<xsd:annotation><xsd:appinfo><\u0152uvre \u00e9="1"/></xsd:appinfo></xsd:annotation>'
    text = WSDL.read_text("utf-8").replace('<xsd:complexType name="Order">', f'<xsd:complexType name="Order">{note}')
    path.write_text(text, encoding="utf-8")
    assert made([path], tmp_path).contracts() == orders.contracts()


def test_a_broken_schema_is_named_by_its_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.wsdl"
    path.write_text(WSDL.read_text("utf-8").replace('type="q1:Line"', 'type="q1:Lost"'), encoding="utf-8")
    with pytest.raises(ContractError) as told:
        made([path], tmp_path)
    assert str(told.value).startswith("schemas.datacontract.org_2004_07_Acme.Orders.xsd: ")
    assert "unknown type 'q1:Lost'" in str(told.value)
    assert "convtool-" not in str(told.value)


def test_the_json_half_is_that_of_the_wrapper(orders: Catalog) -> None:
    half = json.loads((orders.folder.path / "tempuri.org.Order.schema.json").read_text("utf-8"))
    assert half["xml"] == {"name": "Order", "namespace": "http://tempuri.org/"}


ROWS = (
    '<xs:schema id="N" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="N"/></xs:schema>'
    '<d:diffgram xmlns:d="urn:schemas-microsoft-com:xml-diffgram-v1"><N xmlns=""><T>1</T></N></d:diffgram>'
)


def test_a_data_table_is_content_of_its_member_alone(orders: Catalog) -> None:
    document = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ReportResponse xmlns="http://tempuri.org/">'
        f'<ReportResult xmlns:a="{ORDERS}"><a:Rows>{ROWS}</a:Rows><a:Title>t</a:Title></ReportResult>'
        "</ReportResponse></s:Body></s:Envelope>"
    ).encode()
    assert orders.detect(document)[0] == "ReportResponse"
    codec = orders.contract("ReportResponse")
    assert codec.validate(document), codec.validate(document).text()
    result = codec.convert(document, "json", verify=True)
    assert json.loads(result.data)["ReportResult"]["Title"] == "t"
    assert ROWS.encode() in codec.to_xml(result.data)
    wrong = codec.validate(document.replace(b"</a:Title>", b"<b/></a:Title>"))
    assert [one.code for one in wrong] == ["member.child"]


def test_one_contract_that_cannot_be_had_does_not_stop_the_others(tmp_path: Path) -> None:
    text = WSDL.read_text("utf-8").replace(
        'name="Title" nillable="true" type="xsd:string"', 'name="Title" type="xsd:NOTATION"'
    )
    (tmp_path / "a.wsdl").write_text(text, encoding="utf-8")
    told = convtool("contracts", "derive", tmp_path / "a.wsdl")
    assert told.exit_code == 1
    assert "Report: left out: schemas.datacontract.org_2004_07_Acme.Orders.xsd: Report/Title" in told.stderr
    assert Catalog(tmp_path).contracts() == [name for name in CONTRACTS if name not in ("Report", "ReportResponse")]
    assert [finding.text() for finding in check_folder(tmp_path)] == []
