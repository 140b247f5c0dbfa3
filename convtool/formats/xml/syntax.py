"""XML text → elements with their places, through expat: the one place where XML is parsed with care.

- A parser per call, fed UTF-8 text that ``formats.text`` has decoded: no declaration and no caller chooses an
  encoding.
- A DOCTYPE ends the parse: so there are no entities to expand, and nothing is ever opened. Depth is bounded.
- References such as ``&#x1;`` are not XML 1.0, but .NET writes and reads them. They are shielded as entity references
  of the same length (``&_x1;``), which expat hands over as skipped entities: every byte keeps its place, and no
  character of a payload can be mistaken for one.
- A document may come in pieces; ``units`` fills with the elements at ``unit_depth`` as they end, so that lists stream.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from convtool._lazy import pattern
from convtool.formats.filler import HUGE, TOO_LONG
from convtool.formats.text import DEPTH, Fatal
from convtool.limits import LIMITS, Limits

if TYPE_CHECKING:
    from convtool.findings import Findings
    from convtool.formats.text import Text

__all__ = ["Element", "Parser", "check_declaration", "end_of"]

_DECLARED = pattern(rb"<\?xml[ \t\r\n]")
_DECLARATION = pattern(
    rb"""<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["']([^"']*)["']"""
    rb"""(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']([^"']*)["'])?"""
    rb"""(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](yes|no)["'])?[ \t\r\n]*\?>"""
)
# The controls that XML 1.0 leaves out, U+FFFE and U+FFFF; tab, LF and CR are ordinary references.
_CONTROL = rb"(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45])|x0*(?:[0-8BCEFbcef]|1[0-9A-Fa-f]|[Ff]{3}[EeFf]));"
# What a start tag is made of, up to its ``>``; an attribute's value may hold one, and a piece may end within a value.
_TAG = rb"""<[A-Za-z_:\x80-\xff](?>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*)"""
_SHIELD = pattern(rb"<!\[CDATA\[|<!--|<\?|" + _TAG + rb">|&#(?=" + _CONTROL + rb")")
_HAS_CONTROL = pattern(rb"&#" + _CONTROL)
_START_TAG = pattern(_TAG + rb">")
# What expat passes over in attributes without a word: entities that are not defined, and what has been shielded.
_UNDEFINED = pattern(rb"&(?!(?:amp|lt|gt|quot|apos);|#)|(&#)" + _CONTROL)
_HUGE_RUN = pattern(rb"[^<]{%d}" % HUGE)  # no tag is huge where there is none: it holds no second ``<``
# Tags as far as a few thousand attributes: what is remembered of each part, until all have been seen, adds up.
_TAGS = pattern(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|"
    rb"(</?+" + _TAG[1:].replace(b")*)", b"){0,9999})") + rb")",
    re.DOTALL,
)
_CLOSERS = {b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"}

_NOT_RAW = pattern(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NO_CHARACTER = "The character reference names no character that XML can hold here."
_SAID = 400  # bytes of text between records that are kept: a message shows less
_NONE: Any = ()  # an empty list that is shared, and so cannot be added to


class Element:
    """An element: expanded name (``namespace name``, or ``name``), attributes, children, text, and where it stands.

    ``start`` is the offset of its ``<``, ``inner`` of its first text (-1: none), ``close`` of its end tag (behind its
    own tag where it is an empty-element tag). ``stray`` is the offset of its first text that is not white space, or -1.
    ``notes`` holds comments and processing instructions, as (code, offset). ``scope`` maps prefixes to namespaces.
    ``before`` holds, for a unit, what stands between it and the unit before: its parent's notes, text and stray.
    """

    __slots__ = (
        "attributes", "before", "children", "close", "inner", "name", "notes", "scope", "start", "stray", "texts",
    )  # fmt: skip

    def __init__(self, name: str, attributes: list[str], start: int, scope: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes or _NONE
        self.start = start
        self.scope = scope
        # Most elements have one of these at most: a list of each would be most of what an element costs.
        self.children: list[Element] = _NONE
        self.texts: list[str] = _NONE
        self.notes: list[tuple[str, int]] = _NONE
        self.before: tuple[list[tuple[str, int]], list[str], int] | None = None
        self.inner = -1
        self.stray = -1
        self.close = -1

    @property
    def text(self) -> str:
        """The text of the element, without that of its children."""
        return "".join(self.texts)

    def take_content(self) -> tuple[list[tuple[str, int]], list[str], int]:
        """Give the notes, text and stray so far, and forget them."""
        taken = (self.notes, self.texts, self.stray)
        self.notes, self.texts, self.stray, self.inner = _NONE, _NONE, -1, -1
        return taken

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition(" ")[2]

    @property
    def head(self) -> tuple[int, int]:
        """The span of ``<`` and the name, in bytes; of a name with a prefix, as much of the tag."""
        return self.start, self.start + len(self.local.encode()) + 1

    @property
    def namespace(self) -> str:
        """The namespace of the name, or an empty text."""
        return self.name.rpartition(" ")[0]


def check_declaration(text: Text, findings: Findings) -> int:
    """Check the XML declaration against the bytes, if there is one, and give the offset behind it."""
    findings.places = text
    if not _DECLARED.match(text.data):
        return _without_mark(text, 0, findings)
    match = _DECLARATION.match(text.data)
    if match is None:
        end = text.data.find(b"?>") + 2
        findings.add("xml.syntax", "The XML declaration is malformed.", (0, max(end, 5)))
        raise Fatal
    version, encoding = match[1].decode("utf-8", "replace"), (match[2] or b"").decode("utf-8", "replace")
    if version != "1.0":
        findings.add("xml.syntax", f"XML version {version!r}: only 1.0 is read, by .NET too.", match.span(1))
        raise Fatal
    seen = "UTF-8" if text.encoding == "utf-8" else "UTF-16"
    if encoding and not text.came_as_text and encoding.upper() != seen:
        message = f"The XML declaration says {encoding!r}, and the document is read as {seen}."
        findings.add("input.encoding", message, match.span(2))
        raise Fatal
    if _DECLARED.match(text.data, match.end()):
        findings.add("xml.syntax", "There is a second XML declaration.", (match.end(), match.end() + 5))
        raise Fatal
    return _without_mark(text, match.end(), findings)


def _without_mark(text: Text, at: int, findings: Findings) -> int:
    """Make sure that no byte order mark is where expat begins, which would pass over one: it is the second, or late."""
    if text.data.startswith(codecs.BOM_UTF8, at):
        message = "There is a byte order mark behind the beginning."
        findings.add("xml.syntax", message, (at, at + len(codecs.BOM_UTF8)))
        raise Fatal
    return at


def end_of(element: Element, text: Text) -> int:
    """Give the offset behind an element's last tag."""
    data, at = text.data, element.close - text.origin
    hollow = element.inner < 0 and not element.children and not element.notes
    return (at if hollow and data[at - 2 : at] == b"/>" else data.find(b">", at) + 1) + text.origin


def _cut(text: str, size: int) -> str:
    """Give as much of a text as has so many bytes, none where that is less than one."""
    return text[: max(size, 0)].encode()[: max(size, 0)].decode("utf-8", "ignore")


def _tag_size(match: re.Match[bytes], data: bytes) -> int:
    end = match.end()
    if not data.startswith(b">", end):  # a quote that does not end, or too many attributes
        end = data.find(b"<", end)
    return (len(data) if end < 0 else end) - match.start()


class Parser:
    """Feeds expat and builds elements. ``feed`` pieces of a document.

    Take ``units`` as they come, ``root`` at the end.
    """

    def __init__(
        self, text: Text, findings: Findings, *, unit_depth: int = 0, depth: int = DEPTH, limits: Limits = LIMITS
    ) -> None:
        self.root: Element | None = None
        self.units: list[Element] = []
        self.text = text
        self.findings = findings
        self._fed = 0  # bytes that expat has been given
        self.base = 0  # offset, in ``text``, of the first byte that expat saw
        self.unit_depth = unit_depth
        self.depth = depth
        self.limits = limits
        self._elements = 0  # of the unit so far
        self._length = 0  # of the text since the last tag
        self.outside: list[tuple[str, int]] = []  # notes before and after the root
        self._open: list[Element] = []
        self._scope: dict[str, str] = {}
        self._declared: dict[str, str] = {}
        self._final = False
        self.passing = False  # the text before the next unit is not to be kept any more
        self._until = b""  # the end of the CDATA section, comment or instruction that a piece broke off in
        self._began = 0  # where it began, by the bytes that expat has been given: some tell of it later
        self._expat = self._new()

    def _new(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8", " ")
        if hasattr(parser, "SetReparseDeferralEnabled"):  # Python 3.11.9, 3.12.3, with expat 2.6
            parser.SetReparseDeferralEnabled(False)
        parser.ordered_attributes = True
        parser.UseForeignDTD(True)  # there is none: this lets undefined entities come as skipped ones
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartNamespaceDeclHandler = self._declare
        parser.CommentHandler = lambda text: self._note("loss.comment", len(text))
        parser.ProcessingInstructionHandler = lambda *both: self._note(
            "loss.processing-instruction", sum(map(len, both))
        )
        parser.SkippedEntityHandler = self._skipped
        parser.StartDoctypeDeclHandler = self._doctype
        return parser

    def close(self) -> None:
        """Let go of expat, whose handlers hold on to the parser and all that it has read."""
        del self._expat

    def feed(self, data: bytes, *, final: bool) -> None:
        """Parse a piece of the document, which must end behind a ``>``, or within text, unless it is ``final``.

        Fatal where it is not XML.
        """
        if self.in_tag:
            self._check_tag()  # that goes on, behind a ``>`` within quotes
        huge = self._huge_tag(data) if len(data) > HUGE and _HUGE_RUN.search(data) else -1
        if huge >= 0:
            data, final = data[:huge], False
        self._final = final
        try:
            self._expat.Parse(self._shield(data), final)
        except expat.ExpatError as error:
            self._report(error)
            raise Fatal from None
        self._fed += len(data)
        if self.noting and self._fed - self._began > 4 * self.limits.comment:
            self._check_note(self._fed - self._began, self.base + self._began)
        if huge >= 0:
            raise self._huge(self.base + self._fed)

    def _check_tag(self) -> None:
        """Refuse a tag that has begun, and of which expat has not told, where it is too long with what is in hand."""
        data, at = self.text.data, self.here()
        match = _TAGS.match(data, max(0, at - self.text.origin))
        if match is not None and match[1] and _tag_size(match, data) > HUGE:
            raise self._huge(at)

    def _huge(self, at: int) -> Fatal:
        self.findings.add("limit.attributes", TOO_LONG, (at, at + 1))
        return Fatal()

    def _huge_tag(self, data: bytes) -> int:
        """Give the offset of a tag of more than a megabyte; -1 where there is none."""
        begin = data.find(self._until) if self._until else 0
        for match in _TAGS.finditer(data, begin) if begin >= 0 else ():
            if match[1] and _tag_size(match, data) > HUGE:
                return match.start()
        return -1

    def _shield(self, data: bytes) -> bytes:
        if not self._until and not any(opener in data for opener in _CLOSERS) and _HAS_CONTROL.search(data) is None:
            return data
        out: list[bytes] = []
        at = scan = 0
        while True:
            if self._until:
                end = data.find(self._until, scan)
                if end < 0:
                    break  # the section goes on in the next piece
                scan, self._until = end + len(self._until), b""
            match = _SHIELD.search(data, scan)
            if match is None:
                break
            scan = match.end()
            self._until, self._began = _CLOSERS.get(match[0], b""), self._fed + match.start()
            if match[0] == b"&#":
                out += [data[at : match.start()], b"&_"]
                at = scan
        return b"".join([*out, data[at:]]) if out else data

    @property
    def level(self) -> int:
        """How many elements are open."""
        return len(self._open)

    @property
    def within(self) -> bool:
        """Whether what has been fed ends within a CDATA section, a comment or an instruction."""
        return bool(self._until)

    @property
    def told(self) -> bool:
        """Whether expat has told of all that it has been given; some wait with a tag or comment in pieces for more."""
        return self._expat.CurrentByteIndex >= self._fed

    @property
    def in_tag(self) -> bool:
        """Whether what has been fed may end within a tag: within text expat keeps ``]]`` or CR at most."""
        return self._fed - self._expat.CurrentByteIndex > len("]]")

    @property
    def noting(self) -> bool:
        """Whether what has been fed ends within a comment or an instruction."""
        return bool(self._until) and self._until != _CLOSERS[b"<![CDATA["]

    def unfinished(self, otherwise: int) -> int:
        """Give the offset of what is not reported yet: the unit that has begun, what is before it, or half a tag.

        ``otherwise`` is the offset behind what has been given.
        """
        unit = self._open[self.unit_depth] if len(self._open) > self.unit_depth else None
        notes, stray = ([], -1) if self.root is None else (self.root.notes, self.root.stray)
        if unit is not None and unit.before is not None:
            notes, _, stray = unit.before
        begun = unit.start if unit is not None else min(otherwise, self.here())  # a > within quotes ends no tag
        places = [begun, *(at for _, at in notes[:1])]
        return min([*places, stray] if stray >= 0 else places)

    def here(self) -> int:
        """Give the offset, in ``text``, of the event that expat reports."""
        return self.base + self._expat.CurrentByteIndex

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        # Before expat puts the namespace before every name that it gives: its length times the number of elements.
        if max(len(prefix or ""), len(uri or "")) > self.limits.name:
            raise self._too_much("name", f"A namespace or its prefix is longer than {self.limits.name}")
        self._declared[prefix or ""] = uri or ""
        if len(self._scope) + len(self._declared) > self.limits.declarations:
            raise self._too_much("declarations", f"More than {self.limits.declarations} namespaces are declared")

    def _too_much(self, what: str, message: str, at: int = -1) -> Fatal:
        at = self.here() if at < 0 else at
        self.findings.add(f"limit.{what}", f"{message}.", (at, at + 1))
        return Fatal()

    def _check_size(self, name: str, attributes: list[str]) -> None:
        """Hold an element, which is the next one, to the limits."""
        limits = self.limits
        self._length, self._elements = 0, self._elements + 1
        if self._elements > limits.elements:
            raise self._too_much("elements", f"There are more than {limits.elements} elements")
        if len(attributes) > 2 * limits.attributes:
            raise self._too_much("attributes", f"The element has more than {limits.attributes} attributes")
        for one in (name, *attributes[::2]) if attributes or len(name) > limits.name else ():
            if len(one) > limits.name and len(one.rpartition(" ")[2]) > limits.name:
                raise self._too_much("name", f"A name is longer than {limits.name}")

    def _start(self, name: str, attributes: list[str]) -> None:
        at, opened = self.base + self._expat.CurrentByteIndex, self._open
        if len(opened) >= self.depth:
            self.findings.add("limit.depth", f"Elements are nested deeper than {self.depth}.", (at, at + 1))
            raise Fatal
        self._check_size(name, attributes)
        if attributes or self._declared:
            self._check_references(at)
        if self._declared:
            self._scope, self._declared = {**self._scope, **self._declared}, {}
        element = Element(name, attributes, at, self._scope)
        if not opened:
            self._check_note(0)
            self.root = element
        elif len(opened) != self.unit_depth:
            parent = opened[-1]
            if parent.children:
                parent.children.append(element)
            else:
                parent.children = [element]
        else:
            element.before, self.passing = opened[-1].take_content(), False
        opened.append(element)

    def _check_references(self, at: int) -> None:
        """Refuse what a start tag's attributes cannot refer to."""
        start = at - self.text.origin
        tag = _START_TAG.match(self.text.data, start) if start >= 0 else None
        found = _UNDEFINED.search(tag[0]) if tag is not None else None
        if found is None:
            return
        at += found.start()
        if found[1]:
            self.findings.add("xml.character", _NO_CHARACTER, (at, at + 2))
        else:
            self.findings.add("xml.character", "An attribute has an entity that is not defined.", (at, at + 1))
        raise Fatal

    def _end(self, _name: str) -> None:
        opened = self._open
        element = opened.pop()
        element.close = self.base + self._expat.CurrentByteIndex
        self._scope = opened[-1].scope if opened else {}
        self._length = 0
        if len(opened) == self.unit_depth:
            self._elements = 0
            self.units.append(element)

    def _characters(self, data: str) -> None:
        self._length += len(data)
        if self._length > self.limits.text:
            raise self._too_much("text", f"A text is longer than {self.limits.text} characters")
        element = self._open[-1]
        at = -1
        if len(self._open) == self.unit_depth:
            data = self._said(element, data)
            if not data:
                return
        if element.inner < 0:
            element.inner = at = self.here()
        if element.stray < 0 and (seen := data.lstrip(" \t\r\n")):
            element.stray = (at if at >= 0 else self.here()) + len(data) - len(seen)
        if element.texts:
            element.texts.append(data)
        else:
            element.texts = [data]

    def _said(self, parent: Element, data: str) -> str:
        """Give what a message says of text between units: its beginning; white space alone is a space."""
        if self.passing:
            return ""
        if parent.stray < 0:
            seen = data.lstrip(" \t\r\n")
            begin = len(data) - len(seen)
            return data[:begin] + _cut(seen, _SAID) if seen else " " * (not parent.texts)
        return _cut(data, parent.stray + _SAID - self.here())

    def _check_note(self, size: int, at: int = -1) -> None:
        """Hold a comment or an instruction to the limit, and what stands before the root."""
        most = self.limits.comment
        if size > most:
            message = f"The comment or processing instruction has more than {most:,} characters"
            raise self._too_much("comment", message, at)
        if self.root is None and self._expat.CurrentByteIndex > most:
            raise self._too_much("comment", f"More than {most:,} bytes stand before the root")

    def _note(self, code: str, size: int) -> None:
        self._check_note(size)
        element = self._open[-1] if self._open else None
        if element is not None and not element.notes:
            element.notes = []
        notes = self.outside if element is None else element.notes
        notes.append((code, self.here()))

    def _skipped(self, name: str, _parameter: bool) -> None:
        at = self.here()
        mark = at + 1 - self.text.origin
        if self.text.data[mark : mark + 1] != b"#":
            message = f"The entity &{name}; is not defined."
            self.findings.add("xml.character", message, (at, at + len(name.encode()) + 2))
            raise Fatal
        digits = name[1:]
        self._characters(chr(int(digits[1:], 16) if digits.startswith("x") else int(digits)))

    def _doctype(self, *_: object) -> None:
        end = self.here() + len("<!DOCTYPE") - self.text.origin  # expat has read on, to the bracket or the end
        at = max(0, self.text.data.rfind(b"<!DOCTYPE", 0, end)) + self.text.origin
        self.findings.add("xml.doctype", "The payload has a DOCTYPE, which is refused.", (at, at + len("<!DOCTYPE")))
        raise Fatal

    def _report(self, error: expat.ExpatError) -> None:
        at = self.base + self._expat.ErrorByteIndex
        reason = expat.errors.messages.get(error.code, "error")
        name = f"<{self._open[-1].local}>" if self._open else "the root element"
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_BAD_CHAR_REF]:
            self.findings.add("xml.character", _NO_CHARACTER, (at, at + 2))
            return
        rest = self.text.data[at - self.text.origin :]
        if self._character(at, rest):
            return
        ended = (self._final and len(rest) <= 1 and rest != b">") or reason in (
            "no element found",
            "unclosed token",
            "unclosed CDATA section",
        )
        if ended and error.code != expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]:
            message = f"The document ends before {name} does ({reason})."
        else:
            message = f"The XML is not well-formed: {reason}{f', in {name}' if self._open else ''}."
        self.findings.add("xml.syntax", message, (at, at + 1))

    def _character(self, at: int, rest: bytes) -> bool:
        """Tell whether there is a character that cannot stand where it is; report it with what to write instead."""
        before = self.text.data[at - 1 - self.text.origin : at - self.text.origin] if at > self.text.origin else b""
        if before == b"&":
            message = "An `&` begins a reference, but none follows it."
            self.findings.add("xml.syntax", message, (at - 1, at), hint="Write the character itself as &amp;.")
            return True
        bad = _NOT_RAW.match(rest)
        if bad is None:
            return False
        code = ord(bad[0].decode())
        message = f"The character U+{code:04X} cannot stand in XML as it is."
        self.findings.add(
            "xml.syntax", message, (at, at + len(bad[0])), hint=f"Write it as &#x{code:X};, which .NET reads."
        )
        return True
