"""One file made of the parts that workers have written: lines, or a zip. Its bytes depend on the outputs alone.

The order is the plan's, the dates in a zip are fixed, and nothing tells how the work was shared out. So a run that was
killed and taken up again gives the same file as one that was not.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from contextlib import nullcontext, suppress
from typing import IO, TYPE_CHECKING, Any, cast

from convtool.errors import SinkError
from convtool.places import atomic_writer, join, store_of
from convtool.places.packings import packer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from convtool.batch.choose import Destination
    from convtool.outcome import Outcome

__all__ = ["assemble", "check_packing", "drop_parts", "packed", "sweep_parts"]

_STEP = 1 << 20
_LEVEL = 6  # of zip: the usual one
_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can have
_MODE = 0o644 << 16


def assemble(out: Destination, outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Write the one file, from the parts of the outcomes in their order, and give its size in bytes and its SHA-256."""
    parts = _Parts(out.parts)
    # What a killed run leaves of it is in the working folder; a store shows nothing before all of it has come.
    store = store_of(out.path)
    whole = os.path.join(out.parts, "whole") if store.is_local else out.path

    try:
        with atomic_writer(whole) as file:
            if out.kind == "zip":
                _zip(file, outcomes, parts)
            else:
                with packed(file, out.packing) as whole_file:
                    for outcome in outcomes:
                        for piece in parts.pieces(outcome):
                            whole_file.write(piece)
        told = {"size": store_of(whole).size(whole), "sha256": _hash(whole)}
        if whole != out.path:
            os.replace(whole, out.path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(whole)
        raise SinkError(f"{out.path}: cannot be written: {error.strerror or error}") from None
    finally:
        parts.close()
    return told


def _hash(path: str) -> str:
    digest = hashlib.sha256()
    with store_of(path).open(path) as file:
        while data := file.read(_STEP):
            digest.update(data)
    return digest.hexdigest()


def drop_parts(out: Destination) -> None:
    """Remove the working folder; SinkError where that fails."""
    store_of(out.parts).drop_folder(out.parts)


def sweep_parts(out: Destination, known: Iterable[str]) -> None:
    """Remove the parts that no outcome knows: a run was killed before it could note them."""
    kept = set(known)
    store = store_of(out.parts)
    for name in store.names(out.parts):
        if name not in kept:
            store.remove(join(out.parts, name))


def check_packing(out: Destination) -> None:
    """UsageError where the output is to be compressed by something that is not installed."""
    if out.packing:
        packer(out.packing)


def packed(file: IO[bytes], packing: str) -> AbstractContextManager[IO[bytes]]:
    """Give a file whose bytes come compressed into ``file``; itself where ``packing`` is empty."""
    return packer(packing)(file) if packing else nullcontext(file)


def _zip(file: IO[bytes], outcomes: Iterable[Outcome], parts: _Parts) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for outcome in outcomes:
            if not outcome.part:
                continue
            info = zipfile.ZipInfo(outcome.target, _DATE)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _MODE, 3
            info.file_size = outcome.bytes_out
            with archive.open(info, "w") as member:
                for piece in parts.pieces(outcome):
                    member.write(piece)


class _Parts:
    """The parts, of which the last used is kept open: what was written together is read together."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._name = ""
        self._file: IO[bytes] | None = None

    def pieces(self, outcome: Outcome) -> Iterator[bytes]:
        """Yield an outcome's output."""
        if not outcome.part:
            return
        if self._file is None or outcome.part != self._name:
            self.close()
            path = join(self._folder, outcome.part)
            self._file = cast("IO[bytes]", store_of(path).open(path))  # kept for the next
            self._name = outcome.part
        self._file.seek(outcome.offset)
        left = outcome.bytes_out
        while left:
            piece = self._file.read(min(left, _STEP))
            if not piece:
                raise SinkError(
                    f"{self._file.name}: is shorter than the journal says", hint="begin anew with --overwrite"
                )
            yield piece
            left -= len(piece)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
