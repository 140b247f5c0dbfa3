"""The kinds of captures, each with its reader; ``convtool.signatures`` tells them by their first bytes."""

from __future__ import annotations

import io
import os
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from convtool.errors import SourceError, UsageError
from convtool.signatures import CONTAINERS, HEAD, capture_of, members_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.captures.captured import Pair
    from convtool.captures.failure import Broken

__all__ = ["BROKEN_ZIP", "Capture", "Kind", "Source", "is_capture", "kind_of", "opened"]

Capture: TypeAlias = str | os.PathLike[str] | BinaryIO | io.RawIOBase
# What zipfile makes of a damaged directory, and of members that are not what it says.
BROKEN_ZIP = (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError, IndexError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: ``title`` is its name in ``signatures``, ``suffixes`` are its files', where the bytes say nothing."""

    title: str
    module: str
    reader: str
    suffixes: tuple[str, ...] = ()

    def read(self, source: Source) -> Iterator[Pair | Broken]:
        """Read a file of the kind; its reader is imported now."""
        read = getattr(import_module(f"convtool.captures.{self.module}"), self.reader)
        return cast("Iterator[Pair | Broken]", read(source))


KINDS = (
    Kind("HAR", "har", "read_har", (".har",)),
    Kind("vcrpy cassette", "cassettes", "read_cassette", (".yaml", ".yml")),
    Kind("mitmproxy flows", "flows", "read_flows", (".mitm", ".flow", ".flows")),
    Kind("WARC", "warc", "read_warc", (".warc", ".warc.gz")),
    Kind("HTTP messages", "http", "read_http", (".http",)),
    Kind("HTTP requests", "http", "read_http", (".rest",)),
    Kind("curl transcript", "transcripts", "read_transcript"),
    Kind("Fiddler archive", "zipped", "read_fiddler", (".saz",)),
    Kind("zipped HAR", "zipped", "read_har_zip", (".har.zip",)),
)
_TITLED = {kind.title: kind for kind in KINDS}


@dataclass(slots=True)
class Source:
    """An open capture: its name, its kind (None: a bare body), the file at its beginning, the folder that it lies in.

    ``folder`` is None where there is none, as for a file in memory: then nothing beside the capture is read.
    """

    name: str
    kind: Kind | None
    file: BinaryIO
    folder: Path | None = None


def kind_of(head: bytes, name: str = "") -> Kind | None:
    """Give the kind of a capture by its first bytes, or by its name where these say nothing; None for anything else."""
    title = capture_of(head) or _container(members_of(head))
    if title:
        return _TITLED[title]
    return next((kind for kind in KINDS if name.lower().endswith(kind.suffixes or ("\0",))), None)


def _container(names: Iterable[str]) -> str:
    found = list(names)
    return next((kind for kind, has in CONTAINERS.items() if has(found)), "")


def is_capture(path: Capture) -> bool:
    """Tell whether a file is a capture, by its first bytes and its name; a bare payload is none.

    What cannot be read is none either: whoever reads it next says why.
    """
    try:
        with opened(path) as source:
            return source.kind is not None
    except SourceError:
        return False


@contextmanager
def opened(path: Capture) -> Iterator[Source]:
    """Open a capture: a path, or a binary file that can seek. SourceError where that fails."""
    if not isinstance(path, (str, os.PathLike)):
        if not (hasattr(path, "read") and hasattr(path, "seek")):
            raise UsageError("a capture is a path, or a binary file that can seek")
        name = getattr(path, "name", "")
        path.seek(0)
        folder = getattr(path, "folder", None)  # as payloads have it
        where = Path(folder) if folder is not None else None
        # Readers ask for just so many bytes, and some look ahead: what is raw may give fewer, and cannot.
        file = io.BufferedReader(path) if isinstance(path, io.RawIOBase) else path
        try:
            yield _source(file, name if isinstance(name, str) else "", where)  # reads like one
        finally:
            if isinstance(file, io.BufferedReader) and file is not path:
                file.detach()  # it would close what is not its own
        path.seek(0)
        return
    at = Path(path)
    try:
        if at.is_dir():
            raise SourceError(f"{at}: is a folder, not a capture")
        file = at.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise SourceError(f"{at}: {getattr(error, 'strerror', None) or error}") from None
    with file:
        yield _source(file, str(at), at.parent)


def _source(file: BinaryIO, name: str, folder: Path | None = None) -> Source:
    try:
        head = file.read(HEAD)
        file.seek(0)
        kind = _of_zip(file, head) or kind_of(head, name)
    except (OSError, ValueError) as error:
        raise SourceError(f"{name or 'the capture'}: {getattr(error, 'strerror', None) or error}") from None
    return Source(name, kind, file, folder)


def _of_zip(file: BinaryIO, head: bytes) -> Kind | None:
    """Give the kind of a zip by the names in its directory, which is read only where its head may be a capture's."""
    first = next(iter(members_of(head)), "").lower()
    if not (first.startswith(_FIRST) or first.endswith(".har") or len(first) > _HASH):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            title = _container(name.replace("\\", "/") for name in archive.namelist())
    except BROKEN_ZIP:
        return None
    finally:
        file.seek(0)
    return _TITLED.get(title)


_HASH = 40  # characters of the hash that Playwright names bodies by
_FIRST = ("raw/", "[content_types].xml", "_index.htm")  # what Fiddler's archives begin with
