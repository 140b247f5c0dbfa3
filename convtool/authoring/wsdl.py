"""A service's WSDL → the schema files of its contracts, and its operations.

A WSDL holds XSDs (inline, or in files beside it), messages of elements that they declare, and bindings that say by
which action and at which address each operation is called. The XSDs are taken out, one file for each namespace; the
elements of messages are contracts beside those of the schemas; bindings become ``operations.toml``. Also read are what
``?wsdl`` imports, where it is saved beside it, and the folders of Visual Studio's service references (``.svcmap``).
Nothing is fetched. Sources: WSDL 1.1, sections 2 and 3 (SOAP binding); WSDL 1.1 Binding Extension for SOAP 1.2.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from convtool.authoring.schemas import Schemas
from convtool.errors import ContractError, SourceError
from convtool.model.components import components, contract_name, element_of, read_tree, root_names
from convtool.model.contract import XSD
from convtool.operations import FILE
from convtool.sources import read_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element

    from convtool.authoring.derive import Derived
    from convtool.model.components import Component

__all__ = ["Service", "published"]

_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_SOAP = {"http://schemas.xmlsoap.org/wsdl/soap/": "1.1", "http://schemas.xmlsoap.org/wsdl/soap12/": "1.2"}
_NAMES = (".wsdl", ".singlewsdl", ".svcmap")
_ANYWHERE = "{service}"  # the path of a service that does not say where it is: any segment
_ROLES = (("request", "input"), ("response", "output"))


@dataclass(frozen=True, slots=True)
class _Call:
    """An operation as a binding has it: its elements are keys, empty where there is none."""

    name: str
    path: str
    soap: str
    action: str
    request: str = ""
    response: str = ""
    description: str = ""


@dataclass
class Service:
    """What sources hold: ``sources`` to derive contracts from, and a WSDL's ``roots``; empty where there is none."""

    sources: list[Path]
    roots: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # of XSDs that are to lie beside the JSON halves
    calls: list[_Call] = field(default_factory=list)
    found: list[Component] = field(default_factory=list)
    there: set[Path] = field(default_factory=set)  # XSDs that need not be written: they are what was read
    folder: str = ""  # where the sources of a WSDL lie for a while

    def told(self, text: str) -> str:
        """Give a text without that folder, which means nothing to people: the files' own names are left."""
        return text.replace(f"{self.folder}{os.sep}", "").replace(self.folder, "") if self.folder else text

    def files(self, derived: Iterable[Derived], folder: Path) -> dict[Path, str]:
        """Give the files that a folder is to have: the XSDs, the JSON halves of contracts, the operations."""
        halves = {one.file: one.text() for one in derived}
        made = {**self.texts, **halves}
        if self.calls:
            made[FILE] = self._operations({one.removesuffix(".schema.json") for one in halves})
        return {folder / name: text for name, text in made.items() if (folder / name).resolve() not in self.there}

    def _operations(self, contracts: set[str]) -> str:
        named = {one.key: contract_name(one, self.found) for one in self.found if one.kind == "element"}
        tables, used = list[str](), set[str]()
        for call in self.calls:
            title = f"POST {call.path}#{call.name}"
            numbered = (f"{title}-{number}" for number in range(2, len(self.calls) + 2))
            title = title if title not in used else next(one for one in numbered if one not in used)
            used.add(title)
            lines = {"description": call.description, "soap": call.soap, "action": call.action}
            for role, key in (("request", call.request), ("response", call.response)):
                lines[role] = named.get(key, "") if named.get(key) in contracts else ""
            texts = (f"{word} = {_quoted(text)}" for word, text in lines.items() if text or word == "action")
            tables.append("\n".join([f"[{_quoted(title)}]", *texts]))
        return "\n\n".join(tables) + "\n"


