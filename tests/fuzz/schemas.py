"""Schema files at random: XSDs, JSON Schemas, WSDLs, C#, help pages, OpenAPI descriptions, tables of operations.

Whatever they hold, there are contracts or an error of convtool's; what has been made into contracts reads payloads;
and nothing is opened but files of the folder, what convtool itself consists of, and folders that it makes for a while.
"""

from __future__ import annotations

import atexit
import mimetypes
import os
import re
import shutil
import sys
import sysconfig
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import convtool.model.files
from convtool import Catalog, ConvtoolError
from convtool.authoring.check import check_folder
from convtool.authoring.derived_files import derived_files
from convtool.authoring.dialect import Dialect
from convtool.authoring.help_page.write import from_help
from convtool.authoring.openapi import from_openapi
from convtool.operations import load_operations
from tests.fuzz import vocabulary as words
from tests.fuzz.mutate import by_bytes
from tests.fuzz.payloads import Finding
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["KINDS", "Changed", "changed", "check", "nth", "one"]

_MOST = 6_000  # bytes of a case: larger ones only take longer
_PLACES = ("schemas", "samples", "tests/data", "tests/cases/security")
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|</?[\w:.]+|[\w.:/-]+|\s+|.', re.DOTALL)
_PAYLOADS = (b"", b"{}", b"[]", b"null", b'{"A":1}', b"<a/>")
_MADE = ("convtool-", "tmp")  # names that temporary folders begin with


