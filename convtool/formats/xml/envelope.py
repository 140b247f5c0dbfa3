"""SOAP envelopes around XML: which element of one is a contract's payload, and the envelope that is written.

The contract of a body is its element's, an operation's wrapper. Where that is not the contract in hand, the value is
the wrapper's first element that can be of it, whatever it is called: so WCF reads a wrapper's parts
(DataContractSerializerOperationFormatter, ReadObject with verifyObjectName=false). Everything else that an envelope
holds is beside the value, and told as ``loss.envelope``. Sources: SOAP 1.1, section 4; SOAP 1.2 part 1, section 5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convtool._lazy import pattern
from convtool.formats.xml.notes import report as report_notes
from convtool.formats.xml.syntax import end_of
from convtool.model.contract import XSI, Array, Contract, Dictionary, Member, Record
from convtool.model.escapes import in_attribute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.findings import Findings
    from convtool.formats.text import Text
    from convtool.formats.xml.syntax import Element

__all__ = [
    "VERSIONS",
    "alone",
    "around",
    "bodies",
    "is_envelope",
    "is_fault",
    "looks_like",
    "payload_of",
    "report_bodies",
]

#: The namespace of envelopes of each version.
VERSIONS = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope"}

_BEFORE = rb"(?>(?:[ \t\r\n]+|<\?.*?\?>|<!--.*?-->)*)"
_LOOKS = pattern(_BEFORE + rb"<(?:[^\s<>:/]+:)?Envelope[\s>]", re.DOTALL)
_NAME = pattern(rb"<[^\s<>/]+")


def looks_like(data: bytes) -> bool:
    """Tell whether a document begins with a root called Envelope: the engine and streams leave it."""
    return _LOOKS.match(data) is not None


def is_envelope(root: Element) -> bool:
    """Tell whether a root is a SOAP envelope, of either version."""
    return root.local == "Envelope" and root.namespace in VERSIONS.values()


def is_fault(element: Element) -> bool:
    """Tell whether what a body holds is a SOAP Fault."""
    return element.local == "Fault" and element.namespace in VERSIONS.values()


def bodies(root: Element) -> list[Element]:
    """Give the elements of an envelope's Body, as far as it has been read."""
    return [one for part in root.children if _is_part(root, part, "Body") for one in part.children]


def _is_part(root: Element, part: Element, name: str) -> bool:
    return part.local == name and part.namespace == root.namespace


def payload_of(contract: Contract, root: Element, findings: Findings | None = None) -> tuple[Element, bool] | None:
    """Give the element of a document that is a contract's payload, and whether its name is to be the contract's.

    That is the root, unless it is an envelope. None where an envelope has no payload: ``findings`` say why.
    """
    if not is_envelope(root):
        return root, True
    inside = bodies(root)
    if len(inside) != 1:
        if findings is not None:
            report_bodies(root, findings)
        return None
    (body,) = inside
    if (body.namespace, body.local) == (contract.namespace, contract.tag):
        chosen, named = body, True
    else:
        part = None if is_fault(body) else _part_of(contract, body)
        chosen, named = (body, True) if part is None else (part, False)
    if findings is not None:
        _report_beside(root, chosen, findings)
    return chosen, named


def report_bodies(root: Element, findings: Findings) -> None:
    """Report that an envelope's Body does not hold one element."""
    inside, body = bodies(root), next((one for one in root.children if _is_part(root, one, "Body")), root)
    seen = f"{len(inside)} elements" if inside else "no element"
    span = (inside[1] if inside else body).head
    findings.add("soap.body", f"The Body of the envelope holds {seen}: one is wanted.", span, "/Envelope/Body")


def _part_of(contract: Contract, wrapper: Element) -> Element | None:
    """Give the first element of a wrapper that can be of a contract: by what it holds, else a first that is empty."""
    wanted = {f"{one.namespace} {one.name}" if one.namespace else one.name for one in _held(contract)}
    holding = (one for one in wrapper.children if any(child.name in wanted for child in one.children))
    empty = (one for one in wrapper.children if not one.children and not one.text.strip())
    return next(holding, None) or next(empty, None)


def _held(contract: Contract) -> Iterator[Member]:
    """Yield what a payload of a contract may hold."""
    match contract.root_type:
        case Array(item=item):
            yield item
        case Dictionary() as kind:
            yield Member(kind.entry, kind.namespace, kind.key, nillable=False)
        case Record() as record:
            for key in (record.key, *contract.derived.get(record.key, ())):
                of = contract.types[key]
                yield from of.members if isinstance(of, Record) else ()


def _report_beside(root: Element, chosen: Element, findings: Findings) -> None:
    """Report what an envelope holds beside the payload: headers, elements behind the Body, a wrapper's other parts."""
    waiting = [(root, "/Envelope")]
    while waiting:
        element, path = waiting.pop(0)
        report_notes(element.notes, path, findings)
        if element.text.strip() or any(not name.startswith(f"{XSI} ") for name in element.attributes[::2]):
            message = f"<{element.local}> of the envelope has a text or attributes, which are dropped."
            findings.add("loss.envelope", message, element.head, path)
        for child in element.children:
            below = f"{path}/{child.local}"
            if child is chosen:
                continue
            if child.start < chosen.start < child.close or (element is root and _is_part(root, child, "Header")):
                waiting.append((child, below))
            else:
                message = f"<{child.local}> of the envelope is no part of the value, and is dropped."
                findings.add("loss.envelope", message, child.head, below)


def alone(contract: Contract, root: Element, text: Text) -> bytes:
    """Give the payload of a document as a document of its own, as the contract has it.

    The prefixes that are declared around it are declared in its tag. ``text``: the document, which can be read.
    """
    found = payload_of(contract, root)
    assert found is not None
    element, named = found
    if element is root:
        return text.data[root.start - text.origin :]
    data = text.data[element.start - text.origin : end_of(element, text) - text.origin]
    tag = _NAME.match(data)
    assert tag is not None
    rest, own = data[tag.end() :], dict(element.scope)
    start, end = tag[0][1:], data.rfind(b"</")
    if not named:
        prefix = next(f"p{number}" for number in range(len(own) + 1) if f"p{number}" not in own)
        own[prefix], start = contract.namespace, f"{prefix}:{contract.tag}".encode()
        rest = data[tag.end() : end] + b"</" + start + b">" if end >= 0 and not data.endswith(b"/>") else rest
    declared = _declared(data)
    names = ((f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in own.items())
    added = "".join(f' {name}="{in_attribute(uri)}"' for name, uri in names if name.encode() not in declared)
    return b"<" + start + added.encode() + rest


_DECLARES = pattern(rb"""\s(xmlns(?::[^\s=]+)?)\s*=\s*(?:"[^"]*"|'[^']*')""")
_TAG = pattern(rb"""<(?>(?:[^<>"']++|"[^"]*+"|'[^']*+')*)>""")


def _declared(data: bytes) -> set[bytes]:
    """Give the declarations that the first tag of an element has."""
    tag = _TAG.match(data)
    return {found[1] for found in _DECLARES.finditer(tag[0])} if tag is not None else set()


def around(version: str) -> tuple[bytes, bytes]:
    """Give what stands before and behind a body in an envelope of a version, as WCF writes it."""
    return f'<s:Envelope xmlns:s="{VERSIONS[version]}"><s:Body>'.encode(), b"</s:Body></s:Envelope>"