def _quoted(text: str) -> str:
    """Give a text as TOML's basic strings are written, which JSON's are, too."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "\\u007f")


@contextmanager
def published(sources: Sequence[Path]) -> Iterator[Service]:
    """Give what sources hold; where a WSDL is among them, its XSDs lie in a folder for as long as it is asked about.

    ContractError where a file cannot be read, is no WSDL, or something that it imports is not beside it.
    """
    paths = list(_paths(sources))
    if not any(_is_wsdl(path) for path in paths):
        yield Service(list(sources))
        return
    with TemporaryDirectory(prefix="convtool-") as name:
        service = Service([Path(name)], folder=name)
        try:
            _take(service, paths, Path(name))
            yield service
        except ContractError as error:
            raise ContractError(service.told(str(error))) from None


def _paths(sources: Iterable[Path]) -> Iterator[Path]:
    """Yield the files that sources mean: those of a folder, and of the folder that a .svcmap describes."""
    for source in sources:
        folder = source.parent if source.suffix.lower() == ".svcmap" else source
        if folder.is_dir():
            inside = sorted(path for path in folder.iterdir() if path.is_file())
            yield from (path for path in inside if path.suffix.lower() in (".xsd", *_NAMES[:2]))
        else:
            yield folder


def _is_wsdl(path: Path) -> bool:
    if path.suffix.lower() in _NAMES:
        return True
    try:
        with path.open("rb") as file:
            return _WSDL.encode() in file.read(1 << 16) and path.suffix.lower() != ".xsd"
    except OSError:
        return False


def _take(service: Service, paths: list[Path], folder: Path) -> None:
    """Let a service have what files hold, whose XSDs are written into a folder."""
    schemas, model = Schemas(), _Model()
    for path in paths:
        if _is_wsdl(path):
            model.read(path, schemas)
        else:
            schemas.add_file(path)
    schemas.follow()
    texts = schemas.texts()
    if not texts:
        raise ContractError(f"{paths[0]}: the WSDL has no schema: there is nothing to make contracts of")
    for name, text in texts.items():
        (folder / name).write_bytes(text)
    found = [one for name in sorted(texts) for one in components(folder / name)]
    service.notes, service.calls, service.found = model.notes, model.calls(), found
    service.roots = root_names(found)
    chosen = {element_of(root, found).key for root in service.roots}
    known = {one.key for one in found if one.kind == "element"}
    messages = dict.fromkeys(key for call in service.calls for key in (call.request, call.response))
    service.roots += [key for key in messages if key in known - chosen]
    service.there = schemas.whole()
    service.texts = {name: text.decode() for name, text in texts.items()}


@dataclass
class _Model:
    """The parts of WSDLs that operations are made of, by qualified name."""

    messages: dict[str, _Element] = field(default_factory=dict)
    ports: dict[str, _Element] = field(default_factory=dict)
    bindings: dict[str, _Element] = field(default_factory=dict)
    services: list[_Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _seen: set[Path] = field(default_factory=set)

    def read(self, path: Path, schemas: Schemas) -> None:
        """Read a WSDL, and those that it imports."""
        if path.resolve() in self._seen:
            return
        self._seen.add(path.resolve())
        root = _tree(path)
        if root.tag != f"{{{_WSDL}}}definitions":
            raise ContractError(f"{path}: the root element is {root.tag}, not wsdl:definitions")
        namespace = root.get("targetNamespace", "")
        for part in root:
            kind = str(part.tag).removeprefix(f"{{{_WSDL}}}")
            table = {"message": self.messages, "portType": self.ports, "binding": self.bindings}.get(kind)
            if table is not None:
                table[f"{{{namespace}}}{part.get('name', '')}"] = part
            elif kind == "service":
                self.services.append(part)
            elif kind == "types":
                for schema in part.iter(f"{{{XSD}}}schema"):
                    if schema.getparent() is part:
                        schemas.add_inline(schema, path)
            elif kind == "import":
                self.read(_beside(path, part), schemas)

    def calls(self) -> list[_Call]:
        """Give the operations of all SOAP bindings, each once for an address and an action."""
        found: dict[tuple[str, str, str], _Call] = {}
        for binding, path in self._addressed():
            soap = next((part for part in binding if _space(part) in _SOAP and _local(part) == "binding"), None)
            if soap is None:
                continue  # HTTP GET and POST of ASMX
            version, port = _SOAP[_space(soap)], self.ports.get(_resolved(binding, binding.get("type", "")))
            for part in binding.findall(f"{{{_WSDL}}}operation"):
                call = self._call(part, port, path, version, soap.get("style", "document"))
                if call is not None:
                    found.setdefault((call.path, call.action, call.name), call)
        return list(found.values())

    def _addressed(self) -> Iterator[tuple[_Element, str]]:
        """Yield the bindings, and the paths at which services have them."""
        used = set()
        for service in self.services:
            for port in service.findall(f"{{{_WSDL}}}port"):
                key = _resolved(port, port.get("binding", ""))
                address = next((one.get("location", "") for one in port if _local(one) == "address"), "")
                if key in self.bindings:
                    used.add(key)
                    yield self.bindings[key], _path(address)
        for key, binding in self.bindings.items():
            if key not in used:
                yield binding, _ANYWHERE

    def _call(self, part: _Element, port: _Element | None, path: str, version: str, style: str) -> _Call | None:
        name = part.get("name", "")
        soap = next((one for one in part if _space(one) in _SOAP and _local(one) == "operation"), None)
        action, style = ("", style) if soap is None else (soap.get("soapAction", ""), soap.get("style", style))
        if style != "document":
            self._note(f"{name}: is of the style {style}, whose messages have no elements: it has no contract")
            return None
        described = [] if port is None else [one for one in port if one.get("name") == name and _has(one, part)]
        elements = {}
        for role, kind in _ROLES:
            message = described[0].find(f"{{{_WSDL}}}{kind}") if described else None
            elements[role] = self._element(message, name) if message is not None else ""
        text = described[0].findtext(f"{{{_WSDL}}}documentation", "") if described else ""
        return _Call(name, path, version, action, elements["request"], elements["response"], " ".join(text.split()))

    def _element(self, use: _Element, operation: str) -> str:
        """Give the key of the element that a message is; empty where it has none or several."""
        message = self.messages.get(_resolved(use, use.get("message", "")))
        parts = [] if message is None else message.findall(f"{{{_WSDL}}}part")
        elements = [one for one in parts if one.get("element")]
        if len(elements) != 1:
            if parts:
                self._note(f"{operation}: its {_local(use)} is no single element: it has no contract")
            return ""
        return _resolved(elements[0], elements[0].get("element", ""))

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _has(described: _Element, bound: _Element) -> bool:
    """Tell whether an operation of a port is the one that a binding means, where several have its name."""
    for kind in ("input", "output"):
        said = bound.find(f"{{{_WSDL}}}{kind}")
        own = described.find(f"{{{_WSDL}}}{kind}")
        if (
            said is not None
            and said.get("name")
            and own is not None
            and own.get("name", said.get("name")) != said.get("name")
        ):
            return False
    return True


def _tree(path: Path) -> _Element:
    try:
        return read_tree(read_path(path), data_only=True)
    except SourceError as error:
        raise ContractError(str(error)) from None
    except ValueError as error:
        raise ContractError(f"{path}: not a readable WSDL: {error}") from None


def _beside(path: Path, part: _Element) -> Path:
    """Give the file of a WSDL that another one imports: by its name, or by its namespace, in the same folder."""
    location, namespace = part.get("location", ""), part.get("namespace", "")
    named = path.parent / Path(unquote(urlsplit(location).path)).name
    if not urlsplit(location).scheme and named.is_file():
        return named
    for other in sorted(path.parent.iterdir()):
        if other.suffix.lower() in _NAMES[:2] and other != path and _tree(other).get("targetNamespace") == namespace:
            return other
    raise ContractError(
        f"{path}: imports {location or namespace}, which is not beside it, and nothing is fetched: save it there, or "
        "save what the service gives for ?singleWsdl"
    )


def _path(address: str) -> str:
    try:
        return unquote(urlsplit(address).path).strip("/") or _ANYWHERE
    except ValueError:
        return _ANYWHERE


def _space(element: _Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _resolved(element: _Element, name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{element.nsmap.get(prefix or None, '')}}}{local}"
