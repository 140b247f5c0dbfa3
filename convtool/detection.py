"""Which contract a payload is of: by the root element in XML, by the shape in JSON.

Only as much of a payload is read as tells it: an XML document up to its root's tag, a JSON list up to the end of its
first record. What is wrong further on is for the reader to say.
"""

from __future__ import annotations

import json
import re
from typing import IO, TYPE_CHECKING, Any

import msgspec

from convtool._lazy import pattern
from convtool.errors import PayloadError
from convtool.findings import LIMIT, Findings
from convtool.formats.text import DEPTH, Fatal, Text, from_str
from convtool.formats.window import Window
from convtool.formats.xml.envelope import bodies, is_envelope, is_fault, looks_like, report_bodies
from convtool.limits import LIMITS, checked_depth
from convtool.sniff import Format, first_line, sniff_text
from convtool.sources import Payload, guarded, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.formats.json.syntax import Node
    from convtool.formats.xml.syntax import Element
    from convtool.model.outline import Outline, Shape

__all__ = ["Detector", "detect"]

_HEAD = 1 << 16  # bytes of an XML payload that are parsed at a time to find its root element
_FAR = 1 << 21  # bytes without a root from which on all is parsed in one go, as the bound on a tag wants it
_SHOWN = 8  # names of an unknown object that a message shows
_TYPED = {"$type", "__type"}  # a derived record may well have members of others
_IN_A_LIST = "Put it into a list, or name the contract of the record."
_OF_NONE = "Give the folder that has the contract's schemas, or name the contract that the payload should be of."
_OF_SEVERAL = "Name the contract that is meant."
_ONCE = "Send the value itself, not the text that a serializer has made of it."
_NO_RECORD = pattern(r"(?>(?:\s|null\b|/\*.*?\*/|//[^\n\r]*)*)", re.DOTALL)

_BLANKS = b" \t\r\n"
_MARK = b"\xef\xbb\xbf"
_ROOT = pattern(rb"(?:<\?xml[^<>]{0,200}\?>\s*)?<[A-Za-z_][^<>]{0,4000}>")
_KEPT = 1000  # beginnings of payloads that are remembered


class Detector:
    """Tells which contract payloads are of; quick where one looks like an earlier one.

    ``detect``, a catalog's, decides. Shortcuts go before it and cannot change its answer: an XML payload that begins
    with the same root tag as an earlier one is of the same contract, and so is a JSON list whose first record has
    members of the same names in the same order.
    """

    def __init__(self, detect: Callable[[IO[bytes] | bytes], tuple[str, str]]) -> None:
        self._detect = detect
        self._known: dict[object, str] = {}

    def contract(self, payload: IO[bytes], head: bytes, *, lines: bool = False) -> str:
        """Give the contract's name; PayloadError where the payload is of none or of several.

        ``head``: its first bytes. ``lines``: there is a record in each line, and the first tells the contract of all.
        The payload is read, and stands at its beginning again.
        """
        start = head.removeprefix(_MARK).lstrip(_BLANKS)
        key: object = None
        if start.startswith(b"<") and (root := _ROOT.match(start)) and not looks_like(start):
            key = root[0]
        elif start.startswith(b"[") and (record := _first_record(start)) is not None:
            key = tuple(record)
        if key is not None and key in self._known:
            return self._known[key]
        try:
            name = self._detect(first_line(_line(payload)) if lines else payload)[0]
        finally:
            payload.seek(0)
        if key is not None:
            if len(self._known) >= _KEPT:  # an archive of payloads that are all different must not fill the memory
                self._known.clear()
            self._known[key] = name
        return name


def _line(payload: IO[bytes]) -> bytes:
    """Give a payload up to the end of its first line that is not blank."""
    head = b""
    while data := payload.read(_HEAD):
        head += data
        if b"\n" in head.lstrip(_BLANKS):
            break
    return head


def _first_record(start: bytes) -> dict[str, object] | None:
    """Give the first record where a JSON list begins well with one; else None."""
    text = start.decode("utf-8", "ignore")
    at = len(text) - len(text[1:].lstrip(" \t\r\n"))
    try:
        record, _ = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member twice: its name counts twice")
    return members


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def detect(payload: Payload, contracts: list[Outline], *, depth: int = DEPTH) -> tuple[str, Format]:
    """Give the name of the contract and the format; PayloadError says what was seen where that is none or several.

    A binary file is read from where it stands, and is left somewhere behind what had to be seen.
    """
    findings = Findings()
    checked_depth(depth)
    with opened(payload) as (read, source):
        chosen: Any = None
        names: list[str] = []
        try:
            window = _window(payload, guarded(read, source), findings)
            chosen = sniff_text(window, findings, None) if window is not None else None
            if window is not None and chosen is not None:
                names = (_by_root if chosen == "xml" else _by_shape)(window, findings, contracts, depth)
        except Fatal:
            pass  # why has been reported
    if len(names) == 1:
        return names[0], chosen
    if len(names) > 1:
        message = f"The payload could be of {' or '.join(names)}."
        findings.add("root.name", message, (0, 1), "", _OF_SEVERAL)
    raise PayloadError(findings.report(format=chosen or "", source=source))


