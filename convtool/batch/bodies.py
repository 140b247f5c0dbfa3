"""The bodies of many captures in one tree: a folder for each capture, with its index, and an index of the folders."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

import msgspec

from convtool.batch.choose import Destination
from convtool.batch.clashes import settled
from convtool.batch.items import Items
from convtool.batch.perform import opened_item
from convtool.batch.plan import expanded, make_plan
from convtool.batch.tasks import cut
from convtool.captures import extract
from convtool.captures.extracting import INDEX, INDEX_VERSION
from convtool.errors import ConvtoolError
from convtool.outcome import shown, source_name
from convtool.places import atomic_writer
from convtool.recognise import unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from convtool.batch.model import Item
    from convtool.captures import Judgement
    from convtool.catalog import Catalog
    from convtool.findings import Report
    from convtool.job import Job
    from convtool.places import Found

__all__ = ["Took", "extract_all"]


class Took(NamedTuple):
    """What came of an exchange of a capture, or of a capture that could not be read: then ``reason`` says why.

    A capture without exchanges has neither.
    ``files``: what has been written, below the tree; ``losses``: what these would not give back. A file that is no
    capture has a reason, and is not ``bad``.
    """

    name: str
    judgement: Judgement | None = None
    files: tuple[str, ...] = ()
    reason: str = ""
    bad: bool = False
    losses: tuple[Report, ...] = ()


def extract_all(sources: Sequence[str], folder: str, catalog: Catalog, job: Job, **wanted: Any) -> Iterator[Took]:
    """Write the bodies of all captures among sources (files, folders, archives, patterns) into a tree.

    Each capture has a folder of its own, called as the capture is below its source; one that differs by case alone from
    another has a number. What somebody has named is taken for a capture, whatever it is. ``wanted``: what
    ``captures.extract`` takes; errors as it has them where the tree cannot be written.
    """
    plan = make_plan(job, list(expanded(sources)), Destination(), ours=[folder])
    in_tree = (msgspec.structs.replace(item, target=_folder(item.found)) for item in plan.items)
    items = settled(Items(in_tree), "suffix")
    rows: list[dict[str, Any]] = []
    for item in (item for task in cut(items, len(items), plan.size, job.limits, 1) for item in task.items):
        bodies = 0
        for took in _taken(item, folder, catalog, job, wanted):
            bodies += len(took.files)
            yield took
            if took.judgement is not None and (not rows or rows[-1]["folder"] != item.target):
                rows.append({"capture": shown(took.name), "folder": item.target, "bodies": 0})
        if rows and rows[-1]["folder"] == item.target:
            rows[-1]["bodies"] = bodies
    index = {"version": INDEX_VERSION, "captures": rows}
    Path(folder).mkdir(parents=True, exist_ok=True)
    with atomic_writer(Path(folder, INDEX)) as file:
        file.write(json.dumps(index, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n")


def _folder(found: Found) -> str:
    """Give the name of a capture's folder in the tree; the tree's index has its own."""
    if found.verdict:
        return ""
    return f"{found.name}.bodies" if found.name.lower() == INDEX else found.name


def _taken(item: Item, folder: str, catalog: Catalog, job: Job, wanted: dict[str, Any]) -> Iterator[Took]:
    found = item.found
    name = f"{source_name(found.path)}/{shown(found.member)}" if found.member else source_name(found.path)
    if found.verdict:
        yield Took(name, reason=found.reason, bad=found.verdict != "skipped")
        return
    try:
        with opened_item(item, name, job.limits) as payload:
            inner, kind = unpacked(payload, job.limits)
            if kind.group != "capture" and not item.named:
                yield Took(name, reason=f"is no capture: it is {kind.title}")
                return
            capture = cast("BinaryIO", inner)
            below = os.path.join(folder, item.target)
            judgement = None
            for judgement, written in extract(capture, below, catalog, **wanted):
                files = tuple(f"{item.target}/{one.file}" for one in written)
                losses = tuple(one.losses for one in written)
                yield Took(name, judgement, files, bad=judgement.exchange is None, losses=losses)
            if judgement is None:
                yield Took(name)
    except ConvtoolError as error:
        yield Took(name, reason=str(error).removeprefix(f"{name}: "), bad=True)
