"""Comments and instructions are bounded wherever they stand, by every road; many short ones cost no memory."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

import convtool
from convtool.formats.filler import HUGE, endless_tag, has_long_notes, has_long_prolog, unending
from convtool.limits import LIMITS
from tests.security.test_white_space import roads
from tests.support import LIST, PARAM, listed, param

if TYPE_CHECKING:
    from pathlib import Path

MOST = LIMITS.comment
GOOD = "<ReponseV2Model><ProduitId>1</ProduitId></ReponseV2Model>"
WITHIN = "<ReponseV2Model>@<ProduitId>1</ProduitId></ReponseV2Model>"
# Documents with @ for a comment.
XML = {
    "between": (LIST, listed(GOOD + "@" + GOOD)),
    "record": (LIST, listed(GOOD + WITHIN + GOOD)),
    "behind": (LIST, listed(GOOD) + b"@"),
    "one": (PARAM, param("@")),
    "behind-one": (PARAM, param("") + b"@"),
}
JSON = {
    "between": (LIST, b"[{},@{}]"),
    "record": (LIST, b"[{@}]"),
    "before": (LIST, b"@[{}]"),
    "behind": (LIST, b"[{}]@"),
    "one": (PARAM, b"{@}"),
}


def errors(contract: str, data: bytes) -> dict[str, set[tuple[str, int | None]]]:
    """Give the errors, with their offsets, that each road has of a payload."""
    codec, found = convtool.contract(contract), {}
    for road, go in roads(codec, data).items():
        try:
            report = go()
        except convtool.PayloadError as error:
            report = error.report
        said = report if isinstance(report, convtool.Report) else ()
        found[road] = {(one.code, one.location and one.location.offset) for one in said if one.severity == "error"}
    return found


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("letter", ["y", ">", "-é"])
@pytest.mark.parametrize("size", [MOST, MOST + 1, 6 * MOST])
@pytest.mark.short(2)
def test_xml(name: str, letter: str, size: int) -> None:
    contract, document = XML[name]
    comment = (letter * size)[: size - 1] + "x"
    data, at = document.replace(b"@", f"<!--{comment}-->".encode()), document.index(b"@")
    wanted = {("limit.comment", at)} if size > MOST else set()
    assert [road for road, found in errors(contract, data).items() if found != wanted] == []


@pytest.mark.parametrize("size", [MOST // 2, MOST - 300, MOST])
@pytest.mark.parametrize("bad", ["", "<x/>"])
def test_no_record_is_lost_behind_a_long_comment(size: int, bad: str) -> None:
    # Some versions of expat wait with a token that comes in pieces until twice as much has come.
    data = listed(WITHIN.replace("@", bad) + "<!--" + "y" * size + "-->" + GOOD + WITHIN.replace("@", bad) + GOOD)
    report = convtool.contract(LIST).validate(io.BytesIO(data))
    assert report.records == (2 if bad else 4)
    assert sum(one.code == "member.unknown" for one in report) == (2 if bad else 0)


@pytest.mark.parametrize("size", [MOST + 1, 6 * MOST])
@pytest.mark.long
def test_instructions_and_what_stands_before_the_root(size: int) -> None:
    for data, at in (
        (listed(GOOD + "<?a " + "y" * size + "?>" + GOOD), listed(GOOD).index(b"</Array")),
        (b"<!--" + b"y" * size + b"-->" + listed(GOOD), 0),
        (b"<?xml version='1.0'?>" + b"<!--y-->" * (size // 8 + 1) + listed(GOOD), None),
        (b"<!---->" + b" " * (MOST + 1) + listed(GOOD), 7 + MOST + 1),
    ):
        found = errors(LIST, data)
        assert {code for said in found.values() for code, _ in said} == {"limit.comment"}
        assert len({place for said in found.values() for _, place in said}) == 1
        assert at is None or all(said == {("limit.comment", at)} for said in found.values())
        if b"<?a" not in data:
            with pytest.raises(convtool.PayloadError, match=r"limit\.comment"):
                convtool.detect(data)


@pytest.mark.parametrize("name", JSON)
@pytest.mark.parametrize("comment", ["/*%s*/", "//%s\n"])
@pytest.mark.short(5)
def test_json(name: str, comment: str) -> None:
    contract, document = JSON[name]
    data, at = document.replace(b"@", (comment % ("y" * MOST)).encode()), document.index(b"@")
    assert [road for road, found in errors(contract, data).items() if found != {("limit.comment", at)}] == []


@pytest.mark.parametrize(
    "document", ["[{}@,{}]", "[{},@{}]", "[@{}]", "[{}]@", "@[{}]", '[{"ProduitId":1 @},{}]', "[{}@]", "[@"]
)
@pytest.mark.parametrize("note", [f"/*{'y' * 996}*/", f"//{'y' * 900}\n", f"/*{'y' * 500}*/ \n"], ids=len)
@pytest.mark.short(3)
def test_comments_of_json_in_a_row(document: str, note: str) -> None:
    most = MOST // len(note.strip())
    for times, wanted in ((most, 0), (most + 1, 1), (6 * most, 1)):
        data = document.replace("@", note * times).encode()
        found = errors(LIST, data)
        places = {(code, at) for said in found.values() for code, at in said if code == "limit.comment"}
        assert places == ({("limit.comment", document.index("@") + len(note) * most)} if wanted else set())
        assert all(any(code == "limit.comment" for code, _ in said) == wanted for said in found.values())


@pytest.mark.parametrize("text", ["<!-- %s", "<?php %s", "<!-- <?php %s -->"])
@pytest.mark.long
def test_a_section_may_look_like_a_comment(text: str) -> None:
    inside = text % ("y" * 6 * MOST)
    data = listed(
        f"<ReponseV2Model><NomProduit><![CDATA[{inside}]]></NomProduit><ProduitId>1</ProduitId></ReponseV2Model>"
    )
    assert set().union(*errors(LIST, data).values()) == set()
    assert unending(data) == -1
    assert unending(data[: -len("]]></NomProduit>") - 120]) == -1


@pytest.mark.parametrize("comment", ["/*%s*/", "//%s\n"])
def test_a_comment_behind_white_space_is_seen_early(comment: str) -> None:
    data = b'[{"NomProduit": \n ' + (comment % ("y" * 40 * MOST)).encode() + b'"a"}]'
    file = io.BytesIO(data)
    with pytest.raises(convtool.PayloadError, match=r"limit\.comment"):
        convtool.contract(LIST).convert_stream(file, io.BytesIO(), to="xml")
    assert file.tell() < 8 * MOST
    with pytest.raises(convtool.PayloadError, match=r"limit\.comment"):
        convtool.detect(data)


@pytest.mark.parametrize("start", [b"{", b'{"ProduitId":'])
def test_white_space_before_json_is_no_prolog(start: bytes) -> None:
    behind = b"1}" if start != b"{" else b"}"
    data = b" " * (MOST + 9) + start + b" " * (LIMITS.space - 8) + behind
    assert [road for road, found in errors(PARAM, data).items() if found] == []


def test_what_may_be_too_long() -> None:
    assert not has_long_prolog(b"<!--" + b"y" * (MOST - 7) + b"--><a/>")
    assert has_long_prolog(b"<!--" + b"y" * (MOST + 1) + b"--><a/>")
    assert has_long_prolog(b" " * (MOST + 1) + b"<a/>")
    for before in range(0, MOST, MOST // 7):
        data = b"<a>" + b"x" * before + b"<!-->" + b"y" * MOST + b"--></a>" + b"<!---->" * 3
        assert has_long_notes(data)
        assert not has_long_notes(data.replace(b"y" * MOST, b"y" * (MOST - 9)))


def test_a_pipe_of_one_comment_is_given_up(tmp_path: Path) -> None:
    class Endless(io.RawIOBase):
        """A document that begins with a comment which does not end."""

        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            buffer[:] = (b"<!--" if not self.given else b"").ljust(len(buffer), b"y")
            self.given += len(buffer)
            return len(buffer)

    endless = Endless()
    with pytest.raises(convtool.PayloadError, match=r"limit\.comment"):
        convtool.contract(LIST).convert_stream(endless, io.BytesIO(), to="json")
    assert endless.given < 16 * MOST


@pytest.mark.parametrize(
    "before",
    [
        "<a>",
        "</a>",
        "<a b='>'>",
        "<a b='\"'>",
        "<!-- it's -->",
        "<!--<a b='-->",
        "<?a 'b?>",
        "<![CDATA[a<b 'c]]>",
        "<![CDATA[<",
    ],
)
def test_a_text_is_no_tag_that_does_not_end(before: str) -> None:
    data = "<Root>" + before + "y" * 5 * HUGE
    assert endless_tag(data) == endless_tag(data.encode()) == -1


@pytest.mark.parametrize("tag", ["<a b='", "<a b='>", "<", "</", "<a b=\"'\" c='", "<a>< "])
def test_a_tag_that_does_not_end(tag: str) -> None:
    data = "<Root><!--<--><![CDATA[<]]>" + tag + "y" * 5 * HUGE
    assert endless_tag(data) == endless_tag(data.encode()) == data.rindex("<")


def test_a_long_text_behind_a_quote_that_is_none(tmp_path: Path) -> None:
    path, size = tmp_path / "payload.xml", 5 * HUGE
    path.write_bytes(listed(WITHIN.replace("@", f"<NomProduit><!-- it's -->{'y' * size}</NomProduit>")))
    assert errors(LIST, path.read_bytes()) == {road: set() for road in errors(LIST, path.read_bytes())}
