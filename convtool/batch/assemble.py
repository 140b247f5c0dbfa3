"""One file made of the parts that workers have written: lines, or a zip. Its bytes depend on the outputs alone.

The order is the plan's, the dates in a zip are fixed, and nothing tells how the work was shared out. So a run that was
killed and taken up again gives the same file as one that was not.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import threading
from contextlib import nullcontext
from typing import IO, TYPE_CHECKING, Any, cast

import msgspec

from convtool.errors import SinkError
from convtool.places import atomic_writer, join, store_of
from convtool.places.packings import packer
from convtool.places.writing import LEFTOVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from convtool.batch.choose import Destination

__all__ = ["PART", "PIECES", "Assembly", "Piece", "check_packing", "drop_parts", "packed", "sweep_parts"]

PART = ".part"  # how the names of parts end
_STEP = 1 << 20
_LEVEL = 6  # of zip: the usual one
_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can have
_MODE = 0o644 << 16


class Piece(msgspec.Struct, frozen=True, gc=False):
    """What an outcome says of its output: the part that it is in, and where, how long it is, its hash and its name."""

    part: str = ""
    offset: int = 0
    bytes_out: int = 0
    sha256_out: str = ""
    target: str = ""


PIECES = msgspec.json.Decoder(Piece)  # made before there are threads, as OUTCOMES is


class Assembly:
    """The one file, made in a thread of its own while the run goes on: it compresses while others work.

    ``piece`` gives the output of each of ``count`` files by its number; it is asked by this thread alone, and once
    ``ready`` has said so. The file gets its name in ``finish``.
    """

    def __init__(self, out: Destination, count: int, piece: Callable[[int], Piece]) -> None:
        self._out = out
        self._count = count
        self._piece = piece
        self._changed = threading.Condition()
        self._ready = 0
        self._state = "going"
        self._told: dict[str, Any] = {}
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="convtool assembly", daemon=True)
        self._thread.start()

    def ready(self, count: int) -> None:
        """Say that the first so many files have their outcomes; SinkError where the file cannot be written."""
        if self._failed is not None:
            raise self._failed
        with self._changed:
            self._ready = count
            self._changed.notify()

    def finish(self) -> dict[str, Any]:
        """Let the file appear, and give its size in bytes and its SHA-256; SinkError where it cannot be written."""
        self._end("finishing")
        if self._failed is not None:
            raise self._failed
        return self._told

    def stop(self) -> None:
        """Drop what there is of it, unless it has been finished."""
        self._end("stopped")

    def _end(self, state: str) -> None:
        with self._changed:
            self._state = state
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._told = _assemble(self._out, self._coming())
        except _Stopped:
            pass
        except BaseException as error:  # told to whoever waits
            self._failed = error

    def _coming(self) -> Iterator[Piece]:
        """Yield the pieces as they come; the end comes when the file may appear."""
        for number in range(self._count):
            if number >= self._ready:
                self._wait(lambda: self._ready > number)  # noqa: B023 - it is called here
            yield self._piece(number)
        self._wait(lambda: self._state == "finishing")

    def _wait(self, until: Callable[[], bool]) -> None:
        with self._changed:
            self._changed.wait_for(lambda: until() or self._state == "stopped")
            if self._state == "stopped":
                raise _Stopped


class _Stopped(Exception):
    """The file is not wanted any more."""


def _assemble(out: Destination, pieces: Iterable[Piece]) -> dict[str, Any]:
    """Write the one file, from the pieces in their order, and give its size in bytes and its SHA-256."""
    parts = _Parts(out.parts)
    # What a killed run leaves of it is in the working folder; a store shows nothing before all of it has come.
    store = store_of(out.path)
    whole = os.path.join(out.parts, "whole") if store.is_local else out.path
    try:
        with atomic_writer(whole) as file:
            told = _zipped(file, pieces, parts) if out.kind == "zip" else _lines(file, pieces, parts, out.packing)
        if out.kind == "zip":  # which is not written from its beginning to its end
            told = {"size": store_of(whole).size(whole), "sha256": _hash(whole)}
        if whole != out.path:
            _named(whole, out.path)
    except BaseException as error:
        if whole != out.path:
            store.remove(whole)
        if isinstance(error, OSError):
            raise SinkError(f"{out.path}: cannot be written: {error.strerror or error}") from None
        raise
    finally:
        parts.close()
    return told


def _named(whole: str, path: str) -> None:
    """Give a file its name; one that is replaced keeps its permissions, a link its target."""
    path = os.path.realpath(path)
    if os.path.exists(path):
        os.chmod(whole, stat.S_IMODE(os.stat(path).st_mode))
    os.replace(whole, path)


def _lines(file: IO[bytes], pieces: Iterable[Piece], parts: _Parts, packing: str) -> dict[str, Any]:
    counted = _Counted(file)
    with packed(cast("IO[bytes]", counted), packing) as whole:
        waiting: list[bytes] = []
        size = 0
        for one in pieces:
            for data in parts.read(one):
                waiting.append(data)
                size += len(data)
            if size >= _STEP:
                whole.write(b"".join(waiting))
                waiting, size = [], 0
        whole.write(b"".join(waiting))
    return {"size": counted.size, "sha256": counted.digest.hexdigest()}


class _Counted:
    """A file whose bytes are counted, and hashed, as they are written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write all of the bytes."""
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Let what has been written go on."""
        self._file.flush()


