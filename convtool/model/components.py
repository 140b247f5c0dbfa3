"""The global components of XSD files and which of them use which: enough to find roots and doubles without compiling.

A component is named by kind and key (``{namespace}name``). Files are parsed without entities, network or imports.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import msgspec

from convtool._lazy import pattern
from convtool.errors import ContractError
from convtool.model.contract import SERIALIZATION, XSD, split_key
from convtool.model.files import content_of, in_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lxml.etree import _Element

__all__ = ["Component", "components", "contract_name", "element_of", "qualified", "read_tree", "root_names"]

_KINDS = ("element", "complexType", "simpleType")
_SYSTEM = (SERIALIZATION, "http://schemas.datacontract.org/2004/07/System")  # the former is the start of Arrays, too


_CLR = "http://schemas.datacontract.org/2004/07/"
_IN_FILES = pattern(r"[^A-Za-z0-9_.-]+")  # what stands in no file's name
_NO_URI = pattern("'(.*)' is not a valid URI$", re.DOTALL)  # what libxml2 says of a namespace
_NO_IRI = pattern(r"""[\x00-\x20"<>\\^`{|}\x7f]""")


class Component(msgspec.Struct, frozen=True):
    """A global element or type: where it is, the keys of the types it uses, and its canonical text for comparison."""

    kind: str
    key: str
    file: Path
    line: int
    uses: frozenset[str]
    type: str  # of an element: its type's key
    canonical: bytes
    is_list: bool = False

    @property
    def name(self) -> str:
        """The local name."""
        return split_key(self.key)[1]

    def is_element(self, name: str) -> bool:
        """Tell whether it is the element of a contract of that name; .NET's own, of simple types, are none."""
        return self.kind == "element" and self.name == name and split_key(self.key)[0] != SERIALIZATION

    @property
    def is_wrapper(self) -> bool:
        """Whether it is an element without a named type, as an operation's wrapper is: no contract of its own."""
        return self.kind == "element" and not split_key(self.type)[1]


def components(path: Path) -> list[Component]:
    """Give the global elements and types of an XSD file; ContractError where it is none."""
    try:
        root = read_tree(in_utf8(content_of(path)), data_only=True)
    except OSError as error:
        raise ContractError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise ContractError(f"{path}: not a readable XSD: {error}") from None
    if root.tag != f"{{{XSD}}}schema":
        raise ContractError(f"{path}: the root element is {root.tag}, not xs:schema")
    namespace = root.get("targetNamespace", "")
    found = ((child, child.tag.rpartition("}")[2]) for child in root if isinstance(child.tag, str))
    return [_component(child, kind, namespace, path) for child, kind in found if kind in _KINDS]


