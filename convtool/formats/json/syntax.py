"""JSON text → nodes with their places: strict JSON, and what Json.NET reads beyond it, told apart by findings.

Each liberty (single quotes, bare names, comments, a trailing comma, hexadecimal, raw controls in strings, text after
the value) is reported where it is taken; whether that is an error is the table's business. What Json.NET refuses, and
what is not measured, is a ``json.syntax`` error. Numbers stay texts: nothing is converted here, nothing goes through
float.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from convtool.formats.text import DEPTH, Fatal
from convtool.limits import LIMITS, Limits

if TYPE_CHECKING:
    from convtool.findings import Findings
    from convtool.formats.text import Text

__all__ = ["Node", "Parser", "Unending"]

_SPACE = re.compile(rb"[ \t\n\r]*+")
_PLAIN = re.compile(rb'"([^"\\\x00-\x1f]*+)"')
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?=[ \t\n\r,\]}]|\Z)")
_NUMBERLIKE = re.compile(rb"[-+0-9A-Fa-fxX.]++")
# Most of a document: a member, or an item, that is a simple value in strict JSON, with what stands before it.
_SIMPLE = (
    rb"(?:\"([^\"\\\x00-\x1f]*+)\"|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)(?=[ \t\n\r,\]}]|\Z)|"
    rb"(true|false|null)(?![A-Za-z0-9_$]))"
)
_MEMBER = rb"[ \t\n\r]*+(?:\"([^\"\\\x00-\x1f]*+)\"|([A-Za-z0-9_$]++))[ \t\n\r]*+:[ \t\n\r]*+" + _SIMPLE
_MEMBERS = (re.compile(_MEMBER), re.compile(rb"[ \t\n\r]*+," + _MEMBER))  # the first, and one behind another
_ITEMS = tuple(re.compile(rb"[ \t\n\r]*+" + comma + rb"[ \t\n\r]*+()()" + _SIMPLE) for comma in (b"", b","))
_TEXT, _DIGITS = 3, 4  # groups of a simple value
_HEX = re.compile(rb"0[xX][0-9A-Fa-f]{1,16}|0[0-7]{1,21}")
_BARE = re.compile(rb"(?>(?:[A-Za-z0-9_$]|[\xc2-\xf4][\x80-\xbf]++)+)")
_LITERALS = {b"true": ("boolean", True), b"false": ("boolean", False), b"null": ("null", None)}
_LITERAL = re.compile(rb"(?:true|false|null)(?![A-Za-z0-9_$])")
_NO_NUMBER = re.compile(rb"(?:NaN|-?Infinity)(?![A-Za-z0-9_$])")
_COMMENT = re.compile(rb"/\*.*?\*/|//[^\n\r]*+", re.DOTALL)
_STRING_PART = {quote: re.compile(rb"[^\\%s]*+" % quote) for quote in (b'"', b"'")}
_ESCAPES = {b"b": "\b", b"t": "\t", b"n": "\n", b"f": "\f", b"r": "\r", b"\\": "\\", b'"': '"', b"/": "/", b"'": "'"}
_UNICODE = re.compile(rb"u([0-9A-Fa-f]{4})")
_CONTROLS = re.compile(rb"[\x00-\x1f]")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class Node:
    """A JSON value: ``kind`` is object, array, string, number, boolean or null; ``start`` and ``end`` are offsets.

    ``value``: for an object a list of (name, offset of the name, node), for an array a list of nodes, for a string its
    text, for a number its token.
    """

    __slots__ = ("end", "kind", "start", "value")

    def __init__(self, kind: str, value: Any, start: int, end: int) -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end

    @property
    def span(self) -> tuple[int, int]:
        """The value's place."""
        return self.start, self.end


class Unending(Fatal):
    """Comments go on for longer than they may: where what they stand in ends is not known."""