def _hash(path: str) -> str:
    digest = hashlib.sha256()
    with store_of(path).open(path) as file:
        while data := file.read(_STEP):
            digest.update(data)
    return digest.hexdigest()


def drop_parts(out: Destination) -> None:
    """Remove the working folder; SinkError where that fails."""
    store_of(out.parts).drop_folder(out.parts)


def sweep_parts(out: Destination, known: Iterable[str], *, going: bool = False) -> None:
    """Remove the parts that no outcome knows: a run was killed before it could note them.

    ``going``: the one file is being made of the others, and left alone.
    """
    kept = set(known)
    store = store_of(out.parts)
    for name in store.names(out.parts):
        if name not in kept and (not going or name.endswith(PART) or name.startswith(LEFTOVER)):
            store.remove(join(out.parts, name))


def check_packing(out: Destination) -> None:
    """UsageError where the output is to be compressed by something that is not installed."""
    if out.packing:
        packer(out.packing)


def packed(file: IO[bytes], packing: str) -> AbstractContextManager[IO[bytes]]:
    """Give a file whose bytes come compressed into ``file``; itself where ``packing`` is empty."""
    return packer(packing)(file) if packing else nullcontext(file)


def _zipped(file: IO[bytes], pieces: Iterable[Piece], parts: _Parts) -> dict[str, Any]:
    import zipfile  # few outputs are one

    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for one in pieces:
            if not one.part:
                continue
            info = zipfile.ZipInfo(one.target, _DATE)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _MODE, 3
            info.file_size = one.bytes_out
            with archive.open(info, "w") as member:
                for data in parts.read(one):
                    member.write(data)
    return {}


class _Parts:
    """The parts, of which the last used is kept open: what was written together is read together."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._name = ""
        self._file: IO[bytes] | None = None
        self._at = -1

    def read(self, one: Piece) -> Iterator[bytes]:
        """Yield the bytes of a piece; SinkError where they are not what its outcome says: parts are not synced."""
        if not one.part:
            return
        if self._file is None or one.part != self._name:
            self.close()
            path = join(self._folder, one.part)
            self._file = io.BufferedReader(store_of(path).open(path), _STEP)
            self._name = one.part
        if self._at != one.offset:
            self._file.seek(one.offset)
        digest, left = hashlib.sha256(), one.bytes_out
        while left and (data := self._file.read(min(left, _STEP))):
            digest.update(data)
            left -= len(data)
            yield data
        self._at = one.offset + one.bytes_out
        if left or digest.hexdigest() != one.sha256_out:
            path = join(self._folder, self._name)
            raise SinkError(f"{path}: is not what the journal says of it", hint="--resume does again what is lost")

    def close(self) -> None:
        """Let go of it."""
        if self._file is not None:
            self._file.close()
            self._file, self._at = None, -1
