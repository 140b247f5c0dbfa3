"""A payload that a command reads beside its run: a file, a compressed one, a URL, standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from convtool.errors import SourceError, UsageError
from convtool.payload import Payload
from convtool.places import check, shown_url, store_of

if TYPE_CHECKING:
    import io

__all__ = ["open_payload"]


def open_payload(name: str | None) -> Payload:
    """Open a payload, unpacked where it is compressed: ``-``, or None at the end of a pipe, is standard input.

    It is closed with the command. UsageError where nothing is named and standard input is a terminal; SourceError where
    the source cannot be read.
    """
    from convtool.places import LIMITS
    from convtool.recognise import unpacked

    if name is None and sys.stdin is not None and sys.stdin.isatty():
        raise UsageError("there is nothing to read", hint="name a SOURCE, or pipe a payload into the command")
    raw: IO[bytes] | io.RawIOBase
    if name in (None, "-"):
        if sys.stdin is None:
            raise SourceError("standard input is closed")
        return unpacked(Payload(sys.stdin.buffer, "<stdin>"), LIMITS)[0]
    path = check(str(name))
    local = store_of(path).is_local
    if local and Path(path).exists() and not (Path(path).is_file() or Path(path).is_dir()):
        raw = open(path, "rb")  # noqa: PTH123, SIM115 - a pipe or a device gives its bytes once; closed with the command
    else:
        raw = store_of(path).open(path)
    payload = Payload(raw, shown_url(path))
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(payload.close)
    inner, _ = unpacked(payload, LIMITS)
    if inner is payload and local:
        inner.beside = path
    return inner
