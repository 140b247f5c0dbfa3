"""The kinds of captures: how each is recognised by its first bytes, and which reader it has."""

from __future__ import annotations

import io
import os
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from convtool.errors import SourceError, UsageError
from convtool.sniff import CAPTURES

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from convtool.captures.captured import Pair
    from convtool.captures.failure import Broken

__all__ = ["Capture", "Kind", "Source", "is_capture", "kind_of", "opened"]

Capture: TypeAlias = str | os.PathLike[str] | BinaryIO | io.RawIOBase
_HEAD = 4096  # bytes that are looked at


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: ``looks`` matches its first bytes, ``suffixes`` are its files', for those whose bytes say nothing."""

    name: str
    title: str
    module: str
    reader: str
    looks: re.Pattern[bytes]
    suffixes: tuple[str, ...]

    def read(self, file: BinaryIO, name: str) -> Iterator[Pair | Broken]:
        """Read a file of the kind; its reader is imported now."""
        read = getattr(import_module(f"convtool.captures.{self.module}"), self.reader)
        return cast("Iterator[Pair | Broken]", read(file, name))


KINDS = (
    Kind("har", "HAR", "har", "read_har", CAPTURES["HAR"], (".har",)),
    Kind("cassette", "vcrpy cassette", "cassettes", "read_cassette", CAPTURES["vcrpy cassette"], (".yaml", ".yml")),
    Kind("flows", "mitmproxy flows", "flows", "read_flows", CAPTURES["mitmproxy flows"], (".mitm", ".flow", ".flows")),
    Kind("warc", "WARC", "warc", "read_warc", CAPTURES["WARC"], (".warc", ".warc.gz")),
    Kind("http", "HTTP messages", "http", "read_http", CAPTURES["HTTP messages"], (".http",)),
)


@dataclass(slots=True)
class Source:
    """An open capture: its name, its kind (None: a bare body), and the file at its beginning."""

    name: str
    kind: Kind | None
    file: BinaryIO


def kind_of(head: bytes, name: str = "") -> Kind | None:
    """Give the kind of a capture by its first bytes, or by its name where these say nothing; None for anything else."""
    if head.startswith(b"\x1f\x8b"):  # WARC files are gzip, record by record
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD)
        except zlib.error:
            head = b""
        kind = next(kind for kind in KINDS if kind.name == "warc")
        return kind if kind.looks.match(head) or name.lower().endswith(kind.suffixes) else None
    for kind in KINDS:
        if kind.looks.match(head):
            return kind
    return next((kind for kind in KINDS if name.lower().endswith(kind.suffixes)), None)


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
        yield _source(cast("BinaryIO", path), name if isinstance(name, str) else "")  # reads like one
        path.seek(0)
        return
    where = Path(path)
    try:
        if where.is_dir():
            raise SourceError(f"{where}: is a folder, not a capture")
        file = where.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise SourceError(f"{where}: {getattr(error, 'strerror', None) or error}") from None
    with file:
        yield _source(file, str(where))


def _source(file: BinaryIO, name: str) -> Source:
    try:
        head = file.read(_HEAD)
        file.seek(0)
    except (OSError, ValueError) as error:
        raise SourceError(f"{name or 'the capture'}: {getattr(error, 'strerror', None) or error}") from None
    return Source(name, kind_of(head, name), file)
