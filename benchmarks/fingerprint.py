"""Tells whether convtool stayed the same while it was measured: what was proven must be what was timed."""

from __future__ import annotations

from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from benchmarks.shape import SCHEMAS

__all__ = ["fingerprint"]


def fingerprint() -> str:
    """Give a hash over the sources of convtool and the schema files, names and contents."""
    spec = find_spec("convtool")
    folders = [Path(place) for place in (spec and spec.submodule_search_locations) or ()]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    digest = sha256()
    for path in sorted([*files, *SCHEMAS.glob("*")]):
        digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