def read_tree(text: bytes, *, data_only: bool = False) -> _Element:
    """Parse XML without entities and network; ValueError where it is not well-formed.

    A namespace may be an IRI, which libxml2 complains of. ``data_only``: without comments and blank text.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True,
        remove_comments=data_only, remove_blank_text=data_only,
    )  # fmt: skip
    try:
        root = cast("_Element | None", etree.fromstring(text, parser))
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    wrong = [one for one in parser.error_log if not _is_iri(one.message)]
    if root is None or wrong:
        raise ValueError(f"{wrong[0].message}, line {wrong[0].line}" if wrong else "it is empty")
    return root


def _is_iri(complaint: str) -> bool:
    """Tell whether libxml2 complains of a namespace that is an IRI: a URI but for characters beyond ASCII."""
    named = _NO_URI.search(complaint)
    return named is not None and not named[1].isascii() and not _NO_IRI.search(named[1])


def _component(element: _Element, kind: str, namespace: str, path: Path) -> Component:
    from lxml import etree

    uses = {
        _resolve(part, word)
        for part in element.iter(f"{{{XSD}}}*")
        for attribute in ("type", "base", "itemType", "memberTypes", "ref")
        for word in part.get(attribute, "").split()
    }
    return Component(
        kind=kind,
        key=f"{{{namespace}}}{element.get('name', '')}",
        file=path,
        line=cast("int", element.sourceline),
        uses=frozenset(uses),
        type=_resolve(element, element.get("type", "")),
        canonical=_canonical(etree.tostring(element, encoding="utf-8", with_tail=False), sorted(uses)),
        is_list=any(part.get("maxOccurs") == "unbounded" for part in element.iter(f"{{{XSD}}}element")),
    )


def _resolve(element: _Element, name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{element.nsmap.get(prefix or None, '')}}}{local}"


def _canonical(text: bytes, uses: list[str]) -> bytes:
    """Give a text that is the same for components that mean the same, up to prefixes and white space."""
    from lxml import etree

    root = read_tree(text, data_only=True)
    for part in list(root.iter(f"{{{XSD}}}documentation")):
        parent = part.getparent()
        if parent is not None:
            parent.remove(part)
    for part in root.iter(f"{{{XSD}}}*"):
        for attribute in ("type", "base", "itemType", "memberTypes"):
            if attribute in part.attrib:
                part.set(attribute, " ".join(_resolve(part, word) for word in part.get(attribute, "").split()))
    etree.cleanup_namespaces(root)
    try:
        text = etree.tostring(root, method="c14n")
    except etree.C14NError:  # it has a namespace that is an IRI
        text = etree.tostring(root)
    return text + "\n".join(uses).encode()


def root_names(found: Iterable[Component]) -> list[str]:
    """Give the contracts that a folder of exported XSDs amounts to: elements of complex types that no other type uses.

    They are local names; where contracts of several namespaces share one, ``{namespace}name``. Types that only use each
    other in a circle (a tree's node and its list) count as one; its records are roots, its lists are not. Types of
    .NET's own namespaces are never roots.
    """
    found = list(found)
    types = {c.key: c for c in found if c.kind != "element"}
    uses = {key: _reachable(key, types) for key in types}
    used_by_others = {
        key
        for key, reached in uses.items()
        for other in uses
        if key in uses[other] and other not in reached and other != key
    }
    chosen = []
    for element in (c for c in found if c.kind == "element"):
        kind = types.get(element.type)
        if kind is None or kind.kind != "complexType" or split_key(element.key)[0].startswith(_SYSTEM):
            continue
        circle = {key for key in uses[kind.key] if kind.key in uses[key]}
        records = any(not types[key].is_list for key in circle)
        if kind.key not in used_by_others and not (kind.is_list and records):
            chosen.append(element)
    return [one.name if contract_name(one, found) == one.name else one.key for one in chosen]


def element_of(name: str, found: Iterable[Component]) -> Component:
    """Give the element that a name means: of a named type, before a wrapper, or as ``{namespace}name`` says.

    An element in a file of its name comes before others, as a folder looks its contracts up. ContractError where there
    is none, or are several.
    """
    found = list(found)
    if name.startswith("{"):
        having = [one for one in found if one.kind == "element" and one.key == name]
    else:
        having = [one for one in found if one.is_element(name)]
        own = [one for one in having if one.file.name == f"{name}.xsd"]
        having = own or [one for one in having if not one.is_wrapper] or having
    if len(having) == 1:
        return having[0]
    if not having:
        raise ContractError(f"the global element {name!r} is in none of the XSD files")
    places = " and ".join(f"{one.file}:{one.line}" for one in having)
    which = f"; say which: --root '{having[0].key}'" if len({one.key for one in having}) > 1 else ""
    raise ContractError(f"the global element {name!r} is in {places}: one of them has to be meant{which}")


def contract_name(element: Component, found: Iterable[Component]) -> str:
    """Give the name of an element's contract: the element's own, unless an element of another namespace has it, too.

    An operation's wrapper is no rival of a contract. Names that differ by case only are one, as some file systems have
    it.
    """
    folded = element.name.casefold()
    rivals = [one for one in found if one.is_element(one.name) and one.name.casefold() == folded]
    if not element.is_wrapper:
        rivals = [one for one in rivals if not one.is_wrapper]
    return qualified(element.key) if any(one.key != element.key for one in rivals) else element.name


def qualified(key: str) -> str:
    """Give a key as a file's name can hold it: ``Acme.Api.Order``, with .NET's namespace or another one's words."""
    namespace, name = split_key(key)
    clr = namespace.removeprefix(_CLR)
    words = _IN_FILES.sub("_", clr if clr != namespace else namespace.partition("://")[2] or namespace).strip("_.")
    return f"{words}.{name}" if words and name else words or name


def _reachable(key: str, types: dict[str, Component]) -> set[str]:
    reached: set[str] = set()
    waiting = [key]
    while waiting:
        for used in types[waiting.pop()].uses:
            if used in types and used not in reached:
                reached.add(used)
                waiting.append(used)
    return reached
