"""Blocks → what a help page says: an operation with its bodies, or a type with its members or values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convtool.authoring.help_page.blocks import OPERATION, SECTIONS, Block, blocks
from convtool.authoring.help_page.words import could_be_type
from convtool.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Body", "Page", "Row", "Table", "read_page"]

_REPLIES = ("json/", "xml/")
_NOTHING = ("none.", "sample not available.")


@dataclass(frozen=True)
class Row:
    """A member as a table shows it."""

    name: str
    description: str
    type: str
    annotations: tuple[str, ...]


@dataclass
class Table:
    """A type as the page shows it: the rows of its members, or the names and numbers of an enumeration."""

    rows: list[Row] = field(default_factory=list)
    values: list[tuple[str, int]] = field(default_factory=list)
    description: str = ""


@dataclass
class Body:
    """A request's or response's body: what the page calls its type, its members, a sample in each format."""

    type: str = ""
    table: Table | None = None
    json: str = ""
    xml: str = ""

    def fill(self, other: Body) -> None:
        """Take what another page shows of the same body, where this one does not."""
        self.type, self.table = self.type or other.type, self.table or other.table
        self.json, self.xml = self.json or other.json, self.xml or other.xml

    @property
    def empty(self) -> bool:
        """Whether the operation has no such body."""
        return not (self.type or self.json or self.xml)


@dataclass
class Page:
    """A help page: of an operation (``method`` and ``path``), or of a type (``name`` and ``table``)."""

    file: str
    method: str = ""
    path: str = ""
    name: str = ""
    description: str = ""
    request: Body = field(default_factory=Body)
    response: Body = field(default_factory=Body)
    table: Table = field(default_factory=Table)


def read_page(path: Path) -> Page:
    """Read a saved help page, HTML or text; SourceError where it is none."""
    page = Page(path.name)
    reader = _Reader(page)
    for block in blocks(path):
        reader.take(block)
    if not page.method and not (page.table.rows or page.table.values):
        raise SourceError(
            f"{path}: not a help page of ASP.NET Web API or ServiceStack: it has neither a line such as "
            "'POST api/orders' nor a table of a type's members"
        )
    return page


class _Reader:
    """Takes blocks in reading order; the last headings say what they belong to."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.section = ""
        self.media = ""
        self.nothing = False  # the section says that there is nothing in it: what follows is the page's frame

    @property
    def body(self) -> Body | None:
        """The body that the section is about."""
        if self.section in ("Body Parameters", "Request Formats"):
            return self.page.request
        return self.page.response if self.section in ("Resource Description", "Response Formats") else None

    def take(self, block: Block) -> None:
        """Take one block."""
        match block.kind:
            case "heading":
                self._heading(block.text)
            case "paragraph":
                self._paragraph(block.text)
            case "sample":
                self._sample(block.text)
            case "request" | "response":
                self._message(block)
            case _:
                self._table(block)

    def _heading(self, text: str) -> None:
        operation = OPERATION.fullmatch(text)
        if operation is not None and not self.section:
            self.page.method, self.page.path = operation[1], operation[2]
            self.page.description = operation[3] or self.page.description
        elif text in SECTIONS:
            self.section, self.media, self.nothing = text, "", False
        elif self.section.endswith("Formats"):
            self.media = text
        elif not self.section:
            self.page.name = text

    def _paragraph(self, text: str) -> None:
        if not self.section:
            if (self.page.method or self.page.name) and not self.page.description:
                self.page.description = text
        elif self.section in ("Body Parameters", "Resource Description"):
            body = self.body
            self.nothing = self.nothing or text.casefold() in _NOTHING
            if body is not None and body.table is None and not self.nothing and could_be_type(text):
                body.type = text  # the last line before the table; what stands above describes it

    def _sample(self, text: str) -> None:
        body = self.body
        if body is None:
            return
        if "xml" in self.media and not body.xml:
            body.xml = text
        elif "json" in self.media and not body.json:
            body.json = text

    def _message(self, block: Block) -> None:
        """Take a message of HTTP, as ServiceStack's metadata shows one each way; a page is of one format."""
        head, _, content = block.text.replace("\r", "").partition("\n\n")
        body = self.page.request if block.kind == "request" else self.page.response
        if block.kind == "request":
            method, path, *_ = head.split()
            if not self.page.method:
                self.page.description = ""  # the frame's
            self.page.method, self.page.path = method, path.lstrip("/").partition("?")[0]
            if self.page.path.startswith(_REPLIES):  # its own routes end with the operation's name, the request's
                body.type = self.page.path.rpartition("/")[2]
        elif self.page.request.type:
            body.type = f"{self.page.request.type}Response"
        self.section = "Response Formats" if body is self.page.response else "Request Formats"
        self.media = head.partition("Content-Type:")[2].partition("\n")[0]
        self._sample(content.strip().partition("\n\n")[0])

    def _table(self, block: Block) -> None:
        table = Table()
        if block.kind == "values":
            table.values = [
                (row[0], int(row[1])) for row in block.rows if len(row) > 1 and re.fullmatch(r"-?\d+", row[1])
            ]
        else:
            table.rows = [_row(cells) for cells in block.rows if len(cells) >= 3]  # name, description, type
        body = self.body
        if body is not None and body.table is None:
            body.table = table
        elif not self.section:
            table.description = self.page.description
            self.page.table = table


def _row(cells: list[str]) -> Row:
    annotations = cells[3].split("\n") if len(cells) > 3 else []  # the fourth cell
    return Row(cells[0], cells[1].replace("\n", " "), cells[2], tuple(a for a in annotations if a and a != "None."))
