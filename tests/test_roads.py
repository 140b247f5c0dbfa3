"""The same file has the same verdict on every road: alone, twice, in a folder, a zip, a pipe, a list; packed; by jobs.

What differs is in the table, and why:

- What is neither payload, capture, archive nor error response, and does not claim to be by its name, is *invalid* where
  somebody has named it (alone, twice, in a pipe), and *skipped* where it only lies there (folder, workers, zip, packed
  in one, list). The exit code is the same: nothing judged is not green.
- A pipe has no name. What only a name can tell (lines that are one line, a form, an empty capture) is not told there.
- What is packed is not packed again: compressed twice is refused. An archive within an archive is not opened.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from convtool.cli.app import app
from tests.support import LIST, SAMPLES, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

XML = (SAMPLES / "valid" / "ParamModel-nil.xml").read_bytes()
JSON = b'{"Debut":"2026-03-22T00:33:32","Fin":"2026-03-23T00:00:00Z","ProduitId":7}'
LISTED = (SAMPLES / "valid" / "ArrayOfReponseV2Model.json").read_bytes()
LINES = b"".join(json.dumps(record).encode() + b"\n" for record in json.loads(LISTED)[:2])
LINE = LINES.splitlines(keepends=True)[0]
ERROR = b'{"Message":"The request is invalid.","ModelState":{"param.Debut":["is missing"]}}'
SOAP = (SAMPLES / "valid" / "ParamModel-soap.xml").read_bytes()
FAULT = b"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
<faultcode>s:Client</faultcode><faultstring>No.</faultstring></s:Fault></s:Body></s:Envelope>"""
HAR = (SAMPLES / "captures" / "chromium.har").read_bytes()
OTHER_URLS = b"".join([
    b'{"log": {"version": "1.2", "entries": [{"request": {"method": "GET", "url": "https://other.example/x", ',
    b'"headers": []}, "response": {"status": 200, "headers": [], "content": {"text": "[]"}}}]}}',
])  # fmt: skip
NOTHING, NAMED = "skipped", "invalid"
EXIT = {"valid": 0, "converted": 0, "error response": 0, "failed": 2}  # of all others 1


