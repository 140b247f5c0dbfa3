"""Files of object stores and web servers, by fsspec: read in blocks and never whole, written whole or not at all.

Whatever fails is told in words of convtool's, without secrets. A store shows an object when all of it has come, never
before, and keeps the old one until then. What is to be written is collected in memory up to ``IN_MEMORY`` bytes, and
beyond that in a temporary file of this machine.
"""

from __future__ import annotations

import errno
import io
import os
import tempfile
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any

from convtool._version import install
from convtool.errors import ConvtoolError, SinkError, SourceError, UsageError
from convtool.places.streams import Opened, Writing
from convtool.places.urls import is_web, scrubbed, shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

__all__ = [
    "IN_MEMORY", "RemoteFile", "RemoteGroup", "Window", "connected", "remote_writer", "stamp_of", "told", "whole",
]  # fmt: skip

IN_MEMORY = 8 << 20  # bytes
_PUTS = 16  # at a time: each waits for the store most of its time
_BLOCK = 4 << 20  # bytes that are asked for at a time
_SMALLEST = 1 << 16
_TAGS = ("ETag", "etag", "md5Hash", "content_md5", "generation", "LastModified", "last_modified", "updated", "mtime",
         "created")  # fmt: skip
_STATUS = {"401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"}


def connected(url: str) -> tuple[Any, str]:
    """Give the file system of a URL, and the path in it; UsageError where what it takes is not installed."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise UsageError(f"{shown_url(url)}: nothing is installed that reads URLs", hint=install("remote")) from None
    try:
        # Listings are not kept: they would grow with the store, and be old in a run of hours.
        found, path = url_to_fs(url, use_listings_cache=False, **(_of_the_web() if is_web(url) else {}))
    except ImportError as error:
        raise UsageError(
            f"{shown_url(url)}: not all is installed that reads it ({scrubbed(str(error))})", hint=install("remote")
        ) from None
    return found, path


def _of_the_web() -> dict[str, Any]:
    """Give the options by which a server's files come as it has them: nothing compresses or unpacks them on the way.

    Servers say of a .gz that it is a compressed form of something else, and what is read would be unpacked.
    """
    from fsspec.config import conf

    own: dict[str, Any] = {}
    for scheme in ("http", "https"):  # what the user has set for both stays
        own |= conf.get(scheme, {}).get("client_kwargs", {})
    headers = {"Accept-Encoding": "identity", **own.get("headers", {})}
    return {"client_kwargs": {"auto_decompress": False, **own, "headers": headers}}


@contextmanager
def told(url: str, kind: type[ConvtoolError] = SourceError) -> Iterator[None]:
    """Let whatever fails in a block about a URL become an error of ``kind``, without secrets in it."""
    try:
        yield
    except ConvtoolError:
        raise
    except Exception as error:  # each store has libraries of its own below, with errors of their own
        done = "cannot be written: " if kind is SinkError else ""
        raise kind(f"{shown_url(url)}: {done}{_words(error)}") from None


def unreached(error: FileNotFoundError) -> str:
    """Give why a server was not reached, which fsspec says in this way as well; empty where it has no such file."""
    reason = error.__cause__
    if not isinstance(reason, OSError) or isinstance(reason, FileNotFoundError):
        return ""
    return f"its server cannot be reached ({scrubbed(' '.join(str(reason).split())) or type(reason).__name__})"


def _words(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return unreached(error) or "No such file or directory"
    text = scrubbed(" ".join(str(error).split())) or type(error).__name__
    if "range requests" in text:
        return "its server gives it only from beginning to end (no range requests): download it first"
    name = type(error).__name__
    code = str(getattr(error, "response", None) and _code(error))
    if isinstance(error, PermissionError) or code in _STATUS or getattr(error, "status", 0) in (401, 403):
        return f"access is denied ({text}); see docs/remote.md for where credentials are looked for"
    if "redential" in name or "redential" in text:
        return f"there are no credentials ({text}); see docs/remote.md for where they are looked for"
    return text


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


def stamp_of(info: dict[str, Any]) -> str:
    """Give what tells an unchanged object: its size and the store's own mark; only the size where there is none."""
    size = info.get("size") or 0
    tag = next((str(info[key]) for key in _TAGS if info.get(key)), "")
    return f"{size}@{tag}" if tag else f"{size}"


