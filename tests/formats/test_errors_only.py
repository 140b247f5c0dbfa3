"""What is wrong costs in bounds: words, places and hints are made for findings that are kept, and for no others."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

import convtool
from convtool.findings import Findings
from convtool.formats import suggest
from convtool.formats.text import Text
from convtool.stream import Source, validate_stream
from tests.support import LIST, PARAM, listed, param

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 20
MANY = 300
ITEM = "ReponseV2Model"
# By name: the contract, a payload of errors alone (but for what is absent), and how many errors it has at least.
PAYLOADS: dict[str, tuple[str, bytes, int]] = {
    "json: unknown members": (PARAM, b"{" + b",".join(b'"a%d":1' % n for n in range(MANY)) + b"}", MANY),
    "json: members without quotes": (PARAM, b"{" + b",".join([b"a:1"] * MANY) + b"}", 2 * MANY),
    "json: a member again and again": (PARAM, b"{" + b",".join([b'"ProduitId":1'] * MANY) + b"}", MANY - 1),
    "json: wrong values": (PARAM, b"{" + b",".join([b'"ProduitId":"x"'] * MANY) + b"}", 2 * MANY - 1),
    "json: records with an unknown member": (LIST, b"[" + b",".join([b'{"a":1}'] * MANY) + b"]", MANY),
    "json: records that are none": (LIST, b"[" + b",".join([b"1"] * MANY) + b"]", MANY),
    "json: one record of unknown members": (LIST, b"[{" + b",".join([b'"a":1'] * MANY) + b"}]", MANY),
    "json: comments between records": (LIST, b"[" + b"/**/" * MANY + b"]", MANY),
    "xml: unknown elements": (PARAM, param("".join(f"<a{n}/>" for n in range(MANY))), MANY),
    "xml: unknown attributes": (LIST, listed(f'<{ITEM} a=""/>' * MANY), MANY),
    "xml: an element again and again": (PARAM, param("<ProduitId>1</ProduitId>" * MANY), MANY - 1),
    "xml: elements out of order": (
        PARAM,
        param("<ProduitId>1</ProduitId>" + "<NomProduit>a</NomProduit>" * MANY),
        MANY,
    ),
    "xml: items that are none": (LIST, listed("<a/>" * MANY), MANY),
    "xml: records with an unknown element": (LIST, listed(f"<{ITEM}><a/></{ITEM}>" * MANY), MANY),
}


def counted(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[str]:
    """Let a function note its calls; give the list in which it does."""
    of: Callable[..., object] = getattr(owner, name)
    calls: list[str] = []

    def noted(*args: object) -> object:
        calls.append(name)
        return of(*args)

    monkeypatch.setattr(owner, name, noted)
    return calls


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("streamed", [False, True])
def test_what_is_not_kept_is_only_counted(name: str, streamed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    contract, data, errors = PAYLOADS[name]
    of, findings = convtool.contract(contract), Findings(limit=LIMIT)
    excerpts, places = counted(monkeypatch, Text, "excerpt"), counted(monkeypatch, Text, "locate")
    hints = counted(monkeypatch, suggest, "member")
    if streamed:
        report = validate_stream(of, Source(io.BytesIO(data).read), findings)
    else:
        text = Text(data, string=data.decode())
        of.formats["xml" if data.startswith(b"<") else "json"].read_carefully(text, findings)
        report = findings.report()
    total = sum(one.count == 1 for one in report) + report.dropped
    hazards = len(findings.hazards)
    assert not report
    assert total >= errors
    assert len(report) - hazards <= LIMIT
    assert len(excerpts) <= LIMIT + hazards
    assert len(hints) <= LIMIT
    if not streamed:  # a stream asks for the place of each piece that it reads
        assert len(places) <= LIMIT + hazards
