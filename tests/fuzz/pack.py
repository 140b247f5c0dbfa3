"""A pack for the fuzzers in C: programs of contracts, small documents of each, and the words that changes put in.

    python -m tests.fuzz.pack FILE [--drawn 300] [--seed 0]

Its layout is read by ``open_pack`` in ``native/harness.h``: "cvfuzz" and two NULs; tables of words; the number of the
programs, and for each its bytes and the tables of its documents in XML and in JSON. A table is a number and so many
texts, a text its length and its bytes; numbers have four bytes, in this machine's order.
"""

from __future__ import annotations

import argparse
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from convtool.formats.xml.layout import Layout
from convtool.model.program import program
from tests.fuzz import vocabulary as words
from tests.fuzz.corpora import drawn, recorded

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["pack"]

_MAGIC = b"cvfuzz\0\0"
# In the order of the W_ numbers in native/mutate.h.
_TABLES = (
    words.BYTES, words.TEXTS, words.ATTRIBUTES, words.INSERTED_XML, words.BEFORE, words.SPACES, words.VALUES,
    words.MEMBERS,
)  # fmt: skip


def _number(number: int) -> bytes:
    return struct.pack("=I", number)


def _text(text: str | bytes) -> bytes:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return _number(len(data)) + data


def _table(texts: Iterable[str | bytes]) -> bytes:
    found = [_text(text) for text in texts]
    return _number(len(found)) + b"".join(found)


def pack(limit: int | None, number: int, seed: int) -> bytes:
    """Give a pack of so many recorded contracts (None: all) and so many drawn ones."""
    made = []
    for known in [*recorded(limit), *(drawn(number, seed) if number else [])]:
        of = program(known.codec.model, Layout(known.codec.model), 20)
        if of is not None:
            made.append(_text(of.data) + _table(known.documents["xml"]) + _table(known.documents["json"]))
    return b"".join([_MAGIC, *map(_table, _TABLES), _number(len(made)), *made])


def main() -> None:
    """Write a pack as the options say."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.pack", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--recorded", type=int, help="at most so many recorded contracts (all)")
    parser.add_argument("--drawn", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.file.write_bytes(pack(options.recorded, options.drawn, options.seed))


if __name__ == "__main__":
    main()