class RemoteFile(Opened):
    """An object open for reading. SourceError where it is none.

    ``block``: bytes that are asked for at a time, where less than usual will be read.
    """

    def __init__(self, url: str, block: int = _BLOCK) -> None:
        self.name = url
        found, path = connected(url)
        with told(url):
            block = min(max(block, _SMALLEST), _BLOCK)
            self._file = found.open(path, "rb", block_size=block, cache_type="readahead")
            details = getattr(self._file, "details", None) or {}
            stamp = stamp_of(details) if isinstance(details, dict) else ""
        self._stamp = stamp if "@" in stamp else ""

    @property
    def stamp(self) -> str:
        """Give what tells it unchanged; empty where the store does not say that when it opens an object."""
        return self._stamp

    def seekable(self) -> bool:
        """Tell whether one can go to any place of it: not where a server does not say how long it is."""
        return bool(self._file.seekable())

    def read(self, size: int | None = -1) -> bytes:
        """Give the next bytes, all that are left where no size is given."""
        with told(self.name):
            return bytes(self._file.read(-1 if size is None else size))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; OSError where that is too far back from the end, as with any file: zipfile tries that."""
        with told(self.name):
            try:
                return int(self._file.seek(offset, whence))
            except ValueError as error:
                if whence != os.SEEK_END:
                    raise
                before = error
        raise OSError(errno.EINVAL, str(before))

    def tell(self) -> int:
        """Give the place where it is."""
        with told(self.name):
            return int(self._file.tell())

    def close(self) -> None:
        """Close it; a second time does nothing."""
        if not self.closed and hasattr(self, "_file"):
            with told(self.name):
                self._file.close()
        super().close()


class Window(io.BytesIO):
    """Some bytes of an object, fetched at once, at the places that they have in it."""

    def __init__(self, url: str, start: int, size: int) -> None:
        found, path = connected(url)
        with told(url):
            super().__init__(bytes(found.cat_file(path, start=start, end=start + size)))
        self._start = start

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place of the object that is among these bytes."""
        return super().seek(offset - self._start if whence == os.SEEK_SET else offset, whence) + self._start


def whole(url: str, size: int, start: int | None = None) -> bytes:
    """Give a small object, or ``size`` bytes of one from ``start`` on, with a single request.

    SourceError where it is not as long as it was.
    """
    found, path = connected(url)
    with told(url):
        data = bytes(found.cat_file(path) if start is None else found.cat_file(path, start=start, end=start + size))
    if len(data) != size:
        raise SourceError(f"{shown_url(url)}: has changed since the run began")
    return data


class _Upload(Writing):
    """An object while it is collected."""

    def __init__(self, url: str) -> None:
        if is_web(url):
            raise SinkError(f"{shown_url(url)}: cannot be written: the web is only read")
        super().__init__(url)
        self._file: IO[bytes] = io.BytesIO()
        self._path = ""

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

    def rewind(self, size: int) -> None:
        """Drop what comes after the first ``size`` bytes."""
        with told(self.name, SinkError):
            self._file.seek(size)
            self._file.truncate()
        self.size = size

    def put(self) -> None:
        """Let the store have it; SinkError where that fails, and then the store has what it had."""
        found, path = connected(self.name)
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
    """As ``writing.Group``, in a store: objects that are written one after the other and put together."""

    def __init__(self) -> None:
        self._written: list[_Upload] = []

    @contextmanager
    def writer(self, target: str) -> Iterator[Writing]:
        """Give an object to write to; what is written in a block that fails is dropped."""
        upload = _Upload(target)
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
                list(threads.map(_Upload.put, self._written))
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
    upload = _Upload(url)
    try:
        yield upload  # type: ignore[misc]  # it is written like any other
        upload.put()
    finally:
        upload.drop()
