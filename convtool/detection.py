"""Which contract a payload is of: by the root element in XML, by the shape in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.contract.model import Array, Contract, Dictionary, Record, Scalar
from convtool.diagnostics import Findings
from convtool.errors import PayloadError
from convtool.formats.json.syntax import Parser as JsonParser
from convtool.formats.text import DEPTH, Fatal, Text, decode, from_str
from convtool.formats.xml.syntax import Parser as XmlParser
from convtool.formats.xml.syntax import check_declaration
from convtool.limits import checked_depth
from convtool.sniff import Format, sniff
from convtool.sources import Payload, load

if TYPE_CHECKING:
    from convtool.formats.json.syntax import Node

__all__ = ["detect"]

_HEAD = 1 << 16  # bytes of an XML payload that are parsed at a time to find its root element


def detect(payload: Payload, contracts: list[Contract], *, depth: int = DEPTH) -> tuple[str, Format]:
    """Give the name of the contract and the format; PayloadError says what was seen where that is none or several."""
    findings = Findings()
    content, source = load(payload)
    text = from_str(content, findings) if isinstance(content, str) else decode(content, findings)
    chosen = sniff(text, findings) if text is not None else None
    if text is None or chosen is None:
        raise PayloadError(findings.report(source=source))
    try:
        by = _by_root if chosen == "xml" else _by_shape
        names = by(text, findings, contracts, checked_depth(depth))
    except Fatal:
        raise PayloadError(findings.report(format=chosen, source=source)) from None
    if len(names) == 1:
        return names[0], chosen
    if len(names) > 1:
        message = f"The payload could be of {' or '.join(names)}: name the contract."
        findings.add("root.name", message, (0, 1), "")
    raise PayloadError(findings.report(format=chosen, source=source))


def _by_root(text: Text, findings: Findings, contracts: list[Contract], depth: int) -> list[str]:
    findings.places = text
    quiet = Findings()  # what is wrong further on is for the reader to say
    quiet.places = text
    parser = XmlParser(text, quiet, depth=depth)
    at = parser.base = check_declaration(text, findings)
    try:
        while parser.root is None and at < len(text.data):
            parser.feed(text.data[at : at + _HEAD], final=False)
            at += _HEAD
        if parser.root is None:
            parser.feed(b"", final=True)
    except Fatal:
        if parser.root is None:
            findings.found, findings.errors = quiet.found, quiet.errors
            raise
    root = parser.root
    assert root is not None
    found = [c.name for c in contracts if (c.name, c.namespace) == (root.local, root.namespace)]
    if not found:
        known = ", ".join(f"<{c.name}>" for c in contracts)
        span = (root.start, root.start + len(root.local) + 1)
        message = f"The root is <{root.local}> in namespace {root.namespace!r}, which is of no contract here ({known})."
        findings.add("root.name", message, span, f"/{root.local}")
    return found


def _by_shape(text: Text, findings: Findings, contracts: list[Contract], depth: int) -> list[str]:
    quiet = Findings()
    quiet.places = findings.places = text
    parser = JsonParser(text, quiet, depth=depth)
    try:
        node = parser.document()
    except Fatal:
        findings.found, findings.errors = quiet.found, quiet.errors
        raise
    fits = {c.name: _fit(c, c.root, node) for c in contracts}
    best = max(fits.values(), default=-1)
    found = [name for name, score in fits.items() if score == best]
    if best < 0:
        seen = (
            f"an object with {', '.join(n for n, _, _ in node.value[:8]) or 'no members'}"
            if node.kind == "object"
            else node.kind
        )
        message = f"The JSON is {seen}, which is the shape of no contract here ({', '.join(fits)})."
        findings.add("root.name", message, node.span, "")
        return []
    return found


def _fit(contract: Contract, key: str, node: Node) -> int:
    """Give how many names of a node are members of the type; -1 where the kinds differ or no name is known."""
    kind: Any = contract.types[key]
    if node.kind == "null":
        return 0
    if isinstance(kind, Array):
        if node.kind != "array":
            return -1
        first = next((item for item in node.value if item.kind != "null"), None)
        return 0 if first is None else _fit(contract, kind.item.type, first)
    if isinstance(kind, (Record, Dictionary)):
        if node.kind != "object":
            return -1
        if isinstance(kind, Dictionary):
            return 0
        known = {member.name.lower() for member in kind.members}
        names = [name.lower() for name, _, _ in node.value]
        score = sum(name in known for name in names) * 2 - sum(name not in known for name in names)
        return max(score, 1 if any(name in known for name in names) else -1) if names else 0
    return 0 if isinstance(kind, Scalar) and node.kind not in ("object", "array") else -1
