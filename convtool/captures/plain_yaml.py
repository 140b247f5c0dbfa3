"""YAML as plain values, node by node, from the events of a parser: no object of anything is ever made.

A scalar is a text, bytes (``!!binary``) or None; other plain scalars stay texts, so that 2026-02-30 is no fault. Tags
that stand for plain values in Python and Ruby are taken as these (``PLAIN``); what another tag asks for is refused.
Aliases share their value; what they repeat is counted, since a few lines can repeat something without end. Merge keys
are texts like others. Recursion is bounded by ``_DEPTH``.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from convtool.findings import Location
from convtool.limits import CAPTURES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Node", "Refusal", "StopError", "items"]

_DEPTH = 64  # levels of a document: a cassette needs eight
_TEXT = CAPTURES.body // CAPTURES.repeated  # characters that count as a node: a body may be repeated once
_YAML = "tag:yaml.org,2002:"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BINARY = re.compile(r"tag:yaml\.org,2002:(?:binary|python/bytes)|!binary")
# Tags of plain values. Ruby's VCR writes its own structs and hashes, vcrpy before 1.0 its requests.
_PLAIN = re.compile(
    r"!|tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq|timestamp|omap|pairs|set|merge|value"
    r"|python/(?:str|unicode|int|long|float|bool|none|list|tuple|dict|object:vcr\.request\.Request))"
    r"|!ruby/(?:string|sym|symbol|array|hash|struct:VCR)(?:[:].*)?|!ruby/hash:.*"
)
# Objects that hold a plain value: their first argument, or the first part of their state.
_HOLDERS = re.compile(
    r"tag:yaml\.org,2002:python/object/(?:new|apply):"
    r"(?:(?:_?io|cStringIO|StringIO)\.(?:BytesIO|StringIO)|(?:__builtin__|builtins)\.(?:frozenset|set|bytearray|bytes)"
    r"|collections\.OrderedDict)"
)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the faster one is missing where libyaml is


class StopError(Exception):
    """The document cannot be read on; ``str`` says why, ``place`` where."""

    def __init__(self, message: str, place: Location | None = None) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a node is not taken: the code of the finding, the end of a sentence that begins with the node, the place."""

    code: str
    message: str
    place: Location | None


@dataclass(frozen=True, slots=True)
class Node:
    """A node of interest: its value, its place, and why it is not taken (then its value means nothing).

    ``path`` is empty for an item of the list that is asked for, else it says where in the document the node is.
    """

    value: Any
    place: Location | None
    refusal: Refusal | None
    path: str = ""


def items(stream: Any, names: frozenset[str]) -> Iterator[Node]:
    """Yield the items of the lists of these names in each document's mapping, or of the list that it is.

    Other nodes are given where a tag in them is refused. StopError where the file cannot be read on, or a document has
    no such list.
    """
    reading = _Reading(stream)
    reading.next()  # the stream begins
    count = 0
    while not isinstance(reading.next(), yaml.StreamEndEvent):
        event = reading.document()
        count += 1
        if isinstance(event, yaml.SequenceStartEvent):
            yield from reading.list()
        elif isinstance(event, yaml.MappingStartEvent):
            yield from _of_mapping(reading, names)
        elif count == 1 or not isinstance(event, yaml.ScalarEvent) or event.value:  # nothing may stand behind the last
            raise StopError("There is no list of interactions in the file.")
        reading.next()  # the document ends
    if not count:
        raise StopError("There is no list of interactions in the file.")


def _of_mapping(reading: _Reading, names: frozenset[str]) -> Iterator[Node]:
    found = False
    while not isinstance(event := reading.next(), yaml.MappingEndEvent):
        key = reading.value(event, 1)
        event = reading.next()
        if isinstance(key, str) and key in names and isinstance(event, yaml.SequenceStartEvent):
            found = True
            yield from reading.list()
            continue
        place = _place(event.start_mark)
        reading.value(event, 1)
        refusal = reading.taken()
        if refusal is not None and refusal.code == "capture.unsafe":
            yield Node(None, place, refusal, str(key)[:60])
    if not found:
        raise StopError("There is no list of interactions in the file.")


