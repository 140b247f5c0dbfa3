"""What of an earlier run still holds: its outcomes of files that have not changed, whose outputs are still there."""

from __future__ import annotations

import hashlib
import os
from array import array
from typing import TYPE_CHECKING

from msgspec.structs import replace

from convtool.batch.items import Items
from convtool.batch.plan import expanded
from convtool.errors import SourceError, UsageError
from convtool.guard import check_outputs
from convtool.outcome import shown, source_name
from convtool.payload import Payload
from convtool.places import join, open_found, store_of
from convtool.recognise import unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from convtool.batch.choose import Destination
    from convtool.batch.journal import Journal
    from convtool.batch.model import Item
    from convtool.batch.plan import Plan
    from convtool.job import Job
    from convtool.outcome import Outcome

__all__ = ["NOT_DONE", "check_targets", "names_hash", "stale", "still_done"]

NOT_DONE = -1  # in the place of a place in the journal

_NAMED = 3  # files that an error names


def still_done(plan: Plan, journal: Journal, out: Destination, job: Job) -> array[int]:
    """Give for each item the place of its outcome in the journal, or NOT_DONE where it has to be done."""
    places = array("q", [NOT_DONE]) * len(plan.items)
    if not journal.past:
        return places
    below = out.path if out.kind in ("folder", "file") else out.parts
    sizes = store_of(below).sizes(below) if job.sink else None
    for item in plan.items:
        place = _past(item, journal)
        if place is not None and _holds(
            item, journal.outcome(place), out, job, sizes, assembled=bool(journal.assembled)
        ):
            places[item.number] = place
    if journal.assembled and (NOT_DONE in places or not _is_whole(out, journal, plan)):
        return array("q", [NOT_DONE]) * len(plan.items)  # the parts are gone: all is done anew
    return places


def stale(plan: Plan, places: array[int], journal: Journal, job: Job) -> Iterator[str]:
    """Yield where the bad records are that an earlier run has put aside of what is done again: it may have none now."""
    for item in plan.items if job.aside and journal.past else ():
        if places[item.number] == NOT_DONE and (place := _past(item, journal)) is not None:
            outcome = journal.outcome(place)
            if outcome.aside and _is_aside(item, outcome, job):
                yield _aside(item, job)


def _past(item: Item, journal: Journal) -> int | None:
    """Give the place of an item's outcome in the journal of an earlier run."""
    return journal.past.get(f"{source_name(item.found.path)}\0{shown(item.found.member)}")


