"""What commands read: a file or standard input, as a payload that can be read twice: recognised first, then used."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from convtool.errors import SourceError
from convtool.limits import LIMITS
from convtool.sources import load, read_path

if TYPE_CHECKING:
    from convtool.catalog import Catalog
    from convtool.convert import Codec, Format

__all__ = ["Source", "codec_for", "open_source", "other_format", "rewind"]

STDIN = "<stdin>"
_BEFORE = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # byte order marks, halves of characters of UTF-16, white space


class _Spooled(io.BytesIO):
    """The bytes of a source that can be read only once, with its name for reports."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name


Source: TypeAlias = Path | _Spooled


def open_source(name: str | None) -> Source:
    """Give the payload of a SOURCE: ``-``, or None at the end of a pipe, is standard input.

    UsageError where nothing is named and standard input is a terminal; SourceError where the source cannot be read.
    """
    if name is None and sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("Name a SOURCE, or pipe a payload into the command.")
    if name in (None, "-"):
        return _Spooled(_read_stdin(), STDIN)
    path = Path(str(name))
    # A pipe or a device with a name gives its bytes once; read_path says what is wrong with what is no file.
    return path if path.is_file() else _Spooled(read_path(path), str(name))


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise SourceError("standard input is closed")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise SourceError(f"standard input: {error.strerror}") from None


def codec_for(
    source: Source, catalog: Catalog, contract: str | None, given: Format | None = None, depth: int = LIMITS.depth
) -> Codec:
    """Give the codec of the contract that is named, or else of the one that the payload is of.

    UsageError for a form without one: nothing in it says what it is.
    """
    if contract is None and given == "form":
        raise click.UsageError("A form does not say which contract it is of: name one with --contract.")
    if contract is None:
        contract, _ = catalog.detect(source, depth=depth)
        rewind(source)
    return catalog.contract(contract)


def other_format(source: Source) -> Format:
    """Give the format that the payload is not in, by its first character; the reader refuses what is in neither."""
    content, _ = load(source)
    rewind(source)
    assert isinstance(content, bytes)  # no source is a text
    return "json" if content.lstrip(_BEFORE).startswith(b"<") else "xml"


def rewind(source: Source) -> None:
    """Let a source be read once more."""
    if isinstance(source, _Spooled):
        source.seek(0)
