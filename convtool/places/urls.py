"""URLs as people give them: which are understood, and how they are shown. Needs nothing that is not installed."""

from __future__ import annotations

import os
import re

from convtool._lazy import pattern
from convtool.errors import UsageError

__all__ = ["check", "from_root", "is_local_memory", "is_url", "is_web", "join", "scrubbed", "shown_url", "split"]

SCHEMES = ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "http", "https", "memory")
MEMORY = "memory://"
_URL = pattern(r"[A-Za-z][A-Za-z0-9+.-]+://")
_FILE = "file://"
_ANY = pattern(r"""(?<![\w])([A-Za-z][A-Za-z0-9+.-]+://)([^\s'"<>]+)""")


def is_url(path: str) -> bool:
    """Tell whether a path is a URL rather than a path of this machine."""
    return "://" in path and _URL.match(path) is not None


def is_web(url: str) -> bool:
    """Tell whether a URL is one of the web, which can only be read, and whose query is part of it."""
    return url.startswith(("http://", "https://"))


def is_local_memory(path: str) -> bool:
    """Tell whether a path is in the memory of this process, which no other one sees."""
    return path.startswith(MEMORY)


def check(path: str) -> str:
    """Give a path or a URL as it is used: ``file://`` is a path of this machine.

    UsageError for no name at all, a scheme that is not known, and a URL with a password or a token in it.
    """
    if not path:
        raise UsageError("a name is empty", hint="name a file, a folder or a URL; - is standard input or output")
    if not is_url(path):
        return path
    scheme, _, rest = path.partition("://")
    scheme = scheme.lower()
    if scheme in ("file", "local"):
        from urllib.parse import unquote

        return unquote(rest.removeprefix("localhost")) or os.sep
    if scheme not in SCHEMES:
        known = ", ".join(f"{name}://" for name in ("s3", "gs", "abfs", "http", "https", "file", "memory"))
        raise UsageError(f"{scheme}://: is no place that is known", hint=f"there are {known}")
    url = f"{scheme}://{rest}"
    user = rest.partition("/")[0].rpartition("@")[0]
    if ":" in user or (user and is_web(url)):
        raise UsageError(
            f"{shown_url(url)}: has a name or a password in it",
            hint="credentials come from fsspec's configuration or the environment (see docs/remote.md), not from a URL",
        )
    if not is_web(url) and re.search(r"\?[\w.-]+=", url):
        raise UsageError(f"{shown_url(url.partition('?')[0])}: has a query behind it, which only http(s) URLs may have")
    return url


def shown_url(path: str) -> str:
    """Give a source's name for reports: of a URL without user, password, query and fragment."""
    if not is_url(path):
        return path
    scheme, _, rest = path.partition("://")
    place, slash, key = rest.partition("/")
    user, at, host = place.rpartition("@")
    if at and (":" in user or is_web(path)):  # abfs://container@account… names a container, and nobody
        place = host
    if is_web(path):
        place, key = re.split(r"[?#]", place, maxsplit=1)[0], re.split(r"[?#]", key, maxsplit=1)[0]
    return f"{scheme}://{place}{slash}{key}"


def scrubbed(text: str) -> str:
    """Give a message of somebody else with what may be secret taken out of the URLs in it."""
    return _ANY.sub(lambda found: shown_url(f"{found[1]}{found[2]}").partition("?")[0], text)


def join(folder: str, name: str) -> str:
    """Give the place of a name below a folder, which may be a URL."""
    if not is_url(folder):
        return os.path.join(folder, name)
    scheme, _, rest = folder.partition("://")
    return f"{scheme}://{rest.rstrip('/')}/{name}" if rest else f"{scheme}://{name}"


def split(path: str) -> tuple[str, str]:
    """Give the folder and the name of a path, which may be a URL: ``join`` makes it of them again."""
    if not is_url(path):
        return os.path.split(path)
    scheme, _, rest = path.partition("://")
    folder, _, name = rest.rpartition("/")
    return f"{scheme}://{folder}", name


def from_root(path: str) -> str:
    """Give a path from the root; a URL as if there were a folder for each scheme."""
    return f"/{shown_url(path).replace('://', '/', 1)}".rstrip("/") if is_url(path) else os.path.abspath(path)
