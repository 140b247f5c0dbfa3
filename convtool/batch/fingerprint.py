"""What tells two installations, or two schema folders, apart: hashes of all that decides what comes out."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import convtool
from convtool.operations import FILE

__all__ = ["code_hash", "schemas_hash"]


@cache
def code_hash() -> str:
    """Give the SHA-256 of convtool's own modules: a version may be installed in several states."""
    digest = hashlib.sha256()
    root = Path(convtool.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def schemas_hash(folder: str) -> str:
    """Give the SHA-256 of a folder's schema files and operations, with names. OSError where it cannot be read."""
    digest = hashlib.sha256()
    for path in sorted(Path(folder).iterdir()):
        if path.name.endswith((".xsd", ".schema.json", FILE)) and path.is_file():
            digest.update(f"{path.name}\0".encode("utf-8", "backslashreplace") + path.read_bytes())
    return digest.hexdigest()