def zipped(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def zst(data: bytes) -> bytes:
    zstd = pytest.importorskip("backports.zstd")
    return bytes(zstd.compress(data))


@dataclass(frozen=True)
class Kind:
    """A file: its verdict by ``validate``; by ``convert`` that or ``converted``. ``roads``: where it differs."""

    name: str
    data: bytes | Callable[[], bytes]
    status: str
    converts: str = ""
    roads: dict[str, str] = field(default_factory=dict)

    def expected(self, verb: str, road: str) -> str:
        if road in self.roads:
            return self.roads[road]
        status = self.status if verb == "validate" else self.converts or self.status
        return "converted" if verb == "convert" and status == "valid" else status


LYING = dict.fromkeys(("folder", "workers", "zip", "list"), NOTHING)
KINDS = {
    "XML": Kind("a.xml", XML, "valid"),
    "JSON": Kind("a.json", JSON, "valid"),
    "JSON named .xml": Kind("a.xml", JSON, "valid"),
    "XML without a suffix": Kind("payload", XML, "valid"),
    "XML in UTF-16": Kind("a.xml", XML.decode().removeprefix("\ufeff").encode("utf-16"), "valid"),
    "a JSON list": Kind("a.json", LISTED, "valid"),
    "lines named .json": Kind("a.json", LINES, "valid"),
    "lines named .ndjson": Kind("a.ndjson", LINES, "valid"),
    "lines named .txt": Kind("a.txt", LINES, "valid"),
    # In a pipe it is one record, and the list that it may be one of does not show.
    "one line": Kind("a.ndjson", LINE, "valid", roads={"pipe": "invalid"}),
    "broken XML": Kind("a.xml", XML[:-9], "invalid"),
    "truncated JSON": Kind("a.json", JSON[:20], "invalid"),
    "XML of no contract": Kind("a.txt", b"<Autre/>", "invalid"),
    "JSON of no contract": Kind("a.txt", b'{"Nom": 1}', "invalid"),
    "empty": Kind("a.xml", b"", "invalid"),
    "blank": Kind("a.json", b" \r\n", "invalid"),
    "an HTML page": Kind("a.xml", b"<html><body>502 Bad Gateway</body></html>", "invalid"),
    "NULs": Kind("a.xml", bytes(64), "invalid"),
    "a picture named .json": Kind("a.json", b"\x89PNG\r\n\x1a\n" + bytes(40), "invalid"),
    "a picture": Kind("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40), NAMED, roads=LYING),
    "prose": Kind("README.md", b"# Read me\n", NAMED, roads=LYING),
    "nothing": Kind("empty.txt", b"", NAMED, roads=LYING),
    "a zip named .xml": Kind("a.xml", zipped("b.xml", XML), "invalid"),
    "gzip named .xml": Kind("a.xml", gzip.compress(XML), "valid", roads={"packed": "refused"}),
    "bzip2 named .json": Kind("a.json", bz2.compress(JSON), "valid", roads={"packed": "refused"}),
    "xz named .xml": Kind("a.xml", lzma.compress(XML), "valid", roads={"packed": "refused"}),
    "Zstandard named .json": Kind("a.json", lambda: zst(JSON), "valid", roads={"packed": "refused"}),
    "gzip without a suffix": Kind("payload", gzip.compress(XML), "valid", roads={"packed": "refused"}),
    ".gz without gzip": Kind("a.xml.gz", XML, "valid"),
    "broken gzip": Kind("a.xml", gzip.compress(XML)[:-6], "failed", roads={"packed": "refused"}),
    "a HAR with bad bodies": Kind("a.har", HAR, "invalid", NOTHING),
    "a HAR named .json": Kind("a.json", HAR, "invalid", NOTHING),
    "a HAR of other URLs": Kind("a.har", OTHER_URLS, NOTHING),
    "a cassette": Kind("a.yaml", (SAMPLES / "captures" / "vcrpy.yaml").read_bytes(), "invalid", NOTHING),
    "HTTP as text": Kind("a.http", (SAMPLES / "captures" / "curl-i.http").read_bytes(), "valid", NOTHING),
    "WARC": Kind("a.warc.gz", (SAMPLES / "captures" / "warcio.warc.gz").read_bytes(), "invalid", NOTHING),
    "an error response": Kind("a.json", ERROR, "error response"),
    "an error response in XML": Kind("a.xml", b"<Error><Message>No.</Message></Error>", "error response"),
    "an envelope": Kind("a.xml", SOAP, "valid"),
    "an envelope without a suffix": Kind("payload", (SAMPLES / "valid" / f"{LIST}-soap.xml").read_bytes(), "valid"),
    "an envelope with a wrong value": Kind("a.xml", SOAP.replace(b"<ProduitId>1", b"<ProduitId>x"), "invalid"),
    "an envelope of no contract": Kind("a.txt", SOAP.replace(b"ParamModel", b"Autre"), "invalid"),
    "a truncated envelope": Kind("a.xml", SOAP[:150], "invalid"),
    "a Fault": Kind("a.xml", FAULT, "error response"),
    "a journal": Kind("a.ndjson", b'{"journal":2,"convtool":"0.1.0","settings":{"verb":"convert"}}\n', NOTHING),
    "a report": Kind("a.json", b'{"number":0,"source":"a","status":"valid","contract":"X"}\n', NOTHING),
    # Which contract a form is of it does not say; what it is only its name does.
    "a form": Kind("a.form", b"Debut=2026-03-22&Fin=2026-03-31&ProduitId=1", "failed", roads={"pipe": "invalid"}),
}  # fmt: skip


def run(*words: str, stdin: bytes = b"") -> int:
    return CliRunner().invoke(app, list(words), input=stdin, prog_name="convtool").exit_code


def travelled(verb: str, road: str, name: str, data: bytes, at: Path) -> tuple[set[str], int, int]:
    """Take a file along a road; give its statuses, how many outcomes there are, and the exit code."""
    at.mkdir()
    lain = at / "source"
    lain.mkdir()
    file = lain / name
    file.write_bytes(gzip.compress(data) if road == "packed" else data)
    if road == "packed":
        file = file.rename(file.with_name(f"{name}.gz"))
    sources = {
        "alone": [file], "packed": [file], "twice": [file, file], "folder": [lain], "pipe": ["-"],
        "workers": [lain, "--jobs", "2"], "zip": [at / "all.zip"], "list": ["--files-from", at / "list"],
    }[road]  # fmt: skip
    if road == "zip":
        (at / "all.zip").write_bytes(zipped(name, data))
    if road == "list":
        (at / "list").write_text(f"{file}\n")
    one = road in ("alone", "packed", "pipe")
    out = ["-o", str(at / ("out" if one else "out.zip"))] if verb == "convert" else []
    words = [verb, *map(str, sources), *out, "-q", "--report", str(at / "report.json")]
    code = run(*words, stdin=data if road == "pipe" else b"")
    found = outcomes((at / "report.json").read_bytes())
    return {one["status"] for one in found}, len(found), code


@pytest.mark.parametrize("verb", ["validate", "convert"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.short(4)
def test_a_file_has_one_verdict_on_every_road(kind: str, verb: str, tmp_path: Path) -> None:
    of = KINDS[kind]
    data = of.data if isinstance(of.data, bytes) else of.data()
    roads = ["alone", "folder", "workers", "zip", "packed", "pipe", "list", *(["twice"] if verb == "validate" else [])]
    found = {road: travelled(verb, road, of.name, data, tmp_path / road) for road in roads}
    expected = {road: of.expected(verb, road) for road in roads}
    assert found == {
        road: ({status}, 2 if road == "twice" else 1, EXIT.get(status, 1)) for road, status in expected.items()
    }
