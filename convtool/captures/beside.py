"""Bodies that a capture names and that lie beside it: in its folder, or in its zip, and nowhere else."""

from __future__ import annotations

import stat
import zlib
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from convtool.captures.kinds import BROKEN_ZIP
from convtool.captures.model import LIMIT, Note
from convtool.limits import CAPTURES
from convtool.places import LIMITS, RefusedError

if TYPE_CHECKING:
    import zipfile
    from pathlib import Path

__all__ = ["Beside", "Folder", "Members", "beside"]

_ENCRYPTED = 0x2041  # flags: encrypted, strongly encrypted, masked headers
_SHOWN = 100  # characters of a name that a message shows


class Beside(Protocol):
    """Where the bodies beside a capture are."""

    def read(self, name: str) -> bytes | str:
        """Give a body, or in a text why there is none: the end of a sentence that begins with its name."""


def beside(where: Beside | None, name: str) -> tuple[bytes | None, list[Note]]:
    """Give the body that a capture names, or None and a note."""
    found = where.read(name) if where is not None else "lies beside the capture, which is not read from a folder"
    if isinstance(found, bytes) and len(found) > LIMIT:
        return None, [Note("capture.limit", f"{name[:_SHOWN]!r} has more than {LIMIT} bytes, which is the limit.")]
    if isinstance(found, bytes):
        return found, []
    return None, [Note("capture.missing", f"The capture keeps the body in {name[:_SHOWN]!r}, which {found}.")]


def _is_within(name: str) -> bool:
    """Tell whether a name, as either kind of system reads it, is of something within the folder."""
    both = (PurePosixPath(name), PureWindowsPath(name))
    return bool(name) and "\0" not in name and not any(
        path.is_absolute() or path.drive or path.root or ".." in path.parts for path in both
    )  # fmt: skip


class Folder:
    """The folder that a capture lies in. What links lead to outside of it is not read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes | str:
        """Give a file's bytes, at most one more than a body may have."""
        if not _is_within(name):
            return "is not in the capture's folder"
        try:
            folder = self._folder.resolve(strict=True)
            path = (folder / name).resolve(strict=True)
            if not path.is_relative_to(folder):
                return "is not in the capture's folder"
            if not stat.S_ISREG(path.stat().st_mode):
                return "is no regular file"
            with path.open("rb") as file:
                return file.read(LIMIT + 1)
        except (OSError, ValueError, RuntimeError) as error:
            return f"cannot be read ({getattr(error, 'strerror', None) or error})"


class Members:
    """The members of a zip: each within the limits of archives, all that is unpacked within that of captures."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._unpacked = 0
        self.names = {info.filename.replace("\\", "/"): info for info in archive.infolist()}

    def open(self, name: str) -> BinaryIO | str:
        """Open a member, or say why not: the end of a sentence that begins with its name."""
        info = self.names.get(name)
        if info is None:
            return "is not in the zip"
        if info.flag_bits & _ENCRYPTED:
            return "is encrypted"
        try:
            LIMITS.check_ratio(info.compress_size, info.file_size)
            return cast("BinaryIO", self._archive.open(info))
        except RefusedError as error:
            return f"is not unpacked: {error}"
        except (*BROKEN_ZIP, OSError) as error:
            return f"cannot be read ({error})"

    def read(self, name: str) -> bytes | str:
        """Give a member's bytes, at most one more than a body may have."""
        if self._unpacked > CAPTURES.unpacked:
            return f"is not unpacked: the limit is {CAPTURES.unpacked} bytes of one capture"
        file = self.open(name)
        if isinstance(file, str):
            return file
        try:
            with file:
                data = file.read(LIMIT + 1)
        except (*BROKEN_ZIP, OSError, zlib.error) as error:
            return f"cannot be read ({error})"
        self._unpacked += len(data)
        return data