def _window(payload: Payload, read: Any, findings: Findings) -> Window | None:
    if not isinstance(payload, str):
        return Window(read, findings)
    text = from_str(payload, findings)
    return Window.of(text, findings) if text is not None else None


# --- XML ---


def _by_root(window: Window, findings: Findings, contracts: list[Outline], depth: int) -> list[str]:
    element, path = _top(window, findings, depth), ""
    found = _named(contracts, element)
    if not found and is_envelope(element):
        element, path = _body(element, window, findings, depth), "/Envelope/Body"
        found = _named(contracts, element)
        found = found or _by_result(element, window, findings, contracts, depth)
    if not found:
        known, called = ", ".join(f"<{c.root[1]}>" for c in contracts), f"<{element.local}>"
        where = f"The root is {called}" if not path else f"The body of the SOAP envelope holds {called}"
        message = f"{where} in namespace {element.namespace!r}, which is of no contract here ({known})."
        findings.add("root.name", message, element.head, f"{path}/{element.local}", _OF_NONE)
    return found


def _named(contracts: list[Outline], element: Element) -> list[str]:
    """Give the contracts of a root element; of one that cannot be had, the name alone is known."""
    root = (element.namespace, element.local)
    return [c.name for c in contracts if c.root == root or (c.broken and c.name == element.local)]


def _top(window: Window, findings: Findings, depth: int) -> Element:
    """Give the root as soon as its tag has been read."""
    root: Element | None = None
    while root is None:
        text = findings.places = window.places(0)
        root = _root(text, findings, depth, final=window.ended)
        if root is None:
            window.more()
    return root


def _body(root: Element, window: Window, findings: Findings, depth: int) -> Element:
    """Give the element in an envelope's Body, read as far as is in hand; Fatal where there is none."""
    more = True
    while not bodies(root):
        if not more:
            report_bodies(root, findings)
            raise Fatal
        more = window.more()
        findings.places = text = window.places(0)
        root = _root(text, findings, depth, final=not more, whole=True)
    return bodies(root)[0]


def _by_result(wrapper: Element, window: Window, findings: Findings, contracts: list[Outline], depth: int) -> list[str]:
    """Give the contracts that a wrapper's first element that holds something can be of, by its names."""
    result = None if is_fault(wrapper) else _result(window, findings, depth)
    if result is None:
        return []
    near = [c for c in contracts if c.namespace == result.children[0].namespace]
    fits = {c.name: _fit(c.shape, _shaped(result, c.shape)) for c in near}
    best = max(fits.values(), default=-1)
    return [name for name, score in fits.items() if score == best > 0]


def _result(window: Window, findings: Findings, depth: int) -> Element | None:
    """Give the first element of a wrapper that holds something: all of it, or as much as shows a record of a list."""
    more = True
    while True:
        findings.places = text = window.places(0)
        inside = bodies(_root(text, findings, depth, final=not more, whole=True))
        found = next((one for body in inside[:1] for one in body.children if one.children), None)
        if not more or (found is not None and (found.close >= 0 or _is_listed(found))):
            return found
        more = window.more()


def _is_listed(element: Element) -> bool:
    """Tell whether an element has a second item of a name, so that the first is whole."""
    return len(element.children) > 1 and element.children[0].name == element.children[1].name


def _shaped(element: Element, shape: Shape | None) -> Any:
    """Give what JSON of a shape an element would be, as far as ``_fit`` looks at it."""
    if shape is not None and shape.kind == "list":
        return [_shaped(child, shape.item) for child in element.children]
    return {child.local: "" for child in element.children} if element.children else element.text


def _root(text: Text, findings: Findings, depth: int, *, final: bool, whole: bool = False) -> Any:
    """Give the root element of a document, or None where its tag does not end in ``text``.

    ``whole``: with all that it holds there; else with what has been parsed when it was seen, at least its own tag.
    """
    from convtool.formats.xml.syntax import Parser, check_declaration

    quiet = Findings()  # what is wrong further on is for the reader to say
    quiet.places = text
    parser = Parser(text, quiet, depth=depth)
    at = parser.base = check_declaration(text, findings)
    try:
        while (whole or parser.root is None) and at < len(text.data):
            size = _HEAD if len(text.data) <= _FAR else len(text.data)
            parser.feed(text.data[at : at + size], final=False)
            at += size
        if final and (parser.root is None or (whole and not bodies(parser.root))):
            parser.feed(b"", final=True)
    except Fatal:
        if parser.root is None or (whole and final and not bodies(parser.root)):
            findings.found, findings.errors = quiet.found, quiet.errors
            raise
    return parser.root


# --- JSON ---


