"""A saved help page, HTML or text → blocks in reading order: headings, paragraphs, tables and sample texts.

The markup is that of the package Microsoft.AspNet.WebApi.HelpPage: ``<h1>`` to ``<h4>``, ``table.help-page-table``
with a paragraph per cell, ``<pre class="wrapped">``. A text is what a browser copies or saves of it: one line per
paragraph, the cells of a row one after the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from convtool.authoring.help_page.words import is_type
from convtool.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lxml.html import HtmlElement

__all__ = ["OPERATION", "SECTIONS", "Block", "blocks"]

_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
# A method and a path; people write what it does, or which version of HTTP, behind it.
OPERATION = re.compile(rf"({_METHODS}) (\S*/\S*|\S+(?=$))(?: HTTP/[\d.]+)?(?:\s+(\S.*))?")
# The first line of a message: a request has a method, a response a status.
_MESSAGE = re.compile(rf"(?:({_METHODS}) \S+ HTTP/[\d.]+|HTTP/[\d.]+ \d{{3}}\b.*)\s*")
SECTIONS = (
    "Request Information", "URI Parameters", "Body Parameters", "Request Formats", "Response Information",
    "Resource Description", "Response Formats",
)  # fmt: skip
_MEDIA = re.compile(r"(?:application|text|multipart)/[\w.+-]+(?:, *(?:application|text|multipart)/[\w.+-]+)*")
_MEMBERS = re.compile(r"Name\s*Description\s*Type\s*Additional information")
_VALUES = re.compile(r"Name\s*Value\s*Description")
# What the page's generator writes for the attributes of System.ComponentModel.DataAnnotations, and for none.
_ANNOTATION = re.compile(
    r"None\.|Required|(?:Range|Max length|Min length|String length|Data type|Matching regular expression pattern|"
    r"Default value): ?.*"
)
_BARRED = re.compile(
    r"\|?\s*Name\s*\|\s*(?:Description\s*\|\s*Type\s*\|\s*Additional information|Value\s*\|\s*Description)\s*\|?"
)
_BAR = re.compile(r"^\||\|$")
_NAMED = re.compile(r'"([^"\\]*)"\s*:|<(?:[\w.-]+:)?([\w.-]+)[\s/>]')
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"-?\d+")
_SPACE = re.compile(r"\s+")
_BREAKING = {
    "address",
    "article",
    "body",
    "div",
    "dl",
    "footer",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "ul",
}
_SKIPPED = {"script", "style", "head", "template", "noscript"}


@dataclass
class Block:
    """``kind`` is heading, paragraph, members, values (of an enumeration), sample, request or response.

    Tables have rows of cells; requests and responses are whole messages of HTTP, as ServiceStack shows them.
    """

    kind: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)


def blocks(path: Path) -> list[Block]:
    """Read a saved page; SourceError where it cannot be read. Its form is seen from its first character."""
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise SourceError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return list(_html(data, path))
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: a page saved as text is UTF-8 or UTF-16 with a mark: {error}") from None
    return list(_text(text.splitlines()))


# --- HTML -----------------------------------------------------------------------------------------------------------


def _html(data: bytes, path: Path) -> Iterator[Block]:
    from lxml import etree, html

    encoding = "utf-8" if _is_utf8(data) else None  # what the page itself says counts where it is not
    try:
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding=encoding, no_network=True))
    except (etree.LxmlError, ValueError) as error:
        raise SourceError(f"{path}: not a readable HTML page: {error}") from None
    yield from _Walk().blocks(root)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Walk:
    """Goes through a document; text that stands between block elements is gathered into paragraphs."""

    def __init__(self) -> None:
        self.pending: list[str] = []

    def blocks(self, root: HtmlElement) -> Iterator[Block]:
        yield from self._element(root)
        yield from self._flush()

    def _flush(self) -> Iterator[Block]:
        text = _plain("".join(self.pending))
        self.pending = []
        if text:
            yield Block("paragraph", text)

    def _element(self, element: HtmlElement) -> Iterator[Block]:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return
        own = self._own(element, tag)
        if own is not None:
            yield from self._flush()
            yield from own
            return
        if tag in _BREAKING:
            yield from self._flush()
        self.pending.append(element.text or ("\n" if tag == "br" else ""))
        for child in element:
            yield from self._element(child)
            self.pending.append(child.tail or "")
        if tag in _BREAKING:
            yield from self._flush()

    def _own(self, element: HtmlElement, tag: str) -> list[Block] | None:
        """Give the blocks of an element that is one, or None."""
        if re.fullmatch("h[1-6]", tag):
            return [Block("heading", _plain(element.text_content()))]
        if tag == "pre":
            text = element.text_content().strip()
            message = _MESSAGE.fullmatch(text.partition("\n")[0])
            return [Block(("request" if message[1] else "response") if message else "sample", text)]
        if tag != "table":
            return None
        rows = [[_cell(cell) for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
        head, body = " ".join(rows[0]) if rows else "", rows[1:]
        if _MEMBERS.fullmatch(head):
            return [Block("members", rows=body)]
        return [Block("values", rows=body)] if _VALUES.fullmatch(head) else []


def _cell(cell: HtmlElement) -> str:
    paragraphs = [_plain(part.text_content()) for part in cell.iter("p")]
    return "\n".join(part for part in paragraphs if part) or _plain(cell.text_content())


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


# --- text -----------------------------------------------------------------------------------------------------------


def _text(lines: list[str]) -> Iterator[Block]:
    lines = [line for text in lines for line in _without_bars(text)] if _has_bars(lines) else lines
    known = _names_in_samples("\n".join(lines))
    at = 0
    started = False
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if not line:
            continue
        if message := _MESSAGE.fullmatch(line):
            end = _until(lines, at, lambda text: bool(_MESSAGE.fullmatch(text)))
            yield Block("request" if message[1] else "response", "\n".join([line, *lines[at:end]]))
            at = end
        elif not started and (OPERATION.fullmatch(line) or _first_of_type(lines, at)):
            started = True
            yield Block("heading", line)
        elif _is_heading(line):
            yield Block("heading", line)
        elif line == "Sample:":
            end = _until(lines, at, _is_heading)
            text = "\n".join(lines[at:end]).strip()
            yield Block("sample" if text.startswith(("<", "{", "[", '"')) else "paragraph", text)
            at = end
        elif _MEMBERS.fullmatch(line) or _VALUES.fullmatch(line):
            end = _until(lines, at, _is_heading)
            cells = [cell.strip() for text in lines[at:end] for cell in text.split("\t") if cell.strip()]
            yield Block("members", rows=list(_rows(cells, known))) if _MEMBERS.fullmatch(line) else _values(cells)
            at = end
        else:
            yield Block("paragraph", line)


def _is_heading(line: str) -> bool:
    return line in SECTIONS or bool(_MEDIA.fullmatch(line))


def _first_of_type(lines: list[str], at: int) -> bool:
    """Tell whether a page of a type begins here: nothing of an operation follows, and a table does."""
    rest = [line.strip() for line in lines[at - 1 :]]
    return not any(OPERATION.fullmatch(line) or _MESSAGE.fullmatch(line) for line in rest) and any(
        _MEMBERS.fullmatch(line) or _VALUES.fullmatch(line) for line in rest
    )


def _until(lines: list[str], at: int, stops: Callable[[str], bool]) -> int:
    while at < len(lines) and not stops(lines[at].strip()):
        at += 1
    return at


def _has_bars(lines: list[str]) -> bool:
    return any(_BARRED.search(line) for line in lines)


def _without_bars(line: str) -> list[str]:
    """Give the cells of a line of a table in Markdown, a line each, its head as a browser copies it."""
    if head := _BARRED.search(line):
        return [line[: head.start()], " ".join(re.split(r"\s*\|\s*", head[0]))]
    if "|" not in line or not _BAR.search(line.strip()):
        return [line]
    return [cell for cell in line.split("|") if cell.strip(" -:")]


def _names_in_samples(text: str) -> set[str]:
    """Give the names of members in a page's samples, in lower case: JSON's and XML's."""
    return {(found[1] or found[2] or "").lower() for found in _NAMED.finditer(text)}  # `"":` has no letter


