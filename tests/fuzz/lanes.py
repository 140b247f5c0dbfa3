"""The engine against the careful lane: findings, records, values and bytes, whole and in pieces, are the same.

A document is looked at whole or in pieces: more of them find more than both looks at each. Where the engine takes
nothing of a document both lanes are the careful one, but for handing the document over: of these one in eight is
compared, and the others are counted apart.
"""

from __future__ import annotations

from convtool.engine import State
from tests.engine.support import disagreement, feed
from tests.fuzz.documents import document
from tests.fuzz.payloads import Finding

__all__ = ["one"]

_LEFT = 1 / 8  # of the documents that the engine takes nothing of


def one(number: int, *, few: bool = False) -> str:
    """Try document ``number``; give what came of it. Finding where the lanes differ."""
    this = document(number, few=few)
    engine = this.of.lane.engine()
    if engine is None:
        return "of contracts without a program"
    state, _, records = feed(engine, this.form, "", this.data)
    if state != State.DONE and not records and this.random.random() > _LEFT:
        return "left alone"
    whole = not this.size or this.random.random() < 0.5
    wrong = disagreement(
        this.of, this.form, this.data, this.profile, lossless=this.lossless, size=0 if whole else this.size, to=this.to,
        in_pieces_only=not whole,
    )  # fmt: skip
    if wrong:
        raise Finding(f"{this}\n  {wrong}")
    return "compared"
