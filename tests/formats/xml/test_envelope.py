"""SOAP envelopes: whose payload they hold, where things stand, what is beside the value; and Faults."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import convtool
from convtool.cli.app import app
from convtool.errors import PayloadError
from convtool.formats.xml.envelope import VERSIONS, around, looks_like
from convtool.http_error import convert_error, recognise
from convtool.sample import sample
from convtool.sources import IN_MEMORY
from tests.property.contracts import codec
from tests.support import LIST, PARAM, SAMPLES, codes

if TYPE_CHECKING:
    from pathlib import Path

NAMESPACE = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
JSON = b'{"Debut":"2026-03-22T00:33:32","Fin":"2026-03-23T00:00:00Z","ProduitId":7}'
MEMBERS = "<{0}Debut>2026-03-22T00:33:32</{0}Debut><{0}Fin>2026-03-23T00:00:00Z</{0}Fin><{0}ProduitId>7</{0}ProduitId>"


def envelope(body: str, *, header: str = "", version: str = "1.1", declared: str = "") -> bytes:
    return (
        f'<s:Envelope xmlns:s="{VERSIONS[version]}"{declared}>{header}<s:Body>{body}</s:Body></s:Envelope>'
    ).encode()


def wrapped(content: str, attributes: str = "") -> str:
    return f'<LireResponse xmlns="http://tempuri.org/"><LireResult{attributes}>{content}</LireResult></LireResponse>'


BARE = f'<ParamModel xmlns="{NAMESPACE}">{MEMBERS.format("")}</ParamModel>'
RESULT = wrapped(MEMBERS.format("a:"), f' xmlns:a="{NAMESPACE}"')


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("body", [BARE, RESULT])
def test_the_body_is_the_payload(version: str, body: str) -> None:
    document = envelope(body, version=version)
    assert convtool.Catalog().detect(document) == (PARAM, "xml")
    codec = convtool.contract(PARAM)
    result = codec.convert(document, "json", verify=True)
    assert (result.data, result.verified, len(result.report)) == (JSON, True, 0)
    assert codec.to_xml(document) == codec.to_xml(JSON)
    assert codec.compare(document, JSON) == []


@pytest.mark.parametrize("body", [BARE.replace(">7<", ">x<"), RESULT.replace(">7<", ">x<")])
@pytest.mark.parametrize("streamed", [False, True])
def test_places_are_those_in_the_whole_document(body: str, streamed: bool) -> None:
    document = b"<?xml version='1.0'?>\n<!-- one -->\n" + envelope(body).replace(b"<s:Body>", b"\n  <s:Body>\n  ")
    payload = io.BytesIO(document) if streamed else document
    (error,) = [one for one in convtool.contract(PARAM).validate(payload) if one.code == "value.lexical"]
    assert error.location is not None
    before = document[: document.index(b">x<") + 1]
    assert (error.location.line, error.location.offset) == (5, len(before))
    assert error.location.column == len(before) - before.rindex(b"\n")
    assert error.excerpt is not None
    assert error.excerpt.span == "x"


def test_losses_are_told_of_the_body_at_its_place() -> None:
    root = codec("Facture")
    body = root.write_xml(sample(root.model, root.instances))
    alone = root.convert(body, "json").report
    within = root.convert(envelope(body.decode()), "json").report
    assert "loss.scale" in [one.code for one in alone]
    assert [one.code for one in alone] == [one.code for one in within]
    shift = len(envelope("").partition(b"</s:Body>")[0])
    assert [one.location.offset + shift for one in alone if one.location] == [
        one.location.offset for one in within if one.location
    ]


def test_prefixes_of_the_envelope_count() -> None:
    declared = f' xmlns:q="{NAMESPACE}" xmlns:i="{XSI}"'
    document = envelope(f"<q:ParamModel>{MEMBERS.format('q:')}</q:ParamModel>", declared=declared)
    assert convtool.contract(PARAM).convert(document, "json", verify=True).data == JSON
    empty = envelope('<r:R xmlns:r="urn:r"><r:x i:nil="true"/></r:R>', declared=declared)
    assert convtool.contract(PARAM).convert(empty, "json", verify=True).data == b"null"


def test_a_list_in_an_envelope_is_one() -> None:
    document = (SAMPLES / "valid" / f"{LIST}-soap.xml").read_bytes()
    codec = convtool.contract(LIST)
    records = json.loads(codec.to_json(document))
    assert list(codec.iter_read(io.BytesIO(document))) == codec.read(document)
    assert codec.validate(io.BytesIO(document)).records == len(records) > 1
    sink = io.BytesIO()
    assert codec.convert_stream(io.BytesIO(document), sink, "json").records == len(records)
    assert json.loads(sink.getvalue()) == records
    wrong = document.replace(b"</a:Sequence>", b"x</a:Sequence>", 1)
    found = [one for one in codec.validate(io.BytesIO(wrong)) if one.code == "value.lexical"]
    assert [one.record for one in found] == [0]
    assert codec.validate(wrong).to_dict() == codec.validate(io.BytesIO(wrong)).to_dict()


@pytest.mark.long
def test_a_large_list_is_recognised_and_judged_whole(tmp_path: Path) -> None:
    document = (SAMPLES / "valid" / f"{LIST}-soap.xml").read_text("utf-8")
    begin, end = document.index("<a:ReponseV2Model>"), document.index("</LireResult>")
    large = tmp_path / "large.xml"
    large.write_text(document[:begin] + document[begin:end] * 1500 + document[end:], encoding="utf-8")
    assert large.stat().st_size > IN_MEMORY
    assert convtool.Catalog().detect(large)[0] == LIST
    told = CliRunner().invoke(app, ["validate", str(large)])
    assert (told.exit_code, told.stdout.splitlines()[-1]) == (0, f"{large}: valid ({LIST} xml; 1 warning)")


def test_what_is_beside_the_value_is_told() -> None:
    header = '<s:Header><a xmlns="urn:a">1</a><b xmlns="urn:b"/></s:Header>'
    body = RESULT.replace("</LireResponse>", "<total>5</total></LireResponse>")
    report = convtool.contract(PARAM).convert(envelope(body, header=header), "json").report
    paths = ["/Envelope/Header/a", "/Envelope/Header/b", "/Envelope/Body/LireResponse/total"]
    assert [(one.code, one.path) for one in report] == [("loss.envelope", path) for path in paths]
    assert len(convtool.contract(PARAM).validate(envelope(body, header=header))) == 0
    with pytest.raises(PayloadError):
        convtool.contract(PARAM).convert(envelope(body, header=header), "json", lossless=True)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (envelope(""), "soap.body"),
        (envelope(BARE + BARE), "soap.body"),
        (envelope(BARE).replace(b"Body>", b"Rump>"), "soap.body"),
        (envelope("<x/>"), "root.name"),
        (envelope("<x><y><z/></y></x>"), "root.name"),
        (envelope("<s:Fault><faultcode>a</faultcode></s:Fault>"), "root.name"),
        (envelope(BARE)[:-4], "xml.syntax"),
        (envelope(BARE).replace(VERSIONS["1.1"].encode(), b"urn:other"), "root.name"),
    ],
)
@pytest.mark.parametrize("name", [PARAM, LIST])
def test_what_is_no_payload_is_said(document: bytes, code: str, name: str) -> None:
    assert code in codes(convtool.contract(name).validate(document)) or b"ParamModel>" in document
    assert codes(convtool.contract(PARAM).validate(document)) == [code]
    assert codes(convtool.contract(PARAM).validate(io.BytesIO(document))) == [code]


def test_only_a_root_of_that_name_looks_like_an_envelope() -> None:
    assert looks_like(b"<?xml version='1.0'?><!-- <a> --> <S:Envelope xmlns:S=''>")
    assert not looks_like(b"<a><Envelope>")
    assert not looks_like(b"<Envelopes>")
    assert not looks_like(b"<!-- <Envelope> -->")


@pytest.mark.parametrize("version", VERSIONS)
def test_an_envelope_can_be_written_around_a_body(version: str) -> None:
    before, behind = around(version)
    document = before + convtool.contract(PARAM).to_xml(JSON) + behind
    assert convtool.contract(PARAM).to_json(document) == JSON


FAULT = "<s:Fault><faultcode>s:Client</faultcode><faultstring>No such order.</faultstring><detail>{}</detail></s:Fault>"
THROWN = (
    '<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en">Boom.</s:Text></s:Reason>'
    '<s:Detail><ExceptionDetail xmlns="http://schemas.datacontract.org/2004/07/System.ServiceModel"><InnerException>'
    "<Message>why</Message><Type>System.Exception</Type></InnerException><Message>Boom.</Message>"
    "<Type>System.InvalidOperationException</Type></ExceptionDetail></s:Detail></s:Fault>"
)


def test_a_fault_says_its_code_its_reason_and_its_detail() -> None:
    detail = '<OrderFault xmlns="urn:a"><Number>5</Number><Reason>gone</Reason></OrderFault>'
    error = recognise(envelope(FAULT.format(detail)))
    assert error is not None
    assert error.summary() == ["s:Client", "No such order.", "OrderFault: Number: 5; Reason: gone"]
    thrown = recognise(envelope(THROWN, version="1.2"), failed=True)
    assert thrown is not None
    wanted = ["s:Receiver", "Boom.", "System.InvalidOperationException: Boom.", "System.Exception: why"]
    assert thrown.summary() == wanted
    assert recognise(envelope(BARE)) is None


def test_a_fault_becomes_an_error_response_and_says_so() -> None:
    result = convert_error(envelope(FAULT.format("")), "json")
    assert json.loads(result.data) == {"Message": "No such order.", "ErrorCode": "s:Client"}
    assert codes(result.report) == ["loss.http-error"]
    with pytest.raises(PayloadError):
        convert_error(envelope(FAULT.format("")), "json", lossless=True)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (envelope(BARE, header="<s:Header>token=abc</s:Header>"), 1),
        (envelope(f"note{BARE}"), 1),
        (envelope(BARE).replace(b"<s:Body>", b'<s:Body w:Id="b1" xmlns:w="urn:w">'), 1),
        (envelope(BARE, declared=f' xmlns:x="{XSI}" x:schemaLocation="a b"'), 0),
        (envelope(BARE, declared=' s:encodingStyle="urn:x"', header="<s:Header> </s:Header>"), 1),
    ],
)
def test_texts_and_attributes_of_an_envelope_are_told(document: bytes, told: int) -> None:
    result = convtool.contract(PARAM).convert(document, "json", verify=True)
    assert codes(result.report) == ["loss.envelope"] * told
    assert result.verified is not bool(told)