def _rows(cells: list[str], known: set[str]) -> Iterator[list[str]]:
    """Tell rows apart: name, description (or none), type, annotations.

    The generator's own annotations end a row, and so does the name of a member, ``known`` from a sample, behind a type
    that the page has a word for: people add annotations of their own. What is no row ends the table.
    """
    row: list[str] = []
    for index, cell in enumerate(cells):
        row.append(cell)
        following = cells[index + 1] if index + 1 < len(cells) else ""
        if len(row) == 2 and _ANNOTATION.fullmatch(cell):
            return  # a heading, and that there is nothing below it
        stock = len(row) > 2 and bool(_ANNOTATION.fullmatch(cell))
        # Behind an annotation a further one may stand: of several words, which no member's name has.
        further = _ANNOTATION.fullmatch(following) or (" " in following and cell != "None.")
        typed = any(is_type(one) for one in row[1:-1])
        if not following or (stock and not further) or (typed and following.lower() in known):
            if not (stock or typed or any(map(_ANNOTATION.fullmatch, row))):
                return
            made = _row(row)
            if known and made[0].lower() not in known and not is_type(made[2]):
                return
            yield made
            row = []


def _row(cells: list[str]) -> list[str]:
    stock = next((at for at, text in enumerate(cells) if at > 1 and _ANNOTATION.fullmatch(text)), len(cells))
    words = [at for at, text in enumerate(cells[:stock]) if at > 0 and is_type(text)]
    at = words[-1] if words else min(stock, len(cells) - 1) - 1
    return [cells[0], "\n".join(cells[1:at]), cells[at], "\n".join(cells[at + 1 :])]


def _values(cells: list[str]) -> Block:
    """Names, numbers and descriptions, where there are any: a description is what no name and number stand for."""
    rows: list[list[str]] = []
    for name, number in pairwise(cells):
        if _IDENTIFIER.fullmatch(name) and _NUMBER.fullmatch(number):
            rows.append([name, number, ""])
    return Block("values", rows=rows)
