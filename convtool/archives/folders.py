"""Folders: every file below one, in the order of names; nothing that could hang or go round in circles is opened."""

from __future__ import annotations

import os
import stat as modes
from typing import TYPE_CHECKING

from convtool.archives.files import stamp, what_is
from convtool.archives.found import Found
from convtool.archives.names import kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["OURS", "file_found", "walk"]

OURS = ".convtool-"  # what names of convtool's own files begin with: leftovers, working folders


def walk(root: str, leave_out: frozenset[tuple[int, int] | str] = frozenset()) -> Iterator[Found]:
    """Yield what is below a folder. ``leave_out``: device and inode of files and folders that are none of its content.

    Links to files are followed, links to folders are not: they would lead in circles. Archives are yielded as files.
    """
    seen: set[tuple[int, int] | str] = set(leave_out)
    waiting = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            reason = f"the folder cannot be read: {error.strerror or error}"
            yield Found(folder, name=prefix.rstrip("/"), verdict="failed", reason=reason)
            continue
        below = []
        for entry in listed:
            name = prefix + entry.name
            if entry.name.startswith(OURS):
                continue
            if entry.is_dir(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                if (status.st_dev, status.st_ino) not in seen:
                    seen.add((status.st_dev, status.st_ino))
                    below.append((entry.path, f"{name}/"))
            else:
                found = file_found(entry.path, name, leave_out)
                if found is not None:
                    yield found
        waiting += reversed(below)


def file_found(path: str, name: str, leave_out: frozenset[tuple[int, int] | str] = frozenset()) -> Found | None:
    """Give what is at a path; None where it is to be left out."""
    try:
        status = os.stat(path)
        linked = status.st_mode if not modes.S_ISDIR(status.st_mode) else os.lstat(path).st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Found(path, name=name, verdict="failed", reason=reason)
    if (status.st_dev, status.st_ino) in leave_out:
        return None
    if modes.S_ISLNK(linked):
        return Found(path, name=name, verdict="skipped", reason="is a link to a folder, which is not followed")
    what = what_is(status.st_mode)
    if what:
        return Found(path, name=name, verdict="skipped", reason=f"is {what}, not a file")
    inner = kinds_of(name)[1]
    return Found(path, name=name, inner=inner, size=status.st_size, stamp=stamp(status))
