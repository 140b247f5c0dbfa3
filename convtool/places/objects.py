"""Object stores and web servers as places of files: s3://, gs://, abfs://, http(s)://, memory://.

Only ConvtoolErrors leave this room. Credentials are fsspec's matter (its configuration, the environment, the cloud's
own files): a URL that has some is refused.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from convtool.errors import SinkError, SourceError
from convtool.places.members import Entry, judge
from convtool.places.remote import RemoteFile, RemoteGroup, Window, connected, remote_writer, stamp_of, told, unreached
from convtool.places.urls import is_web

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from convtool.places.streams import Opened

__all__ = ["Objects"]

_AT_ONCE = 4 << 20  # bytes that one request fetches, where opening and reading would be several


class Objects:
    """Object stores and the web, as a Store. Paths are URLs; a folder is what has objects below it.

    SourceError where a store cannot be asked or does not answer, SinkError where it cannot be written.
    """

    is_local = False

    # --- what is there -----------------------------------------------------------------------------------------------

    def exists(self, path: str) -> bool:
        """Tell whether something is there."""
        return _information(path) is not None

    def is_folder(self, path: str) -> bool:
        """Tell whether a URL has objects below it. The web has no folders."""
        if is_web(path):
            return False
        info = _information(path.rstrip("/"))
        return info is not None and _is_folder(info)

    def is_file(self, path: str) -> bool:  # noqa: ARG002
        """Tell that a URL may be an object: whoever reads it is told whether it is, and to ask is a request more."""
        return True

    def size(self, path: str) -> int:
        """Give the size of an object, -1 where there is none."""
        info = _information(path)
        return -1 if info is None or _is_folder(info) else int(info.get("size") or 0)

    def sizes(self, folder: str) -> Callable[[str], int]:
        """Give a function that has the size of each object below a folder (-1: none). The store is asked once."""
        known = self._sizes(folder)
        return lambda name: known.get(name, -1)

    def _sizes(self, folder: str) -> dict[str, int]:
        found: dict[str, int] = {}
        waiting = [(folder, "")]
        while waiting:
            place, prefix = waiting.pop()
            for one in self.folder(place):
                if one.is_folder:
                    waiting.append((one.path, f"{prefix}{one.name}/"))
                else:
                    found[prefix + one.name] = one.size
        return found

    def occupied(self, folder: str) -> Callable[[str], str]:
        """Give a function that says what is below a folder by a name: ``file``, or nothing. The store is asked once."""
        known = self._sizes(folder)
        return lambda name: "file" if name in known else ""

    def identity(self, path: str) -> str:
        """Give what is the same for two names of one place."""
        return path.rstrip("/")

    def names(self, folder: str) -> list[str]:
        """Give the names in a folder."""
        return [one.name for one in self.folder(folder)]

    def glob(self, pattern: str) -> list[str]:
        """Give the URLs that match a pattern, sorted."""
        found, path = connected(pattern)
        with told(pattern):
            return sorted(found.unstrip_protocol(name) for name in found.glob(path))

    def folder(self, path: str) -> Iterator[Entry]:
        """Yield what is in a folder, by name; the store lists it in pages. Nothing where there is none."""
        base = path.rstrip("/")
        found, inner = connected(base)
        with told(path):
            try:
                listed = found.ls(inner, detail=True)
            except FileNotFoundError:
                listed = []
        entries = []
        for info in listed:
            name = info["name"].rstrip("/").rpartition("/")[2]
            # The object that some tools make for a folder itself has the folder's name.
            if name and info["name"].strip("/") != inner.strip("/"):
                entries.append(_entry(f"{base}/{name}", name, info))
        return iter(sorted(entries, key=lambda one: one.name))

    def entry(self, path: str) -> Entry:
        """Give what is at a URL; where nothing is, or the store does not answer, its verdict is ``failed``."""
        name = path.rpartition("/")[2]
        try:
            info = _information(path)
        except SourceError as error:
            return Entry(path, name, verdict="failed", reason=str(error).partition(": ")[2])
        if info is None:
            return Entry(path, name, verdict="failed", reason="No such file or directory")
        return _entry(path, name, info)

    def problem(self, name: str) -> str:
        """Say why an object of this name is refused: keys are any text, and are judged like names in archives."""
        return judge(name)[1]

    # --- reading -----------------------------------------------------------------------------------------------------

    def open(self, path: str, size: int = -1) -> RemoteFile:
        """Open an object. ``size``: how many bytes of it will be read, where that is known."""
        return RemoteFile(path, size + 1) if size >= 0 else RemoteFile(path)

    def keep(self, path: str, file: Opened) -> None:
        """Close it: what has been fetched of it says little about the rest."""
        del path
        file.close()

    def kept(self, path: str) -> bool:
        """None is."""
        del path
        return False

    def forget(self) -> None:
        """None is kept."""

    def window(self, path: str, start: int, size: int) -> io.RawIOBase:
        """Open an object of which ``size`` bytes from ``start`` on will be read: one request, where they are few."""
        if size < _AT_ONCE:
            return Window(path, start, size)  # type: ignore[return-value]  # reads like a raw file
        return self.open(path, size)

    # --- writing -----------------------------------------------------------------------------------------------------

    def writer(self, path: str, mark: str = "") -> AbstractContextManager[IO[bytes]]:
        """Give a file that becomes the object at ``path`` when the block ends well."""
        del mark  # none is half written
        return remote_writer(path)

    def group(self, *, lasting: bool = True, mark: str = "") -> RemoteGroup:
        """Give objects that are put together."""
        del lasting, mark  # all last, and none is half written
        return RemoteGroup()

    def remove(self, path: str) -> None:
        """Remove an object, if it is there."""
        _remove(path, tree=False)

    def make_folder(self, path: str) -> bool:  # noqa: ARG002
        """Make nothing: there are no folders in a store, just names."""
        return False

    def drop_folder(self, path: str) -> None:
        """Remove all objects below a folder."""
        _remove(path, tree=True)

    def sweep(self, folder: str, *, deep: bool = True, mark: str = "") -> None:
        """Do nothing: a store has no half-written objects."""


def _information(url: str) -> dict[str, Any] | None:
    """Give what a store knows of a URL; None where nothing is there."""
    found, path = connected(url)
    with told(url):
        try:
            return dict(found.info(path))
        except FileNotFoundError as error:
            if unreached(error):
                raise
            return None


def _is_folder(info: dict[str, Any]) -> bool:
    return bool(info.get("type") == "directory")


def _entry(url: str, name: str, info: dict[str, Any]) -> Entry:
    return Entry(url, name, _is_folder(info), int(info.get("size") or 0), stamp_of(info), url)


def _remove(url: str, *, tree: bool) -> None:
    found, path = connected(url)
    with told(url, SinkError):
        try:
            found.rm(path, recursive=tree)
        except FileNotFoundError:
            return
