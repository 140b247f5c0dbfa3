"""Web API's error responses, and SOAP Faults: recognised, shown, and converted between JSON and XML.

``HttpError`` is a dictionary of names and values, of which some are known (AspNetWebStack: HttpErrorKeys). JSON holds
it as an object; XML as ``<Error>`` with an element for each name, escaped as XmlConvert.EncodeLocalName escapes names.
ModelState has a list of messages for each of its keys, which XML writes as one text with spaces between them; and XML
has no numbers or booleans: what is another value when it is read again is a ``loss.http-error``. So is what has no
place in an HttpError: attributes, namespaces and texts beside its elements.

A Fault becomes an HttpError of the same words, by the names of HttpErrorKeys: its code, its reason, its detail as one
text; WCF's ExceptionDetail (IncludeExceptionDetailInFaults) has a name there for each of its members.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from convtool.codes import CODES, Severity
from convtool.convert import Conversion
from convtool.errors import PayloadError, UsageError
from convtool.findings import Findings
from convtool.formats.json.syntax import Parser as JsonParser
from convtool.formats.json.writer import escape_separators
from convtool.formats.text import Fatal, decode
from convtool.formats.xml.envelope import bodies, is_envelope, is_fault
from convtool.formats.xml.notes import outside
from convtool.formats.xml.notes import report as report_notes
from convtool.formats.xml.syntax import Parser as XmlParser
from convtool.formats.xml.syntax import check_declaration
from convtool.formats.xml.writer import escape
from convtool.model.contract import Array, Record
from convtool.sniff import sniff

if TYPE_CHECKING:
    from convtool.formats.json.syntax import Node
    from convtool.formats.text import Text
    from convtool.formats.xml.syntax import Element
    from convtool.model.contract import Contract
    from convtool.sniff import Format

__all__ = ["HttpError", "convert_error", "member_path", "recognise", "report_error"]

_MESSAGE, _STATE = "message", "modelstate"
_KNOWN = frozenset({
    _MESSAGE, _STATE, "messagedetail", "exceptionmessage", "exceptiontype", "stacktrace", "innerexception", "errorcode",
    "messagelanguage",
})  # fmt: skip
_ROOT = "Error"
_TOKEN = re.compile(r"[^.\[\]]+")
# What begins names in every edition of XML 1.0, of the scripts that names are written in; the rest is escaped.
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0410-\u044f\u4e00-\u9fa5"
)
_UNNAMED = re.compile(rf"_(?=x[0-9A-Fa-f]{{4}}(?:[0-9A-Fa-f]{{4}})?_)|^[^{_START}]|(?<!^)[^{_START}\-.0-9]")
_ASTRAL = "\U00010000"  # the first character that takes eight digits
_SURROGATE = re.compile("[\ud800-\udfff]")
_NAMED = re.compile("_x([0-9A-Fa-f]{8}|[0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a boolean of JSON, as it is written there; null where ``text`` is empty."""

    text: str


