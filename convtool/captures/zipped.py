"""Captures that are zips: Fiddler's archives of sessions, and HARs with their bodies beside them, as Playwright's."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from convtool.captures.beside import Members
from convtool.captures.captured import Pair
from convtool.captures.failure import Broken, broken
from convtool.captures.har import entries
from convtool.captures.http import messages
from convtool.captures.kinds import BROKEN_ZIP, Source
from convtool.captures.text import Places

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_fiddler", "read_har_zip"]

_IN_MEMORY = 16 << 20  # bytes of a zip from a pipe; more of them go to a file without a name
_SESSION = re.compile(r"raw/([0-9]+)_([cs])\.txt", re.IGNORECASE)


@contextmanager
def _opened(source: Source) -> Iterator[Members | Broken]:
    """Open the zip, from a pipe by way of a file without a name."""
    with ExitStack() as stack:
        file = source.file
        try:
            file.seek(0, io.SEEK_END)  # a zip's directory is at its end, where a pipe cannot go
        except OSError:
            spooled = stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
            shutil.copyfileobj(source.file, spooled)
            file = cast("BinaryIO", spooled)
        try:
            archive = stack.enter_context(zipfile.ZipFile(file))
        except BROKEN_ZIP as error:
            yield broken(source.name, f"The zip's directory cannot be read: {error}.")
        else:
            yield Members(archive)


def read_har_zip(source: Source) -> Iterator[Pair | Broken]:
    """Yield what the entries of the HAR hold, with the bodies that are members of the zip."""
    with _opened(source) as members:
        if isinstance(members, Broken):
            yield members
            return
        name = next((name for name in members.names if name.lower().endswith(".har")), "")
        file = members.open(name)
        if isinstance(file, str):
            yield broken(source.name, f"{name!r} {file}.")
            return
        try:
            with file:
                yield from entries(Source(f"{source.name}/{name}", source.kind, file), members)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            yield broken(source.name, f"{name!r} cannot be read on: {error}.")


def read_fiddler(source: Source) -> Iterator[Pair | Broken]:
    """Yield the sessions, in the order of their numbers: a request, and the response if one came."""
    with _opened(source) as members:
        if isinstance(members, Broken):
            yield members
            return
        sessions: dict[int, dict[str, str]] = {}
        for name in members.names:
            match = _SESSION.fullmatch(name)
            if match is not None:
                sessions.setdefault(int(match[1]), {})[match[2].lower()] = name
        for _, parts in sorted(sessions.items()):
            yield from _session(source, members, parts)


def _session(source: Source, members: Members, parts: dict[str, str]) -> Iterator[Pair | Broken]:
    """Yield what the two members of a session hold; what else stands in them as well."""
    found: list[Pair] = []
    for name in filter(None, map(parts.get, "cs")):
        data = members.read(name)
        if isinstance(data, str):
            yield broken(f"{source.name}/{name}", f"{name} {data}.")
            continue
        for pair in messages(data, f"{source.name}/{name}", Places.none()):
            if isinstance(pair, Broken):
                yield pair
            else:
                found.append(pair)
    yield from _joined(found)


def _joined(found: list[Pair]) -> Iterator[Pair]:
    """Yield the pairs, the request alone with the first response alone."""
    if len(found) > 1 and found[0].response is None and found[1].request is None:
        asked, answered = found[0], found[1]
        if asked.method == "CONNECT" and answered.status < 300:
            return  # a tunnel: what went through it are sessions of their own
        pair = Pair(asked.method, asked.url, answered.status, asked.request, answered.response)
        pair.settle()
        found[:2] = [pair]
    yield from found
