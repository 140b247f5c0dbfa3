"""Makes the documents: once, streamed to files, and checked record by record while they are made."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

from lxml import etree

from benchmarks.compare import record_value
from benchmarks.documents import FOLDER, FORMATS, SEED, Document
from benchmarks.layouts import LAYOUTS
from benchmarks.records import CONTENTS, Pair, giant
from benchmarks.shape import CONTRACT, NAMESPACE, XSI

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["describe", "make", "text"]

_HEAD = Pair(f'<{CONTRACT} xmlns:i="{XSI}" xmlns="{NAMESPACE}">', "[")
_TAIL = Pair(f"</{CONTRACT}>", "]")


def make(document: Document) -> None:
    """Make the document's files, and its wire forms, unless they are there."""
    for layout in dict.fromkeys(("wire", document.layout)):
        made = Document(document.content, layout, document.size)
        if not all(made.path(form).exists() for form in FORMATS):
            _write(made)


def text(document: Document) -> Pair:
    """Give the whole document as text: for small ones."""
    return Pair("".join(part.xml for part in _parts(document)), "".join(part.json for part in _parts(document)))


def _write(document: Document) -> None:
    FOLDER.mkdir(exist_ok=True)
    unfinished = [document.path(form).with_suffix(f".{form}.part") for form in FORMATS]
    xml, json_ = (path.open("w", encoding="utf-8", newline="") for path in unfinished)
    with xml, json_:
        for part in _parts(document):
            xml.write(part.xml)
            json_.write(part.json)
    for path, form in zip(unfinished, FORMATS, strict=True):
        path.replace(document.path(form))  # a file under its final name is whole


def _parts(document: Document) -> Iterator[Pair]:
    """Give the document's text piece by piece, each record checked to be the same value in both formats."""
    lay_out = LAYOUTS[document.layout]
    close = "\n" if document.layout == "pretty" else ""
    comma = ""
    yield _HEAD
    for record in _records(document):
        _check(record)
        laid = lay_out(record)
        if laid is not record:
            _check(laid)
        yield Pair(laid.xml, comma + laid.json)
        comma = ","
    yield Pair(close + _TAIL.xml, close + _TAIL.json)


def _records(document: Document) -> Iterator[Pair]:
    """Give records until the wire form of the XML has the size asked for."""
    rng = Random(f"{SEED}-{document.content}-{document.size}")
    left = document.target
    if document.content == "single":
        yield giant(rng, left)
        return
    for record in CONTENTS[document.content](rng):
        yield record
        left -= len(record.xml.encode())
        if left <= 0:
            return


def _check(pair: Pair) -> None:
    """Raise ValueError unless lxml and json read the same value from the two texts of a record, in the right order."""
    root = etree.fromstring(f"{_HEAD.xml}{pair.xml}{_TAIL.xml}".encode())
    (element,) = root.iterchildren(tag=etree.Element)
    if record_value(element) != json.loads(pair.json):
        raise ValueError(f"the generator made two different records: {pair.xml[:300]} and {pair.json[:300]}")


def describe(document: Document) -> str:
    """Give one line about the document: its name and the sizes of its files."""
    sizes = [f"{form.upper()} {document.path(form).stat().st_size / 1e6:.3g} MB" for form in FORMATS]
    return f"{document.name}: {', '.join(sizes)}"
