"""What a path holds, by what it is: a file, a folder, a zip, a tar, a compressed file. One place judges all members.

What a system has left among files is named as such, and nothing more is said of it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from convtool.errors import SourceError
from convtool.places import tars, zips
from convtool.places.copies import copied
from convtool.places.kinds import ARCHIVES, by_bytes, kind_of, kinds_of
from convtool.places.members import Found, is_litter, judge
from convtool.places.packings import Unpacked
from convtool.places.store import store_of
from convtool.places.streams import RefusedError
from convtool.places.urls import shown_url
from convtool.signatures import is_capture_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.places.members import Entry
    from convtool.places.store import Store
    from convtool.places.streams import Limits, Opened

__all__ = ["listing"]

_OURS = ".convtool-"  # what names of convtool's own files begin with: leftovers, working folders


def listing(
    path: str, name: str, limits: Limits, leave_out: frozenset[tuple[int, int] | str] = frozenset(), encoding: str = ""
) -> Iterator[Found]:
    """Yield all that a path holds, in a fixed order. ``name``: what it is called (empty: its content stands for it).

    Nothing is raised for what is broken, missing or refused: it is yielded, with the reason. ``leave_out``: identities
    of files and folders that are none of a folder's content. ``encoding``: of names in zips that do not say theirs.
    """
    store = store_of(path)
    if store.is_folder(path):
        prefix = f"{name}/" if name else ""
        for found in _walk(store, path, leave_out):
            inside = msgspec.structs.replace(found, name=prefix + found.name)
            if is_litter(found.name):
                yield msgspec.structs.replace(inside, kind="litter")
            elif found.verdict:
                yield inside
            else:
                yield from _opened(inside, kinds_of(found.name), inside.name, limits, encoding)
        return
    given = _found(store, store.entry(path), name or os.path.basename(shown_url(path)))
    yield from [given] if given.verdict else _opened(given, kind_of(path), name, limits, encoding)


def _walk(store: Store, root: str, leave_out: frozenset[tuple[int, int] | str]) -> Iterator[Found]:
    """Yield what is below a folder; its files first. Archives are yielded as files. No folder comes twice."""
    seen: set[object] = set(leave_out)
    waiting = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            listed = store.folder(folder)
        except SourceError as error:
            reason = f"the folder cannot be read: {error}"
            yield Found(folder, name=prefix.rstrip("/"), verdict="failed", reason=reason)
            continue
        below = []
        for entry in listed:
            if entry.name.startswith(_OURS) or entry.identity in (seen if entry.is_folder else leave_out):
                continue
            if entry.is_folder:
                seen.add(entry.identity)
                below.append((entry.path, f"{prefix}{entry.name}/"))
            else:
                yield _found(store, entry, prefix + entry.name)
        waiting += reversed(below)


def _found(store: Store, entry: Entry, name: str) -> Found:
    """Give a file by what its store says of it, under the name that it has below the source."""
    verdict, reason = entry.verdict, entry.reason
    if not verdict and (problem := store.problem(name)):
        verdict, reason = "refused", problem
    if verdict:
        return Found(entry.path, name=name, verdict=verdict, reason=reason)
    return Found(entry.path, name=name, inner=kinds_of(name)[1], size=entry.size, stamp=entry.stamp)


def _opened(found: Found, kind: tuple[str, str], prefix: str, limits: Limits, encoding: str) -> Iterator[Found]:
    """Yield a file, or the members of the archive that it is."""
    if kind[0] == "other":
        yield msgspec.structs.replace(found, verdict="refused", reason="is an archive of a kind that is not read")
    elif kind[0] == "file":
        yield msgspec.structs.replace(found, inner=kind[1])
    else:
        yield from _members(found, kind, prefix, limits, encoding)


def _members(archive: Found, called: tuple[str, str], prefix: str, limits: Limits, encoding: str) -> Iterator[Found]:
    members: list[Found] = []
    broken: Found | None = None
    kind = called
    try:
        archive, raw = _archive(archive, called)
        with raw:
            if _looks_at(archive, called):
                kind = by_bytes(raw, called)
                raw.seek(0)
            if kind[0] not in ARCHIVES:
                yield msgspec.structs.replace(archive, inner=kind[1])
                return
            for found in _zip(raw, archive, encoding) if kind[0] == "zip" else _tar(raw, archive, kind[1], limits):
                members.append(found)
                if len(members) > limits.members:
                    raise RefusedError(f"has more than {limits.members} members, the limit for one archive")
    except SourceError as error:
        verdict = "refused" if isinstance(error, RefusedError) else "failed"
        told = str(error).removeprefix(f"{shown_url(archive.path)}: ")
        broken = msgspec.structs.replace(archive, verdict=verdict, reason=f"the archive: {told}")
    if kind[0] == "zip" and members and is_capture_of(found.member for found in members):
        yield msgspec.structs.replace(archive, inner="")  # one capture, as some tools write them
        return
    yield from _judged(members, prefix, limits)
    if broken is not None:
        yield broken


def _looks_at(archive: Found, called: tuple[str, str]) -> bool:
    """Tell whether one can go back in an archive: a server may give its files forwards only, or from their beginning.

    Then it does not say how long they are, or is found out by going to a zip's end first.
    """
    is_here = bool(archive.near) or store_of(archive.path).is_local
    return is_here or (archive.size > 0 and called[0] == "tar")


def _archive(archive: Found, kind: tuple[str, str]) -> tuple[Found, Opened]:
    """Open an archive; of a compressed tar in a store a copy, since its members are read from its beginning again."""
    store = store_of(archive.path)
    if not store.is_local and kind[0] == "tar" and kind[1]:
        with store.open(archive.path) as raw:
            near = copied(raw)
        if near:
            return msgspec.structs.replace(archive, near=near), store_of(near).open(near)
    return archive, store.open(archive.path)


def _zip(raw: Opened, archive: Found, encoding: str) -> Iterator[Found]:
    for entry in zips.entries(raw, archive.path, encoding):
        if not entry.is_folder or entry.refused:
            yield msgspec.structs.replace(
                archive, member=entry.name, raw=b"" if entry.raw == entry.name.encode() else entry.raw, kind="zip",
                place=entry.place, size=entry.size, packed=entry.packed, check=entry.check, inner="",
                verdict="refused" if entry.refused else "", reason=entry.refused,
            )  # fmt: skip


def _tar(raw: Opened, archive: Found, outer: str, limits: Limits) -> Iterator[Found]:
    with Unpacked(raw, outer, archive.path, limits) if outer else raw as stream:
        for entry in tars.entries(stream, archive.path):
            yield msgspec.structs.replace(
                archive, member=entry.name, kind="tar", outer=outer, place=entry.place, size=entry.size, inner="",
                verdict="refused" if entry.refused else "", reason=entry.refused,
            )  # fmt: skip


def _judged(members: Iterable[Found], prefix: str, limits: Limits) -> Iterator[Found]:
    """Yield members with their names judged, and what breaks a rule or a limit refused."""
    judged = [(found, *judge(found.member)) for found in members]
    times: dict[str, int] = {}
    for found, name, _ in judged:
        if not found.verdict:
            times[name] = times.get(name, 0) + 1
    total = 0
    for found, name, problem in judged:
        kind, inner = kinds_of(name)
        total += found.size
        reason = found.reason or problem or _too_much(found, kind, total, limits)
        if not reason and times[name] > 1:
            reason = "has a name that the archive has twice: which one is meant, nobody can know"
        called = f"{prefix}/{name}" if prefix else name
        if is_litter(name):
            yield msgspec.structs.replace(found, name=called, kind="litter")
        elif reason:
            yield msgspec.structs.replace(found, name=called, verdict="refused", reason=reason)
        else:
            yield msgspec.structs.replace(found, name=called, inner=inner)


def _too_much(found: Found, kind: str, total: int, limits: Limits) -> str:
    if kind != "file":
        return "is an archive within an archive"
    if total > limits.total_size:
        return f"is beyond {limits.total_size} bytes, the limit for all members of one archive"
    try:
        limits.check_size(found.size)
        if found.kind == "zip":
            limits.check_ratio(found.packed, found.size)
    except RefusedError as error:
        return str(error)
    return ""