@dataclass(frozen=True, slots=True)
class _Case:
    """Files that lie in one folder, of which any may be changed."""

    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A file of a case that is changed, and as what the case is read."""

    kind: str
    case: _Case
    target: Path


# --- what is asked ----------------------------------------------------------------------------------------------------


def _compile(folder: Path, random: Random) -> None:
    catalog = Catalog(folder)
    for name in catalog.contracts():
        of = catalog.contract(name)
        for payload in (random.choice(_PAYLOADS), b'<%b xmlns="urn:x"/>' % name.encode()):
            of.validate(payload, format="xml" if payload.startswith(b"<") else "json")
    catalog.detect(random.choice(_PAYLOADS))
    load_operations(folder, catalog.contracts())
    if random.random() < 0.1:
        check_folder(folder)


def _derive(folder: Path, random: Random) -> None:
    files = sorted(folder.iterdir())
    declared = [path for path in files if path.suffix == ".cs"]
    others = [path for path in files if path not in declared]
    dialect = Dialect(json_names=random.choice(("", "camel")), omit_nulls=random.random() < 0.2)
    derived_files(others or declared, None, roots=(), order_from=declared if others else [], dialect=dialect)


def _help(folder: Path, _: Random) -> None:
    from_help(sorted(folder.iterdir()))


def _openapi(folder: Path, random: Random) -> None:
    for path in folder.iterdir():
        from_openapi(path, namespace=random.choice(("", "urn:x")))


_ASKED: dict[str, Callable[[Path, Random], None]] = {
    "compiled": _compile, "XSD": _derive, "WSDL": _derive, "C#": _derive, "help": _help, "OpenAPI": _openapi,
}  # fmt: skip
KINDS = tuple(_ASKED)
_TIMES = (3, 1, 2, 1, 3, 3)  # how often each: of XSDs and C# xmlschema makes schemas, which takes ten times as long


# --- files ------------------------------------------------------------------------------------------------------------


@cache
def _cases() -> dict[str, list[_Case]]:
    """Give the cases by kind: the schema files of the samples and of the tests."""
    found: dict[str, list[_Case]] = {kind: [] for kind in _ASKED}
    folders = sorted({path.parent for place in _PLACES for path in (ROOT / place).rglob("*.xsd")})
    for folder in folders:
        halves = [*folder.glob("*.schema.json"), *folder.glob("operations.toml")]
        xsds = sorted(folder.glob("*.xsd"))
        if halves:
            found["compiled"].append(_Case((*xsds, *sorted(halves))))
        found["XSD"].append(_Case((*xsds, *sorted(folder.parent.glob("*.cs")))))
    for kind, pattern in (("WSDL", "*.wsdl"), ("C#", "*.cs"), ("help", "*.html"), ("help", "help/*/*.txt")):
        alone = sorted(path for place in _PLACES for path in (ROOT / place).rglob(pattern))
        found[kind] += [_Case((path,)) for path in alone]
    described = sorted((ROOT / "tests" / "data" / "openapi").iterdir())
    few = {kind: _short(cases) for kind, cases in found.items()}
    return {**few, "OpenAPI": [_Case((path,)) for path in described]}


def _short(cases: list[_Case]) -> list[_Case]:
    """Give the cases of few bytes, or the smallest."""
    sizes = [sum(path.stat().st_size for path in case.files) for case in cases]
    by_size = sorted((size, at) for at, size in enumerate(sizes) if size)
    return [cases[at] for size, at in by_size if size < max(_MOST, by_size[0][0] + 1)]


@cache
def _tokens(kind: str) -> list[str]:
    """Give the tokens of all files of a kind, each once."""
    files = [path for case in _cases()[kind] for path in case.files]
    return list(dict.fromkeys(token for path in files for token in _TOKEN.findall(path.read_text("utf-8", "replace"))))


def changed(random: Random, kind: str, data: bytes) -> bytes:
    """Give a file with a few changes: by the byte, or by the token."""
    for _ in range(random.choice((1, 1, 2, 3, 5))):
        if random.random() < 0.2:
            data = by_bytes(random, data)
            continue
        tokens = _TOKEN.findall(data.decode("utf-8", "surrogateescape"))
        if not tokens:
            break
        at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
        match random.randrange(7):
            case 0:
                del tokens[at : at + random.choice((1, 1, 2, 5, 20))]
            case 1:
                tokens[at:at] = tokens[other : other + random.choice((1, 3, 10, 40))]
            case 2:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 3:
                tokens.insert(at, random.choice(words.SCHEMAS))
            case _:
                tokens[at] = random.choice(_tokens(kind))
        data = "".join(tokens).encode("utf-8", "surrogateescape")
    return data


# --- what is opened ---------------------------------------------------------------------------------------------------

_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "os.system", "os.exec", "os.posix_spawn")


@cache
def _own() -> tuple[str, ...]:
    """Give the folders that convtool and its libraries consist of."""
    ours = (str(ROOT / "convtool"), str(ROOT / "schemas"))
    return tuple({*ours, sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()})


def _may_be_opened(path: Path, mode: str | None, flags: int) -> bool:
    made = Path(tempfile.gettempdir())
    if made in path.parents and path.relative_to(made).parts[0].startswith(_MADE):
        return True
    reads = mode in (None, "r", "rb") and not flags & (os.O_WRONLY | os.O_RDWR)
    return (reads and str(path).startswith(_own())) or str(path) in (os.devnull, *mimetypes.knownfiles)


class _Watch:
    """What is opened that should not be, while ``on``: an audit hook, which stays for as long as the process."""

    def __init__(self) -> None:
        self.on = False
        self.opened: list[str] = []
        sys.addaudithook(self._told)

    def _told(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
            path = Path.cwd() / os.fsdecode(arguments[0])
            if not _may_be_opened(path, arguments[1], arguments[2] or 0):
                self.opened.append(str(path))
        elif event in _FORBIDDEN:
            self.opened.append(f"{event} {arguments}")


@cache
def _watch() -> _Watch:
    return _Watch()


@contextmanager
def _watched() -> Iterator[None]:
    """Raise Finding where something is opened that should not be."""
    watch = _watch()
    watch.on, watch.opened = True, []
    try:
        yield
    finally:
        watch.on = False
    if watch.opened:
        raise Finding(f"opened: {watch.opened}")


@cache
def _folder(case: _Case) -> Path:
    """Give a folder with the files of a case as they are."""
    folder = Path(tempfile.mkdtemp(prefix="convtool-schemas-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path in case.files:
        shutil.copyfile(path, folder / path.name)
    return folder


def check(changed: Changed, data: bytes, random: Random) -> None:
    """Ask for what a case's files give, with ``data`` in the place of one; ConvtoolError where they give nothing."""
    folder = _folder(changed.case)
    path = folder / changed.target.name
    path.write_bytes(data)
    convtool.model.files._read.cache_clear()  # two changes of a file may have the same time
    try:
        with _watched():
            _ASKED[changed.kind](folder, random)
    finally:
        shutil.copyfile(changed.target, path)


def nth(number: int, kind: int) -> Changed:
    """Give a file by numbers, of its kind and among the kind's files; IndexError where there are not as many."""
    of = KINDS[kind % len(KINDS)]
    return [Changed(of, case, target) for case in _cases()[of] for target in case.files][number]


def one(number: int, *, kind: str = "") -> str:
    """Try files ``number``; give what came of them. Finding, or whatever escapes, where a promise is broken.

    ``kind``: those of others are passed over.
    """
    random = Random(number)
    [of] = random.choices(KINDS, _TIMES)
    if kind and of != kind:
        return "passed over"
    case = random.choice(_cases()[of])
    this = Changed(of, case, random.choice(case.files))
    data = changed(random, of, this.target.read_bytes())
    try:
        check(this, data, random)
    except ConvtoolError:
        return f"{of} refused"
    except Exception as error:
        error.add_note(f"{of}, {this.target.relative_to(ROOT)}:\n{data.decode('utf-8', 'replace')[:3000]}")
        raise
    return f"{of} taken"