class Parser:
    """Parses one text. ``document`` reads a whole payload, ``value`` a value at an offset."""

    def __init__(self, text: Text, findings: Findings, *, depth: int = DEPTH, limits: Limits = LIMITS) -> None:
        self.data = text.data
        self.findings = findings
        self.depth = depth
        self.limits = limits
        self.values = 0  # so far
        self.at = 0

    def document(self) -> Node:
        """Give the payload's value; Fatal where there is none."""
        self.space()
        node = self.value(1)
        end = self.at
        self.space()
        if self.at < len(self.data):
            span = (self.at, min(len(self.data), self.at + 40))
            self.findings.add("json.trailing", "Something follows the value; Json.NET never reads it.", span)
        self.at = end
        return node

    def value(self, level: int) -> Node:
        """Give the value at the current offset, which is not white space; ``level`` counts containers from 1."""
        at, data = self.at, self.data
        self.values += 1
        if self.values > self.limits.elements:
            raise self._too_much("elements", f"There are more than {self.limits.elements} values", at)
        first = data[at : at + 1]
        if first in (b'"', b"'"):
            text = self._string(first)
            return Node("string", text, at, self.at)
        if first in (b"{", b"["):
            if level > self.depth:
                self.findings.add("limit.depth", f"Containers are nested deeper than {self.depth}.", (at, at + 1))
                raise Fatal
            return self._object(level) if first == b"{" else self._array(level)
        match = _NUMBER.match(data, at)
        if match is not None:
            self.at = match.end()
            if self.at - at > self.limits.token:
                raise self._too_much("token", f"The number has more than {self.limits.token} characters", at)
            return Node("number", match[0].decode(), at, self.at)
        match = _LITERAL.match(data, at)
        if match is not None:
            self.at = match.end()
            kind, value = _LITERALS[match[0]]
            return Node(kind, value, at, self.at)
        return self._numberlike(at)

    def _numberlike(self, at: int) -> Node:
        word = _NO_NUMBER.match(self.data, at)
        if word is not None:
            self.at = word.end()
            self._relaxed(f"{word[0].decode()} is a number to Json.NET alone.", at, self.at)
            return Node("number", word[0].decode(), at, self.at)
        match = _NUMBERLIKE.match(self.data, at)
        token = match[0] if match is not None else b""
        if match is None or not _HEX.fullmatch(token):
            raise self._stop("a value", at)
        self.at = match.end()
        base = 16 if token[1:2] in b"xX" else 8
        name = "hexadecimal" if base == 16 else "octal"
        self._relaxed(f"{token.decode()} is a {name} number to Json.NET.", at, self.at)
        return Node("number", str(int(token, base)), at, self.at)

    def _object(self, level: int) -> Node:
        start = self.at
        self.at += 1
        members: list[tuple[str, int, Node]] = []
        self._simple_members(members)
        while not self._closes(b"}", first=not members):
            at = self.at
            name = self._name(at)
            self.space()
            if self.data[self.at : self.at + 1] != b":":
                raise self._stop("a colon", self.at)
            self.at += 1
            self.space()
            members.append((name, at, self.value(level + 1)))
            self._simple_members(members)
        return Node("object", members, start, self.at)

    def _simple_members(self, members: list[tuple[str, int, Node]]) -> None:
        """Read on while members are simple values, and nothing is to be said but that a name is not in quotes."""
        data, simple = self.data, self._simple
        match = _MEMBERS[bool(members)].match(data, self.at)
        while match is not None and (node := simple(match)) is not None:
            name = match[1]
            if name is not None:
                members.append((name.decode(), match.start(1) - 1, node))
            else:
                self._relaxed("The member's name is not in quotes.", *match.span(2))
                members.append((match[2].decode(), match.start(2), node))
            match = _MEMBERS[1].match(data, self.at)

    def _simple_items(self, items: list[Node]) -> None:
        data, simple = self.data, self._simple
        match = _ITEMS[bool(items)].match(data, self.at)
        while match is not None and (node := simple(match)) is not None:
            items.append(node)
            match = _ITEMS[1].match(data, self.at)

    def _simple(self, match: re.Match[bytes]) -> Node | None:
        """Give the value at the end of a match, or None where a limit is to be looked at closely."""
        which: Any = match.lastindex
        start, end = match.span(which)
        limits = self.limits
        if self.values >= limits.elements or end - match.start() > limits.text:
            return None
        if which == _TEXT:
            node = Node("string", match[which].decode(), start - 1, end + 1)
        elif which == _DIGITS:
            if end - start > limits.token:
                return None
            node = Node("number", match[which].decode(), start, end)
        else:
            kind, value = _LITERALS[match[which]]
            node = Node(kind, value, start, end)
        self.values += 1
        self.at = node.end
        return node

    def _array(self, level: int) -> Node:
        start = self.at
        self.at += 1
        items: list[Node] = []
        self._simple_items(items)
        while not self._closes(b"]", first=not items):
            items.append(self.value(level + 1))
            self._simple_items(items)
        return Node("array", items, start, self.at)

    def _closes(self, bracket: bytes, *, first: bool) -> bool:
        """Go over the separator before the next member or item; tell whether the container ends instead."""
        self.space()
        at = self.at
        seen = self.data[at : at + 1]
        if seen == bracket:
            self.at += 1
            return True
        if first:
            return False
        if seen != b",":
            raise self._stop(f"a comma or {bracket.decode()}", at)
        self.at += 1
        self.space()
        if self.data[self.at : self.at + 1] == bracket:
            self._relaxed("There is a comma before the closing bracket.", at, at + 1)
            self.at += 1
            return True
        return False

    def _name(self, at: int) -> str:
        quote = self.data[at : at + 1]
        if quote in (b'"', b"'"):
            return self._string(quote)
        match = _BARE.match(self.data, at)
        if match is None:
            raise self._stop("a member's name", at)
        self.at = match.end()
        self._relaxed("The member's name is not in quotes.", at, self.at)
        return match[0].decode()

    def _string(self, quote: bytes) -> str:
        match = _PLAIN.match(self.data, self.at) if quote == b'"' else None
        if match is not None:
            self.at = match.end()
            return self._text(match[1].decode(), match.start())
        start = self.at
        if quote == b"'":
            self._relaxed("The text is in single quotes.", start, start + 1)
        parts, at, part = [], start + 1, _STRING_PART[quote]
        while True:
            match = part.match(self.data, at)
            assert match is not None
            self._check_controls(match)
            parts.append(match[0].decode())
            at = match.end()
            if self.data[at : at + 1] != b"\\":
                break
            at = self._escape(at, parts)
        if at >= len(self.data):
            raise self._stop("the end of the string", start)
        self.at = at + 1
        text = "".join(parts)
        # \ud83d\ude00 is one character; what is left of surrogates after joining pairs is half a character.
        text = _SURROGATES.sub(lambda m: m[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)
        return self._text(text, start)

    def _text(self, text: str, start: int) -> str:
        if len(text) > self.limits.text:
            raise self._too_much("text", f"The text has more than {self.limits.text} characters", start)
        return text

    def _check_controls(self, match: re.Match[bytes]) -> None:
        control = _CONTROLS.search(match[0])
        if control is not None:
            at = match.start() + control.start()
            self._relaxed("A control character stands in a string as it is.", at, at + 1)

    def _escape(self, at: int, parts: list[str]) -> int:
        match = _UNICODE.match(self.data, at + 1)
        if match is not None:
            parts.append(chr(int(match[1], 16)))
            return match.end()
        letter = self.data[at + 1 : at + 2]
        if letter not in _ESCAPES or not letter:
            raise self._stop("an escape (\\n, \\u00e9 …)", at)
        if letter == b"'":
            self._relaxed("The escape \\' is Json.NET's own.", at, at + 2)
        parts.append(_ESCAPES[letter])
        return at + 2

    def space(self, before: int = 0) -> int:
        """Go over white space, and over comments, which are reported; give how many bytes these have, in a row.

        ``before``: how many they had before this text.
        """
        while True:
            match = _SPACE.match(self.data, self.at)
            assert match is not None
            self.at = match.end()
            if self.data[self.at : self.at + 1] != b"/":
                return before
            comment = _COMMENT.match(self.data, self.at)
            before += (comment.end() if comment is not None else len(self.data)) - self.at
            if before > self.limits.comment and self.data.startswith((b"/*", b"//"), self.at):
                message = f"Comments in a row have more than {self.limits.comment:,} bytes."
                self.findings.add("limit.comment", message, (self.at, self.at + 1))
                raise Unending
            if comment is None:
                raise self._stop("a value or a comment", self.at)
            self.findings.add("json.relaxed", "JSON has no comments.", comment.span())
            self.findings.add("loss.comment", "A comment is dropped.", comment.span())
            self.at = comment.end()

    def _relaxed(self, message: str, start: int, end: int) -> None:
        self.findings.add("json.relaxed", message, (start, end))

    def _too_much(self, what: str, message: str, at: int) -> Fatal:
        self.findings.add(f"limit.{what}", f"{message}.", (at, at + 1))
        return Fatal()

    def _stop(self, wanted: str, at: int) -> Fatal:
        """Report that the text cannot be JSON here."""
        rest = self.data[at : at + 4].decode("utf-8", "replace")
        if at >= len(self.data):
            message = f"The JSON ends where {wanted} should be."
        elif wanted.startswith("the end"):
            message = "The JSON ends inside a string."
        else:
            message = f"There is {rest[0]!r} where {wanted} should be."
        self.findings.add("json.syntax", message, (at, at + 1))
        return Fatal()
