"""Extracted bodies: stable names, an index, and the verdicts that ``validate`` and ``convert`` give as well."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.captures import extract, judge
from convtool.errors import PayloadError, SourceError, UsageError
from tests.captures.support import REQUEST_XML, RESPONSE, SAMPLES, entry, har, written
from tests.captures.test_samples import FILES
from tests.support import LIST, PARAM

if TYPE_CHECKING:
    from pathlib import Path

BODIES = [path for path in FILES if not path.name.startswith(("capture.syntax", "capture.unsafe"))]


def index(folder: Path) -> list[dict[str, Any]]:
    document = json.loads((folder / "index.json").read_bytes())
    assert document["version"] == 1
    bodies: list[dict[str, Any]] = document["bodies"]
    return bodies


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.name)
@pytest.mark.parametrize("profile", ["strict", "dotnet"])
@pytest.mark.short(30)
def test_extracted_bodies_have_the_verdicts_of_the_capture(path: Path, profile: Any, tmp_path: Path) -> None:
    """Every finding of a body, with its place, is that of the file; what converts is valid in both formats."""
    catalog = convtool.Catalog()
    for to in ("", "json", "xml"):
        list(extract(path, tmp_path / f"to{to}", catalog, to=to or None, profile=profile))  # type: ignore[arg-type]
    parts = [part for one in judge(path, catalog, profile=profile) for part in one.parts if part.verdict != "no body"]
    rows = [index(tmp_path / f"to{to}") for to in ("", "json", "xml")]
    for part, kept, *converted in zip(parts, *rows, strict=True):
        assert (kept["side"], kept["verdict"], kept["contract"]) == (part.side, part.verdict, part.contract)
        assert bool(kept["file"]) == (part.verdict != "no verdict")
        if part.body is None or part.message is None:
            continue
        file = tmp_path / "to" / kept["file"]
        assert file.read_bytes() == part.message.body
        codec = catalog.contract(part.contract)
        report = codec.validate(file, format=kept["format"] or None, profile=profile)
        assert report.named("") == part.body.named("")
        for row, to in zip(converted, ("json", "xml"), strict=True):
            assert row["converted"] == part.body.valid
            result = tmp_path / f"to{to}" / row["file"]
            if row["converted"]:
                assert result.suffix == f".{to}"
                assert codec.validate(result).valid
                again = codec.convert(file, to, format=kept["format"] or None, profile=profile).data  # type: ignore[arg-type]
                assert result.read_bytes() == again
            else:
                assert result.read_bytes() == file.read_bytes()
                with pytest.raises(PayloadError):
                    codec.convert(file, to, format=kept["format"] or None, profile=profile)  # type: ignore[arg-type]


def test_names_and_index(tmp_path: Path) -> None:
    wrong = entry(body=RESPONSE[:-9], status=200)
    error = entry(status=400, body=b"<Error><Message>No.</Message></Error>", content_type="application/xml")
    other = entry()
    other["request"] |= {"url": "https://api.example/health"}
    form = entry(request=b"Debut=2026-03-22&Fin=2026-03-31", request_type="application/x-www-form-urlencoded")
    path = written(tmp_path, har(entry(request=REQUEST_XML, request_type="text/xml"), wrong, other, error, form))
    folder = tmp_path / "out"
    written_files = [one.file for _, files in extract(path, folder, convtool.Catalog()) for one in files]
    names = [
        "0001-post-api-consommationv2-request.xml", "0001-post-api-consommationv2-response.json",
        "0002-post-api-consommationv2-request.json", "0002-post-api-consommationv2-response.json",
        "0004-post-api-consommationv2-request.json", "0004-post-api-consommationv2-response.xml",
        "0005-post-api-consommationv2-request.form", "0005-post-api-consommationv2-response.json",
    ]  # fmt: skip
    assert written_files == names
    assert sorted(one.name for one in folder.iterdir()) == [*names, "index.json"]
    rows = index(folder)
    assert rows[0] == {
        "exchange": 1, "operation": "POST api/ConsommationV2", "method": "POST", "status": 200, "side": "request",
        "file": names[0], "media_type": "text/xml", "charset": "", "contract": PARAM, "format": "xml",
        "converted": False, "verdict": "valid", "losses": {},
    }  # fmt: skip
    assert [row["verdict"] for row in rows] == [
        "valid", "valid", "valid", "invalid", "valid", "error response", "valid", "valid",
    ]  # fmt: skip
    list(extract(path, folder, convtool.Catalog(), to="json"))
    assert (folder / "0004-post-api-consommationv2-response.json").read_bytes() == b'{"Message":"No."}'
    assert {row["contract"] for row in index(folder)} == {PARAM, LIST, ""}


def test_what_cannot_be_written(tmp_path: Path) -> None:
    path = written(tmp_path, har(entry()))
    with pytest.raises(SourceError):
        list(extract(path, path, convtool.Catalog()))
    with pytest.raises(UsageError):
        list(extract(path, tmp_path, convtool.Catalog(), to="form"))


def test_nothing_leaves_the_folder(tmp_path: Path) -> None:
    """Names are made of the number, the operation and the side: nothing of a URL gets into them."""
    one = entry()
    one["request"] |= {"url": "https://x/../../../etc/passwd%00/..%2f../api/ConsommationV2?../../x"}
    folder = tmp_path / "a" / "b"
    list(extract(written(tmp_path, har(one)), folder, convtool.Catalog()))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "capture.har"]
    assert len(list(folder.iterdir())) == 3


def test_a_body_alone_keeps_its_number(tmp_path: Path) -> None:
    list(extract(SAMPLES / "curl-i.http", tmp_path, convtool.Catalog()))
    assert [row["file"] for row in index(tmp_path)] == ["0001-body-response.xml"]
