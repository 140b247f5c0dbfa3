"""What is no payload is told apart from what is a bad one, wherever it lies."""

from __future__ import annotations

import gzip
import random
from typing import TYPE_CHECKING

import pytest

from convtool.batch import Outcome, run
from convtool.places import LIMITS, listing, open_found
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


def done(source: Path) -> dict[str, Outcome]:
    with run([str(source)]) as going:
        return {outcome.name.removeprefix(f"{source}/"): outcome for outcome in going}


@pytest.mark.parametrize("form", ["folder", "zip", "tar"])
def test_captures_are_skipped_and_the_reason_says_what_they_are(tmp_path: Path, form: str) -> None:
    contents = {name: data for name, (_, data) in CAPTURES.items()}
    source = tmp_path / f"source.{form}"
    if form == "folder":
        source.mkdir()
        for name, data in contents.items():
            (source / name).write_bytes(data)
    else:
        source.write_bytes((zipped if form == "zip" else tarred)(contents))
    found = done(source)
    assert {name: (outcome.status, outcome.reason) for name, outcome in found.items()} == {
        name: ("skipped", f"is a capture ({kind}), not a payload: `convtool extract` takes the payloads out of it")
        for name, (kind, _) in CAPTURES.items()
    }


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


def test_a_large_file_that_is_no_payload_is_skipped_like_a_small_one(tmp_path: Path) -> None:
    for name, size in (("small", 0), ("large", 5 << 20)):
        (tmp_path / f"{name}.json").write_bytes(b'{"Nom": 1, "Texte": "%s"}' % (b"x" * size))
        (tmp_path / f"{name}.xml").write_bytes(b"<Autre>%s</Autre>" % (b"x" * size))
    assert {name: outcome.status for name, outcome in done(tmp_path).items()} == dict.fromkeys(
        ("small.json", "small.xml", "large.json", "large.xml"), "skipped"
    )
