import bz2
import gzip
import lzma

import pytest

from convtool.findings import Findings, Location
from convtool.formats.text import Text, decode, from_str


def refused(data: bytes) -> str:
    """Give the message for bytes that are no text."""
    findings = Findings()
    assert decode(data, findings) is None
    (found,) = findings.found
    assert found.code == "input.encoding"
    return found.message


# --- encodings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "encoding", "offset"),
    [
        ("<é/>".encode(), "utf-8", 0),
        (b"\xef\xbb\xbf" + "<é/>".encode(), "utf-8", 3),
        (b"\xff\xfe" + "<é/>".encode("utf-16-le"), "utf-16-le", 2),
        (b"\xfe\xff" + "<é/>".encode("utf-16-be"), "utf-16-be", 2),
    ],
)
def test_what_is_taken(data: bytes, encoding: str, offset: int) -> None:
    text = decode(data, Findings())
    assert text is not None
    assert (text.data, text.string, text.encoding) == ("<é/>".encode(), "<é/>", encoding)
    assert text.locate(0) == Location(1, 1, offset)
    assert text.locate(3) == Location(1, 3, offset + (3 if encoding == "utf-8" else 4))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("<a/>".encode("utf-32"), "UTF-32"),
        (b"\x00\x00\xfe\xff" + "<a/>".encode("utf-32-be"), "UTF-32"),
        ("<a/>".encode("utf-16-le"), "NUL bytes"),
        ("<a/>".encode("utf-16-be"), "NUL bytes"),
        ("<é/>".encode("latin-1"), "E9"),
        (gzip.compress(b"<a/>", mtime=0), "compressed (gzip)"),
        (bz2.compress(b"<a/>"), "compressed (bzip2)"),
        (lzma.compress(b"<a/>"), "compressed (xz)"),
        (b"(\xb5/\xfd\x04X!\0\0<a/>", "compressed (Zstandard)"),
        (b"\xed\xa0\x80", "ED"),
        (b"\xc0\xbc", "C0"),
        (b"\xff\xfe<\x00\x00\xd8", "UTF-16"),
        (b"\xff\xfe<", "UTF-16"),
    ],
)
def test_what_is_refused(data: bytes, says: str) -> None:
    assert says in refused(data)


def test_a_bad_byte_has_its_place() -> None:
    findings = Findings()
    decode(b"<a>\n  caf\xe9</a>", findings)
    (found,) = findings.found
    assert found.location == Location(2, 6, 9)
    assert "Latin-1" in found.hint


def test_text_that_came_as_text() -> None:
    text = from_str("\ufeff<é/>", Findings())
    assert text is not None
    assert (text.data, text.came_as_text) == ("<é/>".encode(), True)
    findings = Findings()
    assert from_str("a\ud800", findings) is None
    assert "Character 1" in findings.found[0].message


# --- places ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ascending", [True, False])
def test_places_count_characters_and_bytes(ascending: bool) -> None:
    text = Text("aé\nbé😀".encode())
    expected = {0: (1, 1), 1: (1, 2), 3: (1, 3), 4: (2, 1), 5: (2, 2), 7: (2, 3), 11: (2, 4)}
    for offset in sorted(expected, reverse=not ascending):
        assert text.locate(offset) == Location(*expected[offset], offset)


def test_an_excerpt_shows_one_line_and_a_limited_span() -> None:
    text = Text(b"first\nbefore[span]after\nlast")
    excerpt = text.excerpt(12, 18)
    assert (excerpt.before, excerpt.span, excerpt.after) == ("before", "[span]", "after")
    over = text.excerpt(12, 28)
    assert (over.span, over.after) == ("[span]after", "")
    long = Text(b"x" * 1000)
    assert (len(long.excerpt(500, 900).before), len(long.excerpt(500, 900).span)) == (40, 80)
    assert long.excerpt(1000, 1000).span == ""


def test_a_text_that_is_a_part_shows_what_stands_around_it() -> None:
    text = Text(b"part", head="before ", tail=" after")
    assert text.excerpt(0, 4).before == "before "
    assert text.excerpt(0, 4).after == " after"
