"""The outcomes themselves: one JSON document with the counts before them, or a line of JSON for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from convtool.shown import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.outcome import Outcome
    from convtool.reports.about import About

__all__ = ["document", "lines"]

_VERSION = 2  # of the document; raised when a reader of the old form would misunderstand the new one


def document(about: About, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the document that ``run.schema.json`` describes."""
    counts = msgspec.to_builtins(about.summary)
    for name in ("contracts", "codes", "reasons", "left_out"):  # which come in the order in which the work was done
        counts[name] = dict(sorted(counts[name].items()))
    for name in ("codes", "reasons", "left_out"):
        for row in counts[name].values():
            row["first"] = [place for _, place in row["first"]]
    head = {
        "version": _VERSION,
        "convtool": about.version,
        "verb": about.verb,
        "interrupted": about.interrupted,
        "summary": counts,
    }
    text = json_text(msgspec.json.format(msgspec.json.encode(head), indent=2).decode())
    yield text.removesuffix("\n}") + ',\n  "outcomes": ['
    between = "\n    "
    for outcome in outcomes:
        yield between + json_text(msgspec.json.encode(outcome).decode())
        between = ",\n    "
    yield "\n  ]\n}\n"


def lines(_: About, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield a line for each outcome, as in the journal."""
    for outcome in outcomes:
        yield json_text(msgspec.json.encode(outcome).decode()) + "\n"
