"""What captures of payloads begin with: for each kind, whether a bounded head of bytes looks like it.

A head is looked at as text: a byte order mark is left out, and UTF-16 that has one is turned into UTF-8. Nothing here
opens a file, and suffixes play no part. Zips say what they are by the names of their members, ``members_of`` a head.
"""

from __future__ import annotations

import codecs
import re
import zlib
from typing import TYPE_CHECKING

from convtool._lazy import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["CAPTURES", "CONTAINERS", "HEAD", "capture_of", "is_capture_of", "members_of", "plain"]

HEAD = 1 << 14  # bytes that are looked at: curl's -v says some 5 kB about TLS before the first message
_GZIP, _ZIP = b"\x1f\x8b", b"PK\3\4"
_TOKEN = pattern(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]', re.DOTALL)
_LOG = frozenset({b'"version"', b'"creator"', b'"browser"', b'"pages"', b'"entries"', b'"comment"'})
_LISTS = (b'"interactions"', b'"http_interactions"')
_CASSETTE = frozenset({*_LISTS, b'"version"', b'"recorded_with"'})
_SIDES = frozenset({b'"request"', b'"response"'})
_ROOT = (b"{", b"")
_YAML = pattern(
    rb"(?>(?:\s*(?:#[^\n]*|%[^\n]*|---[^\n]*)\n)*)\s*(?:"
    rb"(?P<list>-[ \t]+(?:request[ \t]*:|!ruby/struct:VCR))"  # as vcrpy wrote before 1.0, and VCR before 2.0
    rb"|[a-z_]+[ \t]*:(?:[ \t\r\n]|\Z))"
)
_INTERACTIONS = pattern(rb"^(?:---[ \t]+)?(?:http_)?interactions[ \t]*:", re.MULTILINE)
_FLOWS = pattern(rb"[1-9][0-9]{1,11}:[0-9]{1,3}:[a-z_]{1,20};")
_WARC = pattern(rb"WARC/[01]\.[0-9]+\r?\n")
_VERSION = rb"HTTP/[0-9](?:\.[0-9])?"
_MESSAGE = pattern(rb"%s [1-9][0-9]{2}[ \r\n]|[A-Z]{1,20} [!-~]+ %s\r?\n" % (_VERSION, _VERSION))
# Before the first request of a file for an editor there are comments, names and variables.
_ASIDE = rb"(?>(?:[ \t]*(?:(?:#|//|@)[^\n]*)?(?:\r?\n))*)"
_METHODS = rb"(?i:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT|QUERY)"
_ASKED = pattern(_ASIDE + rb"%s[ \t]+(?:https?://|\{\{|/)" % _METHODS)
_BEHIND = pattern(rb"^(?:%s[ \t]+(?:https?://|\{\{|/)|https?://)" % _METHODS, re.MULTILINE)
_TOLD = pattern(
    rb"^(?:> [A-Z]{1,20} [!-~]+ %s|< %s [1-9][0-9]{2}|\* +(?:Trying|Host ))" % (_VERSION, _VERSION), re.MULTILINE
)
_ABOUT = pattern(rb"[*>] ?|<(?![A-Za-z_?!])|Note: |  % Total|[{}] \[")  # a tag is none of curl's lines
_LOCAL = pattern(rb"PK\x03\x04.{22}(..)..", re.DOTALL)


def plain(head: bytes) -> bytes:
    """Give text as UTF-8 without a byte order mark; other bytes as they are."""
    if head.startswith(codecs.BOM_UTF8):
        return head[len(codecs.BOM_UTF8) :]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) & ~1].decode("utf-16", "replace").encode()
    return head


def _object(text: bytes, *path: tuple[bytes, bytes]) -> tuple[dict[bytes, bytes], bool]:
    """Give the names of a JSON object, each with the first byte of its value, and whether its end was seen.

    It is the first one at a path, each step of which is a bracket and the name before it.
    """
    stack: list[tuple[bytes, bytes]] = []
    found: dict[bytes, bytes] = {}
    name = key = b""
    wanted = [_ROOT, *path]
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == b":":
            key = name
            if stack == wanted:
                found.setdefault(key, text[match.end() :].lstrip()[:1])
        elif token in b"{[":
            stack.append((token, key))
            key = b""
        elif token in b"}]":
            if stack == wanted:
                return found, True
            if len(stack) < 2:
                break
            stack.pop()
            key = b""
        elif token != b",":
            name = token
    return found, False


