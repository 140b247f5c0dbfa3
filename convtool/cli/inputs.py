"""What commands read: a file, a compressed one or standard input. It is recognised first, then used.

Nothing is read whole that need not be: a pipe's bytes are kept until it is known what they are.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

import click

from convtool.errors import SourceError
from convtool.limits import LIMITS
from convtool.places import shown_url, store_of
from convtool.sniff import first_line, is_lines, other_by_name
from convtool.sources import IN_MEMORY, read_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

    from convtool.catalog import Catalog
    from convtool.convert import Codec, Format

__all__ = [
    "Piped",
    "Source",
    "capture_kind",
    "codec_for",
    "has_lines",
    "is_small",
    "open_source",
    "other_format",
    "rewind",
]

STDIN = "<stdin>"
_BEFORE = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # byte order marks, halves of characters of UTF-16, white space
_HEAD = 1 << 16  # bytes by which lines are told from a document


class Piped(io.RawIOBase):
    """Bytes that come once, and can be read again: what has been read is kept, until ``settle``."""

    def __init__(self, raw: io.RawIOBase | IO[bytes], name: str) -> None:
        self.name = name
        self._raw = raw
        self._kept = io.BytesIO()
        self._settled = False

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Give the next bytes: what has been kept first."""
        view = memoryview(buffer)
        data = self._kept.read(len(view))
        if not data:
            data = self._raw.read(len(view)) or b""
            if self._settled:
                self._kept = io.BytesIO()
            else:
                self._kept.write(data)
        view[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go back to the beginning, which is all that is possible."""
        if offset or whence or self._settled:
            raise io.UnsupportedOperation("a pipe is read from its beginning")
        return self._kept.seek(0)

    def settle(self) -> None:
        """Begin again for the last time: what is read from now on is not kept."""
        self.seek(0)
        self._settled = True


Source: TypeAlias = Path | Piped


def open_source(name: str | None) -> Source:
    """Give the payload of a SOURCE: ``-``, or None at the end of a pipe, is standard input.

    A compressed file is what is in it. UsageError where nothing is named and standard input is a terminal; SourceError
    where the source cannot be read.
    """
    if name is None and sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("Name a SOURCE, or pipe a payload into the command.")
    if name in (None, "-"):
        if sys.stdin is None:
            raise SourceError("standard input is closed")
        return Piped(sys.stdin.buffer, STDIN)
    if not store_of(str(name)).is_local:
        return _unpacked(str(name)) or _remote(str(name))
    path = Path(str(name))
    if path.is_file():
        return _unpacked(str(name)) or path
    if path.is_dir() or not path.exists():
        read_path(path)  # says what is wrong with it
    try:
        file = path.open("rb")  # a pipe or a device with a name gives its bytes once
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from None
    _at_end(file)
    return Piped(file, str(name))


def _unpacked(name: str) -> Piped | None:
    from convtool.cli.batch import is_packed

    if not is_packed(name):
        return None
    from convtool.places import LIMITS as BOUNDS
    from convtool.places import listing, open_found

    found = next(listing(name, shown_url(name), BOUNDS))
    if found.verdict:
        raise SourceError(f"{shown_url(name)}: {found.reason}")
    raw = open_found(found, BOUNDS)
    _at_end(raw)
    return Piped(raw, shown_url(name))


def _remote(url: str) -> Piped:
    raw = store_of(url).open(url)
    _at_end(raw)
    return Piped(raw, shown_url(url))


def _at_end(file: IO[bytes] | io.RawIOBase) -> None:
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(file.close)


def codec_for(
    source: Source, catalog: Catalog, contract: str | None, given: Format | None = None, depth: int = LIMITS.depth
) -> Codec:
    """Give the codec of the contract that is named, or else of the one that the payload is of.

    UsageError for a form without one: nothing in it says what it is.
    """
    if contract is None and given == "form":
        raise click.UsageError("A form does not say which contract it is of: name one with --contract.")
    if contract is None:
        payload = _first_record(source) if given is None and has_lines(source) else source
        contract, _ = catalog.detect(payload, depth=depth)
        rewind(source)
    return catalog.contract(contract)


def has_lines(source: Source) -> bool:
    """Tell whether a source has a record in each line: by its name, or as its first line is one."""
    if is_lines(str(source) if isinstance(source, Path) else source.name):
        return True
    head = _peek(source, _HEAD)
    return head[:1] == b"{" and (b"}\n{" in head or b"}\r\n{" in head)


def capture_kind(source: Source) -> str:
    """Say what kind of capture a source is; empty where it is none."""
    from convtool.captures.kinds import kind_of  # the library is loaded when it is needed

    rewind(source)
    kind = kind_of(_peek(source, _HEAD))
    return kind.title if kind is not None else ""


def _first_record(source: Source) -> bytes:
    return first_line(next(head for head, whole in _heads(source) if whole or b"\n" in head.lstrip()))


def other_format(source: Source) -> Format:
    """Give the format that the payload is not in, by its first character; the reader refuses what is in neither."""
    starts = ((head.lstrip(_BEFORE), whole) for head, whole in _heads(source))
    start = next(start for start, whole in starts if start or whole)
    return other_by_name("x.xml" if start.startswith(b"<") else "x.json")


def _heads(source: Source) -> Iterator[tuple[bytes, bool]]:
    """Yield the first bytes of a source, twice as many each time; and whether these are all."""
    size, whole = _HEAD, False
    while not whole:
        head = _peek(source, size)
        whole = len(head) < size
        yield head, whole
        size *= 2


def is_small(source: Source) -> bool:
    """Tell whether a payload is read whole: larger ones are streamed."""
    try:
        return (source.stat().st_size if isinstance(source, Path) else len(_peek(source, IN_MEMORY))) < IN_MEMORY
    except OSError:
        return True  # whoever reads it says what is wrong


def _peek(source: Source, size: int) -> bytes:
    """Give the first bytes of a source, which are read again."""
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                return file.read(size)
        parts = []
        while size > 0 and (part := source.read(size)):
            parts.append(part)
            size -= len(part)
        rewind(source)
        return b"".join(parts)
    except OSError as error:
        raise SourceError(f"{getattr(source, 'name', source)}: {error.strerror or error}") from None


def rewind(source: Source, *, last: bool = False) -> None:
    """Let a source be read once more; ``last``: and not again, so that nothing of it is kept."""
    if isinstance(source, Piped):
        source.settle() if last else source.seek(0)
