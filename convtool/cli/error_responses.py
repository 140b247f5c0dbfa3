"""Error responses of Web API as payloads of their own: shown and converted, where a payload is of no contract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from convtool.cli.inputs import is_small, rewind
from convtool.sources import read_path

if TYPE_CHECKING:
    from convtool.cli.inputs import Piped, Source
    from convtool.http_error import HttpError
    from convtool.sniff import Format

__all__ = ["error_response"]

_PIECE = 1 << 16  # bytes that are read at a time


def error_response(source: Source, contract: str | None, given: Format | None) -> tuple[HttpError, bytes] | None:
    """Give the HttpError that a payload of no contract is, and its bytes; None where it is none.

    A payload whose ``contract`` is named is to be of that one. The status of the response is not known here, so it is
    recognised by its shape: a message, and no name that HttpError does not know.
    """
    if contract is not None:
        return None
    rewind(source)
    if not is_small(source):
        return None
    data = read_path(source) if isinstance(source, Path) else _rest(source)
    from convtool.http_error import recognise  # the library is loaded when it is needed

    error = recognise(data)
    return (error, data) if error is not None and given in (None, error.format) else None


def _rest(source: Piped) -> bytes:
    """Give all bytes of a pipe, which are kept."""
    return b"".join(iter(lambda: source.read(_PIECE) or b"", b""))
