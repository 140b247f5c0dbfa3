"""Look before you write: every path that a run is going to write passes here before any work begins.

Never an input, be it through a link; never something that is there already, unless that was asked for; never a file
that is not what it is taken for.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from convtool.errors import SourceError, UsageError
from convtool.outcome import shown
from convtool.places import claims, shown_url, store_of
from convtool.recognise import recognise

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from convtool.recognise import Kind

__all__ = ["check_apart", "check_extracted", "check_folder", "check_outputs", "claim", "is_journal", "is_ours"]

_STDIN = "-"  # the source that is standard input
_HEAD = 4096  # bytes by which a file of convtool's own is known


def check_outputs(
    outputs: Iterable[tuple[str, str]], sources: Sequence[str], *, overwrite: bool, own: Collection[str] = (),
    kept: Collection[str] = (),
) -> None:  # fmt: skip
    """UsageError where a path cannot be written, or should not be. ``outputs``: what each is (a word), and its path.

    ``sources`` are files and folders that are read; what lies in a folder is read, unless it is convtool's own. What is
    ``own``, of an earlier run, may be there already, and in a folder that is read. What is ``kept`` may be there,
    whatever it is: it is held against the other outputs alone.
    """
    seen: dict[object, str] = {}
    for what, path in outputs:
        if not path:
            continue
        called = shown(shown_url(path))
        known = store_of(path).identity(path) or os.path.realpath(path)
        if known in seen:
            raise UsageError(f"{called}: is named for {seen[known]} and for {what}", hint="give each a file of its own")
        seen[known] = what
        if path in kept:
            continue
        if not store_of(path).is_local:
            _check_object(called, path, what, sources, overwrite=overwrite or path in own)
        elif path in own:
            _check_file(called, path, what, [one for one in sources if not os.path.isdir(one)], overwrite=True)
        else:
            _check_file(called, path, what, sources, overwrite=overwrite)


def check_folder(path: str, what: str, sources: Sequence[str], *, overwrite: bool) -> None:
    """UsageError where files cannot be put into a folder, or should not be; see ``check_outputs``."""
    called = shown(shown_url(path))
    if not store_of(path).is_local:
        return  # there are no folders in a store, just names
    if not os.path.isdir(path):
        _check_file(called, path, what, sources, overwrite=False)
        return
    folders = [source for source in sources if store_of(source).is_local and os.path.exists(source)]
    if any(os.path.samefile(path, source) for source in folders):
        raise UsageError(f"{called}: is the source itself", hint=f"name another folder for {what}")
    if not overwrite and os.listdir(path):
        raise UsageError(
            f"{called}: is there already, and holds something", hint="--overwrite replaces what is of one name"
        )


def _check_object(called: str, path: str, what: str, sources: Sequence[str], *, overwrite: bool) -> None:
    if path in sources:
        raise UsageError(f"{called}: is a source itself", hint=f"name another place for {what}")
    if not overwrite and store_of(path).exists(path):
        raise UsageError(f"{called}: is there already", hint="--overwrite replaces it")


def _check_file(called: str, path: str, what: str, sources: Sequence[str], *, overwrite: bool) -> None:
    try:
        mode = os.stat(path).st_mode
    except OSError:
        folder = os.path.dirname(os.path.realpath(path))
        if not os.path.isdir(folder):
            says = "is not a folder" if os.path.lexists(folder) else "does not exist"
            raise UsageError(f"{called}: cannot be written: {shown(folder)} {says}") from None
        return
    except ValueError as error:  # a NUL in the name
        raise UsageError(f"{called}: cannot be written: {error}") from None
    if stat.S_ISDIR(mode):
        raise UsageError(f"{called}: is a folder", hint=f"name a file for {what}")
    if not stat.S_ISREG(mode):
        return  # a device or a pipe has nothing that could be lost
    if _is_read(path, sources):
        raise UsageError(f"{called}: is a source itself", hint=f"name another file for {what}")
    if not overwrite:
        raise UsageError(f"{called}: is there already", hint="--overwrite replaces it")


def _is_read(path: str, sources: Sequence[str]) -> bool:
    """Tell whether a file is one of the sources, or in one of them."""
    status = os.stat(path)
    real = os.path.realpath(path)
    for source in sources:
        if source != _STDIN and not store_of(source).is_local:
            continue
        try:
            of = os.fstat(0) if source == _STDIN else os.stat(source)  # which a shell may have opened from a file
        except (OSError, ValueError):
            continue
        if (of.st_dev, of.st_ino) == (status.st_dev, status.st_ino):
            return True
        if not stat.S_ISDIR(of.st_mode):
            continue
        inside = real.startswith(os.path.join(os.path.realpath(source), ""))
        if (inside or (status.st_nlink > 1 and _has(source, status))) and not is_ours(path):
            return True
    return False


def _has(folder: str, status: os.stat_result) -> bool:
    """Tell whether a file is in a folder under another name."""
    for at, _, names in os.walk(folder):
        for name in names:
            try:
                found = os.stat(os.path.join(at, name))
            except OSError:
                continue
            if (found.st_dev, found.st_ino) == (status.st_dev, status.st_ino):
                return True
    return False


def check_extracted(folder: str, sources: Sequence[str], *, overwrite: bool) -> None:
    """UsageError where bodies and their index cannot be put into a folder, or should not be."""
    if os.path.isdir(folder):
        check_folder(folder, "bodies", sources, overwrite=overwrite)
        index = os.path.join(folder, "index.json")
        if os.path.isfile(index) and _is_read(index, sources):
            raise UsageError(f"{shown(index)}: is a source itself", hint="name another folder for its bodies")


def check_apart(written: Iterable[tuple[str, str]], folder: str, targets: Iterable[str]) -> None:
    """UsageError where a file that is written beside the outputs has the place of one. ``targets``: below a folder."""
    if not store_of(folder).is_local:
        return
    root = os.path.join(os.path.realpath(folder), "")
    inside = {os.path.realpath(path): (what, path) for what, path in written if path and store_of(path).is_local}
    inside = {real: about for real, about in inside.items() if real.startswith(root)}
    for target in targets if inside else ():
        if (about := inside.get(os.path.join(root, target))) is not None:
            what, path = about
            raise UsageError(
                f"{shown(path)}: is an output's place, and named for {what}", hint="give each a file of its own"
            )


def claim(folder: str) -> int:
    """Lock the folder that a run writes to, and give the descriptor that holds it, or -1 where there are no such locks.

    SourceError where another run has it.
    """
    try:
        return claims.claim(folder)
    except BlockingIOError:
        raise SourceError(f"{shown(folder)}: another run is at work on the same output") from None
    except OSError as error:
        raise SourceError(f"{shown(folder)}: cannot be written: {error.strerror or error}") from None


def is_ours(path: str) -> bool:
    """Tell whether a file is a journal or a report that convtool has written; one that is empty may be anybody's."""
    return _kind(path).group == "ours"


def is_journal(path: str) -> bool:
    """Tell whether a file is the journal of a run."""
    kind = _kind(path)
    return (kind.group, kind.name) == ("ours", "journal")


def _kind(path: str) -> Kind:
    try:
        with open(path, "rb") as file:
            return recognise(file.read(_HEAD))
    except OSError:
        return recognise(b"")
