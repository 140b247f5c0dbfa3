"""A folder of schema files → compiled contracts, by name, with a cache on disk.

``NAME.schema.json`` makes a contract NAME; its XSD is ``NAME.xsd``, or the file of the folder that has a global
element NAME (as .NET's exporter writes them: one file per namespace, several contracts each). Compiling takes
xmlschema and jsonschema, which take longer to import than a small payload to convert; the result is kept as plain
data, keyed by the content of every XSD and of NAME.schema.json and by convtool's version, and read back through a typed
decoder.
Deleting the cache is always safe.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from convtool._version import __version__
from convtool.contract.model import Contract  # noqa: TC001 - msgspec reads the annotation
from convtool.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.contract.reference import Reference

__all__ = ["Folder", "bundled_path", "cache_path"]

_SUFFIX = ".schema.json"
_CACHE_FORMAT = 2  # raised when a cached contract of the same version could be misread


def bundled_path() -> Path:
    """Give the folder of the contracts that come with convtool: in the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "schemas"
    return inside if inside.is_dir() else package.parent / "schemas"


def cache_path() -> Path | None:
    """Give the cache's folder: CONVTOOL_CACHE (empty: none), else below the user's cache folder."""
    chosen = os.environ.get("CONVTOOL_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "convtool"
    except RuntimeError:  # no home folder
        return None


class Folder:
    """The contracts of one folder of schema files. Nothing outside the folder is read, nothing is fetched."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_dir():
            reason = "is not a folder" if path.exists() else "does not exist"
            raise ContractError(f"{path}: the schema folder {reason}")

    def names(self) -> list[str]:
        """Give the names of the contracts, sorted."""
        return sorted(p.name.removesuffix(_SUFFIX) for p in self._files(_SUFFIX))

    def _files(self, suffix: str) -> Iterator[Path]:
        try:
            with os.scandir(self.path) as entries:
                names = sorted(one.name for one in entries if one.name.endswith(suffix) and one.is_file())
        except OSError as error:
            raise ContractError(f"{self.path}: {error.strerror}") from None
        yield from (self.path / name for name in names)

    def contract(self, name: str) -> Contract:
        """Give a compiled contract, from the cache where it is fresh; ContractError where there is none."""
        if name not in self.names():
            raise ContractError(self._unknown(name))
        key = self._key(name)
        found = _load(key)
        if found is None:
            found = self.compile(name)
            _store(key, found)
        return found

    def _unknown(self, name: str) -> str:
        known = ", ".join(self.names())
        if not known:
            only = (
                " It has XSDs only: `convtool contracts derive` makes the other half."
                if any(self._files(".xsd"))
                else ""
            )
            return f"{self.path}: there is no contract in the folder (no NAME{_SUFFIX}).{only}"
        return f"there is no contract {name!r} in {self.path}; there are: {known}"

    def compile(self, name: str) -> Contract:
        """Compile a contract from its two files; ContractError where they cannot be read or disagree."""
        from convtool.contract.join import join
        from convtool.contract.json_schema import load_document
        from convtool.contract.xsd import compile_xsd

        xsd = self.xsd(name)
        return join(compile_xsd(xsd, name), load_document(self.path / f"{name}{_SUFFIX}"), xsd.name)

    def xsd(self, name: str) -> Path:
        """Give the XSD file that has the global element ``name``."""
        from convtool.contract.xsd import root_elements

        own = self.path / f"{name}.xsd"
        if own.is_file():
            return own
        having = [path for path in self._files(".xsd") if name in root_elements(path)[1]]
        if len(having) != 1:
            found = " and ".join(path.name for path in having) or "none of the XSD files"
            raise ContractError(
                f"{self.path}: a global element {name!r} is in {found}; exactly one file should have it"
            )
        return having[0]

    def reference(self, name: str) -> Reference:
        """Give the contract's schemas for the reference libraries."""
        from convtool.contract.reference import Reference  # few contracts need it

        return Reference(name, lambda: self.xsd(name), self.path / f"{name}{_SUFFIX}")

    def _key(self, name: str) -> str:
        """Give the cache key: everything that compiling could see, which is every XSD and the contract's other half."""
        digest = hashlib.sha256(f"{_CACHE_FORMAT} {__version__} {name}\n".encode())
        for path in [*self._files(".xsd"), self.path / f"{name}{_SUFFIX}"]:
            try:
                content = path.read_bytes()
            except OSError as error:
                raise ContractError(f"{path}: {error.strerror}") from None
            digest.update(f"{path.name} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()


class _Cached(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cache file's content: the key is repeated inside, so that a renamed or torn file is seen."""

    key: str
    contract: Contract


# Made before there are threads: msgspec may crash where two of them look at a type for the first time together.
_CACHED = msgspec.msgpack.Decoder(_Cached)


def _load(key: str) -> Contract | None:
    folder = cache_path()
    if folder is None:
        return None
    try:
        cached = _CACHED.decode((folder / f"{key}.contract").read_bytes())
    except (OSError, msgspec.MsgspecError, ValueError):
        return None  # absent, torn or of another version: compiled anew
    return cached.contract if cached.key == key else None


def _store(key: str, contract: Contract) -> None:
    folder = cache_path()
    if folder is None:
        return
    import tempfile  # only the first use of a contract needs it

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.msgpack.encode(_Cached(key, contract)))
        Path(name).replace(folder / f"{key}.contract")
    except OSError:
        return  # a cache that cannot be written costs time, nothing else
