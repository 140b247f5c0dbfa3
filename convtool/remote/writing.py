"""Objects of a store, written whole or not at all: collected here, then put by one request (or one upload in parts).

A store shows an object when all of it has come, never before, and keeps the old one until then. What is collected is in
memory up to ``IN_MEMORY`` bytes, and beyond that in a temporary file of this machine.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from convtool.errors import SinkError
from convtool.remote.stores import store, told
from convtool.remote.urls import is_web, shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

__all__ = ["IN_MEMORY", "RemoteGroup", "Upload", "remote_writer"]

IN_MEMORY = 8 << 20  # bytes
_PUTS = 16  # at a time: each waits for the store most of its time


class Upload(io.RawIOBase):
    """An object while it is collected: ``size`` is what it has, ``hexdigest`` the SHA-256 since ``restart``."""

    def __init__(self, url: str) -> None:
        if is_web(url):
            raise SinkError(f"{shown_url(url)}: cannot be written: the web is only read")
        self.name = url
        self.size = 0
        self._digest = hashlib.sha256()
        self._file: IO[bytes] = io.BytesIO()
        self._path = ""

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: Buffer) -> int:
        """Take all of the bytes; SinkError where there is no room for them here."""
        view = memoryview(data).cast("B")
        with told(self.name, SinkError):
            if not self._path and self._file.tell() + len(view) > IN_MEMORY:
                self._to_disk()
            self._file.write(view)
        self._digest.update(view)
        self.size = max(self.size, self._file.tell())
        return len(view)

    def seekable(self) -> bool:
        """Tell that what has been collected can be written again; that is not in the digest."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place of what has been collected."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Give the place where the next bytes go."""
        return self._file.tell()

    def _to_disk(self) -> None:
        before = self._file
        assert isinstance(before, io.BytesIO)
        self._file = tempfile.NamedTemporaryFile(prefix="convtool-", delete=False)  # noqa: SIM115 - lives as long as this
        self._path = self._file.name
        self._file.write(before.getbuffer())
        self._file.seek(before.tell())

    def hexdigest(self) -> str:
        """Give the SHA-256 of what has been written since ``restart``."""
        return self._digest.hexdigest()

    def restart(self) -> None:
        """Begin a new digest."""
        self._digest = hashlib.sha256()

    def rewind(self, size: int) -> None:
        """Drop what comes after the first ``size`` bytes."""
        with told(self.name, SinkError):
            self._file.seek(size)
            self._file.truncate()
        self.size = size

    def put(self) -> None:
        """Let the store have it; SinkError where that fails, and then the store has what it had."""
        found, path = store(self.name)
        with told(self.name, SinkError):
            if self._path:
                self._file.flush()
                found.put_file(self._path, path)
            else:
                assert isinstance(self._file, io.BytesIO)
                found.pipe_file(path, self._file.getvalue())

    def drop(self) -> None:
        """Forget it."""
        with suppress(OSError):
            self._file.close()
        if self._path:
            with suppress(OSError):
                os.unlink(self._path)


class RemoteGroup:
    """As ``sinks.Group``, in a store: objects that are written one after the other and put together."""

    def __init__(self) -> None:
        self._written: list[Upload] = []

    @contextmanager
    def writer(self, target: str) -> Iterator[Upload]:
        """Give an object to write to; what is written in a block that fails is dropped."""
        upload = Upload(target)
        self._written.append(upload)
        try:
            yield upload
        except BaseException:
            self._written.pop().drop()
            raise

    def put(self, target: str, data: bytes) -> None:
        """Write an object whole."""
        with self.writer(target) as upload:
            upload.write(data)

    def commit(self) -> None:
        """Put all objects; SinkError says which of them could not be written."""
        if len(self._written) > 1:
            from concurrent.futures import ThreadPoolExecutor

            with ThreadPoolExecutor(_PUTS) as threads:
                list(threads.map(Upload.put, self._written))
        else:
            for one in self._written:
                one.put()
        self.discard()

    def discard(self) -> None:
        """Drop what has not been put."""
        while self._written:
            self._written.pop().drop()


@contextmanager
def remote_writer(url: str) -> Iterator[IO[bytes]]:
    """Give a binary file that becomes the object at ``url`` when the block ends well; otherwise all stays as it was."""
    upload = Upload(url)
    try:
        yield upload  # type: ignore[misc]  # it is written like any other
        upload.put()
    finally:
        upload.drop()
