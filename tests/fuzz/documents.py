"""Documents at random, each the function of its number: of contracts that change with every block of numbers.

A document is one of a contract's own, in another layout or with other values (``layouts``), or damaged (``mutate``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any

from tests.fuzz.corpora import BUNDLED, Known, drawn, recorded
from tests.fuzz.layouts import respelled
from tests.fuzz.mutate import mutate

if TYPE_CHECKING:
    from convtool.convert import Codec

__all__ = ["BLOCK", "Document", "document", "ready"]

BLOCK = 50_000  # documents that share their contracts
_RECORDED, _DRAWN = 40, 120  # contracts of a block; those that say little are not kept
_LONGEST = 20_000
_DAMAGED, _FORMS = 0.25, 0.1
_TIMES = (0, 1, 1, 1, 2, 2, 3)  # changes of layout or values


@dataclass(frozen=True, slots=True)
class Document:
    """A document, and how it is to be read."""

    number: int
    of: Codec
    form: str
    data: bytes
    profile: Any
    lossless: bool
    size: int  # of the pieces in which it is read, as well as whole; 0: only whole
    to: str
    random: Random

    def __str__(self) -> str:
        how = f"{self.profile} lossless={self.lossless} size={self.size} to={self.to}"
        return f"input {self.number}, {self.of.name} {self.form} {how}\n  {self.data!r}"


@lru_cache(maxsize=1)
def _contracts(block: int) -> list[Known]:
    """Give the contracts of a block: the bundled ones, some of the recorded, and drawn ones of its own."""
    known = recorded()
    return [*known[: len(BUNDLED)], *Random(block).sample(known, _RECORDED), *drawn(_DRAWN, block)]


def ready(number: int, *, few: bool) -> list[Known]:
    """Give the contracts of a document; loading those of another block takes seconds."""
    return recorded(12) if few else _contracts(number // BLOCK)


def document(number: int, *, few: bool = False, forms: bool = False) -> Document:
    """Give document ``number``; ``few``: of a dozen contracts, which are there at once; ``forms``: forms, too."""
    random = Random(number)
    known = random.choice(ready(number, few=few))
    form = random.choice(("xml", "json"))
    if forms and random.random() < _FORMS and (posted := known.forms()):
        form, data = "form", random.choice(posted)
    else:
        data = random.choice(known.documents[form])
    for _ in range(0 if form == "form" else random.choice(_TIMES)):
        data = respelled(random, form, data)
    if form == "form" or random.random() < _DAMAGED:
        data = mutate(random, form, [data])
    if random.random() < 0.02 and form == "xml":
        data = data.decode("utf-8", "replace").encode("utf-16")
    listed = known.codec.model.item is not None
    if form == "json" and listed and random.random() < 0.1 and data[:1] + data[-1:] == b"[]":
        data = data[1:-1].replace(b"},{", b"}\n{")
    return Document(
        number, known.codec, form, data[:_LONGEST], random.choice(("strict", "strict", "dotnet")),
        random.random() < 0.15, random.choice((0, 0, 1, 3, 17, 100, random.randint(1, len(data) + 1))),
        random.choice(("xml", "json", "ndjson") if listed else ("xml", "json")), random,
    )  # fmt: skip