def _har(head: bytes) -> bool:
    start = plain(head).lstrip()
    if not start.startswith(b"{") or b'"log"' not in start:
        return False
    log, is_whole = _object(start, (b"{", b'"log"'))
    has_its_parts = log.get(b'"entries"') == b"[" or log.get(b'"creator"') == b"{"
    return has_its_parts or (not is_whole and any(name in _LOG or name.startswith(b'"_') for name in log))


def _cassette(head: bytes) -> bool:
    start = plain(head).lstrip()
    if start.startswith(b"{"):
        return b"interactions" in start and any(_has_interactions(start, name) for name in _LISTS)
    match = _YAML.match(start)
    return match is not None and (match["list"] is not None or _INTERACTIONS.search(start) is not None)


def _has_interactions(start: bytes, name: bytes) -> bool:
    """Tell whether a JSON document has a list of this name, and the first record in it is one of a cassette.

    Where none is seen, there is nothing beside the list that no cassette has.
    """
    document, is_whole = _object(start)
    if document.get(name) != b"[":
        return False
    first, is_seen = _object(start, (b"[", name), (b"{", b""))
    return not first.keys().isdisjoint(_SIDES) if is_seen else not is_whole or document.keys() <= _CASSETTE


def _flows(head: bytes) -> bool:
    return _FLOWS.match(head) is not None


def _warc(head: bytes) -> bool:
    """WARC files are gzip, too: record by record, or as a whole."""
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, HEAD)
        except zlib.error:
            return False
    return _WARC.match(head) is not None


def _http(head: bytes) -> bool:
    return _MESSAGE.match(plain(head).lstrip(b"\r\n")) is not None


def _requests(head: bytes) -> bool:
    """Requests as editors send them: a method and a URL, or something like it behind a line of ###."""
    start = plain(head).lstrip(b"\r\n")
    return (_BEHIND.search(start) if start.startswith(b"###") else _ASKED.match(start)) is not None


def _transcript(head: bytes) -> bool:
    start = plain(head).lstrip(b"\r\n")
    return _ABOUT.match(start) is not None and _TOLD.search(start) is not None


def members_of(head: bytes) -> list[str]:
    """Give the names of a zip's members that begin within a head."""
    if not head.startswith(_ZIP):
        return []
    found = []
    for match in _LOCAL.finditer(head):
        size = int.from_bytes(match[1], "little")
        found.append(head[match.end() : match.end() + size].decode("utf-8", "replace").replace("\\", "/"))
    return found


_SESSION = pattern(r"raw/[0-9]+_[cs]\.txt", re.IGNORECASE)
_BODY = pattern(r"[0-9a-f]{40}(?:\.[A-Za-z0-9]+)?")


def _fiddler(names: Iterable[str]) -> bool:
    return any(_SESSION.fullmatch(name) for name in names)


def _har_zip(names: Iterable[str]) -> bool:
    """Tell whether there is one HAR, and beside it nothing but bodies named by their hash, as Playwright has them."""
    hars = [name for name in names if not _BODY.fullmatch(name)]
    return len(hars) == 1 and "/" not in hars[0] and hars[0].lower().endswith(".har")


#: The kinds of captures that are one file, and whether a head looks like it. The first that does is right.
CAPTURES: dict[str, Callable[[bytes], bool]] = {
    "HAR": _har,
    "vcrpy cassette": _cassette,
    "mitmproxy flows": _flows,
    "WARC": _warc,
    "HTTP messages": _http,
    "HTTP requests": _requests,
    "curl transcript": _transcript,
}
#: The kinds of captures that are zips, and whether the names of all its members are those of one.
CONTAINERS: dict[str, Callable[[Iterable[str]], bool]] = {
    "Fiddler archive": _fiddler,
    "zipped HAR": _har_zip,
}


def capture_of(head: bytes) -> str:
    """Give the kind of capture that the first ``HEAD`` bytes of a file look like; empty for anything else."""
    return next((kind for kind, looks in CAPTURES.items() if looks(head[:HEAD])), "")


def is_capture_of(names: Iterable[str]) -> bool:
    """Tell whether a zip with members of these names is one capture."""
    found = [name.replace("\\", "/") for name in names]
    return any(has(found) for has in CONTAINERS.values())