Value: TypeAlias = "str | Literal | list[Value] | HttpError"


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and its value, and where the name or its element stands."""

    name: str
    value: Value
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class HttpError:
    """An error as the server wrote it: its entries in their order, and the text that they stand in."""

    entries: tuple[Entry, ...]
    text: Text
    format: Format
    fault: bool = False  # it came as a SOAP Fault

    def get(self, name: str) -> Value | None:
        """Give the value of a name, which is matched without regard to case as .NET does; None where there is none."""
        return next((entry.value for entry in self.entries if entry.name.lower() == name.lower()), None)

    def texts(self, name: str) -> str:
        """Give the text of a name, or nothing."""
        value = self.get(name)
        return value if isinstance(value, str) else ""

    @property
    def model_state(self) -> list[tuple[str, list[str], tuple[int, int]]]:
        """The keys of ModelState, the messages about each, and where the key stands."""
        state = self.get(_STATE)
        if not isinstance(state, HttpError):
            return []
        return [(entry.name, _messages(entry.value), entry.span) for entry in state.entries]

    def summary(self) -> list[str]:
        """Give what the server said, one line for each of its messages, inner exceptions last."""
        lines = [self.texts(name) for name in (*(("ErrorCode",) if self.fault else ()), "Message", "MessageDetail")]
        kind, message = self.texts("ExceptionType"), self.texts("ExceptionMessage")
        lines.append(": ".join(part for part in (kind, message) if part))
        inner = self.get("InnerException")
        return [line for line in lines if line] + (inner.summary() if isinstance(inner, HttpError) else [])


def _messages(value: Value) -> list[str]:
    if isinstance(value, list):
        return [line for item in value for line in _messages(item)]
    if isinstance(value, HttpError):
        return value.summary()
    return [value.text if isinstance(value, Literal) else value]


def recognise(data: bytes, *, failed: bool = False) -> HttpError | None:
    """Give the HttpError that a body is, or None.

    ``failed``: the status says that the request failed, so one known name is enough; else there must be a message and
    no name that HttpError does not know.
    """
    found = _parse(data, Findings())
    if found is None or not found.entries:
        return None
    names = {entry.name.lower() for entry in found.entries}
    if failed:
        return found if names & _KNOWN else None
    return found if names <= _KNOWN and isinstance(found.get(_MESSAGE), str) else None


def _parse(data: bytes, findings: Findings) -> HttpError | None:
    text = decode(data, findings)
    chosen = sniff(text, findings) if text is not None else None
    if text is None or chosen is None:
        return None
    findings.places = text
    try:
        if chosen == "json":
            node = JsonParser(text, findings).document()
            return _from_json(node, text) if node.kind == "object" else None
        parser = XmlParser(text, findings)
        parser.base = check_declaration(text, findings)
        parser.feed(text.data[parser.base :], final=True)
    except Fatal:
        return None
    root = parser.root
    assert root is not None
    outside(parser, findings)
    if is_envelope(root):
        return next((_from_fault(body, text) for body in bodies(root) if is_fault(body)), None)
    return _from_xml(root, text, findings) if (root.local, root.namespace) == (_ROOT, "") else None


def _from_json(node: Node, text: Text) -> HttpError:
    entries = [Entry(name, _json_value(child, text), (at, child.start)) for name, at, child in node.value]
    return HttpError(tuple(entries), text, "json")


def _json_value(node: Node, text: Text) -> Value:
    if node.kind == "object":
        return _from_json(node, text)
    if node.kind == "array":
        return [_json_value(item, text) for item in node.value]
    if node.kind == "string":
        return str(node.value)
    if node.kind == "null":
        return Literal("")
    return Literal(str(node.value).lower() if node.kind == "boolean" else str(node.value))


def _from_xml(element: Element, text: Text, findings: Findings, *, state: bool = False) -> HttpError:
    """Give the names and values of an element, and report what it has beside them."""
    _beside(element, findings)
    entries = []
    for child in element.children:
        name = _NAMED.sub(lambda match: chr(min(int(match[1], 16), 0x10FFFF)), child.local)
        value: Value
        if child.children or (name.lower() in (_STATE, "innerexception") and not child.text.strip()):
            value = _from_xml(child, text, findings, state=name.lower() == _STATE)
            entries.append(Entry(name, value, child.head))
            continue
        _beside(child, findings)
        if child.inner < 0 and not child.notes and text.data[child.close - 2 : child.close] == b"/>":
            value = Literal("")  # <X /> is null, <X></X> an empty text
        else:
            value = [child.text] if state else child.text
        entries.append(Entry(name, value, child.head))
    return HttpError(tuple(entries), text, "xml")


def _beside(element: Element, findings: Findings) -> None:
    report_notes(element.notes, "", findings)
    for name in element.attributes[::2]:
        local = name.rpartition(" ")[2]
        findings.add("loss.attribute", f"The attribute {local!r} is dropped.", element.head)
    if element.namespace:
        findings.add("loss.http-error", f"The namespace of <{element.local}> is dropped.", element.head)
    if element.children and element.stray >= 0:
        said = f"The text beside the elements in <{element.local}> is dropped."
        findings.add("loss.http-error", said, (element.stray, element.stray + 1))


# --- SOAP Faults ---

# What the parts of a Fault are to HttpError: the steps to each, of SOAP 1.1 and of 1.2, by local names.
_PARTS = (
    ("Message", ("faultstring",)),
    ("Message", ("Reason", "Text")),
    ("ErrorCode", ("faultcode",)),
    ("ErrorCode", ("Code", "Subcode", "Value")),
    ("ErrorCode", ("Code", "Value")),
)
_EXCEPTION = {"Message": "ExceptionMessage", "Type": "ExceptionType", "StackTrace": "StackTrace"}
_DETAIL = ("ExceptionDetail", "http://schemas.datacontract.org/2004/07/System.ServiceModel")


def _from_fault(fault: Element, text: Text) -> HttpError:
    entries: dict[str, Entry] = {}
    for name, steps in _PARTS:
        part: Element | None = fault
        for step in steps:
            part = part and next((child for child in part.children if child.local == step), None)
        if part is not None:
            entries.setdefault(name, Entry(name, part.text.strip(), part.head))
    for part in (one for child in fault.children if child.local.lower() == "detail" for one in child.children):
        if (part.local, part.namespace) == _DETAIL:
            entries |= {entry.name: entry for entry in _from_exception(part, text)}
        else:
            entries.setdefault("MessageDetail", Entry("MessageDetail", _words(part), part.head))
    return HttpError(tuple(entries.values()), text, "xml", fault=True)


def _from_exception(detail: Element, text: Text) -> list[Entry]:
    """Give the entries of an ExceptionDetail; one within it is an inner exception."""
    found = [
        Entry(_EXCEPTION[child.local], child.text, child.head)
        for child in detail.children
        if child.local in _EXCEPTION and child.text
    ]
    inner = next((child for child in detail.children if child.local == "InnerException" and child.children), None)
    if inner is not None:
        found.append(Entry("InnerException", HttpError(tuple(_from_exception(inner, text)), text, "xml"), inner.head))
    return found


def _words(element: Element) -> str:
    """Give what an element of any contract says: its name, and those of what it holds with their texts."""
    held = "; ".join(_words(child) for child in element.children) or element.text.strip()
    return f"{element.local}: {held}" if held else element.local


# --- shown ---


def report_error(error: HttpError, findings: Findings, status: int, contract: Contract | None = None) -> None:
    """Report what the server said, and each message about a member of the request, whose contract is ``contract``.

    ``status``: the response's, 0 where it is not known.
    """
    findings.places = error.text
    said = " / ".join(error.summary()) or "nothing"
    span = error.entries[0].span if error.entries else (0, 1)
    answered = f"answered {status} and said" if status else "said"
    findings.add("http.error", f"The server {answered}: {said}", span)
    for key, messages, span in error.model_state:
        path = member_path(key, contract)
        of = f"`{path.rpartition('/')[2]}`" if path else "the request"
        for message in messages:
            findings.add("http.model-state", f"About {of} the server said: {message} (key {key!r})", span, path)


def member_path(key: str, contract: Contract | None) -> str:
    """Give the JSON Pointer of the member that a ModelState key speaks of; empty for the request itself.

    Keys begin with the name of the action's parameter, unless the body was a form: ``order.Date``, ``items[0].Name``.
    """
    tokens = _TOKEN.findall(key)
    if contract is None:
        return ""
    for begin in (0, 1):
        steps = _steps(tokens[begin:], contract)
        if steps and len(steps) == len(tokens) - begin:
            return "/" + "/".join(steps)
    return ""


def _steps(tokens: list[str], contract: Contract) -> list[str]:
    """Give the names, as the contract has them, of the members that tokens lead through, up to an unknown one."""
    steps: list[str] = []
    at = contract.root
    for token in tokens:
        kind = contract.types[at]
        if isinstance(kind, Array) and token.isdigit():
            steps.append(token)
            at = kind.item.type
            continue
        members = kind.members if isinstance(kind, Record) else ()
        member = next((one for one in members if token.lower() in (one.json_name.lower(), one.name.lower())), None)
        if member is None:
            break
        steps.append(member.json_name)
        at = member.type
    return steps


# --- converted ---


def convert_error(
    data: bytes, to: Format, *, pretty: bool = False, lossless: bool = False, source: str = ""
) -> Conversion:
    """Give an error response in the other format (or in its own, in the wire form), and say what could not be kept.

    ``pretty`` indents by two spaces; ``lossless`` refuses what could not be kept; ``source`` is what the report calls
    the body. PayloadError where it is no HttpError, or is refused; UsageError for a format that has none.
    """
    if to not in ("xml", "json"):
        raise UsageError(f"an error response has no format {to!r}", hint="there are: xml, json")
    findings = Findings(lossless=lossless)
    error = _parse(data, findings)
    if error is None:
        if not findings.errors:
            findings.add("root.name", "The body is no error response of Web API.", (0, 1))
        raise PayloadError(findings.report(_ROOT, source=source))
    # Whatever was read leniently is no matter here, but for what is lost by it.
    findings.found[:] = [one for one in findings.found if CODES[one.code].loss]
    findings.errors = sum(one.severity is Severity.ERROR for one in findings.found)
    _check_texts(error, findings, "")
    if error.fault:
        said = "The SOAP Fault becomes an error response of Web API, in which its detail is one text."
        findings.add("loss.http-error", said, error.entries[0].span if error.entries else (0, 1))
    if to == "json":
        compact = _json(error).encode()
        result = escape_separators(msgspec.json.format(compact, indent=2) if pretty else compact)
    else:
        content = _xml(error, findings, "", level=1 if pretty else 0)
        result = f"<{_ROOT}>{content}</{_ROOT}>".encode("utf-8", "replace")  # what is none has been refused
        if not findings.errors:
            _read_again(error, result, findings)
    report = findings.report(_ROOT, error.format, source)
    if not report:
        raise PayloadError(report)
    return Conversion(result, report)


def _check_texts(value: Value, findings: Findings, path: str, span: tuple[int, int] = (0, 1)) -> None:
    """Report halves of surrogate pairs, which no document can hold."""
    if isinstance(value, HttpError):
        for entry in value.entries:
            _check_texts(entry.name, findings, path, entry.span)
            _check_texts(entry.value, findings, f"{path}/{entry.name}", entry.span)
    elif isinstance(value, list):
        for item in value:
            _check_texts(item, findings, path, span)
    elif isinstance(value, str) and _SURROGATE.search(value):
        findings.add("value.surrogate", "The text holds half of a surrogate pair.", span, path)


def _read_again(error: HttpError, result: bytes, findings: Findings) -> None:
    """Report each value that is another one when the XML that has been written is read."""
    back = _parse(result, Findings())
    if back is None:
        said = "The XML is beyond a limit of what is read, such as that of a name."
        findings.add("loss.http-error", said, error.entries[0].span)
    else:
        _compare(error, back, findings, "")


def _compare(error: HttpError, back: HttpError, findings: Findings, path: str) -> None:
    for entry, other in zip(error.entries, back.entries, strict=True):
        below = f"{path}/{entry.name}"
        if isinstance(entry.value, HttpError) and isinstance(other.value, HttpError):
            _compare(entry.value, other.value, findings, below)
        elif (value := _json(entry.value)) != (again := _json(other.value)):
            is_text = isinstance(entry.value, (list, Literal)) and not isinstance(other.value, HttpError)
            becomes = "one text in XML" if is_text else f"{again[:40]} where the XML is read"
            findings.add("loss.http-error", f"{value[:40]} becomes {becomes}.", entry.span, below)


def _json(value: Value) -> str:
    if isinstance(value, HttpError):
        return "{" + ",".join(f"{_quoted(entry.name)}:{_json(entry.value)}" for entry in value.entries) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_json(item) for item in value) + "]"
    if isinstance(value, Literal):
        return value.text or "null"
    return _quoted(value)


def _quoted(text: str) -> str:
    return msgspec.json.encode(text.encode("utf-8", "replace").decode()).decode()


def _xml(error: HttpError, findings: Findings, path: str, *, level: int) -> str:
    """Give the elements of an error's names; ``level``: how far they are indented, 0 where nothing is."""
    elements = [_element(entry, findings, f"{path}/{entry.name}", level=level) for entry in error.entries]
    if not level or not elements:
        return "".join(elements)
    return "".join(f"\n{'  ' * level}{one}" for one in elements) + f"\n{'  ' * (level - 1)}"


def _element(entry: Entry, findings: Findings, path: str, *, level: int) -> str:
    value = entry.value
    if not entry.name:
        findings.add("value.lexical", "A name is empty, which XML cannot hold.", entry.span, path)
    tag = _UNNAMED.sub(lambda match: f"_x{ord(match[0]):0{4 if match[0] < _ASTRAL else 8}X}_", entry.name)
    if isinstance(value, HttpError):
        content = _xml(value, findings, path, level=level and level + 1)
        return f"<{tag}>{content}</{tag}>" if content else f"<{tag} />"
    if isinstance(value, Literal) and not value.text:
        return f"<{tag} />"
    content = escape(" ".join(_messages(value)))
    return f"<{tag}>{content}</{tag}>"
