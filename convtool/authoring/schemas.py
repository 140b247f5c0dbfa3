"""XSDs out of documents, as one set: one file for each namespace, with the imports that they need.

Inline schemas of a WSDL may be several of one namespace; what a schema imports may be in a file beside the document.
"""

from __future__ import annotations

import re
from collections import defaultdict
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree

from convtool.authoring.xsd_writer import file_name
from convtool.errors import ContractError, SourceError
from convtool.model.components import read_tree
from convtool.model.contract import XSD
from convtool.model.files import in_utf8
from convtool.model.schema_set import OWN
from convtool.sources import read_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

__all__ = ["Schemas"]

_LINKS = (f"{{{XSD}}}import", f"{{{XSD}}}include")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")  # a namespace is anybody's text, and becomes a file's name
_REFERENCES = ("type", "base", "ref", "itemType", "memberTypes", "substitutionGroup")


class Schemas:
    """Schemas as they are found; ``texts`` gives the files that they make."""

    def __init__(self) -> None:
        self._of: dict[str, list[_Element]] = defaultdict(list)
        self._files: dict[str, Path] = {}  # that namespaces are in already
        self._wanted: list[tuple[Path, str, str]] = []  # the document, the namespace and the location of each import
        self._seen: set[Path] = set()

    def add_inline(self, schema: _Element, path: Path) -> None:
        """Take a schema that a document holds."""
        # The names that the document declares around it are declared on the copy.
        self._add(read_tree(etree.tostring(schema, encoding="utf-8", with_tail=False)), path)

    def add_file(self, path: Path) -> None:
        """Take an XSD file; ContractError where it is none."""
        if path.resolve() in self._seen:
            return
        self._seen.add(path.resolve())
        try:
            root = read_tree(in_utf8(read_path(path)), data_only=True)
        except SourceError as error:
            raise ContractError(str(error)) from None
        except ValueError as error:
            raise ContractError(f"{path}: not a readable XSD: {error}") from None
        if root.tag != f"{{{XSD}}}schema":
            raise ContractError(f"{path}: the root element is {root.tag}, not xs:schema")
        self._files.setdefault(root.get("targetNamespace", ""), path)
        self._add(root, path)

    def _add(self, schema: _Element, path: Path) -> None:
        namespace = schema.get("targetNamespace", "")
        for link in schema.findall(_LINKS[0]) + schema.findall(_LINKS[1]):
            self._wanted.append((path, link.get("namespace", namespace), link.get("schemaLocation", "")))
        if any(child.tag not in _LINKS for child in schema if isinstance(child.tag, str)):
            self._of[namespace].append(schema)

    def follow(self) -> None:
        """Take what schemas import from files beside them; ContractError where one is said to be elsewhere."""
        while self._wanted:
            path, namespace, location = self._wanted.pop(0)
            named = path.parent / Path(unquote(urlsplit(location).path)).name
            if location and not urlsplit(location).scheme and named.is_file():
                self.add_file(named)
            elif namespace not in self._of and namespace != XSD:
                beside = next((file for file, of in _files_of(path.parent) if of == namespace), None)
                if beside is not None:
                    self.add_file(beside)
                elif location and namespace not in OWN:
                    raise ContractError(
                        f"{path}: its schema {namespace or 'without a namespace'} is at {location}, which is not "
                        "beside it, and nothing is fetched: save it there as an .xsd, or save what the service gives "
                        "for ?singleWsdl"
                    )

    def texts(self) -> dict[str, bytes]:
        """Give the content of a file for each namespace, by its name."""
        made: dict[str, bytes] = {}
        for namespace, schemas in self._of.items():
            stem = _NOT_IN_NAMES.sub("_", file_name(namespace)).removesuffix(".xsd")
            numbered = (f"{stem}-{number}.xsd" for number in range(2, len(self._of) + 2))
            own = self._files.get(namespace)
            name = own.name if own else next(one for one in (f"{stem}.xsd", *numbered) if one not in made)
            made[name] = _text(_merged(schemas))
        return made

    def whole(self) -> set[Path]:
        """Give the files that hold all there is of their namespaces."""
        return {path.resolve() for namespace, path in self._files.items() if len(self._of[namespace]) == 1}


def _files_of(folder: Path) -> Iterator[tuple[Path, str]]:
    for file in sorted(folder.glob("*.xsd")):
        try:
            yield file, read_tree(read_path(file)).get("targetNamespace", "")
        except (SourceError, ValueError):
            continue  # not what is looked for


def _merged(schemas: list[_Element]) -> _Element:
    """Give one schema of several of a namespace: what two of them declare is taken once."""
    whole = deepcopy(schemas[0])
    known = {(child.tag, child.get("name")) for child in whole if child.get("name")}
    for schema in schemas[1:]:
        for child in schema:
            if child.tag not in _LINKS and (child.tag, child.get("name")) not in known:
                known.add((child.tag, child.get("name")))
                whole.append(deepcopy(child))
    for link in whole.findall(_LINKS[1]):
        whole.remove(link)
    for link in whole.findall(_LINKS[0]):
        if "schemaLocation" in link.attrib:
            del link.attrib["schemaLocation"]
    _add_imports(whole)
    return whole


def _add_imports(schema: _Element) -> None:
    """Import the namespaces that a schema speaks of and does not import."""
    known = {schema.get("targetNamespace", ""), XSD, *(link.get("namespace", "") for link in schema.findall(_LINKS[0]))}
    spoken = {
        part.nsmap.get(word.rpartition(":")[0] or None, "")
        for part in schema.iter(f"{{{XSD}}}*")
        for attribute in _REFERENCES
        for word in part.get(attribute, "").split()
    }
    for namespace in sorted(spoken - known, reverse=True):
        link = etree.Element(_LINKS[0], nsmap={})
        if namespace:
            link.set("namespace", namespace)
        schema.insert(0, link)


def _text(schema: _Element) -> bytes:
    etree.indent(schema)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + etree.tostring(schema, encoding="utf-8") + b"\n"