def _by_shape(window: Window, findings: Findings, contracts: list[Outline], depth: int) -> list[str]:
    text = findings.places = _beginning(window, depth)
    value = _parsed(text, findings, depth)
    fits = {c.name: _fit(c.shape, value) for c in contracts if not c.broken}
    best = max(fits.values(), default=-1)
    found = [name for name, score in fits.items() if score == best]
    lists = _lists(contracts, value, best)
    if best >= 0 and not lists:
        return found
    at = len(text.data) - len(text.data.lstrip(b" \t\r\n"))
    if lists:
        message, hint = f"The JSON is one record of {' or '.join(lists)}, which is a list of them.", _IN_A_LIST
    elif isinstance(value, str) and _is_json(value):
        message, hint = "The JSON is a string that has JSON in it: it has been written twice.", _ONCE
    else:
        seen = f"an object with {', '.join([*value][:_SHOWN]) or 'no members'}" if isinstance(value, dict) else ""
        message = f"The JSON is {seen or _kind(value)}, which is the shape of no contract here ({', '.join(fits)})."
        message += "".join(f" {c.name} cannot be had: {c.broken}" for c in contracts if c.broken)
        hint = _OF_NONE
    findings.add("root.name", message, (at, len(text.data)), "", hint)
    return []


def _lists(contracts: list[Outline], value: Any, best: int) -> list[str]:
    """Give the lists of which an object is rather a record than of the contracts that it fits so well."""
    if not isinstance(value, dict) or value.keys() & _TYPED:
        return []
    fits = {c.name: _fit(c.shape.item, value) for c in contracts if c.shape is not None and c.shape.kind == "list"}
    most = max(fits.values(), default=-1)
    return [name for name, score in fits.items() if score == most] if most > max(best, 0) else []


def _is_json(text: str) -> bool:
    """Tell whether a text is an object or a list of JSON."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True


def _beginning(window: Window, depth: int) -> Text:
    """Give a payload up to the end of its first record where it is a list, with the list closed behind it; else all."""
    from convtool.formats.json.stream import TOKEN, goes_on

    start = len(window.text) - len(window.text.lstrip())
    if not window.text.startswith("[", start):
        while not _is_unending(window, start) and window.more():
            pass
        return window.places(0)
    level, at, first, nothings = 0, start + 1, -1, 0
    begin = at  # of the item in hand
    while True:
        for match in TOKEN.finditer(window.text, at):
            token = match[0]
            if token in "\"'/":
                if _is_unending(window, match.start()):
                    return window.places(0)
                break  # a string or a comment that the window's end cuts off
            level += (token in "{[") - (token in "}]")
            at = match.end()
            if first < 0 and (level > depth or (level == 0 and token in "}]")):
                first = at
            if level < 0 or (level == 0 and token == ","):
                nothings += 1
                if level < 0 or nothings > LIMIT or not _NO_RECORD.fullmatch(window.text, begin, match.start()):
                    text = window.places(0, match.start())
                    return Text(text.data + b"]", text.encoding, text.start, came_as_text=text.came_as_text)
                begin, first = at, -1
        endless = (level == 0 or first >= 0) and goes_on(window.text, begin, first, len(window.text))
        if endless or not window.more():
            return window.places(0)


def _is_unending(window: Window, at: int) -> bool:
    """Tell whether a comment begins at an offset of the window, and has not ended in as much as it may have."""
    text = window.text
    long = len(text) - at > LIMITS.comment and text.startswith(("/*", "//"), at)
    return long and text.find("*/" if text[at + 1] == "*" else "\n", at + 2, at + LIMITS.comment) < 0


def _parsed(text: Text, findings: Findings, depth: int) -> Any:
    """Give plain values; Fatal where there is no JSON, not even as Json.NET takes it."""
    try:
        return msgspec.json.decode(text.data)  # the quick way, for what is JSON
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        from convtool.formats.json.syntax import Parser

        quiet = Findings()
        quiet.places = text
        try:
            return _plain(Parser(text, quiet, depth=depth).document())
        except Fatal:
            findings.found, findings.errors = quiet.found, quiet.errors
            raise


def _plain(node: Node) -> Any:
    """Give what decides of a node: names of members, items, and whether it is null or something else."""
    if node.kind == "object":
        return {name: _plain(value) for name, _, value in node.value}
    if node.kind == "array":
        return [_plain(item) for item in node.value]
    return {"null": None, "string": "", "number": 0, "boolean": False}.get(node.kind, "")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return "array" if isinstance(value, list) else "string" if isinstance(value, str) else "number"


def _fit(shape: Shape | None, value: Any) -> int:
    """Give how many names of a value are members of the shape; -1 where the kinds differ or no name is known."""
    if value is None or shape is None:
        return 0
    if shape.kind == "list":
        if not isinstance(value, list):
            return -1
        first = next((item for item in value if item is not None), None)
        return 0 if first is None else _fit(shape.item, first)
    if shape.kind in ("record", "dictionary"):
        if not isinstance(value, dict):
            return -1
        if shape.kind == "dictionary":
            return 0
        names = [name.lower() for name in value]
        score = sum(name in shape.names for name in names) * 2 - sum(name not in shape.names for name in names)
        return max(score, 1 if any(name in shape.names for name in names) else -1) if names else 0
    return 0 if shape.kind == "simple" and not isinstance(value, (dict, list)) else -1
