"""SARIF's names of files: URIs, whatever the files are. The log is held against SARIF's schema in tests/batch."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from click.testing import CliRunner

from convtool.cli.app import app
from convtool.outcome import Outcome
from convtool.reports import About
from convtool.reports.sarif import document
from convtool.reports.summary import Summary

if TYPE_CHECKING:
    from pathlib import Path

PARTS = r"(?:[\w.~!$&'()*+,;=:@/\[\]-]|%[0-9A-F]{2})*"  # of a URI: RFC 3986, with the delimiters that are used here


@pytest.mark.parametrize(
    ("source", "member", "uri"),
    [
        ("a b/1.xml", "", "a%20b/1.xml"),
        ("/d/1.xml", "", "file:///d/1.xml"),
        ("a:b.xml", "", "a%3Ab.xml"),
        ("/d/caf\\udce9.xml", "", "file:///d/caf%E9.xml"),  # a byte that is no text
        ("/d/a.tar", "caf\\udce9.xml", "file:///d/a.tar/caf%E9.xml"),
        ("/d/a.zip", "x y/1.xml", "file:///d/a.zip/x%20y/1.xml"),
        ("http://h:8765/1.xml", "", "http://h:8765/1.xml"),
        ("https://[::1]:80/a%20b%zz/é;v=1.xml", "", "https://[::1]:80/a%20b%25zz/%C3%A9;v=1.xml"),
        ("https://h/a.zip", "50%20 x:y.xml", "https://h/a.zip/50%2520%20x%3Ay.xml"),
        ("https://h", "", "https://h"),
        ("s3://bucket/a b%20.xml", "", "s3://bucket/a%20b%2520.xml"),
        ("abfs://part@account.example/1#2?.xml", "", "abfs://part@account.example/1%232%3F.xml"),
        ("C:\\d\\x y.json", "", "file:///C:/d/x%20y.json"),
        ("c:/d/a.zip", "1.xml", "file:///c:/d/a.zip/1.xml"),
        ("\\\\server\\share\\x.json", "", "file://server/share/x.json"),
    ],
)
def test_files_are_named_by_uris(source: str, member: str, uri: str) -> None:
    bad = Outcome(0, source, "failed", member=member, reason="no")
    summary = Summary()
    summary.add(bad)
    [result] = json.loads("".join(document(About("validate", summary), [bad])))["runs"][0]["results"]
    told = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert told == uri
    assert re.fullmatch(PARTS, told)
    assert urlsplit(told).geturl() == told


@pytest.mark.skipif(os.sep == "\\", reason="a backslash is no part of a name here")
def test_a_files_own_name_leads_to_it(tmp_path: Path) -> None:
    names = [b"a\\b.xml", b"caf\xe9.xml", "café.xml".encode(), b"50%.xml", b"a\nb.xml"]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(b"<a/>")
    done = CliRunner().invoke(app, ["validate", str(tmp_path), "--output-format", "sarif"])
    results = json.loads(done.stdout)["runs"][0]["results"]
    told = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results}
    assert {unquote_to_bytes(urlsplit(uri).path).rsplit(b"/", 1)[1] for uri in told} == set(names)
