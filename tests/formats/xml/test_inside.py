"""Bodies of plain envelopes, which the engine reads: what is plain, and where things stand."""

from __future__ import annotations

import pytest

import convtool
from convtool.formats.text import Text
from convtool.formats.xml.inside import inside
from tests.engine.support import careful
from tests.support import PARAM

NAMESPACE = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MEMBERS = "<{0}Debut>2026-03-22T00:33:32</{0}Debut><{0}Fin>2026-03-23</{0}Fin><{0}ProduitId>7</{0}ProduitId>"
BODY = f'<ParamModel xmlns="{NAMESPACE}">{MEMBERS.format("")}</ParamModel>'
PREFIXED = f"<q:ParamModel>{MEMBERS.format('q:')}</q:ParamModel>"


def envelope(body: str, *, name: str = "s:", declared: str = "", within: str = "", before: str = "") -> bytes:
    of = f"xmlns:{name[:-1]}" if name else "xmlns"
    head = f'{before}<{name}Envelope {of}="{SOAP}"{declared}>'
    return f"{head}\n <{name}Body{within}>{body}</{name}Body >\n</{name}Envelope>\n".encode()


PLAIN = {
    "bare": envelope(BODY),
    "a declaration": envelope(BODY, before='<?xml version="1.0" encoding="utf-8"?>\r\n'),
    "no prefix": envelope(BODY, name=""),
    "declared by the envelope": envelope(PREFIXED, declared=f' xmlns:q="{NAMESPACE}"'),
    "declared by the body": envelope(PREFIXED, within=f' xmlns:q="{NAMESPACE}"'),
    "declared again": envelope(
        PREFIXED.replace("Model>", f"Model xmlns:q='{NAMESPACE}'>", 1), declared=' xmlns:q="urn:x"'
    ),
    "by default": envelope(BODY.replace(f' xmlns="{NAMESPACE}"', ""), within=f' xmlns="{NAMESPACE}"'),
    "a dotted prefix": envelope(BODY, name="s.o-a_p:"),
}
ODD = {
    "a header": envelope(BODY).replace(b"<s:Body>", b"<s:Header/><s:Body>"),
    "an attribute": envelope(BODY, within=' id="a"'),
    "a comment before": envelope(BODY, before="<!-- a -->"),
    "a comment within": envelope(f"<!-- a -->{BODY}"),
    "a comment behind": envelope(f"{BODY}<!-- a -->"),
    "an instruction behind": envelope(f"{BODY}<?a b?>"),
    "another version": envelope(BODY).replace(SOAP.encode(), b"urn:soap"),
    "another version within": envelope(BODY, within=' xmlns:s="http://www.w3.org/2003/05/soap-envelope"'),
    "another element": envelope(BODY.replace("ParamModel", "Autre")),
    "another namespace": envelope(BODY.replace(NAMESPACE, "urn:x")),
    "nothing": envelope(""),
    "text": envelope("texte"),
    "no end": envelope(BODY)[:-12],
    "declared twice": envelope(BODY, declared=' xmlns:a="urn:a" xmlns:a="urn:a"'),
    "nothing declared": envelope(BODY, declared=' xmlns:a=""'),
    "a reserved prefix": envelope(BODY, declared=' xmlns:xml="urn:a"'),
    "a reference": envelope(BODY, declared=' xmlns:a="urn:&amp;"'),
    "many": envelope(BODY, declared="".join(f' xmlns:a{number}="u"' for number in range(120))),
    "a tag without end": envelope("<ParamModel"),
}


def body_of(document: bytes) -> Text | None:
    return inside(convtool.contract(PARAM).model, Text(document))


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_envelope_has_a_body(name: str) -> None:
    document = PLAIN[name]
    body, codec = body_of(document), convtool.contract(PARAM)
    assert body is not None
    assert codec.to_json(body.data) == codec.to_json(document)
    at = body.data.index(b"2026-03-22")
    place = body.locate(at)
    before = document[: document.index(b"2026-03-22")]
    wanted = (2 + document.startswith(b"<?xml"), len(before) - before.rindex(b"\n"), len(before))
    assert (place.line, place.column, place.offset) == wanted
    assert body.excerpt(at, at + 10).span == "2026-03-22"
    assert body.locate(0).offset == document.index(b"ParamModel") - (3 if b"q:" in document else 1)


@pytest.mark.parametrize("name", ODD)
def test_all_others_are_for_the_careful_lane(name: str) -> None:
    assert body_of(ODD[name]) is None


WRONG = {  # what the engine is given, and leaves
    "two elements": envelope(BODY + BODY),
    "two bodies": envelope(BODY).replace(b"</s:Body >", b"</s:Body ><s:Body></s:Body>"),
    "a comment that does not end": envelope(f"{BODY}<!-- a"),
    "a body that does not end": envelope(BODY[:-5]),
    "text behind": envelope(f"{BODY}texte"),
}


@pytest.mark.parametrize("document", [*PLAIN.values(), *ODD.values(), *WRONG.values()], ids=[*PLAIN, *ODD, *WRONG])
@pytest.mark.parametrize("depth", [2, 3, 4, 5])
def test_both_lanes_say_the_same(document: bytes, depth: int) -> None:
    codec = convtool.contract(PARAM)
    for one in (document, document.replace(b">7<", b">x<"), document.replace(b">7<", b">07<")):
        found = codec.validate(one, depth=depth).to_dict()
        with careful():
            assert found == codec.validate(one, depth=depth).to_dict()


def test_in_utf_16_too() -> None:
    document = PLAIN["bare"].decode().encode("utf-16")
    codec = convtool.contract(PARAM)
    assert codec.to_json(document) == codec.to_json(PLAIN["bare"])
    wrong = PLAIN["bare"].replace(b">7<", b">x<").decode().encode("utf-16")
    (error,) = [one for one in codec.validate(wrong) if one.code == "value.lexical"]
    assert error.location is not None
    assert error.location.line == 2