def names_hash(plan: Plan) -> str:
    """Give a hash of what the files of a plan are called, in their order."""
    digest = hashlib.sha256()
    for item in plan.items:
        digest.update(f"{item.found.path}\0{item.found.member}\0".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _holds(
    item: Item, outcome: Outcome, out: Destination, job: Job, sizes: Callable[[str], int] | None, *, assembled: bool
) -> bool:
    found = item.found
    if (outcome.source, outcome.member) != (source_name(found.path), shown(found.member)):
        return False
    has_name = outcome.sha256_out and out.kind in ("folder", "zip")
    if outcome.target not in ([shown(name) for name in (item.target, item.other) if name] if has_name else [""]):
        return False
    if found.verdict or outcome.status in ("failed", "refused"):
        # What could not be read may be readable now; what is not read at all is found again at no cost.
        return bool(found.verdict) and (found.verdict, found.reason) == (outcome.status, outcome.reason)
    if outcome.aside and not _is_aside(item, outcome, job):
        return False
    written = bool(outcome.sha256_out)  # as of a payload of which bad records were skipped
    return _unchanged(item, outcome, job) and (assembled or not written or _written(item, outcome, out, sizes))


def _is_aside(item: Item, outcome: Outcome, job: Job) -> bool:
    """Tell whether the bad records are where they are to be."""
    path = _aside(item, job)
    names = {path, os.path.abspath(path)}  # workers elsewhere have it from the root
    return shown(outcome.aside) in set(map(shown, names)) and store_of(path).exists(path)


def _aside(item: Item, job: Job) -> str:
    return job.aside if job.sink == "file" else join(job.aside, item.bad())


def _unchanged(item: Item, outcome: Outcome, job: Job) -> bool:
    stamp = item.found.stamp
    if "@" in stamp and stamp == outcome.stamp:
        return True
    if not outcome.sha256_in or item.found.outer:  # to hash a member of a compressed tar is to unpack all before it
        return False
    try:
        with open_found(replace(item.found, inner=""), job.limits) as raw:
            payload, _ = unpacked(Payload(raw, item.found.name, counted=True), job.limits)
            payload.drain()
    except SourceError:
        return False
    return payload.hexdigest() == outcome.sha256_in


def _written(item: Item, outcome: Outcome, out: Destination, sizes: Callable[[str], int] | None) -> bool:
    if sizes is None:
        return True
    if out.kind == "file":  # compressed it has another hash, and is written again
        return bool(out.path) and _is_same(out.path, outcome) and store_of(out.path).size(out.path) == outcome.bytes_out
    if out.kind == "folder":
        name = item.target if outcome.target == shown(item.target) else item.other
        return sizes(name) == outcome.bytes_out and _is_same(join(out.path, name), outcome)
    whole = sizes(outcome.part) >= outcome.offset + outcome.bytes_out
    return whole and _is_same(join(out.parts, outcome.part), outcome)


def _is_whole(out: Destination, journal: Journal, plan: Plan) -> bool:
    """Tell whether the one file is what was made, and of just these files."""
    told = journal.assembled
    if told.get("of") != names_hash(plan) or store_of(out.path).size(out.path) != told.get("size"):
        return False
    return _has_hash(out.path, 0, int(told["size"]), str(told.get("sha256")))


def _is_same(path: str, outcome: Outcome) -> bool:
    return _has_hash(path, outcome.offset, outcome.bytes_out, outcome.sha256_out)


def _has_hash(path: str, offset: int, size: int, sha256: str) -> bool:
    """Tell whether an output is what was written: its bytes are read, since a size proves nothing."""
    digest, left = hashlib.sha256(), size
    try:
        with store_of(path).open(path) as file:
            file.seek(offset)
            while left and (data := file.read(min(left, 1 << 20))):
                digest.update(data)
                left -= len(data)
    except (OSError, SourceError):
        return False
    return not left and digest.hexdigest() == sha256


def check_targets(plan: Plan, places: array[int], journal: Journal, out: Destination, sources: Sequence[str]) -> None:
    """UsageError where an output is there already, and was neither written by the run that is taken up nor may go.

    ``places`` are as ``still_done`` gives them; ``sources`` as somebody has named them.
    """
    store = store_of(out.path)
    if out.kind == "file" and (any(place != NOT_DONE for place in places) or not os.path.isfile(out.path)):
        return  # what is in a device cannot be lost
    if out.kind != "folder":
        if out.path not in journal.began:
            check_outputs([("the output", out.path)], list(expanded(sources)) or ["-"], overwrite=journal.overwrite)
        return
    if store.is_folder(out.path):
        _check_folder(plan, places, journal, out.path)


def _check_folder(plan: Plan, places: array[int], journal: Journal, folder: str) -> None:
    store = store_of(folder)
    occupied = store.occupied(folder)
    inputs: set[tuple[int, int] | str | None] = set()
    there, held = [], set()
    pending = (one for one in plan.items if places[one.number] == NOT_DONE)
    for item, name in ((one, name) for one in pending for name in (one.target, one.other) if name):
        if not (what := occupied(name)):
            continue
        path = join(folder, name)
        inputs = inputs or {store_of(one.found.path).identity(one.found.path) for one in plan.items}
        is_source = store.identity(path) in inputs
        if not is_source and what != "folder" and (journal.overwrite or name in journal.began):
            continue
        if name == item.other:
            held.add(item.number)  # the output keeps to its likely name
        elif is_source:
            raise UsageError(f"nothing was written, since {shown(path)} would be, and is a source itself")
        else:
            there.append(path)
    if there:
        named = ", ".join(map(shown, there[:_NAMED])) + (" …" if len(there) > _NAMED else "")
        told = f"nothing was written, since {len(there)} outputs are there already: {named}"
        raise UsageError(told, hint="--overwrite replaces them")
    if held:
        plan.items = Items(replace(item, free=item.free and item.number not in held) for item in plan.items)
