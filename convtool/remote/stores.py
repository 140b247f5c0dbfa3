"""What is where in a store: sizes, stamps, listings page by page; and its errors in words of convtool's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from convtool.errors import ConvtoolError, SinkError, SourceError, UsageError
from convtool.remote.urls import is_web, scrubbed, shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Entry", "exists", "folder", "glob", "is_folder", "names", "remove", "size", "sizes", "stamp_of", "store", "told",
]  # fmt: skip

_TAGS = ("ETag", "etag", "md5Hash", "content_md5", "generation", "LastModified", "last_modified", "updated", "mtime",
         "created")  # fmt: skip
_STATUS = {"401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"}


class Entry(NamedTuple):
    """One thing in a folder of a store: its URL, its name there, its size in bytes, what tells it unchanged."""

    url: str
    name: str
    is_folder: bool
    size: int
    stamp: str


def store(url: str) -> tuple[Any, str]:
    """Give the file system of a URL, and the path in it; UsageError where what it takes is not installed."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise UsageError(f"{shown_url(url)}: install convtool[remote] to read and write by URL") from None
    try:
        # Listings are not kept: they would grow with the store, and be old in a run of hours.
        found, path = url_to_fs(url, use_listings_cache=False, **(_of_the_web() if is_web(url) else {}))
    except ImportError as error:
        raise UsageError(
            f"{shown_url(url)}: install convtool[remote] to read and write by URL ({scrubbed(str(error))})"
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


def _words(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "No such file or directory"
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


def _information(url: str) -> dict[str, Any] | None:
    """Give what a store knows of a URL; None where nothing is there."""
    found, path = store(url)
    with told(url):
        try:
            return dict(found.info(path))
        except FileNotFoundError:
            return None


def exists(url: str) -> bool:
    """Tell whether something is there."""
    return _information(url) is not None


def size(url: str) -> int:
    """Give the size of an object, -1 where there is none."""
    info = _information(url)
    return -1 if info is None or info.get("type") == "directory" else int(info.get("size") or 0)


def is_folder(url: str) -> bool:
    """Tell whether a URL has objects below it. The web has no folders."""
    if is_web(url):
        return False
    info = _information(url.rstrip("/"))
    return info is not None and info.get("type") == "directory"


def entry(url: str) -> Entry | None:
    """Give one object; None where there is none."""
    info = _information(url)
    if info is None:
        return None
    return Entry(
        url, url.rpartition("/")[2], info.get("type") == "directory", int(info.get("size") or 0), stamp_of(info)
    )


def folder(url: str) -> list[Entry]:
    """Give what is in a folder, by name; the store lists it in pages. Empty where there is nothing."""
    found, path = store(url.rstrip("/"))
    base = url.rstrip("/")
    with told(url):
        try:
            listed = found.ls(path, detail=True)
        except FileNotFoundError:
            return []
    entries = []
    for info in listed:
        name = info["name"].rstrip("/").rpartition("/")[2]
        is_dir = info.get("type") == "directory"
        # The object that some tools make for a folder itself has the folder's name.
        if name and info["name"].strip("/") != path.strip("/"):
            entries.append(Entry(f"{base}/{name}", name, is_dir, int(info.get("size") or 0), stamp_of(info)))
    return sorted(entries, key=lambda one: one.name)


def names(url: str) -> list[str]:
    """Give the names in a folder."""
    return [one.name for one in folder(url)]


def sizes(url: str) -> dict[str, int]:
    """Give the sizes of all objects below a folder, by their names there."""
    found: dict[str, int] = {}
    waiting = [(url, "")]
    while waiting:
        place, prefix = waiting.pop()
        for one in folder(place):
            if one.is_folder:
                waiting.append((one.url, f"{prefix}{one.name}/"))
            else:
                found[prefix + one.name] = one.size
    return found


def glob(pattern: str) -> list[str]:
    """Give the URLs that match a pattern, sorted."""
    found, path = store(pattern)
    with told(pattern):
        return sorted(found.unstrip_protocol(name) for name in found.glob(path))


def remove(url: str, *, tree: bool = False) -> None:
    """Remove an object, or all below a folder; nothing where there is none."""
    found, path = store(url)
    with told(url, SinkError):
        try:
            found.rm(path, recursive=tree)
        except FileNotFoundError:
            return
