"""What is to be done, before anything is: every file with its output's name, and no two with the same."""

from __future__ import annotations

import glob
import os
from contextlib import closing
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.batch.choose import STDIN, is_descriptor
from convtool.batch.clashes import TOO_LONG, apart, free, is_too_long, settled
from convtool.batch.items import Items
from convtool.batch.model import Item
from convtool.batch.naming import Looks, likely_name
from convtool.errors import SourceError, UsageError
from convtool.outcome import shown
from convtool.places import Found, from_root, is_container, is_web, listing, store_of
from convtool.places.members import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from convtool.batch.choose import Destination
    from convtool.job import Job

__all__ = ["Plan", "expanded", "make_plan"]


class Plan(msgspec.Struct):
    """The files of a run in their order, and how many bytes they are as they are stored.

    ``litter``: how many files are none of them, since a system has left them there. ``streams``: how many this
    process alone can read.
    """

    items: Items
    size: int = 0
    litter: int = 0
    streams: int = 0


def make_plan(
    job: Job, sources: Sequence[str], out: Destination, *, given: Sequence[str] | None = None, ours: Iterable[str] = ()
) -> Plan:
    """List all files of sources, in which patterns are ``expanded``.

    ``given``: the sources that somebody has named himself; None: all of them.

    ``ours``: files that are no sources although they may lie among them (journal, reports).

    UsageError where two files would have the same output and that is to be an error.
    """
    if not sources or STDIN in sources:
        if len(sources) > 1:
            raise UsageError("standard input is read once, and alone", hint="give - by itself")
        if out.kind in ("folder", "zip"):
            raise UsageError("standard input has no name that its output could have", hint="name a file with -o")
        found = Found(STDIN, name="<stdin>", kind="stream")
        return Plan(Items([Item(0, found, named=True)]), streams=1)
    called, known = _named(sources), set(sources if given is None else given)
    if out.kind:  # what is named twice is judged twice, and has one output
        called = list(dict.fromkeys(called))
    for path, _ in called:
        same = out.kind == "folder" and _identity(path) == _identity(out.path) is not None
        if same and store_of(path).is_folder(path):
            raise UsageError(f"{out.path}: is the source itself", hint="name another folder for the outputs")
    leave_out: frozenset[Any] = frozenset(filter(None, map(_identity, [out.path, *ours])))
    plan = Plan(Items())
    for path, name in called:
        # What a pattern matches has been named by nobody; what a folder or an archive holds neither.
        by_hand = path in known
        for found in _found(path, name, job, leave_out, by_hand=by_hand):
            if found.kind == "litter":
                plan.litter += 1
                continue
            named = by_hand and found.path == path and not found.member
            plan.items.append(_item(len(plan.items), found, job, out, named=named))
            plan.size += found.size
            plan.streams += is_descriptor(found.path)
    with closing(Looks(job)) as looks:
        plan.items = settled(plan.items, job.on_clash, looks.at, skip=job.skip)
    if out.kind in ("folder", "zip") and not job.to:
        plan.items = free(plan.items)
    if job.skip and out.kind == "lines":
        plan.items = apart(plan.items)
    return plan


def _identity(path: str) -> object:
    return store_of(path).identity(path)


def _found(path: str, name: str, job: Job, leave_out: frozenset[Any], *, by_hand: bool) -> Iterator[Found]:
    """Yield what a source holds: itself where it is a pipe or a device, which gives its bytes once.

    Only where it is named: nobody may be at the other end of a pipe that lies somewhere.
    """
    is_there = by_hand and store_of(path).is_local and os.path.exists(path)
    if is_there and not (os.path.isfile(path) or os.path.isdir(path)):
        yield Found(path, name=name, kind="stream")
        return
    yield from listing(path, name, job.limits, leave_out, job.zip_encoding)


def _item(number: int, found: Found, job: Job, out: Destination, *, named: bool) -> Item:
    if found.verdict or out.kind in ("", "file"):
        return Item(number, found, named=named)
    target = likely_name(found, job) if out.kind != "lines" else ""
    if problem := _problem(target or found.name, target, job, out):
        return Item(number, msgspec.structs.replace(found, verdict="refused", reason=problem), named=named)
    return Item(number, found, target, named, free=bool(target) and not job.to)


def _problem(name: str, target: str, job: Job, out: Destination) -> str:
    """Say why no output, and no file of bad records, can have a name; nothing where it can."""
    if out.kind == "zip" and (wrong := "has a name that is not UTF-8" if shown(target) != target else judge(target)[1]):
        return f"{wrong}, which no zip may hold that is to be read again: a folder keeps it"
    return TOO_LONG if (target or job.skip) and is_too_long(name, skip=job.skip) else ""


def expanded(sources: Sequence[str]) -> Iterator[str]:
    """Yield sources with what patterns match in their place; SourceError where that is nothing."""
    for source in sources:
        if glob.has_magic(source) and not is_web(source) and not store_of(source).exists(source):
            matched = store_of(source).glob(source)
            if not matched:
                raise SourceError(f"{source}: matches no file")
            yield from _outermost(matched) if "**" in source and store_of(source).is_local else matched
        else:
            yield source


def _outermost(paths: Iterable[str]) -> Iterator[str]:
    """Yield paths that are in no folder of others: a folder stands for all that is in it."""
    folders: set[str] = set()
    for path in paths:
        above = path
        while (above := os.path.dirname(above.rstrip(os.sep))) and above != os.sep and above not in folders:
            pass
        if above in folders:
            continue
        if os.path.isdir(path):
            folders.add(path.rstrip(os.sep))
        yield path


def _named(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Give each source what it is called: a single folder or archive nothing, a file what is below a common folder."""
    given = [(path, is_container(path)) for path in paths]
    if len(given) == 1 and given[0][1]:
        return [(given[0][0], "")]
    files = [from_root(path) for path, container in given if not container]
    common = os.path.commonpath([os.path.dirname(path) for path in files]) if files else ""
    below = (os.path.basename(from_root(p)) if c else os.path.relpath(from_root(p), common) for p, c in given)
    return [(path, name.replace(os.sep, "/")) for (path, _), name in zip(given, below, strict=True)]
