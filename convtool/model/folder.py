"""A folder of schema files → compiled contracts, by name, with a cache on disk.

``NAME.schema.json`` makes a contract NAME; its XSD is ``NAME.xsd``, or the file of the folder that has a global
element NAME (as .NET's exporter writes them: one file per namespace, several contracts each). Compiling takes
xmlschema and jsonschema, which take longer to import than a small payload to convert; the result is kept as plain
data, keyed by the content of every XSD and of NAME.schema.json and by convtool's version, and read back through a typed
decoder. So are the outlines by which payloads are recognised: for them nothing is compiled. Each file is read once.
Deleting the cache is always safe.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from convtool._version import __version__
from convtool.errors import ContractError
from convtool.model.contract import SERIALIZATION, Contract
from convtool.model.depth import bounded
from convtool.model.files import content_of
from convtool.model.outline import Outline, Shape, named_root, of_contract, read_outline
from convtool.near import did_you_mean, near_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.model.reference import Reference

__all__ = ["Folder", "bundled_path", "cache_path"]

_SUFFIX = ".schema.json"
_CACHE_FORMAT = 11  # raised when a cached contract of the same version could be misread


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
            hint = near_file(str(path)) or "a folder of schema files is named by --schemas, or by CONVTOOL_SCHEMAS"
            raise ContractError(f"{path}: the schema folder {reason}", hint=hint)

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
            raise self._unknown(name)
        # Everything that compiling could see: every XSD and the contract's other half.
        key = self._hash(name, [*self._files(".xsd"), self._half(name)])
        cached = _load(key, "contract", _CONTRACT)
        if cached is None:
            cached = _CachedContract(key, self.compile(name))
            _store(key, "contract", cached)
        return cached.contract

    def outlines(self) -> list[Outline]:
        """Give what tells the contracts apart, in the order of their names; from the cache where it is fresh."""
        key = self._hash("outlines", [*self._files(".xsd"), *self._files(_SUFFIX)])
        found = _load(key, "outlines", _OUTLINES)
        if found is None:
            namespaces = self._namespaces()
            outlines = tuple(self._outline(name, namespaces) for name in self.names())
            found = _CachedOutlines(key, outlines)
            _store(key, "outlines", found)
        return list(found.outlines)

    def _outline(self, name: str, namespaces: dict[str, list[str]]) -> Outline:
        found = read_outline(name, self._content(self._half(name)), namespaces)
        if found is not None:
            return found
        try:
            return of_contract(self.contract(name))
        except ContractError as error:
            return Outline(name, "", Shape("other"), broken=str(error))

    def _namespaces(self) -> dict[str, list[str]]:
        """Give the namespaces in which there is a global element of each name."""
        from convtool.model.xsd import root_elements

        found: dict[str, list[str]] = {}
        for path in self._files(".xsd"):
            try:
                namespace, names = root_elements(path)
            except ContractError:
                continue  # whose contracts are compiled, which says what is wrong
            for name in names:
                found.setdefault(name, []).append(namespace)
        return found

    def _half(self, name: str) -> Path:
        return self.path / f"{name}{_SUFFIX}"

    def _content(self, path: Path) -> bytes:
        try:
            return content_of(path)
        except OSError as error:
            raise ContractError(f"{path}: {error.strerror}") from None

    def _unknown(self, name: str) -> ContractError:
        known = self.names()
        if not known:
            only = (
                "it has XSDs only: `convtool contracts derive` makes the other half" if any(self._files(".xsd")) else ""
            )
            return ContractError(f"{self.path}: there is no contract in the folder (no NAME{_SUFFIX})", hint=only)
        there = f"there are: {', '.join(known)}"
        return ContractError(f"there is no contract {name!r} in {self.path}", hint=did_you_mean(name, known) or there)

    def compile(self, name: str) -> Contract:
        """Compile a contract from its two files; ContractError where they cannot be read or disagree."""
        from convtool.model.join import join
        from convtool.model.json_schema import load_document
        from convtool.model.xsd import compile_xsd

        with bounded(name):
            document = load_document(self._half(name))
            xsd = self.xsd(name)
            return join(compile_xsd(xsd, name, named_root(document.content)[0]), document, xsd.name)

    def xsd(self, name: str) -> Path:
        """Give the XSD file that has a contract's global element: one of a named type, before an operation's wrapper.

        Where the JSON half names an element and its namespace, it is that one.
        """
        from convtool.model.xsd import root_elements

        element, namespace = self._named_root(name)
        own = self.path / f"{name}.xsd"
        if not element and own.is_file():
            return own
        tag = element or name
        having, unreadable = [], None
        for path in self._files(".xsd"):
            try:
                of, names = root_elements(path)
            except ContractError as error:  # which matters where it is the file that is looked for
                unreadable = error
                continue
            # .NET's own file has an element for each simple type: none of them is a contract.
            if tag in names and of != SERIALIZATION and namespace in (None, of):
                having.append((path, names[tag]))
        if not having and unreadable:
            raise unreadable
        having = [one for one in having if one[1]] or having
        if len(having) != 1:
            places = " and ".join(path.name for path, _ in having) or "none of the XSD files"
            raise ContractError(
                f"{self.path}: a global element {tag!r} is in {places}; exactly one file should have it"
            )
        return having[0][0]

    def _named_root(self, name: str) -> tuple[str, str | None]:
        try:
            return named_root(msgspec.json.decode(self._content(self._half(name))))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ContractError):
            return "", None  # whoever reads that half says what is wrong with it

    def reference(self, name: str) -> Reference:
        """Give the contract's schemas for the reference libraries."""
        from convtool.model.reference import Reference  # few contracts need it

        return Reference(name, lambda: self.xsd(name), self.path / f"{name}{_SUFFIX}")

    def _hash(self, what: str, files: Iterable[Path]) -> str:
        """Give the key of what is cached, by the files that it was made of."""
        digest = hashlib.sha256(f"{_CACHE_FORMAT} {__version__} {what}\n".encode())
        for path in files:
            content = self._content(path)
            digest.update(f"{path.name} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()


class _Cached(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cache file's content: the key is repeated inside, so that a renamed or torn file is seen."""

    key: str


class _CachedContract(_Cached, frozen=True, forbid_unknown_fields=True):
    contract: Contract


class _CachedOutlines(_Cached, frozen=True, forbid_unknown_fields=True):
    outlines: tuple[Outline, ...]


# Made before there are threads: msgspec may crash where two of them look at a type for the first time together.
_CONTRACT = msgspec.msgpack.Decoder(_CachedContract)
_OUTLINES = msgspec.msgpack.Decoder(_CachedOutlines)
_C = TypeVar("_C", bound=_Cached)


def _load(key: str, suffix: str, decoder: msgspec.msgpack.Decoder[_C]) -> _C | None:
    folder = cache_path()
    if folder is None:
        return None
    try:
        cached = decoder.decode((folder / f"{key}.{suffix}").read_bytes())
    except (OSError, msgspec.MsgspecError, ValueError):
        return None  # absent, torn or of another version: made anew
    return cached if cached.key == key else None


def _store(key: str, suffix: str, found: _Cached) -> None:
    folder = cache_path()
    if folder is None:
        return
    import tempfile  # only the first use of a contract needs it

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.msgpack.encode(found))
        Path(name).replace(folder / f"{key}.{suffix}")
    except OSError:
        return  # a cache that cannot be written costs time, nothing else
