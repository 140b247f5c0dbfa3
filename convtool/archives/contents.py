"""What a path holds, by what it is: a file, a folder, a zip, a tar, a compressed file. One place judges all members."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from convtool.archives import folders, tars, zips
from convtool.archives.files import open_raw
from convtool.archives.kinds import kind_of
from convtool.archives.limits import RefusedError
from convtool.archives.names import judge, kinds_of
from convtool.archives.packed import Unpacked
from convtool.errors import SourceError
from convtool.remote import is_folder, is_url, shown_url

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator

    from convtool.archives.found import Found
    from convtool.archives.limits import Limits

__all__ = ["listing"]


def listing(
    path: str, name: str, limits: Limits, leave_out: frozenset[tuple[int, int] | str] = frozenset()
) -> Iterator[Found]:
    """Yield all that a path holds, in a fixed order. ``name``: what it is called (empty: its content stands for it).

    Nothing is raised for what is broken, missing or refused: it is yielded, with the reason.
    """
    if is_folder(path) if is_url(path) else os.path.isdir(path):
        prefix = f"{name}/" if name else ""
        for found in _walk(path, leave_out):
            inside = msgspec.structs.replace(found, name=prefix + found.name)
            yield from [inside] if found.verdict else _opened(inside, kinds_of(found.name), inside.name, limits)
        return
    given = _given(path, name or os.path.basename(shown_url(path)))
    if given is not None:
        yield from [given] if given.verdict else _opened(given, kind_of(path), name, limits)


def _walk(path: str, leave_out: frozenset[tuple[int, int] | str]) -> Iterator[Found]:
    if not is_url(path):
        return folders.walk(path, leave_out)
    from convtool.archives import objects

    return objects.walk(path, leave_out)


def _given(path: str, name: str) -> Found | None:
    if not is_url(path):
        return folders.file_found(path, name)
    from convtool.archives import objects

    return objects.object_found(path, name)


def _opened(found: Found, kind: tuple[str, str], prefix: str, limits: Limits) -> Iterator[Found]:
    """Yield a file, or the members of the archive that it is."""
    if kind[0] == "other":
        yield msgspec.structs.replace(found, verdict="refused", reason="is an archive of a kind that is not read")
    elif kind[0] == "file":
        yield msgspec.structs.replace(found, inner=kind[1])
    else:
        yield from _members(found, kind, prefix, limits)


def _members(archive: Found, kind: tuple[str, str], prefix: str, limits: Limits) -> Iterator[Found]:
    members: list[Found] = []
    broken: Found | None = None
    try:
        for found in _zip(archive) if kind[0] == "zip" else _tar(archive, kind[1], limits):
            members.append(found)
            if len(members) > limits.members:
                raise RefusedError(f"has more than {limits.members} members, the limit for one archive")
    except SourceError as error:
        verdict = "refused" if isinstance(error, RefusedError) else "failed"
        told = str(error).removeprefix(f"{shown_url(archive.path)}: ")
        broken = msgspec.structs.replace(archive, verdict=verdict, reason=f"the archive: {told}")
    yield from _judged(members, prefix, limits)
    if broken is not None:
        yield broken


def _zip(archive: Found) -> Iterator[Found]:
    for entry in zips.entries(archive.path):
        if not entry.is_folder or entry.refused:
            yield msgspec.structs.replace(
                archive, member=entry.name, kind="zip", place=entry.place, size=entry.size, packed=entry.packed,
                check=entry.check, inner="", verdict="refused" if entry.refused else "", reason=entry.refused,
            )  # fmt: skip


def _tar(archive: Found, outer: str, limits: Limits) -> Iterator[Found]:
    raw: io.RawIOBase = open_raw(archive.path)
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
        if reason:
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
