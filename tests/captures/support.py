"""What the tests of captures share: captures written by hand, with one thing wrong at most."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import convtool
from convtool.captures import judge, read
from tests.support import LIST, PARAM, ROOT, listed, param

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.captures import Exchange, Judgement

SAMPLES = ROOT / "samples" / "captures"
URL = "https://api.example/facturation/api/ConsommationV2"
REQUEST = b'{"Debut":"2026-03-22T00:00:00","Fin":"2026-03-31T00:00:00","ProduitId":1}'
REQUEST_XML = param("<Debut>2026-03-22T00:00:00</Debut><Fin>2026-03-31T00:00:00</Fin><ProduitId>1</ProduitId>")
RESPONSE = (
    b'[{"ProduitId":1,"NomProduit":"\xc3\xa9","Identifiant":null,"ConsommationsSomme":[],"ConsommationsDetails":[]}]'
)
RESPONSE_XML = listed(
    "<ReponseV2Model><ConsommationsDetails /><ConsommationsSomme /><Identifiant i:nil='true' />"
    "<NomProduit>é</NomProduit><ProduitId>1</ProduitId></ReponseV2Model>"
)
NAMES = {"request": PARAM, "response": LIST}


def headers(fields: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in fields.items()]


def entry(
    *,
    request: bytes = REQUEST,
    request_type: str = "application/json",
    status: int = 200,
    body: bytes | None = RESPONSE,
    content_type: str = "application/json; charset=utf-8",
    fields: dict[str, str] | None = None,
    **content: Any,
) -> dict[str, Any]:
    """Give an entry of a HAR; ``content`` adds to what it says about the response's body, None takes something away."""
    told: dict[str, Any] = {"mimeType": content_type, "size": len(body or b"")}
    if body is not None:
        told |= {"text": b64encode(body).decode(), "encoding": "base64"}
    told = {name: value for name, value in {**told, **content}.items() if value is not None}
    post = {"mimeType": request_type, "text": b64encode(request).decode(), "encoding": "base64"}
    return {
        "request": {
            "method": "POST",
            "url": URL,
            "headers": headers({"Content-Type": request_type} if request_type else {}),
            "postData": post,
            "bodySize": len(request),
        },
        "response": {
            "status": status,
            "headers": headers(({"Content-Type": content_type} if content_type else {}) | (fields or {})),
            "content": told,
        },
    }


def har(*entries: dict[str, Any]) -> bytes:
    log = {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": list(entries)}
    return json.dumps({"log": log}).encode()


def written(folder: Path, data: bytes, name: str = "capture.har") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def exchanges_of(path: Path) -> list[Exchange]:
    return list(read(path, catalog=convtool.Catalog()))


def judgements_of(path: Path, **options: Any) -> list[Judgement]:
    return list(judge(path, convtool.Catalog(), **options))


def verdicts(judgements: list[Judgement]) -> list[str]:
    return [f"{part.side} {part.verdict}" for judgement in judgements for part in judgement.parts]


def found(judgements: list[Judgement], *, errors: bool = True) -> list[str]:
    """Give the codes of all findings, or of the errors alone."""
    every = [d for judgement in judgements for report in judgement.reports for d in report]
    return [d.code for d in every if not errors or d.severity == "error"]
