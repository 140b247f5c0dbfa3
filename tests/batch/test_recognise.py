"""What is no payload is told apart from what is a bad one, wherever it lies."""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING

import msgspec
import pytest

from convtool.batch import Outcome, run
from convtool.catalog import Catalog
from convtool.cli import app
from convtool.places import LIMITS, listing, open_found
from convtool.recognise import recognise
from tests.batch.tree import GOOD_XML, tarred, zipped

if TYPE_CHECKING:
    from pathlib import Path

_RECORD = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 5\r\n\r\nabcde\r\n\r\n"
CAPTURES = {
    "a.har": ("HAR", b'{"log": {"version": "1.2", "entries": []}}'),
    "large.har": ("HAR", b'{"log": {"version": "1.2", "comment": "%s", "entries": []}}' % (b"x" * (5 << 20))),
    "b.yaml": ("vcrpy cassette", b"interactions: []\nversion: 1\n"),
    "c.json": ("vcrpy cassette", b'{"version": 1, "interactions": []}'),
    "d.flow": ("mitmproxy flows", b"16:7:version;2:21#}"),
    "e.warc": ("WARC", _RECORD),
    "f.warc.gz": ("WARC", gzip.compress(_RECORD) * 3),
    "g.http": ("HTTP messages", b"HTTP/1.1 200 OK\r\n\r\n[]"),
}


def done(source: Path, out: Path | str = "") -> dict[str, Outcome]:
    with run([str(source)], out) as going:
        return {outcome.name.removeprefix(f"{source}/"): outcome for outcome in going}


@pytest.fixture(params=["folder", "zip", "tar"])
def captures(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    contents = {name: data for name, (_, data) in CAPTURES.items()}
    source = tmp_path / f"source.{request.param}"
    if request.param == "folder":
        source.mkdir()
        for name, data in contents.items():
            (source / name).write_bytes(data)
    else:
        source.write_bytes((zipped if request.param == "zip" else tarred)(contents))
    return source


def test_to_convert_captures_is_to_skip_them_and_the_reason_says_what_takes_them(captures: Path) -> None:
    found = done(captures, captures.parent / "out")
    assert {name: (outcome.status, outcome.reason) for name, outcome in found.items()} == {
        name: ("skipped", f"is a capture ({kind}), not a payload: `convtool extract` takes the payloads out of it")
        for name, (kind, _) in CAPTURES.items()
    }


def test_captures_are_judged_wherever_they_lie(captures: Path) -> None:
    found = done(captures)
    assert {name: outcome.status for name, outcome in found.items()} == {
        **dict.fromkeys(CAPTURES, "skipped"), "d.flow": "no verdict", "g.http": "valid",
    }  # fmt: skip
    for name, (kind, _) in CAPTURES.items():
        assert found[name].format == "capture"
        if found[name].status == "skipped":
            assert found[name].reason.startswith(f"is a capture ({kind}) without an exchange")


def test_a_file_of_many_gzip_streams_is_read_to_its_end(tmp_path: Path) -> None:
    """As WARC files are, and what ``cat a.gz b.gz`` makes: each stream ends in the middle of what has been read."""
    rng = random.Random(6)
    pieces = [rng.randbytes(rng.randrange(90_000)) for _ in range(40)]
    path = tmp_path / "many.gz"
    path.write_bytes(b"".join(gzip.compress(piece) for piece in pieces))
    found = next(listing(str(path), path.name, LIMITS))
    with open_found(found, LIMITS) as raw:
        assert raw.readall() == b"".join(pieces)


def test_what_is_bad_is_still_bad(tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_bytes(GOOD_XML[:-3])
    (tmp_path / "number.json").write_bytes(b"16:7")
    assert {name: outcome.status for name, outcome in done(tmp_path).items()} == {
        "bad.xml": "invalid", "number.json": "invalid",
    }  # fmt: skip


def test_a_large_file_of_no_contract_is_invalid_like_a_small_one(tmp_path: Path) -> None:
    for name, size in (("small", 0), ("large", 5 << 20)):
        for suffix in ("json", "txt"):
            (tmp_path / f"{name}.{suffix}").write_bytes(b'{"Nom": 1, "Texte": "%s"}' % (b"x" * size))
        (tmp_path / f"{name}.xml").write_bytes(b"<Autre>%s</Autre>" % (b"x" * size))
    found = done(tmp_path)
    assert {outcome.status for outcome in found.values()} == {"invalid"}
    assert {found["diagnostics"][0]["code"] for found in map(msgspec.to_builtins, found.values())} == {"root.name"}
    assert len(found) == 6


# Payloads whose members are called as those of convtool's own files are; what is ours, and what is not.
LIKE_OURS = (
    b'{"version": 2, "convtool": "no"}',
    b'{"version": 2, "convtool": "1.0", "verb": "other"}',
    b'{"journal": 1, "Nom": 2}',
    b'{"journal":1,"convtool":"x","settings":1}',
    b'{"number":1,"source":"x"}',
    b'{"number":1,"source":"x","status":"mine"}',
    b'{"version": 1, "source": "a", "contract": "b"}',
    b'{"a": "<title>convtool "}',
    b'{"name":"convtool","semanticVersion":"1"}',
    b'<?xml version=\'1.0\'?><a>"name":"convtool","semanticVersion"</a>',
)


@pytest.mark.parametrize("data", LIKE_OURS)
def test_a_payload_is_not_mistaken_for_a_file_of_convtool_s_own(data: bytes) -> None:
    assert recognise(data, "a.json").group == "payload"


def test_what_convtool_has_written_is_passed_over(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.xml").write_bytes(GOOD_XML)
    reports = [source / f"report{suffix}" for suffix in (".json", ".ndjson", ".sarif", ".xml", ".html")]
    given = [word for path in reports for word in ("--report", str(path))]
    command = ["convert", str(source), "-o", f"{tmp_path}/out.ndjson", "-q", "--journal", str(source / "journal.json")]
    assert app.run([*command, *given]) == 0
    (source / "one.json").write_bytes(json.dumps(Catalog().contract("ParamModel").validate(b"{}").to_dict()).encode())
    found = done(source)
    assert {name: outcome.status for name, outcome in found.items()} == {
        "a.xml": "valid", "journal.json": "skipped", "one.json": "skipped",
        **{path.name: "skipped" for path in reports},
    }  # fmt: skip
    reasons = {outcome.reason for outcome in found.values() if outcome.reason}
    assert reasons == {"is a journal of convtool", "is a report of convtool"}
    for path in source.iterdir():
        assert recognise(path.read_bytes()[:4096], path.name).group == ("payload" if path.name == "a.xml" else "ours")