def _place(mark: Any) -> Location | None:
    return Location(mark.line + 1, mark.column + 1, mark.index) if mark is not None else None


class _Reading:
    """Makes values of events. ``_weight`` counts nodes as they are read, with what aliases repeat of them."""

    def __init__(self, stream: Any) -> None:
        self._events = yaml.parse(stream, Loader=_Loader)
        self._anchors: dict[str, tuple[Any, int, Refusal | None]] = {}
        self._weight = self._repeated = 0
        self._refusal: Refusal | None = None

    def next(self) -> Any:
        """Give the next event; StopError where there is none."""
        try:
            return next(self._events)
        except yaml.YAMLError as error:
            problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is no YAML"
            place = _place(getattr(error, "problem_mark", None))
            raise StopError(f"The YAML cannot be read on: {problem}.", place) from None
        except (ValueError, StopIteration) as error:  # a surrogate; an empty file
            raise StopError(f"The YAML cannot be read on: {str(error) or 'it ends'}.") from None

    def document(self) -> Any:
        """Give the first event of another document, which knows none of the anchors before."""
        self._anchors = {}
        return self.next()

    def list(self) -> Iterator[Node]:
        """Yield the items of the list that has begun."""
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            place = _place(event.start_mark)
            value = self.value(event, 2)
            yield Node(value, place, self.taken())

    def taken(self) -> Refusal | None:
        """Give why the node that has been read is not taken, and begin anew."""
        refusal, self._refusal, self._repeated = self._refusal, None, 0
        return refusal

    def _refuse(self, code: str, message: str, mark: Any) -> None:
        self._refusal = self._refusal or Refusal(code, message, _place(mark))

    def value(self, event: Any, depth: int) -> Any:
        """Give the value of the node that an event begins."""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > _DEPTH:
            raise StopError(f"The YAML is nested deeper than {_DEPTH}.", _place(event.start_mark))
        before, outer, self._refusal = self._weight, self._refusal, None
        self._weight += 1
        tag = event.tag
        if isinstance(event, yaml.ScalarEvent):
            self._weight += len(event.value) // _TEXT
            value = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            while not isinstance(inner := self.next(), yaml.SequenceEndEvent):
                value.append(self.value(inner, depth + 1))
        else:
            value = self._mapping(depth)
        if tag is not None and _HOLDERS.fullmatch(tag):
            value = _held(value)
        elif tag is not None and not _PLAIN.fullmatch(tag) and not _BINARY.fullmatch(tag):
            shown = tag.replace(_YAML, "!!")[:60]
            told = f"asks for {shown!r}, which is no plain value: it is refused"
            self._refuse("capture.unsafe", told, event.start_mark)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._weight - before, self._refusal)
        self._refusal = outer or self._refusal
        return value

    def _alias(self, event: Any) -> Any:
        found = self._anchors.get(event.anchor)
        if found is None:
            self._refuse("capture.syntax", "has an alias of nothing that stands before it", event.start_mark)
            return None
        value, weight, refusal = found
        self._weight += weight
        self._repeated += weight
        if self._repeated > CAPTURES.repeated:
            message = f"repeats more than {CAPTURES.repeated} values by its aliases, which is the limit"
            self._refuse("capture.limit", message, event.start_mark)
            return None
        self._refusal = self._refusal or refusal
        return value

    def _scalar(self, event: Any) -> Any:
        tag, text = event.tag, event.value
        if tag is None:
            return None if event.implicit[0] and text in _NULLS else text
        if _BINARY.fullmatch(tag):
            try:
                return base64.b64decode("".join(text.split()), validate=True)
            except (ValueError, binascii.Error):
                self._refuse("capture.encoding", "has base64 that cannot be undone", event.start_mark)
        return None if tag in (_YAML + "null", _YAML + "python/none") else text

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.value(event, depth + 1)
            value = self.value(self.next(), depth + 1)
            if isinstance(key, (str, bytes)):  # what has no name is not asked for
                found[key.decode("latin-1") if isinstance(key, bytes) else key] = value
        return found


def _held(value: Any) -> Any:
    """Give what an object holds: its first argument, or the first part of its state."""
    if isinstance(value, dict):
        value = value.get("state") or value.get("args")
    return value[0] if isinstance(value, list) and value else None
